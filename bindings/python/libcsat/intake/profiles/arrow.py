"""Parquet, Arrow and Feather: read as profile `wide`, with the types that the columns have. A file that an
import wrote comes in as it is."""

from __future__ import annotations

import json

import pyarrow as pa

from libcsat.intake.plan import Options, Plan
from libcsat.intake.profile import Profile
from libcsat.intake.profiles import wide
from libcsat.intake.raw import Row

PROFILE = Profile("arrow", "Parquet, Arrow, Feather", None, wide.plan)


def plan_of(schema: pa.Schema, options: Options) -> Plan:
    """What the columns mean, with what an import has said of them before."""
    plan = wide.plan([Row(0, 0, list(schema.names))], options)
    plan.header_rows = 0
    for column in plan.columns:
        about = {
            key.decode(): value.decode() for key, value in (schema.field(column.at).metadata or {}).items()
        }
        column.text = about.get("csat.text")
        column.heading = about.get("csat.heading", column.heading)
        column.question, column.option = about.get("csat.question"), about.get("csat.option")
        column.role = about.get("csat.role", column.role)
        column.personal = "csat.personal" in about
        for key, into in (("csat.labels", column.labels), ("csat.missing", column.missing)):
            into.update(json.loads(about.get(key, "{}")))
    return plan
