"""Table files: CSV, Parquet, Arrow IPC and JSON lines, read strictly and batch by batch, written whole or not
at all."""

from __future__ import annotations

import io
import json
import math
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from libcsat.command.csv_text import CsvText
from libcsat.command.json_lines import read_json_lines
from libcsat.command.terminal import binary_output, note, quoted
from libcsat.error import TableError
from libcsat.fields import Field
from libcsat.parquet import ParquetOutput
from libcsat.policy import Policy
from libcsat.tables import choose, counted_from, hints, one_batch
from libcsat.writing import Behind, complete_file

_T = TypeVar("_T")

FORMATS = ("csv", "parquet", "arrow", "jsonl")
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}
_BATCH_ROWS = 1 << 17
# What Arrow reads as a number.
_NUMBER = r"^(?i:[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|nan|inf|infinity))$"
# Words for numbers where a scale has none.
_TRUTH = {"true": 1, "True": 1, "TRUE": 1, "false": 0, "False": 0, "FALSE": 0}
_MISSING_WORDS = ("na", "n/a", "nan", "null", "none", "nil", "-", "--", "?", "无", "空")
_SEPARATORS = (";", "\t", "|", ",")
# What separates the numbers of a list of events in one cell.
_EVENTS = ";"


@dataclass(frozen=True)
class Chunk:
    """Rows of a file.

    Attributes:
        rows: As the file has them.
        typed: Their columns that the scorecard reads, in types that it reads.
        first: Number of the first row, from 1; a header is not counted.
    """

    rows: pa.RecordBatch
    typed: pa.RecordBatch
    first: int


@dataclass(frozen=True)
class Wanted:
    """What is read from a file.

    Attributes:
        fields: What the scorecard reads.
        keys: Further columns that it needs.
        labels: The ranks of labels, for fields of numbers that also take the labels of a rating scale; None
            where two scales do not agree.
        missing: Texts of a CSV cell that mean "missing", besides the empty one.
        delimiter: Of CSV cells; None for a comma, or a tab in .tsv files.
        refuse: A CSV cell that is no number refuses its row; otherwise it is an error.
    """

    fields: Sequence[Field]
    keys: Sequence[str] = ()
    labels: Mapping[str, Mapping[str, int] | None] = field(default_factory=dict)
    missing: Sequence[str] = ()
    delimiter: str | None = None
    refuse: bool = False

    @property
    def names(self) -> list[str]:
        return [f.name for f in self.fields] + list(self.keys)


def format_of(path: str, given: str | None, option: str = "--format") -> str:
    """The format of a file by its option or its extension; "-" without one is CSV.

    Raises:
        TableError: neither says one of FORMATS.
    """
    if given is not None:
        if given not in FORMATS:
            raise TableError(f"format '{given}' is none of {', '.join(FORMATS)}")
        return given
    if path == "-":
        return "csv"
    found = _SUFFIXES.get(Path(path).suffix.lower())
    if found is None:
        known = ", ".join(sorted(_SUFFIXES))
        raise TableError(f"{path}: extension {quoted(Path(path).suffix)} is none of {known}: give {option}")
    return found


def check_output(path: str | None, format: str | None) -> None:
    """Looks at the format of a file to be written before anything is read for it.

    Raises:
        TableError: as `format_of()`.
    """
    if path is not None:
        format_of(path, format, "--output-format")


class ReaderGone(Exception):
    """Who read standard output has had enough; not a fault."""


