"""Weights, response rates and the validity of waves: by hand, beside plain Python, and what is refused."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from math import lcm
from random import Random
from typing import Any

import libcsat as cs
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

SEXES = {"f": 49, "m": 51}


def sample(women: int = 60, men: int = 40) -> pa.Table:
    sex = ["f"] * women + ["m"] * men
    return pa.table({"id": [f"r{i:03}" for i in range(women + men)], "sex": sex})


def test_worked() -> None:  # 49/60 and 51/40, in millionths that add up to 100
    weighted = cs.post_stratify(sample(), "sex", SEXES, "id")
    assert sum(weighted.weights) == 100
    assert sorted(set(weighted.weights)) == [Decimal("0.816666"), Decimal("0.816667"), Decimal("1.275")]
    assert weighted.weights.count(Decimal("0.816666")) == 20
    assert weighted.achieved == {"sex": {"f": 49, "m": 51}} == weighted.targets
    assert weighted.design_effect == pytest.approx(1.0504166, abs=1e-7)
    assert weighted.cycles == 1
    assert "100 rows · design effect 1.0504, worth 95.2 · 1 cycles" in repr(weighted)
    shares = cs.rake(sample(), {"sex": {"f": "0.49", "m": Decimal("0.51")}}, "id", total=1000)
    assert shares.achieved == {"sex": {"f": 490, "m": 510}}


def plain_raking(
    rows: list[tuple[str, ...]], margins: list[dict[str, float]], base: list[float]
) -> list[float]:
    """Iterative proportional fitting as its authors describe it."""
    weights = list(base)
    for _ in range(2000):
        for at, margin in enumerate(margins):
            sums = dict.fromkeys(margin, 0.0)
            for row, weight in zip(rows, weights, strict=True):
                sums[row[at]] += weight
            factors = {name: target / sums[name] for name, target in margin.items()}
            weights = [weight * factors[row[at]] for row, weight in zip(rows, weights, strict=True)]
    return weights


@pytest.mark.parametrize("seed", range(6))
def test_raking_beside_plain_python(seed: int) -> None:
    chance = Random(seed)
    names = [["f", "m"], ["young", "middle", "old"], ["north", "south", "east", "west"]]
    rows: list[Any] = [tuple(chance.choice(margin) for margin in names) for _ in range(300)]
    base = [round(0.5 + chance.random(), 3) for _ in rows]
    margins = [{name: 0.5 + chance.random() for name in margin} for margin in names]
    margins = [{name: round(v / sum(m.values()), 6) for name, v in m.items()} for m in margins]
    total = [sum(margin.values()) for margin in margins]
    wanted = plain_raking(
        rows,
        [{k: v / t * len(rows) for k, v in m.items()} for m, t in zip(margins, total, strict=True)],
        base,
    )
    table = pd.DataFrame(rows, columns=["sex", "age", "region"]).assign(id=range(len(rows)), base=base)
    known = dict(zip(("sex", "age", "region"), margins, strict=True))
    weighted = cs.rake(table, known, "id", base="base")
    ours = [float(weight) for weight in weighted.weights]
    assert sum(weighted.weights) == len(rows)
    assert ours == pytest.approx(wanted, abs=2e-6)
    assert weighted.largest_deviation < 1e-6
    effect = len(rows) * sum(w * w for w in wanted) / sum(wanted) ** 2
    assert weighted.design_effect == pytest.approx(effect, rel=1e-5)
    # The order of the rows has no part in it.
    turned = cs.rake(table.iloc[::-1], known, "id", base="base")
    assert turned.weights == weighted.weights[::-1]


def test_limits() -> None:
    free = cs.post_stratify(sample(90, 10), "sex", SEXES, "id")
    assert max(free.weights) == Decimal("5.1") and free.trimmed == 0
    margins = {"sex": {"f": 85, "m": 15}}
    held = cs.rake(sample(90, 10), margins, "id", least="0.5", greatest="1.5")
    assert held.trimmed == 10 and max(held.weights) == Decimal("1.5")
    with pytest.raises(cs.SpecError, match="'m'"):
        cs.rake(sample(90, 10), {"sex": SEXES}, "id", greatest=2)


def test_combinations() -> None:
    table = pl.DataFrame(
        {
            "id": range(6),
            "sex": ["f", "f", "f", "m", "m", "m"],
            "old": [True, True, False, True, False, False],
        }
    )
    targets = {("f", True): 1, ("f", False): 2, ("m", True): 1, ("m", False): 2}
    weighted = cs.post_stratify(table, ["sex", "old"], targets, "id", column="w")
    assert weighted.weights == [Decimal(text) for text in ("0.5", "0.5", "2", "1", "1", "1")]
    assert isinstance(weighted.table, pl.DataFrame)
    assert weighted.table["w"].to_list() == [0.5, 0.5, 2, 1, 1, 1]
    reader = table.to_arrow().to_reader()
    assert cs.post_stratify(reader, ["sex", "old"], targets, "id").table.num_rows == 6


def test_combinations_of_alike_names() -> None:
    cells = {("A x B", "C"): 10, ("A", "B x C"): 60, ("A x", "B"): 20, ("A", "x B"): 5, ('"A x"', "B"): 5}
    first, second = zip(*cells, strict=True)
    table = pa.table({"id": [1, 2, 3, 4, 5], "a": first, "b": second})
    weighted = cs.post_stratify(table, ["a", "b"], cells, id="id", total=100)
    assert weighted.weights == [10, 60, 20, 5, 5]
    with pytest.raises(cs.SpecError, match=r"^margin 'a x b' has category '1 x y' twice$"):
        cs.post_stratify(table, ["a", "b"], {(1, "y"): 1, ("1", "y"): 2}, id="id")


@pytest.mark.parametrize(
    ("column", "words"),
    [("sex", "'sex' of the weights stands in the table"), ("", "'' of the weights has no name")],
)
def test_no_column_is_replaced(column: str, words: str) -> None:
    with pytest.raises(cs.SpecError, match=re.escape(words)):
        cs.rake(sample(), {"sex": SEXES}, "id", column=column)


def test_weights_are_read_by_measures() -> None:
    document = {
        "id": "weighted",
        "version": "1",
        "effective_from": "2025-01-01",
        "zone": "UTC",
        "metrics": [
            {"id": "happy", "min": 0, "max": 1, "direction": "HIGHER_IS_BETTER", "number": {}},
            {"id": "weight", "min": 0, "max": 100, "direction": "NEUTRAL", "number": {}},
        ],
        "measures": [
            {
                "id": "satisfied",
                "unit": "share",
                "direction": "HIGHER_IS_BETTER",
                "weight": "weight",
                "share": {"of": {"compare": {"metric": "happy", "op": "EQ", "value": 1}}},
            }
        ],
    }
    table = sample().append_column("happy", pa.array([1] * 60 + [0] * 40))
    weighted = cs.post_stratify(table, "sex", SEXES, "id")
    (row,) = cs.Policy.load(document).measure(weighted.table).table().to_pylist()
    assert row["value"] == pytest.approx(0.49, rel=1e-12)
    assert row["design_effect"] == pytest.approx(weighted.design_effect, rel=1e-9)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        pytest.param(
            {"margins": {"sex": {"f": 1}}}, cs.TableError, "row 60: column 'sex': 'm'", id="category"
        ),
        pytest.param({"margins": {"sex": {**SEXES, "x": 1}}}, cs.SpecError, "'x'", id="target without rows"),
        pytest.param({"margins": {"sex": {"f": 1, "m": 0}}}, cs.SpecError, "'m'", id="rows without target"),
        pytest.param({"margins": {"sex": {"f": 1, "m": -1}}}, cs.SpecError, "-1", id="negative target"),
        pytest.param({"margins": {}}, cs.SpecError, "margin", id="no margin"),
        pytest.param({"margins": {"seks": SEXES}}, cs.TableError, "column 'seks' is missing", id="no column"),
        pytest.param({"id": "sex"}, cs.SpecError, "'f'", id="ids twice"),
        pytest.param({"base": "zero"}, cs.SpecError, "base", id="base weight of 0"),
        pytest.param({"base": "hole"}, cs.TableError, "row 0: column 'hole' is null", id="no base weight"),
        pytest.param({"least": 2}, cs.SpecError, "2", id="least above 1"),
        pytest.param({"least": -1}, cs.SpecError, "least -1 lies below 0", id="least below 0"),
        pytest.param(
            {"total": 10**13}, cs.SpecError, "total 10000000000000 lies outside [-92", id="too large"
        ),
        pytest.param({"total": 0}, cs.SpecError, "total 0 is not above 0", id="no total"),
        pytest.param({"tolerance": 1.0}, cs.SpecError, "tolerance", id="tolerance"),
        pytest.param({"most_cycles": 0}, cs.SpecError, "0", id="no cycle"),
    ],
)
def test_refusals(change: dict[str, Any], error: type[Exception], words: str) -> None:
    table = (
        sample().append_column("zero", pa.array([0] * 100)).append_column("hole", pa.nulls(100, pa.int64()))
    )
    arguments: dict[str, Any] = {"margins": {"sex": SEXES}, "id": "id", **change}
    with pytest.raises(error, match=re.escape(words)):
        cs.rake(table, **arguments)


@pytest.mark.parametrize(
    ("margins", "words"),
    [
        ({"sex": {"f": "0.4", "m": "0.4"}}, "margin 'sex': its shares add up to 0.8, not to 1"),
        ({"sex": {"f": "0.4", "m": "0.594999"}}, "add up to 0.994999"),
        ({"sex": {"f": "0.4", "m": "0.595"}}, ""),
        ({"sex": {"f": "0.51", "m": "0.51"}}, "margin 'sex': its shares add up to 1.02, not to 1"),
        ({"sex": {"f": "0.4", "m": "0.605"}}, ""),
        ({"sex": {"f": "0.4", "m": "0.605001"}}, "add up to 1.005001, not to 1"),
        ({"sex": {"f": Fraction(1, 3), "m": Fraction(1, 3)}}, "margin 'sex': its shares add up to 2/3, not"),
        ({"sex": {"f": 1, "m": "0.5"}}, "margin 'sex': its shares add up to 1.5, not to 1"),
        # Counts, such as those of millions.
        ({"sex": {"f": 1, "m": 1}}, ""),
        ({"sex": {"f": "1.2", "m": "0.3"}}, ""),
        ({"sex": {"f": 51, "m": 51}}, ""),
        (
            {"sex": {"f": "0.51", "m": "0.51"}, "age": {"young": "0.5", "old": "0.5"}},
            "margin 'sex': its shares add up to 1.02, not to 1",
        ),
        (
            {"sex": {"f": 51, "m": 51}, "age": {"young": 50, "old": 50}},
            "margin 'sex': its shares add up to 102, not to 100 as those of 'age' do",
        ),
        (
            {"sex": {"f": 50, "m": 50}, "age": {"young": 40, "old": 50}},
            "margin 'age': its shares add up to 90,",
        ),
        ({"sex": {"f": 50, "m": 50}, "age": {"young": 60, "old": 50}}, "its shares add up to 110,"),
        ({"sex": {"f": 50, "m": 50}, "age": {"young": "49.9", "old": "50.6"}}, ""),
        ({"sex": {"f": 50, "m": 50}, "age": {"young": 40, "old": 49}}, ""),
        ({"sex": {"f": 50, "m": 50}, "age": {"young": 60, "old": 51}}, ""),
        ({"sex": {"f": "33.3", "m": "66.6"}, "age": {"young": "0.4", "old": "0.6"}}, ""),
        ({"sex": {"f": 5000, "m": 5000}, "age": {"young": 3, "old": "96.9"}}, ""),
        ({"sex": {"f": 5000, "m": 5000}, "age": {"young": 4950, "old": 5000}}, ""),
        (
            {"sex": {"f": 5000, "m": 5000}, "age": {"young": 4949, "old": 5000}},
            "margins contradict each other: 'sex' adds up to 10000, 'age' to 9949",
        ),
        (
            {"sex": {"f": 5000, "m": 5000}, "age": {"young": 4000, "old": 5000}},
            "margins contradict each other: 'sex' adds up to 10000, 'age' to 9000",
        ),
    ],
)
def test_sums_of_margins(margins: dict[str, Any], words: str) -> None:
    rows = {"id": [1, 2, 3, 4], "sex": ["f", "m", "f", "m"], "age": ["young", "young", "old", "old"]}
    if not words:
        assert sum(cs.rake(pa.table(rows), margins, "id").weights) == 4
        return
    with pytest.raises(cs.SpecError, match=re.escape(words)):
        cs.rake(pa.table(rows), margins, "id")
    if len(margins) == 1:
        with pytest.raises(cs.SpecError, match=re.escape(words)):
            cs.post_stratify(pa.table(rows), "sex", margins["sex"], "id")


@pytest.mark.parametrize(
    "targets",
    [
        {"f": 1, "m": 2},
        {"f": 1 / 3, "m": 2 / 3},
        {"f": Fraction(1, 3), "m": Fraction(2, 3)},
        {"f": "0.00000001", "m": Decimal("2e-8")},
        {"f": 10**15, "m": 2 * 10**15},
        {"f": Fraction(10**30, 7), "m": Fraction(2 * 10**30, 7)},
    ],
)
def test_targets_of_any_digits(targets: dict[str, Any]) -> None:
    if sum(map(Fraction, targets.values())) < Fraction(1, 2):
        table = sample(40, 20)
        with pytest.raises(cs.SpecError, match=r"its shares add up to 0\.00000003, not to 1"):
            cs.post_stratify(table, "sex", targets, "id")
        return
    weighted = cs.post_stratify(sample(40, 20), "sex", targets, "id")
    assert weighted.achieved == {"sex": {"f": 20, "m": 40}}
    assert [round(target, 12) for target in weighted.targets["sex"].values()] == [20, 40]


@pytest.mark.parametrize(
    "of", [lambda x: 1 / float(x), lambda x: 1 / x, float], ids=["chance", "exact", "as is"]
)
def test_base_weights_of_any_digits(of: Any) -> None:
    """One over the chance to be drawn is no number of six places; its proportions are what counts."""
    chances = [Fraction(3, 10), Fraction(1, 7), Fraction(1, 3), Fraction(123, 1000)] * 25
    base = [of(chance) for chance in chances]
    table = sample().to_pandas().assign(base=base)
    if isinstance(base[0], Fraction):
        # Fractions are no column of pyarrow's.
        common = lcm(*(weight.denominator for weight in base))
        table = table.assign(base=[int(weight * common) for weight in base])
    weighted = cs.rake(table, {"sex": SEXES}, "id", base="base")
    plain = plain_raking([(sex,) for sex in table["sex"]], [{"f": 49, "m": 51}], list(map(float, base)))
    assert [float(weight) for weight in weighted.weights] == pytest.approx(plain, abs=2e-6)
    assert sum(weighted.weights) == 100


def test_base_weights_are_proportions() -> None:
    same = cs.rake(sample(), {"sex": SEXES}, "id").weights
    for each in (1 / 0.3, np.float32(1.1), 1e-12, 1e300, Decimal("0.1234567")):
        table = sample().to_pandas().assign(base=each)
        assert cs.rake(table, {"sex": SEXES}, "id", base="base").weights == same
    for wrong, message in (
        (float("inf"), "base weight of row 0 inf is no finite number"),
        (-0.1, "base weight of row 0 -0.1 is not above 0"),
        ("many", "base weight of row 0 many is no finite number"),
    ):
        table = sample().to_pandas().assign(base=wrong)
        with pytest.raises(cs.SpecError, match=message):
            cs.rake(table, {"sex": SEXES}, "id", base="base")


def test_no_convergence() -> None:
    """Margins that contradict each other: all women are old, and there are fewer old people than women."""
    rows = {"id": [1, 2, 3], "sex": ["f", "m", "m"], "age": ["old", "old", "young"]}
    with pytest.raises(cs.SpecError):
        cs.rake(pa.table(rows), {"sex": {"f": 60, "m": 40}, "age": {"old": 30, "young": 70}}, "id")


def test_response_rates() -> None:  # docs/sampling.md
    rates = cs.response_rate(500, 50, refused=200, not_reached=100, other=50, unknown=100, ineligible=3)
    assert rates == cs.ResponseRate(
        Fraction(1, 2), Fraction(11, 20), Fraction(11, 18), Fraction(11, 16), Fraction(1, 5), Fraction(4, 5)
    )
    assert "68.8" in repr(rates)
    assert cs.response_rate(0) == cs.ResponseRate(*[None] * 6)
    with pytest.raises(cs.SpecError, match="-1"):
        cs.response_rate(-1)


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        pytest.param(Fraction(1, 16), "6.3", id="6.25, which is no binary half"),
        pytest.param(Fraction(1, 160), "0.6", id="0.625"),
        pytest.param(Fraction(1, 2000), "0.1", id="0.05"),
        pytest.param(Fraction(499, 1_000_000), "0.0", id="0.0499"),
        pytest.param(Fraction(999, 1000), "99.9", id="99.9"),
        pytest.param(Fraction(1999, 2000), "100.0", id="99.95"),
    ],
)
def test_percentages_are_printed_half_up(share: Fraction, shown: str) -> None:
    part, rest = share.numerator, share.denominator - share.numerator
    rates = cs.response_rate(part, refused=rest)
    assert re.search(rf"RR1 +{shown}$", repr(rates), re.MULTILINE)
    lines = {"product_line": [f"p{i}" for i in range(part + rest)], "mature": [True] * (part + rest)}
    lines["surveyed"] = [True] * part + [False] * rest
    if part + rest <= 2000:
        covered = cs.Policy.load("annual-survey").sampling_rule("mature_products").apply(pa.table(lines))
        assert f"{shown} %" in repr(covered)


@pytest.mark.parametrize(
    ("counts", "closed", "state"),
    [
        pytest.param((100, 80, 20), True, "valid", id="20 of 100"),
        pytest.param((100, 79, 21), False, "supplement_required", id="21 of 100"),
        pytest.param((100, 79, 21), True, "invalid", id="21 of 100, closed"),
        pytest.param((100, 87, 13), True, "valid", id="8 replacements answered"),
        pytest.param((7, 6, 1), True, "valid", id="1 of 7"),
        pytest.param((7, 5, 2), True, "invalid", id="2 of 7"),
    ],
)
def test_waves(counts: tuple[int, int, int], closed: bool, state: str) -> None:  # P3-83, A-88
    assert cs.wave_state(*counts, closed=closed) == state


def test_waves_that_are_none() -> None:
    with pytest.raises(cs.SpecError):
        cs.wave_state(100, 80, 10, closed=False)
    with pytest.raises(cs.SpecError):
        cs.wave_state(100, 90, 0, not_contacted=10, closed=True)
    assert cs.wave_state(100, 90, 0, not_contacted=10, closed=False) == "valid"
    with pytest.raises(cs.SpecError, match="percent"):
        cs.wave_state(100, 100, 0, percent="0.0000001", closed=True)


def test_months() -> None:  # P3-77, P2-25
    assert cs.count_within_months("2025-03-01", 12, ["2025-08-01", "2026-03-01"]) == 2
    assert cs.count_within_months("2025-03-01", 12, ["2025-08-01", "2026-03-02", "2025-02-28"]) == 1
    assert cs.count_within_months("2025-05-31", 9, ["2026-02-28", "2026-03-01"]) == 1
    with pytest.raises(cs.SpecError, match=r"months -1 lies outside \[0, 1200\]"):
        cs.count_within_months("2025-03-01", -1, [])
