"""Policies: what is measured, how it is scored and what overrules what."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import Any, Literal

from libcsat import _capi
from libcsat.diagnostic import Diagnostics
from libcsat.error import NotFoundError, PolicyError, TableError
from libcsat.score import Score
from libcsat.show import Grid, Shown
from libcsat.tables import hints, nearest, one_batch, score_table, with_nulls

__all__ = [
    "AssumedValue",
    "CaseResult",
    "CaseResults",
    "Field",
    "Policy",
    "PolicyCase",
    "in_force",
    "json_schema",
]

# A document above this is not read at all; the library's own limit lies below it.
_MOST_BYTES = 64 * 1024 * 1024
_NAME = re.compile(r"[a-z0-9_-]{1,64}")
_MOST_THREADS = 256
_MOST_REASONS = 16
_REASONS = 3
# Kind of ids of csat_plan_label().
_SCORECARD = 0

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


@dataclass(frozen=True)
class AssumedValue:
    """A value that the documents behind a policy do not give.

    Attributes:
        path: Field path, such as ``scorecards[0].vetoes[1].scope``.
        clauses: Ids of the clauses that it interprets.
    """

    path: str
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class PolicyCase:
    """An example that a policy carries.

    Attributes:
        name: What it shows.
        scorecard: Id of the scorecard; "" where only targets and figures are expected.
        clauses: Ids of the clauses that it proves.
        record: The record, as score_one() takes it.
        expect: What must come out: some of outcome, grade, error, score, base, without_veto, points, levels,
            targets, shown, vetoes, reasons.
    """

    name: str
    scorecard: str
    clauses: tuple[str, ...]
    record: dict[str, Any]
    expect: dict[str, Any]


@dataclass(frozen=True)
class CaseResult:
    """A case that was run.

    Attributes:
        case: The case.
        failures: What was expected and what came out, a line each; empty where the case passes.
    """

    case: PolicyCase
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.failures


class CaseResults(Shown, list[CaseResult]):
    """The cases of a policy, run; a list that shows itself as a table."""

    @property
    def failed(self) -> CaseResults:
        """Those that did not come out as expected."""
        return CaseResults(result for result in self if not result.passed)

    def grid(self) -> Grid:
        grid = Grid("Cases", ["case", "scorecard", "clauses", "result"])
        for result in self:
            case = result.case
            outcome = "passed" if result.passed else "; ".join(result.failures)
            grid.add(
                [case.name, case.scorecard, " ".join(case.clauses), outcome], emphasised=not result.passed
            )
        grid.note = f"{len(self) - len(self.failed)} of {len(self)} passed"
        return grid


class Policy(Shown):
    """A checked, immutable, versioned policy. Made by `load()`; safe to share between threads."""

    def __init__(self, handle: _capi.Policy, source: str) -> None:
        self._handle = handle
        self._source = source
        self._plans: dict[str | None, _capi.Plan] = {}

    @classmethod
    def load(cls, source: str | os.PathLike[str] | bytes | Mapping[str, Any]) -> Policy:
        """Reads and checks a policy.

        Args:
            source: Name of a ready-made policy (see `names()`), a path, the JSON text, or the document as a
                dict.

        Raises:
            PolicyError: the document has an error; all findings are in ``.diagnostics``.
            NotFoundError: there is no ready-made policy and no file of that name.
            OSError: the file cannot be read.
        """
        text, name = _read(source)
        handle, findings, error = _capi.Policy.parse(text)
        if handle is None:
            diagnostics = Diagnostics.of(findings, "en", name)
            raise PolicyError(f"{name}: {error}" if name else str(error), diagnostics=diagnostics)
        return cls(handle, name)

    @staticmethod
    def names() -> list[str]:
        """Names of the ready-made policies."""
        folder = resources.files("libcsat") / "policies"
        return sorted(f.name.removesuffix(".json") for f in folder.iterdir() if f.name.endswith(".json"))

    @staticmethod
    def diagnose(
        source: str | os.PathLike[str] | bytes | Mapping[str, Any], language: str = "en"
    ) -> Diagnostics:
        """All findings about a document, also one that does not load.

        Args:
            source: As for `load()`.
            language: ``"en"`` or ``"zh"``.
        """
        text, name = _read(source)
        _, findings, _ = _capi.Policy.parse(text)
        return Diagnostics.of(findings, language, name)

    @property
    def id(self) -> str:
        return self._handle.id

    @property
    def version(self) -> str:
        return self._handle.version

    @property
    def effective_from(self) -> date:
        """First day on which this version is in force."""
        return date.fromisoformat(self._handle.effective_from)

    @property
    def zone(self) -> str:
        """IANA name of the time zone that days are counted in."""
        return self._handle.zone

    @property
    def digest(self) -> str:
        """SHA-256 of `canonical_json`, 64 lower-case hexadecimal digits."""
        return self._handle.digest

    @property
    def canonical_json(self) -> str:
        """The document in canonical form (RFC 8785): the same bytes for the same content."""
        return self._handle.canonical_json

    @property
    def document(self) -> dict[str, Any]:
        """The document as plain data, decimals exact."""
        document: dict[str, Any] = json.loads(self.canonical_json, parse_float=Decimal)
        return document

    @property
    def scorecards(self) -> list[str]:
        """Ids of the scorecards, in document order."""
        return self._handle.scorecards()

    @property
    def metrics(self) -> list[dict[str, Any]]:
        """The metrics as the document has them, in its order."""
        metrics: list[dict[str, Any]] = self.document.get("metrics", [])
        return metrics

    @property
    def clauses(self) -> list[str]:
        """All clause ids that the policy names, sorted."""
        return self._handle.clauses()

    @property
    def assumed(self) -> list[AssumedValue]:
        """The values that the documents behind the policy do not give."""
        return [AssumedValue(path, clauses) for path, clauses in self._handle.assumed()]

    @property
    def cases(self) -> list[PolicyCase]:
        """The examples that the policy carries."""
        return [
            PolicyCase(
                name,
                scorecard,
                clauses,
                json.loads(record, parse_float=Decimal),
                json.loads(expect, parse_float=Decimal),
            )
            for name, scorecard, clauses, record, expect in self._handle.cases()
        ]

    def label(self, language: str = "en") -> str:
        """The policy's name in a language; without it in English, in any, or the id."""
        return self._handle.label(language)

    def check(self, language: str = "en") -> Diagnostics:
        """The checker's findings about this policy: warnings and notes.

        Args:
            language: ``"en"`` or ``"zh"``.
        """
        return Diagnostics.of(self._handle.check(), language, f"{self.id} {self.version}")

    def run_cases(self) -> CaseResults:
        """Runs the examples that the policy carries."""
        cases = self.cases
        failures: list[list[str]] = [[] for _ in cases]
        for index, message in self._handle.run_cases():
            failures[index].append(message)
        return CaseResults(CaseResult(case, tuple(of)) for case, of in zip(cases, failures, strict=True))

    def fields(self, scorecard: str | None = None) -> list[Field]:
        """What a scorecard reads from a record.

        Args:
            scorecard: Its id; may be left out where the policy has one only.
        """
        return [
            Field(name, _FIELD_TYPES[type], required)
            for name, type, required in self._plan(scorecard).fields()
        ]

    def grades(self, scorecard: str | None = None) -> list[str]:
        """Ids of a scorecard's grades, best first."""
        return self._plan(scorecard).grades()

    def score_one(self, record: Any, scorecard: str | None = None) -> Score:
        """Scores one record.

        Args:
            record: A dict, mapping, dataclass or named tuple with the scorecard's fields (see `fields()`),
                or a JSON object as text. Numbers are int, float or Decimal; texts str; events a list of
                numbers; None or no key is missing. Keys that the scorecard does not read are passed over in
                a dict and refused in JSON.
            scorecard: Its id; may be left out where the policy has one only.

        Raises:
            RecordError: a value that the policy refuses: NaN, off its scale, negative where a count is
                wanted, a numerator above its denominator, a word where a number is wanted.
            NotFoundError: no such scorecard.
        """
        plan = self._plans.get(scorecard) or self._plan(scorecard)
        if type(record) is dict:
            return Score(plan.score_dict(record))
        if isinstance(record, (str, bytes)):
            return Score(plan.score_json(record.encode() if isinstance(record, str) else record))
        return Score(plan.score_dict(_as_dict(record)))

    def score(
        self,
        table: Any,
        scorecard: str | None = None,
        explain: bool | int | Literal["contributions"] = False,
        threads: int | None = None,
        *,
        subject: str | None = None,
        period: str | None = None,
        absent: Sequence[str] = (),
        bad_rows: Literal["fail", "refuse"] = "fail",
        exact: bool = False,
        prefix: str = "",
    ) -> Any:
        """Scores the rows of a table.

        Args:
            table: n rows as a pandas DataFrame, Polars DataFrame or LazyFrame, pyarrow Table, RecordBatch or
                RecordBatchReader, DuckDB relation, or anything with ``__arrow_c_stream__`` or
                ``__arrow_c_array__``. Columns are found by name (see `fields()`): integers, floats, decimals
                or booleans, strings or dictionaries of them, lists of numbers for events; null is missing.
                They are read where they lie, without a copy.
            scorecard: Its id; may be left out where the policy has one only.
            explain: True for base, without_veto, the contribution of each indicator and the three indicators
                that cost most; ``"contributions"`` for the first three of these; 1 to 16 for as many reasons.
            threads: 1 to 256; None for one on each processor. The result does not depend on it.
            subject: Column that says to whom a row belongs, for vetoes that reach all rows of a subject in a
                period. Together with `period`.
            period: Column that says when.
            absent: Fields that the table leaves out on purpose: missing in every row. Without this a column
                that the scorecard needs is an error, for it may only be misspelt.
            bad_rows: What a value does that `score_one()` would refuse: ``"fail"`` with the number of the
                first such row, or ``"refuse"`` that row with the outcome ``"refused"`` and the reason
                ``"bad_value"``.
            exact: Scores as decimal128(18, 6) instead of the nearest float64.
            prefix: Put before the names of the result columns.

        Returns:
            A table of the same kind: the input's columns, then n rows of score (points, 0 to the scorecard's
            maximum; null unless scored or vetoed), grade, outcome, reason (as Score has them), and what
            `explain` asks for: base, without_veto, contribution.<indicator>, reason_1, lost_1, ... A DuckDB
            relation comes back on the default connection.

        Raises:
            TableError: a column is missing, stands there twice or has a type that cannot be read; a row has
                a bad value; a result column has the name of an input column.
            NotFoundError: no such scorecard.
        """
        plan = self._plan(scorecard)
        reasons, base, contributions = _explained(explain)
        if (subject is None) != (period is None):
            raise ValueError("subject and period: give both or none")
        if threads is None:
            threads = min(_MOST_THREADS, len(os.sched_getaffinity(0)))
        if not 1 <= threads <= _MOST_THREADS:
            raise ValueError(f"threads {threads} lies outside [1, {_MOST_THREADS}]")
        if bad_rows not in ("fail", "refuse"):
            raise ValueError(f"bad_rows '{bad_rows}' is neither 'fail' nor 'refuse'")

        fields = [f.name for f in self.fields(scorecard)]
        keys = [] if subject is None or period is None else [subject, period]
        made = ["score", "grade", "outcome", "reason"]
        made += ["base", "without_veto"] if base else []
        made += [f"contribution.{id}" for id in plan.indicators()] if contributions else []
        made += [f"{word}_{i + 1}" for i in range(reasons) for word in ("reason", "lost")]

        for name in absent:
            if name not in fields:
                raise TableError(f"absent '{name}' is no field of the scorecard{nearest(name, fields)}")

        seen: list[str] = []

        def clash(names: Sequence[str]) -> None:
            seen[:] = names
            taken = set(names)
            for name in made:
                if prefix + name in taken:
                    raise TableError(f"the table has a column '{prefix + name}' already: give another prefix")
            for name in absent:
                if name in taken:
                    raise TableError(f"absent '{name}' is a column of the table")

        def run(columns: Any) -> Any:
            if absent:
                columns = with_nulls(columns, absent)
            return _capi.score_table(
                plan,
                one_batch(columns) if keys else columns,
                threads=threads,
                refuse_bad_rows=bad_rows == "refuse",
                base=base,
                contributions=contributions,
                exact=exact,
                top_reasons=reasons,
                subject=subject or "",
                period=period or "",
                prefix=prefix,
            )

        try:
            return score_table(table, fields + keys, clash, run, whole=bool(keys))
        except TableError as error:
            near = hints(seen, fields + keys)
            for name in fields + keys:
                if f"column '{name}' is missing" in str(error):
                    hint = near.get(name, " (name it as absent if the table leaves it out on purpose)")
                    error.args = (f"{error}{hint}",)
            raise

    def grid(self) -> Grid:
        title = f"{self.label()} ({self.id} {self.version}, from {self.effective_from})"
        grid = Grid(title, ["scorecard", "name", "grades", "indicators"])
        for scorecard in self.scorecards:
            plan = self._plan(scorecard)
            name = plan.label(_SCORECARD, scorecard, "en")
            grid.add([scorecard, name, ", ".join(plan.grades()), ", ".join(plan.indicators())])
        grid.note = f"digest {self.digest}"
        return grid

    def _plan(self, scorecard: str | None) -> _capi.Plan:
        plan = self._plans.get(scorecard)
        if plan is None:
            names = self.scorecards
            name = scorecard
            if name is None:
                if len(names) != 1:
                    raise NotFoundError(
                        f"policy '{self.id}' has {len(names)} scorecards, name one: {', '.join(names)}",
                        code="NOT_FOUND",
                    )
                name = names[0]
            elif name not in names:
                raise NotFoundError(
                    f"policy '{self.id}' has no scorecard '{name}'{nearest(name, names)}: {', '.join(names)}",
                    code="NOT_FOUND",
                )
            plan = self._plans[scorecard] = _capi.Plan.compile(self._handle, name)
        return plan


