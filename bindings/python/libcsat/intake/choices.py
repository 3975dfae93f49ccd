"""Several answers in one cell, each made a column of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa

from libcsat.error import TableError
from libcsat.intake.limits import Limits
from libcsat.intake.plan import FLAG, TEXTS, Column

if TYPE_CHECKING:
    from libcsat.intake.assemble import Cells, Made

# An option with what a respondent wrote beside it: 其他〖价格〗.
_OPTION = re.compile(r"([^〖〗]*)(?:〖(.*)〗)?\s*", re.DOTALL)
_BRACKETS = {"〖": 1, "〗": -1}


def split(column: Column, cells: Cells, limits: Limits) -> Made:
    """A column of 1 and 0 for each option that anybody chose, null where the cell is blank. What was written
    beside an option becomes a column of texts."""
    answers, written = _parts(column, cells, limits)
    made: Made = []
    for option in _options(column, answers, limits):
        chosen = [None if parts is None else int(option in parts) for parts in answers]
        made.append((_field(column, option, FLAG), pa.array(chosen, FLAG).take(cells.indices)))
        notes = [None if texts is None else texts.get(option) for texts in written]
        if any(note is not None for note in notes):
            array = pa.array(notes, pa.string()).take(cells.indices).dictionary_encode()
            made.append((_field(column, option, TEXTS, suffix="_text"), array))
    return made


def ranks(column: Column, cells: Cells, limits: Limits) -> Made:
    """A column for each option with the place that it was given, from 1; null where it was given none."""
    answers, _ = _parts(column, cells, limits)
    made: Made = []
    for option in _options(column, answers, limits):
        places = [
            parts.index(option) + 1 if parts is not None and option in parts else None for parts in answers
        ]
        made.append(
            (_field(column, option, pa.float64()), pa.array(places, pa.float64()).take(cells.indices))
        )
    return made


def _parts(
    column: Column, cells: Cells, limits: Limits
) -> tuple[list[list[str] | None], list[dict[str, str] | None]]:
    answers: list[list[str] | None] = []
    written: list[dict[str, str] | None] = []
    bad: dict[int, tuple[str, str | None]] = {}
    for at, text in enumerate(cells.texts):
        options: list[str] = []
        notes: dict[str, str] = {}
        for part in _cut(text, column.separator or ""):
            match = _OPTION.fullmatch(part)
            option = match.group(1).strip() if match else ""
            options.append(option)
            if match and (match.group(2) or "").strip():
                notes[option] = match.group(2).strip()
        if "" in options or len(set(options)) < len(options):
            bad[at] = ("bad-options", None)
            answers.append(None)
            written.append(None)
        else:
            answers.append(options)
            written.append(notes)
    cells.reject(bad)
    return answers, written


def _cut(text: str, separator: str) -> list[str]:
    """The parts of a text; a separator within brackets was written by the respondent."""
    parts: list[str] = []
    depth = 0
    for part in text.split(separator):
        if depth > 0:
            parts[-1] += separator + part
        else:
            parts.append(part)
        for character in part:
            depth += _BRACKETS.get(character, 0)
            if depth < 0:
                return [""]
    return parts if depth == 0 else [""]


def _options(column: Column, answers: list[list[str] | None], limits: Limits) -> list[str]:
    """In an order that does not depend on the rows."""
    found = {option for parts in answers if parts is not None for option in parts}
    if len(found) > limits.options:
        raise TableError(
            f"question '{column.name}' has {len(found)} options, more than {limits.options}: "
            f"read it as text (--text '{column.name}')"
        )
    return sorted(found, key=lambda option: (len(option), option) if option.isdigit() else (1 << 20, option))


def _field(column: Column, option: str, type: pa.DataType, suffix: str = "") -> pa.Field:
    about = column.metadata() | {
        "csat.role": "option" if not suffix else "question",
        "csat.question": column.name,
        "csat.option": column.labels.get(option, option),
    }
    return pa.field(f"{column.name}_{option}{suffix}", type, metadata=about)
