"""Incidents and chained publications, with golden scenario G-1: a leak that is confirmed after the month's
result was published (P2-44, P2-45, P2-48 to P2-50)."""

from __future__ import annotations

import dataclasses
import json
import pickle
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import duckdb
import libcsat as cs
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

SHANGHAI = timezone(timedelta(hours=8))
# G-1 without its incident figure: base 88.459211, and 95.535948 with 8 % of bonus.
FIGURES: dict[str, Any] = {
    "response_ms": [8000, 12000, 15000, 31000],
    "problems": 200,
    "problems_resolved": 188,
    "problems_resolved_first": 150,
    "attitude_feedback": 8.6,
    "attitude_mystery": 8.6,
    "written_test": 90,
    "scenario_simulation": 90,
    "complaints": 0,
    "active_praise": 1,
    "promise_broken": 0,
    "other_major_negligence": 0,
    "written_praise_percent": 5,
    "incentivised_praise_percent": 0,
    "service_innovation_percent": 3,
}


def leak(id: str = "i-1", subject: str = "store-4", code: str = "information_leak") -> cs.Incident:
    return cs.Incident.propose(id, subject, code, datetime(2025, 3, 20, 15, tzinfo=SHANGHAI))


def confirmed(incident: cs.Incident) -> cs.Incident:
    return incident.confirm("2025-04-05T10:00:00+08:00", evidence="e-1")


def scored(retail: cs.Policy, incident: cs.Incident, period: str) -> cs.Score:
    leaks = retail.count_incidents([incident], "information_leak", "store-4", period, "period_score")
    return retail.score_one({**FIGURES, "information_leak": leaks}, "period_score")


def test_a_leak_confirmed_after_publication(retail: cs.Policy) -> None:
    published = scored(retail, leak(), "2025-03")
    assert (published.base, published.score) == (Decimal("88.459211"), Decimal("95.535948"))
    first = cs.publish(published, "store-4", "2025-03", "2025-04-02T09:00:00+08:00")
    april = cs.publish(scored(retail, leak(), "2025-04"), "store-4", "2025-04", "2025-05-02T09:00:00+08:00")

    incident = confirmed(leak())
    vetoed = scored(retail, incident, "2025-03")
    second = cs.amend(first, vetoed, "i-1 confirmed: e-1", "2025-04-05T11:00:00+08:00")
    assert (second.outcome, second.score, second.grade) == ("vetoed", Decimal(0), "very_poor")
    assert f"{second.score:.2f}" == "0.00"
    assert (second.base, second.without_veto) == (Decimal("88.459211"), Decimal("95.535948"))
    assert (second.period, second.sequence, second.previous) == ("2025-03", 2, first.digest)
    assert (second.reason, second.amendment) == ("veto:information_leak", "i-1 confirmed: e-1")
    assert (first.score, first.previous, first.amendment) == (Decimal("95.535948"), None, None)
    cs.verify_chain([first, second])

    # April is not touched: with the confirmed incident its result is the one that was published.
    again = scored(retail, incident, "2025-04")
    assert again.score == april.score == Decimal("95.535948")
    with pytest.raises(cs.ChainError, match="nothing changed") as caught:
        cs.amend(april, again, "why", "2025-05-03T09:00:00+08:00")
    assert caught.value.code == "FAILED_PRECONDITION"

    # P2-44: revoking restores 95.54.
    revoked = incident.revoke("2025-04-08T10:00:00+08:00", "it was another store")
    third = cs.amend(second, scored(retail, revoked, "2025-03"), "revoked", "2025-04-08T11:00:00+08:00")
    assert (third.score, third.sequence) == (Decimal("95.535948"), 3)
    cs.verify_chain([first, second, third])
    cs.verify_chain([])


@pytest.fixture
def chain(retail: cs.Policy) -> list[cs.Publication]:
    first = cs.publish(scored(retail, leak(), "2025-03"), "store-4", "2025-03", 1000)
    vetoed = scored(retail, confirmed(leak()), "2025-03")
    second = cs.amend(first, vetoed, "确认", 2000)
    return [first, second, cs.amend(second, scored(retail, leak(), "2025-03"), "revoked", 3000)]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        pytest.param(lambda c: [c[0], c[2]], "publication 2 of the chain is missing", id="dropped"),
        pytest.param(lambda c: c[1:], "publication 1 of the chain is missing", id="begins late"),
        pytest.param(lambda c: [c[0], c[2], c[1]], "publication 2 of the chain is missing", id="moved"),
        pytest.param(
            lambda c: [c[0], dataclasses.replace(c[1], score=Decimal("0.000001")), c[2]],
            "publication 2 of 'store-4' in 2025-03 was changed: its digest does not match",
            id="score changed",
        ),
        pytest.param(
            lambda c: [dataclasses.replace(c[0], grade=None), *c[1:]], "was changed", id="grade removed"
        ),
        pytest.param(
            lambda c: [c[0], dataclasses.replace(c[1], published_at=c[0].published_at), c[2]],
            "was changed",
            id="date changed",
        ),
    ],
)
def test_a_chain_that_was_touched_is_found(
    spoil: Callable[[list[cs.Publication]], list[cs.Publication]], words: str, chain: list[cs.Publication]
) -> None:
    cs.verify_chain(chain)
    with pytest.raises(cs.ChainError, match=words) as caught:
        cs.verify_chain(spoil(chain))
    assert caught.value.code == "DATA_LOSS" and "\n" not in str(caught.value)


