"""Whether the items of a scale measure one thing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

from libcsat.checked import checked
from libcsat.error import CsatError, SpecError, TableError
from libcsat.places import most_places, value_places
from libcsat.show import Grid, Sheet, chinese
from libcsat.tables import kept, package_of, same_kind

if TYPE_CHECKING:
    from libcsat.aggregate import Aggregates, Item

__all__ = ["Bartlett", "Gap", "ItemFigures", "Reliability", "reliability"]

_ZH = {
    "empty": "没有可计的数据",
    "no answers": "没有任何回答",
    "too_few": "行数或题目少于定义所需",
    "constant": "没有变化",
    "duplicate": "题目完全相同",
    "singular": "某题是其他题的线性组合",
    "indefinite": "成对统计量在完整数据中不可能出现",
    "not_measurable": "此处定义无值",
    "no_convergence": "迭代未收敛",
    "invalid": "参数超出范围",
    "figure": "指标",
    "value": "数值",
    "{} items · {} rows, {} complete · {}": "{} 题 · {} 行，其中完整 {} 行 · {}",
    "listwise": "成列删除",
    "pairwise": "成对删除",
    "alpha": "α 系数",
    "{:g} % interval": "{:g} % 区间",
    "{:.4f} to {:.4f}": "{:.4f} 至 {:.4f}",
    "standardised alpha": "标准化 α 系数",
    "average correlation": "平均相关",
    "omega total": "ω 总系数",
    "KMO": "KMO",
    "Bartlett": "Bartlett 检验",
    "chi-square {:.2f}, df {:g}, {}": "卡方 {:.2f}，自由度 {:g}，{}",
    "item": "题目",
    "n": "n",
    "mean": "均值",
    "sd": "标准差",
    "item-rest": "题总相关",
    "alpha if dropped": "删除后 α",
    "loading": "载荷",
    "{} (reversed)": "{}（反向）",
}

_WORDS = {
    "empty": "nothing was counted",
    "too_few": "fewer rows or items than the definition takes",
    "constant": "nothing varies",
    "duplicate": "items say the same or the opposite",
    "singular": "an item is a linear combination of others",
    "indefinite": "pairwise figures that no data without gaps could have",
    "not_measurable": "the definition has no value here",
    "no_convergence": "the iteration did not settle",
    "invalid": "an argument outside of its range",
}


@dataclass(frozen=True)
class Gap:
    """Why there is no figure.

    Attributes:
        reason: ``"empty"``, ``"too_few"``, ``"constant"``, ``"duplicate"``, ``"singular"``, ``"indefinite"``,
            ``"not_measurable"``, ``"no_convergence"`` or ``"invalid"``.
        items: The items at fault; empty where none in particular is. With ``"empty"`` those without
            any answer.
    """

    reason: str
    items: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.words("en")

    @checked
    def words(self, language: str) -> str:
        """In English, or in Chinese for ``"zh"``."""
        zh = chinese(language)
        if self.reason == "empty" and self.items:
            words = _ZH["no answers"] if zh else "no answers"
        else:
            words = (_ZH if zh else _WORDS).get(self.reason, self.reason)
        return f"{words}{'：' if zh else ': '}{(', ', '、')[zh].join(self.items)}" if self.items else words


@dataclass(frozen=True)
class Bartlett:
    """Bartlett's test of sphericity: are the items uncorrelated.

    Attributes:
        chi_square: -(n - 1 - (2k + 5) / 6) ln |R|.
        df: k (k - 1) / 2.
        p: Upper tail; 0 where it is below the least double, and `log10_p` still says how small it is.
        log10_p: Its decimal logarithm.
        n: Rows that it takes: complete ones; with missing answers by pairs all rows, as R psych does.
    """

    chi_square: float
    df: float
    p: float
    log10_p: float
    n: int


@dataclass(frozen=True)
class ItemFigures:
    """What one item does in its set. A figure that there is none of is None.

    Attributes:
        item: Its id, or the name of its column.
        n: Rows with a value, of those that were used.
        mean: Of these, turned about where the item is reversed.
        sd: Standard deviation, divided by n - 1.
        item_rest: Correlation with the sum of the others; "corrected item-total", r.drop in R psych.
        alpha_if_dropped: Alpha of the others.
        standardised_alpha_if_dropped: The same of correlations.
        loading: On one factor by minimum residuals.
        kmo: Sampling adequacy of this item, 0 to 1.
    """

    item: str
    n: int
    mean: float | None
    sd: float | None
    item_rest: float | None
    alpha_if_dropped: float | None
    standardised_alpha_if_dropped: float | None
    loading: float | None
    kmo: float | None


class Reliability(Sheet):
    """Alpha and what is said beside it, of one set of items. A figure that there is none of is None, and
    `reasons` says why; nothing is ever NaN or infinite, nor beyond what it can be: pairwise figures that
    contradict each other (``"indefinite"``) leave `eigenvalues` and `correlations`, which show it, and what
    stands without the item. Shows itself as tables."""

    def __init__(self, document: str, names: Mapping[str, str] | None = None, package: str = "") -> None:
        self._document: dict[str, Any] = json.loads(document)
        self._names = dict(names or {})
        self._package = package

    @property
    def items(self) -> tuple[str, ...]:
        """Its items, in their order."""
        return self._named(self._document["items"])

    @property
    def reversed(self) -> tuple[str, ...]:
        """Those that were turned about."""
        return self._named(self._document["reversed"])

    @property
    def missing(self) -> str:
        """``"listwise"`` or ``"pairwise"``."""
        return str(self._document["missing"])

    @property
    def level(self) -> float:
        """Coverage of `alpha_interval`."""
        return float(self._document["level"])

    @property
    def rows(self) -> int:
        """Rows of the group."""
        return int(self._document["rows"])

    @property
    def complete(self) -> int:
        """Rows that answer all items."""
        return int(self._document["complete"])

    @property
    def n(self) -> int:
        """Rows that `alpha_interval` takes: complete rows, or with missing answers by pairs all rows."""
        return int(self._document["n"])

    @property
    def alpha(self) -> float | None:
        """Cronbach's alpha, of covariances: Psychometrika 16 (1951). Below 0 where items go against each
        other.
        """
        return self._figure("alpha")

    @property
    def alpha_interval(self) -> tuple[float, float] | None:
        """Its interval by the F distribution: Feldt, Psychometrika 30 (1965)."""
        interval = self._document["alpha_interval"]
        return None if "reason" in interval else (interval["low"], interval["high"])

    @property
    def standardised_alpha(self) -> float | None:
        """The same of correlations."""
        return self._figure("standardised_alpha")

    @property
    def average_correlation(self) -> float | None:
        """Of the correlations of different items."""
        return self._figure("average_correlation")

    @property
    def omega_total(self) -> float | None:
        """McDonald's, of one factor, over the variance observed: psych::omega(nfactors = 1). Needs three
        items.
        """
        return self._figure("omega_total")

    @property
    def omega_of_model(self) -> float | None:
        """The same over the variance that the factor implies: McDonald, Test Theory, 1999, (6.20a)."""
        return self._figure("omega_of_model")

    @property
    def heywood(self) -> tuple[str, ...]:
        """Items whose loading is at its limit: one factor does not fit them."""
        return self._named(self._document["heywood"])

    @property
    def kmo(self) -> float | None:
        """Sampling adequacy, 0 to 1: Kaiser and Rice, Educational and Psychological Measurement 34 (1974)."""
        return self._figure("kmo")

    @property
    def bartlett(self) -> Bartlett | None:
        """British Journal of Psychology, Statistical Section 3 (1950)."""
        test = self._document["bartlett"]
        return None if "reason" in test else Bartlett(**test)

    @property
    def eigenvalues(self) -> list[float] | None:
        """Of the correlations, descending."""
        values = self._document["eigenvalues"]
        return None if isinstance(values, dict) else list(values)

    @property
    def by_item(self) -> list[ItemFigures]:
        """What each item does."""
        made = []
        for item in self._document["by_item"]:
            figures: dict[str, Any] = {
                key: None if isinstance(value, dict) else value for key, value in item.items() if key != "id"
            }
            made.append(ItemFigures(self._names.get(item["id"], item["id"]), **figures))
        return made

    @property
    def reasons(self) -> dict[str, Gap]:
        """Why there is no figure, by its name: ``"alpha"``, or ``"quality.item_rest"`` of an item."""
        found = {
            key: self._gap(value)
            for key, value in self._document.items()
            if isinstance(value, dict) and "reason" in value
        }
        for item in self._document["by_item"]:
            name = self._names.get(item["id"], item["id"])
            found |= {
                f"{name}.{key}": self._gap(value) for key, value in item.items() if isinstance(value, dict)
            }
        return found

    @property
    def findings(self) -> list[Gap]:
        """What is wrong with the items, whatever could be computed: constant, duplicate, singular,
        indefinite; too_few where there are no more complete rows than items; empty where nothing was counted.
        """
        return [self._gap(gap) for gap in self._document["findings"]]

    @property
    def table(self) -> Any:
        """`by_item` as a table of the kind that was counted: a row for each item."""
        import pyarrow as pa

        rows = [vars(item) for item in self.by_item]
        types = {"item": pa.string(), "n": pa.int64()}
        schema = pa.schema([(key, types.get(key, pa.float64())) for key in ItemFigures.__dataclass_fields__])
        return same_kind(self._package, pa.Table.from_pylist(rows, schema=schema))

    @property
    def correlations(self) -> Any:
        """The correlations as a table of the kind that was counted: ``item`` and a column for each item;
        None where there are none."""
        import pyarrow as pa

        matrix = self._document["correlations"]
        if isinstance(matrix, dict):
            return None
        columns = [pa.array(self.items, pa.string())]
        columns += [pa.array([row[j] for row in matrix], pa.float64()) for j in range(len(matrix))]
        return same_kind(self._package, pa.Table.from_arrays(columns, ["item", *self.items]))

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, items as in `items`."""
        document = self._with_names(self._document)
        if self._names:
            # The set of `reliability()` has no name of the caller's.
            del document["set"]
        return dict(document)

    @checked
    def grids(self, language: str = "en") -> list[Grid]:
        zh = chinese(language)

        def word(text: str) -> str:
            return _ZH[text] if zh else text

        title = word("{} items · {} rows, {} complete · {}")
        title = title.format(len(self.items), self.rows, self.complete, word(self.missing))
        grid = Grid(title, [word("figure"), word("value")], right=frozenset({1}))
        interval = self.alpha_interval
        grid.add([word("alpha"), self._shown("alpha", language)], emphasised=True)
        if interval is not None:
            ends = word("{:.4f} to {:.4f}").format(*interval)
            grid.add([word("{:g} % interval").format(100 * self.level), ends])
        for key, name in (
            ("standardised_alpha", "standardised alpha"),
            ("average_correlation", "average correlation"),
            ("omega_total", "omega total"),
            ("kmo", "KMO"),
        ):
            grid.add([word(name), self._shown(key, language)])
        test = self.bartlett
        if test is None:
            grid.add([word("Bartlett"), self._gap(self._document["bartlett"]).words(language)])
        else:
            p = f"p = {test.p:.3g}" if test.p >= 1e-300 else f"log10 p = {test.log10_p:.0f}"
            text = word("chi-square {:.2f}, df {:g}, {}").format(test.chi_square, test.df, p)
            grid.add([word("Bartlett"), text])
        if self.findings:
            grid.note = ("; ", "；")[zh].join(gap.words(language) for gap in self.findings)
        header = ["item", "n", "mean", "sd", "item-rest", "alpha if dropped", "loading", "KMO"]
        items = Grid("", [word(name) for name in header], right=frozenset(range(1, len(header))))
        for item in self.by_item:
            figures = [item.mean, item.sd, item.item_rest, item.alpha_if_dropped, item.loading, item.kmo]
            name = word("{} (reversed)").format(item.item) if item.item in self.reversed else item.item
            items.add([name, item.n, *("" if figure is None else f"{figure:.4f}" for figure in figures)])
        return [grid, items]

    def _figure(self, key: str) -> float | None:
        value = self._document[key]
        return None if isinstance(value, dict) else float(value)

    def _shown(self, key: str, language: str) -> str:
        value = self._document[key]
        return self._gap(value).words(language) if isinstance(value, dict) else f"{value:.4f}"

    def _gap(self, gap: Mapping[str, Any]) -> Gap:
        return Gap(gap["reason"], self._named(gap["items"]))

    def _with_names(self, value: Any) -> Any:
        """A part of the document with the columns in place of the ids of items."""
        if isinstance(value, dict):
            return {key: self._with_names(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._with_names(each) for each in value]
        return self._names.get(value, value) if isinstance(value, str) else value

    def _named(self, ids: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._names.get(id, id) for id in ids)


@checked
def reliability(
    table: Any,
    items: Sequence[str],
    scale: tuple[float, float],
    missing: Literal["listwise", "pairwise"] = "listwise",
    reversed: Sequence[str] = (),
    level: float = 0.95,
    *,
    decimal_places: int | None = None,
    missing_values: Sequence[float] = (),
    threads: int | None = None,
    bad_rows: Literal["fail", "refuse"] = "fail",
) -> Reliability:
    """Whether the items of a scale measure one thing: Cronbach's alpha raw and standardised, with Feldt's
    interval and if an item is dropped, item-rest correlations, McDonald's omega, KMO overall and per item,
    Bartlett's test and eigenvalues, from one pass of the table.

        >>> judged = cs.reliability(table, ["A1", "A2", "A3", "A4", "A5"], scale=(1, 6), reversed=["A1"])
        >>> judged.alpha, judged.alpha_interval, judged.kmo, judged.table

    Figures agree with R psych to the last digits; where it fails or warns (constant, duplicated or too few
    items) there is a reason instead. Joint moments are exact integers: order, batches and threads change no
    bit.

    Args:
        table: n rows: a table of any kind that `Policy.score()` takes, or an iterator of such tables.
        items: 2 to 64 columns of figures.
        scale: Least and greatest value of all of them, inclusive; a value outside is a bad value.
        missing: ``"listwise"``: rows that answer all items. ``"pairwise"``: for each pair of items the rows
            that answer both.
        reversed: Items that are worded the other way: x becomes least + greatest - x.
        level: Coverage of the interval of alpha, within (0, 1).
        decimal_places: Of the values, 0 to 6; the scale within -+2^15 steps of 10^-decimal_places: 3 places
            on a scale to 7, 2 on one to 100. None: as many as the values have, which for an iterator, read
            but once, are those of its first table. Nothing is rounded: a value with more is a bad value.
        missing_values: Values that stand for "no answer", besides null.
        threads: As for `accumulate()`.
        bad_rows: As for `accumulate()`.

    Raises:
        SpecError: fewer than 2 items or more than 64, one twice, a scale that is empty or too wide, a level
            outside of its range, or `reversed` names what is no item.
        TableError: a column is missing or has a type that cannot be read; a bad value; no row at all.
    """
    package = ""
    parts = isinstance(table, Iterator) and not hasattr(table, "__arrow_c_stream__")
    whole = None if parts else kept(table)

    def noted() -> Iterator[Any]:
        nonlocal package
        for part in table if parts else [whole]:
            package = package or package_of(part)
            yield part

    counted = count_items(
        noted,
        items,
        scale,
        reversed=reversed,
        decimal_places=decimal_places,
        missing_values=missing_values,
        threads=threads,
        bad_rows=bad_rows,
        again=not parts,
    )
    if len(counted) == 0:
        raise TableError(f"no row to judge the items by, {counted.refused} were refused")
    return judge_group(counted, 0, items, missing, reversed, level, package)


def count_items(
    parts: Callable[[], Iterator[Any]],
    items: Sequence[str],
    scale: tuple[float, float],
    by: Sequence[str] = (),
    *,
    reversed: Sequence[str] = (),
    decimal_places: int | None = None,
    missing_values: Sequence[float] = (),
    threads: int | None = None,
    bad_rows: Literal["fail", "refuse"] = "fail",
    again: bool = True,
) -> Aggregates:
    """What `reliability()` counts, by group, for `judge_group()`; not part of the package's interface.

    Args:
        parts: Gives the tables, from the first on each time that it is called.
        again: It may be called more than once.
    """
    from libcsat.aggregate import Item, accumulate

    ids = _ids(items)
    if len(ids) < len(items):
        raise SpecError(
            f"item '{next(name for name in items if list(items).count(name) > 1)}' is there twice"
        )
    if not 2 <= len(items) <= 64:
        raise SpecError(f"{len(items)} items lie outside [2, 64]")
    for name in reversed:
        if name not in ids:
            raise SpecError(f"reversed item '{name}' is none of the items")
    least, greatest = scale

    def count(tables: Iterator[Any], places: int, why: str = "") -> Aggregates:
        try:
            # Checked once, not for each of the columns that differ in nothing but their names.
            one = Item(least, greatest, None, places, True, missing_values)
            return accumulate(
                tables,
                by,
                items={id: _of_column(one, name) for name, id in ids.items()},
                sets={"items": list(ids.values())},
                threads=threads,
                bad_rows=bad_rows,
            )
        except CsatError as error:
            # The caller gave columns, not ids.
            text = re.sub(r"^item 'item_\d+': missing_values\[\d+\]", "missing_values", str(error))
            text = re.sub(r"^item 'item_\d+'", "scale", re.sub(r" of item 'item_\d+'", "", text))
            text = re.sub(r": item 'item_\d+' needs numbers.*$", ": an item needs numbers", text)
            if isinstance(error, SpecError) and re.search(r" ticks$|^scale: m..: number '.*outside", text):
                step = Decimal(1).scaleb(-places)
                text = f"scale: [{least:g}, {greatest:g}] reaches beyond 32768 steps of {step:f}"
            error.args = (text + why if "between two steps" in text else text,)
            raise

    if decimal_places is not None:
        return count(parts(), decimal_places)
    places = most_places([least, greatest, *missing_values])
    if not again:
        tables = parts()
        first = next(tables, None)
        if first is None:
            return count(iter(()), places)
        found = value_places([first], items, scale, places)
        return count(chain([first], tables), found, ", those of the first table: give decimal_places")
    try:
        counted = count(parts(), places)
    except TableError:
        found = value_places(parts(), items, scale, places)
    else:
        # A row may be refused for its places alone.
        found = value_places(parts(), items, scale, places) if counted.refused else places
        if found == places:
            return counted
    return count(parts(), found, ", the finest that the scale has room for: round the values first")


def judge_group(
    counted: Aggregates,
    group: int,
    items: Sequence[str],
    missing: str,
    reversed: Sequence[str],
    level: float,
    package: str = "",
) -> Reliability:
    """Judges the items of one group of `count_items()`, by its place among the groups."""
    ids = _ids(items)
    document = counted._handle.reliability(
        group,
        "items",
        pairwise=_pairwise(missing),
        reversed=[ids[name] for name in reversed],
        level=level,
    )
    return Reliability(document, {id: name for name, id in ids.items()}, package)


def _ids(items: Sequence[str]) -> dict[str, str]:
    return {name: f"item_{i}" for i, name in enumerate(items)}


def _of_column(item: Item, name: str) -> Item:
    made = copy(item)
    object.__setattr__(made, "field", name)
    return made


def _pairwise(missing: str) -> bool:
    if missing not in ("listwise", "pairwise"):
        raise ValueError(f"missing '{missing}' is neither 'listwise' nor 'pairwise'")
    return missing == "pairwise"
