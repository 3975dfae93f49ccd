"""What the columns of a file mean: the plan that a profile makes of a header, before any row is read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from libcsat.intake.limits import ID_BYTES, Limits

TEXTS = pa.dictionary(pa.int32(), pa.string())
UTC_MILLIS = pa.timestamp("ms", "UTC")
LOCAL_MILLIS = pa.timestamp("ms")
FLAG = pa.int8()

# The columns that every file's rows share, in their order. Times without a known zone have the type
# LOCAL_MILLIS.
STANDARD: dict[str, pa.DataType] = {
    "response_id": pa.string(),
    "respondent_id": pa.string(),
    "wave": pa.string(),
    "started_at": UTC_MILLIS,
    "submitted_at": UTC_MILLIS,
    "duration_ms": pa.int64(),
    "finished": pa.bool_(),
    "is_test": pa.bool_(),
    "language": pa.string(),
    "channel": pa.string(),
}
_STANDARD_KINDS = {
    "response_id": "id",
    "respondent_id": "id",
    "started_at": "time",
    "submitted_at": "time",
    "duration_ms": "duration",
    "finished": "boolean",
    "is_test": "boolean",
}
# The format of the table, in its schema's metadata.
SHAPE_KEY, SHAPE = b"csat.shape", b"responses/1"


@dataclass
class Column:
    """One column to be made.

    Attributes:
        at: Position of the cells that it is made of.
        name: Of the column.
        kind: How cells become values; one of those in assemble.py.
        role: "standard", "question", "option" (of a multi-select question), "attribute" or "missing" (why the
            column beside it is null).
        heading: As the file has it; rejections name it.
        text: The question.
        question: Code of the question that an option or a matrix row belongs to.
        option: Text of the option, or label of the matrix row.
        labels: Text of each code.
        missing: Codes that stand for "no answer", with the reason.
        ranges: User-missing ranges of numbers, both ends in.
        words: Values of words, for kinds that know theirs.
        least, most: The scale.
        separator: Between options in one cell.
        unit: Of a duration.
        parts: Positions of further cells that a key is made of.
        personal: Whether the profile knows the column to identify a person.
        required: Whether a blank cell breaks the rule "missing-id".
        note: How the type was found.
    """

    at: int
    name: str
    kind: str = "auto"
    role: str = "question"
    heading: str | None = None
    text: str | None = None
    question: str | None = None
    option: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    ranges: list[tuple[Any, Any]] = field(default_factory=list)
    words: Mapping[str, Any] = field(default_factory=dict)
    least: float | None = None
    most: float | None = None
    separator: str | None = None
    unit: str = "s"
    parts: tuple[int, ...] = ()
    personal: bool = False
    required: bool = False
    note: str | None = None

    def metadata(self, **more: str | None) -> dict[str, str]:
        """Of the field."""
        about: dict[str, str | None] = {
            "csat.role": self.role,
            "csat.heading": self.heading,
            "csat.text": self.text,
            "csat.question": self.question,
            "csat.option": self.option,
            "csat.labels": _json(self.labels),
            "csat.missing": _json(self.missing | _named(self.ranges, self.labels)),
            "csat.scale": _json([self.least, self.most]) if self.least is not None else None,
            "csat.personal": "yes" if self.personal else None,
            "csat.type": self.note,
        }
        return {key: value for key, value in (about | more).items() if value}

    def field(self, type: pa.DataType, **more: str | None) -> pa.Field:
        return pa.field(self.name, type, metadata=self.metadata(**more))


@dataclass
class Plan:
    """What a profile says of a file.

    Attributes:
        header_rows: Rows above the first one of data.
        why_header: What they are.
        columns: To be made.
        zone: The zone that the file itself says of its times.
        dates: Order of day and month in dates with slashes, where the profile knows it.
        decimal: The decimal sign.
        trailer: Says why a last row of another width is no data.
        refine: Called with the plan and the different texts of each column of cells before values are made.
        key: "id" where rows have one, "content" where one is made of all cells.
        notes: For the report.
    """

    header_rows: int
    why_header: str
    columns: list[Column]
    zone: str | None = None
    dates: str = "ymd"
    decimal: str = "."
    trailer: Callable[[list[str], int], str | None] | None = None
    refine: Callable[[Plan, Callable[[int], list[str]]], None] | None = None
    key: str = "id"
    notes: list[str] = field(default_factory=list)

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True)
class Options:
    """What the caller says beyond the file. docs/intake.md describes each."""

    profile: str | None = None
    zone: ZoneInfo | None = None
    wave: str | None = None
    channel: str | None = None
    encoding: str | None = None
    separator: str | None = None
    dates: str | None = None
    decimal: str | None = None
    sheet: str | None = None
    response: str | None = None
    respondent: str | None = None
    numbers: Sequence[str] = ()
    texts: Sequence[str] = ()
    multi: Mapping[str, str | None] = field(default_factory=dict)
    tests: Sequence[tuple[str, str]] = ()
    mapping: Mapping[str, Any] | None = None
    language: str = "en"
    limits: Limits = field(default_factory=Limits)

    def forced(self, column: Column) -> str | None:
        """The kind that the caller wants for a column of answers."""
        for kind, patterns in (("number", self.numbers), ("text", self.texts)):
            for pattern in patterns:
                if fnmatchcase(column.name, pattern) or fnmatchcase(column.heading or "", pattern):
                    return kind
        return None


def standard(name: str, at: int, heading: str | None = None, **more: Any) -> Column:
    """A column of STANDARD."""
    kind = more.pop("kind", None) or _STANDARD_KINDS.get(name, "word")
    return Column(
        at, name, kind, "standard", heading, required=more.pop("required", name == "response_id"), **more
    )


def replaced(plan: Plan, column: Column) -> None:
    """Another column is the standard one that this was: its cells stay, as an attribute."""
    if column.kind in _MADE:
        plan.columns.remove(column)
        return
    column.name = name_of(column.heading or column.name, column.at)
    column.role, column.kind, column.required = "attribute", "text", False


def attribute(name: str, at: int, heading: str | None = None, **more: Any) -> Column:
    """A column that is neither of STANDARD nor an answer."""
    return Column(at, name, more.pop("kind", "text"), "attribute", heading or name, **more)


# Kinds of columns that are made of the cells of others.
_MADE = ("constant", "content", "first", "key", "present")
_SPACES = re.compile(r"\s+")


def name_of(heading: str, at: int) -> str:
    """A column name out of a heading: its words, where they are not too many."""
    name = _SPACES.sub(" ", heading).strip()
    return name if name and len(name.encode()) <= ID_BYTES else f"column_{at + 1}"


def unique_names(plan: Plan) -> None:
    """Makes names of columns differ; whoever comes later gets a number."""
    seen: set[str] = set()
    taken = {column.name for column in plan.columns if column.role == "standard"}
    for column in plan.columns:
        if column.role == "standard":
            continue
        name, n = column.name, 2
        while name in seen or name in taken:
            name, n = f"{column.name}_{n}", n + 1
        if name != column.name:
            plan.notes.append(f"column '{column.name}' stands twice: the later one is '{name}'")
            column.name = name
        seen.add(name)


def _named(ranges: Sequence[tuple[Any, Any]], labels: Mapping[str, str]) -> dict[str, str]:
    named = {}
    for low, high in ranges:
        ends = [f"{end:g}" if isinstance(end, float) else str(end) for end in (low, high)]
        code = ends[0] if low == high else " to ".join(ends)
        named[code] = labels.get(code, "user-missing")
    return named


def _json(value: Any) -> str | None:
    return json.dumps(value, ensure_ascii=False) if value else None
