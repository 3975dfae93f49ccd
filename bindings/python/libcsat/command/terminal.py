"""What a person sees: results on standard output, notes and progress on standard error."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import IO, Any

from rich.console import Console

from libcsat.show import Shown, visible


def show(what: Shown | str) -> None:
    """Prints a result: a Rich table on a terminal, plain text and an empty line elsewhere."""
    if isinstance(what, str):
        print(what)
    elif sys.stdout.isatty():
        Console(highlight=False).print(what)
    else:
        print(repr(what), end="\n\n")


def show_json(document: Any) -> None:
    """Prints one JSON document, decimals with their own digits where binary numbers have room for them."""
    print(json.dumps(document, ensure_ascii=not _unicode(), default=_plain))


def note(message: str) -> None:
    """Prints a line on standard error."""
    print(f"csat: {visible(' '.join(message.splitlines()))}", file=sys.stderr)


def check_language(language: str) -> None:
    """Raises where a language is neither English nor Chinese, such as zh-CN is."""
    if language.partition("-")[0] not in ("en", "zh"):
        raise ValueError(f"language {quoted(language)} is neither en nor zh")


class _StandardOutput(io.FileIO):
    """Standard output.

    Attributes:
        goes_on: A reader that goes away is no fault: what comes after is for nobody, and the exit status
            stays what it is.
    """

    goes_on = True

    def write(self, data: Any) -> int:
        try:
            return super().write(data) or 0
        except OSError as error:
            # Nothing more: Python writes at exit what is left.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
            if isinstance(error, BrokenPipeError) and self.goes_on:
                return len(data)
            error.filename = "standard output"
            raise


def prepare() -> None:
    """Lets standard output take what its encoding has no letters for, as escapes, and end before the command
    does."""
    old = sys.stdout
    if old is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    elif isinstance(old, io.TextIOWrapper):
        old.flush()
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(_StandardOutput(old.fileno(), "w", closefd=False)),
            encoding=old.encoding,
            errors=old.errors if _unicode() else "backslashreplace",
            line_buffering=old.line_buffering,
        )


def binary_output() -> IO[bytes]:
    """Standard output for a table. It raises BrokenPipeError when its reader goes away."""
    sys.stdout.flush()
    if isinstance(sys.stdout, io.TextIOWrapper):
        output = _StandardOutput(sys.stdout.fileno(), "w", closefd=False)
        output.goes_on = False
        return io.BufferedWriter(output)
    return sys.stdout.buffer


def _unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")


@contextmanager
def progress(title: str, size: int, wanted: bool | None) -> Iterator[Callable[[int], None]]:
    """Shows how far a long work is. Gives a function that takes the amount done, up to `size`.

    Args:
        wanted: None to show it on a terminal only.
    """
    if not (sys.stderr.isatty() if wanted is None else wanted):
        yield lambda done: None
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=console.is_terminal) as bar:
        task = bar.add_task(title, total=max(size, 1))
        yield lambda done: bar.update(task, completed=done)
        bar.update(task, completed=max(size, 1))


def quoted(text: str, most: int = 60) -> str:
    """A text of a file as a message may show it: in single quotes, in one line, cut to so many characters;
    what a terminal would not show but obey is written as an escape."""
    shown = text[:most].replace("\\", "\\\\")
    return f"'{visible(shown)}'" + ("..." if len(text) > most else "")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)
