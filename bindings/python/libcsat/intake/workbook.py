"""Rows of a sheet of an Excel workbook (.xlsx), every cell as the text that it stands for.

Dates become ISO 8601, whole numbers have no fraction, TRUE and FALSE are words. What Excel cannot vouch for
is refused: error values, formulas whose result was never stored, numbers of more digits than Excel keeps.
"""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from typing import Any

from libcsat.error import TableError
from libcsat.intake.encodings import place_of_bad_text
from libcsat.intake.extras import need
from libcsat.intake.limits import RATIO, RATIO_FROM_BYTES, Limits
from libcsat.intake.raw import Block, Broken, Passed, Row

_BLOCK_ROWS = 1 << 13
# Excel keeps 15 digits of a number.
_DIGITS = 10**15


class Workbook:
    """A sheet of a workbook."""

    def __init__(self, path: str, limits: Limits, sheet: str | None = None) -> None:
        self.path = path
        self._limits = limits
        self._excel = need("openpyxl", "excel", "Excel workbooks")
        _check_packing(path, limits)
        values = self._open(data_only=True)
        self.sheets: list[str] = values.sheetnames
        self._sheet = self._choose(self.sheets, sheet)
        self.size = max(values[self._sheet].max_row or 1, 1)
        values.close()
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
        width = max((_width(row.cells) for row in found), default=0)
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
            elif _width(cells) > width:
                found = str(_width(cells))
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

    def _rows(self) -> Iterator[tuple[int, list[str] | Broken]]:
        try:
            values = self._open(data_only=True)
            formulas = self._open(data_only=False) if self._has_formulas() else None
            beside = iter(formulas[self._sheet].iter_rows()) if formulas else None
            for number, row in enumerate(values[self._sheet].iter_rows(), 1):
                yield number, self._cells(number, row, next(beside, ()) if beside else ())
        except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError, EOFError) as error:
            raise self._unreadable(error) from None

    def _cells(self, number: int, row: Any, formulas: Any) -> list[str] | Broken:
        if len(row) > self._limits.columns and any(c.value is not None for c in row[self._limits.columns :]):
            raise TableError(
                f"{self.path}:{number}: the row has more than {self._limits.columns} cells", path=self.path
            )
        cells = []
        for column, cell in enumerate(row):
            text = _text(cell)
            if text is None and column < len(formulas) and formulas[column].data_type == "f":
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

    def _open(self, data_only: bool) -> Any:
        try:
            return self._excel.load_workbook(self.path, read_only=True, data_only=data_only, keep_links=False)
        except Exception as error:  # openpyxl lets through what its XML and zip readers raise.
            raise self._unreadable(error) from None

    def _unreadable(self, error: BaseException) -> TableError:
        lines = str(error).splitlines() or [type(error).__name__]
        return TableError(f"{self.path}: no readable Excel workbook: {lines[0]}", path=self.path)

    def _choose(self, names: list[str], given: str | None) -> str:
        if given is not None and given not in names:
            raise TableError(f"{self.path}: it has no sheet '{given}' but {', '.join(names)}", path=self.path)
        if not names:
            raise TableError(f"{self.path}: the workbook has no sheet", path=self.path)
        return given or names[0]

    def _has_formulas(self) -> bool:
        with zipfile.ZipFile(self.path) as packed:
            for name in packed.namelist():
                if not name.startswith("xl/worksheets/"):
                    continue
                rest = b""
                with packed.open(name) as part:
                    while block := part.read(1 << 20):
                        if b"<f>" in rest + block or b"<f " in rest + block or b"<f/" in rest + block:
                            return True
                        rest = block[-2:]
        return False


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


def _width(cells: list[str]) -> int:
    """Cells up to the last one that is not empty."""
    width = len(cells)
    while width and not cells[width - 1]:
        width -= 1
    return width


def _fitted(cells: list[str], width: int) -> list[str]:
    return cells[:width] + [""] * (width - len(cells))
