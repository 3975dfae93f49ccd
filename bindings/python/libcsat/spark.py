"""libcsat over Spark: rows are counted where they lie, in the workers, and only states travel to the driver.

Needs pyspark 3.5 or later, and libcsat on the workers. Nothing of this module is imported by ``import
libcsat``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from libcsat.aggregate import Aggregates, Item, _Number, _spec
from libcsat.arguments import refuses_bad_rows
from libcsat.error import TableError
from libcsat.tables import hints

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

__all__ = ["accumulate"]

# Of what a partition gives back: its state, or why it has none.
_STATES = "state binary, fault string"


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

        >>> from libcsat import spark
        >>> counted = spark.accumulate(frame, by=["shop"], items={"q1": (1, 5)})

    Each partition is counted through Arrow by one thread of its worker into one state; the driver merges
    these. A partition that is computed again, because a worker was lost, gives its state once.

    Args:
        frame: The rows. Only the columns that are named here are read.
        by, items, sets, bad_rows: As for `libcsat.accumulate()`.

    Raises:
        SpecError: as for `libcsat.accumulate()`.
        TableError: a column is missing or has a type that cannot be read; a bad value, by its partition and
            its row within it, from 0.
    """
    spec = _spec(by, items or {}, sets or {})
    refuse = refuses_bad_rows(bad_rows)
    whole = Aggregates._of_spec(spec)
    wanted = list(dict.fromkeys(whole._columns()))
    near = hints(frame.columns, wanted)
    for name in wanted:
        if name not in frame.columns:
            raise TableError(f"column '{name}' is missing{near.get(name, '')}")
    chosen = frame.select([frame[_quoted(name)] for name in wanted] or [])

    def count(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return _count(batches, spec, refuse)

    faults = []
    for state, fault in chosen.mapInArrow(count, _STATES).collect():
        if fault is not None:
            faults.append(json.loads(fault))
        else:
            whole.merge(Aggregates.from_bytes(bytes(state)))
    if faults:
        number, message, code = min(faults)
        raise TableError(f"partition {number}: {message}", code=code)
    return whole


def _count(batches: Iterator[pa.RecordBatch], spec: str, refuse: bool) -> Iterator[pa.RecordBatch]:
    """The state of one partition, in its worker. A bad value is no failure of the task, which Spark would try
    again."""
    import pyarrow as pa

    schema = pa.schema([("state", pa.binary()), ("fault", pa.string())])
    first = next(batches, None)
    if first is None:
        return
    counted = Aggregates._of_spec(spec)

    def rest() -> Iterator[pa.RecordBatch]:
        yield first
        yield from batches

    try:
        reader = pa.RecordBatchReader.from_batches(first.schema, rest())
        counted._handle.add(reader, threads=1, refuse_bad_rows=refuse)
    except TableError as error:
        if error.code == "DATA_LOSS":  # Of what comes before: Spark tries it again.
            raise
        from pyspark import TaskContext

        context = TaskContext.get()
        number = context.partitionId() if context is not None else 0
        fault = json.dumps([number, str(error), error.code])
        yield pa.RecordBatch.from_pylist([{"state": None, "fault": fault}], schema=schema)
        return
    yield pa.RecordBatch.from_pylist([{"state": counted.to_bytes(), "fault": None}], schema=schema)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
