"""Scores of single records, and the ledger that explains them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from libcsat.checked import checked
from libcsat.exact import decimal_of, float_of
from libcsat.show import Grid, Shown, chinese

if TYPE_CHECKING:
    from libcsat import _capi

__all__ = ["LeastChange", "Ledger", "LedgerLine", "MetricResult", "Reason", "Score", "TargetResult"]

Outcome = Literal["scored", "vetoed", "insufficient", "refused"]
Kind = Literal["indicator", "rounding", "bonus", "bonus_cap", "cap", "scale", "veto"]
Basis = Literal["given", "worst", "left_out", "last_known", "vetoed", "refused", "insufficient"]
TargetStatus = Literal["met", "missed", "not_measurable", "no_target"]

_KINDS: tuple[Kind, ...] = ("indicator", "rounding", "bonus", "bonus_cap", "cap", "scale", "veto")
_BASES: tuple[Basis, ...] = ("given", "worst", "left_out", "last_known", "vetoed", "refused", "insufficient")
_STATUSES: tuple[TargetStatus, ...] = ("met", "missed", "not_measurable", "no_target")

# Kinds of ids of csat_plan_label(), by kind of ledger line.
_SCORECARD, _INDICATOR, _GRADE, _VETO, _CAP, _BONUS_SOURCE, _TARGET = 0, 2, 3, 4, 5, 6, 8
_LABELLED = {"indicator": _INDICATOR, "bonus": _BONUS_SOURCE, "cap": _CAP, "veto": _VETO}

# Words of lines that have no id of their own, and of the ledger's header: English, Chinese.
_WORDS = {
    "rounding": ("rounding", "舍入"),
    "bonus_cap": ("cap on all bonuses", "加分总上限"),
    "scale": ("limit of the scale", "分值上限"),
    "line": ("line", "项目"),
    "figure": ("figure", "数值"),
    "points": ("points", "得分"),
    "weight": ("weight", "权重"),
    "adds": ("adds", "计入"),
    "remark": ("remark", "说明"),
    "score": ("score", "总分"),
    "without_veto": ("without the veto: ", "若未触发否决："),
    "gated": ("held by its gate", "受门槛限制"),
    "not_binding": ("changed nothing", "未改变结果"),
    "worst": ("no figure, worst points", "无数据，记最低分"),
    "left_out": ("no figure, left out and its weight shared out", "无数据，剔除并重新分配权重"),
    "last_known": ("last known figure", "沿用最近一次数值"),
    "vetoed": ("no figure, vetoes", "无数据，触发否决"),
    "refused": ("no figure, no score", "无数据，不予评分"),
    "insufficient": ("too few answers", "样本不足"),
}


def _word(key: str, language: str) -> str:
    return _WORDS[key][chinese(language)]


# Outcomes in Chinese.
OUTCOMES_ZH: dict[str, str] = {
    "scored": "已评分",
    "vetoed": "一票否决",
    "insufficient": "数据不足",
    "refused": "不予评分",
}

# kind, id, depth, value, points, max_points, weight, weight_sum, amount, basis, level, gated, binding
RawLine = tuple[int, str, int, int | None, int, int, int, int, int, int, str, bool, bool]


class LedgerLine:
    """One line of a ledger. All figures are exact decimals with at most six places."""

    __slots__ = ("_raw",)

    def __init__(self, raw: RawLine) -> None:
        self._raw = raw

    @property
    def kind(self) -> Kind:
        """An indicator, a rounding, a bonus, the cap on all bonuses, a cap, the scale's limit, or a veto."""
        return _KINDS[self._raw[0]]

    @property
    def id(self) -> str:
        """Id of the indicator, bonus source, cap or veto; "" for the others."""
        return self._raw[1]

    @property
    def depth(self) -> int:
        """0 for what adds to the score; lines of depth d + 1 add to the line of depth d before them."""
        return self._raw[2]

    @property
    def value(self) -> Decimal | None:
        """The raw figure after aggregation; None where there is none."""
        return None if self._raw[3] is None else decimal_of(self._raw[3])

    @property
    def points(self) -> Decimal:
        """Points on the indicator's own scale, of at most `max_points`."""
        return decimal_of(self._raw[4])

    @property
    def max_points(self) -> Decimal:
        """The top of the indicator's own scale."""
        return decimal_of(self._raw[5])

    @property
    def weight(self) -> Decimal:
        """Weight among the siblings; the share is `weight` / `weight_sum`."""
        return decimal_of(self._raw[6])

    @property
    def weight_sum(self) -> Decimal:
        """Sum of the siblings' weights; 0 where there are no weights."""
        return decimal_of(self._raw[7])

    @property
    def amount(self) -> Decimal:
        """What the line adds to the score, or to its parent's points."""
        return decimal_of(self._raw[8])

    @property
    def basis(self) -> Basis:
        """``"given"``, or what the missing rule did."""
        return _BASES[self._raw[9]]

    @property
    def level(self) -> str:
        """Level that the points reach; "" where the indicator has none."""
        return self._raw[10]

    @property
    def gated(self) -> bool:
        """The indicator's gate capped its points."""
        return self._raw[11]

    @property
    def binding(self) -> bool:
        """A veto or cap that changed the score."""
        return self._raw[12]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LedgerLine) and self._raw == other._raw

    def __hash__(self) -> int:
        return hash(self._raw)

    def __repr__(self) -> str:
        return f"<LedgerLine {self.kind} {self.id} {self.amount:+f}>"


