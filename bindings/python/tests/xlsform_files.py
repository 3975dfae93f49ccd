"""Forms to read: workbooks of given rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import libcsat as cs
import openpyxl
from libcsat import xlsform

Rows = Sequence[Sequence[object]]

HEAD: dict[str, Any] = {"id": "p", "version": "1", "effective_from": "2026-01-01", "zone": "UTC"}
YES_NO: Rows = [["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"]]


def make_form(path: Path, survey: Rows, choices: Rows = (), settings: Rows = ()) -> Path:
    """A workbook with those sheets; the first row of each is its heading."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in (("survey", survey), ("choices", choices), ("settings", settings)):
        if rows:
            tab = book.create_sheet(name)
            for row in rows:
                tab.append(list(row))
    book.save(path)
    return path


def loaded(form: xlsform.XlsForm) -> cs.Policy:
    """A policy of nothing but the form."""
    return cs.Policy.load(form.into(HEAD))


def judged(path: Path) -> str | None:
    """What pyxform, the converter of ODK and KoboToolbox, makes of a form. None: it is not installed."""
    try:
        from pyxform.xls2xform import convert
    except ImportError:
        return None
    found: str = convert(str(path)).xform
    return found
