"""`csat measure`: the measures of a policy over the records of a table file."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import typer

from libcsat.command.cells import TIMES, cast_first
from libcsat.command.file_names import Reads, Writes
from libcsat.command.files import Chunk, Input, Wanted, check_output, hint, labels, output, row_of_file
from libcsat.command.options import (
    BadRows,
    Delimiter,
    Format,
    Level,
    Missing,
    Progress,
    Threads,
    not_together,
)
from libcsat.command.terminal import note, progress, quoted, show, show_json
from libcsat.error import TableError
from libcsat.fields import Field
from libcsat.measure import BUCKETS, Measured, MeasurePlan
from libcsat.policy import Policy


def measure(
    context: typer.Context,
    policy: str = typer.Argument(parser=Reads, help="Policy file, or the name of a ready-made policy."),
    table: str = typer.Argument(parser=Reads, help="Table file; - for standard input.", metavar="INPUT"),
    out: str = typer.Option(
        None, "--output", "-o", parser=Writes, help="Table file to write; - for standard output."
    ),
    measures: list[str] = typer.Option([], "--measure", "-m", help="Id of a measure. Default: all."),
    by: list[str] = typer.Option([], "--by", "-b", help="Column whose values make a group; may be repeated."),
    time: str = typer.Option(None, help="Column of times or days; groups by --bucket, in the policy's zone."),
    bucket: str = typer.Option("month", help=f"{', '.join(BUCKETS)}."),
    level: Level = 0.95,
    wide: bool = typer.Option(
        False,
        "--wide",
        help="Write one row for each group, with a column for each measure, as csat score reads it.",
    ),
    format: Format = None,
    output_format: str = typer.Option(None, help="Format of the output, likewise."),
    delimiter: Delimiter = None,
    missing: Missing = None,
    bad_rows: BadRows = "fail",
    threads: Threads = None,
    show_progress: Progress = None,
    as_json: bool = typer.Option(False, "--json", help="The figures as one JSON object."),
) -> None:
    """Measure the records of a table file.

    Prints the figure of each measure and group with its interval, or why there is none. Exit status 1: rows
    were refused for a bad value.
    """
    if out is None:
        not_together(context, ("output_format", "wide"), "goes with --output")
    if time is None:
        not_together(context, ("bucket",), "goes with --time")
    check_output(out, output_format)
    loaded = Policy.load(policy)
    if as_json and out == "-":
        raise ValueError("--json and --output -: both go to standard output, give --output a file")
    plan = loaded.measure_plan(by, measures or None, time=time, bucket=bucket if time else None)  # type: ignore[arg-type]
    keys = list(dict.fromkeys([*by, *([time] if time else [])]))
    wanted = Wanted(
        _fields(loaded, plan, keys), keys, labels(loaded), missing or (), delimiter, bad_rows == "refuse"
    )
    source = Input(table, format, wanted)
    counted = plan.empty()
    with progress("measuring", source.size, show_progress) as done:
        for chunk in source.chunks():
            hint(chunk, wanted, table)
            try:
                plan.add(_timed(chunk, time), counted, threads, bad_rows=bad_rows)  # type: ignore[arg-type]
            except TableError as error:
                raise row_of_file(error, table, chunk.first) from None
            done(source.position)
    measured = plan.figures(counted, level)
    made = measured.columns() if wide else measured.table()
    if out is not None:
        with output(out, output_format) as file:
            for batch in made.to_batches():
                file.write(batch)
    if as_json:
        show_json(_document(loaded, measured) | {"output": out})
    elif out != "-":
        show(measured)
    if counted.refused:
        note(
            f"{table}: {counted.refused} of {counted.refused + counted.rows} rows"
            " were refused for a bad value"
        )
        raise typer.Exit(1)


def _fields(policy: Policy, plan: MeasurePlan, keys: list[str]) -> list[Field]:
    """What the metrics of the plan read."""
    types = {
        metric[form].get("field", metric["id"]): form
        for metric in policy.metrics
        for form in ("number", "text")
        if form in metric
    }
    return [Field(name, types[name], True) for name in plan.columns if name not in keys]


def _timed(chunk: Chunk, time: str | None) -> pa.RecordBatch:
    """The columns that are read, with texts of the time column as times."""
    rows = chunk.typed
    if time is None or time not in rows.schema.names:
        return rows
    at = rows.schema.get_field_index(time)
    column = rows.column(at)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return rows
    times = cast_first(column, TIMES)
    if times is not None:
        return rows.set_column(at, time, times)
    for number, text in enumerate(column.to_pylist()):
        if text is not None and cast_first(pa.array([text]), TIMES) is None:
            raise TableError(
                f"row {number}: column '{time}': {quoted(text)} is no time such as 2025-03-14T09:05:00Z"
            )
    raise TableError(f"column '{time}' has times with a zone and times without, or days and times")


def _document(policy: Policy, measured: Measured) -> dict[str, Any]:
    return {
        "policy": policy.id,
        "version": policy.version,
        "digest": policy.digest,
        "records": measured.aggregates.rows,
        "refused": measured.aggregates.refused,
        "level": measured.level,
        "figures": [
            {name: value for name, value in row.items() if value is not None}
            for row in measured.table().to_pylist()
        ],
    }
