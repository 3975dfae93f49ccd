"""The command as a user runs it: what it prints, what it writes, how it ends."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import libcsat as cs
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from conftest import SERVICE
from pyarrow import csv, parquet

Run = Callable[..., subprocess.CompletedProcess[str]]

HEADER = "name,wait_minutes,solved,tickets,rating,reply_seconds,team,leaks"
ROWS = [
    "Ann,20,3,4,4,10;95,desk,0",
    '"Bo, ""the first""",10,4,4,5,,field,0',
    "诚,15.5,2,4,4,30,,1",
    "Di,,2,4,3,30,desk,0",
]
RESULTS = ["score", "grade", "outcome", "reason"]


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("\n".join([HEADER, *ROWS]) + "\n", encoding="utf-8")
    return path


def one_line(text: str) -> bool:
    return text.startswith("csat: ") and text.count("\n") == 1


def test_help_and_version(csat: Run) -> None:
    shown = csat("--help")
    assert shown.returncode == 0
    for command in ("check", "score", "explain", "demo"):
        assert command in shown.stdout
        assert csat(command, "--help").returncode == 0
    assert csat("--version").stdout == f"csat {cs.__version__}\n"


def test_check_finds_nothing(csat: Run) -> None:
    done = csat("check", SERVICE, "retail-after-sales")
    assert (done.returncode, done.stderr) == (0, "")
    assert "service 1, from 2025-01-01: 0 errors, 0 warnings, 1 of 1 cases passed" in done.stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param('{\n  "id": 5\n}', "broken.json:2:9: error[wrong-type]: id:", id="wrong type"),
        pytest.param('{"id": ', "broken.json:1:8: error[json-syntax]", id="broken off"),
        pytest.param("", "error[", id="empty"),
    ],
)
def test_check_finds_errors(text: str, words: str, csat: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text(text)
    done = csat("check", "broken.json")
    assert (done.returncode, done.stderr) == (1, "")
    assert words in done.stdout and "not used: 1 errors" in done.stdout
    document = json.loads(csat("check", "broken.json", "--json").stdout)
    assert document["loads"] is False
    assert document["findings"][0]["severity"] == "error"
    assert not csat("check", "broken.json", "--language", "zh").stdout.isascii()


def test_check_finds_a_case_that_fails(csat: Run, tmp_path: Path) -> None:
    document = json.loads(SERVICE.read_text(encoding="utf-8"))
    document["cases"][0]["expect"]["score"] = 99
    (tmp_path / "wrong.json").write_text(json.dumps(document))
    done = csat("check", "wrong.json")
    assert done.returncode == 1
    assert "wrong.json: case 'everything at its best': " in done.stdout
    assert csat("check", "wrong.json", "--no-cases").returncode == 0
    assert json.loads(csat("check", "wrong.json", "--json").stdout)["failed"][0]["failures"]


def test_check_prints_the_schema(csat: Run) -> None:
    assert json.loads(csat("check", "--schema").stdout) == cs.json_schema()


@pytest.mark.parametrize(
    ("out", "back"),
    [
        ("out.csv", lambda path: csv.read_csv(path)),
        ("out.tsv", lambda path: csv.read_csv(path, parse_options=csv.ParseOptions(delimiter="\t"))),
        ("out.parquet", parquet.read_table),
        ("out.arrow", lambda path: pa.ipc.open_file(path).read_all()),
        ("out.jsonl", lambda path: pa.Table.from_pylist([json.loads(line) for line in path.open()])),
    ],
)
def test_score_writes_every_format(
    out: str, back: Callable[[Path], pa.Table], csat: Run, people: Path, tmp_path: Path
) -> None:
    done = csat("score", "--each-row-alone", SERVICE, "people.csv", "-o", out)
    assert (done.returncode, done.stderr) == (0, "")
    table = back(tmp_path / out)
    assert table.column_names == [*HEADER.split(","), *RESULTS]
    assert table["score"].to_pylist() == [78, 100, 0, None]
    grades = [word or None for word in table["grade"].to_pylist()]
    assert grades == ["b", "a", "c", None]
    assert table["outcome"].to_pylist() == ["scored", "scored", "vetoed", "refused"]
    assert not [p for p in tmp_path.iterdir() if p.name not in ("people.csv", out)]


@pytest.mark.parametrize("name", ["people.parquet", "people.arrow", "people.feather", "people.jsonl"])
def test_score_reads_every_format(name: str, csat: Run, tmp_path: Path) -> None:
    table = pa.table(
        {
            "wait_minutes": [20, None],
            "solved": [3, 4],
            "tickets": [4, 4],
            "rating": [4, 5],
            "reply_seconds": [[10, 95], [5, 6]],
            "team": ["desk", "field"],
            "leaks": [0, 0],
        }
    )
    path = tmp_path / name
    if name.endswith("parquet"):
        parquet.write_table(table, path, row_group_size=1)
    elif name.endswith("arrow"):
        with pa.ipc.new_stream(path, table.schema) as stream:
            stream.write_table(table)
    elif name.endswith("feather"):
        with pa.ipc.new_file(path, table.schema) as file:
            file.write_table(table)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in table.to_pylist()))
    done = csat("score", "--each-row-alone", SERVICE, name, "-o", "-")
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.split(",") for line in done.stdout.replace('"', "").splitlines()]
    assert rows[0][-4:] == RESULTS
    assert [row[-4] for row in rows[1:]] == ["78", ""]


