"""Simulations: what another policy, or another version of one, does to the same records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from libcsat import _capi
from libcsat.arguments import refuses_bad_rows, thread_count
from libcsat.error import TableError
from libcsat.show import Grid, Sheet
from libcsat.tables import (
    add_hint,
    batches_of,
    check_absent,
    floats_of_decimals,
    one_batch,
    package_of,
    same_kind,
    with_nulls,
)

__all__ = ["Simulation", "SimulationSide", "WeightSensitivity"]

# Names of lines that stand for none of the ledger's, in tables for people.
_NO_LINE = "(bands alone)"


@dataclass(frozen=True)
class SimulationSide:
    """One of the two policies of a simulation.

    Attributes:
        policy: Id of the policy.
        version: Its version.
        digest: Its digest; see Policy.digest.
        scorecard: Id of the scorecard.
        grades: Its grades, best first, then the outcomes, for records without a grade.
    """

    policy: str
    version: str
    digest: str
    scorecard: str
    grades: tuple[str, ...]


@dataclass(frozen=True)
class WeightSensitivity:
    """What one weight of the second policy does, moved by `step` while the others stay. In a scorecard with
    profiles the weight of each profile moves.

    Attributes:
        indicator: Id of the indicator, of the top level.
        weight: Its weight.
        step: A hundredth of the sum of weights.
        changed_up: Records whose grade changes with the weight one step higher.
        changed_down: With the weight one step lower.
        mean_up: Mean change of the score one step higher.
        mean_down: One step lower.
    """

    indicator: str
    weight: Decimal
    step: Decimal
    changed_up: int
    changed_down: int
    mean_up: Decimal
    mean_down: Decimal


class Simulation(Sheet):
    """The same records scored by two policies. Shows itself as tables."""

    def __init__(self, handle: _capi.Simulation, fields: list[str], keys: list[str], exact: bool) -> None:
        self._handle = handle
        self._fields = fields
        self._keys = keys
        self._exact = exact
        self._package = ""
        self._document: dict[str, Any] = {}

    @classmethod
    def _between(
        cls,
        plan: _capi.Plan,
        other: _capi.Plan,
        keys: list[str],
        *,
        threads: int | None,
        bad_rows: str,
        sensitivity: bool,
        max_changes: int,
        exact: bool,
    ) -> Simulation:
        """Of two plans; `keys`: the columns of subject and period, or none."""
        if max_changes < 0:
            raise ValueError(f"max_changes {max_changes} is negative")
        subject, period = keys or ("", "")
        handle = _capi.Simulation.create(
            plan,
            other,
            threads=thread_count(threads),
            refuse_bad_rows=refuses_bad_rows(bad_rows),
            sensitivity=sensitivity,
            max_changes=max_changes,
            subject=subject,
            period=period,
        )
        fields = list(dict.fromkeys(name for p in (plan, other) for name, _, _ in p.fields()))
        return cls(handle, fields, keys, exact)

    def _add(self, table: Any, absent: Sequence[str]) -> None:
        """Scores a table, or an iterator of tables."""
        check_absent(absent, self._fields)
        wanted = self._fields + self._keys
        iterated = isinstance(table, Iterator) and not hasattr(table, "__arrow_c_stream__")
        names: list[str] = []
        try:
            for number, part in enumerate(table if iterated else [table]):
                if self._keys and number > 0:
                    raise TableError("rows of a subject and period may lie in several tables: give one table")
                self._package = self._package or package_of(part)
                for names, batch in batches_of(part, wanted, whole=bool(self._keys)):
                    check_absent(absent, self._fields, names)
                    self._handle.add(one_batch(with_nulls(batch, absent)) if absent else batch)
        except TableError as error:
            add_hint(error, names, wanted)
            raise
        self._document = json.loads(self._handle.to_json(), parse_float=Decimal)

    @property
    def rows(self) -> int:
        """Number of records."""
        return int(self._document["rows"])

    @property
    def bad_rows(self) -> int:
        """Records with a value that one of the policies refuses."""
        return int(self._document["bad_rows"])

    @property
    def changed(self) -> int:
        """Records whose grade changes, or that gain or lose one; where a scorecard has no grades, records
        whose outcome changes."""
        return int(self._document["changed"])

    @property
    def mean_difference(self) -> Decimal:
        """Mean change of the score, over records scored by both."""
        return Decimal(self._document["mean_difference"])

    @property
    def before(self) -> SimulationSide:
        return _side(self._document["before"])

    @property
    def after(self) -> SimulationSide:
        return _side(self._document["after"])

    @property
    def counts(self) -> dict[tuple[str, str], int]:
        """How many records go from one grade to another; pairs that none does are left out."""
        return {
            (was, becomes): count
            for was, row in zip(self.before.grades, self._document["matrix"], strict=True)
            for becomes, count in zip(self.after.grades, row, strict=True)
            if count
        }

    @property
    def matrix(self) -> Any:
        """The migration matrix as a table of the kind that was simulated: a row for each grade `before`, a
        column for each grade after, cells the number of records. Outcomes without a grade only where there
        are such records."""
        import pyarrow as pa

        rows, columns, cells = self._matrix()
        table = {"before": pa.array(rows, pa.string())}
        for j, name in enumerate(columns):
            table[name] = pa.array([cells[i][j] for i in range(len(rows))], pa.int64())
        return same_kind(self._package, pa.table(table))

    @cached_property
    def changes(self) -> Any:
        """The records whose grade changes, in their order, as a table of the kind that was simulated: row
        (from 0), before, after, score_before, score_after, line, difference. At most `max_changes` of them.

        `line` is what did it. "": the second policy gives the score of the first that grade too, so the bands
        or their conditions did it. Else the line of the ledger that moved most the way the score moved, and
        `difference` by how much. Where one of the results has no score: its reason code."""
        import pyarrow as pa

        table = pa.RecordBatchReader.from_stream(self._handle.changes()).read_all()
        return same_kind(self._package, table if self._exact else floats_of_decimals(table))

    @property
    def by_line(self) -> dict[str, int]:
        """Changed records by the line that did it (see `changes`), most first."""
        return {entry["line"]: int(entry["rows"]) for entry in self._document["by_line"]}

    @property
    def sensitivity(self) -> list[WeightSensitivity]:
        """What each weight of the second policy does; empty where it was not asked for, or where the
        scorecard is no weighted mean of several indicators."""
        return [
            WeightSensitivity(
                entry["indicator"],
                Decimal(entry["weight"]),
                Decimal(entry["step"]),
                int(entry["changed_up"]),
                int(entry["changed_down"]),
                Decimal(entry["mean_up"]),
                Decimal(entry["mean_down"]),
            )
            for entry in self._document["sensitivity"]
        ]

    def to_dict(self) -> dict[str, Any]:
        """All but the changed rows as plain data, figures as decimals."""
        return dict(self._document)

    def to_json(self) -> str:
        """All but the changed rows as one JSON object, figures with all their places."""
        return self._handle.to_json()

    def grids(self) -> list[Grid]:
        before, after = self.before, self.after
        rows, columns, cells = self._matrix()
        title = f"{before.policy} {before.version} {before.scorecard} → {after.policy} {after.version}"
        matrix = Grid(
            f"{title} {after.scorecard} · {self.rows} records",
            ["before \\ after", *columns],
            right=frozenset(range(1, len(columns) + 1)),
        )
        for name, row in zip(rows, cells, strict=True):
            matrix.add([name, *row])
        matrix.note = (
            f"{self.changed} of {self.rows} change grade; mean change of the score {self.mean_difference:+f}"
        )
        grids = [matrix]
        if self.by_line:
            lines = Grid("What did it", ["line", "records"], right=frozenset({1}))
            for line, count in self.by_line.items():
                lines.add([line or _NO_LINE, count])
            grids.append(lines)
        if self.sensitivity:
            grids.append(self._sensitivity())
        return grids

    def _sensitivity(self) -> Grid:
        weights = self.sensitivity
        step = f"{weights[0].step:f}"
        header = ["indicator", "weight", f"changed, +{step}", f"changed, -{step}"]
        grid = Grid(
            f"Each weight of {self.after.policy} {self.after.version}, moved by {step}",
            [*header, f"mean, +{step}", f"mean, -{step}"],
            right=frozenset(range(1, 6)),
        )
        for weight in weights:
            moved = [weight.changed_up, weight.changed_down, f"{weight.mean_up:+f}", f"{weight.mean_down:+f}"]
            grid.add([weight.indicator, f"{weight.weight:f}", *moved])
        return grid

    def _matrix(self) -> tuple[list[str], list[str], list[list[int]]]:
        """Grades before and after, and the cells; the four outcomes at the end only where there are such
        records."""
        cells: list[list[int]] = self._document["matrix"]
        before, after = self.before.grades, self.after.grades
        rows = [i for i in range(len(before)) if i < len(before) - 4 or any(cells[i])]
        columns = [j for j in range(len(after)) if j < len(after) - 4 or any(row[j] for row in cells)]
        return (
            [before[i] for i in rows],
            [after[j] for j in columns],
            [[int(cells[i][j]) for j in columns] for i in rows],
        )


def _side(document: dict[str, Any]) -> SimulationSide:
    policy = document["policy"]
    return SimulationSide(
        policy["id"], policy["version"], policy["digest"], document["scorecard"], tuple(document["grades"])
    )
