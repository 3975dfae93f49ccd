"""JSON lines: what the policy does not read comes out as it went in, and faults name their line."""

from __future__ import annotations

import json
from pathlib import Path

import libcsat as cs
import pytest
from libcsat.command import json_lines
from libcsat.command.files import Input, Wanted, output
from libcsat.error import TableError

WAIT = [cs.Field("wait", "number", False), cs.Field("replies", "events", False)]


def through(path: Path, out: str) -> Path:
    """The rows read, and written to a file of another name."""
    with output(str(path.parent / out), None) as file:
        for chunk in Input(str(path), None, Wanted(WAIT)).chunks():
            file.write(chunk.rows)
    return path.parent / out


@pytest.mark.parametrize(
    "value",
    [
        pytest.param('"2024-01-01"', id="a day"),
        pytest.param('"2024-01-01T10:00:00Z"', id="an instant"),
        pytest.param('"2024-01-01 10:00:00"', id="a day and an hour"),
        pytest.param('["2024-01-01", "2024-01-02"]', id="days"),
        pytest.param('{"from": "2024-01-01", "ids": [12345678901234567890, 1]}', id="nested"),
        pytest.param("9007199254740991", id="2^53-1"),
        pytest.param("9007199254740993", id="2^53+1"),
        pytest.param("9223372036854775807", id="2^63-1"),
        pytest.param("9223372036854775808", id="2^63"),
        pytest.param("-9223372036854775809", id="-2^63-1"),
        pytest.param("12345678901234567890123456789012345678", id="38 digits"),
        pytest.param("0.1", id="a fraction"),
        pytest.param("-5", id="a whole number"),
        pytest.param("1e+300", id="a large number"),
        pytest.param("true", id="a truth"),
        pytest.param("null", id="null"),
        pytest.param('"007"', id="digits as text"),
        pytest.param("[]", id="an empty list"),
    ],
)
def test_what_is_not_read_comes_out_as_it_went_in(value: str, tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    lines = [f'{{"wait": 1.5, "x": {value}}}', f'{{"wait": null, "x": {value}}}', '{"wait": 2.5, "x": null}']
    path.write_text("\n".join(lines) + "\n")
    assert through(path, "out.jsonl").read_text().splitlines() == lines


def test_numbers_of_many_kinds_in_one_key(tmp_path: Path) -> None:
    """Fractions beside whole numbers beyond 2^53 are binary; other columns keep what they have."""
    path = tmp_path / "p.jsonl"
    path.write_text(
        '{"x": 9007199254740993.5, "id": 12345678901234567890, "day": "2024-01-01"}\n'
        '{"x": 9007199254740994, "id": 2, "day": "2024-01-02"}\n'
    )
    rows = [json.loads(line) for line in through(path, "out.jsonl").read_text().splitlines()]
    assert [row["day"] for row in rows] == ["2024-01-01", "2024-01-02"]
    assert [row["x"] for row in rows] == [9007199254740994.0, 9007199254740994.0]


def test_ids_beyond_64_bits_in_csv(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text('{"wait": 1, "id": 12345678901234567890, "day": "2024-01-01"}\n')
    assert through(path, "out.csv").read_text() == '"wait","id","day"\n1,12345678901234567890,"2024-01-01"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1, 2]", "line 1 holds no JSON object: the file is a JSON array"),
        ("null\n{}", "line 1 holds no JSON object"),
        ('{"wait": 1}\n\n1\n', "line 3 holds no JSON object"),
        ('{"wait": 1} null\n', "line 1, column 13: it is no JSON object: Extra data"),
        ('{"wait": 1}\n\n{"wait": "soon"}\n', "line 3, key 'wait': a text where a number is wanted"),
        ('{"wait": 1}\n{"wait": true}\n', "line 2, key 'wait': true or false where a number is wanted"),
        ('{"replies": [1, "x"]}\n', "line 1, key 'replies[]': a text where a number is wanted"),
        ('{"replies": 1}\n', "line 1, key 'replies': a number where a list is wanted"),
        ('{"x": null}\n{"x": 1}\n{"x": "1"}\n', "line 3, key 'x': a text where line 2 has a number"),
        (
            '{"x": {"y": [1]}}\n{"x": {"y": [[]]}}\n',
            "line 2, key 'x.y[]': a list where line 1 has a number",
        ),
        ('{"wait": 1}\n{"wait": 2, "wait": 3}\n', "line 2, key 'wait' stands there twice"),
        ('{"wait": 1}\n{"wait": 1,}\n', "line 2, column 12: it is no JSON object: "),
        ('{"wait": 1}\n{"x": 1e400}\n', "line 2: Number too big to be stored in double"),
        ('{"wait": 1}\n\n{"x": "\\ud800"}\n', "line 3: The surrogate pair in string is invalid"),
        ('{"wait": 1}\n{"wait": ' + "[" * 100_000, "line 2, its values are nested too deep"),
    ],
)
@pytest.mark.parametrize("block", [16, 4 << 20])
def test_faults_name_their_line(
    text: str, words: str, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_lines, "_BLOCK", block)
    path = tmp_path / "p.jsonl"
    path.write_text(text)
    with pytest.raises(TableError) as caught:
        list(Input(str(path), None, Wanted(WAIT)).chunks())
    assert str(caught.value).startswith(f"{path}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize("block", [1, 30, 4 << 20])
def test_blocks_that_know_different_things(
    block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key of null, whole numbers, fractions and numbers beyond 64 bits; members that come later."""
    monkeypatch.setattr(json_lines, "_BLOCK", block)
    path = tmp_path / "p.jsonl"
    rows: list[dict[str, object]] = [
        {"n": None, "id": 1, "wait": 1.0, "s": {"a": 1, "days": []}},
        {"n": 1, "id": 2**70, "wait": 2.0, "s": {"a": None, "days": ["2024-01-01"]}},
        {"n": 1.5, "id": 3, "wait": None, "s": None},
        {"n": 2, "id": -1, "wait": 4.0, "s": {"a": 2**64, "days": None}},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n")
    lines = through(path, "out.jsonl").read_text().splitlines()
    assert list(map(json.loads, lines)) == rows
    assert [type(json.loads(line)["id"]) for line in lines] == [int] * 4
    path.write_text('{"id": 1}\n' + json.dumps({"later": "2024-01-01", "wait": 1}))
    lines = through(path, "out.jsonl").read_text().splitlines()
    assert list(map(json.loads, lines)) == [
        {"id": 1, "wait": None, "later": None},
        {"id": None, "wait": 1.0, "later": "2024-01-01"},
    ]


@pytest.mark.parametrize("block", [1, 4 << 20])
def test_encodings(block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "_BLOCK", block)
    path = tmp_path / "p.jsonl"
    lines = '{"wait": 1.0, "名": "满意"}\n{"wait": null, "名": null}\n'
    path.write_bytes(b"\xef\xbb\xbf" + lines.encode())
    assert through(path, "out.jsonl").read_text(encoding="utf-8") == lines
    path.write_bytes(b'{"wait": 1}\n' + lines.encode("gb18030"))
    with pytest.raises(TableError, match="line 2: byte 0xc3 is not UTF-8: save the file as UTF-8"):
        list(Input(str(path), None, Wanted(WAIT)).chunks())
    path.write_bytes(lines.encode("utf-16"))
    with pytest.raises(TableError, match="line 1: byte 0xff is not UTF-8"):
        list(Input(str(path), None, Wanted(WAIT)).chunks())


def test_a_fault_in_a_later_block(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text('{"wait": 1, "x": 1}\n' * 400_000 + '{"wait": 1, "x": "y"}\n')
    with pytest.raises(TableError, match="line 400001, key 'x': a text where line 1 has a number"):
        list(Input(str(path), None, Wanted(WAIT)).chunks())
