"""Generated responses for the surveys of `csat demo`, where the open data sets are absent: columns by name,
as the files of those sets have them. Nothing here was observed. The same seed gives the same values with
every Python: of its generator only `random()` is used, whose sequence is kept from version to version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

Columns = dict[str, list[Any]]

PASSENGER_ITEMS = (
    "Departure and Arrival Time Convenience",
    "Ease of Online Booking",
    "Check-in Service",
    "Online Boarding",
    "Gate Location",
    "On-board Service",
    "Seat Comfort",
    "Leg Room Service",
    "Cleanliness",
    "Food and Drink",
    "In-flight Service",
    "In-flight Wifi Service",
    "In-flight Entertainment",
    "Baggage Handling",
)
BANK_ITEMS = {"imag": 5, "expe": 5, "qual": 5, "val": 4, "sat": 4, "loy": 4}
TRAITS = "ACENO"
TURNED = ("A1", "C4", "C5", "E1", "E2", "O2", "O5")
BOXES = (
    "H_HSP_RATING_9_10",
    "H_HSP_RATING_7_8",
    "H_HSP_RATING_0_6",
    "H_RECMND_DY",
    "H_RECMND_PY",
    "H_RECMND_DN",
)
_COUNTIES = (12, 9, 6, 5, 4, 3, 2, 2, 1, 1)


def passengers(seed: int, rows: int = 4000) -> Columns:
    """Fourteen items from 1 to 5, 0 for not applicable; planted are straight lines, responses that contradict
    themselves and responses sent twice."""
    chance = Random(f"passengers {seed}")
    names = ("ID", "Customer Type", "Type of Travel", "Class", *PASSENGER_ITEMS, "Satisfaction")
    table: Columns = {name: [] for name in names}
    answers: list[int] = []
    for number in range(rows):
        travel = _one_of(chance, ("Business", "Personal"), (0.7, 1.0))
        cabin = _one_of(chance, ("Business", "Economy", "Economy Plus"), (0.48, 0.93, 1.0))
        mood = _normal(chance) + (0.5 if cabin == travel else -0.3)
        satisfied = mood + 0.5 * _normal(chance) > 0.2
        if number % 400 == 17:
            answers = [1 + number // 400 % 5] * len(PASSENGER_ITEMS)
        elif number % 800 == 31:
            answers, satisfied = [1 + (number + i) % 2 for i in range(len(PASSENGER_ITEMS))], True
        elif number % 100 != 50:  # Every hundredth is sent twice.
            answers = [
                0 if chance.random() < 0.012 else _rank(3.3 + 0.7 * mood + _normal(chance), 1, 5)
                for _ in PASSENGER_ITEMS
            ]
        row = (number + 1, _one_of(chance, ("First-time", "Returning"), (0.2, 1.0)), travel, cabin, *answers)
        verdict = "Satisfied" if satisfied else "Neutral or Dissatisfied"
        for name, value in zip(names, (*row, verdict), strict=True):
            table[name].append(value)
    return table


def customers(seed: int, rows: int = 250) -> Columns:
    """Twenty-seven items of a bank's customers from 0 to 10."""
    chance = Random(f"customers {seed}")
    table: Columns = {f"{block}{i}": [] for block, n in BANK_ITEMS.items() for i in range(1, n + 1)}
    for _ in range(rows):
        mood = _normal(chance)
        for block, n in BANK_ITEMS.items():
            of_block = mood + 0.6 * _normal(chance)
            for i in range(1, n + 1):
                table[f"{block}{i}"].append(_rank(7 + 1.3 * of_block + _normal(chance), 0, 10))
    return table


def persons(seed: int, rows: int = 700) -> Columns:
    """Five items of each of five traits from 1 to 6, some reversed, some without an answer."""
    chance = Random(f"persons {seed}")
    table: Columns = {f"{trait}{i}": [] for trait in TRAITS for i in range(1, 6)}
    for number in range(rows):
        for trait in TRAITS:
            level = _normal(chance)
            for i in range(1, 6):
                turned = -1 if f"{trait}{i}" in TURNED else 1
                value: int | None = _rank(3.5 + turned * 0.9 * level + 0.9 * _normal(chance), 1, 6)
                if number % 140 == 3:
                    value = 4
                elif chance.random() < 0.008:
                    value = None
                table[f"{trait}{i}"].append(value)
    return table


def orders(seed: int, rows: int = 900) -> tuple[Columns, Columns]:
    """Orders and their reviews; the promise is the midnight in which the promised day begins."""
    chance = Random(f"orders {seed}")
    names = (
        "order_id",
        "order_purchase_timestamp",
        "order_delivered_customer_date",
        "order_estimated_delivery_date",
    )
    table: Columns = {name: [] for name in names}
    reviews: Columns = {"order_id": [], "review_score": []}
    for number in range(rows):
        bought = datetime(2017, 1, 2, 10) + timedelta(minutes=int(chance.random() * 500_000))
        promised = datetime(bought.year, bought.month, bought.day) + timedelta(days=20)
        taken = timedelta(minutes=int(11 * 1440 + 6 * 1440 * _normal(chance)))
        arrived = None if chance.random() < 0.03 else bought + max(taken, timedelta(days=1))
        if number % 90 == 7:
            arrived = promised + timedelta(hours=15)
        late = arrived is not None and arrived.date() > promised.date()
        for name, value in zip(names, (f"o{number:04}", bought, arrived, promised), strict=True):
            table[name].append(value)
        for _ in range(0 if chance.random() < 0.02 else 1):
            reviews["order_id"].append(f"o{number:04}")
            reviews["review_score"].append(_rank((2.2 if late else 4.4) + _normal(chance), 1, 5))
    return table, reviews


def hospitals(seed: int) -> Columns:
    """Published percentages of hospitals, a row for each hospital and box; some are suppressed."""
    chance = Random(f"hospitals {seed}")
    names = ("Provider.ID", "County.Name", "HCAHPS.Measure.ID", "HCAHPS.Answer.Percent")
    table: Columns = {name: [] for name in names}
    number = 0
    for county, size in enumerate(_COUNTIES):
        for _ in range(size):
            number += 1
            high, low = 60 + int(25 * chance.random()), 2 + int(10 * chance.random())
            boxes: Sequence[int | None] = (high, 100 - high - low, low, high + 2, 96 - high, 2)
            if number % 9 == 4:
                boxes = [None] * len(BOXES)
            for box, percent in zip(BOXES, boxes, strict=True):
                for name, value in zip(names, (number, f"COUNTY {county + 1}", box, percent), strict=True):
                    table[name].append(value)
    return table


def _normal(chance: Random) -> float:
    """Nearly normal: twelve draws."""
    return sum(chance.random() for _ in range(12)) - 6


def _rank(value: float, least: int, greatest: int) -> int:
    return min(max(int(value + 0.5), least), greatest)


def _one_of(chance: Random, words: Sequence[str], up_to: Sequence[float]) -> str:
    draw = chance.random()
    return next(word for word, end in zip(words, up_to, strict=True) if draw < end)


def answers(table: Mapping[str, Sequence[Any]], names: Sequence[str]) -> dict[str, list[int | None]]:
    """The columns named, 0 as a blank."""
    return {name: [value or None for value in table[name]] for name in names}
