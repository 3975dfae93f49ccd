"""JSON lines: one object on each line, read by Arrow in types that keep what the file says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc

from libcsat.command.terminal import quoted
from libcsat.error import TableError

_BLOCK = 4 << 20
_MARK = b"\xef\xbb\xbf"
# Whole numbers from here on are not all of them float64.
_INEXACT = 2.0**53
_WHOLE = pa.decimal128(38, 0)
_MOST_WHOLE = 1e38

_Kind = tuple[str, int]


def read_json_lines(file: IO[bytes], known: list[pa.Field]) -> list[pa.Table]:
    """The objects as rows, in tables of one schema: the columns in the order of the first object.

    Columns are of the types `known`, and left out where no object has their key; others are of the type of
    their values. A text stays one where it reads as a date, and whole numbers beyond 64 bits are decimals of
    up to 38 digits.

    Raises:
        TableError: a line holds something else than an object, or two values of one key are not of one type.
    """
    fixed = {field.name: field.type for field in known}
    try:
        blocks = []
        for begin, block, objects in _blocks(file):
            table = _read(block, fixed)
            if len(table) != objects:
                raise _Clash(f"{objects} lines hold {len(table)} JSON values")
            blocks.append((begin, len(block), table))
        if not blocks:
            raise TableError("it holds no JSON object")
        types = _types([table for *_, table in blocks], fixed, numbers=True)
        try:
            tables = _of_types(file, blocks, types)
        except pa.ArrowInvalid:
            # Fractions among the whole numbers, beyond what binary ones show.
            types = _types([table for *_, table in blocks], fixed, numbers=False)
            tables = _of_types(file, blocks, types)
    except (pa.ArrowInvalid, _Clash) as error:
        raise TableError(_fault(file, known) or _odd_line(file, fixed) or str(error)) from None
    # The types that are asked for come as columns of nulls where the file has no such key.
    names = [
        name
        for name in _in_order(file, types)
        if name not in fixed
        or any(table[name].null_count < len(table) for table in tables)
        or _has_key(file, name)
    ]
    return [table.select(names) for table in tables]


class _Clash(Exception):
    """Values that Arrow takes, but no rows of one table."""


def _read(block: bytes, types: dict[str, pa.DataType]) -> pa.Table:
    from pyarrow import json as arrow_json

    # In one go: where blocks of a text disagree about a nested type, Arrow ends the process.
    return arrow_json.read_json(
        pa.BufferReader(block),
        arrow_json.ReadOptions(block_size=len(block) + 1),
        arrow_json.ParseOptions(
            explicit_schema=pa.schema(list(types.items())), unexpected_field_behavior="infer"
        ),
    )


def _blocks(file: IO[bytes]) -> Iterator[tuple[int, bytes, int]]:
    """Blocks of whole lines, each behind its place in the file and before the number of its objects. No line
    may hold anything but one object, or nothing. Asked before Arrow reads them: it takes null for a row, and
    ends the process where one stands first."""
    place, lines = _rewind(file), 0
    while block := file.read(_BLOCK) + file.readline():
        try:
            block.decode()
        except UnicodeDecodeError as error:
            at = lines + block.count(b"\n", 0, error.start) + 1
            raise TableError(
                f"line {at}: byte 0x{block[error.start]:02x} is not UTF-8: save the file as UTF-8"
            ) from None
        ends = block.count(b"\n") + (not block.endswith(b"\n"))
        objects = block.count(b"\n{") + block.startswith(b"{")
        if objects != ends:
            objects = 0
            for number, line in enumerate(block.removesuffix(b"\n").split(b"\n"), lines + 1):
                begin = line.lstrip()[:1]
                if begin not in (b"", b"{"):
                    array = ": the file is a JSON array" if begin == b"[" and objects == lines == 0 else ""
                    raise TableError(f"line {number} holds no JSON object{array}")
                objects += begin == b"{"
        if objects:
            yield place, block, objects
        place, lines = place + len(block), lines + ends


def _rewind(file: IO[bytes]) -> int:
    """Goes to where the text begins, behind a byte order mark."""
    file.seek(0)
    return file.seek(len(_MARK) if file.read(len(_MARK)) == _MARK else 0)


def _types(tables: list[pa.Table], fixed: dict[str, pa.DataType], numbers: bool) -> dict[str, pa.DataType]:
    """For each column of the tables a type that keeps what the file says. Without `numbers` those that are
    not whole to Arrow are binary.

    Raises:
        _Clash: the tables do not agree.
    """
    types = dict(fixed)
    for table in tables:
        for field, column in zip(table.schema, table.columns, strict=True):
            if field.name not in fixed:
                found = _exact(column.combine_chunks(), numbers)
                types[field.name] = _common(types.get(field.name, pa.null()), found)
    return types


def _exact(values: pa.Array, numbers: bool) -> pa.DataType:
    type = values.type
    if pa.types.is_timestamp(type):
        return pa.string()
    if pa.types.is_list(type):
        return pa.list_(_exact(values.flatten(), numbers))
    if pa.types.is_struct(type):
        return pa.struct([(field.name, _exact(values.field(i), numbers)) for i, field in enumerate(type)])
    if pa.types.is_float64(type) and numbers:
        size = pc.min_max(pc.abs(values))["max"].as_py()
        if size is not None and _INEXACT <= size < _MOST_WHOLE:
            whole = pc.all(pc.equal(pc.floor(values), values)).as_py()
            return _WHOLE if whole else type
    return type


def _common(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    if one == other or pa.types.is_null(other):
        return one
    if pa.types.is_null(one):
        return other
    if pa.types.is_list(one) and pa.types.is_list(other):
        return pa.list_(_common(one.value_type, other.value_type))
    if pa.types.is_struct(one) and pa.types.is_struct(other):
        fields = {field.name: field.type for field in one}
        for field in other:
            fields[field.name] = _common(fields.get(field.name, pa.null()), field.type)
        return pa.struct(list(fields.items()))
    for number in (pa.float64(), _WHOLE):
        if number in (one, other) and {one, other} <= {pa.int64(), pa.float64(), _WHOLE}:
            return number
    raise _Clash


def _of_types(
    file: IO[bytes], blocks: list[tuple[int, int, pa.Table]], types: dict[str, pa.DataType]
) -> list[pa.Table]:
    """The tables of the blocks with columns of these types, read anew where they have others."""
    made = []
    for begin, size, table in blocks:
        if {field.name: field.type for field in table.schema} != types:
            file.seek(begin)
            table = _read(file.read(size), types)
        made.append(table.select(list(types)))
    return made


def _in_order(file: IO[bytes], types: dict[str, pa.DataType]) -> list[str]:
    """The names of the columns, those of the first object first."""
    _rewind(file)
    first = next((line for line in file if not line.isspace()), b"{}")
    return list(dict.fromkeys([*json.loads(first), *types]))


def _has_key(file: IO[bytes], name: str) -> bool:
    """An object has this key."""
    _rewind(file)
    return any(name in json.loads(line) for line in file if not line.isspace())


def _fault(file: IO[bytes], known: list[pa.Field]) -> str:
    """What Arrow refused: the first line that is no JSON object, or has a value of another type than the key
    has."""
    kinds: dict[str, _Kind] = {}
    for field in known:
        is_list = pa.types.is_list(field.type)
        kinds[field.name] = ("a list" if is_list else _name_of(field.type), 0)
        if is_list:
            kinds[field.name + "[]"] = (_name_of(field.type.value_type), 0)
    _rewind(file)
    for number, line in enumerate(file, 1):
        if line.isspace():
            continue
        try:
            fault = _fault_of(json.loads(line, object_pairs_hook=_Pairs), "", number, kinds)
        except json.JSONDecodeError as error:
            fault = f"column {error.colno}: it is no JSON object: {error.msg}"
        except RecursionError:
            fault = "its values are nested too deep"
        except ValueError as error:
            fault = f"it is no JSON: {error}"
        if fault:
            return f"line {number}, {fault}"
    return ""


def _odd_line(file: IO[bytes], types: dict[str, pa.DataType]) -> str:
    """The first line that is JSON, and that Arrow does not take by itself."""
    _rewind(file)
    for number, line in enumerate(file, 1):
        try:
            if not line.isspace():
                _read(line, types)
        except pa.ArrowInvalid as error:
            what = str(error).removeprefix("JSON parse error: ").partition(" in row ")[0]
            return f"line {number}: {what.rstrip('.')}"
    return ""


class _Pairs(list[tuple[str, Any]]):
    """The members of an object."""


def _fault_of(value: Any, path: str, line: int, kinds: dict[str, _Kind]) -> str:
    if value is None:
        return ""
    kind = "an object" if isinstance(value, _Pairs) else _kind_of(value)
    wanted, first = kinds.setdefault(path, (kind, line))
    if kind != wanted:
        where = f"line {first} has {wanted}" if first else f"{wanted} is wanted"
        return f"key {quoted(path)}: {kind} where {where}"
    if isinstance(value, _Pairs):
        seen = set()
        for key, member in value:
            if key in seen:
                return f"key {quoted(path + '.' + key if path else key)} stands there twice"
            seen.add(key)
            if fault := _fault_of(member, f"{path}.{key}" if path else key, line, kinds):
                return fault
    elif isinstance(value, list):
        for item in value:
            if fault := _fault_of(item, path + "[]", line, kinds):
                return fault
    return ""


def _kind_of(value: Any) -> str:
    kinds = {str: "a text", bool: "true or false", list: "a list"}
    return kinds.get(type(value), "a number")


def _name_of(type: pa.DataType) -> str:
    return "a text" if pa.types.is_string(type) else "a number"
