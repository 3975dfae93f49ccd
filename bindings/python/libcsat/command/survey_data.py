"""The responses that `csat demo` measures, and what has to come out of them: open data sets with the results
of other tools, or generated responses with expectations worked out from the definitions."""

from __future__ import annotations

import importlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from libcsat.error import TableError

# What has to be there of the folder given.
_FILES = (
    "likert/airline_passenger_satisfaction.csv.gz",
    "likert/bank_satisfaction.csv",
    "likert/bfi.csv",
    "workflow/olist/olist_orders_dataset.csv.gz",
    "workflow/olist/olist_order_reviews_dataset.csv.gz",
    "aggregate/hcahps_utah_2013.csv.gz",
    "reference/scores/nps_csat_open.json",
)
_CONFIDENCES = (0.99, 0.999)
_BOXES = {
    "rating_high": "H_HSP_RATING_9_10",
    "rating_middle": "H_HSP_RATING_7_8",
    "rating_low": "H_HSP_RATING_0_6",
    "recommend_yes": "H_RECMND_DY",
    "recommend_probably": "H_RECMND_PY",
    "recommend_no": "H_RECMND_DN",
}


@dataclass
class Surveys:
    """Tables, and documents of what they have to give, with the keys of the reference results.

    Attributes:
        origin: Where they come from; "" for generated ones.
        folder: Of the policies.
    """

    origin: str
    folder: Path
    tables: dict[str, pa.Table] = field(default_factory=dict)
    expected: dict[str, Any] = field(default_factory=dict)

    def policy(self, name: str) -> Path:
        return self.folder / f"{name}.json"


def load(data: str | None, seed: int) -> Surveys:
    """The open data sets of a folder; without one generated responses."""
    surveys = Surveys(data or "", Path(str(importlib.import_module("libcsat.demo.expected").__file__)).parent)
    if data is None:
        _generate(surveys, seed)
    else:
        folder = Path(data)
        for name in _FILES:
            if not (folder / name).is_file():
                raise TableError(f"{data}: there is no file '{name}' in it", path=data)
        _read(surveys, folder)
    _count(surveys)
    return surveys


def passenger_items(table: pa.Table) -> list[str]:
    """The columns of the fourteen rated items."""
    names: Sequence[str] = importlib.import_module("libcsat.demo.responses").PASSENGER_ITEMS
    return [name for name in names if name in table.column_names]


def _read(surveys: Surveys, folder: Path) -> None:
    def table(name: str) -> pa.Table:
        lines = pyarrow.csv.ParseOptions(newlines_in_values=True)
        return pyarrow.csv.read_csv(folder / name, parse_options=lines)

    def reference(name: str) -> Any:
        return json.loads((folder / "reference" / f"{name}.json").read_text(encoding="utf-8"))

    names = ("passengers", "customers", "persons", "orders", "reviews", "hospitals")
    surveys.tables = {name: table(file) for name, file in zip(names, _FILES, strict=False)}
    scores = reference("scores/nps_csat_open")
    delivery = reference("sla/olist_delivery")
    months = table("reference/trend/olist_monthly.csv").to_pylist()
    surveys.expected = {
        "passengers": {
            "screening": reference("cleaning/airline_zero_missing"),
            "satisfied": _renamed(scores["airline_satisfied_rate"]),
            "segments": [_renamed(each) for each in scores["airline_satisfied_by_segment"]],
            "items": {
                name: _renamed(each)
                for name, each in scores["csat_airline_items_zero_missing_top2_of_5"].items()
            },
            "reliability": reference("likert/airline_zero_missing"),
            "zero_as_answer": reference("likert/airline_zero_as_value")["listwise"],
        },
        "customers": {
            "nps": scores["nps_bank_loy3_0_10"],
            "items": reference("likert/bank_all")["items_stats"],
            "reliability": reference("likert/bank_all"),
        },
        "persons": {
            "items": reference("likert/bfi_all_unkeyed")["items_stats"],
            "screening": reference("cleaning/bfi"),
            "agreeable_lines": reference("likert/bfi_A")["quality"]["all_answered_items_equal"],
            "traits": {trait: reference(f"likert/bfi_{trait}") for trait in "ACENO"},
        },
        "orders": {
            "by_date": _renamed(delivery["late_by_calendar_date"]),
            "by_time_stamp": _renamed(delivery["late_by_timestamp"]),
            "late_by_month": {
                month: (each["delivered"], each["late_date"]) for month, each in delivery["by_month"].items()
            },
            "satisfied": _renamed(scores["csat_olist_review_top2_of_5"]),
            "delighted": _renamed(scores["csat_olist_review_top1_of_5"]),
            "months": {each.pop("month"): each for each in months},
        },
        "hospitals": {
            "boxes": {
                name: _box(scores["hcahps_utah_unweighted_means"][column]) for name, column in _BOXES.items()
            },
            "net_rating": scores["hcahps_like_nps_rating_9_10_minus_0_6"]["mean"],
        },
    }


