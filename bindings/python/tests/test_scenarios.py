"""Golden scenarios over the ready-made policies: intake, cleaning, measuring, statistics, sampling and
scoring of them, to the letter. G-6 stands in test_cleaning_policies.py.

What awaits later rooms:
  G-3  supplementary measures as a task with a deadline, results published to departments (workflow)
  G-4  the TOP 3 of dissatisfied items by tag (text and taxonomy), a case for each of the 18 items and the
       refusal to submit a report without a cause for the missed target (workflow, reports)
  G-5  nothing
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import libcsat as cs
import pyarrow as pa
import pytest
from libcsat import intake

ISO = cs.Policy.load("iso-monitoring")
CONTROL = cs.Policy.load("satisfaction-control")


# G-3: P3-77, P3-80 to P3-84
WAVES = (
    # Date, answered and unanswered of 100, score, state, grade.
    pytest.param("2025-05-10", 79, 21, 80, "invalid", None, id="wave 1: closed without supplement"),
    pytest.param("2025-08-20", 80, 20, 75.5, "valid", "average", id="wave 2"),
    pytest.param("2026-03-01", 100, 0, 76, "valid", "satisfied", id="wave 3"),
)


@pytest.mark.parametrize(("day", "answered", "unanswered", "score", "state", "grade"), WAVES)
def test_g3_each_wave(
    day: str, answered: int, unanswered: int, score: float, state: str, grade: str | None
) -> None:
    slots = [f"household {i}" for i in range(100)]
    drawn = cs.sample(pa.table({"id": [f"h{i:03}" for i in range(400)]}), len(slots), seed=day, id="id")
    assert drawn.table.num_rows == 100
    rates = cs.response_rate(answered, refused=unanswered)
    assert rates.least == Decimal(answered) / 100
    assert cs.wave_state(100, answered, unanswered, closed=True) == state
    if state == "invalid":
        assert cs.wave_state(100, answered, unanswered, closed=False) == "supplement_required"
        # Eight replacements of the same strata answer: 13 of 100.
        assert cs.wave_state(100, answered + 8, unanswered - 8, closed=True) == "valid"
    record = {"planned": 100, "unanswered": unanswered, "satisfaction_score": score}
    result = ISO.score_one(record, "s8_wave")
    assert (result.outcome, result.grade) == (("scored" if grade else "insufficient"), grade)
    if grade is not None:
        assert result.score == Decimal(str(score))
        names = {"average": "一般", "satisfied": "满意"}
        assert names[grade] in result.explain("zh")


def test_g3_two_valid_waves_within_the_year() -> None:
    waves = [(wave.values[0], wave.values[4]) for wave in WAVES]
    valid = [day for day, state in waves if state == "valid"]
    assert cs.count_within_months("2025-03-01", 12, valid) == 2
    # A day later the last one would be too late, and the first one never counts.
    assert cs.count_within_months("2025-03-01", 12, ["2025-08-20", "2026-03-02"]) == 1
    assert cs.count_within_months("2025-03-01", 12, [day for day, _ in waves]) == 3


# G-4: P0-10 to P0-13, P0-30, P0-37, P0-38
def feedback() -> list[dict[str, Any]]:
    """A hundred responses with a rating and an answer from 0 to 10; four of those with 1 or 2 complain in the
    same feedback, and eight complaints come by themselves."""
    ratings = [5] * 40 + [4] * 40 + [3] * 10 + [2] * 6 + [1] * 4
    recommend = [10] * 31 + [9] * 31 + [8] * 14 + [7] * 14 + [6, 5, 4, 3, 2, 1, 0, 0, 6, 5]
    rows: list[dict[str, Any]] = [
        {"rating": rating, "recommend": answer, "feedback": "rating"}
        for rating, answer in zip(ratings, recommend, strict=True)
    ]
    for at in (90, 93, 96, 99):
        rows[at]["feedback"] = "complaint"
    return rows + [{"rating": None, "recommend": None, "feedback": "complaint"}] * 8


def test_g4_from_the_file_to_the_targets(tmp_path: Path) -> None:
    lines = ["rating,recommend,feedback"]
    lines += [",".join("" if value is None else str(value) for value in row.values()) for row in feedback()]
    path = tmp_path / "feedback.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    imported = intake.read(path)
    assert (imported.counts.read, imported.counts.accepted, imported.counts.rejected) == (108, 108, 0)

    measured = CONTROL.measure(
        imported.responses,
        measures=[
            "overall_rating",
            "net_promoter_score",
            "dissatisfied_items",
            "complaints",
        ],
    )
    figures = {row["measure"]: row for row in measured.table().to_pylist()}
    assert {name: row["shown"] for name, row in figures.items()} == {
        "overall_rating": "4.06",
        "net_promoter_score": "52.00",
        "dissatisfied_items": "18.00",  # 10 + 12 - 4: one for each feedback.
        "complaints": "12.00",
    }
    assert figures["net_promoter_score"]["low"] < 52 < figures["net_promoter_score"]["high"]

    counted = cs.accumulate(imported.responses, items={"rating": (1, 5), "recommend": (0, 10)})
    levels = {(row["item"], row["value"]): row["count"] for row in counted.levels().to_pylist()}

    def of(item: str, *values: int) -> int:
        return sum(levels.get((item, value), 0) for value in values)

    words = ("very_dissatisfied", "dissatisfied", "average", "satisfied", "very_satisfied")
    record = {word: of("rating", rank) for rank, word in enumerate(words, 1)} | {
        "promoters": of("recommend", 9, 10),
        "passives": of("recommend", 7, 8),
        "detractors": of("recommend", *range(7)),
        "complaints_accepted": int(float(figures["complaints"]["shown"])),
        "transactions_completed": 1200,
    }
    assert (record["promoters"], record["passives"], record["detractors"]) == (62, 28, 10)
    year = CONTROL.score_one(record, "year")
    assert year.score == Decimal("81.2")
    targets = {target.id: (target.status, target.shown, target.gap) for target in year.targets}
    assert targets["overall_satisfaction"][0] == "missed"
    assert targets["overall_satisfaction"][2] == Decimal("-8.8")
    assert targets["nps"][:2] == ("met", "52.00")
    assert targets["complaint_rate"][:2] == ("met", "1.0")


@pytest.mark.parametrize(
    ("row", "items"),
    [
        pytest.param({"rating": 2, "feedback": None}, 1, id="rating 2, no text"),
        pytest.param({"rating": 5, "feedback": "complaint"}, 1, id="rating 5 with a complaint"),
        pytest.param({"rating": 3, "feedback": None}, 0, id="rating 3, no text"),
        pytest.param({"rating": 1, "feedback": "complaint"}, 1, id="both in one feedback"),
        pytest.param({"rating": None, "feedback": "suggestion"}, 1, id="a suggestion alone"),
        pytest.param({"rating": 5, "feedback": "praise"}, 0, id="praise"),
    ],
)
def test_a_dissatisfied_item(row: dict[str, Any], items: int) -> None:  # P0-12
    types = pa.schema([("rating", pa.int64()), ("feedback", pa.string())])
    table = pa.Table.from_pylist([row], schema=types)
    (figure,) = CONTROL.measure(table, measures=["dissatisfied_items"]).table().to_pylist()
    assert figure["value"] == items


# G-5: P3-26, P3-27
def forms() -> list[dict[str, Any]]:
    """32 forms: 20 with seven fairly satisfied, 7 with five, 3 with four and three blanks, 2 with none."""
    answers: list[list[int | None]] = [[4] * 7] * 20 + [[4] * 5 + [2] * 2] * 7
    answers += [[*[4] * 4, None, None, None]] * 3 + [[3] * 7] * 2
    return [
        {"response_id": f"f{n:02}", "customer": f"c{n:02}", "wave": "2025-1", "submitted_at": n}
        | {f"item_{i}": answer for i, answer in enumerate(of, 1)}
        for n, of in enumerate(answers)
    ]


def test_g5_satisfied_customers_of_forms_returned() -> None:
    table = pa.Table.from_pylist(forms())
    assert cs.response_rate(table.num_rows, not_reached=40 - table.num_rows).least == Decimal("0.8")
    cleaning = ISO.clean(table)
    assert cleaning.counts == {"kept": 32, "flagged": 0, "quarantined": 0, "excluded": 0}
    grades = ISO.score(cleaning.kept, "s2_customer")["grade"].to_pylist()
    assert grades.count("satisfied") == 27
    (rate,) = ISO.measure(cleaning.kept, measures=["satisfied_customers"]).table().to_pylist()
    assert (rate["n"], rate["shown"], rate["value"]) == (32, "84.4", 27 / 32)
    assert rate["interval"] == "wilson" and rate["low"] < 27 / 32 < rate["high"]
    record = ISO.score_one({"satisfied_customers": 27, "forms_returned": 32, **forms()[0]}, "s2_customer")
    assert {metric.id: metric.shown for metric in record.metrics}["customer_satisfaction_rate"] == "84.4"


def test_g5_void_and_repeated_forms_are_no_forms_returned() -> None:
    first, *rest = forms()
    again = {**first, "response_id": "f32", "submitted_at": 99}
    void = {**first, "response_id": "f33", "customer": "c33", "item_3": 6}
    cleaning = ISO.clean(pa.Table.from_pylist([first, *rest, again, void]))
    assert cleaning.counts == {"kept": 32, "flagged": 0, "quarantined": 0, "excluded": 2}
    decided = {row["response_id"]: row["rule"] for row in cleaning.ledger.to_pylist() if row["deciding"]}
    assert decided == {"f00": "duplicate", "f33": "off-scale"}
    (rate,) = ISO.measure(cleaning.kept, measures=["satisfied_customers"]).table().to_pylist()
    assert (rate["n"], rate["shown"]) == (32, "84.4")
