"""Rows of a text file of delimited cells (RFC 4180, with the separator of the file).

A quote opens a cell at its beginning only; elsewhere it is a character. Text after a closing quote makes the
row a bad one. A quote that is never closed, or only beyond the limits, is an error of the file, because
nobody can say what the rows after it are.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain

from libcsat.error import TableError
from libcsat.intake.encodings import Lines, detect, place_of_bad_text
from libcsat.intake.limits import Limits
from libcsat.intake.raw import Block, Broken, Passed, Row
from libcsat.intake.rules import shown

SEPARATORS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_BLOCK_ROWS = 1 << 14
_BURST_BYTES = 16 << 20
# Rows by which the separator is found.
_SAMPLE_ROWS = 50
_SEP_LINE = re.compile(r"sep=(.)\r?\n?")


class Delimited:
    """A text file of rows."""

    def __init__(
        self, path: str, limits: Limits, encoding: str | None = None, separator: str | None = None
    ) -> None:
        self.path = path
        self._limits = limits
        self._encoding = detect(path, encoding)
        self._said = self._sep_line()
        self.prelude = [Passed(1, 1, "header", "it says the separator")] if self._said else []
        self._lines = Lines(path, self._encoding, limits)
        self.size = self._lines.size
        self._count = 0
        self._separator, why = self._find(separator)
        self.reading = {
            "encoding": f"{self._encoding.name}: {self._encoding.reason}",
            "separator": f"{_NAMES.get(self._separator, self._separator)}: {why}",
        }

    def head(self, rows: int) -> list[Row]:
        found: list[Row] = []
        for burst in self._bursts(Lines(self.path, self._encoding, self._limits), self._separator, rows):
            for first, last, cells in burst:
                if isinstance(cells, Broken):
                    return found
                if any(cells) and not (self.prelude and last == 1):
                    found.append(Row(first, last, cells))
                if len(found) == rows:
                    return found
        return found

    def position(self) -> int:
        return self._lines.read

    def lines(self) -> int:
        return self._count

    def blocks(self, width: int, skip_rows: int) -> Iterator[Block]:
        skip = skip_rows + len(self.prelude)
        for burst in self._bursts(self._lines, self._separator, _BLOCK_ROWS):
            block = Block()
            keep, first_lines, last_lines = block.rows.append, block.firsts.append, block.lasts.append
            for first, last, cells in burst:
                if isinstance(cells, Broken):
                    block.broken.append(cells)
                elif not any(cells):
                    _extend(block.blank, first, last)
                elif skip:
                    skip -= 1
                elif len(cells) == width:
                    keep(cells)
                    first_lines(first)
                    last_lines(last)
                else:
                    block.broken.append(
                        Broken(first, last, "ragged-row", None, str(len(cells)), str(width), cells)
                    )
                self._count = last
            yield block

    def _bursts(
        self, lines: Lines, separator: str, most: int
    ) -> Iterator[list[tuple[int, int, list[str] | Broken]]]:
        """First and last line and cells of rows, up to `most` at a time."""
        given = iter(lines)
        reader = csv.reader(given, delimiter=separator, strict=True)
        recent = lines.recent
        first = 1
        while not lines.ended:
            burst: list[tuple[int, int, list[str] | Broken]] = []
            # The limit of the csv module is one for the whole process.
            before = csv.field_size_limit(self._limits.field_chars)
            try:
                begun = lines.read
                while len(burst) < most and lines.read - begun < _BURST_BYTES:
                    recent.clear()
                    row: list[str] | Broken
                    try:
                        row = next(reader)
                    except StopIteration:
                        break
                    except csv.Error as error:
                        row = self._broken(first, lines, given, separator, str(error))
                    else:
                        if lines.given > first and sum(map(len, recent)) > self._limits.row_chars:
                            raise self._too_long(first)
                        if lines.suspect and (bad := _bad_cell(row)) is not None:
                            row = self._bad_text(first, lines.given, bad)
                    burst.append((first, lines.given, row))
                    first = lines.given + 1
            finally:
                csv.field_size_limit(before)
            yield burst

    def _bad_text(self, first: int, last: int, bad: tuple[int, str, str]) -> Broken:
        column, rule, value = bad
        limit = self._encoding.name.upper() if rule == "undecodable-bytes" else None
        return Broken(first, last, rule, column, value, limit)

    def _broken(self, first: int, lines: Lines, given: Iterator[str], separator: str, error: str) -> Broken:
        if "expected after" in error:
            # Where the row ends if the text after the quote belongs to its cell.
            rest = csv.reader(chain(list(lines.recent), given), delimiter=separator)
            with suppress(csv.Error):
                next(rest)
                if not lines.ended:
                    return Broken(first, lines.given, "bad-quote", None, "".join(lines.recent))
        elif "NUL" in error:
            return Broken(first, lines.given, "nul-character", None, "".join(lines.recent))
        raise self._open(first, "".join(lines.recent), separator, error)

    def _open(self, first: int, text: str, separator: str, error: str) -> TableError:
        most = self._limits.field_chars
        line, column, is_open = _place(text, separator, most if "field limit" in error else None)
        what = f"a cell has more than {most} characters"
        if is_open:
            end = f"{most} characters" if "field limit" in error else "the end of the file"
            what = f"a quote that opens a cell here is not closed within {end}"
        return TableError(
            f"{self.path}:{first + line}:{column}: {what}", path=self.path, line=first + line, column=column
        )

    def _too_long(self, first: int) -> TableError:
        most = self._limits.row_chars
        return TableError(
            f"{self.path}:{first}: the row has more than {most} characters", path=self.path, line=first
        )

    def _sep_line(self) -> str | None:
        """The separator that a first line `sep=;` for spreadsheets says."""
        first = next(iter(Lines(self.path, self._encoding, self._limits)), "")
        match = _SEP_LINE.fullmatch(first)
        return match.group(1) if match else None

    def _find(self, given: str | None) -> tuple[str, str]:
        if given is not None:
            if len(given) != 1 or given in '"\r\n':
                raise TableError(f"separator '{shown(given)}' is not one character")
            return given, "it was given"
        if self._said is not None:
            return self._said, "its first line says so"
        best, most = ",", (0.0, 0)
        for separator in SEPARATORS:
            widths = self._widths(separator)
            if not widths or widths[0] < 2:
                continue
            # How many rows are as wide as the first, then how wide.
            score = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
            if score > most:
                best, most = separator, score
        return best, f"it cuts the first rows into {most[1] or 1} cells"

    def _widths(self, separator: str) -> list[int]:
        lines = Lines(self.path, self._encoding, self._limits)
        try:
            burst = next(self._bursts(lines, separator, _SAMPLE_ROWS), [])
        except TableError:
            return []
        return [len(cells) for _, _, cells in burst if isinstance(cells, list) and any(cells)]


def _bad_cell(cells: list[str]) -> tuple[int, str, str] | None:
    for column, cell in enumerate(cells):
        if (bad := place_of_bad_text(cell)) is not None:
            return column, *bad
    return None


def _extend(blank: list[tuple[int, int]], first: int, last: int) -> None:
    if blank and blank[-1][1] + 1 == first:
        blank[-1] = (blank[-1][0], last)
    else:
        blank.append((first, last))


def _place(text: str, separator: str, most: int | None) -> tuple[int, int, bool]:
    """Line (from 0) and column (from 1) of the first cell of more than `most` characters, else of the last
    one, and whether a quote that opened it is not closed."""
    line, begin, cell, at = 0, 0, (0, 1, 0), 0
    quoted = False
    while at < len(text):
        if most is not None and at - cell[2] - (text[cell[2]] == '"') > most:
            break
        character = text[at]
        if character == '"' and (quoted or at == cell[2]):
            if quoted and text[at + 1 : at + 2] == '"':
                at += 1
            else:
                quoted = not quoted
        ends_line = character == "\n" or (character == "\r" and text[at + 1 : at + 2] != "\n")
        if ends_line:
            line, begin = line + 1, at + 1
        if not quoted and (character == separator or ends_line):
            cell = (line, at + 2 - begin, at + 1)
        at += 1
    return cell[0], cell[1], quoted
