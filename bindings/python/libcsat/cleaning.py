"""Cleaning: which responses count, which are looked at again, which do not count, and by which rule."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from libcsat import _capi
from libcsat.error import TableError
from libcsat.show import Grid, Sheet
from libcsat.tables import (
    batches_of,
    check_absent,
    hints,
    one_batch,
    package_of,
    same_kind,
    take_rows,
    with_nulls,
)

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CleanedFigure", "CleanedRule", "Cleaning", "Outcome", "ReviewSample"]

Outcome = Literal["confirmed", "corrected", "rejected"]
_OUTCOMES: tuple[Outcome, ...] = ("confirmed", "corrected", "rejected")
_VERDICTS = ("kept", "flagged", "quarantined", "excluded")


@dataclass(frozen=True)
class CleanedRule:
    """What one rule did.

    Attributes:
        id: Its id.
        action: ``"flagged"``, ``"quarantined"`` or ``"excluded"``.
        met: Responses that meet it.
        decided: Responses whose verdict it decided, and no reviewer after it.
        unknown: Responses that it could not judge.
        not_applicable: Responses that it does not speak of.
        gap: Why it could judge none, and the items at fault; None where it could.
    """

    id: str
    action: str
    met: int
    decided: int
    unknown: int
    not_applicable: int
    gap: tuple[str, tuple[str, ...]] | None


@dataclass(frozen=True)
class CleanedFigure:
    """A figure before and after. None is a figure without answers.

    Attributes:
        id: Its id.
        before: Over all responses, test records left out.
        after: Over those that count.
        with_quarantined: And those that are quarantined.
        without: By rule, without the responses that this rule alone takes away.
        step: By rule, without those that it and the rules before it decided.
        answers: Numbers of answers of before, after and with_quarantined.
    """

    id: str
    before: Decimal | None
    after: Decimal | None
    with_quarantined: Decimal | None
    without: dict[str, Decimal | None]
    step: dict[str, Decimal | None]
    answers: tuple[int, int, int]


@dataclass(frozen=True)
class ReviewSample:
    """Responses drawn for people to look at.

    Attributes:
        seed: What the draw follows from, together with the ids.
        commitment: SHA-256 of the seed, to be published before it.
        sizes: Responses that count, and those that do not.
        drawn: How many of each were drawn.
    """

    seed: str
    commitment: str
    sizes: tuple[int, int]
    drawn: tuple[int, int]


class CleaningSummary(Sheet):
    """What cleaning found, without the responses. Shows itself as tables."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document

    @property
    def rows(self) -> int:
        """Number of responses."""
        return int(self._document["rows"])

    @property
    def counts(self) -> dict[str, int]:
        """Number of responses by verdict: kept, flagged, quarantined, excluded."""
        return {verdict: int(self._document[verdict]) for verdict in _VERDICTS}

    @property
    def test_records(self) -> int:
        """Test records, which are among the excluded."""
        return int(self._document["test_records"])

    @property
    def open(self) -> int:
        """Flagged or quarantined responses about which nobody has decided."""
        return int(self._document["open"])

    @property
    def review(self) -> ReviewSample | None:
        """What was drawn for people to look at; None: no seed was given, or the policy wants no review."""
        review = self._document["review"]
        if review is None:
            return None
        kept, removed = review["kept"], review["removed"]
        return ReviewSample(
            review["seed"],
            review["commitment"],
            (int(kept["size"]), int(removed["size"])),
            (int(kept["drawn"]), int(removed["drawn"])),
        )

    @property
    def rules(self) -> list[CleanedRule]:
        """What each rule did, in policy order."""
        return [
            CleanedRule(
                rule["id"],
                rule["action"],
                int(rule["met"]),
                int(rule["decided"]),
                int(rule["unknown"]),
                int(rule["not_applicable"]),
                None if rule["gap"] is None else (rule["gap"]["reason"], tuple(rule["gap"]["items"])),
            )
            for rule in self._document["rules"]
        ]

    @property
    def figures(self) -> list[CleanedFigure]:
        """The policy's figures before and after."""
        ids = [rule["id"] for rule in self._document["rules"]]
        return [
            CleanedFigure(
                figure["id"],
                _value(figure["before"]),
                _value(figure["after"]),
                _value(figure["with_quarantined"]),
                {id: _value(rule["without"]) for id, rule in zip(ids, figure["rules"], strict=True)},
                {id: _value(rule["step"]) for id, rule in zip(ids, figure["rules"], strict=True)},
                (
                    int(figure["before"]["answers"]),
                    int(figure["after"]["answers"]),
                    int(figure["with_quarantined"]["answers"]),
                ),
            )
            for figure in self._document["figures"]
        ]

    def to_dict(self) -> dict[str, Any]:
        """All but the rows as plain data, figures as decimals."""
        return dict(self._document)

    def grids(self) -> list[Grid]:
        policy = self._document["policy"]
        counts = ", ".join(f"{count} {verdict}" for verdict, count in self.counts.items())
        header = ["rule", "action", "met", "decided", "not judged"]
        rules = Grid(
            f"{policy['id']} {policy['version']} · {self.rows} responses: {counts}",
            header,
            right=frozenset({2, 3, 4}),
        )
        for rule in self.rules:
            rules.add([rule.id, rule.action, rule.met, rule.decided, _not_judged(rule)])
        if self.review is not None:
            drawn = self.review.drawn
            rules.note = f"to be reviewed: {drawn[0]} that count, {drawn[1]} that do not"
        grids = [rules]
        if self.figures:
            figures = Grid(
                "Figures",
                ["figure", "before", "after", "with quarantined", "answers before", "answers after"],
                right=frozenset(range(1, 6)),
            )
            for figure in self.figures:
                sides = [_shown(side) for side in (figure.before, figure.after, figure.with_quarantined)]
                figures.add([figure.id, *sides, figure.answers[0], figure.answers[1]])
            grids.append(figures)
        return grids


