"""How results show themselves: as text, as a Rich table in a terminal, as HTML in a notebook."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

# Controls, line and paragraph separators, marks and changes of direction, halves of surrogate pairs.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_CELL = "padding:2px 10px;border-bottom:1px solid #8884;vertical-align:top"


class Shown:
    """Base of results that show themselves by a `grid()`."""

    def grid(self) -> Grid:
        raise NotImplementedError

    def __repr__(self) -> str:
        return self.grid().text()

    def _repr_html_(self) -> str:
        return self.grid().html()

    def __rich__(self) -> Any:
        return self.grid().rich()


class Sheet(Shown):
    """Base of results that show themselves by several grids, one below another."""

    def grids(self) -> list[Grid]:
        raise NotImplementedError

    def grid(self) -> Grid:
        return self.grids()[0]

    def __repr__(self) -> str:
        return "\n\n".join(grid.text() for grid in self.grids())

    def _repr_html_(self) -> str:
        return "".join(grid.html() for grid in self.grids())

    def __rich__(self) -> Any:
        from rich.console import Group

        return Group(*(grid.rich() for grid in self.grids()))


@dataclass(repr=False)
class Grid(Shown):
    """A small table of texts.

    Attributes:
        title: Line above it.
        header: Names of the columns.
        rows: The texts.
        right: Columns that hold figures.
        emphasised: Indices of rows to be set in bold.
        note: Line below it; "" for none.
    """

    title: str
    header: list[str]
    rows: list[list[str]] = field(default_factory=list)
    right: frozenset[int] = frozenset()
    emphasised: set[int] = field(default_factory=set)
    note: str = ""

    def grid(self) -> Grid:
        return self

    def add(self, row: Sequence[object], emphasised: bool = False) -> None:
        if emphasised:
            self.emphasised.add(len(self.rows))
        self.rows.append(["" if cell is None else visible(str(cell)) for cell in row])

    def text(self) -> str:
        """Columns side by side in plain text. Wide characters count as two."""
        lines = [self.title] if self.title else []
        if self.rows:
            table = [self.header, *self.rows]
            widths = [max(_width(row[i]) for row in table) for i in range(len(self.header))]
            for row in table:
                cells = [
                    " " * (widths[i] - _width(cell)) + cell
                    if i in self.right
                    else cell + " " * (widths[i] - _width(cell))
                    for i, cell in enumerate(row)
                ]
                lines.append("  ".join(cells).rstrip())
        if self.note:
            lines.append(self.note)
        return "\n".join(lines)

    def html(self) -> str:
        """An HTML table without scripts; every text is escaped."""
        parts = [f"<p><b>{escape(self.title)}</b></p>" if self.title else ""]
        if self.rows:
            parts.append("<table style='border-collapse:collapse'><thead><tr>")
            parts += [
                f"<th style='{self._style(i)}'>{escape(name)}</th>" for i, name in enumerate(self.header)
            ]
            parts.append("</tr></thead><tbody>")
            for number, row in enumerate(self.rows):
                weight = ";font-weight:bold" if number in self.emphasised else ""
                cells = "".join(
                    f"<td style='{self._style(i)}{weight}'>{escape(cell).replace('  ', '&emsp;')}</td>"
                    for i, cell in enumerate(row)
                )
                parts.append(f"<tr>{cells}</tr>")
            parts.append("</tbody></table>")
        if self.note:
            parts.append(f"<p>{escape(self.note)}</p>")
        return "".join(parts)

    def rich(self) -> Table:
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table(
            title=Text(self.title) if self.title else None,
            caption=Text(self.note) if self.note else None,
            box=box.SIMPLE_HEAD,
            title_justify="left",
            caption_justify="left",
        )
        for i, name in enumerate(self.header):
            table.add_column(Text(name), justify="right" if i in self.right else "left")
        for number, row in enumerate(self.rows):
            table.add_row(*map(Text, row), style="bold" if number in self.emphasised else None)
        return table

    def _style(self, column: int) -> str:
        return f"{_CELL};text-align:{'right' if column in self.right else 'left'}"


def chinese(language: str) -> bool:
    """Whether a language tag, such as zh or zh-CN, asks for Chinese words."""
    return language.partition("-")[0] == "zh"


def visible(text: str) -> str:
    """The text in one line, with nothing in it that a terminal would obey: control characters, line
    separators and changes of the direction of writing stand as ``\\n``, ``\\x1b``, ``\\u202e``.
    """
    return _UNSEEN.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def _width(text: str) -> int:
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
