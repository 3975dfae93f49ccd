"""Tables: every kind in and the same kind out, read where they lie, the same bits however they are cut."""

from __future__ import annotations

import decimal
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import duckdb
import libcsat as cs
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from libcsat import tables

RESULTS = ["score", "grade", "outcome", "reason"]


def columns(rows: int, seed: int = 1) -> dict[str, list[Any]]:
    """Random records of the policy `service` with missing values, vetoes and both profiles."""
    draw = random.Random(seed)

    def maybe(value: Any) -> Any:
        return None if draw.random() < 0.05 else value

    tickets = [draw.randint(0, 40) for _ in range(rows)]
    return {
        "id": [f"r{i}" for i in range(rows)],
        "wait_minutes": [maybe(draw.randint(0, 8000) / 100) for _ in range(rows)],
        "solved": [draw.randint(0, n) for n in tickets],
        "tickets": tickets,
        "rating": [maybe(draw.randint(1, 5)) for _ in range(rows)],
        "reply_seconds": [
            maybe([draw.randint(1, 400) for _ in range(draw.randint(0, 5))]) for _ in range(rows)
        ],
        "team": [maybe(draw.choice(["desk", "field"])) for _ in range(rows)],
        "leaks": [int(draw.random() < 0.02) for _ in range(rows)],
    }


@pytest.fixture(scope="module")
def data() -> pa.Table:
    return pa.table(columns(1000))


@pytest.fixture(scope="module")
def truth(service: cs.Policy, data: pa.Table) -> list[tuple[Any, ...]]:
    """What score_one() makes of each row."""
    scores = [service.score_one(row) for row in data.to_pylist()]
    return [(s.points, s.grade, s.outcome, s.reason) for s in scores]


def results(table: Any, prefix: str = "") -> list[tuple[Any, ...]]:
    """The result columns of any kind of table as rows; no word and the empty one are the same here."""
    if isinstance(table, pd.DataFrame):
        made = pa.Table.from_pandas(table[[prefix + name for name in RESULTS]], preserve_index=False)
    else:
        made = pa.RecordBatchReader.from_stream(table).read_all().select([prefix + name for name in RESULTS])
    rows = zip(*(made.column(i).to_pylist() for i in range(4)), strict=True)
    return [(score, grade or None, outcome, reason or None) for score, grade, outcome, reason in rows]


