"""Exact figures: millionths as the library counts them, and decimals as Python does."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

_ONE = 1_000_000


def decimal_of(micros: int) -> Decimal:
    """The decimal of so many millionths, without zeros at its end: 75500000 is 75.5, 100000000 is 100."""
    sign = "-" if micros < 0 else ""
    whole, rest = divmod(abs(micros), _ONE)
    return Decimal(f"{sign}{whole}.{rest:06d}".rstrip("0").rstrip("."))


def float_of(micros: int) -> float:
    """The nearest binary number of so many millionths."""
    return micros / _ONE


def shown(figure: Decimal) -> str:
    """A score as people read it: two places, half up."""
    return f"{figure.quantize(Decimal('0.01'), ROUND_HALF_UP):f}"


def rounded(figure: Fraction | Decimal | float, places: int, times: int = 1) -> str:
    """A finite figure, or so many times it, with so many places, 1 or more: half away from 0 of its exact
    value, which of a float is that of its binary number. No zero has a sign."""
    exact = Fraction(figure) * times * 10**places
    units = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    whole, rest = divmod(units, 10**places)
    return f"{'-' if exact < 0 < units else ''}{whole}.{rest:0{places}d}"


def percent(share: Fraction) -> str:
    """A share in percent as it is printed: one place, half up."""
    return rounded(share, 1, 100)
