"""Scores over Spark: of each row what one process gives it, also where rows decide about each other."""

from __future__ import annotations

import os
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import libcsat as cs
import pyarrow as pa
import pytest
from test_spark import die_once

F = pytest.importorskip("pyspark.sql.functions", reason="pyspark is not installed (script/bootstrap spark)")
spark = pytest.importorskip("libcsat.spark")

COLUMNS = (
    "ticket long, person string, month int, wait_minutes double, solved long, tickets decimal(8,2), "
    "rating int, reply_seconds array<double>, team string, leaks int, seen boolean"
)
NAMES = [part.split()[0] for part in COLUMNS.split(", ")]
TICKET = 0
KEYS = {"subject": "person", "period": "month"}


def rows(count: int, leaks: int = 40) -> list[tuple[Any, ...]]:
    """One row in `leaks` has a leak."""
    chance = random.Random(3)
    return [
        (
            ticket,
            f"p{chance.randrange(60)}",
            chance.randrange(1, 4),
            chance.choice([chance.uniform(0, 70), None]) if chance.random() < 0.1 else chance.uniform(0, 70),
            chance.randrange(0, 5),
            Decimal(chance.choice([4, 5, 6])),
            chance.choice([1, 2, 3, 4, 5, None]),
            [chance.uniform(0, 200) for _ in range(chance.randrange(4))],
            chance.choice(["desk", "field", None]),
            int(chance.randrange(leaks) == 0),
            None,
        )
        for ticket in range(count)
    ]


def table(data: list[tuple[Any, ...]]) -> pa.Table:
    columns = {name: [row[i] for row in data] for i, name in enumerate(NAMES)}
    return pa.table(columns).set_column(10, "seen", pa.nulls(len(data), pa.bool_()))


def by_ticket(scored: Any) -> dict[int, dict[str, Any]]:
    """The rows of a table or a frame by their ticket; each there once."""
    local = isinstance(scored, pa.Table)
    found = scored.to_pylist() if local else [row.asDict() for row in scored.collect()]
    made = {row["ticket"]: row for row in found}
    assert len(made) == len(found)
    return made


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"each_row_alone": True}, id="RowsAlone"),
        pytest.param({**KEYS, "explain": True, "prefix": "our "}, id="SubjectPeriods"),
        pytest.param({**KEYS, "explain": 2, "exact": True}, id="Exact"),
    ],
)
def test_scores_are_those_of_one_process(session: Any, service: cs.Policy, asked: dict[str, Any]) -> None:
    data = rows(3000)
    frame = session.createDataFrame(data, COLUMNS)
    local = service.score(table(data), **asked)
    want = by_ticket(local)
    for how in (frame.coalesce(1), frame.repartition(11).orderBy(F.rand(5))):
        scored = spark.score(how, service, **asked)
        assert scored.columns == local.column_names
        assert by_ticket(scored) == want
    outcome = f"{asked.get('prefix', '')}outcome"
    vetoed = sum(row[outcome] == "vetoed" for row in want.values())
    assert vetoed > (1000 if "subject" in asked else 0)  # A leak reaches the other rows of its month.


def test_a_veto_reaches_a_subject_that_is_larger_than_a_batch(session: Any, service: cs.Policy) -> None:
    from libcsat.spark import workers

    data = [(*row[:1], "p1" if row[0] % 3 else None, None if row[0] % 7 == 0 else 1, *row[3:9], 0, None)
            for row in rows(140_000)]  # fmt: skip
    data[139_999] = (139_999, "p1", 1, *data[0][3:9], 1, None)
    assert sum(row[1:3] == ("p1", 1) for row in data) > workers._ROWS
    local = service.score(table(data), **KEYS)
    frame = session.createDataFrame(data, COLUMNS)
    counted = spark.score(frame, service, **KEYS).groupBy("outcome").count().collect()
    want = local.group_by("outcome").aggregate([("outcome", "count")]).to_pylist()
    assert {row["outcome"]: row["count"] for row in counted} == {
        row["outcome"]: row["outcome_count"] for row in want
    }


def test_a_worker_that_dies_is_made_good(session: Any, service: cs.Policy, tmp_path: Path) -> None:
    data = rows(2000)
    mark = str(tmp_path / "killed")
    frame = session.createDataFrame(data, COLUMNS).repartition(2)
    frame = frame.mapInArrow(die_once(mark), frame.schema)
    assert by_ticket(spark.score(frame, service, **KEYS)) == by_ticket(service.score(table(data), **KEYS))
    assert os.path.exists(mark)


