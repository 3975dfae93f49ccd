"""SPSS system files (.sav, .zsav): variables with their labels, value labels and user-missing values."""

from __future__ import annotations

from libcsat.intake.columnar import Variable
from libcsat.intake.plan import Options, Plan
from libcsat.intake.profile import Profile
from libcsat.intake.profiles import wide
from libcsat.intake.raw import Row
from libcsat.intake.values import plain

PROFILE = Profile("spss", "SPSS", None, wide.plan)


def plan_of(variables: list[Variable], options: Options) -> Plan:
    plan = wide.plan([Row(0, 0, [variable.name for variable in variables])], options)
    plan.header_rows = 0
    for column in plan.columns:
        variable = variables[column.at]
        column.text = variable.label
        column.labels = {_code(value): label for value, label in variable.labels.items()}
        column.ranges = variable.missing
        if variable.set is not None:
            column.question = variable.set
    return plan


def _code(value: object) -> str:
    return plain(value) if isinstance(value, float) else str(value)
