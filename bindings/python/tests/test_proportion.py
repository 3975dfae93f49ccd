"""Numbers of which the proportions alone count, as whole numbers: exact where 64 bits have them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from libcsat import SpecError
from libcsat.proportion import exact, in_proportion, written

MOST = 1 << 61


@pytest.mark.parametrize(
    ("numbers", "whole"),
    [
        ([], []),
        ([0, 0], [0, 0]),
        ([1, "0.000001"], [1_000_000, 1]),
        ([1, "0.0000001"], [10_000_000, 1]),
        (["0.0000002", "0.0000004"], [1, 2]),
        ([1 / 3, 0.5], [3333333333333333, 5_000_000_000_000_000]),
        ([Fraction(1, 3), Fraction(1, 2), 0], [2, 3, 0]),
        ([MOST, 1], [MOST, 1]),
        ([MOST // 1_000_000, 1], [MOST // 1_000_000 * 1_000_000, 1_000_000]),
        ([MOST + 1, 1], [MOST, 1]),
        ([1, "1e-30"], [MOST, 1]),
        ([1, 0, "1e-30"], [MOST, 0, 1]),
        ([Fraction(2, 3), 1, "1e-30"], [1537228672809129301, MOST, 1]),
        ([Fraction(1, 3**2000), Fraction(1, 7**900)], [1, MOST]),
    ],
)
def test_in_proportion(numbers: list[Any], whole: list[int]) -> None:
    assert in_proportion([exact(number, "it") for number in numbers], MOST) == whole


@pytest.mark.parametrize(
    ("number", "text"),
    [("1.50", "1.5"), (-0.25, "-0.25"), (Fraction(-1, 3), "-1/3"), (100, "100"), ("1e-3", "0.001"), (0, "0")],
)
def test_written(number: Any, text: str) -> None:
    assert written(exact(number, "it")) == text
    assert Fraction(text) == exact(number, "it")


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (True, TypeError, "it True is not a number"),
        (None, TypeError, "it None is not a number"),
        (float("nan"), SpecError, "it nan is no finite number"),
        (Decimal("inf"), SpecError, "it Infinity is no finite number"),
        ("a\nb", SpecError, r"it a\\nb is no finite number"),
        ("1e401", SpecError, r"it: its exponent 401 lies outside \[-400, 400\]"),
        ("1e-999999", SpecError, "its exponent -999999 lies outside"),
        ("0." + "3" * 2000, SpecError, "it has more than 1,000 digits"),
        (Fraction(1, 3**4000), SpecError, "it has more than 1,000 digits"),
    ],
)
def test_numbers_that_are_none(value: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        exact(value, "it")
    assert exact("1e400", "it") == 10**400 and exact("1e-400", "it") == Fraction(1, 10**400)
