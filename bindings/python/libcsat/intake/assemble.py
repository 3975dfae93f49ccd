"""Cells become values, column by column: the plan of a profile carried out on the rows of a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from libcsat.error import TableError
from libcsat.intake import choices, typed, values
from libcsat.intake.limits import Limits
from libcsat.intake.plan import FLAG, LOCAL_MILLIS, STANDARD, TEXTS, UTC_MILLIS, Column, Options, Plan
from libcsat.intake.raw import Raw
from libcsat.intake.rejections import Rejections
from libcsat.intake.times import Clock
from libcsat.intake.values import Read

# A column of answers nearly all of which are numbers is worth a note.
_NEARLY = 0.9


@dataclass
class Cells:
    """The cells of one column as different texts and, for each row, the position of its text; -1 for none.

    Blank texts are none.
    """

    texts: list[str]
    indices: pa.Array
    rows: pa.Array
    heading: str | None
    rejections: Rejections

    @staticmethod
    def of(column: pa.Array, rows: pa.Array, heading: str | None, rejections: Rejections) -> Cells:
        found = column.dictionary.to_pylist()
        keep = [at for at, text in enumerate(found) if text is not None and text.strip()]
        indices = column.indices
        if len(keep) < len(found):
            moved = pa.array(_moved(len(found), keep), pa.int32())
            indices = moved.take(indices)
        return Cells([found[at] for at in keep], indices, rows, heading, rejections)

    def take(self, read: Read, type: pa.DataType) -> pa.Array:
        """The rows' values; bad ones are rejected."""
        self.reject(read.bad)
        return pa.array(read.values, type).take(self.indices)

    def reject(self, bad: dict[int, tuple[str, str | None]]) -> None:
        if not bad:
            return
        at = pc.indices_nonzero(pc.is_in(self.indices, pa.array(list(bad), pa.int32())))
        for row, text in zip(self.rows.take(at).to_pylist(), self.indices.take(at).to_pylist(), strict=True):
            rule, limit = bad[text]
            self.rejections.add(rule, row, self.heading, self.texts[text], limit)

    def without(self, out: dict[int, str]) -> tuple[Cells, pa.Array]:
        """The cells without some texts, and those texts' words for each row."""
        keep = [at for at in range(len(self.texts)) if at not in out]
        words = pa.array([out.get(at) for at in range(len(self.texts))], pa.string())
        moved = pa.array(_moved(len(self.texts), keep), pa.int32())
        texts = [self.texts[at] for at in keep]
        return (
            Cells(texts, moved.take(self.indices), self.rows, self.heading, self.rejections),
            words.take(self.indices),
        )


def _moved(count: int, keep: list[int]) -> list[int | None]:
    moved: list[int | None] = [None] * count
    for now, before in enumerate(keep):
        moved[before] = now
    return moved


Made = list[tuple[pa.Field, pa.Array]]


