"""Every public function, given what it does not take for each of its parameters: one line that names the
parameter, never the words of the layer below."""

from __future__ import annotations

import importlib
import inspect
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import libcsat as cs
import pandas as pd
import pyarrow as pa
import pytest
from libcsat import intake, xlsform

# What is given in place of each argument.
WRONG = [
    None,
    5,
    -1,
    1.5,
    float("nan"),
    2**70,
    "x",
    "",
    "\ud800",
    b"x",
    True,
    [],
    [5],
    [None],
    {},
    {"x": []},
    object(),
]
# Words of Python's and of nanobind's, which name neither the argument nor what is expected.
BELOW = (
    "incompatible function",
    "has no attribute",
    "not iterable",
    "unsupported operand",
    "unpack",
    "unhashable",
)
BELOW += (
    "not subscriptable",
    "not supported between",
    "must be",
    "got an unexpected",
    "object cannot",
    "invalid literal",
)
BELOW += ("surrogates not allowed", "isoformat", "has no len", "out of range")

PEOPLE = pa.table({"id": ["a", "b", "c"], "sex": ["f", "m", "m"], "q1": [1, 2, 3], "q2": [1, 3, 3]})


def policy() -> cs.Policy:
    return cs.Policy.load("retail-after-sales")


def quick() -> cs.Policy:
    return cs.Policy.load(Path(__file__).parents[3] / "examples/quickstart/policy.json")


AGENT = {"reply_minutes": 21, "solved": 171, "tickets": 190, "rating": 4.2, "leaks": 0}


def counted() -> cs.Aggregates:
    return cs.accumulate(PEOPLE, "sex", {"q1": (1, 5), "q2": (1, 5)}, {"s": ["q1", "q2"]})


def published() -> cs.Publication:
    return cs.publish(quick().score_one(AGENT), "store", "2025-03", 0)


def confirmed() -> cs.Incident:
    return cs.Incident.propose("i", "store", "leak", 0).confirm(1, "e")


def planned() -> cs.Policy:
    return cs.Policy.load("iso-monitoring")


def asked() -> cs.Questionnaire:
    return policy().questionnaire("fresh")


RESPONSES = pa.table({field: pa.nulls(1) for field in asked().fields()})

