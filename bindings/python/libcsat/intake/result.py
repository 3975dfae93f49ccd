"""What an import gives: the responses, what was refused, what was superseded, and counts that add up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from libcsat.intake.raw import Passed


@dataclass(frozen=True)
class Counts:
    """Rows of a file, or of several.

    `accepted + rejected == read`, and for a file of text `header + blank + trailer` and the lines of its rows
    are `lines`: both are checked on every import. A row is a response, but in a long feedback record, where
    it is an answer.

    Attributes:
        lines: Lines of a text file, rows of a sheet, lines of JSON, cases of a table.
        header, blank, trailer: Lines that are no data.
        read: Rows of data.
        accepted: Rows that became part of the responses, or are there already.
        rejected: Rows that did not; each has at least one line in `rejected`.
        repeated: Accepted rows that were there already, to the letter.
        superseded: Accepted forms that a later one replaced (A-90); they are in `superseded`.
        responses: Responses that are new.
    """

    lines: int = 0
    header: int = 0
    blank: int = 0
    trailer: int = 0
    read: int = 0
    accepted: int = 0
    rejected: int = 0
    repeated: int = 0
    superseded: int = 0
    responses: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in _NAMES})

    def as_dict(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in _NAMES}


_NAMES = tuple(Counts.__dataclass_fields__)


@dataclass(frozen=True)
class Source:
    """A file that was read.

    Attributes:
        path: Its name.
        profile: Which it was read by.
        reason: Why that one.
        reading: Encoding, separator, sheet: how it was read, each with its reason.
        counts: Of its rows.
        passed: Lines that are no data, with the reason.
        notes: What the caller may want to know.
    """

    path: str
    profile: str
    reason: str
    reading: dict[str, str]
    counts: Counts
    passed: tuple[Passed, ...] = ()
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "file": self.path,
            "profile": self.profile,
            "reason": self.reason,
            **self.reading,
            "counts": self.counts.as_dict(),
            "no_data": [vars(lines) for lines in self.passed],
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class Imported:
    """The result of an import.

    Attributes:
        responses: One row for each response, in the shape of docs/intake.md.
        rejected: One row for each defect: file, row, last_row, column, rule, value, message.
        superseded: Responses that a later form replaced, with `superseded_by`.
        sources: The files.
        counts: Of all files.
    """

    responses: pa.Table
    rejected: pa.Table
    superseded: pa.Table
    sources: tuple[Source, ...]
    counts: Counts = field(default_factory=Counts)

    def __repr__(self) -> str:
        made = self.counts
        return (
            f"Imported({made.read} rows read: {made.accepted} accepted, {made.rejected} rejected; "
            f"{self.responses.num_rows} responses)"
        )
