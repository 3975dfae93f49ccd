"""Policy.clean(): verdicts, ledger, figures, review."""

from __future__ import annotations

import json
import math
import random
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import libcsat as cs
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import reference_cleaning as reference
from conftest import SHARED

ITEMS = [f"q{i}" for i in range(1, 9)]
SCALE = {
    "id": "five",
    "min": 1,
    "max": 5,
    "integer": True,
    "direction": "HIGHER_IS_BETTER",
    "labels": [{"rank": 5, "label": {"en": "very satisfied"}}, {"rank": 1, "label": {"en": "very bad"}}],
}
SAID = {"compare": {"metric": "said", "op": "EQ", "text": "very satisfied"}}
CONTRADICTION = {
    "all": {"of": [SAID, {"compare": {"metric": "q1", "op": "EQ", "value": 1}}]},
}


def policy(*rules: dict[str, Any], **cleaning: Any) -> cs.Policy:
    return cs.Policy.load(
        {
            "id": "p",
            "version": "1",
            "effective_from": "2025-01-01",
            "zone": "Asia/Shanghai",
            "scales": [SCALE],
            "metrics": [
                *({"id": item, "scale": "five", "number": {}} for item in ITEMS),
                {"id": "said", "text": {}},
                {"id": "instrument", "text": {}},
            ],
            "cleaning": {"rules": list(rules), **cleaning},
        }
    )


def rule(id: str, action: str, **form: Any) -> dict[str, Any]:
    return {"id": id, "action": action, **form}


def responses(*rows: dict[str, Any], **columns: pa.DataType) -> pa.Table:
    """Rows with ids of their own; an item that is not said is 3, 4 by turns."""
    usual = {item: 3 + i % 2 for i, item in enumerate(ITEMS)}
    whole = [{"response_id": f"r{n}", "said": None, **usual, **row} for n, row in enumerate(rows)]
    table = pa.Table.from_pylist(whole)
    for name, type in columns.items():
        table = table.set_column(table.column_names.index(name), name, table[name].cast(type))
    return table


def verdicts(cleaning: cs.Cleaning) -> list[tuple[str, str | None]]:
    rows = cleaning.verdicts.to_pylist()
    return [(row["verdict"], row["deciding_rule"]) for row in rows]


def at(clock: str) -> datetime:
    hour, minute, second = (int(part) for part in f"{clock}:00".split(":")[:3])
    return datetime(2025, 3, 1, hour, minute, second, tzinfo=timezone.utc)


G6 = (
    rule("R1", "EXCLUDE", contradiction=CONTRADICTION),
    rule("time", "EXCLUDE", speed={"below_ms": 30000}),
    rule("presence", "EXCLUDE", unknown="FLAG", stay={"from": "stay_from", "until": "stay_until"}),
    rule("extreme", "QUARANTINE", all_extreme={"items": ITEMS}),
)
G6 = tuple({**one, "id": one["id"].lower()} for one in G6)


def g6_responses() -> pa.Table:
    normal = {
        "duration_ms": 60000,
        "submitted_at": at("14:35"),
        "stay_from": at("14:02"),
        "stay_until": at("14:40"),
    }
    return responses(
        normal | {"said": "very satisfied", "q1": 1},
        normal | {"duration_ms": 29999},
        normal | {"duration_ms": 30000},
        normal | dict.fromkeys(ITEMS, 5),
        normal | {"submitted_at": at("15:10")},
        *[normal] * 5,
    )


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


# About 0.009 degrees of latitude are 1,000 m: 500 m / 111,195.08 m.
DEGREE = 6371008.8 * math.pi / 180


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


def test_limits_by_instrument() -> None:  # A-58: one question is answered in no time
    speed = {"below_ms": 30000, "instrument": "form", "by_instrument": {"star": 0, "long": 60000}}
    rows = [
        {"form": form, "duration_ms": ms}
        for form, ms in (("star", 2), ("long", 59999), ("long", 60000), ("other", 29999), (None, 30000))
    ]
    made = verdicts(policy(rule("time", "EXCLUDE", speed=speed)).clean(responses(*rows)))
    assert [verdict for verdict, _ in made] == ["kept", "excluded", "kept", "excluded", "kept"]


def test_applies() -> None:  # A-59: only where presence is required
    only = {"compare": {"metric": "instrument", "op": "EQ", "text": "store"}}
    stay = rule("presence", "EXCLUDE", unknown="FLAG", applies=only, stay={"from": "a", "until": "b"})
    rows = [{"instrument": where, "submitted_at": 10, "a": 1, "b": 5} for where in ("store", "app", None)]
    cleaning = policy(stay).clean(responses(*rows))
    assert [verdict for verdict, _ in verdicts(cleaning)] == ["excluded", "kept", "flagged"]
    assert cleaning.rules[0].not_applicable == 1


