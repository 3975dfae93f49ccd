"""Conditions of forms: the part of XPath that is read, what it becomes, and that both mean the same."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from libcsat.xlsform.conditions import (
    Asked,
    Bounds,
    Place,
    read_condition,
    read_constraint,
    write_condition,
)
from libcsat.xlsform.expression import (
    MOST_DIGITS,
    MOST_NESTING,
    And,
    Call,
    Compare,
    ExpressionError,
    Number,
    Or,
    Ref,
    Sum,
    Text,
    parse,
)

# A number, a choice, a text, and options of which several may be chosen.
ASKED = {
    "n": Asked("n", "n", True, False, {}),
    "c": Asked("c", "c", False, True, {}),
    "t": Asked("t", "t", False, False, {}),
    "m": Asked("m", "", False, False, {"a": "m_a", "b": "m_b"}),
}
PLACES = {
    "n": Place("n", True),
    "c": Place("c", False),
    "t": Place("t", False),
    "m_a": Place("m", True, "a"),
    "m_b": Place("m", True, "b"),
}


def is_(metric: str, op: str, value: object) -> dict[str, Any]:
    operand = {"text": value} if isinstance(value, str) else {"value": value}
    return {"compare": {"metric": metric, "op": op, **operand}}


def answered(metric: str) -> dict[str, Any]:
    return {"answered": metric}


def no(of: dict[str, Any]) -> dict[str, Any]:
    return {"not": of}


def every(*of: dict[str, Any]) -> dict[str, Any]:
    return {"all": {"of": list(of)}}


def some(*of: dict[str, Any]) -> dict[str, Any]:
    return {"any": {"of": list(of)}}


def least(count: int, *of: dict[str, Any]) -> dict[str, Any]:
    return {"at_least": {"count": count, "of": list(of)}}


# The expression, the condition, and whether that is written as this expression again.
READ = [
    ("number", "${n} = 3", is_("n", "EQ", 3), True),
    ("number as text", "${n} = '3'", is_("n", "EQ", 3), False),
    ("less", "${n} < 3", is_("n", "LT", 3), True),
    ("less or equal", "${n}<=3.5", is_("n", "LE", Decimal("3.5")), False),
    ("more", "${n} > -2", is_("n", "GT", -2), True),
    ("more or equal", "${n} >= .25", is_("n", "GE", Decimal("0.25")), False),
    ("turned round", "3 < ${n}", is_("n", "GT", 3), False),
    ("spaces and line ends", " \n ${ n }\t>=\n3 ", is_("n", "GE", 3), False),
    ("not equal, or no answer", "${n} != 3", some(no(answered("n")), is_("n", "NE", 3)), False),
    ("not equal, answered", "${n} != '' and ${n} != 3", is_("n", "NE", 3), True),
    ("word", "${c} = 'a'", is_("c", "EQ", "a"), True),
    ("word in double quotes", '${c} = "a"', is_("c", "EQ", "a"), False),
    ("word in curly quotes", "${c} = ‘a’", is_("c", "EQ", "a"), False),
    ("word of digits", "${c} = 7", is_("c", "EQ", "7"), False),
    ("word with an apostrophe", '${c} = "it\'s"', is_("c", "EQ", "it's"), True),
    ("other word", "${c} != '' and ${c} != 'a'", is_("c", "NE", "a"), True),
    ("answered", "${t} != ''", answered("t"), True),
    ("not answered", "${t} = ''", no(answered("t")), True),
    ("not not answered", "not(${t} = '')", answered("t"), False),
    ("answered, and other", "${t} != '' and ${n} != 3",
     every(answered("t"), some(no(answered("n")), is_("n", "NE", 3))), False),
    ("answered, and one of two", "${n} != '' and (${n} = '' or ${t} = 'x')",
     every(answered("n"), some(no(answered("n")), is_("t", "EQ", "x"))), False),
    ("selected of one", "selected(${c}, 'a')", is_("c", "EQ", "a"), False),
    ("selected rank", "selected(${n}, '5')", is_("n", "EQ", 5), False),
    ("selected of several", "selected(${m}, 'a')", is_("m_a", "EQ", 1), True),
    ("not selected", "not(selected(${m}, 'b'))", some(no(answered("m_a")), is_("m_b", "EQ", 0)), False),
    ("answered and not selected", "${m} != '' and not(selected(${m}, 'b'))", is_("m_b", "EQ", 0), True),
    ("any selected", "${m} != ''", some(is_("m_a", "EQ", 1), is_("m_b", "EQ", 1)), False),
    ("only this", "${m} = 'a'", every(is_("m_a", "EQ", 1), is_("m_b", "EQ", 0)), False),
    ("count", "count-selected(${m}) >= 2", least(2, is_("m_a", "EQ", 1), is_("m_b", "EQ", 1)), False),
    ("count above", "count-selected(${m}) > 1", least(2, is_("m_a", "EQ", 1), is_("m_b", "EQ", 1)), False),
    ("count from the other side", "2 <= count-selected(${m})",
     least(2, is_("m_a", "EQ", 1), is_("m_b", "EQ", 1)), False),
    ("sum", "if(${n} >= 3, 1, 0) + if(${c} = 'a', 1, 0) + if(${t} != '', 1, 0) >= 2",
     least(2, is_("n", "GE", 3), is_("c", "EQ", "a"), answered("t")), True),
    ("and", "${n} = 3 and ${c} = 'a'", every(is_("n", "EQ", 3), is_("c", "EQ", "a")), True),
    ("or", "${n} = 3 or ${c} = 'a'", some(is_("n", "EQ", 3), is_("c", "EQ", "a")), True),
    ("and binds tighter", "${n} = 3 or ${n} = 4 and ${c} = 'a'",
     some(is_("n", "EQ", 3), every(is_("n", "EQ", 4), is_("c", "EQ", "a"))), False),
    ("parentheses", "(${n} = 3 or ${n} = 4) and ${c} = 'a'",
     every(some(is_("n", "EQ", 3), is_("n", "EQ", 4)), is_("c", "EQ", "a")), True),
    ("and within and", "(${n} = 3 and ${n} = 4) and ${c} = 'a'",
     every(every(is_("n", "EQ", 3), is_("n", "EQ", 4)), is_("c", "EQ", "a")), True),
    ("not of or", "not(${n} = 3 or ${c} = 'a')",
     every(some(no(answered("n")), is_("n", "NE", 3)), some(no(answered("c")), is_("c", "NE", "a"))), False),
    ("not of less", "not(${n} < 3)", some(no(answered("n")), is_("n", "GE", 3)), False),
    ("words that hold 'and' and 'or'", "${c} = 'a and b or c'", is_("c", "EQ", "a and b or c"), True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "want", "again"), [r[1:] for r in READ], ids=[r[0] for r in READ])
def test_conditions_are_read_and_written(text: str, want: dict[str, Any], again: bool) -> None:
    assert read_condition(text, ASKED) == want
    if again:
        assert write_condition(want, PLACES) == text


REFUSED = [
    ("nothing", "", "it breaks off"),
    ("breaks off", "${n} =", "it breaks off"),
    ("parenthesis open", "(${n} = 3", "')' is missing"),
    ("parenthesis over", "${n} = 3)", "')' is not expected here"),
    ("two questions", "${n} = ${c}", "'${c}' is neither a number nor a text to compare with"),
    ("unknown question", "${x} = 3", "'${x}' is no question that is read"),
    ("no question", "${} = 3", "'${}' names no question"),
    ("question alone", "${n}", "'${n}' alone is no condition; compare it"),
    ("number alone", "1", "'1' alone is no condition; compare it"),
    ("arithmetic", "${n} * 2 > 3", "'*' has no counterpart"),
    ("remainder", "${n} mod 2 = 0", "'mod' has no counterpart"),
    ("difference", "${n} - 1 = 0", "'-' has no counterpart"),
    ("sum of answers", "${n} + ${n} > 3", "a sum has no counterpart"),
    ("path", "../n = 3", "the path '..' has no counterpart; only ${question} is read"),
    ("absolute path", "/data/n = 3", "the path '/' has no counterpart; only ${question} is read"),
    ("word alone", "abc", "the path 'abc' has no counterpart; only ${question} is read"),
    ("own answer", ". = 3", "'.' has no counterpart"),
    ("function", "string-length(${t}) > 3", "'string-length()' has no counterpart"),
    ("prefixed function", "jr:choice-name(${c}, 'c') = 'a'", "'jr:choice-name()' has no counterpart"),
    ("always", "true()", "'true()' has no counterpart"),
    ("comparison of comparisons", "${n} = 3 = 4", "a comparison of comparisons has no counterpart"),
    ("word for a number", "${n} = 'many'", "'many' is no number, but '${n}' is one"),
    ("infinite", "${n} < 'Infinity'", "'Infinity' is no number, but '${n}' is one"),
    ("too fine", "${n} = 0.0000001", "1E-7 is beyond 12 digits or 6 decimal places"),
    ("too large", "${n} = '1e999999999'", "1E+999999999 is beyond 12 digits or 6 decimal places"),
    ("digits", "${n} = " + "9" * (MOST_DIGITS + 1), "a number of more than 24 digits"),
    ("order of words", "${c} > 'a'", "'>' does not compare words, which '${c}' gives"),
    ("order of nothing", "${n} > ''", "'>' does not compare with an empty text"),
    ("order of options", "${m} > 'a'", "'>' does not compare with chosen options"),
    ("unknown option", "selected(${m}, 'z')", "'z' is no choice of '${m}'"),
    ("only an unknown option", "${m} = 'a b'", "'a b' is no choice of '${m}'"),
    ("selected of a text", "selected(${t}, 'a')", "'${t}' has no choices to select"),
    ("selected by an answer", "selected(${m}, ${c})", "'selected()' has no counterpart"),
    ("count of one", "count-selected(${c}) > 1", "'count-selected()' has no counterpart"),
    ("count of a part", "count-selected(${m}) > 0.5", "a count compares with a whole number"),
    ("count below none", "count-selected(${m}) >= 0", "a count of 2 is always >= 0"),
    ("count above all", "count-selected(${m}) >= 3", "a count of 2 is never >= 3"),
    ("stray sign", "${n} = 3 #", "'#' is no part of an expression"),
    ("quote open", "${c} = 'a", "\"'a\" is no part of an expression"),
    ("too deep", "(" * (MOST_NESTING + 1) + "${n} = 3" + ")" * (MOST_NESTING + 1),
     "nested more than 32 deep"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "want"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_has_no_counterpart_is_refused(text: str, want: str) -> None:
    with pytest.raises(ExpressionError) as error:
        read_condition(text, ASKED)
    assert want in str(error.value)


def test_nesting_up_to_the_limit() -> None:
    deep = MOST_NESTING - 1
    assert read_condition("(" * deep + "${n} = 3" + ")" * deep, ASKED) == is_("n", "EQ", 3)


def test_a_word_with_both_quotes_cannot_be_written() -> None:
    with pytest.raises(ExpressionError, match="quotes that XPath cannot hold"):
        write_condition(is_("c", "EQ", 'it\'s "so"'), PLACES)


RANGES = [
    ("both", ". >= 0 and . <= 10", False, Bounds(Decimal(0), Decimal(10))),
    ("without spaces", ".>=0 and .<=10", False, Bounds(Decimal(0), Decimal(10))),
    ("parentheses", "(. >= 0) and (. <= 10)", False, Bounds(Decimal(0), Decimal(10))),
    ("turned round", "0 <= . and 10 >= .", False, Bounds(Decimal(0), Decimal(10))),
    ("from", ". >= -1.5", False, Bounds(least=Decimal("-1.5"))),
    ("whole above", ". > 0 and . < 10", True, Bounds(Decimal(1), Decimal(9))),
    ("narrowest", ". >= 0 and . >= 2 and . <= 9 and . <= 5", False, Bounds(Decimal(2), Decimal(5))),
    ("length", "string-length(.) <= 500", False, Bounds(most_characters=500)),
    ("length below", "string-length(.) < 500", False, Bounds(most_characters=499)),
    ("options", "count-selected(.) >= 1 and count-selected(.) <= 3", False,
     Bounds(least_options=1, most_options=3)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "whole", "want"), [r[1:] for r in RANGES], ids=[r[0] for r in RANGES])
def test_constraints_are_ranges(text: str, whole: bool, want: Bounds) -> None:
    assert read_constraint(text, whole) == want


NO_RANGES = [
    ("open end", ". > 0", False, "'>' leaves the bound out"),
    ("whole above a part", ". > 0.5", True, "'>' leaves the bound out"),
    ("one number", ". = 5", True, "it is no range"),
    ("all but one", ". != 5", True, "it is no range"),
    ("either", ". < 3 or . > 5", True, "it is no range"),
    ("another answer", ". <= ${n}", True, "it is no range"),
    ("pattern", "regex(., '[0-9]+')", False, "it is no range"),
    ("least length", "string-length(.) >= 3", False, "the least length of a text has no counterpart"),
    ("part of an option", "count-selected(.) <= 1.5", False, "a count is a whole number from 0 on"),
    ("fewer than none", "count-selected(.) < 0", False, "a count is a whole number from 0 on"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "whole", "want"), [r[1:] for r in NO_RANGES], ids=[r[0] for r in NO_RANGES])
def test_other_constraints_are_no_ranges(text: str, whole: bool, want: str) -> None:
    with pytest.raises(ExpressionError) as error:
        read_constraint(text, whole)
    assert want in str(error.value)


# Both languages by their own rules: XPath over texts, true or false; conditions over figures, true, false or
# unknown.

Answers = Mapping[str, Any]


def xpath(tree: Any, answers: Answers) -> Any:
    if isinstance(tree, Ref):
        given = answers[tree.name]
        return (
            " ".join(sorted(given)) if isinstance(given, frozenset) else "" if given is None else str(given)
        )
    if isinstance(tree, (Number, Text)):
        return tree.value
    if isinstance(tree, (And, Or)):
        parts = [xpath(part, answers) for part in tree.of]
        return all(parts) if isinstance(tree, And) else any(parts)
    if isinstance(tree, Sum):
        return sum(xpath(part, answers) for part in tree.of)
    if isinstance(tree, Call):
        of = tree.of
        if tree.name == "not":
            return not xpath(of[0], answers)
        if tree.name == "if":
            return xpath(of[1] if xpath(of[0], answers) else of[2], answers)
        chosen = xpath(of[0], answers).split()
        return len(chosen) if tree.name == "count-selected" else xpath(of[1], answers) in chosen
    assert isinstance(tree, Compare)
    left, right = xpath(tree.left, answers), xpath(tree.right, answers)
    if tree.op in ("=", "!=") and isinstance(left, str) and isinstance(right, str):
        return (left == right) == (tree.op == "=")
    try:
        a, b = Decimal(left), Decimal(right)
    except ArithmeticError:
        return tree.op == "!="
    return {"=": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[tree.op]


def judge(condition: dict[str, Any], figures: Answers) -> bool | None:
    ((form, of),) = condition.items()
    if form == "answered":
        return figures[of] is not None
    if form == "not":
        inner = judge(of, figures)
        return None if inner is None else not inner
    if form == "compare":
        left, right = figures[of["metric"]], of.get("value", of.get("text"))
        if left is None:
            return None
        if isinstance(left, str):
            return (left == right) == (of["op"] == "EQ")
        return {
            "EQ": left == right,
            "NE": left != right,
            "LT": left < right,
            "LE": left <= right,
            "GT": left > right,
            "GE": left >= right,
        }[of["op"]]
    parts = [judge(part, figures) for part in of["of"]]
    true, unknown = parts.count(True), parts.count(None)
    count = {"all": len(parts), "any": 1}.get(form) or of["count"]
    return True if true >= count else None if true + unknown >= count else False


WORLDS = [
    ({"n": n, "c": c, "t": t, "m": m},
     {"n": n, "c": c, "t": t, "m_a": None if not m else int("a" in m),
      "m_b": None if not m else int("b" in m)})
    for n, c, t, m in itertools.product(
        (None, 2, 3, 4), (None, "a", "b"), (None, "x"),
        (None, frozenset("a"), frozenset("b"), frozenset("ab")),
    )
]  # fmt: skip


@pytest.mark.parametrize("text", [r[1] for r in READ], ids=[r[0] for r in READ])
def test_what_is_read_shows_the_same(text: str) -> None:
    tree, condition = parse(text), read_condition(text, ASKED)
    for answers, figures in WORLDS:
        assert xpath(tree, answers) == (judge(condition, figures) is True), (answers, condition)


def any_condition(draw: random.Random, depth: int) -> dict[str, Any]:
    form = draw.choice(["compare", "answered", "not", "all", "any", "at_least"] if depth else ["compare"])
    if form == "compare":
        metric = draw.choice(list(PLACES))
        if metric in ("c", "t"):
            return is_(metric, draw.choice(["EQ", "NE"]), draw.choice(["a", "b", "x"]))
        ops = ["EQ", "NE", "LT", "LE", "GT", "GE"]
        return is_(metric, draw.choice(ops), draw.randint(0, 1) if "_" in metric else draw.randint(2, 4))
    if form == "answered":
        return answered(draw.choice(list(PLACES)))
    if form == "not":
        return no(any_condition(draw, depth - 1))
    parts = [any_condition(draw, depth - 1) for _ in range(draw.randint(1, 3))]
    if form == "at_least":
        return least(draw.randint(1, len(parts)), *parts)
    return {form: {"of": parts}}


@pytest.mark.parametrize("seed", range(8))
def test_what_is_written_shows_the_same(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(60):
        condition = any_condition(draw, 3)
        text = write_condition(condition, PLACES)
        if "false()" in text:
            continue  # No XPath that is read; the form carries the condition itself.
        tree = parse(text)
        again = read_condition(text, ASKED)
        for answers, figures in WORLDS:
            want = judge(condition, figures) is True
            assert xpath(tree, answers) == want, (text, answers, condition)
            assert (judge(again, figures) is True) == want, (text, answers, again)
