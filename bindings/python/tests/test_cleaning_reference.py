"""Policy.clean() beside a plain reference on random responses, and beside R's careless on open data."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from typing import Any

import libcsat as cs
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import reference_cleaning as reference
from cleaning_rules import ITEMS, SCALE, policy, rule, verdicts
from conftest import SHARED

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