class Cleaning(CleaningSummary):
    """Responses with their verdicts. Tables are of the kind that was given. Shows itself as tables."""

    def __init__(self, handle: _capi.Cleaning, table: Any) -> None:
        super().__init__(json.loads(handle.to_json(), parse_float=Decimal))
        self._handle = handle
        self._table = table

    @classmethod
    def _of(
        cls,
        policy: _capi.Policy,
        table: Any,
        seed: str,
        decisions: Mapping[str, Outcome],
        absent: Sequence[str],
        threads: int,
    ) -> Cleaning:
        import pyarrow as pa

        given = _coded(decisions)
        fields = [field["name"] for field in json.loads(_capi.cleaning_fields(policy))]
        if isinstance(table, pa.RecordBatchReader):
            table = table.read_all()
        elif hasattr(table, "collect"):
            table = table.collect()
        ((names, batch),) = batches_of(table, fields, whole=True)
        check_absent(absent, fields, names)
        if absent:
            batch = one_batch(with_nulls(batch, absent))
        try:
            handle = _capi.Cleaning.run(policy, batch, threads=threads, seed=seed, decisions=given)
        except TableError as error:
            for name, near in hints(names, fields).items():
                if f"column '{name}' is missing" in str(error):
                    error.args = (f"{error}{near}",)
            raise
        return cls(handle, table)

    @property
    def kept(self) -> Any:
        """The responses that count: kept and flagged ones.

        Raises:
            CsatError: the policy wants every doubtful response settled, and some are open.
        """
        self._handle.may_be_scored()
        return self._rows("kept", "flagged")

    @property
    def flagged(self) -> Any:
        """Responses that count and should be looked at."""
        return self._rows("flagged")

    @property
    def quarantined(self) -> Any:
        """Responses that do not count unless a person brings them back."""
        return self._rows("quarantined")

    @property
    def excluded(self) -> Any:
        """Responses that do not count."""
        return self._rows("excluded")

    @property
    def to_review(self) -> Any:
        """The responses of the review sample in the order drawn, those that count first."""
        import pyarrow.compute as pc

        place = self.verdicts["in_review"]
        drawn = pc.indices_nonzero(pc.is_valid(place))
        return take_rows(self._table, drawn.take(pc.array_sort_indices(place.take(drawn))))

    @cached_property
    def verdicts(self) -> pa.Table:
        """A row for each response, as a pyarrow Table: verdict, deciding_rule ("" is a reviewer), in_review
        (its place in the order drawn)."""
        import pyarrow as pa

        return pa.RecordBatchReader.from_stream(self._handle.verdicts()).read_all().combine_chunks()

    @property
    def ledger(self) -> Any:
        """A row for each rule that a response met: row (from 0), response_id, rule ("" is a reviewer),
        verdict, deciding, unknown, value."""
        import pyarrow as pa

        table = pa.RecordBatchReader.from_stream(self._handle.ledger()).read_all()
        return same_kind(package_of(self._table), table)

    def to_json(self) -> str:
        """All but the rows as one JSON object."""
        return self._handle.to_json()

    def _rows(self, *verdicts: str) -> Any:
        import pyarrow as pa
        import pyarrow.compute as pc

        words = self.verdicts["verdict"].combine_chunks().dictionary_decode()
        return take_rows(self._table, pc.indices_nonzero(pc.is_in(words, value_set=pa.array(verdicts))))


def _coded(decisions: Mapping[str, Outcome]) -> list[tuple[str, int]]:
    """Each decision with the number of its outcome."""
    for outcome in decisions.values():
        if outcome not in _OUTCOMES:
            raise ValueError(f"decision {outcome!r} is none of {', '.join(_OUTCOMES)}")
    return [(str(response), _OUTCOMES.index(outcome)) for response, outcome in decisions.items()]


def _value(side: dict[str, Any]) -> Decimal | None:
    return None if side["value"] is None else Decimal(side["value"])


def _shown(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _not_judged(rule: CleanedRule) -> str:
    if rule.gap is None:
        return str(rule.unknown)
    reason, items = rule.gap
    return f"all: {reason}" + (f" ({', '.join(items)})" if items else "")
