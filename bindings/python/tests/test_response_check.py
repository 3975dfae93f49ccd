"""Whole tables of responses beside each response alone. P2-52, A-22"""

from __future__ import annotations

import json
import random
from typing import Any

import duckdb
import libcsat as cs
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

POLICY: dict[str, Any] = {
    "id": "shop",
    "version": "1",
    "effective_from": "2025-01-01",
    "zone": "UTC",
    "scales": [{"id": "five", "min": 1, "max": 5, "integer": True, "direction": "HIGHER_IS_BETTER"}],
    "metrics": [
        {"id": "rating", "scale": "five", "number": {}, "missing_values": [9]},
        {"id": "spent", "number": {}, "min": 0},
        {"id": "worst", "text": {"values": ["price", "staff"]}},
        *({"id": f"used_{way}", "number": {}, "min": 0, "max": 1} for way in ("web", "shop")),
    ],
    "questionnaires": [
        {
            "id": "visit",
            "version": "1",
            "items": [
                {"id": "rating", "required": True},
                {"id": "spent"},
                {
                    "id": "worst",
                    "required": True,
                    "shown_when": {"compare": {"metric": "rating", "op": "LE", "value": 2}},
                },
                {"id": "used", "several": {}, "options": [{"id": "web"}, {"id": "shop"}]},
            ],
        }
    ],
}
ROWS: list[dict[str, Any]] = [
    {"rating": 4, "spent": 12.5, "worst": None, "used": ["web"]},
    {"rating": 1, "spent": None, "worst": "staff", "used": None},
    {"rating": 4, "spent": 0, "worst": "price", "used": []},
    {"rating": None, "spent": 3, "worst": None, "used": ["shop", "web"]},
    {"rating": 6, "spent": -1, "worst": None, "used": ["post"]},
]


@pytest.fixture(scope="module")
def visit() -> cs.Questionnaire:
    return cs.Policy.load(POLICY).questionnaire("visit")


def table(rows: list[dict[str, Any]]) -> pa.Table:
    types = {
        "rating": pa.float64(),
        "spent": pa.float64(),
        "worst": pa.string(),
        "used": pa.list_(pa.string()),
    }
    return pa.table({name: pa.array([row[name] for row in rows], type) for name, type in types.items()})


def test_ledger(visit: cs.Questionnaire) -> None:
    found = visit.check_table(table(ROWS))
    assert found.rows == 5
    assert found.counts == {"complete": 2, "incomplete": 1, "invalid": 2}
    assert found.problems.to_pylist() == [
        {
            "row": 2,
            "field": "worst",
            "problem": "not_shown",
            "detail": "'price' answers an item that the other answers do not lead to",
        },
        {"row": 3, "field": "rating", "problem": "unanswered", "detail": "it has to be answered, and is not"},
        {"row": 4, "field": "rating", "problem": "off_scale", "detail": "6 is no whole rank of [1, 5]"},
        {"row": 4, "field": "spent", "problem": "off_scale", "detail": "-1 lies outside [0, inf]"},
        {"row": 4, "field": "used", "problem": "unknown_option", "detail": "'post' is none of its 2 options"},
    ]
    assert found.states["shown"].to_pylist() == [3, 4, 3, 3, 3]
    assert found.states["problems"].to_pylist() == [0, 0, 1, 1, 3]
    assert found.fields[2] == cs.CheckedField("worst", 1, 1, {"not_shown": 1})
    assert found.invalid["rating"].to_pylist() == [4, 6]
    assert found.complete.num_rows + found.incomplete.num_rows == 3
    assert json.loads(found.to_json()) == found.to_dict()
    assert repr(found).startswith("visit 1 · 5 responses: 2 complete, 1 incomplete, 2 invalid")
    assert "<table" in found._repr_html_()


