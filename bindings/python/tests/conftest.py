"""A small policy of every kind of field, the ready-made ones, and the command as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import libcsat as cs
import pytest

SERVICE = Path(__file__).parent / "service.json"
# Files shared between projects; the tests that read them are skipped where they are absent.
SHARED = Path(__file__).parents[4] / "shared"


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
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "100"},
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return run
