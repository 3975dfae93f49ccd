"""Cleaning over Spark. A verdict depends on its own row, but for duplicates: rows with the same keys are
brought together first. Counts and sums of figures add up; the review sample is drawn from the numbers of the
ids. What is about all responses at once is refused by name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from libcsat import _capi
from libcsat.checked import checked
from libcsat.cleaning import _VERDICTS, Cleaning, CleaningSummary, Outcome, _coded
from libcsat.error import CsatError, TableError
from libcsat.exact import decimal_of
from libcsat.sampling import allocate, seed_commitment
from libcsat.spark.frames import check_columns, chosen, no_rows, quoted, together
from libcsat.spark.workers import RESULT, gathered, located, may_pass, plain, policy_of, results, whole_keys
from libcsat.tables import counted_from, hints

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

    from libcsat.policy import Policy

__all__ = ["SparkCleaning", "clean"]

_SIDES = ("before", "after", "with_quarantined")
_STRATA = ("kept", "removed")
_ADDED = ("verdict", "deciding_rule")
_LEDGER = ("response_id", "rule", "verdict", "deciding", "unknown", "value")


@checked
def clean(
    frame: DataFrame,
    policy: Policy,
    *,
    seed: str = "",
    decisions: Mapping[str, Outcome] | None = None,
    absent: Sequence[str] = (),
) -> SparkCleaning:
    """`Policy.clean()` over a Spark DataFrame: each response has the verdict that one process gives it.

        >>> cleaning = spark.clean(responses, policy, seed="2025-03")
        >>> cleaning.counts, cleaning.figures
        >>> cleaning.kept.write.parquet("kept")

    One pass finds out whether ids are there twice, one counts. Frames of the result are computed when they
    are written or collected; persist ``.judged`` where several are wanted. For duplicates, rows with the same
    keys are brought together by a shuffle and a sort.

    Args:
        frame: All responses of a wave.
        policy: With cleaning. Two things that are about all responses at once are refused: a rule of the form
            ``mahalanobis``, and several of the form ``duplicates`` that have no key in common.
        seed, decisions, absent: As for `Policy.clean()`.

    Raises:
        TableError: as for `Policy.clean()`; a row is named by its partition and its row within that, from 0.
        CsatError: the policy has no cleaning, or a rule that cannot be judged over Spark.
    """
    decisions = {str(response): outcome for response, outcome in (decisions or {}).items()}
    _coded(decisions)
    fields = [field["name"] for field in json.loads(_capi.cleaning_fields(policy._handle))]
    wanted = [name for name in dict.fromkeys(fields) if name not in absent]
    keys = _keys(policy, absent)
    check_columns(frame, [name for name in wanted if frame.columns.count(name) > 1])
    present = chosen(frame, [name for name in wanted if name in frame.columns])
    nothing = no_rows(present)
    try:  # All that can be wrong but a value.
        empty = policy.clean(nothing, seed=seed, absent=absent, threads=1)
    except TableError as error:
        for name, near in hints(frame.columns, wanted).items():
            if f"column '{name}' is missing" in str(error):
                error.args = (f"{error}{near}",)
        raise
    id = policy.document["cleaning"].get("response_id", "response_id")
    _check_ids(present, id)
    work = _Work(policy.canonical_json, seed, decisions, list(absent), keys, id)

    def count(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        return results(batches, work.count)

    rows = together(present, keys) if keys else present
    document = json.loads(empty.to_json(), parse_float=Decimal)
    decided: set[str] = set()
    for counted in gathered(rows.mapInArrow(count, RESULT).collect()):
        part = json.loads(counted)
        decided.update(part.pop("decided"))
        _add(document, part)
    for response in decisions:
        if response not in decided:  # One process says it in its own words.
            policy.clean(nothing, decisions={response: decisions[response]}, absent=absent, threads=1)
    _finish(document, policy)
    return SparkCleaning(frame, document, work)


class SparkCleaning(CleaningSummary):
    """Responses with their verdicts, in frames. Shows itself as tables. ``rows``, ``counts``, ``rules``,
    ``figures`` and ``review`` are those of `libcsat.Cleaning`."""

    def __init__(self, frame: DataFrame, document: dict[str, Any], work: _Work) -> None:
        super().__init__(document)
        self._frame = frame
        self._work = work

    @property
    def judged(self) -> DataFrame:
        """All responses, with the columns verdict, and deciding_rule: null where the response is kept, ""
        where a person decided.

        Raises:
            TableError: the frame has a column of such a name.
        """
        from pyspark.sql.types import StringType, StructField, StructType

        for name in _ADDED:
            if name in self._frame.columns:
                raise TableError(f"the frame has a column '{name}' already: give it another name")
        texts = [StructField(name, StringType()) for name in _ADDED]
        schema = StructType([*self._frame.schema.fields, *texts])
        return self._run(self._frame, self._work.judge, schema)

    @property
    def kept(self) -> DataFrame:
        """The responses that count: kept and flagged ones.

        Raises:
            CsatError: the policy wants every doubtful response settled, and some are open.
        """
        counts = self.counts
        if self._document["settle_doubtful"] and self.open:
            raise CsatError(
                f"{self.open} of {self.rows} responses are doubtful and not settled, where 0 is the limit "
                f"({counts['flagged']} flagged, {counts['quarantined']} quarantined)",
                code="FAILED_PRECONDITION",
            )
        return self._having("kept", "flagged")

    @property
    def flagged(self) -> DataFrame:
        """Responses that count and should be looked at."""
        return self._having("flagged")

    @property
    def quarantined(self) -> DataFrame:
        """Responses that do not count unless a person brings them back."""
        return self._having("quarantined")

    @property
    def excluded(self) -> DataFrame:
        """Responses that do not count."""
        return self._having("excluded")

    @property
    def ledger(self) -> DataFrame:
        """A row for each rule that a response met, as in `libcsat.Cleaning`, without the row's number."""
        from pyspark.sql.types import BooleanType, DoubleType, StringType, StructField, StructType

        types = [StringType(), StringType(), StringType(), BooleanType(), BooleanType(), DoubleType()]
        fields = [StructField(name, type) for name, type in zip(_LEDGER, types, strict=True)]
        return self._run(self._columns(), self._work.ledger, StructType(fields))

    @property
    def to_review(self) -> DataFrame:
        """The responses of the review sample in the order drawn, those that count first. Their ids pass
        through the driver."""
        review = self.review
        drawn: list[tuple[str, int]] = []
        if review is not None and any(review.drawn):
            most = dict(zip(_STRATA, review.drawn, strict=True))
            work = self._work

            def draw(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
                return results(batches, lambda reader: work.draw(reader, review.seed, most))

            ids: dict[str, list[str]] = {stratum: [] for stratum in _STRATA}
            for part in gathered(self._brought(self._columns()).mapInArrow(draw, RESULT).collect()):
                for stratum, more in json.loads(part).items():
                    ids[stratum] += more
            for stratum in _STRATA:
                chosen_ids = _first(review.seed, stratum, ids[stratum], most[stratum])
                drawn += [(each, len(drawn) + at) for at, each in enumerate(chosen_ids)]
        frame = self._frame
        id, place = "libcsat.review.id", "libcsat.review.place"
        places = frame.sparkSession.createDataFrame(drawn, f"`{id}` string, `{place}` long")
        same = frame[quoted(self._work.id)].cast("string") == places[quoted(id)]
        found = frame.join(places.hint("broadcast"), same).orderBy(quoted(place))
        return found.drop(id, place)

    def _columns(self) -> DataFrame:
        """The frame with those of its columns that the rules read."""
        fields = _capi.cleaning_fields(policy_of(self._work.text)._handle)
        wanted = [field["name"] for field in json.loads(fields)]
        return chosen(self._frame, [name for name in dict.fromkeys(wanted) if name in self._frame.columns])

    def _brought(self, frame: DataFrame) -> DataFrame:
        return together(frame, self._work.keys) if self._work.keys else frame

    def _run(self, frame: DataFrame, judge: Callable[[Any], Any], schema: Any) -> DataFrame:
        def run(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
            return judge(batches)  # type: ignore[no-any-return]

        return self._brought(frame).mapInArrow(run, schema)

    def _having(self, *verdicts: str) -> DataFrame:
        judged = self.judged
        return judged.filter(judged["verdict"].isin(*verdicts)).drop(*_ADDED)


class _Work:
    """What the workers do; travels to them."""

    def __init__(
        self,
        text: str,
        seed: str,
        decisions: dict[str, Outcome],
        absent: list[str],
        keys: list[str],
        id: str,
    ) -> None:
        self.text = text
        self.seed = seed
        self.decisions = decisions
        self.absent = absent
        self.keys = keys
        self.id = id

    def count(self, batches: Iterable[pa.RecordBatch]) -> bytes:
        """The document of a partition, and the ids that decisions are about."""
        whole: dict[str, Any] = {}
        decided: list[str] = []
        for _, cleaning, about in self._cleaned(batches):
            decided += about
            part = json.loads(cleaning.to_json())
            if whole:
                _add(whole, part)
            else:
                whole = part
        return json.dumps({**whole, "decided": decided}).encode()

    def judge(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Rows with their verdicts."""
        import pyarrow as pa

        for batch, cleaning, _ in self._located(batches):
            added = cleaning.verdicts.select(list(_ADDED)).to_batches()[0]
            fields = [*batch.schema, *added.schema]
            both = pa.RecordBatch.from_arrays([*batch.columns, *added.columns], schema=pa.schema(fields))
            yield plain(both, batch.num_columns)

    def ledger(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The lines of the ledger."""
        for _, cleaning, _ in self._located(batches):
            for lines in cleaning.ledger.select(list(_LEDGER)).to_batches():
                yield plain(lines, 0)

    def draw(self, batches: Iterable[pa.RecordBatch], seed: str, most: dict[str, int]) -> bytes:
        """Ids by stratum, those of the least numbers, which are enough for the draw of the whole."""
        import pyarrow as pa
        import pyarrow.compute as pc

        rules = policy_of(self.text).document["cleaning"]["rules"]
        tests = pa.array([rule["id"] for rule in rules if "test_records" in rule], pa.string())
        least: dict[str, list[str]] = {stratum: [] for stratum in _STRATA}
        for batch, cleaning, _ in self._cleaned(batches):
            words = cleaning.verdicts.column("verdict").combine_chunks().dictionary_decode()
            counts = pc.is_in(words, value_set=pa.array(["kept", "flagged"]))
            lines = cleaning.ledger
            rule = lines.column("rule").combine_chunks().dictionary_decode()
            met = pc.and_not(pc.is_in(rule, value_set=tests), lines.column("unknown").combine_chunks())
            test = set(lines.column("row").filter(met).to_pylist())
            ids = batch.column(self.id).cast(pa.string()).to_pylist()
            for at, (each, counted) in enumerate(zip(ids, counts.to_pylist(), strict=True)):
                if at not in test:
                    least[_STRATA[0] if counted else _STRATA[1]].append(each)
            for stratum in _STRATA:
                least[stratum] = _first(seed, stratum, least[stratum], most[stratum])
        return json.dumps(least).encode()

    def _located(self, batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[pa.RecordBatch, Cleaning, Any]]:
        try:
            yield from self._cleaned(batches)
        except TableError as error:
            if may_pass(error):
                raise
            raise located(error, 0) from None

    def _cleaned(
        self, batches: Iterable[pa.RecordBatch]
    ) -> Iterator[tuple[pa.RecordBatch, Cleaning, list[str]]]:
        """Batches, what cleaning makes of each, and the ids in it that decisions are about."""
        import pyarrow as pa

        policy = policy_of(self.text)
        before = 0
        for batch in whole_keys(batches, self.keys):
            about: dict[str, Outcome] = {}
            if self.decisions:
                for each in batch.column(self.id).cast(pa.string()).to_pylist():
                    if each in self.decisions:
                        about[each] = self.decisions[each]
            try:
                cleaning = policy.clean(batch, seed=self.seed, decisions=about, absent=self.absent, threads=1)
            except TableError as error:
                raise counted_from(before, error) from None
            before += batch.num_rows
            yield batch, cleaning, list(about)


def _keys(policy: Policy, absent: Sequence[str]) -> list[str]:
    """Columns by which rows have to be together; none where no rule asks for that.

    Raises:
        CsatError: a rule is about all rows.
    """
    common: list[str] | None = None
    first = ""
    for rule in policy.document.get("cleaning", {}).get("rules", ()):
        if "mahalanobis" in rule:
            raise CsatError(
                f"rule '{rule['id']}': a distance from the mean of all responses cannot be judged over Spark",
                code="UNIMPLEMENTED",
            )
        keys = rule.get("duplicates", {}).get("keys", ())
        if not keys or any(key in absent for key in keys):  # A null key is the same as none.
            continue
        if common is None:
            common, first = list(keys), rule["id"]
            continue
        common = [key for key in common if key in keys]
        if not common:
            raise CsatError(
                f"rules '{first}' and '{rule['id']}': duplicates without a key in common cannot be judged "
                "over Spark",
                code="UNIMPLEMENTED",
            )
    return common or []


def _check_ids(frame: DataFrame, id: str) -> None:
    """Raises TableError where an id is there twice: a worker sees its own rows only."""
    if id not in frame.columns:
        return
    ids = frame[quoted(id)].cast("string").alias("id")
    twice = frame.select(ids).na.drop().groupBy("id").count().filter("count > 1").orderBy("id").first()
    if twice is not None:
        raise TableError(f"column '{id}': id '{twice['id']}' is there {twice['count']} times")


def _first(seed: str, stratum: str, ids: list[str], count: int) -> list[str]:
    """The ids with the least numbers, in their order."""
    drawn = min(count, len(ids))
    return [ids[at] for at in _capi.sampling_draw(seed, stratum, ids, drawn)] if drawn else []


def _add(whole: dict[str, Any], part: dict[str, Any]) -> None:
    """Adds up two documents but for their quotients."""
    for key in ("rows", "test_records", "open", *_VERDICTS):
        whole[key] += part[key]
    for rule, more in zip(whole["rules"], part["rules"], strict=True):
        for key in ("met", "decided", "unknown", "not_applicable"):
            rule[key] += more[key]
    for side, more in zip(_sides(whole), _sides(part), strict=True):
        side["answers"] += more["answers"]
        side["sum"] += more["sum"]
    if whole["review"] is not None:
        for stratum in _STRATA:
            whole["review"][stratum]["size"] += part["review"][stratum]["size"]


def _sides(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All numbers of all figures."""
    for figure in document["figures"]:
        for name in _SIDES:
            yield figure[name]
        for rule in figure["rules"]:
            yield from (rule["without"], rule["step"])


def _finish(document: dict[str, Any], policy: Policy) -> None:
    """The quotients of the figures, half to even at the sixth place, and the sizes of the review sample."""
    for side in _sides(document):
        side["value"] = None
        if side["answers"]:
            micros, rest = divmod(side["sum"] * 1_000_000, side["answers"])
            up = 2 * rest > side["answers"] or (2 * rest == side["answers"] and micros % 2 == 1)
            side["value"] = decimal_of(micros + up)
    review = document["review"]
    if review is not None:
        sizes = {stratum: review[stratum]["size"] for stratum in _STRATA}
        micros = int(policy.document["cleaning"]["review"]["share"] * 1_000_000)
        wanted = -(-micros * sum(sizes.values()) // 1_000_000)
        for stratum, drawn in allocate(sizes, wanted).items():
            review[stratum]["drawn"] = drawn
        review["commitment"] = seed_commitment(review["seed"])
