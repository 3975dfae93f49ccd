"""The long feedback record: one row for each answer, as CSV, Excel or JSON. The shape is that of Formbricks
Hub, with scale_min, scale_max, weight and excluded_reason beside it.

Rows of one submission become one response. A row that is refused leaves its answer blank; the others stay.
"""

from __future__ import annotations

import json
from typing import Any

from libcsat.intake.plan import Options, Plan
from libcsat.intake.profile import Profile, scalar
from libcsat.intake.raw import Row

REQUIRED = ("tenant_id", "submission_id", "source_type", "field_id", "field_type")
# Where the value of each type of field stands.
VALUES = {
    "text": "value_text",
    "categorical": "value_text",
    "nps": "value_number",
    "csat": "value_number",
    "ces": "value_number",
    "rating": "value_number",
    "number": "value_number",
    "boolean": "value_boolean",
    "date": "value_date",
}
_KEYS = ("data", "records", "feedback_records", "")


def _recognise(head: list[Row]) -> str | None:
    words = {cell.strip() for cell in head[0].cells} if head else set()
    if {"submission_id", "field_id", "field_type"} <= words:
        return "its headings have submission_id, field_id and field_type"
    return None


def _recognise_records(key: str, records: list[Any]) -> str | None:
    first = records[0] if records and isinstance(records[0], dict) else {}
    if key in _KEYS and {"submission_id", "field_id", "field_type"} <= set(first):
        return "its records have submission_id, field_id and field_type"
    return None


def _plan(head: list[Row], options: Options) -> Plan:
    # The columns are made by pivot.py, which knows them by name.
    return Plan(1, "headings", [])


class _Records:
    def cells(self, record: dict[str, Any]) -> dict[str, str | None]:
        cells: dict[str, str | None] = {}
        for key, value in record.items():
            if key == "metadata" and isinstance(value, dict):
                cells[key] = json.dumps(value, ensure_ascii=False, sort_keys=True)
            else:
                cells[key] = scalar(key, value)
        return cells

    def plan(self, headings: list[str], options: Options) -> Plan:
        return _plan([], options)


PROFILE = Profile(
    "long", "long feedback record", _recognise, _plan, _recognise_records, lambda key: _Records(), long=True
)
