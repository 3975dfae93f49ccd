"""Single records: what they may be, what comes out, what is refused and in which words."""

from __future__ import annotations

import copy
import json
import pickle
import sys
import threading
from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import libcsat as cs
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest


@dataclass
class Visit:
    wait_minutes: int = 20
    solved: int = 3
    tickets: int = 4
    rating: int = 4
    reply_seconds: list[float] = field(default_factory=lambda: [10, 95])
    leaks: int = 0


Row = namedtuple("Row", "wait_minutes solved tickets rating reply_seconds leaks")


class Count:
    """An index of its own kind, as other libraries have them."""

    def __init__(self, value: int) -> None:
        self._value = value

    def __index__(self) -> int:
        return self._value


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({}, id="dict"),
        pytest.param({"wait_minutes": 20.0, "solved": 3.0}, id="floats"),
        pytest.param({"wait_minutes": Decimal("20.000"), "solved": Decimal(3)}, id="decimals"),
        pytest.param({"wait_minutes": np.float32(20), "solved": np.int16(3)}, id="NumPy scalars"),
        pytest.param({"wait_minutes": Count(20)}, id="__index__"),
        pytest.param({"rating": "good"}, id="label in English"),
        pytest.param({"rating": "良好"}, id="label in Chinese"),
        pytest.param({"reply_seconds": (10, 95.0)}, id="tuple of events"),
        pytest.param({"reply_seconds": np.array([10, 95])}, id="array of events"),
        pytest.param({"leaks": False}, id="truth as a number"),
        pytest.param({"name": "nobody", 7: "seven"}, id="keys that are not read"),
    ],
)
def test_values_of_a_record(given: dict[Any, Any], service: cs.Policy, record: dict[str, Any]) -> None:
    assert service.score_one(record | given).score == 78


@pytest.mark.parametrize(
    "whole",
    [
        pytest.param(Visit(), id="dataclass"),
        pytest.param(Row(20, 3, 4, 4, [10, 95], 0), id="named tuple"),
        pytest.param(MappingProxyType(vars(Visit())), id="mapping"),
        pytest.param(json.dumps(vars(Visit())), id="JSON"),
        pytest.param(json.dumps(vars(Visit())).encode(), id="JSON as bytes"),
    ],
)
def test_kinds_of_records(whole: Any, service: cs.Policy) -> None:
    assert service.score_one(whole).score == 78


def test_a_record_is_read_at_once(service: cs.Policy, record: dict[str, Any]) -> None:
    score = service.score_one(record)
    record["wait_minutes"] = 60
    assert sum(line.amount for line in score.ledger) == 78
    assert service.score_one(record).score == 54


def test_all_of_a_score(service: cs.Policy, record: dict[str, Any]) -> None:
    score = service.score_one(record)
    assert (score.outcome, score.grade, score.reason, score.refusal) == ("scored", "b", None, None)
    assert isinstance(score.score, Decimal) and score.points == 78.0
    assert (score.base, score.without_veto, score.profile) == (78, 78, "desk")
    assert [(line.id, line.amount) for line in score.ledger] == [
        ("speed", 24),
        ("solved", 30),
        ("stars", 15),
        ("replies", 9),
    ]
    speed = score.ledger[0]
    assert (speed.kind, speed.value, speed.points, speed.max_points) == ("indicator", 20, 8, 10)
    assert (speed.weight, speed.weight_sum, speed.basis, speed.depth) == (30, 100, "given", 0)
    assert [(r.id, r.lost) for r in score.reasons] == [
        ("solved", 10),
        ("speed", 6),
        ("stars", 5),
        ("replies", 1),
    ]
    assert score.vetoes == [] and score.failed_conditions == []
    assert [(t.id, t.status, t.gap) for t in score.targets] == [("solved_most", "missed", Decimal("-0.15"))]
    assert {m.id: m.shown for m in score.metrics}["solved_share"] == "75.0"
    assert json.loads(score.to_json())["score"] == 78
    assert score.to_dict()["grade"] == "b"


def test_a_veto_shows_what_the_score_would_be(service: cs.Policy, record: dict[str, Any]) -> None:
    score = service.score_one(record | {"leaks": 1})
    assert (score.outcome, score.score, score.grade, score.reason) == ("vetoed", 0, "c", "veto:leak")
    assert (score.without_veto, score.vetoes) == (78, ["leak"])
    assert sum(line.amount for line in score.ledger if line.depth == 0) == 0
    assert score.next_grade == []


