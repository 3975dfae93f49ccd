"""Exact figures: millionths as the library counts them, and decimals as Python does."""

from decimal import ROUND_HALF_UP, Decimal

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


def percent(part: int, whole: int) -> str:
    """A share in percent: one place, half up."""
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}"
