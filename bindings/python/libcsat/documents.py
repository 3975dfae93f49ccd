"""Policy documents: the ready-made ones, files, and documents given as they are."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from decimal import Decimal
from importlib import resources
from typing import Any

from libcsat import _capi
from libcsat.error import NotFoundError
from libcsat.tables import nearest

# A document above this is not read at all; the library's own limit lies below it.
_MOST_BYTES = 64 * 1024 * 1024
_NAME = re.compile(r"[a-z0-9_-]{1,64}")


def ready_made() -> list[str]:
    """Names of the ready-made policies."""
    folder = resources.files("libcsat") / "policies"
    return sorted(f.name.removesuffix(".json") for f in folder.iterdir() if f.name.endswith(".json"))


def read_document(source: str | os.PathLike[str] | bytes | Mapping[str, Any]) -> tuple[bytes, str]:
    """The document's bytes and the name to report it by; "" where it has none."""
    if isinstance(source, bytes):
        return source, ""
    if isinstance(source, Mapping):
        return json.dumps(source, default=_plain).encode(), ""
    if isinstance(source, str):
        if source.lstrip().startswith("{"):
            return source.encode(), ""
        if _NAME.fullmatch(source):
            ready = resources.files("libcsat") / "policies" / f"{source}.json"
            if ready.is_file():
                return ready.read_bytes(), source
    path = os.fspath(source)
    try:
        with open(path, "rb") as file:
            return file.read(_MOST_BYTES + 1), path
    except FileNotFoundError:
        names = ready_made()
        hint = nearest(path, names)
        raise NotFoundError(
            f"no ready-made policy and no file '{path}'{hint}: ready-made are {', '.join(names)}",
            code="NOT_FOUND",
            path=path,
        ) from None


def json_schema() -> dict[str, Any]:
    """The JSON Schema of policy documents, for editors."""
    schema: dict[str, Any] = json.loads(_capi.json_schema())
    return schema


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON out of its members, as `json.loads()` asks for it; ValueError where one is there
    twice."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"'{next(name for name in names if names.count(name) > 1)}' is there twice")
    return made


def _plain(value: Any) -> Any:
    """A decimal as a number of JSON, whose shortest form has its digits again."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} is not a value of a policy document")
