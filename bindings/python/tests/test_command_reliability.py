"""`csat reliability`: figures beside R psych, groups, reasons in place of figures, words in Chinese."""

from __future__ import annotations

import csv
import io
import json
import math
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import libcsat as cs
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv
import pytest
from conftest import SHARED
from pyarrow import parquet

Run = Callable[..., "subprocess.CompletedProcess[str]"]
BFI = SHARED / "data/likert/bfi.csv"
REFERENCE = SHARED / "data/reference/likert"

# noise is worded the other way; copy repeats wait; flat does not vary; sum is wait + staff.
ANSWERS = """shop,wait,staff,noise,copy,flat,sum
north,5,4,1,5,3,9
north,4,5,2,4,3,9
north,3,3,4,3,3,6
north,1,2,5,1,3,3
south,2,1,4,2,3,3
south,5,5,1,5,3,10
south,4,3,1,4,3,7
south,,3,2,4,3,
"""


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    path.write_text(ANSWERS, encoding="utf-8")
    return path


def numbers(value: Any) -> list[float]:
    """All numbers of a document."""
    if isinstance(value, dict):
        return [number for each in value.values() for number in numbers(each)]
    if isinstance(value, list):
        return [number for each in value for number in numbers(each)]
    return [value] if isinstance(value, float) else []


