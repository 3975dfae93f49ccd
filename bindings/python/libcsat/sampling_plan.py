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
from libcsat.checked import checked, shown
from libcsat.error import CsatError, RecordError, TableError
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


# Likewise values beside the table; those of a list, one for each of `every_value_of`, besides.
_GIVEN: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "every": (("from", "until", "as_of"), ("subjects",)),
    "within": (("as_of",), ()),
    "each": ((), ()),
    "recent": (("reference",), ()),
    "size": ((), ("population",)),
    "strata": (("sample",), ()),
    "invitation": (("seed",), ()),
    "list": (("frame",), ()),
    "products": ((), ()),
    "wave": (("planned", "answered", "unanswered_by_customer", "not_contacted"), ("closed",)),
}
# Of floating-point numbers, whole ones up to this are exact.
_MOST_EXACT = 2**53
# Words of the library where what is wrong is the values together.
_OF_GIVEN = ("the last day ", "there are more than ", "field ")


@dataclass(frozen=True, repr=False)
class SamplingResult(Shown):
    """What a rule says of a list, of surveys, or of a wave; docs/sampling.md has what each form gives.

    Attributes:
        rule: Id of the rule.
        outcome: Such as complete, missing, advised, open; none, where there is neither subject nor event;
            valid, supplement_required, invalid; or a note on the design. "" where the form has none.
        counts: Numbers by name.
        shares: Exact shares by name.
        lists: Texts by name, such as the periods or subjects that are missing. A row without a subject is
            named "row 0", "row 1", ...
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
            grid.add([name, f"{count:,}"])
        for name, share in self.shares.items():
            grid.add([f"share {name}", f"{percent(share)} %"])
        for name, texts in self.lists.items():
            if not texts:
                continue
            more = f", and {len(texts) - 12:,} more" if len(texts) > 12 else ""
            grid.add([f"list {name}", ", ".join(texts[:12]) + more])
        return grid


class SamplingRule:
    """One rule of a policy's sampling plan.

    Attributes:
        id: Its id.
        level: ``"must"``, or ``"should"`` for what is advised.
        form: every, within, each, recent, size, strata, invitation, list, products or wave.
        values: What the form says; None for what the documents do not give.
        given: Names of the values beside the table that it needs, and of those that it reads where they are
            given.
        columns: Likewise of the table's columns; none where it reads no table.
    """

    def __init__(self, policy: _capi.Policy, described: Mapping[str, Any]) -> None:
        self._policy = policy
        self._label = described["label"]
        self.id: str = described["id"]
        self.level: str = described["level"]
        self.form: str = next(name for name in described if name not in ("id", "label", "level"))
        self.values: dict[str, Any] = described[self.form]
        more = tuple(self.values.get("every_value_of", ()))
        needed, others = _GIVEN[self.form]
        if self.form == "invitation" and self.values["probability"] is None:
            needed = (*needed, "probability")
        self.given: tuple[tuple[str, ...], tuple[str, ...]] = ((*needed, *more), others)
        needed, others = _COLUMNS.get(self.form, ((), ()))
        if self.form == "strata" and self.values["method"] == "optimal":
            needed, others = (*needed, *others), ()
        self.columns: tuple[tuple[str, ...], tuple[str, ...]] = ((*needed, *more), others)

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
                wave, which read none. Of a time without a zone the day counts that it shows, of one with a
                zone the day that the policy's zone has then.
            given: Values beside the table: numbers, texts, days (dates, datetimes without a zone, or texts),
                and lists of texts or whole numbers, such as ids. None is not given.

        Raises:
            TableError: a column is missing, or holds something else than the rule reads, with its row.
            RecordError: a given value is missing, of another kind, or none that the rule reads.
        """
        values = {} if given is None else {name: _given(str(name), value) for name, value in given.items()}
        batch = None if table is None else self._batch(table)
        try:
            found = json.loads(_capi.apply_sampling_rule(self._policy, self.id, encoded(values), batch))
        except (TableError, RecordError) as error:
            raise self._fault(error, values) from None
        shares = {
            name: Fraction(share["numerator"], share["denominator"])
            for name, share in found["shares"].items()
        }
        return SamplingResult(self.id, found["outcome"], found["counts"], shares, found["lists"])

    def _fault(self, error: CsatError, values: Mapping[str, Any]) -> CsatError:
        """The error as one about the table or about what is given: the library begins with what is wrong."""
        message = str(error)
        names = (*self.given[0], *self.given[1], "probability", *values)
        begins = (*_OF_GIVEN, *(f"'{name}' " for name in names), *(f"{name}: " for name in names))
        of_given = self.form not in _COLUMNS or message.startswith(begins)
        kind = RecordError if of_given else TableError
        return kind(message, code=error.code, path=error.path, line=error.line, column=error.column)

    def _batch(self, table: Any) -> Any:
        if self.form not in _COLUMNS:
            raise TableError(f"rule '{self.id}' reads no table")
        needed, others = self.columns
        names, columns = columns_of(table, [*needed, *others])
        near = hints(names, needed)
        for name in needed:
            if name not in names:
                raise TableError(f"column '{name}' is missing{near.get(name, '')}")
        return one_batch(columns)


def sampling_rules(policy: _capi.Policy) -> tuple[SamplingRule, ...]:
    """The rules of a policy's sampling plan, in document order."""
    described = json.loads(_capi.sampling_rules(policy), parse_float=Decimal)
    return tuple(SamplingRule(policy, rule) for rule in described)


def _given(name: str, value: Any) -> Any:
    """A value beside the table as JSON has one."""
    package = type(value).__module__.partition(".")[0]
    if package == "numpy" and type(value).__name__ == "datetime64":
        value = value.astype("datetime64[us]").item()
    if package in ("numpy", "pandas", "polars", "pyarrow") and getattr(value, "shape", True) != ():
        # Columns and arrays.
        listed = getattr(value, "to_pylist", None) or getattr(value, "to_list", None)
        listed = listed or getattr(value, "tolist", None)
        value = value if listed is None else listed()
    if isinstance(value, datetime) and type(value).__name__ != "NaTType":
        if value.tzinfo is not None:
            raise RecordError(
                f"'{name}' is {value}: an instant of a zone has no day of its own: give the day there"
            )
        value = value.date()
    if isinstance(value, date) and type(value).__name__ != "NaTType":
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        texts = [_listed(name, at, one) for at, one in enumerate(value)]
        return sorted(texts) if isinstance(value, (set, frozenset)) else texts
    known = value is None or isinstance(value, (bool, int, float, str, Decimal))
    if not known and package not in ("numpy", "pandas"):
        raise RecordError(
            f"'{name}' is {shown(value)}: a number, a text, a day or a list of texts is expected"
        )
    if isinstance(value, (float, Decimal)) and not Decimal(value).is_finite():
        raise RecordError(f"'{name}' is {value}, which is no number")
    return value


def _listed(name: str, at: int, value: Any) -> str:
    """One of a list: a text, or a whole number, which is the name of the same digits as in a column."""
    if type(value).__module__.partition(".")[0] == "numpy" and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) <= _MOST_EXACT:
        return str(int(value))
    if isinstance(value, int):
        return ("true" if value else "false") if isinstance(value, bool) else str(value)
    raise RecordError(f"'{name}' has {shown(value)} at [{at}]: texts or whole numbers are expected")
