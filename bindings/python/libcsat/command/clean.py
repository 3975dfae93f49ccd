"""`csat clean`: which responses count, and by which rule the others do not."""

from __future__ import annotations

import json
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import typer

from libcsat import _capi
from libcsat.cleaning import Cleaning, Outcome
from libcsat.command.cells import cast_first
from libcsat.command.file_names import Reads, Writes
from libcsat.command.files import Chunk, Input, Wanted, check_output, hint, labels, output, row_of_file
from libcsat.command.options import Absent, Delimiter, Format, Missing, Progress, Threads, not_together
from libcsat.command.terminal import note, progress, show, show_json
from libcsat.error import TableError
from libcsat.fields import Field
from libcsat.policy import Policy
from libcsat.tables import one_batch

_TRUE = ("true", "True", "TRUE", "false", "False", "FALSE")
_INSTANTS = (pa.timestamp("ms"), pa.timestamp("ms", "UTC"))


def clean(
    context: typer.Context,
    policy: str = typer.Argument(parser=Reads, help="Policy file, or the name of a ready-made policy."),
    table: str = typer.Argument(
        parser=Reads, help="Table file of responses; - for standard input.", metavar="INPUT"
    ),
    out: str = typer.Option(
        None,
        "--output",
        "-o",
        parser=Writes,
        help="Table file for the responses that count; - for standard output.",
    ),
    flagged: str = typer.Option(None, parser=Writes, help="Table file for those of them that are flagged."),
    quarantined: str = typer.Option(None, parser=Writes, help="Table file for the quarantined responses."),
    excluded: str = typer.Option(None, parser=Writes, help="Table file for the excluded responses."),
    ledger: str = typer.Option(
        None, parser=Writes, help="Table file for the ledger: each rule that a response met."
    ),
    review: str = typer.Option(None, parser=Writes, help="Table file for the responses drawn for review."),
    seed: str = typer.Option("", help="Seed of the review sample. Default: the policy's."),
    decisions: str = typer.Option(
        None,
        parser=Reads,
        help="CSV file with the columns response_id and outcome: confirmed, corrected or rejected.",
    ),
    output_format: str = typer.Option(None, help="Format of the files written. Default: by extension."),
    format: Format = None,
    delimiter: Delimiter = None,
    missing: Missing = None,
    absent: Absent = None,
    threads: Threads = None,
    show_progress: Progress = None,
    as_json: bool = typer.Option(False, "--json", help="The summary as one JSON object."),
) -> None:
    """Judge survey responses by a policy's cleaning rules.

    Nothing is deleted: what counts and what does not goes to the files named, and the ledger says by which
    rule. Exit status 1: responses are excluded or quarantined, or are doubtful where all have to be settled;
    then no file of responses that count is written.
    """
    loaded = Policy.load(policy)
    if "review" not in loaded.document.get("cleaning", {}):
        not_together(context, ("review", "seed"), f": policy '{loaded.id}' draws no review")
    files = [file for file in (out, flagged, quarantined, excluded, ledger, review) if file is not None]
    if files.count("-") + as_json > 1:
        raise ValueError("standard output takes one of --json and the files named -")
    if not files:
        not_together(context, ("output_format",), "goes with a file to write, such as --output")
    for file in files:
        check_output(file, output_format)
    types = {field["name"]: field["type"] for field in json.loads(_capi.cleaning_fields(loaded._handle))}
    fields = [Field(name, "number", True) for name, type in types.items() if type == "number"]
    others = [name for name, type in types.items() if type != "number"]
    source = Input(table, format, Wanted(fields, others, labels(loaded), missing or (), delimiter))
    given = _decisions(decisions) if decisions is not None else {}
    with progress("cleaning", source.size, show_progress) as done:
        chunk = source.whole()
        hint(chunk, source.wanted, table)
        try:
            cleaning = loaded.clean(
                _typed(chunk, types), seed=seed, decisions=given, absent=absent or (), threads=threads
            )
        except TableError as error:
            raise row_of_file(error, table, 1) from None
        done(source.position)
    settled = not (cleaning.to_dict()["settle_doubtful"] and cleaning.open)
    verdicts = cleaning.verdicts["verdict"].combine_chunks().dictionary_decode()
    for path, words in (
        (out if settled else None, ("kept", "flagged")),
        (flagged, ("flagged",)),
        (quarantined, ("quarantined",)),
        (excluded, ("excluded",)),
    ):
        if path is not None:
            rows = chunk.rows.take(pc.indices_nonzero(pc.is_in(verdicts, value_set=pa.array(words))))
            _write(path, output_format, rows)
    if review is not None:
        _write(review, output_format, _drawn(chunk, cleaning))
    if ledger is not None:
        _write(ledger, output_format, _ledger(cleaning))
    if as_json:
        show_json(json.loads(cleaning.to_json(), parse_float=Decimal))
    elif "-" not in files:
        show(cleaning)
    if not settled:
        note(f"{table}: {cleaning.open} doubtful responses are not settled: give --decisions")
    if not settled or cleaning.counts["quarantined"] + cleaning.counts["excluded"] > 0:
        raise typer.Exit(1)


def _write(path: str, format: str | None, rows: pa.RecordBatch) -> None:
    with output(path, format) as file:
        file.write(rows)


def _ledger(cleaning: Cleaning) -> pa.RecordBatch:
    """Rows count from 1, as everywhere in files; words in place of their numbers."""
    made = one_batch(cleaning.ledger)
    columns = [
        column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
        for column in made.columns
    ]
    columns[0] = pc.add(columns[0], 1)
    return pa.RecordBatch.from_arrays(columns, names=made.schema.names)


def _drawn(chunk: Chunk, cleaning: Cleaning) -> pa.RecordBatch:
    place = cleaning.verdicts["in_review"].combine_chunks()
    drawn = pc.indices_nonzero(pc.is_valid(place))
    return chunk.rows.take(drawn.take(pc.array_sort_indices(place.take(drawn))))


def _decisions(path: str) -> dict[str, Outcome]:
    rows = Input(path, None, Wanted([], ["response_id", "outcome"])).whole().typed
    for name in ("response_id", "outcome"):
        if name not in rows.schema.names:
            raise TableError(f"{path}: column '{name}' is missing", path=path)
    made: dict[str, Outcome] = {}
    for number, (response, outcome) in enumerate(
        zip(rows["response_id"].to_pylist(), rows["outcome"].to_pylist(), strict=True), 1
    ):
        if outcome not in ("confirmed", "corrected", "rejected"):
            raise TableError(
                f"{path}: row {number}: outcome {outcome!r} is none of confirmed, corrected, rejected"
            )
        if str(response) in made:
            raise TableError(f"{path}: row {number}: response '{response}' has two decisions")
        made[str(response)] = outcome
    return made


def _typed(chunk: Chunk, types: dict[str, str]) -> pa.RecordBatch:
    """Columns of texts that may hold anything, as what they hold."""
    columns = [
        _inferred(column) if types.get(name) == "any" and pa.types.is_string(column.type) else column
        for name, column in zip(chunk.typed.schema.names, chunk.typed.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, names=chunk.typed.schema.names)


def _inferred(cells: pa.Array) -> pa.Array:
    """The cells as truths, whole numbers, numbers or instants, whichever all are; else as they are."""
    given = cells.drop_null()
    if len(given) and pc.all(pc.is_in(given, value_set=pa.array(_TRUE))).as_py():
        return pc.cast(pc.utf8_lower(cells), pa.bool_())
    made = cast_first(cells, (pa.int64(), pa.float64(), *_INSTANTS))
    return cells if made is None else made
