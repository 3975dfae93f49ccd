"""问卷星 (wjx.cn): CSV in GB18030 or UTF-8, or Excel, by option texts or by option numbers.

Several choices stand in one cell with ┋ between them, an order of options with →, what was written beside an
option in 〖 〗. "(跳过)" and -3 are questions that were not asked, "(空)" and -2 ones left blank: they are no
answers, and the column `…_missing` says which.
"""

from __future__ import annotations

import re

from libcsat.intake.plan import Column, Options, Plan, attribute, name_of, standard
from libcsat.intake.profile import Profile
from libcsat.intake.profiles.grouped import Texts
from libcsat.intake.raw import Row

_STANDARD = {
    "序号": "response_id",
    "提交答卷时间": "submitted_at",
    "所用时间": "duration_ms",
    "来源": "channel",
}
_OTHER = {
    "来源详情": False,
    "来自IP": True,
    "来自ip": True,
    "IP": True,
    "总分": False,
    "姓名": True,
    "用户昵称": True,
}
_MISSING = {"(跳过)": "skipped", "（跳过）": "skipped", "(空)": "blank", "（空）": "blank"}
_CODES = {"-3": "skipped", "-2": "blank"}
# 1、您的性别 · 第5题(外观) · 5(外观) · 12.text
_QUESTION = re.compile(r"(?:第\s*)?(\d{1,4})\s*(?:题\s*)?(?:[、.．:：]\s*|(?=[(（]))(.*)", re.DOTALL)
_ROW = re.compile(r"[(（](.*)[)）]", re.DOTALL)
_PART = re.compile(r"(.*\S)\s*(?:—|--|_)\s*(.+)", re.DOTALL)
MANY, ORDER = "┋", "→"
_MANY_WORDS, _ORDER_WORDS = ("多选",), ("排序",)


def _recognise(head: list[Row]) -> str | None:
    if head and {"序号", "提交答卷时间"} <= {cell.strip() for cell in head[0].cells}:
        return "its headings have 序号 and 提交答卷时间"
    return None


def _plan(head: list[Row], options: Options) -> Plan:
    headings = head[0].cells
    numbers = [match.group(1) for cell in headings if (match := _QUESTION.fullmatch(cell.strip()))]
    columns: list[Column] = []
    for at, cell in enumerate(headings):
        heading = cell.strip()
        match = _QUESTION.fullmatch(heading)
        if heading in _STANDARD:
            columns.append(standard(_STANDARD[heading], at, cell))
        elif match is None:
            columns.append(attribute(name_of(heading, at), at, cell, personal=_OTHER.get(heading, False)))
        else:
            columns.append(_question(at, cell, match.group(1), match.group(2), numbers, columns))
    plan = Plan(1, "headings", columns)
    plan.refine = _refine
    return plan


def _question(
    at: int, heading: str, number: str, text: str, numbers: list[str], before: list[Column]
) -> Column:
    code = f"Q{number}"
    column = Column(at, code, heading=heading, text=text, missing=dict(_MISSING))
    if numbers.count(number) > 1:
        place = 1 + sum(other.question == code for other in before)
        column.name, column.question = f"{code}_{place}", code
        row, part = _ROW.fullmatch(text), _PART.fullmatch(text)
        if row is not None:
            column.text, column.option = None, row.group(1)
        elif part is not None:
            column.text, column.option = part.groups()
        else:
            column.option = text
    return column


def _refine(plan: Plan, texts: Texts) -> None:
    questions = [column for column in plan.columns if column.role == "question"]
    # Exports by option numbers have codes for what has no number; of texts, -3 may be an answer.
    coded = any("-3" in texts(column.at) for column in questions)
    for column in questions:
        if coded:
            column.missing |= _CODES
        if column.kind != "auto" or column.question is not None:
            continue
        found, text = texts(column.at), column.text or ""
        if any(MANY in cell for cell in found) or any(word in text for word in _MANY_WORDS):
            column.kind, column.separator = "multi", MANY
        elif any(word in text for word in _ORDER_WORDS) or _mostly_ordered(found):
            column.kind, column.separator = "rank", ORDER


def _mostly_ordered(found: list[str]) -> bool:
    answers = [cell for cell in found if cell.strip() not in _MISSING]
    return 2 * sum(ORDER in cell for cell in answers) > len(answers)


PROFILE = Profile("wjx", "问卷星", _recognise, _plan)
