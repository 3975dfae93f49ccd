"""Workload W1 by libcsat and by what a user would otherwise take; see w1_data.py for the rows and ../w1.json for the
card. Run by script/bench.

    w1             batches: score, grade and reason of n rows in memory
    w1-parquet     from a Parquet file to a scored Parquet file
    w1-one         one record at a time
    w1-edges       grades of rows placed exactly on band edges
"""

from __future__ import annotations

import argparse
import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from measure import Peer, measure, report
from w1_card import load_policy, result_columns
from w1_data import COUNTS, FLOATS, ROLES, arrow_table, columns, edge_columns

HERE = Path(__file__).resolve().parent

SQL = """
WITH parts AS (SELECT *,
    CASE WHEN response_seconds > 60 THEN 0.0::DOUBLE WHEN response_seconds <= 10 THEN 10.0::DOUBLE
         ELSE 10.0::DOUBLE - ceil((response_seconds - 10.0::DOUBLE) / 5.0::DOUBLE) END AS response,
    CASE WHEN resolution_rate >= 0.95 THEN 10.0::DOUBLE ELSE 10.0::DOUBLE * resolution_rate / 0.95::DOUBLE END AS resolution,
    CASE role WHEN 'technical' THEN 10.0::DOUBLE WHEN 'reception' THEN 18.0::DOUBLE ELSE 15.0::DOUBLE END AS wa,
    CASE role WHEN 'technical' THEN 15.0::DOUBLE WHEN 'reception' THEN 7.0::DOUBLE ELSE 10.0::DOUBLE END AS wk,
    0.02::DOUBLE * written_praise + 0.03::DOUBLE * suggestions AS b FROM {source}),
scored AS (SELECT info_leaks, broken_promises, written_praise, complaints,
    CASE WHEN info_leaks > 0 OR broken_promises > 0 THEN 0.0::DOUBLE ELSE least(100.0::DOUBLE,
        (25.0::DOUBLE * response + 30.0::DOUBLE * resolution + 200.0::DOUBLE * first_contact_rate
         + wa * ((attitude - 1.0::DOUBLE) * 2.5::DOUBLE) + wk * ((knowledge - 1.0::DOUBLE) * 2.5::DOUBLE)) / 10.0::DOUBLE
        * (1.0::DOUBLE + CASE WHEN b < 0.15::DOUBLE THEN b ELSE 0.15::DOUBLE END)) END AS score FROM parts)
SELECT score,
    (CASE WHEN score >= 90 THEN CASE WHEN complaints = 0 AND written_praise >= 1 THEN 5 ELSE 4 END
          WHEN score >= 76 THEN 4 WHEN score >= 60 THEN 3 WHEN score >= 45 THEN 2 ELSE 1 END)::TINYINT AS grade,
    (CASE WHEN info_leaks > 0 THEN 1 WHEN broken_promises > 0 THEN 2
          WHEN score >= 90 AND NOT (complaints = 0 AND written_praise >= 1) THEN 3 ELSE 0 END)::TINYINT AS reason
FROM scored"""


