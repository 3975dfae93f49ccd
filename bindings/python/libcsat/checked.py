"""Arguments of public functions, checked against the types that their signatures name: what is of another one
is refused in one line that names the argument, what was given and what is expected."""

from __future__ import annotations

import functools
import inspect
import operator
import os
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from libcsat.show import visible

_F = TypeVar("_F", bound=Callable[..., Any])
# Gives the value as the function takes it; raises TypeError for another type, ValueError for no such value,
# which begins with what is wrong with it.
_Check = Callable[[Any], Any]

_MOST_SHOWN = 40
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LIBRARY = "libcsat"
# What the function itself looks at: tables and records of many kinds.
_OPEN = ("Any", "Watch | None", "bool | int | Literal['contributions']", "Sequence[Any] | object")


def checked(function: _F) -> _F:
    """Checks the arguments of a function by its annotations, which `_KINDS` has, before it runs.

    Raises (the function made):
        TypeError: an argument of another type.
        ValueError: a text that is no Unicode, a number beyond what the library counts with.
    """
    parameters = inspect.signature(function).parameters
    kinds = {
        name: _kind(parameter.annotation)
        for name, parameter in parameters.items()
        if name not in ("self", "cls") and parameter.annotation not in _OPEN
    }
    order = [name for name, parameter in parameters.items() if parameter.kind <= parameter.VAR_POSITIONAL]
    many = any(parameter.kind == parameter.VAR_POSITIONAL for parameter in parameters.values())

    @functools.wraps(function)
    def run(*given: Any, **named: Any) -> Any:
        values = list(given)
        names = order + order[-1:] * (len(values) - len(order)) if many else order
        for at, name in enumerate(names[: len(values)]):
            if name in kinds:
                values[at] = _taken(name, values[at], *kinds[name])
        for name, value in named.items():
            if name in kinds:
                named[name] = _taken(name, value, *kinds[name])
        return function(*values, **named)

    return run  # type: ignore[return-value]


def check(name: str, value: Any, kind: str) -> Any:
    """One value, by the annotation that it would have."""
    return _taken(name, value, *_kind(kind))


def shown(value: object) -> str:
    """A value of another type than was wanted, in a few words."""
    kind = type(value).__name__
    if value is None:
        return "None"
    if isinstance(value, (bool, int, float, str, bytes, Decimal)):
        # Such as 10 ** 10000, whose digits nobody asked for.
        text = visible(repr(value)) if not isinstance(value, int) or abs(value) < 10**_MOST_SHOWN else ""
        if 0 < len(text) <= _MOST_SHOWN:
            return f"{text}, {_article(kind)}"
    return _article(kind)


def _cut(text: str | bytes) -> str:
    return visible(repr(text[:_MOST_SHOWN]))


def _article(kind: str) -> str:
    return f"{'an' if kind[:1].lower() in 'aeiou' else 'a'} {kind}"


def _taken(name: str, value: Any, expected: str, take: _Check) -> Any:
    try:
        return take(value)
    except TypeError as error:
        at = str(error)
        raise TypeError(f"{name} is {shown(value)}: {expected} is expected{at}") from None
    except ValueError as error:
        raise ValueError(f"{name} {error}") from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{_cut(value)} holds half of a surrogate pair") from None
    return value


def _whole(value: Any) -> int:
    if isinstance(value, (bool, str)):
        raise TypeError
    number = operator.index(value) if hasattr(type(value), "__index__") else None
    if number is None:
        raise TypeError
    if not -(2**63) <= number < 2**63:
        raise ValueError("lies outside [-2^63, 2^63)")
    return number


def _real(value: Any) -> float:
    if isinstance(value, (bool, str)) or not hasattr(type(value), "__float__"):
        raise TypeError
    try:
        return float(value)
    except OverflowError:
        raise ValueError("lies beyond all floating-point numbers") from None


def _number(value: Any) -> Any:
    kind = type(value)
    if kind.__module__.partition(".")[0] == "numpy" and getattr(value, "ndim", 1) == 0:
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise TypeError
    return value


def _proportional(value: Any) -> Any:
    return value if isinstance(value, Fraction) else _number(value)


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if type(value).__module__.partition(".")[0] == "numpy" and type(value).__name__ in ("bool", "bool_"):
        return bool(value)
    raise TypeError