def test_missing_figures_fail_closed(service: cs.Policy, record: dict[str, Any]) -> None:
    no_wait = service.score_one(record | {"wait_minutes": None})
    assert (no_wait.outcome, no_wait.score, no_wait.points, no_wait.grade) == ("refused", None, None, None)
    assert no_wait.reason == "missing:speed" and "speed" in str(no_wait.refusal)
    assert no_wait.base is None and no_wait.without_veto is None
    no_leaks = service.score_one({k: v for k, v in record.items() if k != "leaks"})
    assert (no_leaks.outcome, no_leaks.reason) == ("refused", "unknown:leak")
    no_stars = service.score_one(record | {"rating": None})
    assert no_stars.outcome == "scored"
    assert [line.basis for line in no_stars.ledger if line.id == "stars"] == ["left_out"]


def test_a_profile_has_weights_of_its_own(service: cs.Policy, record: dict[str, Any]) -> None:
    score = service.score_one(record | {"team": "field"})
    assert (score.profile, score.ledger[0].weight) == ("field", 40)


# The least change is proved from both sides.
def test_next_grade_is_the_least_change(service: cs.Policy, record: dict[str, Any]) -> None:
    assert service.score_one(record).next_grade == []
    changes = service.score_one(record | {"wait_minutes": 10}).next_grade
    assert [(c.indicator, c.grade, c.points_from, c.points_to, c.score) for c in changes] == [
        ("solved", "a", Decimal("7.5"), 9, 90)
    ]
    assert service.score_one(record | {"wait_minutes": 10, "solved": 900, "tickets": 1000}).grade == "a"
    assert service.score_one(record | {"wait_minutes": 10, "solved": 899, "tickets": 1000}).grade == "b"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"wait_minutes": float("nan")}, "'wait_minutes': NaN is not a number"),
        ({"wait_minutes": float("inf")}, "'wait_minutes'"),
        ({"wait_minutes": -1}, "'wait_minutes': -1 lies below|'wait_minutes': -1"),
        ({"wait_minutes": "soon"}, "'wait_minutes'.*'soon'|'soon'"),
        ({"wait_minutes": 2**70}, "'wait_minutes' is not a whole number within 64 bits"),
        ({"wait_minutes": object()}, "type object of field 'wait_minutes' is not a number, a text or a list"),
        ({"wait_minutes": b"20"}, "type bytes of field 'wait_minutes'"),
        ({"wait_minutes": [1, 2]}, "wait_minutes"),
        ({"rating": 6}, r"6 lies outside \[1, 5\]"),
        ({"rating": 3.5}, "3.5"),
        ({"rating": "splendid"}, "'splendid' is no label of scale 'star5'"),
        ({"solved": 5}, "solved"),
        ({"solved": -1}, "'solved': -1"),
        ({"team": "nobody"}, "nobody"),
        ({"team": 3}, "team"),
        (
            {"reply_seconds": ["soon"]},
            "'reply_seconds': 'soon' is no number, and the field has no scale with labels",
        ),
        ({"wait_minutes": Decimal("1E+999999")}, "'wait_minutes': infinity is not a number"),
        ({"wait_minutes": Decimal("-1E+400")}, "'wait_minutes': -infinity is not a number"),
        ({"wait_minutes": Decimal("sNaN")}, "'wait_minutes' is not a number"),
        ({"reply_seconds": [Decimal("1E+999999")]}, "'reply_seconds': infinity is not a number"),
        ({"reply_seconds": [10, pd.NA]}, "'reply_seconds' is not a number"),
        ({"wait_minutes": np.datetime64("NaT")}, "'wait_minutes' is not a number"),
        ({"reply_seconds": [10, "soon"]}, "'reply_seconds' is not a number"),
        ({"reply_seconds": ["soon", 10]}, "'reply_seconds' is not a label"),
        ({"reply_seconds": [None]}, "'reply_seconds' is not a number"),
        ({"reply_seconds": 3 + 4j}, "reply_seconds"),
        ({"team": "\ud800"}, "'team' is not text in UTF-8"),
    ],
)
def test_bad_values(given: dict[str, Any], words: str, service: cs.Policy, record: dict[str, Any]) -> None:
    with pytest.raises(cs.RecordError, match=words) as caught:
        service.score_one(record | given)
    assert caught.value.code == "INVALID_ARGUMENT"
    assert "\n" not in str(caught.value)
    # Nothing of the bad record is left behind.
    assert service.score_one(record).score == 78


@pytest.mark.parametrize("nothing", [None, pd.NA, pd.NaT], ids=["None", "NA", "NaT"])
@pytest.mark.parametrize("field", ["wait_minutes", "rating", "reply_seconds", "team"])
def test_what_means_missing(field: str, nothing: Any, service: cs.Policy, record: dict[str, Any]) -> None:
    without = {name: value for name, value in record.items() if name != field}
    left_out = service.score_one(without)
    given = service.score_one(record | {field: nothing})
    assert given.to_json() == left_out.to_json()
    assert service.score_one(record | {"unread": nothing}).score == 78


