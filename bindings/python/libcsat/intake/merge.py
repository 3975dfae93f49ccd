"""Responses of several files as one table, each response once.

The same response twice is one. Of two versions of a response the later one stays, of several forms of a
respondent in a wave the last one (A-90): finished before unfinished, then by the time of submission, then of
the start, then by the id. What is replaced is listed, not lost. Two versions of a response of which none is
the later cannot be decided: they are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from libcsat.error import TableError
from libcsat.intake.plan import FLAG, STANDARD
from libcsat.intake.rejections import Rejections

# Position of a row's file, -1 for a row that was there before; number of its row; of the rows that it is made
# of, where it is made of several. Not part of the result.
FILE, ROW, ROWS = "\x00file", "\x00row", "\x00rows"
_DIGITS = re.compile(r"(\d+)")
_ORDER = ("response_id", "respondent_id", "wave", "finished", "submitted_at", "started_at", "is_test")


@dataclass
class Merged:
    """Where every row of a table has gone, by position. Each is in one of the four.

    Attributes:
        kept: The rows of the result, in order.
        superseded: Those that gave way, each with the one that it gave way to.
        repeated: Those that say what an earlier one says.
        rejected: Those of which nobody can say whether they are the later version.
    """

    table: pa.Table
    kept: list[int] = field(default_factory=list)
    superseded: dict[int, int] = field(default_factory=dict)
    repeated: set[int] = field(default_factory=set)
    rejected: set[int] = field(default_factory=set)


def merge(tables: list[pa.Table], rejections: list[Rejections], complete: bool) -> Merged:
    """Merges tables with the columns FILE and ROW, the earlier ones first.

    Args:
        rejections: Of each file, by its position.
        complete: Whether parts of one response complete each other, as those of a long record do.
    """
    table = together(tables)
    count = table.num_rows
    merged = Merged(table)
    names = table["response_id"]
    several = pc.count_distinct(names).as_py() < count
    if not several and ("wave" not in table.column_names or "respondent_id" not in table.column_names):
        merged.kept = list(range(count))
        return merged
    first = _different(table, merged) if several else list(range(count))
    if complete:
        first = _completed(merged, first)
    rows = _Rows(merged.table, first)
    winners = _latest_versions(rows, merged, rejections)
    merged.kept = _last_forms(rows, winners, merged)
    return merged


def together(tables: list[pa.Table]) -> pa.Table:
    """Tables one below another, with the columns of all; the standard ones first.

    Raises:
        TableError: a column has types that do not go together.
    """
    fields: dict[str, pa.Field] = {}
    for table in tables:
        for made in table.schema:
            known = fields.get(made.name)
            fields[made.name] = made if known is None else _common(known, made, tables)
    names = sorted(fields, key=lambda name: _place(name))
    schema = pa.schema([fields[name] for name in names])
    return pa.concat_tables([_fitted(table, schema) for table in tables]).unify_dictionaries()


def _place(name: str) -> int:
    return list(STANDARD).index(name) if name in STANDARD else len(STANDARD)


def _common(one: pa.Field, other: pa.Field, tables: list[pa.Table]) -> pa.Field:
    about = {**(other.metadata or {}), **(one.metadata or {})}
    for key in (b"csat.labels", b"csat.missing"):
        if (both := _both(one, other, key)) is not None:
            about[key] = both
    if one.type == other.type:
        return one.with_metadata(about)
    for mine, theirs in ((one, other), (other, one)):
        # A column without a value says nothing of its type.
        if all(t[mine.name].null_count == len(t) for t in tables if mine in t.schema):
            return theirs.with_metadata(about)
    kinds = " and ".join(sorted(_kind(made.type) for made in (one, other)))
    remedy = "give --zone" if pa.types.is_timestamp(one.type) else "give --number or --text for it"
    raise TableError(f"column '{one.name}' is {kinds} in the files: {remedy}")


def _both(one: pa.Field, other: pa.Field, key: bytes) -> bytes | None:
    parts = [json.loads(made.metadata[key]) for made in (other, one) if key in (made.metadata or {})]
    if len(parts) < 2:
        return None
    return json.dumps({**parts[0], **parts[1]}, ensure_ascii=False).encode()


def _kind(type: pa.DataType) -> str:
    if pa.types.is_dictionary(type) or pa.types.is_string(type):
        return "text"
    if pa.types.is_timestamp(type):
        return "UTC" if type.tz else "time without a zone"
    return "true or false" if pa.types.is_boolean(type) else "number"


def _fitted(table: pa.Table, schema: pa.Schema) -> pa.Table:
    columns = []
    for made in schema:
        if made.name in table.column_names:
            column = table[made.name]
            columns.append(column if column.type == made.type else pa.nulls(len(table), made.type))
        else:
            columns.append(_absent(table, made))
    return pa.Table.from_arrays(columns, schema=schema)


def _absent(table: pa.Table, made: pa.Field) -> pa.Array:
    """A column that a table lacks. An option that nobody had chosen is 0 where its question was answered."""
    nothing = pa.nulls(len(table), made.type)
    about = made.metadata or {}
    if made.type != FLAG or about.get(b"csat.role") != b"option":
        return nothing
    question = about.get(b"csat.question")
    answered = None
    for other in table.schema:
        if other.type == FLAG and (other.metadata or {}).get(b"csat.question") == question:
            valid = pc.is_valid(table[other.name])
            answered = valid if answered is None else pc.or_(answered, valid)
    return nothing if answered is None else pc.if_else(answered, pa.scalar(0, FLAG), pa.scalar(None, FLAG))


def _different(table: pa.Table, merged: Merged) -> list[int]:
    """Positions of the first row of each content, in order."""
    keys = [name for name in table.column_names if not name.startswith("\x00")]
    plain = table.append_column("\x00at", pa.array(range(table.num_rows), pa.int64()))
    if ROWS in table.column_names:
        plain = plain.drop_columns([ROWS])
    for name in keys:
        column = table[name]
        if pa.types.is_dictionary(column.type):
            at = plain.column_names.index(name)
            plain = plain.set_column(at, name, column.cast(pa.string()))
    groups = plain.group_by(keys, use_threads=False).aggregate([("\x00at", "min")])
    first = sorted(groups["\x00at_min"].to_pylist())
    if len(first) < table.num_rows:
        merged.repeated = set(range(table.num_rows)).difference(first)
    return first


class _Rows:
    """What decides between rows, by position."""

    def __init__(self, table: pa.Table, positions: list[int]) -> None:
        self.positions = positions
        self.table = table
        part = table.take(pa.array(positions, pa.int64()))
        self._columns: dict[str, list[Any]] = {}
        for name in (*_ORDER, FILE, ROW):
            if name in part.column_names:
                column = part[name]
                if pa.types.is_timestamp(column.type):
                    column = pc.cast(column, pa.int64())
                self._columns[name] = column.to_pylist()
        self._index = {position: at for at, position in enumerate(positions)}

    def value(self, name: str, position: int) -> Any:
        column = self._columns.get(name)
        return None if column is None else column[self._index[position]]

    def rank(self, position: int) -> tuple[int, int, int]:
        """Finished before unfinished, then by time."""
        finished = self.value("finished", position)
        submitted, started = self.value("submitted_at", position), self.value("started_at", position)
        least = -(2**63)
        return (
            0 if finished is False else 1,
            least if submitted is None else submitted,
            least if started is None else started,
        )

    def several(self, positions: Iterable[int], key: Callable[[int], Any]) -> dict[Any, list[int]]:
        """Groups of two and more rows with one key; None is no key."""
        groups: dict[Any, list[int]] = {}
        for position in positions:
            found = key(position)
            if found is not None:
                groups.setdefault(found, []).append(position)
        return {found: members for found, members in groups.items() if len(members) > 1}


def _latest_versions(rows: _Rows, merged: Merged, rejections: list[Rejections]) -> list[int]:
    dropped: set[int] = set()
    for name, members in rows.several(rows.positions, lambda at: rows.value("response_id", at)).items():
        best = max(rows.rank(at) for at in members)
        top = [at for at in members if rows.rank(at) == best]
        before = [at for at in top if rows.value(FILE, at) < 0]
        if len(top) > 1:
            # What was there before stays; of new rows none is better than another.
            for at in top:
                if at in before:
                    continue
                other = next(other for other in top if other != at)
                _reject(rows, merged, rejections, at, other, name)
                dropped.add(at)
        winner = before[0] if before else top[0]
        for at in members:
            if at not in top:
                merged.superseded[at] = winner
                dropped.add(at)
    return [at for at in rows.positions if at not in dropped]


def _reject(
    rows: _Rows, merged: Merged, rejections: list[Rejections], at: int, other: int, name: str
) -> None:
    file, row = rows.value(FILE, at), rows.value(ROW, at)
    beside = rows.value(FILE, other)
    if beside < 0:
        where = " (in the table merged into)"
    else:
        where = f" ({rejections[beside].file}, row {rows.value(ROW, other)})"
    made_of = [row]
    if ROWS in rows.table.column_names:
        made_of = rows.table[ROWS][at].as_py() or made_of
    for part in made_of:
        rejections[file].add("conflicting-response", part, None, name, where)
    merged.rejected.add(at)


def _last_forms(rows: _Rows, winners: list[int], merged: Merged) -> list[int]:
    def form(at: int) -> tuple[str, str] | None:
        respondent, wave = rows.value("respondent_id", at), rows.value("wave", at)
        if respondent is None or wave is None or rows.value("is_test", at):
            return None
        return respondent, wave

    dropped: set[int] = set()
    for members in rows.several(winners, form).values():
        last = max(members, key=lambda at: (rows.rank(at), _natural(rows.value("response_id", at) or "")))
        for at in members:
            if at != last:
                merged.superseded[at] = last
                dropped.add(at)
    # A version that gave way to a form which gave way itself was replaced by the last one.
    for at, by in merged.superseded.items():
        while by in merged.superseded:
            by = merged.superseded[by]
        merged.superseded[at] = by
    return [at for at in winners if at not in dropped]


def _natural(text: str) -> list[Any]:
    """A key by which 10 comes after 9."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _DIGITS.split(text[:256]) if part]


