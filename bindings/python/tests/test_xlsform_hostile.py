"""Workbooks that are no forms, contradict themselves or ask for too much: one line each, nothing worse."""

from __future__ import annotations

import random
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import libcsat as cs
import openpyxl
import pytest
from libcsat import xlsform
from libcsat.xlsform.sheets import FORM_LIMITS, MOST_ROWS
from xlsform_files import YES_NO, Rows, make_form

CONTRADICTIONS: list[tuple[str, Rows, Rows, Rows, str]] = [
    ("no type", [["type", "name"], [None, "q"]], (), (), "sheet survey, row 2: the row has no type"),
    ("no column type", [["name"], ["q"]], (), (), "sheet survey, row 2: the row has no type"),
    ("no name", [["type", "name", "label"], ["text", None, "Q"]], (), (),
     "sheet survey, row 2: the question of type 'text' has no name"),
    ("name twice", [["type", "name"], ["text", "q"], [None, None], ["text", "q"]], (), (),
     "sheet survey, row 4, column name: 'q': row 2 has the question 'q' already"),
    ("names that are one id", [["type", "name"], ["text", "Q.1"], ["text", "q_1"]], (), (),
     "sheet survey, row 3, column name: 'q_1': row 2 has the question 'Q.1' already"),
    ("name of the other", [["type", "name"], ["select_one yn or_other", "q"], ["text", "q_other"]], YES_NO,
     (),
     "sheet survey, row 3, column name: 'q_other': row 2 has the question 'q_other' already"),
    ("long name", [["type", "name"], ["text", "q" * 65]], (), (),
     f"sheet survey, row 2, column name: '{'q' * 65}': 65 characters; an id has 64 at most"),
    ("long option", [["type", "name"], ["select_multiple l", "q" * 60]], [["list_name", "name"], ["l",
     "abcd"]], (),
     f"sheet choices, row 2, column name: 'abcd': its metric '{'q' * 60}_abcd' would have more than 64 "
     "characters"),
    ("list unknown", [["type", "name"], ["select_one l", "q"]], YES_NO, (),
     "sheet survey, row 2, column type: 'select_one l': the sheet choices has no list 'l'"),
    ("choice twice", [["type", "name"], ["select_one l", "q"]],
     [["list_name", "name"], ["l", "a"], ["l", "b"], ["l", "a"]], (),
     "sheet choices, row 4, column name: 'a': row 2 has this choice already"),
    ("options that are one id", [["type", "name"], ["select_multiple l", "q"]],
     [["list_name", "name"], ["l", "a.b"], ["l", "a_b"]], (),
     "sheet choices, row 3, column name: 'a_b': another choice is read as 'a_b' too"),
    ("choice without a list", [["type", "name"], ["text", "q"]], [["list_name", "name"], [None, "a"]], (),
     "sheet choices, row 2: the choice has no list_name"),
    ("choice without a name", [["type", "name"], ["text", "q"]], [["list_name", "label"], ["l", "A"]], (),
     "sheet choices, row 2: the choice has no name"),
    ("end without begin", [["type", "name"], ["text", "q"], ["end_group"]], (), (),
     "sheet survey, row 3, column type: 'end_group': it ends what is not begun, or begun as something else"),
    ("begin without end", [["type", "name"], ["begin_group", "g"], ["text", "q"]], (), (),
     "sheet survey, row 2, column type: 'begin_group': the group is never ended"),
    ("crossed", [["type", "name"], ["begin_group", "g"], ["begin_repeat", "r"], ["end_group"],
     ["end_repeat"]],
     (), (), "sheet survey, row 4, column type: 'end_group': it ends what is not begun"),
    ("nothing asked", [["type", "name"], ["begin_group", "g"], ["end_group"]], (), (),
     "no row of the sheet survey asks anything"),
    ("nothing asked that can be read", [["type", "name", "relevant"], ["text", "q", "${q} + ("]], (), (),
     "no row of the sheet survey asks anything that can be read: sheet survey, row 2, column relevant:"
     " '${q} + (': "),
    ("no such question", [["type", "name", "relevant"], ["text", "q", "${zz} = 'yes'"]], (), (),
     "no row of the sheet survey asks anything that can be read: sheet survey, row 2, column relevant:"
     " '${zz} = 'yes'': '${zz}' is no question that is read"),
    ("empty survey", [["type", "name"]], (), (), "no row of the sheet survey asks anything"),
    ("column twice", [["type", "name", "type"], ["text", "q", "text"]], (), (),
     "sheet survey has the column 'type' twice"),
    ("columns of one meaning", [["type", "name", "value"], ["text", "q", "r"]], (), (),
     "sheet survey: columns 'name' and 'value' mean the same"),
    ("language twice", [["type", "name", "label::English (en)", "label::en"], ["text", "q", "A", "B"]], (),
     (),
     "sheet survey: columns 'label::English (en)' and 'label::en' mean the same"),
    ("language unknown", [["type", "name", "label::Klingon"], ["text", "q", "nuqneH"]], (), (),
     "sheet survey, column label::Klingon: the language 'Klingon' has no tag; write 'label::Klingon (xx)', "
     "or give it in `languages`"),
    ("no heading", [["type", "name", None], ["text", "q", "stray"]], (), (),
     "sheet survey, row 2: a cell stands under no heading"),
    ("no heading in between", [["type", None, "name"], ["text", "stray", "q"]], (), (),
     "sheet survey, row 2: a cell stands under no heading"),
    ("two rows of settings", [["type", "name"], ["text", "q"]], (), [["form_id"], ["a"], ["b"]],
     "sheet settings, row 3: settings take one row"),
    ("range of words", [["type", "name", "parameters"], ["range", "q", "start=a end=b"]], (), (),
     "sheet survey, row 2, column parameters: 'start=a end=b': start, end and step are numbers"),
    ("endless range", [["type", "name", "parameters"], ["range", "q", "end=1e999999999"]], (), (),
     "sheet survey, row 2, column parameters: 'end=1e999999999': start, end and step are numbers"),
    ("range upside down", [["type", "name", "parameters"], ["range", "q", "start=10 end=0"]], (), (),
     "sheet survey, row 2, column parameters: 'start=10 end=0': start is below end, and step above 0"),
    ("rating of words", [["type", "name", "csat::type"], ["select_one yn", "q", "rating"]], YES_NO, (),
     "sheet survey, row 2, column csat::type: 'rating': a rating has whole numbers without gaps as choices"),
    ("kind of another type", [["type", "name", "csat::type"], ["hidden", "q", "rating"]], YES_NO, (),
     "sheet survey, row 2, column csat::type: 'rating': no kind of 'hidden'; it may be quantity or open"),
    ("no JSON", [["type", "name", "csat::item"], ["text", "q", "{"]], (), (),
     "sheet survey, row 2, column csat::item: '{': it is no JSON"),
    ("deep JSON", [["type", "name", "csat::item"], ["text", "q", "[" * 30000]], (), (), "it is no JSON"),
    ("long number in JSON", [["type", "name", "csat::item"], ["text", "q",
     '{"max_characters": 1.0e999999999}']],
     (), (), "it is no JSON"),
    ("no object", [["type", "name", "csat::item"], ["text", "q", "[1]"]], (), (),
     "sheet survey, row 2, column csat::item: '[1]': it is no JSON object"),
    ("no change", [["type", "name", "csat::item"], ["text", "q", '{"id": 1}']], (), (),
     "sheet survey, row 2, column csat::item: '{\"id\": 1}': 'id' has neither 'from' nor 'to'"),
    ("two scales of one name", [["type", "name", "csat::scale"], ["range", "a",
     '{"id": {"from": "a", "to": "s"}}'],
                                ["range", "b",
                                 '{"id": {"from": "b", "to": "s"}, "max": {"from": 10, "to": 5}}']],
     (), (), "sheet survey, row 3, column name: 'b': needs a scale 's' unlike that of a question before"),
    ("a thousand choices", [["type", "name"], ["select_one l", "q"]],
     [["list_name", "name"], *(["l", f"n{n}"] for n in range(257))], (),
     "sheet survey, row 2, column type: 'select_one l': its list has 257 choices; 256 is the most"),
    ("a thousand questions", [["type", "name"], *(["text", f"q{n}"] for n in range(1001))], (), (),
     "sheet survey, row 1002: more than 1000 questions"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("survey", "choices", "settings", "want"),
    [r[1:] for r in CONTRADICTIONS],
    ids=[r[0] for r in CONTRADICTIONS],
)
def test_contradictions_are_refused(
    tmp_path: Path, survey: Rows, choices: Rows, settings: Rows, want: str
) -> None:
    path = make_form(tmp_path / "form.xlsx", survey, choices, settings)
    with pytest.raises(xlsform.XlsFormError) as error:
        xlsform.read(path, partial=True)
    assert str(error.value).startswith(f"{path}: ")
    assert want in str(error.value)
    assert "\n" not in str(error.value)


def test_limits_hold_up_to_the_last(tmp_path: Path) -> None:
    choices = [["list_name", "name"], *(["l", f"n{n}"] for n in range(256))]
    survey = [["type", "name"], ["select_one l", "q"], *(["text", f"q{n}"] for n in range(999))]
    form = xlsform.read(make_form(tmp_path / "form.xlsx", survey, choices))
    assert len(form.questionnaire["items"]) == 1000


def no_survey(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["type", "name"])
    book.save(path)


def two_surveys(path: Path) -> None:
    make_form(path, [["type", "name"], ["text", "q"]])
    book = openpyxl.load_workbook(path)
    book.create_sheet(" Survey")
    book.save(path)


def merged(path: Path) -> None:
    make_form(path, [["type", "name", "relevant"], ["text", "a", "${b} = 1"], ["text", "b"]])
    book = openpyxl.load_workbook(path)
    book["survey"].merge_cells("C2:C3")
    book.save(path)


def formula(path: Path) -> None:
    make_form(path, [["type", "name", "label"], ["text", "q", "=A1"]])


def formula_in_heading(path: Path) -> None:
    make_form(path, [["type", "name", "=A1"], ["text", "q"]])


def excel_error(path: Path) -> None:
    make_form(path, [["type", "name", "label"], ["text", "q", "#REF!"]])


def long_number(path: Path) -> None:
    make_form(
        path, [["type", "name"], ["select_one l", "q"]], [["list_name", "name"], ["l", 12345678901234570]]
    )


def no_zip(path: Path) -> None:
    path.write_bytes(b"type,name\ntext,q\n")


def other_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("readme.txt", "hello")


def cut_off(path: Path) -> None:
    make_form(path, [["type", "name"], ["text", "q"]])
    path.write_bytes(path.read_bytes()[:-200])


def bomb(path: Path) -> None:
    make_form(path, [["type", "name"], ["text", "q"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/x.bin", b"\0" * (FORM_LIMITS.unpacked_bytes + 1))


def entities(path: Path) -> None:
    make_form(path, [["type", "name"], ["text", "q"]])
    inside = path.read_bytes()
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    head = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    parts["xl/worksheets/sheet1.xml"] = (head + sheet.replace("</worksheet>", "&c;</worksheet>")).encode()
    with zipfile.ZipFile(path, "w") as new:
        for name, part in parts.items():
            new.writestr(name, part)
    assert path.read_bytes() != inside


BROKEN: list[tuple[Callable[[Path], None], str]] = [
    (no_survey, "it has no sheet 'survey', so it is no XLSForm"),
    (two_surveys, "sheets 'survey' and ' Survey' mean the same"),
    (merged, "sheet survey: cells C2:C3 are merged; split them"),
    (formula, "sheet survey, row 2, column label: '=A1': a formula whose result was never stored"),
    (formula_in_heading, "sheet survey, row 1: '=A1': a formula whose result was never stored"),
    (excel_error, "sheet survey, row 2, column label: '#REF!': an error of Excel"),
    (
        long_number,
        "sheet choices, row 2, column name: '12345678901234570': a number of more digits than Excel",
    ),
    (no_zip, "no readable Excel workbook"),
    (other_zip, "no readable Excel workbook"),
    (cut_off, "no readable Excel workbook"),
    (bomb, f"the workbook unpacks to more than {FORM_LIMITS.unpacked_bytes} bytes"),
    (entities, "no readable Excel workbook"),
]


@pytest.mark.parametrize(("make", "want"), BROKEN, ids=[make.__name__ for make, _ in BROKEN])
def test_what_is_no_form_is_refused(tmp_path: Path, make: Callable[[Path], None], want: str) -> None:
    path = tmp_path / "form.xlsx"
    make(path)
    with pytest.raises((xlsform.XlsFormError, cs.TableError)) as error:
        xlsform.read(path, partial=True)
    assert str(error.value).startswith(f"{path}: ")
    assert want in str(error.value)
    assert "\n" not in str(error.value)


def test_no_file() -> None:
    with pytest.raises(cs.NotFoundError, match=r"no file 'nowhere\.xlsx'"):
        xlsform.read("nowhere.xlsx")


def test_a_sheet_of_too_many_rows_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("survey").append(["type", "name"])
    rows = book.create_sheet("choices")
    for number in range(MOST_ROWS + 2):
        rows.append(["l"] if number else ["list_name"])
    book.save(tmp_path / "form.xlsx")
    with pytest.raises(xlsform.XlsFormError, match=f"sheet choices has more than {MOST_ROWS} rows"):
        xlsform.read(tmp_path / "form.xlsx")


def test_a_sheet_that_claims_a_million_rows_is_read(tmp_path: Path) -> None:
    path = make_form(tmp_path / "form.xlsx", [["type", "name"], ["text", "q"]])
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    assert parts["xl/worksheets/sheet1.xml"] != sheet
    with zipfile.ZipFile(path, "w") as new:
        for name, part in parts.items():
            new.writestr(name, part)
    began = time.process_time()
    assert len(xlsform.read(path).questionnaire["items"]) == 1
    assert time.process_time() - began < 20


def test_conditions_in_a_row_are_left_out_quickly(tmp_path: Path) -> None:
    """Each question waits for the next, and the last for none that is read."""
    rows = [["type", "name", "relevant"], *(["text", f"q{n}", f"${{q{n + 1}}} != ''"] for n in range(998))]
    rows += [["text", "q998", "${photo} != ''"], ["text", "last"]]
    began = time.process_time()
    form = xlsform.read(make_form(tmp_path / "form.xlsx", rows), partial=True)
    assert [item["id"] for item in form.questionnaire["items"]] == ["last"]
    assert time.process_time() - began < 30


@pytest.mark.parametrize("seed", range(3))
def test_scrambled_cells_are_read_or_refused(tmp_path: Path, seed: int) -> None:
    """Whatever stands in a cell: a form, or one of our errors."""
    draw = random.Random(seed)
    words = [
        "text", "integer", "range", "select_one yn", "select_multiple yn", "begin_group", "end_group", "note",
        "hidden", "q", "a", "b", "${a} = 1", "selected(${a}, 'yes')", ". >= 0", "start=1 end=x", "yes", "no",
         "((",
        "'", '{"id": {"to": 3}}', "{}", "null", "=1", "\u0000".strip("\0"), "é", "1", "-1", "1e9", None, None,
         None,
    ]  # fmt: skip
    columns = ["type", "name", "label", "relevant", "constraint", "required", "parameters", "csat::item",
               "csat::metrics", "csat::scale", "csat::shown_when", "csat::type", "csat::id"]  # fmt: skip
    for number in range(10):
        rows = [columns, *([draw.choice(words) for _ in columns] for _ in range(3))]
        for row in rows[1:]:
            row[0] = draw.choice(words[:9])
            row[1] = row[1] if draw.random() < 0.3 else f"n{draw.randrange(3)}"
        rows.append(["text", "a"])
        path = make_form(tmp_path / f"{number}.xlsx", rows, YES_NO)
        try:
            form = xlsform.read(path, partial=True)
        except cs.CsatError as error:
            assert "\n" not in str(error)
            continue
        cs.Policy.diagnose(
            form.into({"id": "p", "version": "1", "effective_from": "2026-01-01", "zone": "UTC"})
        )
