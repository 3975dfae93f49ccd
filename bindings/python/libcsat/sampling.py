"""Sampling: how many are asked, how many of each stratum, and who, by chance that anyone can check."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from libcsat import _capi
from libcsat.checked import checked
from libcsat.error import ProofError, SpecError, TableError
from libcsat.proportion import Proportional, exact, in_proportion
from libcsat.sample_proof import METHODS, Design, differing, proof_of, read_proof
from libcsat.show import Grid, Shown
from libcsat.tables import columns_of, hints, package_of, same_kind

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "Sample",
    "SampleSize",
    "StratumShare",
    "allocate",
    "is_invited",
    "sample",
    "sample_size",
    "seed_commitment",
    "verify_sample",
]

# What the library counts with: sizes times deviations times the sample.
_WIDEST = 1 << 127
_Method = Literal["proportional", "equal", "neyman"]
_Number = int | float | str | Decimal
_T = TypeVar("_T")


@dataclass(frozen=True)
class SampleSize:
    """How many answers a share needs.

    Attributes:
        answers: Needed, rounded up; at most the population.
        invitations: `answers` over the response rate, rounded up; above the population they are not to be
            had.
        unrounded: The answers before rounding.
    """

    answers: int
    invitations: int
    unrounded: float


@checked
def sample_size(
    margin: _Number = "0.05",
    *,
    z: _Number = "1.96",
    share: _Number = "0.5",
    population: int | None = None,
    design_effect: _Number = 1,
    response_rate: _Number = 1,
) -> SampleSize:
    """Answers that a share needs to be known to `margin`: n0 = z² p (1 - p) / e² times the design effect, and
    n0 / (1 + (n0 - 1) / N) of a population of N: Cochran, Sampling Techniques, 3rd ed. 1977, 4.4. In exact
    decimals, rounded up.

        >>> cs.sample_size("0.05", population=10_000).answers
        370

    Args:
        margin: Half-width of the interval; 0.05 is 5 points. Above 0, at most 1.
        z: Quantile of the normal distribution as the tables print it: 1.645, 1.96, 2.576 for 90, 95, 99 %.
            Above 0, at most 10.
        share: The share that is expected, within (0, 1); 0.5 is the safe one.
        population: 1 to 10^9; None: large.
        design_effect: Variance under the design over that of a simple random sample, above 0, at most 100.
        response_rate: Share of those asked who answer, 0.001 to 1.

    Raises:
        SpecError: an input lies outside of its range or has more than six decimal places.
    """
    if population is not None and population < 1:
        raise SpecError(f"population {population} lies outside [1, 1000000000]")
    answers, invitations, unrounded = _capi.sampling_size(
        z=_micros(z, "z"),
        margin=_micros(margin, "margin"),
        share=_micros(share, "share"),
        population=population or 0,
        design_effect=_micros(design_effect, "design_effect"),
        response_rate=_micros(response_rate, "response_rate"),
    )
    return SampleSize(answers, invitations, unrounded)


@checked
def allocate(
    sizes: Mapping[str, int],
    sample: int,
    method: _Method = "proportional",
    deviations: Mapping[str, Proportional] | None = None,
) -> dict[str, int]:
    """Shares a sample out among strata. No stratum gets more than its size; the shares sum to the sample.

        >>> cs.allocate({"small": 1000, "middle": 3000, "large": 6000}, 333)
        {'small': 33, 'middle': 100, 'large': 200}

    Args:
        sizes: Members by stratum.
        sample: 0 to the sum of the sizes.
        method: ``"proportional"``: to the sizes, by the largest remainder; equal remainders to the stratum
            that comes first. ``"equal"``: the same for each, a quota; what a stratum is too small for goes
            to the others. ``"neyman"``: to size times standard deviation, within the sizes (Cochran, 5.5
            and 5.8).
        deviations: Standard deviations by stratum, for ``"neyman"`` alone. Only their proportions count, and
            these exactly: a float stands for the shortest decimal that reads as it. Where no 64-bit numbers
            have them, such as those of 1 and 10^-20, each is rounded to a part of 2^61 of the largest, or of
            less where the sizes and the sample leave no room for it.

    Raises:
        SpecError: no stratum, a size or deviation below 0, deviations missing or given where none belong, a
            sample that the sizes cannot hold.
    """
    given = _deviations(method, deviations, sizes)
    return _allocated(sizes, sample, method, given)


def _deviations(
    method: str, deviations: Mapping[str, Proportional] | None, sizes: Mapping[str, int]
) -> dict[str, Fraction] | None:
    """The standard deviation of each stratum; None for methods that read none."""
    if method not in METHODS:
        raise ValueError(f"method '{method}' is none of {', '.join(METHODS)}")
    if (deviations is not None) != (method == "neyman"):
        why = (
            f"deviations are given, and method '{method}' reads none: they are for 'neyman'"
            if deviations is not None
            else "deviations are missing: method 'neyman' needs a standard deviation for each stratum"
        )
        raise SpecError(why)
    if deviations is None:
        return None
    for name in sizes:
        if name not in deviations:
            raise SpecError(f"stratum '{name}' has no standard deviation")
    for name in deviations:
        if name not in sizes:
            raise SpecError(f"deviations name '{name}', which is no stratum")
    given = {name: exact(deviations[name], f"deviation of '{name}'") for name in sizes}
    for name, deviation in given.items():
        if deviation < 0:
            raise SpecError(f"stratum '{name}': its deviation {deviations[name]} lies below 0")
    return given


def _allocated(
    sizes: Mapping[str, int], sample: int, method: str, deviations: Mapping[str, Fraction] | None
) -> dict[str, int]:
    for name, size in sizes.items():
        if size < 0:
            raise SpecError(f"stratum '{name}': its size {size} lies below 0")
    given = None
    if deviations is not None:
        room = _WIDEST // max(sum(sizes.values()) * max(sample, 1), 1)
        given = in_proportion(list(deviations.values()), min(max(room, 1), 1 << 61))
    shares = _capi.sampling_allocate(METHODS.index(method), list(sizes.values()), given, sample)
    return dict(zip(sizes, shares, strict=True))


@checked
def seed_commitment(seed: str) -> str:
    """SHA-256 of the seed in hexadecimal: published before the draw, it binds who draws. Give the seed some
    twenty random characters besides its meaning, or it can be guessed from its commitment.

    Raises:
        SpecError: an empty seed.
    """
    return _capi.sampling_commitment(seed)


@checked
def is_invited(seed: str, id: str, probability: _Number) -> bool:
    """Whether an id, such as that of a visit, is invited with a probability of 0 to 1. The same id gets the
    same answer on every replay, and who is invited at a lower probability is at a higher one.

    Raises:
        SpecError: a probability outside of its range, an empty seed or id, or one with a zero byte.
    """
    return _capi.sampling_invites(seed, id, _micros(probability, "probability"))


@dataclass(frozen=True)
class StratumShare:
    """What was drawn of one stratum.

    Attributes:
        name: Its value, as text; "" where the frame has no strata.
        size: Its members.
        drawn: Their ids, in the order of their numbers.
        replacements: Ids that stand in for drawn ones who cannot be had, in their order.
    """

    name: str
    size: int
    drawn: tuple[str, ...]
    replacements: tuple[str, ...]


@checked
def sample(
    frame: Any,
    size: int | Mapping[Any, int],
    seed: str,
    id: str,
    stratum: str | None = None,
    method: _Method | None = None,
    *,
    deviations: Mapping[Any, Proportional] | None = None,
    replacements: int = 0,
) -> Sample:
    """Draws a sample from a frame so that anyone who has the frame and the seed can draw it again.

        >>> drawn = cs.sample(customers, 333, seed="wave-7 4f1c9a…", id="customer", stratum="segment",
        replacements=50)
        >>> drawn.table, drawn.strata
        >>> open("proof.json", "w").write(drawn.proof_json())
        >>> cs.verify_sample(customers, open("proof.json").read())

    Who is drawn follows from SHA-256 of the seed and each id: drawn are those with the least numbers. The
    order of rows, the machine and the time have no part in it. Publish `seed_commitment(seed)` before the
    draw and the proof after it.

    Args:
        frame: n rows, one for each member: a table of any kind that `Policy.score()` takes.
        size: How many are drawn in all, shared out by `method`; or a quota for each stratum.
        seed: A text without a zero byte.
        id: Column of ids, texts or integers, each once, none null.
        stratum: Column of strata, texts, integers or bools, none null; None: the frame is not divided.
        method: As for `allocate()`; strata are taken in the order of their names. None: proportional; quotas
            need none.
        deviations: As for `allocate()`.
        replacements: Up to so many further members of each stratum, to stand in for those who cannot be had.

    Raises:
        SpecError: as for `allocate()`; a quota above its stratum or of none, or a method beside quotas; two
            quotas or deviations of one stratum; an empty seed.
        TableError: a column is missing, or an id or stratum is null, empty, there twice or of another type.
    """
    members = _members(frame, id, stratum)
    sizes = {name: len(ids) for name, ids in members.items()}
    if replacements < 0:
        raise SpecError(f"replacements {replacements} is negative")
    deviated = None if deviations is None else _by_word(deviations, "deviations")
    if isinstance(size, Mapping):
        for what, given in (("method", method), ("deviations", deviations)):
            if given is not None:
                raise SpecError(
                    f"{what} and quotas are given: quotas say themselves how many of each stratum"
                )
        quotas = _by_word(size, "quotas")
        for name, count in quotas.items():
            if name not in sizes:
                raise SpecError(f"the quota of '{name}' is for no stratum of the frame")
            if not 0 <= count <= sizes[name]:
                raise SpecError(f"the quota {count} of '{name}' lies outside [0, {sizes[name]}]")
        quotas = {name: quotas.get(name, 0) for name in sizes}
        design = Design(seed, id, stratum, "quota", quotas, None, replacements)
    else:
        how = method or "proportional"
        design = Design(seed, id, stratum, how, size, _deviations(how, deviated, sizes), replacements)
    strata = _draw(members, design)
    return Sample(frame, _proof(members, design, strata), strata)


class Sample(Shown):
    """Who was drawn, and the proof of it. Shows itself as a table of the strata."""

    def __init__(self, frame: Any, proof: dict[str, Any], strata: list[StratumShare]) -> None:
        self._frame = frame
        self._proof = proof
        self._strata = strata

    @property
    def strata(self) -> list[StratumShare]:
        """What was drawn of each stratum, in the order of their names."""
        return list(self._strata)

    @property
    def proof(self) -> dict[str, Any]:
        """What has to be published for anyone who has the frame to draw again: the seed and its commitment,
        the names of the columns, what was asked for (method, size or quotas, deviations, replacements), the
        number of members and a SHA-256 of the frame's ids by stratum, and of each stratum its size, those
        drawn and their replacements. It holds ids: publish it where these may be.
        """
        return copy.deepcopy(self._proof)

    def proof_json(self) -> str:
        """The proof as one JSON object."""
        return json.dumps(self._proof, ensure_ascii=False, indent=1) + "\n"

    @cached_property
    def table(self) -> Any:
        """The rows drawn, as a table of the kind that was given, stratum by stratum, with two columns more:
        `role`, ``"drawn"`` or ``"replacement"``, and `order`, from 1 within the stratum and role.
        pandas rows keep their index.

        Raises:
            TableError: the frame has a column of one of these names, or was a reader, which can be read but
            once.
        """
        import pyarrow as pa

        if isinstance(self._frame, pa.RecordBatchReader):
            raise TableError("the frame was a reader of batches, which can be read but once: give a table")
        names, ids = columns_of(self._frame, [self._proof["id"]])
        for name in ("role", "order"):
            if name in names:
                raise TableError(f"the frame has a column '{name}' already")
        place = {word: row for row, word in enumerate(_words(ids.column(0), self._proof["id"]))}
        at: list[int] = []
        role: list[str] = []
        order: list[int] = []
        for each in self._strata:
            for kind, drawn in (("drawn", each.drawn), ("replacement", each.replacements)):
                at += [place[word] for word in drawn]
                role += [kind] * len(drawn)
                order += range(1, len(drawn) + 1)
        package, frame = package_of(self._frame), self._frame
        if package == "pandas":
            return frame.iloc[at].assign(role=role, order=order)
        if package == "polars":
            import polars

            frame = frame.collect() if hasattr(frame, "collect") else frame
            return frame[at].with_columns(polars.Series("role", role), polars.Series("order", order))
        made = columns_of(frame)[1].take(pa.array(at, pa.int64()))
        made = made.append_column("role", pa.array(role, pa.string()))
        return same_kind(package, made.append_column("order", pa.array(order, pa.int64())))

    def grid(self) -> Grid:
        drawn = sum(len(each.drawn) for each in self._strata)
        grid = Grid(
            f"{drawn} of {self._proof['members']} drawn, method {self._proof['method']}",
            [self._proof["stratum"] or "stratum", "members", "drawn", "replacements"],
            right=frozenset({1, 2, 3}),
        )
        for each in self._strata:
            grid.add([each.name or "(all)", each.size, len(each.drawn), len(each.replacements)])
        grid.note = f"seed commitment {self._proof['commitment']}"
        return grid


@checked
def verify_sample(frame: Any, proof: Mapping[str, Any] | str | bytes) -> None:
    """Draws again from the frame what the proof says was asked for, and compares all that it says. The
    columns are those that the proof names.

    What was asked for, such as the size and the method, is in the proof alone: publish it with the seed's
    commitment before the draw, and see that the proof says the same.

    Raises:
        ProofError: a difference, code ``"DATA_LOSS"``: the frame has other members, the seed is not the one
            that was committed to, other shares or others were drawn; or this is no such proof: a member is
            missing, there twice, unknown or of another kind.
        TableError: as for `sample()`.
    """
    design, said = read_proof(proof)
    if said["commitment"] != seed_commitment(design.seed):
        raise ProofError("the seed is not the one of the commitment", code="DATA_LOSS")
    members = _members(frame, design.id, design.stratum)
    if _digest(members) != said["frame"]:
        count = sum(map(len, members.values()))
        raise ProofError(
            f"the frame is another one: the SHA-256 of its {count} members by stratum is not that of the"
            f" proof, which has {said['members']}",
            code="DATA_LOSS",
        )
    try:
        found = _proof(members, design, _draw(members, design))
    except SpecError as error:
        raise ProofError(f"no such sample can be drawn of the frame: {error}", code="DATA_LOSS") from None
    why = differing(said, found)
    if why is not None:
        raise ProofError(why, code="DATA_LOSS")


def _draw(members: Mapping[str, list[str]], design: Design) -> list[StratumShare]:
    sizes = {name: len(ids) for name, ids in members.items()}
    if isinstance(design.size, dict):
        shares = design.size
        if shares.keys() != sizes.keys() or any(shares[name] > size for name, size in sizes.items()):
            raise SpecError("the quotas are for other strata, or above their sizes")
    else:
        deviations = design.deviations
        if deviations is not None:
            if deviations.keys() != sizes.keys():
                raise SpecError("the deviations are those of other strata")
            deviations = {name: deviations[name] for name in sizes}
        shares = _allocated(sizes, design.size, design.method, deviations)
    strata = []
    for name, ids in members.items():
        count = shares[name]
        order = _capi.sampling_draw(
            design.seed,
            None if design.stratum is None else name,
            ids,
            min(len(ids), count + design.replacements),
        )
        drawn = [ids[at] for at in order]
        strata.append(StratumShare(name, len(ids), tuple(drawn[:count]), tuple(drawn[count:])))
    return strata


def _proof(members: Mapping[str, list[str]], design: Design, strata: list[StratumShare]) -> dict[str, Any]:
    shares = [
        {
            "name": each.name,
            "size": each.size,
            "drawn": list(each.drawn),
            "replacements": list(each.replacements),
        }
        for each in strata
    ]
    return proof_of(design, seed_commitment(design.seed), _digest(members), shares)


def _by_word(given: Mapping[Any, _T], what: str) -> dict[str, _T]:
    """Values by stratum, whose names are texts in a proof."""
    made: dict[str, _T] = {}
    for name, value in given.items():
        word = _word(name)
        if word in made:
            raise SpecError(f"{what} name stratum '{word}' twice")
        made[word] = value
    return made


def _members(frame: Any, id: str, stratum: str | None) -> dict[str, list[str]]:
    """Ids by stratum, in the order of the strata's names; within one in the order of the ids."""
    wanted = [id] if stratum is None else [id, stratum]
    if id == stratum:
        raise SpecError(f"column '{id}' cannot hold both ids and strata")
    names, rows = columns_of(frame, wanted)
    near = hints(names, wanted)
    for name in wanted:
        if name not in names:
            raise TableError(f"column '{name}' is missing{near.get(name, '')}")
    ids = _words(rows.column(id), id)
    of = [""] * len(ids) if stratum is None else _words(rows.column(stratum), stratum)
    for name, words in zip(wanted, (ids, of), strict=False):
        for row, word in enumerate(words):
            if word is None or (word == "" and name == id):
                raise TableError(f"row {row}: column '{name}' is {'null' if word is None else 'empty'}")
    seen: dict[str, int] = {}
    for row, word in enumerate(ids):
        if seen.setdefault(word, row) != row:
            raise TableError(f"row {row}: id '{word}' is there twice, first in row {seen[word]}")
    members: dict[str, list[str]] = {name: [] for name in sorted(set(of))}
    for word, name in sorted(zip(ids, of, strict=True)):
        members[name].append(word)
    if not members:
        raise TableError("the frame has no row")
    return members


