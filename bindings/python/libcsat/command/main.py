"""Entry point of the `csat` command. Exit status: 0 done, 1 findings, 2 bad input."""

from __future__ import annotations

import signal
import sys
from types import FrameType

import typer

from libcsat import __version__
from libcsat.command import (
    check,
    clean,
    demo,
    explain,
    intake,
    measure,
    plan,
    questionnaire,
    reliability,
    sample,
    score,
    simulate,
)
from libcsat.command.file_names import Command
from libcsat.command.files import ReaderGone
from libcsat.command.terminal import note, prepare
from libcsat.error import CsatError

app = typer.Typer(
    name="csat",
    help="Exact, explained customer-satisfaction scores from a policy file.",
    epilog="Exit status: 0 done, 1 findings, 2 bad input. Rows count from 1, the header is none.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("check", cls=Command)(check.check)
app.command("questionnaire", cls=Command)(questionnaire.questionnaire)
app.command("import", cls=Command)(intake.import_files)
app.command("clean", cls=Command)(clean.clean)
app.command("score", cls=Command)(score.score)
app.command("explain", cls=Command)(explain.explain)
app.command("measure", cls=Command)(measure.measure)
app.command("reliability", cls=Command)(reliability.reliability)
app.command("simulate", cls=Command)(simulate.simulate)
app.command("plan", cls=Command)(plan.plan)
app.command("sample", cls=Command)(sample.sample_file)
app.command("demo", cls=Command)(demo.demo)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"csat {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", help="Print the version.", callback=_version, is_eager=True
    ),
) -> None:
    pass


def run() -> None:
    """Runs the command line; errors of the input are one line on standard error."""
    prepare()
    for ending in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, ending):
            # An exception, so that files half written are taken away.
            signal.signal(getattr(signal, ending), _end)
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except ReaderGone:
        sys.exit(0)
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        _refuse(f"{name}{error.strerror or error}")
    except (CsatError, ValueError, TypeError) as error:
        _refuse(str(error))
    except MemoryError:
        _refuse("out of memory")


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _refuse(message: str) -> None:
    note(message)
    sys.exit(2)


if __name__ == "__main__":
    run()
