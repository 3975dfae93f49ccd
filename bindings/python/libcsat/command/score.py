"""`csat score`: the rows of a table file, scored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import typer

from libcsat.command.file_names import Reads, Writes
from libcsat.command.files import (
    Chunk,
    Input,
    Wanted,
    check_output,
    hint,
    keys_of,
    labels,
    need_keys,
    output,
    row_of_file,
)
from libcsat.command.options import (
    Absent,
    BadRows,
    Delimiter,
    EachRowAlone,
    Format,
    Missing,
    Period,
    Progress,
    Scorecard,
    Subject,
    Threads,
    not_together,
)
from libcsat.command.terminal import note, progress, show, show_json
from libcsat.error import TableError
from libcsat.exact import percent
from libcsat.policy import Policy
from libcsat.show import Grid, Shown


def score(
    context: typer.Context,
    policy: str = typer.Argument(parser=Reads, help="Policy file, or the name of a ready-made policy."),
    table: str = typer.Argument(parser=Reads, help="Table file; - for standard input.", metavar="INPUT"),
    out: str = typer.Option(
        None, "--output", "-o", parser=Writes, help="Table file to write; - for standard output."
    ),
    scorecard: Scorecard = None,
    format: Format = None,
    output_format: str = typer.Option(None, help="Format of the output, likewise."),
    delimiter: Delimiter = None,
    missing: Missing = None,
    explain: bool = typer.Option(
        False, "--explain", help="Add base, without_veto, contributions and three reasons."
    ),
    reasons: int = typer.Option(0, min=0, max=16, help="Add so many reasons: the indicators that cost most."),
    subject: Subject = None,
    period: Period = None,
    each_row_alone: EachRowAlone = False,
    absent: Absent = None,
    bad_rows: BadRows = "fail",
    exact: bool = typer.Option(
        False, "--exact", help="Scores as decimals with six places, not binary numbers."
    ),
    prefix: str = typer.Option("", help="Put before the names of the result columns."),
    threads: Threads = None,
    show_progress: Progress = None,
    as_json: bool = typer.Option(False, "--json", help="The summary as one JSON object."),
) -> None:
    """Score the rows of a table file.

    Writes the input's columns with score, grade, outcome and reason beside them, and prints a summary.
    Lists of events stand in one CSV cell, separated by semicolons. Exit status 1: rows were refused for a
    bad value.
    """
    if out is None:
        columns = ("output_format", "explain", "reasons", "exact", "prefix")
        not_together(context, columns, "goes with --output")
    check_output(out, output_format)
    loaded = Policy.load(policy)
    if explain and reasons:
        raise ValueError("--explain and --reasons: give one of them")
    if as_json and out == "-":
        raise ValueError("--json and --output -: both go to standard output, give --output a file")
    keys = keys_of(subject, period)
    wanted = Wanted(
        loaded.fields(scorecard), keys, labels(loaded), missing or (), delimiter, bad_rows == "refuse"
    )
    source = Input(table, format, wanted)
    need_keys(loaded.period_vetoes(scorecard), keys, each_row_alone)
    summary = Summary(loaded, scorecard or loaded.scorecards[0], prefix)

    def scored(chunk: Chunk) -> pa.RecordBatch:
        try:
            result = loaded.score(
                chunk.typed,
                scorecard,
                explain=explain or reasons or False,
                threads=threads,
                subject=subject,
                period=period,
                absent=absent or (),
                bad_rows=bad_rows,  # type: ignore[arg-type]
                exact=exact,
                prefix=prefix,
                each_row_alone=each_row_alone,
            )
        except TableError as error:
            raise row_of_file(error, table, chunk.first) from None
        made = result.schema.names[chunk.typed.num_columns :]
        for name in made:
            if name in chunk.rows.schema.names:
                raise TableError(
                    f"{table}: it has a column '{name}' already: give another --prefix", path=table
                )
        columns = result.columns[chunk.typed.num_columns :]
        rows = pa.RecordBatch.from_arrays(chunk.rows.columns + columns, names=chunk.rows.schema.names + made)
        summary.add(rows)
        return rows

    def chunks() -> Iterator[Chunk]:
        # Rows of one batch may decide about another's where vetoes reach a whole period.
        for chunk in [source.whole()] if keys else source.chunks():
            hint(chunk, wanted, table)
            yield chunk

    with progress("scoring", source.size, show_progress) as done:
        if out is None:
            for chunk in chunks():
                scored(chunk)
                done(source.position)
        else:
            with output(out, output_format) as file:
                for chunk in chunks():
                    file.write(scored(chunk))
                    done(source.position)

    if as_json:
        show_json(summary.document() | {"output": out})
    elif out != "-":
        show(summary)
    if refused := summary.reasons.get("bad_value"):
        note(f"{table}: {refused} of {summary.rows} rows were refused for a bad value")
        raise typer.Exit(1)


class Summary(Shown):
    """How many rows came out how."""

    def __init__(self, policy: Policy, scorecard: str, prefix: str) -> None:
        self._policy = policy
        self._scorecard = scorecard
        self._prefix = prefix
        self.rows = 0
        self.outcomes: Counter[str] = Counter()
        self.grades: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()

    def add(self, batch: pa.RecordBatch) -> None:
        self.rows += batch.num_rows
        for name, counter in (("outcome", self.outcomes), ("grade", self.grades), ("reason", self.reasons)):
            for entry in pc.value_counts(batch.column(self._prefix + name)).to_pylist():
                if entry["values"]:
                    counter[entry["values"]] += entry["counts"]

    def document(self) -> dict[str, Any]:
        return {
            "policy": self._policy.id,
            "version": self._policy.version,
            "digest": self._policy.digest,
            "scorecard": self._scorecard,
            "rows": self.rows,
            "outcomes": dict(self.outcomes),
            "grades": {grade: self.grades[grade] for grade in self._policy.grades(self._scorecard)},
            "reasons": dict(self.reasons.most_common()),
        }

    def grid(self) -> Grid:
        title = f"{self._policy.id} {self._policy.version} · {self._scorecard} · {self.rows} rows"
        grid = Grid(title, ["", "rows", "share"], right=frozenset({1, 2}))
        document = self.document()
        for part in ("outcomes", "grades", "reasons"):
            for name, count in document[part].items():
                share = f"{percent(Fraction(count, self.rows))} %" if self.rows else ""
                grid.add([f"{part[:-1]} {name}", count, share])
        return grid
