"""Figures as they are printed: half away from 0 of their exact value."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from libcsat.exact import percent, rounded


@pytest.mark.parametrize(
    ("figure", "places", "times", "text"),
    [
        (Fraction(1, 16), 1, 100, "6.3"),
        (Fraction(-1, 16), 1, 100, "-6.3"),
        (Fraction(-1, 3000), 1, 100, "0.0"),
        (0.125, 2, 1, "0.13"),
        (Decimal("0.125"), 2, 1, "0.13"),
        # The binary number is below the half, the decimal is the half.
        (1.005, 2, 1, "1.00"),
        (Decimal("1.005"), 2, 1, "1.01"),
        (-0.0, 2, 1, "0.00"),
        (12345, 1, 1, "12345.0"),
        (Fraction(10**40, 3), 1, 1, "3" * 40 + ".3"),
    ],
)
def test_rounded(figure: Any, places: int, times: int, text: str) -> None:
    assert rounded(figure, places, times) == text


def test_percent() -> None:
    assert [percent(Fraction(part, 16)) for part in (0, 1, 3, 16)] == ["0.0", "6.3", "18.8", "100.0"]