# By function: what makes it, and arguments that it takes.
CALLS: dict[str, tuple[Callable[[], Any], dict[str, Any]]] = {
    "accumulate": (
        lambda: cs.accumulate,
        {"table": PEOPLE, "by": "sex", "items": {"q1": (1, 5)}, "sets": {}, "threads": 1, "bad_rows": "fail"},
    ),
    "Item": (
        lambda: cs.Item,
        {
            "min": 1,
            "max": 5,
            "field": None,
            "decimal_places": 0,
            "exact": True,
            "missing_values": [],
            "labels": {},
        },
    ),
    "Aggregates.from_bytes": (lambda: cs.Aggregates.from_bytes, {"data": b""}),
    "Aggregates.add": (lambda: counted().add, {"table": PEOPLE, "threads": 1, "bad_rows": "fail"}),
    "Aggregates.merge": (lambda: counted().merge, {"other": counted()}),
    "Aggregates.subtract": (lambda: counted().subtract, {"other": counted()}),
    "Aggregates.reliability": (
        lambda: counted().reliability,
        {"set": "s", "group": "m", "missing": "listwise", "reversed": [], "level": 0.95},
    ),
    "AnswersReport.words": (lambda: asked().check({}).words, {"language": "en"}),
    "Gap.words": (lambda: cs.Gap("empty").words, {"language": "en"}),
    "Incident.propose": (
        lambda: cs.Incident.propose,
        {"id": "i", "subject": "s", "code": "c", "occurred_at": 0},
    ),
    "Incident.confirm": (
        lambda: cs.Incident.propose("i", "s", "c", 0).confirm,
        {"confirmed_at": 1, "evidence": "e", "approval": ""},
    ),
    "Incident.revoke": (lambda: confirmed().revoke, {"revoked_at": 2, "reason": "r"}),
    "Incident.from_json": (lambda: cs.Incident.from_json, {"text": "{}"}),
    "Ledger.grid": (lambda: quick().score_one(AGENT).ledger.grid, {"language": "en"}),
    "MeasurePlan.accumulate": (
        lambda: policy().measure_plan().accumulate,
        {"table": PEOPLE, "threads": 1, "bad_rows": "fail"},
    ),
    "MeasurePlan.add": (
        lambda: policy().measure_plan().add,
        {"table": PEOPLE, "counted": counted(), "threads": 1, "bad_rows": "fail"},
    ),
    "MeasurePlan.figures": (
        lambda: policy().measure_plan().figures,
        {"counted": policy().measure_plan().empty(), "level": 0.95},
    ),
    "Policy.load": (lambda: cs.Policy.load, {"source": "retail-after-sales"}),
    "Policy.diagnose": (lambda: cs.Policy.diagnose, {"source": "{}", "language": "en"}),
    "Policy.label": (lambda: quick().label, {"language": "en"}),
    "Policy.check": (lambda: quick().check, {"language": "en"}),
    "Policy.fields": (lambda: quick().fields, {"scorecard": "month"}),
    "Policy.grades": (lambda: quick().grades, {"scorecard": "month"}),
    "Policy.period_vetoes": (lambda: quick().period_vetoes, {"scorecard": "month"}),
    "Policy.score_one": (lambda: quick().score_one, {"record": AGENT, "scorecard": "month"}),
    "Policy.score": (
        lambda: quick().score,
        {
            "table": pa.table({k: [v] for k, v in AGENT.items()}),
            "scorecard": "month",
            "explain": False,
            "threads": 1,
            "subject": None,
            "period": None,
            "absent": [],
            "bad_rows": "fail",
            "exact": False,
            "prefix": "",
            "each_row_alone": False,
        },
    ),
    "Policy.clean": (
        lambda: policy().clean,
        {"table": PEOPLE, "seed": "s", "decisions": {}, "absent": [], "threads": 1},
    ),
    "Policy.measure_plan": (
        lambda: policy().measure_plan,
        {"by": "shop", "measures": [], "time": None, "bucket": "month"},
    ),
    "Policy.measure": (
        lambda: policy().measure,
        {
            "table": PEOPLE,
            "by": "sex",
            "measures": ["service_top2"],
            "threads": 1,
            "time": None,
            "bucket": "month",
            "level": 0.95,
            "bad_rows": "fail",
        },
    ),
    "Policy.questionnaire": (lambda: policy().questionnaire, {"id": "fresh"}),
    "Policy.sampling_rule": (lambda: planned().sampling_rule, {"id": "customer_form"}),
    "SamplingRule.label": (lambda: planned().sampling_rule("customer_form").label, {"language": "en"}),
    "SamplingRule.apply": (
        lambda: planned().sampling_rule("sample_size").apply,
        {"table": None, "given": {"population": 2000}},
    ),
    "Policy.offered": (lambda: policy().offered, {"event": None, "context": {}}),
    "Policy.simulate": (
        lambda: quick().simulate,
        {
            "other": quick(),
            "table": pa.table({k: [v] for k, v in AGENT.items()}),
            "scorecard": "month",
            "other_scorecard": "month",
            "threads": 1,
            "subject": None,
            "period": None,
            "absent": [],
            "bad_rows": "fail",
            "sensitivity": True,
            "max_changes": 5,
            "exact": False,
            "each_row_alone": False,
        },
    ),
    "Policy.count_incidents": (
        lambda: quick().count_incidents,
        {"incidents": [confirmed()], "veto": "leak", "subject": "s", "period": "2025", "scorecard": "month"},
    ),
    "Policy.apply_incidents": (
        lambda: quick().apply_incidents,
        {"table": PEOPLE, "incidents": [confirmed()], "subject": "id", "period": "sex", "scorecard": "month"},
    ),
    "Publication.from_json": (lambda: cs.Publication.from_json, {"text": "{}"}),
    "Questionnaire.label": (lambda: asked().label, {"language": "en"}),
    "Questionnaire.next": (lambda: asked().next, {"answers": {}}),
    "Questionnaire.check": (lambda: asked().check, {"answers": {}}),
    "Questionnaire.check_table": (
        lambda: asked().check_table,
        {"table": PEOPLE, "absent": [], "texts": False},
    ),
    "Questionnaire.may_start": (lambda: asked().may_start, {"day": "2025-03-14"}),
    "Questionnaire.last_day": (lambda: asked().last_day, {"event": "2025-03-14"}),
    "Questionnaire.check_follow_up": (
        lambda: asked().check_follow_up,
        {"event": "2025-03-14", "answered_before": None, "day": "2025-03-14"},
    ),
    "Questionnaire.words": (lambda: asked().words, {"language": "en"}),
    "QuestionnaireItem.text": (lambda: asked().items[0].text, {"language": "en"}),
    "Reliability.grids": (lambda: counted().reliability("s", "m").grids, {"language": "en"}),
    "ResponseCheck.words": (lambda: asked().check_table(RESPONSES).words, {"language": "en"}),
    "Score.explain": (lambda: quick().score_one(AGENT).explain, {"language": "en"}),
    "Score.grid": (lambda: quick().score_one(AGENT).grid, {"language": "en"}),
    "allocate": (
        lambda: cs.allocate,
        {"sizes": {"a": 5}, "sample": 2, "method": "proportional", "deviations": None},
    ),
    "amend": (
        lambda: cs.amend,
        {"previous": published(), "score": quick().score_one(AGENT), "why": "w", "published_at": 1},
    ),
    "check_versions": (lambda: cs.check_versions, {"versions": [quick()], "language": "en"}),
    "count_within_months": (
        lambda: cs.count_within_months,
        {"start": "2025-03-14", "months": 1, "dates": ["2025-03-14"]},
    ),
    "in_force": (lambda: cs.in_force, {"versions": [quick()], "day": "2025-03-14"}),
    "is_invited": (lambda: cs.is_invited, {"seed": "s", "id": "i", "probability": 1}),
    "post_stratify": (
        lambda: cs.post_stratify,
        {
            "table": PEOPLE,
            "by": "sex",
            "targets": {"f": 1, "m": 1},
            "id": "id",
            "base": None,
            "total": None,
            "least": None,
            "greatest": None,
            "column": "weight",
        },
    ),
    "publish": (
        lambda: cs.publish,
        {"score": quick().score_one(AGENT), "subject": "s", "period": "p", "published_at": 0},
    ),
    "rake": (
        lambda: cs.rake,
        {
            "table": PEOPLE,
            "margins": {"sex": {"f": 1, "m": 1}},
            "id": "id",
            "base": None,
            "total": None,
            "least": None,
            "greatest": None,
            "tolerance": 1e-9,
            "most_cycles": 10,
            "column": "weight",
        },
    ),
    "reliability": (
        lambda: cs.reliability,
        {
            "table": PEOPLE,
            "items": ["q1", "q2"],
            "scale": (1, 5),
            "missing": "listwise",
            "reversed": [],
            "level": 0.95,
            "decimal_places": 0,
            "missing_values": [],
            "threads": 1,
            "bad_rows": "fail",
        },
    ),
    "response_rate": (
        lambda: cs.response_rate,
        {
            "complete": 5,
            "partial": 0,
            "refused": 0,
            "not_reached": 0,
            "other": 0,
            "unknown": 0,
            "ineligible": 0,
        },
    ),
    "sample": (
        lambda: cs.sample,
        {
            "frame": PEOPLE,
            "size": 1,
            "seed": "s",
            "id": "id",
            "stratum": "sex",
            "method": "proportional",
            "deviations": None,
            "replacements": 0,
        },
    ),
    "sample_size": (
        lambda: cs.sample_size,
        {
            "margin": "0.05",
            "z": "1.96",
            "share": "0.5",
            "population": None,
            "design_effect": 1,
            "response_rate": 1,
        },
    ),
    "score_parquet": (
        lambda: cs.score_parquet,
        {
            "policy": quick(),
            "source": "/nothing/in.parquet",
            "target": "/nothing/out.parquet",
            "scorecard": "month",
            "columns": [],
            "writer": {},
        },
    ),
    "seed_commitment": (lambda: cs.seed_commitment, {"seed": "s"}),
    "verify_chain": (lambda: cs.verify_chain, {"publications": [published()]}),
    "verify_sample": (lambda: cs.verify_sample, {"frame": PEOPLE, "proof": {}}),
    "wave_state": (
        lambda: cs.wave_state,
        {"planned": 5, "answered": 5, "unanswered": 0, "not_contacted": 0, "percent": 20, "closed": True},
    ),
    "xlsform.read": (
        lambda: xlsform.read,
        {"path": "/nothing/form.xlsx", "partial": False, "language": "en", "languages": {}},
    ),
    "xlsform.write": (
        lambda: xlsform.write,
        {"policy": policy(), "questionnaire": "fresh", "path": "/nothing/form.xlsx"},
    ),
    "xlsform.XlsForm.into": (lambda: xlsform.XlsForm({}, [], [], ()).into, {"policy": {}}),
    "intake.read": (
        lambda: intake.read,
        {
            "into": None,
            "profile": None,
            "zone": None,
            "wave": None,
            "channel": None,
            "encoding": None,
            "separator": None,
            "dates": None,
            "decimal": None,
            "sheet": None,
            "response": None,
            "respondent": None,
            "numbers": [],
            "texts": [],
            "multi": {},
            "tests": [],
            "mapping": {},
            "language": "en",
            "limits": None,
            "watch": None,
        },
    ),
}
# Not for callers: made from what the library gives.
INNER = {"Diagnostics.of"}


