"""Questionnaires: what is asked, of whom, and whether answers are whole. P0-42 P0-43 P0-44 P1-26 P2-29 P2-52
P2-128 P2-151 P3-37"""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import libcsat as cs
import numpy as np
import pandas as pd
import pytest

WHOLE = {
    "after_sales_rating": 4,
    "most_satisfying": "speed",
    "response_speed_rating": 4,
    "service_attitude_rating": 5,
    "solving_efficiency_rating": 4,
}


@pytest.fixture(scope="module")
def core() -> cs.Questionnaire:
    return cs.Policy.load("retail-after-sales").questionnaire("core_after_sales")


def ids(items: tuple[cs.QuestionnaireItem, ...]) -> list[str]:
    return [item.id for item in items]


def test_description(core: cs.Questionnaire) -> None:
    assert (core.id, core.version, core.channel, core.languages) == (
        "core_after_sales",
        "1",
        "web",
        ("en", "zh"),
    )
    assert core.label() == "after-sales questionnaire"
    assert core.label("zh-CN") == core.label("zh") == "售后满意度问卷"
    assert (core.least_questions, core.most_questions, core.max_questions) == (5, 5, None)
    assert core.min_duration_ms == 30_000
    assert not core.requires_presence
    assert core.topics == ("response_speed", "service_attitude", "problem_solving_efficiency")
    assert core.follow_up is None
    first, worst = core.items[:2]
    assert (first.kind, first.min, first.max, first.required) == ("rating", Decimal(1), Decimal(5), True)
    assert first.always_shown and not worst.always_shown
    assert worst.kind == "open"
    assert worst.shown_when == {"compare": {"metric": "after_sales_rating", "op": "LE", "value": 2}}
    assert worst.text("zh") == "您最不满意的是什么？"
    assert first.ranks[0][0] == 1


def test_policy_has_them() -> None:
    policy = cs.Policy.load("satisfaction-control")
    assert [asked.id for asked in policy.questionnaires] == ["instant", "phone_callback"]
    instant = policy.questionnaire("instant")
    assert instant is policy.questionnaire("instant")
    assert instant.most_questions == 2  # P0-43, P0-44: the two core questions; time and customer are details.
    assert instant.max_questions == 5
    with pytest.raises(
        cs.NotFoundError, match=r"no questionnaire 'instand' \(is it 'instant'\?\): instant, phone"
    ):
        policy.questionnaire("instand")


@pytest.mark.parametrize(
    ("answers", "due"),
    [
        ({}, ["after_sales_rating"]),
        ({"after_sales_rating": 6}, ["after_sales_rating"]),
        ({"after_sales_rating": None}, ["after_sales_rating"]),
        ({"after_sales_rating": 2}, ["most_dissatisfying", *list(WHOLE)[2:]]),
        ({"after_sales_rating": Decimal(3)}, ["most_satisfying", *list(WHOLE)[2:]]),
        ({"after_sales_rating": np.int8(3), "most_satisfying": None}, list(WHOLE)[2:]),
        (WHOLE, []),
    ],
)
def test_next(core: cs.Questionnaire, answers: dict[str, Any], due: list[str]) -> None:
    assert ids(core.next(answers)) == due


@pytest.mark.parametrize(
    ("change", "state", "problems"),
    [
        ({}, "complete", []),
        ({"most_satisfying": pd.NA}, "complete", []),
        (
            {"after_sales_rating": 2},
            "invalid",
            [("unanswered", "most_dissatisfying"), ("not_shown", "most_satisfying")],
        ),
        ({"after_sales_rating": 5.0}, "complete", []),
        ({"after_sales_rating": 4.5}, "invalid", [("off_scale", "after_sales_rating")]),
        ({"after_sales_rating": 0}, "invalid", [("off_scale", "after_sales_rating")]),
        ({"response_speed_rating": None}, "incomplete", [("unanswered", "response_speed_rating")]),
        ({"response_speed_rating": "fast"}, "invalid", [("wrong_type", "response_speed_rating")]),
        ({"response_speed_rating": [4]}, "invalid", [("wrong_type", "response_speed_rating")]),
        ({"response_speed_rating": (4.5, True)}, "invalid", [("wrong_type", "response_speed_rating")]),
        ({"response_speed_rating": [np.int8(4)]}, "invalid", [("wrong_type", "response_speed_rating")]),
        ({"response_speed_rating": ["4"]}, "invalid", [("wrong_type", "response_speed_rating")]),
        ({"mood": [4]}, "invalid", [("unknown_item", "mood")]),
        ({"mood": True}, "invalid", [("unknown_item", "mood")]),
    ],
)
def test_check(
    core: cs.Questionnaire, change: dict[str, Any], state: str, problems: list[tuple[str, str]]
) -> None:
    report = core.check({**WHOLE, **change})
    found = [(problem.kind, problem.field) for problem in report.problems]
    # Where the rating is no answer, no path leads to what was most satisfying.
    if ("off_scale", "after_sales_rating") in problems:
        problems = [*problems, ("not_shown", "most_satisfying")]
    assert (report.state, found) == (state, problems)


