"""Workbooks as people keep them: rows that are too wide, titles, several sheets, merged cells, odd cells.
Each is read, or refused in one line; no row is left out silently."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from libcsat import intake
from libcsat.error import TableError

openpyxl: Any = pytest.importorskip("openpyxl")

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Rows = Sequence[Sequence[Any]]
HEADINGS = ["response_id", "q1"]
TABLE: Rows = [HEADINGS, ["a", 5], ["b", 4]]


def save(path: Path, *sheets: Rows, merge: str | None = None, **cells: Any) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for at, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"s{at}")
        for row in rows:
            sheet.append(list(row))
    for place, value in cells.items():
        book["s1"][place] = value
    if merge is not None:
        book["s1"].merge_cells(merge)
    book.save(path)
    return path


def patched(path: Path, pattern: str, put: str) -> Path:
    """The same workbook with other XML in its first sheet."""
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = "xl/worksheets/sheet1.xml"
    text, found = re.subn(pattern, put, parts[name].decode())
    assert found == 1
    parts[name] = text.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for part, data in parts.items():
            packed.writestr(part, data)
    return path


def rules(imported: intake.Imported) -> list[tuple[int, str | None, str]]:
    counts = imported.counts
    assert counts.accepted + counts.rejected == counts.read
    return [(d["row"], d["column"], d["rule"]) for d in imported.rejected.to_pylist()]


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises(TableError) as refused:
        intake.read(path, **options)
    message = str(refused.value)
    assert message.startswith(f"{path}:") and "\n" not in message
    return message.removeprefix(f"{path}:").strip()


def ids(imported: intake.Imported) -> list[str]:
    found: list[str] = imported.responses["response_id"].to_pylist()
    return found


@pytest.mark.parametrize(
    ("rows", "kept", "refused"),
    [
        ([*TABLE, ["c", 3, "beyond"]], ["a", "b"], [4]),
        ([HEADINGS, ["a", 5, None, "note"], *TABLE[1:]], ["a", "b"], [2]),
        ([[*HEADINGS, None, None], ["a", 5, 1], ["b", 4, None, 3], ["c", 3]], ["c"], [2, 3]),
        ([["response_id", None, "q1"], ["a", "x", 5], ["b", None, 4], ["c", None, 3, 9]], ["a", "b"], [4]),
        ([*TABLE, *([f"r{n}", n % 5] for n in range(30)), ["c", 3, "beyond"]], None, [34]),
    ],
    ids=["one", "first", "most", "gap in the headings", "beyond the rows that are looked at"],
)
def test_rows_wider_than_the_header(
    rows: Rows, kept: list[str] | None, refused: list[int], tmp_path: Path
) -> None:
    imported = intake.read(save(tmp_path / "b.xlsx", rows))
    assert rules(imported) == [(row, None, "ragged-row") for row in refused]
    if kept is not None:
        assert ids(imported) == kept
    # As in a text file, where the same cells are there.
    assert imported.counts.read == len(rows) - 1


def test_two_header_rows_are_as_wide_as_both(tmp_path: Path) -> None:
    import intake_files as files

    rows = [*files.surveymonkey()]
    rows.append([*rows[-1][:0], "118052219061118055", *rows[-1][1:], "beyond"])
    imported = intake.read(save(tmp_path / "b.xlsx", rows))
    assert imported.sources[0].profile == "surveymonkey"
    assert rules(imported) == [(6, None, "ragged-row")] and imported.responses.num_rows == 3


@pytest.mark.parametrize("name", ["b.xlsx", "b.csv"])
@pytest.mark.parametrize(
    "above", [[["Survey of March"]], [["Survey of March"], []], [["Survey", None], ["made by us"]]]
)
def test_a_title_above_the_headings(name: str, above: Rows, tmp_path: Path) -> None:
    rows = [*above, *TABLE, ["c", 3]]
    path = tmp_path / name
    if name == "b.csv":
        path.write_text("".join(",".join("" if c is None else str(c) for c in row) + "\n" for row in rows))
    else:
        save(path, rows, merge="A1:B1")
    assert refusal(path).startswith(
        f"1: '{above[0][0]}' stands above rows of more cells: the first row has to"
    )


def test_a_table_of_one_column_is_no_title(tmp_path: Path) -> None:
    imported = intake.read(save(tmp_path / "b.xlsx", [["response_id"], ["a"], ["b"]], C2="note"))
    assert rules(imported) == [(2, None, "ragged-row")] and ids(imported) == ["b"]


def test_merged_cells(tmp_path: Path) -> None:
    rows = [*TABLE, ["c", 3], ["d", 2], ["e", 1]]
    imported = intake.read(save(tmp_path / "b.xlsx", rows, merge="B3:B4"))
    assert rules(imported) == [(3, None, "merged-cells"), (4, None, "merged-cells")]
    assert ids(imported) == ["a", "d", "e"]
    assert rules(intake.read(save(tmp_path / "h.xlsx", [[*HEADINGS, "q2"], ["a", 5, 4]], merge="B1:C1"))) == [
        (2, None, "ragged-row")
    ]


@pytest.mark.parametrize(
    ("sheets", "read"),
    [
        ((TABLE, []), "s1"),
        (([], TABLE), "s2"),
        (([[None, ""]], TABLE, []), "s2"),
        ((TABLE, [HEADINGS, ["c", 1]]), "'s1', 's2'"),
        (([["how to fill this in"]], TABLE), "'s1', 's2'"),
        (([["=1+1"]], [], TABLE), "'s1', 's3'"),
        (([], []), None),
    ],
)
def test_several_sheets(sheets: Sequence[Rows], read: str | None, tmp_path: Path) -> None:
    path = save(tmp_path / "b.xlsx", *sheets)
    if read is None:
        assert refusal(path) == "no sheet of the workbook holds data"
    elif "," in read:
        assert refusal(path) == f"several sheets hold data: {read}: give --sheet"
        last = f"s{len(sheets)}"
        assert intake.read(path, sheet=last).sources[0].reading["sheet"] == last
    else:
        imported = intake.read(path)
        assert imported.sources[0].reading["sheet"] == read and ids(imported) == ["a", "b"]


def test_hidden_sheets_and_charts(tmp_path: Path, csat: Run) -> None:
    book = openpyxl.Workbook()
    book.active.title = "lists"
    book.active.append(["yes"])
    book.active.sheet_state = "hidden"
    data = book.create_sheet("data")
    for row in TABLE:
        data.append(row)
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(data, min_col=2, min_row=1, max_row=3))
    book.create_chartsheet("curve").add_chart(chart)
    book.active = 1
    book.save(tmp_path / "b.xlsx")
    done = csat("import", "b.xlsx", "--dry-run")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "csat: b.xlsx: several sheets hold data: 'lists' (hidden), 'data': give --sheet\n"
    assert csat("import", "b.xlsx", "--dry-run", "--sheet", "data").returncode == 0
    path = tmp_path / "b.xlsx"
    assert refusal(path, sheet="curve") == "it has no sheet of cells 'curve' but 'lists', 'data'"
    assert refusal(path, sheet="Data") == "it has no sheet 'Data' but 'lists', 'data'"
    del book["lists"], book["data"]
    book.save(path)
    assert refusal(path) == "no sheet of the workbook holds data"


@pytest.mark.parametrize("dimension", ["A1", "A1:B2", "A1:A1048576", "A1:XFD1048576"])
def test_what_a_file_says_of_its_size_may_be_wrong(dimension: str, tmp_path: Path) -> None:
    path = patched(save(tmp_path / "b.xlsx", TABLE), 'dimension ref="[^"]*"', f'dimension ref="{dimension}"')
    imported = intake.read(path)
    assert ids(imported) == ["a", "b"] and imported.responses["q1"].to_pylist() == [5, 4]
    assert imported.counts.read == 2


@pytest.mark.parametrize(("row", "read"), [(1 << 20, True), ((1 << 20) + 1, False), (99_999_999, False)])
def test_a_row_far_below(row: int, read: bool, tmp_path: Path) -> None:
    path = save(tmp_path / "b.xlsx", TABLE)
    patched(path, r'<row r="3"(.*?)<c r="A3"(.*?)<c r="B3"', rf'<row r="{row}"\1<c r="A{row}"\2<c r="B{row}"')
    if read:
        imported = intake.read(path)
        assert ids(imported) == ["a", "b"] and imported.counts.blank == row - 3
    else:
        assert refusal(path) == "a row lies below row 1048576"


@pytest.mark.parametrize("row", [1, 2])
def test_rows_out_of_order(row: int, tmp_path: Path) -> None:
    """Such a row would be left out by who reads them one after another."""
    path = save(tmp_path / "b.xlsx", TABLE)
    patched(path, '<row r="3"', f'<row r="{row}"')
    assert refusal(path) == f"no readable Excel workbook: row {row} comes after row 2"


def test_a_sheet_of_many_rows(tmp_path: Path) -> None:
    """Its part is looked at piece by piece."""
    rows = [["response_id", "t"], *([f"r{n}", "x" * 50 + str(n)] for n in range(20_000))]
    imported = intake.read(save(tmp_path / "b.xlsx", rows))
    assert imported.counts.read == imported.counts.responses == 20_000


def test_only_headings(tmp_path: Path) -> None:
    imported = intake.read(save(tmp_path / "b.xlsx", [HEADINGS]))
    assert imported.counts.read == 0 and imported.responses.num_rows == 0


@pytest.mark.parametrize(
    ("value", "read", "rule"),
    [
        (True, "TRUE", None),
        (False, "FALSE", None),
        ("#N/A", None, "excel-error"),
        ("#DIV/0!", None, "excel-error"),
        (datetime(1900, 1, 1), "1900-01-01 00:00:00", None),
        (datetime(1900, 2, 28), "1900-02-28 00:00:00", None),
        (datetime(1900, 3, 1, 12), "1900-03-01 12:00:00", None),
        (time(1, 2, 3), "01:02:03", None),
        (timedelta(hours=25, seconds=1), "25:00:01", None),
        ("x" * 32767, "x" * 32767, None),
        ("=1+1", None, "formula-without-value"),
        (" ", None, None),
        ("a\nb", "a\nb", None),
    ],
)
def test_odd_cells(value: Any, read: str | None, rule: str | None, tmp_path: Path) -> None:
    path = save(tmp_path / "b.xlsx", [["response_id", "t"], ["a", "word"], ["b", "word"]], B3=value)
    imported = intake.read(path, texts=["t"])
    assert rules(imported) == ([] if rule is None else [(3, "t", rule)])
    assert imported.responses["t"].to_pylist() == ["word"] + ([] if rule else [read])


def test_an_empty_text_is_the_result_of_a_formula(tmp_path: Path) -> None:
    path = save(tmp_path / "b.xlsx", [["response_id", "t"], ["a", "word"]], B3='=IF(1,"","")', A3="b")
    patched(path, r'<c r="B3"[^>]*>(<f>.*?</f>).*?</c>', r'<c r="B3" t="str">\1<v></v></c>')
    imported = intake.read(path)
    assert rules(imported) == [] and imported.responses["t"].to_pylist() == ["word", None]


def test_a_date_that_there_is_none_of(tmp_path: Path, csat: Run) -> None:
    path = save(tmp_path / "b.xlsx", [["response_id", "t"], ["a", datetime(2025, 1, 1)], ["b", 1]])
    patched(path, r'(<c r="A2".*?<c r="B2"[^>]*>)<v>45658</v>', r"\1<v>99999999</v>")
    done = csat("import", "b.xlsx", "--dry-run")
    assert (
        done.returncode == 1 and "b.xlsx:2: t: the cell holds the error #VALUE! [excel-error]" in done.stdout
    )
    assert "Warning" not in done.stderr


@pytest.mark.parametrize("place", ["A1", "B1"])
def test_errors_in_the_headings(place: str, tmp_path: Path) -> None:
    path = save(tmp_path / "b.xlsx", TABLE, **{place: "#REF!"})
    assert refusal(path) == f"1:{1 if place == 'A1' else 2}: the header cannot be read: excel-error"


def test_texts_that_are_not_there(tmp_path: Path) -> None:
    """A cell that names a shared text beyond the last one."""
    path = save(tmp_path / "b.xlsx", TABLE)
    patched(path, r'<c r="A3"[^>]*>.*?</c>', '<c r="A3" t="s"><v>999</v></c>')
    assert refusal(path).startswith("no readable Excel workbook: ")
