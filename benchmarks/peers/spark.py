"""libcsat over Spark beside the engine's own identity pass over the same columns: what the rows cost on their way into
the workers and back, with nothing done to them. Run by script/bench.

    identity_w1, _w2       mapInArrow() of a function that gives back what it is given
    score                  spark.score() of the rows of workload W1: all columns and four more come back
    score_explained        with the first three reasons
    accumulate             spark.accumulate() of the rows of workload W2: states come back
    measure                spark.measure() of the same: all figures with their intervals
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import w1_data
import w2
from measure import Peer, measure, report
from w1_card import load_policy

from libcsat import spark

FILES = 8
ITEMS = {**{q: (1, 5) for q in w2.ITEMS}, "recommend": (0, 10)}


def session_in(work: Path, master: str) -> Any:
    from pyspark.sql import SparkSession

    os.environ.update(PYSPARK_PYTHON=sys.executable, PYSPARK_DRIVER_PYTHON=sys.executable)
    os.environ.update(SPARK_WORKER_DIR=str(work / "work"), SPARK_LOCAL_IP="127.0.0.1")
    (work / "work").mkdir()
    return (
        SparkSession.builder.master(master)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.local.dir", str(work / "local"))
        .config("spark.sql.warehouse.dir", str(work / "warehouse"))
        .config("spark.sql.files.openCostInBytes", "0")
        .getOrCreate()
    )


def frame_of(session: Any, table: pa.Table, folder: Path) -> Any:
    """The rows in files, as Spark reads them; words as strings."""
    folder.mkdir()
    for at, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(at, field.name, table.column(at).cast(pa.string()))
    step = -(-table.num_rows // FILES)
    for file in range(FILES):
        pq.write_table(table.slice(file * step, step), folder / f"{file}.parquet")
    return session.read.parquet(str(folder))


def run_through(frame: Any) -> None:
    """Computes all rows and keeps none."""
    frame.write.format("noop").mode("overwrite").save()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workload", choices=["spark"])
    parser.add_argument("--n", type=int, default=5_000_000, help="rows")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", help="only those whose name begins with one of these, separated by commas")
    parser.add_argument("--master", default="local-cluster[2,1,2048]")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="csat-spark-") as folder:
        work = Path(folder)
        session = session_in(work, args.master)
        session.sparkContext.setLogLevel("ERROR")
        try:
            compare(session, work, args)
        finally:
            session.stop()


def compare(session: Any, work: Path, args: argparse.Namespace) -> None:
    n = args.n
    appraisals = frame_of(session, w1_data.arrow_table(w1_data.columns(n)), work / "w1")
    responses = frame_of(session, w2.table_of(n), work / "w2")
    card, figures = load_policy(), w2.policy()

    def identity(frame: Any) -> Any:
        return lambda: run_through(frame.mapInArrow(lambda batches: batches, frame.schema))

    w1_peers = [
        Peer("identity_w1", identity(appraisals), n),
        Peer("score", lambda: run_through(spark.score(appraisals, card)), n),
        Peer("score_explained", lambda: run_through(spark.score(appraisals, card, explain=3)), n),
    ]
    w2_peers = [
        Peer("identity_w2", identity(responses), n),
        Peer("accumulate", lambda: spark.accumulate(responses, by=w2.KEYS, items=ITEMS), n, lambda a: f"{len(a)} groups"),
        Peer("measure", lambda: spark.measure(responses, figures, w2.KEYS), n, lambda m: f"{len(m)} figures"),
    ]
    wanted = tuple((args.peers or "").split(","))
    for peers, baseline in ((w1_peers, "identity_w1"), (w2_peers, "identity_w2")):
        peers = [peer for peer in peers if peer.name.startswith(wanted)]
        if not peers:
            continue
        measure(peers, args.rounds, quiet=args.json or not sys.stderr.isatty())
        report(args.workload, peers, baseline, args.json)


if __name__ == "__main__":
    main()
