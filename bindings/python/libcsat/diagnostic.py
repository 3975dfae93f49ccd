"""Findings of the checker about a policy document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from libcsat.show import Grid, Shown, chinese, visible

__all__ = ["Diagnostic", "Diagnostics"]

Severity = Literal["error", "warning", "note"]
_SEVERITIES_ZH = {"error": "错误", "warning": "警告", "note": "提示"}
_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")

# severity, code, path, line, column, message en and zh, remedy en and zh, witness
Raw = tuple[int, str, str, int, int, str, str, str, str, str]


@dataclass(frozen=True)
class Diagnostic:
    """One finding.

    Attributes:
        severity: ``"error"`` (the document is not used), ``"warning"`` or ``"note"``.
        code: Stable name of the kind of finding, such as ``"unknown-key"``.
        path: Place in the document's structure, such as ``scorecards[0].vetoes[1]``; "" for the document
            itself.
        line: Line of the text, from 1; None where it is not known.
        column: Column in characters, from 1; None where it is not known.
        message: What is wrong, on one line.
        remedy: What to write instead; may be "".
        witness: A value that shows the defect, such as ``"89.5"`` for a gap between grades; may be "".
        language: Of the message and the remedy: ``"en"`` or ``"zh"``.
    """

    severity: Severity
    code: str
    path: str
    line: int | None
    column: int | None
    message: str
    remedy: str
    witness: str
    language: str = "en"

    def __str__(self) -> str:
        place = f"{self.line}:{self.column}: " if self.line else ""
        path = f"{self.path}: " if self.path else ""
        witness = visible(self.witness)
        example, then = ("；例如 ", "；") if chinese(self.language) else ("; for example ", "; ")
        witness = f"{example}{witness}" if witness and not self._names(witness) else ""
        remedy = f"{then}{self.remedy}" if self.remedy else ""
        return f"{place}{self._severity()}[{self.code}]: {path}{self.message}{witness}{remedy}"

    def _severity(self) -> str:
        return _SEVERITIES_ZH[self.severity] if chinese(self.language) else self.severity

    def _names(self, word: str) -> bool:
        """Whether the message holds `word` other than as a part of a longer word or number."""
        inside = r"[0-9A-Za-z_.-]"
        return bool(re.search(rf"(?<!{inside}){re.escape(word)}(?!{inside})", self.message))


class Diagnostics(Shown, list[Diagnostic]):
    """The findings of a document in the order of its text; a list that shows itself as a table."""

    def __init__(self, findings: Iterable[Diagnostic], title: str = "") -> None:
        super().__init__(findings)
        self.title = title

    @classmethod
    def of(cls, raw: Iterable[Raw], language: str, title: str = "") -> Diagnostics:
        zh = chinese(language)
        findings = []
        for severity, code, path, line, column, message_en, message_zh, remedy_en, remedy_zh, witness in raw:
            message, remedy = (message_zh, remedy_zh) if zh else (message_en, remedy_en)
            findings.append(
                Diagnostic(
                    _SEVERITIES[severity],
                    code,
                    path,
                    line or None,
                    column or None,
                    message,
                    remedy,
                    witness,
                    "zh" if zh else "en",
                )
            )
        return cls(findings, title)

    @property
    def errors(self) -> Diagnostics:
        """Those that keep the document from being used."""
        return Diagnostics((d for d in self if d.severity == "error"), self.title)

    @property
    def warnings(self) -> Diagnostics:
        """Those that the document's author ought to look at."""
        return Diagnostics((d for d in self if d.severity == "warning"), self.title)

    def grid(self) -> Grid:
        zh = any(chinese(d.language) for d in self)
        words = "位置,级别,问题,例如,建议" if zh else "place,severity,finding,for example,remedy"
        grid = Grid(self.title or ("检查结果" if zh else "Findings"), words.split(","))
        for d in self:
            place = f"{d.line}:{d.column}" if d.line else ""
            message = f"{d.path}: {d.message}" if d.path else d.message
            grid.add([place, d._severity(), message, d.witness, d.remedy])
        if not self:
            grid.note = "no findings"
        return grid