def public() -> Iterator[str]:
    """Every public function and method that takes an argument."""
    for module, prefix in ((cs, ""), (xlsform, "xlsform."), (intake, "intake.")):
        for name in module.__all__:
            value = getattr(module, name)
            if inspect.isfunction(value) and inspect.signature(value).parameters:
                yield prefix + name
            for method, member in vars(value).items() if inspect.isclass(value) else ():
                function = getattr(member, "__func__", member)
                if method.startswith("_") or not inspect.isfunction(function):
                    continue
                if set(inspect.signature(function).parameters) - {"self", "cls"}:
                    yield f"{prefix}{name}.{method}"


def test_every_public_function_is_here() -> None:
    assert set(public()) - INNER == set(CALLS) - {"Item"}
    for name, (make, arguments) in CALLS.items():
        parameters = inspect.signature(make()).parameters.values()
        there = {
            each.name for each in parameters if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)
        }
        assert there == set(arguments), name


@pytest.mark.parametrize("name", CALLS)
def test_a_wrong_type_is_named(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # Some of them name files.
    make, arguments = CALLS[name]
    call = make()
    for parameter in arguments:
        for value in WRONG:
            refused = None
            try:
                call(**{**arguments, parameter: value})
            except (cs.CsatError, TypeError, ValueError, OSError) as error:
                refused = error
            if refused is None:
                continue
            where = f"{name}({parameter}={value!r}): {type(refused).__name__}: {refused}"
            assert len(str(refused).splitlines()) == 1, where
            assert not any(words in str(refused) for words in BELOW), where
            if type(refused) is TypeError:
                assert str(refused).startswith((parameter, "item")) or "is not a" in str(refused), where
                assert "expected" in str(refused) or "give" in str(refused) or "neither" in str(refused), (
                    where
                )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cs.response_rate("5"), "complete is '5', a str: a whole number is expected"),  # type: ignore[arg-type]
        (lambda: cs.response_rate(True), "complete is True, a bool: a whole number is expected"),
        (lambda: cs.response_rate(2**70), "complete lies outside [-2^63, 2^63)"),
        (lambda: cs.wave_state(5, 5, None, closed=True), "unanswered is None: a whole number is expected"),  # type: ignore[arg-type]
        (lambda: cs.wave_state(5, 5, 0, closed="no"), "closed is 'no', a str: True or False is expected"),  # type: ignore[arg-type]
        (lambda: policy().offered(5), "event is 5, an int: a text, or None, is expected"),  # type: ignore[arg-type]
        (
            lambda: policy().offered(None, [1]),
            "context is a list: a dict, or a JSON object as text, or None, is expected",
        ),  # type: ignore[arg-type]
        (
            lambda: cs.rake(PEOPLE, {"sex": [1]}, "id"),
            "margins is a dict: a mapping of columns to mappings to numbers is expected, "
            "and of 'sex', a str, it is a list: no mapping to numbers",
        ),  # type: ignore[dict-item]
        (
            lambda: cs.post_stratify(PEOPLE, "sex", [], "id"),
            "targets is a list: a mapping to numbers is expected",
        ),  # type: ignore[arg-type]
        (
            lambda: cs.reliability(PEOPLE, ["q1", "q2"], 5),
            "scale is 5, an int: (least, greatest) is expected",
        ),  # type: ignore[arg-type]
        (
            lambda: cs.reliability(PEOPLE, ["q1", "q2"], (1,)),
            "scale has 1 ends: (least, greatest) is expected",
        ),  # type: ignore[arg-type]
        (
            lambda: cs.reliability(PEOPLE, ["q1", 2], (1, 5)),
            "items is a list: a list of texts is expected, and [1] is 2, an int: no text",
        ),  # type: ignore[list-item]
        (
            lambda: cs.count_within_months(20250314, 1, []),
            "start is 20250314, an int: a date or its text YYYY-MM-DD is expected",
        ),  # type: ignore[arg-type]
        (
            lambda: cs.count_within_months("2025-02-30", 1, []),
            "start '2025-02-30' is no day such as '2025-03-14'",
        ),
        (lambda: cs.in_force([quick()], "20250314"), "day '20250314' is no day such as '2025-03-14'"),
        (lambda: asked().may_start("yesterday"), "day 'yesterday' is no day such as '2025-03-14'"),
        (
            lambda: cs.accumulate(PEOPLE, items={"q1": cs.Item(1, 5, decimal_places="two")}),
            "decimal_places is 'two', a str: a whole number is expected",
        ),  # type: ignore[arg-type]
    ],
)
def test_words(call: Callable[[], object], words: str) -> None:
    with pytest.raises((TypeError, ValueError)) as refused:
        call()
    assert str(refused.value) == words


def test_numbers_of_numpy_are_numbers() -> None:
    numpy = importlib.import_module("numpy")
    assert cs.response_rate(numpy.int32(5)).least == 1
    assert cs.wave_state(numpy.int64(5), 5, 0, closed=numpy.True_) == "valid"
    assert cs.sample_size(numpy.float64(0.05)).answers == 385
    frame = pd.DataFrame(json.loads(PEOPLE.to_pandas().to_json()))
    assert cs.reliability(frame, frame.columns[2:], numpy.array([1, 5])).items == ("q1", "q2")
