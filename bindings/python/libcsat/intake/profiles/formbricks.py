"""Formbricks: CSV or Excel of one survey; questions are numbered, matrices have a column for each row,
choices a second one with option ids, by which several choices are told from one that has a semicolon in
it."""

from __future__ import annotations

import re

from libcsat.intake.plan import Column, Options, Plan, attribute, standard
from libcsat.intake.profile import Profile
from libcsat.intake.profiles.grouped import Texts
from libcsat.intake.raw import Row

_STANDARD = {
    "Response ID": "response_id",
    "User ID": "respondent_id",
    "Timestamp": "submitted_at",
    "Finished": "finished",
}
_OTHER = ("No.", "Survey ID", "Formbricks ID (internal)", "Tags", "Quotas", "Notes")
_PERSONAL = {"Verified Email", "ipAddress"}
_QUESTION = re.compile(r"(\d+)\. (.*)", re.DOTALL)
_IDS = " - Option ID"


def _recognise(head: list[Row]) -> str | None:
    if head and {"Response ID", "Survey ID", "Formbricks ID (internal)"} <= set(head[0].cells):
        return "its headings have Survey ID and Formbricks ID (internal)"
    return None


def _plan(head: list[Row], options: Options) -> Plan:
    headings = head[0].cells
    numbers = [match.group(1) for h in headings if (match := _QUESTION.fullmatch(h)) and not h.endswith(_IDS)]
    columns: list[Column] = []
    for at, heading in enumerate(headings):
        if heading in _STANDARD:
            columns.append(standard(_STANDARD[heading], at, heading))
        elif (match := _QUESTION.fullmatch(heading)) is not None:
            columns.append(_question(at, heading, match.group(1), match.group(2), numbers, columns))
        else:
            # Meta data, variables, hidden fields, attributes of the person.
            columns.append(attribute(heading, at, personal=heading in _PERSONAL))
    plan = Plan(1, "headings", columns)
    plan.refine = _refine
    return plan


def _question(
    at: int, heading: str, number: str, text: str, numbers: list[str], before: list[Column]
) -> Column:
    code = f"Q{number}"
    if heading.endswith(_IDS):
        return attribute(f"{code}_option_ids", at, heading, question=code)
    column = Column(at, code, heading=heading, text=text)
    if numbers.count(number) > 1:
        place = 1 + sum(other.question == code and other.role == "question" for other in before)
        column.name, column.question = f"{code}_{place}", code
        column.text, _, column.option = text.rpartition(" - ")
    return column


def _refine(plan: Plan, texts: Texts) -> None:
    for ids in plan.columns:
        if not ids.name.endswith("_option_ids"):
            continue
        question = plan.column(ids.question or "")
        if question is None or question.kind != "auto":
            continue
        if any(", " in text for text in texts(ids.at)):
            question.kind, question.separator = "multi", ";"
            question.parts = (ids.at,)
        else:
            question.kind = "text"


PROFILE = Profile("formbricks", "Formbricks", _recognise, _plan)
