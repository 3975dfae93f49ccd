"""What a profile is: how an export of one tool is recognised, and what its columns mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from libcsat.intake.plan import Options, Plan
from libcsat.intake.raw import Row


class BadRecordError(Exception):
    """A JSON record that is none of the profile's: rule, place in it, value, limit."""

    def __init__(
        self, rule: str, column: str | None = None, value: str | None = None, limit: str | None = None
    ) -> None:
        super().__init__(rule)
        self.rule, self.column, self.value, self.limit = rule, column, value, limit


class Flattener(Protocol):
    """Makes a row of cells of each JSON record."""

    def cells(self, record: dict[str, Any]) -> dict[str, str | None]:
        """By heading. Raises BadRecordError."""

    def plan(self, headings: list[str], options: Options) -> Plan:
        """What the headings that came up mean."""


@dataclass(frozen=True)
class Profile:
    """A profile.

    Attributes:
        name: For --profile.
        title: For people.
        recognise: Says why the first rows of a table are this profile's, or None.
        plan: What the columns mean, of the first rows.
        recognise_records: The same for JSON: of the key of the array and its first records.
        flattener: Of JSON records.
        long: Whether a row is an answer instead of a response.
    """

    name: str
    title: str
    recognise: Callable[[list[Row]], str | None] | None = None
    plan: Callable[[list[Row], Options], Plan] | None = None
    recognise_records: Callable[[str, list[Any]], str | None] | None = None
    flattener: Callable[[str], Flattener] | None = None
    long: bool = False


class PlainFlattener:
    """Records whose keys are the headings of a profile's table."""

    def __init__(self, plan: Callable[[list[Row], Options], Plan]) -> None:
        self._plan = plan

    def cells(self, record: dict[str, Any]) -> dict[str, str | None]:
        return {key: scalar(key, value) for key, value in record.items()}

    def plan(self, headings: list[str], options: Options) -> Plan:
        return self._plan([Row(1, 1, headings)], options)


def scalar(key: str, value: Any) -> str | None:
    """The text of a JSON value.

    Raises:
        BadRecordError: an object or an array.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    raise BadRecordError("unknown-value", key, kind(value), "text, number, true, false, null")


def kind(value: Any) -> str:
    """What a JSON value is, in a word."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    return "null" if value is None else str(value)
