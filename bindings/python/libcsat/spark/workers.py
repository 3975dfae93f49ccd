"""What runs in the workers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from libcsat.error import TableError
from libcsat.policy import Policy
from libcsat.tables import counted_from, one_batch

if TYPE_CHECKING:
    import pyarrow as pa

# Rows that are handed over at once, where whole keys have to be together.
_ROWS = 65_536

# Bytes that are counted at once: each time all groups that occur are added up, and Spark's batches are small.
_BYTES = 1 << 26

# What a partition gives back: a result, or why it has none.
RESULT = "result binary, fault string"


@lru_cache(maxsize=8)
def policy_of(text: str) -> Policy:
    """A policy from its canonical text, read once by each process."""
    return Policy.load(text)


def partition() -> int:
    """Number of the partition that this worker computes."""
    from pyspark import TaskContext

    context = TaskContext.get()
    return context.partitionId() if context is not None else 0


def located(error: TableError, before: int) -> TableError:
    """An error about a row of a batch, with its partition and its row within that."""
    found = counted_from(before, error)
    return TableError(f"partition {partition()}: {found}", code=error.code, path=error.path)


def may_pass(error: TableError) -> bool:
    """Whether trying again may help: the rows ended midway."""
    return error.code == "DATA_LOSS"


def whole_keys(batches: Iterable[pa.RecordBatch], keys: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Rows sorted by `keys` in batches that no key crosses; without keys in batches of some size."""
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    rows, enough = 0, _ROWS
    for batch in batches:
        if batch.num_rows == 0:
            continue
        held.append(batch)
        rows += batch.num_rows
        if rows < enough:
            continue
        table = pa.Table.from_batches(held)
        cut = _start_of_last(table, keys) if keys else rows
        if cut == 0:
            enough = 2 * rows  # One key alone; each row is looked at a few times at most.
            continue
        yield one_batch(table.slice(0, cut))
        held = table.slice(cut).to_batches()
        rows, enough = rows - cut, _ROWS
    if rows > 0:
        yield one_batch(pa.Table.from_batches(held))


def large(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same rows in larger batches."""
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        held.append(batch)
        size += batch.nbytes
        if size >= _BYTES:
            yield one_batch(pa.Table.from_batches(held))
            held, size = [], 0
    if held:
        yield one_batch(pa.Table.from_batches(held))


def _start_of_last(table: pa.Table, keys: Sequence[str]) -> int:
    """The first row of the last key."""
    import pyarrow.compute as pc

    same: Any = None
    for key in keys:
        column = table.column(key)
        last = column[-1]
        equal = pc.fill_null(pc.equal(column, last), False) if last.is_valid else pc.is_null(column)
        same = equal if same is None else pc.and_(same, equal)
    return int(table.num_rows - (pc.sum(same).as_py() or 0))


def results(given: Iterable[pa.RecordBatch], work: Callable[[Any], bytes]) -> Iterator[pa.RecordBatch]:
    """One row: what `work` makes of a reader of the partition's rows, or the fault of one of them, which is
    no failure of the task: Spark would try that again. No row for a partition without batches."""
    import pyarrow as pa

    schema = pa.schema([("result", pa.binary()), ("fault", pa.string())])
    batches = iter(given)
    first = next(batches, None)
    if first is None:
        return

    def rest() -> Iterator[pa.RecordBatch]:
        yield first
        yield from batches

    result: bytes | None = None
    fault: str | None = None
    try:
        result = work(pa.RecordBatchReader.from_batches(first.schema, large(rest())))
    except TableError as error:
        if may_pass(error):
            raise
        fault = json.dumps([partition(), str(error), error.code])
        for _ in batches:  # A worker that leaves rows unread breaks its connection, and perhaps the answer.
            pass
    yield pa.RecordBatch.from_pylist([{"result": result, "fault": fault}], schema=schema)


def plain(batch: pa.RecordBatch, first: int) -> pa.RecordBatch:
    """The batch with its words as strings from column `first` on: Spark reads no dictionaries."""
    import pyarrow as pa

    columns, fields = list(batch.columns), list(batch.schema)
    for at in range(first, len(columns)):
        if pa.types.is_dictionary(columns[at].type):
            columns[at] = columns[at].dictionary_decode()
            fields[at] = fields[at].with_type(columns[at].type)
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields))


def gathered(rows: Iterable[Any]) -> list[bytes]:
    """On the driver: the results of all partitions.

    Raises:
        TableError: the fault of the first partition that has one.
    """
    made, faults = [], []
    for result, fault in rows:
        if fault is not None:
            faults.append(json.loads(fault))
        else:
            made.append(bytes(result))
    if faults:
        number, message, code = min(faults)
        raise TableError(f"partition {number}: {message}", code=code)
    return made
