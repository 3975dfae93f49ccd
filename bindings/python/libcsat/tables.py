"""Tables in and out: the columns a plan needs are handed over without a copy, the results come back in a
table of the same kind as the one given.

Kinds: pandas DataFrame, Polars DataFrame and LazyFrame, pyarrow Table, RecordBatch and RecordBatchReader,
DuckDB relation. Anything else that has ``__arrow_c_stream__`` or ``__arrow_c_array__`` comes back as a
pyarrow Table.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from libcsat.error import NoTableError, TableError

if TYPE_CHECKING:
    import pyarrow as pa

# Columns above which none is looked at for a name that is near.
_MOST_COMPARED = 1000

# Stands for the rows of a table of which no column is wanted: without one they would not be counted.
_NO_COLUMN = ""

# Scores the columns of an object with the Arrow PyCapsule interface; gives back one with the result columns.
Scorer = Callable[[Any], Any]


def package_of(table: object) -> str:
    """Name of the top-level package that defines the type of `table`, itself or by a base class."""
    known = ("pandas", "polars", "pyarrow", "duckdb", "_duckdb")
    for base in type(table).__mro__:
        package = (base.__module__ or "").partition(".")[0]
        if package in known:
            return package.lstrip("_")
    return ""


def score_table(
    table: Any, wanted: Iterable[str], made: Callable[[Sequence[str]], None], score: Scorer, whole: bool
) -> Any:
    """Scores `table`, handing to `score` only those of its columns that are `wanted`.

    `made` is told the table's column names before the work begins and raises where a result column would
    clash with one. With `whole`, a stream of batches is gathered first, because rows of one batch may decide
    about another's.

    Raises:
        TableError: what is given is no table, or pyarrow cannot turn it into columns that it knows.
    """
    with _arrow_errors():
        return _score_kind(table, wanted, made, score, whole)


def _no_table(what: Any, hint: str = "pyarrow.table() makes one of a dict of columns") -> NoTableError:
    package, kind = package_of(what), type(what).__name__
    if kind == "Series":
        name = getattr(what, "name", None)
        named = f" '{name}'" if name not in (None, "") else ""
        return NoTableError(f"a {package} Series{named} is not a table: give a DataFrame")
    hint = f" ({hint})" if isinstance(what, dict) else ""
    lacks = "it has neither __arrow_c_stream__ nor __arrow_c_array__"
    return NoTableError(f"{kind} is not a table: {lacks}{hint}")


@contextmanager
def _arrow_errors() -> Iterator[None]:
    """Errors of Arrow's own as TableError."""
    try:
        yield
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "pyarrow" or isinstance(error, MemoryError):
            raise
        raise TableError(_one_line(error)) from None


def _one_line(error: Exception) -> str:
    return " ".join(str(error.args[0] if error.args else error).split())


def _without_types(table: pa.Table) -> pa.Table:
    """The table with columns of nulls in place of those of floats that have no value: pandas keeps texts and
    lists that are not there as NaN."""
    import pyarrow as pa

    for at, column in enumerate(table.columns):
        if pa.types.is_floating(column.type) and column.null_count == len(column):
            table = table.set_column(at, table.field(at).name, pa.nulls(len(column)))
    return table


def _arrow_of_pandas(
    frame: Any, names: Sequence[str], wanted: Iterable[str], as_they_are: bool = False
) -> pa.Table:
    """The wanted columns of a DataFrame, which are called `names`; without a copy where Arrow needs none. A
    column without any value has no type, but where all are wanted `as_they_are`.

    Raises:
        TableError: one of them has values that Arrow has no type for.
    """
    import pyarrow as pa

    chosen = choose(names, wanted)
    if not chosen:
        return pa.table({_NO_COLUMN: pa.nulls(len(frame))})
    plain = frame.iloc[:, [names.index(name) for name in chosen]].reset_index(drop=True)
    plain.columns = chosen
    try:
        made = pa.Table.from_pandas(plain, preserve_index=False)
        return made if as_they_are else _without_types(made)
    except (pa.ArrowException, OverflowError, TypeError, ValueError) as error:
        for name in chosen:
            try:
                pa.Table.from_pandas(plain[[name]], preserve_index=False)
            except (pa.ArrowException, OverflowError, TypeError, ValueError) as why:
                raise TableError(f"column '{name}' of type {plain[name].dtype}: {_one_line(why)}") from None
        raise TableError(_one_line(error)) from None


