"""`csat clean`."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cleaning_rules import CONTRADICTION, ITEMS, SCALE

Run = Callable[..., subprocess.CompletedProcess[str]]

RULES = [
    {"id": "contradiction", "action": "EXCLUDE", "contradiction": CONTRADICTION},
    {"id": "time", "action": "EXCLUDE", "speed": {"below_ms": 30000}},
    {"id": "presence", "action": "EXCLUDE", "unknown": "FLAG", "stay": {"from": "came", "until": "left"}},
    {"id": "extreme", "action": "QUARANTINE", "all_extreme": {"items": ITEMS}},
]


def prepare(folder: Path, **cleaning: Any) -> None:
    document = {
        "id": "shop",
        "version": "1",
        "effective_from": "2025-01-01",
        "zone": "Asia/Shanghai",
        "scales": [SCALE],
        "metrics": [
            *({"id": item, "scale": "five", "number": {}} for item in ITEMS),
            {"id": "said", "text": {}},
        ],
        "cleaning": {"rules": RULES, "review": {"share": 0.1}, **cleaning},
    }
    (folder / "policy.json").write_text(json.dumps(document), encoding="utf-8")
    usual = {item: 3 + i % 2 for i, item in enumerate(ITEMS)} | {"duration_ms": 60000, "said": ""}
    usual |= {
        "submitted_at": "2025-03-01T14:35:00Z",
        "came": "2025-03-01T14:02:00Z",
        "left": "2025-03-01T14:40:00Z",
    }
    special: list[dict[str, Any]] = [
        {"said": "very satisfied", "q1": "very bad"},
        {"duration_ms": 29999},
        {"duration_ms": 30000},
        dict.fromkeys(ITEMS, "very satisfied"),
        {"submitted_at": "2025-03-01T15:10:00Z"},
        {"came": ""},
    ]
    with (folder / "wave.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["response_id", *usual])
        writer.writeheader()
        for n in range(10):
            writer.writerow({"response_id": f"r{n}", **usual, **(special[n] if n < len(special) else {})})


def ids(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as file:
        return [row["response_id"] for row in csv.DictReader(file)]


def test_files(csat: Run, tmp_path: Path) -> None:  # G-6 from CSV, labels and instants in texts
    prepare(tmp_path)
    names = ["--flagged", "f.csv", "--quarantined", "q.csv", "--excluded", "e.csv", "--ledger", "l.csv"]
    done = csat("clean", "policy.json", "wave.csv", "-o", "k.csv", *names, "--review", "r.csv", "--seed", "s")
    assert done.returncode == 1, done.stderr
    assert "10 responses: 5 kept, 1 flagged, 1 quarantined, 3 excluded" in done.stdout
    assert ids(tmp_path / "k.csv") == ["r2", "r5", "r6", "r7", "r8", "r9"]
    assert ids(tmp_path / "f.csv") == ["r5"] and ids(tmp_path / "q.csv") == ["r3"]
    assert ids(tmp_path / "e.csv") == ["r0", "r1", "r4"] and len(ids(tmp_path / "r.csv")) == 1
    with (tmp_path / "l.csv").open(encoding="utf-8") as file:
        ledger = [(row["row"], row["rule"], row["verdict"], row["value"]) for row in csv.DictReader(file)]
    assert ledger[:2] == [("1", "contradiction", "excluded", ""), ("2", "time", "excluded", "29999")]
    assert ledger[-1] == ("6", "presence", "flagged", "")


def test_json(csat: Run, tmp_path: Path) -> None:
    prepare(tmp_path)
    done = csat("clean", "policy.json", "wave.csv", "--json")
    document = json.loads(done.stdout)
    assert (document["kept"], document["review"], done.returncode) == (5, None, 1)


def test_open_doubts_write_nothing(csat: Run, tmp_path: Path) -> None:  # P1-31
    prepare(tmp_path, settle_doubtful=True)
    done = csat("clean", "policy.json", "wave.csv", "-o", "k.csv")
    assert done.returncode == 1 and not (tmp_path / "k.csv").exists()
    assert "2 doubtful responses are not settled: give --decisions" in done.stderr
    (tmp_path / "d.csv").write_text("response_id,outcome\nr3,confirmed\nr5,rejected\n", encoding="utf-8")
    done = csat("clean", "policy.json", "wave.csv", "-o", "k.csv", "--decisions", "d.csv")
    assert done.returncode == 1 and ids(tmp_path / "k.csv") == ["r2", "r3", "r6", "r7", "r8", "r9"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["policy.json", "none.csv"], "none.csv: No such file"),
        (["feedback-handling", "wave.csv"], "policy 'feedback-handling' has no cleaning"),
        (["policy.json", "wave.csv", "--json", "-o", "-"], "standard output takes one of"),
        (["policy.json", "wave.csv", "--decisions", "wave.csv"], "column 'outcome' is missing"),
        (["no_review.json", "wave.csv", "--seed", "s"], "csat: --seed: policy 'shop' draws no review"),
        (["policy.json", "bad.csv"], "bad.csv: row 2, column 'q1': 'so so' is neither a number nor a label"),
        (["policy.json", "off.csv"], "off.csv: row 2: column 'q1': 9 lies outside [1, 5] of metric 'q1'"),
    ],
)
def test_refuses(csat: Run, tmp_path: Path, arguments: list[str], message: str) -> None:
    prepare(tmp_path)
    text = (tmp_path / "wave.csv").read_text(encoding="utf-8").splitlines()
    text[2] = text[2].replace("r1,3,", "r1,so so,")
    (tmp_path / "bad.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    text[2] = text[2].replace("so so", "9")
    (tmp_path / "off.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    document = json.loads((tmp_path / "policy.json").read_text(encoding="utf-8"))
    del document["cleaning"]["review"]
    (tmp_path / "no_review.json").write_text(json.dumps(document), encoding="utf-8")
    done = csat("clean", *arguments)
    assert done.returncode == 2 and message in done.stderr


def test_nothing_to_say(csat: Run, tmp_path: Path) -> None:
    prepare(tmp_path)
    lines = (tmp_path / "wave.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "good.csv").write_text("\n".join([lines[0], *lines[-3:]]) + "\n", encoding="utf-8")
    done = csat("clean", "policy.json", "good.csv")
    assert done.returncode == 0 and "3 responses: 3 kept" in done.stdout
