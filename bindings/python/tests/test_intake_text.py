"""Encodings, separators, quotes and limits of text files: what is told apart, what is refused, and where."""

from __future__ import annotations

import random
import time
from pathlib import Path

import intake_files as files
import pytest
from conftest import SHARED
from intake_files import save
from libcsat import intake
from libcsat.error import TableError
from libcsat.intake.encodings import detect

CHINESE = "服务很好，我们对你们的产品十分满意，希望以后能够继续合作。价格有一点高，但是质量上没有问题"
KOREAN = "서비스가 매우 좋았습니다 다음에도 이용하겠습니다 가격이 조금 비쌉니다 배송은 빨랐습니다"
JAPANESE = "サービスはとても良かったです。またお願いします。値段が少し高いと思いました"
TRADITIONAL = "服務很好，我們對你們的產品十分滿意，希望以後能夠繼續合作"
GERMAN = "Die Qualität war früher größer und die Lieferung verspätet sich öfter trotz schöne Grüße"


def table(*answers: str) -> str:
    return "response_id,answer\n" + "".join(f"{n},{answer}\n" for n, answer in enumerate(answers, 1))


@pytest.mark.parametrize(
    ("encoding", "text", "name"),
    [
        ("utf-8", "plain", "utf-8"),
        ("utf-8", CHINESE, "utf-8"),
        ("utf-8-sig", CHINESE, "utf-8"),
        ("utf-16", CHINESE, "utf-16-le"),
        ("utf-16-le", "plain words in two bytes each", "utf-16-le"),
        ("utf-16-be", "plain words in two bytes each", "utf-16-be"),
        ("gb18030", CHINESE, "gb18030"),
        ("gb18030", "喆和镕都很满意，服务上没有问题，我们会再来的", "gb18030"),
        ("gb18030", f"{CHINESE} 𠀀 😀 é", "gb18030"),
    ],
)
def test_encodings_that_are_found(encoding: str, text: str, name: str, tmp_path: Path) -> None:
    path = save(tmp_path / "x.csv", table(text, text), encoding)
    assert detect(str(path)).name == name
    imported = intake.read(path)
    assert imported.responses["answer"].to_pylist() == [text, text]
    assert imported.sources[0].reading["encoding"].startswith(name)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("iso-8859-1", GERMAN),
        ("windows-1252", "Größe €5 – “très élégant”"),
        ("euc-kr", KOREAN),
        ("euc-jp", JAPANESE),
        ("shift-jis", JAPANESE),
        ("big5", TRADITIONAL),
    ],
)
def test_other_encodings_never_come_out_as_wrong_words(encoding: str, text: str, tmp_path: Path) -> None:
    path = save(tmp_path / "x.csv", table("plain", text), encoding)
    imported = intake.read(path)
    assert [(d["row"], d["column"], d["rule"]) for d in imported.rejected.to_pylist()] == [
        (3, "answer", "undecodable-bytes")
    ]
    assert imported.responses["answer"].to_pylist() == ["plain"]
    if encoding in ("iso-8859-1", "windows-1252"):
        assert intake.read(path, encoding=encoding).responses["answer"].to_pylist() == ["plain", text]


def test_a_byte_out_of_place_costs_its_row_alone(tmp_path: Path) -> None:
    text = table(*[CHINESE] * 20).encode()
    at = text.index(CHINESE.encode(), 500)
    path = save(tmp_path / "x.csv", text[:at] + b"\xff" + text[at:])
    imported = intake.read(path)
    (defect,) = imported.rejected.to_pylist()
    assert defect["rule"] == "undecodable-bytes" and defect["value"].startswith("\\xff服务")
    assert text[:at].count(b"\n") + 1 == defect["row"]
    assert imported.counts.accepted == 19


def test_lines_of_two_encodings(tmp_path: Path) -> None:
    lines = [line.encode() for line in table(*[CHINESE] * 9).splitlines(keepends=True)]
    lines[4] = lines[4].decode().encode("gb18030")
    imported = intake.read(save(tmp_path / "x.csv", b"".join(lines)))
    assert [(d["row"], d["rule"]) for d in imported.rejected.to_pylist()] == [(5, "undecodable-bytes")]


