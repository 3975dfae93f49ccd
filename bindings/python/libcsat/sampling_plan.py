"""The sampling plan of a policy: who is asked, how often, how many, and whether what came back counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from libcsat import _capi
from libcsat.answers import encoded
from libcsat.checked import checked
from libcsat.error import TableError
from libcsat.exact import percent
from libcsat.show import Grid, Shown
from libcsat.tables import columns_of, hints, one_batch

__all__ = ["SamplingResult", "SamplingRule"]

# Columns that a form of rule needs, and those that it reads where they are there.
_COLUMNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "every": (("date",), ("subject", "valid")),
    "within": (("since", "date"), ("subject", "valid")),
    "each": (("asked",), ("subject",)),
    "recent": (("last_event",), ("subject",)),
    "strata": (("stratum", "size"), ("deviation",)),
    "invitation": (("id",), ()),
    "list": (("customer", "product_line", "class"), ("drawn", "nominated_by", "approved_by", "relation")),
    "products": (("product_line", "mature", "surveyed"), ("strategic", "exception")),
}


@dataclass(frozen=True, repr=False)
class SamplingResult(Shown):
    """What a rule says of a list, of surveys, or of a wave; docs/sampling.md has what each form gives.

    Attributes:
        rule: Id of the rule.
        outcome: Such as complete, missing, advised, open; valid, supplement_required, invalid; or a note on
            the design. "" where the form has none.
        counts: Numbers by name.
        shares: Exact shares by name.
        lists: Texts by name, such as the periods or subjects that are missing.
    """

    rule: str
    outcome: str
    counts: dict[str, int]
    shares: dict[str, Fraction]
    lists: dict[str, list[str]]

    def grid(self) -> Grid:
        grid = Grid(f"Sampling: {self.rule}", ["what", "value"])
        if self.outcome:
            grid.add(["outcome", self.outcome])
        for name, count in self.counts.items():
            grid.add([name.replace("_", " "), f"{count:,}"])
        for name, share in self.shares.items():
            grid.add([f"share {name.replace('_', ' ')}", f"{percent(share)} %"])
        for name, texts in self.lists.items():
            more = f", and {len(texts) - 12:,} more" if len(texts) > 12 else ""
            grid.add([f"list {name.replace('_', ' ')}", ", ".join(texts[:12]) + more])
        return grid


class SamplingRule:
    """One rule of a policy's sampling plan.

    Attributes:
        id: Its id.
        level: ``"must"``, or ``"should"`` for what is advised.
        form: every, within, each, recent, size, strata, invitation, list, products or wave.
        values: What the form says; None for what the documents do not give.
    """

    def __init__(self, policy: _capi.Policy, described: Mapping[str, Any]) -> None:
        self._policy = policy
        self._label = described["label"]
        self.id: str = described["id"]
        self.level: str = described["level"]
        self.form: str = next(name for name in described if name not in ("id", "label", "level"))
        self.values: dict[str, Any] = described[self.form]

    def __repr__(self) -> str:
        return f"<SamplingRule '{self.id}': {self.form}>"

    @checked
    def label(self, language: str = "en") -> str:
        """The rule's name in a language; without it in English, in any, or the id."""
        names = self._label
        return str(names.get(language) or names.get("en") or next(iter(names.values()), self.id))

    @checked
    def apply(self, table: Any = None, given: Mapping[str, Any] | None = None) -> SamplingResult:
        """Puts a table and values to the rule. docs/sampling.md has what each form reads.

        Args:
            table: A table of any kind; of its columns those that the rule reads. None for the forms size and
                wave, which read none.
            given: Values beside the table: numbers, texts, lists of texts, days as dates or texts.

        Raises:
            TableError: a column is missing, or holds something else than the rule reads, with its row.
            RecordError: a given value is missing, of another kind, or none that the rule reads.
        """
        values = {} if given is None else {name: _given(value) for name, value in given.items()}
        batch = None if table is None else self._batch(table)
        found = json.loads(_capi.apply_sampling_rule(self._policy, self.id, encoded(values), batch))
        shares = {
            name: Fraction(share["numerator"], share["denominator"])
            for name, share in found["shares"].items()
        }
        return SamplingResult(self.id, found["outcome"], found["counts"], shares, found["lists"])

    def _batch(self, table: Any) -> Any:
        import pyarrow as pa
        import pyarrow.compute as pc

        if self.form not in _COLUMNS:
            raise TableError(f"rule '{self.id}' reads no table")
        needed, others = _COLUMNS[self.form]
        needed = (*needed, *self.values.get("every_value_of", ()))
        names, columns = columns_of(table, [*needed, *others])
        near = hints(names, needed)
        for name in needed:
            if name not in names:
                raise TableError(f"column '{name}' is missing{near.get(name, '')}")
        for at, field in enumerate(columns.schema):
            # Days of pandas are instants; one of a zone has no day of its own.
            if pa.types.is_timestamp(field.type) and field.type.tz is None:
                days = pc.cast(columns.column(at), pa.date32(), safe=False)
                columns = columns.set_column(at, field.name, days)
        return one_batch(columns)


def sampling_rules(policy: _capi.Policy) -> tuple[SamplingRule, ...]:
    """The rules of a policy's sampling plan, in document order."""
    described = json.loads(_capi.sampling_rules(policy), parse_float=Decimal)
    return tuple(SamplingRule(policy, rule) for rule in described)


def _given(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is None and value.time() == datetime.min.time():
        value = value.date()
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value
