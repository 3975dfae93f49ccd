"""Exact, explained customer-satisfaction scores from a policy file.

    >>> import libcsat as cs
    >>> policy = cs.Policy.load("retail-after-sales")     # ready-made; or a path, or JSON
    >>> policy.check()                                    # findings with place, witness and remedy
    >>> scored = policy.score(table, "personal")          # pandas, Polars, pyarrow, DuckDB in; the same out
    >>> score = policy.score_one({"complaints": 0, ...}, "personal")
    >>> score.score, score.grade, score.ledger            # decimals; the ledger's lines sum to the score

Every figure that decides something is an exact decimal with six places: the same bits in C, C++ and Python,
whatever the order of rows, the size of batches and the number of threads. Messages count the rows of a table
from 0, as its package does; the command `csat` counts those of a file from 1, without the header.
"""

from libcsat._capi import version as _version
from libcsat.aggregate import Aggregates, Item, accumulate
from libcsat.cases import CaseResult, CaseResults, PolicyCase
from libcsat.cleaning import CleanedFigure, CleanedRule, Cleaning, ReviewSample
from libcsat.diagnostic import Diagnostic, Diagnostics
from libcsat.documents import json_schema
from libcsat.error import (
    ChainError,
    CsatError,
    IncidentError,
    NoTableError,
    NotFoundError,
    PolicyError,
    ProofError,
    RecordError,
    SpecError,
    TableError,
)
from libcsat.fields import Field
from libcsat.incident import Incident
from libcsat.measure import Measured, MeasurePlan
from libcsat.parquet import score_parquet
from libcsat.policy import AssumedValue, Policy
from libcsat.publication import Publication, amend, publish, verify_chain
from libcsat.questionnaire import (
    AnswerProblem,
    AnswersReport,
    FollowUp,
    KnownField,
    Offers,
    Questionnaire,
    QuestionnaireConfirmation,
    QuestionnaireItem,
    QuestionnaireOption,
)
from libcsat.response_check import CheckedField, ResponseCheck
from libcsat.sampling import (
    Sample,
    SampleSize,
    StratumShare,
    allocate,
    is_invited,
    sample,
    sample_size,
    seed_commitment,
    verify_sample,
)
from libcsat.sampling_plan import SamplingResult, SamplingRule
from libcsat.scale_reliability import Bartlett, Gap, ItemFigures, Reliability, reliability
from libcsat.score import LeastChange, Ledger, LedgerLine, MetricResult, Reason, Score, TargetResult
from libcsat.simulation import Simulation, SimulationSide, WeightSensitivity
from libcsat.versions import check_versions, in_force
from libcsat.waves import ResponseRate, WaveState, count_within_months, response_rate, wave_state
from libcsat.weights import Weights, post_stratify, rake

__version__ = _version()

__all__ = [
    "Aggregates",
    "AnswerProblem",
    "AnswersReport",
    "AssumedValue",
    "Bartlett",
    "CaseResult",
    "CaseResults",
    "ChainError",
    "CheckedField",
    "CleanedFigure",
    "CleanedRule",
    "Cleaning",
    "CsatError",
    "Diagnostic",
    "Diagnostics",
    "Field",
    "FollowUp",
    "Gap",
    "Incident",
    "IncidentError",
    "Item",
    "ItemFigures",
    "KnownField",
    "LeastChange",
    "Ledger",
    "LedgerLine",
    "MeasurePlan",
    "Measured",
    "MetricResult",
    "NoTableError",
    "NotFoundError",
    "Offers",
    "Policy",
    "PolicyCase",
    "PolicyError",
    "ProofError",
    "Publication",
    "Questionnaire",
    "QuestionnaireConfirmation",
    "QuestionnaireItem",
    "QuestionnaireOption",
    "Reason",
    "RecordError",
    "Reliability",
    "ResponseCheck",
    "ResponseRate",
    "ReviewSample",
    "Sample",
    "SampleSize",
    "SamplingResult",
    "SamplingRule",
    "Score",
    "Simulation",
    "SimulationSide",
    "SpecError",
    "StratumShare",
    "TableError",
    "TargetResult",
    "WaveState",
    "WeightSensitivity",
    "Weights",
    "accumulate",
    "allocate",
    "amend",
    "check_versions",
    "count_within_months",
    "in_force",
    "is_invited",
    "json_schema",
    "post_stratify",
    "publish",
    "rake",
    "reliability",
    "response_rate",
    "sample",
    "sample_size",
    "score_parquet",
    "seed_commitment",
    "verify_chain",
    "verify_sample",
    "wave_state",
]
