"""Responses counted by group: any split gives the same bytes, nothing vanishes, nothing is half done.
P2-54"""

from __future__ import annotations

import concurrent.futures
import datetime
import itertools
import pickle
import random
from decimal import Decimal
from typing import Any

import libcsat as cs
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

ITEMS = {"q1": (1, 5), "q2": cs.Item("1", Decimal(5)), "wait": cs.Item(0, 3600, decimal_places=1)}


def rows(count: int, seed: int) -> pa.Table:
    chance = random.Random(seed)

    def some(values: list[Any]) -> list[Any]:
        return [None if chance.random() < 0.1 else chance.choice(values) for _ in range(count)]

    return pa.table(
        {
            "shop": some(["north", "south", "west"]),
            "month": pa.array(some([1, 2, 3]), pa.int32()),
            "q1": pa.array(some([1, 2, 3, 4, 5]), pa.int8()),
            "q2": pa.array(some([1, 2, 3, 4, 5]), pa.float64()),
            "wait": pa.array(some([0.5, 17.3, 3600.0]), pa.float64()),
            "other": pa.array(["x"] * count),
        }
    )


def count(table: Any, **more: Any) -> cs.Aggregates:
    return cs.accumulate(table, ["shop", "month"], ITEMS, {"quality": ["q1", "q2"]}, **more)


def _merge_in_worker(parts: tuple[cs.Aggregates, cs.Aggregates]) -> cs.Aggregates:
    return parts[0] + parts[1]


def test_any_split_gives_the_same_bytes() -> None:
    table = rows(5000, 1)
    whole = count(table, threads=1)
    assert whole.rows == 5000
    assert len(whole) == 16
    chance = random.Random(2)
    shuffled = table.take(chance.sample(range(5000), 5000))
    cuts = [0, *sorted(chance.sample(range(5000), 7)), 5000]
    parts = [shuffled.slice(a, b - a) for a, b in itertools.pairwise(cuts)]
    assert count(iter(parts), threads=3).to_bytes() == whole.to_bytes()
    counted = [count(part, threads=2) for part in parts]
    chance.shuffle(counted)
    assert sum(counted) == whole
    assert sum(counted[1:], start=counted[0].copy()) == whole
    window = whole - counted[3]
    assert window.rows == 5000 - counted[3].rows
    assert window + counted[3] == whole
    assert cs.Aggregates.from_bytes(whole.to_bytes()) == whole
    again = pickle.loads(pickle.dumps(whole))
    assert again == whole
    assert type(again.table()) is pa.Table


def test_exact_items() -> None:
    table = pa.table({"q": [3, 3.5]})
    nearest = cs.Item(1, 5, exact=False)
    assert cs.accumulate(table, items={"q": nearest}).table()["q.mean"].to_pylist() == [3.5]
    assert cs.accumulate(table, items={"q": cs.Item(1, 5, decimal_places=1)}).table()[
        "q.mean"
    ].to_pylist() == [3.25]
    for item in ((1, 5), cs.Item(1, 5)):
        with pytest.raises(
            cs.TableError, match=r"^row 1: column 'q': 3.5 lies between two steps of 1 of item 'q'$"
        ):
            cs.accumulate(table, items={"q": item})
        assert cs.accumulate(table, items={"q": item}, bad_rows="refuse").refused == 1


def test_workers_carry_it() -> None:
    table = rows(400, 3)
    halves = count(table.slice(0, 150)), count(table.slice(150))
    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        assert pool.submit(_merge_in_worker, halves).result() == count(table)


@pytest.mark.parametrize("kind", [pa.Table, pd.DataFrame, pl.DataFrame, pl.LazyFrame, pa.RecordBatchReader])
def test_kinds_of_tables(kind: Any) -> None:
    table = rows(300, 4)
    given = {
        pa.Table: lambda: table,
        pd.DataFrame: lambda: table.to_pandas(types_mapper=pd.ArrowDtype),
        pl.DataFrame: lambda: pl.from_arrow(table),
        pl.LazyFrame: lambda: pl.from_arrow(table).lazy(),
        pa.RecordBatchReader: lambda: table.to_reader(max_chunksize=77),
    }[kind]()
    counted = count(given)
    assert counted == count(table)
    back = {pl.LazyFrame: pl.DataFrame, pa.RecordBatchReader: pa.Table}.get(kind, kind)
    assert type(counted.table()) is back
    assert type(counted.levels()) is back
    assert type(counted.reliability(group=("north", 1)).table) is back


