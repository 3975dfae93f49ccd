"""Cleaning over Spark: of each response the verdict, and of each figure the value, that one process gives."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import libcsat as cs
import pyarrow as pa
import pytest
from cleaning_rules import CONTRADICTION, ITEMS, policy, rule
from test_spark import die_once

F = pytest.importorskip("pyspark.sql.functions", reason="pyspark is not installed (script/bootstrap spark)")
spark = pytest.importorskip("libcsat.spark")

COLUMNS = (
    f"response_id string, said string, {', '.join(f'{item} int' for item in ITEMS)}, duration_ms long, "
    "customer string, wave int, submitted long, is_test boolean"
)
RULES = (
    rule("test", "EXCLUDE", test_records={}),
    rule("off", "EXCLUDE", off_scale={"items": ITEMS}),
    rule("again", "EXCLUDE", duplicates={"keys": ["wave", "customer"], "keep": "LAST", "order": "submitted"}),
    rule("one", "FLAG", duplicates={"keys": ["customer"], "keep": "FIRST"}),
    rule("contradiction", "EXCLUDE", contradiction=CONTRADICTION),
    rule("fast", "EXCLUDE", unknown="FLAG", speed={"below_ms": 30000}),
    rule("extreme", "QUARANTINE", all_extreme={"items": ITEMS}),
    rule("run", "FLAG", long_string={"items": ITEMS, "at_least": 3}),
    rule("even", "FLAG", even_odd={"parts": [{"items": ITEMS[:4]}, {"items": ITEMS[4:]}], "below": 0.1}),
)
"""Every kind of verdict, two rules of duplicates with a key in common."""


@pytest.fixture(scope="module")
def wave() -> cs.Policy:
    return policy(
        *RULES,
        figures=[{"id": "mean_q1", "metric": "q1"}, {"id": "top_q2", "metric": "q2", "at_least": 4}],
        review={"share": 0.1, "seed": "wave 3"},
    )


def rows(count: int) -> list[tuple[Any, ...]]:
    chance = random.Random(11)
    made = []
    for number in range(count):
        answers = [chance.choice([1, 2, 3, 4, 5, 5, None]) for _ in ITEMS]
        if chance.random() < 0.05:
            answers = [chance.choice([1, 5])] * len(ITEMS)
        if chance.random() < 0.02:
            answers[3] = 7
        made.append(
            (
                f"回{number}",
                chance.choice(["very satisfied", "so so", None]),
                *answers,
                chance.choice([29_999, 30_000, 61_000, None]),
                chance.choice([None, *(f"c{n}" for n in range(count // 2))]),
                chance.choice([1, 2, None]),
                chance.randrange(50),
                chance.choice([True, None, *[False] * 20]),
            )
        )
    return made


def table(data: list[tuple[Any, ...]]) -> pa.Table:
    names = [part.split()[0] for part in COLUMNS.split(", ")]
    types = {"int": pa.int32(), "long": pa.int64(), "string": pa.string(), "boolean": pa.bool_()}
    kinds = [types[part.split()[1]] for part in COLUMNS.split(", ")]
    return pa.table({name: pa.array([row[i] for row in data], kinds[i]) for i, name in enumerate(names)})


def found(frame: Any) -> dict[str, dict[str, Any]]:
    made = [row.asDict() for row in frame.collect()]
    by_id = {row["response_id"]: row for row in made}
    assert len(by_id) == len(made)
    return by_id


def lines(ledger: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return sorted(
        (
            str(line["response_id"]),
            line["rule"],
            line["verdict"],
            line["deciding"],
            line["unknown"],
            repr(line["value"]),
        )
        for line in ledger
    )


def test_verdicts_ledger_and_figures_are_those_of_one_process(
    session: Any, wave: cs.Policy, tmp_path: Path
) -> None:
    data = rows(2000)
    local = table(data)
    whole = wave.clean(local)
    doubtful = whole.flagged["response_id"].to_pylist()[:3]
    asked: dict[str, Any] = {
        "seed": "published later",
        "decisions": dict(zip(doubtful, ("confirmed", "corrected", "rejected"), strict=True)),
    }
    whole = wave.clean(local, **asked)
    assert min(whole.counts.values()) > 20 and whole.test_records > 20
    assert {line.id: line.met > 0 for line in whole.rules} == {line.id: True for line in whole.rules}

    mark = str(tmp_path / "killed")
    frame = session.createDataFrame(data, COLUMNS)
    killed = frame.repartition(2).mapInArrow(die_once(mark), frame.schema)
    for how in (frame.repartition(5).orderBy(F.rand(5)), killed):
        cleaning = spark.clean(how, wave, **asked)
        assert cleaning.to_dict() == whole.to_dict()
        assert repr(cleaning) == repr(whole)
    assert os.path.exists(mark)

    judged = found(cleaning.judged)
    for row, verdict in zip(data, whole.verdicts.to_pylist(), strict=True):
        mine = judged[row[0]]
        assert (mine["verdict"], mine["deciding_rule"]) == (verdict["verdict"], verdict["deciding_rule"])
        assert tuple(mine.values())[:-2] == row
    assert lines([line.asDict() for line in cleaning.ledger.collect()]) == lines(whole.ledger.to_pylist())
    kept = found(cleaning.kept)
    assert sorted(kept) == sorted(whole.kept["response_id"].to_pylist())
    review = [row["response_id"] for row in cleaning.to_review.collect()]
    assert review == whole.to_review["response_id"].to_pylist()
    assert len(review) == sum(whole.review.drawn) > 100


def test_rules_about_a_row_alone_move_no_rows(session: Any) -> None:
    alone = policy(*RULES[4:], figures=[{"id": "mean_q1", "metric": "q1"}])
    data = [row if 7 not in row else (*row[:5], 1, *row[6:]) for row in rows(700)]
    frame = session.createDataFrame(data, COLUMNS).repartition(3)
    cleaning = spark.clean(frame, alone)
    whole = alone.clean(table(data))
    assert cleaning.to_dict() == whole.to_dict()
    assert "Exchange" not in cleaning.judged._jdf.queryExecution().toString().split("MapInArrow")[0]
    verdicts = {row["response_id"]: row["verdict"] for row in cleaning.judged.collect()}
    assert [verdicts[row[0]] for row in data] == whole.verdicts["verdict"].to_pylist()
    assert cleaning.review is None and cleaning.to_review.collect() == []


def test_no_rows_absent_columns_and_columns_of_nulls(session: Any, wave: cs.Policy) -> None:
    frame = session.createDataFrame(rows(90), COLUMNS)
    empty = spark.clean(frame.limit(0), wave)
    assert empty.to_dict() == wave.clean(table([])).to_dict()
    assert empty.kept.collect() == [] and empty.to_review.collect() == []
    nulls = frame.withColumn("q1", F.lit(None).cast("int"))
    local = table(rows(90))
    assert (
        spark.clean(nulls, wave).to_dict()
        == wave.clean(local.set_column(2, "q1", pa.nulls(90, pa.int32()))).to_dict()
    )
    less = spark.clean(frame.drop("customer", "duration_ms"), wave, absent=["customer", "duration_ms"])
    local = local.drop_columns(["customer", "duration_ms"])
    assert less.to_dict() == wave.clean(local, absent=["customer", "duration_ms"]).to_dict()


def test_doubtful_responses_have_to_be_settled_first(session: Any) -> None:
    strict = policy(rule("run", "FLAG", long_string={"items": ITEMS, "at_least": 3}), settle_doubtful=True)
    data = table(rows(30))
    data = data.set_column(5, "q4", pa.array([3] * 30, pa.int32()))
    frame = session.createDataFrame([tuple(row.values()) for row in data.to_pylist()], COLUMNS)
    local = strict.clean(data)
    with pytest.raises(cs.CsatError) as want:
        _ = local.kept
    with pytest.raises(cs.CsatError) as mine:
        _ = spark.clean(frame, strict).kept
    assert (str(mine.value), mine.value.code) == (str(want.value), want.value.code)


MAHALANOBIS = rule("far", "FLAG", mahalanobis={"items": ITEMS, "confidence": 0.99})


@pytest.mark.parametrize(
    ("rules", "line"),
    [
        pytest.param(
            (MAHALANOBIS,), r"^rule 'far': a distance from the mean of all responses", id="Mahalanobis"
        ),
        pytest.param(
            (
                rule("a", "FLAG", duplicates={"keys": ["customer"], "keep": "LAST"}),
                rule("b", "FLAG", duplicates={"keys": ["wave"], "keep": "LAST"}),
            ),
            r"^rules 'a' and 'b': duplicates without a key in common",
            id="TwoKeys",
        ),
    ],
)
def test_what_is_about_all_responses_is_refused_by_name(session: Any, rules: Any, line: str) -> None:
    with pytest.raises(cs.CsatError, match=line) as why:
        spark.clean(session.createDataFrame(rows(1), COLUMNS), policy(*rules))
    assert why.value.code == "UNIMPLEMENTED"


def test_bad_input_is_one_line(session: Any, wave: cs.Policy) -> None:
    data = rows(60)
    frame = session.createDataFrame(data, COLUMNS).coalesce(1)

    def fails(line: str, given: Any, asked: Any = wave, **more: Any) -> None:
        with pytest.raises(cs.TableError, match=line) as why:
            spark.clean(given, asked, **more)
        assert "\n" not in str(why.value)

    fails(r"^column 'response_id': id '回0' is there 2 times$", frame.union(frame.limit(1)))
    fails(
        r"^column 'customer' is missing \(rule 'again'\) \(is it 'customers'\?\)",
        frame.withColumnRenamed("customer", "customers"),
    )
    fails(r"^decision: there is no response 'x'$", frame, decisions={"x": "confirmed"})
    kept = wave.clean(table(data)).excluded["response_id"][0].as_py()
    fails(
        rf"^partition \d: decision: response '{kept}' is excluded, not doubtful",
        frame,
        decisions={kept: "rejected"},
    )
    alone = policy(rule("run", "FLAG", long_string={"items": ITEMS, "at_least": 3}))
    off = [(*row[:2], *[3] * 8, *row[10:]) for row in data]
    off[41] = (*off[41][:5], 7, *off[41][6:])
    fails(r"^partition 0: row 41: column 'q4': 7 ", session.createDataFrame(off, COLUMNS).coalesce(1), alone)
    null = frame.withColumn("response_id", F.when(F.col("submitted") >= 0, None).otherwise("x"))
    fails(r"^partition \d: row 0: column 'response_id': the id is missing", null)
    with pytest.raises(cs.CsatError, match="has no cleaning"):
        spark.clean(frame, cs.Policy.load(Path(__file__).parent / "service.json"))
    with pytest.raises(ValueError, match="none of confirmed"):
        spark.clean(frame, wave, decisions={"x": "perhaps"})
    with pytest.raises(cs.TableError, match="has a column 'verdict' already"):
        _ = spark.clean(frame.withColumn("verdict", F.lit(1)), wave).judged
