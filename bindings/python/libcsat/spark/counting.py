"""Counting over Spark: only states travel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from libcsat.aggregate import Aggregates, Item, _Number, _spec
from libcsat.arguments import refuses_bad_rows
from libcsat.checked import checked
from libcsat.measure import Bucket, Measured
from libcsat.spark.frames import check_columns, chosen, no_rows
from libcsat.spark.workers import RESULT, gathered, policy_of, results

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

    from libcsat.policy import Policy

__all__ = ["accumulate", "measure"]

# States that the driver reads, at most; the workers merge them to so few.
_MOST_FOR_DRIVER = 8


@checked
def accumulate(
    frame: DataFrame,
    by: Sequence[str] | str = (),
    items: Mapping[str, Item | tuple[_Number, _Number]] | None = None,
    sets: Mapping[str, Sequence[str]] | None = None,
    *,
    bad_rows: Literal["fail", "refuse"] = "fail",
) -> Aggregates:
    """`libcsat.accumulate()` over a Spark DataFrame: the same bytes as one process gives, however the rows
    are partitioned, and whichever worker was lost on the way.

        >>> counted = spark.accumulate(frame, by=["shop"], items={"q1": (1, 5)})

    Each partition is counted through Arrow by one thread of its worker into one state; the workers merge
    these to a few, and the driver the few. A partition that is computed again, because a worker was lost,
    gives its state once.

    Args:
        frame: The rows. Only the columns that are named here are read.
        by, items, sets, bad_rows: As for `libcsat.accumulate()`.

    Raises:
        SpecError: as for `libcsat.accumulate()`.
        TableError: a column is missing or has a type that cannot be read; a bad value, by its partition and
            its row within it, from 0.
    """
    spec, _ = _spec(by, items or {}, sets or {})
    refuse = refuses_bad_rows(bad_rows)

    def count(reader: Any) -> bytes:
        counted = Aggregates._of_spec(spec)
        counted._handle.add(reader, threads=1, refuse_bad_rows=refuse)
        return counted.to_bytes()

    whole = Aggregates._of_spec(spec)
    return _count(frame, whole._columns(), whole, whole.copy().add, count)


@checked
def measure(
    frame: DataFrame,
    policy: Policy,
    by: Sequence[str] | str = (),
    measures: Sequence[str] | None = None,
    *,
    time: str | None = None,
    bucket: Bucket | None = None,
    level: float = 0.95,
    bad_rows: Literal["fail", "refuse"] = "fail",
) -> Measured:
    """`Policy.measure()` over a Spark DataFrame: counted in the workers as `accumulate()` does, read once by
    the driver. Tables are pyarrow's; ``.aggregates`` merges with those of other days.

        >>> spark.measure(frame, policy, by=["region"], time="submitted_at", bucket="quarter").table()

    Args:
        frame: The rows. Only the columns that the measures read are.
        by, measures, time, bucket, level, bad_rows: As for `Policy.measure()`.

    Raises:
        NotFoundError, SpecError: as for `Policy.measure()`.
        TableError: as for `accumulate()`.
    """
    plan = policy.measure_plan(by, measures, time=time, bucket=bucket)
    plan.figures(plan.empty(), level)  # A level outside of its range is told before the work.
    refuse = refuses_bad_rows(bad_rows)
    text = policy.canonical_json

    def count(reader: Any) -> bytes:
        own = policy_of(text).measure_plan(by, measures, time=time, bucket=bucket)
        counted = own.empty()
        own._handle.add(counted._handle, reader, threads=1, refuse_bad_rows=refuse)
        return counted.to_bytes()

    try_columns = plan.empty()
    whole = _count(
        frame, plan.columns, plan.empty(), lambda rows: plan.add(rows, try_columns, threads=1), count
    )
    whole._package = "pyarrow"
    return plan.figures(whole, level)


def _count(
    frame: DataFrame,
    columns: Sequence[str],
    whole: Aggregates,
    try_columns: Callable[[Any], Any],
    count: Callable[[Any], bytes],
) -> Aggregates:
    """The states of all partitions, added to `whole`."""
    import pyarrow as pa

    wanted = list(dict.fromkeys(columns))
    check_columns(frame, wanted)
    rows = chosen(frame, wanted)
    nothing = no_rows(rows)
    try_columns(pa.RecordBatchReader.from_batches(nothing.schema, [nothing]))

    def counted(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        return results(batches, count)

    few = max(1, min(_MOST_FOR_DRIVER, frame.sparkSession.sparkContext.defaultParallelism))
    states = rows.mapInArrow(counted, RESULT).repartition(few).mapInArrow(_merged, RESULT)
    for state in gathered(states.collect()):
        whole.merge(Aggregates.from_bytes(state))
    return whole


def _merged(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """One state of many; faults as they are."""
    import pyarrow as pa

    whole: Aggregates | None = None
    schema: Any = None
    for batch in batches:
        schema = batch.schema
        for result, fault in zip(batch.column(0), batch.column(1), strict=True):
            if fault.is_valid:
                yield pa.RecordBatch.from_arrays(
                    [pa.array([None], schema[0].type), pa.array([fault])], schema=schema
                )
                continue
            state = Aggregates.from_bytes(result.as_py())
            whole = state if whole is None else whole.merge(state)
    if whole is not None:
        arrays = [pa.array([whole.to_bytes()], schema[0].type), pa.array([None], schema[1].type)]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)
