"""Responses of several files: each once, the last form of a respondent and wave, nothing lost."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import intake_files as files
import pyarrow as pa
import pytest
from intake_files import save
from libcsat import intake
from libcsat.error import TableError

HEADER = ["response_id", "respondent_id", "wave", "submitted_at", "finished", "is_test", "q1"]


def form(id: str, who: str, day: int, q1: int, **more: str) -> list[str]:
    row = {
        "response_id": id,
        "respondent_id": who,
        "wave": "2025Q1",
        "submitted_at": f"2025-03-{day:02d}T10:00:00Z",
        "finished": "true",
        "is_test": "false",
        "q1": str(q1),
    } | more
    return [row[name] for name in HEADER]


def read(tmp_path: Path, *tables: list[list[str]], **options: Any) -> intake.Imported:
    paths = [save(tmp_path / f"t{n}.csv", [HEADER, *rows]) for n, rows in enumerate(tables)]
    return intake.read(*paths, **options)


def kept(imported: intake.Imported) -> dict[str, Any]:
    return dict(zip(*(imported.responses[n].to_pylist() for n in ("response_id", "q1")), strict=True))


@pytest.mark.parametrize("name", files.FILES)
def test_the_same_file_twice_is_once(name: str, tmp_path: Path) -> None:
    """P2-51: the same source id sent twice is one record."""
    path = save(tmp_path / files.FILES[name][0], files.FILES[name][1])
    once = intake.read(path)
    twice = intake.read(path, path)
    into = intake.read(path, into=once.responses)
    for again in (twice, into):
        assert again.responses.equals(once.responses, check_metadata=True)
        assert again.rejected.num_rows == 0 and again.superseded.num_rows == 0
    assert into.counts.responses == 0
    assert into.counts.repeated == into.counts.accepted == once.counts.accepted
    assert twice.counts.repeated == once.counts.accepted


def test_files_that_overlap_give_their_rows_once(tmp_path: Path) -> None:
    forms = [form(f"r{n}", f"c{n}", n, n % 5 + 1) for n in range(1, 9)]
    imported = read(tmp_path, forms[:5], forms[3:])
    assert list(kept(imported)) == [f"r{n}" for n in range(1, 9)]
    assert [source.counts.repeated for source in imported.sources] == [0, 2]


def test_rows_without_ids_that_overlap(tmp_path: Path) -> None:
    one = save(tmp_path / "one.csv", "q1,q2\n5,4\n5,4\n3,1\n")
    two = save(tmp_path / "two.csv", "q1,q2\n5,4\n3,1\n2,2\n")
    assert intake.read(one, two).responses.num_rows == 4


FORMS = [
    # name, rows, the one that counts, where it is not the one that came last
    ("the later one", [form("a", "c", 1, 5), form("b", "c", 2, 3)], "b"),
    ("the later one, though it stands first", [form("b", "c", 2, 3), form("a", "c", 1, 5)], "b"),
    ("finished before unfinished", [form("a", "c", 1, 5), form("b", "c", 2, 3, finished="false")], "a"),
    (
        "finished before unknown",
        [form("a", "c", 2, 5, finished=""), form("b", "c", 1, 3, finished="false")],
        "a",
    ),
    ("at one time, the higher number", [form("10", "c", 1, 5), form("9", "c", 1, 3)], "10"),
    ("a time before none", [form("a", "c", 1, 5), form("b", "c", 1, 3, submitted_at="")], "a"),
]


@pytest.mark.parametrize(
    ("rows", "last"), [(rows, last) for _, rows, last in FORMS], ids=[f[0] for f in FORMS]
)
def test_the_last_form_of_a_respondent_and_wave_counts(
    rows: list[list[str]], last: str, tmp_path: Path
) -> None:
    # A-90, P3-27
    results = [
        read(tmp_path, rows),
        read(tmp_path, *([row] for row in rows)),
        read(tmp_path, rows[1:], into=read(tmp_path, rows[:1]).responses),
    ]
    for imported in results:
        assert list(kept(imported)) == [last]
        (listed,) = imported.superseded.to_pylist()
        assert listed["superseded_by"] == last
        assert listed["response_id"] != last and listed["q1"] is not None
    assert results[0].counts.superseded == 1


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([form("a", "c", 1, 5), form("b", "c", 2, 3, wave="2025Q2")], id="another wave"),
        pytest.param([form("a", "c", 1, 5), form("b", "d", 2, 3)], id="another respondent"),
        pytest.param([form("a", "c", 1, 5, wave=""), form("b", "c", 2, 3, wave="")], id="no wave"),
        pytest.param([form("a", "", 1, 5), form("b", "", 2, 3)], id="no respondent"),
        pytest.param([form("a", "c", 1, 5), form("b", "c", 2, 3, is_test="true")], id="a test (A-129)"),
    ],
)
def test_other_forms_stay(rows: list[list[str]], tmp_path: Path) -> None:
    imported = read(tmp_path, rows)
    assert list(kept(imported)) == ["a", "b"]
    assert imported.superseded.num_rows == 0


def test_the_wave_that_the_caller_says(tmp_path: Path) -> None:
    path = save(
        tmp_path / "x.csv", "response_id,respondent_id,submitted_at\n1,c,2025-03-01\n2,c,2025-03-02\n"
    )
    assert intake.read(path).responses.num_rows == 2
    assert intake.read(path, wave="2025Q1").responses["response_id"].to_pylist() == ["2"]
    with pytest.raises(TableError, match="a column 'wave' of its own"):
        read(tmp_path, [form("a", "c", 1, 5)], wave="2025Q2")


def test_a_later_version_of_a_response_replaces_it(tmp_path: Path) -> None:
    begun, done = form("a", "c", 1, 5, finished="false"), form("a", "c", 1, 4)
    for first, second in ((begun, done), (done, begun)):
        imported = read(tmp_path, [second], into=read(tmp_path, [first]).responses)
        assert kept(imported) == {"a": 4}
        assert imported.superseded["q1"].to_pylist() == [5]


def test_versions_of_one_time_cannot_be_decided(tmp_path: Path) -> None:
    before = read(tmp_path, [form("a", "c", 1, 5)])
    imported = read(tmp_path, [form("a", "c", 1, 4), form("b", "d", 1, 3)], into=before.responses)
    assert kept(imported) == {"a": 5, "b": 3}
    assert [(d["row"], d["rule"]) for d in imported.rejected.to_pylist()] == [(2, "conflicting-response")]
    both = read(tmp_path, [form("a", "c", 1, 4), form("b", "d", 1, 3), form("a", "c", 1, 5)])
    assert kept(both) == {"b": 3}
    assert [d["row"] for d in both.rejected.to_pylist()] == [2, 4]


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    tables = [
        [form("a", "c", 1, 5), form("b", "d", 1, 4)],
        [form("c", "c", 2, 3), form("b", "d", 1, 4)],
        [form("d", "c", 3, 2), form("e", "d", 1, 1)],
    ]
    results = []
    for order in itertools.permutations(tables):
        imported = read(tmp_path, *order)
        step: pa.Table | None = None
        for rows in order:
            step = read(tmp_path, rows, **({"into": step} if step is not None else {})).responses
        assert step is not None
        results += [imported.responses, step]
    assert {tuple(sorted(table["response_id"].to_pylist())) for table in results} == {("d", "e")}


def test_a_submission_in_two_files_is_put_together(tmp_path: Path) -> None:
    rows = files.long_record()
    whole = intake.read(save(tmp_path / "w.csv", rows)).responses
    one = save(tmp_path / "one.csv", [rows[0], *rows[1:3]])
    two = save(tmp_path / "two.csv", [rows[0], *rows[2:]])
    for imported in (intake.read(one, two), intake.read(two, into=intake.read(one).responses)):
        assert imported.responses.select(whole.column_names).to_pylist() == whole.to_pylist()
        assert imported.rejected.num_rows == 0


def test_a_submission_with_another_answer_in_a_later_file(tmp_path: Path) -> None:
    rows = files.long_record()
    before = intake.read(save(tmp_path / "one.csv", rows[:2]))
    changed = [*rows[1]]
    changed[rows[0].index("value_number")] = "2"
    after = intake.read(save(tmp_path / "two.csv", [rows[0], changed]), into=before.responses)
    assert [(d["row"], d["rule"]) for d in after.rejected.to_pylist()] == [(2, "conflicting-response")]
    assert (after.counts.read, after.counts.accepted, after.counts.rejected) == (1, 0, 1)
    changed[rows[0].index("collected_at")] = "2025-03-01T10:00:00.001+08:00"
    later = intake.read(save(tmp_path / "two.csv", [rows[0], changed]), into=before.responses)
    assert later.responses["recommend"].to_pylist() == [2]
    assert later.superseded["recommend"].to_pylist() == [9]


def test_an_option_that_comes_up_later_was_not_chosen_before(tmp_path: Path) -> None:
    rows = files.wjx()
    one = intake.read(save(tmp_path / "one.csv", rows[:2]), zone="Asia/Shanghai")
    both = intake.read(
        save(tmp_path / "two.csv", [rows[0], *rows[2:]]), into=one.responses, zone="Asia/Shanghai"
    )
    assert both.responses["Q2_其他"].to_pylist() == [0, 1, None]
    whole = intake.read(save(tmp_path / "w.csv", rows), zone="Asia/Shanghai").responses
    names = [name for name in whole.column_names if name.startswith("Q2_")]
    assert both.responses.select(names).to_pylist() == whole.select(names).to_pylist()


def test_columns_of_types_that_do_not_go_together(tmp_path: Path) -> None:
    numbers = save(tmp_path / "a.csv", "response_id,q,t\n1,5,x\n")
    words = save(tmp_path / "b.csv", "response_id,q,t\n2,five,\n")
    with pytest.raises(
        TableError, match="column 'q' is number and text in the files: give --number or --text"
    ):
        intake.read(numbers, words)
    assert intake.read(numbers, words, texts=["q"]).responses["q"].to_pylist() == ["5", "five"]
    assert intake.read(numbers, words, numbers=["q"]).counts.rejected == 1
    zoned = save(tmp_path / "c.csv", "response_id,submitted_at\n1,2025-03-01T10:00:00Z\n")
    local = save(tmp_path / "d.csv", "response_id,submitted_at\n2,2025-03-01 10:00:00\n")
    with pytest.raises(TableError, match="give --zone"):
        intake.read(zoned, local)
    assert intake.read(zoned, local, zone="Asia/Shanghai").responses.num_rows == 2


def test_what_is_merged_into_is_an_import(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="is no table of responses"):
        read(tmp_path, [form("a", "c", 1, 5)], into=pa.table({"response_id": ["x"]}))
