"""Over Spark, with workers that are processes of their own: the bytes of one process, also when one dies."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import libcsat as cs
import pyarrow as pa
import pytest
from test_measure import POLICY

F = pytest.importorskip("pyspark.sql.functions", reason="pyspark is not installed (script/bootstrap spark)")
spark = pytest.importorskip("libcsat.spark")


SPEC: dict[str, Any] = {
    "by": ["shop", "month"],
    "items": {"q1": (1, 5), "q2": (1, 5), "wait": cs.Item(0, 3600, "wait time", 1)},
    "sets": {"quality": ["q1", "q2"]},
}


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


def die_once(mark: str) -> Any:
    """For mapInArrow: rows as they are; the first worker that reads some of them kills itself half-way."""

    def pass_on(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for number, batch in enumerate(batches):
            if number == 1 and not os.path.exists(mark):
                Path(mark).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield batch

    return pass_on


def test_accumulate_gives_the_bytes_of_one_process(session: Any, tmp_path: Path) -> None:
    data = rows(5000)
    whole = cs.accumulate(table(data), **SPEC)
    frame = session.createDataFrame(data, COLUMNS)
    for how in (frame.coalesce(1), frame.repartition(7), frame.orderBy("wait time")):
        counted = spark.accumulate(how, **SPEC)
        assert counted.rows == 5000
        assert counted.to_bytes() == whole.to_bytes()

    # A worker that is killed half-way: its partition is counted again, and once.
    mark = str(tmp_path / "killed")
    again = spark.accumulate(frame.repartition(3).mapInArrow(die_once(mark), frame.schema), **SPEC)
    assert os.path.exists(mark)
    assert again.to_bytes() == whole.to_bytes()


def test_a_bad_value_names_its_partition_and_row_or_keeps_its_row_out(session: Any) -> None:
    data = rows(100)
    bad = [(*row[:2], 6, *row[3:]) if i == 40 else row for i, row in enumerate(data)]
    one = session.createDataFrame(bad, COLUMNS).coalesce(1)
    with pytest.raises(
        cs.TableError, match=r"^partition 0: row 40: column 'q1': 6 lies outside \[1, 5\]"
    ) as why:
        spark.accumulate(one, **SPEC)
    assert "\n" not in str(why.value)
    refused = spark.accumulate(one, **SPEC, bad_rows="refuse")
    assert (refused.rows, refused.refused) == (99, 1)
    assert refused == cs.accumulate(table(bad), **SPEC, bad_rows="refuse")

    with pytest.raises(cs.TableError, match=r"^column 'wait time' is missing"):
        spark.accumulate(one.drop("wait time"), **SPEC)
    with pytest.raises(cs.TableError, match=r"^column 'q1'"):  # Before any worker is asked.
        spark.accumulate(one.withColumn("q1", one.q1.cast("binary")), **SPEC)
    assert len(spark.accumulate(one.limit(0), **SPEC)) == 0


def test_measures_are_those_of_one_process(session: Any, tmp_path: Path) -> None:
    policy = cs.Policy.load(POLICY)
    chance = random.Random(7)
    first = datetime(2025, 1, 1, tzinfo=timezone.utc)
    data = [
        (
            chance.choice([1, 2, 3, 4, 5, 9, None]),
            chance.choice([*range(11), None]),
            chance.choice(["phone", "web", None]),
            chance.choice(["north", "south", "店", None]),
            first + timedelta(minutes=chance.randrange(200_000)),
        )
        for _ in range(3000)
    ]
    names = ["rating", "recommend", "channel", "shop", "at"]
    frame = session.createDataFrame(
        data, "rating int, recommend int, channel string, shop string, at timestamp"
    )
    local = pa.table({name: [row[i] for row in data] for i, name in enumerate(names)})
    asked: dict[str, Any] = {"by": ["shop"], "time": "at", "bucket": "week", "level": 0.9}
    whole = policy.measure(local, **asked)
    assert len(whole) > 100
    mark = str(tmp_path / "killed")
    killed = frame.repartition(3).mapInArrow(die_once(mark), frame.schema)
    # Partitions of one shop each, and some without a row.
    for how in (frame.repartition(9, "shop"), killed):
        measured = spark.measure(how, policy, **asked)
        assert measured.aggregates.to_bytes() == whole.aggregates.to_bytes()
        assert measured.table().equals(whole.table())
        assert measured.columns().equals(whole.columns())
    assert os.path.exists(mark)
    # A column of nothing but nulls, and no rows.
    empty = frame.withColumn("recommend", F.lit(None).cast("int"))
    nulls = local.set_column(1, "recommend", pa.nulls(3000, pa.int32()))
    assert spark.measure(empty, policy).table().equals(policy.measure(nulls).table())
    assert spark.measure(frame.limit(0), policy).table().equals(policy.measure(local.slice(0, 0)).table())

    bad = session.createDataFrame([(6, 1, None, None, first)], frame.schema)
    with pytest.raises(cs.TableError, match=r"^partition \d+: row 0: column 'rating': 6 .*\[1, 5\]"):
        spark.measure(bad, policy)
    assert spark.measure(bad, policy, bad_rows="refuse").aggregates.refused == 1
    for wrong, error in (({"measures": ["none"]}, cs.NotFoundError), ({"level": 2}, cs.SpecError)):
        with pytest.raises(error):
            spark.measure(frame, policy, **wrong)
    with pytest.raises(cs.TableError, match=r"^column 'rating' is missing \(is it 'ratings'\?\)"):
        spark.measure(frame.withColumnRenamed("rating", "ratings"), policy)