class Foreign:
    """A table of nobody's kind, as a stream or as one array."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        return self._table.__arrow_c_stream__(requested_schema)


class ForeignArray:
    def __init__(self, table: pa.Table) -> None:
        self._batch = table.combine_chunks().to_batches()[0]

    def __arrow_c_array__(self, requested_schema: object = None) -> Any:
        return self._batch.__arrow_c_array__(requested_schema)


def to_duckdb(table: pa.Table) -> Any:
    return duckdb.from_arrow(table)


KINDS: list[Any] = [
    pytest.param(lambda t: t, pa.Table, id="pyarrow Table"),
    pytest.param(lambda t: t.combine_chunks().to_batches()[0], pa.RecordBatch, id="pyarrow RecordBatch"),
    pytest.param(lambda t: t.to_reader(max_chunksize=100), pa.RecordBatchReader, id="pyarrow reader"),
    pytest.param(lambda t: t.to_pandas(), pd.DataFrame, id="pandas"),
    pytest.param(lambda t: t.to_pandas(types_mapper=pd.ArrowDtype), pd.DataFrame, id="pandas on Arrow"),
    pytest.param(
        lambda t: t.to_pandas().set_index("id", drop=False), pd.DataFrame, id="pandas with an index"
    ),
    pytest.param(lambda t: pl.from_arrow(t), pl.DataFrame, id="Polars"),
    pytest.param(lambda t: pl.from_arrow(t).lazy(), pl.LazyFrame, id="Polars lazy"),
    pytest.param(to_duckdb, duckdb.DuckDBPyRelation, id="DuckDB"),
    pytest.param(Foreign, pa.Table, id="a stream"),
    pytest.param(ForeignArray, pa.Table, id="an array"),
]


@pytest.mark.parametrize(("make", "kind"), KINDS)
def test_the_same_kind_comes_back_with_the_same_scores(
    make: Callable[[pa.Table], Any], kind: type, service: cs.Policy, data: pa.Table, truth: list[Any]
) -> None:
    given = make(data)
    scored = service.score(given, each_row_alone=True)
    assert isinstance(scored, kind)
    if isinstance(scored, pl.LazyFrame):
        scored = scored.collect()
    if isinstance(scored, pd.DataFrame):
        assert list(scored.columns) == [*data.column_names, *RESULTS]
        assert scored.index.equals(given.index)
        assert list(scored["id"]) == data["id"].to_pylist()
    elif isinstance(scored, pa.RecordBatchReader):
        scored = scored.read_all()
    assert results(scored) == truth


def cut(data: pa.Table, sizes: list[int]) -> pa.Table:
    parts, at = [], 0
    for size in sizes:
        parts.append(data.slice(at, size))
        at += size
    return pa.concat_tables([*parts, data.slice(at)])


@pytest.mark.parametrize("threads", [1, 2, 3, 7, 16])
@pytest.mark.parametrize("sizes", [[], [1], [0, 999], [7] * 100, [500]], ids=str)
def test_threads_and_batches_change_nothing(
    threads: int, sizes: list[int], service: cs.Policy, data: pa.Table, truth: list[Any]
) -> None:
    assert results(service.score(cut(data, sizes), threads=threads, each_row_alone=True)) == truth


def test_order_changes_nothing(service: cs.Policy, data: pa.Table, truth: list[Any]) -> None:
    order = list(range(len(data)))
    random.Random(3).shuffle(order)
    assert results(service.score(data.take(order), each_row_alone=True)) == [truth[i] for i in order]


def with_column(name: str, array: Any) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        return table.set_column(table.column_names.index(name), name, array(table[name]))

    return change


def cast(name: str, to: pa.DataType) -> Any:
    return pytest.param(with_column(name, lambda c: c.cast(to)), id=f"{name} as {to}")


LABELS = {1: "bad", 2: "poor", 3: "一般", 4: "good", 5: "优秀"}
CHANGES: list[Any] = [
    *(
        cast("tickets", type())
        for type in (pa.int8, pa.int16, pa.int32, pa.uint8, pa.uint16, pa.uint32, pa.uint64)
    ),
    *(cast("rating", type()) for type in (pa.int8, pa.float32, pa.float64)),
    cast("tickets", pa.decimal128(22, 3)),
    cast("wait_minutes", pa.decimal128(20, 6)),
    cast("wait_minutes", pa.decimal128(38, 2)),
    cast("leaks", pa.bool_()),
    cast("team", pa.large_string()),
    cast("team", pa.string_view()),
    cast("reply_seconds", pa.list_(pa.int16())),
    cast("reply_seconds", pa.large_list(pa.float64())),
    pytest.param(with_column("team", lambda c: c.dictionary_encode()), id="team as a dictionary"),
    pytest.param(
        with_column("team", lambda c: c.cast(pa.dictionary(pa.int8(), pa.large_string()))),
        id="team as a dictionary of large strings",
    ),
    pytest.param(
        with_column("rating", lambda c: pa.array([LABELS.get(v) for v in c.to_pylist()])),
        id="rating as labels",
    ),
    pytest.param(
        with_column("rating", lambda c: pa.array([LABELS.get(v) for v in c.to_pylist()]).dictionary_encode()),
        id="rating as a dictionary of labels",
    ),
    pytest.param(lambda t: pa.concat_tables([t.slice(990), t]).slice(10), id="sliced"),
    pytest.param(lambda t: t.select(t.column_names[::-1]), id="columns turned round"),
    pytest.param(lambda t: t.append_column("nothing", pa.nulls(len(t))), id="a column that is not read"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_types_of_columns(
    change: Callable[[pa.Table], pa.Table], service: cs.Policy, data: pa.Table, truth: list[Any]
) -> None:
    assert results(service.score(change(data), each_row_alone=True)) == truth


def test_categories_of_pandas_and_polars(service: cs.Policy, data: pa.Table, truth: list[Any]) -> None:
    frame = data.to_pandas().astype({"team": "category"})
    assert results(service.score(frame, each_row_alone=True)) == truth
    polars = pl.from_arrow(data).with_columns(pl.col("team").cast(pl.Categorical))
    assert results(service.score(polars, each_row_alone=True)) == truth


def address(array: Any) -> int:
    return int(array.buffers()[1].address)


def test_columns_are_handed_over_where_they_lie(
    service: cs.Policy, data: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The buffers that the C library gets are those of the table given."""
    handed: list[pa.Table] = []
    capi = tables.score_table.__globals__["_to_arrow"]

    def watch(plan: Any, table: Any, **options: Any) -> Any:
        handed.append(capi(table))
        return score(plan, table, **options)

    from libcsat import policy

    score = policy._capi.score_table
    monkeypatch.setattr(policy._capi, "score_table", watch)
    names = ["wait_minutes", "solved", "tickets", "rating", "leaks"]
    whole = data.select(names).combine_chunks().cast(pa.schema([(name, pa.float64()) for name in names]))
    whole = pa.table({name: pc.fill_null(whole[name], 1.0) for name in names}).combine_chunks()

    service.score(whole, absent=LEFT_OUT[1:], each_row_alone=True)
    service.score(whole.slice(17, 100), absent=LEFT_OUT[1:], each_row_alone=True)
    frame = pd.DataFrame({name: whole[name].to_numpy() for name in names}, copy=False)
    service.score(frame, absent=LEFT_OUT[1:], each_row_alone=True)
    polars = pl.from_arrow(whole)
    service.score(polars, absent=LEFT_OUT[1:], each_row_alone=True)
    for name in names:
        lies = address(whole[name].chunk(0))
        assert address(handed[0][name].chunk(0)) == lies
        assert address(handed[1][name].chunk(0)) == lies
        assert address(handed[2][name].chunk(0)) == frame[name].to_numpy().__array_interface__["data"][0]
        assert address(handed[3][name].chunk(0)) == polars[name].to_arrow().buffers()[1].address


