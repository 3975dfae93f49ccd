"""No command writes over what it reads, or writes two things into one file. The pairs come from what the
commands themselves declare, so that no option can be left out."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import typer.main
from libcsat.command.file_names import Merges, Reads, Writes
from libcsat.command.main import app
from libcsat.error import TableError

Run = Callable[..., "subprocess.CompletedProcess[str]"]

COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
TEXT = "kept as it is\n"
# What begins the help of an option that names a file.
ABOUT_FILES = re.compile(
    r"(\w+ )?(files?|folder|workbook)\b|.*\b(file|folder|workbook) (to|for|of|with|that)\b"
    r"|proof|polic|export",
    re.I,
)
NO_FILES = {("questionnaire", "id"), ("clean", "seed"), ("explain", "record"), ("import", "sheet")}


def declared(command: str) -> dict[str, type]:
    """What its parameters name files for, by parameter."""
    kinds = (Reads, Writes, Merges)
    signature = inspect.signature(COMMANDS[command].callback)
    found = {name: getattr(given.default, "parser", None) for name, given in signature.parameters.items()}
    return {name: kind for name, kind in found.items() if kind in kinds}


def shown(command: str, name: str) -> str:
    parameter = next(p for p in COMMANDS[command].params if p.name == name)
    if parameter.param_type_name == "option":
        return max(parameter.opts, key=len)
    return (parameter.metavar or name).rstrip(".").upper()


def arguments(command: str, files: dict[str, str]) -> list[str]:
    """A command line with these files; what is needed besides is named and does not matter."""
    options, words = [], []
    for parameter in COMMANDS[command].params:
        needed = parameter.required or (parameter.param_type_name == "argument" and parameter.name in files)
        values = [files.get(parameter.name, "needed" if parameter.name in declared(command) else "1")]
        if parameter.param_type_name == "argument":
            # Those before one that is given have to be there, too.
            words.append((values[0], needed))
        elif parameter.name in files or needed:
            options += [max(parameter.opts, key=len), *values * max(parameter.nargs, 1)]
    while words and not words[-1][1]:
        words.pop()
    return [*options, "--", *(word for word, _ in words)]


def run(command: str, files: dict[str, str]) -> str:
    """What the command says against the files, before it has read any of them."""
    with pytest.raises(TableError) as refused:
        COMMANDS[command].main(arguments(command, files), standalone_mode=False)
    return str(refused.value)


PAIRS = [
    (command, one, other)
    for command in sorted(COMMANDS)
    for one, other in combinations(declared(command), 2)
    if (declared(command)[one], declared(command)[other]) != (Reads, Reads)
]


def test_every_command_and_every_kind_of_pair_is_there() -> None:
    assert {command for command, *_ in PAIRS} == set(COMMANDS) - {"check", "explain", "plan"}
    assert ("clean", "decisions", "ledger") in [(c, *sorted(names)) for c, *names in PAIRS]
    assert len(PAIRS) > 60


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_what_names_a_file_says_so(command: str) -> None:
    signature = inspect.signature(COMMANDS[command].callback)
    for name in set(signature.parameters) - set(declared(command)):
        about = getattr(signature.parameters[name].default, "help", None) or ""
        if name.endswith("format") or (command, name) in NO_FILES:
            continue
        assert not ABOUT_FILES.match(about), f"{command} {name}: is it a file? give it a parser"


@pytest.mark.parametrize(("command", "one", "other"), PAIRS, ids="-".join)
def test_no_file_is_written_over(
    command: str, one: str, other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a").write_text(TEXT)
    Path("needed").write_text("")
    Path("link").symlink_to("a")
    os.link("a", "hard")
    Path("folder").mkdir()
    spellings = ["a", "./a", f"{tmp_path}/folder/../a", "link", "hard"]
    pairs = [("a", other_name) for other_name in spellings] + [("link", "hard")]
    if Reads not in (declared(command)[one], declared(command)[other]):
        Path("dangling").symlink_to("new")
        pairs += [("new", "folder/../new"), ("dangling", "new")]
    there = sorted(os.listdir())
    for first, second in pairs:
        said = run(command, {one: first, other: second})
        assert f"{shown(command, one)} {first}" in said
        assert f"{shown(command, other)} {second}" in said
        assert "are one file, which " in said
        assert "\n" not in said
    assert Path("a").read_text() == TEXT
    assert sorted(os.listdir()) == there


@pytest.mark.parametrize("command", sorted({command for command, *_ in PAIRS}))
def test_different_files_are_no_fault(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(COMMANDS[command], "callback", lambda **given: None)
    files = {name: f"file{at}" for at, name in enumerate(declared(command))}
    for there in (False, True):
        for path in files.values():
            if there:
                Path(path).write_text(TEXT)
        COMMANDS[command].main(arguments(command, files), standalone_mode=False)
    # Nothing in a device can be lost.
    written = [name for name, kind in declared(command).items() if kind is Writes]
    COMMANDS[command].main(
        arguments(command, files | dict.fromkeys(written, os.devnull)), standalone_mode=False
    )


def test_on_the_command_line(csat: Run, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("response_id,a\n1,2\n", encoding="utf-8")
    for options, said in (
        (["-o", "e.csv"], "--output e.csv and FILE e.csv are one file, which would be written over"),
        (
            ["-o", "r.csv", "--rejected", "./r.csv"],
            "--output r.csv and --rejected ./r.csv are one file, which has room for one of them",
        ),
        (
            ["-o", "r.csv", "--rejected", "r.superseded.parquet"],
            "--rejected r.superseded.parquet and --superseded r.superseded.parquet are one file, "
            "which has room for one of them",
        ),
        (["-o", "-", "--rejected", "-"], None),
    ):
        refused = csat("import", "e.csv", *options)
        assert (refused.returncode, refused.stdout) == (2, "")
        if said is not None:
            assert refused.stderr == f"csat: {said}: name another\n"
        else:
            assert refused.stderr == (
                "csat: --output - and --rejected -: standard output takes one of them: name a file\n"
            )
    assert os.listdir(tmp_path) == ["e.csv"]


def test_standard_streams_are_files_too(csat: Run, tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text("id,rating\n1,4\n", encoding="utf-8")
    command = [sys.executable, "-m", "libcsat.command.main", "sample", "--id", "id", "-n", "1", "--seed", "s"]
    for words in (["-", "-o", "e.csv"], ["e.csv", "-o", "-"]):
        with open(path, "rb") as read, open(path, "ab") as written:
            done = subprocess.run(
                [*command, *words],
                stdin=read,
                stdout=written,
                stderr=subprocess.PIPE,
                cwd=tmp_path,
                check=False,
            )
        assert done.returncode == 2
        assert b"are one file, which would be written over: name another" in done.stderr
    assert path.read_text(encoding="utf-8") == "id,rating\n1,4\n"
    twice = csat("clean", "shop-survey", "-", "--decisions", "-")
    assert "INPUT - and --decisions -: standard input can be read but once: name a file" in twice.stderr