def test_tables_hold_what_pandas_counts() -> None:
    frame = rows(1000, 5).to_pandas().astype({"month": "Int32"})
    counted = count(frame)
    table = counted.table()
    grouped = frame.groupby(["shop", "month"], dropna=False)
    assert len(table) == grouped.ngroups == len(counted)
    for _, row in table.iterrows():
        match = (frame["shop"] == row["shop"]) | (pd.isna(frame["shop"]) & pd.isna(row["shop"]))
        match &= (frame["month"] == row["month"]) | (pd.isna(frame["month"]) & pd.isna(row["month"]))
        own = frame[match]
        assert row["rows"] == len(own)
        for item in ("q1", "q2", "wait"):
            assert row[f"{item}.n"] == own[item].count()
            assert row[f"{item}.missing"] == own[item].isna().sum()
            assert row[f"{item}.mean"] == pytest.approx(own[item].mean(), rel=1e-14)
            assert row[f"{item}.sd"] == pytest.approx(own[item].std(), rel=1e-13)
    levels = counted.levels()
    assert set(levels["item"]) == {"q1", "q2"}
    assert levels["count"].sum() == frame["q1"].count() + frame["q2"].count()
    north = levels[(levels["shop"] == "north") & (levels["item"] == "q1") & (levels["value"] == 4)][
        "count"
    ].sum()
    assert north == ((frame["shop"] == "north") & (frame["q1"] == 4)).sum()


def test_labels_and_missing_values() -> None:
    item = cs.Item(
        1, 5, field="How was it?", missing_values=[9], labels={"good": 5, "很差": 1, "don't know": 9}
    )
    table = pa.table({"How was it?": ["good", "很差", "good", "don't know", None]})
    counted = cs.accumulate(table, items={"how": item})
    assert counted.table().to_pylist()[0] | {"how.sd": 0} == {
        "rows": 5,
        "how.n": 3,
        "how.missing": 2,
        "how.mean": 11 / 3,
        "how.sd": 0,
    }
    assert counted.spec["items"][0]["labels"][1] == {"word": "很差", "value": 1}
    days = pa.table({"day": [datetime.date(2025, 3, 1)] * 2, "q": [1, 2]})
    assert cs.accumulate(days, "day", {"q": (1, 2)}).table()["day"].to_pylist() == [datetime.date(2025, 3, 1)]


def failing(table: pa.Table, error: Exception) -> pa.RecordBatchReader:
    def batches() -> Any:
        yield from table.to_batches(max_chunksize=10)
        raise error

    return pa.RecordBatchReader.from_batches(table.schema, batches())


def test_nothing_is_half_added() -> None:
    table = rows(100, 6)
    counted = count(table)
    before = counted.to_bytes()
    with pytest.raises(cs.TableError, match="the disk is gone") as broken:
        counted.add(failing(table, OSError("the disk is gone")))
    assert broken.value.code == "DATA_LOSS"
    assert counted.to_bytes() == before
    bad = table.set_column(2, "q1", pa.array([3] * 57 + [6] + [3] * 42))
    with pytest.raises(cs.TableError, match=r"^row 57: column 'q1': 6 lies outside"):
        counted.add(bad.to_reader(max_chunksize=10))
    assert counted.to_bytes() == before
    counted.add(bad.to_reader(max_chunksize=10), bad_rows="refuse")
    assert (counted.rows, counted.refused) == (199, 1)
    assert "1 rows were refused" in repr(counted)


