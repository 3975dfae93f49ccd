"""What is wrong with a form, and what of it has no counterpart."""

from __future__ import annotations

from typing import NoReturn

from libcsat.xlsform.columns import Line
from libcsat.xlsform.sheets import Unmapped, XlsFormError


class Ledger:
    """Takes down what has no counterpart, with its place.

    Attributes:
        unmapped: In the order of the form.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.unmapped: list[Unmapped] = []

    def note(self, line: Line, column: str, value: str, what: str) -> None:
        self.unmapped.append(Unmapped(line.sheet, line.row, column, value, what))

    def note_extra(self, line: Line) -> None:
        """The cells of columns that are not read."""
        for heading, text in line.extra.items():
            self.note(line, heading, text, "the column has no counterpart")

    def refuse(self, line: Line, column: str, what: str) -> NoReturn:
        """The form contradicts itself in a cell.

        Raises:
            XlsFormError: always.
        """
        value = line.cells.get(column, "")
        raise XlsFormError(
            f"{self.path}: sheet {line.sheet}, row {line.row}, column {column}: '{value[:80]}': {what}",
            path=self.path,
        )

    def refuse_row(self, line: Line, what: str) -> NoReturn:
        """The same of a row.

        Raises:
            XlsFormError: always.
        """
        raise XlsFormError(f"{self.path}: sheet {line.sheet}, row {line.row}: {what}", path=self.path)
