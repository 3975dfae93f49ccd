"""How much one file may ask for. Beyond a limit a file is refused with its place; nothing is cut off."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Limits:
    """Limits on input, each with a hard ceiling.

    Attributes:
        field_chars: Characters of one cell. A quote that never ends stops here.
        row_chars: Characters of one row of a text file.
        columns: Columns of a table.
        options: Options of one multi-select question.
        json_depth: Nesting of a JSON document.
        unpacked_bytes: Bytes that a workbook may unpack to.
    """

    field_chars: int = 1 << 20
    row_chars: int = 4 << 20
    columns: int = 1024
    options: int = 256
    json_depth: int = 64
    unpacked_bytes: int = 1 << 30

    def __post_init__(self) -> None:
        for field in fields(self):
            value, ceiling = getattr(self, field.name), CEILINGS[field.name]
            if not 1 <= value <= ceiling:
                raise ValueError(f"limit {field.name} is {value}, outside of 1 to {ceiling}")


CEILINGS = {
    "field_chars": 16 << 20,
    "row_chars": 64 << 20,
    "columns": 16384,
    "options": 4096,
    "json_depth": 200,
    "unpacked_bytes": 16 << 30,
}

# Bytes of an identifier, in UTF-8.
ID_BYTES = 256
# A workbook's part that unpacks to more than so many bytes may not have been packed tighter than RATIO to 1.
RATIO_FROM_BYTES = 64 << 20
RATIO = 200
