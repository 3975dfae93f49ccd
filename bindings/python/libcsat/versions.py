"""Versions of a policy: which of them is in force, and whether they follow one another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from libcsat import _capi
from libcsat.checked import checked
from libcsat.diagnostic import Diagnostics
from libcsat.policy import Policy

__all__ = ["check_versions", "in_force"]


@checked
def check_versions(versions: Iterable[Policy], language: str = "en") -> Diagnostics:
    """The checker's findings about versions of one policy beside each other: other ids among them, one
    version text for two, a date of effect that is not after the one before.

    Args:
        versions: In the order in which they were issued. The path of a finding counts them from 0.
        language: ``"en"`` or ``"zh"``.
    """
    return Diagnostics.of(_capi.check_versions([p._handle for p in versions]), language, "versions")


@checked
def in_force(versions: Iterable[Policy], day: date | str) -> Policy:
    """The version in force on a day: the one with the latest date of effect not after it.

    Args:
        versions: Versions of one policy, in any order.
        day: The day, or its text YYYY-MM-DD.

    Raises:
        NotFoundError: none is in force yet.
        CsatError: two versions with one date, or policies with different ids.
        ValueError: no such day.
    """
    versions = list(versions)
    return versions[_capi.in_force([p._handle for p in versions], str(day))]