def test_gb18030_round_trip(tmp_path: Path) -> None:
    """Every character of the plane that GB18030 is used for comes back."""
    words = [
        "".join(chr(code) for code in range(start, start + 64) if chr(code).isprintable())
        for start in range(0x4E00, 0x9FC0, 64)
    ]
    text = table(*words)
    path = save(tmp_path / "x.csv", text, "gb18030")
    # No text in use has all of them: the encoding has to be said.
    imported = intake.read(path, encoding="gb18030")
    assert imported.responses["answer"].to_pylist() == words
    back = "response_id,answer\n" + "".join(
        f"{row['response_id']},{row['answer']}\n" for row in imported.responses.to_pylist()
    )
    assert back.encode("gb18030") == path.read_bytes()


def test_half_a_character_of_utf16(tmp_path: Path) -> None:
    path = save(tmp_path / "x.csv", table("a", "b").encode("utf-16") + b"3\0,\0x")
    imported = intake.read(path)
    assert [(d["row"], d["rule"]) for d in imported.rejected.to_pylist()] == [(4, "undecodable-bytes")]
    lone = save(tmp_path / "y.csv", table("a", "b\ud800").encode("utf-16", "surrogatepass"))
    assert [d["row"] for d in intake.read(lone).rejected.to_pylist()] == [3]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_and_ends_of_lines(end: str, separator: str, tmp_path: Path) -> None:
    rows = [
        ["response_id", "a", "b"],
        ["1", "x, y; z", 'he said "no"'],
        ["2", "two\nlines", ""],
        ["3", "", "é"],
    ]
    text = files.csv_text(rows, separator, quote_all=True, end=end)
    imported = intake.read(save(tmp_path / "x.csv", text))
    assert [[r["response_id"], r["a"] or "", r["b"] or ""] for r in imported.responses.to_pylist()] == rows[
        1:
    ]
    assert imported.counts.lines == len(
        text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    )


def test_the_separator_that_the_first_line_says(tmp_path: Path) -> None:
    imported = intake.read(save(tmp_path / "x.csv", "sep=;\nresponse_id;a\n1;x,y\n"))
    assert imported.responses["a"].to_pylist() == ["x,y"]
    assert (imported.counts.lines, imported.counts.header, imported.counts.read) == (3, 2, 1)


def test_headings_twice_and_without_words(tmp_path: Path) -> None:
    path = save(tmp_path / "x.csv", "response_id,a,a,,language,\n1,x,y,z,en,\n")
    imported = intake.read(path)
    row = imported.responses.to_pylist()[0]
    assert row == {
        "response_id": "1",
        "language": "en",
        "a": "x",
        "a_2": "y",
        "column_4": "z",
    }
    assert any("'a' stands twice" in note for note in imported.sources[0].notes)


def test_ids_and_figures_are_told_apart(tmp_path: Path) -> None:
    rows = ("1,01234,13800000000,123456789,4.5,5,", "2,98765,13900000000,1,-2,x,")
    text = "\n".join(["response_id,zip,phone,big,rate,mixed,blank", *rows])
    imported = intake.read(save(tmp_path / "x.csv", text))
    row = imported.responses.to_pylist()[0]
    assert (row["zip"], row["phone"], row["mixed"]) == ("01234", "13800000000", "5")
    assert (row["big"], row["rate"], row["blank"]) == (123456789, 4.5, None)


def test_columns_that_are_nearly_numbers_are_noted(tmp_path: Path) -> None:
    path = save(tmp_path / "x.csv", "response_id,q\n" + "".join(f"{n},5\n" for n in range(19)) + "19,five\n")
    assert any("19 of 20 answers are numbers" in note for note in intake.read(path).sources[0].notes)
    assert intake.read(path, numbers=["q"]).counts.rejected == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(
            'response_id,a\n1,"x\n2,y\n', ":2:3: a quote that opens a cell here is not closed", id="open"
        ),
        pytest.param('response_id,a\n1,x\n2,"y" z\n3,"', ":4:3: a quote", id="open after a bad one"),
        pytest.param('a,"b\n', ":1:3: a quote", id="open in the header"),
        pytest.param("", "the file is empty", id="empty"),
        pytest.param("\n\n\n", "it has no header", id="blank"),
        pytest.param("a,b\xff\n1,2\n", ":1:2: the header cannot be read", id="bytes in the header"),
        pytest.param(
            ",".join(f"c{n}" for n in range(1025)) + "\n", "1025 columns are more than 1024", id="wide"
        ),
        pytest.param(
            'response_id,a\n1,"' + "x" * (1 << 20) + 'x"\n',
            ":2:3: a quote that opens",
            id="cell of a megabyte",
        ),
        pytest.param(
            "response_id,a\n1," + "x" * (1 << 20) + "x\n",
            ":2:3: a cell has more",
            id="bare cell of a megabyte",
        ),
    ],
)
def test_files_that_cannot_be_read(text: str, words: str, tmp_path: Path) -> None:
    path = save(tmp_path / "x.csv", text.encode("latin-1"))
    with pytest.raises(TableError) as error:
        intake.read(path)
    assert words in str(error.value) and str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


