"""Times as they stand in exports, as milliseconds. A time without an offset needs a zone; what the zone's
clocks showed twice or never is refused, not chosen."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from libcsat.error import TableError
from libcsat.intake.rules import shown

ORDERS = ("ymd", "mdy", "dmy")
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?"
    r"(?: ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
)
_SLASHED = re.compile(
    r"(\d{1,4})[/.](\d{1,2})[/.](\d{1,4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([AaPp])\.?[Mm]\.?)?)?"
)
_EPOCH = datetime(1970, 1, 1)
FIRST_YEAR, LAST_YEAR = 1900, 2199
_MILLISECOND = timedelta(milliseconds=1)
_HOUR, _DAY = 3_600_000, 86_400_000
EXAMPLES = {
    "ymd": "2025-03-20 08:00:00 or 2025/3/20 8:00",
    "mdy": "2025-03-20 08:00:00 or 03/20/2025 8:00 AM",
    "dmy": "2025-03-20 08:00:00 or 20/03/2025 8:00",
}


class BadTimeError(Exception):
    """A text that is no time, or none that is certain. Carries the rule and what it was held against."""

    def __init__(self, rule: str, limit: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.limit = limit


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name.

    Raises:
        TableError: no such zone in the tz database.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise TableError(
            f"zone '{shown(name)}' is no name of the tz database such as Asia/Shanghai"
        ) from None


class Clock:
    """Reads times of one column.

    Args:
        zone: Of times without an offset; None where nobody said.
        order: Of day and month in dates with slashes.
    """

    def __init__(self, zone: ZoneInfo | None, order: str = "ymd") -> None:
        self.zone = zone
        self._order = order
        # Milliseconds of texts of days and of times of day that were read before; of an hour's offset from
        # UTC.
        self._days: dict[str, int] = {}
        self._spans: dict[tuple[str, bool], int] = {}
        self._offsets: dict[int, int | None] = {}

    def read(self, text: str) -> tuple[int, bool]:
        """Milliseconds, and whether they are UTC: where the text has an offset, or the zone is known.

        Raises:
            BadTimeError: the text is no time, or not one instant in the zone.
        """
        text = text.strip()
        day, _, clock = text.partition(" ")
        # What follows a date with slashes is written otherwise than after one with hyphens.
        span = (clock, "-" in day)
        if day in self._days and span in self._spans:
            return self.place(self._days[day] + self._spans[span], text)
        match = _ISO.fullmatch(text)
        if match is not None:
            year, month, date, hour, minute, second, fraction, offset = match.groups()
            local = _millis(self._moment(year, month, date, hour, minute, second))
            local += int(((fraction or "") + "000")[:3])
            if offset is not None:
                return local - _offset_millis(offset), True
        else:
            local = _millis(self._slashed(text))
        if clock:
            self._days[day] = local - local % _DAY
            self._spans[span] = local % _DAY
        return self.place(local, text)

    def place(self, local: int, text: str) -> tuple[int, bool]:
        """Milliseconds of a reading of the clock on the wall, itself in milliseconds as if it were UTC."""
        if self.zone is None:
            return local, False
        hour = local // _HOUR
        if hour not in self._offsets:
            self._offsets[hour] = self._offset_of_hour(hour)
        offset = self._offsets[hour]
        if offset is None:  # The clocks change within this hour.
            offset = self._exact_offset(local, text)
        return local - offset, True

    def _offset_of_hour(self, hour: int) -> int | None:
        """The offset that holds for every reading within an hour, None where they differ."""
        ends = (hour * _HOUR, hour * _HOUR + _HOUR - 1)
        found = {self._offset(local, fold) for local in ends for fold in (0, 1)}
        return found.pop() if len(found) == 1 else None

    def _exact_offset(self, local: int, text: str) -> int:
        early, late = self._offset(local, 0), self._offset(local, 1)
        if early == late:
            return early
        raise BadTimeError("ambiguous-time" if early > late else "nonexistent-time", f"{self.zone}")

    def _offset(self, local: int, fold: int) -> int:
        moment = (_EPOCH + timedelta(milliseconds=local)).replace(tzinfo=self.zone, fold=fold)
        offset = moment.utcoffset()
        assert offset is not None
        return offset // _MILLISECOND

    def _slashed(self, text: str) -> datetime:
        try:
            return self._in_order(text, self._order)
        except BadTimeError as error:
            others = [order for order in ORDERS if order != self._order and self._reads(text, order)]
            if others:
                error.limit += f"; give --dates {' or '.join(others)}"
            raise

    def _reads(self, text: str, order: str) -> bool:
        try:
            self._in_order(text, order)
        except BadTimeError:
            return False
        return True

    def _in_order(self, text: str, order: str) -> datetime:
        match = _SLASHED.fullmatch(text)
        if match is None:
            raise self._bad()
        first, second, third, hour, minute, seconds, half = match.groups()
        if len(first) == 4:
            year, month, day = first, second, third
        elif order == "ymd" or len(third) != 4:
            raise self._bad()
        else:
            year, month, day = (third, first, second) if order == "mdy" else (third, second, first)
        if half is not None and hour is not None:
            if not 1 <= int(hour) <= 12:
                raise self._bad()
            hour = str(int(hour) % 12 + (12 if half in "Pp" else 0))
        return self._moment(year, month, day, hour, minute, seconds)

    def _moment(
        self,
        year: str,
        month: str,
        day: str,
        hour: str | None,
        minute: str | None,
        second: str | None,
    ) -> datetime:
        try:
            moment = datetime(
                int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0)
            )
        except ValueError:
            raise self._bad() from None
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise self._bad()
        return moment

    def _bad(self) -> BadTimeError:
        return BadTimeError("bad-time", EXAMPLES[self._order])


def _offset_millis(offset: str) -> int:
    if offset in ("Z", "UTC", "GMT"):
        return 0
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    if hours > 18 or minutes > 59:
        raise BadTimeError("bad-time", "2025-03-20T08:00:00+08:00")
    millis = (hours * 60 + minutes) * 60_000
    return -millis if offset[0] == "-" else millis


def _millis(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND
