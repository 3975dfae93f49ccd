"""A file's rows as columns of cells, before anybody has said what they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa

from libcsat.intake.rejections import Rejections

# A byte order mark within a text: another file begins there.
_MARK = "\ufeff"
# Called with the bytes read so far.
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Passed:
    """Lines that are no data.

    Attributes:
        what: "header", "blank" or "trailer".
    """

    first: int
    last: int
    what: str
    reason: str


@dataclass(frozen=True)
class Row:
    """One row of a text file or a sheet."""

    first: int
    last: int
    cells: list[str]


@dataclass(frozen=True)
class Broken:
    """A row that is no row of cells, or holds what is no text. `column` counts from 0."""

    first: int
    last: int
    rule: str
    column: int | None
    value: str
    limit: str | None = None
    cells: list[str] | None = None


@dataclass
class Block:
    """Rows of equal width, with those that are not and those that are empty."""

    rows: list[list[str]] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    lasts: list[int] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    blank: list[tuple[int, int]] = field(default_factory=list)


class RowSource(Protocol):
    """A file that holds rows of cells."""

    path: str
    # What the report says of how the file is read.
    reading: dict[str, str]
    size: int
    # Lines before the header.
    prelude: list[Passed]

    def head(self, rows: int) -> list[Row]:
        """The first rows that are not empty."""

    def blocks(self, width: int, skip_rows: int) -> Iterator[Block]:
        """All rows after the first `skip_rows` that are not empty."""

    def position(self) -> int:
        """Bytes read so far."""

    def lines(self) -> int:
        """Lines of the whole file, once blocks() has ended."""


@dataclass
class Raw:
    """Cells by columns: dictionaries of texts, or arrays of a file's own types.

    Attributes:
        headings: Of the columns, as the file has them.
        named: Positions of the columns that any header row names.
        rows: Number of each row's first line.
        spans: Lines of all rows that were read; None where rows have no lines of their own.
        read: Rows read, the rejected ones among them.
    """

    headings: list[str]
    columns: list[pa.Array]
    rows: pa.Array
    spans: int | None
    read: int
    lines: int
    passed: list[Passed]
    named: frozenset[int] = frozenset()

    @property
    def num_rows(self) -> int:
        return len(self.rows)


# Says why a row that is not as wide as the header is no data, or None. It may only be the last one.
Trailer = Callable[[list[str], int], str | None]


def gather(
    source: RowSource,
    header: Sequence[Row],
    headings: list[str],
    why_header: str,
    rejections: Rejections,
    trailer: Trailer | None = None,
    done: Progress = lambda read: None,
) -> Raw:
    """Reads all rows of a source below its header."""
    width = len(headings)
    chunks: list[list[pa.Array]] = [[] for _ in headings]
    firsts: list[pa.Array] = []
    passed = source.prelude + [Passed(row.first, row.last, "header", why_header) for row in header]
    read = spans = 0
    last_line = header[-1].last if header else 0
    # A row of another width is a trailer only where nothing comes after it.
    odd: Broken | None = None

    def reject(row: Broken) -> None:
        column = None if row.column is None or row.column >= width else headings[row.column]
        rejections.add(row.rule, row.first, column, row.value, row.limit, row.last)

    for block in source.blocks(width, len(header)):
        read += len(block.rows) + len(block.broken)
        spans += sum(block.lasts) - sum(block.firsts) + len(block.rows)
        spans += sum(row.last - row.first + 1 for row in block.broken)
        for first, last in block.blank:
            passed.append(Passed(first, last, "blank", "nothing stands there"))
        if block.lasts:
            last_line = max(last_line, block.lasts[-1])
        if odd is not None and (block.rows or block.broken):
            reject(odd)
            odd = None
        for row in block.broken:
            if odd is not None:
                reject(odd)
                odd = None
            last_line = max(last_line, row.last)
            is_last = row is block.broken[-1] and row.last == last_line
            if is_last and trailer is not None and row.cells is not None:
                odd = row
            else:
                reject(row)
        for row in _headers_again(block, header):
            reject(row)
        if block.rows and trailer is not None and block.lasts[-1] == last_line:
            # Rows of a sheet, or of a text file that went through one, are all of one width.
            end = block.rows[-1]
            if trailer(end, width) is not None:
                found = str(sum(map(bool, end)))
                odd = Broken(block.firsts[-1], block.lasts[-1], "ragged-row", None, found, str(width), end)
                del block.rows[-1], block.firsts[-1], block.lasts[-1]
        if block.rows:
            for cells, column in zip(zip(*block.rows, strict=True), chunks, strict=True):
                column.append(pa.array(cells, pa.string()).dictionary_encode())
            firsts.append(pa.array(block.firsts, pa.int64()))
        done(source.position())
    if odd is not None and odd.cells is not None:
        reason = trailer(odd.cells, width) if trailer else None
        if reason is None:
            reject(odd)
        else:
            read -= 1
            spans -= odd.last - odd.first + 1
            passed.append(Passed(odd.first, odd.last, "trailer", reason))
    columns = [joined(parts) for parts in chunks]
    rows = pa.chunked_array(firsts, pa.int64()).combine_chunks()
    return Raw(headings, columns, rows, spans, read, source.lines(), passed)


def _headers_again(block: Block, header: Sequence[Row]) -> list[Broken]:
    """Takes out of a block what repeats the header."""
    headers = {tuple(row.cells) for row in header if sum(map(bool, row.cells)) > 1}
    begins = {cells[0] for cells in headers}
    again = [
        at
        for at, (first, *rest) in enumerate(block.rows)
        if first.removeprefix(_MARK) in begins and (first.removeprefix(_MARK), *rest) in headers
    ]
    found = [Broken(block.firsts[at], block.lasts[at], "repeated-header", None, "") for at in again]
    for at in reversed(again):
        del block.rows[at], block.firsts[at], block.lasts[at]
    return found


def joined(parts: list[pa.Array]) -> pa.Array:
    """Dictionaries of texts, one after another, as one."""
    type = pa.dictionary(pa.int32(), pa.string())
    column = pa.chunked_array(parts, type).unify_dictionaries().combine_chunks()
    return column if isinstance(column, pa.Array) else pa.array([], type)
