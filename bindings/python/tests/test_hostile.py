"""Files that break parsers: each is read or refused in a line, none crashes or hangs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import libcsat as cs
import pytest
from conftest import SERVICE, SHARED
from libcsat.command.files import Input, Wanted

Run = Callable[..., subprocess.CompletedProcess[str]]

HOSTILE = SHARED / "conformance" / "hostile"
CSV = sorted(p for p in HOSTILE.glob("csv/**/*") if p.is_file() and p.suffix in (".csv", ".tsv", ".txt", ""))
PARSING = sorted(HOSTILE.glob("json/test_parsing/*.json"))
SPECTRUM = sorted(HOSTILE.glob("csv/csv-spectrum/csvs/*.csv"))

# A sound line for the policy `wait`.
GOOD = b'{"wait": 1}\n'

# Reads each file of its arguments four times: as it is, its columns as numbers, as lists and as words.
# Prints a line for each; only errors that the command reports in a line are let pass.
READER = """
import sys
from libcsat.command.files import Input, Wanted
from libcsat.error import TableError
from libcsat.fields import Field

for path in sys.argv[1:]:
    names, rows = [], 0
    for type in (None, "number", "events", "text"):
        fields = [Field(name, type, False) for name in dict.fromkeys(names)] if type else []
        try:
            for chunk in Input(path, "csv", Wanted(fields)).chunks():
                names, rows = chunk.rows.schema.names, rows + chunk.rows.num_rows
        except (TableError, OSError) as error:
            assert "\\n" not in str(error), str(error)
    print(path, rows)
"""


@pytest.fixture
def wait(tmp_path: Path) -> Path:
    """A policy that reads the number `wait` and nothing else."""
    metric = {"id": "wait", "direction": "LOWER_IS_BETTER", "min": 0, "max": 10, "number": {}}
    indicator = {"id": "wait", "max_points": 10, "metric": "wait", "missing": {"rule": "WORST"}}
    indicator["score"] = {"linear": {"from": {"at": 0, "points": 10}, "to": {"at": 10, "points": 0}}}
    policy = {"id": "wait", "version": "1", "effective_from": "2025-01-01", "zone": "UTC"}
    policy |= {
        "metrics": [metric],
        "scorecards": [{"id": "wait", "max_score": 10, "indicators": [indicator]}],
    }
    path = tmp_path / "wait.json"
    path.write_text(json.dumps(policy))
    return path


# Runs the command on each file as a policy and as a table of each format, read whole. It ends with a status
# of its own; what it refuses it refuses in a line and leaves nothing behind. Typer would build the tree of
# commands anew for each of the thousands of runs, most of their time.
COMMAND = """
import contextlib, functools, io, os, sys
import typer.main
from libcsat.command import main

typer.main.get_command = functools.cache(typer.main.get_command)
policy, out, *paths = sys.argv[1:]
for path in paths:
    score = ["score", policy, path, "-o", out, "--absent", "wait", "--format"]
    tables = ([*score, format] for format in ("csv", "jsonl", "parquet", "arrow"))
    for arguments in (["check", path], *tables):
        sys.argv = ["csat", *arguments]
        said, code = io.StringIO(), 0
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
            try:
                main.run()
            except SystemExit as end:
                code = end.code or 0
        assert code in (0, 1, 2), (arguments, code)
        lines = said.getvalue().splitlines()
        assert all(line.startswith("csat: ") and line.isprintable() for line in lines), (arguments, lines)
        assert lines or code != 2, arguments
        if os.path.exists(out):
            assert code == 0, arguments
            os.unlink(out)
        assert not os.listdir(os.path.dirname(out)), arguments
    print(path)
