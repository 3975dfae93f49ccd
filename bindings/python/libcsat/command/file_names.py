"""Files that a command is given by name, and the one rule about them: what it writes is no file that it
reads, and no other file that it writes.

An option says what its file is for by its parser: `typer.Option(parser=Reads)`. Every command is a Command,
which looks at the names before anything is read or written.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import typer
from typer.core import TyperCommand

from libcsat.error import TableError


class Reads(str):
    """Name of a file or folder that is read; "-" is standard input."""


class Writes(str):
    """Name of a file or folder that is written; "-" is standard output."""


class Merges(str):
    """Name of a file that is read where there is one, and may be written."""


@dataclass(frozen=True)
class Named:
    """A file as the command line names it.

    Attributes:
        option: Its option or argument, such as "--output".
    """

    option: str
    path: Reads | Writes | Merges

    def __str__(self) -> str:
        return f"{self.option} {self.path}"


class Command(TyperCommand):
    """A command that keeps the files it is given apart."""

    def invoke(self, ctx: Any) -> Any:
        keep_apart(named_files(ctx))
        return super().invoke(ctx)


def named_files(context: typer.Context) -> list[Named]:
    """The files that the command line names, in the order of the command's parameters."""
    return [
        Named(_name(parameter), path)
        for parameter in context.command.params
        for path in _each(context.params.get(parameter.name or ""))
        if isinstance(path, (Reads, Writes, Merges))
    ]


def keep_apart(files: Sequence[Named]) -> None:
    """Refuses names of one file, whether by the same path, another path, a link or a hard link, where it is
    written under one of them. Pipes and devices hold nothing that could be lost.

    Raises:
        TableError: it names both options and the file.
    """
    for one, other in combinations(files, 2):
        if isinstance(one.path, Reads) and isinstance(other.path, Reads):
            if one.path == other.path == "-":
                raise TableError(f"{one} and {other}: standard input can be read but once: name a file")
            continue
        both = isinstance(one.path, Writes) and isinstance(other.path, Writes)
        if both and one.path == other.path == "-":
            raise TableError(f"{one} and {other}: standard output takes one of them: name a file")
        if not _same(one.path, other.path):
            continue
        if both:
            raise TableError(f"{one} and {other} are one file, which has room for one of them: name another")
        read, written = (other, one) if isinstance(one.path, Writes) else (one, other)
        raise TableError(f"{written} and {read} are one file, which would be written over: name another")


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return str(parameter.metavar or parameter.name).upper().rstrip(".")


def _each(value: Any) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        yield from value
    else:
        yield value


def _same(one: Reads | Writes | Merges, other: Reads | Writes | Merges) -> bool:
    there = _status(one), _status(other)
    if there[0] is not None and there[1] is not None:
        regular = stat.S_ISREG(there[0].st_mode) or stat.S_ISDIR(there[0].st_mode)
        return regular and os.path.samestat(there[0], there[1])
    # What is not there is not lost, but two files may be made under one name.
    if there != (None, None) or isinstance(one, Reads) or isinstance(other, Reads):
        return False
    return _place(one) == _place(other)


def _status(path: str) -> os.stat_result | None:
    try:
        if path == "-":
            return os.fstat((sys.stdin if isinstance(path, Reads) else sys.stdout).fileno())
        return os.stat(path)
    except (OSError, ValueError, AttributeError):
        return None


def _place(path: str) -> str:
    return os.path.normcase(os.path.realpath(path))
