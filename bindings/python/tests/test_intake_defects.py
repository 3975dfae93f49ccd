"""Planted defects of every kind: each is found at its place, by its rule, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import intake_files as files
import pyarrow as pa
import pytest
from intake_files import csv_text, save
from libcsat import intake
from pyarrow import parquet

Place = tuple[int, str | None, str]


@dataclass
class Defect:
    """A change to a clean file, and what must be found."""

    name: str
    content: str | bytes
    found: list[Place]
    file: str = "x.csv"
    options: dict[str, Any] = field(default_factory=dict)
    # A word that the first message has.
    says: str = ""


def spoil(make: Callable[[], files.Rows], row: int, *cells: tuple[str, str], header: int = 0) -> files.Rows:
    rows = make()
    for heading, value in cells:
        rows[row][rows[header].index(heading)] = value
    return rows


def qualtrics(name: str, row: int, cell: tuple[str, str], rule: str, line: int, **more: Any) -> Defect:
    text = csv_text(spoil(files.qualtrics, row, cell))
    return Defect(f"qualtrics: {name}", text, [(line, cell[0], rule)], **more)


def zoned(zone: str, time: str) -> str:
    rows = spoil(files.qualtrics, 4, ("StartDate", time))
    return csv_text(rows).replace("Asia/Shanghai", zone)


QUALTRICS = [
    # The second header row has two lines: data begin on line 5.
    qualtrics("an hour that is none", 3, ("EndDate", "2025-03-01 25:00:00"), "bad-time", 5, says="25:00:00"),
    Defect(
        "qualtrics: two files as one",
        csv_text([*files.qualtrics(), *files.qualtrics()[:3]]),
        [(9, None, "repeated-header"), (10, None, "repeated-header"), (12, None, "repeated-header")],
    ),
    qualtrics("a day that is none", 4, ("StartDate", "2025-02-30 09:00:00"), "bad-time", 6),
    qualtrics("day and month in doubt", 4, ("EndDate", "03/04/2025 9:00"), "bad-time", 6),
    qualtrics("duration below zero", 4, ("Duration (in seconds)", "-3"), "bad-duration", 6),
    qualtrics("neither true nor false", 4, ("Finished", "Maybe"), "bad-boolean", 6),
    qualtrics("a status that is none", 4, ("Status", "Reviewed"), "unknown-value", 6, says="Reviewed"),
    qualtrics("no id", 5, ("ResponseId", " "), "missing-id", 7),
    qualtrics("an id with a line break", 5, ("ResponseId", "R\n3"), "bad-id", 7),
    qualtrics("an id of 257 bytes", 5, ("ResponseId", "R" * 257), "bad-id", 7),
    qualtrics("an option that is another", 3, ("Q2_1", "Fax"), "unknown-value", 5),
    qualtrics("progress in words", 4, ("Progress", "half"), "not-a-number", 6),
    qualtrics("a word among numbers", 4, ("Q1", "five"), "not-a-number", 6, options={"numbers": ["Q1"]}),
    qualtrics("infinity", 4, ("Q1", "1e999"), "not-a-number", 6, options={"numbers": ["Q1"]}),
    qualtrics(
        "more digits than a number keeps",
        4,
        ("Q1", "0.12345678901234567890"),
        "inexact-number",
        6,
        options={"numbers": ["Q1"]},
    ),
    Defect(
        "qualtrics: skipped hour",
        zoned("America/New_York", "2025-03-09 02:30:00"),
        [(6, "StartDate", "nonexistent-time")],
        says="America/New_York",
    ),
    Defect(
        "qualtrics: doubled hour",
        zoned("America/New_York", "2025-11-02 01:59:59"),
        [(6, "StartDate", "ambiguous-time")],
    ),
    Defect("qualtrics: just after the doubled hour", zoned("America/New_York", "2025-11-02 02:00:00"), []),
    Defect("qualtrics: just before the skipped hour", zoned("America/New_York", "2025-03-09 01:59:59"), []),
    Defect(
        "qualtrics: one cell less",
        csv_text([*files.qualtrics()[:4], files.qualtrics()[4][:-1]]),
        [(6, None, "ragged-row")],
        says="17 cells, the header 18",
    ),
    Defect(
        "qualtrics: two defects in a row",
        csv_text(spoil(files.qualtrics, 4, ("ResponseId", ""), ("Finished", "?"))),
        [(6, "Finished", "bad-boolean"), (6, "ResponseId", "missing-id")],
    ),
    Defect(
        "qualtrics: one id, two answers, one time",
        csv_text([*files.qualtrics(), spoil(files.qualtrics, 3, ("Q1", "2"))[3]]),
        [(5, None, "conflicting-response"), (9, None, "conflicting-response")],
        says="R_1",
    ),
]

SURVEYMONKEY = [
    Defect(
        "surveymonkey: month 13",
        csv_text(spoil(files.surveymonkey, 3, ("End Date", "13/10/2025 12:31:00 AM"))),
        [(4, "End Date", "bad-time")],
    ),
    Defect(
        "surveymonkey: day first where the caller says so",
        csv_text(spoil(files.surveymonkey, 3, ("End Date", "13/10/2025 12:31:00 AM"))),
        [],
        options={"dates": "dmy"},
    ),
    Defect(
        "surveymonkey: hour 0 AM",
        csv_text(spoil(files.surveymonkey, 3, ("End Date", "03/10/2025 00:31:00 AM"))),
        [(4, "End Date", "bad-time")],
    ),
    Defect(
        "surveymonkey: a stranger under an option",
        csv_text(spoil(files.surveymonkey, 4, ("Phone", "Fax"), header=1)),
        [(5, "Which do you use? / Phone", "unknown-value")],
    ),
]


def lime(row: int, *cells: tuple[str, str]) -> str:
    return files.limesurvey_text(spoil(files.limesurvey, row, *cells))


LIMESURVEY = [
    Defect("limesurvey: X beside Y", lime(3, ("Q2[SQ001]", "X")), [(5, "Q2[SQ001]", "unknown-value")]),
    Defect(
        "limesurvey: duration in words",
        lime(2, ("interviewtime", "long")),
        [(3, "interviewtime", "bad-duration")],
    ),
    Defect("limesurvey: text behind a quote", lime(2).replace('"tok2"', '"tok2"x'), [(3, None, "bad-quote")]),
    Defect("limesurvey: a cell more", lime(1).replace('"tok1"', '"tok";"1"'), [(2, None, "ragged-row")]),
]

FORMBRICKS = [
    Defect(
        "formbricks: finished perhaps",
        csv_text(spoil(files.formbricks, 2, ("Finished", "Perhaps"))),
        [(3, "Finished", "bad-boolean")],
    ),
    Defect(
        "formbricks: more options than ids",
        csv_text(spoil(files.formbricks, 1, ("2. Which do you use?", "Phone; Mail; Fax"))),
        [(2, "2. Which do you use?", "option-mismatch")],
        says="o1, o2",
    ),
]


def desk(*cells: tuple[str, str], row: int = 2) -> str:
    return files.chatwoot_text(spoil(files.chatwoot, row, *cells))


CHATWOOT = [
    # Blank lines stand between the rows: the second one is on line 7.
    Defect("chatwoot: rating 6", desk(("Bewertung", "6")), [(7, "Bewertung", "off-scale")], says="[1, 5]"),
    Defect("chatwoot: rating 0", desk(("Bewertung", "0")), [(7, "Bewertung", "off-scale")]),
    Defect("chatwoot: rating 5 and 1", desk(("Bewertung", "1")), []),
    Defect("chatwoot: rating in stars", desk(("Bewertung", "★★")), [(7, "Bewertung", "not-a-number")]),
    Defect(
        "chatwoot: a time without UTC",
        desk(("Aufgezeichnet am", "2025-03-02 10:00:00")),
        [(7, "Aufgezeichnet am", "bad-time")],
    ),
    Defect(
        "chatwoot: neither conversation nor time",
        desk(("Aufgezeichnet am", ""), ("Link zur Konversation", "")),
        [(7, "Link zur Konversation", "missing-id")],
    ),
    Defect(
        "chatwoot: a sentence in the middle",
        files.chatwoot_text(
            [files.chatwoot()[0], files.chatwoot()[1], ["Berichtszeitraum"], files.chatwoot()[2]]
        ),
        [(7, None, "ragged-row")],
    ),
]


def wjx(*cells: tuple[str, str], row: int = 1) -> str:
    return csv_text(spoil(files.wjx, row, *cells))


MANY = "2、您使用过的渠道【多选题】"
WJX = [
    Defect(
        "wjx: a duration that is none",
        wjx(("所用时间", "很久")),
        [(2, "所用时间", "bad-duration")],
        says="很久",
    ),
    Defect("wjx: hours, minutes and seconds", wjx(("所用时间", "1小时2分3秒")), []),
    Defect("wjx: an empty option", wjx((MANY, "微信┋┋电话")), [(2, MANY, "bad-options")]),
    Defect("wjx: an option twice", wjx((MANY, "微信┋微信")), [(2, MANY, "bad-options")]),
    Defect(
        "wjx: a month that is none",
        wjx(("提交答卷时间", "2025/13/1 9:05:07")),
        [(2, "提交答卷时间", "bad-time")],
    ),
    Defect("wjx: a NUL", wjx(("来源", "手\0机")), [(2, "来源", "nul-character")]),
    Defect(
        "wjx: half a character",
        wjx().encode().replace("直接访问".encode(), "直接".encode() + b"\xe8", 1),
        [(2, "来源详情", "undecodable-bytes")],
        says="\\xe8",
    ),
    Defect(
        "wjx: a broken byte in GB18030",
        wjx().encode("gb18030").replace("一般".encode("gb18030"), b"\xff\xff", 1),
        [(2, "第4题(价格)", "undecodable-bytes")],
        says="GB18030",
    ),
    Defect(
        "wjx: in Chinese",
        wjx(("所用时间", "很久")),
        [(2, "所用时间", "bad-duration")],
        options={"language": "zh"},
        says="“很久”不是形如",
    ),
]


def long(row: int, *cells: tuple[str, str]) -> str:
    return csv_text(spoil(files.long_record, row, *cells))


LONG = [
    # One row has two lines: rows after the third are a line lower.
    Defect("long: no field", long(1, ("field_id", "")), [(2, "field_id", "missing-field")]),
    Defect(
        "long: a type that is none", long(1, ("field_type", "smiley")), [(2, "field_type", "unknown-value")]
    ),
    Defect(
        "long: NPS 11", long(1, ("value_number", "11")), [(2, "value_number", "off-scale")], says="[0, 10]"
    ),
    Defect("long: NPS 10", long(1, ("value_number", "10")), []),
    Defect("long: off its own scale", long(2, ("value_number", "6")), [(3, "value_number", "off-scale")]),
    Defect("long: a scale that is none", long(2, ("scale_max", "high")), [(3, "scale_max", "not-a-number")]),
    Defect(
        "long: the value elsewhere",
        long(1, ("value_number", ""), ("value_text", "9")),
        [(2, "value_number", "wrong-value-type")],
    ),
    Defect(
        "long: a second value",
        long(1, ("value_text", "very likely")),
        [(2, "value_text", "second-value")],
        says="'very likely' is a second value of a field of type nps",
    ),
    Defect(
        "long: another type than before",
        long(7, ("field_type", "csat")),
        [(9, "field_type", "mixed-field-type")],
    ),
    Defect(
        "long: another answer",
        csv_text([*files.long_record(), spoil(files.long_record, 1, ("value_number", "1"))[1]]),
        [(11, "field_id", "conflicting-answer")],
        says="9",
    ),
    Defect(
        "long: another answer of two lines",
        csv_text([*files.long_record(), spoil(files.long_record, 3, ("value_text", "慢"))[3]]),
        [(11, "field_id", "conflicting-answer")],
        says="'快,\\n而且好'",
    ),
    Defect(
        "long: another user", long(2, ("user_id", "other")), [(3, "respondent_id", "inconsistent-submission")]
    ),
    Defect("long: metadata that are none", long(5, ("metadata", "{]")), [(7, "metadata", "bad-json")]),
    Defect("long: metadata in a list", long(5, ("metadata", "[1]")), [(7, "metadata", "not-an-object")]),
    Defect(
        "long: neither true nor false",
        long(4, ("value_boolean", "si")),
        [(6, "value_boolean", "bad-boolean")],
    ),
    Defect(
        "long: a date that is none", long(8, ("value_date", "2025-02-29")), [(10, "value_date", "bad-time")]
    ),
    Defect(
        "long: a time without an offset",
        long(2, ("collected_at", "2025-03-01 10:00:00")),
        [(3, "collected_at", "bad-time")],
    ),
    Defect(
        "long: an id of control characters",
        long(1, ("submission_id", "s\x01")),
        [(2, "submission_id", "bad-id")],
    ),
    Defect(
        "long: more digits than a number keeps",
        long(2, ("value_number", "4.12345678901234567")),
        [(3, "value_number", "inexact-number")],
    ),
]


def ratings(change: Callable[[list[dict[str, Any]]], object]) -> str:
    made = files.zendesk_ratings()
    change(made["satisfaction_ratings"])
    return json.dumps(made)


def answers(change: Callable[[list[dict[str, Any]]], object]) -> str:
    made = files.zendesk_responses()
    change(made["survey_responses"])
    return json.dumps(made)


ZENDESK = [
    Defect(
        "zendesk: a score that is none",
        ratings(lambda r: r[1].update(score="meh")),
        [(2, "score", "unknown-value"), (2, "score", "unknown-value")],
        "x.json",
    ),
    Defect(
        "zendesk: an object for a text",
        ratings(lambda r: r[0].update(comment={"a": 1})),
        [(1, "comment", "unknown-value")],
        "x.json",
    ),
    Defect("zendesk: no id", ratings(lambda r: r[2].update(id=None)), [(3, "id", "missing-id")], "x.json"),
    Defect("zendesk: no record", ratings(lambda r: r.insert(1, 5)), [(2, None, "not-an-object")], "x.json"),  # type: ignore[arg-type]
    Defect(
        "zendesk: a key twice",
        ratings(lambda r: 0).replace('"ticket_id": 209', '"id": 1'),
        [(2, None, "bad-json")],
        "x.json",
        says="'id' stands twice",
    ),
    Defect(
        "zendesk: NaN",
        ratings(lambda r: 0).replace('"ticket_id": 208', '"ticket_id": NaN'),
        [(1, None, "bad-json")],
        "x.json",
    ),
    Defect(
        "zendesk: half a surrogate",
        ratings(lambda r: 0).replace("Quick!", "Quick\\ud800"),
        [(1, "comment", "undecodable-bytes")],
        "x.json",
    ),
    Defect(
        "zendesk: 65 levels",
        ratings(lambda r: r[0].update(comment=json.loads("[" * 64 + "]" * 64))),
        [(1, None, "bad-json")],
        "x.json",
        says="nested deeper than 64",
    ),
    Defect(
        "zendesk: no answers",
        answers(lambda r: r[1].pop("answers")),
        [(2, "answers", "missing-field")],
        "x.json",
    ),
    Defect(
        "zendesk: an answer of no type",
        answers(lambda r: r[0]["answers"][0].pop("rating")),
        [(1, "answers", "unknown-value")],
        "x.json",
    ),
    Defect(
        "zendesk: an answer to no question",
        answers(lambda r: r[0]["answers"][0].update(question={})),
        [(1, "answers", "missing-field")],
        "x.json",
    ),
    Defect(
        "zendesk: a question answered twice",
        answers(lambda r: r[1]["answers"].append(r[1]["answers"][0])),
        [(2, "customer_satisfaction", "conflicting-answer")],
        "x.json",
    ),
]


def wide(row: int, *cells: tuple[str, str]) -> str:
    return csv_text(spoil(files.wide, row, *cells))


SCALE = {"columns": {"quality": {"type": "number", "min": 1, "max": 5}}}
WIDE = [
    Defect(
        "wide: two files as one", csv_text([*files.wide(), *files.wide()[:1]]), [(5, None, "repeated-header")]
    ),
    Defect(
        "wide: two files as one, each with a byte order mark",
        "\ufeff" + csv_text(files.wide()) + "\ufeff" + csv_text(files.wide()[:1]),
        [(5, None, "repeated-header")],
    ),
    Defect("wide: a heading is no answer", "q\nq\n5\n", []),
    Defect(
        "wide: above its scale",
        wide(2, ("quality", "5.5")),
        [(3, "quality", "off-scale")],
        options={"mapping": SCALE},
    ),
    Defect("wide: at the end of its scale", wide(2, ("quality", "5")), [], options={"mapping": SCALE}),
    Defect(
        "wide: a point for a comma",
        wide(2, ("price", "2.5")),
        [(2, "price", "not-a-number"), (3, "price", "not-a-number")],
        options={"decimal": ",", "numbers": ["price"]},
    ),
    Defect(
        "wide: a leading zero",
        wide(2, ("quality", "05")),
        [(3, "quality", "not-a-number")],
        options={"numbers": ["quality"]},
    ),
    Defect(
        "wide: hexadecimal",
        wide(2, ("quality", "0x5")),
        [(3, "quality", "not-a-number")],
        options={"numbers": ["qual*"]},
    ),
    Defect(
        "wide: full-width digits",
        wide(2, ("quality", "５")),
        [(3, "quality", "not-a-number")],
        options={"numbers": ["quality"]},
    ),
    Defect(
        "wide: the year 1899",
        wide(2, ("submitted_at", "1899-12-31T00:00:00Z")),
        [(3, "submitted_at", "bad-time")],
    ),
    Defect(
        "wide: an offset of 19 hours",
        wide(2, ("submitted_at", "2025-03-01T00:00:00+19:00")),
        [(3, "submitted_at", "bad-time")],
    ),
    Defect(
        "wide: JSON lines with one that is none",
        '{"response_id": "1"}\n{"response_id": \n{"response_id": "3"}\n',
        [(2, None, "bad-json")],
        "x.jsonl",
    ),
    Defect(
        "wide: a response in two versions",
        csv_text([*files.wide(), spoil(files.wide, 1, ("why", "慢"))[1]]),
        [(2, None, "conflicting-response"), (5, None, "conflicting-response")],
    ),
]

ALL = [*QUALTRICS, *SURVEYMONKEY, *LIMESURVEY, *FORMBRICKS, *CHATWOOT, *WJX, *LONG, *ZENDESK, *WIDE]


@pytest.mark.parametrize("defect", ALL, ids=lambda defect: defect.name)
def test_planted_defects(defect: Defect, tmp_path: Path) -> None:
    imported = intake.read(save(tmp_path / defect.file, defect.content), **defect.options)
    found = [(d["row"], d["column"], d["rule"]) for d in imported.rejected.to_pylist()]
    assert found == defect.found
    counts = imported.counts
    assert counts.rejected == len({row for row, _, _ in found})
    assert counts.accepted + counts.rejected == counts.read
    if defect.found:
        assert defect.says in imported.rejected["message"][0].as_py()
    for message in imported.rejected["message"].to_pylist():
        assert "\n" not in message and len(message) < 400


def test_excel_defects(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (
        ["response_id", "q1", "q2"],
        ["a", 5, "#N/A"],
        ["b", 1234567890123456, "x"],
        ["c", 5, "=A1&B1"],
        ["d", 5, "x", "beyond"],
        [None, 5, "x"],
        ["e", 123456789012345, "x"],
    ):
        book.active.append(row)
    book.save(tmp_path / "b.xlsx")
    imported = intake.read(tmp_path / "b.xlsx")
    assert [(d["row"], d["column"], d["rule"]) for d in imported.rejected.to_pylist()] == [
        (2, "q2", "excel-error"),
        (3, "q1", "rounded-number"),
        (4, "q2", "formula-without-value"),
        (5, None, "ragged-row"),
        (6, "response_id", "missing-id"),
    ]
    assert imported.responses["response_id"].to_pylist() == ["e"]


def test_spss_defects(tmp_path: Path) -> None:
    spss, pd = pytest.importorskip("pyreadstat"), pytest.importorskip("pandas")
    frame = pd.DataFrame(
        {
            "response_id": ["a", "", "c"],
            "submitted_at": [
                datetime(2025, 3, 9, 2, 30),
                datetime(2025, 3, 9, 1, 0),
                datetime(2025, 11, 2, 1, 30),
            ],
            "q1": [5.0, 5.0, 7.0],
        }
    )
    spss.write_sav(frame, tmp_path / "s.sav")
    mapping = {"columns": {"q1": {"type": "number", "min": 1, "max": 5}}}
    imported = intake.read(tmp_path / "s.sav", zone="America/New_York", mapping=mapping)
    assert [(d["row"], d["column"], d["rule"]) for d in imported.rejected.to_pylist()] == [
        (1, "submitted_at", "nonexistent-time"),
        (2, "response_id", "missing-id"),
        (3, "submitted_at", "ambiguous-time"),
        (3, "q1", "off-scale"),
    ]


def test_arrow_defects(tmp_path: Path) -> None:
    table = pa.table(
        {
            "response_id": ["a", None, "c", "d\0"],
            "q1": [1.0, 2.0, float("nan"), 4.0],
            "q2": pa.array([2**53 + 1, 2, 3, 4]),
        }
    )
    parquet.write_table(table, tmp_path / "t.parquet")
    imported = intake.read(tmp_path / "t.parquet")
    assert [(d["row"], d["column"], d["rule"]) for d in imported.rejected.to_pylist()] == [
        (1, "q2", "inexact-number"),
        (2, "response_id", "missing-id"),
        (3, "q1", "not-a-number"),
        (4, "response_id", "nul-character"),
        (4, "response_id", "bad-id"),
    ]


def test_every_rule_is_planted_here() -> None:
    planted = {rule for defect in ALL for _, _, rule in defect.found}
    elsewhere = {"excel-error", "rounded-number", "formula-without-value", "merged-cells"}
    assert planted | elsewhere == set(intake.RULES)


def test_every_rule_has_words_in_both_languages() -> None:
    from libcsat.intake.rules import message

    for name in intake.RULES:
        english, chinese = (message(name, language, "value", "limit") for language in ("en", "zh-CN"))
        assert english.isascii() and not chinese.isascii(), name
        assert ("limit" in english) == ("limit" in chinese) and ("value" in english) == (
            "value" in chinese
        ), name
