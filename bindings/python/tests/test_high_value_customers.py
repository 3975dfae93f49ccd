"""High-value customers by the thresholds of a company: P2-11."""

from __future__ import annotations

import libcsat as cs

THRESHOLDS = {"high_value_spend": 100_000, "high_value_satisfaction": 90}
CUSTOMERS = {
    "both": {"customer_spend": 100_000.01, "customer_satisfaction": 90},
    "spends the threshold": {"customer_spend": 100_000, "customer_satisfaction": 90},
    "less satisfied": {"customer_spend": 250_000, "customer_satisfaction": 89.99},
    "never asked": {"customer_spend": 250_000},
    "most of all": {"customer_spend": 999_999.99, "customer_satisfaction": 100},
}


def company() -> cs.Policy:
    """The ready-made policy with the thresholds of a company."""
    document = cs.Policy.load("retail-after-sales").document
    for target in document["targets"]:
        if target["id"] in THRESHOLDS:
            target["value"] = THRESHOLDS[target["id"]]
    document["cases"] = [case for case in document["cases"] if "P2-11" not in case["clauses"]]
    return cs.Policy.load(document)


def standing(policy: cs.Policy) -> dict[str, dict[str, str]]:
    """By customer, how they stand to each threshold."""
    scores = {who: policy.score_one(record, "period_score") for who, record in CUSTOMERS.items()}
    return {
        who: {target.id: target.status for target in score.targets if target.id in THRESHOLDS}
        for who, score in scores.items()
    }


def listed(policy: cs.Policy) -> list[str]:
    return [who for who, stands in standing(policy).items() if set(stands.values()) == {"met"}]


def test_both_thresholds_have_to_be_met() -> None:  # P2-11
    policy = company()
    assert listed(policy) == ["both", "most of all"]
    stands = standing(policy)
    assert stands["spends the threshold"] == {"high_value_spend": "missed", "high_value_satisfaction": "met"}
    assert stands["less satisfied"] == {"high_value_spend": "met", "high_value_satisfaction": "missed"}
    assert stands["never asked"] == {"high_value_spend": "met", "high_value_satisfaction": "not_measurable"}


def test_before_a_company_sets_them_nobody_is_listed() -> None:  # P2-11
    policy = cs.Policy.load("retail-after-sales")
    assert listed(policy) == []
    assert {status for stands in standing(policy).values() for status in stands.values()} == {"no_target"}
