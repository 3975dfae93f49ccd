"""A scorer of its own, in fractions, straight from the JSON of a policy: test_reference_scorer.py compares
with it.

It knows number and ratio metrics, all score functions of numbers, groups, the missing rules REFUSE, WORST,
LEAVE_OUT and INSUFFICIENT, bonuses, caps, vetoes of records, and grades. It shares no code with libcsat.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

MILLION = 1_000_000
FIGURE_PLACES = 9

Record = dict[str, Any]
Json = dict[str, Any]


def load(text: str) -> Json:
    """The policy with every number as a Fraction."""
    policy: Json = json.loads(
        text, parse_float=lambda literal: Fraction(Decimal(literal)), parse_int=Fraction
    )
    return policy


def half_even(value: Fraction, places: int = 6) -> Fraction:
    """The nearest decimal, ties to the even one: what round() does with fractions."""
    return Fraction(round(value * 10**places), 10**places)


def half_up(value: Fraction, places: int) -> Fraction:
    """The nearest decimal of a value that is not below 0, ties upwards."""
    return Fraction(math.floor(value * 10**places + Fraction(1, 2)), 10**places)


@dataclass
class Result:
    """What a record comes to; figures are None where the outcome has none."""

    outcome: str
    score: Fraction | None = None
    base: Fraction | None = None
    grade: str | None = None


class _Stop(Exception):
    """The outcome that a missing figure asks for."""


class Reference:
    """One scorecard of a policy."""

    def __init__(self, policy: Json, scorecard: str) -> None:
        self._metrics = {metric["id"]: metric for metric in policy["metrics"]}
        self._card: Json = next(card for card in policy["scorecards"] if card["id"] == scorecard)

    def score(self, record: Record) -> Result:
        """Scores one record: numbers are int, Decimal or Fraction, None or absent is missing."""
        card = self._card
        truths = [(veto, self._truth(veto["when"], record)) for veto in card.get("vetoes", [])]
        fired = [
            veto for veto, truth in truths if truth or (truth is None and veto["missing"]["rule"] == "VETO")
        ]
        set_to = [veto["set_to"] for veto in fired if "set_to" in veto]
        limits = set_to + [veto["cap_at"] for veto in fired if "cap_at" in veto]
        base: Fraction | None = None
        try:
            share = self._combine(card, card["indicators"], record)
            if share is None:
                raise _Stop("insufficient")
            base = half_even(share * card["max_score"])
            score = self._capped(base, record)
        except _Stop as stop:
            if not set_to:
                return Result(str(stop))
            score = card["max_score"]
        score = min([score, *limits])
        for veto, truth in truths:
            if truth is not None or veto in fired:
                continue
            if set_to and veto.get("set_to", veto.get("cap_at")) >= min(limits):
                continue
            return Result("insufficient" if veto["missing"]["rule"] == "INSUFFICIENT" else "refused")
        return Result("vetoed" if fired else "scored", score, base, self._grade(score, record))

    def _capped(self, base: Fraction, record: Record) -> Fraction:
        score = base
        bonus = self._card.get("bonus")
        if bonus is not None:
            amounts = [self._amount(source, record) for source in bonus["sources"]]
            amount = min(sum(amounts, Fraction()), bonus["cap"])
            score += half_even(base * amount / 100) if bonus["mode"] == "RELATIVE" else amount
        score = min(score, self._card["max_score"])
        for cap in self._card.get("caps", []):
            if self._truth(cap["when"], record) is not False:
                score = min(score, cap["max_score"])
        return score

    def _amount(self, source: Json, record: Record) -> Fraction:
        count = self._figure(source["metric"], record)
        if count is None:
            return Fraction()
        if "excluding" in source:
            without = self._figure(source["excluding"], record)
            if without is None:
                return Fraction()
            count -= without
        amount = half_even(max(count, Fraction()) * source["each"])
        return min(amount, source.get("cap", amount))

    def _grade(self, score: Fraction, record: Record) -> str | None:
        grading = self._card.get("grading")
        if grading is None:
            return None
        if grading["basis"] == "ROUNDED":
            score = half_up(score, int(grading.get("places", 0)))
        for band in grading["bands"]:
            if score >= band["from"] and ("condition" not in band or self._truth(band["condition"], record)):
                return str(band["id"])
        return None

    # The share of its maximum that a group reaches; None: all of its parts were left out.
    def _combine(self, group: Json, parts: list[Json], record: Record) -> Fraction | None:
        found: list[tuple[Fraction, Fraction]] = []
        stops: set[str] = set()
        for part in parts:
            try:
                points = self._points(part, record)
            except _Stop as stop:
                stops.add(str(stop))
                continue
            if points is not None:
                found.append((part.get("weight", Fraction(1)), points / part["max_points"]))
        for outcome in ("insufficient", "refused"):
            if outcome in stops:
                raise _Stop(outcome)
        combine = group.get("combine", "WEIGHTED_MEAN")
        if combine != "WEIGHTED_MEAN":
            shares = [share for _, share in found]
            return None if not shares else min(shares) if combine == "MIN" else max(shares)
        weights = sum((weight for weight, _ in found), Fraction())
        return None if weights == 0 else sum((w * s for w, s in found), Fraction()) / weights

    # Points of an indicator; None: it was left out.
    def _points(self, indicator: Json, record: Record) -> Fraction | None:
        points: Fraction | None = None
        if "children" in indicator:
            share = self._combine(indicator["children"], indicator["children"]["indicators"], record)
            if share is not None:
                points = half_even(share * indicator["max_points"])
        else:
            figure = self._figure(indicator["metric"], record)
            if figure is not None:
                points = half_even(_points_of(indicator.get("score"), figure))
        if points is None:
            rule = indicator.get("missing", {"rule": "REFUSE"})["rule"]
            if rule == "LEAVE_OUT":
                return None
            if rule != "WORST":
                raise _Stop({"REFUSE": "refused", "INSUFFICIENT": "insufficient"}[rule])
            points = Fraction()
        gate = indicator.get("gate")
        if gate is not None and self._truth(gate["when"], record) is not True:
            points = min(points, gate["cap_points"])
        return points

    def _figure(self, metric_id: str, record: Record) -> Fraction | None:
        metric = self._metrics[metric_id]
        places = int(metric.get("decimal_places", FIGURE_PLACES))
        if "number" in metric:
            value = record.get(metric["number"].get("field", metric_id))
            return None if value is None else half_even(Fraction(value), places)
        ratio = metric["ratio"]
        finished = record.get(ratio["field"]) if "field" in ratio else None
        if finished is not None:
            return half_even(Fraction(finished), places)
        sums = []
        for side in ("numerator", "denominator"):
            values = [(term.get("times", Fraction(1)), record.get(term["field"])) for term in ratio[side]]
            if any(value is None for _, value in values):
                return None
            sums.append(sum((times * Fraction(value) for times, value in values), Fraction()))
        return None if sums[1] == 0 else sums[0] / sums[1] * ratio.get("times", Fraction(1))

    # True, False, or None for unknown.
    def _truth(self, predicate: Json, record: Record) -> bool | None:
        if "not" in predicate:
            inner = self._truth(predicate["not"], record)
            return None if inner is None else not inner
        for form, decides in (("all", False), ("any", True)):
            if form in predicate:
                truths = [self._truth(part, record) for part in predicate[form].get("of", [])]
                if decides in truths:
                    return decides
                return None if None in truths else not decides
        compare = predicate["compare"]
        figure = self._figure(compare["metric"], record)
        if figure is None:
            return None
        value = compare["value"]
        return {
            "LT": figure < value,
            "LE": figure <= value,
            "EQ": figure == value,
            "NE": figure != value,
            "GE": figure >= value,
            "GT": figure > value,
        }[compare["op"]]


def _points_of(score: Json | None, figure: Fraction) -> Fraction:
    if score is None:
        return figure
    if "linear" in score or "piecewise" in score:
        ends = score.get("linear")
        anchors = score["piecewise"]["anchors"] if ends is None else [ends["from"], ends["to"]]
        return _on_lines(sorted((anchor["at"], anchor["points"]) for anchor in anchors), figure)
    if "bands" in score:
        bands: list[Json] = score["bands"]["bands"]
        points: Fraction = bands[0]["points"]
        for band in bands:
            if band["from"] <= figure:
                points = band["points"]
        return points
    if "share_of_target" in score:
        share = score["share_of_target"]
        reached: Fraction = share["full_points"] * max(Fraction(), min(Fraction(1), figure / share["target"]))
        return reached
    steps = score["step_deduction"]
    excess = steps["limit"] - figure if steps.get("beyond") == "BELOW" else figure - steps["limit"]
    taken = excess / steps["step"]
    count = math.ceil(taken) if steps["steps"] == "STARTED" else math.floor(taken)
    left: Fraction = steps["full_points"] - max(count, 0) * steps["loss_per_step"]
    return max(left, steps.get("floor_points", Fraction()))


def _on_lines(anchors: list[tuple[Fraction, Fraction]], figure: Fraction) -> Fraction:
    if figure <= anchors[0][0]:
        return anchors[0][1]
    for (x0, y0), (x1, y1) in pairwise(anchors):
        if figure <= x1:
            return y0 + (y1 - y0) * (figure - x0) / (x1 - x0)
    return anchors[-1][1]
