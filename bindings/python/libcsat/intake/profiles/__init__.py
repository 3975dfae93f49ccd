"""The import profiles, one module each."""

from __future__ import annotations

from libcsat.intake.profile import Profile
from libcsat.intake.profiles import (
    arrow,
    chatwoot,
    excel,
    formbricks,
    limesurvey,
    long_record,
    qualtrics,
    spss,
    surveymonkey,
    wenjuanxing,
    wide,
    zendesk,
)

# In the order in which they are tried.
PROFILES: dict[str, Profile] = {
    module.PROFILE.name: module.PROFILE
    for module in (
        qualtrics,
        surveymonkey,
        formbricks,
        limesurvey,
        wenjuanxing,
        zendesk,
        long_record,
        chatwoot,
        spss,
        excel,
        arrow,
        wide,
    )
}