def _score_kind(
    table: Any, wanted: Iterable[str], made: Callable[[Sequence[str]], None], score: Scorer, whole: bool
) -> Any:
    package = package_of(table)
    if package == "polars":
        return _score_polars(table, wanted, made, score)
    if package == "pandas":
        return _score_pandas(table, wanted, made, score)
    if package == "duckdb":
        import duckdb

        scored = _score_arrow(table.to_arrow_table(), wanted, made, score)
        return duckdb.from_arrow(scored)
    if package == "pyarrow":
        import pyarrow as pa

        if isinstance(table, pa.RecordBatchReader) and not whole:
            return _score_reader(table, wanted, made, score)
        if isinstance(table, pa.RecordBatch):
            return _score_batch(table, wanted, made, score)
        if isinstance(table, pa.Table):
            return _score_arrow(table, wanted, made, score)
    if hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__"):
        return _score_arrow(_to_arrow(table), wanted, made, score)
    raise _no_table(table, "score_one() takes a single record")


def choose(names: Sequence[str], wanted: Iterable[str]) -> list[str]:
    """Those of `names` that are `wanted`, in table order.

    Raises:
        TableError: one of them stands there twice.
    """
    wanted = set(wanted)
    chosen = [name for name in names if name in wanted]
    for name in chosen:
        if chosen.count(name) > 1:
            raise TableError(f"column '{name}' is in the table {chosen.count(name)} times")
    return chosen


def hints(names: Sequence[str], wanted: Iterable[str]) -> dict[str, str]:
    """For each wanted name that is near to one of the `names` which are not wanted: that name."""
    known, there = set(wanted), set(names)
    spare = [name for name in names if name not in known]
    if len(spare) > _MOST_COMPARED:
        return {}
    near = {name: nearest(name, spare) for name in sorted(known - there)}
    return {name: hint for name, hint in near.items() if hint}


def nearest(name: str, names: Iterable[str]) -> str:
    """A hint such as " (did you mean 'complaints'?)", or "" where no name is near."""
    folded = {other.casefold().replace(" ", "_").replace("-", "_"): other for other in names}
    found = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.75)
    return f" (is it '{folded[found[0]]}'?)" if found else ""


def kept(table: Any) -> Any:
    """The table; of one that gives its rows but once, the rows."""
    if package_of(table) in ("pandas", "polars", "duckdb") or not hasattr(table, "__arrow_c_stream__"):
        return table
    with _arrow_errors():
        return _to_arrow(table)


def with_nulls(table: Any, names: Iterable[str]) -> pa.Table:
    """The table with columns of these names in which every value is missing."""
    import pyarrow as pa

    made = _to_arrow(table)
    for name in names:
        made = made.append_column(name, pa.nulls(made.num_rows))
    return made


def one_batch(table: Any) -> pa.RecordBatch:
    """All rows of a table in one batch; without a copy where they lie in one already.

    Raises:
        TableError: they have too much text for one.
    """
    import pyarrow as pa

    whole = _to_arrow(table).combine_chunks()
    batches = whole.to_batches()
    if len(batches) > 1:
        raise TableError(f"{whole.num_rows} rows are too much for one batch, which subject and period need")
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=whole.schema)


def batches_of(table: Any, wanted: Iterable[str], whole: bool) -> Iterator[tuple[list[str], pa.RecordBatch]]:
    """The rows of a table of any kind, batch by batch, all in one with `whole`; at least one batch. With each
    the column names of the table; the batch has those of its columns that are `wanted`.

    Raises:
        TableError: what is given is no table, or pyarrow cannot turn it into columns that it knows; a wanted
            column is there twice; with `whole`, the rows have too much text for one batch.
    """
    with _arrow_errors():
        yield from _batches_of(table, set(wanted), whole)


def _batches_of(table: Any, wanted: set[str], whole: bool) -> Iterator[tuple[list[str], pa.RecordBatch]]:
    import pyarrow as pa

    names, columns = _columns_of(table, wanted)
    if whole or not hasattr(columns, "__arrow_c_stream__"):
        yield names, one_batch(columns)
        return
    reader = pa.RecordBatchReader.from_stream(columns)
    empty = True
    for batch in reader:
        chosen = choose(batch.schema.names, wanted)
        yield names, batch if len(chosen) == batch.num_columns else batch.select(chosen)
        empty = False
    if empty:
        chosen = choose(reader.schema.names, wanted)
        yield names, pa.RecordBatch.from_pylist([], schema=reader.schema).select(chosen)


