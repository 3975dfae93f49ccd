"""The command in Chinese: what it prints has no English words but ids, codes and names."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SERVICE

Run = Callable[..., subprocess.CompletedProcess[str]]

HEADER = "who,month,wait_minutes,solved,tickets,rating,reply_seconds,team,leaks"
ROWS = [
    "ann,1,20,3,4,4,10;95,desk,0",
    "bob,1,10,4,4,5,,field,0",
    "ann,1,15.5,2,4,4,30,,1",
    "cid,1,,2,4,3,30,desk,0",
]
# Ids, codes and file names of the test's own.
_NAMES = {
    "service",
    "broken",
    "json",
    "desk",
    "id",
    "wrong",
    "type",
    "leak",
    "veto",
    "missing",
    "speed",
    "v2",
}
_CODES = {"duplicate", "version", "versions", "effective", "from", "date", "order", "band", "gap", "a", "b"}
_CODES |= {"scorecards", "grading", "bands"}


def english(text: str) -> set[str]:
    """Words of English prose in a text."""
    return {word.lower() for word in re.findall(r"[A-Za-z][a-z]*\d?", text)} - _NAMES - _CODES


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "p.csv").write_text("\n".join([HEADER, *ROWS]) + "\n")
    (tmp_path / "service.json").write_text(SERVICE.read_text(encoding="utf-8"), encoding="utf-8")
    document = json.loads(SERVICE.read_text(encoding="utf-8"))
    (tmp_path / "v2.json").write_text(json.dumps(document | {"effective_from": "2020-01-01"}))
    bands = document["scorecards"][0]["grading"]["bands"]
    bands[0]["from"] += 1
    bands[1]["below"] = bands[0]["from"] - 1
    (tmp_path / "broken.json").write_text(json.dumps(document))
    return tmp_path


def test_check_in_chinese(csat: Run, files: Path) -> None:
    done = csat("check", "service.json", "v2.json", "broken.json", "--language", "zh-CN")
    assert done.returncode == 1
    assert english(done.stdout) == set(), done.stdout
    for words in (
        "service.json: service 1，自 2025-01-01 起：0 个错误，0 个警告，1 个案例通过 1 个",
        "v2.json: 错误[duplicate-version]: 版本“1”出现两次，另见 service.json；",
        "v2.json: 错误[effective-date-order]: ",
        "service 的 2 个版本：2 个错误，0 个警告",
        "错误[band-gap]: ",
        "broken.json: 不可用：1 个错误，0 个警告",
    ):
        assert words in done.stdout


@pytest.mark.parametrize("row", range(1, 5))
def test_explain_in_chinese(row: int, csat: Run, files: Path) -> None:
    keys = ["--subject", "who", "--period", "month"]
    done = csat("explain", "service.json", "p.csv", *keys, "--row", row, "--language", "zh")
    assert done.returncode == 0, done.stderr
    prose = done.stdout
    document = json.loads(SERVICE.read_text(encoding="utf-8"))
    for label in re.findall(r'"en": "([^"]*)"', json.dumps(document)):
        prose = prose.replace(label, "")
    for indicator in document["scorecards"][0]["indicators"]:
        prose = prose.replace(indicator["id"], "")
    assert english(prose) <= {"a", "c", "field"}, done.stdout


def test_demo_in_chinese(csat: Run, tmp_path: Path) -> None:
    done = csat("demo", "--language", "zh", "--stores", 3)
    assert done.returncode == 0
    for words in ("生成的数据", "2025-12 最佳", "各月等级", "若未触发否决", "的得分明细"):
        assert words in done.stdout
    assert re.search(r"预置的 \d+ 行中有 \d+ 行结果相符\ncsat: 已写入 ", done.stderr)


def test_versions_of_one_policy(csat: Run, files: Path) -> None:
    """Those of one id are compared in the order of the command line; others are not."""
    done = csat("check", "service.json", "retail-after-sales", "v2.json")
    assert done.returncode == 1
    *_, twice, order, summary = done.stdout.splitlines()
    assert twice == (
        "v2.json: error[duplicate-version]: version '1' stands twice, also at service.json; "
        "give each version its own text"
    )
    assert order.startswith("v2.json: error[effective-date-order]: version '1' takes effect on 2020-01-01, ")
    assert summary == "2 versions of service: 2 errors, 0 warnings"
    document = json.loads((files / "v2.json").read_text())
    (files / "v2.json").write_text(json.dumps(document | {"version": "2", "effective_from": "2026-01-01"}))
    done = csat("check", "service.json", "v2.json")
    assert done.returncode == 0 and "2 versions of service: 0 errors, 0 warnings" in done.stdout
    reverse = csat("check", "v2.json", "service.json", "--json")
    last = json.loads(reverse.stdout.splitlines()[-1])
    assert reverse.returncode == 1 and last["versions"] == ["v2.json", "service.json"]
    assert [finding["code"] for finding in last["findings"]] == ["effective-date-order"]
