"""What a scorecard reads from a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from libcsat import _capi

__all__ = ["Field"]

FieldType = Literal["number", "text", "events"]
_FIELD_TYPES: tuple[FieldType, ...] = ("number", "text", "events")


@dataclass(frozen=True)
class Field:
    """What a scorecard reads from a record.

    Attributes:
        name: Key of the dict, or column of the table.
        type: ``"number"``, ``"text"``, or ``"events"`` (a list of numbers).
        required: Nothing but a missing rule can score a record without it.
    """

    name: str
    type: FieldType
    required: bool


def fields_of(plan: _capi.Plan) -> list[Field]:
    """The fields of a compiled scorecard, in its order."""
    return [Field(name, _FIELD_TYPES[type], required) for name, type, required in plan.fields()]
