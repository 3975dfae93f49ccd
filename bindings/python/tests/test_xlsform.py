"""Forms as parts of policies: questions, texts, settings, what has no counterpart, and back again."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import libcsat as cs
import openpyxl
import pytest
from libcsat import xlsform
from xlsform_files import HEAD, YES_NO, Rows, judged, loaded, make_form

FIVE: Rows = [["list_name", "name", "label"], *(["five", n, text] for n, text in enumerate("ABCDE", 1))]
SCALE = {
    "id": "five",
    "min": 1,
    "max": 5,
    "integer": True,
    "direction": "HIGHER_IS_BETTER",
    "labels": [{"rank": rank, "label": {"en": text}} for rank, text in enumerate("ABCDE", 1)],
    "source": {"assumed": ["direction"]},
}


def one_row(tmp_path: Path, row: dict[str, object], choices: Rows = (), **options: Any) -> xlsform.XlsForm:
    path = make_form(tmp_path / "form.xlsx", [list(row), list(row.values())], choices)
    return xlsform.read(path, **options)


# Row of the survey, choices; item, metrics and scales that it becomes.
Parts = list[dict[str, Any]]
KINDS: list[tuple[str, dict[str, object], Rows, dict[str, Any], Parts, Parts]] = [
    ("text", {"type": "text", "name": "q", "label": "Why?"}, (),
     {"id": "q", "label": {"en": "Why?"}}, [{"id": "q", "text": {}}], []),
    ("text of a length", {"type": "text", "name": "q", "constraint": "string-length(.) <= 9"}, (),
     {"id": "q", "max_characters": 9}, [{"id": "q", "text": {}}], []),
    ("integer", {"type": "integer", "name": "q", "constraint": ". > 0 and . <= 10"}, (), {"id": "q"},
     [{"id": "q", "number": {}, "min": 1, "max": 10, "decimal_places": 0}], []),
    ("decimal", {"type": "decimal", "name": "q", "constraint": ". <= 2.5"}, (), {"id": "q"},
     [{"id": "q", "number": {}, "max": 2.5}], []),
    ("name that is no id", {"type": "decimal", "name": "Q1.a"}, (), {"id": "q1_a"},
     [{"id": "q1_a", "number": {"field": "Q1.a"}}], []),
    ("name without a letter", {"type": "text", "name": "满意"}, (), {"id": "item_2"},
     [{"id": "item_2", "text": {"field": "满意"}}], []),
    ("range", {"type": "range", "name": "nps", "parameters": "start=0 end=10 step=1"}, (), {"id": "nps"},
     [{"id": "nps", "number": {}, "scale": "nps"}],
     [{"id": "nps", "min": 0, "max": 10, "integer": True, "direction": "HIGHER_IS_BETTER",
       "source": {"assumed": ["direction"]}}]),
    ("range as it is without parameters", {"type": "range", "name": "q"}, (), {"id": "q"},
     [{"id": "q", "number": {}, "scale": "q"}],
     [{"id": "q", "min": 1, "max": 10, "integer": True, "direction": "HIGHER_IS_BETTER",
       "source": {"assumed": ["direction"]}}]),
    ("range in tenths", {"type": "range", "name": "q", "parameters": "start=0; end=5; step=0.1"}, (),
     {"id": "q"}, [{"id": "q", "number": {}, "min": 0, "max": 5, "decimal_places": 1}], []),
    ("choices that run", {"type": "select_one five", "name": "q", "required": "yes"}, FIVE,
     {"id": "q", "required": True}, [{"id": "q", "number": {}, "scale": "five"}], [SCALE]),
    ("choices with a gap", {"type": "select_one l", "name": "q"},
     [["list_name", "name", "label"], ["l", 1, "Good"], ["l", 2, "Bad"], ["l", 99, "Unknown"]],
     {"id": "q", "options": [{"id": "1", "label": {"en": "Good"}}, {"id": "2", "label": {"en": "Bad"}},
                             {"id": "99", "label": {"en": "Unknown"}}]},
     [{"id": "q", "text": {"values": ["1", "2", "99"]}}], []),
    ("choices that run, as words", {"type": "select_one five", "name": "q", "csat::type": "choice"},
     [["list_name", "name", "label"], ["five", 1, "1"], ["five", 2, "2"]],
     {"id": "q", "options": [{"id": "1", "label": {"en": "1"}}, {"id": "2", "label": {"en": "2"}}]},
     [{"id": "q", "text": {"values": ["1", "2"]}}], []),
    ("choices of words", {"type": "select_one yn", "name": "q", "required": "true()"}, YES_NO,
     {"id": "q", "required": True,
      "options": [{"id": "yes", "label": {"en": "Yes"}}, {"id": "no", "label": {"en": "No"}}]},
     [{"id": "q", "text": {"values": ["yes", "no"]}}], []),
    ("choices of any words", {"type": "select_one l", "name": "q"},
     [["list_name", "name", "label"], ["l", "Yes", "Yes"], ["l", "not yet", "Not yet"], ["l", "满意",
      "Good"]],
     {"id": "q", "options": [{"id": "Yes", "label": {"en": "Yes"}},
                             {"id": "not yet", "label": {"en": "Not yet"}},
                             {"id": "满意", "label": {"en": "Good"}}]},
     [{"id": "q", "text": {"values": ["Yes", "not yet", "满意"]}}], []),
    ("several", {"type": "select_multiple yn", "name": "q", "constraint": "count-selected(.) <= 1"}, YES_NO,
     {"id": "q", "several": {"at_most": 1},
      "options": [{"id": "yes", "label": {"en": "Yes"}}, {"id": "no", "label": {"en": "No"}}]},
     [{"id": "q_yes", "number": {}, "min": 0, "max": 1, "decimal_places": 0},
      {"id": "q_no", "number": {}, "min": 0, "max": 1, "decimal_places": 0}], []),
    ("several with hyphens", {"type": "select_multiple l", "name": "q"},
     [["list_name", "name"], ["l", "a-b"], ["l", "c"]],
     {"id": "q", "several": {}, "options": [{"id": "a-b", "metric": "q_a_b"}, {"id": "c"}]},
     [{"id": "q_a_b", "number": {}, "min": 0, "max": 1, "decimal_places": 0},
      {"id": "q_c", "number": {}, "min": 0, "max": 1, "decimal_places": 0}], []),
    ("what only libcsat knows", {"type": "text", "name": "q", "csat::detail": "yes", "csat::topic": "price",
                                 "csat::origin": "oem", "csat::purpose": "to know"}, (),
     {"id": "q", "detail": True, "topic": "price", "origin": "oem", "purpose": "to know"},
     [{"id": "q", "text": {}}], []),
    ("headings as they used to be", {"Command": "text", "Value": "q", "caption": "Why?", "Hint": "say"}, (),
     {"id": "q", "label": {"en": "Why?"}, "help": {"en": "say"}}, [{"id": "q", "text": {}}], []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "choices", "item", "metrics", "scales"), [r[1:] for r in KINDS], ids=[r[0] for r in KINDS]
)
def test_kinds_of_questions(
    tmp_path: Path,
    row: dict[str, object],
    choices: Rows,
    item: dict[str, Any],
    metrics: list[dict[str, Any]],
    scales: list[dict[str, Any]],
) -> None:
    form = one_row(tmp_path, row, choices)
    assert form.questionnaire == {"id": "form", "version": "1", "items": [item]}
    assert (form.metrics, form.scales, form.unmapped) == (metrics, scales, ())
    assert [q["id"] for q in loaded(form).document["questionnaires"]] == ["form"]


def test_languages_groups_and_settings(tmp_path: Path) -> None:
    path = make_form(
        tmp_path / "form.xlsx",
        [
            ["type", "name", "label::English (en)", "label::中文 (zh)", "hint::English (en)", "relevant"],
            ["select_one yn", "bought", "Bought?", "买了吗？", "this year"],
            ["begin_group", "g", "About it", "About it", None, "${bought} = 'yes'"],
            ["integer", "price", "Price?", "价格？"],
            ["begin group", "h", None, None, None, "${price} >= 100"],
            ["text", "why", "Why?", None, None, "${price} <= 900"],
            ["end group"],
            ["end_group"],
            ["text", "bye", "Anything else?", "还有吗？"],
        ],
        [["list name", "name", "label::English (en)", "label::中文 (zh)"], ["yn", "yes", "Yes", "是"],
         ["yn", "no", "No", "否"]],
        [["form_title", "form_id", "version", "default_language"], ["买", "buy", 7, "中文 (zh)"]],
    )  # fmt: skip
    form = xlsform.read(path)
    bought = {"compare": {"metric": "bought", "op": "EQ", "text": "yes"}}
    dear = {"compare": {"metric": "price", "op": "GE", "value": 100}}
    not_too = {"compare": {"metric": "price", "op": "LE", "value": 900}}
    questionnaire = form.questionnaire
    # Not every question is worded in Chinese.
    assert questionnaire["languages"] == ["en"]
    assert (questionnaire["id"], questionnaire["version"]) == ("buy", "7")
    assert questionnaire["label"] == {"zh": "买"}
    items = {item["id"]: item for item in questionnaire["items"]}
    assert items["bought"]["label"] == {"en": "Bought?", "zh": "买了吗？"}
    assert items["bought"]["help"] == {"en": "this year"}
    assert items["bought"]["options"][0] == {"id": "yes", "label": {"en": "Yes", "zh": "是"}}
    assert [item.get("section") for item in items.values()] == [None, "About it", "About it", None]
    assert items["price"]["shown_when"] == bought
    assert items["why"]["shown_when"] == {"all": {"of": [bought, dear, not_too]}}
    assert "shown_when" not in items["bye"]
    assert not list(loaded(form).check())
    assert judged(path) != ""


def test_or_other_asks_for_the_other(tmp_path: Path) -> None:
    path = make_form(
        tmp_path / "form.xlsx",
        [["type", "name", "label"], ["select_one yn or_other", "q", "Which?"]],
        YES_NO,
    )
    form = xlsform.read(path)
    first, second = form.questionnaire["items"]
    assert [option["id"] for option in first["options"]] == ["yes", "no", "other"]
    assert second["id"] == "q_other"
    assert second["shown_when"] == {"compare": {"metric": "q", "op": "EQ", "text": "other"}}
    found = judged(path)
    assert found is None or "q_other" in found
    loaded(form)


def test_what_is_hidden_is_known_before(tmp_path: Path) -> None:
    rows = [["type", "name", "relevant", "csat::type"], ["hidden", "branch"],
            ["hidden", "tenure", None, "quantity"], ["text", "q",
             "${branch} = 'east' and ${tenure} > 2"]]  # fmt: skip
    form = xlsform.read(make_form(tmp_path / "form.xlsx", rows))
    assert form.questionnaire["context"] == ["branch", "tenure"]
    assert [item["id"] for item in form.questionnaire["items"]] == ["q"]
    assert form.metrics[:2] == [{"id": "branch", "text": {}}, {"id": "tenure", "number": {}}]
    loaded(form)


CIRCLE = [["type", "name", "relevant"], ["text", "a", "${b} != ''"], ["text", "b", "${a} != ''"]]
LATER = [["type", "name", "relevant"], ["text", "a", "${b} != ''"], ["text", "b"]]


@pytest.mark.parametrize(("rows", "code"), [(CIRCLE, "cyclic-reference"), (LATER, "later-item")])
def test_the_checker_finds_what_waits_for_each_other(tmp_path: Path, rows: Rows, code: str) -> None:
    form = xlsform.read(make_form(tmp_path / "form.xlsx", rows))
    assert code in [finding.code for finding in cs.Policy.diagnose(form.into(HEAD))]
    with pytest.raises(cs.PolicyError):
        loaded(form)


# Row, the one line, and whether the question stays with partial=True.
UNMAPPED: list[tuple[str, dict[str, object], str, bool]] = [
    ("note", {"type": "note", "name": "n", "label": "Hello"},
     "row 3, column type: 'note': shows a text and asks nothing; it is left out", False),
    ("calculate", {"type": "calculate", "name": "n", "calculation": "1 + 1"},
     "row 3, column type: 'calculate': a calculated value; it is left out", False),
    ("start", {"type": "start", "name": "n"},
     "row 3, column type: 'start': what the device records of itself; it is left out", False),
    ("deviceid", {"type": "deviceid", "name": "n"},
     "row 3, column type: 'deviceid': what the device records of itself; it is left out", False),
    ("photo", {"type": "image", "name": "n"},
     "row 3, column type: 'image': an answer that is neither a number, a choice nor a text; it is left out",
      False),
    ("rank", {"type": "rank yn", "name": "n"},
     "row 3, column type: 'rank yn': a ranking of choices; it is left out", False),
    ("from a file", {"type": "select_one_from_file x.csv", "name": "n"},
     "row 3, column type: 'select_one_from_file x.csv': a type that has no counterpart; it is left out",
      False),
    ("misspelt", {"type": "integr", "name": "n"},
     "row 3, column type: 'integr': a type that has no counterpart; it is left out", False),
    ("disabled", {"type": "text", "name": "n", "disabled": "yes"},
     "row 3, column disabled: 'yes': the row of type 'text' is left out", False),
    ("date", {"type": "date", "name": "n"},
     "row 3, column type: 'date': that it is a date or a time; any text will do", True),
    ("appearance", {"type": "text", "name": "n", "appearance": "multiline"},
     "row 3, column appearance: 'multiline': the column has no counterpart", True),
    ("default", {"type": "text", "name": "n", "default": "x"},
     "row 3, column default: 'x': the column has no counterpart", True),
    ("media", {"type": "text", "name": "n", "media::image": "x.png"},
     "row 3, column media::image: 'x.png': the column has no counterpart", True),
    ("choice filter", {"type": "select_one yn", "name": "n", "choice_filter": "a=${b}"},
     "row 3, column choice_filter: 'a=${b}': the column has no counterpart", True),
    ("unknown column of ours", {"type": "text", "name": "n", "csat::colour": "red"},
     "row 3, column csat::colour: 'red': the column has no counterpart", True),
    ("shuffled choices", {"type": "select_one yn", "name": "n", "parameters": "randomize=true"},
     "row 3, column parameters: 'randomize=true': parameters have no counterpart", True),
    ("steps of two", {"type": "range", "name": "n", "parameters": "start=0 end=10 step=2"},
     "row 3, column parameters: 'start=0 end=10 step=2': that only every 2 is offered", True),
    ("required at times", {"type": "text", "name": "n", "required": "${q} = 'a'"},
     "row 3, column required: '${q} = 'a'': a condition for being required; read as not required", True),
    ("no range", {"type": "text", "name": "n", "constraint": "regex(., '[0-9]+')"},
     "row 3, column constraint: 'regex(., '[0-9]+')': it is no range such as '. >= 0 and . <= 10'; "
     "any answer will do", True),
    ("range of a text", {"type": "text", "name": "n", "constraint": ". > 3"},
     "row 3, column constraint: '. > 3': '>' leaves the bound out, which has no counterpart; write '>='; "
     "any answer will do", True),
    ("range of a choice", {"type": "select_one yn", "name": "n", "constraint": ". >= 3"},
     "row 3, column constraint: '. >= 3': only an integer or a decimal has a range; any answer will do",
      True),
    ("upside down", {"type": "integer", "name": "n", "constraint": ". >= 3 and . <= 2"},
     "row 3, column constraint: '. >= 3 and . <= 2': no number lies in the range; any answer will do", True),
    ("answer in a text", {"type": "text", "name": "n", "label": "You said ${q}"},
     "row 3, column label::en: 'You said ${q}': an answer within a text; read as it stands", True),
    ("arithmetic", {"type": "text", "name": "n", "relevant": "${q} + 1 > 2"},
     "row 3, column relevant: '${q} + 1 > 2': a sum has no counterpart; what it shows is left out", False),
    ("unknown question", {"type": "text", "name": "n", "relevant": "${z} = 1"},
     "row 3, column relevant: '${z} = 1': '${z}' is no question that is read; what it shows is left out",
      False),
]  # fmt: skip


@pytest.mark.parametrize(("row", "want", "stays"), [r[1:] for r in UNMAPPED], ids=[r[0] for r in UNMAPPED])
def test_what_has_no_counterpart_is_refused_or_listed(
    tmp_path: Path, row: dict[str, object], want: str, stays: bool
) -> None:
    columns = ["type", "name", *(key for key in row if key not in ("type", "name"))]
    rows = [columns, ["text", "q"], [row.get(key) for key in columns]]
    uses_choices = "yn" in str(row["type"])
    path = make_form(tmp_path / "form.xlsx", rows, YES_NO if uses_choices else ())
    with pytest.raises(xlsform.XlsFormError) as error:
        xlsform.read(path)
    assert f"{path}: sheet survey, {want}" in str(error.value)
    assert "\n" not in str(error.value)
    form = xlsform.read(path, partial=True)
    assert form.unmapped == error.value.unmapped
    assert str(form.unmapped[0]) == f"sheet survey, {want}"
    assert [item["id"] for item in form.questionnaire["items"]] == (["q", "n"] if stays else ["q"])
    loaded(form)


def test_what_hangs_on_a_question_that_is_left_out_is_left_out(tmp_path: Path) -> None:
    rows = [["type", "name", "relevant"], ["text", "q"], ["image", "photo"], ["text", "a", "${photo} != ''"],
            ["begin_group", "g", "${a} != ''"], ["text", "b"], ["text", "c"], ["end_group"]]  # fmt: skip
    form = xlsform.read(make_form(tmp_path / "form.xlsx", rows), partial=True)
    assert [item["id"] for item in form.questionnaire["items"]] == ["q"]
    assert [(one.row, one.column, one.value) for one in form.unmapped] == [
        (3, "type", "image"),
        (4, "relevant", "${photo} != ''"),
        (4, "name", "a"),
        (5, "relevant", "${a} != ''"),
        (6, "name", "b"),
        (7, "name", "c"),
    ]


def test_repeats_choices_and_settings_without_counterpart(tmp_path: Path) -> None:
    path = make_form(
        tmp_path / "form.xlsx",
        [
            ["type", "name", "label::en", "label::zh"],
            ["begin_repeat", "r"],
            ["text", "each"],
            ["end_repeat"],
            ["begin_group", "g", "Us", "我们"],
            ["select_multiple l", "q", "Which?"],
            ["end_group"],
        ],
        [["list_name", "name", "image"], ["l", "A b"], ["l", "c", "c.png"], ["spare", "x"]],
        [["form_id", "style"], ["My Form", "pages"]],
    )
    found = xlsform.read(path, partial=True).unmapped
    assert [(one.sheet, one.row, one.column, one.value) for one in found] == [
        ("settings", 2, "style", "pages"),
        ("survey", 2, "type", "begin_repeat"),
        ("survey", 3, "type", "text"),
        ("survey", 5, "label::zh", "我们"),
        ("choices", 3, "image", "c.png"),
        ("choices", 2, "name", "A b"),
        ("choices", 4, "list_name", "spare"),
        ("settings", 2, "form_id", "My Form"),
    ]


# A policy with every kind of question and of everything that XLSForm has no word for.
WHOLE: dict[str, Any] = {
    **HEAD,
    "scales": [
        {"id": "five", "min": 1, "max": 5, "integer": True, "direction": "HIGHER_IS_BETTER",
         "label": {"en": "Five"}, "labels": [
             {"rank": 5, "label": {"en": "very satisfied", "zh": "很满意"}, "aliases": ["5 stars"]},
             {"rank": 1, "label": {"en": "very dissatisfied", "zh": "很不满意"}}]},
        {"id": "nps", "min": 0, "max": 10, "integer": True, "direction": "HIGHER_IS_BETTER"},
        {"id": "share", "min": 0, "max": 1, "direction": "LOWER_IS_BETTER"},
    ],
    "metrics": [
        {"id": "overall", "scale": "five", "number": {"field": "Overall"}, "missing_values": [9]},
        {"id": "service", "scale": "five", "number": {}, "label": {"en": "Service"}},
        {"id": "recommend", "scale": "nps", "number": {}},
        {"id": "again", "scale": "nps", "number": {}},
        {"id": "late", "scale": "share", "number": {}},
        {"id": "amount", "number": {}, "min": 0, "max": 99999.5, "unit": "yuan"},
        {"id": "visits", "number": {"field": "visits"}, "min": 1, "decimal_places": 0},
        {"id": "category", "text": {"values": ["tv", "phone"]}},
        {"id": "grade", "text": {"values": ["1", "2", "3"]}},
        {"id": "branch", "text": {}},
        {"id": "tenure", "number": {}, "min": 0, "max": 100},
        {"id": "5s", "number": {}, "min": 0, "max": 9},
        {"id": "why_price", "number": {}, "min": 0, "max": 1, "decimal_places": 0},
        {"id": "late_reason", "number": {}, "min": 0, "max": 1},
        {"id": "comment", "text": {}},
        {"id": "meta", "text": {"field": "Full name"}},
    ],
    "questionnaires": [
        {"id": "first", "version": "1", "items": [{"id": "overall"}]},
        {"id": "visit-2026", "version": "3.1", "label": {"en": "Visit", "zh": "回访"},
         "purpose": "after a visit",
         "channel": "web", "languages": ["zh", "en"], "triggers": ["visit", "repair"],
         "context": ["branch", "tenure"],
         "offered_when": {"compare": {"metric": "tenure", "op": "GE", "value": 1}},
         "items": [
             {"id": "overall", "label": {"en": "Overall?", "zh": "总体满意吗？"}, "required": True,
              "section": "Main", "topic": "overall"},
             {"id": "service", "label": {"en": "service", "zh": "service"}, "section": "Main"},
             {"id": "recommend", "label": {"en": "Recommend?", "zh": "推荐吗？"}, "section": "Main",
              "shown_when": {"compare": {"metric": "overall", "op": "GE", "value": 4}}},
             {"id": "again", "label": {"en": " Again? ", "zh": "再来？"}},
             {"id": "why", "label": {"en": "Why?", "zh": "为什么？"}, "several": {"at_least": 1,
              "at_most": 2},
              "options": [{"id": "price", "label": {"en": "Price", "zh": "价格"}},
                          {"id": "late-x", "label": {"en": "Late", "zh": "迟"}, "metric": "late_reason"}],
              "shown_when": {"any": {"of": [{"compare": {"metric": "overall", "op": "LE", "value": 2}},
                                            {"not": {"answered": "overall"}}]}}},
             {"id": "category", "label": {"en": "Category?", "zh": "类别？"}, "section": "Main",
              "options": [{"id": "phone", "label": {"en": "Phone", "zh": "手机"}},
                          {"id": "tv", "label": {"en": "TV", "zh": "电视"}}]},
             {"id": "grade", "label": {"en": "Grade", "zh": "等级"}, "section": "More",
              "shown_when": {"compare": {"metric": "category", "op": "NE", "text": "tv"}}},
             {"id": "amount", "label": {"en": "How much?", "zh": "多少？"}, "help": {"en": "in yuan"},
              "shown_when": {"at_least": {"count": 2, "of": [
                  {"compare": {"metric": "why_price", "op": "EQ", "value": 1}},
                  {"compare": {"metric": "late_reason", "op": "EQ", "value": 0}},
                  {"compare": {"metric": "branch", "op": "EQ", "text": "O'Hare"}}]}}},
             {"id": "visits", "label": {"en": "Visits", "zh": "次数"}, "detail": True},
             {"id": "late", "label": {"en": "Late share", "zh": "迟到"},
              "shown_when": {"not": {"all": {"of": [
                  {"compare": {"metric": "visits", "op": "GT", "value": 3}},
                  {"any": {"of": [{"answered": "category"}, {"answered": "why_price"}]}}]}}}},
             {"id": "5s", "label": {"en": "5S", "zh": "5S"}},
             {"id": "comment", "label": {"en": "=1+1 \"two\"  \u3000spaces", "zh": "说说"},
              "max_characters": 500,
              "origin": "oem", "purpose": "to learn"},
             {"id": "meta", "label": {"en": "Name?", "zh": "姓名？"}, "detail": True},
         ],
         "core_items": ["overall"], "topics": ["overall"], "max_questions": 20, "min_duration_ms": 3000,
         "requires_presence": True, "wording": {"max_characters": 60, "joining_words": ["和"]},
         "follow_up": {"after": "first", "since": "delivery", "months": 1, "days": 2},
         "confirmed_every": "YEAR",
         "confirmations": [{"period": "2025", "decision": "CONFIRMED", "report": "r"}],
         "source": {"clauses": ["P2-52"]}},
    ],
}  # fmt: skip


def parts_of(policy: cs.Policy, questionnaire: str) -> dict[str, Any]:
    """A document of a questionnaire and what it stands on, in the order of their names."""
    document = policy.document
    wanted = next(one for one in document["questionnaires"] if one["id"] == questionnaire)
    metrics = set(wanted.get("context", ()))
    for item in wanted["items"]:
        if "several" in item:
            metrics |= {o.get("metric") or f"{item['id']}_{o['id']}" for o in item["options"]}
        else:
            metrics.add(item["id"])
    used = [metric for metric in document["metrics"] if metric["id"] in metrics]
    scales = {metric.get("scale") for metric in used}
    return {
        "questionnaires": [wanted],
        "metrics": sorted(used, key=lambda one: str(one["id"])),
        "scales": sorted(
            (one for one in document.get("scales", ()) if one["id"] in scales), key=lambda one: str(one["id"])
        ),
    }


def canonical(parts: dict[str, Any]) -> bytes:
    """Bytes of a canonical form that knows nothing of the library."""
    ordered = {
        name: sorted(of, key=lambda one: str(one["id"])) if name != "questionnaires" else of
        for name, of in parts.items()
        if of
    }
    return json.dumps(ordered, sort_keys=True, default=float, ensure_ascii=False).encode()


def written(policy: cs.Policy, questionnaire: str, path: Path) -> None:
    """Writes a form, reads it and holds it beside the policy, and pyxform makes a form of it."""
    xlsform.write(policy, questionnaire, path)
    form = xlsform.read(path)
    assert form.unmapped == ()
    assert canonical(form.part) == canonical(parts_of(policy, questionnaire))
    found = judged(path)
    assert found is None or "<h:html" in found


@pytest.mark.parametrize("questionnaire", ["first", "visit-2026"])
def test_what_is_written_is_read_again(tmp_path: Path, questionnaire: str) -> None:
    policy = cs.Policy.load(WHOLE)
    written(policy, questionnaire, tmp_path / "form.xlsx")
    # A part that is there already is the same part.
    merged = cs.Policy.load(xlsform.read(tmp_path / "form.xlsx").into(policy.document))
    assert merged.digest == policy.digest


@pytest.mark.parametrize("name", cs.Policy.names())
def test_ready_made_questionnaires_are_written_and_read(tmp_path: Path, name: str) -> None:
    policy = cs.Policy.load(name)
    for questionnaire in policy.document.get("questionnaires", ()):
        written(policy, questionnaire["id"], tmp_path / f"{questionnaire['id']}.xlsx")


@pytest.mark.parametrize("row", [r for r in KINDS if "csat" not in str(r[1])], ids=lambda row: str(row[0]))
def test_what_is_read_is_written_and_judged(tmp_path: Path, row: tuple[Any, ...]) -> None:
    heading = {"type": "text", "name": "x", "label": "X", **row[1]}
    if "Command" in heading:
        heading = row[1]
    path = make_form(tmp_path / "form.xlsx", [list(heading), list(heading.values())], row[2])
    assert judged(path) != ""
    written(loaded(xlsform.read(path)), "form", tmp_path / "again.xlsx")


def edited(path: Path, sheet: str, cell: str, text: str | None) -> Path:
    book = openpyxl.load_workbook(path)
    book[sheet][cell].value = text
    book.save(path)
    return path


def test_what_is_edited_counts(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    xlsform.write(WHOLE, "visit-2026", path)
    tab = openpyxl.load_workbook(path)["survey"]
    columns = {cell.value: cell.column_letter for cell in tab[1]}
    rows = {row[1].value: row[1].row for row in tab.iter_rows()}
    place = f"{columns['label::English (en)']}{rows['why']}"
    form = xlsform.read(edited(path, "survey", place, "Why on earth?"))
    items = {item["id"]: item for item in form.questionnaire["items"]}
    assert items["why"]["label"] == {"en": "Why on earth?", "zh": "为什么？"}
    # The condition stands in two columns; the one that people see counts.
    place = f"{columns['relevant']}{rows['late']}"
    form = xlsform.read(edited(path, "survey", place, "${visits} >= 2"))
    items = {item["id"]: item for item in form.questionnaire["items"]}
    assert items["late"]["shown_when"] == {"compare": {"metric": "visits", "op": "GE", "value": 2}}
    # Spellings of a label that is no longer there have no place to go.
    edited(path, "choices", "D2", "terrible")
    with pytest.raises(
        xlsform.XlsFormError, match="csat::scale: 'labels': refines what the form no longer says"
    ):
        xlsform.read(path)


WRITE_REFUSED = [
    ("reference in a text", {"label": {"en": "Costs ${amount}?"}},
     "questionnaire 'q': 'Costs ${amount}?' has '${', which a form would replace"),
    ("no character of XML", {"label": {"en": "odd\ufffe"}},
     "questionnaire 'q', sheet survey, row 2, column label::English (en): the character U+FFFE cannot stand "
     "in a workbook"),
    ("escape of Excel", {"label": {"en": "a_x0041_b"}},
     "questionnaire 'q', sheet survey, row 2, column label::English (en): Excel would read '_x0041_' as "
     "a character"),
    ("long text", {"label": {"en": "x" * 32768}},
     "questionnaire 'q', sheet survey, row 2, column label::English (en): 32768 characters; a cell holds "
     "32767"),
]  # fmt: skip


@pytest.mark.parametrize(("item", "want"), [r[1:] for r in WRITE_REFUSED], ids=[r[0] for r in WRITE_REFUSED])
def test_what_no_form_can_hold_is_refused(tmp_path: Path, item: dict[str, Any], want: str) -> None:
    document = {
        **HEAD,
        "metrics": [{"id": "a", "text": {}}],
        "questionnaires": [{"id": "q", "version": "1", "items": [{"id": "a", **item}]}],
    }
    with pytest.raises(xlsform.XlsFormError) as error:
        xlsform.write(document, "q", tmp_path / "form.xlsx")
    assert str(error.value) == want
    assert not list(tmp_path.iterdir())


def test_a_text_of_what_a_cell_holds_is_written(tmp_path: Path) -> None:
    document = {
        **HEAD,
        "metrics": [{"id": "a", "text": {}}],
        "questionnaires": [{"id": "q", "version": "1", "items": [{"id": "a", "label": {"en": "x" * 32767}}]}],
    }
    xlsform.write(document, "q", tmp_path / "form.xlsx")
    form = xlsform.read(tmp_path / "form.xlsx")
    assert form.questionnaire["items"] == document["questionnaires"][0]["items"]


def test_nothing_written_is_a_formula(tmp_path: Path) -> None:
    xlsform.write(WHOLE, "visit-2026", tmp_path / "form.xlsx")
    for tab in openpyxl.load_workbook(tmp_path / "form.xlsx"):
        for row in tab.iter_rows():
            assert {cell.data_type for cell in row} <= {"s", "n"}
            assert all(cell.value is None or isinstance(cell.value, str) for cell in row)


def test_unknown_questionnaires_are_named() -> None:
    with pytest.raises(cs.NotFoundError, match="no questionnaire 'x': there are first, visit-2026"):
        xlsform.write(WHOLE, "x", "never.xlsx")


def test_into_leaves_the_policy_and_refuses_clashes(tmp_path: Path) -> None:
    form = one_row(tmp_path, {"type": "select_one five", "name": "q"}, FIVE)
    before = copy.deepcopy(WHOLE)
    with pytest.raises(xlsform.XlsFormError, match="another of its scales under the name 'five'"):
        form.into(WHOLE)
    assert before == WHOLE
    metric = {**HEAD, "metrics": [{"id": "q", "number": {}}]}
    with pytest.raises(xlsform.XlsFormError, match="another of its metrics under the name 'q'"):
        form.into(metric)
    there = form.into(HEAD)
    assert form.into(there) == there
    there["questionnaires"][0]["version"] = "2"
    with pytest.raises(xlsform.XlsFormError, match="another of its questionnaires under the name 'form'"):
        form.into(there)
