"""Tables in and out: the columns a plan needs are handed over without a copy, the results come back in a
table of the same kind as the one given.

Kinds: pandas DataFrame, Polars DataFrame and LazyFrame, pyarrow Table, RecordBatch and RecordBatchReader,
DuckDB relation. Anything else that has ``__arrow_c_stream__`` or ``__arrow_c_array__`` comes back as a
pyarrow Table.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from libcsat.error import TableError

if TYPE_CHECKING:
    import pyarrow as pa

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
    table: Any,
    wanted: Iterable[str],
    required: Iterable[str],
    made: Callable[[Sequence[str]], None],
    score: Scorer,
    whole: bool,
) -> Any:
    """Scores `table`, handing to `score` only those of its columns that are `wanted`.

    `made` is told the table's column names before the work begins and raises where a result column would
    clash with one. With `whole`, a stream of batches is gathered first, because rows of one batch may decide
    about another's.
    """
    package = package_of(table)
    if package == "polars":
        return _score_polars(table, wanted, required, made, score)
    if package == "pandas":
        return _score_pandas(table, wanted, required, made, score)
    if package == "duckdb":
        import duckdb

        scored = _score_arrow(table.to_arrow_table(), wanted, required, made, score)
        return duckdb.from_arrow(scored)
    if package == "pyarrow":
        import pyarrow as pa

        if isinstance(table, pa.RecordBatchReader) and not whole:
            return _score_reader(table, wanted, required, made, score)
        if isinstance(table, pa.RecordBatch):
            return _score_batch(table, wanted, required, made, score)
        if isinstance(table, pa.Table):
            return _score_arrow(table, wanted, required, made, score)
    if hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__"):
        return _score_arrow(_to_arrow(table), wanted, required, made, score)
    raise TypeError(
        f"{type(table).__name__} is not a table: it has neither __arrow_c_stream__ nor __arrow_c_array__"
        + (" (score_one() takes a single record)" if isinstance(table, dict) else "")
    )


def choose(names: Sequence[str], wanted: Iterable[str], required: Iterable[str]) -> list[str]:
    """Those of `names` that are `wanted`, in table order.

    Raises:
        TableError: a `required` one is missing or stands there twice; the message has the nearest name.
    """
    wanted = set(wanted)
    seen: set[str] = set()
    for name in names:
        if name in seen and name in wanted:
            raise TableError(f"column '{name}' is in the table more than once")
        seen.add(name)
    missing = [name for name in required if name not in seen]
    if missing:
        spare = [name for name in names if name not in wanted]
        raise TableError("; ".join(f"column '{name}' is missing{nearest(name, spare)}" for name in missing))
    return [name for name in names if name in wanted]


def nearest(name: str, names: Iterable[str]) -> str:
    """A hint such as " (did you mean 'complaints'?)", or "" where no name is near."""
    folded = {other.casefold().replace(" ", "_").replace("-", "_"): other for other in names}
    found = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.75)
    return f" (is it '{folded[found[0]]}'?)" if found else ""


def _to_arrow(table: Any) -> pa.Table:
    import pyarrow as pa

    if hasattr(table, "__arrow_c_stream__"):
        return pa.RecordBatchReader.from_stream(table).read_all()
    return pa.Table.from_batches([pa.record_batch(table)])


def _score_arrow(table: Any, wanted: Any, required: Any, made: Any, score: Scorer) -> Any:
    made(table.column_names)
    result = _to_arrow(score(table.select(choose(table.column_names, wanted, required))))
    for name, column in zip(result.column_names, result.columns, strict=True):
        table = table.append_column(name, column)
    return table


def _score_batch(batch: Any, wanted: Any, required: Any, made: Any, score: Scorer) -> Any:
    import pyarrow as pa

    made(batch.schema.names)
    result = pa.record_batch(score(batch.select(choose(batch.schema.names, wanted, required))))
    return pa.RecordBatch.from_arrays(
        batch.columns + result.columns,
        schema=pa.schema([*batch.schema, *result.schema], batch.schema.metadata),
    )


def _score_reader(reader: Any, wanted: Any, required: Any, made: Any, score: Scorer) -> Any:
    import pyarrow as pa

    made(reader.schema.names)
    empty = pa.RecordBatch.from_pylist([], schema=reader.schema)
    schema = _score_batch(empty, wanted, required, made, score).schema

    def batches() -> Any:
        for batch in reader:
            yield _score_batch(batch, wanted, required, made, score)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _score_polars(table: Any, wanted: Any, required: Any, made: Any, score: Scorer) -> Any:
    import polars

    if isinstance(table, polars.LazyFrame):
        return _score_polars(table.collect(), wanted, required, made, score).lazy()
    if isinstance(table, polars.Series):
        raise TypeError("a polars Series is not a table: give a DataFrame")
    made(table.columns)
    result = polars.DataFrame(score(table.select(choose(table.columns, wanted, required))))
    return table.hstack(result)


def _score_pandas(table: Any, wanted: Any, required: Any, made: Any, score: Scorer) -> Any:
    names = [name if isinstance(name, str) else str(name) for name in table.columns]
    made(names)
    chosen = choose(names, wanted, required)
    plain = table[chosen].reset_index(drop=True)
    result = _to_arrow(score(plain)).to_pandas()
    return table.assign(**{name: column.array for name, column in result.items()})