def test_empty_partitions_and_absent_columns(session: Any, service: cs.Policy) -> None:
    data = rows(3, leaks=1)
    frame = session.createDataFrame(data, COLUMNS).repartition(9)
    assert by_ticket(spark.score(frame, service, **KEYS)) == by_ticket(service.score(table(data), **KEYS))
    assert spark.score(frame.limit(0), service, **KEYS).collect() == []
    asked: dict[str, Any] = {"absent": ["rating"], "each_row_alone": True}
    less = spark.score(frame.drop("rating"), service, **asked)
    assert by_ticket(less) == by_ticket(service.score(table(data).drop_columns("rating"), **asked))


def test_a_bad_value_is_one_line_or_refuses_its_row(session: Any, service: cs.Policy) -> None:
    data = rows(900)
    data[700] = (*data[700][:6], 6, *data[700][7:])
    one = session.createDataFrame(data, COLUMNS).coalesce(1)
    line = r"^partition 0: row 700: .*'rating'.* 6 "
    with pytest.raises(cs.TableError, match=line) as why, spark.errors():
        spark.score(one, service, each_row_alone=True).collect()
    assert "\n" not in str(why.value)
    with (
        pytest.raises(cs.TableError, match=line),
        spark.errors(),
    ):  # An error of writing is another of Spark's.
        spark.score(one, service, each_row_alone=True).write.format("noop").mode("overwrite").save()
    asked: dict[str, Any] = {"bad_rows": "refuse", **KEYS}
    assert by_ticket(spark.score(one, service, **asked)) == by_ticket(service.score(table(data), **asked))
    # What is not ours passes through.
    with pytest.raises(Exception, match="UNRESOLVED_COLUMN"), spark.errors():
        one.select("nothing")


@pytest.mark.parametrize(
    ("change", "asked", "line"),
    [
        pytest.param(
            "drop", {}, r"^column 'rating' is missing: scorecard 'desk' needs it \(name", id="Missing"
        ),
        pytest.param("binary", {}, r"^column 'rating'", id="Type"),
        pytest.param("score", {}, r"^the table has a column 'score' already", id="Clash"),
        pytest.param("interval", {}, r"^column 'span': type interval .* does not travel", id="NoArrowType"),
        pytest.param(
            "", {"each_row_alone": False}, r"^veto 'leak' reaches all rows of a subject", id="NoKeys"
        ),
        pytest.param(
            "double", {**KEYS, "each_row_alone": False}, r"^key column 'month' holds no keys", id="KeyType"
        ),
    ],
)
def test_what_is_wrong_with_the_columns_is_told_before_the_work(
    session: Any, service: cs.Policy, change: str, asked: dict[str, Any], line: str
) -> None:
    frame = session.createDataFrame(rows(1), COLUMNS)
    frame = {
        "": lambda: frame,
        "drop": lambda: frame.drop("rating"),
        "binary": lambda: frame.withColumn("rating", F.lit(b"x")),
        "score": lambda: frame.withColumn("score", F.lit(1)),
        "interval": lambda: frame.withColumn("span", F.expr("make_ym_interval(1, 2)")),
        "double": lambda: frame.withColumn("month", F.lit(1.5)),
    }[change]()
    with pytest.raises(cs.TableError, match=line):
        spark.score(frame, service, **{"each_row_alone": True, **asked})


def test_the_policy_is_read_once_by_each_worker_process(session: Any, service: cs.Policy) -> None:
    text = service.canonical_json

    def count(batches: Any) -> Any:
        from libcsat.spark.workers import policy_of

        list(batches)
        policy_of(text)
        found = policy_of.cache_info()
        made = pa.RecordBatch.from_pydict(
            {"pid": [os.getpid()], "read": [found.misses], "held": [found.currsize]}
        )
        return iter([made])

    frame = session.createDataFrame(rows(40), COLUMNS).repartition(12)
    spark.score(frame, service, each_row_alone=True).count()
    found = frame.mapInArrow(count, "pid long, read long, held long").collect()
    assert len(found) == 12
    assert all(row["read"] <= 2 * row["held"] for row in found)
