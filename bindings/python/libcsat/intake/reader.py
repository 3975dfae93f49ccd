"""Reads files into responses: opens each, finds its profile, makes its columns, merges, and counts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from libcsat.checked import checked
from libcsat.error import CsatError, TableError
from libcsat.intake import columnar, mapping
from libcsat.intake.assemble import Assembly
from libcsat.intake.delimited import Delimited
from libcsat.intake.encodings import place_of_bad_text
from libcsat.intake.json_text import JsonDocument
from libcsat.intake.limits import Limits
from libcsat.intake.merge import FILE, ROW, ROWS, Merged, merge
from libcsat.intake.pivot import Pivot
from libcsat.intake.plan import SHAPE, SHAPE_KEY, Column, Options, Plan, replaced, standard, unique_names
from libcsat.intake.profile import BadRecordError, Profile, kind
from libcsat.intake.profiles import PROFILES, arrow, spss
from libcsat.intake.raw import Passed, Progress, Raw, Row, RowSource, gather
from libcsat.intake.rejections import Rejections
from libcsat.intake.result import Counts, Imported, Source
from libcsat.intake.rules import shown
from libcsat.intake.times import ORDERS, zone_of
from libcsat.intake.workbook import Workbook, width_of

_HEAD_ROWS = 20
_SAMPLE_RECORDS = 5
_JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")
# What a file of such a name has to be; it is told by its first bytes.
_NAMED = {
    ".xlsx": "Excel workbook",
    ".xlsm": "Excel workbook",
    ".xls": "Excel workbook",
    ".sav": "SPSS file",
    ".zsav": "SPSS file",
    ".parquet": "Parquet file",
    ".arrow": "Arrow file",
    ".feather": "Feather file",
}
_ALONE = {"spss": "SPSS files", "arrow": "Parquet, Arrow and Feather files"}
Watch = Callable[[str, int, int], None]


@checked
def read(
    *paths: str | os.PathLike[str],
    into: pa.Table | str | os.PathLike[str] | None = None,
    profile: str | None = None,
    zone: str | None = None,
    wave: str | None = None,
    channel: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    dates: str | None = None,
    decimal: str | None = None,
    sheet: str | None = None,
    response: str | None = None,
    respondent: str | None = None,
    numbers: Sequence[str] = (),
    texts: Sequence[str] = (),
    multi: Mapping[str, str | None] | None = None,
    tests: Sequence[tuple[str, str]] = (),
    mapping: Mapping[str, Any] | str | None = None,
    language: str = "en",
    limits: Limits | None = None,
    watch: Watch | None = None,
) -> Imported:
    """Reads survey exports and service records into one table of responses.

    Args:
        paths: The files.
        into: Responses of an earlier import, a table or a Parquet file, that the new ones are merged into.
        profile: One of PROFILES. Default: found by what stands in the file.
        zone: Time zone of times without an offset, such as "Asia/Shanghai".
        wave: The wave that all responses belong to.
        channel: Their channel, where the files have none, such as "pad_terminal" (P2-51).
        encoding: One of encodings.NAMES. Default: UTF-8, UTF-16 and GB18030 are told apart.
        separator: Of cells. Default: found.
        dates: Order of day and month in dates with slashes: "ymd", "mdy" or "dmy".
        decimal: The decimal sign of numbers, "." or ",".
        sheet: Of a workbook; needed where several sheets hold data.
        response, respondent: Heading of the column that identifies the response, the respondent.
        numbers: Columns, with * and ?, whose answers must be numbers; others are refused.
        texts: Columns that stay text.
        multi: Columns with several answers in one cell, and the separator between them.
        tests: Columns and values that mark a response as a test (A-129).
        mapping: A mapping, or the name of a mapping file.
        language: Of the messages, "en" or "zh".
        limits: On the input.
        watch: Called with a file's name, how much of it is done, and how much there is.

    Raises:
        TableError: a file cannot be read at all; the message begins with its name, line and column.
        MissingExtraError: a package is missing that its format needs.
    """
    options = _options(locals())
    previous = _previous(into)
    if not paths:
        raise TableError("name at least one file")
    opened = [_File(os.fspath(path), place, options, watch) for place, path in enumerate(paths)]
    _check_used({file.kind for file in opened}, sheet=sheet, encoding=encoding, separator=separator)
    parts = [file.read() for file in opened]
    _check_named(options, parts)
    return _result(parts, previous, options)


def _options(given: dict[str, Any]) -> Options:
    profile, zone, dates, decimal = (given[name] for name in ("profile", "zone", "dates", "decimal"))
    if profile is not None and profile not in PROFILES:
        raise TableError(f"profile '{profile}' is none of {', '.join(PROFILES)}")
    if decimal not in (None, ".", ","):
        raise TableError(f"decimal '{decimal}' is neither '.' nor ','")
    if dates is not None and dates not in ORDERS:
        raise TableError(f"dates '{dates}' is none of {', '.join(ORDERS)}")
    laid = given["mapping"]
    if isinstance(laid, str):
        laid = mapping.load(laid)
    elif laid is not None:
        mapping.check(laid)
    laid = laid or {}
    zone = zone or laid.get("zone")
    tests = list(given["tests"])
    if "test" in laid:
        tests += [(laid["test"]["column"], str(value)) for value in laid["test"]["values"]]
    return Options(
        profile=profile,
        zone=zone_of(zone) if zone else None,
        wave=given["wave"] or laid.get("wave"),
        channel=given["channel"] or laid.get("channel"),
        encoding=given["encoding"],
        separator=given["separator"] or laid.get("separator"),
        dates=dates,
        decimal=decimal,
        sheet=given["sheet"],
        response=given["response"],
        respondent=given["respondent"],
        numbers=tuple(given["numbers"]),
        texts=tuple(given["texts"]),
        multi=dict(given["multi"] or {}),
        tests=tests,
        mapping=laid or None,
        language=given["language"],
        limits=given["limits"] or Limits(),
    )


def _check_used(kinds: set[str], sheet: str | None, **of_texts: str | None) -> None:
    """Raises TableError where the caller says how to read what none of the files is."""
    if sheet is not None and "workbook" not in kinds:
        raise TableError(f"sheet '{sheet}' is of an Excel workbook: none of the files is one")
    for name, value in of_texts.items():
        # SPSS files have an encoding, too.
        if value is not None and not kinds & ({"text", "spss"} if name == "encoding" else {"text"}):
            raise TableError(f"{name} '{value}' is of files of delimited text: none of the files is one")


def _check_named(options: Options, parts: Sequence[_Part]) -> None:
    """Raises TableError where a column that the caller named is in none of the files."""
    known = dict.fromkeys(name for part in parts for name in part.known)
    for pattern in (*options.numbers, *options.texts):
        if not any(fnmatchcase(name, pattern) for name in known):
            raise _no_column(pattern, known)
    for name in options.multi:
        if name not in known:
            raise _no_column(name, known)


def _no_column(name: str, known: Iterable[str]) -> TableError:
    return TableError(f"there is no column '{name}' but {', '.join(filter(None, known))[:300]}")


def _previous(into: pa.Table | str | os.PathLike[str] | None) -> pa.Table | None:
    if into is None or isinstance(into, pa.Table):
        table, name = into, "the table"
    else:
        name = os.fspath(into)
        table, _ = columnar.read_arrow(name, Limits(columns=16384))
    if table is not None and (table.schema.metadata or {}).get(SHAPE_KEY) != SHAPE:
        raise TableError(f"{name} to merge into is no table of responses that an import has written")
    return table


@dataclass
class _Part:
    """One file's responses, with ROW, before they meet the others."""

    path: str
    profile: Profile
    reason: str
    reading: dict[str, str]
    raw: Raw
    table: pa.Table
    rejections: Rejections
    notes: list[str]
    # Names and headings of its columns.
    known: list[str]
    repeated: int = 0
    # Rejected rows before merging.
    refused: int = 0


