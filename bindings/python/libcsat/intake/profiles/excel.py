"""A sheet of an Excel workbook that is no export of a tool that has a profile: read as profile `wide`."""

from __future__ import annotations

from libcsat.intake.profile import Profile
from libcsat.intake.profiles import wide

PROFILE = Profile("excel", "Excel", None, wide.plan)
