"""CSV text in blocks of whole rows: checked for its encoding and its quotes before Arrow reads it, so that
what is wrong with it is said with the number of its row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from libcsat.command.terminal import quoted
from libcsat.error import TableError

_BLOCK = 4 << 20
# Bytes of a row above which a quote must have been left open.
_MOST_ROW = 16 << 20
_END = re.compile(rb"\r\n|\n|\r")
_CELL = re.compile(rb'"[^"]*(?:""[^"]*)*"(?!")')
_BOM = b"\xef\xbb\xbf"
_WIDE = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


class CsvText:
    """The rows of a CSV text as columns of texts.

    Attributes:
        names: Of the header.
    """

    def __init__(self, read: Callable[[int], bytes], delimiter: str) -> None:
        """Takes the function that reads so many bytes more.

        Raises:
            TableError: there is no header, or it is not UTF-8.
        """
        self._read = read
        self._delimiter = delimiter
        self._separators = delimiter.encode() + b"\r\n"
        self._rest = b""
        self._ended = False
        # Rows before the rest; the header is not counted.
        self._rows = 0
        self.names = self._header()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, batch by batch.

        Raises:
            TableError: a row has not one cell for each name, a quote is left open or has text behind it, or
                the text is not UTF-8. Rows count from 1.
        """
        while block := self._block():
            if len(self.names) > 1 and not block.strip(b"\r\n"):
                continue
            batch = self._parsed(block)
            self._rows += batch.num_rows
            if batch.num_rows:
                yield batch

    def _header(self) -> list[str]:
        self._more()
        start = self._rest[:4]
        for mark, name in _WIDE:
            if start.startswith(mark):
                raise TableError(f"it is {name}: save it as UTF-8")
        text = self._rest.removeprefix(_BOM).lstrip(b"\r\n")
        self._rest = text
        end, _ = self._scan(1)
        while end is None and not self._ended and len(self._rest) <= _MOST_ROW:
            self._more()
            end, _ = self._scan(1)
        if not self._rest:
            raise TableError("Empty CSV file")
        if end is None:
            end = len(self._rest)
        head, self._rest = self._rest[:end], self._rest[end:]
        self._check_encoding(head, None)
        self._check_quotes(head, None)
        try:
            return next(csv.reader(io.StringIO(head.decode(), newline=""), delimiter=self._delimiter))
        except csv.Error as error:
            raise TableError(f"the header: {error}") from None

    def _more(self) -> None:
        block = self._read(_BLOCK)
        self._ended = not block
        self._rest += block

    def _block(self) -> bytes:
        """The next whole rows; empty at the end."""
        while True:
            if len(self._rest) < _BLOCK and not self._ended:
                self._more()
                if len(self._rest) < _BLOCK and not self._ended:
                    continue
            if self._ended:
                block, self._rest = self._rest, b""
                self._check_encoding(block, self._rows)
                if not self._plain(block):
                    self._check_quotes(block, self._rows)
                return block
            end = self._quick_end()
            if end is None:
                self._check_quotes(self._rest, self._rows, whole=False)
                _, end = self._scan(None)
            if end is not None:
                block, self._rest = self._rest[:end], self._rest[end:]
                self._check_encoding(block, self._rows)
                return block
            if len(self._rest) > _MOST_ROW:
                raise TableError(
                    f"row {self._rows + 1} is longer than {_MOST_ROW >> 20} MiB: is a quoted cell left open?"
                )
            self._more()

    def _quick_end(self) -> int | None:
        """Where the last whole row of the rest ends, where that can be told without looking at each cell."""
        text = self._rest
        # Not the last byte: the other one of \r\n may follow.
        end = max(text.rfind(b"\n", 0, -1), text.rfind(b"\r", 0, -1)) + 1
        for _ in range(8):
            if end <= 0:
                return None
            if text.count(b'"', 0, end) % 2 == 0:
                return end if self._plain(text[:end]) else None
            end = max(text.rfind(b"\n", 0, end - 1), text.rfind(b"\r", 0, end - 1)) + 1
        return None

    def _plain(self, text: bytes) -> bool:
        """Every quote of whole rows opens a cell at its begin, closes it at its end, or is doubled within.
        False may also mean that it cannot be told at a glance."""
        if b'"' not in text:
            return True
        separators = re.escape(self._separators)
        if b'""' in text:
            # Doubled quotes at the begin of a cell are an empty cell, or begin one.
            if re.search(rb'(?:^|[%s])(?:"")+[^"%s]' % (separators, separators), text):
                return False
            text = text.replace(b'""', b"")
        pieces = text.split(b'"')
        if len(pieces) % 2 == 0:
            return False
        outside = b'"'.join(pieces[::2])
        # In between, one character may end a cell and begin the next.
        cells = len(pieces) // 2
        before = outside.startswith(b'"') + sum(outside.count(b"%c" % c + b'"') for c in self._separators)
        behind = outside.endswith(b'"') + sum(outside.count(b'"' + b"%c" % c) for c in self._separators)
        return before == behind == cells

    def _scan(self, rows: int | None) -> tuple[int | None, int | None]:
        """Ends of the row with this number, from 1, and of the last whole row of the rest, looking at each
        quote."""
        text, at, count, last = self._rest, 0, 0, None
        while True:
            quote = self._opening(text, at)
            for end in _END.finditer(text, at, len(text) if quote is None else quote):
                if end.end() == len(text) and not self._ended and rows is None:
                    break
                count, last = count + 1, end.end()
                if count == rows:
                    return last, last
            cell = None if quote is None else _CELL.match(text, quote)
            if cell is None:
                return None, last
            at = cell.end()

    def _opening(self, text: bytes, at: int) -> int | None:
        """Where the next quoted cell begins, from `at`, which lies outside of one."""
        while (at := text.find(b'"', at)) >= 0:
            if at == 0 or text[at - 1] in self._separators:
                return at
            at += 1
        return None

    def _check_quotes(self, text: bytes, rows: int | None, whole: bool = True) -> None:
        """Raises where a quoted cell is not closed, if the text is `whole`, or has text behind it."""
        at = 0
        while (quote := self._opening(text, at)) is not None:
            cell = _CELL.match(text, quote)
            if cell is None:
                if whole:
                    raise TableError(f"{self._place(text, quote, rows)}: a quoted cell is not closed")
                return
            at = cell.end()
            if at < len(text) and text[at] not in self._separators:
                shown = quoted(text[quote : at + 1].decode(errors="replace"))
                raise TableError(
                    f"{self._place(text, quote, rows)}: text behind the closing quote of {shown}: "
                    "is a quote left open before?"
                )

    def _check_encoding(self, text: bytes, rows: int | None) -> None:
        if text.isascii():
            return
        try:
            text.decode()
        except UnicodeDecodeError as error:
            raise TableError(
                f"{self._place(text, error.start, rows)}: byte 0x{text[error.start]:02x} is not UTF-8: "
                "save the file as UTF-8"
            ) from None

    def _place(self, text: bytes, at: int, rows: int | None) -> str:
        """Which row of the file lies at a byte of the text, of which so many rows lie before."""
        if rows is None:
            return "the header"
        lines = _END.split(_CELL.sub(b"x", text[:at]))
        before = lines[:-1] if len(self.names) == 1 else [line for line in lines[:-1] if line]
        return f"row {rows + len(before) + 1}"

    def _parsed(self, block: bytes) -> pa.RecordBatch:
        table = self._read_csv(block).combine_chunks()
        batches = table.to_batches()
        return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema)

    def _read_csv(self, text: bytes) -> pa.Table:
        from pyarrow import csv as arrow_csv

        ragged: list[Any] = []

        def refuse(row: Any) -> str:
            ragged.append(row)
            return "error"

        try:
            return arrow_csv.read_csv(
                pa.BufferReader(text),
                arrow_csv.ReadOptions(use_threads=False, block_size=len(text) + 1, column_names=self.names),
                arrow_csv.ParseOptions(
                    delimiter=self._delimiter,
                    newlines_in_values=True,
                    # A missing answer, where a row has one cell.
                    ignore_empty_lines=len(self.names) > 1,
                    invalid_row_handler=refuse,
                ),
                # Texts, so that cells which are not read come out as they went in.
                arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(self.names, pa.string()),
                    strings_can_be_null=False,
                    quoted_strings_can_be_null=False,
                    check_utf8=False,
                ),
            )
        except pa.ArrowInvalid as error:
            if not ragged:
                raise TableError(str(error).splitlines()[0]) from None
            row = ragged[0]
            raise TableError(
                f"row {self._rows + row.number}: Expected {row.expected_columns} columns, "
                f"got {row.actual_columns}: {quoted(row.text)}"
            ) from None
