"""What the columns of a form are called: headings with their aliases, languages, columns of libcsat."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from libcsat.xlsform.sheets import Sheet, XlsFormError

SURVEY = {
    "type", "name", "label", "hint", "required", "relevant", "constraint", "parameters",
    "csat::type", "csat::id", "csat::detail", "csat::topic", "csat::origin", "csat::purpose",
    "csat::shown_when", "csat::item", "csat::metrics", "csat::scale",
}  # fmt: skip
# Further columns of choices become parts of the form, which `::` is not allowed in.
CHOICES = {"list_name", "name", "label", "csat_metric"}
# Fields of a questionnaire that XLSForm knows nothing of, as text and as JSON.
SETTINGS_TEXT = ("purpose", "channel", "confirmed_every")
SETTINGS_JSON = (
    "triggers", "offered_when", "core_items", "topics", "max_questions", "min_duration_ms",
    "requires_presence", "wording", "follow_up", "confirmations", "source",
)  # fmt: skip
SETTINGS = {
    "form_title", "form_id", "version", "default_language", "csat::questionnaire",
    *(f"csat::{name}" for name in SETTINGS_TEXT + SETTINGS_JSON),
}  # fmt: skip
_KNOWN = {"survey": SURVEY, "choices": CHOICES, "settings": SETTINGS}
_ALIASES = {
    "survey": {
        "command": "type",
        "tag": "name",
        "value": "name",
        "caption": "label",
        "relevance": "relevant",
    },
    "choices": {"value": "name", "caption": "label"},
    "settings": {
        "title": "form_title",
        "set_form_title": "form_title",
        "id_string": "form_id",
        "set_form_id": "form_id",
    },
}
# Languages that forms name without their tag.
_TAGS = {
    "arabic": "ar", "bengali": "bn", "chinese": "zh", "dutch": "nl", "english": "en", "french": "fr",
    "german": "de", "hindi": "hi", "indonesian": "id", "italian": "it", "japanese": "ja", "korean": "ko",
    "malay": "ms", "polish": "pl", "portuguese": "pt", "russian": "ru", "spanish": "es", "swahili": "sw",
    "thai": "th", "turkish": "tr", "ukrainian": "uk", "vietnamese": "vi",
    "deutsch": "de", "español": "es", "français": "fr", "português": "pt", "русский": "ru", "العربية": "ar",
    "中文": "zh", "日本語": "ja", "한국어": "ko",
}  # fmt: skip
_NAMES = {tag: name.title() for name, tag in list(_TAGS.items())[:22]} | {"zh": "中文"}
_SPACE = re.compile(r"[ \t\r\n]+")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_TAGGED = re.compile(rf".*\(\s*({_TAG.pattern})\s*\)")


def language_name(tag: str) -> str:
    """`English (en)`, as a heading names a language."""
    return f"{_NAMES.get(tag.split('-')[0], tag)} ({tag})"


def language_tag(name: str, given: Mapping[str, str]) -> str | None:
    """The tag of a language that a form names. None: it has none."""
    name = " ".join(name.split())
    if name in given:
        return given[name]
    if (tagged := _TAGGED.fullmatch(name)) is not None:
        return _cased(tagged[1])
    if name.lower() in _TAGS:
        return _TAGS[name.lower()]
    return _cased(name) if _TAG.fullmatch(name) else None


def _cased(tag: str) -> str:
    first, dash, rest = tag.partition("-")
    return first.lower() + dash + rest


@dataclass
class Line:
    """A row of a form with its cells by what they mean. `extra`: those of no column that is read."""

    sheet: str
    row: int
    cells: dict[str, str] = field(default_factory=dict)
    label: dict[str, str] = field(default_factory=dict)
    hint: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)


class Columns:
    """The columns of one sheet.

    Args:
        sheet: The sheet.
        path: Of the file, for messages.
        language: Tag of texts whose column names no language.
        languages: Tags of languages by the name that the form has for them.
    """

    def __init__(self, sheet: Sheet, path: str, language: str, languages: Mapping[str, str]) -> None:
        self._sheet = sheet
        # Tags in the order of the columns; only those that a heading names.
        self.tags: list[str] = []
        self._meaning: dict[str, tuple[str, str]] = {}
        taken: dict[tuple[str, str], str] = {}
        for heading in sheet.columns:
            name, tongue = _split(heading, sheet.name)
            tag = ""
            if name in ("label", "hint"):
                tag = language
                if tongue is not None:
                    found = language_tag(tongue, languages)
                    if found is None:
                        raise XlsFormError(
                            f"{path}: sheet {sheet.name}, column {heading}: the language '{tongue}' "
                            f"has no tag; write '{name}::{tongue} (xx)', or give it in `languages`",
                            path=path,
                        )
                    tag = found
                    if name == "label" and tag not in self.tags:
                        self.tags.append(tag)
            elif name not in _KNOWN[sheet.name]:
                continue
            other = taken.setdefault((name, tag), heading)
            if other != heading:
                raise XlsFormError(
                    f"{path}: sheet {sheet.name}: columns '{other}' and '{heading}' mean the same",
                    path=path,
                )
            self._meaning[heading] = (name, tag)

    def line(self, row: int, cells: Mapping[str, str]) -> Line:
        line = Line(self._sheet.name, row)
        for heading, text in cells.items():
            name, tag = self._meaning.get(heading, ("", ""))
            text = text.strip()
            if not text:
                continue
            # Line breaks and indents lay out a cell; the converters make one space of them too.
            if name == "label":
                line.label[tag] = _SPACE.sub(" ", text)
            elif name == "hint":
                line.hint[tag] = _SPACE.sub(" ", text)
            elif name:
                line.cells[name] = text
            else:
                line.extra[heading] = text
        return line


def _split(heading: str, sheet: str) -> tuple[str, str | None]:
    """What a heading means, and the language it names."""
    first, colons, rest = heading.partition("::")
    if not colons:
        first, colons, rest = heading.partition(":")
    name = "_".join(first.split()).lower()
    name = _ALIASES[sheet].get(name, name)
    if not colons:
        return name, None
    if name in ("label", "hint"):
        return name, rest.strip()
    return f"{name}::{rest.strip()}", None
