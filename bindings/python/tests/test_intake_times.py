"""Times and durations: what cannot be read for want of an option says which, and nothing is rounded."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from intake_files import save
from libcsat import intake
from pyarrow import parquet

ISO = "2025-03-20 08:00:00"


def told(tmp_path: Path, heading: str, cell: str, **options: Any) -> tuple[Any, str]:
    """The value of a cell, and what is said of it."""
    imported = intake.read(save(tmp_path / "x.csv", [["response_id", heading], ["a", cell]]), **options)
    if imported.rejected.num_rows:
        (defect,) = imported.rejected.to_pylist()
        assert defect["row"] == 2 and imported.responses.num_rows == 0
        return None, defect["message"]
    return imported.responses[heading][0].as_py(), ""


@pytest.mark.parametrize(
    ("cell", "dates", "said"),
    [
        ("03/04/2025 10:00", None, f"{ISO} or 2025/3/20 8:00; give --dates mdy or dmy"),
        ("13/04/2025 10:00", None, f"{ISO} or 2025/3/20 8:00; give --dates dmy"),
        ("04/13/2025 10:00 PM", None, f"{ISO} or 2025/3/20 8:00; give --dates mdy"),
        ("13.04.2025", None, f"{ISO} or 2025/3/20 8:00; give --dates dmy"),
        ("13/04/2025 10:00", "mdy", f"{ISO} or 03/20/2025 8:00 AM; give --dates dmy"),
        ("04/13/2025 10:00", "dmy", f"{ISO} or 20/03/2025 8:00; give --dates mdy"),
        ("13/13/2025 10:00", None, f"{ISO} or 2025/3/20 8:00"),
        ("03/04/25 10:00", None, f"{ISO} or 2025/3/20 8:00"),
        ("2025/13/01", None, f"{ISO} or 2025/3/20 8:00"),
        ("soon", None, f"{ISO} or 2025/3/20 8:00"),
    ],
)
def test_the_option_that_would_read_a_time(cell: str, dates: str | None, said: str, tmp_path: Path) -> None:
    _, message = told(tmp_path, "submitted_at", cell, dates=dates)
    assert message == f"'{cell}' is no time such as {said}"
    if "--dates" in said:
        for order in said.rpartition("--dates ")[2].split(" or "):
            value, message = told(tmp_path, "submitted_at", cell, dates=order)
            assert isinstance(value, datetime) and message == ""


@pytest.mark.parametrize(
    ("cell", "unit", "millis"),
    [
        ("1", "ms", 1),
        ("1.0", "ms", 1),
        ("1.5", "ms", None),
        ("0.001", "s", 1),
        ("299.5", "s", 299_500),
        ("0.0005", "s", None),
        ("1.0005", "s", None),
        ("0.1", "min", 6000),
        ("0.00001", "min", None),
        ("0.0000001", "h", None),
        ("1e3", "ms", 1000),
        ("1e-400", "ms", None),
        ("9007199254740992", "ms", 2**53),
        ("9007199254740993", "ms", None),
        ("-1", "ms", None),
        ("0:02:05", "s", 125_000),
        ("2:05", "s", None),
        ("1分5.5秒", "s", 65_500),
        ("1分5.0005秒", "s", None),
        ("2小时3分", "s", 7_380_000),
    ],
)
def test_durations_are_exact(cell: str, unit: str, millis: int | None, tmp_path: Path) -> None:
    mapping = {"columns": {"duration_ms": {"as": "duration_ms", "type": "duration", "unit": unit}}}
    value, message = told(tmp_path, "duration_ms", cell, mapping=mapping)
    assert value == millis
    if millis is None:
        words = f"'{cell}' is no duration such as 125, 0:02:05 or 125秒"
        assert message in (words, f"{words}, in whole milliseconds")
        assert message.endswith("milliseconds") == ("." in cell or "e" in cell)


def test_durations_of_a_type_of_their_own(tmp_path: Path) -> None:
    spans = pa.array([1_500_000, 1_500_001, -1_000_000, None], pa.duration("ns"))
    table = pa.table({"response_id": ["a", "b", "c", "d"], "duration_ms": spans})
    parquet.write_table(table, tmp_path / "x.parquet", version="2.6")
    imported = intake.read(tmp_path / "x.parquet")
    assert [(d["row"], d["value"], d["rule"]) for d in imported.rejected.to_pylist()] == [
        (1, "1500000 ns", "bad-duration"),
        (2, "1500001 ns", "bad-duration"),
        (3, "-1000000 ns", "bad-duration"),
    ]
    whole = table.set_column(1, "duration_ms", pa.array([2_000_000, 0, 10**15, None], pa.duration("ns")))
    parquet.write_table(whole, tmp_path / "y.parquet")
    assert intake.read(tmp_path / "y.parquet").responses["duration_ms"].to_pylist() == [2, 0, 10**9, None]


FIRST, LAST = datetime(1900, 1, 1), datetime(2199, 12, 31, 23, 59, 59)
# Of what becomes text, such as the day on which a contract never ends.
START, END = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)
TIMES = [*map(pa.timestamp, ("s", "ms", "us")), pa.date32(), pa.date64()]


@pytest.mark.parametrize("zone", [None, "Asia/Shanghai"])
@pytest.mark.parametrize(
    ("type", "name"),
    [
        *((type, name) for type in TIMES for name in ("submitted_at", "when")),
        (pa.timestamp("ns"), "submitted_at"),
    ],
)
def test_times_of_a_type_lie_in_the_same_years(
    type: pa.DataType, name: str, zone: str | None, tmp_path: Path
) -> None:
    edges = (FIRST, LAST) if name == "submitted_at" else (START, END)
    kept = pa.array([*edges, None], pa.timestamp("s")).cast(type, safe=False)
    days, day = 2**31 - 1, 86_400_000
    far = {"date32[day]": days, "date64[ms]": days * day, "timestamp[us]": 2**62, "timestamp[ns]": 9 * 10**18}
    number = pa.int32() if type == pa.date32() else pa.int64()
    most = far.get(str(type), days * day)
    table = pa.table(
        {
            "response_id": ["a", "b", "c", "d", "e"],
            name: pa.concat_arrays([kept, pa.array([most, -most], number).cast(type)]),
        }
    )
    with pa.OSFile(str(tmp_path / "x.arrow"), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    imported = intake.read(tmp_path / "x.arrow", zone=zone)
    found = [(d["row"], d["rule"]) for d in imported.rejected.to_pylist()]
    assert found == [(4, "bad-time"), (5, "bad-time")]
    assert imported.responses["response_id"].to_pylist() == ["a", "b", "c"]
    assert imported.responses[name].null_count == 1


def test_any_nanoseconds_are_text(tmp_path: Path) -> None:
    """They begin in 1677 and end in 2262."""
    when = pa.array([-(2**63) + 1, 2**63 - 2, None], pa.timestamp("ns"))
    parquet.write_table(pa.table({"response_id": ["a", "b", "c"], "when": when}), tmp_path / "x.parquet")
    imported = intake.read(tmp_path / "x.parquet")
    assert [str(text)[:10] for text in imported.responses["when"].to_pylist()] == [
        "1677-09-21",
        "2262-04-11",
        "None",
    ]


def test_ids_that_a_binary_number_has_rounded(tmp_path: Path) -> None:
    ids = pa.array([1.0, float(2**53), float(2**53 + 2), float("nan"), None, 1.5])
    parquet.write_table(pa.table({"response_id": ids, "q": range(6)}), tmp_path / "x.parquet")
    imported = intake.read(tmp_path / "x.parquet")
    assert [(d["row"], d["rule"]) for d in imported.rejected.to_pylist()] == [
        (3, "inexact-number"),
        (4, "missing-id"),
        (5, "missing-id"),
    ]
    assert imported.responses["response_id"].to_pylist() == ["1", "9007199254740992", "1.5"]
