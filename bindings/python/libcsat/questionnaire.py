"""Questionnaires: what is asked, of whom, in which order, and whether answers are whole."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from libcsat import _capi
from libcsat.answers import Answers, encoded
from libcsat.checked import checked
from libcsat.error import CsatError
from libcsat.questionnaire_words import offers_grid, questionnaire_grid, report_grid
from libcsat.response_check import ResponseCheck
from libcsat.show import Grid, Shown

if TYPE_CHECKING:
    from libcsat.policy import Policy

__all__ = [
    "AnswerProblem",
    "AnswersReport",
    "FollowUp",
    "KnownField",
    "Offers",
    "Questionnaire",
    "QuestionnaireConfirmation",
    "QuestionnaireItem",
    "QuestionnaireOption",
]

ItemKind = Literal["rating", "quantity", "choice", "several", "open"]
AnswersState = Literal["complete", "incomplete", "invalid"]


@dataclass(frozen=True)
class QuestionnaireOption:
    """An option of a choice.

    Attributes:
        id: What an answer names.
        label: Its text by language; may be empty.
        field: With several options: the column that is 1 where it is chosen and 0 where it is not; else "".
    """

    id: str
    label: dict[str, str]
    field: str


@dataclass(frozen=True)
class QuestionnaireItem:
    """A question or, with `detail`, a field of data about the customer or the occasion.

    Attributes:
        id: Its id.
        field: Under which its answer stands: key of the answers, or column of a table.
        kind: ``"rating"`` (a rank of a scale), ``"quantity"`` (any other number), ``"choice"`` (one option),
            ``"several"`` (a list of options) or ``"open"`` (a text).
        label: The question by language.
        help: What helps to answer it, by language; may be empty.
        required: It has to be answered where it is shown.
        detail: It does not count as a question.
        always_shown: By every path.
        shown_when: The condition, as in the policy file; None: always.
        section, topic, origin, purpose: As the policy has them; "" where it has none.
        min, max: Of a rating or quantity, inclusive; None: no limit.
        unit: Of a quantity; "" for none.
        ranks: Labelled ranks of a rating's scale, rising, with their texts by language.
        options: Of a choice.
        at_least, at_most: Options that may be chosen of several; None for other kinds.
        max_characters: Of an open answer; None: no limit.
    """

    id: str
    field: str
    kind: ItemKind
    label: dict[str, str]
    help: dict[str, str]
    required: bool
    detail: bool
    always_shown: bool
    shown_when: dict[str, Any] | None
    section: str
    topic: str
    origin: str
    purpose: str
    min: Decimal | None
    max: Decimal | None
    unit: str
    ranks: tuple[tuple[int, dict[str, str]], ...]
    options: tuple[QuestionnaireOption, ...]
    at_least: int | None
    at_most: int | None
    max_characters: int | None

    @checked
    def text(self, language: str = "en") -> str:
        """The question in a language; without it in English, in any, or the id."""
        return _in(self.label, language, self.id)


@dataclass(frozen=True)
class KnownField:
    """What is known before the first question.

    Attributes:
        id: Its metric.
        field: Key of the answers, or column of a table.
        label: Its name by language.
        values: Its words; empty: a number, or any text.
    """

    id: str
    field: str
    label: dict[str, str]
    values: tuple[str, ...]


@dataclass(frozen=True)
class FollowUp:
    """Offered to those who answered another questionnaire.

    Attributes:
        after: Id of the one that has to be answered first.
        since: Event that the time is counted from.
        months, days: The last day is so many months, and then days, after that of the event.
    """

    after: str
    since: str
    months: int
    days: int


@dataclass(frozen=True)
class QuestionnaireConfirmation:
    """Looked at again for a period.

    Attributes:
        period: ``"2025"``, ``"2025-H1"`` or ``"2025-Q1"``.
        decision: ``"confirmed"`` or ``"revised"``.
        report: The report that it was decided on.
    """

    period: str
    decision: str
    report: str


@dataclass(frozen=True)
class AnswerProblem:
    """What is wrong with one answer.

    Attributes:
        kind: ``"unknown_item"``, ``"not_shown"`` (no path that fits the other answers leads to it),
            ``"unanswered"``, ``"wrong_type"``, ``"off_scale"``, ``"unknown_option"``, ``"option_twice"``,
            ``"too_few_options"``, ``"too_many_options"`` or ``"too_long"``.
        field: Under which it stands.
        message: One line that names the item, the answer and the limit.
        message_zh: The same in Chinese.
    """

    kind: str
    field: str
    message: str
    message_zh: str


@dataclass(frozen=True, repr=False)
class AnswersReport(Shown):
    """What is said of one set of answers. Shows itself as a table.

    Attributes:
        state: ``"complete"``; ``"incomplete"``: nothing is wrong but that required answers are missing; or
            ``"invalid"``.
        shown: The items on the path of these answers, in their order.
        problems: Everything that is wrong, in the order of the items.
    """

    state: AnswersState
    shown: tuple[QuestionnaireItem, ...]
    problems: tuple[AnswerProblem, ...]

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, its items as their ids."""
        problems = [
            {
                "kind": problem.kind,
                "field": problem.field,
                "message": {"en": problem.message, "zh": problem.message_zh},
            }
            for problem in self.problems
        ]
        return {"state": self.state, "shown": [item.id for item in self.shown], "problems": problems}

    @checked
    def words(self, language: str = "en") -> Grid:
        """The report for people.

        Args:
            language: ``"en"`` or ``"zh"``.
        """
        return report_grid(self, language)

    def grid(self) -> Grid:
        return self.words()