def test_test_records_are_no_responses() -> None:  # A-129
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


def test_last_form_counts() -> None:  # A-90
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


ALL = (
    rule("range", "EXCLUDE", off_scale={"items": ITEMS}),
    rule("line", "QUARANTINE", straight_line={"items": ITEMS, "least_answers": 4}),
    rule("extreme", "QUARANTINE", all_extreme={"items": ITEMS, "least_answers": 3}),
    rule("run", "FLAG", long_string={"items": ITEMS, "at_least": 4}),
    rule("still", "FLAG", unknown="FLAG", variability={"items": ITEMS, "below": 0.75, "above": 1.8}),
    rule(
        "halves",
        "FLAG",
        even_odd={
            "parts": [{"items": ITEMS[:4]}, {"items": ITEMS[4:6]}, {"items": ITEMS[6:]}],
            "reversed": ["q2", "q7"],
            "below": 0.3,
        },
    ),
    rule("far", "FLAG", mahalanobis={"items": ITEMS, "confidence": 0.9}),
    rule("double", "EXCLUDE", duplicates={"keys": ["who", "said"], "keep": "LAST", "order": "when"}),
    rule(
        "lazy",
        "QUARANTINE",
        default_answers={"defaults": {"q1": 3, "q2": 3, "q3": 4}, "at_least": 0.6, "least_answers": 2},
    ),
    rule("time", "EXCLUDE", unknown="FLAG", speed={"below_ms": 50}),
)


def random_rows(rng: random.Random, count: int) -> list[dict[str, Any]]:
    rows = []
    for n in range(count):
        lazy = rng.random()
        usual = rng.randint(1, 5)
        row: dict[str, Any] = {"response_id": f"r{n:03}"}
        for item in ITEMS:
            row[item] = usual if rng.random() < lazy else rng.randint(1, 5)
            if rng.random() < 0.08:
                row[item] = rng.choice([None, None, 0, 6])
        row["who"] = rng.choice(["a", "b", "c", "d", None])
        row["said"] = rng.choice(["yes", "no", "maybe", "never"])
        row["when"] = rng.choice([None, 1, 2, 3])
        row["duration_ms"] = rng.choice([None, 10, 49, 50, 51, 1000])
        rows.append(row)
    return rows


