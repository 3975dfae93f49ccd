"""Policies: where they come from, what is refused and how, what they say of themselves."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import libcsat as cs
import pytest
from conftest import SERVICE

DOCUMENT: dict[str, Any] = json.loads(SERVICE.read_text(encoding="utf-8"))


def changed(**fields: Any) -> dict[str, Any]:
    return {**copy.deepcopy(DOCUMENT), **fields}


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(SERVICE, id="path"),
        pytest.param(str(SERVICE), id="path as text"),
        pytest.param(SERVICE.read_text(encoding="utf-8"), id="JSON as text"),
        pytest.param(SERVICE.read_bytes(), id="JSON as bytes"),
        pytest.param(DOCUMENT, id="document as a dict"),
    ],
)
def test_every_way_to_load_gives_the_same_policy(source: Any, service: cs.Policy) -> None:
    assert cs.Policy.load(source).digest == service.digest


def test_decimals_of_a_document_stay_exact(service: cs.Policy) -> None:
    document = service.document
    assert document["targets"][0]["value"] == Decimal("0.9")
    assert cs.Policy.load(document).digest == service.digest


def test_what_a_policy_says_of_itself(service: cs.Policy) -> None:
    assert (service.id, service.version, service.zone) == ("service", "1", "UTC")
    assert service.effective_from == date(2025, 1, 1)
    assert (service.label(), service.label("zh")) == ("Service desk", "服务台")
    assert service.scorecards == ["desk"]
    assert service.grades() == ["a", "b", "c"]
    assert [m["id"] for m in service.metrics] == [
        "wait",
        "solved_share",
        "rating",
        "replies",
        "team",
        "leaks",
    ]
    fields = {f.name: f for f in service.fields()}
    assert fields["wait_minutes"].type == "number"
    assert fields["reply_seconds"].type == "events"
    assert fields["team"].type == "text"
    assert "Service desk" in repr(service) and "<table" in service._repr_html_()


@pytest.mark.parametrize("name", cs.Policy.names())
def test_a_ready_made_policy_loads_and_keeps_its_cases(name: str) -> None:
    policy = cs.Policy.load(name)
    assert policy.id == name
    assert not policy.check().errors
    results = policy.run_cases()
    assert len(results) == len(policy.cases) > 0
    assert not results.failed
    assert f"{len(results)} of {len(results)} passed" in repr(results)


def test_a_case_that_fails_says_what_came_out() -> None:
    document = changed()
    document["cases"][0]["expect"]["score"] = 99
    failed = cs.Policy.load(document).run_cases().failed
    assert [f.case.name for f in failed] == ["everything at its best"]
    assert "99" in failed[0].failures[0] and "100" in failed[0].failures[0]


def test_assumed_values_have_a_path_and_their_clauses(retail: cs.Policy) -> None:
    assert retail.assumed
    assert all(value.path for value in retail.assumed)
    assert any("P2-" in clause for value in retail.assumed for clause in value.clauses)
    assert "P2-49" in retail.clauses


@pytest.mark.parametrize(
    ("document", "code", "path", "line"),
    [
        pytest.param('{"id": ', "json-syntax", None, 1, id="broken off"),
        pytest.param('{\n"id": 5}', "wrong-type", "id", 2, id="wrong type"),
        pytest.param('{"id": "x",\n\n"wieght": 1}', "unknown-key", "wieght", 3, id="unknown key"),
        pytest.param(b'{"id": "\xff"}', None, None, None, id="not UTF-8"),
        pytest.param(b"", None, None, None, id="empty"),
        pytest.param(b'{"a":' * 100_000, None, None, None, id="deep"),
    ],
)
def test_a_refused_document_has_its_place(
    document: str | bytes, code: str | None, path: str | None, line: int | None
) -> None:
    with pytest.raises(cs.PolicyError) as caught:
        cs.Policy.load(document)
    error = caught.value
    assert error.code == "INVALID_ARGUMENT"
    assert "\n" not in str(error)
    assert error.diagnostics.errors
    if code is not None:
        assert error.diagnostics.errors[0].code == code
    if line is not None:
        assert (error.line, error.path or None) == (line, path)
    assert isinstance(error, ValueError) and isinstance(error, cs.CsatError)


@pytest.mark.parametrize(
    ("message", "witness", "line"),
    [
        ("scores above 59 and below 60", "59.5", "scores above 59 and below 60; for example 59.5; act"),
        ("the score 60 is in two bands", "60", "the score 60 is in two bands; act"),
        ("weight -10 is below 0", "-10", "weight -10 is below 0; act"),
        ("at 10.5", "10", "at 10.5; for example 10; act"),
        ("档 '中' 重复", "中", "档 '中' 重复; act"),
        ("no value", "", "no value; act"),
    ],
)
def test_a_witness_that_the_message_names_is_not_said_again(message: str, witness: str, line: str) -> None:
    finding = cs.Diagnostic("error", "band-gap", "", None, None, message, "act", witness)
    assert str(finding) == f"error[band-gap]: {line}"


def test_an_unknown_name_has_the_nearest_one() -> None:
    with pytest.raises(cs.NotFoundError, match=r"is it 'retail-after-sales'\?.*ready-made are annual-survey"):
        cs.Policy.load("retail-after-sale")


def test_a_file_that_is_too_large_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(cs.PolicyError):
        cs.Policy.load(path)


@pytest.mark.parametrize(("language", "word", "severity"), [("en", "id", "error"), ("zh", "id", "错误")])
def test_findings_show_themselves(language: str, word: str, severity: str) -> None:
    findings = cs.Policy.diagnose('{"id": 5}', language)
    assert findings and findings[0].severity == "error"
    assert word in repr(findings)
    assert "<table" in findings._repr_html_()
    assert str(findings[0]).startswith(f"1:8: {severity}[wrong-type]")


def test_findings_are_in_the_language_asked_for() -> None:
    english, chinese = (cs.Policy.diagnose('{"id": 5}', language)[0].message for language in ("en", "zh"))
    assert english.isascii() and not chinese.isascii()


# P3-80 as printed leaves gaps and an overlap.
def test_bands_as_printed_are_gaps_and_an_overlap() -> None:
    document = changed()
    printed = [(90, 100), (76, 89), (60, 75), (45, 60), (0, 45)]
    document["scorecards"][0]["grading"]["bands"] = [
        {"id": f"g{i}", "from": low, "through": high} for i, (low, high) in enumerate(printed)
    ]
    findings = cs.Policy.diagnose(document)
    assert {"89.5", "75.5", "60"} <= {finding.witness for finding in findings}


def test_versions_beside_each_other() -> None:
    document = json.loads(SERVICE.read_text(encoding="utf-8"))

    def version(**other: object) -> cs.Policy:
        return cs.Policy.load(document | other)

    first, later = version(), version(version="2", effective_from="2026-01-01")
    assert cs.check_versions([]) == cs.check_versions([first]) == cs.check_versions([first, later]) == []
    for versions, code, words in (
        ([first, version(effective_from="2026-01-01")], "duplicate-version", "'1' stands twice"),
        ([later, first], "effective-date-order", "takes effect on 2025-01-01, not after version '2'"),
        ([first, version(version="2")], "effective-date-order", "not after version '1'"),
        ([first, version(id="other")], "versions-of-different-policies", "stands among versions of"),
    ):
        (found,) = cs.check_versions(versions)
        assert (found.severity, found.code, found.path) == ("error", code, "versions[1]")
        assert words in found.message
        (zh,) = cs.check_versions(versions, "zh-CN")
        assert str(zh).startswith(f"错误[{code}]: ") and not zh.message.isascii()


def test_the_version_in_force() -> None:
    old = cs.Policy.load(DOCUMENT)
    new = cs.Policy.load(changed(version="2", effective_from="2026-01-01"))
    assert cs.in_force([new, old], "2025-12-31").version == "1"
    assert cs.in_force([new, old], date(2026, 1, 1)).version == "2"
    with pytest.raises(cs.NotFoundError):
        cs.in_force([new, old], "2024-12-31")
    with pytest.raises(ValueError, match=r"^day 'no day' is no day"):
        cs.in_force([new, old], "no day")


def of_labels() -> dict[str, Any]:
    """`service` with a list of ratings instead of one, and cases in labels."""
    document = changed()
    document["metrics"].append(
        {"id": "ratings", "unit": "rank", "direction": "HIGHER_IS_BETTER", "scale": "star5", "events": {}}
    )
    indicators = document["scorecards"][0]["indicators"]
    indicators[2]["metric"] = "ratings"
    document["metrics"] = [metric for metric in document["metrics"] if metric["id"] != "rating"]
    record = {
        "wait_minutes": 10,
        "solved": 4,
        "tickets": 4,
        "reply_seconds": [10],
        "ratings": ["good", "优秀"],
    }
    document["cases"] = [
        {"name": name, "scorecard": "desk", "record": {**record, "leaks": leaks}, "expect": {"vetoes": []}}
        for name, leaks in (("no leak", 0), ("a leak", 1))
    ]
    return document


def test_cases_of_labels_and_of_no_veto() -> None:
    """A list of labels counts as ranks; an empty list of vetoes expects that none fires."""
    policy = cs.Policy.load(of_labels())
    case = policy.cases[0]
    assert (case.record["ratings"], case.expect) == (["good", "优秀"], {"vetoes": []})
    results = policy.run_cases()
    assert [result.passed for result in results] == [True, False]
    assert results[1].failures == ("case 'a leak': vetoes: expected none, got leak",)
    assert results.failed[0].case.name == "a leak"
    for labels in (["good", "优秀"], ("good", "great"), [4, 5]):
        score = policy.score_one({**case.record, "ratings": labels})
        assert (score.score, score.vetoes) == (Decimal("97.5"), case.expect["vetoes"])
    assert policy.score_one(json.dumps(case.record)).score == Decimal("97.5")
    for wrong, words in (
        (["good", "superb"], "field 'ratings': 'superb' is no label of scale 'star5'"),
        (["good", 5], "'ratings' is not a label"),
        ([5, "good"], "'ratings' is not a number"),
    ):
        with pytest.raises(cs.RecordError, match=words):
            policy.score_one({**case.record, "ratings": wrong})


def test_the_schema_is_that_of_policy_documents() -> None:
    schema = cs.json_schema()
    assert "scorecards" in json.dumps(schema)


def test_a_policy_is_its_digest(service: cs.Policy) -> None:
    again = pickle.loads(pickle.dumps(service))
    assert again == service and hash(again) == hash(service) and len({again, service}) == 1
    assert service != cs.Policy.load(changed(version="2"))
    assert again.run_cases() and not again.run_cases().failed


def test_errors_survive_being_passed_between_processes() -> None:
    with pytest.raises(cs.CsatError) as caught:
        cs.Policy.load("nothing-of-that-name")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.code, again.path) == (str(caught.value), "NOT_FOUND", "nothing-of-that-name")