class _File:
    """One file being read."""

    def __init__(self, path: str, place: int, options: Options, watch: Watch | None) -> None:
        self._path = path
        self._place = place
        self._options = options
        self._watch = watch
        self._rejections = Rejections(path, options.language)
        self.kind = self._kind()

    def read(self) -> _Part:
        options = self._options
        if self.kind == "workbook":
            return self._rows(Workbook(self._path, options.limits, options.sheet), "excel")
        if self.kind == "text":
            source = Delimited(self._path, options.limits, options.encoding, options.separator)
            return self._rows(source, "wide")
        return {"spss": self._spss, "arrow": self._arrow, "json": self._records}[self.kind]()

    def _kind(self) -> str:
        """What its first bytes and its name say that it is."""
        with open(self._path, "rb") as file:
            magic = file.read(8)
        if not magic:
            raise TableError(f"{self._path}: the file is empty", path=self._path)
        if magic[:4] == b"PK\x03\x04":
            return "workbook"
        if magic[:4] in (b"$FL2", b"$FL3"):
            return "spss"
        if magic[:4] in (b"PAR1", b"FEA1", b"\xff\xff\xff\xff") or magic[:6] == b"ARROW1":
            return "arrow"
        if magic[:4] == b"\xd0\xcf\x11\xe0":
            raise TableError(
                f"{self._path}: an old (.xls) or locked Excel workbook: save it as .xlsx or CSV",
                path=self._path,
            )
        if magic[:2] == b"\x1f\x8b":
            raise TableError(f"{self._path}: it is packed: unpack it first", path=self._path)
        lower = self._path.lower()
        named = _NAMED.get(os.path.splitext(lower)[1])
        if named is not None:
            raise TableError(
                f"{self._path}: no readable {named}: its first bytes are those of none", path=self._path
            )
        if lower.endswith(_JSON_SUFFIXES) or (
            magic.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
            and not lower.endswith((".csv", ".tsv", ".txt"))
        ):
            return "json"
        return "text"

    def _done(self, size: int) -> Progress:
        if self._watch is None:
            return lambda read: None
        watch = self._watch
        return lambda read: watch(self._path, read, size)

    def _rows(self, source: RowSource, plain: str) -> _Part:
        head = full = source.head(_HEAD_ROWS)
        if not head:
            raise self._no_header(source)
        profile, reason = self._choose(plain, lambda p: p.recognise(head) if p.recognise else None)
        plan = self._plan(profile, head)
        if isinstance(source, Workbook):
            # Rows of a sheet have no end of their own: it is as wide as its headings.
            width = max((width_of(row.cells) for row in head[: plan.header_rows]), default=0)
            head = [Row(row.first, row.last, row.cells[:width]) for row in head]
            plan = self._plan(profile, head)
        if profile.name == plain and plan.header_rows == 1:
            self._check_title(full)
        if len(head) < plan.header_rows:
            raise TableError(
                f"{self._path}: profile '{profile.name}' wants {plan.header_rows} header rows",
                path=self._path,
            )
        header = head[: plan.header_rows]
        headings = self._headings(header)
        self._check_width(headings)
        raw = gather(
            source, header, headings, plan.why_header, self._rejections, plan.trailer, self._done(source.size)
        )
        raw.named = frozenset(at for row in header for at, cell in enumerate(row.cells) if cell.strip())
        return self._part(profile, reason, source.reading, raw, plan)

    def _check_title(self, head: list[Row]) -> None:
        """Refuses a first row that is none of headings, because most rows below it have twice its cells."""
        filled = [sum(map(bool, row.cells)) for row in head]
        wide = sum(count >= 2 * filled[0] for count in filled[1:])
        if 2 * wide > len(filled) - 1:
            text, line = shown(next(filter(None, head[0].cells))), head[0].first
            raise TableError(
                f"{self._path}:{line}: '{text}' stands above rows of more cells: the first row has to be the "
                "headings, take titles away",
                path=self._path,
                line=line,
            )

    def _headings(self, header: list[Row]) -> list[str]:
        headings = list(header[0].cells)
        for row in header[1:]:
            if len(row.cells) != len(headings):
                raise TableError(
                    f"{self._path}:{row.first}: this header row has {len(row.cells)} cells, "
                    f"the first one {len(headings)}",
                    path=self._path,
                    line=row.first,
                )
        return headings

    def _no_header(self, source: RowSource) -> TableError:
        for block in source.blocks(0, 0):
            for row in block.broken[:1]:
                column = (row.column or 0) + 1
                return TableError(
                    f"{self._path}:{row.first}:{column}: the header cannot be read: {row.rule}",
                    path=self._path,
                    line=row.first,
                    column=column,
                )
        return TableError(f"{self._path}: it has no header", path=self._path)

    def _check_width(self, headings: Sequence[str]) -> None:
        most = self._options.limits.columns
        if len(headings) > most:
            raise TableError(f"{self._path}: {len(headings)} columns are more than {most}", path=self._path)

    def _choose(self, plain: str, recognise: Callable[[Profile], str | None]) -> tuple[Profile, str]:
        given = self._options.profile
        if given is not None:
            if given in _ALONE:
                raise TableError(f"{self._path}: profile '{given}' reads {_ALONE[given]}", path=self._path)
            return PROFILES[given], "it was given"
        for profile in PROFILES.values():
            reason = recognise(profile)
            if reason is not None:
                if profile.name == "wide":
                    return PROFILES[plain], reason
                return profile, reason
        return PROFILES[plain], "nothing says that it is anything else"

    def _plan(self, profile: Profile, head: list[Row]) -> Plan:
        assert profile.plan is not None
        try:
            return profile.plan(head, self._options)
        except IndexError:
            raise TableError(
                f"{self._path}: its header is none of profile '{profile.name}'", path=self._path
            ) from None

    def _records(self) -> _Part:
        document = JsonDocument(self._path, self._options.limits)
        samples = {key: self._sample(document, key) for key in document.arrays()}
        if not samples:
            raise TableError(f"{self._path}: the JSON object holds no array of records", path=self._path)
        key = next(iter(samples))

        def recognise(profile: Profile) -> str | None:
            nonlocal key
            if profile.recognise_records is None:
                return None
            for name, records in samples.items():
                reason = profile.recognise_records(name, records)
                if reason is not None:
                    key = name
                    return reason
            return None

        profile, reason = self._choose("wide", recognise)
        if profile.flattener is None:
            raise TableError(f"{self._path}: profile '{profile.name}' reads no JSON", path=self._path)
        if self._options.profile is not None:
            recognise(profile)
        flattener = profile.flattener(key)
        headings: dict[str, int] = {}
        rows: list[dict[str, str | None]] = []
        numbers: list[int] = []
        read = 0
        for read, record in enumerate(document.records(key), 1):
            number = record.first if document.on_lines else read
            if record.flaw is not None:
                self._rejections.add("bad-json", number, None, record.flaw)
            elif not isinstance(record.value, dict):
                self._rejections.add("not-an-object", number, None, kind(record.value))
            else:
                try:
                    cells = flattener.cells(record.value)
                except BadRecordError as bad:
                    self._rejections.add(bad.rule, number, bad.column, bad.value, bad.limit)
                    continue
                if not self._is_text(cells, number):
                    continue
                for heading in cells:
                    headings.setdefault(heading, len(headings))
                self._check_width(list(headings))
                rows.append(cells)
                numbers.append(number)
        passed = [Passed(line, line, "blank", "nothing stands there") for line in document.blank_lines()]
        columns = [
            pa.array([row.get(heading) for row in rows], pa.string()).dictionary_encode()
            for heading in headings
        ]
        raw = Raw(list(headings), columns, pa.array(numbers, pa.int64()), None, read, document.lines, passed)
        return self._part(profile, reason, document.reading, raw, flattener.plan(raw.headings, self._options))

    @staticmethod
    def _sample(document: JsonDocument, key: str) -> list[Any]:
        found: list[Any] = []
        for record in document.records(key):
            found.append(record.value)
            if len(found) == _SAMPLE_RECORDS:
                break
        return found

    def _is_text(self, cells: dict[str, str | None], number: int) -> bool:
        for heading, cell in cells.items():
            for text in (heading, cell or ""):
                if (bad := place_of_bad_text(text)) is not None:
                    self._rejections.add(bad[0], number, heading, bad[1], "Unicode")
                    return False
        if not any(cells.values()):
            self._rejections.add("missing-field", number, None, None, "a value")
            return False
        return True

    def _arrow(self) -> _Part:
        self._alone("arrow")
        size = os.stat(self._path).st_size
        table, reading = columnar.read_arrow(self._path, self._options.limits, self._done(size))
        raw = columnar.raw_of(table)
        columnar.without_bad_texts(raw, self._rejections)
        return self._part(
            PROFILES["arrow"],
            f"it is a {reading['format']}",
            reading,
            raw,
            arrow.plan_of(table.schema, self._options),
        )

    def _spss(self) -> _Part:
        self._alone("spss")
        options = self._options
        size = os.stat(self._path).st_size
        table, variables, reading = columnar.read_spss(
            self._path, options.limits, options.encoding, self._done(size)
        )
        raw = columnar.raw_of(table)
        columnar.without_bad_texts(raw, self._rejections)
        return self._part(
            PROFILES["spss"], "it is an SPSS system file", reading, raw, spss.plan_of(variables, options)
        )

    def _alone(self, name: str) -> None:
        given = self._options.profile
        if given not in (None, name, "wide"):
            raise TableError(f"{self._path}: profile '{given}' reads no {_ALONE[name]}", path=self._path)

    def _part(self, profile: Profile, reason: str, reading: dict[str, str], raw: Raw, plan: Plan) -> _Part:
        if profile.long:
            pivot = Pivot(raw, self._options, self._rejections, self._path)
            table = self._filled(pivot.table())
            notes, repeated, known = pivot.notes, pivot.repeated, table.column_names
        else:
            known = [name for column in plan.columns for name in (column.name, column.heading or "")]
            table, notes, repeated = self._assembled(raw, plan), plan.notes, 0
            known += [column.name for column in plan.columns]
        refused = len(self._rejections.rows())
        rows = sum(map(len, table[ROWS].to_pylist())) if profile.long else table.num_rows
        _balance(self._path, rows == raw.read - refused, f"{raw.read} read, {refused} refused, {rows} made")
        return _Part(
            self._path,
            profile,
            reason,
            reading,
            raw,
            table,
            self._rejections,
            notes,
            known,
            repeated,
            refused,
        )

    def _assembled(self, raw: Raw, plan: Plan) -> pa.Table:
        options = self._options
        self._complete(plan, raw)
        if plan.zone is not None:
            named = zone_of(plan.zone)
            if options.zone is not None and str(options.zone) != plan.zone:
                plan.notes.append(f"the file says that its times are in {plan.zone}: --zone is not used")
            options = replace(options, zone=named)
        table = Assembly(raw, plan, options, self._rejections).table()
        table = table.append_column(ROW, raw.rows)
        refused = self._rejections.rows()
        if refused:
            bad = pc.is_in(table[ROW], pa.array(list(refused), pa.int64()))
            table = table.filter(pc.invert(bad))
        return table

    def _complete(self, plan: Plan, raw: Raw) -> None:
        """What the mapping and the options say comes last."""
        options = self._options
        # Columns without a heading and without a cell are separators at the end of lines.
        plan.columns = [
            column
            for column in plan.columns
            if column.at in raw.named
            or raw.headings[column.at].strip()
            or not _is_blank(raw.columns[column.at])
        ]
        if options.mapping is not None:
            mapping.apply(plan, options.mapping, self._path)
        for name, heading in (("response_id", options.response), ("respondent_id", options.respondent)):
            if heading is not None:
                self._identify(plan, raw, name, heading)
        for name, value in (("wave", options.wave), ("channel", options.channel)):
            if value is not None:
                if plan.column(name) is not None:
                    raise TableError(f"{self._path}: it has a column '{name}' of its own", path=self._path)
                plan.columns.append(Column(0, name, "constant", "standard", words={"value": value}))
        if plan.column("response_id") is None:
            plan.columns.append(Column(0, "response_id", "content", "standard"))
            plan.notes.append("responses have no id: one is made of their content")
        for column in plan.columns:
            if column.role == "standard" or column.note is not None:
                continue
            names = (column.name, column.heading or column.name)
            separator = next((options.multi[name] for name in names if name in options.multi), "")
            if separator != "":
                column.kind, column.separator, column.parts = "multi", separator or ";", ()
            elif (forced := options.forced(column)) is not None:
                column.kind, column.note = forced, "given by the caller"
        standards = [column for column in plan.columns if column.role == "standard"]
        for n, column in enumerate(standards):
            if any(column.name == other.name for other in standards[:n]):
                what = (
                    f"'{column.heading}' stands twice"
                    if column.heading
                    else f"two columns are '{column.name}'"
                )
                raise TableError(f"{self._path}: {what}: which of them is meant?", path=self._path)
        unique_names(plan)

    def _identify(self, plan: Plan, raw: Raw, name: str, heading: str) -> None:
        if heading not in raw.headings:
            known = ", ".join(raw.headings)
            raise TableError(f"{self._path}: it has no column '{heading}' but {known[:300]}", path=self._path)
        before = plan.column(name)
        if before is not None:
            replaced(plan, before)
        plan.columns.append(standard(name, raw.headings.index(heading), heading))

    def _filled(self, table: pa.Table) -> pa.Table:
        for name, value in (("wave", self._options.wave), ("channel", self._options.channel)):
            if value is None:
                continue
            if name in table.column_names:
                raise TableError(f"{self._path}: it has a column '{name}' of its own", path=self._path)
            made = pa.field(name, pa.string(), metadata={"csat.role": "standard"})
            table = table.append_column(made, pa.repeat(pa.scalar(value), table.num_rows))
        return table


