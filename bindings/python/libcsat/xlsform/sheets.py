"""The sheets of a form: rows of texts under headings, out of an Excel workbook and into one."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from libcsat.error import CsatError
from libcsat.intake.extras import need
from libcsat.intake.limits import Limits
from libcsat.intake.raw import Broken
from libcsat.intake.workbook import Workbook, sheet_names
from libcsat.writing import complete_file

NAMES = ("survey", "choices", "settings")
# Rows of one sheet.
MOST_ROWS = 20_000
# What Excel keeps of one cell.
MOST_CELL = 32_767
# A form is small; a workbook that unpacks to more is none.
FORM_LIMITS = Limits(field_chars=MOST_CELL, columns=256, unpacked_bytes=32 << 20)
_NO_HEADING = "a cell stands under no heading"
# What XML cannot hold.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
# Excel reads these as characters by their number.
_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")


@dataclass(frozen=True)
class Unmapped:
    """A cell of a form that has no counterpart in a policy.

    Attributes:
        sheet: Name of the sheet.
        row: Row of the sheet, from 1. 0: the sheet as a whole.
        column: Heading of the column.
        value: What the cell says.
        what: Why it has none, and what became of the question.
    """

    sheet: str
    row: int
    column: str
    value: str
    what: str

    def __str__(self) -> str:
        value = self.value if len(self.value) <= 80 else self.value[:77] + "..."
        return f"sheet {self.sheet}, row {self.row}, column {self.column}: '{value}': {self.what}"


class XlsFormError(CsatError, ValueError):
    """A form that cannot be read or written. The message is one line naming sheet, row, column and value.

    Attributes:
        unmapped: What has no counterpart, where that is the reason.
    """

    def __init__(self, message: str, *, path: str | None = None, unmapped: tuple[Unmapped, ...] = ()) -> None:
        super().__init__(" ".join(message.split()), path=path)
        self.unmapped = unmapped


@dataclass
class Sheet:
    """Rows with their number in the sheet and their cells by heading. Empty cells are left out."""

    name: str
    columns: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)


def read_sheets(path: str, limits: Limits) -> dict[str, Sheet]:
    """The sheets of a form by name, those that it has.

    Raises:
        XlsFormError: a cell that cannot be read, merged cells, a heading twice.
        TableError: it is no workbook, or beyond a limit.
    """
    found: dict[str, str] = {}
    for title in sheet_names(path, limits):
        name = title.strip().lower()
        if name in NAMES and found.setdefault(name, title) != title:
            raise XlsFormError(f"{path}: sheets '{found[name]}' and '{title}' mean the same", path=path)
    if "survey" not in found:
        raise XlsFormError(f"{path}: it has no sheet 'survey', so it is no XLSForm", path=path)
    _refuse_merged(path, found)
    return {name: _read(Workbook(path, limits, title), name) for name, title in found.items()}


def _read(book: Workbook, name: str) -> Sheet:
    sheet = Sheet(name)
    first = book.head(1)
    heading = [" ".join(cell.split()) for cell in first[0].cells] if first else []
    sheet.columns = [title for title in heading if title]
    _refuse_twice(book.path, name, sheet.columns)
    for block in book.blocks(max(len(heading), 1), 1 if first else 0):
        if block.broken:
            raise _broken(book.path, name, block.broken[0], heading)
        for number, cells in zip(block.firsts, block.rows, strict=True):
            row = {title: cell for title, cell in zip(heading, cells, strict=True) if cell}
            if row.pop("", "").strip():
                raise XlsFormError(f"{book.path}: sheet {name}, row {number}: {_NO_HEADING}", path=book.path)
            sheet.rows.append((number, row))
        if len(sheet.rows) > MOST_ROWS:
            raise XlsFormError(f"{book.path}: sheet {name} has more than {MOST_ROWS} rows", path=book.path)
    return sheet


def _refuse_twice(path: str, name: str, columns: list[str]) -> None:
    for title in columns:
        if columns.count(title) > 1:
            raise XlsFormError(f"{path}: sheet {name} has the column '{title}' twice", path=path)


def _broken(path: str, name: str, broken: Broken, heading: list[str]) -> XlsFormError:
    reasons = {
        "formula-without-value": "a formula whose result was never stored; write the text itself",
        "excel-error": "an error of Excel",
        "rounded-number": "a number of more digits than Excel keeps; write it as text",
    }
    if broken.rule == "ragged-row":
        return XlsFormError(f"{path}: sheet {name}, row {broken.first}: {_NO_HEADING}", path=path)
    at = broken.column
    column = f", column {heading[at]}" if at is not None and at < len(heading) else ""
    reason = reasons.get(broken.rule, broken.rule)
    return XlsFormError(
        f"{path}: sheet {name}, row {broken.first}{column}: '{broken.value[:80]}': {reason}", path=path
    )


def _refuse_merged(path: str, titles: dict[str, str]) -> None:
    """Of merged cells only the first holds the text, though the form looks as if all did."""
    with zipfile.ZipFile(path) as packed:
        parts = [part for part in packed.namelist() if part.startswith("xl/worksheets/")]
        if not any(b"<mergeCell" in packed.read(part) for part in parts):
            return
    book = need("openpyxl", "excel", "Excel workbooks").load_workbook(path, keep_links=False)
    for name, title in titles.items():
        ranges = getattr(book[title], "merged_cells", None)
        for merged in sorted(str(one) for one in ranges.ranges) if ranges else ():
            raise XlsFormError(f"{path}: sheet {name}: cells {merged} are merged; split them", path=path)


def cell_text(text: str, place: str) -> str:
    """A text that a cell gives back as it is.

    Raises:
        XlsFormError: no cell can hold it.
    """
    if (bad := _CONTROL.search(text)) is not None:
        raise XlsFormError(f"{place}: the character U+{ord(bad[0]):04X} cannot stand in a workbook")
    if (escape := _ESCAPE.search(text)) is not None:
        raise XlsFormError(f"{place}: Excel would read '{escape[0]}' as a character")
    if len(text) > MOST_CELL:
        raise XlsFormError(f"{place}: {len(text)} characters; a cell holds {MOST_CELL}")
    return text


def write_sheets(path: str | os.PathLike[str], sheets: Iterable[Sheet]) -> None:
    """Writes a workbook of texts; nothing in it is a formula, whatever it begins with.

    Raises:
        OSError: the file cannot be written.
    """
    excel = need("openpyxl", "excel", "Excel workbooks")
    book = excel.Workbook()
    book.remove(book.active)
    for sheet in sheets:
        tab = book.create_sheet(sheet.name)
        lines = [dict(zip(sheet.columns, sheet.columns, strict=True)), *(row for _, row in sheet.rows)]
        for number, row in enumerate(lines, 1):
            for column, title in enumerate(sheet.columns, 1):
                if title in row:
                    _set_text(tab.cell(number, column), row[title])
        tab.freeze_panes = "A2"
    with complete_file(path) as partial:
        book.save(partial)


def _set_text(cell: Any, text: str) -> None:
    cell.value = text
    cell.data_type = "s"
    # A number or a date as text stays text when the file is edited.
    cell.number_format = "@"
