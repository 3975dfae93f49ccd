"""Options of every command: looked at before the data, and refused where they would have no effect."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from cleaning_rules import ITEMS, SCALE
from conftest import SERVICE
from pyarrow import parquet
from test_measure import POLICY

Run = Callable[..., "subprocess.CompletedProcess[str]"]

# No command reads bad.csv to its end: a quote is left open.
BAD = 'response_id,q1,q2,rating,name\nr1,1,2,3,a\nr2,"1,2,3,b\n'
SCORED = ("score", SERVICE, "bad.csv", "--each-row-alone")
SIMULATED = ("simulate", SERVICE, SERVICE, "bad.csv", "--each-row-alone")
MEASURED = ("measure", "measures.json", "bad.csv")
JUDGED = ("reliability", "bad.csv", "--items", "q1,q2", "--scale", "1", "5")
DRAWN = ("sample", "bad.csv", "--id", "name", "--seed", "s", "-n", "1")
CLEANED = ("clean", "cleaning.json", "bad.csv")
IMPORTED = ("import", "bad.csv")
CHECKED = ("questionnaire", "retail-after-sales", "core_after_sales", "--check", "bad.csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bad.csv").write_text(BAD, encoding="utf-8")
    parquet.write_table(pa.table({"response_id": ["r1"], "rating": [3]}), tmp_path / "rows.parquet")
    (tmp_path / "measures.json").write_text(json.dumps(POLICY), encoding="utf-8")
    document = {
        "id": "shop",
        "version": "1",
        "effective_from": "2025-01-01",
        "zone": "UTC",
        "scales": [SCALE],
        "metrics": [{"id": item, "scale": "five", "number": {}} for item in ITEMS],
        "cleaning": {"rules": [{"id": "run", "action": "FLAG", "all_extreme": {"items": ITEMS}}]},
    }
    (tmp_path / "cleaning.json").write_text(json.dumps(document), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "arguments", [SCORED, SIMULATED, MEASURED, JUDGED, DRAWN, CLEANED], ids=lambda a: a[0]
)
def test_the_data_are_bad(csat: Run, folder: Path, arguments: tuple[str, ...]) -> None:
    done = csat(*arguments)
    assert done.returncode == 2
    assert "bad.csv: " in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        # What is wrong is said before the data are read.
        ((*SCORED, "--bad-rows", "nope"), "bad_rows 'nope' is neither 'fail' nor 'refuse'"),
        ((*SIMULATED, "--bad-rows", "nope"), "bad_rows 'nope' is neither 'fail' nor 'refuse'"),
        ((*MEASURED, "--bad-rows", "nope"), "bad_rows 'nope' is neither 'fail' nor 'refuse'"),
        ((*JUDGED, "--bad-rows", "nope"), "bad_rows 'nope' is neither 'fail' nor 'refuse'"),
        ((*MEASURED, "--level", "1"), "level 1 lies outside (0, 1)"),
        ((*JUDGED, "--level", "0"), "level 0 lies outside (0, 1)"),
        ((*JUDGED, "--level", "nan"), "level nan lies outside (0, 1)"),
        ((*SCORED, "-o", "out.xyz"), "out.xyz: extension '.xyz' is none of"),
        ((*SIMULATED, "--changes", "out.xyz"), "out.xyz: extension '.xyz' is none of"),
        ((*MEASURED, "-o", "out.xyz"), "out.xyz: extension '.xyz' is none of"),
        ((*JUDGED, "-o", "out.xyz"), "out.xyz: extension '.xyz' is none of"),
        ((*DRAWN, "-o", "out.xyz"), "out.xyz: extension '.xyz' is none of"),
        ((*CLEANED, "--ledger", "out.xyz"), "out.xyz: extension '.xyz' is none of"),
        ((*CHECKED, "--problems", "out.xyz"), "out.xyz: extension '.xyz' is none of"),
        ((*IMPORTED, "--rejected", "out.xyz", "--dry-run"), "out.xyz: extension '.xyz' is none of"),
        ((*SCORED, "-o", "-", "--output-format", "xyz"), "format 'xyz' is none of csv, parquet"),
        ((*CLEANED, "-o", "k.csv", "--output-format", "xyz"), "format 'xyz' is none of csv, parquet"),
        ((*JUDGED, "--by", "value", "-o", "out.csv"), "key 'value' has the name of a column of the figures"),
        ((*DRAWN, "--method", "random"), "method 'random' is none of proportional, equal, neyman"),
        ((*DRAWN[:-2], "--quota", "a"), "--quota 'a' is not STRATUM=VALUE"),
        ((*DRAWN[:-2], "--quota", "a=x"), "--quota 'a=x' is no number of members"),
        # What has no effect is refused.
        ((*SCORED, "--output-format", "csv"), "--output-format goes with --output"),
        ((*SCORED, "--explain"), "--explain goes with --output"),
        ((*SCORED, "--reasons", "2"), "--reasons goes with --output"),
        ((*SCORED, "--exact"), "--exact goes with --output"),
        ((*SCORED, "--prefix", "p_"), "--prefix goes with --output"),
        ((*CLEANED, "--output-format", "csv"), "--output-format goes with a file to write, such as --output"),
        ((*CLEANED, "--seed", "s"), "--seed: policy 'shop' draws no review"),
        ((*CLEANED, "--review", "r.csv"), "--review: policy 'shop' draws no review"),
        (("check", "--schema", SERVICE), "POLICY does not go with --schema"),
        (("check", "--schema", "--json"), "--json does not go with --schema"),
        (("check", "--schema", "--no-cases"), "--cases does not go with --schema"),
        (("check", "--schema", "--language", "zh"), "--language does not go with --schema"),
        ((*IMPORTED, "--dry-run", "--output-format", "csv"), "--output-format goes with --output"),
        (
            (*IMPORTED, "--into", "all.parquet", "--output-format", "csv"),
            "--output-format goes with --output",
        ),
        ((*IMPORTED, "--dry-run", "--guard-formulas"), "--guard-formulas goes with --rejected"),
        ((*IMPORTED, "--dry-run", "--sheet", "One"), "sheet 'One' is of an Excel workbook"),
        (
            ("import", "rows.parquet", "--dry-run", "--separator", ";"),
            "separator ';' is of files of delimited text",
        ),
        (
            ("import", "rows.parquet", "--dry-run", "--encoding", "utf-8"),
            "encoding 'utf-8' is of files of delim",
        ),
        (("questionnaire", "--from", "form.xlsx", "--language", "zh"), "--language and --from"),
        (
            ("score", SERVICE, "rows.parquet", "--each-row-alone", "--delimiter", ";"),
            "--delimiter goes with CSV: rows.parquet is parquet",
        ),
        (
            ("clean", "cleaning.json", "rows.parquet", "--missing", "NA"),
            "--missing goes with CSV: rows.parquet is parquet",
        ),
    ],
    ids=lambda value: " ".join(map(str, value[-2:])) if isinstance(value, tuple) else None,
)
def test_refused_before_anything_is_read(
    csat: Run, folder: Path, arguments: tuple[str, ...], words: str
) -> None:
    before = sorted(folder.iterdir())
    done = csat(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"csat: {words}"), done.stderr
    assert done.stderr.count("\n") == 1
    assert sorted(folder.iterdir()) == before
