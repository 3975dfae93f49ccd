"""A small policy of every kind of field, the ready-made ones, and the command as a user runs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import libcsat as cs
import pytest

SERVICE = Path(__file__).parent / "service.json"
# Files shared between projects; the tests that read them are skipped where they are absent.
SHARED = Path(__file__).parents[4] / "shared"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Over several processes (pytest -n 2) the tests of Spark stay in one, which has the one cluster; the
    others go one by one to whichever is free."""
    from xdist.scheduler import LoadScopeScheduling

    class OneCluster(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return "spark" if "/test_spark" in nodeid else nodeid

    return OneCluster(config, log)


@pytest.fixture(scope="session")
def service() -> cs.Policy:
    return cs.Policy.load(SERVICE)


@pytest.fixture(scope="session")
def retail() -> cs.Policy:
    return cs.Policy.load("retail-after-sales")


@pytest.fixture
def record() -> dict[str, object]:
    """78 points with the policy `service`."""
    return {
        "wait_minutes": 20,
        "solved": 3,
        "tickets": 4,
        "rating": 4,
        "reply_seconds": [10, 95],
        "leaks": 0,
    }


@pytest.fixture
def csat(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command in an empty folder: csat("check", "x.json")."""

    def run(*args: object, stdin: str | bytes | None = None) -> subprocess.CompletedProcess[str]:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [sys.executable, "-m", "libcsat.command.main", *map(str, args)],
            input=data,
            capture_output=True,
            cwd=tmp_path,
            timeout=120,
            check=False,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "100", "CSAT_DATA": ""},
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return run


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Spark with workers that are processes of their own. One for all tests: it takes seconds to start."""
    pytest.importorskip("pyspark", reason="pyspark is not installed (script/bootstrap spark)")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("there is no Java, which Spark runs on (script/bootstrap spark)")
    from pyspark.sql import SparkSession

    work = tmp_path_factory.mktemp("spark")
    # What lives for seconds is not worth much compiling: a third of the time.
    java = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    os.environ.update(
        PYSPARK_PYTHON=sys.executable,
        PYSPARK_DRIVER_PYTHON=sys.executable,
        SPARK_WORKER_DIR=str(work / "work"),
        SPARK_LOCAL_IP="127.0.0.1",
    )
    made = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.extraJavaOptions", java)
        .config("spark.executor.extraJavaOptions", java)
        .config("spark.sql.warehouse.dir", str(work / "warehouse"))
        .config("spark.local.dir", str(work / "local"))
        .config("spark.sql.shuffle.partitions", "3")
        .config("spark.task.maxFailures", "2")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "500")
        .getOrCreate()
    )
    yield made
    made.stop()
