"""Instants: milliseconds of UTC as the library counts them, and datetimes as Python does."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

# A datetime with a zone, its ISO 8601 text with an offset or Z, or milliseconds since 1970-01-01 UTC.
Instant = datetime | str | int

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)


def millis_of(instant: Instant, name: str) -> int:
    """The milliseconds of an instant; what is finer is cut off.

    Raises:
        ValueError: no instant, or one without a zone: nobody can say when that is.
    """
    if isinstance(instant, bool) or not isinstance(instant, (datetime, str, int)):
        raise TypeError(
            f"{name} is a {type(instant).__name__}, not a datetime, ISO 8601 text or milliseconds"
        )
    if isinstance(instant, int):
        return instant
    if isinstance(instant, str):
        text = instant
        try:
            instant = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
        except ValueError:
            raise ValueError(f"{name} '{text}' is no instant such as '2025-03-20T08:00:00+08:00'") from None
    if instant.tzinfo is None:
        raise ValueError(f"{name} {instant.isoformat()} has no time zone")
    return (instant - _EPOCH) // _MILLISECOND


def instant_of(millis: int) -> datetime:
    """The datetime of so many milliseconds, in UTC."""
    return _EPOCH + millis * _MILLISECOND
