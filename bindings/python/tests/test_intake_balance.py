"""Nothing is lost whatever is done to a file: counts balance, or one error names the place."""

from __future__ import annotations

import csv
import gzip
import random
import re
import subprocess
import sys
from pathlib import Path

import intake_files as files
import pytest
from conftest import SHARED
from intake_files import save
from libcsat import intake
from libcsat.error import CsatError

ROUNDS = 100
HOSTILE = SHARED / "conformance" / "hostile"
CSV = sorted(p for p in HOSTILE.glob("csv/**/*") if p.is_file())
JSON = sorted(p for p in HOSTILE.glob("json/**/*.json") if p.is_file())
# What a spoiler puts into a file.
SCRAPS = [b'"', b'""', b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xe8\x81", b"\xef\xbb\xbf",
          b"\xed\xa0\x80", b"=1+1", b"NaN", b"1e999", b"-0", b"00012", "┋".encode(), "→".encode(),
          "(跳过)".encode(), b"2025-02-30", b"\xf0\x9f\x98\x80", b" " * 50, b"9" * 40]  # fmt: skip


def spoilt(data: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data) + 1)
        end = min(len(data), at + rng.choice((0, 0, 1, 3, 20, 200)))
        how = rng.randrange(5)
        if how == 0:
            data = data[:at] + rng.choice(SCRAPS) + data[at:]
        elif how == 1:
            data = data[:at] + data[end:]
        elif how == 2:
            data = data[:at] + rng.randbytes(end - at) + data[end:]
        elif how == 3:
            data = data[:end] + data[at:end] + data[end:]
        else:
            lines = data.splitlines(keepends=True)
            rng.shuffle(lines)
            data = b"".join(lines)
    return data


def check(imported: intake.Imported) -> None:
    for source in imported.sources:
        counts = source.counts
        assert counts.accepted + counts.rejected == counts.read
        assert min(counts.as_dict().values()) >= 0
        if source.profile != "long":
            assert counts.responses + counts.repeated + counts.superseded == counts.accepted
        mine = [d for d in imported.rejected.to_pylist() if d["file"] == source.path]
        assert len({d["row"] for d in mine}) == counts.rejected
        for defect in mine:
            assert defect["rule"] in intake.RULES and "\n" not in defect["message"]
            assert 1 <= defect["row"] <= defect["last_row"]
        taken = [lines for lines in source.passed]
        assert len({lines.first for lines in taken}) == len(taken)
    assert imported.responses.num_rows == imported.counts.responses
    names = imported.responses["response_id"].to_pylist()
    assert len(set(names)) == len(names) and None not in names
    imported.responses.validate(full=True)


@pytest.mark.parametrize("name", files.FILES)
def test_randomly_spoilt_files_balance(name: str, tmp_path: Path) -> None:
    file, text = files.FILES[name]
    encodings = ["utf-8", "gb18030"] if name == "wjx" else ["utf-8"]
    read = refused = 0
    for seed in range(ROUNDS):
        rng = random.Random(f"{name} {seed}")
        data = spoilt(text.encode(rng.choice(encodings)), rng)
        path = save(tmp_path / file, data)
        try:
            # As it is found, and as it is said to be.
            for profile in (None, name):
                imported = intake.read(path, profile=profile, zone="Asia/Shanghai")
                check(imported)
                read += 1
        except CsatError as error:
            refused += 1
            assert error.code != "INTERNAL", (name, seed, str(error))
            assert "\n" not in str(error)
    # Where JSON is no JSON any more, the file is refused as a whole.
    assert read > (0 if file.endswith(".json") else ROUNDS / 2)


@pytest.mark.parametrize("name", files.FILES)
def test_cut_off_files_balance(name: str, tmp_path: Path) -> None:
    file, text = files.FILES[name]
    data = text.encode()
    for end in range(1, len(data), 37):
        try:
            check(intake.read(save(tmp_path / file, data[:end])))
        except CsatError as error:
            assert error.code != "INTERNAL" and "\n" not in str(error)


