"""`csat simulate`: what another policy does to the same records."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterator
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import typer

from libcsat.command.file_names import Reads, Writes
from libcsat.command.files import (
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
from libcsat.policy import Policy
from libcsat.simulation import Simulation
from libcsat.tables import one_batch

_ALL = 2**63 - 1


def simulate(
    context: typer.Context,
    before: str = typer.Argument(
        parser=Reads, help="Policy now in use: a file, or the name of a ready-made policy."
    ),
    after: str = typer.Argument(parser=Reads, help="Policy to be tried, likewise."),
    table: str = typer.Argument(parser=Reads, help="Table file; - for standard input.", metavar="INPUT"),
    scorecard: Scorecard = None,
    other_scorecard: str = typer.Option(None, help="Scorecard of AFTER. Default: the same."),
    changes: str = typer.Option(
        None,
        parser=Writes,
        help="Table file to write the rows to whose grade changes; - for standard output.",
    ),
    output_format: str = typer.Option(None, help="Format of that file. Default: by extension."),
    prefix: str = typer.Option("", help="Put before the names of the columns that --changes adds."),
    format: Format = None,
    delimiter: Delimiter = None,
    missing: Missing = None,
    subject: Subject = None,
    period: Period = None,
    each_row_alone: EachRowAlone = False,
    absent: Absent = None,
    bad_rows: BadRows = "fail",
    sensitivity: bool = typer.Option(True, help="Find out what each weight of AFTER does."),
    threads: Threads = None,
    show_progress: Progress = None,
    as_json: bool = typer.Option(False, "--json", help="The comparison as one JSON object."),
) -> None:
    """Score the rows of a table file with two policies and compare.

    Prints how many rows go from which grade to which, which line of the ledger did it, and what each weight
    of AFTER does. Exit status 1: rows were refused for a bad value.
    """
    if changes is None:
        not_together(context, ("output_format", "prefix"), "goes with --changes")
    check_output(changes, output_format)
    old, new = Policy.load(before), Policy.load(after)
    if scorecard is None and len(old.scorecards) == 1:
        scorecard = old.scorecards[0]
    if other_scorecard is None and scorecard in new.scorecards:
        other_scorecard = scorecard
    if as_json and changes == "-":
        raise ValueError("--json and --changes -: both go to standard output, give --changes a file")
    keys = keys_of(subject, period)
    fields = {f.name: f for f in [*new.fields(other_scorecard), *old.fields(scorecard)]}
    wanted = Wanted(
        list(fields.values()), keys, labels(old, new), missing or (), delimiter, bad_rows == "refuse"
    )
    source = Input(table, format, wanted)
    vetoes = old.period_vetoes(scorecard) + new.period_vetoes(other_scorecard)
    need_keys(vetoes, keys, each_row_alone)
    try:
        with progress("simulating", source.size, show_progress) as done:
            simulation = old.simulate(
                new,
                _typed(source, wanted, whole=bool(keys), done=done),
                scorecard,
                other_scorecard,
                threads,
                subject=subject,
                period=period,
                each_row_alone=each_row_alone,
                absent=absent or (),
                bad_rows=bad_rows,  # type: ignore[arg-type]
                sensitivity=sensitivity,
                max_changes=_ALL if changes else 0,
                exact=True,
            )
    except TableError as error:
        raise row_of_file(error, table, 1) from None
    if changes is not None:
        with output(changes, output_format) as file:
            for rows in _changed(source, simulation, prefix):
                file.write(rows)
    if as_json:
        show_json(json.loads(simulation.to_json(), parse_float=Decimal) | {"changes": changes})
    elif changes != "-":
        show(simulation)
    if simulation.bad_rows:
        note(f"{table}: {simulation.bad_rows} of {simulation.rows} rows were refused for a bad value")
        raise typer.Exit(1)


def _typed(
    source: Input, wanted: Wanted, whole: bool, done: Callable[[int], None]
) -> Iterator[pa.RecordBatch]:
    """What the policies read of the rows, chunk by chunk."""
    for chunk in [source.whole()] if whole else source.chunks():
        hint(chunk, wanted, source.path)
        yield chunk.typed
        done(source.position)


def _changed(source: Input, simulation: Simulation, prefix: str) -> Iterator[pa.RecordBatch]:
    """The input's rows whose grade changes, read again, with what changed beside them; rows count from 1. At
    least one batch."""
    made = one_batch(simulation.changes)
    at = made["row"].to_pylist()
    begin = end = 0
    names = [prefix + name for name in made.schema.names]
    for chunk in source.chunks():
        for name in names:
            if name in chunk.rows.schema.names:
                raise TableError(
                    f"{source.path}: it has a column '{name}' already: give another --prefix",
                    path=source.path,
                )
        first = chunk.first - 1
        begin, end = end, bisect_left(at, first + chunk.rows.num_rows, end)
        if begin == end and chunk.first > 1:
            continue
        rows = chunk.rows.take(pc.subtract(made["row"][begin:end], first))
        columns = made.slice(begin, end - begin).columns
        columns[0] = pc.add(columns[0], 1)
        yield pa.RecordBatch.from_arrays(rows.columns + columns, names=rows.schema.names + names)
