"""A table with a row for each response, of any origin: CSV, Excel, JSON records, Parquet, Arrow. Columns
named as the standard ones are those; a mapping file says what the others are."""

from __future__ import annotations

from libcsat.intake.plan import STANDARD, Column, Options, Plan, name_of, standard
from libcsat.intake.profile import PlainFlattener, Profile
from libcsat.intake.raw import Row


def plan(head: list[Row], options: Options) -> Plan:
    rows = (options.mapping or {}).get("header_rows", 1)
    texts = head[1].cells if rows > 1 and len(head) > 1 else []
    columns: list[Column] = []
    for at, heading in enumerate(head[0].cells):
        name = name_of(heading, at)
        if name in STANDARD:
            unit = {"unit": "ms"} if name == "duration_ms" else {}
            columns.append(standard(name, at, heading, **unit))
        else:
            text = texts[at] if at < len(texts) else None
            columns.append(Column(at, name, heading=heading or name, text=text))
    return Plan(rows, "headings", columns, key="content")


def _recognise(head: list[Row]) -> str | None:
    return "nothing says that it is anything else" if head else None


def _recognise_records(key: str, records: list[object]) -> str | None:
    return "its records are none that another profile knows"


PROFILE = Profile("wide", "any table", _recognise, plan, _recognise_records, lambda key: PlainFlattener(plan))
