"""The surveys of `csat demo`: real responses beside the results of other tools, generated ones beside the
definitions written out in plain Python, and those definitions themselves beside the other tools."""

from __future__ import annotations

import csv
import importlib
import json
from pathlib import Path
from typing import Any

import libcsat as cs
import pytest
from conftest import SHARED
from libcsat.command import survey_data, surveys
from libcsat.command.agreement import Agreement

DATA = SHARED / "data"
REAL = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data are not here")
PLAIN: Any = importlib.import_module("libcsat.demo.expected")
RESPONSES: Any = importlib.import_module("libcsat.demo.responses")


def lines(measured: list[Agreement]) -> dict[str, Any]:
    return {f"{agreement.title}: {line.name}": line for agreement in measured for line in agreement.lines}


@REAL
def test_real_responses_give_the_reference_results() -> None:  # P1-26, P1-34, P2-71, P4-41
    measured = surveys.run(survey_data.load(str(DATA), 1))
    assert [line.name for agreement in measured for line in agreement.differing] == []
    found = lines(measured)
    cleaning = "Airline passengers: cleaning: "
    assert found[cleaning + "responses read"].ours == "129,880"
    assert found[cleaning + "quarantined"].ours == "33"
    scale = "Airline passengers: quality of the scale of 14 items: "
    assert found[scale + "alpha | (listwise)"].ours == "0.781670"
    assert found[scale + "alpha | (pairwise)"].ours == "0.777116"
    # 0 as an answer is another definition, and gives what the reference has for it.
    assert (found[scale + "alpha, 0 as an answer"].theirs, found[scale + "alpha, 0 as an answer"].agrees) == (
        "0.771934",
        True,
    )
    bank = found["Bank customers: net promoter score: net promoter score"]
    assert bank.ours == "-8.40"
    assert found["Bank customers: net promoter score: its interval"].ours == "[-17.87, 1.24]"
    assert sum(agreement.figures for agreement in measured) > 1000


@pytest.mark.parametrize("seed", [1, 2025])
def test_generated_responses_give_what_the_definitions_say(seed: int) -> None:
    measured = surveys.run(survey_data.load(None, seed))
    assert [line.name for agreement in measured for line in agreement.differing] == []
    found = lines(measured)
    cleaning = "Airline passengers: cleaning: "
    counts = [int(found[cleaning + name].ours) for name in ("quarantined", "excluded")]
    assert min(counts) > 0
    assert sum(agreement.figures for agreement in measured) > 900


def test_generated_responses_are_the_same_everywhere() -> None:
    table = RESPONSES.passengers(7, 3)
    assert [table[name][2] for name in ("Class", "Online Boarding", "Satisfaction")] == [
        RESPONSES.passengers(7, 5)[name][2] for name in ("Class", "Online Boarding", "Satisfaction")
    ]
    assert RESPONSES.passengers(7, 30) != RESPONSES.passengers(8, 30)


def test_a_figure_that_differs_is_said() -> None:
    loaded = survey_data.load(None, 3)
    loaded.expected["customers"]["nps"]["nps"] += 1e-6
    loaded.expected["passengers"]["counted"]["kept"] += 1
    loaded.expected["passengers"]["zero_as_answer"]["alpha_raw"] += 1e-6
    measured = surveys.run(loaded)
    assert [line.name for agreement in measured for line in agreement.differing] == [
        "kept, flagged ones among them",
        "alpha, 0 as an answer",
        "net promoter score",
    ]
    assert "DIFFERS" in measured[0].grid({}).text()


@pytest.mark.parametrize(
    ("ours", "theirs", "agrees"),
    [
        pytest.param(1.0, 1.0 + 1e-12, True, id="rounding"),
        pytest.param(1.0, 1.0 + 1e-8, False, id="more than rounding"),
        pytest.param(3, 4, False, id="counts"),
        pytest.param({"a": 1}, {"a": 1, "b": 2}, False, id="a figure that we lack"),
        pytest.param({"a": 1, "b": 2}, {"a": 1}, False, id="a figure that they lack"),
        pytest.param([1.0], [1.0, 2.0], False, id="a shorter list"),
        pytest.param(None, 0.0, False, id="none and nought"),
        pytest.param(["too_few"], ["empty"], False, id="reasons"),
        pytest.param({}, {}, False, id="nothing to compare"),
    ],
)
def test_agreement(ours: Any, theirs: Any, agrees: bool) -> None:
    agreement = Agreement("a survey")
    agreement.add("a figure", ours, theirs)
    assert agreement.lines[0].agrees is agrees


def near(ours: Any, theirs: Any, found: list[float]) -> list[float]:
    """Relative differences of what both sides have."""
    if isinstance(ours, dict):
        for key in ours:
            if key in theirs:
                near(ours[key], theirs[key], found)
    elif isinstance(ours, list):
        for pair in zip(ours, theirs, strict=True):
            near(*pair, found)
    elif ours is not None:
        found.append(abs(ours - theirs) / max(abs(theirs), 1e-300))
    return found


@REAL
def test_the_definitions_in_plain_python_are_those_of_the_other_tools() -> None:
    with (DATA / "likert/bfi.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    items = [f"{trait}{i}" for trait in RESPONSES.TRAITS for i in range(1, 6)]
    persons = {name: [int(row[name]) if row[name] else None for row in rows] for name in items}
    for trait in RESPONSES.TRAITS:
        wanted = json.loads((DATA / f"reference/likert/bfi_{trait}.json").read_text(encoding="utf-8"))
        of_trait = {name: values for name, values in persons.items() if name[0] == trait}
        found = near(PLAIN.reliability(of_trait, 1, 6, RESPONSES.TURNED), wanted, [])
        assert len(found) > 40 and max(found) < 1e-12
    wanted = json.loads((DATA / "reference/cleaning/bfi.json").read_text(encoding="utf-8"))
    found = near(PLAIN.screening(persons, (0.99, 0.999)), wanted, [])
    assert len(found) > 5 and max(found) == 0
    scores = json.loads((DATA / "reference/scores/nps_csat_open.json").read_text(encoding="utf-8"))
    with (DATA / "likert/bank_satisfaction.csv").open(encoding="utf-8") as file:
        answers = [int(row["loy3"]) for row in csv.DictReader(file)]
    found = near(PLAIN.net_promoters(answers), scores["nps_bank_loy3_0_10"], [])
    assert len(found) == 8 and max(found) < 1e-12
    wilson = PLAIN.share(56428, 129880)["wilson95"]
    assert wilson == pytest.approx(scores["airline_satisfied_rate"]["wilson95"], rel=1e-13)


def test_a_folder_without_the_data(tmp_path: Path) -> None:
    with pytest.raises(
        cs.TableError, match=r"there is no file 'likert/airline_passenger_satisfaction.csv.gz'"
    ):
        survey_data.load(str(tmp_path), 1)


def test_every_word_has_its_chinese() -> None:
    measured = surveys.run(survey_data.load(None, 3))
    for agreement in measured:
        assert agreement.title in surveys.WORDS
        for line in agreement.lines:
            assert line.name.partition(" | ")[0] in ("", *surveys.WORDS), line.name
            assert line.definition in ("", *surveys.WORDS), line.definition