def test_memory_grows_by_the_results_only(service: cs.Policy) -> None:
    rows = 1_000_000
    table = pa.table(
        {
            "wait_minutes": np.full(rows, 20.0),
            "solved": np.full(rows, 3, np.int32),
            "tickets": np.full(rows, 4, np.int32),
            "leaks": np.zeros(rows, np.int8),
        }
    )
    before = pa.total_allocated_bytes()
    scored = service.score(table, threads=2, absent=LEFT_OUT, each_row_alone=True)
    assert pa.total_allocated_bytes() == before
    made = sum(scored[name].get_total_buffer_size() for name in RESULTS)
    assert made < rows * 24
    assert pc.unique(scored["score"]).to_pylist() == [pc.first(scored["score"]).as_py()]


def test_what_explain_adds(service: cs.Policy, data: pa.Table) -> None:
    scored = service.score(data, explain=True, each_row_alone=True)
    added = scored.column_names[len(data.column_names) + 4 :]
    contributions = [f"contribution.{id}" for id in ("speed", "solved", "stars", "replies")]
    pairs = [f"{word}_{i}" for i in (1, 2, 3) for word in ("reason", "lost")]
    assert added == ["base", "without_veto", *contributions, *pairs]
    assert service.score(data, explain="contributions", each_row_alone=True).column_names[-6:] == added[:6]
    assert service.score(data, explain=2, each_row_alone=True).column_names[-4:] == pairs[:4]
    for row, given in zip(scored.to_pylist(), data.to_pylist(), strict=True):
        one = service.score_one(given)
        assert row["without_veto"] == (None if one.without_veto is None else float(one.without_veto))
        assert row["base"] == (None if one.base is None else float(one.base))
        if one.outcome == "scored":
            by_id = {line.id: float(line.amount) for line in one.ledger if line.kind == "indicator"}
            assert {id: row[f"contribution.{id}"] for id in by_id} == by_id
            lost = [(reason.id, float(reason.lost)) for reason in one.reasons[:3]]
            assert [(row[f"reason_{i + 1}"], row[f"lost_{i + 1}"]) for i in range(len(lost))] == lost