def test_publications_are_stored_and_read(chain: list[cs.Publication]) -> None:
    for publication in chain:
        text = publication.to_json()
        assert cs.Publication.from_json(text) == publication
        assert cs.Publication.from_json(text.encode()).to_json() == text
        assert pickle.loads(pickle.dumps(publication)) == publication
        members = json.loads(text)
        assert members["digest"] == publication.digest and members["sequence"] == str(publication.sequence)
    assert chain[1].published_at == datetime(1970, 1, 1, 0, 0, 2, tzinfo=timezone.utc)
    assert repr(chain[1]).startswith("<Publication 2 of store-4 in 2025-03: vetoed 0: 确认, ")
    assert "store-4 in 2025-03, publication 2" in chain[1]._repr_html_()
    for text in ("[]", "{}", chain[0].to_json().replace("store-4", '"'), "", '{"subject": 1}'):
        with pytest.raises(cs.RecordError):
            cs.Publication.from_json(text)


def test_a_result_without_a_score_is_published(retail: cs.Policy) -> None:
    publication = cs.publish(retail.score_one({}, "period_score"), "store-4", "2025-03", 0)
    assert (publication.outcome, publication.score, publication.base) == ("insufficient", None, None)
    assert publication.reason == "missing:response_speed"
    assert publication.grade is None and publication.without_veto is None
    cs.verify_chain([cs.Publication.from_json(publication.to_json())])


@pytest.mark.parametrize(
    ("why", "at", "words"),
    [
        ("", 9000, "an amendment needs a reason"),
        ("late", 2999, "before it was published"),
    ],
)
def test_amendments_that_are_none(
    why: str, at: int, words: str, chain: list[cs.Publication], retail: cs.Policy
) -> None:
    vetoed = scored(retail, confirmed(leak()), "2025-03")
    with pytest.raises(cs.ChainError, match=words):
        cs.amend(chain[2], vetoed, why, at)
    with pytest.raises(cs.ChainError, match="does not match its digest"):
        cs.amend(dataclasses.replace(chain[2], subject="store-5"), vetoed, "why", 9000)
    other = cs.Policy.load("annual-survey").score_one({"product_quality": 90, "service_quality": 80})
    with pytest.raises(cs.ChainError, match="scorecard"):
        cs.amend(chain[2], other, "why", 9000)


def test_the_states_of_an_incident() -> None:
    proposed = leak()
    assert (proposed.state, proposed.confirmed_at, proposed.evidence, proposed.reason) == (
        "proposed",
        None,
        None,
        None,
    )
    assert proposed.occurred_at == datetime(2025, 3, 20, 7, tzinfo=timezone.utc)
    known = proposed.confirm(datetime(2025, 4, 5, tzinfo=SHANGHAI), evidence="e-1", approval="a-1")
    assert (known.state, known.evidence, known.approval) == ("confirmed", "e-1", "a-1")
    revoked = known.revoke("2025-04-06T00:00:00Z", "a mistake")
    assert (revoked.state, revoked.reason) == ("revoked", "a mistake")
    assert revoked.revoked_at == datetime(2025, 4, 6, tzinfo=timezone.utc)
    assert proposed.state == "proposed", "each step gives another one"
    for incident in (proposed, known, revoked):
        again = cs.Incident.from_json(incident.to_json())
        assert again == incident == pickle.loads(pickle.dumps(incident)) and hash(again) == hash(incident)
        assert incident.id in repr(incident) and incident.state in incident._repr_html_()
    assert len({proposed, known, revoked}) == 3


