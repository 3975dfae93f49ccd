"""Rows of a sheet of an Excel workbook (.xlsx), every cell as the text that it stands for.

Dates become ISO 8601, whole numbers have no fraction, TRUE and FALSE are words. What Excel cannot vouch for
is refused: error values, formulas whose result was never stored, numbers of more digits than Excel keeps, and
rows of merged cells. Which of several sheets with data is meant, the caller says.
"""

from __future__ import annotations

import datetime
import re
import warnings
import zipfile
from bisect import bisect_right
from collections.abc import Iterator
from itertools import count, repeat
from typing import Any

from libcsat.error import TableError
from libcsat.intake.encodings import place_of_bad_text
from libcsat.intake.extras import need
from libcsat.intake.limits import RATIO, RATIO_FROM_BYTES, Limits
from libcsat.intake.raw import Block, Broken, Passed, Row

_BLOCK_ROWS = 1 << 13
# Excel keeps 15 digits of a number.
_DIGITS = 10**15
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_ROW = re.compile(rb'<(?:\w+:)?row [^>]*?\br="(\d{1,9})"')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="[A-Z]+(\d{1,7}):[A-Z]+(\d{1,7})"')
# Bytes of a part that are looked at once, and of what may begin before them.
_LOOKED_AT = 1 << 20
_TAG_BYTES = 256
# Excel has no more; each row that is not there is made.
_MOST_ROWS = 1 << 20


class Workbook:
    """A sheet of a workbook."""

    def __init__(self, path: str, limits: Limits, sheet: str | None = None) -> None:
        self.path = path
        self._limits = limits
        need("openpyxl", "excel", "Excel workbooks")
        _check_packing(path, limits)
        book = _open(path, data_only=True)
        self._sheet = self._choose(book, sheet)
        self.size = max(book[self._sheet].max_row or 1, 1)
        self._has_formulas, self._merged = self._look(book[self._sheet])
        book.close()
        self.prelude: list[Passed] = []
        self._at = 0
        self._count = 0
        self.reading = {"sheet": self._sheet}

    def head(self, rows: int) -> list[Row]:
        found: list[Row] = []
        for number, cells in self._rows():
            if isinstance(cells, Broken):
                break
            if any(cells):
                found.append(Row(number, number, cells))
            if len(found) == rows:
                break
        width = max((width_of(row.cells) for row in found), default=0)
        return [Row(row.first, row.last, _fitted(row.cells, width)) for row in found]

    def position(self) -> int:
        return min(self._at, self.size)

    def lines(self) -> int:
        return self._count

    def blocks(self, width: int, skip_rows: int) -> Iterator[Block]:
        block = Block()
        for number, cells in self._rows():
            self._at = number
            if isinstance(cells, Broken):
                block.broken.append(cells)
            elif not any(cells):
                # Sheets go on below their last row; what follows no data is no line.
                block.blank.append((number, number))
                continue
            elif skip_rows:
                skip_rows -= 1
            elif self._is_merged(number):
                block.broken.append(Broken(number, number, "merged-cells", None, "", None, cells))
            elif width_of(cells) > width:
                found = str(width_of(cells))
                block.broken.append(Broken(number, number, "ragged-row", None, found, str(width), cells))
            else:
                block.rows.append(_fitted(cells, width))
                block.firsts.append(number)
                block.lasts.append(number)
            self._count = number
            if len(block.rows) == _BLOCK_ROWS:
                yield block
                block = Block()
        block.blank = [lines for lines in block.blank if lines[1] <= self._count]
        yield block

    def _is_merged(self, number: int) -> bool:
        at = bisect_right(self._merged, number, key=lambda rows: rows[0])
        return at > 0 and number <= self._merged[at - 1][1]

    def _rows(self) -> Iterator[tuple[int, list[str] | Broken]]:
        formulas = self._sheet_rows(data_only=False) if self._has_formulas else repeat(())
        for number, (row, beside) in enumerate(
            zip(self._sheet_rows(data_only=True), formulas, strict=False), 1
        ):
            yield number, self._cells(number, row, beside)

    def _sheet_rows(self, data_only: bool) -> Iterator[Any]:
        book = _open(self.path, data_only)
        yield from self._rows_of(book[self._sheet])
        book.close()

    def _rows_of(self, sheet: Any) -> Iterator[Any]:
        # What a file says of the size of a sheet may be wrong.
        sheet.reset_dimensions()
        rows = sheet.iter_rows()
        for number in count(1):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    row = next(rows)
            except StopIteration:
                return
            except Exception as error:
                raise _unreadable(self.path, error) from None
            if number > _MOST_ROWS:
                raise TableError(f"{self.path}: a row lies below row {_MOST_ROWS}", path=self.path)
            yield row

    def _cells(self, number: int, row: Any, formulas: Any) -> list[str] | Broken:
        if len(row) > self._limits.columns and any(c.value is not None for c in row[self._limits.columns :]):
            raise TableError(
                f"{self.path}:{number}: the row has more than {self._limits.columns} cells", path=self.path
            )
        cells = []
        for column, cell in enumerate(row):
            text = _text(cell)
            # An empty text is a result; its type is stored.
            is_formula = column < len(formulas) and formulas[column].data_type == "f"
            if text is None and is_formula and cell.data_type != "str":
                formula = str(getattr(formulas[column].value, "text", formulas[column].value))
                return Broken(number, number, "formula-without-value", column, formula)
            if cell.data_type == "e":
                return Broken(number, number, "excel-error", column, str(cell.value))
            if isinstance(cell.value, (int, float)) and not -_DIGITS < cell.value < _DIGITS:
                return Broken(number, number, "rounded-number", column, f"{cell.value:.0f}")
            if text is not None and (bad := place_of_bad_text(text)) is not None:
                return Broken(number, number, bad[0], column, bad[1], "Unicode")
            if text is not None and len(text) > self._limits.field_chars:
                most = self._limits.field_chars
                raise TableError(
                    f"{self.path}:{number}: a cell has more than {most} characters", path=self.path
                )
            cells.append(text or "")
        return cells

    def _choose(self, book: Any, given: str | None) -> str:
        """The sheet that was given, else the one that holds data."""
        sheets: dict[str, Any] = {sheet.title: sheet for sheet in book.worksheets}
        if given is not None and given not in sheets:
            what = "no sheet of cells" if given in book.sheetnames else "no sheet"
            names = ", ".join(f"'{name}'" for name in sheets)
            raise TableError(f"{self.path}: it has {what} '{given}' but {names}", path=self.path)
        if given is not None:
            return given
        filled = [name for name, sheet in sheets.items() if self._holds_data(sheet)]
        if not filled:
            raise TableError(f"{self.path}: no sheet of the workbook holds data", path=self.path)
        if len(filled) > 1:
            names = ", ".join(
                f"'{name}'" + ("" if sheets[name].sheet_state == "visible" else " (hidden)")
                for name in filled
            )
            raise TableError(f"{self.path}: several sheets hold data: {names}: give --sheet", path=self.path)
        return filled[0]

    def _holds_data(self, sheet: Any) -> bool:
        rows = self._rows_of(sheet)
        if any(cell.value not in (None, "") for row in rows for cell in row):
            return True
        return self._look(sheet)[0]

    def _look(self, sheet: Any) -> tuple[bool, list[tuple[int, int]]]:
        """Whether a sheet has formulas, and first and last rows of merged cells, disjoint and in order."""
        has_formulas, rest, row = False, b"", 0
        spans: set[tuple[int, int]] = set()
        try:
            with zipfile.ZipFile(self.path) as packed, packed.open(sheet._worksheet_path) as part:
                while block := part.read(_LOOKED_AT):
                    text = rest + block
                    has_formulas = has_formulas or _FORMULA.search(text) is not None
                    for found in _ROW.finditer(text):
                        if found.end() <= len(rest):  # Found before.
                            continue
                        before, row = row, int(found[1])
                        if row <= before:
                            raise ValueError(f"row {row} comes after row {before}")
                    spans.update((int(first), int(last)) for first, last in _MERGED.findall(text))
                    rest = text[-_TAG_BYTES:]
        except Exception as error:
            raise _unreadable(self.path, error) from None
        merged: list[tuple[int, int]] = []
        for first, last in sorted(spans):
            if merged and first <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], last))
            else:
                merged.append((first, last))
        return has_formulas, merged


