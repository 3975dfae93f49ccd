"""Waves of a survey: who answered, whether the wave counts, whether there were enough of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from libcsat import _capi
from libcsat.checked import checked
from libcsat.exact import percent
from libcsat.sampling import _micros, _Number
from libcsat.show import Grid, Shown

__all__ = ["ResponseRate", "WaveState", "count_within_months", "response_rate", "wave_state"]

WaveState = Literal["valid", "supplement_required", "invalid"]
# In the order of CSAT_WAVE_...
_STATES: tuple[WaveState, ...] = ("valid", "supplement_required", "invalid")
_DAY_ZERO = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, repr=False)
class ResponseRate(Shown):
    """Rates of AAPOR's Standard Definitions (10th ed. 2023) as exact fractions; None where nobody is in the
    denominator.

    Attributes:
        least: RR1: complete answers over all eligible or unknown.
        with_partial: RR2: partial ones too, over the same.
        most: RR6: complete and partial over the eligible, the unknown counting as not.
        cooperation: COOP2: complete and partial over those who were reached.
        refusal: REF1: refusals over all eligible or unknown.
        contact: CON1: who was reached, over all eligible or unknown.
    """

    least: Fraction | None
    with_partial: Fraction | None
    most: Fraction | None
    cooperation: Fraction | None
    refusal: Fraction | None
    contact: Fraction | None

    def grid(self) -> Grid:
        grid = Grid("Response rates", ["rate", "definition", "%"], right=frozenset({2}))
        for (name, rate), definition in zip(
            vars(self).items(), ("RR1", "RR2", "RR6", "COOP2", "REF1", "CON1"), strict=True
        ):
            grid.add([name.replace("_", " "), definition, "empty" if rate is None else percent(rate)])
        if None in vars(self).values():
            grid.note = "empty: nobody is in the denominator"
        return grid


@checked
def response_rate(
    complete: int,
    partial: int = 0,
    *,
    refused: int = 0,
    not_reached: int = 0,
    other: int = 0,
    unknown: int = 0,
    ineligible: int = 0,
) -> ResponseRate:
    """How many of those asked answered, and what became of the others: the last state of every unit of the
    list, each in one count.

        >>> cs.response_rate(500, 50, refused=200, not_reached=100, other=50, unknown=100).least
        Fraction(1, 2)

    Args:
        complete: Answered.
        partial: Broken off, enough to count.
        refused: Said no, or broke off before.
        not_reached: Eligible and never reached.
        other: Reached, without an answer for another reason.
        unknown: Never known whether they belonged to those to be asked.
        ineligible: Found not to belong to them; in no rate.

    Raises:
        SpecError: a count below 0, or a sum beyond 2^40.
    """
    rates = _capi.survey_response_rates(complete, partial, refused, not_reached, other, unknown, ineligible)
    return ResponseRate(*(None if rate is None else Fraction(*rate) for rate in rates))


@checked
def wave_state(
    planned: int,
    answered: int,
    unanswered: int,
    *,
    not_contacted: int = 0,
    percent: _Number = 20,
    closed: bool,
) -> WaveState:
    """Whether the result of a wave counts, by the slots of its approved list: ``"valid"``,
    ``"supplement_required"`` (too many without an answer, replacements of the same stratum may still fill
    their slots) or ``"invalid"`` (closed so: figures are kept, there is no grade).

        >>> cs.wave_state(100, 80, 20, closed=True), cs.wave_state(100, 79, 21, closed=True)
        ('valid', 'invalid')

    Args:
        planned: Slots of the list.
        answered: With a valid answer, their own or a replacement's.
        unanswered: Refused, not reachable, not returned.
        not_contacted: For reasons of the company.
        percent: More unanswered than this are too many; 0 to 100.
        closed: Nobody will be asked any more.

    Raises:
        SpecError: counts below 0 or that do not sum to `planned`, no slot, a percentage outside of its range,
            a wave closed while slots were not contacted.
    """
    micros = _micros(percent, "percent")
    return _STATES[_capi.survey_wave_state(planned, answered, unanswered, not_contacted, micros, closed)]


@checked
def count_within_months(start: date | str, months: int, dates: Iterable[date | str]) -> int:
    """How many dates lie from `start` through the same day so many months later (on the last day of a shorter
    month), both included: waves within a year after moving in.

        >>> cs.count_within_months("2025-03-01", 12, ["2025-08-01", "2026-03-01", "2026-03-02"])
        2

    Args:
        start: A date, or its text YYYY-MM-DD.
        months: 0 to 1,200.
        dates: In any order.

    Raises:
        SpecError: months outside of their range.
        ValueError: a text that is no date.
    """
    return _capi.survey_count_within_months(_day(start), months, [_day(each) for each in dates])


def _day(day: Any) -> int:
    """Days since 1970-01-01 of a day that was checked."""
    return int(day.toordinal()) - _DAY_ZERO
