"""Workload W3 by libcsat and by what a user would otherwise take: n responses to 25 items of 1 to 6; the correlation
matrix, Cronbach's alpha and alpha if dropped, KMO overall and of each item, Bartlett's test. Run by script/bench.

    libcsat_1t, _2t    accumulate() and reliability(): from one pass; omega, item-rest and eigenvalues come with it
    numpy_covariance   the covariance matrix alone
    psych              alpha(), KMO(), cortest.bartlett() and cor() of R on the first 100,000 rows; skipped where R
                       has no psych (Debian: r-cran-psych)
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from measure import Peer, measure, report

import libcsat as cs

PSYCH_ROWS = 100_000
ITEMS = [f"q{i:02d}" for i in range(1, 26)]


def table_of(n: int) -> pa.Table:
    """Five factors of five items each, as int8."""
    random = np.random.Generator(np.random.PCG64(3))
    columns = {}
    for factor in range(5):
        common = random.standard_normal(n, dtype=np.float32)
        for item in range(5):
            own = random.standard_normal(n, dtype=np.float32)
            value = np.clip(np.rint(3.5 + 0.9 * common + 0.9 * own), 1, 6)
            columns[ITEMS[factor * 5 + item]] = pa.array(value.astype(np.int8))
    return pa.table(columns)


def psych(matrix: Any, folder: str) -> subprocess.Popen[str] | None:
    """R with psych that has read the answers, see w3.R; None where there is none."""
    answers = Path(folder, "answers.int8")
    answers.write_bytes(matrix.astype(np.int8).tobytes(order="F"))
    command = ["Rscript", str(Path(__file__).with_name("w3.R")), str(answers), *map(str, matrix.shape)]
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
    except FileNotFoundError:
        return None
    assert process.stdout
    return process if process.stdout.readline() == "ready\n" else None


def ask(process: subprocess.Popen[str]) -> list[float]:
    assert process.stdin and process.stdout
    print(file=process.stdin, flush=True)
    return [float(word) for word in process.stdout.readline().split()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workload", choices=["w3"])
    parser.add_argument("--n", type=int, default=1_000_000, help="rows")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", help="only those whose name begins with one of these, separated by commas")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    args = parser.parse_args()
    n, table = args.n, table_of(args.n)
    matrix = np.column_stack([table[item].to_numpy() for item in ITEMS])
    truth = cs.reliability(table, items=ITEMS, scale=(1, 6))

    def same(get: Any) -> Any:
        return lambda result: f"alpha differs by {abs(get(result) - float(truth.alpha)):.1e}"

    peers = [
        Peer(f"libcsat_{t}t", lambda t=t: cs.reliability(table, items=ITEMS, scale=(1, 6), threads=t), n,
             same(lambda r: float(r.alpha)))
        for t in (1, 2)
    ]  # fmt: skip

    def covariance() -> Any:
        return np.cov(matrix.astype(np.float64), rowvar=False)

    def alpha_of(c: Any) -> float:
        return len(c) / (len(c) - 1) * (1 - np.trace(c) / c.sum())

    peers.append(Peer("numpy_covariance", covariance, n, same(alpha_of)))
    if importlib.util.find_spec("pingouin") and importlib.util.find_spec("factor_analyzer"):
        import pandas as pd
        import pingouin
        from factor_analyzer.factor_analyzer import calculate_bartlett_sphericity, calculate_kmo

        frame = pd.DataFrame(matrix, columns=ITEMS)

        def by_packages() -> Any:
            alpha = pingouin.cronbach_alpha(frame)[0]
            dropped = [pingouin.cronbach_alpha(frame.drop(columns=item))[0] for item in ITEMS]
            return alpha, dropped, calculate_kmo(frame), calculate_bartlett_sphericity(frame), frame.corr()

        peers.append(Peer("pingouin_factor_analyzer", by_packages, n, same(lambda r: r[0])))
    wanted = args.peers.split(",") if args.peers else [""]
    peers = [p for p in peers if any(p.name.startswith(want) for want in wanted)]
    with contextlib.ExitStack() as ending:
        if any("psych".startswith(want) for want in wanted):
            some = min(n, PSYCH_ROWS)
            part = cs.reliability(table.slice(0, some), items=ITEMS, scale=(1, 6))
            r = psych(matrix[:some], ending.enter_context(tempfile.TemporaryDirectory()))
            if r is None:
                print("w3: psych is skipped: no Rscript, or R has no package psych", file=sys.stderr)
            else:
                ending.enter_context(r)
                peers.append(
                    Peer("psych", lambda: ask(r), some,
                         lambda f: f"of {some:,} rows; alpha differs by {abs(f[0] - float(part.alpha)):.1e}")
                )  # fmt: skip
        measure(peers, args.rounds, quiet=args.json or not sys.stderr.isatty())
    report("w3", peers, "libcsat_1t", args.json)


if __name__ == "__main__":
    main()
