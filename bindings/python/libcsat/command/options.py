"""Options that several subcommands take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer


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
            raise ValueError(f"{max(parameter.opts, key=len)} {why}")


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
BadRows = Annotated[str, typer.Option(help="A bad value: fail, or refuse its row alone.")]
Threads = Annotated[int | None, typer.Option(min=1, max=256, help="Default: one on each processor.")]
Progress = Annotated[bool | None, typer.Option("--progress/--no-progress", help="Default: on a terminal.")]
