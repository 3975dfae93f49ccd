"""`csat questionnaire`: what a policy asks, what is asked next, whether answers are whole, and forms."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import typer

from libcsat.command.file_names import Reads, Writes
from libcsat.command.files import Chunk, Input, Wanted, check_output, format_of, hint, output, row_of_file
from libcsat.command.form import read_form, write_form
from libcsat.command.options import Absent, Delimiter, Missing, not_together
from libcsat.command.terminal import check_language, show, show_json
from libcsat.error import NotFoundError, RecordError, TableError
from libcsat.policy import Policy
from libcsat.questionnaire import Questionnaire
from libcsat.questionnaire_words import items_grid, questionnaires_grid
from libcsat.response_check import ResponseCheck
from libcsat.tables import one_batch

# A set of answers above this is not read at all; the library's own limit lies below it.
_MOST_BYTES = 64 * 1024 * 1024
# Bytes of a file without an extension that say what it holds.
_LOOKED_AT = 4096
# Parameters that tables of responses alone have.
_OF_TABLES = ("format", "delimiter", "missing", "absent", "problems", "output_format")
_FROM = "and --from: --from goes with --partial alone"


def questionnaire(
    context: typer.Context,
    policy: str = typer.Argument(None, parser=Reads, help="Policy file, or the name of a ready-made policy."),
    id: str = typer.Argument(None, help="Questionnaire. Default: a list of all.", metavar="[ID]"),
    next_of: str = typer.Option(
        None,
        "--next",
        parser=Reads,
        help="JSON file of what was answered so far; - for standard input: the items due now.",
    ),
    check: str = typer.Option(
        None,
        parser=Reads,
        help="JSON file of one set of answers, or table file of responses: what is wrong with them. --format "
        "says which, else the extension (.json is one set); of - and .txt a { at the beginning.",
    ),
    problems: str = typer.Option(
        None, parser=Writes, help="Table file for each problem of the responses: row, field, problem."
    ),
    to: str = typer.Option(
        None, parser=Writes, help="XLSForm workbook to write the questionnaire to (.xlsx)."
    ),
    from_form: str = typer.Option(
        None,
        "--from",
        parser=Reads,
        help="XLSForm workbook to read, without a policy: prints the part of one that it is.",
    ),
    partial: bool = typer.Option(
        False, "--partial", help="Read a form also without what has no counterpart; each is named."
    ),
    output_format: str = typer.Option(None, help="Format of the file written. Default: by extension."),
    format: str = typer.Option(
        None,
        help="Format of what is checked: json for one set of answers, or csv, parquet, arrow or jsonl. "
        "Default: as --check says.",
    ),
    delimiter: Delimiter = None,
    missing: Missing = None,
    absent: Absent = None,
    language: str = typer.Option("en", help="Language of questions and messages: en or zh."),
    as_json: bool = typer.Option(False, "--json", help="One JSON document."),
) -> None:
    """Show the questionnaires of a policy; say what is asked next, or what is wrong with answers; forms.

    Exit status 1: answers that are wrong, or lack what has to be answered; a form with --partial that has
    what no policy says.
    """
    check_language(language)
    if from_form is not None:
        if policy is not None:
            raise ValueError("--from takes no policy: it prints a part for one")
        options = ("to", "next_of", "check", "problems", "as_json", "language", *_OF_TABLES)
        not_together(context, options, _FROM)
        read_form(from_form, partial)
        return
    if partial:
        raise ValueError("--partial goes with --from")
    if policy is None:
        raise ValueError("which policy, or --from which form?")
    if next_of is not None and check is not None:
        raise ValueError("--next and --check: give one of them")
    if check is None or _is_answers(check, format):
        not_together(context, _OF_TABLES[1:], "goes with --check of a table")
    if check is None:
        not_together(context, ("format",), "goes with --check")
    if problems is None:
        not_together(context, ("output_format",), "goes with --problems")
    if to is not None:
        not_together(context, ("as_json", "language"), "does not go with --to")
    if problems == "-" and as_json:
        raise ValueError("standard output takes one of --json and --problems -")
    if to is not None and (next_of is not None or check is not None):
        raise ValueError("--to, --next and --check: give one of them")
    check_output(problems, output_format)
    loaded = Policy.load(policy)
    if id is None and next_of is None and check is None and to is None:
        _list(loaded, language, as_json)
        return
    asked = _chosen(loaded, id)
    if to is not None:
        write_form(loaded, asked.id, to)
    elif next_of is not None:
        _next(asked, next_of, language, as_json)
    elif check is not None and _is_answers(check, format):
        _check_answers(asked, check, language, as_json)
    elif check is not None:
        source = Input(check, format, Wanted([], asked.fields(), {}, missing or (), delimiter))
        found = _checked(asked, source, check, absent or (), format_of(check, format) == "csv")
        if problems is not None:
            _write(problems, output_format, found)
        if as_json:
            show_json(found.to_dict())
        elif problems != "-":
            show(found.words(language))
        if found.counts["complete"] < found.rows:
            raise typer.Exit(1)
    elif as_json:
        show_json(asked.to_dict())
    else:
        show(asked.words(language))


def _list(policy: Policy, language: str, as_json: bool) -> None:
    if as_json:
        show_json([asked.to_dict() for asked in policy.questionnaires])
        return
    title = f"{policy.label(language)} ({policy.id} {policy.version})"
    show(questionnaires_grid(policy.questionnaires, language, title))


def _chosen(policy: Policy, id: str | None) -> Questionnaire:
    if id is not None:
        return policy.questionnaire(id)
    ids = [asked.id for asked in policy.questionnaires]
    if len(ids) != 1:
        raise NotFoundError(
            f"policy '{policy.id}' has {len(ids)} questionnaires, name one: {', '.join(ids)}",
            code="NOT_FOUND",
        )
    return policy.questionnaire(ids[0])


def _is_answers(path: str, format: str | None) -> bool:
    """One set of answers, not a table of them: by --format, else by the extension, else by how it begins."""
    suffix = Path(path).suffix.lower()
    if format is not None or suffix == ".json":
        return format in (None, "json")
    if path == "-":
        begin = sys.stdin.buffer.peek(_LOOKED_AT)  # type: ignore[union-attr]
    elif suffix in ("", ".txt") and Path(path).is_file():
        with open(path, "rb") as file:
            begin = file.read(_LOOKED_AT)
    else:
        return False
    return bool(begin.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"))


def _answers(path: str) -> bytes:
    if path == "-":
        return sys.stdin.buffer.read(_MOST_BYTES + 1)
    with open(path, "rb") as file:
        return file.read(_MOST_BYTES + 1)


def _of_file(error: RecordError, path: str) -> RecordError:
    """The error with the file that it is about."""
    place = f"{error.line}:{error.column}: " if error.line else " "
    text = f"{path}:{place}{str(error).removeprefix(place)}"
    return RecordError(text, code=error.code, path=error.path, line=error.line, column=error.column)


def _next(asked: Questionnaire, path: str, language: str, as_json: bool) -> None:
    try:
        due = asked.next(_answers(path))
    except RecordError as error:
        raise _of_file(error, path) from None
    if as_json:
        show_json({"questionnaire": asked.id, "next": [item.id for item in due]})
    else:
        show(items_grid(due, language))


def _check_answers(asked: Questionnaire, path: str, language: str, as_json: bool) -> None:
    try:
        report = asked.check(_answers(path))
    except RecordError as error:
        raise _of_file(error, path) from None
    if as_json:
        show_json(report.to_dict())
    else:
        show(report.words(language))
    if report.state != "complete":
        raise typer.Exit(1)


def _checked(
    asked: Questionnaire, source: Input, path: str, absent: list[str] | tuple[str, ...], texts: bool
) -> ResponseCheck:
    chunk = source.whole()
    hint(chunk, source.wanted, path)
    numbers = {item.field for item in asked.items if item.kind in ("rating", "quantity")}
    try:
        return asked.check_table(_typed(chunk, numbers) if texts else chunk.typed, absent=absent, texts=texts)
    except TableError as error:
        raise row_of_file(error, path, 1) from None


def _typed(chunk: Chunk, numbers: set[str]) -> pa.RecordBatch:
    """Columns of numbers as such where all of their cells are."""
    columns = []
    for name, column in zip(chunk.typed.schema.names, chunk.typed.columns, strict=True):
        if name in numbers and pa.types.is_string(column.type):
            with suppress(pa.ArrowInvalid):
                column = pc.cast(column, pa.float64())
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, names=chunk.typed.schema.names)


def _write(path: str, format: str | None, found: ResponseCheck) -> None:
    """Rows count from 1, as everywhere in files; words in place of their numbers."""
    made = one_batch(found.problems)
    columns = [
        column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
        for column in made.columns
    ]
    columns[0] = pc.add(columns[0], 1)
    with output(path, format) as file:
        file.write(pa.RecordBatch.from_arrays(columns, names=made.schema.names))