def numpy_score(c: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Works on a dict of NumPy columns and, column for column, on a pandas frame."""
    late = np.ceil((c["response_seconds"] - 10.0) / 5.0)
    response = np.clip(10.0 - late, 0.0, 10.0)
    resolution = 10.0 * np.minimum(1.0, c["resolution_rate"] / 0.95)
    wa, wk = np.array([10.0, 18.0, 15.0])[c["role"]], np.array([15.0, 7.0, 10.0])[c["role"]]
    total = (25.0 * response + 30.0 * resolution + 200.0 * c["first_contact_rate"]
             + wa * ((c["attitude"] - 1.0) * 2.5) + wk * ((c["knowledge"] - 1.0) * 2.5)) / 10.0  # fmt: skip
    bonus = np.minimum(0.15, 0.02 * c["written_praise"] + 0.03 * c["suggestions"])
    leak, broken = c["info_leaks"] > 0, c["broken_promises"] > 0
    score = np.where(leak | broken, 0.0, np.minimum(100.0, total * (1.0 + bonus)))
    condition = (c["complaints"] == 0) & (c["written_praise"] >= 1)
    top = score >= 90
    grade = np.select([top & condition, score >= 76, score >= 60, score >= 45], [5, 4, 3, 2], 1).astype(np.int8)
    reason = np.select([leak, broken, top & ~condition], [1, 2, 3], 0).astype(np.int8)
    return score, grade, reason


def polars_score(frame: Any) -> Any:
    import polars as pl

    c = pl.col
    response = (10.0 - ((c("response_seconds") - 10.0) / 5.0).ceil()).clip(0.0, 10.0)
    resolution = 10.0 * (c("resolution_rate") / 0.95).clip(upper_bound=1.0)
    wa = pl.when(c("role") == "technical").then(10.0).when(c("role") == "reception").then(18.0).otherwise(15.0)
    wk = pl.when(c("role") == "technical").then(15.0).when(c("role") == "reception").then(7.0).otherwise(10.0)
    total = (25.0 * response + 30.0 * resolution + 200.0 * c("first_contact_rate")
             + wa * ((c("attitude") - 1.0) * 2.5) + wk * ((c("knowledge") - 1.0) * 2.5)) / 10.0  # fmt: skip
    bonus = (0.02 * c("written_praise") + 0.03 * c("suggestions")).clip(upper_bound=0.15)
    leak, broken = c("info_leaks") > 0, c("broken_promises") > 0
    score = pl.when(leak | broken).then(0.0).otherwise(pl.min_horizontal(pl.lit(100.0), total * (1.0 + bonus)))
    condition = (c("complaints") == 0) & (c("written_praise") >= 1)
    s, i8 = c("score"), pl.Int8
    grade = (pl.when((s >= 90) & condition).then(pl.lit(5, i8)).when(s >= 76).then(pl.lit(4, i8))
             .when(s >= 60).then(pl.lit(3, i8)).when(s >= 45).then(pl.lit(2, i8)).otherwise(pl.lit(1, i8)))  # fmt: skip
    reason = (pl.when(leak).then(pl.lit(1, i8)).when(broken).then(pl.lit(2, i8))
              .when((s >= 90) & ~condition).then(pl.lit(3, i8)).otherwise(pl.lit(0, i8)))  # fmt: skip
    lazy = frame.lazy().with_columns(score.alias("score"))
    return lazy.with_columns(grade.alias("grade"), reason.alias("reason")).select("score", "grade", "reason")


def numexpr_score(c: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    import numexpr

    late = "ceil((response_seconds - 10.0) / 5.0)"
    total = (f"(25.0 * where({late} < 0.0, 10.0, where({late} > 10.0, 0.0, 10.0 - {late}))"
             " + 300.0 * where(resolution_rate < 0.95, resolution_rate / 0.95, 1.0) + 200.0 * first_contact_rate"
             " + where(role == 0, 10.0, where(role == 1, 18.0, 15.0)) * ((attitude - 1.0) * 2.5)"
             " + where(role == 0, 15.0, where(role == 1, 7.0, 10.0)) * ((knowledge - 1.0) * 2.5)) / 10.0")  # fmt: skip
    bonus = "where(0.02 * written_praise + 0.03 * suggestions < 0.15, 0.02 * written_praise + 0.03 * suggestions, 0.15)"
    t = numexpr.evaluate(f"({total}) * (1.0 + {bonus})", c, optimization="none")
    d = dict(c, t=t)
    s = numexpr.evaluate("where((info_leaks > 0) | (broken_promises > 0), 0.0, where(t < 100.0, t, 100.0))", d)
    d["s"] = s
    condition = "(complaints == 0) & (written_praise >= 1)"
    grade, reason = np.empty(len(s), np.int8), np.empty(len(s), np.int8)
    numexpr.evaluate(f"where((s >= 90) & {condition}, 5, where(s >= 76, 4, where(s >= 60, 3, where(s >= 45, 2, 1))))", d,
                     out=grade, casting="unsafe")  # fmt: skip
    numexpr.evaluate(f"where(info_leaks > 0, 1, where(broken_promises > 0, 2, where((s >= 90) & ~({condition}), 3, 0)))", d,
                     out=reason, casting="unsafe")  # fmt: skip
    return s, grade, reason


def python_score(r: dict[str, Any]) -> tuple[float, int, int]:
    late = -((r["response_seconds"] - 10.0) // -5.0)
    response = min(10.0, max(0.0, 10.0 - late))
    resolution = 10.0 * min(1.0, r["resolution_rate"] / 0.95)
    wa, wk = {"technical": (10.0, 15.0), "reception": (18.0, 7.0)}.get(r["role"], (15.0, 10.0))
    total = (25.0 * response + 30.0 * resolution + 200.0 * r["first_contact_rate"]
             + wa * ((r["attitude"] - 1.0) * 2.5) + wk * ((r["knowledge"] - 1.0) * 2.5)) / 10.0  # fmt: skip
    score = min(100.0, total * (1.0 + min(0.15, 0.02 * r["written_praise"] + 0.03 * r["suggestions"])))
    if r["info_leaks"] > 0 or r["broken_promises"] > 0:
        return 0.0, 1, 1 if r["info_leaks"] > 0 else 2
    condition = r["complaints"] == 0 and r["written_praise"] >= 1
    if score >= 90:
        return (score, 5, 0) if condition else (score, 4, 3)
    return score, 4 if score >= 76 else 3 if score >= 60 else 2 if score >= 45 else 1, 0


class ByHand:
    """w1_by_hand.cc, compiled for this machine."""

    class Columns(ctypes.Structure):
        _fields_ = [(f"c{i}", ctypes.c_void_p) for i in range(14)]

    def __init__(self) -> None:
        folder = Path(os.environ.get("CSAT_BENCH_DIR", tempfile.gettempdir())) / "libcsat-bench"
        folder.mkdir(parents=True, exist_ok=True)
        library, source = folder / "w1_by_hand.so", HERE / "w1_by_hand.cc"
        if not library.exists() or library.stat().st_mtime < source.stat().st_mtime:
            # Clang makes vectors of the whole loop, GCC 12 does not: the ceiling has to be the better one.
            compiler = os.environ.get("CXX") or shutil.which("clang++-16") or "g++"
            flags = ["-std=c++17", "-O3", "-march=native", "-ffp-contract=off", "-fno-trapping-math", "-fno-math-errno",
                     "-shared", "-fPIC", "-pthread"]  # fmt: skip
            subprocess.run([compiler, *flags, str(source), "-o", str(library)], check=True)
        self._library = ctypes.CDLL(str(library))

    def __call__(self, cols: dict[str, np.ndarray], threads: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        n = len(cols["role"])
        out = np.empty(n), np.empty(n, np.int8), np.empty(n, np.int8)
        pointers = [cols[name].ctypes.data for name in [*FLOATS, "role", *COUNTS]] + [o.ctypes.data for o in out]
        self._library.w1_by_hand(ctypes.byref(self.Columns(*pointers)), ctypes.c_size_t(n), threads)
        return out


def compare_with(truth: tuple[np.ndarray, np.ndarray, np.ndarray], get: Any) -> Any:
    def check(result: Any) -> str:
        score, grade, reason = get(result)
        wrong = int(np.sum((np.asarray(grade) != truth[1]) | (np.asarray(reason) != truth[2])))
        return f"max |score difference| {np.max(np.abs(np.asarray(score) - truth[0])):.1e}, {wrong} other grades or reasons"

    return check


def have(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def frame_columns(frame: Any) -> tuple[Any, Any, Any]:
    return frame["score"].to_numpy(), frame["grade"].to_numpy(), frame["reason"].to_numpy()


def batch_peers(n: int) -> list[Peer]:
    cols = columns(n)
    table = arrow_table(cols)
    policy = load_policy()
    truth = result_columns(policy.score(table, threads=2))
    same = lambda get: compare_with(truth, get)  # noqa: E731
    by_hand = ByHand()
    peers = [
        Peer("libcsat_1t", lambda: policy.score(table, threads=1), n, same(result_columns)),
        Peer("libcsat_2t", lambda: policy.score(table, threads=2), n, same(result_columns)),
        Peer("libcsat_1t_reasons", lambda: policy.score(table, threads=1, explain=True), n, same(result_columns)),
        Peer("libcsat_2t_reasons", lambda: policy.score(table, threads=2, explain=True), n, same(result_columns)),
        Peer("cpp_1t", lambda: by_hand(cols, 1), n, same(lambda r: r)),
        Peer("cpp_2t", lambda: by_hand(cols, 2), n, same(lambda r: r)),
        Peer("numpy_1t", lambda: numpy_score(cols), n, same(lambda r: r)),
    ]
    if have("polars"):
        import polars as pl

        frame = pl.from_arrow(table)
        peers.append(Peer("polars_2t", lambda: polars_score(frame).collect(), n, same(frame_columns)))
    if have("duckdb"):
        import duckdb

        connection = duckdb.connect()
        connection.execute("SET threads = 2")
        connection.register("rows", table)
        query = SQL.format(source="rows")

        def run_duckdb() -> Any:
            result = connection.sql(query)
            return result.to_arrow_table() if hasattr(result, "to_arrow_table") else result.arrow()

        peers.append(Peer("duckdb_2t", run_duckdb, n, same(lambda t: tuple(t.column(k).to_numpy() for k in ("score", "grade", "reason")))))
    if have("pandas"):
        import pandas as pd

        data = pd.DataFrame(cols)
        peers.append(Peer("pandas_1t", lambda: numpy_score(data), n, same(lambda r: r)))
    if have("numexpr"):
        import numexpr

        numexpr.set_num_threads(2)
        peers.append(Peer("numexpr_2t", lambda: numexpr_score(cols), n, same(lambda r: r)))
    return peers


def parquet_peers(n: int, folder: Path) -> list[Peer]:
    """All read the same file and write score, grade and reason with zstd of one level, each to a new file:
    putting one in the place of another costs as much again as closing it."""
    import libcsat
    import pyarrow.parquet as pq

    level = 3
    source = folder / "rows.parquet"
    pq.write_table(arrow_table(columns(n)), source, compression="zstd", row_group_size=1 << 20)
    policy = load_policy()
    names = ["score", "grade", "reason"]

    def run_libcsat() -> None:
        target = folder / "libcsat.parquet"
        libcsat.score_parquet(policy, source, target, columns=[], threads=2, writer={"compression_level": level})

    def run_tables() -> None:
        scored = policy.score(pq.read_table(source), threads=2).select(names)
        pq.write_table(scored, folder / "tables.parquet", compression="zstd", compression_level=level)

    def peer(name: str, target: Path, run: Any) -> Peer:
        def to_new_file() -> None:
            target.unlink(missing_ok=True)
            run()

        return Peer(name, to_new_file, n, lambda _: f"{target.stat().st_size / n:.2f} bytes a row")

    peers = [
        peer("libcsat_parquet", folder / "libcsat.parquet", run_libcsat),
        peer("libcsat_pyarrow_parquet", folder / "tables.parquet", run_tables),
    ]
    if have("polars"):
        import polars as pl

        codec = {"compression": "zstd", "compression_level": level}

        def run_polars() -> None:
            polars_score(pl.scan_parquet(source)).collect().write_parquet(folder / "polars.parquet", **codec)

        def run_sink() -> None:
            polars_score(pl.scan_parquet(source)).sink_parquet(folder / "sink.parquet", **codec)

        peers.append(peer("polars_parquet", folder / "polars.parquet", run_polars))
        peers.append(peer("polars_sink_parquet", folder / "sink.parquet", run_sink))
    if have("duckdb"):
        import duckdb

        connection = duckdb.connect()
        connection.execute("SET threads = 2")
        query = SQL.format(source=f"'{source}'")
        target = folder / "duckdb.parquet"
        options = f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL {level}"

        def run_duckdb() -> None:
            connection.execute(f"COPY ({query}) TO '{target}' ({options})")

        peers.append(peer("duckdb_parquet", target, run_duckdb))
    return peers


def one_record_peers(calls: int) -> list[Peer]:
    cols = columns(1000)
    names = [*FLOATS, *COUNTS]
    rows = [{**{k: cols[k][i].item() for k in names}, "role": ROLES[cols["role"][i]]} for i in range(1000)]
    policy = load_policy()
    score_one = policy.score_one

    def loop(one: Any) -> Any:
        def run() -> None:
            for i in range(calls):
                one(rows[i % 1000])

        return run

    def explained(record: dict[str, Any]) -> Any:
        return score_one(record).ledger

    return [
        Peer("libcsat_dict", loop(score_one), calls),
        Peer("libcsat_dict_ledger", loop(explained), calls),
        Peer("python_dict", loop(python_score), calls),
    ]


def show_edges(n: int, as_json: bool) -> None:
    import json

    cols, edge = edge_columns(n)
    table = arrow_table(cols)
    condition = (cols["complaints"] == 0) & (cols["written_praise"] >= 1)
    truth = np.where(edge == 90, np.where(condition, 5, 4), np.where(edge == 76, 4, np.where(edge == 60, 3, 2)))
    results = {"libcsat": result_columns(load_policy().score(table)), "cpp": ByHand()(cols, 1), "numpy": numpy_score(cols)}
    if have("polars"):
        import polars as pl

        results["polars"] = frame_columns(polars_score(pl.from_arrow(table)).collect())
    if have("duckdb"):
        import duckdb

        connection = duckdb.connect()
        connection.register("rows", table)
        frame = connection.sql(SQL.format(source="rows")).fetchnumpy()
        results["duckdb"] = frame["score"], frame["grade"], frame["reason"]
    fractions = {k: v.copy() for k, v in cols.items()}
    results["numpy_fractions"] = fraction_score(fractions)
    if not as_json:
        print(f"w1-edges, {n:,} rows whose score is exactly 45, 60, 76 or 90")
    for name, (score, grade, _) in results.items():
        wrong = int(np.sum(np.asarray(grade) != truth))
        off = int(np.sum(np.asarray(score) != edge))
        if as_json:
            print(json.dumps({"workload": "w1-edges", "peer": name, "n": n, "wrong_grades": wrong, "scores_off": off}))
        else:
            print(f"  {name:16} {wrong:6} wrong grades, {off:6} scores off the edge")


def fraction_score(c: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The other natural way to write it in floating point: weights as fractions of one."""
    response = np.clip(10.0 - np.ceil((c["response_seconds"] - 10.0) / 5.0), 0.0, 10.0)
    wa, wk = np.array([0.10, 0.18, 0.15])[c["role"]], np.array([0.15, 0.07, 0.10])[c["role"]]
    total = 10 * (0.25 * response + 0.30 * (10.0 * np.minimum(1.0, c["resolution_rate"] / 0.95)) + 0.20 * (10.0 * c["first_contact_rate"])
                  + wa * ((c["attitude"] - 1.0) / 4.0 * 10.0) + wk * ((c["knowledge"] - 1.0) / 4.0 * 10.0))  # fmt: skip
    score = np.minimum(100.0, total * (1.0 + np.minimum(0.15, 0.02 * c["written_praise"] + 0.03 * c["suggestions"])))
    condition = (c["complaints"] == 0) & (c["written_praise"] >= 1)
    grade = np.select([(score >= 90) & condition, score >= 76, score >= 60, score >= 45], [5, 4, 3, 2], 1)
    return score, grade, np.where((score >= 90) & ~condition, 3, 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workload", choices=["w1", "w1-parquet", "w1-one", "w1-edges"])
    parser.add_argument("--n", type=int, help="rows (w1 1,000,000; w1-parquet 5,000,000; w1-one 20,000 calls; w1-edges 20,000)")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--peers", help="only those whose name begins with one of these, separated by commas")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    args = parser.parse_args()
    if args.workload == "w1-edges":
        show_edges(args.n or 20_000, args.json)
        return
    with tempfile.TemporaryDirectory() as folder:
        if args.workload == "w1":
            peers, baseline = batch_peers(args.n or 1_000_000), "cpp_1t"
        elif args.workload == "w1-parquet":
            peers, baseline = parquet_peers(args.n or 5_000_000, Path(folder)), "libcsat_parquet"
        else:
            peers, baseline = one_record_peers(args.n or 20_000), "python_dict"
        if args.peers:
            peers = [p for p in peers if any(p.name.startswith(want) for want in args.peers.split(","))]
        measure(peers, args.rounds, quiet=args.json or not sys.stderr.isatty())
        report(args.workload, peers, baseline, args.json)


if __name__ == "__main__":
    main()
