"""Over Spark, with workers that are processes of their own: the bytes of one process, also when one dies."""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import libcsat as cs
import pyarrow as pa
import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed")

SPEC: dict[str, Any] = {
    "by": ["shop", "month"],
    "items": {"q1": (1, 5), "q2": (1, 5), "wait": cs.Item(0, 3600, "wait time", 1)},
    "sets": {"quality": ["q1", "q2"]},
}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    work = tmp_path_factory.mktemp("spark")
    os.environ.update(
        PYSPARK_PYTHON=sys.executable,
        PYSPARK_DRIVER_PYTHON=sys.executable,
        SPARK_WORKER_DIR=str(work / "work"),
        SPARK_LOCAL_IP="127.0.0.1",
    )
    made = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.warehouse.dir", str(work / "warehouse"))
        .config("spark.local.dir", str(work / "local"))
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "500")
        .getOrCreate()
    )
    yield made
    made.stop()


def rows(count: int) -> list[tuple[Any, ...]]:
    chance = random.Random(5)
    shops, waits = ["north", "south", None], [0.5, 17.3, 3600.0, None]
    grades = [1, 2, 3, 4, 5, None]
    return [
        (
            chance.choice(shops),
            chance.choice([1, 2, 3]),
            chance.choice(grades),
            chance.choice(grades),
            chance.choice(waits),
            "x",
        )
        for _ in range(count)
    ]


COLUMNS = "shop string, month int, q1 int, q2 int, `wait time` double, other string"
NAMES = ["shop", "month", "q1", "q2", "wait time", "other"]


def table(data: list[tuple[Any, ...]]) -> pa.Table:
    return pa.table({name: [row[i] for row in data] for i, name in enumerate(NAMES)})


def test_the_bytes_of_one_process(session: Any, tmp_path: Path) -> None:
    from libcsat import spark

    data = rows(5000)
    whole = cs.accumulate(table(data), **SPEC)
    frame = session.createDataFrame(data, COLUMNS).repartition(7)
    counted = spark.accumulate(frame, **SPEC)
    assert counted.rows == 5000
    assert counted.to_bytes() == whole.to_bytes()

    # A worker that is killed half-way: its partition is counted again, and once.
    mark = str(tmp_path / "killed")

    def die_once(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from pyspark import TaskContext

        context = TaskContext.get()
        for number, batch in enumerate(batches):
            if number == 0 and context.partitionId() == 2 and not os.path.exists(mark):
                Path(mark).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield batch

    again = spark.accumulate(frame.mapInArrow(die_once, frame.schema), **SPEC)
    assert os.path.exists(mark)
    assert again.to_bytes() == whole.to_bytes()

    # A bad value names its partition and row, or keeps its row out.
    bad = [(*row[:2], 6, *row[3:]) if i == 40 else row for i, row in enumerate(data[:100])]
    one = session.createDataFrame(bad, COLUMNS).coalesce(1)
    with pytest.raises(cs.TableError, match=r"^partition 0: row 40: column 'q1': 6 lies outside \[1, 5\]"):
        spark.accumulate(one, **SPEC)
    refused = spark.accumulate(one, **SPEC, bad_rows="refuse")
    assert (refused.rows, refused.refused) == (99, 1)
    assert refused == cs.accumulate(table(bad), **SPEC, bad_rows="refuse")

    with pytest.raises(cs.TableError, match=r"^column 'wait time' is missing"):
        spark.accumulate(frame.drop("wait time"), **SPEC)
    assert len(spark.accumulate(frame.limit(0), **SPEC)) == 0
