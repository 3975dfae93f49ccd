"""The rows of workload W1: n appraisals as NumPy columns, 61 bytes a row, the same for the same n and seed.

response_seconds f64 (lognormal, median 12, hundredths), resolution_rate f64 in [0.6, 1], first_contact_rate f64 in
[0.3, 1] (ten-thousandths), attitude and knowledge f64 in [1, 5] (hundredths), role i8 (0 technical, 1 reception,
2 general), info_leaks, broken_promises, written_praise, suggestions, complaints i32.
"""

from __future__ import annotations

import numpy as np

ROLES = ["technical", "reception", "general"]
FLOATS = ["response_seconds", "resolution_rate", "first_contact_rate", "attitude", "knowledge"]
COUNTS = ["info_leaks", "broken_promises", "written_praise", "suggestions", "complaints"]



def columns(n: int, seed: int = 1) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)

    def steps(*shares: float) -> np.ndarray:
        """0, 1, 2, ... where a uniform number passes each of `shares`."""
        return np.searchsorted(np.array(shares), rng.random(n), side="right").astype(np.int32)

    return {
        "response_seconds": np.round(12.0 * np.exp(0.6 * rng.standard_normal(n)), 2),
        "resolution_rate": np.round(0.6 + 0.4 * rng.random(n), 4),
        "first_contact_rate": np.round(0.3 + 0.7 * rng.random(n), 4),
        "attitude": np.round(1.0 + 4.0 * rng.random(n) ** 0.4, 2),
        "knowledge": np.round(1.0 + 4.0 * rng.random(n) ** 0.5, 2),
        "role": (rng.random(n) * 3).astype(np.int8),
        "info_leaks": steps(0.995, 0.9995),
        "broken_promises": steps(0.99, 0.999),
        "written_praise": steps(0.60, 0.85, 0.95, 0.98, 0.99),
        "suggestions": steps(0.75, 0.93, 0.98, 0.995),
        "complaints": steps(0.70, 0.92, 0.98, 0.995),
    }


def arrow_table(cols: dict[str, np.ndarray]):
    import pyarrow as pa

    arrays = {
        name: pa.DictionaryArray.from_arrays(pa.array(col), pa.array(ROLES)) if name == "role" else pa.array(col)
        for name, col in cols.items()
    }
    return pa.table(arrays)


def edge_columns(n: int, seed: int = 2) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Rows whose score is, in decimal arithmetic on the figures as typed, exactly 45, 60, 76 or 90, and which.

    All figures but first_contact_rate are drawn; that one is solved for in integers and the row is kept if it comes
    out as a whole number of ten-thousandths in [0.3, 1].
    """
    rng = np.random.default_rng(seed)
    attitude_weight, knowledge_weight = np.array([10, 18, 15]), np.array([15, 7, 10])
    kept: list[np.ndarray] = []
    while sum(part.shape[1] for part in kept) < n:
        m = 400_000
        role = rng.integers(0, 3, m)
        edge = np.array([45, 60, 76, 90])[rng.integers(0, 4, m)]
        points = rng.integers(0, 11, m)  # of the response
        begun = rng.integers(1, 51, m)  # tenths of a second into the step that gives these points
        tenths = np.where(points == 10, 2 * begun, 100 + 50 * (9 - points) + begun)
        resolution = np.where(rng.random(m) < 0.5, rng.integers(9500, 10001, m), 19 * rng.integers(316, 501, m))
        attitude, knowledge = rng.integers(20, 101, m), rng.integers(20, 101, m)  # twentieths
        praise, suggestions = rng.integers(0, 4, m), rng.integers(0, 4, m)
        factor = 100 + np.minimum(15, 2 * praise + 3 * suggestions)  # percent
        # 100 * edge = factor * (sum of weight * points) / 10, with every part over the common denominator 76000:
        # resolution 10 * r / 9500, attitude (a - 20) / 8, first contact f / 1000.
        rest = 100 * 10 * edge * 76000 - factor * (
            25 * points * 76000
            + 30 * 8 * 10 * np.minimum(resolution, 9500)
            + 9500 * (attitude_weight[role] * (attitude - 20) + knowledge_weight[role] * (knowledge - 20))
        )
        divisor = factor * 20 * 76
        solved = rest // divisor
        good = (rest % divisor == 0) & (solved >= 3000) & (solved <= 10000)
        complaints = rng.integers(0, 2, m)
        rows = np.stack([tenths, resolution, solved, attitude, knowledge, role, praise, suggestions, complaints, edge])
        kept.append(rows[:, good])
    t, r, f, a, k, role, praise, suggestions, complaints, edge = np.concatenate(kept, axis=1)[:, :n]
    none = np.zeros(n, np.int32)
    cols = {
        "response_seconds": t / 10.0,
        "resolution_rate": r / 10000.0,
        "first_contact_rate": f / 10000.0,
        "attitude": a / 20.0,
        "knowledge": k / 20.0,
        "role": role.astype(np.int8),
        "info_leaks": none,
        "broken_promises": none,
        "written_praise": praise.astype(np.int32),
        "suggestions": suggestions.astype(np.int32),
        "complaints": complaints.astype(np.int32),
    }
    return cols, edge
