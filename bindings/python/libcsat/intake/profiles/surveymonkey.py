"""SurveyMonkey: CSV or Excel with two header rows: questions, and under each its options or rows. A blank
heading continues the question to its left."""

from __future__ import annotations

from libcsat.intake.plan import Column, Options, Plan, attribute, standard
from libcsat.intake.profile import Profile
from libcsat.intake.profiles.grouped import mark_options
from libcsat.intake.raw import Row

_STANDARD = {"Respondent ID": "response_id", "Start Date": "started_at", "End Date": "submitted_at"}
_PERSONAL = {"IP Address", "Email Address", "First Name", "Last Name"}
_PLAIN = {"Response", ""}


def _recognise(head: list[Row]) -> str | None:
    if head and {"Respondent ID", "Collector ID"} <= {cell.strip() for cell in head[0].cells}:
        return "its first row has Respondent ID and Collector ID"
    return None


def _plan(head: list[Row], options: Options) -> Plan:
    above = [cell.strip() for cell in head[0].cells]
    below = [cell.strip() for cell in head[1].cells] if len(head) > 1 else []
    below += [""] * (len(above) - len(below))
    columns: list[Column] = []
    number, text = 0, ""
    for at, heading in enumerate(above):
        if heading in _STANDARD:
            columns.append(standard(_STANDARD[heading], at, heading))
            continue
        if number == 0 and (
            heading in _PERSONAL or heading == "Collector ID" or heading.startswith("Custom Data")
        ):
            columns.append(attribute(heading, at, personal=heading in _PERSONAL))
            continue
        if heading or number == 0:
            number, text = number + 1, heading
        many = at + 1 < len(above) and not above[at + 1] if heading else True
        columns.append(_question(at, number, text, below[at], many, columns))
    plan = Plan(2, "questions, and their options or rows", columns, dates="mdy")
    plan.refine = mark_options
    return plan


def _question(at: int, number: int, text: str, below: str, many: bool, before: list[Column]) -> Column:
    code = f"Q{number}"
    heading = f"{text} / {below}" if below not in _PLAIN else text
    if below == "Open-Ended Response":
        column = Column(at, code, "text", heading=text, text=text)
    else:
        column = Column(at, code, heading=heading, text=text)
    if many:
        place = 1 + sum(other.question == code for other in before)
        column.name, column.question, column.option = f"{code}_{place}", code, below
    return column


PROFILE = Profile("surveymonkey", "SurveyMonkey", _recognise, _plan)