class Assembly:
    """Makes the columns of a plan."""

    def __init__(self, raw: Raw, plan: Plan, options: Options, rejections: Rejections) -> None:
        self._raw = raw
        self._plan = plan
        self._options = options
        self._rejections = rejections
        self._clock = Clock(options.zone, options.dates or plan.dates)
        self._decimal = options.decimal or plan.decimal
        self.notes = plan.notes

    def table(self) -> pa.Table:
        """All rows, the rejected ones still among them; standard columns first."""
        if self._plan.refine is not None:
            self._plan.refine(self._plan, self._texts)
        made: Made = []
        for column in self._plan.columns:
            made += self._make(column)
        made = blank_unanswered(made)
        self._mark_tests(made)
        _unique(made)
        order = list(STANDARD)
        made.sort(key=lambda part: order.index(part[0].name) if part[0].name in STANDARD else len(order))
        return pa.Table.from_arrays([array for _, array in made], schema=pa.schema([f for f, _ in made]))

    def _mark_tests(self, made: Made) -> None:
        """Marks rows where a column that the caller named holds a value that he named (A-129)."""
        if not self._options.tests:
            return
        found = pa.repeat(pa.scalar(False), self._raw.num_rows)
        for name, value in self._options.tests:
            at = self._position(name)
            hits = pc.equal(pa.array(self._plain(at), pa.string()), value)
            found = pc.or_(found, pc.fill_null(hits, False))
        for n, (field, array) in enumerate(made):
            if field.name == "is_test":
                made[n] = (field, pc.or_(pc.fill_null(array, False), found))
                return
        made.append((pa.field("is_test", pa.bool_(), metadata={"csat.role": "standard"}), found))

    def _position(self, name: str) -> int:
        if name in self._raw.headings:
            return self._raw.headings.index(name)
        column = self._plan.column(name)
        if column is None or column.kind in ("constant", "content"):
            known = ", ".join(self._raw.headings)
            raise TableError(f"there is no column '{name}' but {known[:300]}")
        return column.at

    def _texts(self, at: int) -> list[str]:
        """The different texts of a column of cells, blank ones left out."""
        column = self._raw.columns[at]
        if not pa.types.is_dictionary(column.type):
            column = typed.as_texts(column, self._raw.headings[at])
        return [text for text in column.dictionary.to_pylist() if text is not None and text.strip()]

    def _make(self, column: Column) -> Made:
        if column.kind == "constant":
            value = pa.scalar(column.words["value"], STANDARD.get(column.name, pa.string()))
            return [(column.field(value.type), pa.repeat(value, self._raw.num_rows))]
        if column.kind in ("key", "first", "content"):
            return [(column.field(pa.string()), self._key(column))]
        source = self._raw.columns[column.at]
        heading = column.heading or self._raw.headings[column.at]
        if not pa.types.is_dictionary(source.type):
            source = typed.sound(column, source, self._raw.rows, heading, self._rejections)
            made = typed.make(column, source, self._raw.rows, heading, self._clock, self._rejections)
            if made is not None:
                return made
            source = typed.as_texts(source, heading)
        cells = Cells.of(source, self._raw.rows, heading, self._rejections)
        if column.required:
            self._require(cells)
        cells, reasons = self._without_missing(column, cells)
        made = self._MAKERS[column.kind](self, column, cells)
        if reasons is not None and reasons.null_count < len(reasons):
            made.append(_reason_field(column, reasons))
        return made

    def _require(self, cells: Cells) -> None:
        if cells.indices.null_count:
            for row in cells.rows.filter(pc.is_null(cells.indices)).to_pylist():
                cells.rejections.add("missing-id", row, cells.heading)

    def _without_missing(self, column: Column, cells: Cells) -> tuple[Cells, pa.Array | None]:
        out: dict[int, str] = {}
        for at, text in enumerate(cells.texts):
            word = text.strip()
            if word in column.missing:
                out[at] = column.missing[word]
            elif column.ranges:
                value = values.number(word)[0]
                reason = typed.missing_reason(column, word if value is None else value)
                if reason is not None:
                    out[at] = reason
        return cells.without(out) if out else (cells, None)

    def _key(self, column: Column) -> pa.Array:
        """An id made of several cells, the first of several that is there, or one made of all cells and how
        often they came before."""
        if column.kind == "content":
            return self._content_key()
        parts = [self._plain(at) for at in (column.at, *column.parts)]
        found: list[str | None] = []
        for row in zip(*parts, strict=True):
            given = [part for part in row if part and part.strip()]
            found.append((given[0] if column.kind == "first" else " ".join(given)) if given else None)
        array = pa.array(found, pa.string()).dictionary_encode()
        cells = Cells.of(array, self._raw.rows, column.heading, self._rejections)
        if column.required:
            self._require(cells)
        return cells.take(values.ids(cells.texts), pa.string())

    def _content_key(self) -> pa.Array:
        seen: dict[bytes, int] = {}
        keys = []
        for row in zip(*(self._plain(at) for at in range(len(self._raw.columns))), strict=True):
            text = "\x1f".join(["" if part is None else part for part in row])
            digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:12]
            seen[digest] = seen.get(digest, 0) + 1
            keys.append(f"{digest.hex()}-{seen[digest]}")
        return pa.array(keys, pa.string())

    def _plain(self, at: int) -> list[str | None]:
        source = self._raw.columns[at]
        if not pa.types.is_dictionary(source.type):
            source = typed.as_texts(source, self._raw.headings[at])
        found: list[str | None] = source.dictionary_decode().to_pylist()
        return found

    # Makers of values out of texts, by kind.

    def _id(self, column: Column, cells: Cells) -> Made:
        return [(column.field(pa.string()), cells.take(values.ids(cells.texts), pa.string()))]

    def _word(self, column: Column, cells: Cells) -> Made:
        array = cells.take(Read([text.strip() for text in cells.texts]), pa.string())
        return [(column.field(pa.string()), array)]

    def _text(self, column: Column, cells: Cells) -> Made:
        return [(column.field(TEXTS), cells.take(Read(list(cells.texts)), pa.string()).dictionary_encode())]

    def _number(self, column: Column, cells: Cells) -> Made:
        read = values.numbers(cells.texts, self._decimal, column.least, column.most)
        return [(column.field(pa.float64()), cells.take(read, pa.float64()))]

    def _auto(self, column: Column, cells: Cells) -> Made:
        """A number where every answer is one, texts otherwise."""
        plain = [values.is_plain(text, self._decimal) for text in cells.texts]
        if cells.texts and all(plain):
            column.note = "number: every answer is one"
            return self._number(column, cells)
        if any(plain):
            answers = len(cells.indices) - cells.indices.null_count
            figures = pa.array(plain, pa.bool_()).take(cells.indices)
            count = pc.sum(figures).as_py() or 0
            if count >= _NEARLY * answers:
                self.notes.append(
                    f"column '{column.name}' is text: {count} of {answers} answers are numbers; "
                    f"--number '{column.name}' refuses the others"
                )
        return self._text(column, cells)

    def _time(self, column: Column, cells: Cells) -> Made:
        read, utc = values.times(cells.texts, self._clock)
        type = UTC_MILLIS if utc else LOCAL_MILLIS
        if not utc and cells.texts and column.role == "standard":
            note = "times are without a zone: give --zone"
            if note not in self.notes:
                self.notes.append(note)
        return [(column.field(type), cells.take(read, pa.int64()).cast(type))]

    def _duration(self, column: Column, cells: Cells) -> Made:
        return [
            (column.field(pa.int64()), cells.take(values.durations(cells.texts, column.unit), pa.int64()))
        ]

    def _boolean(self, column: Column, cells: Cells) -> Made:
        read = values.choices(cells.texts, column.words) if column.words else values.booleans(cells.texts)
        return [(column.field(pa.bool_()), cells.take(read, pa.bool_()))]

    def _choice(self, column: Column, cells: Cells) -> Made:
        """Words that the profile knows, as the words that it gives."""
        read = values.choices(cells.texts, column.words)
        return [(column.field(TEXTS), cells.take(read, pa.string()).dictionary_encode())]

    def _coded(self, column: Column, cells: Cells) -> Made:
        """Words that the profile knows, as numbers."""
        read = values.choices(cells.texts, column.words)
        return [(column.field(pa.float64()), cells.take(read, pa.float64()))]

    def _present(self, column: Column, cells: Cells) -> Made:
        return [(column.field(pa.bool_()), pc.is_valid(cells.indices))]

    def _option(self, column: Column, cells: Cells) -> Made:
        """1 where the option's own text stands, 0 elsewhere."""
        cells.reject(values.choices(cells.texts, column.words).bad)
        return [(column.field(FLAG), pc.cast(pc.is_valid(cells.indices), FLAG))]

    def _multi(self, column: Column, cells: Cells) -> Made:
        if column.parts:
            self._check_option_ids(column, cells)
        return choices.split(column, cells, self._options.limits)

    def _check_option_ids(self, column: Column, cells: Cells) -> None:
        """As many options as ids stand beside them: an option with the separator in it cannot be told from
        two."""
        known: set[tuple[int, str]] = set()
        pairs = zip(
            self._plain(column.parts[0]), cells.indices.to_pylist(), cells.rows.to_pylist(), strict=True
        )
        for ids, text, row in pairs:
            if ids is None or text is None or (text, ids) in known:
                continue
            if len(ids.split(", ")) == len(cells.texts[text].split(column.separator)):
                known.add((text, ids))
            else:
                cells.rejections.add("option-mismatch", row, cells.heading, cells.texts[text], ids)

    def _rank(self, column: Column, cells: Cells) -> Made:
        return choices.ranks(column, cells, self._options.limits)

    _MAKERS: ClassVar[dict[str, Callable[[Assembly, Column, Cells], Made]]] = {
        "id": _id,
        "word": _word,
        "text": _text,
        "number": _number,
        "auto": _auto,
        "time": _time,
        "duration": _duration,
        "boolean": _boolean,
        "choice": _choice,
        "coded": _coded,
        "present": _present,
        "option": _option,
        "multi": _multi,
        "rank": _rank,
    }


