"""Workload W2 by libcsat and by what a user would otherwise take: n responses, ten items of 1 to 5 with 2 % missing and
one recommendation of 0 to 10, in 31 regions x 20 products x 12 months; for each of the 7,440 groups the number of
responses, of each item n, mean, standard deviation and the share of 4 and 5, and the net promoter score. Run by
script/bench.

    libcsat_1t, _2t              accumulate(): the exact state of every group, from which all of it is read
    libcsat_figures_1t, _2t      the same, and mean and deviation of each item written as a table
    libcsat_measure_1t, _2t      Policy.measure(): all figures, each with its interval
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

import numpy as np
import pyarrow as pa
from measure import Peer, measure, report

import libcsat as cs

ITEMS = [f"q{i:02d}" for i in range(1, 11)]
KEYS = ["region", "product", "month"]
GROUPS = 31 * 20 * 12


def table_of(n: int) -> pa.Table:
    """Keys as dictionaries, items and the recommendation as int8 with nulls."""
    random = np.random.Generator(np.random.PCG64(2))
    columns: dict[str, Any] = {}
    for name, count, form in (("region", 31, "R{:02d}"), ("product", 20, "P{:02d}"), ("month", 12, "2026-{:02d}")):
        words = pa.array([form.format(i + (name == "month")) for i in range(count)])
        codes = pa.array(random.integers(0, count, n, dtype=np.int8))
        columns[name] = pa.DictionaryArray.from_arrays(codes, words)
    for name in ITEMS:
        values = random.choice(np.arange(1, 6, dtype=np.int8), n, p=[0.05, 0.1, 0.2, 0.4, 0.25])
        columns[name] = pa.array(values, mask=random.random(n, dtype=np.float32) < 0.02)
    columns["recommend"] = pa.array(random.integers(0, 11, n, dtype=np.int8))
    return pa.table(columns)


def policy() -> cs.Policy:
    """All figures of the workload as measures."""
    measures: list[dict[str, Any]] = []
    for item in ITEMS:
        top = {"compare": {"metric": item, "op": "GE", "value": 4}}
        measures += [
            {"id": f"{item}_mean", "mean": {"metric": item}},
            {"id": f"{item}_sd", "deviation": {"metric": item}},
            {"id": f"{item}_top2", "unit": "share", "share": {"of": top}},
        ]
    measures.append({"id": "nps", "unit": "points", "nps": {"metric": "recommend"}})
    scales = [
        {"id": "five", "min": 1, "max": 5, "integer": True, "direction": "HIGHER_IS_BETTER"},
        {"id": "eleven", "min": 0, "max": 10, "integer": True, "direction": "HIGHER_IS_BETTER"},
    ]
    metrics = [{"id": item, "scale": "five", "number": {}} for item in ITEMS]
    metrics.append({"id": "recommend", "scale": "eleven", "number": {}})
    return cs.Policy.load(
        {"id": "w2", "version": "1", "effective_from": "2026-01-01", "zone": "UTC", "scales": scales,
         "metrics": metrics, "measures": measures}
    )  # fmt: skip


SQL = f"""SELECT region, product, month, count(*) AS n, {", ".join(
    f"count({q}) AS {q}_n, avg({q}) AS {q}_mean, stddev_samp({q}) AS {q}_sd, avg(({q} >= 4)::TINYINT) AS {q}_top2"
    for q in ITEMS)},
  100.0 * (sum((recommend >= 9)::TINYINT) - sum((recommend <= 6)::TINYINT)) / count(*) AS nps
FROM rows GROUP BY ALL"""


def polars_query(frame: Any) -> Any:
    import polars as pl

    c = pl.col
    made = [pl.len().alias("n")]
    for q in ITEMS:
        made += [c(q).count().alias(f"{q}_n"), c(q).mean().alias(f"{q}_mean"), c(q).std().alias(f"{q}_sd"),
                 (c(q) >= 4).mean().alias(f"{q}_top2")]  # fmt: skip
    promoters = (c("recommend") >= 9).sum().cast(pl.Int64) - (c("recommend") <= 6).sum().cast(pl.Int64)
    made.append((100.0 * promoters / pl.len()).alias("nps"))
    return frame.lazy().group_by(*KEYS).agg(made)


def pandas_query(frame: Any) -> Any:
    work = frame.assign(
        promoter=(frame["recommend"] >= 9).astype("int8") - (frame["recommend"] <= 6).astype("int8"),
        **{f"{q}_top2": (frame[q] >= 4).where(frame[q].notna()).astype("float32") for q in ITEMS},
    )
    grouped = work.groupby(KEYS, observed=True)
    made = grouped[ITEMS].agg(["count", "mean", "std"])
    top = grouped[[f"{q}_top2" for q in ITEMS]].mean()
    return made, top, 100.0 * grouped["promoter"].mean(), grouped.size()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workload", choices=["w2"])
    parser.add_argument("--n", type=int, default=1_000_000, help="rows")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", help="only those whose name begins with one of these, separated by commas")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    args = parser.parse_args()
    n, table, card = args.n, table_of(args.n), policy()
    items = {**{q: (1, 5) for q in ITEMS}, "recommend": (0, 10)}

    def count(threads: int) -> cs.Aggregates:
        return cs.accumulate(table, by=KEYS, items=items, threads=threads)

    truth = count(2).table().to_pandas().set_index(KEYS)["q01.mean"]

    def same(get: Any) -> Any:
        def check(result: Any) -> str:
            found = get(result)
            return f"{len(found)} groups, max |mean difference| {np.max(np.abs(found - truth.loc[found.index])):.1e}"

        return check

    frame_mean = same(lambda f: f.to_pandas().set_index(KEYS)["q01_mean"])
    peers = []
    for threads in (1, 2):
        peers += [
            Peer(f"libcsat_{threads}t", lambda t=threads: count(t), n,
                 same(lambda a: a.table().to_pandas().set_index(KEYS)["q01.mean"])),
            Peer(f"libcsat_figures_{threads}t", lambda t=threads: count(t).table(), n,
                 same(lambda a: a.to_pandas().set_index(KEYS)["q01.mean"])),
            Peer(f"libcsat_measure_{threads}t", lambda t=threads: card.measure(table, KEYS, threads=t).columns(), n,
                 same(lambda a: a.to_pandas().set_index(KEYS)["q01_mean"].astype(float))),
        ]  # fmt: skip
    import duckdb
    import polars as pl

    frame = pl.from_arrow(table)
    peers.append(Peer("polars_2t", lambda: polars_query(frame).collect(), n, frame_mean))
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.register("rows", table)
    peers.append(Peer("duckdb_2t", lambda: connection.sql(SQL).to_arrow_table(), n,
                      same(lambda a: pa.table(a).to_pandas().set_index(KEYS)["q01_mean"])))  # fmt: skip
    if n <= 2_000_000:
        pandas = table.to_pandas()
        peers.append(Peer("pandas", lambda: pandas_query(pandas), n, same(lambda r: r[0][("q01", "mean")])))
    if args.peers:
        peers = [p for p in peers if any(p.name.startswith(want) for want in args.peers.split(","))]
    measure(peers, args.rounds, quiet=args.json or not sys.stderr.isatty())
    report("w2", peers, "libcsat_1t", args.json)


if __name__ == "__main__":
    main()
