"""Qualtrics: CSV, TSV or Excel with three header rows (names, texts, import ids), or two of older exports.

A multi-select question that was exported as one column for each option, with choice texts, becomes columns of
1 and 0. In exports with numeric values such columns stay as they are: nothing tells them from a matrix.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from libcsat.intake.plan import Column, Options, Plan, attribute, name_of, standard
from libcsat.intake.profile import Profile
from libcsat.intake.profiles.grouped import mark_options
from libcsat.intake.raw import Row

_STANDARD = {
    "ResponseId": "response_id",
    "ResponseID": "response_id",
    "ExternalReference": "respondent_id",
    "ExternalDataReference": "respondent_id",
    "StartDate": "started_at",
    "EndDate": "submitted_at",
    "Duration (in seconds)": "duration_ms",
    "Finished": "finished",
    "UserLanguage": "language",
    "DistributionChannel": "channel",
}
_PERSONAL = {
    "IPAddress",
    "RecipientLastName",
    "RecipientFirstName",
    "RecipientEmail",
    "LocationLatitude",
    "LocationLongitude",
    "Name",
    "EmailAddress",
}
_OTHER = {"Status": "text", "Progress": "number", "RecordedDate": "time", "ResponseSet": "text"}
# Whether a response of this status is a test: words and numbers of exports.
_STATUS = {
    "IP Address": False,
    "Survey Preview": True,
    "Survey Test": True,
    "Imported": False,
    "Spam": False,
    "Survey Preview Spam": True,
    "Imported Spam": False,
    "Offline": False,
    "Offline Survey Preview": True,
    "EX": False,
    "EX Spam": False,
    "EX Offline": False,
    "0": False,
    "1": True,
    "2": True,
    "4": False,
    "8": False,
    "9": True,
    "12": False,
    "16": False,
    "17": True,
    "32": False,
    "40": False,
    "48": False,
}
_MEMBER = re.compile(r"(.+)_(\d+)")


def _recognise(head: list[Row]) -> str | None:
    if len(head) > 2 and _import_ids(head[2].cells) is not None:
        return "its third row holds import ids"
    names = set(head[0].cells) if head else set()
    if len(head) > 1 and "StartDate" in names and names & {"ResponseId", "ResponseID"}:
        return "its first row has StartDate and ResponseId, and no import ids follow"
    return None


def _import_ids(cells: list[str]) -> list[dict[str, Any]] | None:
    found = []
    for cell in cells:
        if not cell.startswith('{"ImportId"'):
            return None
        try:
            found.append(json.loads(cell))
        except ValueError:
            return None
    return found


def _plan(head: list[Row], options: Options) -> Plan:
    names = head[0].cells
    texts = head[1].cells if len(head) > 1 else names
    ids = _import_ids(head[2].cells) if len(head) > 2 else None
    zone = next((about["timeZone"] for about in ids or () if about.get("timeZone")), None)
    columns: list[Column] = []
    for at, name in enumerate(names):
        text = texts[at] if at < len(texts) else name
        import_id = str(ids[at].get("ImportId", "")) if ids and at < len(ids) else None
        columns.append(_column(at, name, text, import_id))
        if name == "Status" and not any(column == "Status" for column, _ in options.tests):
            columns.append(standard("is_test", at, name, kind="boolean", words=_STATUS))
    plan = Plan(
        3 if ids is not None else 2,
        "names, texts and import ids" if ids is not None else "names and texts",
        columns,
        zone=zone,
        refine=_refine,
    )
    if ids is None:
        plan.notes.append(
            "two header rows: which columns are questions is not said; all others are taken for such"
        )
    return plan


def _column(at: int, name: str, text: str, import_id: str | None) -> Column:
    if name in _STANDARD:
        return standard(_STANDARD[name], at, name)
    if name in _OTHER or name in _PERSONAL:
        return attribute(name, at, kind=_OTHER.get(name, "text"), personal=name in _PERSONAL)
    if import_id is not None and not import_id.startswith("QID"):
        return attribute(name_of(name, at), at, name)  # Embedded data.
    column = Column(at, name_of(name, at), heading=name, text=text)
    if name.endswith("_TEXT"):
        column.kind = "text"
    elif (match := _MEMBER.fullmatch(name)) is not None and " - " in text:
        column.question = match.group(1)
        column.text, _, column.option = text.rpartition(" - ")
    return column


def _refine(plan: Plan, texts: Callable[[int], list[str]]) -> None:
    mark_options(plan, texts)


PROFILE = Profile("qualtrics", "Qualtrics", _recognise, _plan)
