"""`csat simulate` as a user runs it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import libcsat as cs
import pyarrow as pa
import pytest
from conftest import SERVICE
from pyarrow import csv, parquet
from test_simulate import columns, with_weights

Run = Callable[..., subprocess.CompletedProcess[str]]

HEADER = "name,wait_minutes,solved,tickets,rating,reply_seconds,team,leaks"
ROWS = [
    "Ann,60,3,4,4,10;95,desk,0",
    '"Bo, ""the first""",10,4,4,5,,field,0',
    "诚,15.5,2,4,4,30,,1",
    "Di,60,4,4,5,30,desk,0",
]
MADE = ["row", "before", "after", "score_before", "score_after", "line", "difference"]


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Rows of which the first and the last change grade with `new.json`."""
    (tmp_path / "new.json").write_text(json.dumps(with_weights({"speed": -20, "stars": 20}), default=float))
    path = tmp_path / "people.csv"
    path.write_text("\n".join([HEADER, *ROWS]) + "\n", encoding="utf-8")
    return path


def test_what_it_prints(csat: Run, people: Path) -> None:
    done = csat("simulate", "--each-row-alone", SERVICE, "new.json", "people.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert "service 1 desk → service 2 desk · 4 records" in done.stdout
    assert "2 of 4 change grade" in done.stdout
    assert "What did it" in done.stdout and "Each weight of service 2, moved by 1" in done.stdout
    plain = csat("simulate", "--each-row-alone", SERVICE, "new.json", "people.csv", "--no-sensitivity").stdout
    assert "Each weight" not in plain


def test_json_for_machines(csat: Run, people: Path) -> None:
    done = csat("simulate", "--each-row-alone", SERVICE, "new.json", "people.csv", "--json")
    document = json.loads(done.stdout)
    policy = cs.Policy.load(SERVICE)
    assert document["rows"] == 4 and document["changed"] == 2 and document["changes"] is None
    assert document["before"]["policy"] == {"id": "service", "version": "1", "digest": policy.digest}
    moved = [row[:3] for row in document["matrix"][:3]]
    assert moved == [[1, 0, 0], [1, 0, 0], [0, 1, 1]], (
        "of b one becomes a; of c one becomes b, the vetoed stays"
    )
    assert [entry["indicator"] for entry in document["sensitivity"]] == [
        "speed",
        "solved",
        "stars",
        "replies",
    ]


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
def test_changes_in_every_format(
    out: str, back: Callable[[Path], pa.Table], csat: Run, people: Path, tmp_path: Path
) -> None:
    done = csat("simulate", "--each-row-alone", SERVICE, "new.json", "people.csv", "--changes", out)
    assert (done.returncode, done.stderr) == (0, "")
    table = back(tmp_path / out)
    assert table.column_names == [*HEADER.split(","), *MADE]
    row, last = table.to_pylist()
    assert (row["name"], row["row"], last["name"], last["row"]) == ("Ann", 1, "Di", 4)
    assert (row["before"], row["after"], row["line"]) == ("c", "b", "stars")
    assert [float(row[name]) for name in MADE[3:5] + MADE[6:]] == [54, 69, 15]
    assert (last["before"], last["after"], last["line"]) == ("b", "a", "stars")
    listed = csat(
        "simulate",
        "--each-row-alone",
        SERVICE,
        "new.json",
        "people.csv",
        "--changes",
        "-",
        "--prefix",
        "new_",
    ).stdout
    assert listed.splitlines()[0].replace('"', "") == ",".join([HEADER, *["new_" + name for name in MADE]])
    assert len(listed.splitlines()) == 3, "the rows alone"


@pytest.mark.parametrize("name", ["t.parquet", "t.arrow", "t.jsonl", "t.csv"])
def test_files_of_many_batches(name: str, csat: Run, tmp_path: Path) -> None:
    """Rows are counted over all of them, and the changed ones found again."""
    rows = 20_000
    table = pa.table(columns(rows, seed=11)).drop_columns(["reply_seconds"])
    path = tmp_path / name
    if name.endswith("parquet"):
        parquet.write_table(table, path, row_group_size=999)
    elif name.endswith("arrow"):
        with pa.ipc.new_file(path, table.schema) as file:
            file.write_table(table, max_chunksize=777)
    elif name.endswith("jsonl"):
        path.write_text("".join(json.dumps(row) + "\n" for row in table.to_pylist()))
    else:
        csv.write_csv(table, path)
    (tmp_path / "new.json").write_text(json.dumps(with_weights({"speed": -20, "stars": 20}), default=float))
    done = csat(
        "simulate",
        "--each-row-alone",
        SERVICE,
        "new.json",
        name,
        "--changes",
        "out.parquet",
        "--json",
        "--absent",
        "reply_seconds",
    )
    assert (done.returncode, done.stderr) == (0, "")
    service, other = cs.Policy.load(SERVICE), cs.Policy.load(tmp_path / "new.json")
    expected = service.simulate(other, table, absent=["reply_seconds"], exact=True, each_row_alone=True)
    changes = parquet.read_table(tmp_path / "out.parquet")
    assert json.loads(done.stdout)["changed"] == changes.num_rows == expected.changed > 100
    assert [row - 1 for row in changes["row"].to_pylist()] == expected.changes["row"].to_pylist()
    ids = table["id"].take(expected.changes["row"].combine_chunks())
    assert changes["id"].to_pylist() == ids.to_pylist()
    assert changes["difference"].to_pylist() == expected.changes["difference"].to_pylist()


def test_a_file_without_changes(csat: Run, people: Path, tmp_path: Path) -> None:
    done = csat("simulate", "--each-row-alone", SERVICE, SERVICE, "people.csv", "--changes", "none.parquet")
    assert done.returncode == 0 and "0 of 4 change grade" in done.stdout
    table = parquet.read_table(tmp_path / "none.parquet")
    assert table.num_rows == 0 and table.column_names == [*HEADER.split(","), *MADE]


def test_a_policy_without_grades(csat: Run, people: Path, tmp_path: Path) -> None:
    document = with_weights({})
    del document["scorecards"][0]["grading"]
    document.pop("cases", None)
    (tmp_path / "plain.json").write_text(json.dumps(document, default=float))
    for policies in ((SERVICE, "plain.json"), ("plain.json", SERVICE), ("plain.json", "plain.json")):
        done = csat("simulate", "--each-row-alone", *policies, "people.csv")
        assert (done.returncode, done.stderr) == (0, "")
        assert "0 of 4 change grade" in done.stdout and "What did it" not in done.stdout


def test_standard_input(csat: Run, people: Path) -> None:
    arguments = ["--changes", "-"]
    done = csat(
        "simulate", "--each-row-alone", SERVICE, "new.json", "-", *arguments, stdin=people.read_bytes()
    )
    assert (
        done.stdout
        == csat("simulate", "--each-row-alone", SERVICE, "new.json", "people.csv", *arguments).stdout
    )


def test_progress_on_long_work(csat: Run, people: Path) -> None:
    done = csat("simulate", "--each-row-alone", SERVICE, "new.json", "people.csv", "--progress")
    assert done.returncode == 0 and "simulating" in done.stderr
    assert "simulating" not in csat("simulate", "--each-row-alone", SERVICE, "new.json", "people.csv").stderr


def test_a_veto_of_a_whole_period(csat: Run, tmp_path: Path) -> None:
    document = with_weights({})
    document["scorecards"][0]["vetoes"][0]["when"]["compare"]["value"] = 1
    (tmp_path / "new.json").write_text(json.dumps(document, default=float))
    rows = [f"p{i % 3},3,10,4,4,5,10,desk,{int(i == 0)}" for i in range(120_000)]
    header = "who,month," + HEADER.removeprefix("name,")
    (tmp_path / "p.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    keys = ["--subject", "who", "--period", "month"]
    plain = json.loads(csat("simulate", "--each-row-alone", SERVICE, "new.json", "p.csv", "--json").stdout)
    whole = json.loads(csat("simulate", SERVICE, "new.json", "p.csv", "--json", *keys).stdout)
    assert (plain["rows"], plain["changed"], whole["changed"]) == (120_000, 1, 40_000)
    scored = json.loads(csat("score", SERVICE, "p.csv", "--json", *keys).stdout)
    assert scored["outcomes"] == {"scored": 80_000, "vetoed": 40_000}


def test_a_column_of_numbers_and_labels(csat: Run, tmp_path: Path) -> None:
    """Numbers in the first block of a file and a label in a later one: each cell by itself."""
    rows = [f"p{i},3,10,4,4,5,10,desk,0" for i in range(200_000)] + ["p,3,10,4,4,优秀,10,desk,0"]
    header = "who,month," + HEADER.removeprefix("name,")
    (tmp_path / "p.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    for command in (["score", SERVICE], ["simulate", SERVICE, SERVICE]):
        done = csat(*command, "p.csv", "--subject", "who", "--period", "month")
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--each-row-alone", "new.json", "people.parquet"], "people.parquet"),
        (["no-such.json", "people.csv"], "no ready-made policy and no file 'no-such.json'"),
        (["new.json", "people.csv", "--scorecard", "desks"], "no scorecard 'desks' (is it 'desk'?)"),
        (["retail-after-sales", "people.csv"], "name one: "),
        (["new.json", "people.csv", "--subject", "name"], "subject and period: give both"),
        (["--each-row-alone", "new.json", "people.csv", "--bad-rows", "skip"], "neither 'fail' nor 'refuse'"),
        (["--each-row-alone", "new.json", "people.csv", "--changes", "out.doc"], "extension '.doc'"),
        (
            ["--each-row-alone", "new.json", "row.csv", "--changes", "-"],
            "it has a column 'row' already: give another --prefix",
        ),
        (["--each-row-alone", "new.json", "short.csv"], "column 'wait_minutes' is missing"),
    ],
)
def test_what_is_refused(arguments: list[str], words: str, csat: Run, people: Path, tmp_path: Path) -> None:
    (tmp_path / "row.csv").write_text(people.read_text().replace("name,", "row,"))
    (tmp_path / "short.csv").write_text("solved\n1\n")
    done = csat("simulate", SERVICE, *arguments)
    assert done.returncode == 2
    assert words in done.stderr and done.stderr.startswith("csat: ") and done.stderr.count("\n") == 1
    assert not (tmp_path / "out.doc").exists()


def test_bad_rows_are_named_or_refused(csat: Run, people: Path) -> None:
    with people.open("a", encoding="utf-8") as file:
        file.write("Ed,20,9,3,4,,desk,0\n")
    done = csat("simulate", "--each-row-alone", SERVICE, "new.json", "people.csv")
    assert (done.returncode, done.stderr) == (
        2,
        "csat: people.csv: row 5: metric 'solved_share': numerator 9 is above denominator 3\n",
    )
    refused = csat(
        "simulate", "--each-row-alone", SERVICE, "new.json", "people.csv", "--bad-rows", "refuse", "--json"
    )
    assert refused.returncode == 1 and json.loads(refused.stdout)["bad_rows"] == 1
    assert refused.stderr == "csat: people.csv: 1 of 5 rows were refused for a bad value\n"