def _reason_field(column: Column, reasons: pa.Array) -> tuple[pa.Field, pa.Array]:
    field = pa.field(
        f"{column.name}_missing", TEXTS, metadata={"csat.role": "missing", "csat.question": column.name}
    )
    return field, reasons.dictionary_encode()


def _unique(made: Made) -> None:
    """Columns made of one column of cells may have got the name of another."""
    seen = {field.name for field, _ in made if field.name in STANDARD}
    for at, (field, array) in enumerate(made):
        if field.name in STANDARD:
            continue
        name, n = field.name, 2
        while name in seen:
            name, n = f"{field.name}_{n}", n + 1
        seen.add(name)
        made[at] = (field.with_name(name), array)


def blank_unanswered(made: Made) -> Made:
    """Options of a question that a row answered nothing of become null: not asked, or not answered."""
    answered: dict[bytes, pa.Array] = {}
    for field, array in made:
        about = field.metadata or {}
        question = about.get(b"csat.question")
        if question is None or about.get(b"csat.role") not in (b"option", b"question"):
            continue
        is_answer = pc.is_valid(array)
        if field.type == FLAG:
            is_answer = pc.fill_null(pc.equal(array, 1), False)
        before = answered.get(question)
        answered[question] = is_answer if before is None else pc.or_(before, is_answer)
    return [
        (field, pc.if_else(answered[field.metadata[b"csat.question"]], array, pa.scalar(None, FLAG)))
        if field.type == FLAG and (field.metadata or {}).get(b"csat.role") == b"option"
        else (field, array)
        for field, array in made
    ]


def check_limits(limits: Limits, path: str, headings: list[str]) -> None:
    if len(headings) > limits.columns:
        raise TableError(f"{path}: {len(headings)} columns, more than {limits.columns}", path=path)
