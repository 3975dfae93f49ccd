"""The footer of a Parquet file: the metadata of row groups that were encoded apart, made those of one file.

A Parquet file is pages of column chunks, then a footer that says where each chunk lies: a Thrift struct
FileMetaData in the compact protocol, its size in four bytes, and the magic word. Chunks do not say where they
lie themselves, so they can be moved as they are when the footer is written anew. Structs are read and written
whatever fields they have; only those that hold an offset, a count of rows or the number of a row group are
looked at (parquet.thrift of parquet-format 2.11).
"""

from __future__ import annotations

import struct
from typing import Any

MAGIC = b"PAR1"

# Types of the compact protocol.
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)

# A struct: (type, value) by field id, in the order of the file. Lists are (type of elements, elements).
Struct = dict[int, tuple[int, Any]]

# Field ids of FileMetaData, RowGroup, ColumnChunk and ColumnMetaData.
_NUM_ROWS, _ROW_GROUPS = 3, 4
_CHUNKS, _GROUP_OFFSET, _ORDINAL = 1, 5, 7
_CHUNK_OFFSET, _META_DATA, _OFFSET_INDEX, _COLUMN_INDEX = 2, 3, 4, 6
_DATA_PAGE, _INDEX_PAGE, _DICTIONARY_PAGE, _BLOOM_FILTER = 9, 10, 11, 14


class Footer:
    """The footer of a file that row groups are appended to."""

    def __init__(self) -> None:
        self._file: Struct = {}
        self._groups: list[Struct] = []
        self._rows = 0

    def append(self, part: memoryview, at: int) -> memoryview:
        """Takes over the row groups of a whole Parquet file with the same schema.

        Args:
            part: The bytes of the file.
            at: Offset at which the bytes that this gives back will lie.

        Returns:
            What is to be written there: all of `part` but its magic words and footer.
        """
        if bytes(part[-4:]) != MAGIC:
            raise ValueError("the footer of an encoded row group is not plain")
        size = int.from_bytes(part[-8:-4], "little")
        file = _Reader(part[-8 - size : -8]).struct()
        if not self._file:
            self._file = file
        shift = at - len(MAGIC)
        for group in file[_ROW_GROUPS][1][1]:
            _shift(group, (_GROUP_OFFSET,), shift)
            if _ORDINAL in group:
                group[_ORDINAL] = (_I16, len(self._groups))
            for chunk in group[_CHUNKS][1][1]:
                _shift(chunk, (_CHUNK_OFFSET, _OFFSET_INDEX, _COLUMN_INDEX), shift)
                pages = (_DATA_PAGE, _INDEX_PAGE, _DICTIONARY_PAGE, _BLOOM_FILTER)
                _shift(chunk[_META_DATA][1], pages, shift)
            self._groups.append(group)
        self._rows += file[_NUM_ROWS][1]
        return part[len(MAGIC) : len(part) - 8 - size]

    def to_bytes(self) -> bytes:
        """The end of the file: metadata, their size and the magic word."""
        self._file[_NUM_ROWS] = (_I64, self._rows)
        self._file[_ROW_GROUPS] = (_LIST, (_STRUCT, self._groups))
        out = bytearray()
        _write_struct(self._file, out)
        return bytes(out) + len(out).to_bytes(4, "little") + MAGIC


def _shift(fields: Struct, ids: tuple[int, ...], by: int) -> None:
    """Moves those of the offsets that are given; 0 stands for none."""
    for id in ids:
        if id in fields and fields[id][1] != 0:
            fields[id] = (_I64, fields[id][1] + by)


class _Reader:
    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._at = 0

    def struct(self) -> Struct:
        fields: Struct = {}
        id = 0
        while header := self._byte():
            id = id + (header >> 4) if header >> 4 else self._integer()
            fields[id] = (header & 15, self._value(header & 15))
        return fields

    def _value(self, type: int) -> Any:
        if type in (_TRUE, _FALSE):
            return type == _TRUE
        if type in (_I16, _I32, _I64):
            return self._integer()
        if type == _BINARY:
            return self._bytes(self._varint())
        if type == _STRUCT:
            return self.struct()
        if type in (_LIST, _SET):
            header = self._byte()
            size = header >> 4 if header >> 4 < 15 else self._varint()
            return header & 15, [self._element(header & 15) for _ in range(size)]
        if type == _MAP:
            size = self._varint()
            types = self._byte() if size else 0
            pairs = [(self._element(types >> 4), self._element(types & 15)) for _ in range(size)]
            return types, pairs
        if type == _DOUBLE:
            return self._bytes(8)
        if type == _BYTE:
            return self._byte()
        raise ValueError(f"type {type} is none of Thrift's compact protocol")

    def _element(self, type: int) -> Any:
        # Alone, a bool is its type; in a list it takes a byte.
        return self._byte() == _TRUE if type in (_TRUE, _FALSE) else self._value(type)

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _bytes(self, size: int) -> bytes:
        self._at += size
        return bytes(self._data[self._at - size : self._at])

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    def _integer(self) -> int:
        value = self._varint()
        return value >> 1 ^ -(value & 1)


def _write_struct(fields: Struct, out: bytearray) -> None:
    last = 0
    for id, (type, value) in fields.items():
        if type in (_TRUE, _FALSE):
            type = _TRUE if value else _FALSE
        if 0 < id - last < 16:
            out.append((id - last) << 4 | type)
        else:
            out.append(type)
            _write_integer(id, out)
        last = id
        if type not in (_TRUE, _FALSE):
            _write_value(type, value, out)
    out.append(0)


def _write_value(type: int, value: Any, out: bytearray) -> None:
    if type in (_I16, _I32, _I64):
        _write_integer(value, out)
    elif type == _BINARY:
        _write_varint(len(value), out)
        out += value
    elif type == _STRUCT:
        _write_struct(value, out)
    elif type in (_LIST, _SET):
        of, elements = value
        if len(elements) < 15:
            out.append(len(elements) << 4 | of)
        else:
            out.append(15 << 4 | of)
            _write_varint(len(elements), out)
        for element in elements:
            _write_element(of, element, out)
    elif type == _MAP:
        types, pairs = value
        _write_varint(len(pairs), out)
        if pairs:
            out.append(types)
        for key, of_key in pairs:
            _write_element(types >> 4, key, out)
            _write_element(types & 15, of_key, out)
    elif type == _DOUBLE:
        out += value
    else:
        out += struct.pack("B", value)


def _write_element(type: int, value: Any, out: bytearray) -> None:
    if type in (_TRUE, _FALSE):
        out.append(_TRUE if value else _FALSE)
    else:
        _write_value(type, value, out)


def _write_integer(value: int, out: bytearray) -> None:
    _write_varint(value << 1 if value >= 0 else (-value << 1) - 1, out)


def _write_varint(value: int, out: bytearray) -> None:
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