def test_report(core: cs.Questionnaire) -> None:
    report = core.check('{"after_sales_rating": 2, "most_satisfying": "speed"}')
    assert ids(report.shown) == ["after_sales_rating", "most_dissatisfying", *list(WHOLE)[2:]]
    problem = next(problem for problem in report.problems if problem.kind == "not_shown")
    assert "'most_satisfying'" in problem.message
    assert "不会出现" in problem.message_zh
    assert "not_shown" in repr(report)
    assert "<table" in report._repr_html_()
    assert "不应出现" in repr(report.words("zh"))
    assert report.to_dict()["state"] == "invalid"


class Odd:
    """No answer."""


@pytest.mark.parametrize(
    ("answers", "error", "message"),
    [
        ({"a": 0.1234567}, cs.RecordError, "field 'a': number 0.1234567 has more than six places"),
        ({"a": 1e13}, cs.RecordError, "field 'a': number 10000000000000 lies outside"),
        ({"a": float("nan")}, cs.RecordError, "field 'a': nan is no number"),
        ({"a": [1, "x"]}, cs.RecordError, "field 'a': a list of answers holds ids of options"),
        ({"a": [None]}, cs.RecordError, "field 'a': a list of answers holds ids of options"),
        ({"a": {}}, cs.RecordError, "field 'a': dict is no answer"),
        ({"a": Odd()}, cs.RecordError, "field 'a': Odd is no answer"),
        ({1: 1}, cs.RecordError, "field 1 is no text"),
        ("{", cs.RecordError, "1:"),
        (b"[]", cs.RecordError, "object"),
        (7, TypeError, "answers is 7, an int: a dict, or a JSON object as text"),
    ],
)
def test_what_is_no_answer(
    core: cs.Questionnaire, answers: Any, error: type[Exception], message: str
) -> None:
    for judge in (core.check, core.next):
        with pytest.raises(error, match=message):
            judge(answers)


@pytest.mark.parametrize(
    ("policy", "event", "context", "offered", "undecided"),
    [
        ("satisfaction-control", "store_payment", {}, ["instant"], ["phone_callback"]),
        ("satisfaction-control", "contract_signed", {"product_category": "daily_goods"}, [], []),
        ("retail-after-sales", "category_bought", {"category": "fresh"}, ["core_after_sales", "fresh"], []),
        (
            "retail-after-sales",
            "category_bought",
            {"category": "appliance"},
            ["core_after_sales", "appliance"],
            [],
        ),
        (
            "retail-after-sales",
            "after_sales_closed",
            {"case_complexity": "complex", "category": "other"},
            ["core_after_sales", "in_depth_call"],
            [],
        ),
    ],
)
def test_offers(
    policy: str, event: str, context: Mapping[str, Any], offered: list[str], undecided: list[str]
) -> None:
    offers = cs.Policy.load(policy).offered(event, context)
    assert [asked.id for asked in offers.offered] == offered
    assert [asked.id for asked in offers.undecided] == undecided
    assert repr(offers).startswith("Questionnaires")


def test_offers_whatever_happened() -> None:
    policy = cs.Policy.load("satisfaction-control")
    assert [asked.id for asked in policy.offered().offered] == ["instant"]
    with pytest.raises(ValueError, match="event is empty"):
        policy.offered("")


