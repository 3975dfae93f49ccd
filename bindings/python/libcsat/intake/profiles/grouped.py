"""Questions that are spread over several columns, and which of those are options of a multi-select
question."""

from __future__ import annotations

from collections.abc import Callable

from libcsat.intake.plan import Column, Plan

# How a plan sees the different texts of a column of cells.
Texts = Callable[[int], list[str]]


def mark_options(plan: Plan, texts: Texts, mark: str | None = None) -> None:
    """Columns of one question whose answers repeat the column's own option are options: 1 where it stands.

    A question is multi-select where at least one of its columns holds its own option's text (or `mark`);
    other texts in such a column are refused. A column without any answer beside them is an option that nobody
    chose.
    """
    groups: dict[str, list[Column]] = {}
    for column in plan.columns:
        if column.question is not None and column.option is not None and column.kind == "auto":
            groups.setdefault(column.question, []).append(column)
    for members in groups.values():
        found = [_stripped(texts(column.at)) for column in members]
        own = [
            column for column, words in zip(members, found, strict=True) if (mark or _own(column)) in words
        ]
        if not own:
            continue
        for column, words in zip(members, found, strict=True):
            if column in own or not words:
                column.kind, column.role = "option", "option"
                column.words = {mark or _own(column): 1}
            else:
                column.kind = "text"


def _own(column: Column) -> str:
    return (column.option or "").strip()


def _stripped(words: list[str]) -> set[str]:
    return {word.strip() for word in words}
