"""Arguments that several functions take, read alike."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from libcsat.checked import checked

_MOST_THREADS = 256


@checked
def thread_count(threads: int | None) -> int:
    """1 to 256; None: one for each processor this process may use."""
    if threads is None:
        return min(_MOST_THREADS, len(os.sched_getaffinity(0)))
    if not 1 <= threads <= _MOST_THREADS:
        raise ValueError(f"threads {threads} lies outside [1, {_MOST_THREADS}]")
    return threads


@checked
def refuses_bad_rows(bad_rows: str) -> bool:
    """Whether a bad value refuses its row, rather than failing the call."""
    if bad_rows not in ("fail", "refuse"):
        raise ValueError(f"bad_rows '{bad_rows}' is neither 'fail' nor 'refuse'")
    return bad_rows == "refuse"


def as_dict(record: Any) -> dict[str, Any]:
    """The fields of a record by name.

    Raises:
        TypeError: what is given is no record.
    """
    if isinstance(record, Mapping):
        return dict(record)
    if is_dataclass(record) and not isinstance(record, type):
        return {f.name: getattr(record, f.name) for f in fields(record)}
    if isinstance(record, tuple) and hasattr(record, "_asdict"):
        return dict(record._asdict())
    raise TypeError(
        f"{type(record).__name__} is not a record: give a dict, mapping, dataclass, named tuple or JSON"
    )
