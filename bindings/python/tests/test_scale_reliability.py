"""Reliability of items: beside R psych, pingouin and factor_analyzer on real answers, and what is said
where there is no figure. P2-71"""

from __future__ import annotations

import json
import math
import re
from typing import Any

import libcsat as cs
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import SHARED

BFI = SHARED / "data/likert/bfi.csv"
REFERENCE = SHARED / "data/reference/likert"


@pytest.mark.skipif(not BFI.exists(), reason="the shared data are absent")
@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
@pytest.mark.parametrize(
    ("scale", "reversed"), [("A", [1]), ("C", [4, 5]), ("E", [1, 2]), ("N", []), ("O", [2, 5])]
)
def test_agrees_with_the_reference(scale: str, reversed: list[int], missing: str) -> None:
    items = [f"{scale}{i}" for i in range(1, 6)]
    document = json.loads((REFERENCE / f"bfi_{scale}.json").read_text(encoding="utf-8"))
    wanted = document[missing]
    turned = [f"{scale}{i}" for i in reversed]
    judged = cs.reliability(pd.read_csv(BFI), items, (1, 6), missing, turned)
    near = lambda value: pytest.approx(value, rel=1e-10)  # noqa: E731
    assert judged.n == wanted["n"]
    assert judged.rows == 2800
    assert judged.alpha == near(wanted["alpha_raw"])
    assert judged.standardised_alpha == near(wanted["alpha_std"])
    assert judged.alpha_interval == near(tuple(wanted["alpha_feldt_ci95"]))
    if missing == "listwise":
        assert judged.average_correlation == near(wanted["average_r"])
    assert judged.kmo == near(wanted["kmo"])
    assert judged.eigenvalues == near(wanted["eigenvalues"])
    assert judged.bartlett is not None
    assert judged.bartlett.chi_square == near(wanted["bartlett_chi2"])
    assert judged.bartlett.df == wanted["bartlett_df"]
    assert judged.bartlett.log10_p == near(wanted["bartlett_log10p"])
    for item in judged.by_item:
        assert item.item_rest == near(wanted["item_rest_r"][item.item])
        assert item.alpha_if_dropped == near(wanted["alpha_if_deleted_raw"][item.item])
        assert item.standardised_alpha_if_dropped == near(wanted["alpha_if_deleted_std"][item.item])
        assert item.kmo == near(wanted["kmo_items"][item.item])
        if missing == "pairwise":
            assert item.mean == near(document["items_stats"][item.item]["mean"])
            assert item.sd == near(document["items_stats"][item.item]["sd"])
    assert not judged.reasons
    assert not judged.findings


def table() -> pa.Table:
    return pa.table(
        {
            "Seat comfort": [5, 4, 3, 1, 2, 5, 4],
            "food": [4, 5, 3, 1, 1, 5, None],
            "noise": [1, 2, 3, 5, 4, 1, 2],
            "flat": [3] * 7,
        }
    )


def test_worked() -> None:
    judged = cs.reliability(table().slice(0, 3), ["Seat comfort", "food"], (1, 5), level=0.9)
    assert judged.alpha == pytest.approx(2 / 3, rel=1e-15)  # Variances 1 and 1, covariance 1/2: 2 (1 - 2/3).
    assert judged.average_correlation == 0.5
    assert judged.items == ("Seat comfort", "food")
    assert judged.level == 0.9
    assert judged.reasons["omega_total"] == cs.Gap("too_few")
    assert judged.omega_total is None


def test_reversed_and_duplicates() -> None:
    judged = cs.reliability(table(), ["Seat comfort", "food", "noise"], (1, 5), reversed=["noise"])
    assert judged.reversed == ("noise",)
    assert judged.complete == 6
    assert judged.by_item[2].mean == judged.by_item[0].mean
    assert judged.findings == [cs.Gap("duplicate", ("Seat comfort", "noise"))]
    assert judged.reasons["kmo"] == cs.Gap("duplicate", ("Seat comfort", "noise"))
    assert "items say the same or the opposite: Seat comfort, noise" in repr(judged)
    assert "noise (reversed)" in repr(judged)
    pairs = cs.reliability(table(), ["Seat comfort", "food", "noise"], (1, 5), "pairwise", ["noise"])
    assert [item.n for item in pairs.by_item] == [7, 6, 7]


