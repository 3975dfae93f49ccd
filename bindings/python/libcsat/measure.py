"""The measures of a policy: figures of many records, with their uncertainty or the reason for none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from libcsat import _capi
from libcsat.aggregate import Aggregates
from libcsat.arguments import refuses_bad_rows, thread_count
from libcsat.checked import checked
from libcsat.error import TableError
from libcsat.exact import rounded
from libcsat.show import Grid, Shown
from libcsat.tables import hints, package_of, same_kind, stream_of

if TYPE_CHECKING:
    from libcsat.policy import Policy

__all__ = ["MeasurePlan", "Measured"]

Bucket = Literal["minute", "hour", "day", "week", "month", "quarter", "half_year", "year"]

# In the order of CSAT_BUCKET_...
BUCKETS = ("minute", "hour", "day", "week", "month", "quarter", "half_year", "year")

# Rows that are shown of many.
_SHOWN_ROWS = 40


class MeasurePlan:
    """Measures of a policy, made ready for one grouping by `Policy.measure_plan()`.

    Plans of the same policy and grouping, on any machine, make aggregates that merge: count on each, send the
        bytes,
    add them up, and read the figures once.

        >>> plan = policy.measure_plan(by=["shop"], time="submitted_at", bucket="month")
        >>> counted = plan.accumulate(january) + plan.accumulate(february)
        >>> plan.figures(counted).table()
    """

    def __init__(self, policy: Policy, handle: _capi.MeasurePlan, by: Sequence[str], timed: bool) -> None:
        self._policy = policy
        self._handle = handle
        self.keys = (*by, "period") if timed else tuple(by)

    @property
    def columns(self) -> list[str]:
        """Columns that a table has to have."""
        return self._handle.columns()

    @checked
    def accumulate(
        self, table: Any, threads: int | None = None, *, bad_rows: Literal["fail", "refuse"] = "fail"
    ) -> Aggregates:
        """Counts the records of a table.

        Args:
            table: n rows of any kind that `Policy.score()` takes, or an iterator of such tables.
            threads: 1 to 256; None: one for each processor. The result does not depend on it.
            bad_rows: A value that its metric refuses: ``"fail"`` names the first, and nothing is counted;
                ``"refuse"`` keeps its row out, and counts it in `Aggregates.refused`.

        Raises:
            TableError: what is given is no table; a column is missing, stands there twice or has a type that
                cannot be read; a bad value.
        """
        counted = self.empty()
        iterated = isinstance(table, Iterator) and not hasattr(table, "__arrow_c_stream__")
        for part in table if iterated else [table]:
            self.add(part, counted, threads, bad_rows=bad_rows)
        return counted

    def empty(self) -> Aggregates:
        """Aggregates of no record, to `add()` to."""
        return Aggregates(self._handle.aggregates())

    @checked
    def add(
        self,
        table: Any,
        counted: Aggregates,
        threads: int | None = None,
        *,
        bad_rows: Literal["fail", "refuse"] = "fail",
    ) -> None:
        """Adds the records of a table to aggregates of this plan, as `accumulate()`; whole or nothing."""
        wanted = self.columns
        names, stream = stream_of(table, wanted)
        near = hints(names, wanted)
        for name in wanted:
            if name not in names:
                raise TableError(f"column '{name}' is missing{near.get(name, '')}")
        self._handle.add(
            counted._handle, stream, threads=thread_count(threads), refuse_bad_rows=refuses_bad_rows(bad_rows)
        )
        counted._package = counted._package or package_of(table)

    @checked
    def figures(self, counted: Aggregates, level: float = 0.95) -> Measured:
        """The figures of finished aggregates.

        Args:
            counted: Of this plan, or of one of the same policy and grouping.
            level: Coverage of the intervals, within (0, 1).

        Raises:
            SpecError: aggregates of other measures, or a level outside of its range.
        """
        return Measured(self, counted, level)


class Measured(Shown):
    """The figures of measures by group. Shows itself as a table.

    Attributes:
        aggregates: What they were read from; merge it with that of other records.
        level: Coverage of the intervals.
    """

    def __init__(self, plan: MeasurePlan, counted: Aggregates, level: float) -> None:
        self._plan = plan
        self.aggregates = counted
        self.level = level
        # What is added to the aggregates later is none of these figures.
        self._counted = counted._handle.copy()
        if not 0 < level < 1 or self._counted.spec() != plan._handle.aggregates().spec():
            _ = self._figures  # Raises, with the library's words.

    @cached_property
    def _figures(self) -> Any:
        return Aggregates._arrow(self._plan._handle.figures(self._counted, self.level))

    @cached_property
    def _columns(self) -> Any:
        return Aggregates._arrow(self._plan._handle.figure_columns(self._counted))

    def table(self) -> Any:
        """One row for each group and measure, by the keys, then in the order of the policy, as a table of the
        kind that was measured:

        the keys; measure; n, the answers that the figure is made of; value, a share in 0..1 or a net promoter
        score in points, null where there is none; low and high, the interval, and how it was made in interval
        (``wilson``, ``student_t``, ``score``, ``effective_size``, ``mover``); design_effect, what weights
        cost; shown, the figure as it is printed; target, ``met``, ``missed`` or ``not_measurable`` where the
        measure has one; reason, why there is no figure; no_interval, why there is no interval: as reason, or
        of a figure ``too_few``, ``constant`` or ``no_method`` (no way is known here to say how sure it is).
        """
        return same_kind(self.aggregates._package, self._figures)

    def columns(self) -> Any:
        """One row for each group, as a table of the kind that was measured: the keys, and for each measure
        ``<measure>``, an exact decimal with six places, null where there is none, and ``<measure>.n``. Where
        a metric's field has the name of a measure, `Policy.score()` takes it as it is.
        """
        return same_kind(self.aggregates._package, self._columns)

    def __len__(self) -> int:
        return int(self._figures.num_rows)

    def grid(self) -> Grid:
        keys = self._plan.keys
        policy = self._plan._policy
        percent = f"{self.level * 100:g} %"
        aims = self._figures["target"].null_count < len(self)
        grid = Grid(
            f"{policy.id} {policy.version} · {self.aggregates.rows} records",
            [*keys, "measure", "n", "figure", f"low {percent}", f"high {percent}", *(["target"] * aims)],
            right=frozenset(range(len(keys) + 1, len(keys) + 5)),
        )
        shares = {
            measure["id"]
            for measure in policy.measures
            if measure.get("unit", "share" if "share" in measure else "") == "share"
        }
        for row in self._figures.slice(0, _SHOWN_ROWS).to_pylist():
            # As the figure is shown: shares in percent, with one more digit.
            times, places = (100, 2) if row["measure"] in shares else (1, 3)
            ends = ["" if row[end] is None else rounded(row[end], places, times) for end in ("low", "high")]
            if row["low"] is None and row["value"] is not None:
                ends[0] = row["no_interval"]
            figure = [row["measure"], row["n"], row["shown"], *ends, *([row["target"] or ""] * aims)]
            grid.add([*(row[key] for key in keys), *figure])
        notes = []
        if len(self) > _SHOWN_ROWS:
            notes.append(f"{len(self) - _SHOWN_ROWS} further figures")
        if self.aggregates.refused:
            notes.append(f"{self.aggregates.refused} records were refused")
        grid.note = "; ".join(notes)
        return grid
