#!/usr/bin/env python3
"""Writes a generated year of a retail chain, for policies/retail-after-sales.json, with the truth beside it.

usage: generate.py [--out DIR] [--seed N] [--stores N] [--year YYYY] [--jsonl]

Nothing here was observed: every store, person and figure comes out of a hash of the seed, so that the same
seed gives the same bytes on every machine and with every Python. Four files are written:

  generated_year.csv       one row for each person and month, with the fields that the policy reads
  generated_incidents.csv  the incidents behind the veto counts: proposed, confirmed or revoked, with evidence
  generated_truth.csv      the rows that were planted, and what a right score of them is
  generated_stores.csv     the level and the trend that each store was given

`response_ms` is a list of milliseconds, separated by semicolons; --jsonl writes generated_year.jsonl too,
with true lists. The policy leaves the worth of one praise or suggestion open; here a written praise counts 2 %
and an innovative suggestion 3 %. A count of incidents covers what was confirmed and not revoked by the end of
January after the year.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import hashlib
import json
import pathlib
from collections.abc import Iterable, Sequence
from typing import Any

# A person's month, a store, an incident or a line of the truth: a value by column.
Row = dict[str, Any]
Edge = tuple[int, str, str, int, int, int, str, str, str]

POSTS = ("general",) * 5 + ("reception",) * 3 + ("technical",) * 2
VETO_CODES = ("information_leak", "promise_broken", "other_major_negligence")
PRAISE_PERCENT = 2
SUGGESTION_PERCENT = 3

COLUMNS = (
    "period", "store", "person", "post", "response_ms",
    "problems", "problems_resolved", "problems_resolved_first",
    "attitude_feedback", "attitude_mystery", "written_test", "scenario_simulation",
    "complaints", "active_praise", "written_praise", "incentivised_praise", "service_suggestions",
    "written_praise_percent", "incentivised_praise_percent", "service_innovation_percent",
    *VETO_CODES,
)

# Milliseconds to the first response by percentile, for a person of middling skill in a quiet month.
RESPONSE_QUANTILES = (
    (0, 1800), (10, 3900), (25, 6600), (50, 9800), (75, 14400), (90, 22600), (97, 39000), (100, 74000))

# How much slower the first response is in a busy month, in per mille, January to December.
SEASON = (120, 160, 0, -20, 20, 60, 0, 0, 30, 40, 190, 90)

# Figures that give a score exactly on the lower bound of a grade, with the post "general" and no bonus, and
# the written test that gives a millionth of a point less:
# score, grade, grade below, response in ms, resolved and first resolved of 1000, attitude, test, test below.
EDGES: tuple[Edge, ...] = (
    (90, "excellent", "good", 15000, 950, 900, "8.5", "67.5", "67.49999"),
    (70, "good", "fair", 25000, 760, 700, "7", "40", "39.99999"),
    (50, "fair", "poor", 35000, 570, 400, "5", "40", "39.99999"),
    (30, "poor", "very_poor", 45000, 380, 200, "3", "20", "19.99999"),
)

# What is planted on an edge, suggestions, written praise, of it paid for; and the score and grade it gives.
BONUSES = (
    ("bonus", 0, 1, 2, 0, "96.3", "excellent"),
    ("bonus_ends_at_the_maximum", 0, 3, 3, 0, "100", "excellent"),
    ("bonus_capped", 1, 4, 3, 0, "80.5", "good"),
    ("bonus_without_paid_praise", 1, 1, 2, 2, "72.1", "good"),
)


class Draws:
    """Numbers that depend on the seed and a name only, never on what was drawn before."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def number(self, below: int, *name: object) -> int:
        """A number in [0, below)."""
        text = "/".join(map(str, (self.seed, *name)))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % below

    def count(self, trials: int, per_mille: int, *name: object) -> int:
        """How many of `trials` succeed."""
        return sum(self.number(1000, *name, i) < per_mille for i in range(trials))

    def order(self, names: Iterable[tuple[str, int]], purpose: str) -> list[tuple[str, int]]:
        """The names in an order of their own for each purpose."""
        return sorted(names, key=lambda name: (self.number(1 << 60, purpose, *name), name))


def clamp(value: int, low: int, high: int) -> int:
    return max(low, min(high, value))