def test_reasons_instead_of_nan() -> None:
    judged = cs.reliability(table(), ["food", "flat", "noise"], (1, 5))
    assert judged.kmo is None
    assert judged.correlations is None
    assert judged.eigenvalues is None
    assert judged.bartlett is None
    assert judged.reasons["kmo"] == cs.Gap("constant", ("flat",))
    assert all(
        math.isfinite(value)
        for row in judged.table.to_pylist()
        for value in row.values()
        if isinstance(value, float)
    )
    one = cs.reliability(table().slice(0, 1), ["food", "noise"], (1, 5))
    assert one.alpha is None
    assert one.reasons["alpha"].reason == "too_few"
    assert "fewer rows" in one._repr_html_()
    empty = cs.reliability(pa.table({"a": pa.nulls(3), "b": pa.nulls(3)}), ["a", "b"], (1, 5))
    assert empty.reasons["alpha"].reason == "empty"


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
@pytest.mark.parametrize(
    ("columns", "at_fault", "words"),
    [
        ({"a": [1, 2, 3], "b": [None] * 3, "c": [1, 3, 3]}, ("b",), "no answers: b"),
        ({"a": [None] * 3, "b": [None] * 3, "c": [1, 3, 3]}, ("a", "b"), "no answers: a, b"),
    ],
)
def test_an_item_without_answers_is_named_alone(
    missing: Any, columns: dict[str, list[Any]], at_fault: tuple[str, ...], words: str
) -> None:
    judged = cs.reliability(pa.table(columns), list("abc"), (1, 5), missing)
    gap = cs.Gap("empty", at_fault)
    assert judged.findings == [gap]
    assert str(gap) == words
    assert words in repr(judged)
    figures = ["alpha", "standardised_alpha", "average_correlation", "omega_total", "kmo", "bartlett"]
    assert {judged.reasons[figure] for figure in figures} == {gap}
    assert judged.reasons["c.item_rest"] == judged.reasons["c.alpha_if_dropped"] == gap
    assert cs.Gap("empty", ("b",)).words("zh") == "没有任何回答：b"


def test_no_row_is_complete_though_each_item_has_answers() -> None:
    table = pa.table({"a": [1, None, 3, None], "b": [None, 2, None, 4]})
    assert cs.reliability(table, ["a", "b"], (1, 5)).findings == [cs.Gap("empty")]
    pairs = cs.reliability(table, ["a", "b"], (1, 5), "pairwise")
    assert pairs.findings == [cs.Gap("too_few", ("a", "b"))]


def test_pairs_that_contradict_each_other_have_no_figure() -> None:
    rows = {"a": [1, None, 3, 5, None], "b": [3, 3, 3, 5, 5], "c": [1, 2, None, 3, 1]}
    judged = cs.reliability(pa.table(rows), list("abc"), (1, 5), "pairwise")
    gap = cs.Gap("indefinite", ("a", "b", "c"))
    assert judged.findings == [gap]
    figures = ["alpha", "alpha_interval", "standardised_alpha", "average_correlation", "omega_total", "kmo"]
    assert [getattr(judged, figure) for figure in figures] == [None] * 6
    assert {judged.reasons[figure] for figure in figures} == {gap}
    assert [item.alpha_if_dropped is None for item in judged.by_item] == [False, True, False]
    assert judged.eigenvalues is not None and judged.eigenvalues[-1] < 0
    assert judged.correlations is not None
    words = "pairwise figures that no data without gaps could have: a, b, c"
    assert f"average correlation  {words}" in repr(judged)


def test_kinds_of_tables() -> None:
    judged = cs.reliability(pl.from_arrow(table()), ["food", "noise"], (1, 5))
    assert isinstance(judged.table, pl.DataFrame)
    assert isinstance(judged.correlations, pl.DataFrame)
    parts = cs.reliability(iter([table().slice(0, 3), table().slice(3)]), ["food", "noise"], (1, 5))
    assert parts.to_dict() == judged.to_dict()


