"""Packages that only some formats need: extras of the wheel."""

from __future__ import annotations

import importlib
from typing import Any

from libcsat.error import CsatError


class MissingExtraError(CsatError, ImportError):
    """A package that a format needs is not installed. The message names the extra that brings it."""


def need(module: str, extra: str, what: str) -> Any:
    """A module of an extra.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        raise MissingExtraError(
            f"{what} need the package {module}: pip install 'libcsat[{extra}]'", code="UNAVAILABLE"
        ) from None
