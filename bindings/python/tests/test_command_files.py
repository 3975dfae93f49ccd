"""Table files that the command reads and writes, without a process of its own for each."""

from __future__ import annotations

import io
import json
import math
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import libcsat as cs
import pyarrow as pa
import pytest
from conftest import SERVICE
from libcsat.command import csv_text
from libcsat.command.csv_text import CsvText
from libcsat.command.files import Input, Wanted, format_of, labels, output
from libcsat.command.main import app
from libcsat.command.terminal import note
from libcsat.error import TableError
from libcsat.exact import percent
from libcsat.writing import complete_file
from typer.testing import CliRunner, Result


def read(text: bytes, delimiter: str = ",") -> list[tuple[str, ...]]:
    """All rows, the header first."""
    source = CsvText(io.BytesIO(text).read, delimiter)
    batches = list(source.batches())
    assert all(batch.schema.names == source.names for batch in batches)
    rows = [row for batch in batches for row in zip(*(c.to_pylist() for c in batch.columns), strict=True)]
    return [tuple(source.names), *rows]


@pytest.mark.parametrize("block", [16, 64, 4 << 20])
@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param(b"a,b\n1,2\n", [("1", "2")], id="plain"),
        pytest.param(b"a,b\r\n1,2", [("1", "2")], id="no end of the last line"),
        pytest.param(b"\xef\xbb\xbf\na,b\n1,2\n", [("1", "2")], id="mark and blank line first"),
        pytest.param(
            b'a,b\n5" disk,1\n3" disk,2\nx"",3\n',
            [('5" disk', "1"), ('3" disk', "2"), ('x""', "3")],
            id="inches",
        ),
        pytest.param(b'a,b\n5" disk,1\n', [('5" disk', "1")], id="one quote in the file"),
        pytest.param(b'a,b\n"x\ny, ""z""",""\n"","""q"""\n', [('x\ny, "z"', ""), ("", '"q"')], id="quoted"),
        pytest.param(b"a,b\n1,2\n\n3,4\n", [("1", "2"), ("3", "4")], id="blank line between"),
        pytest.param(b"rating\n4\n\n5\n", [("4",), ("",), ("5",)], id="blank line is a missing answer"),
        pytest.param(b'rating\n4\n""\n5\n', [("4",), ("",), ("5",)], id="empty cell is a missing answer"),
        pytest.param(b"a,b\n", [], id="header alone"),
        pytest.param(b"1,true\n", [], id="header of words that are none"),
    ],
)
def test_rows_of_csv(
    text: bytes, rows: list[tuple[str, ...]], block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_text, "_BLOCK", block)
    assert read(text)[1:] == rows
    many = (
        text + text.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[2] * 50
        if text.endswith(b"\n")
        else text
    )
    assert read(many)[1:] == rows * (51 if text.endswith(b"\n") else 1)


@pytest.mark.parametrize("block", [16, 4 << 20])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(b"", "Empty CSV file", id="empty"),
        pytest.param(b"\n\n", "Empty CSV file", id="blank lines"),
        pytest.param(
            b'id,r\n"a,4\nb,5\n"c,3\n', "row 1: text behind the closing quote", id="two open quotes"
        ),
        pytest.param(b'id,r\na,1\n"b",2\n"c,3\n', "row 3: a quoted cell is not closed", id="one open quote"),
        pytest.param(b'id,r\n""x,3\n', "row 1: text behind the closing quote", id="doubled at the begin"),
        pytest.param(b"id," + b"r" * 140_000 + b"\n", "the header: field larger than", id="long name"),
        pytest.param(b'"id,r\n', "the header: a quoted cell is not closed", id="open in the header"),
        pytest.param(b"id,r\na,1\n\nb\n", "row 2: Expected 2 columns, got 1: 'b'", id="short row"),
        pytest.param(b"id,r\na,1\n\x1b[2J\n", r"'\x1b[2J'", id="what a terminal obeys"),
        pytest.param("id,r\na,1\n满意,2\n".encode("gb18030"), "row 2: byte 0xc2 is not UTF-8", id="GB 18030"),
        pytest.param(
            "满意,r\n".encode("gb18030"), "the header: byte 0xc2 is not UTF-8", id="GB 18030 header"
        ),
        pytest.param("id,r\na,1\n".encode("utf-16"), "it is UTF-16: save it as UTF-8", id="UTF-16"),
    ],
)
def test_csv_that_is_refused(text: bytes, words: str, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_text, "_BLOCK", block)
    with pytest.raises(TableError) as caught:
        read(text)
    assert words in str(caught.value)