@dataclass(frozen=True, repr=False)
class Offers(Shown):
    """Which questionnaires are offered. Shows itself as a table.

    Attributes:
        offered: Those that are, in document order.
        undecided: Those of which what is known does not tell.
    """

    offered: tuple[Questionnaire, ...]
    undecided: tuple[Questionnaire, ...]

    def grid(self) -> Grid:
        return offers_grid(self)


class Questionnaire(Shown):
    """One questionnaire of a policy, made by `Policy.questionnaire()`. Immutable; safe to share between
    threads and to pass between processes. Shows itself as a table of its items.

        >>> asked = cs.Policy.load("retail-after-sales").questionnaire("core_after_sales")
        >>> [item.id for item in asked.next({"after_sales_rating": 2})]
        >>> asked.check({"after_sales_rating": 2, "most_satisfying": "speed"}).problems
    """

    def __init__(self, policy: Policy, id: str) -> None:
        self._policy = policy
        self._handle = _capi.Questionnaire.create(policy._handle, id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Questionnaire) and self._policy == other._policy and self.id == other.id

    def __hash__(self) -> int:
        return hash((self._policy, self.id))

    def __reduce__(self) -> tuple[Any, ...]:
        return Questionnaire, (self._policy, self.id)

    @cached_property
    def _document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self._handle.to_json(), parse_float=Decimal)
        return document

    @property
    def id(self) -> str:
        return str(self._document["id"])

    @property
    def version(self) -> str:
        """Text that answers are kept with."""
        return str(self._document["version"])

    @checked
    def label(self, language: str = "en") -> str:
        """Its name in a language; without it in English, in any, or the id."""
        return _in(self._document["label"], language, self.id)

    @property
    def purpose(self) -> str:
        return str(self._document["purpose"])

    @property
    def channel(self) -> str:
        """How it reaches people, such as ``"phone"``; "" where the policy says nothing."""
        return str(self._document["channel"])

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which every question is worded."""
        return tuple(self._document["languages"])

    @property
    def triggers(self) -> tuple[str, ...]:
        """Events after which it is offered; empty: any."""
        return tuple(self._document["triggers"])

    @property
    def offered_when(self) -> dict[str, Any] | None:
        """The occasions on which it is offered, as a condition of the policy file; None: all."""
        condition: dict[str, Any] | None = self._document["offered_when"]
        return condition

    @cached_property
    def context(self) -> tuple[KnownField, ...]:
        """What is known before the first question."""
        return tuple(
            KnownField(field["id"], field["field"], field["label"], tuple(field.get("values", ())))
            for field in self._document["context"]
        )

    @cached_property
    def items(self) -> tuple[QuestionnaireItem, ...]:
        """Its items, in the order in which they are asked."""
        return tuple(map(_item, self._document["items"]))

    @property
    def least_questions(self) -> int:
        """Questions of the shortest path; details do not count."""
        return int(self._document["least_questions"])

    @property
    def most_questions(self) -> int:
        """Questions of the longest path."""
        return int(self._document["most_questions"])

    @property
    def max_questions(self) -> int | None:
        """The most that the policy allows any path; None: no limit."""
        limit: int | None = self._document["max_questions"]
        return limit

    @property
    def min_duration_ms(self) -> int:
        """Answered in less, strictly, is too fast for a person; 0: no limit."""
        return int(self._document["min_duration_ms"])

    @property
    def requires_presence(self) -> bool:
        """Only answers given on the spot count."""
        return bool(self._document["requires_presence"])

    @property
    def core_items(self) -> tuple[str, ...]:
        """Ids of the items that every path shows because it has to."""
        return tuple(self._document["core_items"])

    @property
    def topics(self) -> tuple[str, ...]:
        """Topics that an item each is on because one has to be."""
        return tuple(self._document["topics"])

    @property
    def follow_up(self) -> FollowUp | None:
        """What it follows; None: nothing."""
        given = self._document["follow_up"]
        return None if given is None else FollowUp(**given)

    @property
    def confirmed_every(self) -> Literal["quarter", "half_year", "year"] | None:
        """A wave of such a period may start only after its confirmation; None: any time."""
        every: Literal["quarter", "half_year", "year"] | None = self._document["confirmed_every"]
        return every

    @property
    def confirmations(self) -> tuple[QuestionnaireConfirmation, ...]:
        """The confirmations made so far."""
        return tuple(QuestionnaireConfirmation(**made) for made in self._document["confirmations"])

    @checked
    def next(self, answers: Answers | None = None) -> tuple[QuestionnaireItem, ...]:
        """The items due now: those shown whatever is still answered, and not answered yet, up to the first
        whose condition waits for one of them. An answer that `check()` would refuse is asked for again, and
        so is a required one that was left out.

        Args:
            answers: What was answered so far, by field: int, float or Decimal with no more than six places;
                str; a list of str; None where an item was shown and left out. Or a JSON object as text.

        Returns:
            The items in their order; empty: nothing is left to ask.

        Raises:
            RecordError: no such answers, or a number with more than six places.
        """
        return self._items(json.loads(self._handle.next(encoded({} if answers is None else answers))))

    @checked
    def check(self, answers: Answers) -> AnswersReport:
        """Everything that is wrong with a set of answers, as one that is handed in. An answer of blanks
        alone, or that the metric counts as missing, is none; a label of the scale stands for its rank.

        Args:
            answers: As for `next()`.

        Raises:
            RecordError: no such answers, or a number with more than six places.
        """
        report = json.loads(self._handle.check(encoded(answers)))
        return AnswersReport(
            report["state"],
            self._items(report["shown"]),
            tuple(
                AnswerProblem(
                    problem["kind"], problem["field"], problem["message"]["en"], problem["message"]["zh"]
                )
                for problem in report["problems"]
            ),
        )

    @checked
    def check_table(self, table: Any, *, absent: Sequence[str] = (), texts: bool = False) -> ResponseCheck:
        """Judges each row of a table of responses as `check()` judges one set of answers. Nothing is dropped.

        Args:
            table: n responses as a pandas DataFrame, Polars DataFrame or LazyFrame, pyarrow Table,
                RecordBatch or RecordBatchReader, DuckDB relation, or anything with ``__arrow_c_stream__`` or
                ``__arrow_c_array__``. Columns are found by the ``field`` of the items and of the context;
                null, and NaN in pandas, is not answered; other columns are passed over. A number with more
                than six places is off its scale, never rounded. The item of several options is a list of
                texts, or a column of 0 and 1 for each option under its ``field``: null in all of them is not
                answered. Where both are there and both say something, the list counts, and a response of
                which the columns say otherwise is a contradiction; where the list is null the columns count,
                if there is one for each option.
            absent: Fields that the table leaves out on purpose: not answered in any row.
            texts: The table holds texts, as a CSV file does: a text that is a number stands for it, and
                option ids between spaces, commas or semicolons for the list of them.

        Raises:
            TableError: what is given is no table; a column is missing, stands there twice or has a type that
                can never answer its item.
        """
        return ResponseCheck._of(self._handle, table, self.fields(), absent, texts)

    def fields(self) -> list[str]:
        """Columns of a table of responses: of what is known beforehand, then of the items, each followed by
        those of its several options, which may stand in its place."""
        fields = [field.field for field in self.context]
        for item in self.items:
            fields += [item.field, *(option.field for option in item.options if option.field)]
        return fields

    @checked
    def may_start(self, day: date | str) -> bool:
        """Whether a wave may start on a day: True unless the questionnaire has to be confirmed for the period
        of that day, and is not.

        Args:
            day: The day, or its text YYYY-MM-DD.

        Raises:
            ValueError: no such day.
        """
        try:
            self._handle.may_start(_day(day))
        except CsatError as error:
            if error.code != "FAILED_PRECONDITION":
                raise
            return False
        return True

    @checked
    def last_day(self, event: date | str) -> date | None:
        """The last day on which a follow-up counts; None beyond the year 9999.

        Args:
            event: Day of the event that the time is counted from, or its text YYYY-MM-DD.

        Raises:
            CsatError: the questionnaire follows none (code ``"FAILED_PRECONDITION"``).
            ValueError: no such day.
        """
        day = self._handle.last_day(_day(event))
        return date.fromisoformat(day) if day else None

    @checked
    def check_follow_up(self, event: date | str, answered_before: date | str | None, day: date | str) -> None:
        """Raises unless a follow-up that was answered on a day counts.

        Args:
            event: Day of the event that the time is counted from, or its text YYYY-MM-DD.
            answered_before: Day on which the questionnaire before it was answered; None: it was not.
            day: Day on which the follow-up was answered.

        Raises:
            CsatError: the one before is not answered, or later; the day lies before the event or beyond the
                last day (code ``"FAILED_PRECONDITION"``); the questionnaire follows none.
            ValueError: no such day.
        """
        before = "" if answered_before is None else _day(answered_before)
        self._handle.check_follow_up(_day(event), before, _day(day))

    def to_dict(self) -> dict[str, Any]:
        """The questionnaire as plain data, decimals exact."""
        return dict(self._document)

    def to_json(self) -> str:
        """The questionnaire as one JSON object."""
        return self._handle.to_json()

    @checked
    def words(self, language: str = "en") -> Grid:
        """The questionnaire for people: its questions, what kind of answer each takes, and when it is shown.

        Args:
            language: ``"en"`` or ``"zh"``.
        """
        return questionnaire_grid(self, language)

    def grid(self) -> Grid:
        return self.words()

    def _items(self, ids: Sequence[str]) -> tuple[QuestionnaireItem, ...]:
        return tuple(self._by_id[id] for id in ids)

    @cached_property
    def _by_id(self) -> dict[str, QuestionnaireItem]:
        return {item.id: item for item in self.items}


def questionnaire_ids(policy: _capi.Policy) -> list[str]:
    """Ids of a policy's questionnaires, in document order."""
    ids: list[str] = json.loads(_capi.questionnaires(policy))
    return ids