def test_exact_scores_are_decimals(service: cs.Policy, data: pa.Table) -> None:
    scored = service.score(data, exact=True, each_row_alone=True)
    assert scored.schema.field("score").type == pa.decimal128(18, 6)
    with decimal.localcontext() as context:
        context.prec = 38
        for score, given in zip(scored["score"].to_pylist(), data.to_pylist(), strict=True):
            assert score == service.score_one(given).score


def test_a_veto_reaches_all_rows_of_a_subject_and_period(service: cs.Policy) -> None:
    table = pa.table(
        {
            "who": ["a", "a", "b", "a"],
            "month": ["1", "1", "1", "2"],
            "wait_minutes": [20] * 4,
            "solved": [3] * 4,
            "tickets": [4] * 4,
            "leaks": [0, 1, 0, 0],
            "rating": pa.nulls(4),
            "reply_seconds": pa.nulls(4),
            "team": pa.nulls(4),
        }
    )
    for given in (table, cut(table, [1, 1, 1]), cut(table, [1, 1, 1]).to_reader()):
        scored = pa.table(service.score(given, subject="who", period="month"))
        assert scored["outcome"].to_pylist() == ["vetoed", "vetoed", "scored", "scored"]
    assert service.score(table, each_row_alone=True)["outcome"].to_pylist() == [
        "scored",
        "vetoed",
        "scored",
        "scored",
    ]


def test_bad_rows_fail_or_are_refused(service: cs.Policy, data: pa.Table) -> None:
    broken = pa.concat_tables([data.slice(0, 10), pa.table(columns(1) | {"solved": [9], "tickets": [3]})])
    with pytest.raises(
        cs.TableError, match=r"^row 10: metric 'solved_share': numerator 9 is above denominator 3$"
    ) as caught:
        service.score(broken, each_row_alone=True)
    assert caught.value.code == "INVALID_ARGUMENT" and "\n" not in str(caught.value)
    lazily = service.score(broken.to_reader(max_chunksize=3), each_row_alone=True)
    with pytest.raises(cs.TableError, match=r"^row 10: "):
        lazily.read_all()
    scored = service.score(broken, bad_rows="refuse", each_row_alone=True)
    last = scored.slice(10).to_pylist()[0]
    assert (last["score"], last["outcome"], last["reason"]) == (None, "refused", "bad_value")
    assert results(scored.slice(0, 10)) == results(service.score(data.slice(0, 10), each_row_alone=True))


GOOD = {
    "wait_minutes": [20],
    "solved": [3],
    "tickets": [4],
    "rating": [4],
    "reply_seconds": [[10, 95]],
    "team": ["desk"],
    "leaks": [0],
}
LEFT_OUT = ("rating", "reply_seconds", "team")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"leaks": None}, "column 'leaks' is missing.*name it as absent", id="missing"),
        pytest.param(
            {"leaks": None, "Leak": [0]}, r"'leaks' is missing.*\(is it 'Leak'\?\)", id="nearest name"
        ),
        pytest.param({"wait_minutes": ["soon"]}, "wait_minutes", id="words for numbers"),
        pytest.param({"wait_minutes": pa.array([[1.0]])}, "wait_minutes", id="lists for numbers"),
        pytest.param(
            {"wait_minutes": pa.array([0], pa.timestamp("s"))}, "wait_minutes", id="times for numbers"
        ),
        pytest.param({"wait_minutes": [float("nan")]}, "wait_minutes", id="NaN"),
        pytest.param({"team": [7]}, "team", id="numbers for words"),
        pytest.param({"rating": ["splendid"]}, "splendid", id="no label"),
        pytest.param({"score": [1]}, "has a column 'score' already: give another prefix", id="clash"),
    ],
)
def test_bad_tables(change: dict[str, Any], words: str, service: cs.Policy) -> None:
    table = pa.table({name: column for name, column in (GOOD | change).items() if column is not None})
    with pytest.raises(cs.TableError, match=words) as caught:
        service.score(table, each_row_alone=True)
    assert "\n" not in str(caught.value)


