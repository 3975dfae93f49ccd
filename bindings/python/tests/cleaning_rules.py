"""Policies of cleaning rules and tables of responses for their tests."""

from __future__ import annotations

import math
from datetime import datetime, timezone
from typing import Any

import libcsat as cs
import pyarrow as pa

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


# About 0.009 degrees of latitude are 1,000 m: 500 m / 111,195.08 m.
DEGREE = 6371008.8 * math.pi / 180