def test_limits_hold_on_both_sides(tmp_path: Path) -> None:
    limits = intake.Limits(field_chars=11, columns=3, options=2)
    assert (
        intake.read(
            save(tmp_path / "a.csv", "response_id,a,b\n1,0123456789a,x\n"), limits=limits
        ).counts.accepted
        == 1
    )
    with pytest.raises(TableError, match="11 characters"):
        intake.read(save(tmp_path / "b.csv", "response_id,a,b\n1,0123456789ab,x\n"), limits=limits)
    with pytest.raises(TableError, match="4 columns are more than 3"):
        intake.read(save(tmp_path / "c.csv", "response_id,a,b,c\n"), limits=limits)
    two = save(tmp_path / "d.csv", "response_id,a\n1,x|y\n2,y|x\n")
    assert intake.read(two, limits=limits, separator=",", multi={"a": "|"}).counts.accepted == 2
    three = save(tmp_path / "e.csv", "response_id,a\n1,x|y\n2,z\n")
    with pytest.raises(TableError, match="'a' has 3 options, more than 2"):
        intake.read(three, limits=limits, separator=",", multi={"a": "|"})
    with pytest.raises(ValueError, match="outside of 1 to"):
        intake.Limits(columns=1 << 20)


def test_old_locked_and_packed_files_are_named(tmp_path: Path) -> None:
    for name, data, words in (
        ("x.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "an old (.xls) or locked Excel workbook"),
        ("x.csv.gz", b"\x1f\x8b\x08" + b"\0" * 60, "it is packed"),
        ("x.xlsx", b"PK\x03\x04" + b"\0" * 60, "no readable Excel workbook"),
        ("x.sav", b"$FL2" + b"\0" * 600, "no readable SPSS file"),
        ("x.parquet", b"PAR1" + b"\0" * 60 + b"PAR1", "x.parquet: "),
        ("x.csv", "a,b\n".encode("utf-32"), "it is UTF-32"),
        ("x.json", b'{"a": [1, 2', ":1:12: no strict JSON"),
        ("y.json", b'{"a": 1}', "holds no array of records"),
        ("z.json", b'[{"a": 1}] x', ":1:12: no strict JSON"),
    ):
        with pytest.raises(TableError) as error:
            intake.read(save(tmp_path / name, data))
        assert words in str(error.value), name
        assert "\n" not in str(error.value)


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    import zipfile

    pytest.importorskip("openpyxl")
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"\0" * (65 << 20))
    with pytest.raises(TableError, match="packed more than 200 to 1"):
        intake.read(path)


def test_reading_takes_time_in_proportion(tmp_path: Path) -> None:
    def seconds(rows: int) -> float:
        rng = random.Random(1)
        text = "response_id,a,b,c\n" + "".join(f"{n},{rng.random()},x{n},5\n" for n in range(rows))
        path = save(tmp_path / f"{rows}.csv", text)
        before = time.process_time()
        intake.read(path)
        return time.process_time() - before

    seconds(1000)
    assert seconds(80_000) < 8 * seconds(20_000) + 0.5


UTF8 = SHARED / "conformance" / "hostile" / "text" / "utf8tests.bin"


@pytest.mark.skipif(not UTF8.parent.is_dir(), reason="the shared hostile files are not here")
def test_naughty_strings_come_through(tmp_path: Path) -> None:
    names = [p for p in UTF8.parent.iterdir() if p.name.startswith("blns") and p.suffix == ".txt"]
    words = [
        line
        for line in names[0].read_text(encoding="utf-8").split("\n")
        if line.strip() and "\0" not in line and "\r" not in line
    ]
    rows = [["response_id", "answer", "end"], *([str(n), word, "."] for n, word in enumerate(words))]
    imported = intake.read(save(tmp_path / "x.csv", files.csv_text(rows)), texts=["answer"])
    assert imported.responses["answer"].to_pylist() == words
