"""Mappings that say what they cannot mean are refused in one line; no column gives way silently."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import intake_files as files
import pytest
from intake_files import save
from libcsat import intake
from libcsat.error import TableError


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"columns": []}, "columns is an object with an object for each column"),
        ({"zone": 5}, "zone 5 is no text"),
        ({"wave": ["a"]}, 'wave ["a"] is no text'),
        ({"channel": {}}, "channel {} is no text"),
        ({"separator": ""}, 'separator "" is no text'),
        ({"dates": ["ymd"]}, 'dates ["ymd"] is none of ymd, mdy, dmy'),
        ({"decimal": 5}, "decimal 5 is none of ., ,"),
        ({"others": None}, "others null is none of keep, leave out, refuse"),
        ({"header_rows": True}, "header_rows true lies outside of 1 to 9"),
        ({"header_rows": 10}, "header_rows 10 lies outside of 1 to 9"),
        ({"test": {"column": 5, "values": []}}, "test is an object with column, a text, and values"),
        ({"test": {"column": "q", "values": [["x"]]}}, "test is an object with column, a text, and values"),
        ({"q": {"as": 5}}, "columns['q'].as 5 is no text"),
        ({"q": {"as": "a\0"}}, "columns['q'].as has a NUL character"),
        ({"q": {"text": 5}}, "columns['q'].text 5 is no text"),
        ({"q": {"type": ["number"]}}, "columns['q'].type [\"number\"] is none of number, text"),
        ({"q": {"unit": ["s"]}}, "columns['q'].unit [\"s\"] is none of ms, s, min, h"),
        ({"q": {"type": "multi", "separator": 5}}, "columns['q'].separator 5 is no text"),
        ({"q": {"type": "multi"}}, "columns['q'] of type multi needs a separator"),
        ({"q": {"min": True}}, "columns['q'].min true is not a number"),
        ({"q": {"max": float("nan")}}, "columns['q'].max NaN is not a number"),
        ({"q": {"min": 10**400}}, "is not a number"),
        ({"q": {"min": 5, "max": 1}}, "columns['q']: min 5 lies above max 1"),
        ({"q": {"true": "ja"}}, "columns['q'].true \"ja\" is no list of texts"),
        ({"q": {"labels": {"1": ["x"]}}}, "columns['q'].labels is no object with a text for each"),
        ({"q": {"words": {"a": "x"}}}, "columns['q'].words is no object with a number for each"),
        ({"q": {"type": "words"}}, "columns['q'].words is missing, a number for each word"),
        ({"q": {"missing": "9"}}, "columns['q'].missing is neither a list of codes nor an object"),
        (
            {"q": {"as": "response_id"}, "id": {"as": "response_id"}},
            "columns 'q' and 'id' are both 'response_id'",
        ),
    ],
)
def test_mappings_that_mean_nothing(mapping: dict[str, Any], said: str, tmp_path: Path) -> None:
    path = save(tmp_path / "x.csv", [["id", "q"], ["1", "5"]])
    if "q" in mapping:
        mapping = {"columns": mapping}
    with pytest.raises(TableError) as refused:
        intake.read(path, mapping=mapping)
    assert said in str(refused.value) and str(refused.value).startswith("mapping: ")
    (tmp_path / "m.json").write_text(json.dumps(mapping), encoding="utf-8")
    with pytest.raises(TableError, match=r"^[^\n]*m\.json: [^\n]*$"):
        intake.read(path, mapping=str(tmp_path / "m.json"))


@pytest.mark.parametrize(
    "options",
    [{"response": "code"}, {"mapping": {"columns": {"code": {"as": "response_id"}}}}],
    ids=["option", "mapping"],
)
def test_a_column_that_is_replaced_stays(options: dict[str, Any], tmp_path: Path) -> None:
    path = save(tmp_path / "x.csv", [["response_id", "code", "q"], ["007", "a", "5"], ["008", "b", "4"]])
    imported = intake.read(path, **options)
    assert imported.responses["response_id"].to_pylist() == ["a", "b"]
    assert imported.responses["response_id_2"].to_pylist() == ["007", "008"]
    assert imported.sources[0].notes == (
        "column 'response_id' stands twice: the later one is 'response_id_2'",
    )


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("微信┋其他〖短信┋邮件〗", {"Q2_其他": 1, "Q2_微信": 1, "Q2_其他_text": "短信┋邮件"}),
        ("其他〖a〖b〗〗┋微信", {"Q2_其他": 1, "Q2_微信": 1, "Q2_其他_text": "a〖b〗"}),
        ("其他〖 〗", {"Q2_其他": 1}),
        ("其他〖短信", None),
        ("其他短信〗", None),
        ("其他〖短信〗邮件", None),
        ("其他〖a〗〖b〗〗", None),
        ("微信┋", None),
        ("微信┋微信", None),
    ],
)
def test_what_was_written_beside_an_option(cell: str, read: dict[str, Any] | None, tmp_path: Path) -> None:
    heading, *_ = files.wjx()
    row = ["1", "2025/3/1 9:05:07", "125秒", "微信", "", "", "5", cell, "外观→价格", "好", "好", ""]
    imported = intake.read(save(tmp_path / "x.csv", [heading, row]), zone="Asia/Shanghai")
    if read is None:
        (defect,) = imported.rejected.to_pylist()
        assert defect["rule"] == "bad-options"
    else:
        (found,) = imported.responses.to_pylist()
        assert {name: value for name, value in found.items() if name.startswith("Q2")} == read


def test_zero_has_no_sign(tmp_path: Path) -> None:
    imported = intake.read(save(tmp_path / "x.csv", [["response_id", "q"], ["a", "-0"], ["b", "-0.0"]]))
    assert [str(value) for value in imported.responses["q"].to_pylist()] == ["0.0", "0.0"]


@pytest.mark.parametrize("row", [2, 3])
def test_a_last_sentence_in_a_sheet(row: int, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    rows = files.chatwoot()
    rows.insert(row, ["Reporting period 2025-03-01 to 2025-03-31", *[""] * 7])
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append([cell or None for cell in cells])
    book.save(tmp_path / "x.xlsx")
    for path in (tmp_path / "x.xlsx", save(tmp_path / "x.csv", rows)):
        imported = intake.read(path)
        assert imported.counts.responses == 2
        if row == 3:
            assert imported.counts.read == 2 and imported.counts.trailer == 1
        else:
            assert imported.counts.read == 3 and imported.rejected["row"].to_pylist() == [3]


def test_ids_of_other_digits(tmp_path: Path) -> None:
    rows = [["response_id", "respondent_id", "q"], ["²", "x", "5"], ["٣", "x", "4"], ["①", "x", "3"]]
    imported = intake.read(save(tmp_path / "x.csv", rows), wave="w")
    assert imported.counts.responses == 1 and imported.counts.superseded == 2
