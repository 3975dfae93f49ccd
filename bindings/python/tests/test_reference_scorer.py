"""libcsat against a scorer in fractions (reference_scorer.py), exactly, on random policies and records."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import libcsat as cs
import pytest
from reference_scorer import Json, Record, Reference, Result, load

POLICIES = 150
RECORDS = 60
RULES = ["LEAVE_OUT", "LEAVE_OUT", "WORST", "REFUSE", "INSUFFICIENT"]
OPS = ["LT", "LE", "EQ", "NE", "GE", "GT"]


class Maker:
    """Makes a policy of number and ratio metrics, and records that lie at its edges."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._edges: list[Fraction] = []
        self._highs: list[int] = []
        self._ratios = 0

    def policy(self) -> str:
        pick = self._random
        metrics: list[Json] = []
        for i in range(pick.randint(2, 6)):
            metric: Json = {"id": f"m{i}", "unit": "thing", "direction": "NEUTRAL", "min": 0, "max": 100}
            if pick.random() < 0.7:
                metric["number"] = {}
                metric["decimal_places"] = pick.randint(0, 9)
            else:
                numerator = [{"field": f"m{i}_a"}, {"field": f"m{i}_b", "times": 0.5}]
                metric["ratio"] = {
                    "numerator": numerator,
                    "denominator": [{"field": f"m{i}_n"}],
                    "times": 100,
                    "field": f"m{i}",
                }
            metrics.append(metric)
        self.metrics = metrics
        card: Json = {
            "id": "card",
            "max_score": 100,
            "indicators": [self._indicator(f"i{i}", 0) for i in range(pick.randint(1, 4))],
        }
        if pick.random() < 0.5:
            froms = sorted({pick.randint(1, 99) for _ in range(3)}, reverse=True)
            bands: list[Json] = [{"id": f"g{low}", "from": low} for low in [*froms, 0]]
            if pick.random() < 0.3:
                bands[0]["condition"] = self._condition()
            card["grading"] = {"basis": "EXACT", "bands": bands}
            if pick.random() < 0.4:
                card["grading"] = {"basis": "ROUNDED", "places": pick.randint(0, 2), "bands": bands}
        if pick.random() < 0.4:
            sources = [
                {"id": f"b{i}", "metric": self._metric(), "each": self._number(1, 900000)}
                for i in range(pick.randint(1, 3))
            ]
            card["bonus"] = {"mode": pick.choice(["RELATIVE", "POINTS"]), "cap": 15, "sources": sources}
        if pick.random() < 0.3:
            card["caps"] = [{"id": "c", "when": self._condition(), "max_score": pick.randint(10, 90)}]
        if pick.random() < 0.5:
            card["vetoes"] = [
                {
                    "id": f"v{i}",
                    "when": self._condition(),
                    "scope": "RECORD",
                    pick.choice(["set_to", "cap_at"]): pick.randint(0, 60),
                    "missing": {"rule": pick.choice(["REFUSE", "VETO", "INSUFFICIENT"])},
                }
                for i in range(pick.randint(1, 2))
            ]
        return json.dumps(
            {
                "id": "random",
                "version": "1",
                "effective_from": "2025-01-01",
                "zone": "UTC",
                "metrics": metrics,
                "scorecards": [card],
            }
        )

    def record(self) -> Record:
        pick = self._random
        record: Record = {}
        for metric in self.metrics:
            if pick.random() < 0.1:
                continue
            if "ratio" in metric and pick.random() < 0.8:
                total = pick.choice([0, 1, 3, 7, 100])
                most = pick.randint(0, total)
                record |= {
                    f"{metric['id']}_a": most,
                    f"{metric['id']}_b": total - most,
                    f"{metric['id']}_n": total,
                }
            else:
                record[metric["id"]] = self._figure()
        return record

    def _figure(self) -> int | Decimal:
        pick = self._random
        if self._edges and pick.random() < 0.5:
            edge = pick.choice(self._edges) + pick.choice([0, 0, Fraction(1, 10**6), -Fraction(1, 10**6)])
            return Decimal(int(min(max(edge, Fraction()), Fraction(100)) * 10**6)) / 10**6
        return pick.randint(0, 100) if pick.random() < 0.5 else Decimal(pick.randint(0, 10**8)) / 10**6

    def _number(self, low: int, high: int) -> float:
        return self._random.randint(low, high) / 10**6

    def _metric(self) -> str:
        return str(self._random.choice(self.metrics)["id"])

    def _edge(self) -> float:
        value = self._random.choice([self._random.randint(0, 100) * 10**6, self._random.randint(0, 10**8)])
        self._edges.append(Fraction(value, 10**6))
        return value / 10**6

    def _condition(self) -> Json:
        compare: Json = {
            "compare": {"metric": self._metric(), "op": self._random.choice(OPS), "value": self._edge()}
        }
        if self._random.random() < 0.2:
            return {"not": compare}
        if self._random.random() < 0.3:
            return {self._random.choice(["all", "any"]): {"of": [compare, self._condition()]}}
        return compare

    def _indicator(self, name: str, depth: int) -> Json:
        pick = self._random
        made: Json = {
            "id": name,
            "weight": self._number(1, 3 * 10**6),
            "max_points": pick.choice([5, 10, 100]),
        }
        if depth < 2 and pick.random() < 0.25:
            parts = [self._indicator(f"{name}_{i}", depth + 1) for i in range(pick.randint(1, 3))]
            combine = pick.choice(["WEIGHTED_MEAN", "MIN", "MAX"])
            made["children"] = {"combine": combine, "indicators": parts}
        else:
            made |= {
                "metric": self._metric(),
                "score": self._score(made["max_points"]),
                "missing": {"rule": pick.choice(RULES)},
            }
        if pick.random() < 0.2:
            made["gate"] = {"when": self._condition(), "cap_points": pick.randint(0, made["max_points"])}
        return made

    def _score(self, most: int) -> Json:
        pick = self._random
        ats = sorted({self._edge() for _ in range(4)})
        points = [pick.randint(0, most) for _ in ats]
        if len(ats) < 2:
            return {"bands": {"bands": [{"from": 0, "points": most}]}}
        form = pick.choice(["linear", "piecewise", "bands", "share_of_target", "step_deduction"])
        if form == "linear":
            return {
                "linear": {
                    "from": {"at": ats[0], "points": points[0]},
                    "to": {"at": ats[-1], "points": points[-1]},
                }
            }
        if form == "piecewise":
            return {
                "piecewise": {
                    "anchors": [{"at": at, "points": of} for at, of in zip(ats, points, strict=False)]
                }
            }
        if form == "bands":
            return {
                "bands": {"bands": [{"from": at, "points": of} for at, of in zip(ats, points, strict=False)]}
            }
        if form == "share_of_target":
            return {"share_of_target": {"target": max(ats[-1], 1), "full_points": most}}
        return {
            "step_deduction": {
                "full_points": most,
                "limit": ats[0],
                "step": self._number(1, 20 * 10**6),
                "loss_per_step": self._number(1, most * 10**6),
                "steps": pick.choice(["FULL", "STARTED"]),
                "beyond": pick.choice(["ABOVE", "BELOW"]),
            }
        }


