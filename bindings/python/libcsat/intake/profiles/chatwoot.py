"""Chatwoot: CSV or Excel of satisfaction responses. Its headings come in the account's language, so the
columns are known by their place: agent, rating, feedback, contact, email, phone, link to the conversation,
time, and review notes in newer versions. A sentence about the reporting period ends the file."""

from __future__ import annotations

import re

from libcsat.intake.plan import Column, Options, Plan, attribute, standard
from libcsat.intake.profile import Profile
from libcsat.intake.raw import Row

_LINK = re.compile(r"https?://\S+/app/accounts/\d+/conversations/\d+/?")
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:UTC|[+-]\d{4})")
_WIDTHS = (8, 9)
_ENGLISH = ("Agent name", "Rating", "Feedback comment", "Contact name")


def _recognise(head: list[Row]) -> str | None:
    if not head or len(head[0].cells) not in _WIDTHS:
        return None
    if tuple(cell.strip().lower() for cell in head[0].cells[:4]) == tuple(word.lower() for word in _ENGLISH):
        return "its headings are those of satisfaction responses"
    for row in head[1:]:
        if len(row.cells) == len(head[0].cells) and _LINK.fullmatch(row.cells[6]):
            return "its seventh column links to conversations"
    return None


def _plan(head: list[Row], options: Options) -> Plan:
    headings = head[0].cells
    columns = [
        Column(6, "response_id", "key", "standard", headings[6], parts=(7,), required=True),
        Column(4, "respondent_id", "first", "standard", headings[4], parts=(5,)),
        standard("submitted_at", 7, headings[7]),
        Column(1, "rating", "number", heading=headings[1], least=1, most=5),
        Column(2, "feedback", "text", heading=headings[2]),
        attribute("agent", 0, headings[0]),
        attribute("contact_name", 3, headings[3], personal=True),
        attribute("contact_email", 4, headings[4], personal=True),
        attribute("contact_phone", 5, headings[5], personal=True),
        attribute("conversation", 6, headings[6]),
    ]
    if len(headings) > 8:
        columns.append(attribute("review_notes", 8, headings[8]))
    return Plan(1, "headings", columns, trailer=_trailer)


def _trailer(cells: list[str], width: int) -> str | None:
    if len(cells) == 1 or not any(cells[1:]):
        return "a sentence about the reporting period"
    return None


PROFILE = Profile("chatwoot", "Chatwoot", _recognise, _plan)