def stream_of(table: Any, wanted: Iterable[str]) -> tuple[list[str], pa.RecordBatchReader]:
    """The column names of a table of any kind, and a reader of those of its columns that are `wanted`.

    Raises:
        TableError: what is given is no table, or pyarrow cannot turn it into columns that it knows; a wanted
            column is there twice.
    """
    with _arrow_errors():
        return _stream_of(table, set(wanted))


def _stream_of(table: Any, wanted: set[str]) -> tuple[list[str], pa.RecordBatchReader]:
    import pyarrow as pa

    names, columns = _columns_of(table, wanted)
    if isinstance(columns, pa.RecordBatchReader):
        chosen = choose(names, wanted)
        if len(chosen) == len(names):
            return names, columns
        schema = pa.schema([columns.schema.field(name) for name in chosen])
        return names, pa.RecordBatchReader.from_batches(schema, (batch.select(chosen) for batch in columns))
    if hasattr(columns, "__arrow_c_stream__"):
        return names, pa.RecordBatchReader.from_stream(columns)
    batch = one_batch(columns)
    return names, pa.RecordBatchReader.from_batches(batch.schema, [batch])


def columns_of(table: Any, wanted: Iterable[str] | None = None) -> tuple[list[str], pa.Table]:
    """The column names of a table of any kind, and those of its columns that are `wanted`; None: all of them.

    Raises:
        TableError: as `stream_of()`.
    """
    with _arrow_errors():
        if wanted is None:
            package = package_of(table)
            if package not in ("pandas", "polars", "duckdb"):
                whole = _to_arrow(table)
                return list(whole.column_names), whole
            if package == "pandas" and hasattr(table, "columns"):
                names = list(map(str, table.columns))
                return names, _arrow_of_pandas(table, names, names, as_they_are=True)
            table = table.collect() if package == "polars" and hasattr(table, "collect") else table
            wanted = list(map(str, table.columns))
        names, reader = _stream_of(table, set(wanted))
        return names, reader.read_all()