def _renamed(share: dict[str, Any]) -> dict[str, Any]:
    """The keys of a share, which the reference results write in three ways."""
    names = {"csat": "rate", "ci_wilson95": "wilson95", "breaches": "satisfied"}
    return {names.get(key, key): value for key, value in share.items()}


def _box(means: dict[str, Any]) -> dict[str, Any]:
    return {"n": means["hospitals"], "mean": means["mean_pct"], "sd": means["sd"]}


def _generate(surveys: Surveys, seed: int) -> None:
    made: Any = importlib.import_module("libcsat.demo.responses")
    plain: Any = importlib.import_module("libcsat.demo.expected")
    flights, bank, people = made.passengers(seed), made.customers(seed), made.persons(seed)
    orders, reviews = made.orders(seed)
    surveys.tables = {
        "passengers": pa.table(flights),
        "customers": pa.table(bank),
        "persons": pa.table(people),
        "orders": pa.table(orders),
        "reviews": pa.table(reviews),
        "hospitals": pa.table(made.hospitals(seed)),
    }
    answers = made.answers(flights, made.PASSENGER_ITEMS)
    satisfied = [word == "Satisfied" for word in flights["Satisfaction"]]
    segments = list(zip(flights["Class"], flights["Type of Travel"], flights["Customer Type"], strict=True))
    late = [
        None if arrived is None else (arrived > promised, arrived.date() > promised.date())
        for arrived, promised in zip(
            orders["order_delivered_customer_date"], orders["order_estimated_delivery_date"], strict=True
        )
    ]
    arrived = [each for each in late if each is not None]
    month_of = {
        order: bought.strftime("%Y-%m")
        for order, bought in zip(orders["order_id"], orders["order_purchase_timestamp"], strict=True)
    }
    score_months: dict[str, list[int]] = {}
    for order, score in zip(reviews["order_id"], reviews["review_score"], strict=True):
        score_months.setdefault(month_of[order], []).append(score)
    late_months: dict[str, tuple[int, int]] = {}
    for order, each in zip(orders["order_id"], late, strict=True):
        if each is not None:
            count, late_count = late_months.get(month_of[order], (0, 0))
            late_months[month_of[order]] = (count + 1, late_count + each[1])
    scores = reviews["review_score"]
    traits = {
        trait: {name: values for name, values in people.items() if name[0] == trait} for trait in made.TRAITS
    }
    boxes = {
        name: [
            percent
            for box, percent in zip(
                surveys.tables["hospitals"]["HCAHPS.Measure.ID"].to_pylist(),
                surveys.tables["hospitals"]["HCAHPS.Answer.Percent"].to_pylist(),
                strict=True,
            )
            if box == column
        ]
        for name, column in _BOXES.items()
    }
    surveys.expected = {
        "passengers": {
            "screening": plain.screening(answers, _CONFIDENCES),
            "satisfied": plain.share(sum(satisfied), len(satisfied)),
            "segments": [
                {"Class": cabin, "Travel": travel, "Customer": customer}
                | plain.share(
                    sum(
                        happy
                        for happy, of in zip(satisfied, segments, strict=True)
                        if of == (cabin, travel, customer)
                    ),
                    segments.count((cabin, travel, customer)),
                )
                for cabin, travel, customer in sorted(set(segments))
            ],
            "items": {
                name: plain.describe(values)
                | plain.share(
                    sum(a is not None and a >= 4 for a in values), sum(a is not None for a in values)
                )
                for name, values in answers.items()
            },
            "reliability": plain.reliability(answers, 1, 5),
            "zero_as_answer": plain.reliability({n: flights[n] for n in made.PASSENGER_ITEMS}, 0, 5)[
                "listwise"
            ],
        },
        "customers": {
            "nps": plain.net_promoters(bank["loy3"]),
            "items": {name: plain.describe(values) for name, values in bank.items()},
            "reliability": plain.reliability(bank, 0, 10),
        },
        "persons": {
            "items": {name: plain.describe(values) for name, values in people.items()},
            "screening": plain.screening(people, _CONFIDENCES),
            "agreeable_lines": plain.screening(traits["A"], ())["quality"]["all_answered_items_equal"],
            "traits": {
                trait: plain.reliability(values, 1, 6, made.TURNED) for trait, values in traits.items()
            },
        },
        "orders": {
            "by_date": plain.share(sum(date for _, date in arrived), len(arrived)),
            "by_time_stamp": plain.share(sum(stamp for stamp, _ in arrived), len(arrived)),
            "late_by_month": late_months,
            "satisfied": plain.share(sum(s >= 4 for s in scores), len(scores)) | plain.describe(scores),
            "delighted": plain.share(sum(s == 5 for s in scores), len(scores)),
            "months": {
                month: plain.describe(of) | {"low": sum(s <= 2 for s in of), "top2": sum(s >= 4 for s in of)}
                for month, of in score_months.items()
            },
        },
        "hospitals": {
            "boxes": {name: plain.describe(values) for name, values in boxes.items()},
            "net_rating": plain.describe(boxes["rating_high"])["mean"]
            - plain.describe(boxes["rating_low"])["mean"],
        },
    }