def _completed(merged: Merged, first: list[int]) -> list[int]:
    """Parts of one response as one row, where no two of them say different things."""
    table = merged.table
    names = table["response_id"].take(pa.array(first, pa.int64())).to_pylist()
    groups: dict[Any, list[int]] = {}
    for position, name in zip(first, names, strict=True):
        groups.setdefault(name, []).append(position)
    several = [members for members in groups.values() if len(members) > 1]
    if not several:
        return first
    replaced: dict[int, dict[str, Any]] = {}
    gone: set[int] = set()
    for members in several:
        parts = table.take(pa.array(members, pa.int64())).to_pylist()
        whole = _fold(parts)
        if whole is None:
            continue
        replaced[members[0]] = whole
        gone.update(members[1:])
    if replaced:
        order = list(replaced)
        made = pa.Table.from_pylist([replaced[at] for at in order], schema=table.schema)
        places = list(range(table.num_rows))
        for n, at in enumerate(order):
            places[at] = table.num_rows + n
        merged.table = pa.concat_tables([table, made]).unify_dictionaries().take(pa.array(places, pa.int64()))
    merged.repeated |= gone
    return [at for at in first if at not in gone]


def _fold(parts: list[dict[str, Any]]) -> dict[str, Any] | None:
    whole = dict(parts[0])
    for part in parts[1:]:
        for name, value in part.items():
            if value is None or name.startswith("\x00"):
                continue
            if whole[name] is None:
                whole[name] = value
            elif name == "submitted_at":
                whole[name] = max(whole[name], value)
            elif name == "started_at":
                whole[name] = min(whole[name], value)
            elif whole[name] != value:
                return None
    return whole
