"""Survey exports and service records in, one table of responses out; no row is lost silently.

    >>> from libcsat import intake
    >>> imported = intake.read("export.csv", zone="Asia/Shanghai")
    >>> imported.counts                 # accepted + rejected == read
    >>> imported.rejected               # file, row, column, rule, value, message
    >>> imported.responses              # one row for each response
    >>> imported = intake.read("next.csv", into=imported.responses)

docs/intake.md describes the shape of the table, the profiles and the rules.
"""

from libcsat.intake.extras import MissingExtraError
from libcsat.intake.limits import Limits
from libcsat.intake.plan import STANDARD
from libcsat.intake.profiles import PROFILES
from libcsat.intake.raw import Passed
from libcsat.intake.reader import read
from libcsat.intake.result import Counts, Imported, Source
from libcsat.intake.rules import RULES, Rule

__all__ = [
    "PROFILES",
    "RULES",
    "STANDARD",
    "Counts",
    "Imported",
    "Limits",
    "MissingExtraError",
    "Passed",
    "Rule",
    "Source",
    "read",
]