def _count(surveys: Surveys) -> None:
    """Adds what the reference results do not speak of, counted from the responses one by one."""
    plain: Any = importlib.import_module("libcsat.demo.expected")
    made: Any = importlib.import_module("libcsat.demo.responses")
    flights, people = surveys.tables["passengers"], surveys.tables["persons"]
    names = passenger_items(flights)
    answers = made.answers({name: flights[name].to_pylist() for name in names}, names)
    happy = pc.equal(flights["Satisfaction"], "Satisfied").to_pylist()
    surveys.expected["passengers"]["counted"] = plain.counted_passengers(answers, happy)
    items = [f"{trait}{i}" for trait in made.TRAITS for i in range(1, 6)]
    surveys.expected["persons"]["inconsistent"] = plain.inconsistent(
        {name: people[name].to_pylist() for name in items},
        [items[at : at + 5] for at in range(0, 25, 5)],
        made.TURNED,
        7,
    )
    counties: dict[str, list[int]] = {}
    hospitals = surveys.tables["hospitals"]
    for county, box, percent in zip(
        hospitals["County.Name"].to_pylist(),
        hospitals["HCAHPS.Measure.ID"].to_pylist(),
        hospitals["HCAHPS.Answer.Percent"].to_pylist(),
        strict=True,
    ):
        if box == _BOXES["rating_high"]:
            counties.setdefault(county, []).extend([] if percent is None else [percent])
    surveys.expected["hospitals"]["counties"] = counties