def tenths(value: int) -> str:
    return f"{value // 10}.{value % 10}" if value % 10 else str(value // 10)


def response_ms(per_mille: int, slow: int) -> int:
    """The quantile at `per_mille`, made slower by `slow` per mille."""
    for (p0, v0), (p1, v1) in zip(RESPONSE_QUANTILES, RESPONSE_QUANTILES[1:]):
        if per_mille <= p1 * 10:
            ms = v0 + (v1 - v0) * (per_mille - p0 * 10) // ((p1 - p0) * 10)
            return ms * (1000 + slow) // 1000
    raise AssertionError(per_mille)


def make_stores(draws: Draws, count: int) -> list[Row]:
    """Level and trend of each store: the first improves over the year, the second declines."""
    stores = []
    for n in range(1, count + 1):
        name = f"G{n:02d}"
        trend = {1: 60, 2: -60}.get(n, draws.number(21, name, "trend") - 10)
        stores.append({"store": name, "people": 8 + draws.number(9, name, "people"),
                       "level": draws.number(801, name, "level") - 400, "trend_a_month": trend})
    return stores


def make_row(draws: Draws, store: Row, person: int, month: int, year: int) -> Row:
    who = f"{store['store']}-{person:02d}"
    key = (who, month)
    trend = store["trend_a_month"] * (month - 6)
    skill = clamp(store["level"] + trend + draws.number(1401, who, "skill") - 700, -1000, 1000)
    slow = SEASON[month - 1] - skill * 300 // 1000
    contacts = 10 + draws.number(21, *key, "contacts")
    problems = 12 + draws.number(40, *key, "problems")
    resolved = draws.count(problems, 880 + skill * 90 // 1000, *key, "resolved")
    first = draws.count(resolved, 690 + skill * 200 // 1000, *key, "first")
    quarter = (month - 1) // 3
    attitude = 79 + skill * 14 // 1000 + draws.number(13, *key, "attitude") - 6
    mystery = 78 + skill * 14 // 1000 + draws.number(17, *key, "mystery") - 8
    written_praise = draws.count(3, 90 + skill * 80 // 1000, *key, "praise")
    suggestions = draws.count(2, 40, *key, "suggestion")
    paid = draws.count(written_praise, 150, *key, "paid")
    return {
        "period": f"{year}-{month:02d}", "store": store["store"], "person": who,
        "post": POSTS[draws.number(len(POSTS), who, "post")],
        "response_ms": [response_ms(draws.number(1001, *key, "response", i), slow) for i in range(contacts)],
        "problems": problems, "problems_resolved": resolved, "problems_resolved_first": first,
        "attitude_feedback": tenths(attitude), "attitude_mystery": tenths(mystery) if month % 3 == 0 else "",
        "written_test": 78 + skill * 16 // 1000 + draws.number(11, who, quarter, "test") - 5,
        "scenario_simulation": 76 + skill * 16 // 1000 + draws.number(13, who, quarter, "play") - 6,
        "complaints": draws.count(2, 110 - skill * 80 // 1000, *key, "complaint"),
        "active_praise": written_praise - paid + draws.count(3, 300 + skill * 200 // 1000, *key, "oral"),
        "written_praise": written_praise, "incentivised_praise": paid, "service_suggestions": suggestions,
        **dict.fromkeys(VETO_CODES, 0),
    }


def on_the_edge(row: Row, edge: Edge, below: bool = False) -> None:
    """Puts the row on a bound of the grades, or a millionth of a point below it."""
    _, _, _, ms, resolved, first, attitude, test, test_below = edge
    row.update(post="general", response_ms=[ms], problems=1000, problems_resolved=resolved,
               problems_resolved_first=first, attitude_feedback=attitude, attitude_mystery="",
               written_test=test_below if below else test, scenario_simulation="", complaints=0,
               active_praise=1, written_praise=0, incentivised_praise=0, service_suggestions=0)


def plant(draws: Draws, rows: dict[tuple[str, int], Row], year: int) -> tuple[list[Row], list[Row]]:
    """Changes some rows to known cases. Returns the truth about them and the incidents behind them."""
    truth: list[Row] = []
    incidents: list[Row] = []
    free = iter(draws.order(list(rows), "plant"))

    def note(row: Row, what: str, outcome: str, score: str | int = "", grade: str = "") -> None:
        truth.append({"period": row["period"], "person": row["person"], "planted": what,
                      "expected_outcome": outcome, "expected_score": score, "expected_grade": grade})

    def incident(row: Row, code: str, state: str, days_to_decision: int) -> None:
        month = int(row["period"][5:])
        happened = datetime.date(year, month, 1 + draws.number(28, row["person"], month, "day"))
        proposed = happened + datetime.timedelta(days=2)
        decided = proposed + datetime.timedelta(days=days_to_decision)
        revoked = decided + datetime.timedelta(days=9)
        number = len(incidents) + 1
        incidents.append({
            "incident": f"GI-{number:03d}", "person": row["person"], "period": row["period"], "code": code,
            "state": state, "happened_on": happened, "proposed_on": proposed,
            "confirmed_on": decided if state != "proposed" else "",
            "revoked_on": revoked if state == "revoked" else "",
            "evidence": f"GE-{year}-{number:04d}",
        })

    for i in range(12):
        row, code = rows[next(free)], VETO_CODES[(0, 1, 1, 2)[i % 4]]
        row[code] = 1 + (i == 5)
        for _ in range(row[code]):
            incident(row, code, "confirmed", 5 if i else 16)
        note(row, "veto", "vetoed", "0", "very_poor")
    for state in ("proposed",) * 4 + ("revoked",) * 3:
        row = rows[next(free)]
        incident(row, "information_leak", state, 5)
        note(row, f"veto_{state}", "scored")
    for edge in EDGES:
        score, grade, grade_below = edge[:3]
        row = rows[next(free)]
        on_the_edge(row, edge)
        note(row, "band_edge", "scored", score, grade)
        row = rows[next(free)]
        on_the_edge(row, edge, below=True)
        note(row, "band_edge_below", "scored", f"{score - 1}.999999", grade_below)
    for what, at, suggestions, praise, paid, bonus_score, grade in BONUSES:
        row = rows[next(free)]
        on_the_edge(row, EDGES[at])
        row.update(service_suggestions=suggestions, written_praise=praise, incentivised_praise=paid)
        note(row, what, "scored", bonus_score, grade)
    for _ in range(6):
        row = rows[next(free)]
        row["response_ms"] = []
        note(row, "no_synchronous_contact", "insufficient")
    for _ in range(5):
        row = rows[next(free)]
        row.update(problems=0, problems_resolved=0, problems_resolved_first=0)
        note(row, "no_problem", "insufficient")
    for code in VETO_CODES:
        row = rows[next(free)]
        row[code] = ""
        note(row, "veto_figure_missing", "refused")
    for _ in range(5):
        row = rows[next(free)]
        row.update(attitude_feedback="9.4", attitude_mystery="", complaints=1, active_praise=2)
        note(row, "gate_held_attitude", "scored")
    return truth, incidents


def generate(
    seed: int = 2025, stores: int = 40, year: int = 2025
) -> tuple[list[Row], list[Row], list[Row], list[Row]]:
    """The four tables as lists of dicts: rows, incidents, truth, stores."""
    draws = Draws(seed)
    chain = make_stores(draws, stores)
    rows: dict[tuple[str, int], Row] = {}
    for store in chain:
        for person in range(1, store["people"] + 1):
            for month in range(1, 13):
                row = make_row(draws, store, person, month, year)
                rows[row["person"], month] = row
    truth, incidents = plant(draws, rows, year)
    for row in rows.values():
        row["written_praise_percent"] = row["written_praise"] * PRAISE_PERCENT
        row["incentivised_praise_percent"] = row["incentivised_praise"] * PRAISE_PERCENT
        row["service_innovation_percent"] = row["service_suggestions"] * SUGGESTION_PERCENT
    return list(rows.values()), incidents, truth, chain


def write_csv(path: pathlib.Path, rows: Iterable[Row], columns: Sequence[str]) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({k: ";".join(map(str, v)) if isinstance(v, list) else v for k, v in row.items()})


def json_line(row: Row) -> str:
    """A row as one line: texts stay, figures are numbers as written, what is empty is left out."""
    parts = []
    for column in COLUMNS:
        value = row[column]
        if value == "" or value == []:
            continue
        text = column in ("period", "store", "person", "post")
        shown = json.dumps(value) if text or isinstance(value, list) else value
        parts.append(f"{json.dumps(column)}: {shown}")
    return "{" + ", ".join(parts) + "}\n"


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--out", type=pathlib.Path, default=pathlib.Path("."))
    args.add_argument("--seed", type=int, default=2025)
    args.add_argument("--stores", type=int, default=40)
    args.add_argument("--year", type=int, default=2025)
    args.add_argument("--jsonl", action="store_true")
    opt = args.parse_args()
    rows, incidents, truth, stores = generate(opt.seed, opt.stores, opt.year)
    opt.out.mkdir(parents=True, exist_ok=True)
    write_csv(opt.out / "generated_year.csv", rows, COLUMNS)
    for name, table in (("incidents", incidents), ("truth", truth), ("stores", stores)):
        write_csv(opt.out / f"generated_{name}.csv", table, list(table[0]))
    if opt.jsonl:
        with open(opt.out / "generated_year.jsonl", "w", encoding="utf-8") as file:
            file.writelines(json_line(row) for row in rows)
    print(f"{len(rows)} generated rows of {len(stores)} stores, {len(truth)} of them planted, in {opt.out}")


if __name__ == "__main__":
    main()
