"""`csat questionnaire`. P0-44 P2-52"""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., subprocess.CompletedProcess[str]]
CORE = ("questionnaire", "retail-after-sales", "core_after_sales")
HEADER = (
    "id,after_sales_rating,most_dissatisfying,most_satisfying,response_speed_rating,service_attitude_rating,"
    "solving_efficiency_rating\n"
)


def test_lists_and_shows(csat: Run) -> None:
    listed = csat("questionnaire", "satisfaction-control")
    assert listed.returncode == 0
    assert "instant" in listed.stdout and "store_payment, online_order" in listed.stdout
    shown = csat(*CORE)
    assert "after_sales_rating ≤ 2" in shown.stdout
    assert "您最不满意的是什么？" in csat(*CORE, "--language", "zh").stdout
    assert json.loads(csat(*CORE, "--json").stdout)["items"][0]["id"] == "after_sales_rating"
    assert [
        asked["id"] for asked in json.loads(csat("questionnaire", "satisfaction-control", "--json").stdout)
    ] == [
        "instant",
        "phone_callback",
    ]


def test_next(csat: Run, tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text('{"after_sales_rating": 2}', encoding="utf-8")
    due = csat(*CORE, "--next", "answers.json", "--json")
    assert due.returncode == 0
    assert json.loads(due.stdout)["next"][0] == "most_dissatisfying"
    assert (
        "What dissatisfied you most?" in csat(*CORE, "--next", "-", stdin='{"after_sales_rating": 2}').stdout
    )


def test_check_answers(csat: Run, tmp_path: Path) -> None:
    (tmp_path / "answers.json").write_text(
        '{"after_sales_rating": 2, "most_satisfying": "x"}', encoding="utf-8"
    )
    wrong = csat(*CORE, "--check", "answers.json")
    assert wrong.returncode == 1
    assert "not_shown" in wrong.stdout
    assert "不应出现" in csat(*CORE, "--check", "answers.json", "--language", "zh").stdout
    document = json.loads(csat(*CORE, "--check", "answers.json", "--json").stdout)
    assert document["state"] == "invalid"
    (tmp_path / "star.json").write_text('{"star_rating": 5}', encoding="utf-8")
    assert csat("questionnaire", "retail-after-sales", "star_qr", "--check", "star.json").returncode == 0
    (tmp_path / "object.json").write_text('{"after_sales_rating": {}}', encoding="utf-8")
    refused = csat(*CORE, "--next", "object.json")
    assert refused.returncode == 2
    assert refused.stderr.startswith("csat: object.json:1:24: error[wrong-type]: after_sales_rating: ")
    (tmp_path / "bad.json").write_text('{"after_sales_rating": 2.1234567}', encoding="utf-8")
    refused = csat(*CORE, "--check", "bad.json")
    assert refused.returncode == 2
    assert "bad.json:1:24: field 'after_sales_rating': number 2.1234567 has more than six" in refused.stderr


def test_check_responses(csat: Run, tmp_path: Path) -> None:
    rows = "a,4,,speed,4,4,4\nb,2,,,4,4,5\nc,2,,speed,4,x,4\n"
    (tmp_path / "responses.csv").write_text(HEADER + rows, encoding="utf-8")
    found = csat(*CORE, "--check", "responses.csv", "--problems", "problems.csv")
    assert found.returncode == 1
    assert "3 responses: 1 complete, 1 incomplete, 1 invalid" in found.stdout
    with open(tmp_path / "problems.csv", encoding="utf-8", newline="") as file:
        ledger = [",".join(line) for line in csv.reader(file)]
    assert ledger == [
        "row,field,problem,detail",
        "2,most_dissatisfying,unanswered,it has to be answered, and is not",
        "3,most_dissatisfying,unanswered,it has to be answered, and is not",
        "3,most_satisfying,not_shown,'speed' answers an item that the other answers do not lead to",
        "3,service_attitude_rating,wrong_type,'x' is not a number or a label of its scale",
    ]
    assert json.loads(csat(*CORE, "--check", "responses.csv", "--json").stdout)["invalid"] == 1
    (tmp_path / "whole.csv").write_text(HEADER + "a,4,,speed,4,4,4\n", encoding="utf-8")
    assert csat(*CORE, "--check", "whole.csv").returncode == 0


def test_refusals(csat: Run, tmp_path: Path) -> None:
    (tmp_path / "responses.csv").write_text("id,rating\n1,2\n", encoding="utf-8")
    for arguments, message in (
        (
            ("questionnaire", "retail-after-sales", "--check", "responses.csv"),
            "has 6 questionnaires, name one",
        ),
        (("questionnaire", "retail-after-sales", "cor"), "no questionnaire 'cor'"),
        ((*CORE, "--check", "responses.csv"), "column 'after_sales_rating' is missing"),
        ((*CORE, "--check", "none.csv"), "none.csv"),
        ((*CORE, "--check", "a.json", "--next", "a.json"), "give one of them"),
        ((*CORE, "--problems", "p.csv"), "--problems goes with --check of a table"),
        ((*CORE, "--language", "fr"), "neither en nor zh"),
        ((*CORE, "--check", "a.json", "--missing", "x"), "--missing goes with --check of a table"),
        ((*CORE, "--next", "a.json", "--absent", "x"), "--absent goes with --check of a table"),
        ((*CORE, "--delimiter", ","), "--delimiter goes with --check of a table"),
        ((*CORE, "--format", "csv"), "--format goes with --check"),
        (
            (*CORE, "--check", "responses.csv", "--output-format", "csv"),
            "-format goes with --problems",
        ),
        ((*CORE, "--to", "a.xlsx", "--json"), "--json does not go with --to"),
        (
            ("questionnaire", "--from", "a.xlsx", "--json"),
            "--json and --from: --from goes with --partial alone",
        ),
        ((*CORE, "--check", "responses.csv", "--format", "xml"), "format 'xml' is none of csv,"),
        ((*CORE, "--check", "responses.csv", "--absent", "rat"), "absent 'rat' is no field that is read"),
    ):
        refused = csat(*arguments)
        assert refused.returncode == 2, arguments
        assert message in refused.stderr


def test_one_set_of_answers_or_a_table(csat: Run, tmp_path: Path) -> None:
    one, rows = '\ufeff \n{"after_sales_rating": 2}', HEADER + "a,4,,speed,4,4,4\n"
    lines = json.dumps({name: None for name in HEADER.strip().split(",")}) + "\n"
    (tmp_path / "one.txt").write_text(one, encoding="utf-8")
    (tmp_path / "one").write_text(one.lstrip("\ufeff"), encoding="utf-8")
    (tmp_path / "rows.txt").write_text(rows, encoding="utf-8")
    (tmp_path / "lines.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "lines.json").write_text(lines, encoding="utf-8")
    check = (*CORE, "--check")
    assert csat(*check, "one").stdout.startswith("Answers: incomplete")
    assert csat(*check, "-", stdin='{"after_sales_rating": 2}').stdout.startswith("Answers: incomplete")
    assert csat(*check, "-", "--format", "json", stdin="{}").stdout.startswith("Answers: incomplete")
    assert "1 responses: 1 complete" in csat(*check, "rows.txt").stdout
    assert "1 responses: 1 complete" in csat(*check, "-", stdin=rows).stdout
    assert "1 responses: 0 complete" in csat(*check, "lines.jsonl").stdout
    assert "1 responses: 0 complete" in csat(*check, "-", "--format", "jsonl", stdin=lines).stdout
    assert "1 responses: 0 complete" in csat(*check, "lines.json", "--format", "jsonl").stdout
    chinese = csat(*check, "rows.txt", "--language", "zh").stdout
    assert "1 份答卷：完整 1，不完整 0，无效 0" in chinese
    assert "answered" not in chinese


def test_a_fault_has_its_place_once(csat: Run, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n1,2,3\n", encoding="utf-8")
    for arguments in (
        (*CORE, "--check", "rows.csv"),
        ("reliability", "rows.csv", "--items", "a,b", "--scale", 1, 5),
        ("measure", "retail-after-sales", "rows.csv"),
        ("clean", "retail-after-sales", "rows.csv"),
    ):
        refused = csat(*arguments)
        assert refused.returncode == 2
        assert refused.stderr.count("rows.csv") == 1, refused.stderr
