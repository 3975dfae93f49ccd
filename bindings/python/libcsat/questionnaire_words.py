"""Questionnaires, answers and conditions in words, English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from libcsat.show import Grid, chinese

if TYPE_CHECKING:
    from libcsat.questionnaire import AnswersReport, Offers, Questionnaire, QuestionnaireItem
    from libcsat.response_check import ResponseCheck

_OPERATORS = {"LT": "<", "LE": "≤", "EQ": "=", "NE": "≠", "GE": "≥", "GT": ">"}
_STATES = {"complete": "完整", "incomplete": "不完整", "invalid": "无效"}
_KINDS = {
    "unknown_item": "未知题目",
    "not_shown": "不应出现",
    "unanswered": "未作答",
    "wrong_type": "类型不符",
    "off_scale": "超出量表",
    "unknown_option": "未知选项",
    "option_twice": "选项重复",
    "too_few_options": "选项过少",
    "too_many_options": "选项过多",
    "too_long": "文字过长",
    "contradiction": "答案矛盾",
}


def condition_words(condition: dict[str, Any], language: str) -> str:
    """A condition of a policy file as a line that people read, such as ``rating ≤ 2 and region = 'E'``."""
    zh = chinese(language)
    ((form, given),) = condition.items()
    if form == "compare":
        value = repr(given["text"]) if "text" in given else _figure(given["value"])
        return f"{given['metric']} {_OPERATORS[given['op']]} {value}"
    if form == "answered":
        return f"已答 {given}" if zh else f"{given} is answered"
    if form == "not":
        return (
            f"非（{condition_words(given, language)}）" if zh else f"not ({condition_words(given, language)})"
        )
    parts = [condition_words(part, language) for part in given["of"]]
    if form == "at_least":
        return (
            f"以下至少 {given['count']} 项：{'；'.join(parts)}"
            if zh
            else (f"at least {given['count']} of: {'; '.join(parts)}")
        )
    parts = [
        f"({words})" if len(parts) > 1 and next(iter(part)) in ("all", "any", "at_least") else words
        for words, part in zip(parts, given["of"], strict=True)
    ]
    between = (" 且 " if zh else " and ") if form == "all" else (" 或 " if zh else " or ")
    return between.join(parts)


def questionnaire_grid(asked: Questionnaire, language: str) -> Grid:
    zh = chinese(language)
    count = _count(asked.least_questions, asked.most_questions)
    title = f"{asked.label(language)} ({asked.id} {asked.version})"
    title += f" · {count} 题" if zh else f" · {count} question{'s' if count != '1' else ''}"
    grid = items_grid(asked.items, language)
    grid.title = title
    grid.note = "；".join(_facts(asked, language)) if zh else "; ".join(_facts(asked, language))
    return grid


def items_grid(items: Sequence[QuestionnaireItem], language: str) -> Grid:
    """Items, a line each; those that are none say so."""
    if chinese(language):
        grid = Grid("", ["题目", "问题", "答案", "必答", "出现条件"], note="" if items else "没有待答的题目")
    else:
        grid = Grid(
            "",
            ["item", "question", "answer", "required", "shown when"],
            note="" if items else "nothing left to ask",
        )
    for item in items:
        required = ("是" if chinese(language) else "yes") if item.required else ""
        condition = "" if item.shown_when is None else condition_words(item.shown_when, language)
        grid.add([item.id, item.text(language), _answer(item, language), required, condition])
    return grid


def report_grid(report: AnswersReport, language: str) -> Grid:
    zh = chinese(language)
    state = _STATES[report.state] if zh else report.state
    grid = Grid(
        f"答卷{state}" if zh else f"Answers: {state}",
        ["字段", "问题", "说明"] if zh else ["field", "problem", "message"],
    )
    for problem in report.problems:
        kind = _KINDS[problem.kind] if zh else problem.kind
        grid.add([problem.field, kind, problem.message_zh if zh else problem.message])
    shown = ", ".join(item.id for item in report.shown)
    grid.note = f"出现的题目：{shown}" if zh else f"shown: {shown}"
    return grid


def responses_grid(found: ResponseCheck, title: str, language: str) -> Grid:
    """What was found in each field of a table of responses."""
    zh = chinese(language)
    counts = [f"{_STATES[state]} {n}" if zh else f"{n} {state}" for state, n in found.counts.items()]
    title += f" · {found.rows} 份答卷：" if zh else f" · {found.rows} responses: "
    header = ["字段", "出现", "已答", "问题"] if zh else ["field", "shown", "answered", "problems"]
    between = "，" if zh else ", "
    grid = Grid(title + between.join(counts), header, right=frozenset({1, 2}))
    for field in found.fields:
        kinds = [f"{_KINDS[kind]} {n}" if zh else f"{n} {kind}" for kind, n in field.problems.items()]
        grid.add([field.field, field.shown, field.answered, between.join(kinds)])
    return grid


def offers_grid(offers: Offers) -> Grid:
    grid = Grid("Questionnaires", ["questionnaire", "name", "offered"])
    for asked in offers.offered:
        grid.add([asked.id, asked.label(), "yes"])
    for asked in offers.undecided:
        grid.add([asked.id, asked.label(), "not known"])
    return grid


def questionnaires_grid(all_asked: tuple[Questionnaire, ...], language: str, title: str) -> Grid:
    """A policy's questionnaires, a line each."""
    zh = chinese(language)
    header = (
        ["问卷", "名称", "题数", "触发事件", "渠道"]
        if zh
        else ["questionnaire", "name", "questions", "after", "channel"]
    )
    grid = Grid(title, header, right=frozenset({2}))
    for asked in all_asked:
        count = _count(asked.least_questions, asked.most_questions)
        grid.add([asked.id, asked.label(language), count, ", ".join(asked.triggers), asked.channel])
    return grid