def _day(value: Any) -> date:
    if isinstance(value, str):
        try:
            # Python itself takes weeks and days without dashes, too.
            if not _DAY.fullmatch(value):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{_cut(value)} is no day such as '2025-03-14'") from None
    if isinstance(value, datetime):
        return value.date()
    if not isinstance(value, date):
        raise TypeError
    return value


def _path(value: Any) -> Any:
    if not isinstance(value, (str, os.PathLike)):
        raise TypeError
    try:
        name = os.fsencode(value)
    except UnicodeEncodeError:
        raise ValueError(f"{_cut(os.fspath(value))} holds half of a surrogate pair") from None
    if 0 in name:
        raise ValueError(f"{_cut(os.fspath(value))} holds a zero byte")
    return value


def _json(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if not isinstance(value, (bytes, Mapping)):
        raise TypeError
    return value


def _source(value: Any) -> Any:
    if isinstance(value, (bytes, Mapping)):
        return value
    return _text(value) if isinstance(value, str) and value.lstrip().startswith("{") else _path(value)


def _encoded(value: Any) -> Any:
    return _text(value) if isinstance(value, str) else _bytes(value)


def _bytes(value: Any) -> bytes:
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise TypeError
    return bytes(value)


def _each(take: _Check, what: str) -> _Check:
    """A list of what a check takes."""

    def taken(value: Any) -> list[Any]:
        if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
            raise TypeError
        made = []
        for at, one in enumerate(value):
            try:
                made.append(take(one))
            except TypeError:
                raise TypeError(f", and [{at}] is {shown(one)}: {what}") from None
        return made

    return taken


def _by_key(key: _Check, take: _Check, what: str) -> _Check:
    """A mapping of what a check takes."""

    def taken(value: Any) -> dict[Any, Any]:
        if not isinstance(value, Mapping):
            raise TypeError
        made = {}
        for name, one in value.items():
            try:
                made[key(name)] = take(one)
            except TypeError:
                raise TypeError(f", and of {shown(name)}, it is {shown(one)}: {what}") from None
        return made

    return taken


def _of_class(name: str) -> _Check:
    """An object of a class of the package, which is looked up when it is there."""

    def taken(value: Any) -> Any:
        for base in type(value).__mro__:
            if base.__name__ == name and base.__module__.partition(".")[0] == _LIBRARY:
                return value
        raise TypeError

    return taken


def _scale(value: Any) -> Any:
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise TypeError
    ends = list(value)
    if len(ends) != 2:
        raise ValueError(f"has {len(ends)} ends: (least, greatest) is expected")
    return tuple(_each(_number, "no number")(ends))


def _either(take: _Check) -> _Check:
    """A text, or what a check takes."""
    return lambda value: _text(value) if isinstance(value, str) else take(value)


def _size(value: Any) -> Any:
    return _by_key(_any, _whole, "no whole number")(value) if isinstance(value, Mapping) else _whole(value)


def _policy_or_source(value: Any) -> Any:
    return (
        _source(value)
        if isinstance(value, (str, bytes, Mapping, os.PathLike))
        else _of_class("Policy")(value)
    )


def _instant(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    return _text(value) if isinstance(value, str) else _whole(value)


def _table_or_path(value: Any) -> Any:
    return value if hasattr(value, "__arrow_c_stream__") else _path(value)


def _spark(value: Any) -> Any:
    if not hasattr(value, "mapInArrow"):
        raise TypeError
    return value


def _any(value: Any) -> Any:
    return value


def _kind(annotation: str) -> tuple[str, _Check]:
    if annotation.endswith(" | None"):
        expected, take = _kind(annotation.removesuffix(" | None"))
        return f"{expected.rstrip(',')}, or None,", lambda value: None if value is None else take(value)
    if annotation.startswith("Literal["):
        return _KINDS["str"]
    return _KINDS[annotation]


_NUMBER = "a number (int, float, Decimal or its text)"
_TEXTS = "a list of texts"
_COUNTS = "a mapping to numbers"
_SOURCE = "a name, a path, JSON or a dict"
# By annotation.
_KINDS: dict[str, tuple[str, _Check]] = {
    "str": ("a text", _text),
    "_Method": ("a text", _text),
    "Bucket": ("a text", _text),
    "int": ("a whole number", _whole),
    "float": ("a number", _real),
    "bool": ("True or False", _truth),
    "_Number": (_NUMBER, _number),
    "tuple[float, float]": ("(least, greatest)", _scale),
    "date | str": ("a date or its text YYYY-MM-DD", _day),
    "Instant": ("a datetime, ISO 8601 text or milliseconds", _instant),
    "bytes": ("bytes", _bytes),
    "str | bytes": ("a text", _encoded),
    "str | os.PathLike[str]": ("a path", _path),
    "str | os.PathLike[str] | bytes | Mapping[str, Any]": (_SOURCE, _source),
    "Policy | str | os.PathLike[str] | bytes | Mapping[str, Any]": (
        f"a Policy, {_SOURCE}",
        _policy_or_source,
    ),
    "Answers": ("a dict, or a JSON object as text,", _json),
    "Mapping[str, Any] | str | bytes": ("a dict, or a JSON object as text,", _json),
    "Mapping[str, Any]": ("a dict", _by_key(_any, _any, "")),
    "dict[str, Any]": ("a dict", _by_key(_any, _any, "")),
    "Sequence[str]": (_TEXTS, _each(_text, "no text")),
    "Sequence[str] | str": (f"a text or {_TEXTS}", _either(_each(_text, "no text"))),
    "str | Sequence[str]": (f"a text or {_TEXTS}", _either(_each(_text, "no text"))),
    "Sequence[_Number]": ("a list of numbers", _each(_number, "no number")),
    "Sequence[float]": ("a list of numbers", _each(_number, "no number")),
    "Sequence[tuple[str, str]]": ("a list of pairs of texts", _each(_each(_text, "no text"), "no pair")),
    "Iterable[date | str]": ("a list of dates", _each(_day, "no date or its text YYYY-MM-DD")),
    "Iterable[Policy]": ("a list of policies", _each(_of_class("Policy"), "no Policy")),
    "Iterable[Incident]": (
        "a list of incidents",
        _each(_of_class("Incident"), "no Incident: read it with Incident.from_json()"),
    ),
    "Iterable[Publication]": (
        "a list of publications",
        _each(_of_class("Publication"), "no Publication: read it with Publication.from_json()"),
    ),
    "Mapping[str, str]": ("a mapping of texts to texts", _by_key(_text, _text, "no text")),
    "Mapping[str, int]": (_COUNTS, _by_key(_any, _whole, "no whole number")),
    "int | Mapping[Any, int]": ("a whole number, or a mapping to them,", _size),
    "Mapping[str, _Number]": (_COUNTS, _by_key(_any, _number, "no number")),
    "Mapping[str, Proportional]": (_COUNTS, _by_key(_any, _proportional, "no number")),
    "Mapping[Any, Proportional]": (_COUNTS, _by_key(_any, _proportional, "no number")),
    "Mapping[str, Mapping[Any, Proportional]]": (
        "a mapping of columns to mappings to numbers",
        _by_key(_text, _by_key(_any, _proportional, "no number"), "no mapping to numbers"),
    ),
    "Mapping[str, Outcome]": ("a mapping of ids to outcomes", _by_key(_any, _text, "no text")),
    "Mapping[str, Sequence[str]]": (
        "a mapping of ids to lists of texts",
        _by_key(_text, _each(_text, "no text"), "no list of texts"),
    ),
    "Mapping[str, Item | tuple[_Number, _Number]]": (
        "a mapping of ids to (least, greatest) or Item",
        _by_key(_text, _any, ""),
    ),
    "pa.Table | str | os.PathLike[str]": ("a pyarrow Table or a path", _table_or_path),
    "Mapping[str, str | None]": (
        "a mapping of columns to separators",
        _by_key(_text, lambda value: None if value is None else _text(value), "no text"),
    ),
    "Mapping[str, Any] | str": ("a mapping, or the name of its file,", _either(_by_key(_any, _any, ""))),
    "Limits": ("Limits", _of_class("Limits")),
    "DataFrame": ("a Spark DataFrame", _spark),
    "Aggregates": ("an Aggregates", _of_class("Aggregates")),
    "Policy": ("a Policy", _of_class("Policy")),
    "Publication": ("a Publication", _of_class("Publication")),
    "Score": ("a Score", _of_class("Score")),
}