def _columns_of(table: Any, wanted: set[str]) -> tuple[list[str], Any]:
    """The column names of a table, and an object with the Arrow PyCapsule interface that has those which are
    `wanted`; a reader of batches as it is."""
    import pyarrow as pa

    package = package_of(table)
    if package == "polars":
        table = table.collect() if hasattr(table, "collect") else table
        if not hasattr(table, "columns"):
            raise _no_table(table)
        return list(table.columns), _polars_columns(table, wanted)
    if package == "pandas":
        if not hasattr(table, "columns"):
            raise _no_table(table)
        names = list(map(str, table.columns))
        return names, _arrow_of_pandas(table, names, wanted)
    if package == "duckdb":
        table = table.to_arrow_table()
    if isinstance(table, pa.RecordBatchReader):
        return list(table.schema.names), table
    if not (hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__")):
        raise _no_table(table)
    whole = _to_arrow(table)
    return list(whole.column_names), whole.select(choose(whole.column_names, wanted))


def check_absent(absent: Sequence[str], fields: Sequence[str], names: Sequence[str] = ()) -> None:
    """Raises TableError where a name of `absent` is no field, or one of the table's column `names`."""
    for name in absent:
        if name not in fields:
            raise TableError(f"absent '{name}' is no field that is read{nearest(name, fields)}")
        if name in names:
            raise TableError(f"absent '{name}' is a column of the table")


def add_hint(error: TableError, names: Sequence[str], wanted: Sequence[str]) -> None:
    """Says in an error about a missing column which of the table's `names` may be meant."""
    near = hints(names, wanted)
    for name in wanted:
        if f"column '{name}' is missing" in str(error):
            hint = near.get(name, "")
            if not hint and "key column" not in str(error):
                hint = " (name it as absent if the table leaves it out on purpose)"
            error.args = (f"{error}{hint}",)


def counted_from(first: int, error: TableError) -> TableError:
    """An error about a row, its number counted from the `first` of a batch."""
    message = re.sub(r"^row (\d+)", lambda match: f"row {first + int(match[1])}", str(error))
    return TableError(message, code=error.code, path=error.path)


def same_kind(package: str, table: pa.Table) -> Any:
    """The table as one of a package: a pandas or Polars DataFrame, a DuckDB relation on the default
    connection; for any other itself."""
    if package == "pandas":
        return table.to_pandas()
    if package == "polars":
        import polars

        return polars.from_arrow(table)
    if package == "duckdb":
        import duckdb

        return duckdb.from_arrow(table)
    return table


def take_rows(table: Any, indices: Any) -> Any:
    """Rows of a table, by an Arrow array of their indices, as a table of the same kind."""
    import pyarrow as pa

    package = package_of(table)
    if package == "pandas":
        return table.iloc[indices.to_numpy()]
    if package == "polars":
        return table[indices.to_numpy()]
    if package == "duckdb":
        return same_kind(package, table.to_arrow_table().take(indices))
    if isinstance(table, (pa.Table, pa.RecordBatch)):
        return table.take(indices)
    return pa.Table.from_batches([one_batch(table).take(indices)])


def floats_of_decimals(table: pa.Table) -> pa.Table:
    """The table with its columns of decimal128(18, 6) as the nearest float64."""
    import pyarrow as pa
    import pyarrow.compute as pc

    million = pa.scalar(Decimal(1_000_000), pa.decimal128(7, 0))
    for i, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            # Whole millionths are exact as float64, and one division is rounded once.
            micros = pc.cast(pc.multiply(table.column(i), million), pa.int64())
            table = table.set_column(i, field.name, pc.divide(pc.cast(micros, pa.float64()), 1e6))
    return table


def _to_arrow(table: Any) -> pa.Table:
    import pyarrow as pa

    if isinstance(table, pa.Table):
        return table
    if hasattr(table, "__arrow_c_stream__"):
        return pa.RecordBatchReader.from_stream(table).read_all()
    return pa.Table.from_batches([pa.record_batch(table)])


def _score_arrow(table: Any, wanted: Any, made: Any, score: Scorer) -> Any:
    made(table.column_names)
    result = _to_arrow(score(table.select(choose(table.column_names, wanted))))
    for field, column in zip(result.schema, result.columns, strict=True):
        table = table.append_column(field, column)
    return table


def _score_batch(batch: Any, wanted: Any, made: Any, score: Scorer) -> Any:
    import pyarrow as pa

    made(batch.schema.names)
    result = one_batch(score(batch.select(choose(batch.schema.names, wanted))))
    return pa.RecordBatch.from_arrays(
        batch.columns + result.columns,
        schema=pa.schema([*batch.schema, *result.schema], batch.schema.metadata),
    )


def _score_reader(reader: Any, wanted: Any, made: Any, score: Scorer) -> Any:
    import pyarrow as pa

    made(reader.schema.names)
    empty = pa.RecordBatch.from_pylist([], schema=reader.schema)
    schema = _score_batch(empty, wanted, made, score).schema

    def batches() -> Any:
        before = 0
        for batch in reader:
            try:
                yield _score_batch(batch, wanted, made, score)
            except TableError as error:
                raise counted_from(before, error) from None
            before += batch.num_rows

    return pa.RecordBatchReader.from_batches(schema, batches())


def _score_polars(table: Any, wanted: Any, made: Any, score: Scorer) -> Any:
    import polars

    if isinstance(table, polars.LazyFrame):
        return _score_polars(table.collect(), wanted, made, score).lazy()
    if isinstance(table, polars.Series):
        raise _no_table(table)
    made(table.columns)
    result = polars.DataFrame(score(_polars_columns(table, wanted)))
    return table.hstack(result)


def _polars_columns(table: Any, wanted: Iterable[str]) -> Any:
    import polars

    chosen = choose(table.columns, wanted)
    return table.select(chosen) if chosen else polars.DataFrame({_NO_COLUMN: [None] * table.height})


def _score_pandas(table: Any, wanted: Any, made: Any, score: Scorer) -> Any:
    if not hasattr(table, "columns"):
        raise _no_table(table)
    names = list(map(str, table.columns))
    made(names)
    result = _to_arrow(score(_arrow_of_pandas(table, names, wanted))).to_pandas()
    return table.assign(**{name: column.array for name, column in result.items()})
