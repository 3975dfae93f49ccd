"""The policy of workload W1, and its results in the codes that the peers give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

REASONS = {"": 0, "veto:info_leak": 1, "veto:broken_promise": 2, "condition:5": 3}


def load_policy() -> Any:
    import libcsat

    return libcsat.Policy.load(Path(__file__).resolve().parents[1] / "w1.json")


def result_columns(table: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Score, grade and reason of a scored Arrow table; a veto has grade 1."""
    table = table.combine_chunks()

    def coded(name: str, codes: dict[str, int]) -> np.ndarray:
        column = table.column(name).chunk(0)
        lookup = np.array([codes.get(word, -1) for word in column.dictionary.to_pylist()], np.int8)
        return lookup[column.indices.fill_null(0).to_numpy(zero_copy_only=False)]

    grade = coded("grade", {str(g): g for g in range(1, 6)})
    if table.column("grade").null_count:
        grade = np.where(table.column("grade").is_null().to_numpy(zero_copy_only=False), 0, grade).astype(np.int8)
    return table.column("score").to_numpy(), grade, coded("reason", REASONS)
