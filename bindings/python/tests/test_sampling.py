"""Who is asked: sizes, allocations, and draws that anyone can check. P1-22 P2-26 P2-27 P2-30"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable
from fractions import Fraction
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
        ({"z": "1." + "0" * 30 + "1"}, "six decimal places"),
        ({"z": "1e999999"}, "six decimal places"),
        ({"z": 10**40}, "z 10000000000000000000000000000000000000000 lies outside"),
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
    for more, error, message in (
        ({"method": "best"}, ValueError, "method 'best' is none of"),
        ({"method": "neyman"}, cs.SpecError, "deviations are missing: method 'neyman' needs"),
        (
            {"method": "neyman", "deviations": {"small": 1}},
            cs.SpecError,
            "'middle' has no standard deviation",
        ),
        (
            {"method": "neyman", "deviations": sizes | {"none": 1}},
            cs.SpecError,
            "'none', which is no stratum",
        ),
        (
            {"method": "neyman", "deviations": sizes | {"small": -1}},
            cs.SpecError,
            "deviation -1 lies below 0",
        ),
        ({"deviations": sizes}, cs.SpecError, "method 'proportional' reads none"),
        ({"method": "equal", "deviations": sizes}, cs.SpecError, "method 'equal' reads none"),
    ):
        with pytest.raises(error, match=message):
            cs.allocate(sizes, 333, **more)
    # Only the proportions of deviations count: thirds are thirds, and so is what pandas computes.
    thirds = dict(zip("abc", (1 / 3, 2 / 3, Fraction(1)), strict=True))
    assert cs.allocate(dict.fromkeys("abc", 1000), 60, "neyman", thirds) == {"a": 10, "b": 20, "c": 30}
    computed = {"a": pd.Series([1, 2, 4]).std(), "b": pd.Series([1, 2, 5]).std()}
    assert cs.allocate({"a": 500, "b": 500}, 100, "neyman", computed) == {"a": 42, "b": 58}
    # Where sizes and sample leave little room: the same shares, rounded a little.
    huge = cs.allocate({"a": 2**59, "b": 2**59}, 2**50, "neyman", {"a": 1 / 3, "b": 2 / 3})
    assert sum(huge.values()) == 2**50 and abs(huge["a"] * 3 - 2**50) < 2**40
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


DESIGNS: dict[str, dict[str, Any]] = {
    "proportional": {"size": 10},
    "equal": {"size": 13, "method": "equal"},
    "neyman": {
        "size": 12,
        "method": "neyman",
        "deviations": {"large": 1 / 3, "middle": "0.5", "small": Fraction(2, 7)},
    },
    "quota": {"size": {"large": 3, "small": 2}},
}


def proof_of(change: Callable[[dict[str, Any]], Any], design: str = "proportional") -> dict[str, Any]:
    drawn = cs.sample(frame(), seed=SEED, id="customer", stratum="segment", replacements=2, **DESIGNS[design])
    proof = json.loads(drawn.proof_json())
    change(proof)
    return proof


def swap(proof: dict[str, Any]) -> None:
    drawn = proof["strata"][0]["drawn"]
    drawn[0], drawn[1] = drawn[1], drawn[0]


def stand_in(proof: dict[str, Any]) -> None:
    """The last of those drawn become replacements."""
    for each in proof["strata"]:
        each["replacements"].insert(0, each["drawn"].pop())


def take_in(proof: dict[str, Any]) -> None:
    first = proof["strata"][0]
    first["drawn"].append(first["replacements"].pop(0))


def put(*path: Any) -> Callable[[dict[str, Any]], None]:
    """Sets the last of the path at the place that the others name."""

    def change(proof: dict[str, Any]) -> None:
        *way, last, value = path
        at: Any = proof
        for step in way:
            at = at[step]
        at[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (swap, "number 1 of stratum 'large' is"),
        (put("strata", 1, "drawn", 2, "middle-000"), "number 3 of stratum 'middle' is"),
        (put("strata", 2, "replacements", 0, "x"), "number 2 of stratum 'small' is"),
        (put("seed", "wave-8"), "the seed is not the one of the commitment"),
        (put("frame", "0" * 64), "the frame is another one"),
        (lambda p: p["strata"].pop(), "other strata"),
        (put("strata", 0, "name", "huge"), "other strata"),
        (put("strata", 0, "size", 61), "stratum 'large' has 60 members, the proof says 61"),
        (put("members", 99_999), "members: the frame and the seed have 100, the proof says 99999"),
        (stand_in, "stratum 'large' has 6 drawn by method 'proportional', the proof says 5"),
        (take_in, "stratum 'large' has 6 drawn by method 'proportional', the proof says 7"),
        (put("method", "equal"), "stratum 'large' has 4 drawn by method 'equal', the proof says 6"),
        (put("size", 11), "stratum 'large' has 7 drawn by method 'proportional', the proof says 6"),
        (put("size", 101), "no such sample can be drawn of the frame: sample: 101 lies outside"),
        (put("replacements", 1), "stratum 'large' has 1 replacements by method 'proportional'"),
        (put("replacements", 3), "stratum 'large' has 3 replacements by method 'proportional'"),
    ],
)
def test_a_proof_that_is_not_borne_out(change: Callable[[dict[str, Any]], Any], message: str) -> None:
    with pytest.raises(cs.ProofError, match=message) as found:
        cs.verify_sample(frame(), proof_of(change))
    assert found.value.code == "DATA_LOSS"
    assert "\n" not in str(found.value)


@pytest.mark.parametrize(
    ("design", "change", "message"),
    [
        ("equal", stand_in, "stratum 'large' has 5 drawn by method 'equal', the proof says 4"),
        ("equal", put("method", "proportional"), "by method 'proportional'"),
        ("neyman", stand_in, "stratum 'large' has"),
        ("neyman", put("deviations", "small", "9"), "by method 'neyman'"),
        ("neyman", lambda p: p["deviations"].pop("small"), "the deviations are those of other strata"),
        ("neyman", put("deviations", "middle", "0.50"), "deviations: the frame and the seed have"),
        ("quota", take_in, "stratum 'large' has 3 drawn by method 'quota'"),
        ("quota", put("size", "large", 4), "stratum 'large' has 4 drawn by method 'quota', the proof says 3"),
        ("quota", put("size", "small", 11), "the quotas are for other strata, or above their sizes"),
        ("quota", lambda p: p["size"].pop("middle"), "the quotas are for other strata, or above their sizes"),
    ],
)
def test_a_proof_of_another_design_is_not_borne_out(
    design: str, change: Callable[[dict[str, Any]], Any], message: str
) -> None:
    with pytest.raises(cs.ProofError, match=message) as found:
        cs.verify_sample(frame(), proof_of(change, design))
    assert found.value.code == "DATA_LOSS"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (put("method", "astrology"), 'method is "astrology", which it cannot be'),
        (put("size", True), "size is true, which it cannot be"),
        (put("size", 10.0), "size is 10.0, which it cannot be"),
        (put("size", -1), "size is -1, which it cannot be"),
        (put("size", {"large": 6}), "size is a count where the method is 'proportional'"),
        (put("method", "quota"), "size is counts by stratum where the method is 'quota'"),
        (put("method", "neyman"), "there are deviations where the method is 'neyman', and only there"),
        (put("deviations", {"large": "1"}), "there are deviations where the method is 'neyman'"),
        (put("seed", ""), 'seed is "", which it cannot be'),
        (put("seed", "\ud800"), "seed is"),
        (put("stratum", "customer"), "column 'customer' cannot hold both ids and strata"),
        (put("strata", 0, "size", True), "size is true, which it cannot be"),
        (put("strata", 0, "drawn", 0, 7), "drawn is"),
        (put("strata", 0, "note", ""), "strata[0] has a member 'note', which none has"),
        (put("strata", 0, "x"), "strata[0] is no object"),
        (put("note", "all is well"), "the proof has a member 'note', which none has"),
        (put("format", "csat.sample.v1"), "no proof of the format csat.sample.v2"),
        *((lambda p, name=name: p.pop(name), f"the proof has no member '{name}'")
          for name in ("seed", "commitment", "id", "stratum", "method", "size", "deviations", "replacements",
                       "members", "frame", "strata")),
        *((lambda p, name=name: p["strata"][1].pop(name), f"strata[1] has no member '{name}'")
          for name in ("name", "size", "drawn", "replacements")),
    ],
)  # fmt: skip
def test_what_is_no_proof(change: Callable[[dict[str, Any]], Any], message: str) -> None:
    with pytest.raises(cs.ProofError, match=re.escape(message)) as refused:
        cs.verify_sample(frame(), proof_of(change))
    assert refused.value.code == "INVALID_ARGUMENT"


@pytest.mark.parametrize("design", list(DESIGNS))
def test_a_proof_that_is_borne_out(design: str) -> None:
    drawn = cs.sample(frame(), seed=SEED, id="customer", stratum="segment", replacements=2, **DESIGNS[design])
    cs.verify_sample(frame().to_pandas(), drawn.proof_json())
    cs.verify_sample(frame().to_reader(), drawn.proof)
    cs.verify_sample(frame(), json.dumps(drawn.proof, sort_keys=True).encode())
    with pytest.raises(cs.ProofError, match="99 members"):
        cs.verify_sample(frame().slice(1), drawn.proof)
    # What a caller does with the proof leaves that of the sample as it is.
    drawn.proof["strata"].clear()
    cs.verify_sample(frame(), drawn.proof)


def leaves(value: Any, *path: Any) -> list[tuple[Any, ...]]:
    """Paths to the values of a document that hold no others, empty ones among them."""
    if isinstance(value, dict) and value:
        return [leaf for name, one in value.items() for leaf in leaves(one, *path, name)]
    if isinstance(value, list) and value:
        return [leaf for at, one in enumerate(value) for leaf in leaves(one, *path, at)]
    return [path]


@pytest.mark.parametrize("design", list(DESIGNS))
def test_every_change_of_a_proof_is_found_out(design: str) -> None:
    whole = proof_of(lambda p: None, design)
    paths = leaves(whole)
    assert len(paths) > 20
    for path in paths:
        at = whole
        for step in path:
            at = at[step]
        # A deviation that leaves the shares as they are is another truth, and no lie.
        shorter = "9" if "deviations" in path else at[:-1] if isinstance(at, str) else ""
        others = {
            str: [f"{at}0", "", shorter, 1, None],
            int: [at + 1 if isinstance(at, int) else 0, -1, str(at), None],
        }.get(type(at), ["", 0, False, {}])
        for other in others:
            if other == at or (other, at) == ({}, []):
                continue
            with pytest.raises((cs.ProofError, cs.TableError)):
                cs.verify_sample(frame(), proof_of(put(*path, other), design))
        if path:
            with pytest.raises((cs.ProofError, cs.TableError)):
                cs.verify_sample(frame(), proof_of(remove(*path), design))


def remove(*path: Any) -> Callable[[dict[str, Any]], None]:
    def change(proof: dict[str, Any]) -> None:
        at: Any = proof
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]

    return change


def test_proofs_that_are_none() -> None:
    drawn = cs.sample(frame(), 10, SEED, "customer", "segment", replacements=2)
    twice = drawn.proof_json().replace('"method"', '"method": "equal", "method"', 1)
    for broken in (
        *("", "[]", "{}", "[" * 100_000, '{"format": "csat.sample.v2"}', b"\xff", twice),
        json.dumps(drawn.proof | {"strata": [1]}),
    ):
        with pytest.raises(cs.ProofError) as refused:
            cs.verify_sample(frame(), broken)
        assert refused.value.code == "INVALID_ARGUMENT"
    # Ids that another cut of the same letters would give are another frame.
    one = cs.sample(pa.table({"id": ["a\nb", "c"]}), 1, SEED, "id").proof["frame"]
    other = cs.sample(pa.table({"id": ["a", "b\nc"]}), 1, SEED, "id").proof["frame"]
    assert one != other


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"size": {True: 1}, "method": "neyman"}, cs.SpecError, "method and quotas are given"),
        ({"size": {True: 1}, "method": "proportional"}, cs.SpecError, "method and quotas are given"),
        ({"size": {True: 1}, "method": "foo"}, cs.SpecError, "method and quotas are given"),
        ({"size": {True: 1}, "deviations": {True: 1}}, cs.SpecError, "deviations and quotas are given"),
        ({"size": {True: 2, "true": 3}}, cs.SpecError, "quotas name stratum 'true' twice"),
        (
            {"size": 2, "method": "neyman", "deviations": {True: 2, "true": 3, False: 1}},
            cs.SpecError,
            "deviations name stratum 'true' twice",
        ),
        ({"size": 2, "method": "foo"}, ValueError, "method 'foo' is none of proportional, equal, neyman"),
        (
            {"size": 2, "method": "neyman"},
            cs.SpecError,
            "deviations are missing: method 'neyman' needs a standard deviation for each stratum",
        ),
        (
            {"size": 2, "deviations": {True: 1, False: 2}},
            cs.SpecError,
            "deviations are given, and method 'proportional' reads none: they are for 'neyman'",
        ),
    ],
)
def test_what_does_not_go_together(given: dict[str, Any], error: type[Exception], message: str) -> None:
    table = pa.table({"id": range(20), "kind": [i % 2 == 0 for i in range(20)]})
    with pytest.raises(error, match=message):
        cs.sample(table, seed=SEED, id="id", stratum="kind", **given)


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
    borne_out = csat("sample", "frame.csv", "--verify", "proof.json")
    assert borne_out.returncode == 0
    assert "10 of 100 drawn, method proportional, as the seed and the frame have it" in borne_out.stdout
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
        ([*options, "--size", 3, "--deviation", "large=1"], "--deviation goes with --method neyman"),
        ([*options, "--size", 3, "--method", "neyman"], "--method neyman needs --deviation STRATUM=VALUE"),
        ([*options, "--quota", "large=3", "--method", "equal"], "--method does not go with --quota"),
        ([*options, "--quota", "large=3", "--deviation", "large=1"], "--deviation does not go with --quota"),
        (
            [*options, "--size", 3, "--method", "neyman", "--deviation", "large=1"],
            "stratum 'middle' has no standard deviation",
        ),
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
