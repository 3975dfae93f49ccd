"""Weights with which a sample adds up to what is known of its population."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from libcsat import _capi
from libcsat.checked import checked
from libcsat.error import SpecError, TableError
from libcsat.proportion import Proportional, exact, in_proportion, written
from libcsat.sampling import _micros, _Number, _words
from libcsat.show import Grid, Shown
from libcsat.tables import columns_of, hints, kept, package_of, same_kind

if TYPE_CHECKING:
    import pyarrow as pa

# A sum may be off by one part in so many: shares and counts are published rounded.
_ROUNDED = 200
# Beside percentages a sum that is off by no more than one part in so many is one of percentages, too.
_PERCENTAGES = 10
# What targets may sum to, in units of the library.
_MOST = 1 << 62

__all__ = ["Weights", "post_stratify", "rake"]


class Weights(Shown):
    """The weights of a sample. Made by `rake()` and `post_stratify()`. Shows itself as its margins.

    Attributes:
        weights: In the order of the rows, exact decimals that add up to the total.
        achieved: By margin and category the sums of the weights.
        targets: Likewise what was declared, in proportion to the total.
        largest_deviation: The largest distance of a category from its target, as a share of the total.
        design_effect: n times the sum of squared weights over the square of their sum (Kish 1965): what the
            weights cost. n answers are worth n / design_effect.
        trimmed: Rows at a limit.
        cycles: Over all margins; 1 for one margin.
    """

    def __init__(
        self,
        table: Any,
        column: str,
        margins: Mapping[str, Mapping[str, Fraction]],
        made: tuple[list[int], list[int], float, float, int, int],
    ) -> None:
        weights, achieved, self.largest_deviation, self.design_effect, self.trimmed, self.cycles = made
        self.weights = [_decimal(weight) for weight in weights]
        self.achieved: dict[str, dict[str, Decimal]] = {}
        self.targets: dict[str, dict[str, Decimal]] = {}
        total, sums = sum(self.weights, Decimal(0)), iter(achieved)
        for name, margin in margins.items():
            whole = sum(margin.values(), Fraction(0))
            self.achieved[name] = {category: _decimal(next(sums)) for category in margin}
            parts = {category: Fraction(total) * target / whole for category, target in margin.items()}
            self.targets[name] = {
                category: Decimal(part.numerator) / part.denominator for category, part in parts.items()
            }
        self._table = table
        self._column = column

    @property
    def table(self) -> Any:
        """The rows, with a column of weights (float64) behind the others, as a table of the kind given."""
        import pyarrow as pa

        _, table = columns_of(self._table)
        weights = pa.array([float(weight) for weight in self.weights], pa.float64())
        return same_kind(package_of(self._table), table.append_column(self._column, weights))

    def grid(self) -> Grid:
        n = len(self.weights)
        worth = n / self.design_effect
        grid = Grid(
            f"{n} rows · design effect {self.design_effect:.4f}, worth {worth:.1f} · {self.cycles} cycles",
            ["margin", "category", "target", "weights"],
            right=frozenset({2, 3}),
        )
        for name, margin in self.achieved.items():
            for category, achieved in margin.items():
                grid.add([name, category, f"{self.targets[name][category]:.4f}", f"{achieved:.4f}"])
        if self.trimmed:
            grid.note = f"{self.trimmed} weights at a limit"
        return grid


@checked
def rake(
    table: Any,
    margins: Mapping[str, Mapping[Any, Proportional]],
    id: str,
    *,
    base: str | None = None,
    total: _Number | None = None,
    least: _Number | None = None,
    greatest: _Number | None = None,
    tolerance: float = 1e-9,
    most_cycles: int = 1000,
    column: str = "weight",
) -> Weights:
    """Weights with which the rows of a sample add up to several known divisions of its population: iterative
    proportional fitting (Deming and Stephan 1940), within limits the truncated method of Deville, Särndal
    and Sautory (1993).

        >>> weighted = cs.rake(answers, {"sex": {"f": 49, "m": 51}, "age": {"young": 30, "old": 70}}, "id")
        >>> weighted.table, weighted.design_effect

    Weights are whole millionths that add up to the total exactly, by the largest remainder; the order of the
    rows has no part in it. They mend what the shares of these columns show, and nothing else.

    Args:
        table: n rows: a table of any kind that `Policy.score()` takes.
        margins: By column, the counts of its values in the population, or their shares, which add up to 1 or
            100; they count in proportion to their sum. Of these and of base weights only the proportions
            count, and these exactly: a float stands for the shortest decimal that reads as it, and a Fraction
            for itself. Where no 64-bit numbers have them, such as those of 1 and 10^-20, each is rounded to a
            part of 2^60 or so of the largest.
        id: Column of ids, texts or integers, each once: they settle which of equal rows is rounded up.
        base: Column of design weights, one over the chance to be drawn, above 0; None: 1 each.
        total: What the weights add up to, such as the size of the population; None: the number of rows.
        least: No weight below so many times the mean weight, 0 to 1.
        greatest: No weight above so many times the mean weight, 1 or more.
        tolerance: Of any category from its target, as a share of the total; 1e-12 to 0.01.
        most_cycles: 1 to 100,000.
        column: Name of the column of weights in `Weights.table`.

    Raises:
        TableError: a column is missing, a value is null or no category, an id is there twice.
        SpecError: an input outside of its range; shares that add up to neither 1 nor 100, and counts whose
            sums contradict each other, by more than 0.5 %; or why there are no weights: a category with a
            target and no row, or with rows and no target, one whose target lies beyond what the limits leave
            to its rows, no convergence.
    """
    table = kept(table)
    words = {name: _margin(name, margin) for name, margin in margins.items()}
    rows = _columns(table, [id, *words, *([base] if base is not None else [])], column)
    of = {name: _texts(rows, name) for name in words}
    return _calibrated(
        table, rows, words, of, id, base, total, least, greatest, tolerance, most_cycles, column
    )


@checked
def post_stratify(
    table: Any,
    by: str | Sequence[str],
    targets: Mapping[Any, Proportional],
    id: str,
    *,
    base: str | None = None,
    total: _Number | None = None,
    least: _Number | None = None,
    greatest: _Number | None = None,
    column: str = "weight",
) -> Weights:
    """Weights with which the rows add up to one known division of the population, by one column or by the
    combinations of several.

        >>> cs.post_stratify(answers, "sex", {"f": 49, "m": 51}, id="respondent")
        >>> cs.post_stratify(answers, ["sex", "age"], {("f", "young"): 14, ("f", "old"): 35, …}, id="id")

    Args:
        by: The column, or columns.
        targets: By value, or tuple of values, its count or share in the population.
        table, id, base, total, least, greatest, column: As for `rake()`.

    Raises:
        TableError, SpecError: As `rake()` does.
    """
    table = kept(table)
    keys = [by] if isinstance(by, str) else list(by)
    if not keys:
        raise SpecError("by names no column")
    name = " x ".join(keys)
    cells: dict[Any, Proportional] = {}
    for key, target in targets.items():
        cell = _cell([_category(part) for part in key]) if isinstance(key, tuple) else key
        if cell in cells:
            raise SpecError(f"margin '{name}' has category '{cell}' twice")
        cells[cell] = target
    words = {name: _margin(name, cells)}
    rows = _columns(table, [id, *keys, *([base] if base is not None else [])], column)
    of = {name: [_cell(row) for row in zip(*(_texts(rows, key) for key in keys), strict=True)]}
    return _calibrated(table, rows, words, of, id, base, total, least, greatest, 1e-9, 1, column)


def _calibrated(
    table: Any,
    rows: pa.Table,
    margins: Mapping[str, Mapping[str, Fraction]],
    of: Mapping[str, Sequence[str]],
    id: str,
    base: str | None,
    total: _Number | None,
    least: _Number | None,
    greatest: _Number | None,
    tolerance: float,
    most_cycles: int,
    column: str,
) -> Weights:
    _check_targets(margins)
    places = {name: {word: at for at, word in enumerate(margin)} for name, margin in margins.items()}
    for name, words in of.items():
        for row, word in enumerate(words):
            if word not in places[name]:
                raise TableError(f"row {row}: column '{name}': '{word}' is no category of the population")
        there = set(words)
        for category, target in margins[name].items():
            if target and category not in there:
                raise SpecError(
                    f"margin '{name}', category '{category}': the target {written(target)} and no row"
                )
    categories = [places[name][words[row]] for row in range(rows.num_rows) for name, words in of.items()]
    weights = None if base is None else _base(rows, base)
    if total is not None and _micros(total, "total") <= 0:
        raise SpecError(f"total {total} is not above 0")
    for what, limit in (("least", least), ("greatest", greatest)):
        if limit is not None and _micros(limit, what) < 0:
            raise SpecError(f"{what} {limit} lies below 0")
    made = _capi.survey_calibrate(
        list(margins),
        [list(margin) for margin in margins.values()],
        [
            target
            for margin in margins.values()
            for target in in_proportion(list(margin.values()), _MOST // max(len(margin), 1))
        ],
        _texts(rows, id),
        categories,
        weights,
        total=None if total is None else _micros(total, "total"),
        least=None if least is None else _micros(least, "least"),
        greatest=None if greatest is None else _micros(greatest, "greatest"),
        tolerance=tolerance,
        most_cycles=most_cycles,
    )
    return Weights(table, column, margins, made)


def _base(rows: pa.Table, column: str) -> list[int]:
    """Whole numbers in the proportion of the design weights of the rows."""
    values = rows[column].to_pylist()
    if None in values:
        raise TableError(f"row {values.index(None)}: column '{column}' is null")
    made: dict[Any, Fraction] = {}
    for row, value in enumerate(values):
        # True is 1 as a key, and no number.
        if value not in made or isinstance(value, bool):
            weight = exact(value, f"base weight of row {row}")
            if weight <= 0:
                raise SpecError(f"base weight of row {row} {value} is not above 0")
            made[value] = weight
    whole = dict(zip(made, in_proportion(list(made.values())), strict=True))
    return [whole[value] for value in values]


def _check_targets(margins: Mapping[str, Mapping[str, Fraction]]) -> None:
    """Raises SpecError for a target below 0, and where margins cannot speak of one population: shares that
    do not add up to 1 or 100, counts that add up to different numbers. What rounding leaves is no fault."""
    sums: dict[str, Fraction] = {}
    for name, margin in margins.items():
        for category, target in margin.items():
            if target < 0:
                raise SpecError(
                    f"margin '{name}', category '{category}': the target {written(target)} is below 0"
                )
        whole = sum(margin.values(), Fraction(0))
        # Parts of one that are no counts, for these are whole.
        of_one = all(target <= 1 for target in margin.values()) and any(
            target.denominator > 1 for target in margin.values()
        )
        if of_one and not _near(whole, 1):
            raise SpecError(f"margin '{name}': its shares add up to {written(whole)}, not to 1")
        if whole and not _near(whole, 1):
            sums[name] = whole
    percentages = next((name for name, whole in sums.items() if _near(whole, 100)), None)
    counts: tuple[str, Fraction] | None = None
    for name, whole in sums.items():
        if _near(whole, 100):
            continue
        if percentages is not None and abs(whole - 100) * _PERCENTAGES <= 100:
            raise SpecError(
                f"margin '{name}': its shares add up to {written(whole)}, not to 100 as those of"
                f" '{percentages}' do"
            )
        if counts is None:
            counts = name, whole
        elif not _near(whole, counts[1]):
            two = f"'{counts[0]}' adds up to {written(counts[1])}, '{name}' to {written(whole)}"
            raise SpecError(f"margins contradict each other: {two}")


def _near(sum: Fraction, other: Fraction | int) -> bool:
    return abs(sum - other) * _ROUNDED <= other


def _margin(name: str, margin: Mapping[Any, Proportional]) -> dict[str, Fraction]:
    if not isinstance(margin, Mapping):
        raise TypeError(f"margin '{name}' is no mapping of categories to counts or shares")
    made: dict[str, Fraction] = {}
    for category, target in margin.items():
        word = _category(category)
        if word in made:
            raise SpecError(f"margin '{name}' has category '{word}' twice")
        made[word] = exact(target, f"target of '{word}'")
    return made


def _cell(parts: Sequence[str]) -> str:
    """The name of a combination of categories, of no other one: parts that could be taken for two are
    quoted."""
    if len(parts) == 1:
        return parts[0]
    quoted = (
        json.dumps(part, ensure_ascii=False) if " x" in part or "x " in part or part[:1] == '"' else part
        for part in parts
    )
    return " x ".join(quoted)


def _category(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _columns(table: Any, names: Sequence[str], new: str) -> pa.Table:
    there, rows = columns_of(table, names)
    if not new or new in there:
        raise SpecError(f"column '{new}' of the weights " + ("stands in the table" if new else "has no name"))
    near = hints(there, list(names))
    for name in names:
        if name not in there:
            raise TableError(f"column '{name}' is missing{near.get(name, '')}")
    return rows


def _texts(rows: pa.Table, name: str) -> list[str]:
    words = _words(rows[name], name)
    if None in words:
        raise TableError(f"row {words.index(None)}: column '{name}' is null")
    return words


def _decimal(micros: int) -> Decimal:
    return Decimal(micros).scaleb(-6)