def test_cells_come_out_as_they_went_in(csat: Run, people: Path) -> None:
    out = csat("score", "--each-row-alone", SERVICE, "people.csv", "-o", "-").stdout.splitlines()
    assert "15.5" in out[3] and "诚" in out[3] and '"Bo, ""the first"""' in out[2]


def test_ratings_may_be_labels(csat: Run, tmp_path: Path) -> None:
    rows = [f"x,20,3,4,{label},10;95,desk,0" for label in ("bad", "poor", "一般", "good", "优秀", "")]
    (tmp_path / "p.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    csat("score", "--each-row-alone", SERVICE, "p.csv", "-o", "out.parquet")
    scores = parquet.read_table(tmp_path / "out.parquet")["score"].to_pylist()
    assert scores[:5] == [63, 68, 73, 78, 83]


def test_standard_input_and_output(csat: Run, people: Path) -> None:
    done = csat("score", "--each-row-alone", SERVICE, "-", "-o", "-", stdin=people.read_bytes())
    assert done.stdout == csat("score", "--each-row-alone", SERVICE, "people.csv", "-o", "-").stdout


def test_the_summary(csat: Run, people: Path) -> None:
    shown = csat("score", "--each-row-alone", SERVICE, "people.csv").stdout
    assert "service 1 · desk · 4 rows" in shown
    document = json.loads(csat("score", "--each-row-alone", SERVICE, "people.csv", "--json").stdout)
    assert document["outcomes"] == {"scored": 2, "vetoed": 1, "refused": 1}
    assert document["grades"] == {"a": 1, "b": 1, "c": 1}
    assert document["reasons"] == {"veto:leak": 1, "missing:speed": 1}
    assert document["digest"] == cs.Policy.load(SERVICE).digest


def test_options_of_score(csat: Run, people: Path, tmp_path: Path) -> None:
    explained = csat(
        "score", "--each-row-alone", SERVICE, "people.csv", "-o", "-", "--explain"
    ).stdout.splitlines()[0]
    assert "contribution.speed" in explained and "reason_3" in explained
    two = csat(
        "score", "--each-row-alone", SERVICE, "people.csv", "-o", "-", "--reasons", 2
    ).stdout.splitlines()[0]
    assert "reason_2" in two and "reason_3" not in two and "base" not in two
    assert (
        "csat_score"
        in csat("score", "--each-row-alone", SERVICE, "people.csv", "-o", "-", "--prefix", "csat_").stdout
    )
    threads = {
        csat("score", "--each-row-alone", SERVICE, "people.csv", "-o", "-", "--threads", n).stdout
        for n in (1, 2, 5)
    }
    assert len(threads) == 1
    csat("score", "--each-row-alone", SERVICE, "people.csv", "-o", "exact.parquet", "--exact")
    assert parquet.read_schema(tmp_path / "exact.parquet").field("score").type == pa.decimal128(18, 6)


def test_a_veto_of_a_whole_period(csat: Run, tmp_path: Path) -> None:
    rows = ["x,1,20,3,4,4,10,desk,0", "x,1,20,3,4,4,10,desk,1", "x,2,20,3,4,4,10,desk,0"]
    header = "who,month," + HEADER.removeprefix("name,")
    (tmp_path / "p.csv").write_text("\n".join([header, *rows]))
    plain = csat("score", "--each-row-alone", SERVICE, "p.csv", "--json").stdout
    whole = csat("score", SERVICE, "p.csv", "--json", "--subject", "who", "--period", "month").stdout
    assert json.loads(plain)["outcomes"]["vetoed"] == 1
    assert json.loads(whole)["outcomes"]["vetoed"] == 2


def test_rows_with_bad_values(csat: Run, people: Path) -> None:
    with people.open("a", encoding="utf-8") as file:
        file.write("Ed,20,9,3,4,,desk,0\n")
    done = csat("score", "--each-row-alone", SERVICE, "people.csv", "-o", "out.csv")
    assert done.returncode == 2
    assert (
        done.stderr == "csat: people.csv: row 5: metric 'solved_share': numerator 9 is above denominator 3\n"
    )
    assert not (people.parent / "out.csv").exists()
    refused = csat(
        "score", "--each-row-alone", SERVICE, "people.csv", "-o", "out.csv", "--bad-rows", "refuse"
    )
    assert (refused.returncode, refused.stderr) == (
        1,
        "csat: people.csv: 1 of 5 rows were refused for a bad value\n",
    )
    assert csv.read_csv(people.parent / "out.csv")["reason"].to_pylist()[4] == "bad_value"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "Empty CSV file", id="empty"),
        pytest.param("name\nx\n", "column 'wait_minutes' is missing", id="missing columns"),
        pytest.param(HEADER.replace("leaks", "leak") + "\n", "is it 'leak'?", id="misspelt"),
        pytest.param(HEADER.replace(",", ";") + "\n1\n", "give --delimiter", id="other separator"),
        pytest.param(HEADER + "\nx,soon,3,4,4,,desk,0\n", "row 1, column 'wait_minutes': 'soon'", id="word"),
        pytest.param(
            HEADER + "\nx,1,3,4,4,,desk,0\nx,1,3,4,4,5;x,desk,0\n",
            "row 2, column 'reply_seconds': 'x' is not a number",
            id="word in a list",
        ),
        pytest.param(HEADER + "\nx,1,3,4,4,,nobody,0\n", "nobody", id="unknown word"),
        pytest.param(HEADER + "\nx,1,3\n", "Expected 8 columns, got 3", id="short row"),
        pytest.param(HEADER + '\n"x,1,3,4,4,,desk,0\n', "", id="open quote"),
        pytest.param(HEADER.replace("name", "leaks") + "\n0,1,3,4,4,,desk,0\n", "'leaks' is", id="twice"),
        pytest.param((HEADER + "\nx,1,3,4,4,,\xff,0\n").encode("latin-1"), "UTF8|utf-8|UTF-8", id="Latin-1"),
        pytest.param(HEADER + "\nx,nan,3,4,4,,desk,0\n", "NaN", id="NaN"),
        pytest.param(HEADER + "\nx,1e999,3,4,4,,desk,0\n", "wait_minutes", id="infinite"),
        pytest.param(HEADER + "\nx,1,-3,4,4,,desk,0\n", "-3", id="negative count"),
    ],
)
def test_bad_csv(text: str | bytes, words: str, csat: Run, tmp_path: Path) -> None:
    data = text.encode() if isinstance(text, str) else text
    (tmp_path / "bad.csv").write_bytes(data)
    done = csat("score", "--each-row-alone", SERVICE, "bad.csv", "-o", "out.csv")
    assert done.returncode == 2, done.stdout
    *notes, last = done.stderr.splitlines()
    assert last.startswith("csat: bad.csv: ")
    assert any(word in done.stderr for word in words.split("|")), last
    assert all(line.startswith("csat: ") for line in notes)
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["score", SERVICE, "nothing.csv"], "nothing.csv: No such file"),
        (["score", "nothing", "people.csv"], "no ready-made policy and no file 'nothing'"),
        (["score", "retail-after-sales", "people.csv"], "has 3 scorecards, name one"),
        (["score", SERVICE, "people.csv", "-s", "desks"], "is it 'desk'?"),
        (["score", SERVICE, "people.xlsx"], "extension '.xlsx'"),
        (["score", "--each-row-alone", SERVICE, "people.csv", "-o", "out.xyz"], "extension '.xyz'"),
        (["score", "--each-row-alone", SERVICE, "people.csv", "--format", "excel"], "format 'excel'"),
        (["score", "--each-row-alone", SERVICE, "people.csv", "--format", "parquet"], "people.csv: "),
        (["score", "--each-row-alone", SERVICE, "people.csv", "--format", "arrow"], "people.csv: "),
        (["score", "--each-row-alone", SERVICE, "people.csv", "--format", "jsonl"], "people.csv: "),
        (["score", "--each-row-alone", SERVICE, "people.csv", "--bad-rows", "skip"], "bad_rows 'skip'"),
        (["score", SERVICE, "people.csv", "--subject", "name"], "subject and period"),
        (
            ["score", "--each-row-alone", SERVICE, "people.csv", "--absent", "leaks"],
            "absent 'leaks' is a column",
        ),
        (
            ["score", "--each-row-alone", SERVICE, "people.csv", "--absent", "leek"],
            "absent 'leek' is no field",
        ),
        (["score", "--each-row-alone", SERVICE, "people.csv", "-o", "no/such/folder.csv"], "No such file"),
        (["score", SERVICE, "."], "extension"),
        (["explain", SERVICE], "give INPUT or --record"),
        (
            ["explain", "--each-row-alone", SERVICE, "people.csv", "--row", "5"],
            "row 5 is beyond its last row",
        ),
        (["explain", SERVICE, "--record", "[]"], "csat: "),
        (["check", "nothing.json"], "nothing.json"),
    ],
)
def test_bad_arguments(arguments: list[Any], words: str, csat: Run, people: Path, tmp_path: Path) -> None:
    shutil.copy(people, tmp_path / "people.xlsx")
    done = csat(*arguments)
    assert done.returncode == 2, done.stdout
    assert one_line(done.stderr), done.stderr
    assert words in done.stderr


