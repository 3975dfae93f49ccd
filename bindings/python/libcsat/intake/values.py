"""What the text of a cell stands for. Each function reads the different texts of one column at once and says
which of them break which rule."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from libcsat.intake.limits import ID_BYTES
from libcsat.intake.times import BadTimeError, Clock

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)?(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,9})?")
_DIGITS = re.compile(r"[0-9]")
_EXACT_DIGITS = 15
_CLOCK = re.compile(r"(\d+):([0-5]\d):([0-5]\d)")
_CHINESE_SPAN = re.compile(r"(?:(\d+)小时)?(?:(\d+)分钟?)?(?:(\d+(?:\.\d+)?)秒)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
UNITS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}
_MAX_MILLIS = 2**53
_MOST_SPAN = 40
SPANS = "125, 0:02:05 or 125秒"
_SHOWN_CHOICES = 6

TRUE = ("true", "yes", "y", "1", "是")
FALSE = ("false", "no", "n", "0", "否")


@dataclass
class Read:
    """Values of texts, position by position, and the rule that each bad one breaks with what it was held
    against. The value of a bad text is None."""

    values: list[Any]
    bad: dict[int, tuple[str, str | None]] = field(default_factory=dict)


def number(text: str, decimal: str = ".") -> tuple[float | None, str | None]:
    """A number, or the rule that the text breaks."""
    text = text.strip()
    if decimal != ".":
        if "." in text:
            return None, "not-a-number"
        text = text.replace(decimal, ".")
    if not _NUMBER.fullmatch(text) or not text[-1:].isdigit() or text[:1] in "eE":
        return None, "not-a-number"
    value = float(text) + 0.0  # No zero has a sign.
    if math.isinf(value):
        return None, "not-a-number"
    if (
        len(text) > _EXACT_DIGITS
        and len(_DIGITS.findall(text)) > _EXACT_DIGITS
        and Decimal(text) != Decimal(repr(value))
    ):
        return None, "inexact-number"
    return value, None


def numbers(
    texts: Sequence[str], decimal: str = ".", least: float | None = None, most: float | None = None
) -> Read:
    read = Read([None] * len(texts))
    for at, text in enumerate(texts):
        value, rule = number(text, decimal)
        if rule is not None:
            read.bad[at] = (rule, None)
        elif (off := off_scale(value, least, most)) is not None:
            read.bad[at] = ("off-scale", off)
        else:
            read.values[at] = value
    return read


def off_scale(value: float | None, least: float | None, most: float | None) -> str | None:
    """The scale that a value lies outside of, in words; None for one that lies on it."""
    if value is None or ((least is None or value >= least) and (most is None or value <= most)):
        return None
    return f"[{plain(least) if least is not None else '-∞'}, {plain(most) if most is not None else '∞'}]"


def is_plain(text: str, decimal: str = ".") -> bool:
    """Whether a text is surely a figure and no id: up to 9 digits before the point, no leading zero."""
    if decimal != ".":
        if "." in text:
            return False
        text = text.replace(decimal, ".")
    return _PLAIN.fullmatch(text.strip()) is not None


def ids(texts: Sequence[str]) -> Read:
    read = Read(list(texts))
    for at, text in enumerate(texts):
        if len(text.encode("utf-8", "surrogatepass")) > ID_BYTES or _CONTROL.search(text):
            read.values[at] = None
            read.bad[at] = ("bad-id", str(ID_BYTES))
        else:
            read.values[at] = text.strip()
    return read


def times(texts: Sequence[str], clock: Clock) -> tuple[Read, bool]:
    """Milliseconds, and whether they are UTC. Texts of both kinds in one column: those without an offset are
    refused."""
    read = Read([None] * len(texts))
    placed: list[tuple[int, bool]] = []
    for at, text in enumerate(texts):
        try:
            millis, utc = clock.read(text)
        except BadTimeError as error:
            read.bad[at] = (error.rule, error.limit)
            continue
        read.values[at] = millis
        placed.append((at, utc))
    utc = any(known for _, known in placed) or clock.zone is not None
    if utc:
        for at, known in placed:
            if not known:
                read.values[at] = None
                read.bad[at] = ("bad-time", "2025-03-20T08:00:00+08:00; give --zone")
    return read, utc


def durations(texts: Sequence[str], unit: str) -> Read:
    """Milliseconds of spans: numbers in `unit`, h:mm:ss, 1分5秒."""
    read = Read([None] * len(texts))
    for at, text in enumerate(texts):
        millis = _span(text.strip(), unit)
        if millis is None or not 0 <= millis <= _MAX_MILLIS:
            read.bad[at] = ("bad-duration", SPANS)
        elif millis != int(millis):
            read.bad[at] = ("bad-duration", f"{SPANS}, in whole milliseconds")
        else:
            read.values[at] = int(millis)
    return read


def _span(text: str, unit: str) -> Decimal | None:
    """Milliseconds of a span, to the digit."""
    value, rule = number(text)
    if rule is None and value is not None:
        return Decimal(text) * UNITS[unit]
    if text and len(text) < _MOST_SPAN and (match := _CLOCK.fullmatch(text) or _CHINESE_SPAN.fullmatch(text)):
        hours, minutes, seconds = (Decimal(part or 0) for part in match.groups())
        return ((hours * 60 + minutes) * 60 + seconds) * 1000
    return None


def booleans(texts: Sequence[str], true: Sequence[str] = TRUE, false: Sequence[str] = FALSE) -> Read:
    words = {word.lower(): False for word in false} | {word.lower(): True for word in true}
    return choices(texts, words, "bad-boolean")


def choices(texts: Sequence[str], words: Mapping[str, Any], rule: str = "unknown-value") -> Read:
    """Values of words, whatever their case."""
    known = {word.lower(): value for word, value in words.items()}
    read = Read([None] * len(texts))
    for at, text in enumerate(texts):
        word = text.strip().lower()
        if word in known:
            read.values[at] = known[word]
        else:
            some = list(words)[:_SHOWN_CHOICES]
            read.bad[at] = (rule, ", ".join(some) + (", …" if len(words) > len(some) else ""))
    return read


def plain(value: float) -> str:
    """A figure without a needless fraction."""
    value = float(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
