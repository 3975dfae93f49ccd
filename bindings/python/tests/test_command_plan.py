"""`csat plan`: the sampling cases of the ready-made policies through files; exit status; what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import libcsat as cs
import pandas as pd
import pyarrow as pa
import pytest
from libcsat.command.main import app
from pyarrow import parquet
from typer.testing import CliRunner, Result

POLICIES = [
    "satisfaction-control",
    "annual-survey",
    "retail-after-sales",
    "iso-monitoring",
    "feedback-handling",
]
YEAR = {"from": "2025-01-01", "until": "2025-12-31", "as_of": "2026-01-01"}
SURVEYS = "subject,date\nnorth,2025-02-10\nnorth,2025-08-20\nsouth,2025-06-30\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["plan", *map(str, arguments)])


def sampling_cases() -> list[Any]:
    return [
        pytest.param(policy, case, id=f"{name}: {case.name}")
        for name in POLICIES
        for policy in [cs.Policy.load(name)]
        for case in policy.cases
        if case.sampling and "error" not in case.expect
    ]


def write(table: pa.Table, path: Path) -> Path:
    if path.suffix == ".csv":
        table.to_pandas().to_csv(path, index=False)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in table.to_pylist()), encoding="utf-8")
    else:
        parquet.write_table(table, path)
    return path


# P0-34, P1-15, P1-16, P1-18 to P1-22, P2-25 to P2-27, P2-30, P2-113, P2-129, P2-130, P3-10, P3-49, P3-50,
# P3-77, P3-83, P3-110, P4-15
@pytest.mark.parametrize(("policy", "case"), sampling_cases())
@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_a_case_comes_out_of_files_as_of_python(
    policy: cs.Policy, case: cs.PolicyCase, suffix: str, tmp_path: Path
) -> None:
    table = pa.table(case.table) if case.table else None
    wanted = policy.sampling_rule(case.sampling).apply(table, case.record)
    (tmp_path / "given.json").write_text(json.dumps(case.record, default=float), encoding="utf-8")
    (tmp_path / "policy.json").write_text(json.dumps(policy.document, default=float), encoding="utf-8")
    files = [] if table is None else [write(table, tmp_path / f"table{suffix}")]
    done = run(
        *(tmp_path / "policy.json", case.sampling, *files, "--given", tmp_path / "given.json", "--json")
    )
    found = json.loads(done.stdout)
    found_wanting = ("missing", "incomplete", "supplement_required", "invalid", "none")
    assert done.exit_code == (wanted.outcome in found_wanting)
    assert found["policy"] == policy.id and found["rule"] == case.sampling
    assert found["outcome"] == wanted.outcome
    assert found["counts"] == wanted.counts
    assert found["lists"] == {
        name: [f"row {int(text[4:]) + 1}" if re.fullmatch(r"row \d+", text) else text for text in texts]
        for name, texts in wanted.lists.items()
    }
    for name, share in wanted.shares.items():
        assert found["shares"][name]["numerator"] == share.numerator
        assert found["shares"][name]["denominator"] == share.denominator
        assert f"{found['shares'][name]['percent']} %" in repr(wanted)
    assert found["shares"].keys() == wanted.shares.keys()


@pytest.mark.parametrize("name", POLICIES)
def test_the_list_says_what_a_rule_reads(name: str) -> None:
    policy = cs.Policy.load(name)
    done = run(name, "--json")
    assert done.exit_code == 0
    listed = json.loads(done.stdout)["rules"]
    shown = run(name).stdout
    assert [each["id"] for each in listed] == [rule.id for rule in policy.sampling]
    for each in listed:
        assert each["id"] in shown and each["label"] in shown
    # What a case gives is what its rule reads.
    reads = {each["id"]: each for each in listed}
    for case in policy.cases:
        if case.sampling and "error" not in case.expect:
            rule = reads[case.sampling]
            given, columns = set(case.record), set(case.table or ())
            assert set(rule["given"]["needed"]) <= given
            assert given <= {*rule["given"]["needed"], *rule["given"]["optional"]}
            assert set(rule["columns"]["needed"]) <= columns
            assert columns <= {*rule["columns"]["needed"], *rule["columns"]["optional"]}


@pytest.mark.parametrize(
    ("rule", "cells", "given", "status", "words"),
    [
        pytest.param("main_customers", SURVEYS, YEAR, 1, "missing", id="missing"),
        pytest.param(
            "main_customers", SURVEYS, {**YEAR, "subjects": ["north"]}, 0, "complete", id="complete"
        ),
        pytest.param("main_customers", SURVEYS, {**YEAR, "as_of": "2025-12-31"}, 0, "open", id="open"),
        pytest.param("regular_survey", SURVEYS, YEAR, 0, "advised", id="only advised"),
        pytest.param("sample_size", None, {"population": 2000}, 0, "323", id="no outcome"),
        pytest.param("sample_size", None, {}, 0, "385", id="nothing given"),
        pytest.param(
            *("wave_validity", None),
            {
                "planned": 100,
                "answered": 79,
                "unanswered_by_customer": 21,
                "not_contacted": 0,
                "closed": True,
            },
            *(1, "invalid"),
            id="invalid",
        ),
    ],
)
def test_exit_status(
    csat: Any, tmp_path: Path, rule: str, cells: str | None, given: dict[str, Any], status: int, words: str
) -> None:
    if cells is not None:
        (tmp_path / "surveys.csv").write_text(cells, encoding="utf-8")
    files = [] if cells is None else ["surveys.csv"]
    done = csat("plan", "iso-monitoring", rule, *files, "--given", json.dumps(given))
    assert done.returncode == status, done.stderr
    assert words in done.stdout and not done.stderr


def test_standard_input_gives_the_table_or_the_values(csat: Any, tmp_path: Path) -> None:
    given = json.dumps(YEAR)
    (tmp_path / "surveys.csv").write_text(SURVEYS, encoding="utf-8")
    (tmp_path / "given.json").write_bytes(b"\xef\xbb\xbf" + given.encode())
    one = csat("plan", "iso-monitoring", "main_customers", "surveys.csv", "--given", "-", stdin=given)
    other = csat("plan", "iso-monitoring", "main_customers", "-", "--given", "given.json", stdin=SURVEYS)
    assert one.stdout == other.stdout and "list missing    south: 2025-H2" in one.stdout
    assert one.returncode == other.returncode == 1


FLAGS = "id,subject,asked\n1,a,True\n2,b,FALSE\n3,c,1\n4,d,0\n5,e,\n"


def test_cells_of_csv_are_what_they_hold(csat: Any, tmp_path: Path) -> None:
    policy = {"id": "p", "version": "1", "effective_from": "2025-01-01", "zone": "UTC"}
    forms: list[dict[str, Any]] = [
        {"id": "each", "each": {"event": "x"}},
        {"id": "every", "every": {"period": "YEAR"}},
        {"id": "strata", "strata": {"method": "EQUAL"}},
        {"id": "invited", "invitation": {"probability": 1}},
    ]
    (tmp_path / "p.json").write_text(json.dumps({**policy, "sampling": {"rules": forms}}), encoding="utf-8")
    (tmp_path / "flags.csv").write_text(FLAGS, encoding="utf-8")
    (tmp_path / "strata.tsv").write_text("stratum\tsize\n01\t5\n1\t7.0\n", encoding="utf-8")
    times = "date\n2025-03-01 23:59:00\n2024-01-01 00:00:00\n"
    (tmp_path / "times.csv").write_text(times, encoding="utf-8")
    (tmp_path / "ids.csv").write_text("id\n01\n1\nx\n", encoding="utf-8")

    def found(rule: str, *arguments: object) -> Any:
        return json.loads(csat("plan", "p.json", rule, *arguments, "--json").stdout)

    assert found("each", "flags.csv")["lists"]["missing"] == ["b", "d", "e"]
    assert found("strata", "strata.tsv", "--given", '{"sample": 5}')["counts"] == {"01": 3, "1": 2}
    assert found("every", "times.csv", "--given", json.dumps(YEAR))["outcome"] == "complete"
    # Instants: in Shanghai the second one lies in 2025.
    instants = "date\n2024-12-31T15:59:59Z\n2024-12-31T12:00:01-04:00\n"
    (tmp_path / "times.csv").write_text(instants, encoding="utf-8")
    for zone, outcome in (("UTC", "missing"), ("Asia/Shanghai", "complete")):
        moved = {**policy, "zone": zone, "sampling": {"rules": forms}}
        (tmp_path / "p.json").write_text(json.dumps(moved), encoding="utf-8")
        assert found("every", "times.csv", "--given", json.dumps(YEAR))["outcome"] == outcome
    assert found("invited", "ids.csv", "--given", '{"seed": "s"}')["lists"]["invited"] == ["01", "1", "x"]
    dashed = FLAGS.replace("5,e,", "5,e,-")
    (tmp_path / "flags.csv").write_text(dashed, encoding="utf-8")
    assert found("each", "flags.csv", "--missing", "-")["lists"]["missing"] == ["b", "d", "e"]
    # Ids are no numbers of rows.
    (tmp_path / "ids.csv").write_text("id\nrow 1\n", encoding="utf-8")
    assert found("invited", "ids.csv", "--given", '{"seed": "s"}')["lists"]["invited"] == ["row 1"]
    refused = csat("plan", "p.json", "each", "flags.csv")
    assert refused.returncode == 2
    assert "flags.csv: row 5: column 'asked': '-' is neither true nor false" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["iso-monitoring", "main_customer"], "(is it 'main_customers'?)"),
        (["nowhere"], "no ready-made policy and no file 'nowhere'"),
        (["iso-monitoring", "--given", "{}"], "--given goes with RULE"),
        (["iso-monitoring", "sample_size", "--delimiter", ";"], "--delimiter goes with INPUT"),
        (["iso-monitoring", "sample_size", "surveys.csv"], "rule 'sample_size' reads no table"),
        (["iso-monitoring", "main_customers"], "'from' is not given: a day such as 2025-03-14"),
        (
            ["iso-monitoring", "main_customers", "--given", json.dumps(YEAR)],
            "a table with the column 'date' is missing",
        ),
        (
            ["iso-monitoring", "main_customers", "-", "--given", "-"],
            "INPUT - and --given -: standard input can be read but once",
        ),
        (
            ["iso-monitoring", "main_customers", "wrong.csv", "--given", json.dumps(YEAR)],
            "wrong.csv: row 2: column 'date': 'soon' is not a day such as 2025-03-14",
        ),
        (
            ["iso-monitoring", "main_customers", "other.csv", "--given", json.dumps(YEAR)],
            "other.csv: it has no column 'date' (is it 'Date'?)",
        ),
        (["iso-monitoring", "sample_size", "--given", "none.json"], "none.json: No such file"),
        (
            ["iso-monitoring", "sample_size", "--given", "list.json"],
            "list.json: it is no JSON object of values",
        ),
        (["iso-monitoring", "sample_size", "--given", "bad.json"], "bad.json: 'population' 0 lies outside"),
        (
            ["iso-monitoring", "sample_size", "--given", '{"population": 1, "population": 2}'],
            "is there twice",
        ),
        (["iso-monitoring", "sample_size", "--given", '{"population": NaN}'], "NaN is no number of JSON"),
        (["iso-monitoring", "sample_size", "--given", '{"population": '], "--given: Expecting value"),
        (
            ["iso-monitoring", "sample_size", "--given", '{"popul": 1}'],
            "'popul' is given, and the rule does not",
        ),
    ],
)
def test_what_is_refused(csat: Any, tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "surveys.csv").write_text(SURVEYS, encoding="utf-8")
    (tmp_path / "wrong.csv").write_text("date\n2025-01-01\nsoon\n", encoding="utf-8")
    (tmp_path / "other.csv").write_text("Date\n2025-01-01\n", encoding="utf-8")
    (tmp_path / "list.json").write_text("[1]", encoding="utf-8")
    (tmp_path / "bad.json").write_text('{"population": 0}', encoding="utf-8")
    done = csat("plan", *arguments, stdin="")
    assert done.returncode == 2
    assert words in done.stderr
    assert all(line.startswith("csat: ") for line in done.stderr.splitlines())


def test_a_large_table_is_read_as_python_reads_it(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "subject": [f"s{i % 700}" for i in range(20_000)],
            "date": pd.date_range("2024-01-01", periods=20_000, freq="h"),
        }
    )
    rule = cs.Policy.load("iso-monitoring").sampling_rule("main_customers")
    given = {**YEAR, "as_of": "2025-12-31"}
    wanted = rule.apply(frame, given)
    for path in (tmp_path / "surveys.csv", tmp_path / "surveys.parquet"):
        write(pa.Table.from_pandas(frame, preserve_index=False), path)
        found = json.loads(
            run("iso-monitoring", rule.id, path, "--given", json.dumps(given), "--json").stdout
        )
        assert found["counts"] == wanted.counts and found["lists"] == wanted.lists