def _is_blank(column: pa.Array) -> bool:
    if not pa.types.is_dictionary(column.type):
        return bool(column.null_count == len(column))
    return not any(text and text.strip() for text in column.dictionary.to_pylist())


def _result(parts: list[_Part], previous: pa.Table | None, options: Options) -> Imported:
    tables = []
    if previous is not None:
        tables.append(
            previous.append_column(
                FILE, pa.repeat(pa.scalar(-1, pa.int64()), previous.num_rows)
            ).append_column(ROW, pa.repeat(pa.scalar(0, pa.int64()), previous.num_rows))
        )
    for place, part in enumerate(parts):
        tables.append(
            part.table.append_column(FILE, pa.repeat(pa.scalar(place, pa.int64()), part.table.num_rows))
        )
    rejections = [part.rejections for part in parts]
    merged = merge(tables, rejections, complete=all(part.profile.long for part in parts))
    sources = tuple(_source(part, place, merged) for place, part in enumerate(parts))
    return Imported(
        _finished(merged.table, merged.kept),
        pa.concat_tables([rejection.table() for rejection in rejections]),
        _superseded(merged),
        sources,
        sum((source.counts for source in sources), Counts()),
    )


def _source(part: _Part, place: int, merged: Merged) -> Source:
    raw, long = part.raw, part.profile.long
    lines = dict.fromkeys(("header", "blank", "trailer"), 0)
    for passed in raw.passed:
        lines[passed.what] += passed.last - passed.first + 1
    files = merged.table[FILE]

    def of_this(positions: Iterable[int]) -> list[int]:
        found = list(positions)
        there = files.take(pa.array(found, pa.int64())).to_pylist()
        return [at for at, file in zip(found, there, strict=True) if file == place]

    kept, repeated = of_this(merged.kept), of_this(merged.repeated)
    superseded, late = of_this(merged.superseded), of_this(merged.rejected)
    again = len(repeated)
    if long:
        rows = merged.table[ROWS].take(pa.array(repeated, pa.int64())).to_pylist()
        again = part.repeated + sum(map(len, rows))
    rejected = len(part.rejections.rows())
    counts = Counts(
        lines=raw.lines,
        read=raw.read,
        accepted=raw.read - rejected,
        rejected=rejected,
        repeated=again,
        superseded=len(superseded),
        responses=len(kept),
        **lines,
    )
    made = len(kept) + len(repeated) + len(superseded) + len(late)
    balanced = made == part.table.num_rows and (long or rejected == part.refused + len(late))
    if raw.spans is not None:
        balanced = balanced and counts.header + counts.blank + counts.trailer + raw.spans == counts.lines
    _balance(part.path, balanced, str(counts))
    return Source(
        part.path, part.profile.name, part.reason, part.reading, counts, tuple(raw.passed), tuple(part.notes)
    )


