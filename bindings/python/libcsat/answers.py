"""Answers to a questionnaire as the library reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from libcsat.error import RecordError

Answers = Mapping[str, Any] | str | bytes


def encoded(answers: Answers) -> bytes:
    """The answers as JSON, with the digits of their decimals.

    Raises:
        RecordError: a value that can be no answer.
    """
    if isinstance(answers, bytes):
        return answers
    if isinstance(answers, str):
        return answers.encode()
    if not isinstance(answers, Mapping):
        raise TypeError(
            f"{type(answers).__name__} is no set of answers: give a dict, or a JSON object as text"
        )
    members = []
    for field, answer in answers.items():
        if not isinstance(field, str):
            raise RecordError(f"field {field!r} is no text", path=str(field))
        members.append(f"{json.dumps(field)}:{_encoded_answer(field, answer)}")
    return f"{{{','.join(members)}}}".encode()


def _encoded_answer(field: str, answer: Any) -> str:
    kind = type(answer)
    if kind.__module__.partition(".")[0] == "numpy" and hasattr(answer, "item") and answer.ndim == 0:
        answer = answer.item()
    if answer is None or kind.__name__ in ("NAType", "NaTType"):
        return "null"
    if isinstance(answer, (bool, int, str)):
        return json.dumps(answer)
    if isinstance(answer, (float, Decimal)):
        number = Decimal(str(answer))
        if not number.is_finite():
            raise RecordError(f"field '{field}': {answer} is no number", path=field)
        return str(number)
    if isinstance(answer, (list, tuple, set, frozenset)):
        options = sorted(answer) if isinstance(answer, (set, frozenset)) else list(answer)
        if all(isinstance(option, str) for option in options):
            return json.dumps(options)
        if all(_is_number(option) for option in options):
            # No item takes it, whatever the numbers are: `check()` says so.
            return "[0]"
        raise RecordError(
            f"field '{field}': a list of answers holds ids of options, which are texts", path=field
        )
    raise RecordError(
        f"field '{field}': {kind.__name__} is no answer: give a number, a text or a list of texts", path=field
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) or type(value).__module__.partition(".")[0] == "numpy"