@pytest.mark.parametrize(
    ("step", "code", "words"),
    [
        pytest.param(lambda: leak(id=""), "INVALID_ARGUMENT", "the id is empty", id="no id"),
        pytest.param(lambda: leak(subject=""), "INVALID_ARGUMENT", "the subject is empty", id="no subject"),
        pytest.param(lambda: leak().confirm(2**40 * 2, ""), "INVALID_ARGUMENT", "evidence", id="no evidence"),
        pytest.param(
            lambda: leak().confirm(0, "e"), "INVALID_ARGUMENT", "before it occurred", id="too early"
        ),
        pytest.param(
            lambda: leak().revoke(0, "r"), "FAILED_PRECONDITION", "not confirmed", id="revoked first"
        ),
        pytest.param(lambda: confirmed(confirmed(leak())), "FAILED_PRECONDITION", "not proposed", id="twice"),
        pytest.param(lambda: cs.Incident.from_json("{}"), "INVALID_ARGUMENT", "state", id="no JSON of one"),
    ],
)
def test_steps_that_are_not_allowed(step: Callable[[], object], code: str, words: str) -> None:
    with pytest.raises(cs.IncidentError, match=words) as caught:
        step()
    assert caught.value.code == code and "\n" not in str(caught.value)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("instant", "error", "words"),
    [
        ("2025-03-20T08:00:00", ValueError, "occurred_at 2025-03-20T08:00:00 has no time zone"),
        ("yesterday", ValueError, "'yesterday' is no instant"),
        (datetime(2025, 3, 20), ValueError, "has no time zone"),
        (date(2025, 3, 20), TypeError, "is a date"),
        (1.5, TypeError, "occurred_at is 1.5, a float"),
        (True, TypeError, "occurred_at is True, a bool"),
    ],
)
def test_what_is_no_instant(instant: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        cs.Incident.propose("i", "s", "c", instant)


@pytest.mark.parametrize(
    ("period", "count"),
    [
        ("2025-03", 1),
        ("2025-Q1", 1),
        ("2025-H1", 1),
        ("2025", 1),
        ("2025-03-20", 1),
        ("2025-W12", 1),
        ("2025-04", 0),
        ("2025-Q2", 0),
        ("2025-03-19", 0),
        ("2025-03-21", 0),
        ("2025-W11", 0),
        ("2024", 0),
    ],
)
def test_what_is_counted(period: str, count: int, retail: cs.Policy) -> None:
    def counted(incident: cs.Incident, subject: str = "store-4") -> int:
        return retail.count_incidents([incident], "information_leak", subject, period, "period_score")

    assert counted(confirmed(leak())) == count
    assert counted(leak()) == 0
    assert counted(confirmed(leak()), "store-5") == 0
    assert counted(confirmed(leak(code="promise_broken"))) == 0
    assert counted(confirmed(leak()).revoke("2026-01-01T00:00:00Z", "r")) == 0


def test_the_day_is_that_of_the_policy_s_zone(retail: cs.Policy) -> None:
    """P2-44: 16:30 UTC of 31 March is 1 April in Shanghai."""
    late = cs.Incident.propose("i", "store-4", "information_leak", "2025-03-31T16:30:00Z")
    late = late.confirm("2025-04-02T00:00:00Z", "e")
    counts = [
        retail.count_incidents([late], "information_leak", "store-4", month, "period_score")
        for month in ("2025-03", "2025-04")
    ]
    assert counts == [0, 1]


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (([leak(), leak()], "information_leak", "s", "2025"), cs.IncidentError, "'i-1' is there twice"),
        (([], "no_such", "s", "2025"), cs.NotFoundError, "has no veto 'no_such'"),
        (([], "information_leak", "s", "March"), cs.IncidentError, "period 'March' is none"),
        (([], "complaints", "s", "2025"), cs.CsatError, "complaints"),
    ],
)
def test_what_cannot_be_counted(
    arguments: Any, error: type[Exception], words: str, retail: cs.Policy
) -> None:
    with pytest.raises(error, match=words):
        retail.count_incidents(*arguments, scorecard="period_score")


MONTHS = {
    "store": ["store-4", "store-4", "store-5", None],
    "month": ["2025-03", "2025-04", "2025-03", "2025-03"],
}
KINDS: list[Any] = [
    pytest.param(lambda t: t, pa.Table, id="pyarrow Table"),
    pytest.param(lambda t: t.to_batches()[0], pa.RecordBatch, id="pyarrow RecordBatch"),
    pytest.param(lambda t: t.to_reader(max_chunksize=2), pa.RecordBatchReader, id="pyarrow reader"),
    pytest.param(lambda t: t.to_pandas(), pd.DataFrame, id="pandas"),
    pytest.param(lambda t: pl.from_arrow(t), pl.DataFrame, id="Polars"),
    pytest.param(lambda t: pl.from_arrow(t).lazy(), pl.LazyFrame, id="Polars lazy"),
    pytest.param(lambda t: duckdb.from_arrow(t), duckdb.DuckDBPyRelation, id="DuckDB"),
]


def as_arrow(table: Any) -> pa.Table:
    if isinstance(table, pl.LazyFrame):
        table = table.collect()
    if isinstance(table, duckdb.DuckDBPyRelation):
        return table.to_arrow_table()
    if isinstance(table, pd.DataFrame):
        return pa.Table.from_pandas(table, preserve_index=False)
    return (
        pa.RecordBatchReader.from_stream(table).read_all()
        if not isinstance(table, pa.RecordBatch)
        else (pa.Table.from_batches([table]))
    )


