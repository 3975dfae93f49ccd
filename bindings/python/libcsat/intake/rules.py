"""The rules by which a row is refused, and their words. docs/intake.md lists them; a test compares."""

from __future__ import annotations

import re
from dataclasses import dataclass

from libcsat.show import visible

# Characters of a value that a message shows.
_SHOWN = 60
_SHOWN_LIMIT = 300
_NO_TEXT = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Rule:
    """Words of a rule. `{value}` is the value at fault, `{limit}` what it was held against."""

    en: str
    zh: str


RULES: dict[str, Rule] = {
    # What cannot be cut into cells, or is no text.
    "undecodable-bytes": Rule(
        "bytes that are no {limit}: '{value}'",
        "存在不属于 {limit} 编码的字节：“{value}”",
    ),
    "nul-character": Rule("a NUL character in '{value}'", "“{value}”中含有 NUL 字符"),
    "ragged-row": Rule(
        "the row has {value} cells, the header {limit}", "本行有 {value} 个单元格，表头有 {limit} 个"
    ),
    "repeated-header": Rule(
        "the headings stand here once more, as where files were put together",
        "此处再次出现表头，可能是多个文件拼接而成",
    ),
    "bad-quote": Rule("a closing quote is followed by more text: '{value}'", "右引号之后还有文字：“{value}”"),
    "bad-json": Rule("no strict JSON: {value}", "不是严格的 JSON：{value}"),
    "not-an-object": Rule("a JSON object is wanted here, not {value}", "此处应为 JSON 对象，而不是 {value}"),
    "excel-error": Rule("the cell holds the error {value}", "单元格为错误值 {value}"),
    "formula-without-value": Rule(
        "the formula {value} has no stored result: open and save the workbook in Excel",
        "公式 {value} 没有保存结果：请在 Excel 中打开并保存",
    ),
    "merged-cells": Rule(
        "the row has merged cells: take them apart, each row needs its own",
        "本行含有合并单元格：请取消合并，每行须有自己的值",
    ),
    "rounded-number": Rule(
        "{value} has more digits than Excel keeps: store such ids as text",
        "{value} 的位数超出 Excel 的保存精度：请以文本保存此类编号",
    ),
    # What a cell must hold.
    "missing-id": Rule("there is no id", "缺少编号"),
    "bad-id": Rule(
        "'{value}' is no id: 1 to {limit} bytes of text without control characters",
        "“{value}”不是编号：应为 1 至 {limit} 字节、不含控制字符的文本",
    ),
    "missing-field": Rule("a record needs '{limit}'", "记录缺少“{limit}”"),
    "not-a-number": Rule("'{value}' is not a number", "“{value}”不是数字"),
    "inexact-number": Rule(
        "{value} has more digits than a number keeps: read it as text",
        "{value} 的位数超出数字精度：请按文本读取",
    ),
    "off-scale": Rule("{value} lies outside of {limit}", "{value} 不在 {limit} 范围内"),
    "bad-time": Rule("'{value}' is no time such as {limit}", "“{value}”不是形如 {limit} 的时间"),
    "ambiguous-time": Rule(
        "{value} happened twice in {limit}, when the clocks went back",
        "{value} 在 {limit} 因时钟回拨出现两次",
    ),
    "nonexistent-time": Rule(
        "{value} was skipped in {limit}, when the clocks went forward",
        "{value} 在 {limit} 因时钟拨快而不存在",
    ),
    "bad-duration": Rule("'{value}' is no duration such as {limit}", "“{value}”不是形如 {limit} 的时长"),
    "bad-boolean": Rule("'{value}' is none of {limit}", "“{value}”不属于 {limit}"),
    "unknown-value": Rule("'{value}' is none of {limit}", "“{value}”不属于 {limit}"),
    "bad-options": Rule(
        "'{value}' has an empty or repeated option, or brackets that do not match",
        "“{value}”含有空的或重复的选项，或括号〖 〗不成对",
    ),
    "option-mismatch": Rule(
        "'{value}' has not as many options as the option ids '{limit}'",
        "“{value}”与选项编号“{limit}”的数目不符",
    ),
    # What rows must agree on.
    "wrong-value-type": Rule(
        "the value of a field of type {limit} is elsewhere: {value}",
        "类型为 {limit} 的字段，其值在别处：{value}",
    ),
    "second-value": Rule(
        "'{value}' is a second value of a field of type {limit}",
        "“{value}”是类型为 {limit} 的字段的第二个值",
    ),
    "mixed-field-type": Rule(
        "the field is of type {value} here and of type {limit} in row(s) before",
        "该字段此处类型为 {value}，之前为 {limit}",
    ),
    "conflicting-answer": Rule(
        "the submission has another answer to this field: '{limit}'",
        "同一提交对该字段已有另一答案：“{limit}”",
    ),
    "inconsistent-submission": Rule(
        "'{value}' disagrees with '{limit}' in another record of the submission",
        "“{value}”与同一提交其他记录中的“{limit}”不一致",
    ),
    "conflicting-response": Rule(
        "response '{value}' is there with other content{limit}, and none is the later one",
        "答卷“{value}”存在内容不同的另一份{limit}，且无法判定先后",
    ),
}


def message(rule: str, language: str, value: str | None, limit: str | None) -> str:
    """What a rule says of a value, in one line."""
    words = RULES[rule]
    text = words.zh if language.partition("-")[0] == "zh" else words.en
    return text.format(value=shown(value or ""), limit=shown(limit or "", _SHOWN_LIMIT))


def shown(text: str, most: int = _SHOWN) -> str:
    """A value in one line, not longer than `most` characters, with nothing that a terminal would obey."""
    cut = visible(_NO_TEXT.sub(_byte, text[: most + 1]))
    return cut if len(text) <= most else cut[: most - 1] + "…"


def _byte(match: re.Match[str]) -> str:
    """A byte that is no text, or half a character of UTF-16."""
    code = ord(match.group())
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"
