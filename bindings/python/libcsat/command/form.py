"""Questionnaires out of and into XLSForm workbooks, for `csat questionnaire --from` and `--to`."""

from __future__ import annotations

import typer

from libcsat import xlsform
from libcsat.command.terminal import note, show_json
from libcsat.policy import Policy


def write_form(policy: Policy, questionnaire: str, path: str) -> None:
    """Writes a questionnaire as a form.

    Raises:
        ValueError: the name is not that of a workbook.
    """
    if not path.lower().endswith(".xlsx"):
        raise ValueError(f"--to {path}: a form is an .xlsx file")
    xlsform.write(policy, questionnaire, path)


def read_form(path: str, partial: bool) -> None:
    """Prints the part of a policy that a form becomes, and on standard error what has no counterpart.

    Raises:
        typer.Exit: 1 where the form was read without something, 2 where that is not wanted.
    """
    try:
        form = xlsform.read(path, partial=partial)
    except xlsform.XlsFormError as error:
        if not error.unmapped:
            raise
        for cell in error.unmapped:
            note(f"{path}: {cell}")
        note(f"{path}: not read; --partial goes on without these {len(error.unmapped)}")
        raise typer.Exit(2) from None
    for cell in form.unmapped:
        note(f"{path}: {cell}")
    show_json(form.part)
    if form.unmapped:
        raise typer.Exit(1)