class Input:
    """A table file being read.

    Attributes:
        wanted: What is read from it.
        path: Its name; "-" for standard input. That and a pipe are read whole first.
        size: Bytes of the file.
    """

    def __init__(self, path: str, format: str | None, wanted: Wanted) -> None:
        self.path = path
        self._format = format_of(path, format)
        for option, given in (("--delimiter", wanted.delimiter), ("--missing", wanted.missing)):
            if given and self._format != "csv":
                raise TableError(f"{option} goes with CSV: {path} is {self._format}", path=path)
        self.wanted = wanted
        self._text: bytes | None = None
        if path == "-":
            self._text = sys.stdin.buffer.read()
        elif not stat.S_ISREG(os.stat(path).st_mode):
            # A pipe gives what it has but once.
            self._text = Path(path).read_bytes()
        self.size = len(self._text) if self._text is not None else os.stat(path).st_size
        self._source: Any = None
        # By field: the file has words in it, not numbers.
        self._words: dict[str, bool] = {}

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return 0 if self._source is None or self._source.closed else int(self._source.tell())

    def chunks(self) -> Iterator[Chunk]:
        """The rows, batch by batch.

        Raises:
            TableError: the file does not hold such a table; the message begins with its name.
        """
        yield from self._each(lambda rows, first: Chunk(rows, self._typed(rows, first), first))

    def row(self, number: int) -> Chunk:
        """One row; nothing is asked of the others but that they are rows.

        Raises:
            TableError: as `chunks()`, or there is no such row.
        """

        def take(rows: pa.RecordBatch, first: int) -> Chunk | None:
            if not first <= number < first + rows.num_rows:
                return None
            row = rows.slice(number - first, 1)
            return Chunk(row, self._typed(row, number), number)

        found = next((chunk for chunk in self._each(take) if chunk is not None), None)
        if found is None:
            raise TableError(f"{self.path}: row {number} is beyond its last row", path=self.path)
        return found

    def beside(self, chunk: Chunk) -> list[Chunk]:
        """The row of a chunk and all others that have the same keys, each in a chunk; a row that lacks a key
        is alone.

        Raises:
            TableError: as `chunks()`.
        """
        keys = list(self.wanted.keys)
        here = [chunk.typed[key][0] if key in chunk.typed.schema.names else None for key in keys]
        if any(key is None or not key.is_valid for key in here):
            return [chunk]

        def take(rows: pa.RecordBatch, first: int) -> list[Chunk]:
            alike = pa.array([True] * rows.num_rows)
            for key, value in zip(keys, here, strict=True):
                column = rows[key]
                if self._format == "csv":
                    column = self._cells(key, column, "text", first)
                alike = pc.and_(alike, pc.fill_null(pc.equal(column, value), False))
            made = []
            for at in pc.indices_nonzero(alike).to_pylist():
                row = rows.slice(at, 1)
                made.append(Chunk(row, self._typed(row, first + at), first + at))
            return made

        return [row for rows in self._each(take) for row in rows]

    def _each(self, use: Callable[[pa.RecordBatch, int], _T]) -> Iterator[_T]:
        """What `use` makes of each batch and the number of its first row."""
        read = {"csv": self._csv, "parquet": self._parquet, "arrow": self._arrow, "jsonl": self._jsonl}
        first = 1
        try:
            for rows in read[self._format]():
                yield use(rows, first)
                first += rows.num_rows
        except TableError as error:
            raise TableError(f"{self.path}: {error}", code=error.code, path=self.path) from None
        except (pa.ArrowException, UnicodeError, EOFError) as error:
            raise TableError(f"{self.path}: {one_line(error)}", path=self.path) from None

    def whole(self) -> Chunk:
        """All rows in one chunk.

        Raises:
            TableError: as `chunks()`, or the file has too much text for one batch.
        """
        chunks = list(self.chunks())
        if len(chunks) == 1:
            return chunks[0]
        rows = one_batch(pa.Table.from_batches([chunk.rows for chunk in chunks]))
        try:
            # All of it again: whether a cell is a number or a label is seen in the whole column.
            return Chunk(rows, self._typed(rows, 1), 1)
        except TableError as error:
            raise TableError(f"{self.path}: {error}", code=error.code, path=self.path) from None

    def _open(self) -> Any:
        # Arrow's own files: its threads must not need the interpreter when it ends.
        source = pa.BufferReader(self._text) if self._text is not None else pa.OSFile(self.path)
        self._source = source
        return source

    def _bytes(self) -> IO[bytes]:
        return io.BytesIO(self._text) if self._text is not None else open(self.path, "rb")

    def _csv(self) -> Iterator[pa.RecordBatch]:
        delimiter = self.wanted.delimiter
        if delimiter is None:
            delimiter = "\t" if self.path.lower().endswith(".tsv") else ","
        elif not (len(delimiter) == 1 and delimiter.isascii() and delimiter not in '"\r\n'):
            tab = ": a tab is written $'\\t' in a shell" if delimiter == "\\t" else ""
            raise TableError(f"delimiter {quoted(delimiter)} is not one ASCII character{tab}")
        with self._bytes() as self._source:
            text = CsvText(self._source.read, delimiter)
            names = text.names
            if len(names) == 1 and names[0] not in self.wanted.names:
                for other in _SEPARATORS:
                    if other in names[0]:
                        raise TableError(
                            f"its header has no {quoted(delimiter)} but {quoted(other)}: give --delimiter"
                        )
            choose(names, self.wanted.names)
            yield from self._or_empty(text.batches(), pa.schema([(name, pa.string()) for name in names]))

    def _parquet(self) -> Iterator[pa.RecordBatch]:
        from pyarrow import parquet

        with parquet.ParquetFile(self._open()) as file:
            yield from self._or_empty(file.iter_batches(batch_size=_BATCH_ROWS), file.schema_arrow)

    def _arrow(self) -> Iterator[pa.RecordBatch]:
        source = pa.BufferReader(self._text) if self._text is not None else pa.memory_map(self.path)
        self._source = source
        with source:
            is_file = source.read(6) == b"ARROW1"
            source.seek(0)
            if is_file:
                reader = pa.ipc.open_file(source)
                batches = (reader.get_batch(i) for i in range(reader.num_record_batches))
            else:
                reader = pa.ipc.open_stream(source)
                batches = iter(reader)
            for batch in self._or_empty(batches, reader.schema):
                batch.validate(full=True)
                yield batch

    def _jsonl(self) -> Iterator[pa.RecordBatch]:
        types = {"number": pa.float64(), "text": pa.string(), "events": pa.list_(pa.float64())}
        known = [
            pa.field(f.name, types[f.type]) for f in self.wanted.fields if f.name not in self.wanted.labels
        ]
        with self._bytes() as self._source:
            tables = read_json_lines(self._source, known)
        batches = (batch for table in tables for batch in table.to_batches(max_chunksize=_BATCH_ROWS))
        yield from self._or_empty(batches, tables[0].schema)

    @staticmethod
    def _or_empty(batches: Any, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        empty = True
        for batch in batches:
            empty = False
            yield batch
        if empty:
            yield pa.RecordBatch.from_pylist([], schema=schema)

    def _typed(self, rows: pa.RecordBatch, first: int) -> pa.RecordBatch:
        names = choose(rows.schema.names, self.wanted.names)
        typed = rows.select(names)
        if self._format != "csv":
            return typed
        types = {f.name: f.type for f in self.wanted.fields}
        columns = [
            self._cells(name, column, types.get(name, "text"), first)
            for name, column in zip(names, typed.columns, strict=True)
        ]
        return pa.RecordBatch.from_arrays(columns, names=names)

    def _cells(self, name: str, cells: pa.Array, type: str, first: int) -> pa.Array:
        cells = pc.utf8_trim_whitespace(cells)
        nothing = pc.is_in(cells, value_set=pa.array(["", *self.wanted.missing], pa.string()))
        cells = pc.if_else(nothing, pa.scalar(None, pa.string()), cells)
        if type == "text":
            return cells
        if type == "events":
            items = pc.split_pattern(cells, _EVENTS)
            numbers = self._numbers(name, items.flatten(), first, items, {})
            return pa.ListArray.from_arrays(items.offsets, numbers, mask=items.is_null())
        labels = self.wanted.labels.get(name, _TRUTH)
        if labels is None:
            return self._numbers_or_words(name, cells, first)
        return self._numbers(name, cells, first, None, labels)

    def _numbers(
        self, name: str, cells: pa.Array, first: int, lists: pa.Array | None, labels: Mapping[str, int]
    ) -> pa.Array:
        """The cells as numbers, each by itself: a numeral is its number, a label its rank. Of others the
        first is an error, or all of them become NaN, which refuses their rows."""
        with suppress(pa.ArrowInvalid):
            return pc.cast(cells, pa.float64())
        numeral = pc.match_substring_regex(cells, _NUMBER)
        numbers = pc.cast(pc.if_else(numeral, cells, pa.scalar(None, pa.string())), pa.float64())
        at = pc.index_in(cells, value_set=pa.array(list(labels), pa.string()))
        ranks = pa.array(labels.values(), pa.float64()).take(at)
        made = pc.coalesce(numbers, ranks)
        unknown = pc.and_(pc.is_valid(cells), pc.is_null(made))
        at = pc.index(unknown, True).as_py()
        if at < 0:
            return made
        if self.wanted.refuse:
            return pc.if_else(unknown, pa.scalar(math.nan), made)
        row = at if lists is None else pc.list_parent_indices(lists)[at].as_py()
        text = cells[at].as_py()
        raise TableError(
            f"row {first + row}, column {quoted(name)}: {quoted(text)} {self._what(name, text, labels)}"
        )

    def _what(self, name: str, text: str, labels: Mapping[str, int]) -> str:
        if name in self.wanted.labels:
            return f"is neither a number nor a label of its scale: {', '.join(map(quoted, labels))}"
        hint = f" (--missing {text} if it means missing)" if text.casefold() in _MISSING_WORDS else ""
        return f"is not a number{hint}"

    def _numbers_or_words(self, name: str, cells: pa.Array, first: int) -> pa.Array:
        """For scales that do not agree on their labels: the first cell of the file says whether the column
        has numbers or words."""
        if name not in self._words:
            given = cells.drop_null()
            if len(given) == 0:
                return cells
            self._words[name] = not pc.match_substring_regex(given[:1], _NUMBER)[0].as_py()
        return cells if self._words[name] else self._numbers(name, cells, first, None, {})


class Output:
    """A table file being written: a batch is written while the next ones are read and scored."""

    def __init__(self, path: str, format: str | None, file: IO[bytes]) -> None:
        self._format = format_of(path, format, "--output-format")
        self._tab = path.lower().endswith(".tsv")
        self._file = file
        self._writer: Any = None
        self._behind = Behind(self._write)

    def write(self, batch: pa.RecordBatch) -> None:
        """Takes a batch. An error of one before it comes out here, or at the end."""
        self._behind.put(batch)

    def __enter__(self) -> Output:
        return self

    def __exit__(self, *failure: Any) -> None:
        try:
            self._behind.__exit__(*failure)
        except BaseException:
            failure = sys.exc_info()
            raise
        finally:
            if self._writer is not None:
                self._writer.__exit__(*failure)

    def _write(self, batch: pa.RecordBatch) -> None:
        if self._format == "jsonl":
            for row in batch.to_pylist():
                text = json.dumps(row, ensure_ascii=False, default=_plain, allow_nan=False)
                self._file.write(text.encode() + b"\n")
            return
        if self._format == "csv":
            batch = _flat(batch)
        if self._writer is None:
            self._writer = self._open(batch.schema)
        self._writer.write_batch(batch)

    def _open(self, schema: pa.Schema) -> Any:
        if self._format == "csv":
            from pyarrow import csv

            delimiter = "\t" if self._tab else ","
            return csv.CSVWriter(self._file, schema, write_options=csv.WriteOptions(delimiter=delimiter))
        if self._format == "parquet":
            return ParquetOutput(self._file, schema)
        return pa.ipc.new_file(self._file, schema)


@contextmanager
def output(path: str, format: str | None) -> Iterator[Output]:
    """A file to write; left out altogether when the block fails. "-" is standard output."""
    if path == "-":
        try:
            with binary_output() as file, Output(path, format, file) as out:
                yield out
        except BrokenPipeError:
            raise ReaderGone from None
        return
    format_of(path, format, "--output-format")
    with complete_file(path) as partial, open(partial, "wb") as file, Output(path, format, file) as out:
        yield out


def one_line(error: BaseException) -> str:
    """The first line of an error of Arrow, without what its source code says of itself."""
    lines = str(error).splitlines() or [type(error).__name__]
    return lines[0].strip().rstrip(".")


def _plain(value: Any) -> Any:
    """What JSON has no type for: whole numbers of any size as numbers, all else as texts."""
    if isinstance(value, Decimal) and value.as_tuple().exponent == 0:
        return int(value)
    return str(value)


def _flat(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Lists as texts and dictionaries as their words, as CSV needs it."""
    columns = []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        is_list = pa.types.is_list(column.type) or pa.types.is_large_list(column.type)
        if pa.types.is_nested(column.type.value_type if is_list else column.type):
            raise TableError(
                f"column {quoted(name)} is of type {column.type}, which CSV cannot hold: give another format"
            )
        if pa.types.is_null(column.type):
            column = pc.cast(column, pa.string())
        if is_list:
            column = pc.binary_join(pc.cast(column, pa.list_(pa.string())), _EVENTS)
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def labels(*policies: Policy) -> dict[str, dict[str, int] | None]:
    """By field of numbers that also takes the labels of its scale: the rank of each. None where two scales do
    not agree."""
    found: dict[str, dict[str, int] | None] = {}
    for policy in policies:
        document = policy.document
        ranks = {
            scale["id"]: {
                text: int(label["rank"])
                for label in scale["labels"]
                for text in [*label.get("label", {}).values(), *label.get("aliases", ())]
            }
            for scale in document.get("scales", ())
            if scale.get("labels")
        }
        for metric in document.get("metrics", ()):
            if metric.get("scale") in ranks and "number" in metric:
                field = metric["number"].get("field", metric["id"])
                own = ranks[metric["scale"]]
                found[field] = own if found.get(field, own) == own else None
    return found


def keys_of(subject: str | None, period: str | None) -> list[str]:
    """The columns of subject and period, or none."""
    if (subject is None) != (period is None):
        raise ValueError("subject and period: give both --subject and --period, or none")
    return [key for key in (subject, period) if key is not None]


def need_keys(vetoes: Sequence[str], keys: Sequence[str], each_row_alone: bool) -> None:
    """Raises where one of the `vetoes` reaches all rows of a subject in a period and nothing says which these
    are."""
    if each_row_alone and keys:
        raise ValueError("--each-row-alone together with --subject and --period: give one of them")
    if vetoes and not keys and not each_row_alone:
        raise ValueError(
            f"veto '{vetoes[0]}' reaches all rows of a subject in a period: name their columns with "
            "--subject and --period, or give --each-row-alone"
        )


def hint(chunk: Chunk, wanted: Wanted, path: str) -> None:
    """Notes, with the first chunk, which columns may be misspelt."""
    if chunk.first == 1:
        for name, near in hints(chunk.rows.schema.names, wanted.names).items():
            note(f"{path}: it has no column '{name}'{near}")


def row_of_file(error: TableError, path: str, first: int) -> TableError:
    """An error about rows as one about their file, as which it stays where it is one already. Rows count from
    1 there; `first` is the first of these."""
    if error.path == path:
        return error
    return TableError(f"{path}: {counted_from(first, error)}", code=error.code, path=path)
