"""`csat questionnaire --to` and `--from`: forms on the command line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import libcsat as cs
from xlsform_files import make_form

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_out_and_in_again(csat: Run, tmp_path: Path) -> None:
    wanted = cs.Policy.load("retail-after-sales").document["questionnaires"][0]
    done = csat("questionnaire", "retail-after-sales", wanted["id"], "--to", "form.xlsx")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    read = csat("questionnaire", "--from", "form.xlsx")
    assert (read.returncode, read.stderr) == (0, "")
    assert json.loads(read.stdout)["questionnaires"] == [json.loads(json.dumps(wanted, default=float))]


def test_what_has_no_counterpart(csat: Run, tmp_path: Path) -> None:
    make_form(tmp_path / "form.xlsx", [["type", "name"], ["note", "n"], ["text", "q"], ["image", "i"]])
    place = "csat: form.xlsx: sheet survey, row"
    neither = "an answer that is neither a number, a choice nor a text"
    lines = [
        f"{place} 2, column type: 'note': shows a text and asks nothing; it is left out",
        f"{place} 4, column type: 'image': {neither}; it is left out",
    ]
    refused = csat("questionnaire", "--from", "form.xlsx")
    assert (refused.returncode, refused.stdout) == (2, "")
    last = "csat: form.xlsx: not read; --partial goes on without these 2"
    assert refused.stderr.splitlines() == [*lines, last]
    partial = csat("questionnaire", "--from", "form.xlsx", "--partial")
    assert partial.returncode == 1
    assert partial.stderr.splitlines() == lines
    assert [item["id"] for item in json.loads(partial.stdout)["questionnaires"][0]["items"]] == ["q"]


def test_what_does_not_go_together(csat: Run, tmp_path: Path) -> None:
    for arguments, want in [
        (("--from", "nowhere.xlsx"), "no file 'nowhere.xlsx'"),
        (("satisfaction-control", "--from", "form.xlsx"), "--from takes no policy"),
        (("--from", "form.xlsx", "--to", "other.xlsx"), "--from goes with --partial alone"),
        (("satisfaction-control", "instant", "--to", "form.xlsx", "--next", "-"), "give one of them"),
        (("satisfaction-control", "--partial"), "--partial goes with --from"),
        (("satisfaction-control", "instant", "--to", "form.csv"), "--to form.csv: a form is an .xlsx file"),
        (("satisfaction-control", "--to", "form.xlsx"), "2 questionnaires, name one"),
        ((), "which policy, or --from which form?"),
    ]:
        done = csat("questionnaire", *arguments)
        assert done.returncode == 2, arguments
        assert want in done.stderr
