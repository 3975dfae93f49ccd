"""Policy.clean(): verdicts, ledger, figures, review."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import libcsat as cs
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from cleaning_rules import DEGREE, G6, ITEMS, at, g6_responses, policy, responses, rule, verdicts


def test_scenario_g6() -> None:  # G-6, P2-57, P2-58, P2-59, P2-60, P2-84
    figures = [{"id": "mean_q1", "metric": "q1"}, {"id": "top", "metric": "q1", "at_least": 4}]
    cleaning = policy(*G6, review={"share": 0.1}, figures=figures).clean(g6_responses(), seed="2025-03")
    assert cleaning.counts == {"kept": 6, "flagged": 0, "quarantined": 1, "excluded": 3}
    assert verdicts(cleaning)[:5] == [
        ("excluded", "r1"),
        ("excluded", "time"),
        ("kept", None),
        ("quarantined", "extreme"),
        ("excluded", "presence"),
    ]
    assert cleaning.review is not None
    assert cleaning.review.sizes == (6, 4) and cleaning.review.drawn == (1, 0)  # ceil(1.0), largest remainder
    assert cleaning.to_review.num_rows == 1
    assert cleaning.kept.num_rows == 6 and cleaning.quarantined["q1"].to_pylist() == [5]
    # The raw responses stay as they were: P2-57, P1-30.
    mean, top = cleaning.figures
    assert (mean.before, mean.after, mean.with_quarantined) == (Decimal(3), Decimal(3), Decimal("3.285714"))
    assert mean.step == {
        "r1": Decimal("3.222222"),
        "time": Decimal("3.25"),
        "presence": Decimal("3.285714"),
        "extreme": Decimal(3),
    }
    assert mean.without["extreme"] == Decimal("2.777778") and top.before == Decimal("0.1")
    assert "10 responses: 6 kept, 0 flagged, 1 quarantined, 3 excluded" in repr(cleaning)
    assert "<table" in cleaning._repr_html_()


@pytest.mark.parametrize(
    ("name", "rules", "row", "wanted"),
    [
        # P2-57
        ("very satisfied and 1", G6[:1], {"said": "very satisfied", "q1": 1}, ("excluded", "r1")),
        ("very satisfied and 5", G6[:1], {"said": "very satisfied", "q1": 5}, ("kept", None)),
        ("not said", G6[:1], {"q1": 1}, ("kept", None)),
        # P2-58, A-56
        ("8 items all 5", G6[3:], dict.fromkeys(ITEMS, 5), ("quarantined", "extreme")),
        ("8 items all 1", G6[3:], dict.fromkeys(ITEMS, 1), ("quarantined", "extreme")),
        ("8 items all 3", G6[3:], dict.fromkeys(ITEMS, 3), ("kept", None)),
        ("3 items all 5", G6[3:], dict.fromkeys(ITEMS) | dict.fromkeys(ITEMS[:3], 5), ("kept", None)),
        ("4 items all 5", G6[3:], dict.fromkeys(ITEMS) | dict.fromkeys(ITEMS[:4], 5), ("kept", None)),
        (
            "5 items all 5",
            G6[3:],
            dict.fromkeys(ITEMS) | dict.fromkeys(ITEMS[:5], 5),
            ("quarantined", "extreme"),
        ),
        # P2-84, A-58
        ("29,999 ms", G6[1:2], {"duration_ms": 29999}, ("excluded", "time")),
        ("30,000 ms", G6[1:2], {"duration_ms": 30000}, ("kept", None)),
        # P2-60, A-59
        ("14:35", G6[2:3], {"submitted_at": at("14:35")}, ("kept", None)),
        ("14:40:00", G6[2:3], {"submitted_at": at("14:40:00")}, ("kept", None)),
        ("14:40:01", G6[2:3], {"submitted_at": at("14:40:01")}, ("excluded", "presence")),
        ("14:02", G6[2:3], {"submitted_at": at("14:02")}, ("kept", None)),
        ("14:01:59", G6[2:3], {"submitted_at": at("14:01:59")}, ("excluded", "presence")),
        ("15:10", G6[2:3], {"submitted_at": at("15:10")}, ("excluded", "presence")),
        ("no stay", G6[2:3], {"submitted_at": at("14:35"), "stay_from": None}, ("flagged", "presence")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_acceptance_examples(
    name: str, rules: Any, row: dict[str, Any], wanted: tuple[str, str | None]
) -> None:
    stay = {"stay_from": at("14:02"), "stay_until": at("14:40")}
    given = {"duration_ms": 60000, "submitted_at": at("14:35"), **stay, **row}
    types = {item: pa.int64() for item in ITEMS} | {"said": pa.string()}
    if given["stay_from"] is None:
        types["stay_from"] = pa.timestamp("us", "UTC")
    assert verdicts(policy(*rules).clean(responses(given, **types))) == [wanted]


@pytest.mark.parametrize(
    ("metres", "wanted"),
    [(480.0, "kept"), (499.9, "kept"), (500.1, "excluded"), (520.0, "excluded"), (None, "flagged")],
)
def test_distance(metres: float | None, wanted: str) -> None:  # P2-61, A-59
    place = {"lat": "latitude", "lon": "longitude", "s_lat": "store_latitude", "s_lon": "store_longitude"}
    where = {form: name for name, form in place.items()}
    gps = rule("gps", "EXCLUDE", unknown="FLAG", distance={**where, "radius_m": 500})
    latitude = None if metres is None else 31.2 + metres / DEGREE
    table = responses({"lat": latitude, "lon": 121.5, "s_lat": 31.2, "s_lon": 121.5}, lat=pa.float64())
    cleaning = policy(gps).clean(table)
    assert verdicts(cleaning)[0][0] == wanted
    if metres is not None and wanted == "excluded":
        assert cleaning.ledger["value"].to_pylist()[0] == pytest.approx(metres, abs=1e-4)


def test_limits_by_instrument() -> None:  # one question is answered in no time
    speed = {"below_ms": 30000, "instrument": "form", "by_instrument": {"star": 0, "long": 60000}}
    rows = [
        {"form": form, "duration_ms": ms}
        for form, ms in (("star", 2), ("long", 59999), ("long", 60000), ("other", 29999), (None, 30000))
    ]
    made = verdicts(policy(rule("time", "EXCLUDE", speed=speed)).clean(responses(*rows)))
    assert [verdict for verdict, _ in made] == ["kept", "excluded", "kept", "excluded", "kept"]


def test_applies() -> None:  # only where presence is required
    only = {"compare": {"metric": "instrument", "op": "EQ", "text": "store"}}
    stay = rule("presence", "EXCLUDE", unknown="FLAG", applies=only, stay={"from": "a", "until": "b"})
    rows = [{"instrument": where, "submitted_at": 10, "a": 1, "b": 5} for where in ("store", "app", None)]
    cleaning = policy(stay).clean(responses(*rows))
    assert [verdict for verdict, _ in verdicts(cleaning)] == ["excluded", "kept", "flagged"]
    assert cleaning.rules[0].not_applicable == 1


def test_test_records_are_no_responses() -> None:
    double = rule("double", "EXCLUDE", duplicates={"keys": ["who"], "keep": "LAST"})
    tests = rule("test", "EXCLUDE", test_records={})
    rows = [{"who": "a", "is_test": False, "q1": 4}, {"who": "a", "is_test": True, "q1": 1}]
    figures = [{"id": "mean", "metric": "q1"}]
    cleaning = policy(double, tests, figures=figures, review={"share": 1, "seed": "s"}).clean(
        responses(*rows)
    )
    assert verdicts(cleaning) == [("kept", None), ("excluded", "test")]
    assert cleaning.test_records == 1 and cleaning.figures[0].before == Decimal(4)
    assert cleaning.review is not None and cleaning.review.sizes == (1, 0)


def test_last_form_counts() -> None:
    double = rule("double", "EXCLUDE", duplicates={"keys": ["who", "wave"], "keep": "LAST", "order": "when"})
    rows = [
        {"who": "a", "wave": "1", "when": 2},
        {"who": "a", "wave": "1", "when": 3},
        {"who": "a", "wave": "2", "when": 1},
        {"who": "b", "wave": "1", "when": 1},
        {"who": "b", "wave": "1", "when": 1},
        {"who": None, "wave": "1", "when": 1},
        {"who": None, "wave": "1", "when": 1},
    ]
    made = verdicts(policy(double).clean(responses(*rows)))
    assert [verdict for verdict, _ in made] == ["excluded", *["kept"] * 2, "excluded", *["kept"] * 3]


def test_doubtful_ones_are_settled() -> None:  # P1-30, P1-31: 42 forms, 37 ok, 4 doubtful, 1 invalid
    rules = (
        rule("same", "FLAG", straight_line={"items": ITEMS}),
        rule("time", "EXCLUDE", speed={"below_ms": 30000}),
    )
    rows = [{"duration_ms": 60000}] * 37 + [dict.fromkeys(ITEMS, 3) | {"duration_ms": 60000}] * 4
    table = responses(*rows, {"duration_ms": 1})
    own = policy(*rules, settle_doubtful=True)
    cleaning = own.clean(table)
    assert cleaning.counts == {"kept": 37, "flagged": 4, "quarantined": 0, "excluded": 1}
    assert cleaning.open == 4
    decided: dict[str, Any] = {"r37": "confirmed", "r38": "corrected", "r39": "confirmed"}
    cleaning = own.clean(table, decisions=decided)
    with pytest.raises(cs.CsatError, match="1 of 42 responses are doubtful and not settled") as failed:
        _ = cleaning.kept
    assert failed.value.code == "FAILED_PRECONDITION"
    cleaning = own.clean(table, decisions={**decided, "r40": "rejected"})
    assert cleaning.kept.num_rows == 40 and cleaning.open == 0
    assert cleaning.counts == {"kept": 40, "flagged": 0, "quarantined": 0, "excluded": 2}
    last = cleaning.ledger.to_pylist()[-2]
    assert (last["rule"], last["verdict"], last["deciding"]) == ("", "excluded", True)


def test_review_of_1234() -> None:  # P2-59, A-57
    table = pa.table({"response_id": [f"x{i}" for i in range(1234)], "q1": [1] * 100 + [3] * 1134})
    bad = rule("low", "EXCLUDE", contradiction={"compare": {"metric": "q1", "op": "LT", "value": 2}})
    own = policy(bad, review={"share": 0.1})
    cleaning = own.clean(table, seed="wave 1")
    assert cleaning.review is not None
    assert sum(cleaning.review.drawn) == 124 and cleaning.review.drawn == (114, 10)
    drawn = cleaning.to_review["response_id"].to_pylist()
    assert (
        own.clean(table.take(list(range(1233, -1, -1))), seed="wave 1").to_review["response_id"].to_pylist()
        == drawn
    )
    assert own.clean(table, seed="wave 2").to_review["response_id"].to_pylist() != drawn
    assert own.clean(table).review is None
    assert policy(bad).clean(table, seed="").review is None
    with pytest.raises(cs.TableError, match=r"^seed 'wave 1': the cleaning draws no review$"):
        policy(bad).clean(table, seed="wave 1")


def test_singular_is_a_reason() -> None:
    rng = random.Random(1)
    rows = [{item: rng.randint(1, 5) for item in ITEMS} for _ in range(50)]
    for row in rows:
        row["q3"] = row["q1"]
    far = rule("far", "FLAG", mahalanobis={"items": ITEMS, "confidence": 0.99})
    cleaning = policy(far).clean(responses(*rows))
    (one,) = cleaning.rules
    assert one.gap == ("duplicate", ("q1", "q3")) and one.unknown == 50
    assert "all: duplicate (q1, q3)" in repr(cleaning)
    for few in (0, 1):
        assert policy(far).clean(responses(*rows).slice(0, few)).rules[0].gap is not None


KINDS = {
    "pyarrow": lambda table: table,
    "batch": lambda table: table.combine_chunks().to_batches()[0],
    "chunks": lambda table: pa.concat_tables([table.slice(0, 3), table.slice(3)]),
    "reader": lambda table: pa.RecordBatchReader.from_batches(table.schema, table.to_batches()),
    "pandas": lambda table: table.to_pandas(),
    "polars": pl.from_arrow,
    "lazy": lambda table: pl.from_arrow(table).lazy(),
}


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_of_tables(kind: str) -> None:
    cleaning = policy(*G6).clean(KINDS[kind](g6_responses()))
    assert cleaning.counts["kept"] == 6
    kept = cleaning.kept
    assert len(kept) == 6 if kind != "duckdb" else True
    assert isinstance(cleaning.ledger, (pd.DataFrame, pl.DataFrame, pa.Table))


def test_labels_and_gaps_are_read() -> None:
    table = responses({"q1": "very satisfied"}, {"q1": None}, {"q1": "very bad"}, q1=pa.string())
    low = rule("low", "FLAG", contradiction={"compare": {"metric": "q1", "op": "LE", "value": 1}})
    missing = rule("missing", "FLAG", contradiction={"not": {"answered": "q1"}})
    assert verdicts(policy(low, missing).clean(table)) == [
        ("kept", None),
        ("flagged", "missing"),
        ("flagged", "low"),
    ]


@pytest.mark.parametrize(
    ("rules", "change", "message"),
    [
        (G6[3:], {"q1": 6}, "row 0: column 'q1': 6 lies outside [1, 5] of item 'q1'"),
        (
            G6[:1],
            {"q1": 0, "said": "x"},
            "row 0: column 'q1': 0 lies outside [1, 5] of metric 'q1' (rule 'r1')",
        ),
        (G6[1:2], {}, "column 'duration_ms' is missing (rule 'time')"),
        (
            G6[1:2],
            {"duration_ms": 1.5},
            "row 0: column 'duration_ms': the value is no whole number (rule 'time')",
        ),
        (G6[1:2], {"duration_ms": at("14:00")}, "holds instants, not a duration"),
        (G6[3:], {"response_id": None}, "row 0: column 'response_id': the id is missing"),
        (G6[3:], {"response_id": "r1"}, "row 1: column 'response_id': id 'r1' is that of row 0 too"),
        (
            G6[2:3],
            {"submitted_at": 5, "stay_from": at("14:00"), "stay_until": at("14:00")},
            "columns 'submitted_at' and 'stay_from' cannot be compared",
        ),
    ],
)
def test_refuses(rules: Any, change: dict[str, Any], message: str) -> None:
    table = responses(change, {})
    if change.get("response_id", "") is None:
        table = table.set_column(0, "response_id", pa.array([None, "r1"]))
    with pytest.raises(cs.TableError) as failed:
        policy(*rules).clean(table)
    assert message in str(failed.value)


def test_refuses_decisions_and_policies() -> None:
    own = policy(*G6)
    for decisions, message in (
        ({"r9": "confirmed"}, "decision: response 'r9' is kept, not doubtful"),
        ({"r99": "confirmed"}, "decision: there is no response 'r99'"),
    ):
        with pytest.raises(cs.TableError, match=message):
            own.clean(g6_responses(), decisions=decisions)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="decision 'maybe' is none of confirmed"):
        own.clean(g6_responses(), decisions={"r3": "maybe"})  # type: ignore[dict-item]
    with pytest.raises(cs.CsatError, match="policy 'feedback-handling' has no cleaning"):
        cs.Policy.load("feedback-handling").clean(g6_responses())
