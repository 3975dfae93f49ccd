"""Zendesk: legacy satisfaction ratings (JSON or CSV) and survey responses of the newer surveys (JSON).

A rating that was offered and not given is a response that is not finished: it counts as asked.
"""

from __future__ import annotations

from typing import Any

from libcsat.intake.encodings import place_of_bad_text
from libcsat.intake.plan import Column, Options, Plan, attribute, standard
from libcsat.intake.profile import BadRecordError, PlainFlattener, Profile, kind, scalar
from libcsat.intake.raw import Row

_LEGACY = {
    "id": "response_id",
    "requester_id": "respondent_id",
    "created_at": "started_at",
    "updated_at": "submitted_at",
}
_WORDS = ("good", "bad")
_SCORES = {
    word + more: word
    for word in _WORDS
    for more in ("", "withcomment", "withoutcomment", "_with_comment", "_without_comment")
}
_NOT_GIVEN = ("offered", "unoffered")
_RATINGS, _RESPONSES = "satisfaction_ratings", "survey_responses"


def _recognise(head: list[Row]) -> str | None:
    words = {cell.strip() for cell in head[0].cells} if head else set()
    if {"id", "ticket_id", "requester_id", "score"} <= words:
        return "its headings are those of satisfaction ratings"
    return None


def _recognise_records(key: str, records: list[Any]) -> str | None:
    first = records[0] if records and isinstance(records[0], dict) else {}
    if key == _RATINGS or {"requester_id", "ticket_id", "score"} <= set(first):
        return "its records are satisfaction ratings"
    if (
        key == _RESPONSES
        or {"answers", "survey_id"} <= set(first)
        or {"answers", "survey", "expires_at"} <= set(first)
    ):
        return "its records are survey responses"
    return None


def _plan(head: list[Row], options: Options) -> Plan:
    columns: list[Column] = []
    for at, heading in enumerate(head[0].cells):
        word = heading.strip()
        if word in _LEGACY:
            columns.append(standard(_LEGACY[word], at, heading))
        elif word == "score":
            missing = {name: name for name in _NOT_GIVEN}
            columns.append(Column(at, "score", "choice", heading=heading, words=_SCORES, missing=missing))
            finished = dict.fromkeys(_SCORES, True) | dict.fromkeys(_NOT_GIVEN, False)
            columns.append(standard("finished", at, heading, kind="boolean", words=finished))
        elif word in ("comment", "reason"):
            columns.append(Column(at, word, "text", heading=heading))
        else:
            columns.append(attribute(word, at, heading))
    return Plan(1, "headings", columns)


class _Responses:
    """Survey responses: a column for each question that an answer speaks of."""

    _LEADING = ("id", "responder_id", "survey_id", "survey_version", "subject", "expires_at", "answered_at")

    def __init__(self) -> None:
        self._questions: dict[str, Column] = {}

    def cells(self, record: dict[str, Any]) -> dict[str, str | None]:
        survey = record.get("survey")
        survey = survey if isinstance(survey, dict) else {}
        cells = {
            "id": scalar("id", record.get("id")),
            "responder_id": scalar("responder_id", record.get("responder_id")),
            "survey_id": scalar("survey_id", record.get("survey_id", survey.get("id"))),
            "survey_version": scalar("survey_version", record.get("survey_version", survey.get("version"))),
            "subject": self._subjects(record.get("subject_zrns")),
            "expires_at": scalar("expires_at", record.get("expires_at")),
        }
        answers = record.get("answers")
        if not isinstance(answers, list):
            raise BadRecordError("missing-field", "answers", None, "answers")
        times = []
        for answer in answers:
            if not isinstance(answer, dict):
                raise BadRecordError("not-an-object", "answers", kind(answer))
            column = self._question(answer)
            if column.name in cells:
                raise BadRecordError(
                    "conflicting-answer", column.name, self._value(answer), cells[column.name]
                )
            cells[column.name] = self._value(answer)
            times.append(scalar("updated_at", answer.get("updated_at") or answer.get("created_at")) or "")
        # Times of one format order as texts.
        cells["answered_at"] = max(times, default="") or None
        return cells

    @staticmethod
    def _subjects(found: Any) -> str | None:
        if found is None or (isinstance(found, list) and all(isinstance(part, str) for part in found)):
            return " ".join(found or ()) or None
        raise BadRecordError("unknown-value", "subject_zrns", kind(found), "an array of texts")

    def _question(self, answer: dict[str, Any]) -> Column:
        about = answer.get("question")
        if not isinstance(about, dict) or not (about.get("alias") or about.get("id")):
            raise BadRecordError("missing-field", "answers", None, "question.id")
        code = str(about.get("alias") or about["id"])
        headline = about.get("headline")
        text = headline.get("value") if isinstance(headline, dict) else None
        if isinstance(text, str) and (bad := place_of_bad_text(text)) is not None:
            raise BadRecordError(bad[0], code, text, "Unicode")
        known = self._questions.get(code)
        if known is None:
            name = f"answer_{code}" if code in self._LEADING else code
            known = Column(
                0, name, heading=code, text=str(text) if text else None, missing={"(skipped)": "skipped"}
            )
            if about.get("type") == "open_ended":
                known.kind = "text"
            elif about.get("type") in ("rating_scale", "rating_scale_numeric"):
                known.kind = "number"
            self._questions[code] = known
        return known

    def _value(self, answer: dict[str, Any]) -> str | None:
        what = answer.get("type")
        if what == "skipped":
            return "(skipped)"
        if what == "open_ended":
            return scalar("value", answer.get("value"))
        if what == "closed_ended":
            selections = answer.get("selections")
            if not isinstance(selections, list):
                raise BadRecordError("missing-field", "answers", None, "selections")
            return "; ".join(self._selection(part) for part in selections) or None
        if "rating" in answer:
            return scalar("rating", answer["rating"])
        raise BadRecordError(
            "unknown-value", "answers", str(what), "closed_ended, open_ended, skipped, or one with a rating"
        )

    @staticmethod
    def _selection(part: Any) -> str:
        option = part.get("option", part) if isinstance(part, dict) else part
        if isinstance(option, dict):
            label = option.get("label")
            label = label.get("value") if isinstance(label, dict) else label
            option = label or option.get("value") or option.get("id") or part.get("option_id")
        text = scalar("selections", option)
        if not text:
            raise BadRecordError("missing-field", "selections", None, "option")
        return text

    def plan(self, headings: list[str], options: Options) -> Plan:
        columns: list[Column] = []
        by_name = {column.name: column for column in self._questions.values()}
        for at, heading in enumerate(headings):
            if heading == "id":
                columns.append(standard("response_id", at, heading))
            elif heading == "responder_id":
                columns.append(standard("respondent_id", at, heading))
            elif heading == "answered_at":
                columns.append(standard("submitted_at", at, heading))
            elif heading in by_name:
                column = by_name[heading]
                column.at = at
                columns.append(column)
            else:
                columns.append(attribute(heading, at, kind="time" if heading == "expires_at" else "text"))
        return Plan(0, "keys", columns)


PROFILE = Profile(
    "zendesk",
    "Zendesk",
    _recognise,
    _plan,
    _recognise_records,
    lambda key: PlainFlattener(_plan) if key == _RATINGS else _Responses(),
)