def test_days() -> None:
    second = cs.Policy.load("iso-monitoring").questionnaire("sales_callback_2")
    assert second.follow_up == cs.FollowUp("sales_callback_1", "vehicle_sold", 1, 0)
    assert second.last_day("2025-01-31") == date(2025, 2, 28)  # P3-37
    assert second.last_day(date(2025, 3, 3)) == date(2025, 4, 3)
    assert second.last_day("9999-12-01") is None
    second.check_follow_up("2025-01-31", "2025-02-01", "2025-02-28")
    for before, day, message in (
        (None, "2025-02-28", "has to be answered first, and is not"),
        ("2025-02-28", "2025-02-27", "has to be answered first, and was on 2025-02-28"),
        ("2025-02-01", "2025-03-01", "the last day is 2025-02-28"),
    ):
        with pytest.raises(cs.CsatError, match=message) as refused:
            second.check_follow_up("2025-01-31", before, day)
        assert refused.value.code == "FAILED_PRECONDITION"
    with pytest.raises(ValueError, match=r"event '31.1.2025' is no day"):
        second.last_day("31.1.2025")
    assert second.may_start("2025-01-01")
    with pytest.raises(ValueError, match="is no day"):
        second.may_start("2025-02-30")


def test_confirmed_every_year() -> None:
    yearly = cs.Policy.load("annual-survey").questionnaire("product_a")
    assert yearly.confirmed_every == "year"  # P1-26
    made = {made.period for made in yearly.confirmations}
    for year in (2020, 2025, 2030):
        assert yearly.may_start(date(year, 6, 1)) == (str(year) in made)
    with pytest.raises(cs.CsatError, match="follows no other"):
        yearly.last_day("2025-01-01")


def test_value_semantics(core: cs.Questionnaire) -> None:
    again = pickle.loads(pickle.dumps(core))
    assert again == core
    assert hash(again) == hash(core)
    assert core != cs.Policy.load("retail-after-sales").questionnaire("fresh")


def test_shows_itself(core: cs.Questionnaire) -> None:
    text = repr(core)
    assert text.startswith("after-sales questionnaire (core_after_sales 1) · 5 questions")
    assert "after_sales_rating ≤ 2" in text
    assert "too fast below 30 s" in text
    assert "<table" in core._repr_html_()
    chinese = repr(core.words("zh"))
    assert "您对响应速度满意吗？" in chinese
    assert "少于 30 秒视为过快" in chinese
    for name in cs.Policy.names():
        for asked in cs.Policy.load(name).questionnaires:
            assert repr(asked) and repr(asked.words("zh"))


def test_conditions_in_words() -> None:
    from libcsat.questionnaire_words import condition_words

    compare = {"compare": {"metric": "q", "op": "GE", "value": Decimal("2.5")}}
    text = {"compare": {"metric": "w", "op": "NE", "text": "x"}}
    both = {"all": {"of": [compare, {"any": {"of": [text, {"answered": "z"}]}}]}}
    assert condition_words(both, "en") == "q ≥ 2.5 and (w ≠ 'x' or z is answered)"
    assert condition_words({"not": both}, "zh") == "非（q ≥ 2.5 且 (w ≠ 'x' 或 已答 z)）"
    some = {"at_least": {"count": 2, "of": [compare, text, compare]}}
    assert condition_words(some, "en") == "at least 2 of: q ≥ 2.5; w ≠ 'x'; q ≥ 2.5"
    assert condition_words(some, "zh") == "以下至少 2 项：q ≥ 2.5；w ≠ 'x'；q ≥ 2.5"


def test_what_is_known_has_to_be_possible() -> None:
    policy = cs.Policy.load("retail-after-sales")
    assert [asked.id for asked in policy.offered(None, {"category": "fresh"}).offered].count("fresh") == 1
    with pytest.raises(cs.RecordError, match=r"category.*'fish'") as refused:
        policy.offered(None, {"category": "fish", "anything": 5})
    assert refused.value.path == "category"
    for impossible, words in ((5, "5 is not a text"), ([5], "a list of numbers is not a text")):
        with pytest.raises(cs.RecordError, match=f"^item 'category': {words}"):
            policy.offered(None, {"category": impossible})
        with pytest.raises(cs.RecordError, match=f"item 'category': {words}"):
            policy.offered(None, json.dumps({"category": impossible}))


def test_messages_are_of_one_language() -> None:
    asked = cs.Policy.load("retail-after-sales").questionnaire("core_after_sales")
    (problem,) = (
        each
        for each in asked.check({"after_sales_rating": ["a", "b"]}).problems
        if each.field == "after_sales_rating"
    )
    assert "a list of 2 is not" in problem.message
    assert "2 项的列表 不是" in problem.message_zh and "list" not in problem.message_zh
