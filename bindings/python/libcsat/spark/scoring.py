"""Scoring over Spark: the rows of a frame with their scores, computed where they lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from libcsat.checked import checked
from libcsat.error import TableError
from libcsat.spark.frames import no_rows, spark_type, together
from libcsat.spark.workers import located, may_pass, plain, policy_of, whole_keys

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

    from libcsat.policy import Policy

__all__ = ["score"]


@checked
def score(
    frame: DataFrame,
    policy: Policy,
    scorecard: str | None = None,
    explain: bool | int | Literal["contributions"] = False,
    *,
    subject: str | None = None,
    period: str | None = None,
    absent: Sequence[str] = (),
    bad_rows: Literal["fail", "refuse"] = "fail",
    exact: bool = False,
    prefix: str = "",
    each_row_alone: bool = False,
) -> DataFrame:
    """`Policy.score()` over a Spark DataFrame: each row has the score that one process gives it.

        >>> scored = spark.score(frame, policy, "personal", explain=True)
        >>> scored.groupBy("grade").count().show()

    Like every frame it is computed when it is written or collected. The policy travels with the work and is
    read once by each worker process; a worker scores with one thread. With `subject` and `period` the rows of
    a subject in a period are brought together first, by a shuffle and a sort, for a veto reaches all of them.

    Args:
        frame: The rows. All columns are kept.
        scorecard, explain, subject, period, absent, bad_rows, exact, prefix, each_row_alone: As for
            `Policy.score()`. With ``bad_rows="fail"`` the first bad value of a partition fails the job:
            within ``with spark.errors():`` it is a TableError that names partition and row, from 0.

    Returns:
        The columns of the frame, then those of `Policy.score()`: scores as double, or decimal(18, 6); words
        as strings.

    Raises:
        TableError: a column is missing, there twice or has a type that cannot be read; a result column has
            the name of another; a veto reaches all rows of a subject in a period, and nothing says which rows
            these are.
        NotFoundError: no such scorecard.
    """
    from pyspark.sql.types import StructField, StructType

    arguments: dict[str, Any] = {
        "scorecard": scorecard,
        "explain": explain,
        "subject": subject,
        "period": period,
        "absent": absent if isinstance(absent, str) else list(absent),
        "bad_rows": bad_rows,
        "exact": exact,
        "prefix": prefix,
        "each_row_alone": each_row_alone,
    }
    # All that can be wrong but a value is found here.
    made = policy.score(no_rows(frame), threads=1, **arguments).schema
    added = [made.field(i) for i in range(len(frame.columns), len(made))]
    schema = StructType(
        [*frame.schema.fields, *(StructField(field.name, spark_type(field.type)) for field in added)]
    )
    keys = [key for key in (subject, period) if key is not None]
    text = policy.canonical_json

    def run(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        return _score(batches, text, arguments, keys)

    return (together(frame, keys) if keys else frame).mapInArrow(run, schema)


def _score(
    batches: Iterable[pa.RecordBatch], text: str, arguments: dict[str, Any], keys: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    policy = policy_of(text)
    before = 0
    for batch in whole_keys(batches, keys) if keys else batches:
        try:
            scored = policy.score(batch, threads=1, **arguments)
        except TableError as error:
            if may_pass(error):
                raise
            raise located(error, before) from None
        before += batch.num_rows
        yield plain(scored, batch.num_columns)
