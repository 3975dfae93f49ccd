"""Tables that keep their columns' types: Parquet, Arrow files and streams, Feather, and cases of an SPSS
file."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from libcsat.error import TableError
from libcsat.intake.extras import need
from libcsat.intake.limits import Limits
from libcsat.intake.raw import Progress, Raw
from libcsat.intake.rejections import Rejections

_BATCH_ROWS = 1 << 16


@dataclass
class Variable:
    """What an SPSS file says of a variable.

    Attributes:
        missing: Ranges of user-missing values, both ends in.
        set: Name of the multiple-response set that it belongs to.
    """

    name: str
    label: str | None = None
    labels: dict[Any, str] = field(default_factory=dict)
    missing: list[tuple[Any, Any]] = field(default_factory=list)
    measure: str | None = None
    set: str | None = None


def read_arrow(
    path: str, limits: Limits, done: Progress = lambda read: None
) -> tuple[pa.Table, dict[str, str]]:
    """A Parquet, Arrow or Feather file, and what it is."""
    with open(path, "rb") as file:
        magic = file.read(6)
    try:
        kind, batches, schema = _open(path, magic)
        if len(schema.names) > limits.columns:
            raise TableError(f"{path}: it has more than {limits.columns} columns", path=path)
        read = []
        for batch in batches:
            batch.validate(full=True)
            read.append(batch)
            done(sum(len(part) for part in read))
        return pa.Table.from_batches(read, schema=schema), {"format": kind}
    except (pa.ArrowException, UnicodeError, EOFError, OSError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        lines = str(error).splitlines() or [type(error).__name__]
        raise TableError(f"{path}: {lines[0].strip().rstrip('.')}", path=path) from None


def _open(path: str, magic: bytes) -> tuple[str, Iterator[pa.RecordBatch], pa.Schema]:
    if magic[:4] == b"PAR1":
        from pyarrow import parquet

        packed = parquet.ParquetFile(pa.OSFile(path))
        return "Parquet", packed.iter_batches(batch_size=_BATCH_ROWS), packed.schema_arrow
    if magic == b"ARROW1":
        file = pa.ipc.open_file(pa.OSFile(path))
        return "Arrow file", (file.get_batch(i) for i in range(file.num_record_batches)), file.schema
    if magic[:4] == b"FEA1":
        from pyarrow import feather

        table = feather.read_table(path)
        return "Feather", iter(table.to_batches()), table.schema
    stream = pa.ipc.open_stream(pa.OSFile(path))
    return "Arrow stream", iter(stream), stream.schema


def raw_of(table: pa.Table) -> Raw:
    """A table's columns as cells; rows count from 1."""
    columns = [_one(table.column(i)) for i in range(table.num_columns)]
    count = table.num_rows
    rows = pa.array(range(1, count + 1), pa.int64())
    return Raw(table.column_names, columns, rows, count, count, count, [])


def _one(column: pa.ChunkedArray) -> pa.Array:
    """One array: texts as a dictionary, numbers and times as they are."""
    type = column.type
    if pa.types.is_dictionary(type):
        column, type = column.cast(type.value_type), type.value_type
    if pa.types.is_large_string(type) or pa.types.is_string(type) or type == pa.string_view():
        column = column.cast(pa.string()).dictionary_encode()
        type = pa.dictionary(pa.int32(), pa.string())
    if pa.types.is_null(type):
        return pa.nulls(len(column), pa.string()).dictionary_encode()
    whole = pa.chunked_array(column.chunks, type).combine_chunks()
    return whole if isinstance(whole, pa.Array) else pa.concat_arrays(whole.chunks)


def without_bad_texts(raw: Raw, rejections: Rejections) -> None:
    """Refuses rows whose texts hold a NUL."""
    for heading, column in zip(raw.headings, raw.columns, strict=True):
        if not pa.types.is_dictionary(column.type):
            continue
        bad = pc.match_substring(column.dictionary, "\0")
        if not pc.any(bad, min_count=0).as_py():
            continue
        at = pc.indices_nonzero(pc.fill_null(bad.take(column.indices), False))
        for index in at.to_pylist():
            rejections.add("nul-character", raw.rows[index].as_py(), heading, column[index].as_py())


def read_spss(
    path: str, limits: Limits, encoding: str | None, done: Progress = lambda read: None
) -> tuple[pa.Table, list[Variable], dict[str, str]]:
    """The cases of an SPSS system file with what it says of its variables."""
    spss = need("pyreadstat", "spss", "SPSS files")
    options = {"user_missing": True, "output_format": "dict", "encoding": encoding}
    try:
        _, about = spss.read_sav(path, metadataonly=True, **options)
        names = list(about.column_names)
        if len(names) > limits.columns:
            raise TableError(f"{path}: it has more than {limits.columns} variables", path=path)
        parts: dict[str, list[pa.Array]] = {name: [] for name in names}
        cases = offset = 0
        while True:
            chunk, about = spss.read_sav(path, row_offset=offset, row_limit=_BATCH_ROWS, **options)
            read = max((len(values) for values in chunk.values()), default=0)
            for name in names:
                parts[name].append(_spss_array(chunk[name]))
            cases, offset = cases + read, offset + read
            done(offset)
            if read < _BATCH_ROWS:
                break
    except (spss.ReadstatError, spss.PyreadstatError, UnicodeError, OverflowError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        lines = str(error).splitlines() or [type(error).__name__]
        raise TableError(f"{path}: no readable SPSS file: {lines[0]}", path=path) from None
    columns = [_joined(parts[name]) for name in names]
    table = pa.Table.from_arrays(columns, names=names)
    return table, [_variable(name, about) for name in names], {"encoding": str(about.file_encoding)}


def _variable(name: str, about: Any) -> Variable:
    ranges = [(part["lo"], part["hi"]) for part in about.missing_ranges.get(name, ())]
    return Variable(
        name,
        about.column_names_to_labels.get(name) or None,
        dict(about.variable_value_labels.get(name, {})),
        ranges,
        about.variable_measure.get(name),
        next((key for key, part in (about.mr_sets or {}).items() if name in part["variable_list"]), None),
    )


def _spss_array(values: Sequence[Any]) -> pa.Array:
    known = next((value for value in values if value is not None), None)
    if isinstance(known, (datetime.datetime, datetime.date)):
        return pa.array(values, pa.timestamp("ms") if isinstance(known, datetime.datetime) else pa.date32())
    if isinstance(known, datetime.time):
        return pa.array([None if value is None else str(value) for value in values], pa.string())
    if isinstance(known, str):
        return pa.array(values, pa.string())
    # NaN is SPSS's system-missing value.
    return pa.array(values, pa.float64() if known is not None else pa.null(), from_pandas=True)


def _joined(parts: list[pa.Array]) -> pa.ChunkedArray:
    type = next((part.type for part in parts if not pa.types.is_null(part.type)), pa.null())
    return pa.chunked_array([part.cast(type) for part in parts], type)
