"""Refused rows: where, by which rule, and what stood there."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from libcsat.intake.rules import RULES, message, shown

# Characters of a value that the table keeps; the file has the rest.
_KEPT = 1000

SCHEMA = pa.schema(
    [
        pa.field("file", pa.string(), nullable=False),
        # Number of the row's first line in a text file, of the row in a sheet, of the record or case
        # elsewhere; from 1.
        pa.field("row", pa.int64(), nullable=False),
        # Its last line: a cell in quotes may span several.
        pa.field("last_row", pa.int64(), nullable=False),
        # Heading of the column; null where the row as a whole is at fault.
        pa.field("column", pa.string()),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("value", pa.string()),
        pa.field("message", pa.string(), nullable=False),
    ]
)


@dataclass
class Rejections:
    """Collects the defects of one file. A row may have several; it is one rejected row all the same."""

    file: str
    language: str = "en"
    _rows: list[int] = field(default_factory=list)
    _last: list[int] = field(default_factory=list)
    _columns: list[str | None] = field(default_factory=list)
    _rules: list[str] = field(default_factory=list)
    _values: list[str | None] = field(default_factory=list)
    _limits: list[str | None] = field(default_factory=list)

    def add(
        self,
        rule: str,
        row: int,
        column: str | None = None,
        value: str | None = None,
        limit: str | None = None,
        last_row: int | None = None,
    ) -> None:
        assert rule in RULES, rule
        self._rows.append(row)
        self._last.append(last_row or row)
        self._columns.append(None if column is None else shown(column, _KEPT))
        self._rules.append(rule)
        self._values.append(None if value is None else shown(value, _KEPT))
        self._limits.append(limit)

    def rows(self) -> set[int]:
        """Numbers of the rejected rows."""
        return set(self._rows)

    def span(self) -> int:
        """Lines of the rejected rows."""
        lines = {row: last - row + 1 for row, last in zip(self._rows, self._last, strict=True)}
        return sum(lines.values())

    def table(self) -> pa.Table:
        """In the order of rows, and of columns as they were found."""
        order = sorted(range(len(self._rows)), key=self._rows.__getitem__)
        messages = [message(self._rules[i], self.language, self._values[i], self._limits[i]) for i in order]
        columns = [
            pa.array([self.file] * len(order), pa.string()),
            *(
                pa.array([values[i] for i in order], type)
                for values, type in (
                    (self._rows, pa.int64()),
                    (self._last, pa.int64()),
                    (self._columns, pa.string()),
                    (self._rules, pa.string()),
                    (self._values, pa.string()),
                )
            ),
            pa.array(messages, pa.string()),
        ]
        return pa.Table.from_arrays(columns, schema=SCHEMA)
