"""DataFrames on the driver: columns by their exact names, rows of one key brought together, and errors of the
workers as libcsat's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from libcsat import error as errors_of_libcsat
from libcsat.error import TableError
from libcsat.tables import hints

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

# Exceptions that a worker raises, in the trace that Spark gives back. Those with further parts are left out.
_RAISED = re.compile(r"\blibcsat\.error\.(CsatError|NotFoundError|RecordError|SpecError|TableError): (.*)")


@contextmanager
def errors() -> Iterator[None]:
    """What fails in a worker, as libcsat's own exception with its one line instead of Spark's trace.

        >>> scored = spark.score(frame, policy)
        >>> with spark.errors():
        ...     scored.write.parquet("scored")
        libcsat.error.TableError: partition 3: row 40: column 'attitude': 7 lies outside [1, 5] ...

    A frame of `score()` and of `clean()` is computed when it is written or collected, so that is when a bad
    value is met. Other failures pass through as they are.
    """
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JJavaError, PySparkException) as error:
        found = _RAISED.search(str(error))
        if found is None:
            raise
        raise getattr(errors_of_libcsat, found[1])(found[2].strip()) from None


def quoted(name: str) -> str:
    """A column's name in an expression of Spark."""
    return "`" + name.replace("`", "``") + "`"


def check_columns(frame: DataFrame, wanted: Sequence[str]) -> None:
    """Raises TableError where a column is missing or there twice."""
    near = hints(frame.columns, wanted)
    for name in wanted:
        count = frame.columns.count(name)
        if count == 0:
            raise TableError(f"column '{name}' is missing{near.get(name, '')}")
        if count > 1:
            raise TableError(f"column '{name}' is in the table {count} times")


def chosen(frame: DataFrame, wanted: Sequence[str]) -> DataFrame:
    """The wanted columns alone."""
    return frame.select([frame[quoted(name)] for name in wanted])


def no_rows(frame: DataFrame) -> pa.RecordBatch:
    """A batch with the columns of a frame and no rows, to find out before the work what is wrong with them.

    Raises:
        TableError: Spark has no Arrow type for one of them.
    """
    import pyarrow as pa
    from pyspark.errors import PySparkException
    from pyspark.sql.pandas.types import to_arrow_type

    fields = []
    for field in frame.schema.fields:
        try:
            fields.append(pa.field(field.name, to_arrow_type(field.dataType)))
        except (PySparkException, TypeError):
            what = field.dataType.simpleString()
            raise TableError(f"column '{field.name}': type {what} does not travel through Arrow") from None
    return pa.RecordBatch.from_pylist([], schema=pa.schema(fields))


def spark_type(type: pa.DataType) -> Any:
    """Spark's type of a result column."""
    import pyarrow as pa
    from pyspark.sql.pandas.types import from_arrow_type

    return from_arrow_type(type.value_type if pa.types.is_dictionary(type) else type)


def together(frame: DataFrame, keys: Sequence[str]) -> DataFrame:
    """The rows of each key in one partition, one below another. Words are compared by their bytes."""
    from pyspark.sql.types import StringType

    words = {field.name for field in frame.schema.fields if isinstance(field.dataType, StringType)}
    columns = [frame[quoted(key)].cast("binary") if key in words else frame[quoted(key)] for key in keys]
    return frame.repartition(*columns).sortWithinPartitions(*columns)
