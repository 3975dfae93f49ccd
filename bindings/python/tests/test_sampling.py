"""Who is asked: sizes, allocations, and draws that anyone can check. P1-22 P2-26 P2-27 P2-30"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import libcsat as cs
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

SEED = "wave-7 4f1c9a"


def frame() -> pa.Table:
    sizes = {"large": 60, "middle": 30, "small": 10}
    ids = [f"{name}-{i:03}" for name, size in sizes.items() for i in range(size)]
    random.Random(1).shuffle(ids)
    return pa.table({"customer": ids, "segment": [id.partition("-")[0] for id in ids], "n": range(100)})


def test_sizes() -> None:
    assert cs.sample_size() == cs.SampleSize(385, 385, pytest.approx(384.16))
    assert cs.sample_size("0.05", population=10_000).answers == 370
    assert cs.sample_size(0.05, population=10_000, response_rate="0.25").invitations == 1480
    assert cs.sample_size(0.03, z="2.576").answers == 1844
    for wrong, message in (
        ({"margin": 0}, "margin 0 lies outside"),
        ({"share": 1}, "share 1 lies outside"),
        ({"population": 0}, "population 0 lies outside"),
        ({"z": "1.9600001"}, "six decimal places"),
        ({"z": float("nan")}, "six decimal places"),
        ({"z": "two"}, "six decimal places"),
        ({"response_rate": "0.0001"}, "response rate 0.0001 lies outside"),
    ):
        with pytest.raises(cs.SpecError, match=message):
            cs.sample_size(**wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        cs.sample_size(True)


def test_allocations() -> None:
    sizes = {"small": 1000, "middle": 3000, "large": 6000}
    assert cs.allocate(sizes, 333) == {"small": 33, "middle": 100, "large": 200}
    assert cs.allocate({"a": 5, "b": 300, "c": 600}, 100, "equal") == {"a": 5, "b": 48, "c": 47}
    assert cs.allocate(dict.fromkeys("abc", 1000), 60, "neyman", {"a": 1, "b": "2", "c": 3.0}) == {
        "a": 10,
        "b": 20,
        "c": 30,
    }
    for more, error in (
        ({"method": "best"}, ValueError),
        ({"method": "neyman"}, cs.SpecError),
        ({"method": "neyman", "deviations": {"small": 1}}, cs.SpecError),
        ({"method": "neyman", "deviations": sizes | {"none": 1}}, cs.SpecError),
        ({"deviations": sizes}, cs.SpecError),
    ):
        with pytest.raises(error):
            cs.allocate(sizes, 333, **more)
    with pytest.raises(cs.SpecError):
        cs.allocate(sizes, 10_001)
    with pytest.raises(cs.SpecError):
        cs.allocate({}, 0)


def test_who_is_drawn_follows_from_the_seed_alone() -> None:
    table = frame()
    drawn = cs.sample(table, 10, SEED, "customer", "segment", replacements=2)
    assert [(each.name, each.size, len(each.drawn), len(each.replacements)) for each in drawn.strata] == [
        ("large", 60, 6, 2),
        ("middle", 30, 3, 2),
        ("small", 10, 1, 2),
    ]
    number = lambda name, id: hashlib.sha256(f"csat.selection.v1\0{SEED}/{name}\0{id}".encode()).hexdigest()  # noqa: E731
    for each in drawn.strata:
        ids = [f"{each.name}-{i:03}" for i in range(each.size)]
        wanted = sorted(ids, key=lambda id: number(each.name, id))
        assert list(each.drawn + each.replacements) == wanted[: len(each.drawn) + 2]
    shuffled = table.take(random.Random(2).sample(range(100), 100))
    assert cs.sample(shuffled, 10, SEED, "customer", "segment", replacements=2).proof == drawn.proof
    assert cs.sample(table, 10, "other", "customer", "segment").strata != drawn.strata
    # The sample of five begins with that of three.
    three, five = (cs.sample(table, size, SEED, "customer").strata[0].drawn for size in (3, 5))
    assert five[:3] == three


@pytest.mark.parametrize("kind", [pa.Table, pa.RecordBatch, pd.DataFrame, pl.DataFrame])
def test_rows_of_the_frame_come_back(kind: Any) -> None:
    table = frame()
    given = {
        pa.Table: lambda: table,
        pa.RecordBatch: lambda: table.combine_chunks().to_batches()[0],
        pd.DataFrame: table.to_pandas,
        pl.DataFrame: lambda: pl.from_arrow(table),
    }[kind]()
    drawn = cs.sample(given, 10, SEED, "customer", "segment", replacements=1)
    assert isinstance(drawn.table, pa.Table if kind is pa.RecordBatch else kind)
    rows = drawn.table
    if kind is pd.DataFrame:
        assert list(rows.index) == [given.index[given["customer"] == id][0] for id in rows["customer"]]
        rows = pa.Table.from_pandas(rows, preserve_index=False)
    rows = rows if isinstance(rows, pa.Table) else pa.table(rows)
    rows = rows.to_pylist()
    assert len(rows) == 13
    assert [row["customer"] for row in rows if row["role"] == "drawn"] == [
        id for each in drawn.strata for id in each.drawn
    ]
    first = table.filter(pa.compute.equal(table["customer"], rows[0]["customer"])).to_pylist()[0]
    assert rows[0] == first | {"role": "drawn", "order": 1}
    assert "10 of 100 drawn" in repr(drawn)


def test_quotas_and_other_keys() -> None:
    table = pa.table({"id": range(20), "kind": [i % 2 == 0 for i in range(20)]})
    drawn = cs.sample(table, {True: 3, False: 1}, SEED, "id", "kind")
    assert [(each.name, len(each.drawn)) for each in drawn.strata] == [("false", 1), ("true", 3)]
    assert drawn.proof["method"] == "quota"
    with pytest.raises(cs.SpecError, match="'3' is for no stratum"):
        cs.sample(table, {3: 1}, SEED, "id", "kind")
    with pytest.raises(cs.SpecError, match=r"the quota 11 of 'true' lies outside \[0, 10\]"):
        cs.sample(table, {True: 11}, SEED, "id", "kind")
    neyman = cs.sample(table, 10, SEED, "id", "kind", "neyman", deviations={True: 4, False: 1})
    assert [len(each.drawn) for each in neyman.strata] == [2, 8]


def proof_of(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    proof = json.loads(cs.sample(frame(), 10, SEED, "customer", "segment", replacements=2).proof_json())
    change(proof)
    return proof


def swap(proof: dict[str, Any]) -> None:
    drawn = proof["strata"][0]["drawn"]
    drawn[0], drawn[1] = drawn[1], drawn[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (swap, "number 1 of stratum 'large' is"),
        (lambda p: p["strata"][1]["drawn"].__setitem__(2, "middle-000"), "number 3 of stratum 'middle' is"),
        (lambda p: p["strata"][2]["replacements"].__setitem__(0, "x"), "number 2 of stratum 'small' is"),
        (lambda p: p.__setitem__("seed", "wave-8"), "the seed is not the one of the commitment"),
        (lambda p: p.__setitem__("frame", "0" * 64), "the frame is another one"),
        (lambda p: p["strata"].pop(), "other strata"),
        (lambda p: p["strata"][0].__setitem__("size", 61), "stratum 'large' has 60 members"),
    ],
)
def test_a_proof_that_is_not_borne_out(change: Callable[[dict[str, Any]], Any], message: str) -> None:
    with pytest.raises(cs.ProofError, match=message) as found:
        cs.verify_sample(frame(), proof_of(change))
    assert found.value.code == "DATA_LOSS"


def test_a_proof_that_is_borne_out() -> None:
    drawn = cs.sample(frame(), 10, SEED, "customer", "segment", replacements=2)
    cs.verify_sample(frame().to_pandas(), drawn.proof_json())
    cs.verify_sample(frame().to_reader(), drawn.proof)
    with pytest.raises(cs.ProofError, match="99 members"):
        cs.verify_sample(frame().slice(1), drawn.proof)
    for broken in ("", "[]", "{}", '{"format": "csat.sample.v1"}', json.dumps(drawn.proof | {"strata": [1]})):
        with pytest.raises(cs.ProofError) as refused:
            cs.verify_sample(frame(), broken)
        assert refused.value.code == "INVALID_ARGUMENT"
    # Ids that another cut of the same letters would give are another frame.
    one = cs.sample(pa.table({"id": ["a\nb", "c"]}), 1, SEED, "id").proof["frame"]
    other = cs.sample(pa.table({"id": ["a", "b\nc"]}), 1, SEED, "id").proof["frame"]
    assert one != other


@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        ({"id": ["a", "b", "a"]}, cs.TableError, "row 2: id 'a' is there twice, first in row 0"),
        ({"id": ["a", None]}, cs.TableError, "row 1: column 'id' is null"),
        ({"id": ["a", ""]}, cs.TableError, "row 1: column 'id' is empty"),
        ({"id": [0.5]}, cs.TableError, "column 'id' of double is none of texts, integers or bools"),
        ({"id": [None, None]}, cs.TableError, "column 'id' is null"),
        ({"ID": ["a"]}, cs.TableError, "column 'id' is missing"),
        ({"id": pa.array([], pa.string())}, cs.TableError, "the frame has no row"),
        ({"id": ["a\0"]}, cs.SpecError, "zero byte"),
        ({"id": ["a"]}, cs.SpecError, "2"),
    ],
)
def test_frames_that_are_none(table: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        cs.sample(pa.table(table), 2 if message == "2" else 1, SEED, "id")


def test_invitations() -> None:
    invited = [cs.is_invited(SEED, f"visit {i}", "0.1") for i in range(2000)]
    assert 150 < sum(invited) < 250
    assert invited == [cs.is_invited(SEED, f"visit {i}", "0.1") for i in range(2000)]
    assert cs.seed_commitment("wave-7") == hashlib.sha256(b"wave-7").hexdigest()
    with pytest.raises(cs.SpecError, match=r"probability: 1\.1 lies outside"):
        cs.is_invited(SEED, "x", 1.1)


def test_command(csat: Any, tmp_path: Path) -> None:
    pd.DataFrame(frame().to_pandas()).to_csv(tmp_path / "frame.csv", index=False)
    options = ["frame.csv", "--id", "customer", "--seed", SEED, "--stratum", "segment"]
    done = csat(
        "sample", *options, "--size", 10, "--replacements", 2, "-o", "drawn.csv", "--proof", "proof.json"
    )
    assert done.returncode == 0, done.stderr
    assert "10 of 100 drawn" in done.stdout
    rows = pd.read_csv(tmp_path / "drawn.csv")
    assert list(rows.columns) == ["customer", "segment", "n", "role", "order"]
    assert len(rows) == 16
    proof = json.loads((tmp_path / "proof.json").read_text(encoding="utf-8"))
    assert proof == json.loads(
        cs.sample(frame(), 10, SEED, "customer", "segment", replacements=2).proof_json()
    )
    assert csat("sample", "frame.csv", "--verify", "proof.json").returncode == 0
    swap(proof)
    (tmp_path / "proof.json").write_text(json.dumps(proof), encoding="utf-8")
    found = csat("sample", "frame.csv", "--verify", "proof.json")
    assert found.returncode == 1
    assert "number 1 of stratum 'large'" in found.stderr
    quotas = csat("sample", *options, "--quota", "large=3", "--quota", "small=1", "--json")
    assert [len(each["drawn"]) for each in json.loads(quotas.stdout)["strata"]] == [3, 0, 1]
    for wrong, message in (
        (["frame.csv", "--size", 1], "--id is needed"),
        ([*options], "give one of --size and --quota"),
        ([*options, "--size", 1, "--quota", "large=1"], "give one of --size and --quota"),
        ([*options, "--quota", "large"], "is not STRATUM=VALUE"),
        ([*options, "--quota", "large=x"], "is no number of members"),
        ([*options, "--size", 101], "101"),
        ([*options, "--size", 1, "--verify", "proof.json"], "the proof says what was drawn"),
        (["frame.csv", "--verify", "frame.csv"], "no proof of a sample"),
    ):
        refused = csat("sample", *wrong)
        assert refused.returncode == 2, wrong
        assert message in refused.stderr, wrong
    (tmp_path / "twice.csv").write_text("customer\na\nb\na\n", encoding="utf-8")
    refused = csat("sample", "twice.csv", "--id", "customer", "--seed", "s", "--size", 1)
    assert "twice.csv: row 3: id 'a' is there twice, first in row 1" in refused.stderr


def test_a_stratum_of_less_than_none_is_named() -> None:
    with pytest.raises(cs.SpecError, match="stratum 'a': its size -1 lies below 0"):
        cs.allocate({"b": 1, "a": -1}, 1)