@pytest.mark.skipif(not BFI.exists(), reason="the shared data are absent")
@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_agrees_with_psych(csat: Run, missing: str) -> None:  # P2-71
    wanted = json.loads((REFERENCE / "bfi_C.json").read_text(encoding="utf-8"))[missing]
    flags = ["--pairwise"] if missing == "pairwise" else []
    scale = ["--items", "C1,C2,C3", "--items", "C4, C5", "--scale", 1, 6, "--reversed", "C4,C5"]
    done = csat("reliability", BFI, *scale, *flags, "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    (group,) = document["groups"]
    near = lambda value: pytest.approx(value, rel=1e-10)  # noqa: E731
    assert group["alpha"] == near(wanted["alpha_raw"])
    assert group["standardised_alpha"] == near(wanted["alpha_std"])
    assert [group["alpha_interval"][end] for end in ("low", "high")] == near(wanted["alpha_feldt_ci95"])
    assert group["kmo"] == near(wanted["kmo"])
    assert group["bartlett"]["chi_square"] == near(wanted["bartlett_chi2"])
    for item in group["by_item"]:
        assert item["item_rest"] == near(wanted["item_rest_r"][item["id"]])
        assert item["alpha_if_dropped"] == near(wanted["alpha_if_deleted_raw"][item["id"]])
    assert (document["items"], group["reversed"]) == (["C1", "C2", "C3", "C4", "C5"], ["C4", "C5"])


def test_groups_are_the_whole_of_their_rows(csat: Run, answers: Path) -> None:
    items = ("--items", "wait,staff,noise", "--scale", 1, 5, "--reversed", "noise")
    done = csat("reliability", answers, *items, "--by", "shop", "--json")
    assert done.returncode == 1, done.stderr  # Three complete rows of the south are no more than its items.
    groups = json.loads(done.stdout)["groups"]
    assert [group["keys"] for group in groups] == [{"shop": "north"}, {"shop": "south"}]
    table = pa.csv.read_csv(answers)
    for group, shop in zip(groups, ("north", "south"), strict=True):
        rows = table.filter(pa.compute.equal(table["shop"], shop))
        alone = cs.reliability(rows, ["wait", "staff", "noise"], (1, 5), reversed=["noise"])
        assert (group["alpha"], group["complete"]) == (alone.alpha, alone.complete)
    text = csat("reliability", answers, *items, "--by", "shop").stdout
    assert "3 items · 8 rows in 2 groups · listwise" in text
    assert [line.split()[0] for line in text.splitlines()[2:4]] == ["north", "south"]


@pytest.mark.parametrize(
    ("items", "status", "words"),
    [
        pytest.param("wait,copy,staff", 1, "items say the same or the opposite: wait, copy", id="duplicated"),
        pytest.param("wait,flat,staff", 1, "nothing varies: flat", id="constant"),
        pytest.param("wait,staff,sum", 1, "an item is a linear combination of others", id="singular"),
        pytest.param("wait", 2, "csat: 1 items lie outside [2, 64]", id="too few items"),
        pytest.param("wait,wait", 2, "item 'wait' is there twice", id="an item twice"),
        pytest.param("wait,nois", 2, "it has no column 'nois' (is it 'noise'?)", id="no such item"),
        pytest.param("wait,shop", 2, "column 'shop'", id="an item of words"),
    ],
)
def test_reasons_and_refusals(csat: Run, answers: Path, items: str, status: int, words: str) -> None:
    done = csat("reliability", answers, "--items", items, "--scale", 1, 10)
    assert done.returncode == status
    assert words in (done.stdout if status == 1 else done.stderr)
    for word in ("nan", "inf"):
        assert word not in done.stdout.lower()
    if status == 1:
        document = csat("reliability", answers, "--items", items, "--scale", 1, 10, "--json").stdout
        assert all(math.isfinite(number) for number in numbers(json.loads(document)))


def test_one_row_has_no_figure(csat: Run, tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    done = csat("reliability", "one.csv", "--items", "a,b", "--scale", 1, 5)
    assert done.returncode == 1
    assert "alpha" in done.stdout and "fewer rows or items than the definition takes" in done.stdout
    (tmp_path / "none.csv").write_text("a,b\n", encoding="utf-8")
    done = csat("reliability", "none.csv", "--items", "a,b", "--scale", 1, 5)
    assert (done.returncode, done.stderr) == (
        2,
        "csat: none.csv: no row to judge the items by, 0 were refused\n",
    )


def test_a_value_off_the_scale(csat: Run, answers: Path) -> None:
    scale = ("--items", "wait,staff", "--scale", 1, 4)
    done = csat("reliability", answers, *scale)
    assert done.returncode == 2
    assert "row 1: column 'wait'" in done.stderr and "5" in done.stderr
    done = csat("reliability", answers, *scale, "--bad-rows", "refuse")
    assert done.returncode == 1
    assert "3 of 8 rows were refused for a bad value" in done.stderr


def test_tables_out(csat: Run, answers: Path, tmp_path: Path) -> None:
    items = ("--items", "wait,staff,copy", "--scale", 1, 5)
    done = csat("reliability", answers, *items, "--by", "shop", "-o", "-", "--output-format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 2 * (6 + 4 + 3 * 7)
    kmo = next(row for row in rows if (row["item"], row["figure"]) == ("", "kmo"))
    assert (kmo["shop"], kmo["value"], kmo["reason"]) == ("north", "", "duplicate: wait, copy")
    for row in rows:
        assert (row["value"] == "") == (row["reason"] != ""), row
    csat("reliability", answers, *items, "-o", "figures.parquet")
    table = parquet.read_table(tmp_path / "figures.parquet")
    assert table.column_names == ["item", "figure", "n", "value", "low", "high", "reason"]
    (alpha,) = (row for row in table.to_pylist() if (row["item"], row["figure"]) == (None, "alpha"))
    assert alpha["low"] < alpha["value"] < alpha["high"]


def test_chinese(csat: Run, answers: Path) -> None:
    items = ("--items", "wait,staff,flat", "--scale", 1, 5, "--language", "zh-CN")
    done = csat("reliability", answers, *items)
    assert "3 题 · 8 行，其中完整 7 行 · 成列删除" in done.stdout
    assert "没有变化：flat" in done.stdout
    grouped = csat("reliability", answers, *items, "--by", "shop", "--pairwise").stdout
    assert "3 题 · 8 行，2 组 · 成对删除" in grouped and "没有变化：flat" in grouped
    assert csat("reliability", answers, *items[:-1], "fr").returncode == 2


def test_blanks_have_a_value_too(csat: Run, tmp_path: Path) -> None:
    (tmp_path / "zeros.csv").write_text("a,b\n1,2\n2,3\n4,4\n0,5\n5,NA\n3,1\n", encoding="utf-8")
    scale = ("--items", "a,b", "--scale", 1, 5, "--missing-value", 0, "--missing", "NA", "--json")
    document = json.loads(csat("reliability", "zeros.csv", *scale).stdout)
    (group,) = document["groups"]
    assert (group["rows"], group["complete"]) == (6, 4)


def test_values_with_decimals(csat: Run, tmp_path: Path) -> None:
    path = tmp_path / "halves.csv"
    path.write_text("a,b\n1.5,1\n2.5,2\n3,3\n4.5,4\n", encoding="utf-8")
    done = csat("reliability", path, "--items", "a,b", "--scale", 1, 5, "--json")
    group = json.loads(done.stdout)["groups"][0]
    assert (group["by_item"][0]["id"], group["by_item"][0]["mean"]) == ("a", 2.875)
    path.write_text("a,b\n1.5,1\n2.5,2\n3,3\n4.3333333,4\n", encoding="utf-8")
    done = csat("reliability", path, "--items", "a,b", "--scale", 1, 5)
    words = (
        "row 4: column 'a': 4.3333333 lies between two steps of 0.001, the finest that the scale has room for"
    )
    assert (done.returncode, done.stderr) == (2, f"csat: {path}: {words}: round the values first\n")
    done = csat("reliability", path, "--items", "a,b", "--scale", 1, 5, "--decimal-places", 1)
    assert "row 4: column 'a': 4.3333333 lies between two steps of 0.1\n" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--items", "q1,q2", "--by", "q1"], "column 'q1' cannot be an item and make groups"),
        (["--items", "q1,q2", "--bad-rows", "nope"], "bad_rows 'nope' is neither"),
        (["--items", "q1,Q2"], "it has no column 'Q2' (is it 'q2'?)"),
    ],
)
def test_arguments_are_refused_once(arguments: list[str], words: str, csat: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("q1,q2\n1,2\n2,x\n", encoding="utf-8")
    done = csat("reliability", "bad.csv", "--scale", "1", "5", *arguments)
    assert done.returncode == 2 and done.stderr.count(words) == 1
