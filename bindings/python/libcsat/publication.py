"""Publications: results that were given out, and the amended ones chained to them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from libcsat import _capi
from libcsat.checked import checked
from libcsat.instant import Instant, instant_of, millis_of
from libcsat.score import Outcome, Score
from libcsat.show import Grid, Shown, visible

__all__ = ["Publication", "amend", "publish", "verify_chain"]

_DECIMALS = ("score", "base", "without_veto")


@dataclass(frozen=True, repr=False)
class Publication(Shown):
    """A result as it was published for a subject and a period. It is never changed: an amended result is a
    new one that names the one before by its digest, so both stay and an outsider can check the chain. That
    proves that a record was not changed after it was written, not that it was true.

    Attributes:
        subject: Whom or what the result is of.
        period: For which period.
        scorecard: Id of the scorecard.
        policy_id: Id of the policy.
        policy_version: Its version.
        policy_digest: Its digest; see Policy.digest.
        sequence: 1, 2, ... within a subject, period and scorecard.
        published_at: When, in UTC.
        outcome: As Score.outcome.
        score: The exact score; None unless scored or vetoed.
        base: The weighted mean before bonus, caps and vetoes; None where there is none.
        without_veto: What the score would be if no veto had fired; None where there is no base.
        grade: Id of the grade; None where there is none.
        reason: As Score.reason.
        amendment: Why it was amended; None for the first.
        previous: Digest of the one before; None for the first.
        digest: SHA-256 of the canonical JSON (RFC 8785) of everything above, 64 hexadecimal digits.
    """

    subject: str
    period: str
    scorecard: str
    policy_id: str
    policy_version: str
    policy_digest: str
    sequence: int
    published_at: datetime
    outcome: Outcome
    score: Decimal | None
    base: Decimal | None
    without_veto: Decimal | None
    grade: str | None
    reason: str | None
    amendment: str | None
    previous: str | None
    digest: str

    @classmethod
    @checked
    def from_json(cls, text: str | bytes) -> Publication:
        """Reads what `to_json()` gave. A record that was changed since can be read: `verify_chain()` finds
        it.

        Raises:
            RecordError: not one JSON object with exactly the members of a publication.
        """
        return cls._of(_capi.Publication.parse(text.encode() if isinstance(text, str) else text))

    def to_json(self) -> str:
        """One JSON object in canonical form; the digest covers it without the member ``digest``. `sequence`
        and `published_at` (milliseconds of UTC) are texts."""
        return self._handle().to_json()

    @classmethod
    def _of(cls, handle: _capi.Publication) -> Publication:
        given: dict[str, Any] = json.loads(handle.to_json(), parse_float=Decimal, parse_int=Decimal)
        for name in _DECIMALS:
            given.setdefault(name, None)
        for name in ("grade", "reason", "amendment", "previous"):
            given[name] = given[name] or None
        given["sequence"] = int(given["sequence"])
        given["published_at"] = instant_of(int(given["published_at"]))
        return cls(**given)

    def _handle(self) -> _capi.Publication:
        """What this object says now, whoever made it."""
        members = []
        for name, value in vars(self).items():
            if name in _DECIMALS:
                if value is not None:
                    members.append(f'"{name}":{Decimal(value):f}')
                continue
            if name == "published_at":
                value = millis_of(value, name)
            text = "" if value is None else str(value)
            members.append(f'"{name}":{json.dumps(text, ensure_ascii=False)}')
        return _capi.Publication.parse(("{" + ",".join(members) + "}").encode())

    def __repr__(self) -> str:
        figure = f" {self.score:f}" if self.score is not None else ""
        why = f": {self.amendment}" if self.amendment else ""
        what = f"{self.sequence} of {self.subject} in {self.period}: {self.outcome}{figure}{why}"
        return f"<Publication {visible(what)}, {self.digest[:12]}>"

    def grid(self) -> Grid:
        grid = Grid(visible(f"{self.subject} in {self.period}, publication {self.sequence}"), ["", ""])
        for name, value in vars(self).items():
            if name not in ("subject", "period", "sequence") and value is not None:
                grid.add([name.replace("_", " "), f"{value:f}" if isinstance(value, Decimal) else value])
        return grid


@checked
def publish(score: Score, subject: str, period: str, published_at: Instant) -> Publication:
    """The first publication of a result.

    Args:
        score: The result, of `Policy.score_one()`.
        subject: Whom or what it is of.
        period: For which period, such as ``"2025-03"``.
        published_at: When: a datetime with a zone, its ISO 8601 text, or milliseconds of UTC.

    Raises:
        RecordError: an empty subject or period.
    """
    return Publication._of(score._result.publish(subject, period, millis_of(published_at, "published_at")))


@checked
def amend(previous: Publication, score: Score, why: str, published_at: Instant) -> Publication:
    """The publication of an amended result, chained to the one before.

    Args:
        previous: The latest publication of the subject and period.
        score: The new result, of the same scorecard; the policy may be of another version.
        why: The reason, with the id of its evidence where there is one.
        published_at: When; not before the one before.

    Raises:
        ChainError: no reason, another scorecard, too early, nothing changed, or `previous` does not match its
            digest.
    """
    at = millis_of(published_at, "published_at")
    return Publication._of(score._result.amend(previous._handle(), why, at))


@checked
def verify_chain(publications: Iterable[Publication]) -> None:
    """Checks all publications of one subject, period and scorecard, from the first on. That the last ones are
    missing only shows to somebody who knows of them.

    Raises:
        ChainError: names the first one that was changed, dropped or put elsewhere.
        TypeError: one of them is no publication.
    """
    handles = []
    for publication in publications:
        handles.append(publication._handle())
    _capi.verify_chain(handles)
