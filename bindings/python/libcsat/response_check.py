"""Whole tables of responses to a questionnaire: what is wrong with each. Nothing is dropped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from libcsat import _capi
from libcsat.checked import checked
from libcsat.error import TableError
from libcsat.questionnaire_words import responses_grid
from libcsat.show import Grid, Shown
from libcsat.tables import (
    add_hint,
    batches_of,
    check_absent,
    one_batch,
    package_of,
    same_kind,
    take_rows,
    with_nulls,
)

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CheckedField", "ResponseCheck"]

_STATES = ("complete", "incomplete", "invalid")


@dataclass(frozen=True)
class CheckedField:
    """What was found in one field.

    Attributes:
        field: Its name.
        shown: Responses whose path shows its item; of what is known beforehand: all.
        answered: Of these, with an answer that is not wrong.
        problems: Number of responses by kind of problem, those that occur.
    """

    field: str
    shown: int
    answered: int
    problems: dict[str, int]


class ResponseCheck(Shown):
    """Responses with what is wrong with them. Tables are of the kind that was given. Shows itself as a
    table."""

    def __init__(self, handle: _capi.ResponseCheck, table: Any) -> None:
        self._handle = handle
        self._table = table
        self._document: dict[str, Any] = json.loads(handle.to_json())

    @classmethod
    def _of(
        cls,
        questionnaire: _capi.Questionnaire,
        table: Any,
        fields: Sequence[str],
        absent: Sequence[str],
        texts: bool,
    ) -> ResponseCheck:
        import pyarrow as pa

        if isinstance(table, pa.RecordBatchReader):
            table = table.read_all()
        elif hasattr(table, "collect"):
            table = table.collect()
        ((names, batch),) = batches_of(table, fields, whole=True)
        check_absent(absent, fields, names)
        if absent:
            batch = one_batch(with_nulls(batch, absent))
        try:
            handle = questionnaire.check_table(batch, texts=texts)
        except TableError as error:
            add_hint(error, names, fields)
            raise
        return cls(handle, table)

    @property
    def rows(self) -> int:
        """Number of responses."""
        return int(self._document["rows"])

    @property
    def counts(self) -> dict[str, int]:
        """Number of responses by state: complete, incomplete (nothing is wrong but that required answers are
        missing), invalid."""
        return {state: int(self._document[state]) for state in _STATES}

    @property
    def fields(self) -> tuple[CheckedField, ...]:
        """What was found in each field: what is known beforehand, then the items, in their order."""
        return tuple(CheckedField(**field) for field in self._document["fields"])

    @cached_property
    def states(self) -> pa.Table:
        """A row for each response, as a pyarrow Table: state (dictionary of texts), shown (int64: items on
        the path of its answers), problems (int64: how many)."""
        import pyarrow as pa

        return pa.RecordBatchReader.from_stream(self._handle.states()).read_all().combine_chunks()

    @property
    def problems(self) -> Any:
        """A row for each problem, by response, then in the order of the items: row (from 0), field, problem
        (kinds as `AnswerProblem` has them, and ``"contradiction"``: a list of options says one thing, the
        columns of the options another), detail (the answer and the limit, such as ``6 is no whole rank of
        [1, 5]``; of a contradiction both answers)."""
        import pyarrow as pa

        table = pa.RecordBatchReader.from_stream(self._handle.problems()).read_all()
        return same_kind(package_of(self._table), table)

    @property
    def complete(self) -> Any:
        """The responses with nothing wrong."""
        return self._rows("complete")

    @property
    def incomplete(self) -> Any:
        """Those that lack required answers and have nothing else wrong."""
        return self._rows("incomplete")

    @property
    def invalid(self) -> Any:
        """Those with an answer that is wrong, or to an item that their other answers do not lead to."""
        return self._rows("invalid")

    def to_dict(self) -> dict[str, Any]:
        """All but the rows as plain data."""
        return dict(self._document)

    def to_json(self) -> str:
        """All but the rows as one JSON object."""
        return self._handle.to_json()

    @checked
    def words(self, language: str = "en") -> Grid:
        """What was found for people.

        Args:
            language: ``"en"`` or ``"zh"``.
        """
        asked = self._document["questionnaire"]
        return responses_grid(self, f"{asked['id']} {asked['version']}", language)

    def grid(self) -> Grid:
        return self.words()

    def _rows(self, state: str) -> Any:
        import pyarrow.compute as pc

        words = self.states["state"].combine_chunks().dictionary_decode()
        return take_rows(self._table, pc.indices_nonzero(pc.equal(words, state)))
