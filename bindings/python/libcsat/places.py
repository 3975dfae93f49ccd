"""How many decimal places figures have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from libcsat.tables import columns_of

if TYPE_CHECKING:
    import pyarrow as pa

# Of an item of an aggregate.
_MOST = 6
# Steps of an item of a set, from 0.
_STEPS = 1 << 15


def most_places(figures: Iterable[Any]) -> int:
    """The most places that one of the figures has, at most 6; what is no number has none."""
    found = 0
    for figure in figures:
        try:
            exponent = Decimal(str(figure)).normalize().as_tuple().exponent
        except ArithmeticError:
            continue
        if isinstance(exponent, int):
            found = max(found, min(-exponent, _MOST))
    return found


def value_places(
    tables: Iterable[Any], columns: Sequence[str], scale: tuple[float, float], least: int
) -> int:
    """The fewest places, `least` or more, on whose grid every value within the scale lies that lies on the
    finest one; that is within -+2^15 steps. The finest one where a value lies between its steps."""
    widest = max(abs(Decimal(str(end))) for end in scale)
    most = next((places for places in range(_MOST, least, -1) if widest * 10**places <= _STEPS), least)
    found = least
    for table in tables:
        for column in columns_of(table, columns)[1].columns:
            found = _of_column(column, scale, found, most)
        if found == most:
            break
    return found


def _of_column(column: pa.ChunkedArray, scale: tuple[float, float], least: int, most: int) -> int:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    kind = column.type
    if pa.types.is_decimal(kind):
        column, kind = column.cast(pa.float64()), pa.float64()
    if kind not in (pa.float32(), pa.float64()):
        return least
    low, high = (pa.scalar(float(end), kind) for end in scale)
    within = pc.and_(pc.greater_equal(column, low), pc.less_equal(column, high))
    values = column.filter(within)
    for places in range(least, most + 1):
        if len(values) == 0:
            return max(least, places - 1)
        # As the library reads them: one multiplication, one rounding, one division.
        unit = 10.0**places
        ticks = pc.round(pc.multiply(pc.cast(values, pa.float64()), unit), round_mode="half_to_even")
        values = values.filter(pc.not_equal(pc.cast(pc.divide(ticks, unit), kind, safe=False), values))
    return most
