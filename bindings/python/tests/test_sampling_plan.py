"""Sampling plans of the ready-made policies: every case that they carry, put to its rule as a user
would; and tables of every kind."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import libcsat as cs
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

POLICIES = [
    "satisfaction-control",
    "annual-survey",
    "retail-after-sales",
    "iso-monitoring",
    "feedback-handling",
]


def sampling_cases() -> list[Any]:
    return [
        pytest.param(policy, case, id=f"{name}: {case.name}")
        for name in POLICIES
        for policy in [cs.Policy.load(name)]
        for case in policy.cases
        if case.sampling
    ]


def percent(share: Fraction) -> str:
    return f"{float(round(share * 1000 + Fraction(1, 10**9))) / 10:.1f}"


# P0-34, P1-15, P1-16, P1-18 to P1-22, P2-25 to P2-27, P2-30, P2-113, P2-129, P2-130, P3-10, P3-49, P3-50,
# P3-77, P3-83, P3-110, P4-15
@pytest.mark.parametrize(("policy", "case"), sampling_cases())
@pytest.mark.parametrize("kind", [pa.table, pd.DataFrame, pl.DataFrame])
def test_a_case_comes_out_as_the_policy_says(policy: cs.Policy, case: cs.PolicyCase, kind: Any) -> None:
    rule = policy.sampling_rule(case.sampling)
    table = kind(case.table) if case.table else None
    if "error" in case.expect:
        with pytest.raises(cs.CsatError, match=case.expect["error"]):
            rule.apply(table, case.record)
        return
    found = rule.apply(table, case.record)
    assert found.outcome == case.expect.get("outcome", found.outcome)
    for name, count in case.expect.get("counts", {}).items():
        assert found.counts[name] == count
    for name, shown in case.expect.get("shown", {}).items():
        assert percent(found.shares[name]) == shown
    for name, wanted in case.expect.get("lists", {}).items():
        assert found.lists.get(name, []) == wanted
    assert case.sampling in found._repr_html_() and case.sampling in repr(found)


def test_every_policy_says_what_its_rules_are() -> None:
    rules = {rule.id: rule for name in POLICIES for rule in cs.Policy.load(name).sampling}
    assert rules["regular_survey"].level == "should" and rules["main_customers"].level == "must"
    assert rules["sample_size"].values["margin"] == Decimal("0.05")
    assert rules["closed_complaint_sample"].values == {"probability": None}
    assert rules["customer_form"].label("zh") == "每年向每位顾客发放调查表"
    assert rules["sample_list"].values["classes"] == ["strategic", "industry_representative", "other"]


def test_coverage_of_many_customers_is_that_of_a_plain_count() -> None:
    random = np.random.default_rng(4)
    n, customers = 100_000, 9_000
    frame = pd.DataFrame(
        {
            "subject": random.integers(0, customers, n),
            "date": pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 730, n), unit="D"),
            "valid": random.random(n) < 0.3,
        }
    )
    rule = cs.Policy.load("iso-monitoring").sampling_rule("main_customers")
    given = {"from": date(2025, 1, 1), "until": date(2025, 12, 31), "as_of": datetime(2025, 12, 31)}
    found = rule.apply(frame, given)
    counted = frame[frame.valid & (frame.date.dt.year == 2025)]
    halves = {str(h): set(counted.subject[(counted.date.dt.month > 6) == h]) for h in (False, True)}
    everyone = set(frame.subject)
    first, second = halves["False"], halves["True"]
    assert found.counts["subjects"] == len(everyone)
    assert found.counts["complete"] == len(first & second)
    # The second half is not over on its last day.
    assert found.counts["missing"] == len(everyone - first)
    assert found.counts["open"] == len(everyone - second)
    assert found.shares["complete"] == Fraction(len(first & second), len(everyone))
    assert found.lists["missing"] == [f"{c}: 2025-H1" for c in sorted(map(str, everyone - first))]


YEAR = {"from": "2025-01-01", "until": "2025-12-31", "as_of": "2026-01-01"}
WAVE = {"planned": 2, "answered": 1, "unanswered_by_customer": 1, "not_contacted": 0}


@pytest.mark.parametrize(
    ("rule", "table", "given", "message"),
    [
        ("main_customers", None, YEAR, "a table with the column 'date' is missing"),
        ("main_customers", {"Date": ["2025-01-01"]}, YEAR, "column 'date' is missing (is it 'Date'?)"),
        ("main_customers", {"date": ["2025-02-30"]}, YEAR,
         "row 0: column 'date': '2025-02-30' is not a day such as 2025-03-14"),
        ("main_customers", {"date": [3]}, YEAR, "row 0: column 'date': 3 is not a day such as 2025-03-14"),
        ("main_customers", {"date": ["2025-01-01"]}, {**YEAR, "until": "soon"},
         "'until' 'soon' is not a day such as 2025-03-14"),
        ("main_customers", {"date": ["2025-01-01"]}, {"from": "2025-01-01", "until": "2025-12-31"},
         "'as_of' is not given: a day such as 2025-03-14"),
        ("main_customers", {"date": ["2025-01-01"]}, {**YEAR, "until": "2024-12-31"},
         "the last day 2024-12-31 is before the first, 2025-01-01"),
        ("main_customers", {"date": ["2025-01-01"]}, {**YEAR, "least": 2},
         "'least' is given, and the rule does not read it"),
        ("main_customers", {"date": ["2025-01-01"]}, {**YEAR, "subjects": ["a"]},
         "'subjects' are given, and the table has no column 'subject'"),
        ("main_customers", {"date": ["2025-01-01"], "subject": [None]}, YEAR,
         "row 0: column 'subject': no value"),
        ("main_customers", {"date": ["2025-01-01"], "valid": [2]}, YEAR,
         "row 0: column 'valid': 2 is neither true nor false"),
        ("building_waves", {"date": ["2025-01-01"] * 2, "since": ["2025-01-01", "2025-01-02"]},
         {"as_of": "2026-01-01"},
         "row 1: column 'since': 2025-01-02 beside 2025-01-01 of the same subject"),
        ("sample_size", {"n": [1]}, {}, "rule 'sample_size' reads no table"),
        ("sample_size", None, {"population": 0}, "'population' 0 lies outside [1, 1000000000]"),
        ("sample_size", None, {"population": 2.5}, "'population' 2.5 is not a whole number of 0 or more"),
        ("sample_size", None, {"population": "many"}, "'population' is not a number"),
        ("wave_validity", None, {**WAVE, "closed": 2}, "'closed' 2 is neither 0 nor 1"),
        ("wave_validity", None, {**WAVE, "answered": 0}, "planned"),
        ("wave_validity", None, {"planned": 2}, "'answered' is not given: a whole number"),
    ],
)  # fmt: skip
def test_what_a_rule_cannot_read_is_named(rule: str, table: Any, given: dict[str, Any], message: str) -> None:
    frame = None if table is None else pa.table(table)
    with pytest.raises(cs.CsatError) as caught:
        cs.Policy.load("iso-monitoring").sampling_rule(rule).apply(frame, given)
    assert message in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("rule", "table", "given", "message"),
    [
        ("value_strata", {"stratum": ["a", "a"], "size": [1, 2]}, {"sample": 1},
         "row 1: column 'stratum': 'a' is there twice"),
        ("value_strata", {"stratum": ["a"], "size": [1.5]}, {"sample": 1},
         "row 0: column 'size': not a whole number of 0 or more"),
        ("value_strata", {"stratum": ["a"], "size": [1]}, {"sample": 2}, "2"),
        ("recent_customers", {"last_event": ["2025-06-16"]}, {"reference": "2025-06-15"},
         "row 0: column 'last_event': 2025-06-16 is after the reference day 2025-06-15"),
        ("terminal_invitation", {"id": ["a", "a"]}, {"seed": "s"}, "row 1: column 'id': 'a' is there twice"),
        ("terminal_invitation", {"id": ["a"]}, {}, "'seed' is not given: a text"),
        ("terminal_invitation", {"id": ["a"]}, {"seed": "s", "probability": 0.5},
         "'probability' is given, and the rule does not read it"),
        ("closed_complaint_sample", {"id": ["a"]}, {"seed": "s", "probability": 1.5}, "1.5"),
    ],
)  # fmt: skip
def test_what_a_sample_cannot_be_drawn_from_is_named(
    rule: str, table: Any, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(cs.CsatError) as caught:
        cs.Policy.load("retail-after-sales").sampling_rule(rule).apply(pd.DataFrame(table), given)
    assert message in str(caught.value) and "\n" not in str(caught.value)


RULES = {
    "every": {"every": {"period": "YEAR"}},
    "within": {"within": {"months": 12}},
    "invitation": {"invitation": {"probability": 0.5}},
    "any_invitation": {"invitation": {}},
    "strata": {"strata": {"method": "EQUAL"}},
    "list": {"list": {"every_value_of": ["industry"]}},
    "size": {"size": {}},
}


def times(*instants: datetime, zone: str | None = "UTC", unit: str = "us") -> pa.Array:
    return pa.array(instants, pa.timestamp(unit, zone))


LATE = datetime(2025, 6, 30, 17, tzinfo=timezone.utc)  # The first of July in Shanghai.


@pytest.mark.parametrize(
    "column",
    [
        times(LATE),
        times(LATE, zone="America/New_York", unit="ns"),
        times(LATE, unit="s"),
        pd.Series([LATE]),
        pd.Series([pd.Timestamp(LATE)]).dt.tz_convert("Europe/Berlin"),
        pd.Series([LATE], dtype=object),
        pl.Series([LATE]),
    ],
    ids=lambda column: (
        f"{type(column).__module__.partition('.')[0]} {getattr(column, 'type', None) or column.dtype}"
    ),
)
def test_instants_count_on_the_day_of_the_policys_zone(column: Any) -> None:
    frame = pl.DataFrame if isinstance(column, pl.Series) else pd.DataFrame
    table = pa.table({"date": column}) if isinstance(column, pa.Array) else frame({"date": column})
    every = {"period": "HALF_YEAR", "least": 1}
    for zone, missing in (("Asia/Shanghai", "2025-H1"), ("UTC", "2025-H2")):
        document = {
            "id": "p",
            "version": "1",
            "effective_from": "2025-01-01",
            "zone": zone,
            "sampling": {"rules": [{"id": "r", "level": "MUST", "every": every}]},
        }
        found = cs.Policy.load(document).sampling_rule("r").apply(table, YEAR)
        assert found.lists["missing"] == [missing]


def test_a_time_without_a_zone_has_the_day_that_it_shows() -> None:
    rule = cs.Policy.load("iso-monitoring").sampling_rule("main_customers")
    for table in (
        pa.table({"date": times(datetime(2025, 6, 30, 23, 59), zone=None)}),
        pd.DataFrame({"date": [pd.Timestamp("2025-06-30 23:59")]}),
    ):
        assert rule.apply(table, YEAR).lists["missing"] == ["2025-H2"]


DATES = {"date": ["2025-03-01"], "subject": [1]}


def plan() -> cs.Policy:
    rules = [{"id": id, **form} for id, form in RULES.items()]
    head = {"id": "p", "version": "1", "effective_from": "2025-01-01", "zone": "UTC"}
    return cs.Policy.load({**head, "sampling": {"rules": rules}})


@pytest.mark.parametrize(
    ("rule", "table", "given", "message"),
    [
        ("every", DATES, {**YEAR, "until": "2024-01-01"}, "the last day 2024-01-01 is before the first"),
        ("every", DATES, {**YEAR, "foo": 1}, "'foo' is given, and the rule does not read it"),
        ("every", DATES, {**YEAR, "as_of": None}, "'as_of' is not given"),
        ("every", DATES, {**YEAR, "as_of": 5}, "'as_of' is not a day such as 2025-03-14"),
        ("every", DATES, {**YEAR, "as_of": "soon"}, "'as_of' 'soon' is not a day such as 2025-03-14"),
        (
            "every",
            DATES,
            {**YEAR, "as_of": datetime(2026, 1, 1, 5, tzinfo=timezone.utc)},
            "'as_of' is 2026-01-01 05:00:00+00:00: an instant of a zone has no day of its own",
        ),
        (
            "every",
            DATES,
            {**YEAR, "subjects": [1, None]},
            "'subjects' has None at [1]: texts or whole numbers",
        ),
        ("every", DATES, {**YEAR, "subjects": [1.5]}, "'subjects' has 1.5, a float at [0]: texts or whole"),
        ("every", DATES, {**YEAR, "subjects": "a"}, "'subjects' is not a list of texts"),
        (
            "every",
            DATES,
            {**YEAR, "as_of": {}},
            "'as_of' is a dict: a number, a text, a day or a list of texts",
        ),
        ("every", DATES, {**YEAR, "least": float("nan")}, "'least' is nan, which is no number"),
        ("within", {"since": ["2025-03-01"], **DATES}, {}, "'as_of' is not given"),
        ("invitation", {"id": ["4"]}, {"seed": 7}, "'seed' is not a text"),
        ("invitation", {"id": ["4"]}, {"seed": ""}, "seed: it is empty"),
        ("any_invitation", {"id": ["4"]}, {"seed": "s"}, "'probability' is not given"),
        ("any_invitation", {"id": ["4"]}, {"seed": "s", "probability": 2}, "probability: 2 lies outside"),
        ("any_invitation", {"id": ["4"]}, {"seed": "s", "probability": 1 / 3}, "'probability': number 0.333"),
        ("strata", {"stratum": ["a"], "size": [5]}, {"sample": "3"}, "'sample' is not a number"),
        ("strata", {"stratum": ["a"], "size": [5]}, {"sample": 6}, "sample: 6 lies outside [0, 5]"),
        (
            "list",
            {
                "customer": ["c"],
                "product_line": ["p"],
                "class": ["x"],
                "nominated_by": ["m"],
                "industry": ["i"],
            },
            {"frame": 5},
            "'industry' is not given: the list of what there is",
        ),
        ("size", None, {"population": 0}, "'population' 0 lies outside"),
    ],
)
def test_what_is_given_wrong_is_no_fault_of_the_table(
    rule: str, table: Any, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(cs.RecordError) as caught:
        plan().sampling_rule(rule).apply(None if table is None else pa.table(table), given)
    assert message in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("rule", "table", "given", "message"),
    [
        ("every", None, YEAR, "a table with the column 'date' is missing"),
        ("every", {"day": ["2025-03-01"]}, YEAR, "column 'date' is missing"),
        ("every", {"date": ["soon"]}, YEAR, "row 0: column 'date': 'soon' is not a day"),
        ("size", {"n": [1]}, {}, "rule 'size' reads no table"),
        ("invitation", {"id": [""]}, {"seed": "s"}, "id: it is empty"),
        ("invitation", {"id": ["a\0"]}, {"seed": "s"}, "it holds a zero byte"),
    ],
)
def test_what_is_wrong_in_a_table_is_its_fault(
    rule: str, table: Any, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(cs.TableError) as caught:
        plan().sampling_rule(rule).apply(None if table is None else pa.table(table), given)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "subjects",
    [
        [1, 2], ["1", "2"], (1, "2"), {1, 2}, frozenset(["2", "1"]), np.array([1, 2]), np.array([1.0, 2.0]),
        pd.Series([1, 2]), pd.Series(["1", "2"]), pl.Series([1, 2]), pa.array([1, 2]), [np.int32(1), 2.0],
    ],
)  # fmt: skip
def test_lists_of_ids_are_taken_as_columns_are(subjects: Any) -> None:
    found = plan().sampling_rule("every").apply(pa.table(DATES), {**YEAR, "subjects": subjects})
    assert found.lists["missing"] == ["2: 2025"]


@pytest.mark.parametrize(
    "as_of",
    [
        *("2026-01-01", date(2026, 1, 1), datetime(2026, 1, 1), datetime(2026, 1, 1, 23, 59)),
        *(
            pd.Timestamp("2026-01-01 05:00"),
            np.datetime64("2026-01-01"),
            np.datetime64("2026-01-01T05:00:00", "ns"),
        ),
    ],
)
def test_days_are_given_as_they_stand_in_columns(as_of: Any) -> None:
    found = plan().sampling_rule("every").apply(pa.table(DATES), {**YEAR, "as_of": as_of})
    assert found.counts["open"] == 0 and found.outcome == "complete"
    for none in (None, pd.NaT, pd.NA):
        with pytest.raises(cs.RecordError, match="'as_of' is not given"):
            plan().sampling_rule("every").apply(pa.table(DATES), {**YEAR, "as_of": none})


def test_a_rule_that_is_not_there_is_named_beside_those_that_are() -> None:
    with pytest.raises(cs.NotFoundError, match=r"no rule of sampling 'wave_validty' \(is it 'wave_validity'"):
        cs.Policy.load("iso-monitoring").sampling_rule("wave_validty")


def test_a_list_names_a_class_that_the_rule_does_not_have() -> None:
    rule = cs.Policy.load("annual-survey").sampling_rule("sample_list")
    table = pa.table({"customer": ["c"], "product_line": ["p"], "class": ["vip"], "nominated_by": ["m"],
                      "industry": ["tyre"], "key_customer": ["c"]})  # fmt: skip
    with pytest.raises(cs.TableError, match="row 0: column 'class': 'vip' is no class of the rule"):
        rule.apply(table, {"frame": 5, "industry": ["tyre"], "key_customer": []})
