"""Incidents: misconduct that feeds a veto once somebody confirmed it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from libcsat import _capi
from libcsat.checked import checked
from libcsat.error import TableError
from libcsat.instant import Instant, instant_of, millis_of
from libcsat.show import Grid, Shown, visible
from libcsat.tables import add_hint, one_batch, score_table

__all__ = ["Incident"]

IncidentState = Literal["proposed", "confirmed", "revoked"]


class Incident(Shown):
    """An incident in one state: proposed, then confirmed with evidence, then perhaps revoked. Only a
    confirmed one counts. Immutable: each step gives another one.

        >>> leak = cs.Incident.propose("leak-1", "store-7", "information_leak", "2025-03-20T16:00:00+08:00")
        >>> leak = leak.confirm("2025-04-05T09:00:00+08:00", evidence="report-12")
    """

    __slots__ = ("_fields", "_handle")

    def __init__(self, handle: _capi.Incident) -> None:
        self._handle = handle
        self._fields: dict[str, str] = json.loads(handle.to_json())

    @classmethod
    @checked
    def propose(cls, id: str, subject: str, code: str, occurred_at: Instant) -> Incident:
        """Proposes an incident.

        Args:
            id: Of your choice, one for each incident.
            subject: Whom or what the scores are of: person, team, store.
            code: What it is: the ``incident`` of the vetoes that it feeds.
            occurred_at: When it happened: a datetime with a zone, its ISO 8601 text, or milliseconds of UTC.

        Raises:
            IncidentError: an empty text.
        """
        return cls(_capi.Incident.propose(id, subject, code, millis_of(occurred_at, "occurred_at")))

    @checked
    def confirm(self, confirmed_at: Instant, evidence: str, approval: str = "") -> Incident:
        """The incident confirmed.

        Args:
            confirmed_at: When; not before it happened.
            evidence: Id of the evidence.
            approval: Id of an approval record, for vetoes that need one.

        Raises:
            IncidentError: not proposed, no evidence, or too early.
        """
        return Incident(self._handle.confirm(millis_of(confirmed_at, "confirmed_at"), evidence, approval))

    @checked
    def revoke(self, revoked_at: Instant, reason: str) -> Incident:
        """The incident revoked: it counts no more.

        Raises:
            IncidentError: not confirmed, no reason, or before it was confirmed.
        """
        return Incident(self._handle.revoke(millis_of(revoked_at, "revoked_at"), reason))

    @classmethod
    @checked
    def from_json(cls, text: str | bytes) -> Incident:
        """Reads what `to_json()` gave.

        Raises:
            IncidentError: no incident, or one in a state that could not have been reached.
        """
        return cls(_capi.Incident.parse(text.encode() if isinstance(text, str) else text))

    def to_json(self) -> str:
        """One JSON object in canonical form (RFC 8785); instants are texts of milliseconds."""
        return self._handle.to_json()

    @property
    def id(self) -> str:
        return self._fields["id"]

    @property
    def subject(self) -> str:
        return self._fields["subject"]

    @property
    def code(self) -> str:
        return self._fields["code"]

    @property
    def state(self) -> IncidentState:
        """``"proposed"``, ``"confirmed"`` or ``"revoked"``."""
        return self._fields["state"]  # type: ignore[return-value]

    @property
    def occurred_at(self) -> datetime:
        """When it happened, in UTC."""
        return instant_of(int(self._fields["occurred_at"]))

    @property
    def confirmed_at(self) -> datetime | None:
        """When it was confirmed, in UTC; None before."""
        return self._instant("confirmed_at")

    @property
    def evidence(self) -> str | None:
        """Id of the evidence; None before it was confirmed."""
        return self._fields.get("evidence_id")

    @property
    def approval(self) -> str | None:
        """Id of the approval record; None where there is none."""
        return self._fields.get("approval_id") or None

    @property
    def revoked_at(self) -> datetime | None:
        """When it was revoked, in UTC; None before."""
        return self._instant("revoked_at")

    @property
    def reason(self) -> str | None:
        """Why it was revoked; None before."""
        return self._fields.get("revocation_reason")

    def _instant(self, name: str) -> datetime | None:
        return instant_of(int(self._fields[name])) if name in self._fields else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Incident) and self._fields == other._fields

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __reduce__(self) -> Any:
        return Incident.from_json, (self.to_json(),)

    def __repr__(self) -> str:
        what = f"{self.id} {self.state}: {self.code} of {self.subject}, {self.occurred_at:%Y-%m-%d}"
        return f"<Incident {visible(what)}>"

    def grid(self) -> Grid:
        grid = Grid(f"Incident {visible(self.id)}: {self.state}", ["", ""])
        for name in ("subject", "code", "occurred_at", "confirmed_at", "evidence", "approval"):
            if (value := getattr(self, name)) is not None:
                grid.add([name.replace("_", " "), value])
        if self.state == "revoked":
            grid.add(["revoked at", self.revoked_at])
            grid.add(["reason", self.reason])
        return grid


def handles_of(incidents: Iterable[Incident]) -> list[_capi.Incident]:
    """What is behind them."""
    return [incident._handle for incident in incidents]


def incident_figures(
    plan: _capi.Plan, table: Any, incidents: Iterable[Incident], subject: str, period: str
) -> Any:
    """What `Policy.apply_incidents()` gives."""
    handles = handles_of(incidents)
    seen: list[str] = []

    def run(columns: Any) -> Any:
        made = one_batch(_capi.apply_incidents(plan, handles, one_batch(columns), subject, period))
        for name in made.schema.names:
            if name in seen:
                raise TableError(f"the table has a column '{name}' already: take it out first")
        return made

    try:
        return score_table(
            table, [subject, period], lambda names: seen.__setitem__(slice(None), names), run, whole=False
        )
    except TableError as error:
        add_hint(error, seen, [subject, period])
        raise
