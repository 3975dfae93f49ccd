"""Records of a JSON document, or of JSON on lines, read strictly and with their lines.

Numbers stay the text that they were: an id keeps all of its digits. Keys that stand twice in an object, NaN
and infinities, and nesting beyond the limit make a bad record; text that is no JSON at all is an error of the
file (of its line, for JSON on lines).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from libcsat.error import TableError
from libcsat.intake.encodings import Lines, detect
from libcsat.intake.limits import Limits

_SPACE = re.compile(r"[ \t\n\r]*")
_BREAK = re.compile(r"\r\n|\n|\r")


class Number(str):
    """A number as it stands in the text."""


class _Flawed(dict):  # type: ignore[type-arg]
    """An object with a key twice."""

    twice: str


class _NoNumber(str):
    """NaN or an infinity."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    flawed = _Flawed(found)
    seen: set[str] = set()
    flawed.twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return flawed


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=Number, parse_float=Number, parse_constant=_NoNumber
)


class Record:
    """One record, or what is wrong with it.

    Attributes:
        value: The object; anything else that stood there.
        flaw: Why it is no strict JSON, or None.
    """

    __slots__ = ("first", "flaw", "last", "value")

    def __init__(self, first: int, last: int, value: Any, flaw: str | None) -> None:
        self.first, self.last, self.value, self.flaw = first, last, value, flaw


class JsonDocument:
    """A file of JSON: an array, an object that holds one under a key, or an object on each line."""

    def __init__(self, path: str, limits: Limits) -> None:
        self.path = path
        self._limits = limits
        encoding = detect(path)
        if encoding.name == "gb18030":
            raise TableError(f"{path}: it is GB18030, and JSON is UTF-8", path=path)
        self.reading = {"encoding": f"{encoding.name}: {encoding.reason}"}
        self._texts = list(Lines(path, encoding, limits))
        self._text = "".join(self._texts)
        self.lines = len(self._texts)
        self.on_lines = self._is_on_lines()
        if not self.on_lines:
            self._texts = []

    def _is_on_lines(self) -> bool:
        given = [line for line in self._texts[:100] if line.strip()]
        if len(given) < 2 and not self.path.lower().endswith((".jsonl", ".ndjson")):
            return False
        first = given[0].strip() if given else ""
        if first[:1] != "{":
            return self.path.lower().endswith((".jsonl", ".ndjson"))
        try:
            _DECODER.decode(first)
        except (ValueError, RecursionError):
            return False
        return True

    def blank_lines(self) -> list[int]:
        """Lines of nothing between records on lines."""
        return [n for n, line in enumerate(self._texts, 1) if not line.strip()] if self.on_lines else []

    def arrays(self) -> list[str]:
        """Keys of the outermost object whose values are arrays, in their order; [""] for an array or records
        on lines."""
        if self.on_lines:
            return [""]
        at = self._skip(0)
        if self._text[at : at + 1] == "[":
            return [""]
        if self._text[at : at + 1] != "{":
            raise self._error(at, "neither an array nor an object")
        members = list(self._members(at))
        return [key for key, place in members if self._text[place : place + 1] == "["]

    def records(self, key: str) -> Iterator[Record]:
        """The records of the array under a key."""
        if self.on_lines:
            yield from self._records_on_lines()
            return
        at = self._skip(0)
        if key:
            at = next(place for name, place in self._members(at) if name == key)
        yield from self._elements(at, whole=not key)

    def _records_on_lines(self) -> Iterator[Record]:
        for number, line in enumerate(self._texts, 1):
            if not line.strip():
                continue
            try:
                value = _DECODER.decode(line.strip(" \t\r\n"))
            except json.JSONDecodeError as error:
                yield Record(number, number, line, f"{error.msg} at character {error.colno}")
            except RecursionError:
                yield Record(number, number, line, "nested too deep")
            else:
                yield Record(number, number, value, self._flaw(value))

    def _elements(self, at: int, whole: bool) -> Iterator[Record]:
        line, counted = self._line(at), at
        at = self._skip(at + 1)
        if self._text[at : at + 1] == "]":
            self._end(at + 1, whole)
            return
        while True:
            line += len(_BREAK.findall(self._text, counted, at))
            value, end = self._decode(at)
            last = line + len(_BREAK.findall(self._text, at, end))
            yield Record(line, last, value, self._flaw(value))
            line, counted = last, end
            at = self._skip(end)
            mark = self._text[at : at + 1]
            if mark == "]":
                self._end(at + 1, whole)
                return
            if mark != ",":
                raise self._error(at, "',' or ']' is wanted here")
            at = self._skip(at + 1)

    def _members(self, at: int) -> Iterator[tuple[str, int]]:
        """Keys of an object and where their values begin."""
        at = self._skip(at + 1)
        if self._text[at : at + 1] == "}":
            return
        seen = set()
        while True:
            if self._text[at : at + 1] != '"':
                raise self._error(at, "a key in quotes is wanted here")
            key, end = self._decode(at)
            if key in seen:
                raise self._error(at, f"key '{key}' stands twice")
            seen.add(key)
            at = self._skip(end)
            if self._text[at : at + 1] != ":":
                raise self._error(at, "':' is wanted here")
            at = self._skip(at + 1)
            yield key, at
            _, end = self._decode(at)
            at = self._skip(end)
            if self._text[at : at + 1] == "}":
                self._end(at + 1, whole=True)
                return
            if self._text[at : at + 1] != ",":
                raise self._error(at, "',' or '}' is wanted here")
            at = self._skip(at + 1)

    def _end(self, at: int, whole: bool) -> None:
        at = self._skip(at)
        if whole and at < len(self._text):
            raise self._error(at, "the document has ended before")

    def _decode(self, at: int) -> tuple[Any, int]:
        try:
            return _DECODER.raw_decode(self._text, at)
        except json.JSONDecodeError as error:
            raise self._error(error.pos, error.msg) from None
        except RecursionError:
            raise self._error(at, "nested too deep") from None

    def _flaw(self, value: Any) -> str | None:
        """What strict JSON does not allow in a value, or None."""
        level = [value]
        for _ in range(self._limits.json_depth):
            deeper: list[Any] = []
            for part in level:
                if isinstance(part, _NoNumber):
                    return f"{part} is no number"
                if isinstance(part, _Flawed):
                    return f"key '{part.twice}' stands twice"
                if isinstance(part, dict):
                    deeper += part.values()
                elif isinstance(part, list):
                    deeper += part
            if not deeper:
                return None
            level = deeper
        return f"nested deeper than {self._limits.json_depth}"

    def _skip(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        assert match is not None
        return match.end()

    def _line(self, at: int) -> int:
        return 1 + len(_BREAK.findall(self._text, 0, at))

    def _error(self, at: int, what: str) -> TableError:
        line = self._line(at)
        begin = max(self._text.rfind("\n", 0, at), self._text.rfind("\r", 0, at)) + 1
        column = at - begin + 1
        what = what[:1].lower() + what[1:]
        return TableError(
            f"{self.path}:{line}:{column}: no strict JSON: {what}", path=self.path, line=line, column=column
        )