def sheet_names(path: str, limits: Limits) -> list[str]:
    """Names of the sheets of cells of a workbook.

    Raises:
        TableError: it is no workbook, or beyond a limit.
    """
    _check_packing(path, limits)
    book = _open(path, data_only=True)
    names = [sheet.title for sheet in book.worksheets]
    book.close()
    return names


def _open(path: str, data_only: bool) -> Any:
    excel = need("openpyxl", "excel", "Excel workbooks")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return excel.load_workbook(path, read_only=True, data_only=data_only, keep_links=False)
    except Exception as error:  # openpyxl lets through what its XML and zip readers raise.
        raise _unreadable(path, error) from None


def _unreadable(path: str, error: BaseException) -> TableError:
    """Raises a lack of memory as it is."""
    if isinstance(error, MemoryError):
        raise error
    lines = str(error).splitlines() or [type(error).__name__]
    return TableError(f"{path}: no readable Excel workbook: {lines[0]}", path=path)


def _check_packing(path: str, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, EOFError, ValueError) as error:
        raise TableError(f"{path}: no readable Excel workbook: {error}", path=path) from None
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        most = limits.unpacked_bytes
        raise TableError(f"{path}: the workbook unpacks to more than {most} bytes", path=path)
    for part in parts:
        if part.file_size > max(RATIO_FROM_BYTES, RATIO * part.compress_size):
            raise TableError(f"{path}: '{part.filename}' is packed more than {RATIO} to 1", path=path)


def _text(cell: Any) -> str | None:
    value = cell.value
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "milliseconds" if value.microsecond else "seconds")
    if isinstance(value, datetime.timedelta):
        return _clock(value)
    return str(value)


def _clock(span: datetime.timedelta) -> str:
    seconds = round(span.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def width_of(cells: list[str]) -> int:
    """Cells up to the last one that is not empty."""
    width = len(cells)
    while width and not cells[width - 1]:
        width -= 1
    return width


def _fitted(cells: list[str], width: int) -> list[str]:
    return cells[:width] + [""] * (width - len(cells))
