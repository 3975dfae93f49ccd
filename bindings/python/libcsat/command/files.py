"""Table files: CSV, Parquet, Arrow IPC and JSON lines, read strictly and batch by batch, written whole or not
at all."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc

from libcsat.command.terminal import note
from libcsat.error import TableError
from libcsat.parquet import ParquetOutput
from libcsat.policy import Field, Policy
from libcsat.tables import choose, counted_from, hints, one_batch
from libcsat.writing import Behind, complete_file

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
# Characters of a cell that a message shows.
_SHOWN = 60
_BATCH_ROWS = 1 << 17
_CSV_BLOCK = 4 << 20
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
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
        labelled: Fields that also take the labels of a rating scale.
        missing: Texts of a CSV cell that mean "missing", besides the empty one.
        delimiter: Of CSV cells; None for a comma, or a tab in .tsv files.
    """

    fields: Sequence[Field]
    keys: Sequence[str] = ()
    labelled: frozenset[str] = frozenset()
    missing: Sequence[str] = ()
    delimiter: str | None = None

    @property
    def names(self) -> list[str]:
        return [f.name for f in self.fields] + list(self.keys)


def format_of(path: str, given: str | None) -> str:
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
        raise TableError(f"{path}: extension '{Path(path).suffix}' is none of {known}: give --format")
    return found


class ReaderGone(Exception):
    """Who read standard output has had enough; not a fault."""