def _balance(path: str, balanced: bool, what: str) -> None:
    """Every row and every line is accounted for. Raises CsatError where one is not: a mistake of this
    package."""
    if not balanced:
        raise CsatError(f"{path}: rows do not add up: {what}", code="INTERNAL")


def _finished(table: pa.Table, positions: list[int]) -> pa.Table:
    """Rows of the merged table in their final form: the same rows give the same table."""
    table = table.drop_columns([name for name in table.column_names if name.startswith("\x00")])
    if len(positions) < table.num_rows:
        table = table.take(pa.array(positions, pa.int64()))
    columns = []
    for column in table.columns:
        if pa.types.is_dictionary(column.type):
            column = column.cast(pa.string()).combine_chunks().dictionary_encode()
        columns.append(column)
    about = {SHAPE_KEY: SHAPE}
    return pa.Table.from_arrays(columns, schema=table.schema.with_metadata(about)).combine_chunks()


def _superseded(merged: Merged) -> pa.Table:
    order = sorted(merged.superseded)
    table = _finished(merged.table, order) if merged.table.num_rows else _finished(merged.table, [])
    if not order:
        table = table.slice(0, 0)
    names = merged.table["response_id"]
    by = names.take(pa.array([merged.superseded[at] for at in order], pa.int64()))
    made = pa.field("superseded_by", pa.string(), metadata={"csat.role": "standard"})
    return table.append_column(made, by)