class Ledger(Shown, list[LedgerLine]):
    """The lines that explain a score: those of depth 0 sum to it exactly. Shows itself as a table."""

    def __init__(self, lines: Iterable[LedgerLine], plan: _capi.Plan, score: Decimal | None) -> None:
        super().__init__(lines)
        self._plan = plan
        self._score = score

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("a Ledger cannot be pickled or copied: send the score's to_dict() or to_json()")

    @checked
    def grid(self, language: str = "en") -> Grid:
        header = [_word(key, language) for key in ("line", "figure", "points", "weight", "adds", "remark")]
        grid = Grid("", header, right=frozenset({1, 2, 3, 4}))
        for line in self:
            kind = _LABELLED.get(line.kind)
            label = (
                self._plan.label(kind, line.id, language) if kind is not None else _word(line.kind, language)
            )
            measured = line.kind == "indicator"
            remarks = [] if line.basis == "given" else [_word(line.basis, language)]
            if line.gated:
                remarks.append(_word("gated", language))
            if line.level:
                remarks.append(self._plan.level_label(line.id, line.level, language))
            if line.kind in ("veto", "cap") and not line.binding:
                remarks.append(_word("not_binding", language))
            grid.add(
                [
                    "  " * line.depth + label,
                    "" if line.value is None else f"{line.value:f}",
                    f"{line.points:f} / {line.max_points:f}" if measured else "",
                    f"{line.weight:f} / {line.weight_sum:f}" if line.weight_sum else "",
                    f"{line.amount:+f}" if line.amount or line.depth == 0 else "",
                    ("，" if chinese(language) else ", ").join(remarks),
                ]
            )
        if self._score is not None:
            grid.add([_word("score", language), "", "", "", f"{self._score:f}", ""], emphasised=True)
        return grid


@dataclass(frozen=True)
class Reason:
    """An indicator that cost points.

    Attributes:
        id: The indicator, of the top level.
        lost: Points of the score lost against the indicator's maximum (PMML 4.4 Scorecard, ``pointsBelow``).
    """

    id: str
    lost: Decimal


@dataclass(frozen=True)
class TargetResult:
    """Whether an aim was reached.

    Attributes:
        id: The target.
        status: ``"met"``, ``"missed"``, ``"not_measurable"`` (no figure) or ``"no_target"`` (no value to
            reach).
        shown: The figure as printed, half up: percentages with one place, others with two; "" for none.
        gap: Figure minus aim; None where there is none.
    """

    id: str
    status: TargetStatus
    shown: str
    gap: Decimal | None


@dataclass(frozen=True)
class MetricResult:
    """A metric's own figure in a record.

    Attributes:
        id: The metric.
        value: The figure; None where the record has none, which is never zero.
        shown: The figure as printed, as for TargetResult.
    """

    id: str
    value: Decimal | None
    shown: str


@dataclass(frozen=True)
class LeastChange:
    """Raising one indicator alone to `points_to` gives `grade`; a millionth of a point less does not.

    Attributes:
        indicator: Its id.
        grade: The better grade.
        points_from: Points of the indicator now, of at most `max_points`.
        points_to: Points of the indicator then.
        max_points: The top of the indicator's own scale.
        value_from: Its raw figure now; None where it does not read one finished figure.
        value_to: Its raw figure then, likewise.
        score: The score then.
    """

    indicator: str
    grade: str
    points_from: Decimal
    points_to: Decimal
    max_points: Decimal
    value_from: Decimal | None
    value_to: Decimal | None
    score: Decimal