def test_columns_of_one_name(service: cs.Policy) -> None:
    table = pa.table(
        [[1], [2], [3], [4], [0]], names=["wait_minutes", "solved", "tickets", "tickets", "leaks"]
    )
    with pytest.raises(cs.TableError, match="column 'tickets' is in the table 2 times"):
        service.score(table, each_row_alone=True)


def test_a_prefix_keeps_names_apart(service: cs.Policy) -> None:
    scored = service.score(pa.table(GOOD | {"score": [1]}), prefix="csat_", each_row_alone=True)
    assert scored.column_names == [*GOOD, "score", *(f"csat_{name}" for name in RESULTS)]


@pytest.mark.parametrize(
    ("options", "outcomes"),
    [
        ({"each_row_alone": True}, ["scored", "vetoed"]),
        ({"subject": "who", "period": "month"}, ["vetoed", "vetoed"]),
        ({}, None),
        ({"each_row_alone": True, "subject": "who", "period": "month"}, None),
    ],
)
def test_a_veto_of_a_period_needs_to_know_the_period(
    options: dict[str, Any], outcomes: list[str] | None, service: cs.Policy
) -> None:
    assert service.period_vetoes() == ["leak"]
    columns = {name: value * 2 for name, value in GOOD.items()} | {"who": [1, 1], "month": [1, 1]}
    table = pa.table(columns | {"leaks": [0, 1]})
    if outcomes is not None:
        assert service.score(table, **options)["outcome"].to_pylist() == outcomes
        return
    with pytest.raises(ValueError, match=r"veto 'leak' reaches|each_row_alone together"):
        service.score(table, **options)


def test_absent_is_a_list(service: cs.Policy) -> None:
    with pytest.raises(TypeError, match="absent is 'rating', a str: a list of texts is expected"):
        service.score(pa.table(GOOD), absent="rating", each_row_alone=True)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"threads": 0}, r"threads 0 lies outside \[1, 256\]"),
        ({"threads": 257}, r"threads 257 lies outside"),
        ({"explain": 17}, "explain 17"),
        ({"explain": "everything"}, "explain 'everything'"),
        ({"bad_rows": "skip"}, "bad_rows 'skip'"),
        ({"subject": "who"}, "subject and period"),
    ],
)
def test_bad_options(options: dict[str, Any], words: str, service: cs.Policy) -> None:
    with pytest.raises(ValueError, match=words):
        service.score(pa.table(GOOD), **options)


@pytest.mark.parametrize(
    "what", [None, 5, {"wait_minutes": 1}, [1], pl.Series([1])], ids=lambda w: type(w).__name__
)
def test_what_is_no_table(what: Any, service: cs.Policy) -> None:
    with pytest.raises(TypeError, match="is not a table"):
        service.score(what, each_row_alone=True)


