"""Answer indices and verdicts the slow way: one response at a time, by their definitions, with NumPy and
exact fractions alone. Tests compare the library with it on random input."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

Answers = Sequence[int | None]


def longest_run(answers: Answers) -> int | None:
    best = run = 0
    before = None
    for answer in answers:
        run = 0 if answer is None else run + 1 if answer == before else 1
        best, before = max(best, run), answer
    return best or None


def straight(answers: Answers, least: int) -> bool | None:
    given = [answer for answer in answers if answer is not None]
    return None if not given else len(given) >= least and len(set(given)) == 1


def extreme(answers: Answers, low: int, high: int, least: int) -> bool | None:
    given = [answer for answer in answers if answer is not None]
    return None if not given else len(given) >= least and set(given) in ({low}, {high})


def variance(answers: Answers) -> Fraction | None:
    given = [Fraction(answer) for answer in answers if answer is not None]
    if len(given) < 2:
        return None
    mean = sum(given) / len(given)
    return sum((answer - mean) ** 2 for answer in given) / (len(given) - 1)


def even_odd(parts: Sequence[Answers]) -> float | None:
    """Parts are keyed already."""
    halves = []
    for part in parts:
        odd = [Fraction(answer) for answer in part[0::2] if answer is not None]
        even = [Fraction(answer) for answer in part[1::2] if answer is not None]
        if odd and even:
            halves.append((sum(odd) / len(odd), sum(even) / len(even)))
    if len(halves) < 2 or any(len({half[side] for half in halves}) == 1 for side in (0, 1)):
        return None
    r = float(np.corrcoef(np.array(halves, dtype=float).T)[0, 1])
    return -1.0 if 1 + r <= 0 else max(-1.0, 2 * r / (1 + r))


def defaults_left(answers: Answers, defaults: Answers) -> Fraction | None:
    pairs = [(a, d) for a, d in zip(answers, defaults, strict=True) if a is not None]
    return Fraction(sum(a == d for a, d in pairs), len(pairs)) if pairs else None


def mahalanobis(rows: Sequence[Answers]) -> list[float | None]:
    complete = [i for i, row in enumerate(rows) if None not in row]
    matrix = np.array([rows[i] for i in complete], dtype=float)
    away = matrix - matrix.mean(axis=0)
    inverse = np.linalg.inv(np.cov(matrix, rowvar=False))
    made: list[float | None] = [None] * len(rows)
    for i, row in zip(complete, away, strict=True):
        made[i] = float(row @ inverse @ row)
    return made


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2
    h += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371008.8 * math.asin(min(1.0, math.sqrt(h)))


def duplicates(rows: Sequence[dict[str, Any]], keys: Sequence[str], order: str) -> list[bool | None]:
    """The last one by order and id counts; None: a key is missing."""
    made: list[bool | None] = []
    for row in rows:
        key = [row[name] for name in keys]
        if None in key:
            made.append(None)
            continue
        others = [other for other in rows if [other[name] for name in keys] == key]
        last = max(others, key=lambda o: (o[order] is not None, o[order] or 0, o["response_id"]))
        made.append(row["response_id"] != last["response_id"])
    return made


def verdict(rules: Sequence[tuple[str, str, bool | None]]) -> tuple[str, int | None]:
    """Of (action, unknown, met) by rule: the gravest, and the first rule that says it."""
    order = ["kept", "flagged", "quarantined", "excluded"]
    says = [action if met else unknown if met is None else "kept" for action, unknown, met in rules]
    gravest = max(says, key=order.index, default="kept")
    return gravest, None if gravest == "kept" else says.index(gravest)
