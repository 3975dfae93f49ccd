"""Cells that have a type of their own: of Parquet, Arrow and SPSS files."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from libcsat.error import TableError
from libcsat.intake import values
from libcsat.intake.plan import LOCAL_MILLIS, TEXTS, UTC_MILLIS, Column
from libcsat.intake.rejections import Rejections
from libcsat.intake.times import EXAMPLES, FIRST_YEAR, LAST_YEAR, BadTimeError, Clock

if TYPE_CHECKING:
    from libcsat.intake.assemble import Made

_EPOCH = datetime(1970, 1, 1)
_EXACT = 2**53
# First and last year of times, and of days and times that become texts.
_YEARS, _YEARS_OF_TEXTS = (FIRST_YEAR, LAST_YEAR), (1, 9999)
_IN_A_DAY = {"day": 1} | {unit: 86_400 * 1000**power for power, unit in enumerate(("s", "ms", "us", "ns"))}
_NUMBERS = ("auto", "number")


def make(
    column: Column, cells: pa.Array, rows: pa.Array, heading: str, clock: Clock, rejections: Rejections
) -> Made | None:
    """The values of a column whose type already says what they are; None for one to be read as texts."""
    type = cells.type
    if pa.types.is_boolean(type) and column.kind == "boolean" and not column.words:
        return [(column.field(type), cells)]
    if column.kind == "time" and (pa.types.is_timestamp(type) or pa.types.is_date(type)):
        return [_times(column, cells, rows, heading, clock, rejections)]
    if column.kind == "duration" and pa.types.is_duration(type):
        return [_durations(column, cells, rows, heading, rejections)]
    if column.kind in _NUMBERS and _is_number(type):
        return _numbers(column, cells, rows, heading, rejections)
    return None


def sound(column: Column, cells: pa.Array, rows: pa.Array, heading: str, rejections: Rejections) -> pa.Array:
    """The cells but those that stand for nothing: times beyond the years that there are for them, which are
    refused, and NaN for an id. An id that a binary number has rounded is refused."""
    if pa.types.is_timestamp(cells.type) or pa.types.is_date(cells.type):
        unit = "day" if cells.type == pa.date32() else getattr(cells.type, "unit", "ms")
        plain = pc.cast(cells, pa.int32()) if unit == "day" else pc.cast(cells, pa.int64())
        years = _YEARS if column.kind == "time" else _YEARS_OF_TEXTS
        days = (datetime(years[0], 1, 1) - _EPOCH).days, (datetime(years[1], 12, 31) - _EPOCH).days + 1
        # Nanoseconds end before the years do.
        first, end = (
            pa.scalar(max(-(2**63), min(day * _IN_A_DAY[unit], 2**63 - 1)), plain.type) for day in days
        )
        good = pc.fill_null(pc.and_(pc.greater_equal(plain, first), pc.less(plain, end)), True)
        for index in pc.indices_nonzero(pc.invert(good)).to_pylist():
            value = f"{plain[index].as_py()} {unit}"
            rejections.add("bad-time", rows[index].as_py(), heading, value, EXAMPLES["ymd"])
        return pc.if_else(good, cells, pa.scalar(None, cells.type))
    if column.kind == "id" and pa.types.is_floating(cells.type):
        figures = pc.cast(cells, pa.float64())
        rounded = pc.and_(pc.is_finite(figures), pc.greater(pc.abs(figures), float(_EXACT)))
        for index in pc.indices_nonzero(pc.fill_null(rounded, False)).to_pylist():
            value = values.plain(figures[index].as_py())
            rejections.add("inexact-number", rows[index].as_py(), heading, value)
        return pc.if_else(pc.is_nan(figures), pa.scalar(None, pa.float64()), figures)
    return cells


def _durations(
    column: Column, cells: pa.Array, rows: pa.Array, heading: str, rejections: Rejections
) -> tuple[pa.Field, pa.Array]:
    """Whole milliseconds, none below zero, as of texts."""
    millis = pc.cast(pc.cast(cells, pa.duration("ms"), safe=False), pa.int64())
    exact = pc.equal(pc.cast(pc.cast(millis, pa.duration("ms")), cells.type), cells)
    right = pc.fill_null(pc.and_(exact, pc.greater_equal(millis, 0)), True)
    for index in pc.indices_nonzero(pc.invert(right)).to_pylist():
        limit = f"{values.SPANS}, in whole milliseconds"
        value = f"{cells[index].value} {cells.type.unit}"
        rejections.add("bad-duration", rows[index].as_py(), heading, value, limit)
    return column.field(pa.int64()), pc.if_else(right, millis, pa.scalar(None, pa.int64()))


def _is_number(type: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(type)
        or pa.types.is_floating(type)
        or pa.types.is_decimal(type)
        or pa.types.is_boolean(type)
    )


def _numbers(column: Column, cells: pa.Array, rows: pa.Array, heading: str, rejections: Rejections) -> Made:
    if pa.types.is_boolean(cells.type):
        cells = pc.cast(cells, pa.int8())
        column.labels = column.labels or {"0": "false", "1": "true"}
    figures = pc.cast(cells, pa.float64(), safe=False)
    floating = pa.types.is_floating(cells.type)
    bad = pc.invert(pc.is_finite(figures)) if floating else _inexact(cells)
    for index in pc.indices_nonzero(pc.fill_null(bad, False)).to_pylist():
        rule = "not-a-number" if floating else "inexact-number"
        rejections.add(rule, rows[index].as_py(), heading, str(cells[index].as_py()))
    made: Made = []
    if column.ranges or column.missing:
        figures, reasons = _without_missing(column, figures)
        if reasons is not None:
            about = {"csat.role": "missing", "csat.question": column.name}
            made.append((pa.field(f"{column.name}_missing", TEXTS, metadata=about), reasons))
    if column.least is not None or column.most is not None:
        _check_scale(column, figures, rows, heading, rejections)
    return [(column.field(pa.float64()), figures), *made]


def _inexact(cells: pa.Array) -> pa.Array:
    """Which whole numbers and decimals a double does not hold to the digit."""
    if pa.types.is_decimal(cells.type):
        found = [value is not None and Decimal(repr(float(value))) != value for value in cells.to_pylist()]
        return pa.array(found, pa.bool_())
    above = pc.greater(cells, pa.scalar(_EXACT, pa.uint64() if cells.type == pa.uint64() else pa.int64()))
    if pa.types.is_unsigned_integer(cells.type):
        return above
    return pc.or_(above, pc.less(cells, pa.scalar(-_EXACT, pa.int64())))


def _check_scale(
    column: Column, figures: pa.Array, rows: pa.Array, heading: str, rejections: Rejections
) -> None:
    different = figures.dictionary_encode()
    for code, value in enumerate(different.dictionary.to_pylist()):
        limit = values.off_scale(value, column.least, column.most)
        if limit is None:
            continue
        at = pc.indices_nonzero(pc.fill_null(pc.equal(different.indices, code), False))
        for row in rows.take(at).to_pylist():
            rejections.add("off-scale", row, heading, values.plain(value), limit)


def _without_missing(column: Column, figures: pa.Array) -> tuple[pa.Array, pa.Array | None]:
    different = figures.dictionary_encode()
    known = different.dictionary.to_pylist()
    reasons = [missing_reason(column, value) for value in known]
    if not any(reasons):
        return figures, None
    kept = [None if reason else value for value, reason in zip(known, reasons, strict=True)]
    return (
        pa.array(kept, pa.float64()).take(different.indices),
        pa.array(reasons, pa.string()).take(different.indices).dictionary_encode(),
    )


def missing_reason(column: Column, value: Any) -> str | None:
    """Why a value stands for no answer: its label or itself. None for an answer."""
    if value is None:
        return None
    code = values.plain(value) if isinstance(value, float) else str(value)
    if code in column.missing:
        return column.missing[code]
    for low, high in column.ranges:
        if type(low) is type(value) and low <= value <= high:
            return column.labels.get(code, code)
    return None


def _times(
    column: Column, cells: pa.Array, rows: pa.Array, heading: str, clock: Clock, rejections: Rejections
) -> tuple[pa.Field, pa.Array]:
    if pa.types.is_date(cells.type):
        cells = pc.cast(cells, pa.timestamp("ms"))
    if cells.type.tz is not None:
        return column.field(UTC_MILLIS), pc.cast(cells, UTC_MILLIS, safe=False)
    local = pc.cast(cells, LOCAL_MILLIS, safe=False)
    if clock.zone is None:
        return column.field(LOCAL_MILLIS), local
    different = pc.cast(local, pa.int64()).dictionary_encode()
    placed: list[int | None] = []
    for code, millis in enumerate(different.dictionary.to_pylist()):
        text = (_EPOCH + timedelta(milliseconds=millis)).isoformat(" ")
        try:
            placed.append(clock.place(millis, text)[0])
        except BadTimeError as error:
            placed.append(None)
            at = pc.indices_nonzero(pc.fill_null(pc.equal(different.indices, code), False))
            for row in rows.take(at).to_pylist():
                rejections.add(error.rule, row, heading, text, error.limit)
    return column.field(UTC_MILLIS), pa.array(placed, pa.int64()).take(different.indices).cast(UTC_MILLIS)


def as_texts(cells: pa.Array, heading: str) -> pa.DictionaryArray:
    """The text that each value stands for: whole numbers without a fraction, ISO dates, lists as JSON.

    Raises:
        TableError: values that no text stands for.
    """
    type = cells.type
    if pa.types.is_floating(type):
        different = pc.cast(cells, pa.float64()).dictionary_encode()
        words = [None if value is None else values.plain(value) for value in different.dictionary.to_pylist()]
        return pa.array(words, pa.string()).take(different.indices).dictionary_encode()
    if pa.types.is_nested(type):
        found = [
            None if value is None else json.dumps(value, ensure_ascii=False, default=str)
            for value in cells.to_pylist()
        ]
        return pa.array(found, pa.string()).dictionary_encode()
    try:
        return pc.cast(cells, pa.string()).dictionary_encode()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise TableError(f"column '{heading}' has the type {type}, which is no cell") from None
