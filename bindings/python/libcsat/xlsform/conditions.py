"""Conditions of forms as conditions of policies, and back.

XPath knows true and false only: a question without an answer is the empty text, which differs from every
word and is neither above nor below any number. A condition of a policy is unknown there, and what is unknown
is not shown. Both directions keep to what is shown: `${q} != 'a'` also holds where q has no answer, so it
becomes "q is not answered, or is not a"; and "q is not a" is written `${q} != '' and ${q} != 'a'`, which is
read as that again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from libcsat.xlsform.expression import (
    And,
    Call,
    Compare,
    ExpressionError,
    Number,
    Or,
    Own,
    Ref,
    Sum,
    Text,
    Tree,
    parse,
)

Predicate = dict[str, Any]

_WORDS = {"=": "EQ", "!=": "NE", "<": "LT", "<=": "LE", ">": "GT", ">=": "GE"}
_SIGNS = {word: sign for sign, word in _WORDS.items()}
_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class Asked:
    """What a condition has to know of a question.

    Attributes:
        name: As `${name}` says it.
        metric: Of the answer; "" where the options have one each.
        numeric: The answer is a number.
        words: It is one of a list of words.
        options: Metric of each option that may be chosen, by name; empty: one answer only.
    """

    name: str
    metric: str
    numeric: bool
    words: bool
    options: Mapping[str, str]

    @property
    def first_metric(self) -> str:
        """Absent where there is no answer."""
        return self.metric or next(iter(self.options.values()))


def read_condition(text: str, asked: Mapping[str, Asked]) -> Predicate:
    """The condition that holds where the expression is true.

    Raises:
        ExpressionError: it has no counterpart.
    """
    return _Reader(asked).condition(parse(text), True)


@dataclass(frozen=True)
class Bounds:
    """What a constraint asks for. None: nothing."""

    least: Decimal | None = None
    most: Decimal | None = None
    most_characters: int | None = None
    least_options: int | None = None
    most_options: int | None = None


def read_constraint(text: str, whole: bool) -> Bounds:
    """The range that `. >= 0 and . <= 10` gives; likewise of `string-length(.)` and `count-selected(.)`.

    Args:
        text: The expression.
        whole: Answers are whole numbers, so that "above 0" is "from 1".

    Raises:
        ExpressionError: it is no range.
    """
    low: dict[str, Decimal] = {}
    high: dict[str, Decimal] = {}
    for part in _parts_of_range(parse(text)):
        subject, op, value = _bound(part)
        if op in ("<", ">"):
            if (subject == "." and not whole) or value != value.to_integral_value():
                raise ExpressionError(f"'{op}' leaves the bound out, which has no counterpart; write '{op}='")
            value += 1 if op == ">" else -1
        if op in (">", ">="):
            low[subject] = max(low.get(subject, value), value)
        else:
            high[subject] = min(high.get(subject, value), value)
    if "string-length" in low:
        raise ExpressionError("the least length of a text has no counterpart")
    counts = [*high.items(), *low.items()]
    if any(subject != "." and (n < 0 or n != n.to_integral_value()) for subject, n in counts):
        raise ExpressionError("a count is a whole number from 0 on")
    return Bounds(
        low.get("."),
        high.get("."),
        _whole(high.get("string-length")),
        _whole(low.get("count-selected")),
        _whole(high.get("count-selected")),
    )


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


def _parts_of_range(tree: Tree) -> list[Tree]:
    return [leaf for part in tree.of for leaf in _parts_of_range(part)] if isinstance(tree, And) else [tree]


def _bound(tree: Tree) -> tuple[str, str, Decimal]:
    if isinstance(tree, Compare):
        left, op, right = tree.left, tree.op, tree.right
        if isinstance(left, Number):
            left, op, right = right, _TURNED[op], left
        if isinstance(right, Number) and op not in ("=", "!="):
            if isinstance(left, Own):
                return ".", op, six_places(right.value)
            if (
                isinstance(left, Call)
                and left.name in ("string-length", "count-selected")
                and left.of == (Own(),)
            ):
                return left.name, op, right.value
    raise ExpressionError("it is no range such as '. >= 0 and . <= 10'")


def six_places(value: Decimal) -> Decimal:
    if value.copy_abs() >= 10**12 or value != value.quantize(_PLACES):
        raise ExpressionError(f"{value} is beyond 12 digits or 6 decimal places")
    return value


class _Reader:
    def __init__(self, asked: Mapping[str, Asked]) -> None:
        self._asked = asked

    def condition(self, tree: Tree, wanted: bool) -> Predicate:
        """A condition that is true exactly where `tree` is `wanted`."""
        if isinstance(tree, (And, Or)):
            together = isinstance(tree, And) == wanted
            if not together:
                return {"any": {"of": [self.condition(part, wanted) for part in tree.of]}}
            parts = self._all_of(tree.of, wanted)
            return parts[0] if len(parts) == 1 else {"all": {"of": parts}}
        if isinstance(tree, Call):
            return self._call(tree, wanted)
        if isinstance(tree, Compare):
            return self._comparison(tree, wanted)
        raise ExpressionError(f"{_shown(tree)} alone is no condition; compare it")

    def _all_of(self, parts: tuple[Tree, ...], wanted: bool) -> list[Predicate]:
        conditions: list[Predicate] = []
        given: Asked | None = None  # The question of which the part before says that it is answered.
        for part in parts:
            condition = self.condition(part, wanted)
            beside = _beside_unanswered(condition, given)
            if beside is not None:
                conditions[-1], given = beside, None
                continue
            given = self._answered_by(part, wanted)
            conditions.append(condition)
        return conditions

    def _answered_by(self, tree: Tree, wanted: bool) -> Asked | None:
        """The question that has an answer where `tree` is `wanted`, if it says no more than that."""
        if (
            isinstance(tree, Compare)
            and isinstance(tree.left, Ref)
            and tree.right == Text("")
            and tree.op == ("!=" if wanted else "=")
        ):
            return self._question(tree.left.name)
        return None

    def _question(self, name: str) -> Asked:
        if name not in self._asked:
            raise ExpressionError(f"'${{{name}}}' is no question that is read")
        return self._asked[name]

    def _call(self, tree: Call, wanted: bool) -> Predicate:
        if tree.name == "not" and len(tree.of) == 1:
            return self.condition(tree.of[0], not wanted)
        if tree.name == "selected" and len(tree.of) == 2:
            question, word = tree.of
            if isinstance(question, Ref) and isinstance(word, (Text, Number)):
                return self._selected(self._question(question.name), _literal(word), wanted)
        raise ExpressionError(f"{_shown(tree)} has no counterpart")

    def _selected(self, question: Asked, word: str, wanted: bool) -> Predicate:
        if question.options:
            if word not in question.options:
                raise ExpressionError(f"'{word}' is no choice of '${{{question.name}}}'")
            chosen = {"metric": question.options[word], "op": "EQ", "value": 1 if wanted else 0}
            return _compare(question, chosen, also_unanswered=not wanted)
        if not question.numeric and not question.words:
            raise ExpressionError(f"'${{{question.name}}}' has no choices to select")
        return self._compared(question, "=" if wanted else "!=", word)

    def _comparison(self, tree: Compare, wanted: bool) -> Predicate:
        left, op, right = tree.left, tree.op, tree.right
        if isinstance(left, (Number, Text)):
            left, op, right = right, _TURNED[op], left
        if not isinstance(right, (Number, Text)):
            raise ExpressionError(f"{_shown(right)} is neither a number nor a text to compare with")
        if isinstance(left, Ref):
            question = self._question(left.name)
            if right == Text(""):
                if op not in ("=", "!="):
                    raise ExpressionError(f"'{op}' does not compare with an empty text")
                return self._answered(question, (op == "!=") == wanted)
            if question.options:
                if op not in ("=", "!="):
                    raise ExpressionError(f"'{op}' does not compare with chosen options")
                return self._only(question, _literal(right), (op == "=") == wanted)
            return self._compared(question, op if wanted else _OPPOSITE[op], _literal(right), not wanted)
        if isinstance(left, Call) and left.name == "count-selected" and len(left.of) == 1:
            of = left.of[0]
            if isinstance(of, Ref) and self._question(of.name).options:
                options = self._question(of.name)
                return self._count(
                    [
                        lambda want, word=word: self._selected(options, word, want)  # type: ignore[misc]
                        for word in options.options
                    ],
                    op,
                    right,
                    wanted,
                )
        terms = left.of if isinstance(left, Sum) else (left,)
        if all(isinstance(t, Call) and t.name == "if" and t.of[1:] == (Number(Decimal(1)), Number(Decimal(0)))
               for t in terms):  # fmt: skip
            parts = [t.of[0] for t in terms if isinstance(t, Call)]
            return self._count(
                [lambda want, part=part: self.condition(part, want) for part in parts],  # type: ignore[misc]
                op,
                right,
                wanted,
            )
        raise ExpressionError(f"{_shown(left)} has no counterpart")

    def _compared(self, question: Asked, op: str, word: str, negated: bool = False) -> Predicate:
        if question.numeric:
            try:
                value = Decimal(word)
            except ArithmeticError:
                raise ExpressionError(f"'{word}' is no number, but '${{{question.name}}}' is one") from None
            if not value.is_finite():
                raise ExpressionError(f"'{word}' is no number, but '${{{question.name}}}' is one")
            operand: dict[str, Any] = {"value": plain(six_places(value))}
        elif op in ("=", "!="):
            operand = {"text": word}
        else:
            raise ExpressionError(f"'{op}' does not compare words, which '${{{question.name}}}' gives")
        # An empty text equals nothing, is neither above nor below anything, and differs from everything.
        holds = (op == "!=") if not negated else (op != "=")
        return _compare(
            question, {"metric": question.metric, "op": _WORDS[op], **operand}, also_unanswered=holds
        )

    def _answered(self, question: Asked, wanted: bool) -> Predicate:
        if not question.options:
            answered = {"answered": question.metric}
            return answered if wanted else {"not": answered}
        parts = [
            {"compare": {"metric": metric, "op": "EQ", "value": int(wanted)}}
            for metric in question.options.values()
        ]
        if wanted:
            return parts[0] if len(parts) == 1 else {"any": {"of": parts}}
        rest = parts[0] if len(parts) == 1 else {"all": {"of": parts}}
        return {"any": {"of": [{"not": {"answered": question.first_metric}}, rest]}}

    def _only(self, question: Asked, word: str, wanted: bool) -> Predicate:
        """`${q} = 'a'` of options that may be chosen: a and nothing else."""
        if word not in question.options:
            raise ExpressionError(f"'{word}' is no choice of '${{{question.name}}}'")
        parts: list[Predicate] = [
            {"compare": {"metric": metric, "op": "EQ", "value": int((name == word) == wanted)}}
            for name, metric in question.options.items()
        ]
        if wanted:
            return parts[0] if len(parts) == 1 else {"all": {"of": parts}}
        return {"any": {"of": [{"not": {"answered": question.first_metric}}, *parts]}}

    def _count(
        self, parts: list[Callable[[bool], Predicate]], op: str, operand: Number | Text, wanted: bool
    ) -> Predicate:
        if not isinstance(operand, Number) or operand.value != operand.value.to_integral_value():
            raise ExpressionError("a count compares with a whole number")
        count, most = int(operand.value), len(parts)

        def at_least(least: int, want: bool) -> Predicate | bool:
            if least <= 0 or least > most:
                return (least <= 0) == want
            needed = least if want else most - least + 1
            return {"at_least": {"count": needed, "of": [part(want) for part in parts]}}

        if op in ("<", ">=", "<=", ">"):
            found = at_least(count + (op in ("<=", ">")), wanted == (op in (">=", ">")))
        else:
            exact = wanted == (op == "=")
            ends = [at_least(count, exact), at_least(count + 1, not exact)]
            deciding = [end for end in ends if not isinstance(end, bool)]
            settled = any(end is (not exact) for end in ends)
            if settled or not deciding:
                found = not exact if settled else exact
            elif len(deciding) == 1:
                found = deciding[0]
            else:
                found = {"all" if exact else "any": {"of": deciding}}
        if isinstance(found, bool):
            raise ExpressionError(f"a count of {most} is {'always' if found else 'never'} {op} {count}")
        return found


def _compare(question: Asked, compare: dict[str, Any], also_unanswered: bool) -> Predicate:
    condition: Predicate = {"compare": compare}
    if not also_unanswered:
        return condition
    return {"any": {"of": [{"not": {"answered": question.first_metric}}, condition]}}


def _beside_unanswered(condition: Predicate, question: Asked | None) -> Predicate | None:
    """The comparison of "the question is not answered, or its answer is ..."."""
    parts = condition.get("any", {}).get("of", [])
    if question is None or len(parts) != 2 or parts[0] != {"not": {"answered": question.first_metric}}:
        return None
    metric = parts[1].get("compare", {}).get("metric")
    found: Predicate = parts[1]
    return found if metric in (question.metric, *question.options.values()) else None


def _literal(tree: Number | Text) -> str:
    return tree.value if isinstance(tree, Text) else written(tree.value)


def _shown(tree: Tree) -> str:
    if isinstance(tree, Ref):
        return f"'${{{tree.name}}}'"
    if isinstance(tree, (Number, Text)):
        return f"'{tree.value}'"
    if isinstance(tree, Own):
        return "'.'"
    return (
        f"'{tree.name}()'" if isinstance(tree, Call) else "a sum" if isinstance(tree, Sum) else "a condition"
    )


def plain(value: Decimal) -> int | Decimal:
    """A number as JSON writes it."""
    return int(value) if value == value.to_integral_value() else value.normalize()


def written(value: Any) -> str:
    """A number as digits, without an exponent."""
    number = plain(Decimal(str(value)))
    return str(number) if isinstance(number, int) else format(number, "f")


@dataclass(frozen=True)
class Place:
    """Where a form asks for a metric: a question, or an option of one."""

    name: str
    numeric: bool
    option: str | None = None


def write_condition(condition: Predicate, places: Mapping[str, Place]) -> str:
    """The expression that is true exactly where the condition holds.

    Raises:
        ExpressionError: XPath cannot say it.
    """
    return _Writer(places).text(condition, True)[0]


# How tightly an expression holds together: parts of `or`, of `and`, anything else.
_EITHER, _BOTH, _ALONE = 1, 2, 3


class _Writer:
    def __init__(self, places: Mapping[str, Place]) -> None:
        self._places = places

    def text(self, condition: Predicate, wanted: bool) -> tuple[str, int]:
        """An expression that is true where the condition is true or, not `wanted`, where it is false."""
        ((form, of),) = condition.items()
        if form == "not":
            return self.text(of, not wanted)
        if form in ("all", "any"):
            parts = [self.text(part, wanted) for part in of["of"]]
            if len(parts) == 1:
                return parts[0]
            level = _BOTH if (form == "all") == wanted else _EITHER
            word = " and " if level == _BOTH else " or "
            return word.join(_held(part, level) for part in parts), level
        if form == "at_least":
            parts = [self.text(part, wanted) for part in of["of"]]
            count = of["count"] if wanted else len(parts) - of["count"] + 1
            return " + ".join(f"if({text}, 1, 0)" for text, _ in parts) + f" >= {count}", _ALONE
        if form == "answered":
            return f"${{{self._place(of).name}}} {'!=' if wanted else '='} ''", _ALONE
        return self._compare(of, wanted)

    def _place(self, metric: str) -> Place:
        if metric not in self._places:
            raise ExpressionError(f"the form does not ask for metric '{metric}'")
        return self._places[metric]

    def _compare(self, compare: dict[str, Any], wanted: bool) -> tuple[str, int]:
        place = self._place(compare["metric"])
        op = _SIGNS[compare["op"]]
        if not wanted:
            op = _OPPOSITE[op]
        answered = f"${{{place.name}}} != ''"
        if place.option is not None:
            chosen = f"selected(${{{place.name}}}, {_quoted(place.option)})"
            value = Decimal(str(compare["value"]))
            holds = [_holds(Decimal(state), op, value) for state in (0, 1)]
            if holds == [True, False]:
                return f"{answered} and not({chosen})", _BOTH
            return (chosen if holds[1] else "false()", _ALONE) if not all(holds) else (answered, _ALONE)
        operand = written(compare["value"]) if place.numeric else _quoted(compare.get("text", ""))
        text = f"${{{place.name}}} {op} {operand}"
        return (f"{answered} and {text}", _BOTH) if op == "!=" else (text, _ALONE)


def _held(part: tuple[str, int], level: int) -> str:
    return f"({part[0]})" if part[1] <= max(level, _BOTH) else part[0]


def _quoted(text: str) -> str:
    if "'" not in text and "‘" not in text and "’" not in text:
        return f"'{text}'"
    if '"' in text or "“" in text or "”" in text or "‘" in text or "’" in text:
        raise ExpressionError(f"the word {text!r} has quotes that XPath cannot hold")
    return f'"{text}"'


def _holds(left: Decimal, op: str, right: Decimal) -> bool:
    return {
        "=": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[op]