def test_a_decimal_at_the_edge_of_exactness(service: cs.Policy, record: dict[str, Any]) -> None:
    for text in ("20.000000", "2E+1", "20." + "0" * 400, "0.2E+2"):
        assert service.score_one(record | {"wait_minutes": Decimal(text)}).score == 78
    for text in ("1E-999999", "9199999999.999999", "9.2E+9"):
        assert service.score_one(record | {"wait_minutes": Decimal(text)}).score is not None
    for text in ("9200000000.000001", "1E+12", "9.3E+12", "1E+13", "1E+19", "1E+300"):
        with pytest.raises(cs.RecordError, match=r"field 'wait_minutes': .* beyond the limit of 9200000000"):
            service.score_one(record | {"wait_minutes": Decimal(text)})


@pytest.mark.parametrize("json_text", ["[]", '{"wait_minutes": 1, "wait_minutes": 1}', '{"wat": 1}', "{", ""])
def test_bad_json_records(json_text: str, service: cs.Policy) -> None:
    with pytest.raises(cs.RecordError):
        service.score_one(json_text)


def test_what_is_no_record(service: cs.Policy) -> None:
    for what in (None, 5, [1], Visit):
        with pytest.raises(TypeError, match="is not a record"):
            service.score_one(what)


class Saboteur:
    """A number that empties the dict it is in while it is being read."""

    def __init__(self, inside: dict[Any, Any]) -> None:
        self._inside = inside

    def __float__(self) -> float:
        self._inside.clear()
        return 1.0


def test_a_dict_that_changes_while_it_is_read(service: cs.Policy, record: dict[str, Any]) -> None:
    for _ in range(50):
        twisted = {**record, **{f"x{i}": i for i in range(20)}}
        twisted["wait_minutes"] = Saboteur(twisted)
        service.score_one(twisted)


def test_keys_that_are_equal_but_not_the_same_object(service: cs.Policy, record: dict[str, Any]) -> None:
    for _ in range(3):
        made = {"".join(list(key)): value for key, value in reversed(record.items())}
        assert service.score_one(made).score == 78
        assert service.score_one(record).score == 78


@pytest.mark.parametrize(
    ("scorecard", "words"),
    [
        (None, "has 3 scorecards, name one: period_score"),
        ("period_scor", r"no scorecard 'period_scor' \(is it 'period_score'\?\)"),
        ("", "no scorecard ''"),
    ],
)
def test_which_scorecard(scorecard: str | None, words: str, retail: cs.Policy) -> None:
    with pytest.raises(cs.NotFoundError, match=words) as caught:
        retail.score_one({}, scorecard)
    assert caught.value.code == "NOT_FOUND" and isinstance(caught.value, LookupError)


def test_a_score_shows_itself(service: cs.Policy, record: dict[str, Any]) -> None:
    score = service.score_one(record)
    assert repr(score) == "<Score scored 78 grade b>"
    assert "speed" in repr(score.ledger) and "78" in repr(score.ledger)
    assert "速度" in score.explain("zh") and "speed" in score.explain()
    assert "速度" in repr(score.grid("zh"))
    html = score._repr_html_()
    assert html.count("<tr>") == 6 and "<script" not in html
    vetoed = service.score_one(record | {"leaks": 1})
    assert "without the veto: 78" in vetoed._repr_html_()


def test_texts_are_escaped_in_html() -> None:
    from libcsat.show import Grid

    grid = Grid("<b>", ["<i>"])
    grid.add(["<script>"])
    assert "<script>" not in grid.html() and "&lt;script&gt;" in grid.html()


