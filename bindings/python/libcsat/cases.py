"""The examples that a policy carries, and what came of running them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from libcsat.show import Grid, Shown

__all__ = ["CaseResult", "CaseResults", "PolicyCase"]


@dataclass(frozen=True)
class PolicyCase:
    """An example that a policy carries.

    Attributes:
        name: What it shows.
        scorecard: Id of the scorecard; "" where only targets and figures are expected.
        clauses: Ids of the clauses that it proves.
        record: The record, as score_one() takes it; in a case of cleaning the decisions by response id.
        expect: What must come out: some of outcome, grade, error, score, base, without_veto, points, levels,
            targets, shown, measures, vetoes, reasons, answers, next, problems, offered, verdicts, counts,
            reviewed, lists.
        table: Records as lists by field, for cases of measures and of cleaning; empty where there is one
            record.
        questionnaire: Id of the questionnaire that the record answers; "" where it answers none.
        event: Event after which questionnaires are offered; "" for whatever happened.
        sampling: Id of the rule of sampling that record and table are put to; "" for none.
    """

    name: str
    scorecard: str
    clauses: tuple[str, ...]
    record: dict[str, Any]
    expect: dict[str, Any]
    table: dict[str, list[Any]] = field(default_factory=dict)
    questionnaire: str = ""
    event: str = ""
    sampling: str = ""


@dataclass(frozen=True)
class CaseResult:
    """A case that was run.

    Attributes:
        case: The case.
        failures: What was expected and what came out, a line each; empty where the case passes.
    """

    case: PolicyCase
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.failures


class CaseResults(Shown, list[CaseResult]):
    """The cases of a policy, run; a list that shows itself as a table."""

    @property
    def failed(self) -> CaseResults:
        """Those that did not come out as expected."""
        return CaseResults(result for result in self if not result.passed)

    def grid(self) -> Grid:
        grid = Grid("Cases", ["case", "scorecard", "clauses", "result"])
        for result in self:
            case = result.case
            outcome = "passed" if result.passed else "; ".join(result.failures)
            grid.add(
                [case.name, case.scorecard, " ".join(case.clauses), outcome], emphasised=not result.passed
            )
        grid.note = f"{len(self) - len(self.failed)} of {len(self)} passed"
        return grid


def case_of(
    name: str,
    scorecard: str,
    clauses: tuple[str, ...],
    record: str,
    table: str,
    expect: str,
    questionnaire: str,
    event: str,
    sampling: str,
) -> PolicyCase:
    """A case from its parts; record, table and expectation are JSON."""
    given, rows, wanted = (json.loads(text, parse_float=Decimal) for text in (record, table, expect))
    return PolicyCase(name, scorecard, clauses, given, wanted, rows, questionnaire, event, sampling)