def _words(column: pa.ChunkedArray, name: str) -> list[Any]:
    """A column of texts, integers or bools as texts; None for null."""
    import pyarrow as pa

    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    known = (pa.types.is_integer, pa.types.is_boolean, pa.types.is_string, pa.types.is_large_string)
    if not any(check(kind) for check in known) and kind != pa.string_view():
        what = "is null" if pa.types.is_null(kind) else f"of {kind} is none of texts, integers or bools"
        raise TableError(f"column '{name}' {what}")
    return [value if value is None else _word(value) for value in column.to_pylist()]


def _word(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _digest(members: Mapping[str, list[str]]) -> str:
    """SHA-256 of the strata in their order: of each its name, the number of its ids and these in their
    order, every text behind its number of bytes and a colon, and a line feed at the end of each stratum."""
    digest = hashlib.sha256()
    for name, ids in members.items():
        texts = [name.encode(), str(len(ids)).encode(), *(word.encode() for word in ids)]
        digest.update(b"".join(b"%d:%s" % (len(text), text) for text in texts) + b"\n")
    return digest.hexdigest()


def _micros(value: object, what: str) -> int:
    """A decimal in millionths; of a float the shortest decimal that reads as it."""
    try:
        micros = exact(value, what) * 1_000_000
    except SpecError:
        micros = Fraction(1, 2)
    if micros.denominator != 1:
        raise SpecError(f"{what} {value} is not a number of at most six decimal places")
    if not -(2**63) <= micros < 2**63:
        raise SpecError(f"{what} {value} lies outside [-9223372036854.775808, 9223372036854.775807]")
    return micros.numerator
