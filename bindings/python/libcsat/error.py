"""What can go wrong. Every message is one line naming the thing, the value and the limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from libcsat.diagnostic import Diagnostics

__all__ = [
    "ChainError",
    "CsatError",
    "IncidentError",
    "NoTableError",
    "NotFoundError",
    "PolicyError",
    "ProofError",
    "RecordError",
    "SpecError",
    "TableError",
]


class CsatError(Exception):
    """Base of all errors of libcsat.

    Attributes:
        code: Name of the status, such as ``"INVALID_ARGUMENT"`` or ``"NOT_FOUND"``.
        path: Field path of the place in a policy, such as ``scorecards[0].vetoes[1]``, or the name of a file.
            None where the error has no such place.
        line: Line in the text, from 1. None where the error has no place in a text.
        column: Byte column in that line, from 1.
    """

    code: str
    path: str | None
    line: int | None
    column: int | None

    def __init__(
        self,
        message: str,
        *,
        code: str = "INVALID_ARGUMENT",
        path: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.path = path
        self.line = line
        self.column = column


class PolicyError(CsatError, ValueError):
    """A policy that does not load.

    Attributes:
        diagnostics: All findings, the error among them.
    """

    diagnostics: Diagnostics

    def __init__(self, message: str, *, diagnostics: Diagnostics, code: str = "INVALID_ARGUMENT") -> None:
        first = next((d for d in diagnostics if d.severity == "error"), None)
        super().__init__(
            message,
            code=code,
            path=first.path if first else None,
            line=first.line if first else None,
            column=first.column if first else None,
        )
        self.diagnostics = diagnostics


class NotFoundError(CsatError, LookupError):
    """No policy, scorecard or profile of that name. The message lists the names there are."""


class RecordError(CsatError, ValueError):
    """A value that cannot be scored: off its scale, not a number, negative where a count is wanted."""


class TableError(CsatError, ValueError):
    """A table that cannot be scored: a column is missing or has a type that cannot be read, or a file that
    does not hold a table."""


class NoTableError(TableError, TypeError):
    """What was given is no table at all."""


class SpecError(CsatError, ValueError):
    """A spec of aggregates, a sample or its bytes that cannot be used: unknown or contradicting parts,
    bytes that were cut off or changed, or aggregates of different specs (code ``"FAILED_PRECONDITION"``)."""


class IncidentError(CsatError, ValueError):
    """A step of an incident that is not allowed, or incidents that cannot be counted. The code is
    ``"FAILED_PRECONDITION"`` where the incident's state does not allow the step."""


class ChainError(CsatError, ValueError):
    """A chain of publications that was changed (code ``"DATA_LOSS"``), or an amendment that is none."""


class ProofError(CsatError, ValueError):
    """A proof of a sample that its frame does not bear out, code ``"DATA_LOSS"``; or no such proof."""
