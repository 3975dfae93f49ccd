"""`csat import` as a user runs it: what it prints, what it writes, how it ends."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import intake_files as files
import pyarrow as pa
import pytest
from intake_files import csv_text, save
from libcsat import intake
from pyarrow import parquet

Run = Callable[..., subprocess.CompletedProcess[str]]


def spoilt_wjx() -> str:
    rows = files.wjx()
    rows[2][2] = "=很久"
    return csv_text(rows)


def test_done(csat: Run, tmp_path: Path) -> None:
    save(tmp_path / "答卷.csv", csv_text(files.wjx()), "gb18030")
    done = csat("import", "答卷.csv", "-o", "r.parquet", "--zone", "Asia/Shanghai")
    assert done.returncode == 0
    assert "答卷.csv  wjx         3         3         0    3         0           0" in done.stdout
    assert "profile wjx: its headings have 序号 and 提交答卷时间" in done.stderr
    assert "encoding gb18030" in done.stderr and "written: r.parquet" in done.stderr
    table = parquet.read_table(tmp_path / "r.parquet")
    assert table.equals(
        intake.read(tmp_path / "答卷.csv", zone="Asia/Shanghai").responses, check_metadata=True
    )


def test_rows_are_refused(csat: Run, tmp_path: Path) -> None:
    save(tmp_path / "w.csv", spoilt_wjx())
    done = csat("import", "w.csv", "-o", "r.parquet", "--rejected", "bad.csv", "--guard-formulas")
    assert done.returncode == 1
    # The first answer has a line break: the second row is on line 4.
    assert (
        "w.csv:4: 所用时间: '=很久' is no duration such as" in done.stdout and "[bad-duration]" in done.stdout
    )
    assert "1 of 3 rows were refused" in done.stderr
    with (tmp_path / "bad.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["row"], row["column"], row["rule"], row["value"]) == (
        "4",
        "所用时间",
        "bad-duration",
        "'=很久",
    )
    assert parquet.read_table(tmp_path / "r.parquet").num_rows == 2
    chinese = csat("import", "w.csv", "--dry-run", "--language", "zh")
    assert "“=很久”不是形如" in chinese.stdout and "读入" in chinese.stdout


def test_nothing_foreign_reaches_the_terminal_as_it_is(csat: Run, tmp_path: Path) -> None:
    rows = files.wjx()
    rows[0][2], rows[1][2] = "所用时间", "\x1b[31m\u202e很久\n"
    save(tmp_path / "w.csv", csv_text(rows))
    done = csat("import", "w.csv", "--dry-run")
    assert r"'\x1b[31m\u202e很久\n' is no duration" in done.stdout
    assert "\x1b" not in done.stdout and "\u202e" not in done.stdout


def test_dry_run_writes_nothing(csat: Run, tmp_path: Path) -> None:
    save(tmp_path / "w.csv", spoilt_wjx())
    done = csat("import", "w.csv", "-o", "r.parquet", "--rejected", "bad.csv", "--dry-run")
    assert done.returncode == 1
    assert [path.name for path in tmp_path.iterdir()] == ["w.csv"]


def test_report_for_machines(csat: Run, tmp_path: Path) -> None:
    save(tmp_path / "c.csv", files.chatwoot_text(files.chatwoot()))
    save(tmp_path / "w.csv", spoilt_wjx())
    done = csat("import", "c.csv", "w.csv", "--dry-run", "--json", "--zone", "Asia/Shanghai")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    counts = report["counts"]
    assert counts["read"] == 5 == counts["accepted"] + counts["rejected"]
    assert [f["profile"] for f in report["files"]] == ["chatwoot", "wjx"]
    assert report["files"][0]["no_data"][-1]["what"] == "trailer"
    assert report["rejected"][0]["rule"] == "bad-duration"
    assert report["written"] == []


def test_merging_twice_changes_nothing(csat: Run, tmp_path: Path) -> None:
    save(tmp_path / "w.csv", csv_text(files.wjx()))
    options = ("--into", "all.parquet", "--zone", "Asia/Shanghai")
    assert csat("import", "w.csv", *options).returncode == 0
    before = (tmp_path / "all.parquet").read_bytes()
    again = csat("import", "w.csv", *options)
    assert again.returncode == 0
    assert (tmp_path / "all.parquet").read_bytes() == before
    assert not list(tmp_path.glob("*superseded*"))


def test_what_was_superseded_is_kept_beside(csat: Run, tmp_path: Path) -> None:
    header = "response_id,respondent_id,submitted_at,q1\n"
    for n in (1, 2, 3):
        save(tmp_path / f"{n}.csv", header + f"r{n},c,2025-03-0{n},{n}\n")
        done = csat("import", f"{n}.csv", "--into", "all.parquet", "--wave", "2025Q1")
        assert done.returncode == 0
    assert parquet.read_table(tmp_path / "all.parquet")["response_id"].to_pylist() == ["r3"]
    listed = parquet.read_table(tmp_path / "all.superseded.parquet")
    assert listed["response_id"].to_pylist() == ["r1", "r2"]
    assert listed["superseded_by"].to_pylist() == ["r2", "r3"]
    # An old file again: it gives way again, and is listed once.
    assert csat("import", "2.csv", "--into", "all.parquet", "--wave", "2025Q1").returncode == 0
    assert parquet.read_table(tmp_path / "all.superseded.parquet").num_rows == 2
    csat("import", "1.csv", "2.csv", "-o", "o.parquet", "--superseded", "s.csv", "--wave", "w")
    assert "r1" in (tmp_path / "s.csv").read_text()


COLUMNS = {"grade": {"type": "number", "min": 1, "max": 6}, "at": {"as": "submitted_at"}}


def test_options_reach_the_reader(csat: Run, tmp_path: Path) -> None:
    save(tmp_path / "m.json", json.dumps({"columns": COLUMNS}))
    save(
        tmp_path / "x.csv",
        "nr;who;at;grade;ways;kind\n1;a;31/01/2025 10:00;2,5;x|y;probe\n2;b;1/2/2025 10:00;7;;\n",
    )
    done = csat(
        "import", "x.csv", "-o", "r.parquet", "--separator", ";", "--decimal", ",", "--dates", "dmy",
        "--zone", "Europe/Berlin", "--response", "nr", "--respondent", "who", "--wave", "2025Q1",
        "--channel", "pad_terminal", "--multi", "ways=|", "--test", "kind=probe",
        "--mapping", "m.json",
        "--text", "kind", "--profile", "wide", "--encoding", "utf-8", "--max-columns", "10",
    )  # fmt: skip
    assert done.returncode == 1 and "7 lies outside of [1, 6] [off-scale]" in done.stdout
    row = parquet.read_table(tmp_path / "r.parquet").to_pylist()[0]
    assert row.pop("submitted_at").isoformat() == "2025-01-31T09:00:00+00:00"
    assert row == {
        "response_id": "1", "respondent_id": "a", "wave": "2025Q1", "is_test": True,
        "channel": "pad_terminal", "nr": 1, "who": "a", "grade": 2.5, "ways_x": 1, "ways_y": 1,
        "kind": "probe",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["absent.csv", "--dry-run"], "absent.csv: No such file"),
        (["empty.csv", "--dry-run"], "empty.csv: the file is empty"),
        (["w.csv"], "where to? give --output, --into or --dry-run"),
        (["w.csv", "--dry-run", "--profile", "typeform"], "profile 'typeform' is none of qualtrics"),
        (["w.csv", "--dry-run", "--profile", "spss"], "profile 'spss' reads SPSS files"),
        (["w.csv", "--dry-run", "--profile", "chatwoot"], "is none of profile 'chatwoot'"),
        (["w.csv", "--dry-run", "--language", "tlh"], "language 'tlh' is neither en nor zh"),
        (["w.csv", "--dry-run", "--zone", "../etc/passwd"], "is no name of the tz database"),
        (["w.csv", "--dry-run", "--zone", "Mars/Base"], "zone 'Mars/Base'"),
        (["w.csv", "--dry-run", "--encoding", "ebcdic"], "encoding 'ebcdic' is none of utf-8"),
        (["w.csv", "--dry-run", "--dates", "ydm"], "dates 'ydm'"),
        (["w.csv", "--dry-run", "--decimal", ";"], "decimal ';'"),
        (["w.csv", "--dry-run", "--response", "nr"], "it has no column 'nr' but a, b"),
        (["w.csv", "--dry-run", "--test", "a"], "--test 'a' is not COLUMN=VALUE"),
        (["w.csv", "--dry-run", "--test", "z=1"], "there is no column 'z'"),
        (["w.csv", "--dry-run", "--number", "zz"], "there is no column 'zz' but a, b"),
        (["w.csv", "--dry-run", "--number", "z*"], "there is no column 'z*' but a, b"),
        (["w.csv", "--dry-run", "--text", "zz"], "there is no column 'zz' but a, b"),
        (["w.csv", "--dry-run", "--multi", "zz=;"], "there is no column 'zz' but a, b"),
        (["w.csv", "x.json", "--dry-run", "--number", "c"], "there is no column 'c' but a, b"),
        (["ids.csv", "--dry-run"], "ids.csv: 'response_id' stands twice: which of them is meant?"),
        (["times.csv", "--dry-run"], "times.csv: 'submitted_at' stands twice: which of them is meant?"),
        (["page.xlsx", "--dry-run"], "page.xlsx: no readable Excel workbook"),
        (["page.XLS", "--dry-run"], "page.XLS: no readable Excel workbook"),
        (["words.sav", "--dry-run"], "words.sav: no readable SPSS file"),
        (["words.parquet", "--dry-run"], "words.parquet: no readable Parquet file"),
        (["w.csv", "--dry-run", "--mapping", "bad.json"], "bad.json: there is no key 'colums'"),
        (["w.csv", "--dry-run", "--mapping", "name.json"], "it has no column 'z' of the mapping"),
        (["w.csv", "-o", "r.parquet", "--into", "other.parquet"], "is no table of responses"),
        (["w.csv", "-o", "r.xyz", "--rejected", "bad.csv"], "extension '.xyz'"),
        (["x.json", "--dry-run", "--profile", "wjx"], "profile 'wjx' reads no JSON"),
        (["w.csv", "-o", "-", "--json"], "standard output takes one of --json and the files named -"),
    ],
)
def test_bad_input(arguments: list[str], words: str, csat: Run, tmp_path: Path) -> None:
    save(tmp_path / "w.csv", "a,b\n1,2\n")
    save(tmp_path / "empty.csv", "")
    save(tmp_path / "ids.csv", "response_id,response_id,q\n1,2,3\n")
    save(tmp_path / "times.csv", "submitted_at,q,submitted_at\n2025-03-01,2,2025-03-02\n")
    for name in ("page.xlsx", "page.XLS"):
        save(tmp_path / name, "<html>\n<table>\n<tr><td>1</td></tr>\n")
    for name in ("words.sav", "words.parquet"):
        save(tmp_path / name, "no such file\n1\n")
    save(tmp_path / "bad.json", '{"colums": {}}')
    save(tmp_path / "name.json", '{"columns": {"z": {"as": "q"}}}')
    save(tmp_path / "x.json", '[{"a": 1}]')
    parquet.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    before = {path.name for path in tmp_path.iterdir()}
    done = csat("import", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr and done.stderr.startswith("csat: ") and done.stderr.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_column_that_is_named_may_be_in_one_file_of_two(csat: Run, tmp_path: Path) -> None:
    save(tmp_path / "w.csv", "a,b\n1,2\n")
    save(tmp_path / "v.csv", "a,c\n1,x;y\n")
    assert csat("import", "w.csv", "v.csv", "--dry-run", "--text", "b*", "--multi", "c").returncode == 0


def test_one_bad_file_of_two_writes_nothing(csat: Run, tmp_path: Path) -> None:
    save(tmp_path / "good.csv", "a,b\n1,2\n")
    save(tmp_path / "bad.csv", 'a,b\n1,"2\n')
    done = csat("import", "good.csv", "bad.csv", "-o", "r.parquet")
    assert done.returncode == 2 and "bad.csv:2:3: a quote" in done.stderr
    assert not (tmp_path / "r.parquet").exists()


@pytest.mark.parametrize(
    ("module", "name", "extra"), [("openpyxl", "x.xlsx", "excel"), ("pyreadstat", "x.sav", "spss")]
)
def test_a_missing_extra_is_named(
    module: str, name: str, extra: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    path = save(tmp_path / name, (b"PK\x03\x04" if extra == "excel" else b"$FL2") + b"\0" * 60)
    with pytest.raises(intake.MissingExtraError, match=rf"pip install 'libcsat\[{extra}\]'") as error:
        intake.read(path)
    assert "\n" not in str(error.value)


def test_a_table_on_standard_output_is_alone_there(csat: Run, tmp_path: Path) -> None:
    save(tmp_path / "w.csv", "response_id,q\na,5\nb\n")
    done = csat("import", "w.csv", "-o", "-")
    assert (done.returncode, done.stdout) == (1, '"response_id","q"\n"a",5\n')
    assert "csat: w.csv:3: the row has 1 cells, the header 2 [ragged-row]\n" in done.stderr
    done = csat("import", "w.csv", "-o", "r.csv", "--rejected", "-")
    assert done.stdout.splitlines()[1].startswith('"w.csv",3,3,') and done.stdout.count("\n") == 2
    assert csat("import", "w.csv", "-o", "-", "--dry-run", "--json").stdout.startswith("{")


def test_progress_goes_to_standard_error(csat: Run, tmp_path: Path) -> None:
    text = "response_id,a\n" + "".join(f"{n},x\n" for n in range(50_000))
    save(tmp_path / "x.csv", text)
    done = csat("import", "x.csv", "--dry-run", "--json", "--progress")
    assert done.returncode == 0 and "importing" in done.stderr
    assert json.loads(done.stdout)["counts"]["accepted"] == 50_000


def test_the_result_is_read_by_the_other_commands(csat: Run, tmp_path: Path) -> None:
    """What an import writes is a table like any other."""
    save(tmp_path / "w.csv", csv_text(files.wide()))
    for name in ("r.parquet", "r.arrow", "r.csv", "r.jsonl"):
        assert csat("import", "w.csv", "-o", name).returncode == 0
        assert os.path.getsize(tmp_path / name) > 0
    assert csat("import", "w.csv", "-o", "table", "--output-format", "parquet").returncode == 0
    assert parquet.read_table(tmp_path / "table").num_rows == 3
    assert "quality" in (tmp_path / "r.csv").read_text(encoding="utf-8").splitlines()[0]