def test_every_kind_of_table(visit: cs.Questionnaire) -> None:
    arrow = table(ROWS)
    kinds: list[Any] = [
        arrow,
        arrow.to_batches()[0],
        arrow.to_reader(),
        arrow.to_pandas(),
        pl.DataFrame(arrow),
        pl.DataFrame(arrow).lazy(),
        duckdb.from_arrow(arrow),
    ]
    for given in kinds:
        found = visit.check_table(given)
        assert found.counts == {"complete": 2, "incomplete": 1, "invalid": 2}, type(given)
        assert len(found.problems) == 5
    assert isinstance(visit.check_table(arrow.to_pandas()).problems, pd.DataFrame)
    assert isinstance(visit.check_table(pl.DataFrame(arrow)).invalid, pl.DataFrame)


def test_agrees_with_each_alone(visit: cs.Questionnaire) -> None:
    chance = random.Random(3)
    choices: dict[str, list[Any]] = {
        "rating": [None, 1, 2, 3, 5, 9, 0, 2.5],
        "spent": [None, 0, 1.25, -0.5],
        "worst": [None, "price", "staff", " ", "rain"],
        "used": [None, [], ["web"], ["web", "shop"], ["web", "web"], ["post"]],
    }
    rows = [{name: chance.choice(values) for name, values in choices.items()} for _ in range(3000)]
    found = visit.check_table(table(rows))
    by_row: dict[int, list[tuple[str, str]]] = {}
    for problem in found.problems.to_pylist():
        found_here = (problem["field"], f"item '{problem['field']}': {problem['detail']}")
        by_row.setdefault(problem["row"], []).append(found_here)
    states = found.states.to_pylist()
    for number, row in enumerate(rows):
        report = visit.check(row)
        assert states[number]["state"] == report.state
        assert states[number]["shown"] == len(report.shown)
        assert by_row.get(number, []) == [(problem.field, problem.message) for problem in report.problems]


def test_a_column_for_each_option(visit: cs.Questionnaire) -> None:
    columns = {"rating": [5, 5, 5, 5], "spent": [1, 1, 1, 1], "worst": pa.nulls(4)}
    apart = pa.table({**columns, "used_web": [True, False, None, None], "used_shop": [0, 0, 1, None]})
    found = visit.check_table(apart)
    assert found.counts["complete"] == 4
    assert found.fields[3] == cs.CheckedField("used", 4, 3, {})
    with pytest.raises(cs.TableError, match="column 'used_shop' is missing"):
        visit.check_table(apart.drop_columns(["used_shop"]))


def test_a_list_beside_columns_of_its_options(visit: cs.Questionnaire) -> None:
    columns = {"rating": [5, 5], "spent": [1, 1], "worst": pa.nulls(2), "used": [["web"], ["web"]]}
    both = pa.table({**columns, "used_web": [1, 0], "used_shop": [0, 1]})
    found = visit.check_table(both)
    assert found.problems.to_pylist() == [
        {"row": 1, "field": "used", "problem": "contradiction", "detail": "list [web], columns [shop]"}
    ]
    assert found.fields[3] == cs.CheckedField("used", 2, 1, {"contradiction": 1})
    assert found.counts["invalid"] == 1
    columns["used"] = [None, ["web"]]
    found = visit.check_table(pa.table({**columns, "used_web": [1, None], "used_shop": [0, None]}))
    assert found.counts["complete"] == 2
    assert found.fields[3] == cs.CheckedField("used", 2, 2, {})


def test_tables_of_texts(visit: cs.Questionnaire) -> None:
    cells = {
        "rating": ["4", "2", "9", "x"],
        "spent": ["1.5", "", "1e1", "-1"],
        "worst": ["", "price", "", ""],
        "used": ["web, shop", "web;shop", "web web", "web post"],
    }
    found = visit.check_table(pa.table(cells), texts=True)
    assert found.problems.to_pylist() == [
        {"row": 2, "field": "rating", "problem": "unanswered", "detail": "it has to be answered, and is not"},
        {"row": 2, "field": "used", "problem": "option_twice", "detail": "'web' is chosen twice"},
        {"row": 3, "field": "rating", "problem": "wrong_type", "detail": "'x' is not a number"},
        {"row": 3, "field": "spent", "problem": "off_scale", "detail": "-1 lies outside [0, inf]"},
        {"row": 3, "field": "used", "problem": "unknown_option", "detail": "'post' is none of its 2 options"},
    ]