class Input:
    """A table file being read.

    Attributes:
        path: Its name; "-" for standard input, which is read whole first.
        size: Bytes of the file.
    """

    def __init__(self, path: str, format: str | None, wanted: Wanted) -> None:
        self.path = path
        self._format = format_of(path, format)
        self._wanted = wanted
        self._text: bytes | None = sys.stdin.buffer.read() if path == "-" else None
        self.size = len(self._text) if self._text is not None else os.stat(path).st_size
        self._source: Any = None

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return 0 if self._source is None or self._source.closed else int(self._source.tell())

    def chunks(self) -> Iterator[Chunk]:
        """The rows, batch by batch.

        Raises:
            TableError: the file does not hold such a table; the message begins with its name.
        """
        read = {"csv": self._csv, "parquet": self._parquet, "arrow": self._arrow, "jsonl": self._jsonl}
        first = 1
        try:
            for rows in read[self._format]():
                yield Chunk(rows, self._typed(rows, first), first)
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

    def _blocks(self) -> Iterator[bytes]:
        if self._text is not None:
            yield self._text
            return
        with open(self.path, "rb") as file:
            while block := file.read(_CSV_BLOCK):
                yield block

    def _csv(self) -> Iterator[pa.RecordBatch]:
        from pyarrow import csv

        # A cell that is left open would swallow the rows after it.
        if sum(block.count(b'"') for block in self._blocks()) % 2 == 1:
            raise TableError("a quoted cell is not closed: the file has an odd number of quotes")
        delimiter = self._wanted.delimiter or ("\t" if self.path.lower().endswith(".tsv") else ",")
        parse = csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
        read = csv.ReadOptions(block_size=_CSV_BLOCK)
        with self._open() as head:
            names = csv.open_csv(head, read, parse).schema.names
        if len(names) == 1 and names[0] not in self._wanted.names:
            for other in _SEPARATORS:
                if other in names[0]:
                    raise TableError(f"its header has no '{delimiter}' but '{other}': give --delimiter")
        choose(names, self._wanted.names)
        # Texts, so that cells which are not read come out as they went in.
        convert = csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
        )
        with self._open() as file:
            reader = csv.open_csv(file, read, parse, convert)
            yield from self._or_empty(reader, reader.schema)

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
        from pyarrow import json as arrow_json

        types = {"number": pa.float64(), "text": pa.string(), "events": pa.list_(pa.float64())}
        known = [
            pa.field(f.name, types[f.type])
            for f in self._wanted.fields
            if f.name not in self._wanted.labelled
        ]
        if next(self._blocks(), b"").lstrip()[:1] == b"[":
            raise TableError("it is a JSON array, not one JSON object on each line")
        with self._open() as file:
            table = arrow_json.read_json(
                file,
                arrow_json.ReadOptions(block_size=_CSV_BLOCK),
                arrow_json.ParseOptions(explicit_schema=pa.schema(known), unexpected_field_behavior="infer"),
            )
        given = [
            name for name in table.column_names if table[name].null_count < len(table) or len(table) == 0
        ]
        table = table.select(given)
        yield from self._or_empty(table.to_batches(max_chunksize=_BATCH_ROWS), table.schema)

    @staticmethod
    def _or_empty(batches: Any, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        empty = True
        for batch in batches:
            empty = False
            yield batch
        if empty:
            yield pa.RecordBatch.from_pylist([], schema=schema)

    def _typed(self, rows: pa.RecordBatch, first: int) -> pa.RecordBatch:
        names = choose(rows.schema.names, self._wanted.names)
        typed = rows.select(names)
        if self._format != "csv":
            return typed
        types = {f.name: f.type for f in self._wanted.fields}
        columns = [
            self._cells(name, column, types.get(name, "text"), first)
            for name, column in zip(names, typed.columns, strict=True)
        ]
        return pa.RecordBatch.from_arrays(columns, names=names)

    def _cells(self, name: str, cells: pa.Array, type: str, first: int) -> pa.Array:
        cells = pc.utf8_trim_whitespace(cells)
        nothing = pc.is_in(cells, value_set=pa.array(["", *self._wanted.missing], pa.string()))
        cells = pc.if_else(nothing, pa.scalar(None, pa.string()), cells)
        if type == "text":
            return cells
        if type == "events":
            items = pc.split_pattern(cells, _EVENTS)
            numbers = self._numbers(name, items.flatten(), first, items)
            return pa.ListArray.from_arrays(items.offsets, numbers, mask=items.is_null())
        return self._numbers(name, cells, first, None)

    def _numbers(self, name: str, cells: pa.Array, first: int, lists: pa.Array | None) -> pa.Array:
        try:
            return pc.cast(cells, pa.float64())
        except pa.ArrowInvalid:
            pass
        if lists is None:
            if name in self._wanted.labelled:
                return cells
            with suppress(pa.ArrowInvalid):
                return pc.cast(cells, pa.bool_())
        plain = pc.fill_null(pc.match_substring_regex(cells, _NUMBER), True)
        at = pc.index(plain, False).as_py()
        row = at if lists is None else pc.list_parent_indices(lists)[at].as_py()
        text = " ".join(cells[at].as_py()[:_SHOWN].split())
        raise TableError(f"row {first + row}, column '{name}': '{text}' is not a number")


class Output:
    """A table file being written: a batch is written while the next ones are read and scored."""

    def __init__(self, path: str, format: str | None, file: IO[bytes]) -> None:
        self._format = format_of(path, format)
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
                text = json.dumps(row, ensure_ascii=False, default=str, allow_nan=False)
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
            with Output(path, format, sys.stdout.buffer) as out:
                yield out
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise ReaderGone from None
        return
    format_of(path, format)
    with complete_file(path) as partial, open(partial, "wb") as file, Output(path, format, file) as out:
        yield out


def one_line(error: BaseException) -> str:
    """The first line of an error of Arrow, without what its source code says of itself."""
    lines = str(error).splitlines() or [type(error).__name__]
    return lines[0].strip().rstrip(".")


def _flat(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Lists as texts and dictionaries as their words, as CSV needs it."""
    columns = []
    for column in batch.columns:
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
            column = pc.binary_join(pc.cast(column, pa.list_(pa.string())), _EVENTS)
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def labelled(policy: Policy) -> frozenset[str]:
    """Fields of numbers that also take the labels of their scale."""
    document = policy.document
    scales = {scale["id"] for scale in document.get("scales", ()) if scale.get("labels")}
    return frozenset(
        metric.get("number", {}).get("field", metric["id"])
        for metric in document.get("metrics", ())
        if metric.get("scale") in scales and "number" in metric
    )


def hint(chunk: Chunk, wanted: Wanted, path: str) -> None:
    """Notes, with the first chunk, which columns may be misspelt."""
    if chunk.first == 1:
        for name, near in hints(chunk.rows.schema.names, wanted.names).items():
            note(f"{path}: it has no column '{name}'{near}")


def row_of_file(error: TableError, path: str, first: int) -> TableError:
    """An error about rows as one about their file. Rows count from 1 there; `first` is the first of these."""
    return TableError(f"{path}: {counted_from(first, error)}", code=error.code, path=path)
