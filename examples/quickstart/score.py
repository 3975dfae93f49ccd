"""Scores a table and one record with a policy file. Usage: python score.py"""

from pathlib import Path

import pandas as pd

import libcsat as cs

here = Path(__file__).parent
policy = cs.Policy.load(here / "policy.json")

scored = policy.score(pd.read_csv(here / "agents.csv"), explain=True)
print(scored[["agent", "score", "grade", "outcome", "reason", "reason_1", "lost_1"]])

one = policy.score_one({"reply_minutes": 21, "solved": 171, "tickets": 190, "rating": 4.2, "leaks": 0})
print(one.score, one.grade)
print(one.explain("en"))
