"""LimeSurvey: CSV with `;` and a byte order mark, Excel, or JSON; headings as codes, as texts, or as both.

An answer `Y` in columns of one question, with nothing but `Y` or blank beside it, is a chosen option.
"""

from __future__ import annotations

import re

from libcsat.intake.plan import Column, Options, Plan, attribute, standard
from libcsat.intake.profile import PlainFlattener, Profile
from libcsat.intake.profiles.grouped import Texts, mark_options
from libcsat.intake.raw import Row

# By code and by heading.
_STANDARD = {
    "id": "response_id",
    "response id": "response_id",
    "submitdate": "submitted_at",
    "date submitted": "submitted_at",
    "startdate": "started_at",
    "date started": "started_at",
    "startlanguage": "language",
    "start language": "language",
    "token": "respondent_id",
    "access code": "respondent_id",
    "interviewtime": "duration_ms",
    "total time": "duration_ms",
}
_OTHER = {
    "lastpage": "number",
    "last page": "number",
    "seed": "text",
    "datestamp": "time",
    "date last action": "time",
    "refurl": "text",
    "referrer url": "text",
    "ipaddr": "text",
    "ip address": "text",
    "firstname": "text",
    "first name": "text",
    "lastname": "text",
    "last name": "text",
    "email": "text",
    "email address": "text",
}
_PERSONAL = {
    "ipaddr",
    "ip address",
    "firstname",
    "first name",
    "lastname",
    "last name",
    "email",
    "email address",
}
_CODES = {"id", "submitdate", "startlanguage"}
_HEADINGS = {"response id", "date submitted", "start language"}
# A survey without date stamps notes this moment for every response that was submitted.
_NO_STAMP = {"1980-01-01 00:00:00": "the survey keeps no times"}
_CODE = re.compile(r"([A-Za-z][A-Za-z0-9_]*)((?:\[[^\]]*\])*)")
_CODE_AND_TEXT = re.compile(r"([A-Za-z][A-Za-z0-9_]*(?:\[[^\]]*\])*)\. (.*)", re.DOTALL)
_TIMING = re.compile(r"(?:group|question)time", re.IGNORECASE)
_SUBQUESTION = re.compile(r"(.*\S)\s*\[(.*)\]", re.DOTALL)
_FREE = ("other", "comment")
# Answers of yes-or-no questions: their columns are no options.
_YES_NO = {"N", "U", "No", "Uncertain"}


def _recognise(head: list[Row]) -> str | None:
    if not head:
        return None
    words = {_key(cell) for cell in head[0].cells}
    if words >= _CODES:
        return "its headings have the codes id, submitdate and startlanguage"
    if words >= _HEADINGS:
        return "its headings are Response ID, Date submitted and Start language"
    return None


def _recognise_records(key: str, records: list[object]) -> str | None:
    first = records[0] if records else None
    if key == "responses" and isinstance(first, dict):
        return _recognise([Row(1, 1, list(first))])
    return None


def _key(heading: str) -> str:
    """The code of a heading, or the heading itself, as _STANDARD has it."""
    match = _CODE_AND_TEXT.fullmatch(heading.strip())
    return (match.group(1) if match else heading.strip()).lower()


def _plan(head: list[Row], options: Options) -> Plan:
    headings = head[0].cells
    coded = {_key(cell) for cell in headings} >= _CODES
    columns: list[Column] = []
    number = 0
    for at, heading in enumerate(headings):
        word = _key(heading)
        if word in _STANDARD:
            column = standard(_STANDARD[word], at, heading)
            if column.name == "submitted_at":
                column.missing = dict(_NO_STAMP)
                columns.append(standard("finished", at, heading, kind="present"))
            columns.append(column)
        elif word in _OTHER:
            columns.append(attribute(word, at, heading, kind=_OTHER[word], personal=word in _PERSONAL))
        elif _TIMING.match(word):
            columns.append(attribute(word, at, heading, kind="number"))
        elif coded:
            columns.append(_coded(at, heading))
        else:
            column = _worded(at, heading, columns, number)
            number = int(column.name[1:].partition("_")[0])
            columns.append(column)
    plan = Plan(1, "codes" if coded else "texts", columns)
    plan.refine = _refine
    return plan


def _coded(at: int, heading: str) -> Column:
    both = _CODE_AND_TEXT.fullmatch(heading.strip())
    code, text = both.groups() if both else (heading.strip(), None)
    match = _CODE.fullmatch(code)
    if match is None or not match.group(2):
        return Column(at, code, heading=heading, text=text)
    parts = re.findall(r"\[([^\]]*)\]", match.group(2))
    name = "_".join([match.group(1), *(part.replace(" ", "_") for part in parts)])
    column = Column(at, name, heading=heading, text=text, question=match.group(1), option="_".join(parts))
    if parts[-1].endswith(_FREE):
        column.kind = "text"
    return column


def _worded(at: int, heading: str, before: list[Column], number: int) -> Column:
    """A heading of text alone: questions count from 1, columns of one question share what stands before [
    ]."""
    match = _SUBQUESTION.fullmatch(heading.strip())
    if match is None:
        return Column(at, f"Q{number + 1}", heading=heading, text=heading.strip())
    text, part = match.groups()
    last = before[-1] if before else None
    if last is None or last.question is None or last.text != text:
        number += 1
    code = f"Q{number}"
    place = 1 + sum(other.question == code for other in before)
    return Column(at, f"{code}_{place}", heading=heading, text=text, question=code, option=part)


def _refine(plan: Plan, texts: Texts) -> None:
    questions = {column.question for column in plan.columns if column.question is not None}
    yes_no = {
        column.question
        for column in plan.columns
        if column.question in questions and column.kind == "auto" and _YES_NO & set(texts(column.at))
    }
    kinds = {id(column): column.kind for column in plan.columns}
    for column in plan.columns:
        if column.question in yes_no and column.kind == "auto":
            column.kind = "text"
    mark_options(plan, texts, mark="Y")
    for column in plan.columns:
        if column.question in yes_no and kinds[id(column)] == "auto":
            column.kind = "auto"


PROFILE = Profile(
    "limesurvey",
    "LimeSurvey",
    _recognise,
    _plan,
    _recognise_records,
    lambda key: PlainFlattener(_plan),
)