def in_force(versions: Iterable[Policy], day: date | str) -> Policy:
    """The version in force on a day: the one with the latest date of effect not after it.

    Args:
        versions: Versions of one policy, in any order.
        day: The day, or its text YYYY-MM-DD.

    Raises:
        NotFoundError: none is in force yet.
        CsatError: two versions with one date, policies with different ids, or no such day.
    """
    versions = list(versions)
    return versions[_capi.in_force([p._handle for p in versions], str(day))]


def json_schema() -> dict[str, Any]:
    """The JSON Schema of policy documents, for editors."""
    schema: dict[str, Any] = json.loads(_capi.json_schema())
    return schema


def _explained(explain: bool | int | str) -> tuple[int, bool, bool]:
    """Number of reasons, whether base and without_veto, whether contributions."""
    if explain is False:
        return 0, False, False
    if explain is True:
        return _REASONS, True, True
    if explain == "contributions":
        return 0, True, True
    if isinstance(explain, int) and 1 <= explain <= _MOST_REASONS:
        return explain, False, False
    raise ValueError(
        f"explain {explain!r} is neither a bool, 'contributions', nor 1 to {_MOST_REASONS} reasons"
    )


def _as_dict(record: Any) -> dict[str, Any]:
    if isinstance(record, Mapping):
        return dict(record)
    if is_dataclass(record) and not isinstance(record, type):
        return {f.name: getattr(record, f.name) for f in fields(record)}
    if isinstance(record, tuple) and hasattr(record, "_asdict"):
        return dict(record._asdict())
    raise TypeError(
        f"{type(record).__name__} is not a record: give a dict, mapping, dataclass, named tuple or JSON"
    )


def _read(source: str | os.PathLike[str] | bytes | Mapping[str, Any]) -> tuple[bytes, str]:
    """The document's bytes and the name to report it by; "" where it has none."""
    if isinstance(source, bytes):
        return source, ""
    if isinstance(source, Mapping):
        return json.dumps(source, default=_plain).encode(), ""
    if isinstance(source, str):
        if source.lstrip().startswith("{"):
            return source.encode(), ""
        if _NAME.fullmatch(source):
            ready = resources.files("libcsat") / "policies" / f"{source}.json"
            if ready.is_file():
                return ready.read_bytes(), source
    path = os.fspath(source)
    try:
        with open(path, "rb") as file:
            return file.read(_MOST_BYTES + 1), path
    except FileNotFoundError:
        names = Policy.names()
        hint = nearest(path, names)
        raise NotFoundError(
            f"no ready-made policy and no file '{path}'{hint}: ready-made are {', '.join(names)}",
            code="NOT_FOUND",
            path=path,
        ) from None


def _plain(value: Any) -> Any:
    """A decimal as a number of JSON, whose shortest form has its digits again."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} is not a value of a policy document")
