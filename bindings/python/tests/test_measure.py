"""The measures of a policy in Python: figures, grouping, merging, feeding a scorecard, what is refused."""

import json
import pickle
from decimal import Decimal

import libcsat as cs
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

POLICY = {
    "id": "p",
    "version": "1",
    "effective_from": "2025-01-01",
    "zone": "Asia/Shanghai",
    "scales": [
        {
            "id": "five",
            "min": 1,
            "max": 5,
            "integer": True,
            "direction": "HIGHER_IS_BETTER",
            "labels": [
                {"rank": rank, "label": {"en": word}}
                for rank, word in enumerate(["awful", "poor", "fair", "good", "best"], 1)
            ],
        },
        {"id": "eleven", "min": 0, "max": 10, "integer": True, "direction": "HIGHER_IS_BETTER"},
    ],
    "metrics": [
        {"id": "rating", "scale": "five", "number": {}, "missing_values": [9]},
        {"id": "recommend", "scale": "eleven", "number": {}},
        {"id": "channel", "text": {"values": ["phone", "web"]}},
    ],
    "measures": [
        {
            "id": "top2",
            "unit": "share",
            "share": {"of": {"compare": {"metric": "rating", "op": "GE", "value": 4}}},
        },
        {"id": "nps", "unit": "points", "nps": {"metric": "recommend"}},
        {
            "id": "by_phone",
            "unit": "rating",
            "where": {"compare": {"metric": "channel", "op": "EQ", "text": "phone"}},
            "mean": {"metric": "rating"},
        },
    ],
}

ROWS = {
    "rating": [5, 4, None, 2, 9, 5],
    "recommend": [10, 9, 8, 3, None, 9],
    "channel": ["phone", "web", "phone", "phone", None, "web"],
    "shop": ["a", "b", "a", "b", "a", "a"],
}


@pytest.fixture(scope="module")
def policy():
    return cs.Policy.load(POLICY)


def figures(measured):
    return {row["measure"]: row["shown"] for row in pa.table(measured.table()).to_pylist()}


def test_figures_have_their_number_interval_and_text(policy):
    measured = policy.measure(pa.table(ROWS))
    rows = measured.table().to_pylist()
    assert [(row["measure"], row["n"], row["shown"]) for row in rows] == [
        ("top2", 4, "75.0"),
        ("nps", 5, "40.00"),
        ("by_phone", 2, "3.50"),
    ]
    assert [row["interval"] for row in rows] == ["wilson", "score", "student_t"]
    assert all(row["low"] < row["value"] < row["high"] for row in rows)
    assert rows[0]["value"] == 0.75 and rows[0]["reason"] is None and rows[0]["design_effect"] == 1


@pytest.mark.parametrize("kind", [pa.table, pd.DataFrame, pl.DataFrame], ids=["pyarrow", "pandas", "polars"])
def test_a_table_of_the_same_kind_comes_back(policy, kind):
    table = kind({name: values for name, values in ROWS.items() if name != "rating"})
    measured = policy.measure(table, by="shop", measures=["nps"])
    assert type(measured.table()) is type(table)
    made = measured.table() if kind is not pl.DataFrame else measured.table().to_arrow()
    made = made.to_pandas() if isinstance(made, pa.Table) else made
    assert made["shop"].tolist() == ["a", "b"]
    assert made["shown"].tolist() == ["66.67", "0.00"]


def test_groups_by_the_clock_of_the_policys_zone(policy):
    # 16:00 in UTC is midnight in Shanghai.
    at = pa.array([1743436799, 1743436800, None], pa.timestamp("s", "UTC"))
    table = pa.table({"at": at, "recommend": [10, 0, 5]})
    measured = policy.measure(table, measures=["nps"], time="at", bucket="month")
    assert [(row["period"], row["shown"]) for row in measured.table().to_pylist()] == [
        (None, "-100.00"),
        ("2025-03", "100.00"),
        ("2025-04", "-100.00"),
    ]


def test_counted_apart_and_sent_is_counted_at_once(policy):
    """P2-54"""
    plan = policy.measure_plan(by=["shop"])
    table = pa.table(ROWS)
    parts = [plan.accumulate(table.slice(0, 2)), plan.accumulate(table.slice(2))]
    whole = sum(pickle.loads(pickle.dumps(part)) for part in parts)
    assert whole.to_bytes() == plan.accumulate(table, threads=3).to_bytes()
    assert plan.figures(whole).table().equals(policy.measure(table, by=["shop"]).table())
    assert plan.columns == ["shop", "rating", "recommend", "channel"]


def test_figures_are_those_of_the_moment(policy):
    plan = policy.measure_plan()
    counted = plan.accumulate(pa.table(ROWS))
    measured = plan.figures(counted)
    plan.add(pa.table(ROWS).slice(0, 1), counted)
    assert measured.table().equals(policy.measure(pa.table(ROWS)).table())
    assert measured.columns().equals(policy.measure(pa.table(ROWS)).columns())
    assert plan.figures(counted).table()["n"].to_pylist() == [5, 6, 3]


@pytest.mark.parametrize("level", [0.0, 1.0, -1.0, float("nan"), float("inf")])
def test_levels_and_aggregates_that_cannot_be_are_refused_at_once(policy, level):
    plan = policy.measure_plan()
    counted = plan.accumulate(pa.table(ROWS))
    with pytest.raises(cs.SpecError, match=r"level .* lies outside \(0, 1\)"):
        plan.figures(counted, level)
    with pytest.raises(cs.SpecError, match="of other measures"):
        policy.measure_plan(measures=["nps"]).figures(counted)


