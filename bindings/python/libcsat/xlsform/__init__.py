"""Questionnaires as XLSForms, the workbooks that ODK, KoboToolbox and their like read: in and out.

>>> from libcsat import xlsform
>>> form = xlsform.read("visit.xlsx")                  # questions, choices, settings as a part of a policy
>>> policy = cs.Policy.load(form.into(document))       # and that part in a policy
>>> xlsform.write(policy, "visit", "visit.xlsx")       # read() gives the same questionnaire again
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from libcsat.checked import checked
from libcsat.error import NotFoundError
from libcsat.policy import Policy
from libcsat.xlsform.reading import Form, FormReader
from libcsat.xlsform.sheets import FORM_LIMITS, Sheet, Unmapped, XlsFormError, read_sheets, write_sheets
from libcsat.xlsform.writing import FormWriter

__all__ = ["Unmapped", "XlsForm", "XlsFormError", "read", "write"]


@dataclass(frozen=True)
class XlsForm:
    """A form as a part of a policy.

    Attributes:
        questionnaire: What is asked, as in a policy document.
        metrics: What its questions are answered with.
        scales: What those are rated on.
        unmapped: What the form says and a policy cannot, in the order of the form. Empty unless it was read
            with ``partial=True``.
    """

    questionnaire: dict[str, Any]
    metrics: list[dict[str, Any]]
    scales: list[dict[str, Any]]
    unmapped: tuple[Unmapped, ...] = ()

    @property
    def part(self) -> dict[str, list[dict[str, Any]]]:
        """``scales``, ``metrics`` and ``questionnaires`` of a policy document."""
        parts = {"scales": self.scales, "metrics": self.metrics, "questionnaires": [self.questionnaire]}
        return {name: copy.deepcopy(of) for name, of in parts.items() if of}

    @checked
    def into(self, policy: Mapping[str, Any]) -> dict[str, Any]:
        """A policy document with this part in it. What is there already and the same stays as it is.

        Args:
            policy: A document; it is left as it is.

        Raises:
            XlsFormError: it has something else of that name.
        """
        document = copy.deepcopy(dict(policy))
        for name, parts in self.part.items():
            there = document.setdefault(name, [])
            for part in parts:
                other = next((one for one in there if one.get("id") == part["id"]), None)
                if other is None:
                    there.append(part)
                elif _exact(other) != _exact(part):
                    raise XlsFormError(f"the policy has another of its {name} under the name '{part['id']}'")
        return document


@checked
def read(
    path: str | os.PathLike[str],
    *,
    partial: bool = False,
    language: str = "en",
    languages: Mapping[str, str] | None = None,
) -> XlsForm:
    """Reads a form (.xlsx with the sheets survey, choices and settings).

    Args:
        path: The workbook.
        partial: Keep going without what has no counterpart, and list it. A question whose kind or whose
            condition has none is left out.
        language: Tag of texts whose column names no language, where the form names no default one.
        languages: Tags of languages by the name that the form has for them, such as ``{"Kiswahili": "sw"}``.

    Raises:
        XlsFormError: the form contradicts itself, or, unless `partial`, says what has no counterpart: all
            of that is in ``.unmapped``.
        TableError: it is no workbook, or beyond a limit.
        MissingExtraError: the package openpyxl is not installed.
    """
    name = os.fspath(path)
    if not os.path.isfile(name):
        raise NotFoundError(f"no file '{name}'", code="NOT_FOUND", path=name)
    form = _form(read_sheets(name, FORM_LIMITS), name, language, languages or {})
    unmapped = tuple(form.unmapped)
    if unmapped and not partial:
        more = f" ({len(unmapped) - 1} more; partial=True goes on without)" if len(unmapped) > 1 else ""
        raise XlsFormError(f"{name}: {unmapped[0]}{more}", path=name, unmapped=unmapped)
    return XlsForm(form.questionnaire, form.metrics, form.scales, unmapped)


@checked
def write(
    policy: Policy | str | os.PathLike[str] | bytes | Mapping[str, Any],
    questionnaire: str,
    path: str | os.PathLike[str],
) -> None:
    """Writes a questionnaire as a form. What XLSForm has no column for stands in columns named ``csat::...``,
    which other tools pass over, so that `read()` gives the same questionnaire, metrics and scales.

    Args:
        policy: A policy, or what `Policy.load()` takes.
        questionnaire: Id of one of its questionnaires.
        path: The workbook to write.

    Raises:
        NotFoundError: the policy has no such questionnaire.
        XlsFormError: a text or a condition that no form can hold.
        OSError: the file cannot be written.
    """
    loaded = policy if isinstance(policy, Policy) else Policy.load(policy)
    document = loaded.document
    known = {one["id"]: one for one in document.get("questionnaires", ())}
    if questionnaire not in known:
        names = ", ".join(known) or "none"
        raise NotFoundError(f"no questionnaire '{questionnaire}': there are {names}", code="NOT_FOUND")
    sheets = FormWriter(document, known[questionnaire]).sheets()
    place = f"questionnaire '{questionnaire}'"
    form = _form(sheets, place, "en", {})
    if form.unmapped:
        raise XlsFormError(f"{place} does not fit into a form: {form.unmapped[0]}")
    _expect(place, [known[questionnaire]], [form.questionnaire], "questionnaire")
    _expect(place, document.get("metrics", ()), form.metrics, "metric")
    _expect(place, document.get("scales", ()), form.scales, "scale")
    write_sheets(path, sheets.values())


def _expect(place: str, wanted: Iterable[dict[str, Any]], found: Iterable[dict[str, Any]], what: str) -> None:
    """What a form gives when it is read is what it was written from."""
    ours = {one["id"]: one for one in wanted}
    for one in found:
        if _exact(ours.get(one["id"])) != _exact(one):
            raise XlsFormError(
                f"{place} does not fit into a form: it would give another {what} '{one['id']}'"
            )


def _form(sheets: dict[str, Sheet], path: str, language: str, languages: Mapping[str, str]) -> Form:
    return FormReader(sheets, path, Path(path).stem, language, languages).read()


def _exact(value: Any) -> Any:
    """A value of a document in which 1, 1.0 and Decimal("1.0") are the same, and 0.1 is one tenth."""
    if isinstance(value, Mapping):
        return {key: _exact(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_exact(one) for one in value]
    return Decimal(repr(value)) if isinstance(value, float) else value