@pytest.mark.parametrize(("make", "kind"), KINDS)
def test_figures_of_incidents_as_columns(
    make: Callable[[pa.Table], Any], kind: type, retail: cs.Policy
) -> None:
    incidents = [
        confirmed(leak()),
        leak("i-2", "store-5"),
        confirmed(leak("i-3", "store-5", "promise_broken")),
    ]
    table = make(pa.table(MONTHS))
    made = retail.apply_incidents(table, incidents, subject="store", period="month", scorecard="period_score")
    assert isinstance(made, kind)
    rows = as_arrow(made)
    assert rows.column_names[:3] == ["store", "month", "information_leak"]
    leaks = [None if value is None or value != value else int(value) for value in rows[2].to_pylist()]
    broken = [None if v is None or v != v else int(v) for v in rows["promise_broken"].to_pylist()]
    assert (leaks, broken) == ([1, 0, 0, None], [0, 0, 1, None])


def test_scores_of_a_table_with_its_incidents(retail: cs.Policy) -> None:
    """From incidents to scores: March of store-4 is vetoed, its April is not touched, and a row that lacks
    its store does not pass."""
    count = len(MONTHS["store"])
    figures = {
        name: [value] * count
        for name, value in FIGURES.items()
        if name not in ("promise_broken", "other_major_negligence")
    }
    table = pl.DataFrame({**MONTHS, **figures})
    ready = retail.apply_incidents(
        table, [confirmed(leak())], subject="store", period="month", scorecard="period_score"
    )
    absent = [f.name for f in retail.fields("period_score") if f.required and f.name not in ready.columns]
    made = retail.score(ready, "period_score", exact=True, absent=absent, each_row_alone=True).rows(
        named=True
    )
    assert [row["outcome"] for row in made] == ["vetoed", "scored", "scored", "refused"]
    assert [row["score"] for row in made[:3]] == [Decimal(0), Decimal("95.535948"), Decimal("95.535948")]


def test_dates_stand_for_the_scorecard_s_period(retail: cs.Policy) -> None:
    days = pd.DataFrame(
        {"store": ["store-4"] * 3, "day": [date(2025, 3, 1), date(2025, 3, 31), date(2025, 4, 1)]}
    )
    made = retail.apply_incidents(
        pa.Table.from_pandas(days),
        [confirmed(leak())],
        subject="store",
        period="day",
        scorecard="period_score",
    )
    assert made["information_leak"].to_pylist() == [1, 1, 0]


@pytest.mark.parametrize(
    ("columns", "subject", "words"),
    [
        ({}, "shop", "key column 'shop' is missing"),
        ({"month": ["2025-03", "March", None, None]}, "store", "row 1: period 'March' is none"),
        ({"month": [1, 2, 3, 4]}, "store", "key column 'month' holds no periods"),
        ({"store": [1.5, 2, 3, 4]}, "store", "key column 'store' holds no subjects"),
        ({"information_leak": [0, 0, 0, 0]}, "store", "the table has a column 'information_leak' already"),
    ],
)
def test_tables_that_cannot_be_joined(
    columns: dict[str, Any], subject: str, words: str, retail: cs.Policy
) -> None:
    table = pa.table({**MONTHS, **columns})
    with pytest.raises(cs.TableError, match=words):
        retail.apply_incidents(table, [], subject=subject, period="month", scorecard="period_score")


def test_what_is_no_incident_or_publication(service: cs.Policy) -> None:
    with pytest.raises(TypeError, match=r"no Incident: read it with Incident.from_json\(\)"):
        service.count_incidents(["i1"], "leak", "ann", "2025-03")  # type: ignore[list-item]
    for nothing in ("ab", [None]):
        with pytest.raises(TypeError, match=r"^publications is .*: a list of publications is expected"):
            cs.verify_chain(nothing)  # type: ignore[arg-type]


def test_texts_that_a_terminal_would_obey() -> None:
    incident = cs.Incident.propose("a\x1b[2Jb", "an\nn", "leak", "2025-03-14T10:00:00Z")
    assert incident.id == "a\x1b[2Jb"
    for shown in (repr(incident), incident.grid().text(), repr(incident.grid())):
        assert "\x1b" not in shown and r"a\x1b[2Jb" in shown


def test_texts_that_are_too_long() -> None:
    cs.Incident.propose("x" * 65_536, "ann", "leak", "2025-03-14T10:00:00Z")
    with pytest.raises(cs.IncidentError, match=r"^incident: .*65536") as caught:
        cs.Incident.propose("x" * 65_537, "ann", "leak", "2025-03-14T10:00:00Z")
    assert "UTF-8" not in str(caught.value)
