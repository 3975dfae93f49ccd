"""Numbers of which the proportions alone count: weights, targets, standard deviations."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm

from libcsat.error import SpecError
from libcsat.show import visible

# Decimal exponent beyond which there is no number of the real world, nor a floating-point one.
_WIDEST = 400
# Bits of a number's numerator and denominator, and of a common denominator that is looked for.
_LONGEST = 4096
_MOST = 1 << 61
_MILLION = 1_000_000

Proportional = int | float | str | Decimal | Fraction


def exact(value: object, what: str) -> Fraction:
    """A number as it is written; of a float the shortest decimal that reads as it.

    Raises:
        TypeError: no number.
        SpecError: a text that is none, a number that is not finite, beyond all floating-point numbers, or of
            more than a thousand digits.
    """
    if isinstance(value, Fraction):
        return _short(value, what)
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise TypeError(f"{what} {value!r} is not a number")
    try:
        number = Decimal(str(value) if isinstance(value, float) else value)
    except ArithmeticError:
        number = Decimal("nan")
    if not number.is_finite():
        raise SpecError(f"{what} {visible(str(value)[:40])} is no finite number")
    if number and abs(number.adjusted()) > _WIDEST:
        raise SpecError(f"{what}: its exponent {number.adjusted()} lies outside [-{_WIDEST}, {_WIDEST}]")
    return _short(Fraction(number), what)


def in_proportion(numbers: Sequence[Fraction], most: int = _MOST) -> list[int]:
    """Whole numbers in the proportion of numbers of 0 or more, none above `most`: millionths, in which the
    library counts, where six decimal places hold all of them; otherwise in the greatest unit that does.
    Where there is none, the largest becomes `most`, and each is rounded half up, those above 0 to 1 or more.
    """
    largest = max(numbers, default=Fraction(0))
    if largest * _MILLION <= most and all(_MILLION % number.denominator == 0 for number in numbers):
        return [number.numerator * (_MILLION // number.denominator) for number in numbers]
    unit = 1
    for number in numbers:
        unit = lcm(unit, number.denominator)
        if unit.bit_length() > _LONGEST:
            break
    else:
        whole = [number.numerator * (unit // number.denominator) for number in numbers]
        common = gcd(*whole)
        if max(whole) <= most * common:
            return [number // common for number in whole]
    return [max(_half_up(number * most / largest), 1) if number else 0 for number in numbers]


def written(number: Fraction) -> str:
    """The number's digits where these end, otherwise numerator/denominator."""
    places, rest = 0, number.denominator
    for prime in (2, 5):
        count = 0
        while rest % prime == 0:
            rest, count = rest // prime, count + 1
        places = max(places, count)
    if rest != 1:
        return str(number)
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    text = digits[:-places] + "." + digits[-places:] if places else digits
    return ("-" if number < 0 else "") + text


def _half_up(number: Fraction) -> int:
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)


def _short(number: Fraction, what: str) -> Fraction:
    if max(number.numerator.bit_length(), number.denominator.bit_length()) > _LONGEST:
        raise SpecError(f"{what} has more than 1,000 digits")
    return number
