"""Cells of text as what they hold."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

# Days, and times without and with a zone.
TIMES = (pa.date32(), pa.timestamp("us"), pa.timestamp("us", "UTC"))


def cast_first(cells: pa.Array, types: Sequence[pa.DataType]) -> pa.Array | None:
    """The cells as the first of the types that takes all of them; None where none does."""
    for type in types:
        try:
            return pc.cast(cells, type)
        except pa.ArrowInvalid:
            continue
    return None
