"""Mapping files: what the columns of a table mean, said by whoever knows. docs/intake.md describes the
format."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from libcsat.error import TableError
from libcsat.intake.plan import STANDARD, Column, Plan, replaced, standard
from libcsat.intake.rules import shown
from libcsat.intake.times import ORDERS
from libcsat.intake.values import UNITS

_TOP = {
    "columns",
    "separator",
    "decimal",
    "zone",
    "dates",
    "wave",
    "channel",
    "header_rows",
    "test",
    "others",
}
_COLUMN = {
    "as", "type", "text", "labels", "missing", "min", "max", "separator", "unit", "true", "false", "words",
}  # fmt: skip
_TYPES = {
    "number": "number",
    "text": "text",
    "auto": "auto",
    "multi": "multi",
    "rank": "rank",
    "time": "time",
    "duration": "duration",
    "boolean": "boolean",
    "words": "coded",
}
_OTHERS = ("keep", "leave out", "refuse")


def load(source: str) -> dict[str, Any]:
    """The mapping of a file, checked.

    Raises:
        TableError: no JSON object, or a key or value that mappings do not have.
    """

    def strict(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice = next(key for key, _ in pairs if [k for k, _ in pairs].count(key) > 1)
            raise TableError(f"{source}: key '{twice}' stands twice", path=source)
        return found

    try:
        mapping = json.loads(Path(source).read_bytes(), object_pairs_hook=strict)
    except json.JSONDecodeError as error:
        raise TableError(
            f"{source}:{error.lineno}:{error.colno}: no JSON: {error.msg}",
            path=source,
            line=error.lineno,
            column=error.colno,
        ) from None
    except (UnicodeDecodeError, RecursionError):
        raise TableError(f"{source}: no JSON in UTF-8", path=source) from None
    check(mapping, source)
    assert isinstance(mapping, dict)
    return mapping


def check(mapping: Any, source: str = "mapping") -> None:
    """Raises TableError where a mapping has a key or value that mappings do not have."""

    def fail(what: str) -> TableError:
        return TableError(f"{source}: {what}", path=source)

    if not isinstance(mapping, dict):
        raise fail("a mapping is a JSON object")
    _known(mapping, _TOP, "", fail)
    for key in ("separator", "zone", "wave", "channel"):
        if key in mapping and not _is_text(mapping[key]):
            raise fail(f"{key} {_shown(mapping[key])} is no text")
    columns = mapping.get("columns", {})
    if not isinstance(columns, dict) or not all(isinstance(about, dict) for about in columns.values()):
        raise fail("columns is an object with an object for each column")
    taken: dict[str, str] = {}
    for heading, about in columns.items():
        _check_column(f"columns['{heading}']", about, fail)
        name = about.get("as")
        if name in STANDARD and taken.setdefault(name, heading) != heading:
            raise fail(f"columns '{taken[name]}' and '{heading}' are both '{name}'")
    for key, words in (("dates", ORDERS), ("others", _OTHERS), ("decimal", (".", ","))):
        if key in mapping and mapping[key] not in words:
            raise fail(f"{key} {_shown(mapping[key])} is none of {', '.join(words)}")
    rows = mapping.get("header_rows", 1)
    if type(rows) is not int or not 1 <= rows <= 9:
        raise fail(f"header_rows {_shown(rows)} lies outside of 1 to 9")
    test = mapping.get("test")
    if "test" in mapping and not (
        isinstance(test, dict)
        and set(test) == {"column", "values"}
        and _is_text(test["column"])
        and isinstance(test["values"], list)
        and all(map(_is_cell, test["values"]))
    ):
        raise fail("test is an object with column, a text, and values, a list of texts and numbers")


def _check_column(where: str, about: Mapping[str, Any], fail: Callable[[str], TableError]) -> None:
    _known(about, _COLUMN, f"{where}.", fail)
    for key in ("as", "text", "separator"):
        if key in about and not _is_text(about[key]):
            raise fail(f"{where}.{key} {_shown(about[key])} is no text")
    if "\0" in about.get("as", ""):
        raise fail(f"{where}.as has a NUL character")
    for key, words in (("type", _TYPES), ("unit", UNITS)):
        if key in about and not (isinstance(about[key], str) and about[key] in words):
            raise fail(f"{where}.{key} {_shown(about[key])} is none of {', '.join(words)}")
    if about.get("type") in ("multi", "rank") and "separator" not in about:
        raise fail(f"{where} of type {about['type']} needs a separator")
    for key in ("min", "max"):
        if key in about and not _is_number(about[key]):
            raise fail(f"{where}.{key} {_shown(about[key])} is not a number")
    if about.get("min", -math.inf) > about.get("max", math.inf):
        raise fail(f"{where}: min {about['min']} lies above max {about['max']}")
    for key in ("true", "false"):
        if key in about and not (isinstance(about[key], list) and all(map(_is_cell, about[key]))):
            raise fail(f"{where}.{key} {_shown(about[key])} is no list of texts")
    for key, each in (("labels", _is_cell), ("words", _is_number)):
        found = about.get(key, {})
        if not isinstance(found, dict) or not all(map(each, found.values())):
            what = "a text" if key == "labels" else "a number"
            raise fail(f"{where}.{key} is no object with {what} for each")
    if about.get("type") == "words" and not about.get("words"):
        raise fail(f"{where}.words is missing, a number for each word")
    missing = about.get("missing", ())
    codes = list(missing.values()) if isinstance(missing, dict) else missing
    if not isinstance(codes, (list, tuple)) or not all(map(_is_cell, codes)):
        raise fail(f"{where}.missing is neither a list of codes nor an object with a reason for each")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_number(value: Any) -> bool:
    # Whole numbers of JSON have no end.
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -1e300 < value < 1e300


def _is_cell(value: Any) -> bool:
    return isinstance(value, (str, bool)) or _is_number(value)


def _shown(value: Any) -> str:
    return shown(json.dumps(value, ensure_ascii=False, default=str))


def _known(found: Mapping[str, Any], known: set[str], where: str, fail: Callable[[str], TableError]) -> None:
    for key in found:
        if key not in known:
            raise fail(f"there is no key '{where}{key}'")


def apply(plan: Plan, mapping: Mapping[str, Any], path: str) -> None:
    """Lays a mapping over the plan of a profile: columns are found by their heading, or by their name.

    Raises:
        TableError: a column that the mapping names is not there, or one is there that it should name.
    """
    columns: Mapping[str, Mapping[str, Any]] = mapping.get("columns", {})
    named = set()
    for key, about in columns.items():
        found = [column for column in plan.columns if key in (column.heading, column.name)]
        if not found:
            known = ", ".join(dict.fromkeys(c.heading or c.name for c in plan.columns))
            raise TableError(f"{path}: it has no column '{key}' of the mapping but {known[:300]}", path=path)
        for column in found[:1]:
            _lay(plan, column, about)
            named.add(id(column))
    plan.dates = mapping.get("dates", plan.dates)
    plan.decimal = mapping.get("decimal", plan.decimal)
    others = mapping.get("others", "keep")
    rest = [c for c in plan.columns if c.role != "standard" and id(c) not in named]
    if others == "refuse" and rest:
        raise TableError(f"{path}: the mapping does not name column '{rest[0].heading}'", path=path)
    if others == "leave out":
        plan.columns = [column for column in plan.columns if column not in rest]


def _lay(plan: Plan, column: Column, about: Mapping[str, Any]) -> None:
    name = about.get("as", column.name)
    if name in STANDARD:
        before = plan.column(name)
        if before is not None and before is not column:
            replaced(plan, before)
        made = standard(name, column.at, column.heading)
        plan.columns[plan.columns.index(column)] = made
        column = made
        if name == "response_id":
            plan.key = "id"
    else:
        column.name = name
        if column.role == "standard":
            column.role = "attribute"
    if "type" in about:
        column.kind = _TYPES[about["type"]]
    if "true" in about or "false" in about:
        column.kind = "boolean"
        column.words = {str(word): True for word in about.get("true", ())}
        column.words |= {str(word): False for word in about.get("false", ())}
    if "words" in about:
        column.kind = "coded"
        column.words = {word: float(value) for word, value in about["words"].items()}
        column.labels = {str(value): word for word, value in about["words"].items()}
    column.text = about.get("text", column.text)
    column.labels |= {str(code): str(label) for code, label in about.get("labels", {}).items()}
    missing = about.get("missing", {})
    if not isinstance(missing, Mapping):
        missing = {code: code for code in missing}
    column.missing |= {str(code): str(reason) for code, reason in missing.items()}
    column.least, column.most = about.get("min", column.least), about.get("max", column.most)
    column.separator = about.get("separator", column.separator)
    column.unit = about.get("unit", column.unit)
    column.note = "given by the mapping"