def test_threads_share_a_policy(service: cs.Policy, record: dict[str, Any]) -> None:
    wrong: list[Any] = []

    def work(stars: int) -> None:
        for _ in range(2000):
            score = service.score_one(record | {"rating": stars})
            if score.score != 63 + 5 * (stars - 1) or len(score.ledger) != 4:
                wrong.append(score)

    threads = [threading.Thread(target=work, args=(stars,)) for stars in (1, 2, 3, 4, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_scores_give_their_memory_back(service: cs.Policy, record: dict[str, Any]) -> None:
    import resource

    def rounds(count: int) -> int:
        for _ in range(count):
            score = service.score_one(record)
            assert len(score.ledger) == 4
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = rounds(2000)
    assert rounds(20_000) - before < 4096
    assert sys.getrefcount(record) < 10


def expected(score: cs.Score, expect: dict[str, Any]) -> dict[str, Any]:
    """What a score has for each member of a case's expectation."""
    made: dict[str, Any] = {
        "outcome": score.outcome,
        "grade": score.grade,
        "score": score.score,
        "base": score.base,
        "without_veto": score.without_veto,
        "points": {line.id: line.points for line in score.ledger if line.kind == "indicator"},
        "levels": {line.id: line.level for line in score.ledger if line.kind == "indicator"},
        "targets": {target.id: target.status for target in score.targets},
        "shown": {metric.id: metric.shown for metric in score.metrics},
        "vetoes": score.vetoes,
        "reasons": [reason.id for reason in score.reasons][: len(expect.get("reasons", ()))],
    }
    return {
        key: {name: made[key].get(name) for name in value} if isinstance(value, dict) else made[key]
        for key, value in expect.items()
    }


# Those of sampling plans: test_sampling_plan.py.
CASES = [
    (name, case) for name in cs.Policy.names() for case in cs.Policy.load(name).cases if not case.sampling
]


# The policies' own cases, as C++ and C run them.
@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}: {case.name}" for name, case in CASES])
def test_cases(name: str, case: cs.PolicyCase) -> None:
    policy = cs.Policy.load(name)
    if {"verdicts", "counts", "reviewed"} & case.expect.keys():
        rows = len(next(iter(case.table.values())))
        table = {"response_id": list(range(1, rows + 1)), **case.table}
        arrays = {
            field: [float(value) if isinstance(value, Decimal) else value for value in values]
            for field, values in table.items()
        }
        # A review needs a seed, and nothing else reads one.
        review = policy.document["cleaning"].get("review")
        seed = "case" if review is not None and not review.get("seed") else ""
        cleaning = policy.clean(pa.table(arrays), decisions=case.record, seed=seed)
        expect = dict(case.expect)
        if "error" in expect:
            with pytest.raises(cs.CsatError, match=expect.pop("error")):
                _ = cleaning.kept
        decided = zip(
            cleaning.verdicts["verdict"].to_pylist(),
            cleaning.verdicts["deciding_rule"].to_pylist(),
            strict=True,
        )
        drawn = cleaning.review.drawn if cleaning.review else (0, 0)
        made = {
            "verdicts": [f"{verdict}: {rule}" if rule else verdict for verdict, rule in decided],
            "counts": {verdict: cleaning.counts[verdict] for verdict in expect.get("counts", ())},
            "reviewed": sum(drawn),
        }
        assert {key: made[key] for key in expect} == expect
        return
    if case.table:
        measures = list(case.expect["measures"])
        if "error" in case.expect:
            with pytest.raises(cs.TableError, match=case.expect["error"]):
                policy.measure(pa.table(case.table), measures=measures)
            return
        rows = policy.measure(pa.table(case.table), measures=measures).table().to_pylist()
        assert {row["measure"]: row["shown"] for row in rows} == case.expect["measures"]
        return
    if case.questionnaire or "offered" in case.expect:
        made: dict[str, object] = {}
        if "offered" in case.expect:
            made["offered"] = [form.id for form in policy.offered(case.event or None, case.record).offered]
        if case.questionnaire:
            questionnaire = policy.questionnaire(case.questionnaire)
            report = questionnaire.check(case.record)
            found = {problem.field: problem.kind for problem in report.problems}
            made["answers"] = report.state
            made["next"] = [item.id for item in questionnaire.next(case.record)]
            made["problems"] = {field: found.get(field) for field in case.expect.get("problems", ())}
        assert {key: made[key] for key in case.expect} == case.expect
        return
    # What is expected of figures and targets alone, any scorecard can give.
    scorecard = case.scorecard or policy.scorecards[0]
    if "error" in case.expect:
        with pytest.raises(cs.RecordError, match=case.expect["error"]):
            _ = policy.score_one(case.record, scorecard).metrics
        return
    score = policy.score_one(case.record, scorecard)
    assert expected(score, case.expect) == case.expect
    if score.score is not None:
        assert sum(line.amount for line in score.ledger if line.depth == 0) == score.score


@pytest.mark.parametrize("send", [pickle.dumps, copy.copy, copy.deepcopy])
def test_scores_say_what_to_send_instead(
    send: Callable[[object], object], service: cs.Policy, record: dict[str, object]
) -> None:
    score = service.score_one(record)
    for what in (score, score.ledger):
        with pytest.raises(
            TypeError, match=r"cannot be pickled or copied: send .*to_dict\(\) or to_json\(\)"
        ):
            send(what)
