"""Arguments that several functions take, read alike."""

from __future__ import annotations

import os

_MOST_THREADS = 256


def thread_count(threads: int | None) -> int:
    """1 to 256; None: one for each processor this process may use."""
    if threads is None:
        return min(_MOST_THREADS, len(os.sched_getaffinity(0)))
    if not 1 <= threads <= _MOST_THREADS:
        raise ValueError(f"threads {threads} lies outside [1, {_MOST_THREADS}]")
    return threads


def refuses_bad_rows(bad_rows: str) -> bool:
    """Whether a bad value refuses its row, rather than failing the call."""
    if bad_rows not in ("fail", "refuse"):
        raise ValueError(f"bad_rows '{bad_rows}' is neither 'fail' nor 'refuse'")
    return bad_rows == "refuse"
