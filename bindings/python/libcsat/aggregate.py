"""Exact aggregates: responses counted by group, in integers that add up in any order."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING, Any, Literal

from libcsat import _capi
from libcsat.arguments import refuses_bad_rows, thread_count
from libcsat.checked import check, checked
from libcsat.error import NotFoundError, SpecError, TableError
from libcsat.scale_reliability import Reliability, _pairwise
from libcsat.show import Grid, Shown
from libcsat.tables import hints, package_of, same_kind, stream_of

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Aggregates", "Item", "accumulate"]

# Groups that are shown of many.
_SHOWN_GROUPS = 20

_Number = int | float | str | Decimal


@dataclasses.dataclass(frozen=True)
class Item:
    """A column of figures and the grid on which it is counted: multiples of 10^-decimal_places from `min` to
    `max`, both included. At most 250 grid points apart, a count is kept for each; beyond that the number of
    answers, their sum and the sum of their squares.

    Attributes:
        min: Least value; a value below is a bad value. Decimals may be given as text or Decimal.
        max: Greatest value.
        field: Name of the column; None for the item's id.
        decimal_places: 0 to 6.
        exact: A number with more places is a bad value, such as 3.5 on a scale of whole ranks. False: it is
            read as the nearest of the grid, ties to the even one.
        missing_values: Values that stand for "no answer", besides null; they may lie outside of the range.
        labels: Words that stand for a value, for columns of words.
    """

    min: _Number
    max: _Number
    field: str | None = None
    decimal_places: int = 0
    exact: bool = True
    missing_values: Sequence[_Number] = ()
    labels: Mapping[str, _Number] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            check(field.name, getattr(self, field.name), str(field.type))


@checked
def accumulate(
    table: Any,
    by: Sequence[str] | str = (),
    items: Mapping[str, Item | tuple[_Number, _Number]] | None = None,
    sets: Mapping[str, Sequence[str]] | None = None,
    threads: int | None = None,
    *,
    bad_rows: Literal["fail", "refuse"] = "fail",
) -> Aggregates:
    """Counts responses by group, once, into states from which frequencies, means, deviations and the
    reliability of sets of items are computed, and which merge with those of other shards, minutes or
    machines.

        >>> counted = cs.accumulate(table, by=["shop", "month"], items={"q1": (1, 5), "q2": (1, 5)},
        ...                         sets={"quality": ["q1", "q2"]})
        >>> counted.table(), counted.levels(), counted.reliability("quality", ("north", 3))
        >>> (counted + other_day).to_bytes()      # the same bytes however the rows were split or ordered

    Args:
        table: n rows: a table of any kind that `Policy.score()` takes, or an iterator of such tables, of
            which one at a time is in memory. Columns that are not named here are left alone.
        by: Up to 8 columns whose values make a group: bool, integers, words or days; null is a value of its
            own.
            None: one group of all rows.
        items: Up to 256 items by id, [a-z0-9_]{1,64}. ``(1, 5)`` stands for ``Item(1, 5)``, whole numbers
            from 1 to 5: 3.5 is a bad value, and none is rounded. Ranges are never guessed from the data.
        sets: Up to 16 sets of 2 to 64 items, by id, whose joint moments are kept; each item within -+2^15
            grid points of 0.
        threads: 1 to 256; None: one for each processor this process may use. The result does not depend on
            it.
        bad_rows: What a row with a bad value does: a value off its range, one with more places than its
            item, NaN, an infinity, a word that is no label. ``"fail"``: nothing is counted, and the error
            names the first such row. ``"refuse"``: the whole row is kept out, and counted in
            `Aggregates.refused`.

    Raises:
        SpecError: the items, sets or keys contradict the limits above.
        TableError: a column is missing, stands there twice or has a type that cannot be read; a bad value; a
            reader of batches that failed midway.
    """
    made = Aggregates._of_spec(*_spec(by, items or {}, sets or {}))
    iterated = isinstance(table, Iterator) and not hasattr(table, "__arrow_c_stream__")
    for part in table if iterated else [table]:
        made.add(part, threads, bad_rows=bad_rows)
    return made


class Aggregates(Shown):
    """The states of all groups. Made by `accumulate()`; shows itself as a table of the groups.

    ``len()`` is the number of groups; ``==`` compares the states. ``a + b`` and ``a - b`` are new aggregates;
    `merge()` and `subtract()` change this one. Pickles by its bytes, for multiprocessing and Spark.
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, handle: _capi.Aggregates, package: str = "", columns: list[str] | None = None) -> None:
        self._handle = handle
        self._package = package
        self._columns_read = columns

    @classmethod
    def _of_spec(cls, spec: str, columns: list[str] | None = None) -> Aggregates:
        try:
            return cls(_capi.Aggregates.create(spec), columns=columns)
        except SpecError as error:
            _name_the_part(error, spec)
            raise

    @classmethod
    @checked
    def from_bytes(cls, data: bytes) -> Aggregates:
        """Reads what `to_bytes()` wrote, on any machine.

        Raises:
            SpecError: no such bytes; cut off, changed, of a newer version, or contradicting themselves.
        """
        return cls(_capi.Aggregates.from_bytes(bytes(data)))

    def to_bytes(self) -> bytes:
        """The canonical bytes, with the spec and a SHA-256: the same groups give the same bytes."""
        return self._handle.to_bytes()

    @property
    def spec(self) -> dict[str, Any]:
        """by, items and sets as plain data; what has its default is left out. Figures are ints or
        decimals.
        """
        return dict(json.loads(self._handle.spec(), parse_float=Decimal))

    @property
    def by(self) -> tuple[str, ...]:
        """Columns whose values make a group."""
        return tuple(self.spec.get("by", ()))

    @property
    def rows(self) -> int:
        """Rows that were counted."""
        return self._handle.rows

    @property
    def refused(self) -> int:
        """Rows kept out for a bad value."""
        return self._handle.refused

    @checked
    def add(
        self, table: Any, threads: int | None = None, *, bad_rows: Literal["fail", "refuse"] = "fail"
    ) -> Aggregates:
        """Adds the rows of a table, as `accumulate()` would; gives itself. Where it fails, also midway in a
        reader of batches, nothing was added.

        Raises:
            TableError: as for `accumulate()`.
        """
        wanted = self._columns()
        names, stream = stream_of(table, wanted)
        near = hints(names, wanted)
        for name in wanted:
            if name not in names:
                raise TableError(f"column '{name}' is missing{near.get(name, '')}")
        self._handle.add(stream, threads=thread_count(threads), refuse_bad_rows=refuses_bad_rows(bad_rows))
        self._package = self._package or package_of(table)
        return self

    @checked
    def merge(self, other: Aggregates) -> Aggregates:
        """Adds the groups of another, which has the same spec; gives itself.

        Raises:
            SpecError: another spec, or more rows than can be counted.
        """
        self._handle.merge(other._handle)
        return self

    @checked
    def subtract(self, other: Aggregates) -> Aggregates:
        """Takes the rows of another out again, as a sliding window does; groups without rows vanish. Gives
        itself.

        Raises:
            SpecError: another spec, or rows that these aggregates cannot hold.
        """
        self._handle.subtract(other._handle)
        return self

    def copy(self) -> Aggregates:
        """Aggregates of their own with the same groups."""
        return Aggregates(self._handle.copy(), self._package)

    def table(self) -> Any:
        """One row for each group, in the order of the keys, as a table of the kind that was counted: the
        keys; rows; and for each item ``<id>.n`` rows with a value, ``<id>.missing`` rows without,
        ``<id>.mean``, ``<id>.sd`` (divided by n - 1), null where there is none.

        Raises:
            TableError: a key has the name of one of the other columns.
        """
        return same_kind(self._package, self._arrow(self._handle.groups_table()))

    def levels(self) -> Any:
        """One row for each value that occurs in a group, of the items that keep counts, as a table of the
        kind that was counted: the keys, item, value (float64), count.

        Raises:
            TableError: a key has the name of one of the other columns.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        table = self._arrow(self._handle.levels_table())
        at = table.schema.get_field_index("value")
        return same_kind(
            self._package, table.set_column(at, "value", pc.cast(table.column(at), pa.float64()))
        )

    @checked
    def reliability(
        self,
        set: str | None = None,
        group: Sequence[Any] | object = (),
        *,
        missing: Literal["listwise", "pairwise"] = "listwise",
        reversed: Sequence[str] = (),
        level: float = 0.95,
    ) -> Reliability:
        """Whether the items of a set measure one thing, in one group: alpha, omega, KMO, Bartlett's test.

        Args:
            set: Id of the set; may be left out where there is one only.
            group: The values of its keys in the order of `by`; a value by itself where there is one key.
            missing: ``"listwise"``: rows that answer all items. ``"pairwise"``: for each pair of items the
                rows that answer both.
            reversed: Items that are worded the other way, turned about in their range.
            level: Coverage of the interval of alpha, within (0, 1).

        Raises:
            NotFoundError: no such set or group.
            SpecError: `reversed` names what is no item of the set, or a level outside of its range.
        """
        sets = [each["id"] for each in self.spec.get("sets", ())]
        if set is None:
            if len(sets) != 1:
                raise NotFoundError(f"there are {len(sets)} sets: name one of {', '.join(sets) or 'none'}")
            set = sets[0]
        elif set not in sets:
            raise NotFoundError(f"no set '{set}'; there are: {', '.join(sets) or 'none'}")
        document = self._handle.reliability(
            self._index_of(group),
            set,
            pairwise=_pairwise(missing),
            reversed=list(reversed),
            level=level,
        )
        return Reliability(document, package=self._package)

    def __len__(self) -> int:
        return self._handle.groups

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Aggregates):
            return NotImplemented
        return self.to_bytes() == other.to_bytes()

    def __add__(self, other: Aggregates) -> Aggregates:
        if not isinstance(other, Aggregates):
            return NotImplemented
        return self.copy().merge(other)

    def __radd__(self, other: object) -> Aggregates:
        """``sum()`` of several begins with 0."""
        return self.copy() if isinstance(other, int) and other == 0 else NotImplemented

    def __sub__(self, other: Aggregates) -> Aggregates:
        if not isinstance(other, Aggregates):
            return NotImplemented
        return self.copy().subtract(other)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self.to_bytes(), self._package)

    def grid(self) -> Grid:
        items = [item["id"] for item in self.spec.get("items", ())]
        by = self.by
        grid = Grid(
            f"{self.rows} rows in {len(self)} groups",
            [*by, "rows", *items],
            right=frozenset(range(len(by), len(by) + 1 + len(items))),
        )
        table = self._arrow(self._handle.groups_table()).slice(0, _SHOWN_GROUPS)
        for row in table.to_pylist():
            means = [row[f"{item}.mean"] for item in items]
            cells = ["" if mean is None else f"{mean:.4g}" for mean in means]
            grid.add([*(row[key] for key in by), row["rows"], *cells])
        notes = ["columns of items show their means"] if items else []
        if len(self) > _SHOWN_GROUPS:
            notes.append(f"{len(self) - _SHOWN_GROUPS} further groups")
        if self.refused:
            notes.append(f"{self.refused} rows were refused")
        grid.note = "; ".join(notes)
        return grid

    def _columns(self) -> list[str]:
        """Names of the columns that are read."""
        if self._columns_read is None:
            spec = self.spec
            fields = (item.get("field", item["id"]) for item in spec.get("items", ()))
            self._columns_read = [*spec.get("by", ()), *fields]
        return self._columns_read

    def _index_of(self, group: Sequence[Any] | object) -> int:
        by = self.by
        keys = group if isinstance(group, (tuple, list)) else (group,)
        if len(keys) != len(by):
            raise NotFoundError(
                f"a group has {len(by)} keys ({', '.join(by) or 'none'}), {len(keys)} are given"
            )
        if not by:
            if len(self) == 0:
                raise NotFoundError("there is no row, so there is no group")
            return 0
        table = self._arrow(self._handle.groups_table())
        columns = [table.column(name).to_pylist() for name in by]
        for index, values in enumerate(zip(*columns, strict=True)):
            if all(
                a == b and isinstance(a, bool) == isinstance(b, bool)
                for a, b in zip(values, keys, strict=True)
            ):
                return index
        raise NotFoundError(f"no group {tuple(keys)!r}")

    @staticmethod
    def _arrow(columns: Any) -> pa.Table:
        """The table with its words as plain strings."""
        import pyarrow as pa

        table = pa.RecordBatchReader.from_stream(columns).read_all()
        for at, field in enumerate(table.schema):
            if pa.types.is_dictionary(field.type):
                plain = table.column(at).cast(field.type.value_type)
                table = table.set_column(at, field.with_type(field.type.value_type), plain)
        return table


def _restore(data: bytes, package: str) -> Aggregates:
    return Aggregates(_capi.Aggregates.from_bytes(data), package)


def _spec(
    by: Sequence[str] | str,
    items: Mapping[str, Item | tuple[_Number, _Number]],
    sets: Mapping[str, Sequence[str]],
) -> tuple[str, list[str]]:
    """The spec as a document, every number with all its digits; and the columns that it reads."""
    made, fields = [], []
    for name, item in items.items():
        if isinstance(item, tuple):
            if len(item) != 2:
                raise TypeError(f"item '{name}': {item!r} is not (min, max)")
            item = Item(*item)
        if not isinstance(item, Item):
            raise TypeError(f"item '{name}': {type(item).__name__} is neither an Item nor (min, max)")
        members = [f'"id": {_text(name)}']
        if item.field is not None:
            members.append(f'"field": {_text(item.field)}')
        members += [f'"min": {_number(item.min, name)}', f'"max": {_number(item.max, name)}']
        members.append(f'"decimal_places": {int(item.decimal_places)}')
        if item.exact:
            members.append('"exact": true')
        missing = ", ".join(_number(value, name) for value in item.missing_values)
        labels = ", ".join(
            f'{{"word": {_text(word)}, "value": {_number(value, name)}}}'
            for word, value in item.labels.items()
        )
        members += [f'"missing_values": [{missing}]', f'"labels": [{labels}]']
        made.append(f"{{{', '.join(members)}}}")
        fields.append(name if item.field is None else item.field)
    keys = [by] if isinstance(by, str) else list(by)
    groups = [f'{{"id": {_text(name)}, "items": {_texts(of)}}}' for name, of in sets.items()]
    spec = f'{{"by": {_texts(keys)}, "items": [{", ".join(made)}], "sets": [{", ".join(groups)}]}}'
    return spec, [*keys, *fields]


_PART = re.compile(r"(item|set)s\[(\d+)\](?:\.(\w+)(?:\[(\d+)\])?)?")


def _name_the_part(error: SpecError, spec: str) -> None:
    """Puts the names of what the caller gave in place of a position in a document that was made of it."""
    _, at, words = str(error).partition(f"]: {error.path}: ")
    found = _PART.match(error.path or "")
    if not at or found is None:
        return
    kind, index, member, place = found.groups()
    part = json.loads(spec)[f"{kind}s"][int(index)]
    name = f"{kind} '{part['id']}'"
    if member is not None:
        name += f": {member}"
    if member == "labels" and place is not None:
        name += f" {part['labels'][int(place)]['word']!r}"
    error.args = (f"{name}: {words}",)
    error.path = error.line = error.column = None


def _text(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"{text!r} is not a text")
    return encode_basestring_ascii(text)


def _texts(texts: Sequence[str]) -> str:
    if isinstance(texts, str):
        raise TypeError(f"'{texts}' is a text: give a list of names")
    return f"[{', '.join(_text(text) for text in texts)}]"


def _number(value: object, item: str) -> str:
    """The literal of a number; of a float the shortest one that reads as it."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise TypeError(f"item '{item}': {value!r} is not a number")
    if isinstance(value, int):
        return str(value)
    try:
        number = Decimal(str(value) if isinstance(value, float) else value)
    except ArithmeticError:
        raise SpecError(f"item '{item}': '{value}' is not a number") from None
    if not number.is_finite():
        raise SpecError(f"item '{item}': {value} is not a finite number")
    return f"{number:f}"
