"""`csat import`: survey exports and service records into one table of responses."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import typer

from libcsat import intake
from libcsat.command.file_names import Merges, Named, Reads, Writes, keep_apart, named_files
from libcsat.command.files import format_of, output
from libcsat.command.options import not_together
from libcsat.command.terminal import check_language, note, progress, show, show_json
from libcsat.error import TableError
from libcsat.intake.columnar import read_arrow
from libcsat.intake.limits import Limits
from libcsat.intake.merge import together
from libcsat.show import Grid, visible

# Defects that are printed; the rest is in --rejected.
_SHOWN = 20
# What spreadsheets take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def import_files(
    context: typer.Context,
    files: list[str] = typer.Argument(
        parser=Reads, help="Exports: CSV, JSON, Excel, SPSS, Parquet.", metavar="FILE..."
    ),
    out: str = typer.Option(
        None,
        "--output",
        "-o",
        parser=Writes,
        help="Table file to write the responses to; - for standard output.",
    ),
    into: str = typer.Option(
        None,
        parser=Merges,
        help="Parquet file of responses to merge into; made where there is none. Default for --output.",
    ),
    rejected: str = typer.Option(None, parser=Writes, help="Table file to write what was refused to."),
    superseded: str = typer.Option(
        None,
        parser=Writes,
        help="Table file for responses that a later form replaced. Default: beside --output.",
    ),
    profile: str = typer.Option(None, help=f"One of {', '.join(intake.PROFILES)}. Default: found."),
    zone: str = typer.Option(None, help="Time zone of times without an offset, such as Asia/Shanghai."),
    wave: str = typer.Option(None, help="Wave that all responses belong to: the last form of each counts."),
    channel: str = typer.Option(None, help="Channel of all responses, such as pad_terminal."),
    encoding: str = typer.Option(
        None,
        help="utf-8, utf-16, gb18030, windows-1252 or iso-8859-1. Default: the first three are told apart.",
    ),
    separator: str = typer.Option(None, help="Between cells. Default: found."),
    dates: str = typer.Option(None, help="Order in dates with slashes: ymd, mdy or dmy."),
    decimal: str = typer.Option(None, help="Decimal sign: . or ,"),
    sheet: str = typer.Option(None, help="Sheet of a workbook; needed where several hold data."),
    response: str = typer.Option(None, help="Column that identifies the response."),
    respondent: str = typer.Option(None, help="Column that identifies the respondent."),
    number: list[str] = typer.Option([], help="Column whose answers must be numbers; * and ? are wild."),
    text: list[str] = typer.Option([], help="Column that stays text, likewise."),
    multi: list[str] = typer.Option(
        [], help="Column with several answers in one cell, as COLUMN or COLUMN=SEPARATOR.", metavar="COLUMN"
    ),
    test: list[str] = typer.Option(
        [], help="Responses to mark as tests, as COLUMN=VALUE.", metavar="COLUMN=VALUE"
    ),
    mapping: str = typer.Option(None, parser=Reads, help="JSON file that says what the columns mean."),
    language: str = typer.Option("en", help="Language of the messages about rows: en or zh."),
    max_columns: int = typer.Option(
        None, min=1, max=16384, help="Columns that a file may have. Default: 1024."
    ),
    guard_formulas: bool = typer.Option(
        False,
        help="Put an apostrophe before texts in --rejected that a spreadsheet would take for a formula.",
    ),
    output_format: str = typer.Option(None, help="Format of --output. Default: by extension."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Read and report; write nothing."),
    show_progress: bool = typer.Option(None, "--progress/--no-progress", help="Default: on a terminal."),
    as_json: bool = typer.Option(False, "--json", help="The report as one JSON object."),
) -> None:
    """Import survey exports and service records: each row becomes a response or is listed with the rule that
    it breaks.

    Nothing is written where a file cannot be read at all. Exit status 1: rows were refused.
    """
    check_language(language)
    target = out or into
    if superseded is None and target is not None:
        keep_apart([*named_files(context), Named("--superseded", Writes(_beside(target)))])
    if target is None and not dry_run:
        raise TableError("where to? give --output, --into or --dry-run")
    if out is None:
        not_together(context, ("output_format",), "goes with --output: --into is a Parquet file")
    if rejected is None:
        not_together(context, ("guard_formulas",), "goes with --rejected")
    piped = "-" in (target, rejected, superseded) and not dry_run
    if as_json and piped:
        raise ValueError("standard output takes one of --json and the files named -")
    for path, format in ((target, output_format), (rejected, None), (superseded, None)):
        if path is not None:
            format_of(path, format, "--output-format")
    sizes = sum(os.stat(path).st_size for path in files)
    done: dict[str, int] = {}
    with ExitStack() as stack:
        advance = stack.enter_context(progress("importing", sizes, show_progress))

        def watch(path: str, read: int, size: int) -> None:
            done[path] = min(read, size) * os.stat(path).st_size // max(size, 1)
            advance(sum(done.values()))

        imported = intake.read(
            *files,
            into=into if into is not None and os.path.exists(into) else None,
            profile=profile,
            zone=zone,
            wave=wave,
            channel=channel,
            encoding=encoding,
            separator=separator,
            dates=dates,
            decimal=decimal,
            sheet=sheet,
            response=response,
            respondent=respondent,
            numbers=number,
            texts=text,
            multi=_pairs(multi, None),
            tests=[(name, value) for name, value in _tests(test)],
            mapping=mapping,
            language=language,
            limits=Limits(columns=max_columns) if max_columns is not None else None,
            watch=watch,
        )
    written: list[str] = []
    if not dry_run and target is not None:
        _write(imported, target, output_format, rejected, superseded, guard_formulas, written)
    if as_json:
        show_json(_document(imported, written))
    else:
        _print(imported, language, piped)
        for path in written:
            note(f"written: {path}")
    if imported.counts.rejected:
        note(f"{imported.counts.rejected} of {imported.counts.read} rows were refused")
        raise typer.Exit(1)


def _beside(target: str) -> str:
    """Where responses that a later form replaced go by default."""
    return str(Path(target).with_suffix("")) + ".superseded.parquet"


def _pairs(given: list[str], default: str | None) -> Mapping[str, str | None]:
    found: dict[str, str | None] = {}
    for text in given:
        name, equals, value = text.partition("=")
        found[name] = value if equals else default
    return found


def _tests(given: list[str]) -> list[tuple[str, str]]:
    found = []
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise TableError(f"--test '{text}' is not COLUMN=VALUE")
        found.append((name, value))
    return found


def _write(
    imported: intake.Imported,
    target: str,
    output_format: str | None,
    rejected: str | None,
    superseded: str | None,
    guard_formulas: bool,
    written: list[str],
) -> None:
    """The responses last: what was replaced is safe before they take its place."""
    if rejected is not None:
        _save(rejected, None, _guarded(imported.rejected) if guard_formulas else imported.rejected, written)
    if imported.superseded.num_rows or superseded is not None:
        path = superseded or _beside(target)
        listed = imported.superseded
        if os.path.exists(path) and superseded is None:
            before, _ = read_arrow(path, Limits(columns=16384))
            listed = _once(together([before, listed]))
        _save(path, None, listed, written)
    _save(target, output_format, imported.responses, written)


def _save(path: str, format: str | None, table: pa.Table, written: list[str]) -> None:
    with output(path, format) as file:
        for batch in table.to_batches() or [pa.RecordBatch.from_pylist([], schema=table.schema)]:
            file.write(batch)
    written.append(path)


def _once(table: pa.Table) -> pa.Table:
    """Each row once."""
    seen: set[tuple[Any, ...]] = set()
    keep = []
    for at, row in enumerate(zip(*(column.to_pylist() for column in table.columns), strict=True)):
        if row not in seen:
            seen.add(row)
            keep.append(at)
    return table.take(pa.array(keep, pa.int64())).combine_chunks()


def _guarded(table: pa.Table) -> pa.Table:
    for at, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            found = [
                f"'{text}" if text is not None and text.startswith(_FORMULA) else text
                for text in table.column(at).to_pylist()
            ]
            table = table.set_column(at, field, pa.array(found, pa.string()))
    return table


def _document(imported: intake.Imported, written: list[str]) -> dict[str, Any]:
    return {
        "counts": imported.counts.as_dict(),
        "responses": imported.responses.num_rows,
        "files": [source.as_dict() for source in imported.sources],
        "rejected": imported.rejected.to_pylist(),
        "superseded": imported.superseded.select(["response_id", "superseded_by"]).to_pylist(),
        "written": written,
    }


def _print(imported: intake.Imported, language: str, piped: bool) -> None:
    """The report; on standard error alone where standard output takes a table."""
    chinese = language.partition("-")[0] == "zh"
    words = "文件 格式 读入 接受 拒绝 新答卷 重复 被取代" if chinese else (
        "file profile read accepted rejected new repeated superseded"
    )  # fmt: skip
    grid = Grid("导入" if chinese else "Import", words.split(), right=frozenset(range(2, 8)))
    for source in imported.sources:
        counts = source.counts
        figures = (counts.read, counts.accepted, counts.rejected, counts.responses, counts.repeated)
        grid.add([source.path, source.profile, *map(str, (*figures, counts.superseded))])
    if not piped:
        show(grid)
    for source in imported.sources:
        note(f"{source.path}: profile {source.profile}: {source.reason}")
        for what, why in source.reading.items():
            note(f"{source.path}: {what} {why}")
        counts = source.counts
        if counts.header or counts.blank or counts.trailer:
            parts = f"{counts.header} header, {counts.blank} blank, {counts.trailer} trailing"
            note(f"{source.path}: {counts.lines} lines: {parts}")
        for line in source.notes:
            note(f"{source.path}: {line}")
    for defect in imported.rejected.slice(0, _SHOWN).to_pylist():
        place = f"{defect['file']}:{defect['row']}"
        column = f" {defect['column']}:" if defect["column"] is not None else ""
        (note if piped else show)(visible(f"{place}:{column} {defect['message']} [{defect['rule']}]"))
    more = imported.rejected.num_rows - _SHOWN
    if more > 0:
        note(f"and {more} more defects: --rejected writes them all")
