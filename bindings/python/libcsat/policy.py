"""Policies: what is measured, how it is scored and what overrules what."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from libcsat import _capi
from libcsat.answers import Answers
from libcsat.arguments import as_dict, thread_count
from libcsat.cases import CaseResult, CaseResults, PolicyCase, case_of
from libcsat.checked import check, checked
from libcsat.cleaning import Cleaning, Outcome
from libcsat.diagnostic import Diagnostics
from libcsat.documents import read_document, ready_made
from libcsat.error import NotFoundError, PolicyError
from libcsat.fields import Field, fields_of
from libcsat.incident import Incident, handles_of, incident_figures
from libcsat.measure import BUCKETS, Bucket, Measured, MeasurePlan
from libcsat.questionnaire import Offers, Questionnaire, offered_by, questionnaire_ids
from libcsat.sampling_plan import SamplingRule, sampling_rules
from libcsat.score import Score
from libcsat.show import Grid, Shown
from libcsat.simulation import Simulation
from libcsat.table_scoring import need_no_keys, period_keys, score_rows
from libcsat.tables import nearest

__all__ = ["AssumedValue", "Field", "Policy"]

# Kind of ids of csat_plan_label().
_SCORECARD = 0


@dataclass(frozen=True)
class AssumedValue:
    """A value that the documents behind a policy do not give.

    Attributes:
        path: Field path, such as ``scorecards[0].vetoes[1].scope``.
        clauses: Ids of the clauses that it interprets.
    """

    path: str
    clauses: tuple[str, ...]


class Policy(Shown):
    """A checked, immutable, versioned policy. Made by `load()`; equal by its digest; safe to share between
    threads and to pass between processes."""

    def __init__(self, handle: _capi.Policy, source: str) -> None:
        self._handle = handle
        self._source = source
        self._plans: dict[str | None, _capi.Plan] = {}
        self._period_vetoes: dict[str, list[str]] = {}
        self._questionnaires: dict[str, Questionnaire] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Policy) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self) -> tuple[Any, ...]:
        return Policy.load, (self.canonical_json,)

    @classmethod
    @checked
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
        text, name = read_document(source)
        handle, findings, error = _capi.Policy.parse(text)
        if handle is None:
            diagnostics = Diagnostics.of(findings, "en", name)
            raise PolicyError(f"{name}: {error}" if name else str(error), diagnostics=diagnostics)
        return cls(handle, name)

    @staticmethod
    def names() -> list[str]:
        """Names of the ready-made policies."""
        return ready_made()

    @staticmethod
    @checked
    def diagnose(
        source: str | os.PathLike[str] | bytes | Mapping[str, Any], language: str = "en"
    ) -> Diagnostics:
        """All findings about a document, also one that does not load.

        Args:
            source: As for `load()`.
            language: ``"en"`` or ``"zh"``.
        """
        text, name = read_document(source)
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
        return [case_of(*parts) for parts in self._handle.cases()]

    @checked
    def label(self, language: str = "en") -> str:
        """The policy's name in a language; without it in English, in any, or the id."""
        return self._handle.label(language)

    @checked
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

    @checked
    def fields(self, scorecard: str | None = None) -> list[Field]:
        """What a scorecard reads from a record.

        Args:
            scorecard: Its id; may be left out where the policy has one only.
        """
        return fields_of(self._plan(scorecard))

    @checked
    def grades(self, scorecard: str | None = None) -> list[str]:
        """Ids of a scorecard's grades, best first."""
        return self._plan(scorecard).grades()

    @checked
    def period_vetoes(self, scorecard: str | None = None) -> list[str]:
        """Ids of a scorecard's vetoes that reach all rows of a subject in a period, in policy order."""
        name = self._plan(scorecard).scorecard
        if name not in self._period_vetoes:
            card = next(card for card in self.document["scorecards"] if card["id"] == name)
            self._period_vetoes[name] = [
                veto["id"] for veto in card.get("vetoes", ()) if veto.get("scope") == "SUBJECT_PERIOD"
            ]
        return list(self._period_vetoes[name])

    def score_one(self, record: Any, scorecard: str | None = None) -> Score:
        """Scores one record.

        Args:
            record: A dict, mapping, dataclass or named tuple with the scorecard's fields (see `fields()`),
                or a JSON object as text. Numbers are int, float or Decimal; texts str; events a list of
                numbers, or of labels of their rating scale; None, pandas.NA, pandas.NaT or no key is
                missing. Keys that the scorecard does not read are passed over in a dict and refused in JSON.
            scorecard: Its id; may be left out where the policy has one only.

        Raises:
            RecordError: a value that the policy refuses: NaN, off its scale, negative where a count is
                wanted, a numerator above its denominator, a word where a number is wanted.
            NotFoundError: no such scorecard.
        """
        try:
            plan = self._plans.get(scorecard) or self._plan(scorecard)
        except TypeError:
            check("scorecard", scorecard, "str | None")
            raise
        if type(record) is dict:
            return Score(plan.score_dict(record))
        if isinstance(record, (str, bytes)):
            text = check("record", record, "str | bytes")
            return Score(plan.score_json(text.encode() if isinstance(text, str) else text))
        return Score(plan.score_dict(as_dict(record)))

    @checked
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
        each_row_alone: bool = False,
    ) -> Any:
        """Scores the rows of a table.

        Args:
            table: n rows as a pandas DataFrame, Polars DataFrame or LazyFrame, pyarrow Table, RecordBatch or
                RecordBatchReader, DuckDB relation, or anything with ``__arrow_c_stream__`` or
                ``__arrow_c_array__``. Columns are found by name (see `fields()`): integers, floats, decimals
                or booleans, strings or dictionaries of them, lists of numbers for events; null is missing,
                and so is NaN in pandas. They are read where they lie, without a copy.
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
            each_row_alone: Vetoes that reach all rows of a subject in a period (see `period_vetoes()`) reach
                their own row only. A scorecard that has such vetoes needs this or `subject` and `period`.

        Returns:
            A table of the same kind: the input's columns, then n rows of score (points, 0 to the scorecard's
            maximum; null unless scored or vetoed), grade, outcome, reason (as Score has them), and what
            `explain` asks for: base, without_veto, contribution.<indicator>, reason_1, lost_1, ... A DuckDB
            relation comes back on the default connection.

        Raises:
            TableError: what is given is no table; a column is missing, stands there twice or has a type that
                cannot be read; a row has a bad value; a result column has the name of an input column; a
                veto reaches all rows of a subject in a period, and nothing says which rows these are.
            NotFoundError: no such scorecard.
        """
        return score_rows(
            self._plan(scorecard),
            table,
            self.period_vetoes(scorecard),
            explain=explain,
            threads=threads,
            subject=subject,
            period=period,
            each_row_alone=each_row_alone,
            absent=absent,
            bad_rows=bad_rows,
            exact=exact,
            prefix=prefix,
        )

    @checked
    def clean(
        self,
        table: Any,
        *,
        seed: str = "",
        decisions: Mapping[str, Outcome] | None = None,
        absent: Sequence[str] = (),
        threads: int | None = None,
    ) -> Cleaning:
        """Judges responses by the policy's cleaning rules. Nothing is deleted: each response ends kept,
        flagged, quarantined or excluded, and the ledger says by which rules.

            >>> cleaning = cs.Policy.load("retail-after-sales").clean(responses, seed="2025-03")
            >>> cleaning.kept, cleaning.ledger, cleaning.figures

        Args:
            table: All responses of a wave, a row each: pandas, Polars, pyarrow, DuckDB, or anything with the
                Arrow PyCapsule interface.
            seed: Of the review sample; without one the policy's. Without either none is drawn. Refused where
                the policy has no review.
            decisions: By response id, what a person found out about one that is flagged or quarantined:
                ``"confirmed"``, ``"corrected"`` (the table holds it as corrected) or ``"rejected"``.
            absent: Columns that the table leaves out on purpose: missing in every row.
            threads: Default: one on each processor. The result does not depend on it.

        Raises:
            TableError: a column is missing, stands there twice or has a type that cannot be read; an id is
                missing or there twice; an answer lies off its scale and no rule speaks of that; a decision is
                about a response that is not doubtful.
            CsatError: the policy has no cleaning.
        """
        return Cleaning._of(self._handle, table, seed, decisions or {}, absent, thread_count(threads))

    @property
    def measures(self) -> list[dict[str, Any]]:
        """The measures as the document has them, in its order."""
        measures: list[dict[str, Any]] = self.document.get("measures", [])
        return measures

    @checked
    def measure_plan(
        self,
        by: Sequence[str] | str = (),
        measures: Sequence[str] | None = None,
        *,
        time: str | None = None,
        bucket: Bucket | None = None,
    ) -> MeasurePlan:
        """Makes measures ready for one grouping: to count on several machines or by and by, and read once.

        Args:
            by: Up to 8 columns whose values make a group: bool, integers, words or days.
            measures: Their ids; None for all of the policy.
            time: Column of timestamps or days that adds the key ``period``. Timestamps without a zone, and
                days, are read as the clock of the policy's zone shows them.
            bucket: What it is grouped into; None: by months.

        Raises:
            NotFoundError: no such measure.
            SpecError: the policy has no measures; a key or a measure is named twice.
        """
        if bucket is not None and bucket not in BUCKETS:
            raise ValueError(f"bucket '{bucket}' is none of {', '.join(BUCKETS)}")
        if bucket is not None and time is None:
            raise ValueError(f"bucket '{bucket}' goes with time, the column to group by")
        bucket = bucket or "month"
        keys = [by] if isinstance(by, str) else list(by)
        handle = _capi.MeasurePlan.compile(
            self._handle,
            measures=[measures] if isinstance(measures, str) else list(measures or ()),
            by=keys,
            time=time or "",
            bucket=BUCKETS.index(bucket),
        )
        return MeasurePlan(self, handle, keys, time is not None)

    @checked
    def measure(
        self,
        table: Any,
        by: Sequence[str] | str = (),
        measures: Sequence[str] | None = None,
        threads: int | None = None,
        *,
        time: str | None = None,
        bucket: Bucket | None = None,
        level: float = 0.95,
        bad_rows: Literal["fail", "refuse"] = "fail",
    ) -> Measured:
        """The measures of a table of records, by group, each with its interval or why there is none.

            >>> policy.measure(responses, by=["region"], time="submitted_at", bucket="quarter")

        Args:
            table: n rows of any kind that `score()` takes, or an iterator of such tables.
            by, measures, time, bucket: As in `measure_plan()`.
            threads: 1 to 256; None: one for each processor. The figures do not depend on it, nor on the order
                of rows.
            level: Coverage of the intervals, within (0, 1).
            bad_rows: A value that its metric refuses: ``"fail"`` with the number of the first such row, or
                ``"refuse"`` the row, which is counted.

        Raises:
            NotFoundError: no such measure.
            SpecError: a key or a measure is named twice, or a level outside of its range.
            TableError: what is given is no table; a column is missing, stands there twice or has a type that
                cannot be read; a bad value.
        """
        plan = self.measure_plan(by, measures, time=time, bucket=bucket)
        return plan.figures(plan.accumulate(table, threads, bad_rows=bad_rows), level)

    @property
    def questionnaires(self) -> tuple[Questionnaire, ...]:
        """The questionnaires, in document order."""
        return tuple(map(self.questionnaire, questionnaire_ids(self._handle)))

    @checked
    def questionnaire(self, id: str) -> Questionnaire:
        """One questionnaire.

        Args:
            id: Its id.

        Raises:
            NotFoundError: there is none of that id.
        """
        found = self._questionnaires.get(id)
        if found is None:
            names = questionnaire_ids(self._handle)
            if id not in names:
                known = f"{nearest(id, names)}: {', '.join(names)}" if names else ""
                raise NotFoundError(
                    f"policy '{self.id}' has no questionnaire '{id}'{known}", code="NOT_FOUND"
                )
            found = self._questionnaires[id] = Questionnaire(self, id)
        return found

    @property
    def sampling(self) -> tuple[SamplingRule, ...]:
        """The rules of the sampling plan, in document order."""
        return sampling_rules(self._handle)

    @checked
    def sampling_rule(self, id: str) -> SamplingRule:
        """One rule of the sampling plan.

        Args:
            id: Its id.

        Raises:
            NotFoundError: there is none of that id.
        """
        rules = self.sampling
        for rule in rules:
            if rule.id == id:
                return rule
        names = [rule.id for rule in rules]
        known = f"{nearest(id, names)}: {', '.join(names)}" if names else ""
        raise NotFoundError(f"policy '{self.id}' has no rule of sampling '{id}'{known}", code="NOT_FOUND")

    @checked
    def offered(self, event: str | None = None, context: Answers | None = None) -> Offers:
        """Which questionnaires are offered on an occasion.

        Args:
            event: What happened, such as ``"store_payment"``; None for whatever happened.
            context: What is known, by field, as the answers of `Questionnaire.next()`. Fields that no
                questionnaire knows are passed over.

        Raises:
            RecordError: no such context; a value that a questionnaire's field can never have, such as a word
                of no list; or a number with more than six places.
        """
        return offered_by(self, event, {} if context is None else context)

    @checked
    def simulate(
        self,
        other: Policy,
        table: Any,
        scorecard: str | None = None,
        other_scorecard: str | None = None,
        threads: int | None = None,
        *,
        subject: str | None = None,
        period: str | None = None,
        absent: Sequence[str] = (),
        bad_rows: Literal["fail", "refuse"] = "fail",
        sensitivity: bool = True,
        max_changes: int = 100_000,
        exact: bool = False,
        each_row_alone: bool = False,
    ) -> Simulation:
        """What another policy does to the same records: who changes grade, by which line of the ledger, and
        what each of its weights does.

            >>> simulation = cs.Policy.load("v1.json").simulate(cs.Policy.load("v2.json"), people)
            >>> simulation.matrix, simulation.changes, simulation.by_line, simulation.sensitivity

        Args:
            other: The policy, or the version of this one, to be tried.
            table: n rows as for `score()`, with the columns of both policies; or an iterator of such tables,
                such as ``pandas.read_csv(path, chunksize=100_000)``, of which one at a time is in memory.
            scorecard: Id of the scorecard; may be left out where the policy has one only.
            other_scorecard: Id of the other policy's; None for the same id, or its only one.
            threads: As for `score()`. The result does not depend on it.
            subject: As for `score()`. Together with `period`.
            period: Column that says when.
            absent: Fields of either scorecard that the table leaves out on purpose, as for `score()`.
            bad_rows: As for `score()`; a refused row counts as such, and in Simulation.bad_rows.
            sensitivity: Find out what each weight of `other` does; costs two scorings of each row for each
                top-level indicator.
            max_changes: Keep so many of the changed rows, the first ones.
            exact: Scores of the changed rows as decimal128(18, 6) instead of the nearest float64.
            each_row_alone: As for `score()`; needed, or `subject` and `period`, where either scorecard has
                such vetoes.

        Raises:
            TableError: a column is missing, stands there twice or has a type that cannot be read; a row has
                a bad value; a veto reaches all rows of a subject in a period, and nothing says which rows
                these are.
            NotFoundError: no such scorecard.
        """
        plan = self._plan(scorecard)
        if other_scorecard is None:
            other_scorecard = plan.scorecard if plan.scorecard in other.scorecards else None
        other_plan = other._plan(other_scorecard)
        keys = period_keys(subject, period, each_row_alone)
        if not keys and not each_row_alone:
            need_no_keys(self.period_vetoes(scorecard) + other.period_vetoes(other_scorecard))
        simulation = Simulation._between(
            plan,
            other_plan,
            keys,
            threads=threads,
            bad_rows=bad_rows,
            sensitivity=sensitivity,
            max_changes=max_changes,
            exact=exact,
        )
        simulation._add(table, absent)
        return simulation

    @checked
    def count_incidents(
        self,
        incidents: Iterable[Incident],
        veto: str,
        subject: str,
        period: str,
        scorecard: str | None = None,
    ) -> int:
        """How many confirmed incidents feed a veto for a subject in a period: the figure of the veto's
        metric. The veto says whether the day of the occurrence or of the confirmation decides, in the
        policy's zone, and whether an approval record is needed.

        Args:
            incidents: Each in its latest state.
            veto: Id of the veto.
            subject: Whom or what the score is of.
            period: ``"2025-03-14"``, ``"2025-W11"``, ``"2025-03"``, ``"2025-Q1"``, ``"2025-H1"`` or
                ``"2025"``.
            scorecard: Its id; may be left out where the policy has one only.

        Raises:
            IncidentError: no incidents feed the veto, one is there twice, or no such period.
            NotFoundError: no such veto or scorecard.
        """
        plan = self._plan(scorecard)
        return _capi.count_incidents(plan, veto, handles_of(incidents), subject, period)

    @checked
    def apply_incidents(
        self,
        table: Any,
        incidents: Iterable[Incident],
        *,
        subject: str,
        period: str,
        scorecard: str | None = None,
    ) -> Any:
        """Adds the figures that incidents give to the rows of a table: ready for `score()`.

        Args:
            table: n rows as for `score()`.
            incidents: All there are, each in its latest state: a row without one has 0.
            subject: Column that says to whom a row belongs: strings or integers.
            period: Column that says when: strings as for `count_incidents()`, or dates, which stand for the
                scorecard's period around them.
            scorecard: Its id; may be left out where the policy has one only.

        Returns:
            A table of the same kind: the input's columns, then one of integers for each field that a veto fed
            by incidents reads. A row that lacks its subject or period has null there, which the vetoes'
            missing rules do not let pass.

        Raises:
            TableError: a key column is missing or holds no keys, a row's period is none, one incident is
                there twice, or the table has such a column already.
            NotFoundError: no such scorecard.
        """
        return incident_figures(self._plan(scorecard), table, incidents, subject, period)

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
            name = scorecard = check("scorecard", scorecard, "str | None")
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