@pytest.mark.parametrize(
    ("items", "sets", "by", "error", "message"),
    [
        ({"Q1": (1, 5)}, {}, [], cs.SpecError, "item 'Q1': the id is not"),
        ({"q1": (5, 1)}, {}, [], cs.SpecError, r"the range \[5, 1\] is empty"),
        ({"q1": (0.5, 5)}, {}, [], cs.SpecError, "more than 0 decimal places"),
        ({"q1": (float("inf"), 5)}, {}, [], cs.SpecError, "not a finite number"),
        ({"q1": ("one", 5)}, {}, [], cs.SpecError, "'one' is not a number"),
        (
            {"q0": (1, 5), "q1": (-(10**18), 5)},
            {},
            [],
            cs.SpecError,
            r"^item 'q1': min: number '-1000000000000000000' lies outside "
            r"\[-9223372036854.775808, 9223372036854.775807\]$",
        ),
        (
            {"q1": (1, 10**18)},
            {},
            [],
            cs.SpecError,
            "^item 'q1': max: number '1000000000000000000' lies outside",
        ),
        ({"q1": (1e-7, 5)}, {}, [], cs.SpecError, "^item 'q1': min: number '0.0000001' has more than 6"),
        (
            {"q1": cs.Item(1, 5, missing_values=[9, 10**18])},
            {},
            [],
            cs.SpecError,
            r"^item 'q1': missing_values: number '1000000000000000000' lies outside",
        ),
        (
            {"q1": cs.Item(1, 5, labels={"bad": 1, "good": 10**18})},
            {},
            [],
            cs.SpecError,
            "^item 'q1': labels 'good': number '1000000000000000000' lies outside",
        ),
        (
            {"q1": cs.Item(1, 5, decimal_places=2**40)},
            {},
            [],
            cs.SpecError,
            "^item 'q1': decimal_places: number '1099511627776' lies outside",
        ),
        ({"": (1, 5)}, {}, [], cs.SpecError, "^item '': id: is missing$"),
        ({"q1": (True, 5)}, {}, [], TypeError, "min is True, a bool: a number"),
        ({"q1": 5}, {}, [], TypeError, "neither an Item nor"),
        ({"q1": (1, 5, 0)}, {}, [], TypeError, r"is not \(min, max\)"),
        ({"q1": (1, 5)}, {"s": ["q1"]}, [], cs.SpecError, "1 items lie outside"),
        ({"q1": (1, 5)}, {"s": ["q1", "q7"]}, [], cs.SpecError, "'q7' is no item"),
        ({"q1": (1, 5)}, {"s": "q1"}, [], TypeError, "is 'q1', a str: no list of texts"),
        ({"q1": (1, 5)}, {}, ["none"], cs.TableError, "column 'none' is missing"),
        ({"score": cs.Item(1, 5, "q_1")}, {}, [], cs.TableError, "column 'q_1' is missing.*'q1'"),
        (
            {"wait": (0, 3600)},
            {},
            ["q1", "wait"],
            cs.TableError,
            "a key is a bool, an integer, a word or a day",
        ),
    ],
)
def test_specs_and_columns(items: Any, sets: Any, by: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        cs.accumulate(rows(10, 7), by, items, sets)


def test_bytes_and_specs_that_do_not_fit() -> None:
    counted = count(rows(10, 8))
    data = counted.to_bytes()
    for broken in (b"", data[:-1], data[:60] + b"\0" + data[61:], b"CSATAGG\x02" + data[8:]):
        with pytest.raises(cs.SpecError, match=r"^aggregate bytes: "):
            cs.Aggregates.from_bytes(broken)
    other = cs.accumulate(rows(10, 8), items={"q1": (1, 5)})
    with pytest.raises(cs.SpecError, match="another spec") as mixed:
        counted.merge(other)
    assert mixed.value.code == "FAILED_PRECONDITION"
    assert counted.to_bytes() == data
    with pytest.raises(cs.SpecError, match="rows that this one does not"):
        counted.subtract(count(rows(20, 9)))
    with pytest.raises(TypeError):
        counted + 1
    assert counted != 1


def test_groups_by_key() -> None:
    table = pa.table({"key": [True, False, None], "q1": [1, 2, 3], "q2": [1, 2, 3]})
    counted = cs.accumulate(table, "key", {"q1": (1, 5), "q2": (1, 5)}, {"s": ["q1", "q2"]})
    assert counted.reliability("s", False).by_item[0].mean == 2
    assert counted.reliability("s", None).by_item[0].mean == 3
    for set, group, message in (
        ("t", True, "no set 't'; there are: s"),
        ("s", 1, "no group"),
        ("s", (), "a group has 1 keys"),
        ("s", (True, False), "a group has 1 keys"),
    ):
        with pytest.raises(cs.NotFoundError, match=message):
            counted.reliability(set, group)


def test_shows_itself() -> None:
    counted = count(rows(500, 10))
    assert repr(counted).startswith("500 rows in 16 groups\nshop")
    assert "<table" in counted._repr_html_()
    many = cs.accumulate(pa.table({"id": range(1000)}), "id")
    assert repr(many).endswith("980 further groups")
    assert len(cs.accumulate(pa.table({"id": pa.array([], pa.int64())}), "id")) == 0
