"""Mapping files: what the columns of a table mean, said by whoever knows. docs/intake.md describes the
format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from libcsat.error import TableError
from libcsat.intake.plan import STANDARD, Column, Plan, standard
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
    columns = mapping.get("columns", {})
    if not isinstance(columns, dict) or not all(isinstance(about, dict) for about in columns.values()):
        raise fail("columns is an object with an object for each column")
    for heading, about in columns.items():
        _known(about, _COLUMN, f"columns['{heading}'].", fail)
        type = about.get("type", "auto")
        if type not in _TYPES:
            raise fail(f"columns['{heading}'].type '{type}' is none of {', '.join(_TYPES)}")
        if type in ("multi", "rank") and not about.get("separator"):
            raise fail(f"columns['{heading}'] of type {type} needs a separator")
        if about.get("unit", "s") not in UNITS:
            raise fail(f"columns['{heading}'].unit '{about['unit']}' is none of {', '.join(UNITS)}")
        for key in ("min", "max"):
            if not isinstance(about.get(key, 0), (int, float)):
                raise fail(f"columns['{heading}'].{key} is not a number")
        for key in ("labels", "words"):
            if not isinstance(about.get(key, {}), dict):
                raise fail(f"columns['{heading}'].{key} is not an object")
        if type == "words" and not all(
            isinstance(value, (int, float)) for value in about.get("words", {"": ""}).values()
        ):
            raise fail(f"columns['{heading}'].words is an object with a number for each word")
    if mapping.get("dates", "ymd") not in ORDERS:
        raise fail(f"dates '{mapping['dates']}' is none of {', '.join(ORDERS)}")
    if mapping.get("others", "keep") not in _OTHERS:
        raise fail(f"others '{mapping['others']}' is none of {', '.join(_OTHERS)}")
    if mapping.get("decimal", ".") not in (".", ","):
        raise fail(f"decimal '{mapping['decimal']}' is neither '.' nor ','")
    rows = mapping.get("header_rows", 1)
    if not isinstance(rows, int) or not 1 <= rows <= 9:
        raise fail(f"header_rows {rows} lies outside of 1 to 9")
    test = mapping.get("test")
    if test is not None and (
        not isinstance(test, dict)
        or set(test) != {"column", "values"}
        or not isinstance(test["values"], list)
    ):
        raise fail("test is an object with column and values")


def _known(found: Mapping[str, Any], known: set[str], where: str, fail: Any) -> None:
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
            plan.columns.remove(before)
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
