"""Plugs libcsat into a field of peers that runs the workloads W1 (columns, Parquet, one record at a time, band edges),
W2 and W3, beside loops written by hand for each.

    python w1.py --n 1000000 --plugin benchmarks/workloads_plugin.py
    python w2.py --n 10000000 --plugin ...          7,440 groups of responses
    python w3.py --n 1000000 --plugin ...           a scale of 25 items
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
import numpy as np
import pyarrow as pa

sys.path.append(str(Path(__file__).resolve().parent / "peers"))
from w1_card import REASONS, load_policy, result_columns  # noqa: E402

# Read and written of a row: five float64, a role, five int32; a float64 and two bytes.
BYTES = 71


def peers(workload: str, context: dict[str, Any]) -> dict[str, tuple[Callable[[], Any], dict[str, Any]]]:
    """The entries of a run; none for other workloads."""
    if workload == "w2":
        return grouped(context)
    if workload == "w3":
        return scales(context)
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


def grouped(context: dict[str, Any]) -> dict[str, tuple[Callable[[], Any], dict[str, Any]]]:
    """The states of all groups, from which every figure is read; and means and deviations as a table."""
    table = context["table"]()
    keys = ["region", "product", "month"]
    items = {name: (0, 10) if name == "recommend" else (1, 5) for name in table.column_names if name not in keys}
    ratings = [name for name in items if name != "recommend"]

    def matrix(counted: Any) -> np.ndarray:
        """Groups in the order of their keys; n, then of each item n, mean, deviation, top-2 share; the score."""
        figures = counted.table()
        at = {group: row for row, group in enumerate(zip(*(figures[key].to_pylist() for key in keys), strict=True))}
        columns = [figures["rows"].to_numpy().astype(float)]
        levels = counted.levels().to_pandas()
        rows = np.array([at[group] for group in zip(*(levels[key] for key in keys), strict=True)])

        def share(item: str, value: Any) -> np.ndarray:
            of = levels["item"].to_numpy() == item
            weights = levels["count"].to_numpy() * value(levels["value"].to_numpy())
            return np.bincount(rows[of], weights[of], len(at))

        for item in ratings:
            n = figures[f"{item}.n"].to_numpy().astype(float)
            top = share(item, lambda value: value >= 4) / n
            columns += [n, figures[f"{item}.mean"].to_numpy(), figures[f"{item}.sd"].to_numpy(), top]
        score = share("recommend", lambda value: (value >= 9).astype(float) - (value <= 6))
        columns.append(100 * score / figures["recommend.n"].to_numpy())
        return np.column_stack(columns)

    made = {}
    for threads in (1, 2):
        def count(threads: int = threads) -> Any:
            return libcsat.accumulate(table, by=keys, items=items, threads=threads)

        described = {"bytes": context["n"] * 14}
        made[f"libcsat_{threads}t"] = (count, described | {"check": context["check"](conv=matrix)})
        made[f"libcsat_figures_{threads}t"] = (lambda count=count: count().table(), described)
    return made


def scales(context: dict[str, Any]) -> dict[str, tuple[Callable[[], Any], dict[str, Any]]]:
    """Everything about a scale from one pass."""
    table = pa.table({name: pa.array(column) for name, column in context["cols"].items()})
    low, high = int(context["X8"].min()), int(context["X8"].max())

    def figures(found: Any) -> dict[str, Any]:
        return {"alpha": found.alpha, "kmo": found.kmo, "chi2": found.bartlett.chi_square}

    made = {}
    for threads in (1, 2):
        def judge(threads: int = threads) -> Any:
            return libcsat.reliability(table, items=table.column_names, scale=(low, high), threads=threads)

        described = {"bytes": context["n"] * table.num_columns, "check": lambda r: context["check"](figures(r))}
        made[f"libcsat_{threads}t"] = (judge, described)
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