@pytest.mark.parametrize(
    ("items", "more", "error", "message"),
    [
        (["food"], {}, cs.SpecError, r"1 items lie outside \[2, 64\]"),
        (["food", "food"], {}, cs.SpecError, "item 'food' is there twice"),
        (
            ["food", "noise"],
            {"reversed": ["flat"]},
            cs.SpecError,
            "reversed item 'flat' is none of the items",
        ),
        (["food", "noise"], {"level": 1.0}, cs.SpecError, "level 1 lies outside"),
        (["food", "noise"], {"missing": "none"}, ValueError, "neither 'listwise' nor 'pairwise'"),
        (["food", "noise"], {"scale": (1, 1)}, cs.SpecError, "is empty"),
        (
            ["food", "noise"],
            {"scale": (1, 4)},
            cs.TableError,
            r"^row 1: column 'food': 5 lies outside \[1, 4\]$",
        ),
        (["food", "nois"], {}, cs.TableError, "^column 'nois' is missing.*'noise'"),
        ("food", {}, TypeError, "items is 'food', a str: a list of texts is expected"),
    ],
)
def test_refused(items: list[str], more: dict[str, object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        cs.reliability(table(), items, **({"scale": (1, 5)} | more))  # type: ignore[arg-type]


def test_no_row() -> None:
    with pytest.raises(cs.TableError, match="no row to judge the items by, 7 were refused"):
        cs.reliability(table(), ["flat", "noise"], (4, 5), bad_rows="refuse")


def decimals(*values: object, type: pa.DataType | None = None) -> pa.Table:
    """Two items: these values, and others."""
    return pa.table({"a": pa.array(values, type), "b": [1, 2, 3, 4]})


def test_values_have_the_places_that_they_have() -> None:
    mean = lambda table, **more: cs.reliability(table, ["a", "b"], (1, 7), **more).by_item[0].mean  # noqa: E731
    assert mean(decimals(1.5, 2.5, 3, 4)) == 2.75
    assert mean(decimals(1.5, 2.5, 3, 4, type=pa.float32())) == 2.75
    assert mean(decimals(1.125, 2.001, 3, 4)) == pytest.approx(2.5315, rel=1e-15)
    assert mean(decimals(1.1, 2.2, 3.3, 4.4, type=pa.float32())) == pytest.approx(2.75, rel=1e-15)
    exact = pa.array(["1.50", "2.50", "3.00", "4.00"]).cast(pa.decimal128(9, 2))
    assert mean(pa.table({"a": exact, "b": [1, 2, 3, 4]})) == 2.75
    assert mean(decimals(1, 2, None, 4, type=pa.float64()), missing="pairwise") == pytest.approx(
        7 / 3, rel=1e-15
    )
    assert mean(decimals(1.5, 2.5, 3, 4), decimal_places=2) == 2.75
    for kind in (pd.DataFrame, pl.DataFrame):
        assert mean(kind({"a": [1.5, 2.5, 3, 4], "b": [1, 2, 3, 4]})) == 2.75


@pytest.mark.parametrize(
    ("values", "scale", "more", "words"),
    [
        (
            [1, 2, 3.1251, 4],
            (1, 7),
            {},
            "row 2: column 'a': 3.1251 lies between two steps of 0.001, the finest",
        ),
        (
            [1, 2, 3.125, 4],
            (1, 100),
            {},
            "row 2: column 'a': 3.125 lies between two steps of 0.01, the finest",
        ),
        (
            [1, 2.5, 3, 4],
            (1, 7),
            {"decimal_places": 0},
            "row 1: column 'a': 2.5 lies between two steps of 1$",
        ),
        ([1, 2, 7.5, 4.25], (1, 7), {}, r"row 2: column 'a': 7.5 lies outside \[1, 7\]"),
    ],
)
def test_no_value_is_rounded(
    values: list[float], scale: tuple[int, int], more: dict[str, int], words: str
) -> None:
    with pytest.raises(cs.TableError, match=f"^{words}"):
        cs.reliability(decimals(*values), ["a", "b"], scale, **more)


def test_values_are_refused_for_what_no_place_mends() -> None:
    judged = cs.reliability(decimals(1.5, 2.5, 3.12345, 4), ["a", "b"], (1, 7), bad_rows="refuse")
    assert judged.rows == 3
    assert judged.by_item[0].mean == pytest.approx(8 / 3, rel=1e-15)
    judged = cs.reliability(decimals(1.5, 2.5, 8, 4), ["a", "b"], (1, 7), bad_rows="refuse")
    assert (judged.rows, judged.by_item[0].mean) == (3, pytest.approx(8 / 3, rel=1e-15))


def test_iterators_have_the_places_of_their_first_table() -> None:
    halves, wholes = decimals(1.5, 2.5, 3, 4), decimals(1, 2, 3, 4)
    assert cs.reliability(iter([halves, wholes]), ["a", "b"], (1, 7)).by_item[0].mean == 21 / 8
    words = (
        r"^row 0: column 'a': 1.5 lies between two steps of 1, those of the first table: give decimal_places"
    )
    with pytest.raises(cs.TableError, match=words):
        cs.reliability(iter([wholes, halves]), ["a", "b"], (1, 7))
    judged = cs.reliability(iter([wholes, halves]), ["a", "b"], (1, 7), decimal_places=1)
    assert judged.by_item[0].mean == 21 / 8
    reader = pa.RecordBatchReader.from_batches(wholes.schema, [*wholes.to_batches()])
    assert cs.reliability(reader, ["a", "b"], (1, 7)).by_item[0].mean == 2.5


def test_whole_values_cost_no_bit() -> None:
    names = ["Seat comfort", "food"]
    assert (
        cs.reliability(table(), names, (1, 5)).to_dict()
        == cs.reliability(table(), names, (1, 5), decimal_places=0).to_dict()
    )


def test_plain_data_has_the_names_of_the_columns() -> None:
    document = cs.reliability(
        table(), ["Seat comfort", "flat", "noise"], (1, 5), reversed=["noise"]
    ).to_dict()
    assert document["items"] == ["Seat comfort", "flat", "noise"]
    assert document["reversed"] == ["noise"]
    assert [item["id"] for item in document["by_item"]] == document["items"]
    assert document["findings"][0] == {"reason": "constant", "items": ["flat"]}
    assert not {"item_0", "item_1", "item_2"} & set(json.dumps(document).split('"'))


@pytest.mark.parametrize(
    ("items", "scale", "more", "words"),
    [
        (["q1", "q2"], (0, 32768), {}, ""),
        (["q1", "q2"], (0, 32769), {}, "scale: [0, 32769] reaches beyond 32768 steps of 1"),
        (["q1", "q2"], (0, 1e18), {}, "scale: [0, 1e+18] reaches beyond 32768 steps of 1"),
        (["q1", "q2"], (-1e18, 1e18), {}, "scale: [-1e+18, 1e+18] reaches beyond 32768 steps of 1"),
        (
            ["q1", "q2"],
            (1, 5),
            {"missing_values": [1e18]},
            "missing_values: number '1000000000000000000' lies",
        ),
        (["q1", "q2"], (1, 5), {"decimal_places": 4}, "[1, 5] reaches beyond 32768 steps of 0.0001"),
        (["q1", "words"], (1, 5), {}, "column 'words': an item needs numbers"),
        (["q1", "days"], (1, 5), {}, "column 'days': an item needs numbers"),
    ],
)
def test_messages_name_what_the_caller_gave(
    items: list[str], scale: tuple[float, float], more: dict[str, Any], words: str
) -> None:
    rows = {"q1": [1, 2, 3, 4], "q2": [2, 2, 3, 4], "words": list("abcd")}
    table = pa.table(rows).append_column("days", pa.array([1, 2, 3, 4], pa.date32()))
    if not words:
        assert cs.reliability(table, items, scale).complete == 4
        return
    with pytest.raises(cs.CsatError, match=re.escape(words)) as refused:
        cs.reliability(table, items, scale, **more)
    assert "item_" not in str(refused.value)
