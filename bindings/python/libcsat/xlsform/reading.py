"""A form as a part of a policy: questions, choices and settings one by one, with a ledger of what has no
counterpart."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from libcsat.xlsform.columns import SETTINGS_JSON, SETTINGS_TEXT, Columns, Line, language_tag
from libcsat.xlsform.conditions import Asked, Bounds, read_condition
from libcsat.xlsform.expression import ExpressionError
from libcsat.xlsform.kinds import (
    MOST_ID,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    NUMBERS,
    WHOLE_NUMBERS,
    Question,
    as_choice,
    as_number,
    as_open,
    as_range,
    as_rating,
    as_several,
    bounds_of,
    id_of,
    runs,
)
from libcsat.xlsform.ledger import Ledger
from libcsat.xlsform.sheets import Sheet, Unmapped, XlsFormError

_SELECT = re.compile(
    r"(?P<how>select_one|select one from|select one|select1|add select one prompt using"
    r"|select_multiple|select all that apply from|select all that apply|add select multiple prompt using"
    r"|rank) (?P<list>\S+)(?P<other> (?:or_other|or other|or specify other))?"
)
_ONE = ("select_one", "select one from", "select one", "select1", "add select one prompt using")
_GROUP = re.compile(r"(?P<edge>begin|end)[ _](?P<what>group|repeat|lgroup|looped group|loop)(?: .*)?")
_DATED = ("date", "time", "datetime", "dateTime")
_LEFT_OUT = {
    "note": "shows a text and asks nothing",
    "calculate": "a calculated value",
    "rank": "a ranking of choices",
    "acknowledge": "asks for nothing but a confirmation",
    "trigger": "asks for nothing but a confirmation",
}
_LEFT_OUT |= dict.fromkeys(
    ("start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username"),
    "what the device records of itself",
)
_LEFT_OUT |= dict.fromkeys(("email", "audit"), "what the device records of itself")
_LEFT_OUT |= dict.fromkeys(
    ("geopoint", "geotrace", "geoshape", "image", "audio", "video", "file", "barcode", "background-audio"),
    "an answer that is neither a number, a choice nor a text",
)
_YES = ("yes", "true", "true()")
_NO = ("no", "false", "false()")
# What csat::type may say.
_KINDS = {"select": ("rating", "choice"), "hidden": ("quantity", "open")}
# Digits before and after the point, with those that an exponent stands for.
_MOST_DIGITS = 30


@dataclass
class _Group:
    line: Line
    repeat: bool
    section: str | None


@dataclass
class Form:
    """What a form becomes.

    Attributes:
        unmapped: What has no counterpart, in the order of the form.
        questionnaire: As in a policy document.
        metrics: What its questions are answered with.
        scales: What those are rated on.
    """

    unmapped: list[Unmapped]
    questionnaire: dict[str, Any] = field(default_factory=dict)
    metrics: list[dict[str, Any]] = field(default_factory=list)
    scales: list[dict[str, Any]] = field(default_factory=list)


class FormReader:
    """Reads the sheets of one form.

    Args:
        sheets: By name.
        path: Of the file, for messages.
        name: Of the form, where it does not say.
        language: Tag of texts whose column names no language and whose form names no default one.
        languages: Tags of languages by the name that the form has for them.
    """

    def __init__(
        self, sheets: Mapping[str, Sheet], path: str, name: str, language: str, languages: Mapping[str, str]
    ) -> None:
        self._path = path
        self.ledger = Ledger(path)
        self._name = name
        self.form = Form(self.ledger.unmapped)
        self.questions: list[Question] = []
        self._settings = self._only_line(sheets.get("settings", Sheet("settings")), language, languages)
        default = self._settings.cells.get("default_language")
        self.language = (language_tag(default, languages) if default else None) or language
        self._survey = Columns(sheets["survey"], path, self.language, languages)
        choices = sheets.get("choices", Sheet("choices"))
        columns = Columns(choices, path, self.language, languages)
        self.tags = [*self._survey.tags, *(tag for tag in columns.tags if tag not in self._survey.tags)]
        self._rows = sheets["survey"].rows
        # Choices by list and name.
        self._lists: dict[str, dict[str, Line]] = {}
        for row, cells in choices.rows:
            self._add_choice(columns.line(row, cells))
        self._used: set[str] = set()
        self._groups: list[_Group] = []

    def read(self) -> Form:
        """Everything."""
        self.read_questions()
        self._read_conditions()
        self._assemble()
        return self.form

    def read_questions(self) -> None:
        """The questions, without their conditions."""
        for row, cells in self._rows:
            self._read_line(self._survey.line(row, cells))
        if self._groups:
            self.ledger.refuse(self._groups[-1].line, "type", "the group is never ended")
        for name, lines in self._lists.items():
            if name not in self._used:
                self.ledger.note(
                    next(iter(lines.values())), "list_name", name, "no question that is read uses this list"
                )
        seen: dict[str, Question] = {}
        for question in self.questions:
            for key in {question.name, question.item["id"]}:
                other = seen.setdefault(key, question)
                if other is not question:
                    what = f"row {other.line.row} has the question '{other.name}' already"
                    self.ledger.refuse(question.line, "name", what)

    def _only_line(self, sheet: Sheet, language: str, languages: Mapping[str, str]) -> Line:
        columns = Columns(sheet, self._path, language, languages)
        lines = [columns.line(row, cells) for row, cells in sheet.rows]
        for line in lines[1:]:
            self.ledger.refuse_row(line, "settings take one row")
        if not lines:
            return Line("settings", 0)
        self.ledger.note_extra(lines[0])
        return lines[0]

    def _add_choice(self, line: Line) -> None:
        for column in ("list_name", "name"):
            if column not in line.cells:
                self.ledger.refuse_row(line, f"the choice has no {column}")
        others = self._lists.setdefault(line.cells["list_name"], {})
        other = others.setdefault(line.cells["name"], line)
        if other is not line:
            self.ledger.refuse(line, "name", f"row {other.row} has this choice already")

    # Rows of the survey.

    def _read_line(self, line: Line) -> None:
        disabled = next((text for key, text in line.extra.items() if key.lower() == "disabled"), "no")
        kind = " ".join(line.cells.get("type", "").split())
        if not kind:
            self.ledger.refuse_row(line, "the row has no type")
        if disabled.lower() in _YES:
            self.ledger.note(line, "disabled", disabled, f"the row of type '{kind}' is left out")
            return
        group = _GROUP.fullmatch(kind)
        if group is not None:
            self._read_group(line, group["edge"] == "begin", group["what"] != "group")
            return
        select = _SELECT.fullmatch(kind)
        what = _LEFT_OUT.get(kind)
        if select is not None and select["how"] == "rank":
            what = _LEFT_OUT["rank"]
            self._used.add(select["list"])
        elif select is None and what is None and kind not in ("text", *NUMBERS, *_DATED, "range", "hidden"):
            what = "a type that has no counterpart"
        if what is not None:
            self.ledger.note(line, "type", kind, f"{what}; it is left out")
            return
        if any(group.repeat for group in self._groups):
            self.ledger.note(line, "type", kind, "stands in a repeat; it is left out")
            if select is not None:
                self._used.add(select["list"])
            return
        self._read_question(line, kind, select)
        if len(self.questions) > MOST_QUESTIONS:
            self.ledger.refuse_row(line, f"more than {MOST_QUESTIONS} questions")

    def _read_group(self, line: Line, begins: bool, repeat: bool) -> None:
        if not begins:
            if not self._groups or self._groups[-1].repeat != repeat:
                self.ledger.refuse(line, "type", "it ends what is not begun, or begun as something else")
            self._groups.pop()
            return
        if repeat:
            self.ledger.note(line, "type", line.cells["type"], "a repeat; its questions are left out")
        texts = set(line.label.values())
        first = line.label.get(self.language) or next(iter(line.label.values()), None)
        if len(texts) > 1:
            for tag, text in line.label.items():
                if text != first:
                    self.ledger.note(line, f"label::{tag}", text, f"a section has one name, here '{first}'")
        for tag, text in line.hint.items():
            self.ledger.note(line, f"hint::{tag}", text, "a section has no hint")
        self.ledger.note_extra(line)
        self._groups.append(_Group(line, repeat, first))

    def _read_question(self, line: Line, kind: str, select: re.Match[str] | None) -> None:
        name = line.cells.get("name", "")
        if not name:
            self.ledger.refuse_row(line, f"the question of type '{kind}' has no name")
        identity = line.cells.get("csat::id") or id_of(name) or f"item_{line.row}"
        if len(identity) > MOST_ID:
            self.ledger.refuse(line, "name", f"{len(identity)} characters; an id has {MOST_ID} at most")
        given = line.cells.get("csat::type", "")
        may_be = _KINDS.get(kind, ()) if select is None else _KINDS["select"]
        if given and given not in may_be:
            self.ledger.refuse(line, "csat::type", f"no kind of '{kind}'; it may be {' or '.join(may_be)}")
        self.ledger.note_extra(line)
        several = select is not None and select["how"] not in _ONE
        bounds = bounds_of(line, kind, several, self.ledger)
        question = Question.on(line, name, identity)
        if select is not None:
            lines = self._choices(line, select["list"])
            if select["other"] and all(one.cells["name"] != "other" for one in lines):
                lines = [*lines, self._other(line)]
            if several:
                as_several(question, lines, bounds, self.ledger)
            elif given != "choice" and (given == "rating" or runs(lines)):
                as_rating(question, select["list"], lines, self.ledger)
            else:
                as_choice(question, lines)
        elif kind == "range":
            as_range(question, self.ledger)
        elif kind == "hidden":
            question.context = True
            if given == "quantity":
                as_number(question, bounds)
            else:
                as_open(question, bounds)
        elif kind in NUMBERS:
            as_number(question, bounds, whole=kind in WHOLE_NUMBERS)
        else:
            as_open(question, bounds)
            if kind in _DATED:
                self.ledger.note(line, "type", kind, "that it is a date or a time; any text will do")
        if kind != "range" and (parameters := line.cells.get("parameters")):
            self.ledger.note(line, "parameters", parameters, "parameters have no counterpart")
        self._finish(question)
        if select is not None and select["other"]:
            self._specify(question)

    def _finish(self, question: Question) -> None:
        line, item = question.line, question.item
        if question.name != item["id"] and question.metrics and not question.asked.options:
            metric = question.metrics[0]
            metric["number" if "number" in metric else "text"]["field"] = question.name
        elif question.asked.options and question.name != item["id"] and "csat::id" not in line.cells:
            self.ledger.note(line, "name", question.name, f"the answer's field is read as '{item['id']}'")
        texts = (item, *item.get("options", ()))
        if not question.context:
            for key, words in (("label", line.label), ("help", line.hint)):
                if words:
                    item[key] = dict(words)
            question.spoken = frozenset.intersection(*(frozenset(text.get("label", ())) for text in texts))
            self._refer(line)
            required = line.cells.get("required", "no")
            if required.lower() in _YES:
                item["required"] = True
            elif required.lower() not in _NO:
                self.ledger.note(
                    line, "required", required, "a condition for being required; read as not required"
                )
            if line.cells.get("csat::detail", "no").lower() in _YES:
                item["detail"] = True
            for key in ("topic", "origin", "purpose"):
                if f"csat::{key}" in line.cells:
                    item[key] = line.cells[f"csat::{key}"]
            section = next((group.section for group in reversed(self._groups) if group.section), None)
            if section:
                item["section"] = section
        elif line.label or line.hint:
            self.ledger.note(
                line,
                "label",
                next(iter([*line.label.values(), *line.hint.values()])),
                "a hidden value has no text",
            )
        for group in self._groups:
            if relevant := group.line.cells.get("relevant"):
                question.conditions.append((group.line, relevant))
        if relevant := line.cells.get("relevant"):
            question.conditions.append((line, relevant))
        self._apply(line, "csat::item", question.item)
        for key, change in self._json(line, "csat::metrics").items():
            found = next((one for one in question.metrics if one["id"] == key), None)
            if found is None or not isinstance(change, dict):
                self.ledger.note(line, "csat::metrics", key, "the question has no such metric")
            else:
                self._change(line, "csat::metrics", found, change)
        self._apply(line, "csat::scale", question.scale)
        self.questions.append(question)

    def _refer(self, line: Line) -> None:
        for column, texts in (("label", line.label), ("hint", line.hint)):
            for tag, text in texts.items():
                if "${" in text:
                    self.ledger.note(
                        line, f"{column}::{tag}", text, "an answer within a text; read as it stands"
                    )

    def _choices(self, line: Line, name: str) -> list[Line]:
        if name not in self._lists:
            self.ledger.refuse(line, "type", f"the sheet choices has no list '{name}'")
        lines = list(self._lists[name].values())
        if len(lines) > MOST_OPTIONS:
            self.ledger.refuse(line, "type", f"its list has {len(lines)} choices; {MOST_OPTIONS} is the most")
        if name not in self._used:
            self._used.add(name)
            for choice in lines:
                self.ledger.note_extra(choice)
        return lines

    def _other(self, line: Line) -> Line:
        """The choice that `or_other` adds."""
        return Line("choices", line.row, {"name": "other"}, dict.fromkeys(self._all_tags(), "Other"))

    def _specify(self, question: Question) -> None:
        """The text that `or_other` asks for beside it."""
        name = f"{question.name}_other"
        line = Line("survey", question.line.row, {"name": name})
        line.label = dict.fromkeys(self._all_tags(), "Specify other.")
        line.cells["relevant"] = f"selected(${{{question.name}}}, 'other')"
        text = Question.on(line, name, f"{question.item['id']}_other")
        as_open(text, Bounds())
        self._finish(text)

    def _all_tags(self) -> list[str]:
        return self.tags or [self.language]

    # Conditions, and the whole.

    def _read_conditions(self) -> None:
        known = {question.name: question.asked for question in self.questions}
        waiting = self.questions
        noted: set[tuple[int, str]] = set()
        while waiting:
            # What reads a question that is left out is left out too.
            gone = set()
            for question in waiting:
                if not self._read_shown_when(question, known, noted):
                    gone.add(question.name)
                    del known[question.name]
            self.questions = [question for question in self.questions if question.name not in gone]
            waiting = [question for question in self.questions if gone & question.reads()]

    def _read_shown_when(
        self, question: Question, known: Mapping[str, Asked], noted: set[tuple[int, str]]
    ) -> bool:
        parts = []
        exact = self._json(question.line, "csat::shown_when")
        for line, text in question.conditions:
            if line is question.line and exact.get("relevant") == text and "shown_when" in exact:
                parts.append(exact["shown_when"])
                continue
            try:
                parts.append(read_condition(text, known))
            except ExpressionError as error:
                if (line.row, text) not in noted:
                    self.ledger.note(line, "relevant", text, f"{error}; what it shows is left out")
                    noted.add((line.row, text))
                self.ledger.note(question.line, "name", question.name, "left out with its condition")
                return False
        if question.context and parts:
            self.ledger.note(
                question.line, "relevant", question.conditions[0][1], "a hidden value has no condition"
            )
        elif parts:
            question.item["shown_when"] = parts[0] if len(parts) == 1 else {"all": {"of": parts}}
        return True

    def _assemble(self) -> None:
        metrics: dict[str, dict[str, Any]] = {}
        scales: dict[str, dict[str, Any]] = {}
        for question in self.questions:
            for metric in question.metrics:
                self._define(question, metrics, metric, "metric")
            if question.scale:
                self._define(question, scales, question.scale, "scale")
        self.form.metrics, self.form.scales = list(metrics.values()), list(scales.values())
        self.form.questionnaire = self._questionnaire()

    def _define(
        self, question: Question, known: dict[str, dict[str, Any]], one: dict[str, Any], what: str
    ) -> None:
        if known.setdefault(one["id"], one) != one:
            self.ledger.refuse(
                question.line, "name", f"needs a {what} '{one['id']}' unlike that of a question before"
            )

    def _questionnaire(self) -> dict[str, Any]:
        cells = self._settings.cells
        name = cells.get("form_id", self._name)
        identity = id_of(name, "-") or "form"
        if "form_id" in cells and identity != name:
            self.ledger.note(self._settings, "form_id", name, f"it is read as '{identity[:MOST_ID]}'")
        found: dict[str, Any] = {"id": identity[:MOST_ID], "version": cells.get("version", "1")}
        if "form_title" in cells:
            found["label"] = {self.language: cells["form_title"]}
        asking = [question for question in self.questions if not question.context]
        spoken = [tag for tag in self.tags if all(tag in question.spoken for question in asking)]
        if spoken:
            found["languages"] = spoken
        context = [question.item["id"] for question in self.questions if question.context]
        if context:
            found["context"] = context
        if not asking:
            left_out = f" that can be read: {self.ledger.unmapped[0]}" if self.ledger.unmapped else ""
            raise XlsFormError(
                f"{self._path}: no row of the sheet survey asks anything{left_out}", path=self._path
            )
        found["items"] = [question.item for question in asking]
        for key in SETTINGS_TEXT:
            if f"csat::{key}" in cells:
                found[key] = cells[f"csat::{key}"]
        for key in SETTINGS_JSON:
            if f"csat::{key}" in cells:
                found[key] = self._decoded(self._settings, f"csat::{key}")
        self._apply(self._settings, "csat::questionnaire", found)
        return found

    # The columns of libcsat.

    def _decoded(self, line: Line, column: str) -> Any:
        try:
            return json.loads(line.cells[column], parse_float=_decimal)
        except (ValueError, RecursionError):
            self.ledger.refuse(line, column, "it is no JSON")

    def _json(self, line: Line, column: str) -> dict[str, Any]:
        if column not in line.cells:
            return {}
        found = self._decoded(line, column)
        if not isinstance(found, dict):
            self.ledger.refuse(line, column, "it is no JSON object")
        return found

    def _apply(self, line: Line, column: str, to: dict[str, Any]) -> None:
        self._change(line, column, to, self._json(line, column))

    def _change(self, line: Line, column: str, to: dict[str, Any], changes: dict[str, Any]) -> None:
        """`{"key": {"from": what the form says, "to": what that stands for}}`. Left out: no such key."""
        for key, change in changes.items():
            if not isinstance(change, dict) or set(change) - {"from", "to"} or not change:
                self.ledger.refuse(line, column, f"'{key}' has neither 'from' nor 'to'")
            if (key in to) != ("from" in change) or to.get(key) != change.get("from"):
                self.ledger.note(line, column, key, "refines what the form no longer says; without effect")
            elif "to" in change:
                to[key] = change["to"]
            else:
                del to[key]


def _decimal(text: str) -> Decimal:
    value = Decimal(text)
    if not -_MOST_DIGITS < value.adjusted() < _MOST_DIGITS:
        raise ValueError(text)
    return value