def test_spoilt_workbooks_and_system_files(tmp_path: Path) -> None:
    """Bytes changed in packed files: read, or refused in a line."""
    openpyxl, spss = pytest.importorskip("openpyxl"), pytest.importorskip("pyreadstat")
    pd = pytest.importorskip("pandas")
    book = openpyxl.Workbook()
    for row in files.wide():
        book.active.append(row)
    book.save(tmp_path / "good.xlsx")
    frame = pd.DataFrame({"response_id": ["a", "b"], "满意度": [5.0, 4.0]})
    spss.write_sav(frame, tmp_path / "good.sav")
    for name in ("good.xlsx", "good.sav"):
        data = (tmp_path / name).read_bytes()
        for seed in range(60):
            rng = random.Random(seed)
            changed = bytearray(data)
            for _ in range(rng.randint(1, 4)):
                changed[rng.randrange(8, len(changed))] = rng.randrange(256)
            path = save(
                tmp_path / f"bad{name[-5:]}",
                bytes(changed[: rng.choice((len(data), rng.randrange(9, len(data))))]),
            )
            try:
                check(intake.read(path))
            except CsatError as error:
                assert error.code != "INTERNAL" and "\n" not in str(error), (name, seed)


# Reads each file of its arguments; prints what became of it. Only errors of the input are let pass.
READER = """
import sys
sys.path.insert(0, sys.argv[1])
from libcsat import intake
from libcsat.error import CsatError
from test_intake_balance import check

for path in sys.argv[2:]:
    try:
        imported = intake.read(path)
        check(imported)
        counts = imported.counts
        print(path, "read", counts.read, counts.accepted, counts.rejected)
    except CsatError as error:
        assert error.code != "INTERNAL" and "\\n" not in str(error), str(error)
        print(path, "refused", error)
"""


def run(paths: list[Path], *, timeout: int = 300) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", READER, str(Path(__file__).parent), *map(str, paths)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 0, f"{paths[len(lines)]}: {done.stderr[-2000:]}"
    return lines


@pytest.mark.skipif(not CSV, reason="the shared hostile files are not here")
@pytest.mark.parametrize("part", range(4))
def test_hostile_csv(part: int) -> None:
    lines = run(CSV[part::4])
    assert len(lines) == len(CSV[part::4])
    for line in lines:
        if " refused " in line and not re.search(r": the file is empty|: it has no header", line):
            # The place is in it, but for files that are none of a table at all.
            path, _, message = line.partition(" refused ")
            assert message.startswith(path), line


@pytest.mark.skipif(not JSON, reason="the shared hostile files are not here")
def test_hostile_json() -> None:
    lines = run(JSON)
    assert len(lines) == len(JSON)
    for line, path in zip(lines, JSON, strict=True):
        if path.name.startswith("n_"):
            # None of them is strict JSON: refused, or each of its records is.
            assert " refused " in line or line.split(" read ")[1].split(" ")[1] == "0", line


SPECTRUM = sorted(HOSTILE.glob("csv/csv-spectrum/csvs/*.csv"))


@pytest.mark.skipif(not SPECTRUM, reason="the shared hostile files are not here")
@pytest.mark.parametrize("path", SPECTRUM, ids=lambda path: path.stem)
def test_what_csv_files_mean(path: Path) -> None:
    import json

    meant = json.loads((path.parents[1] / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
    imported = intake.read(path, texts=["*"])
    assert imported.counts.rejected == 0
    names = [name for name in imported.responses.column_names if name != "response_id"]
    rows = [{k: v or "" for k, v in row.items()} for row in imported.responses.select(names).to_pylist()]
    assert rows == [{k: v for k, v in row.items() if k.strip()} for row in meant]


DATA = SHARED / "data"
REAL = [
    ("likert/bank_satisfaction.csv", 250),
    ("likert/bfi.csv", 2_800),
    ("likert/airline_passenger_satisfaction.csv.gz", 129_880),
    ("workflow/olist/olist_order_reviews_dataset.csv.gz", 2_993),
    ("text/en/airline_tweets.csv.gz", 14_640),
    ("text/zh/asap_dev_sample.csv", 100),
]


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not here")
@pytest.mark.parametrize(("name", "rows"), REAL, ids=[Path(name).name for name, _ in REAL])
def test_real_files_come_in_whole(name: str, rows: int, tmp_path: Path) -> None:
    """Every cell is what the csv module reads."""
    data = (DATA / name).read_bytes()
    path = save(tmp_path / "real.csv", gzip.decompress(data) if name.endswith(".gz") else data)
    imported = intake.read(path, texts=["*"])
    check(imported)
    assert (imported.counts.read, imported.counts.rejected) == (rows, 0)
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading, *meant = csv.reader(file)
    table = imported.responses.drop_columns(["response_id"])
    assert table.num_columns == len([name for name in heading if name.strip()])
    at = {field.metadata[b"csat.heading"].decode(): n for n, field in enumerate(table.schema)}
    for n, name in enumerate(heading):
        if name.strip():
            cells = [cell or "" for cell in table.column(at[name]).to_pylist()]
            assert cells == [row[n] if row[n].strip() else "" for row in meant], name
