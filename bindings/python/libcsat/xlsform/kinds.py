"""Kinds of questions: what a row and its choices become, depending on how they are answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from libcsat.xlsform.columns import Line
from libcsat.xlsform.conditions import Asked, Bounds, plain, read_constraint, six_places
from libcsat.xlsform.expression import ExpressionError
from libcsat.xlsform.ledger import Ledger

# Limits of a policy: characters of an id, questions, and options of one of them.
MOST_ID = 64
MOST_QUESTIONS = 1000
MOST_OPTIONS = 256

WHOLE_NUMBERS = ("integer", "int")
NUMBERS = (*WHOLE_NUMBERS, "decimal")
_WHOLE = re.compile(r"0|-?[1-9]\d{0,5}")
_OPTION = re.compile(r"[a-z0-9_-]{1,64}")
_REFERENCE = re.compile(r"\$\{\s*([^{}]*?)\s*\}")
_PARAMETER = re.compile(r"([\w-]+)\s*=\s*([^\s,;]+)")


@dataclass
class Question:
    """A row that asks, and what it becomes.

    Attributes:
        line: The row.
        name: As `${name}` says it.
        item: Of the questionnaire.
        metrics: What it is answered with; of several options, one each.
        scale: What the answer is rated on; empty: on none.
        asked: What conditions on it have to know.
        conditions: Of its groups and its own, each with the row that it stands in.
        context: Known before the first question.
        spoken: Languages that it and its options are worded in.
    """

    line: Line
    name: str
    item: dict[str, Any]
    metrics: list[dict[str, Any]]
    scale: dict[str, Any]
    asked: Asked
    conditions: list[tuple[Line, str]]
    context: bool = False
    spoken: frozenset[str] = frozenset()

    @classmethod
    def on(cls, line: Line, name: str, identity: str) -> Question:
        """A question that nothing is known of but its name."""
        return cls(line, name, {"id": identity}, [], {}, Asked(name, identity, False, False, {}), [])

    def reads(self) -> set[str]:
        """Names of the questions that its conditions speak of."""
        return {name for _, text in self.conditions for name in _REFERENCE.findall(text)}


def as_open(question: Question, bounds: Bounds) -> None:
    question.metrics = [{"id": question.item["id"], "text": {}}]
    if bounds.most_characters is not None:
        question.item["max_characters"] = bounds.most_characters


def as_number(question: Question, bounds: Bounds, whole: bool = False) -> None:
    metric: dict[str, Any] = {"id": question.item["id"], "number": {}}
    for key, bound in (("min", bounds.least), ("max", bounds.most)):
        if bound is not None:
            metric[key] = plain(bound)
    if whole:
        metric["decimal_places"] = 0
    question.metrics = [metric]
    question.asked = Asked(question.name, metric["id"], True, False, {})


def as_rating(question: Question, name: str, lines: list[Line], ledger: Ledger) -> None:
    """A scale whose ranks are the choices of the list `name`."""
    if not runs(lines):
        ledger.refuse(question.line, "csat::type", "a rating has whole numbers without gaps as choices")
    ranks = {int(line.cells["name"]): line for line in lines}
    scale = id_of(name, "-") or f"scale_{question.line.row}"
    _rate(question, scale, min(ranks), max(ranks))
    labels = [
        {"rank": rank, "label": label}
        for rank in sorted(ranks)
        if (label := _without_rank(ranks[rank].label, rank))
    ]
    if labels:
        question.scale["labels"] = labels


def as_range(question: Question, ledger: Ledger) -> None:
    line = question.line
    text = line.cells.get("parameters", "")
    given = {key.lower(): value for key, value in _PARAMETER.findall(text)}
    if _PARAMETER.sub("", text).strip(" ,;") or set(given) - {"start", "end", "step"}:
        ledger.note(line, "parameters", text, "only start, end and step are read")
    try:
        start = six_places(Decimal(given.get("start", "1")))
        end = six_places(Decimal(given.get("end", "10")))
        step = six_places(Decimal(given.get("step", "1")))
    except (ArithmeticError, ExpressionError):
        ledger.refuse(line, "parameters", "start, end and step are numbers")
    if start >= end or step <= 0:
        ledger.refuse(line, "parameters", "start is below end, and step above 0")
    places = max(_places(start), _places(step))
    if step == 1 and places == 0 and _places(end) == 0:
        _rate(question, question.item["id"], int(start), int(end))
        return
    as_number(question, Bounds(start, end))
    question.metrics[0]["decimal_places"] = places
    if step != Decimal(1).scaleb(-places):
        ledger.note(line, "parameters", text, f"that only every {step} is offered")


def _rate(question: Question, scale: str, low: int, high: int) -> None:
    # Forms do not say which end of a scale is the good one.
    question.scale = {
        "id": scale,
        "min": low,
        "max": high,
        "integer": True,
        "direction": "HIGHER_IS_BETTER",
        "source": {"assumed": ["direction"]},
    }
    as_number(question, Bounds())
    question.metrics[0]["scale"] = scale


def _places(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def as_choice(question: Question, lines: list[Line]) -> None:
    words = [line.cells["name"] for line in lines]
    question.metrics = [{"id": question.item["id"], "text": {"values": words}}]
    options = [_option(line.cells["name"], line) for line in lines]
    if any("label" in option for option in options):
        question.item["options"] = options
    question.asked = Asked(question.name, question.item["id"], False, True, {})


def as_several(question: Question, lines: list[Line], bounds: Bounds, ledger: Ledger) -> None:
    item = question.item
    item["several"] = {}
    if bounds.least_options is not None:
        item["several"]["at_least"] = bounds.least_options
    if bounds.most_options is not None:
        item["several"]["at_most"] = bounds.most_options
    item["options"] = []
    metrics: dict[str, str] = {}
    for line in lines:
        word = line.cells["name"]
        identity = word if _OPTION.fullmatch(word) else id_of(word, "-") or f"option_{line.row}"
        if identity != word:
            ledger.note(line, "name", word, f"an option that is read as '{identity}'")
        usual = f"{item['id']}_{identity}"
        metric = line.cells.get("csat_metric", usual.replace("-", "_"))
        if len(metric) > MOST_ID:
            ledger.refuse(line, "name", f"its metric '{metric}' would have more than {MOST_ID} characters")
        if metric in metrics.values() or any(identity == one["id"] for one in item["options"]):
            ledger.refuse(line, "name", f"another choice is read as '{identity}' too")
        option = _option(identity, line)
        if metric != usual:
            option["metric"] = metric
        item["options"].append(option)
        metrics[word] = metric
        question.metrics.append({"id": metric, "number": {}, "min": 0, "max": 1, "decimal_places": 0})
    question.asked = Asked(question.name, "", False, False, metrics)


def bounds_of(line: Line, kind: str, several: bool, ledger: Ledger) -> Bounds:
    """What the constraint of a row asks for, as far as its kind can say it."""
    text = line.cells.get("constraint")
    if text is None:
        return Bounds()
    try:
        bounds = read_constraint(text, kind in WHOLE_NUMBERS)
        if kind != "text" and bounds.most_characters is not None:
            raise ExpressionError("only the length of a text has a counterpart")
        if kind not in NUMBERS and (bounds.least is not None or bounds.most is not None):
            raise ExpressionError("only an integer or a decimal has a range")
        if bounds.least is not None and bounds.most is not None and bounds.least > bounds.most:
            raise ExpressionError("no number lies in the range")
        if not several and (bounds.least_options is not None or bounds.most_options is not None):
            raise ExpressionError("only the choices of select_multiple are counted")
    except ExpressionError as error:
        ledger.note(line, "constraint", text, f"{error}; any answer will do")
        return Bounds()
    return bounds


def id_of(name: str, also: str = "") -> str:
    """A name as an id; "" where nothing of it can stand in one."""
    found = re.sub(rf"[^a-z0-9_{also}]+", "_", name.lower())
    return found if re.search("[a-z0-9]", found) else ""


def runs(lines: list[Line]) -> bool:
    """Whether the names of choices are whole numbers without a gap."""
    names = [line.cells["name"] for line in lines]
    if len(names) < 2 or not all(_WHOLE.fullmatch(name) for name in names):
        return False
    ranks = [int(name) for name in names]
    return max(ranks) - min(ranks) + 1 == len(ranks)


def _without_rank(label: Mapping[str, str], rank: int) -> dict[str, str]:
    """A label, unless all it says is the rank."""
    return {} if set(label.values()) == {str(rank)} else dict(label)


def _option(identity: str, line: Line) -> dict[str, Any]:
    return {"id": identity, "label": dict(line.label)} if line.label else {"id": identity}
