"""Options that several subcommands take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from libcsat.arguments import refuses_bad_rows


def not_together(context: typer.Context, options: Sequence[str], why: str) -> None:
    """Refuses options that are given and have no effect here: nothing that is asked for is passed over.

    Args:
        options: Names of the parameters.
        why: What follows the name of the option, such as "goes with --check of a table".

    Raises:
        ValueError: one of them is given.
    """
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if parameter.name in options and source is not None and source.name == "COMMANDLINE":
            if parameter.param_type_name == "argument":
                name = str(parameter.metavar or parameter.name).rstrip(".")
            else:
                name = max(parameter.opts, key=len)
            raise ValueError(f"{name}{why}" if why.startswith(":") else f"{name} {why}")


def check_bad_rows(bad_rows: str) -> str:
    """What to do with a bad value, said before anything is read.

    Raises:
        ValueError: neither fail nor refuse.
    """
    refuses_bad_rows(bad_rows)
    return bad_rows


def check_level(level: float) -> float:
    """The coverage of an interval.

    Raises:
        ValueError: it does not lie between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"level {level:g} lies outside (0, 1)")
    return level


Scorecard = Annotated[
    str | None, typer.Option("--scorecard", "-s", help="Scorecard; needed where the policy has several.")
]
Format = Annotated[
    str | None, typer.Option(help="Format of INPUT: csv, parquet, arrow or jsonl. Default: by extension.")
]
Delimiter = Annotated[
    str | None, typer.Option(help="Separator of CSV cells. Default: comma; tab in .tsv files.")
]
Missing = Annotated[
    list[str] | None, typer.Option(help="Text of a CSV cell that means missing, besides the empty one.")
]
Subject = Annotated[
    str | None,
    typer.Option(help="Column that says to whom a row belongs, for vetoes of a whole period."),
]
Period = Annotated[str | None, typer.Option(help="Column that says when. Together with --subject.")]
EachRowAlone = Annotated[bool, typer.Option("--each-row-alone", help="Such vetoes reach their own row only.")]
Absent = Annotated[
    list[str] | None, typer.Option(help="Field that INPUT leaves out on purpose: missing in every row.")
]
BadRows = Annotated[
    str, typer.Option(callback=check_bad_rows, help="A bad value: fail, or refuse its row alone.")
]
Level = Annotated[
    float, typer.Option(callback=check_level, help="Coverage of the intervals, between 0 and 1.")
]
Threads = Annotated[int | None, typer.Option(min=1, max=256, help="Default: one on each processor.")]
Progress = Annotated[bool | None, typer.Option("--progress/--no-progress", help="Default: on a terminal.")]