def expected(rows: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    on = [[answer if answer in range(1, 6) else None for answer in (row[i] for i in ITEMS)] for row in rows]
    keyed = [
        [a if a is None or item not in ("q2", "q7") else 6 - a for a, item in zip(r, ITEMS, strict=True)]
        for r in on
    ]
    far = reference.mahalanobis(on)
    double = reference.duplicates(rows, ["who", "said"], "when")
    made = []
    for n, (row, answers) in enumerate(zip(rows, on, strict=True)):
        run, variance = reference.longest_run(answers), reference.variance(answers)
        halves = reference.even_odd([keyed[n][:4], keyed[n][4:6], keyed[n][6:]])
        left = reference.defaults_left(answers[:3], [3, 3, 4])
        met: list[bool | None] = [
            any(row[item] in (0, 6) for item in ITEMS),
            reference.straight(answers, 4),
            reference.extreme(answers, 1, 5, 3),
            None if run is None else run >= 4,
            None if variance is None else variance < Decimal("0.5625") or variance > Decimal("3.24"),
            None if halves is None else halves < 0.3,
            None if far[n] is None else far[n] > 13.361566136511726,  # qchisq(0.9, 8) of R
            double[n],
            None if left is None else sum(a is not None for a in answers[:3]) >= 2 and left * 5 >= 3,
            None if row["duration_ms"] is None else row["duration_ms"] < 50,
        ]
        words = {"FLAG": "flagged", "QUARANTINE": "quarantined", "EXCLUDE": "excluded"}
        says = [
            (words[r["action"]], words.get(r.get("unknown", ""), "kept"), one)
            for r, one in zip(ALL, met, strict=True)
        ]
        verdict, first = reference.verdict(says)
        made.append((verdict, None if first is None else ALL[first]["id"]))
    return made


@pytest.mark.parametrize("seed", range(6))
def test_random_responses(seed: int) -> None:
    rng = random.Random(seed)
    rows = random_rows(rng, 400)
    table = pa.Table.from_pylist(rows)
    own = policy(*ALL)
    cleaning = own.clean(table)
    assert verdicts(cleaning) == expected(rows)
    # Whatever the order of rows and the number of threads.
    order = rng.sample(range(len(rows)), len(rows))
    other = own.clean(table.take(order), threads=3)
    assert [verdicts(cleaning)[i] for i in order] == verdicts(other)
    values = {(line["response_id"], line["rule"]): line["value"] for line in cleaning.ledger.to_pylist()}
    assert {(line["response_id"], line["rule"]): line["value"] for line in other.ledger.to_pylist()} == values


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


REFERENCE = SHARED / "data/reference/cleaning"


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the shared data are not here")
def test_agrees_with_careless_on_bfi() -> None:
    data = pd.read_csv(SHARED / "data/likert/bfi.csv")
    items = [name for name in data.columns if name[0] in "ACENO" and name[1:].isdigit()]
    assert len(items) == 25
    wanted = pd.read_csv(REFERENCE / "bfi.rows.csv")
    document = {
        "id": "bfi",
        "version": "1",
        "effective_from": "2025-01-01",
        "zone": "UTC",
        "scales": [{"id": "six", "min": 1, "max": 6, "integer": True, "direction": "HIGHER_IS_BETTER"}],
        "metrics": [{"id": item.lower(), "scale": "six", "number": {"field": item}} for item in items],
        "cleaning": {
            "rules": [
                rule("run", "FLAG", long_string={"items": [i.lower() for i in items], "at_least": 2}),
                rule(
                    "still",
                    "FLAG",
                    variability={"items": [i.lower() for i in items], "above": 0, "below": 0.001},
                ),
                rule(
                    "far", "FLAG", mahalanobis={"items": [i.lower() for i in items], "confidence": 0.000001}
                ),
                rule("far99", "FLAG", mahalanobis={"items": [i.lower() for i in items], "confidence": 0.99}),
            ]
        },
    }
    cleaning = cs.Policy.load(document).clean(
        pa.Table.from_pandas(data[items].assign(response_id=np.arange(len(data))), preserve_index=False)
    )
    ledger = pa.Table.from_pandas(pd.DataFrame(cleaning.ledger.to_pylist())).to_pandas()
    for name, column, tolerance in (
        ("run", "longstring", 0),
        ("still", "irv", 1e-9),
        ("far", "mahalanobis_d2", 1e-8),
    ):
        ours = ledger[ledger["rule"] == name].set_index("row")["value"]
        theirs = wanted.set_index("row0")[column].dropna()
        theirs = theirs[theirs >= 2] if name == "run" else theirs
        both = ours.index.intersection(theirs.index)
        assert len(both) == len(theirs) or name == "still"
        assert np.allclose(ours[both], theirs[both], rtol=tolerance, atol=1e-8)
    flagged = json.loads((REFERENCE / "bfi.json").read_text())["mahalanobis"]["flagged"]["0.99"]
    assert cleaning.rules[3].met == flagged == 210


def retail(**columns: Any) -> dict[str, Any]:
    """A response to the ready-made retail policy, filled in on site."""
    usual = {f"survey_item_{i}": 3 + i % 2 for i in range(1, 9)}
    where = {"latitude": 34.03, "longitude": 113.85, "store_latitude": 34.03, "store_longitude": 113.85}
    stay = {"submitted_at": at("14:35"), "stay_from": at("14:02"), "stay_until": at("14:40")}
    what = {"overall_rating": 4, "overall_words": "satisfied", "presence": "required", "instrument": "form"}
    return {
        **{"is_test": False, "duration_ms": 60000, "store_radius_m": 500},
        **{**usual, **where, **stay, **what, **columns},
    }


def test_scenario_g6_by_the_ready_made_policy() -> None:  # G-6, P2-57 to P2-61, P2-84, A-129
    shop = cs.Policy.load("retail-after-sales")
    rows = [
        retail(overall_words="very satisfied", overall_rating=1),
        retail(duration_ms=29999),
        retail(duration_ms=30000),
        retail(**{f"survey_item_{i}": 5 for i in range(1, 9)}),
        retail(submitted_at=at("15:10")),
        *[retail()] * 5,
    ]
    g6 = pa.Table.from_pylist([{"response_id": f"r{i}", **row} for i, row in enumerate(rows)])
    cleaning = shop.clean(g6, seed="2025-03")
    assert cleaning.counts == {"kept": 6, "flagged": 0, "quarantined": 1, "excluded": 3}
    assert cleaning.review is not None and sum(cleaning.review.drawn) == 1
    decided = [(row["rule"], row["deciding"]) for row in cleaning.ledger.to_pylist()]
    wanted = ["r1", "under-30-seconds", "all-extreme", "not-on-site"]
    assert decided == [(id, True) for id in wanted]
    # Without a place everybody who had to be there is flagged, and counts: A-59.
    cleaning = shop.clean(g6.drop_columns(["latitude", "longitude"]), absent=["latitude", "longitude"])
    assert cleaning.counts == {"kept": 0, "flagged": 6, "quarantined": 1, "excluded": 3}
    rest = [
        retail(latitude=34.03 + 480 / DEGREE),
        retail(latitude=34.03 + 520 / DEGREE),
        retail(instrument="star_rating", duration_ms=2),
        retail(presence="not_required", submitted_at=at("20:00"), latitude=30.0),
        retail(is_test=True),
    ]
    table = pa.Table.from_pylist([{"response_id": f"s{i}", **row} for i, row in enumerate(rest)])
    assert verdicts(shop.clean(table)) == [
        ("kept", None),
        ("excluded", "not-in-the-store"),
        ("kept", None),
        ("kept", None),
        ("excluded", "test-record"),
    ]


def test_forms_of_the_annual_survey() -> None:  # P1-30, P1-31, A-31, A-90
    survey = cs.Policy.load("annual-survey")
    forms = [
        {"product_quality": 86, "service_quality": None if i < 4 else 90, "respondent_id": f"c{i}", "n": i}
        for i in range(41)
    ]
    forms.append({"product_quality": 10, "service_quality": 10, "respondent_id": "c20", "n": -1})
    table = pa.Table.from_pylist(
        [
            {"response_id": f"f{i}", "wave": "2025", "submitted_at": form.pop("n"), **form}
            for i, form in enumerate(forms)
        ]
    )
    cleaning = survey.clean(table)
    assert cleaning.counts == {"kept": 37, "flagged": 4, "quarantined": 0, "excluded": 1}
    assert verdicts(cleaning)[41] == ("excluded", "duplicate")
    with pytest.raises(cs.CsatError, match="4 of 42 responses are doubtful and not settled"):
        _ = cleaning.kept
    three: dict[str, Any] = {"f0": "confirmed", "f1": "corrected", "f2": "rejected"}
    assert survey.clean(table, decisions=three).open == 1
    settled = survey.clean(table, decisions={**three, "f3": "confirmed"})
    assert settled.open == 0 and settled.kept.num_rows == 40


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the shared data are not here")
def test_agrees_with_careless_on_the_airline() -> None:
    data = pd.read_csv(SHARED / "data/likert/airline_passenger_satisfaction.csv.gz")
    names = list(data.columns[9:23])
    items = [f"i{n}" for n in range(len(names))]
    metrics = [
        {"id": item, "scale": "five", "missing_values": [0], "number": {"field": name}}
        for item, name in zip(items, names, strict=True)
    ]
    rules = [
        rule("line", "QUARANTINE", straight_line={"items": items, "least_answers": 2}),
        rule("still", "FLAG", variability={"items": items, "below": 0.000001}),
        rule("half", "FLAG", long_string={"items": items, "at_least": 7}),
        rule("far99", "FLAG", mahalanobis={"items": items, "confidence": 0.99}),
        rule("far999", "FLAG", mahalanobis={"items": items, "confidence": 0.999}),
        rule("same", "FLAG", duplicates={"keys": ["ID"], "keep": "NONE"}),
    ]
    document = policy(rule("test", "EXCLUDE", test_records={})).document
    document["scales"] = [{**SCALE, "labels": []}]
    document["metrics"] = metrics
    document["cleaning"] = {"response_id": "ID", "rules": rules}
    table = pa.Table.from_pandas(data, preserve_index=False)
    cleaning = cs.Policy.load(document).clean(table)
    wanted = json.loads((REFERENCE / "airline_zero_missing.json").read_text())
    quality, flagged = wanted["quality"], wanted["mahalanobis"]["flagged"]
    met = {one.id: one.met for one in cleaning.rules}
    assert cleaning.rows == quality["rows"] == 129_880
    assert met == {
        "line": quality["all_answered_items_equal"],
        "still": quality["irv_zero"],
        "half": quality["longstring_ge_half"],
        "far99": flagged["0.99"],
        "far999": flagged["0.999"],
        "same": 0,
    }
    assert cleaning.rules[3].unknown == quality["rows"] - quality["complete_rows"]