class Score:
    """A record's score. The parts that explain it are computed when they are first asked for."""

    __slots__ = ("_ledger", "_result")

    def __init__(self, result: _capi.Result) -> None:
        self._result = result
        self._ledger: Ledger | None = None

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("a Score cannot be pickled or copied: send its to_dict() or to_json()")

    @property
    def outcome(self) -> Outcome:
        """``"scored"``, ``"vetoed"``, ``"insufficient"`` or ``"refused"``."""
        return self._result.outcome

    @property
    def score(self) -> Decimal | None:
        """The exact score, 0 to the scorecard's maximum; None unless scored or vetoed."""
        return decimal_of(self._result.score_micros) if self._result.has_score else None

    @property
    def points(self) -> float | None:
        """The score as the nearest binary number; None unless scored or vetoed."""
        return float_of(self._result.score_micros) if self._result.has_score else None

    @property
    def base(self) -> Decimal | None:
        """The weighted mean before bonus, caps and vetoes; None where there is none, for a veto can decide
        without one."""
        return decimal_of(self._result.base_micros) if self._result.has_base else None

    @property
    def without_veto(self) -> Decimal | None:
        """What the score would be if no veto had fired; None where there is no base."""
        return decimal_of(self._result.without_veto_micros) if self._result.has_base else None

    @property
    def grade(self) -> str | None:
        """Id of the grade; None where there is none."""
        return self._result.grade

    @property
    def reason(self) -> str | None:
        """Code of what decided the result beside its points, such as ``"veto:leak"``; None for nothing."""
        return self._result.reason or None

    @property
    def refusal(self) -> str | None:
        """What kept the record from being scored, on one line; None where it was scored."""
        return self._result.refusal or None

    @property
    def profile(self) -> str | None:
        """Id of the profile whose weights were used; None where the scorecard has none."""
        return self._result.profile or None

    @property
    def ledger(self) -> Ledger:
        """The lines that sum to the score."""
        if self._ledger is None:
            lines = map(LedgerLine, self._result.ledger())
            self._ledger = Ledger(lines, self._result.plan, self.score)
        return self._ledger

    @property
    def reasons(self) -> list[Reason]:
        """Top-level indicators that lost points, most first."""
        return [Reason(id, decimal_of(lost)) for id, lost in self._result.reasons()]

    @property
    def vetoes(self) -> list[str]:
        """Ids of the vetoes that fired, in policy order, also those that changed nothing."""
        return self._result.vetoes()

    @property
    def failed_conditions(self) -> list[str]:
        """Ids of the grades whose score was reached and whose condition failed, best first."""
        return self._result.failed_conditions()

    @property
    def targets(self) -> list[TargetResult]:
        """The policy's targets for this scorecard and for what the record can measure."""
        return [
            TargetResult(id, _STATUSES[status], shown, None if gap is None else decimal_of(gap))
            for id, status, shown, gap in self._result.targets()
        ]

    @property
    def metrics(self) -> list[MetricResult]:
        """What the policy's metrics read in the record."""
        return [
            MetricResult(id, None if value is None else decimal_of(value), shown)
            for id, value, shown in self._result.metrics()
        ]

    @property
    def next_grade(self) -> list[LeastChange]:
        """For each indicator that can reach a better grade alone, the least change that does, the smallest
        share of its scale first. Empty: the best grade, no score, a veto, or none is enough alone."""
        return [
            LeastChange(
                indicator,
                grade,
                decimal_of(points_from),
                decimal_of(points_to),
                decimal_of(most),
                decimal_of(values[0]) if values else None,
                decimal_of(values[1]) if values else None,
                decimal_of(score),
            )
            for indicator, grade, points_from, points_to, most, values, score in self._result.least_changes()
        ]

    @checked
    def explain(self, language: str = "en") -> str:
        """The score in words, line by line of the ledger.

        Args:
            language: ``"en"`` or ``"zh"``.
        """
        return self._result.words(language)

    def to_dict(self) -> dict[str, Any]:
        """The score with its ledger as plain data, figures as decimals."""
        document: dict[str, Any] = json.loads(self._result.to_json(), parse_float=Decimal)
        return document

    def to_json(self) -> str:
        """The score with its ledger as one JSON object, figures with all their places."""
        return self._result.to_json()

    def __repr__(self) -> str:
        parts: list[str] = [self.outcome]
        if self.score is not None:
            parts.append(f"{self.score:f}")
        if self.grade is not None:
            parts.append(f"grade {self.grade}")
        if self.reason is not None:
            parts.append(self.reason)
        return f"<Score {' '.join(parts)}>"

    def grid(self, language: str = "en") -> Grid:
        """The ledger as a table with the result above it."""
        grid = self.ledger.grid(language)
        grid.title = self._line(language)
        if self.outcome == "vetoed" and self.without_veto is not None:
            grid.note = f"{_word('without_veto', language)}{self.without_veto:f}"
        elif self.refusal:
            grid.note = self.explain(language).splitlines()[0] if chinese(language) else self.refusal
        return grid

    def _line(self, language: str) -> str:
        plan = self._result.plan
        parts = [plan.scorecard, str(self.outcome)]
        if chinese(language):
            parts = [plan.label(_SCORECARD, plan.scorecard, language), OUTCOMES_ZH[self.outcome]]
        if self.score is not None:
            parts.append(f"{self.score:f}")
        if self.grade is not None:
            parts.append(plan.label(_GRADE, self.grade, language) or self.grade)
        if self.reason is not None:
            parts.append(self.reason)
        return " · ".join(parts)

    def _repr_html_(self) -> str:
        return self.grid().html()

    def __rich__(self) -> Any:
        return self.grid().rich()
