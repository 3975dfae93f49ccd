"""`csat measure`."""

import csv
import io
import json
import subprocess
import sys

import pytest
from test_measure import POLICY

ROWS = """rating,recommend,channel,at,shop
5,10,phone,2025-03-01T10:00:00Z,a
good,9,web,2025-03-31T17:00:00Z,b
,3,phone,2025-03-31T15:00:00Z,a
4,8,web,2025-04-02T10:00:00Z,a
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "policy.json").write_text(json.dumps(POLICY), encoding="utf-8")
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


def csat(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "libcsat.command.main", "measure", "policy.json", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_figures_by_group_and_month(files):
    done = csat(files, "rows.csv", "-m", "nps", "--by", "shop", "--time", "at", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["records"] == 4
    # 17:00 in UTC is the next day, and month, in Shanghai.
    assert [(row["shop"], row["period"], row["shown"]) for row in document["figures"]] == [
        ("a", "2025-03", "0.00"),
        ("a", "2025-04", "0.00"),
        ("b", "2025-04", "100.00"),
    ]


def test_tables_out(files):
    done = csat(files, "rows.csv", "-m", "top2", "--wide", "-o", "-")
    assert list(csv.reader(io.StringIO(done.stdout))) == [["top2", "top2.n"], ["1.000000", "3"]]
    done = csat(files, "rows.csv", "--by", "shop", "-o", "figures.parquet")
    assert done.returncode == 0, done.stderr
    assert "p 1 · 4 records" in done.stdout
    assert (files / "figures.parquet").exists()


@pytest.mark.parametrize(
    ("text", "arguments", "status", "words"),
    [
        (ROWS.replace("good", "6"), [], 2, "rows.csv: row 2: column 'rating': 6 lies outside [1, 5]"),
        (
            ROWS.replace("good", "6"),
            ["--bad-rows", "refuse"],
            1,
            "rows.csv: 1 of 4 rows were refused for a bad value",
        ),
        (ROWS.replace("good", "so so"), [], 2, "'so so'"),
        (ROWS.replace("rating", "ratings"), [], 2, "column 'rating' is missing"),
        (ROWS.replace("2025-03-01T10", "yesterday"), ["--time", "at"], 2, "row 1: column 'at': 'yesterday"),
        (ROWS, ["--time", "submitted_at", "--bucket", "decade"], 2, "bucket 'decade' is none of"),
        (ROWS, ["-m", "csat"], 2, "has no measure 'csat'"),
        (ROWS, ["--json", "-o", "-"], 2, "both go to standard output"),
    ],
    ids=["bad", "refused", "no-label", "no-column", "no-time", "no-bucket", "no-measure", "twice"],
)
def test_what_is_refused(files, text, arguments, status, words):
    (files / "rows.csv").write_text(text, encoding="utf-8")
    done = csat(files, "rows.csv", *arguments)
    assert done.returncode == status, done.stderr
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 2