def test_columns(visit: cs.Questionnaire) -> None:
    arrow = table(ROWS)
    assert visit.check_table(arrow.drop_columns(["spent"]), absent=["spent"]).fields[1].answered == 0
    for given, error, message in (
        (
            arrow.rename_columns(["ratings", "spent", "worst", "used"]),
            cs.TableError,
            "'rating' is missing.*'ratings'",
        ),
        (arrow.append_column("rating", arrow["rating"]), cs.TableError, "'rating' is in the table 2 times"),
        (arrow.set_column(2, "worst", arrow["spent"]), cs.TableError, "column 'worst': it holds no texts"),
        (7, TypeError, "int is not a table"),
    ):
        with pytest.raises(error, match=message):
            visit.check_table(given)
    assert visit.check_table(arrow.slice(0, 0)).rows == 0


def test_dictionaries_and_decimals(visit: cs.Questionnaire) -> None:
    arrow = table(ROWS)
    arrow = arrow.set_column(2, "worst", arrow["worst"].dictionary_encode())
    arrow = arrow.set_column(1, "spent", arrow["spent"].cast(pa.decimal128(20, 9)))
    assert visit.check_table(arrow).counts == {"complete": 2, "incomplete": 1, "invalid": 2}


@pytest.mark.parametrize(
    ("spent", "details"),
    [
        (pa.array([2.123456]), []),
        (pa.array([2.1234567]), ["2.1234567 has more than six decimal places"]),
        (pa.array([0.1 + 0.2]), ["0.30000000000000004 has more than six decimal places"]),
        (pa.array([1e20]), ["1e+20 lies outside [0, 9223372036854]"]),
        (pa.array([float("inf")]), ["inf lies outside [0, 9223372036854]"]),
        (pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615 lies outside [0, 9223372036854]"]),
        (
            pa.array(["-1e30"]).cast(pa.decimal128(38, 2)),
            [f"-1{'0' * 30}.00 lies outside [0, 9223372036854]"],
        ),
        (pa.array([2.1], pa.float32()), []),
        (pa.array(["2.1234560"]).cast(pa.decimal128(9, 7)), []),
        (pa.array(["2.1234567"]).cast(pa.decimal128(9, 7)), ["2.1234567 has more than six decimal places"]),
        (pa.array(["2.123456"]), []),
        (pa.array(["2.1234567"]), ["2.1234567 has more than six decimal places"]),
        (pa.array(["1e40"]), ["1e40 lies outside [0, 9223372036854]"]),
        (pa.array(["two"]), ["'two' is not a number"]),
        (pa.array(["2.1.2"]), ["'2.1.2' is not a number"]),
    ],
    ids=lambda value: f"{value.type} {value[0]}" if isinstance(value, pa.Array) else "",
)
def test_no_number_is_rounded(visit: cs.Questionnaire, spent: pa.Array, details: list[str]) -> None:
    rows = table([ROWS[0]])
    rows = rows.set_column(rows.schema.get_field_index("spent"), "spent", spent)
    found = visit.check_table(rows, texts=pa.types.is_string(spent.type)).problems
    assert found["detail"].to_pylist() == details
    kinds = ["wrong_type" if "number" in detail else "off_scale" for detail in details]
    assert found["problem"].to_pylist() == kinds
    with pytest.raises(cs.RecordError, match=r"^field 'spent': number 2.1234567 has more than six places"):
        visit.check({"rating": 4, "spent": 2.1234567})