def test_unread_columns_that_are_nearly_fields(csat: Run, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(HEADER.replace("team", "Team") + "\n" + ROWS[0] + "\n")
    done = csat("score", "--each-row-alone", SERVICE, "p.csv", "--absent", "team")
    assert done.returncode == 0
    assert done.stderr == "csat: p.csv: it has no column 'team' (is it 'Team'?)\n"


def test_explain(csat: Run, people: Path) -> None:
    shown = csat("explain", "--each-row-alone", SERVICE, "people.csv", "--row", 3)
    assert shown.returncode == 0
    assert "vetoed" in shown.stdout and "a leak" in shown.stdout
    assert (
        "泄密"
        in csat("explain", "--each-row-alone", SERVICE, "people.csv", "--row", 3, "--language", "zh").stdout
    )
    record = (
        '{"wait_minutes": 20, "solved": 3, "tickets": 4, "rating": 4, "reply_seconds": [10, 95], "leaks": 0}'
    )
    document = json.loads(csat("explain", SERVICE, "--record", record, "--json").stdout)
    assert (document["score"], document["grade"]) == (78, "b")


def test_progress_is_for_people(csat: Run, people: Path) -> None:
    assert csat("score", "--each-row-alone", SERVICE, "people.csv").stderr == ""
    assert "scoring" in csat("score", "--each-row-alone", SERVICE, "people.csv", "--progress").stderr


def test_a_reader_that_goes_away(csat: Run, people: Path, tmp_path: Path) -> None:
    people.write_text("\n".join([HEADER, *[ROWS[0]] * 200_000]) + "\n")
    score = f"{sys.executable} -m libcsat.command.main score --each-row-alone {SERVICE}"
    command = f"{score} people.csv -o - | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("command", "status"),
    [
        pytest.param("check {policy} retail-after-sales | true", 0, id="nothing found"),
        pytest.param("check empty.json {policy} | true", 1, id="findings"),
        pytest.param("check --schema | head -c 1", 0, id="schema"),
        pytest.param("check {policy} nothing.json 2>/dev/null | true", 2, id="bad input"),
        pytest.param("score --each-row-alone {policy} people.csv | true", 0, id="summary"),
        pytest.param("explain --each-row-alone {policy} people.csv | true", 0, id="explanation"),
        pytest.param("simulate --each-row-alone {policy} {policy} people.csv | true", 0, id="simulation"),
        pytest.param("--help | true", 0, id="help"),
        pytest.param("check {policy} >&-", 0, id="no standard output"),
    ],
)
def test_nobody_reads_what_it_prints(command: str, status: int, people: Path) -> None:
    """The status is that of what was found, and nothing is said about the pipe."""
    people.with_name("empty.json").write_text("{}")
    csat = f"{sys.executable} -m libcsat.command.main "
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", csat + command.format(policy=SERVICE)],
        capture_output=True,
        text=True,
        cwd=people.parent,
        check=False,
    )
    assert (done.returncode, done.stderr) == (status, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize("command", ["check {policy}", "score --each-row-alone {policy} people.csv -o -"])
def test_no_room_for_what_it_prints(command: str, people: Path) -> None:
    line = f"{sys.executable} -m libcsat.command.main {command} > /dev/full"
    done = subprocess.run(
        ["bash", "-c", line.format(policy=SERVICE)],
        capture_output=True,
        text=True,
        cwd=people.parent,
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, "csat: standard output: No space left on device\n")


def test_many_rows_in_many_batches(csat: Run, people: Path, tmp_path: Path) -> None:
    people.write_text("\n".join([HEADER, *ROWS * 100_000]) + "\n", encoding="utf-8")
    done = csat("score", "--each-row-alone", SERVICE, "people.csv", "-o", "out.parquet", "--json")
    assert json.loads(done.stdout)["rows"] == 400_000
    scores = parquet.read_table(tmp_path / "out.parquet", columns=["score"])["score"]
    assert pc.sum(scores).as_py() == 178 * 100_000


def test_demo(csat: Run, tmp_path: Path) -> None:
    done = csat("demo")
    assert done.returncode == 0, done.stderr
    assert "50 of 50 planted rows came out as they must" in done.stderr
    assert "figures are those of the reference" in done.stderr
    for words in ("Generated data", "Best of 2025-12", "Grades by month", "Vetoes", "without the veto"):
        assert words in done.stdout
    assert done.stdout.startswith("Generated responses, for no folder of open data is given (--data);")
    folder = tmp_path / "demo-output"
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {"scores.csv", "scores.parquet", "ranking.csv", "ranking.parquet"} <= set(first)
    again = csat("demo")
    assert again.stdout == done.stdout
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first
    assert parquet.read_table(folder / "scores.parquet").num_rows == 5916
    document = json.loads(csat("demo", "--json", "--stores", 3, "--seed", 1, "-o", "other").stdout)
    assert document["wrong"] == [] and document["rows"] > 0
    assert document["data"] is None and len(document["surveys"]) == 7
    assert all(line["agrees"] for survey in document["surveys"] for line in survey["lines"])
    missing = csat("demo", "--data", tmp_path)
    assert missing.returncode == 2 and "there is no file 'likert/" in missing.stderr
