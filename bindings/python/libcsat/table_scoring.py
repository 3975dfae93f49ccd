"""Scores of the rows of a table: what `Policy.score()` gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from libcsat import _capi
from libcsat.arguments import refuses_bad_rows, thread_count
from libcsat.error import TableError
from libcsat.tables import add_hint, check_absent, one_batch, score_table, with_nulls

_MOST_REASONS = 16
_REASONS = 3


def score_rows(
    plan: _capi.Plan,
    table: Any,
    period_vetoes: list[str],
    *,
    explain: bool | int | str,
    threads: int | None,
    subject: str | None,
    period: str | None,
    each_row_alone: bool,
    absent: Sequence[str],
    bad_rows: str,
    exact: bool,
    prefix: str,
) -> Any:
    """The table with the result columns behind its own.

    Args:
        period_vetoes: The vetoes that reach all rows of a subject in a period.
        explain, threads, subject, period, each_row_alone, absent, bad_rows, exact, prefix: As for
            `Policy.score()`.
    """
    reasons, base, contributions = _explained(explain)
    keys = period_keys(subject, period, each_row_alone)
    threads = thread_count(threads)
    refuse = refuses_bad_rows(bad_rows)
    if not keys and not each_row_alone:
        need_no_keys(period_vetoes)

    fields = [name for name, _, _ in plan.fields()]
    made = ["score", "grade", "outcome", "reason"]
    made += ["base", "without_veto"] if base else []
    made += [f"contribution.{id}" for id in plan.indicators()] if contributions else []
    made += [f"{word}_{i + 1}" for i in range(reasons) for word in ("reason", "lost")]

    check_absent(absent, fields)
    seen: list[str] = []

    def clash(names: Sequence[str]) -> None:
        seen[:] = names
        taken = set(names)
        for name in made:
            if prefix + name in taken:
                raise TableError(f"the table has a column '{prefix + name}' already: give another prefix")
        check_absent(absent, fields, names)

    def run(columns: Any) -> Any:
        if absent:
            columns = with_nulls(columns, absent)
        return _capi.score_table(
            plan,
            one_batch(columns) if keys else columns,
            threads=threads,
            refuse_bad_rows=refuse,
            base=base,
            contributions=contributions,
            exact=exact,
            top_reasons=reasons,
            subject=subject or "",
            period=period or "",
            prefix=prefix,
        )

    try:
        return score_table(table, fields + keys, clash, run, whole=bool(keys))
    except TableError as error:
        add_hint(error, seen, fields + keys)
        raise


def period_keys(subject: str | None, period: str | None, each_row_alone: bool) -> list[str]:
    """The columns of subject and period; none of them where neither is given."""
    if (subject is None) != (period is None):
        raise ValueError("subject and period: give both or none")
    if subject is None or period is None:
        return []
    if each_row_alone:
        raise ValueError("each_row_alone together with subject and period: give one of them")
    return [subject, period]


def need_no_keys(vetoes: list[str]) -> None:
    """Raises where there is a veto that reaches all rows of a subject in a period."""
    if vetoes:
        raise TableError(
            f"veto '{vetoes[0]}' reaches all rows of a subject in a period: name their columns as "
            "subject and period, or give each_row_alone=True"
        )


def _explained(explain: bool | int | str) -> tuple[int, bool, bool]:
    """Number of reasons, whether base and without_veto, whether contributions."""
    if explain is False:
        return 0, False, False
    if explain is True:
        return _REASONS, True, True
    if explain == "contributions":
        return 0, True, True
    if isinstance(explain, int) and 1 <= explain <= _MOST_REASONS:
        return explain, False, False
    raise ValueError(
        f"explain {explain!r} is neither a bool, 'contributions', nor 1 to {_MOST_REASONS} reasons"
    )