def _figure(number: Decimal | int) -> str:
    return f"{Decimal(number):f}"


def _count(least: int, most: int) -> str:
    return str(most) if least == most else f"{least}–{most}"


def _answer(item: QuestionnaireItem, language: str) -> str:
    zh = chinese(language)
    if item.kind in ("rating", "quantity"):
        low = "" if item.min is None else _figure(item.min)
        high = "" if item.max is None else _figure(item.max)
        span = f"{low}–{high}" if low or high else ("数值" if zh else "a number")
        return f"{span} {item.unit}".rstrip()
    if item.kind == "open":
        most = "" if item.max_characters is None else f" ≤ {item.max_characters}"
        return ("文字" if zh else "a text") + most
    options = ", ".join(option.id for option in item.options)
    if item.kind == "choice":
        return options
    count = _count(item.at_least or 0, item.at_most or 0)
    return f"选 {count} 项：{options}" if zh else f"{count} of: {options}"


def _facts(asked: Questionnaire, language: str) -> list[str]:
    zh = chinese(language)
    facts = []
    if asked.triggers:
        facts.append(("触发：" if zh else "after ") + ", ".join(asked.triggers))
    if asked.offered_when is not None:
        facts.append(
            ("发放条件：" if zh else "offered when ") + condition_words(asked.offered_when, language)
        )
    if asked.max_questions is not None:
        facts.append(f"至多 {asked.max_questions} 题" if zh else f"at most {asked.max_questions} questions")
    if asked.min_duration_ms:
        seconds = f"{asked.min_duration_ms / 1000:g}"
        facts.append(f"少于 {seconds} 秒视为过快" if zh else f"too fast below {seconds} s")
    if asked.requires_presence:
        facts.append("须现场作答" if zh else "only answers given on the spot count")
    follow_up = asked.follow_up
    if follow_up is not None:
        limit = f"{follow_up.months} months" if follow_up.months else ""
        limit += (" and " if limit and follow_up.days else "") + (
            f"{follow_up.days} days" if follow_up.days else ""
        )
        limit_zh = (f"{follow_up.months} 个月" if follow_up.months else "") + (
            f"{follow_up.days} 天" if follow_up.days else ""
        )
        facts.append(
            f"在 {follow_up.after} 之后，自 {follow_up.since} 起{limit_zh or '当天'}内"
            if zh
            else f"after {follow_up.after}, within {limit or 'the day'} of {follow_up.since}"
        )
    if asked.confirmed_every is not None:
        every = {"quarter": "每季度", "half_year": "每半年", "year": "每年"}[asked.confirmed_every]
        facts.append(f"{every}确认" if zh else f"confirmed every {asked.confirmed_every.replace('_', '-')}")
    return facts
