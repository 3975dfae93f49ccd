"""Plugs libcsat into a field of peers that runs workload W1: columns, Parquet, one record at a time, band edges.

    python w1.py --n 1000000 --plugin benchmarks/workloads_plugin.py
    python w1.py --mode latency --plugin ...        one record
    python w1_edges.py --n 20000 --plugin ...       rows exactly on band edges

The field's script calls `peers()` or `edges()`; what they give is described at the head of its plugin example.
Needs the package libcsat: script/bench or script/test installs it into build/venv.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import libcsat

sys.path.append(str(Path(__file__).resolve().parent / "peers"))
from w1_card import REASONS, load_policy, result_columns  # noqa: E402

# Read and written of a row: five float64, a role, five int32; a float64 and two bytes.
BYTES = 71


def peers(workload: str, context: dict[str, Any]) -> dict[str, tuple[Callable[[], Any], dict[str, Any]]]:
    """The entries of a run; none for other workloads."""
    if workload != "w1":
        return {}
    policy = load_policy()
    if context.get("mode") == "latency":
        add_single_records(policy, context)
        return {}
    n, table = context["n"], context["table"]()
    described = {"bytes": n * BYTES}
    checked = described | {"check": context["check"](conv=result_columns)}
    made: dict[str, tuple[Callable[[], Any], dict[str, Any]]] = {}
    for threads in (1, 2):
        for suffix, explain in (("", False), ("_reasons", True)):
            made[f"libcsat_{threads}t{suffix}"] = (
                lambda threads=threads, explain=explain: policy.score(table, threads=threads, explain=explain),
                checked,
            )
    source = parquet_of(context["dir"])
    if source is not None:
        import pyarrow.parquet as pq

        target = Path(os.environ.get("TMPDIR", "/tmp")) / f"libcsat-w1-{os.getpid()}.parquet"
        made["libcsat_parquet_2t"] = (lambda: policy.score(pq.read_table(source), threads=2), checked)
        made["libcsat_parquet_parquet_2t"] = (
            lambda: libcsat.score_parquet(policy, source, target, columns=[], threads=2),
            described,
        )
    return made


def edges(context: dict[str, Any]) -> dict[str, Callable[[], tuple[Any, Any, Any]]]:
    """Rows whose score lies exactly on a band's edge, as columns and as records."""
    policy = load_policy()

    def as_columns() -> tuple[Any, Any, Any]:
        import pyarrow as pa

        rows = [{name: value for name, value in row.items() if name != "edge"} for row in context["rows"]]
        return result_columns(policy.score(pa.Table.from_pylist(rows)))

    def as_records() -> tuple[list[float], list[int], list[int]]:
        results = [codes_of(policy.score_one(row)) for row in context["rows"]]
        scores, grades, reasons = zip(*results, strict=True)
        return list(scores), list(grades), list(reasons)

    return {"libcsat columns": as_columns, "libcsat records": as_records}


def add_single_records(policy: libcsat.Policy, context: dict[str, Any]) -> None:
    """One record a call: from a dict, from JSON, and with the whole ledger."""
    rows = context["rows"]
    texts = [json.dumps(row) for row in rows]
    add = context["add"]
    add("libcsat_dict_1row", lambda: lambda i: codes_of(policy.score_one(rows[i])), 100_000, "score_one() of a dict")
    add("libcsat_json_1row", lambda: lambda i: codes_of(policy.score_one(texts[i])), 50_000, "of a JSON text")

    def explained(i: int) -> tuple[float, int, int]:
        score = policy.score_one(rows[i])
        if len(score.ledger) < 5:
            raise AssertionError("the ledger has a line for each indicator")
        return codes_of(score)

    add("libcsat_dict_ledger_1row", lambda: explained, 50_000, "with every line of its ledger")


def codes_of(score: libcsat.Score) -> tuple[float, int, int]:
    return score.points or 0.0, int(score.grade or 0), REASONS[score.reason or ""]


def parquet_of(folder: str) -> str | None:
    """The field's Parquet file of the rows."""
    found = sorted(Path(folder).glob("*.parquet"))
    return str(found[0]) if found else None
