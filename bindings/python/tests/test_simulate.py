"""Simulations: two policies over the same records, compared with scoring each record by both."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import duckdb
import libcsat as cs
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import SERVICE
from test_tables import KINDS, columns

MICRO = Decimal("0.000001")


def alone(before: cs.Policy, after: cs.Policy, table: Any, *scorecards: str, **options: Any) -> cs.Simulation:
    """Vetoes of a period reach their own row only."""
    return before.simulate(after, table, *scorecards, each_row_alone=True, **options)


def changed(**members: Any) -> dict[str, Any]:
    """The document of `service`, with other members in its scorecard."""
    document: dict[str, Any] = json.loads(SERVICE.read_text(encoding="utf-8"), parse_float=Decimal)
    document["version"] = "2"
    document["cases"] = []
    document["scorecards"][0].update(members)
    del document["scorecards"][0]["weights_sum"]
    return document


def with_weights(shift: dict[str, int]) -> dict[str, Any]:
    """The same with other weights in all profiles."""
    document = changed()
    card = document["scorecards"][0]
    for indicator in card["indicators"]:
        indicator["weight"] += shift.get(indicator["id"], 0)
    for profile in card["profiles"]:
        for id in profile.get("weights", {}):
            profile["weights"][id] += shift.get(id, 0)
    return document


@pytest.fixture(scope="module")
def data() -> pa.Table:
    return pa.table(columns(1000, seed=7))


@pytest.fixture(scope="module")
def other() -> cs.Policy:
    return cs.Policy.load(with_weights({"speed": -20, "stars": 20}))


@pytest.fixture(scope="module")
def simulation(service: cs.Policy, other: cs.Policy, data: pa.Table) -> cs.Simulation:
    return alone(service, other, data, exact=True)


def graded(policy: cs.Policy, data: pa.Table) -> list[tuple[str, Decimal | None]]:
    """Grade or outcome, and score, of each record."""
    scores = map(policy.score_one, data.to_pylist())
    return [(s.grade or s.outcome, s.score) for s in scores]


def mean(differences: list[Decimal]) -> Decimal:
    return (sum(differences) / len(differences)).quantize(MICRO, ROUND_HALF_EVEN)


def test_what_each_record_does(
    service: cs.Policy, other: cs.Policy, data: pa.Table, simulation: cs.Simulation
) -> None:
    was, becomes = graded(service, data), graded(other, data)
    pairs = Counter((before, after) for (before, _), (after, _) in zip(was, becomes, strict=True))
    assert simulation.counts == pairs
    moved = [i for i in range(1000) if was[i][0] != becomes[i][0]]
    assert simulation.changed == len(moved) > 20
    assert (simulation.rows, simulation.bad_rows) == (1000, 0)
    rows = simulation.changes.to_pylist()
    assert [row["row"] for row in rows] == moved
    for row in rows:
        i = row["row"]
        assert (row["before"], row["score_before"], row["after"], row["score_after"]) == (
            *was[i],
            *becomes[i],
        )
    assert sum(simulation.by_line.values()) == len(moved)
    assert simulation.by_line == dict(Counter(row["line"] for row in rows).most_common())
    differences = [
        a - b for (_, b), (_, a) in zip(was, becomes, strict=True) if a is not None and b is not None
    ]
    assert simulation.mean_difference == mean(differences)


def test_the_line_that_did_it(
    service: cs.Policy, other: cs.Policy, data: pa.Table, simulation: cs.Simulation
) -> None:
    """The line of the ledger, at depth 0, that moved most the way the score moved; none where the other
    policy gives the score before that grade too."""
    bands = {"a": 90, "b": 60, "c": 0}

    def amounts(policy: cs.Policy, row: int) -> dict[str, Decimal]:
        ledger = policy.score_one(data.slice(row, 1).to_pylist()[0]).ledger
        return {line.id or line.kind: line.amount for line in ledger if line.depth == 0}

    for change in simulation.changes.to_pylist()[:50]:
        was, becomes = amounts(service, change["row"]), amounts(other, change["row"])
        differences = {id: becomes.get(id, Decimal(0)) - was.get(id, Decimal(0)) for id in {*was, *becomes}}
        direction = 1 if change["score_after"] > change["score_before"] else -1
        assert differences[change["line"]] == change["difference"]
        assert direction * change["difference"] == max(direction * d for d in differences.values()) > 0

    card = other.document["scorecards"][0] | {
        "grading": {"basis": "EXACT", "bands": [{"id": id, "from": at + 5} for id, at in bands.items()]}
    }
    card["grading"]["bands"][-1]["from"] = 0
    stricter = cs.Policy.load({**other.document, "scorecards": [card]})
    rows = alone(service, stricter, data, exact=True).changes.to_pylist()
    for change in rows:
        before = change["score_before"]
        regraded = next(id for id, at in bands.items() if before >= (at + 5 if at else 0))
        assert (change["line"] == "") == (regraded == change["after"])
        assert (change["line"] == "") == (change["difference"] == 0)
    assert 0 < sum(change["line"] == "" for change in rows) < len(rows)


def test_what_each_weight_does(other: cs.Policy, data: pa.Table, simulation: cs.Simulation) -> None:
    """Compared with policies that have the weight one step higher and lower, in each profile."""
    plain = graded(other, data)
    assert [(w.indicator, w.weight, w.step) for w in simulation.sensitivity] == [
        ("speed", 10, 1),
        ("solved", 40, 1),
        ("stars", 40, 1),
        ("replies", 10, 1),
    ]
    for weight in simulation.sensitivity:
        for step, count, average in (
            (1, weight.changed_up, weight.mean_up),
            (-1, weight.changed_down, weight.mean_down),
        ):
            shift = {"speed": -20, "stars": 20}
            shift[weight.indicator] = shift.get(weight.indicator, 0) + step
            varied = graded(cs.Policy.load(with_weights(shift)), data)
            assert count == sum(a[0] != b[0] for a, b in zip(plain, varied, strict=True))
            pairs = zip(plain, varied, strict=True)
            assert average == mean([b[1] - a[1] for a, b in pairs if a[1] is not None and b[1] is not None])


@pytest.mark.parametrize(("make", "kind"), KINDS)
def test_every_kind_of_table(
    make: Callable[[pa.Table], Any], kind: type, service: cs.Policy, other: cs.Policy, data: pa.Table
) -> None:
    expected = alone(service, other, data)
    made = alone(service, other, make(data))
    assert made.to_json() == expected.to_json()
    frames = {pd.DataFrame: pd.DataFrame, pl.DataFrame: pl.DataFrame, pl.LazyFrame: pl.DataFrame}
    wanted = frames.get(kind, duckdb.DuckDBPyRelation if kind is duckdb.DuckDBPyRelation else pa.Table)
    for table in (made.changes, made.matrix):
        assert isinstance(table, wanted)
    rows = made.changes
    rows = rows.to_arrow_table() if isinstance(rows, duckdb.DuckDBPyRelation) else rows
    rows = pa.table(rows) if not isinstance(rows, pa.Table) else rows
    assert rows["score_after"].to_pylist() == expected.changes["score_after"].to_pylist()
    assert pa.types.is_float64(rows["score_after"].type)


@pytest.mark.parametrize("threads", [1, 2, 5, None])
@pytest.mark.parametrize("size", [1, 37, 1000])
def test_tables_one_after_another(
    size: int, threads: int | None, service: cs.Policy, other: cs.Policy, data: pa.Table
) -> None:
    """However the rows are divided, and whatever the number of threads."""
    expected = alone(service, other, data)

    def parts() -> Iterator[pd.DataFrame]:
        for at in range(0, 200 if size == 1 else 1000, size):
            yield data.slice(at, size).to_pandas()

    expected = alone(service, other, data.slice(0, 200) if size == 1 else data)
    made = alone(service, other, parts(), threads=threads)
    assert made.to_json() == expected.to_json()
    assert isinstance(made.changes, pd.DataFrame)
    assert list(made.changes["row"]) == expected.changes["row"].to_pylist()


def test_nothing_at_all(service: cs.Policy, data: pa.Table) -> None:
    for table in (data.slice(0, 0), data.slice(0, 0).to_reader(), iter([])):
        made = alone(service, service, table)
        assert (made.rows, made.changed, made.mean_difference, made.counts) == (0, 0, 0, {})
        assert made.changes.num_rows == 0 and made.by_line == {}
        assert "0 of 0 change grade" in repr(made)
    with pytest.raises(cs.TableError, match="column 'wait_minutes' is missing"):
        alone(service, service, data.slice(0, 0).drop_columns(["wait_minutes"]))


def test_options(service: cs.Policy, other: cs.Policy, data: pa.Table) -> None:
    few = alone(service, other, data, max_changes=3, sensitivity=False)
    assert few.changed > 3 == few.changes.num_rows
    assert few.sensitivity == []
    assert alone(service, other, data, max_changes=0).changes.num_rows == 0
    for wrong in (
        {"max_changes": -1},
        {"threads": 0},
        {"threads": 257},
        {"bad_rows": "skip"},
        {"subject": "id"},
    ):
        with pytest.raises(ValueError):
            alone(service, other, data, **wrong)
    with pytest.raises(cs.NotFoundError, match="no scorecard 'desks'"):
        alone(service, other, data, "desks")
    without = data.drop_columns(["leaks"])
    with pytest.raises(cs.TableError, match="name it as absent"):
        alone(service, other, without)
    assert alone(service, other, without, absent=["leaks"]).counts == {("refused", "refused"): 1000}
    with pytest.raises(cs.TableError, match="absent 'leaks' is a column of the table"):
        alone(service, other, data, absent=["leaks"])
    with pytest.raises(cs.TableError, match="absent 'leak' is no field"):
        alone(service, other, without, absent=["leak"])


def test_bad_rows(service: cs.Policy, other: cs.Policy, data: pa.Table) -> None:
    broken = pa.concat_tables(
        [data.slice(0, 10), data.slice(10, 1).set_column(3, "tickets", [[-1]]), data.slice(11, 5)]
    )
    with pytest.raises(cs.TableError, match=r"^row 10: ") as caught:
        alone(service, other, broken)
    assert caught.value.code == "INVALID_ARGUMENT" and "\n" not in str(caught.value)
    made = alone(service, other, broken, bad_rows="refuse")
    assert (made.rows, made.bad_rows) == (16, 1)


def test_a_veto_of_a_whole_period(service: cs.Policy) -> None:
    """With keys, a leak in one row reaches the subject's other rows, on both sides; the other policy lets one
    leak pass."""
    lenient = changed()
    lenient["scorecards"][0]["vetoes"][0]["when"]["compare"]["value"] = 1
    other = cs.Policy.load(lenient)
    count = 30
    rows = pa.table(
        {
            "who": ["ann", "bob", "cid"] * 10,
            "month": ["2025-03"] * count,
            "wait_minutes": [10] * count,
            "solved": [4] * count,
            "tickets": [4] * count,
            "rating": [5] * count,
            "reply_seconds": [[10]] * count,
            "team": ["desk"] * count,
            "leaks": [1, 2] + [0] * 28,
        }
    )
    assert alone(service, other, rows).counts == {("c", "a"): 1, ("c", "c"): 1, ("a", "a"): 28}
    whole = service.simulate(other, rows, subject="who", period="month")
    assert whole.counts == {("c", "a"): 10, ("c", "c"): 10, ("a", "a"): 10}
    assert whole.by_line == {"leak": 10} and set(whole.changes["row"].to_pylist()) == set(range(0, 30, 3))
    with pytest.raises(cs.TableError, match="give one table"):
        service.simulate(service, iter([rows, rows]), subject="who", period="month")


@pytest.mark.parametrize("place", ["before", "after", "both"])
def test_a_veto_of_a_whole_period_fails_closed(place: str, service: cs.Policy, data: pa.Table) -> None:
    """Without keys it would reach its own row alone, silently."""
    document = changed()
    document["scorecards"][0]["vetoes"][0]["scope"] = "RECORD"
    record = cs.Policy.load(document)
    before, after = {"before": (service, record), "after": (record, service), "both": (service, service)}[
        place
    ]
    with pytest.raises(cs.TableError, match="veto 'leak' reaches all rows of a subject in a period"):
        before.simulate(after, data)
    assert alone(before, after, data).rows == 1000
    with pytest.raises(ValueError, match="each_row_alone together with"):
        before.simulate(after, data, subject="id", period="id", each_row_alone=True)
    assert record.simulate(record, data).rows == 1000


def test_policies_that_read_other_columns(service: cs.Policy, data: pa.Table) -> None:
    document = changed()
    document["metrics"][0]["number"]["field"] = "wait_seconds"
    table = data.append_column("wait_seconds", data["wait_minutes"])
    assert alone(service, cs.Policy.load(document), table).changed == 0
    with pytest.raises(cs.TableError, match="column 'wait_seconds' is missing"):
        alone(service, cs.Policy.load(document), data)


def test_the_matrix_is_a_table(simulation: cs.Simulation) -> None:
    rows = simulation.matrix.to_pylist()
    assert [row["before"] for row in rows][:3] == ["a", "b", "c"]
    assert sum(value for row in rows for name, value in row.items() if name != "before") == 1000
    for row in rows:
        for after, count in row.items():
            if after != "before":
                assert simulation.counts.get((row["before"], after), 0) == count
    assert "vetoed" not in simulation.matrix.column_names, "vetoed records have a grade"
    assert simulation.before.grades[:3] == ("a", "b", "c")
    assert (simulation.before.version, simulation.after.version) == ("1", "2")


def test_it_shows_itself(simulation: cs.Simulation, service: cs.Policy, data: pa.Table) -> None:
    text = repr(simulation)
    assert text.startswith("service 1 desk → service 2 desk · 1000 records\nbefore \\ after")
    assert "\n\nWhat did it\n" in text and "\n\nEach weight of service 2, moved by 1\n" in text
    html = simulation._repr_html_()
    assert html.count("<table") == 3 and "<script" not in html
    assert simulation.__rich__() is not None
    assert simulation.to_dict()["rows"] == 1000 == json.loads(simulation.to_json())["rows"]
    bands = changed(
        grading={
            "basis": "EXACT",
            "bands": [{"id": "a", "from": 80}, {"id": "b", "from": 60}, {"id": "c", "from": 0}],
        }
    )
    assert "(bands alone)" in repr(alone(service, cs.Policy.load(bands), data))