def _shown(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)


def test_scores_are_those_of_the_reference() -> None:
    compared = refused = 0
    outcomes: set[str] = set()
    for seed in range(POLICIES):
        maker = Maker(seed)
        text = maker.policy()
        try:
            policy = cs.Policy.load(text)
        except cs.PolicyError:
            refused += 1  # A veto that can never fire, a band that contradicts its condition.
            continue
        reference = Reference(load(text), "card")
        for _ in range(RECORDS):
            record = maker.record()
            score = policy.score_one(record)
            wanted = reference.score(record)
            got = Result(score.outcome, _shown(score.score), _shown(score.base), score.grade or None)
            assert got == wanted, (seed, record, text)
            outcomes.add(wanted.outcome)
            compared += 1
    assert outcomes == {"scored", "vetoed", "insufficient", "refused"}
    assert refused < POLICIES / 3
    assert compared > POLICIES * RECORDS / 2


@pytest.mark.parametrize(
    ("places", "value", "figure"),
    [(0, "0.5", 0), (0, "1.5", 2), (2, "2.675", Fraction(267, 100) + Fraction(1, 100))],
)
def test_figures_are_read_half_even(places: int, value: str, figure: Fraction) -> None:
    text = json.dumps(
        {
            "id": "one",
            "version": "1",
            "effective_from": "2025-01-01",
            "zone": "UTC",
            "metrics": [
                {"id": "m", "unit": "points", "decimal_places": places, "min": 0, "max": 10, "number": {}}
            ],
            "scorecards": [
                {
                    "id": "card",
                    "max_score": 10,
                    "indicators": [
                        {"id": "i", "max_points": 10, "metric": "m", "missing": {"rule": "REFUSE"}}
                    ],
                }
            ],
        }
    )
    record = {"m": Decimal(value)}
    assert _shown(cs.Policy.load(text).score_one(record).score) == figure
    assert Reference(load(text), "card").score(record).score == figure