def test_a_quote_left_open_is_not_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_text, "_BLOCK", 1 << 18)
    monkeypatch.setattr(csv_text, "_MOST_ROW", 1 << 20)
    with pytest.raises(TableError, match="row 2 is longer than 1 MiB: is a quoted cell left open"):
        read(b'a,b\n1,2\n"x,' + b"y" * (2 << 20))


@pytest.mark.parametrize("delimiter", ["", ";;", "\\t", "\n", '"', "é"])
def test_delimiters_that_are_none(delimiter: str, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("a\n1\n")
    source = Input(
        str(tmp_path / "p.csv"), None, Wanted([cs.Field("a", "number", True)], delimiter=delimiter)
    )
    with pytest.raises(TableError, match="is not one ASCII character"):
        list(source.chunks())


def typed(path: Path, wanted: Wanted) -> list[float | None]:
    return [
        value.as_py() for chunk in Input(str(path), None, wanted).chunks() for value in chunk.typed.column(0)
    ]


RATING = [cs.Field("rating", "number", False)]


def same(left: list[float | None], right: list[float | None]) -> bool:
    return str(left) == str(right)


@pytest.mark.parametrize("block", [16, 4 << 20])
def test_a_cell_is_a_number_or_a_label_by_itself(
    block: int, service: cs.Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.csv"
    monkeypatch.setattr(csv_text, "_BLOCK", block)
    wanted = Wanted(RATING, labels=labels(service))
    path.write_text("rating\n" + "4\n" * 40 + "优秀\ngood\n +3 \n2.5\n1e0\n\n", encoding="utf-8")
    assert typed(path, wanted) == [4] * 40 + [5, 4, 3, 2.5, 1, None]
    path.write_text("rating\n4\nsuperb\n3\ngood\n")
    with pytest.raises(TableError, match="row 2, column 'rating': 'superb' is neither a number nor a label"):
        typed(path, wanted)
    refusing = Wanted(RATING, labels=labels(service), refuse=True)
    assert same(typed(path, refusing), [4.0, math.nan, 3.0, 4.0])


def test_a_label_that_reads_as_a_number_is_one(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    for text, numbers in (("5\n", [5]), ("5\nlow\n", [5, 1])):
        path.write_text("rating\n" + text)
        assert typed(path, Wanted(RATING, labels={"rating": {"5": 1, "low": 1}})) == numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("3\n4\n", [3, 4], id="numbers"),
        pytest.param("low\nhigh\n", ["low", "high"], id="words"),
        pytest.param("\nlow\n3\n", [None, "low", "3"], id="the first cell says words"),
    ],
)
def test_scales_that_do_not_agree(text: str, expected: list[object], tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("rating\n" + text)
    assert typed(path, Wanted(RATING, labels={"rating": None})) == expected
    path.write_text("rating\n3\nlow\n")
    with pytest.raises(TableError, match="row 2, column 'rating': 'low'"):
        typed(path, Wanted(RATING, labels={"rating": None}))


def test_words_for_numbers(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("rating\ntrue\n2\nFALSE\n")
    assert typed(path, Wanted(RATING)) == [1, 2, 0]
    path.write_text("rating\n1\nNA\n")
    with pytest.raises(TableError, match=r"row 2, column 'rating': 'NA' is not a number \(--missing NA if"):
        typed(path, Wanted(RATING))


def test_a_pipe_is_read_once(service: cs.Policy, tmp_path: Path) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    writer = threading.Thread(target=lambda: fifo.write_bytes(b"rating\n4\n5\n"))
    writer.start()
    source = Input(str(fifo), "csv", Wanted(RATING))
    writer.join()
    for _ in range(2):
        assert [chunk.typed.column(0).to_pylist() for chunk in source.chunks()] == [[4, 5]]


@pytest.mark.parametrize(
    ("lines", "columns"),
    [
        pytest.param(
            ['{"rating": null, "x": null}', '{"rating": null}'], ["rating", "x"], id="null in every row"
        ),
        pytest.param(['{"x": 1}', "", '{"x": 2, "y": {"rating": 1}}'], ["x", "y"], id="not there"),
    ],
)
def test_keys_of_json_lines(lines: list[str], columns: list[str], tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text("\n".join(lines) + "\n")
    chunks = list(Input(str(path), None, Wanted(RATING)).chunks())
    assert sorted(chunks[0].rows.schema.names) == columns
    with output(str(tmp_path / "p.csv"), None) as out:
        out.write(chunks[0].rows.select(columns[:1]))
    assert (tmp_path / "p.csv").read_text().startswith(f'"{columns[0]}"')


def test_what_csv_cannot_hold(tmp_path: Path) -> None:
    for value, type in (({"x": 1}, r"struct<x: int64>"), ([{"x": 1}], r"list<item: struct<x: int64>>")):
        rows = pa.RecordBatch.from_pylist([{"a": 1, "place": value}])
        with (
            pytest.raises(TableError, match=f"column 'place' is of type {type}, which CSV cannot hold"),
            output(str(tmp_path / "p.csv"), None) as out,
        ):
            out.write(rows)
        assert list(tmp_path.iterdir()) == []


def write(path: Path, text: bytes) -> None:
    with complete_file(path) as partial:
        Path(partial).write_bytes(text)


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(b"old")
    path.chmod(0o600)
    write(path, b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o600)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link = tmp_path / "out.csv"
    link.symlink_to(tmp_path / "there" / "real.csv")
    for text in (b"first", b"second"):
        write(link, text)
        assert link.is_symlink() and (tmp_path / "there" / "real.csv").read_bytes() == text
    assert [p.name for p in (tmp_path / "there").iterdir()] == ["real.csv"]


def test_what_is_no_regular_file_is_written_to(tmp_path: Path) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(fifo.read_bytes()))
    reader.start()
    write(fifo, b"text")
    reader.join()
    assert got == [b"text"] and stat.S_ISFIFO(fifo.stat().st_mode)
    with complete_file("/dev/null") as partial:
        assert partial == "/dev/null"


def test_errors_name_the_file_itself(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        write(tmp_path / "no" / "out.csv", b"")
    assert caught.value.filename == str(tmp_path / "no" / "out.csv")
    with pytest.raises(OSError, match="full") as full, complete_file(tmp_path / "out.csv"):
        raise OSError(28, "full")
    assert full.value.filename == str(tmp_path / "out.csv")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("use", "words"),
    [
        (lambda: format_of("o.xlsx", None), "give --format"),
        (lambda: output("o.xlsx", None).__enter__(), "give --output-format"),
    ],
)
def test_extensions(use: Callable[[], object], words: str) -> None:
    with pytest.raises(TableError, match=words + "$"):
        use()


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


HEADER = "who,month,wait_minutes,solved,tickets,rating,reply_seconds,team,leaks"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "p.csv"
    rows = [
        "a,1,20,3,4,4,10,desk,0",
        "b,1,20,3,4,4,10,desk,0",
        "a,1,20,3,4,4,10,desk,2",
        "b,1,soon,3,4,4,10,desk,0",
    ]
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    return path


@pytest.mark.parametrize(
    "command", [["score", SERVICE], ["explain", SERVICE], ["simulate", SERVICE, SERVICE]]
)
def test_a_veto_of_a_period_fails_closed(command: list[object], people: Path) -> None:
    refused = invoke(*command, people)
    for word in ("veto 'leak'", "--subject", "--period", "--each-row-alone"):
        assert word in str(refused.exception)
    both = invoke(*command, people, "--each-row-alone", "--subject", "who", "--period", "month")
    assert "--each-row-alone together with" in str(both.exception)
    assert "give both" in str(invoke(*command, people, "--subject", "who").exception)


def test_explain_knows_the_period(people: Path) -> None:
    keys = ("--subject", "who", "--period", "month")
    shown = invoke("explain", SERVICE, people, "--row", 1, *keys)
    assert shown.exit_code == 0, shown.exception
    assert "vetoed by row 3 of the same subject and period: vetoed · 0 · c · veto:leak" in shown.stdout
    document = json.loads(invoke("explain", SERVICE, people, "--row", 1, "--json", *keys).stdout)
    assert document["in_period"] == {
        "rows": [1, 3],
        "vetoed_by": [3],
        "score": 0,
        "grade": "c",
        "outcome": "vetoed",
        "reason": "veto:leak",
    }
    own = json.loads(invoke("explain", SERVICE, people, "--row", 3, "--json", *keys).stdout)
    assert own["outcome"] == "vetoed" and own["in_period"]["vetoed_by"] == []
    assert "第 3 行触发了否决" in invoke("explain", SERVICE, people, "--language", "zh-CN", *keys).stdout


def test_explain_asks_nothing_of_other_rows(people: Path) -> None:
    assert invoke("explain", SERVICE, people, "--row", 2, "--each-row-alone").exit_code == 0
    refused = invoke("explain", SERVICE, people, "--row", 4, "--each-row-alone")
    assert "row 4, column 'wait_minutes': 'soon' is not a number" in str(refused.exception)
    beside = invoke("explain", SERVICE, people, "--row", 2, "--subject", "who", "--period", "month")
    assert "row 4, column 'wait_minutes'" in str(beside.exception)


def test_explain_asks_for_the_columns_that_score_asks_for(people: Path) -> None:
    people.write_text(people.read_text().replace("wait_minutes", "wait_minute"))
    for command in ("score", "explain"):
        refused = invoke(command, SERVICE, people, "--each-row-alone")
        assert "column 'wait_minutes' is missing" in str(refused.exception)
    people.write_text(people.read_text().replace("20,3,4", "20,9,4").replace("wait_minute", "wait_minutes"))
    refused = invoke("explain", SERVICE, people, "--each-row-alone", "--row", 2)
    assert str(refused.exception).startswith(f"{people}: row 2: metric 'solved_share': numerator 9")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["score", SERVICE, "p.csv", "--json", "-o", "-"], id="score"),
        pytest.param(
            ["simulate", SERVICE, SERVICE, "p.csv", "--json", "--changes", "-", "--each-row-alone"],
            id="simulate",
        ),
    ],
)
def test_one_thing_on_standard_output(
    arguments: list[object], people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(people.parent)
    assert "both go to standard output" in str(invoke(*arguments).exception)


@pytest.mark.parametrize("command", [("check", SERVICE), ("explain", SERVICE, "p.csv"), ("demo",)])
def test_languages(command: tuple[object, ...]) -> None:
    assert "language 'de' is neither en nor zh" in str(invoke(*command, "--language", "de").exception)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (4, 6, "66.7"),
        (2, 6, "33.3"),
        (1, 2000, "0.1"),
        (1, 2001, "0.0"),
        (400_000, 400_001, "100.0"),
        (5, 5, "100.0"),
    ],
)
def test_shares_are_rounded_half_up(part: int, whole: int, text: str) -> None:
    assert percent(Fraction(part, whole)) == text


def test_what_a_terminal_obeys_is_shown(people: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note("a\x1b[2Jb\nc")
    assert capsys.readouterr().err == "csat: a\\x1b[2Jb c\n"


def test_a_terminal_of_ascii(csat: Callable[..., Any], people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    people.write_text("\n".join(people.read_text().splitlines()[:3]) + "\n")
    done = csat("score", SERVICE, "p.csv", "--each-row-alone")
    assert (done.returncode, done.stderr) == (0, "") and r"\xb7" in done.stdout


def test_a_signal_takes_away_what_is_half_written(people: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    command = [sys.executable, "-c", _WRITES, str(out)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=tmp_path) as process:
        assert process.stdout is not None and process.stdout.readline() == b"writing\n"
        process.terminate()
        assert process.wait(60) == 128 + signal.SIGTERM
    assert {p.name for p in tmp_path.iterdir()} == {"p.csv"}


_WRITES = """
import sys, time
from libcsat.command import main
from libcsat.writing import complete_file
def write():
    with complete_file(sys.argv[1]):
        print("writing", flush=True)
        time.sleep(60)
main.app = write
main.run()
"""