def test_a_stream_of_tables(policy):
    table = pa.table(ROWS)
    assert figures(policy.measure(iter([table.slice(0, 1), table.slice(1)]))) == figures(
        policy.measure(table)
    )


def test_columns_feed_a_scorecard():
    document = json.loads(json.dumps(POLICY))
    document["metrics"].append(
        {"id": "top2", "unit": "share", "direction": "HIGHER_IS_BETTER", "min": 0, "max": 1, "number": {}}
    )
    document["scorecards"] = [
        {
            "id": "card",
            "max_score": 100,
            "indicators": [
                {
                    "id": "top2",
                    "max_points": 100,
                    "metric": "top2",
                    "score": {"linear": {"from": {"at": 0, "points": 0}, "to": {"at": 1, "points": 100}}},
                    "missing": {"rule": "INSUFFICIENT"},
                }
            ],
        }
    ]
    policy = cs.Policy.load(document)
    columns = policy.measure(pa.table(ROWS), by=["shop"], measures=["top2"]).columns()
    assert columns.schema.field("top2").type == pa.decimal128(38, 6)
    assert columns["top2"].to_pylist() == [Decimal("1.000000"), Decimal("0.500000")]
    assert policy.score(columns, exact=True)["score"].to_pylist() == [
        Decimal("100.000000"),
        Decimal("50.000000"),
    ]


def test_differences_and_targets():
    """P1-34, P3-21, P2-02"""
    policy = cs.Policy.load("iso-monitoring")
    table = pa.table(
        {
            "item_score": [83.0, 85.0, 80.0, 86.0],
            "item_provider": ["own", "own", "own", "competitor"],
            "item_year": ["this", "this", "last", "this"],
        }
    )
    measured = policy.measure(table, measures=["item_trend", "item_target_gap", "item_competitor_gap"])
    rows = pa.table(measured.table()).to_pylist()
    assert [row["shown"] for row in rows] == ["+4.0", "-6.0", "-2.0"]
    assert [row["target"] for row in rows] == [None, "missed", None]
    assert [row["interval"] for row in rows] == [None, "mover", None]
    assert [row["no_interval"] for row in rows] == ["too_few", None, "too_few"]
    assert [" too_few" in line for line in repr(measured).splitlines()] == [False, False, True, False, True]
    assert "missed" in repr(measured) and "target" in repr(measured)
    assert "target" not in repr(policy.measure(table, measures=["item_mean"]))


def test_nothing_to_measure_is_a_reason(policy):
    rows = policy.measure(
        pa.table({"rating": pa.nulls(0), "recommend": pa.nulls(0), "channel": pa.nulls(0)})
    ).table()
    assert rows["value"].to_pylist() == [None, None, None]
    assert rows["reason"].to_pylist() == ["empty", "empty", "empty"]


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"measures": ["csat"]}, cs.NotFoundError, "policy 'p' has no measure 'csat'"),
        ({"measures": ["nps", "nps"]}, cs.SpecError, "asked for twice"),
        ({"by": ["shop", "shop"]}, cs.SpecError, "key 'shop'"),
        ({"by": ["store"]}, cs.TableError, "column 'store' is missing"),
        ({"level": 1.0}, cs.SpecError, "level 1 lies outside"),
        ({"bucket": "decade"}, ValueError, "bucket 'decade' is none of minute"),
        ({"bad_rows": "drop"}, ValueError, "bad_rows 'drop' is neither"),
        ({"threads": 0}, ValueError, "threads 0 lies outside"),
        ({"time": "shop"}, cs.TableError, "time column 'shop' holds no timestamps or days"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_what_cannot_be_measured_is_named(policy, arguments, error, words):
    with pytest.raises(error, match=words):
        policy.measure(pa.table(ROWS), **arguments)


def test_a_bad_value_is_named_or_its_row_refused(policy):
    table = pa.table({**ROWS, "rating": [5, 4, 6, 2, 9, 5]})
    with pytest.raises(cs.TableError, match=r"row 2: column 'rating': 6 lies outside \[1, 5\]"):
        policy.measure(table)
    measured = policy.measure(table, bad_rows="refuse")
    assert measured.aggregates.refused == 1
    assert figures(measured)["top2"] == "75.0"


def test_labels_are_ranks_and_what_is_none_is_refused(policy):
    assert figures(policy.measure(pa.table({"rating": ["best", "poor"]}), measures=["top2"])) == {
        "top2": "50.0"
    }
    with pytest.raises(cs.TableError, match="'so so' is no label"):
        policy.measure(pa.table({"rating": ["so so"]}), measures=["top2"])


def test_it_shows_itself(policy):
    text = repr(policy.measure(pa.table(ROWS), by=["shop"], measures=["top2"]))
    assert text.splitlines()[0] == "p 1 · 6 records"
    assert "100.0" in text and "low 95 %" in text
    assert "<table" in policy.measure(pa.table(ROWS))._repr_html_()


@pytest.mark.parametrize(
    ("policy", "clause"),
    [
        ("satisfaction-control", "P0-02"),
        ("retail-after-sales", "P2-16"),
        ("retail-after-sales", "P2-154"),
    ],
)
def test_the_example_of_a_clause_is_measured(policy, clause):
    ran = [one for one in cs.Policy.load(policy).run_cases() if clause in one.case.clauses]
    assert ran
    assert all(one.case.expect["measures"] and not one.failures for one in ran)


def test_a_bucket_goes_with_a_time() -> None:
    policy = cs.Policy.load("retail-after-sales")
    with pytest.raises(ValueError, match="bucket 'month' goes with time"):
        policy.measure_plan(bucket="month")
    assert policy.measure_plan(time="submitted_at").columns == (
        policy.measure_plan(time="submitted_at", bucket="month").columns
    )