@pytest.mark.parametrize(("make", "kind"), KINDS)
def test_no_rows(make: Callable[[pa.Table], Any], kind: type, service: cs.Policy, data: pa.Table) -> None:
    empty = data.slice(0, 0)
    if kind is pa.RecordBatch or make is ForeignArray:
        empty = pa.RecordBatch.from_pylist([], schema=data.schema)
        given: Any = empty if kind is pa.RecordBatch else empty.to_struct_array()
    else:
        given = make(empty)
    scored = service.score(given, each_row_alone=True)
    if isinstance(scored, pl.LazyFrame):
        scored = scored.collect()
    names = list(scored.columns) if hasattr(scored, "dtypes") else scored.schema.names
    assert names[-4:] == RESULTS


def test_a_table_without_chunks(service: cs.Policy, data: pa.Table) -> None:
    empty = pa.Table.from_batches([], schema=data.schema)
    assert service.score(empty, each_row_alone=True).column_names[-4:] == RESULTS


class Failing:
    """A stream that breaks off."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        schema = pa.table(GOOD).schema

        def batches() -> Any:
            yield pa.record_batch(GOOD)
            raise RuntimeError("the source went away")

        return pa.RecordBatchReader.from_batches(schema, batches()).__arrow_c_stream__()


def test_a_stream_that_breaks_off(service: cs.Policy) -> None:
    with pytest.raises(Exception, match="the source went away"):
        service.score(Failing(), each_row_alone=True)


@pytest.mark.parametrize("decimals", ["75.5", "89.999999", "90", "60.000001", "59.999999"])
def test_scores_on_a_boundary(decimals: str, service: cs.Policy) -> None:
    """A share that gives the score exactly; the grade is that of the exact score."""
    wanted = Decimal(decimals)
    share = (wanted * 70 / 100 - 30) / 40
    millionths = int((share * 1_000_000).to_integral_value())
    record = {"wait_minutes": 10, "leaks": 0, "solved": millionths, "tickets": 1_000_000}
    scored = service.score(
        pa.table({name: [value] for name, value in record.items()}), absent=LEFT_OUT, each_row_alone=True
    )
    one = service.score_one(record)
    assert scored["grade"].to_pylist() == [one.grade]
    assert one.score is not None
    assert one.grade == ("a" if one.score >= 90 else "b" if one.score >= 60 else "c")


@pytest.mark.parametrize(
    "column",
    [
        pytest.param([20, "x"], id="a word among numbers"),
        pytest.param(["x", 20], id="a number among words"),
        pytest.param([1 + 2j, 3j], id="complex numbers"),
        pytest.param([[1], 2], id="a list among numbers"),
        pytest.param([1, 2**70], id="a number beyond 64 bits"),
        pytest.param([Decimal(1), Decimal("1E+99")], id="a decimal beyond 76 digits"),
        pytest.param(pd.arrays.SparseArray([1, 2]), id="sparse"),
        pytest.param(pd.to_timedelta([1, 2]), id="durations"),
    ],
)
def test_columns_that_arrow_cannot_read(column: Any, service: cs.Policy) -> None:
    frame = pd.DataFrame({name: value * 2 for name, value in GOOD.items()} | {"wait_minutes": column})
    for use in (service.score, lambda table, **options: service.simulate(service, table, **options)):
        with pytest.raises(cs.TableError, match=r"^column 'wait_minutes'") as caught:
            use(frame, each_row_alone=True)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "series", [pd.Series([1], name="rating"), pl.Series("rating", [1])], ids=["pandas", "polars"]
)
def test_a_series_is_no_table(series: Any, service: cs.Policy) -> None:
    for use in (service.score, lambda table, **options: service.simulate(service, table, **options)):
        with pytest.raises(cs.TableError, match="Series 'rating' is not a table: give a DataFrame") as caught:
            use(series, each_row_alone=True)
        assert isinstance(caught.value, TypeError)
    with pytest.raises(cs.TableError, match="a pandas Series is not a table: give a DataFrame"):
        service.score(pd.Series([1]), each_row_alone=True)


NAN = float("nan")


@pytest.mark.parametrize(
    ("column", "missing"),
    [
        pytest.param(pd.Series([1.0, NAN]), True, id="pandas NaN"),
        pytest.param(pd.Series([1, None], dtype=object), True, id="pandas None"),
        pytest.param(pd.Series([1, pd.NA], dtype="Int64"), True, id="pandas NA"),
        pytest.param(pd.Series([1, pd.NA], dtype=object), True, id="pandas NA among objects"),
        pytest.param(pd.Series([1, pd.NaT], dtype=object), True, id="pandas NaT"),
        pytest.param(pd.Series([Decimal(1), Decimal("NaN")]), True, id="pandas NaN of decimals"),
        pytest.param(pl.Series([1, None]), True, id="Polars null"),
        pytest.param(pl.Series([1.0, NAN]), False, id="Polars NaN"),
        pytest.param(pa.array([1, None]), True, id="pyarrow null"),
        pytest.param(pa.array([1.0, NAN]), False, id="pyarrow NaN"),
    ],
)
def test_what_means_missing_in_a_table(column: Any, missing: bool, service: cs.Policy) -> None:
    kind = {pd.Series: pd.DataFrame, pl.Series: pl.DataFrame}.get(type(column), pa.table)
    table = kind({name: value * 2 for name, value in GOOD.items()} | {"wait_minutes": column})
    if missing:
        scored = service.score(table, each_row_alone=True)
        assert list(map(str, scored["outcome"])) == ["scored", "refused"]
        assert list(map(str, scored["reason"]))[1] == "missing:speed"
        return
    with pytest.raises(cs.TableError, match="row 1: field 'wait_minutes': NaN is not a number"):
        service.score(table, each_row_alone=True)


def test_columns_of_nothing_but_missing_values(service: cs.Policy) -> None:
    """Each library has its own way to write a column of no type."""
    columns = {name: value * 2 for name, value in GOOD.items()} | {"wait_minutes": [None, None]}
    for make in (pd.DataFrame, pl.DataFrame, pa.table):
        scored = service.score(make(columns), each_row_alone=True)
        assert list(map(str, scored["outcome"])) == ["refused", "refused"]


def test_tables_without_a_column_that_is_read(service: cs.Policy) -> None:
    """Their rows are rows all the same."""
    fields = [field.name for field in service.fields()]
    for make in (pd.DataFrame, pl.DataFrame, pa.table):
        table = make({"x": [1, 2, 3]})
        for use in (service.score, lambda table, **options: service.simulate(service, table, **options)):
            with pytest.raises(cs.TableError, match="column 'wait_minutes' is missing"):
                use(table, each_row_alone=True)
        scored = service.score(table, absent=fields, each_row_alone=True)
        assert list(map(str, scored["outcome"])) == ["refused"] * 3
        assert list(map(str, scored["x"])) == ["1", "2", "3"]
        assert service.simulate(service, table, absent=fields, each_row_alone=True).rows == 3
    numbered = pd.DataFrame({0: [1], ("a", "b"): [2]})
    with pytest.raises(cs.TableError, match="column 'wait_minutes' is missing"):
        service.score(numbered, each_row_alone=True)


def test_a_pandas_column_without_any_value_is_no_answers() -> None:
    pandas = pytest.importorskip("pandas")
    policy = cs.Policy.load("retail-after-sales")
    asked = policy.questionnaires[0]
    names = asked.fields()
    for rows in (0, 2):
        empty = pandas.DataFrame({name: [float("nan")] * rows for name in names})
        nulls = pa.table({name: pa.nulls(rows) for name in names})
        assert asked.check_table(empty).to_dict() == asked.check_table(nulls).to_dict()


def test_what_is_no_table_has_an_error_of_its_own() -> None:
    policy = cs.Policy.load("retail-after-sales")
    with pytest.raises(cs.NoTableError, match=r"dict is not a table: .*pyarrow.table\(\)") as refused:
        policy.questionnaires[0].check_table({"rating": [4]})
    assert "score_one" not in str(refused.value) and isinstance(refused.value, (TypeError, cs.TableError))