"""


@pytest.mark.skipif(not CSV, reason="the shared hostile files are not here")
@pytest.mark.parametrize("part", range(4))
def test_command_on_every_file(part: int, tmp_path: Path, wait: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    files = [str(path) for path in sorted(HOSTILE.glob("**/*")) if path.is_file()][part::4]
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, str(wait), str(folder / "out.csv"), *files],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    read = done.stdout.count("\n")
    assert done.returncode == 0, f"{files[read]}: {done.stderr[-2000:]}"
    assert read == len(files)


@pytest.mark.skipif(not CSV, reason="the shared hostile files are not here")
@pytest.mark.parametrize("part", range(4))
def test_csv_files(part: int) -> None:
    files = [str(path) for path in CSV[part::4]]
    done = subprocess.run(
        [sys.executable, "-c", READER, *files], capture_output=True, text=True, timeout=300, check=False
    )
    read = done.stdout.count("\n")
    assert done.returncode == 0, f"{files[read]}: {done.stderr[-2000:]}"
    assert read == len(files)


@pytest.mark.skipif(not SPECTRUM, reason="the shared hostile files are not here")
@pytest.mark.parametrize("path", SPECTRUM, ids=lambda path: path.stem)
def test_what_csv_files_mean(path: Path) -> None:
    meant = json.loads((path.parents[1] / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
    rows = [row for chunk in Input(str(path), "csv", Wanted([])).chunks() for row in chunk.rows.to_pylist()]
    assert rows == meant


@pytest.mark.skipif(not PARSING, reason="the shared hostile files are not here")
def test_json_as_policies_and_records() -> None:
    service = cs.Policy.load(SERVICE)
    for path in PARSING:
        text = path.read_bytes()
        findings = cs.Policy.diagnose(text)
        # None of them is a policy; those that are JSON fail on what they hold.
        assert findings.errors, path.name
        syntax = any(finding.code == "json-syntax" for finding in findings)
        if path.name.startswith("y_"):
            assert not syntax, path.name
        if path.name.startswith("n_"):
            with pytest.raises(cs.RecordError):
                service.score_one(text)


@pytest.mark.parametrize(("name", "data"), [("x.jsonl", GOOD * 70_000), ("x.csv", b"wait\n1\n")])
def test_a_sound_table_is_taken(name: str, data: bytes, csat: Run, wait: Path) -> None:
    (wait.parent / name).write_bytes(data)
    assert csat("score", wait, name).returncode == 0


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("x.parquet", b"PAR1" + b"\0" * 64 + b"PAR1", id="hollow Parquet"),
        pytest.param("x.parquet", b"", id="empty Parquet"),
        pytest.param("x.arrow", b"ARROW1\0\0" + b"\xff" * 64, id="hollow Arrow file"),
        pytest.param("x.arrow", b"\xff\xff\xff\xff\xff\xff\xff\x7f", id="Arrow stream of a huge size"),
        pytest.param("x.arrow", b"", id="empty Arrow"),
        pytest.param("x.jsonl", b"[1, 2]", id="a JSON array"),
        pytest.param("x.jsonl", b"null", id="JSON null"),
        pytest.param("x.jsonl", b"null\n" + GOOD, id="JSON null first"),
        pytest.param("x.jsonl", GOOD + b"null\n", id="JSON null last"),
        pytest.param("x.jsonl", GOOD[:-1] + b" null\n", id="JSON null behind an object"),
        pytest.param("x.jsonl", GOOD[:-1] + GOOD, id="two JSON objects in a line"),
        pytest.param("x.jsonl", GOOD * 2000 + b"\n \n1\n", id="a JSON number last"),
        pytest.param("x.jsonl", GOOD * 60_000 + b"null\n" + GOOD, id="JSON null in a later block"),
        pytest.param("x.jsonl", b'{"wait": 1', id="open JSON"),
        pytest.param("x.jsonl", b'{"wait": "soon"}\n', id="a word in JSON"),
        pytest.param("x.jsonl", b'{"wait": ' + b"[" * 100_000, id="deep JSON"),
        pytest.param("x.jsonl", b"", id="empty JSON"),
        pytest.param("x.csv", b"wait\n" + b"1" * (9 << 20) + b"\n", id="a huge cell"),
        pytest.param("x.csv", b",".join([b"a"] * 100_000) + b"\n", id="many columns"),
        pytest.param("x.csv", b"wait\0\n1\n", id="NUL in the header"),
        pytest.param("x.csv", "wait\n١\n".encode(), id="digits of another script"),
    ],
)
def test_files_that_hold_no_table(name: str, data: bytes, tmp_path: Path, wait: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-m", "libcsat.command.main", "score", str(wait), str(path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2, done.stdout
    assert all(line.startswith("csat: ") for line in done.stderr.splitlines())
    assert len(done.stderr) < 2000


def test_nothing_foreign_reaches_the_terminal_as_it_is(csat: Run, tmp_path: Path) -> None:
    """Line breaks and escape sequences of names and words are written out, one line for each fault."""
    odd = "a\n\x1b[31mb\u202e"
    document = json.loads(SERVICE.read_text(encoding="utf-8"))
    document["cases"] = [{**document["cases"][0], "name": odd}]
    document["cases"][0]["record"] |= {odd: 1}
    (tmp_path / "odd.json").write_text(json.dumps(document))
    done = csat("check", "odd.json")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == ["odd.json"] * len(lines)
    assert (
        len(lines) == 2
        and r"cases[0].name: 'a\n\u001b[31mb\u202e' holds the control character U+000A" in done.stdout
    )
    document["cases"][0]["name"] = "plain"
    (tmp_path / "odd.json").write_text(json.dumps(document))
    done = csat("check", "odd.json")
    assert done.returncode == 1
    assert (
        r"a\n\u001b[31mb\u202e" in done.stdout and "\x1b" not in done.stdout and "\u202e" not in done.stdout
    )
    (tmp_path / "odd.csv").write_text(f'wait_minutes,solved,tickets,rating,leaks\n1,1,1,"{odd}",0\n')
    (tmp_path / "odd.jsonl").write_text(json.dumps({odd: {}}))
    for name in ("odd.csv", "odd.jsonl"):
        done = csat("score", "--each-row-alone", SERVICE, name)
        assert done.returncode == 2
        assert done.stderr.startswith("csat: ") and done.stderr.count("\n") == 1
        assert "\x1b" not in done.stderr and "\u202e" not in done.stderr


def test_damaged_parquet_and_arrow_files(tmp_path: Path) -> None:
    """Bits turned over here and there: read or refused, in one process that stays alive."""
    import random

    import pyarrow as pa
    from libcsat.fields import Field
    from pyarrow import parquet

    table = pa.table({"wait_minutes": [1.0, 2.0, None] * 50, "team": ["desk", "field", None] * 50})
    parquet.write_table(table, tmp_path / "x.parquet")
    with pa.ipc.new_file(tmp_path / "x.arrow", table.schema) as file:
        file.write_table(table)
    wanted = Wanted([Field("wait_minutes", "number", True), Field("team", "text", False)])
    draw = random.Random(5)
    for name in ("x.parquet", "x.arrow"):
        whole = (tmp_path / name).read_bytes()
        for _ in range(200):
            broken = bytearray(whole)
            for _ in range(draw.randint(1, 4)):
                broken[draw.randrange(len(broken))] ^= 1 << draw.randrange(8)
            (tmp_path / name).write_bytes(broken[: draw.choice([len(broken), draw.randrange(len(broken))])])
            try:
                for _chunk in Input(str(tmp_path / name), None, wanted).chunks():
                    pass
            except (cs.TableError, OSError):
                pass
