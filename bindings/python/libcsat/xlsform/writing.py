"""A questionnaire of a policy as a form.

The form is built from what XLSForm knows and read as any form is; where that gives something else than the
policy has, a column of libcsat says what it stands for. So nothing is lost, and what is edited in the form
counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from libcsat.xlsform.columns import SETTINGS_JSON, SETTINGS_TEXT, language_name
from libcsat.xlsform.conditions import Asked, Place, read_condition, write_condition, written
from libcsat.xlsform.expression import ExpressionError
from libcsat.xlsform.kinds import Question, id_of
from libcsat.xlsform.reading import FormReader
from libcsat.xlsform.sheets import Sheet, XlsFormError, cell_text

# Ranks up to which a scale with labels is shown as choices.
_MOST_CHOICES = 101
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
# Names that forms keep for themselves.
_TAKEN = ("meta", "data", "instanceid", "instancename")
_REFERENCE = re.compile(r"\$\{")
_SURVEY = ("type", "name", "label", "hint", "required", "relevant", "constraint", "parameters")
_SURVEY_OURS = (
    "type", "id", "detail", "topic", "origin", "purpose", "shown_when", "item", "metrics", "scale",
)  # fmt: skip


class FormWriter:
    """Builds the sheets of one questionnaire.

    Args:
        document: The policy.
        questionnaire: One of its questionnaires.
    """

    def __init__(self, document: Mapping[str, Any], questionnaire: dict[str, Any]) -> None:
        self._questionnaire = questionnaire
        self._metrics = {metric["id"]: metric for metric in document.get("metrics", ())}
        self._scales = {scale["id"]: scale for scale in document.get("scales", ())}
        self._place = f"questionnaire '{questionnaire['id']}'"
        self._items: list[dict[str, Any]] = questionnaire["items"]
        self._context: list[str] = questionnaire.get("context", [])
        self._tags = self._languages()
        self._names = self._name_all()
        self._rows: list[tuple[dict[str, Any] | None, dict[str, str]]] = []
        self._choices: list[dict[str, str]] = []
        self._lists: set[str] = set()

    def sheets(self) -> dict[str, Sheet]:
        """The sheets by name.

        Raises:
            XlsFormError: a text or a condition that no form can hold.
        """
        for metric in self._context:
            self._add_context(metric)
        section = None
        groups = 0
        for item in self._items:
            if item.get("section") != section:
                if section is not None:
                    self._rows.append((None, {"type": "end_group"}))
                section = item.get("section")
                if section is not None:
                    groups = self._begin_group(section, groups + 1)
            self._add_item(item)
        if section is not None:
            self._rows.append((None, {"type": "end_group"}))
        settings = self._settings()
        plain = self._read(settings)
        self._add_conditions({question.name: question.asked for question in plain.questions})
        self._refine(plain, settings)
        return self._sheets(settings)

    def _languages(self) -> list[str]:
        found = list(self._questionnaire.get("languages", ()))
        for item in self._items:
            texts = [item.get("label", {}), item.get("help", {})]
            texts += [option.get("label", {}) for option in item.get("options", ())]
            scale = self._scales.get(self._metrics.get(item["id"], {}).get("scale", ""), {})
            texts += [label.get("label", {}) for label in scale.get("labels", ())]
            for tags in texts:
                found += sorted(tag for tag in tags if tag not in found)
        return list(dict.fromkeys(found)) or ["en"]

    def _name_all(self) -> dict[str, str]:
        """Names of questions by id: the field of the answer where a form can have such a name."""
        names: dict[str, str] = {}
        taken = set(_TAKEN)
        for identity in [*self._context, *(item["id"] for item in self._items)]:
            metric = self._metrics.get(identity, {})
            field = metric.get("number", metric.get("text", {})).get("field", identity)
            usable = [
                name for name in (field, identity) if _NAME.fullmatch(name) and name.lower() not in taken
            ]
            name = usable[0] if usable else f"_{identity}"
            while name.lower() in taken:
                name = f"_{name}"
            taken.add(name.lower())
            names[identity] = name
        return names

    def _begin_group(self, section: str, number: int) -> int:
        while f"section_{number}" in {name.lower() for name in self._names.values()}:
            number += 1
        row = {"type": "begin_group", "name": f"section_{number}"}
        for tag in self._tags:
            row[f"label {tag}"] = section
        self._rows.append((None, row))
        return number

    def _add_context(self, metric: str) -> None:
        numeric = "number" in self._metrics[metric]
        row = {"type": "hidden", "name": self._names[metric]}
        if numeric:
            row["csat::type"] = "quantity"
        self._identify(row, metric)
        self._rows.append(({"id": metric}, row))

    def _add_item(self, item: dict[str, Any]) -> None:
        name = self._names[item["id"]]
        row = {"type": "text", "name": name}
        self._identify(row, item["id"])
        self._text(row, "label", item.get("label", {}), name)
        self._text(row, "hint", item.get("help", {}), None)
        if item.get("required"):
            row["required"] = "yes"
        if item.get("detail"):
            row["csat::detail"] = "yes"
        for key in ("topic", "origin", "purpose"):
            if key in item:
                row[f"csat::{key}"] = item[key]
        if "several" in item:
            self._several(item, row)
        else:
            metric = self._metrics[item["id"]]
            if "number" in metric:
                self._numeric(item, metric, row)
            elif metric.get("text", {}).get("values"):
                self._choice(item, metric["text"]["values"], row)
            elif item.get("max_characters"):
                row["constraint"] = f"string-length(.) <= {item['max_characters']}"
        self._rows.append((item, row))

    def _identify(self, row: dict[str, str], identity: str) -> None:
        if id_of(row["name"]) != identity:
            row["csat::id"] = identity

    def _text(self, row: dict[str, str], column: str, texts: Mapping[str, str], name: str | None) -> None:
        for tag, text in texts.items():
            if _REFERENCE.search(text):
                raise XlsFormError(f"{self._place}: '{text[:80]}' has '${{', which a form would replace")
            row[f"{column} {tag}"] = text
        if not texts and name is not None:
            for tag in self._tags:
                row[f"{column} {tag}"] = name

    # Kinds of answers.

    def _several(self, item: dict[str, Any], row: dict[str, str]) -> None:
        listed = self._list(item["id"])
        row["type"] = f"select_multiple {listed}"
        for option in item["options"]:
            choice = {"list_name": listed, "name": option["id"]}
            if option.get("metric"):
                choice["csat_metric"] = option["metric"]
            self._text(choice, "label", option.get("label", {}), option["id"])
            self._choices.append(choice)
        least, most = item["several"].get("at_least"), item["several"].get("at_most")
        bounds = [(">=", least), ("<=", most)]
        constraint = " and ".join(f"count-selected(.) {op} {n}" for op, n in bounds if n is not None)
        if constraint:
            row["constraint"] = constraint

    def _numeric(self, item: dict[str, Any], metric: dict[str, Any], row: dict[str, str]) -> None:
        scale = self._scales.get(metric.get("scale", ""))
        if scale is not None and scale.get("integer"):
            low, high = int(scale["min"]), int(scale["max"])
            labels = {int(one["rank"]): one.get("label", {}) for one in scale.get("labels", ())}
            if labels and high - low < _MOST_CHOICES:
                self._rating(scale["id"], range(low, high + 1), labels, row)
            else:
                row["type"] = "range"
                row["parameters"] = f"start={low} end={high} step=1"
            return
        row["type"] = "integer" if metric.get("decimal_places") == 0 else "decimal"
        bounds = scale or metric
        parts = [
            f". {op} {written(bounds[key])}" for key, op in (("min", ">="), ("max", "<=")) if key in bounds
        ]
        if parts:
            row["constraint"] = " and ".join(parts)

    def _rating(
        self, name: str, ranks: range, labels: Mapping[int, Mapping[str, str]], row: dict[str, str]
    ) -> None:
        row["type"] = f"select_one {name}"
        if name in self._lists:
            return
        self._lists.add(name)
        for rank in ranks:
            choice = {"list_name": name, "name": str(rank)}
            self._text(choice, "label", labels.get(rank, {}), str(rank))
            self._choices.append(choice)

    def _choice(self, item: dict[str, Any], values: list[str], row: dict[str, str]) -> None:
        listed = self._list(item["id"])
        row["type"] = f"select_one {listed}"
        row["csat::type"] = "choice"
        labels = {option["id"]: option.get("label", {}) for option in item.get("options", ())}
        for value in labels or values:
            choice = {"list_name": listed, "name": value}
            self._text(choice, "label", labels.get(value, {}), value)
            self._choices.append(choice)

    def _list(self, name: str) -> str:
        while name in self._lists or name in self._scales:
            name += "_"
        self._lists.add(name)
        return name

    # What the form does not say.

    def _settings(self) -> dict[str, str]:
        of = self._questionnaire
        titles = of.get("label", {})
        title = titles.get(self._tags[0]) or next(iter(titles.values()), of["id"])
        row = {
            "form_title": title,
            "form_id": of["id"],
            "version": of["version"],
            "default_language": language_name(self._tags[0]),
        }
        for key in SETTINGS_TEXT:
            if key in of:
                row[f"csat::{key}"] = of[key]
        for key in SETTINGS_JSON:
            if key in of:
                row[f"csat::{key}"] = _json(of[key])
        return row

    def _add_conditions(self, asked: Mapping[str, Asked]) -> None:
        places: dict[str, Place] = {}
        for metric in self._context:
            places[metric] = Place(self._names[metric], "number" in self._metrics[metric])
        for item in self._items:
            name = self._names[item["id"]]
            if "several" not in item:
                places[item["id"]] = Place(name, "number" in self._metrics[item["id"]])
                continue
            for option in item["options"]:
                metric = option.get("metric") or f"{item['id']}_{option['id']}"
                places[metric] = Place(name, True, option["id"])
        for entry, row in self._rows:
            if entry is None or "shown_when" not in entry:
                continue
            condition = entry["shown_when"]
            try:
                row["relevant"] = write_condition(condition, places)
            except ExpressionError as error:
                raise XlsFormError(f"{self._place}, item '{entry['id']}': {error}") from None
            try:
                same = read_condition(row["relevant"], asked) == condition
            except ExpressionError:
                same = False
            if not same:
                row["csat::shown_when"] = _json({"relevant": row["relevant"], "shown_when": condition})

    def _refine(self, plain: FormReader, settings: dict[str, str]) -> None:
        """Adds what reading the form as it is does not give."""
        questions = {question.line.row: question for question in plain.questions}
        for number, (entry, row) in enumerate(self._rows, 2):
            if entry is None:
                continue
            question = questions[number]
            if not question.context:
                wanted = {key: value for key, value in entry.items() if key != "shown_when"}
                _add(row, "csat::item", _difference(question.item, wanted))
            changes = {
                metric["id"]: change
                for metric in question.metrics
                if (change := _difference(metric, self._metrics[metric["id"]]))
            }
            _add(row, "csat::metrics", changes)
            self._refine_scale(question, row)
        read = plain.form.questionnaire
        known = ("items", "context", *SETTINGS_TEXT, *SETTINGS_JSON)
        _add(
            settings,
            "csat::questionnaire",
            _difference(
                {key: value for key, value in read.items() if key not in known},
                {key: value for key, value in self._questionnaire.items() if key not in known},
            ),
        )

    def _refine_scale(self, question: Question, row: dict[str, str]) -> None:
        metric = self._metrics[question.metrics[0]["id"]]
        if "several" not in question.item and "scale" in metric:
            _add(row, "csat::scale", _difference(question.scale, self._scales[metric["scale"]]))

    # Sheets.

    def _sheets(self, settings: dict[str, str]) -> dict[str, Sheet]:
        rows = [row for _, row in self._rows]
        survey = [*_SURVEY, *(f"csat::{name}" for name in _SURVEY_OURS)]
        sheets = [
            self._sheet("survey", rows, survey),
            self._sheet("choices", self._choices, ["list_name", "name", "label", "csat_metric"]),
            self._sheet("settings", [settings], list(settings)),
        ]
        return {sheet.name: sheet for sheet in sheets if sheet.rows}

    def _sheet(self, name: str, rows: list[dict[str, str]], order: list[str]) -> Sheet:
        used = {key for row in rows for key in row}
        headings: dict[str, str] = {}
        for key in order:
            if key in ("label", "hint"):
                for tag in self._tags:
                    if f"{key} {tag}" in used:
                        headings[f"{key} {tag}"] = f"{key}::{language_name(tag)}"
            elif key in used:
                headings[key] = key
        sheet = Sheet(name, list(headings.values()))
        for number, row in enumerate(rows, 2):
            cells = {}
            for key, text in row.items():
                place = f"{self._place}, sheet {name}, row {number}, column {headings[key]}"
                cells[headings[key]] = cell_text(text, place)
            sheet.rows.append((number, cells))
        return sheet

    def _read(self, settings: dict[str, str]) -> FormReader:
        reader = FormReader(self._sheets(settings), self._place, self._questionnaire["id"], "en", {})
        reader.read()
        return reader


def _difference(read: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for key in [*read, *(key for key in wanted if key not in read)]:
        if read.get(key) == wanted.get(key) and (key in read) == (key in wanted):
            continue
        changes[key] = {"from": read[key]} if key in read else {}
        if key in wanted:
            changes[key]["to"] = wanted[key]
    return changes


def _add(row: dict[str, str], column: str, changes: dict[str, Any]) -> None:
    if changes:
        row[column] = _json(changes)


def _json(value: Any) -> str:
    """JSON in which no tool sees a reference to a question."""
    return json.dumps(value, ensure_ascii=False, default=_number).replace("${", "\\u0024{")


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} is not a value of a policy document")