def offered_by(policy: Policy, event: str | None, context: Answers) -> Offers:
    """Which of a policy's questionnaires are offered."""
    if event == "":
        raise ValueError("event is empty: give None for whatever happened")
    found = json.loads(_capi.offers(policy._handle, event or "", encoded(context)))
    return Offers(
        tuple(map(policy.questionnaire, found["offered"])),
        tuple(map(policy.questionnaire, found["undecided"])),
    )


def _item(item: dict[str, Any]) -> QuestionnaireItem:
    scale = item.get("scale") or {"labels": ()}
    return QuestionnaireItem(
        id=item["id"],
        field=item["field"],
        kind=item["kind"],
        label=item["label"],
        help=item["help"],
        required=item["required"],
        detail=item["detail"],
        always_shown=item["always_shown"],
        shown_when=item["shown_when"],
        section=item["section"],
        topic=item["topic"],
        origin=item["origin"],
        purpose=item["purpose"],
        min=_decimal(item.get("min")),
        max=_decimal(item.get("max")),
        unit=item.get("unit", ""),
        ranks=tuple(
            sorted(((rank["rank"], rank["label"]) for rank in scale["labels"]), key=lambda rank: rank[0])
        ),
        options=tuple(
            QuestionnaireOption(option["id"], option["label"], option.get("field", ""))
            for option in item.get("options", ())
        ),
        at_least=item.get("at_least"),
        at_most=item.get("at_most"),
        max_characters=item.get("max_characters"),
    )


def _decimal(number: Any) -> Decimal | None:
    return None if number is None else Decimal(number)


def _in(texts: Mapping[str, str], language: str, otherwise: str) -> str:
    for wanted in (language, language.partition("-")[0], "en"):
        if wanted in texts:
            return texts[wanted]
    return next(iter(texts.values()), otherwise)


def _day(day: date | str) -> str:
    """The text of a day that was checked."""
    return str(day)
