"""The cleaning rules of the ready-made policies."""

from __future__ import annotations

from typing import Any

import libcsat as cs
import pyarrow as pa
import pytest
from cleaning_rules import DEGREE, at, verdicts


def retail(**columns: Any) -> dict[str, Any]:
    """A response to the ready-made retail policy, filled in on site."""
    usual = {f"survey_item_{i}": 3 + i % 2 for i in range(1, 9)}
    where = {"latitude": 34.03, "longitude": 113.85, "store_latitude": 34.03, "store_longitude": 113.85}
    stay = {"submitted_at": at("14:35"), "stay_from": at("14:02"), "stay_until": at("14:40")}
    what = {"overall_rating": 4, "overall_words": "satisfied", "presence": "required", "instrument": "form"}
    return {
        **{"is_test": False, "duration_ms": 60000, "store_radius_m": 500},
        **{**usual, **where, **stay, **what, **columns},
    }


def test_scenario_g6_by_the_ready_made_policy() -> None:  # G-6, P2-57 to P2-61, P2-84, A-129
    shop = cs.Policy.load("retail-after-sales")
    rows = [
        retail(overall_words="very satisfied", overall_rating=1),
        retail(duration_ms=29999),
        retail(duration_ms=30000),
        retail(**{f"survey_item_{i}": 5 for i in range(1, 9)}),
        retail(submitted_at=at("15:10")),
        *[retail()] * 5,
    ]
    g6 = pa.Table.from_pylist([{"response_id": f"r{i}", **row} for i, row in enumerate(rows)])
    cleaning = shop.clean(g6, seed="2025-03")
    assert cleaning.counts == {"kept": 6, "flagged": 0, "quarantined": 1, "excluded": 3}
    assert cleaning.review is not None and sum(cleaning.review.drawn) == 1
    decided = [(row["rule"], row["deciding"]) for row in cleaning.ledger.to_pylist()]
    wanted = ["r1", "under-30-seconds", "all-extreme", "not-on-site"]
    assert decided == [(id, True) for id in wanted]
    # Without a place everybody who had to be there is flagged, and counts: A-59.
    cleaning = shop.clean(g6.drop_columns(["latitude", "longitude"]), absent=["latitude", "longitude"])
    assert cleaning.counts == {"kept": 0, "flagged": 6, "quarantined": 1, "excluded": 3}
    rest = [
        retail(latitude=34.03 + 480 / DEGREE),
        retail(latitude=34.03 + 520 / DEGREE),
        retail(instrument="star_rating", duration_ms=2),
        retail(presence="not_required", submitted_at=at("20:00"), latitude=30.0),
        retail(is_test=True),
    ]
    table = pa.Table.from_pylist([{"response_id": f"s{i}", **row} for i, row in enumerate(rest)])
    assert verdicts(shop.clean(table)) == [
        ("kept", None),
        ("excluded", "not-in-the-store"),
        ("kept", None),
        ("kept", None),
        ("excluded", "test-record"),
    ]


def test_forms_of_the_annual_survey() -> None:  # P1-30, P1-31, A-31, A-90
    survey = cs.Policy.load("annual-survey")
    forms = [
        {"product_quality": 86, "service_quality": None if i < 4 else 90, "respondent_id": f"c{i}", "n": i}
        for i in range(41)
    ]
    forms.append({"product_quality": 10, "service_quality": 10, "respondent_id": "c20", "n": -1})
    table = pa.Table.from_pylist(
        [
            {"response_id": f"f{i}", "wave": "2025", "submitted_at": form.pop("n"), **form}
            for i, form in enumerate(forms)
        ]
    )
    cleaning = survey.clean(table)
    assert cleaning.counts == {"kept": 37, "flagged": 4, "quarantined": 0, "excluded": 1}
    assert verdicts(cleaning)[41] == ("excluded", "duplicate")
    with pytest.raises(cs.CsatError, match="4 of 42 responses are doubtful and not settled"):
        _ = cleaning.kept
    three: dict[str, Any] = {"f0": "confirmed", "f1": "corrected", "f2": "rejected"}
    assert survey.clean(table, decisions=three).open == 1
    settled = survey.clean(table, decisions={**three, "f3": "confirmed"})
    assert settled.open == 0 and settled.kept.num_rows == 40
