"""Rows of a long feedback record, one for each answer, as one response for each submission."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from libcsat.error import TableError
from libcsat.intake import typed, values
from libcsat.intake.merge import ROW, ROWS
from libcsat.intake.plan import LOCAL_MILLIS, STANDARD, TEXTS, UTC_MILLIS, Column, Options, Plan, unique_names
from libcsat.intake.profiles.long_record import REQUIRED, VALUES
from libcsat.intake.raw import Raw
from libcsat.intake.rejections import Rejections
from libcsat.intake.times import BadTimeError, Clock

_STANDARD = {"user_id": "respondent_id", "language": "language", "source_type": "channel", "wave": "wave"}
_ATTRIBUTES = ("tenant_id", "source_id", "source_name", "weight")
_NPS = (0.0, 10.0)
_FLAGS = {"0": "false", "1": "true"}


class _BadRow(Exception):
    def __init__(self, rule: str, column: str, value: str | None, limit: str | None = None) -> None:
        super().__init__(rule)
        self.of = (rule, column, value, limit)


@dataclass
class _Field:
    """What the rows say of a field."""

    type: str
    column: Column
    scale: tuple[float | None, float | None] = (None, None)


@dataclass
class _Submission:
    rows: list[int] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    submitted: int | None = None
    is_test: bool | None = None
    metadata: list[str] = field(default_factory=list)


class Pivot:
    """Gathers the rows of a file into submissions.

    Attributes:
        repeated: Rows that say again what another row of the submission has said.
    """

    def __init__(self, raw: Raw, options: Options, rejections: Rejections, path: str) -> None:
        self._options = options
        self._rejections = rejections
        self._clock = Clock(options.zone, options.dates or "ymd")
        self._decimal = options.decimal or "."
        self._fields: dict[str, _Field] = {}
        self._submissions: dict[str, _Submission] = {}
        self._utc = options.zone is not None
        self._local = False
        self.repeated = 0
        self.notes: list[str] = []
        names = [heading.strip() for heading in raw.headings]
        for name in REQUIRED:
            if name not in names:
                raise TableError(f"{path}: a long feedback record needs a column '{name}'", path=path)
        refused = rejections.rows()
        columns = {name: self._texts(raw, at) for at, name in enumerate(names)}
        self._absent = frozenset(name for name in ("collected_at",) if name not in columns)
        self._read(columns, raw.rows.to_pylist(), refused)

    @staticmethod
    def _texts(raw: Raw, at: int) -> list[str | None]:
        column = raw.columns[at]
        if not pa.types.is_dictionary(column.type):
            column = typed.as_texts(column, raw.headings[at])
        found: list[str | None] = column.dictionary_decode().to_pylist()
        return found

    def _read(self, columns: dict[str, list[str | None]], rows: list[int], refused: set[int]) -> None:
        names = list(columns)
        for number, cells in zip(rows, zip(*columns.values(), strict=True), strict=True):
            if number in refused:
                continue
            given = {
                name: cell
                for name, cell in zip(names, cells, strict=True)
                if cell is not None and cell.strip()
            }
            try:
                self._add(number, given)
            except _BadRow as bad:
                rule, column, value, limit = bad.of
                self._rejections.add(rule, number, column, value, limit)

    def _add(self, number: int, given: dict[str, str]) -> None:
        for name in REQUIRED:
            if name not in given:
                raise _BadRow("missing-field", name, None, name)
        key = self._id(given)
        about = self._field(given)
        value, reason = self._value(given, about)
        collected = self._collected(given)
        metadata = self._metadata(given)
        submission = self._submissions.get(key) or _Submission()
        said = {into: given[name].strip() for name, into in _STANDARD.items() if name in given}
        said |= {name: given[name].strip() for name in _ATTRIBUTES if name in given}
        if "wave" in metadata:
            said.setdefault("wave", str(metadata["wave"]))
        for name, word in said.items():
            before = submission.said.get(name, word)
            if before != word:
                raise _BadRow("inconsistent-submission", name, word, before)
        name = given["field_id"].strip()
        if name in submission.answers:
            before = submission.answers[name]
            if (before, submission.reasons.get(name)) != (value, reason):
                shown = values.plain(before) if isinstance(before, float) else str(before)
                raise _BadRow("conflicting-answer", "field_id", name, "blank" if before is None else shown)
            self.repeated += 1
        # Nothing can refuse the row any more.
        self._submissions[key] = submission
        self._fields[name] = about
        submission.rows.append(number)
        submission.answers[name] = value
        if reason is not None:
            submission.reasons[name] = reason
        submission.said |= said
        if collected is not None:
            submission.submitted = max(collected, submission.submitted or collected)
        self._mark(submission, given, metadata)

    def _id(self, given: dict[str, str]) -> str:
        for name in ("tenant_id", "submission_id", "field_id"):
            read = values.ids([given[name]])
            if read.bad:
                raise _BadRow("bad-id", name, given[name], read.bad[0][1])
        tenant = given["tenant_id"].strip().replace("/", "%2F")
        return f"{tenant}/{given['submission_id'].strip()}"

    def _field(self, given: dict[str, str]) -> _Field:
        type = given["field_type"].strip().lower()
        if type not in VALUES:
            raise _BadRow("unknown-value", "field_type", given["field_type"], ", ".join(VALUES))
        name = given["field_id"].strip()
        known = self._fields.get(name)
        if known is None:
            column = Column(0, name, heading=name, text=given.get("field_label"))
            column.question = given.get("field_group_id")
            column.option = given.get("field_label") if column.question else None
            column.text = given.get("field_group_label", column.text)
            if type == "boolean":
                column.labels = dict(_FLAGS)
            return _Field(type, column, _NPS if type == "nps" else (None, None))
        if known.type != type:
            raise _BadRow("mixed-field-type", "field_type", type, known.type)
        return known

    def _value(self, given: dict[str, str], about: _Field) -> tuple[Any, str | None]:
        if "excluded_reason" in given:
            return None, given["excluded_reason"].strip()
        where = VALUES[about.type]
        text = given.get(where)
        others = [name for name in dict.fromkeys(VALUES.values()) if name in given and name != where]
        if text is not None and others:
            raise _BadRow("second-value", others[0], given[others[0]], about.type)
        if text is None:
            if others:
                raise _BadRow("wrong-value-type", where, others[0], about.type)
            return None, None
        if where == "value_number":
            return self._number(text, given, about), None
        if where == "value_boolean":
            read = values.booleans([text])
            if read.bad:
                raise _BadRow(read.bad[0][0], where, text, read.bad[0][1])
            return float(read.values[0]), None
        if where == "value_date":
            self._time(text, where)
        elif "value_id" in given:
            about.column.labels.setdefault(given["value_id"].strip(), text)
        return text, None

    def _number(self, text: str, given: dict[str, str], about: _Field) -> float | None:
        value, rule = values.number(text, self._decimal)
        if rule is not None:
            raise _BadRow(rule, "value_number", text)
        least, most = about.scale
        for name in ("scale_min", "scale_max"):
            if name in given:
                end, rule = values.number(given[name], self._decimal)
                if rule is not None:
                    raise _BadRow(rule, name, given[name])
                least, most = (end, most) if name == "scale_min" else (least, end)
        limit = values.off_scale(value, least, most)
        if limit is not None:
            raise _BadRow("off-scale", "value_number", text, limit)
        about.column.least, about.column.most = least, most
        return value

    def _time(self, text: str, column: str) -> tuple[int, bool]:
        try:
            return self._clock.read(text)
        except BadTimeError as error:
            raise _BadRow(error.rule, column, text, error.limit) from None

    def _collected(self, given: dict[str, str]) -> int | None:
        if "collected_at" not in given:
            return None
        text = given["collected_at"]
        millis, utc = self._time(text, "collected_at")
        if (self._utc and not utc) or (self._local and utc):
            raise _BadRow("bad-time", "collected_at", text, "2025-03-20T08:00:00+08:00; give --zone")
        self._utc, self._local = utc, not utc
        return millis

    def _metadata(self, given: dict[str, str]) -> dict[str, Any]:
        if "metadata" not in given:
            return {}
        try:
            found = json.loads(given["metadata"])
        except (ValueError, RecursionError):
            raise _BadRow("bad-json", "metadata", given["metadata"]) from None
        if not isinstance(found, dict):
            raise _BadRow("not-an-object", "metadata", given["metadata"])
        return found

    def _mark(self, submission: _Submission, given: dict[str, str], metadata: dict[str, Any]) -> None:
        marks = [str(metadata["is_test"])] if "is_test" in metadata else []
        if "is_test" in given:
            marks.append(given["is_test"])
        for name, value in self._options.tests:
            marks.append("true" if given.get(name) == value else "false")
        for mark in marks:
            submission.is_test = bool(submission.is_test) or mark.strip().lower() in values.TRUE
        if "metadata" in given and given["metadata"] not in submission.metadata:
            submission.metadata.append(given["metadata"])

    def table(self) -> pa.Table:
        """The responses, in the order of their first rows, with ROW and ROWS."""
        submissions = list(self._submissions.values())
        made: list[tuple[pa.Field, pa.Array]] = []

        def put(name: str, found: list[Any], type: pa.DataType, role: str) -> None:
            if any(value is not None for value in found):
                array = (
                    pa.array(found, pa.string()).dictionary_encode()
                    if type == TEXTS
                    else pa.array(found, type)
                )
                made.append((pa.field(name, type, metadata={"csat.role": role}), array))

        made.append(
            (
                pa.field("response_id", pa.string(), metadata={"csat.role": "standard"}),
                pa.array(list(self._submissions), pa.string()),
            )
        )
        for name in STANDARD:
            if name in _STANDARD.values():
                put(name, [s.said.get(name) for s in submissions], pa.string(), "standard")
            elif name == "submitted_at":
                type = UTC_MILLIS if self._utc else LOCAL_MILLIS
                put(name, [s.submitted for s in submissions], type, "standard")
            elif name == "is_test":
                put(name, [s.is_test for s in submissions], pa.bool_(), "standard")
        for name in _ATTRIBUTES:
            put(name, [s.said.get(name) for s in submissions], TEXTS, "attribute")
        put("metadata", [_joined(s.metadata) for s in submissions], TEXTS, "attribute")
        made += self._answers(submissions, {field.name for field, _ in made})
        made.append((pa.field(ROW, pa.int64()), pa.array([s.rows[0] for s in submissions], pa.int64())))
        rows = pa.list_(pa.int64())
        made.append((pa.field(ROWS, rows), pa.array([s.rows for s in submissions], rows)))
        return pa.Table.from_arrays([array for _, array in made], schema=pa.schema([f for f, _ in made]))

    def _answers(self, submissions: list[_Submission], taken: set[str]) -> list[tuple[pa.Field, pa.Array]]:
        plan = Plan(0, "", [about.column for about in self._fields.values()], notes=self.notes)
        for column in plan.columns:
            if column.name in taken or column.name in STANDARD:
                column.name = f"answer_{column.name}"
        unique_names(plan)
        made = []
        for key, about in self._fields.items():
            found = [s.answers.get(key) for s in submissions]
            if VALUES[about.type] in ("value_number", "value_boolean"):
                made.append((about.column.field(pa.float64()), pa.array(found, pa.float64())))
            else:
                array = pa.array(found, pa.string()).dictionary_encode()
                made.append((about.column.field(TEXTS), array))
            reasons = [s.reasons.get(key) for s in submissions]
            if any(reason is not None for reason in reasons):
                about_it = {"csat.role": "missing", "csat.question": about.column.name}
                name = f"{about.column.name}_missing"
                array = pa.array(reasons, pa.string()).dictionary_encode()
                made.append((pa.field(name, TEXTS, metadata=about_it), array))
        return made


def _joined(found: list[str]) -> str | None:
    """One JSON object as it is, several as an array."""
    return f"[{', '.join(sorted(found))}]" if len(found) > 1 else next(iter(found), None)
