"""What responses have to give, worked out from the definitions with nothing but Python's standard library:
slow, plain, and without a line of libcsat. `csat demo` and the tests hold libcsat beside it. Documents have
the keys of the reference results that come with the open data sets. A blank is None."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from math import exp, lgamma, log, sqrt
from statistics import NormalDist
from typing import Any

Answers = Sequence["int | None"]
Columns = Mapping[str, Answers]
Matrix = list[list[Decimal]]

_Z = NormalDist().inv_cdf(0.975)
# Digits of the arithmetic of matrices: far beyond those of a double, so that nothing of it is seen.
_DIGITS = 50


def share(met: int, n: int) -> dict[str, Any]:
    """A share with Wilson's interval of 95 % (Journal of the American Statistical Association 22, 1927)."""
    p, z2 = met / n, _Z * _Z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    low = 0.0 if met == 0 else centre - half
    return {"n": n, "satisfied": met, "rate": p, "wilson95": [low, 1.0 if met == n else centre + half]}


def describe(answers: Answers) -> dict[str, Any]:
    """n, missing, mean and standard deviation (n - 1)."""
    given = [a for a in answers if a is not None]
    n, total = len(given), sum(given)
    squares = Fraction(sum(a * a for a in given)) - Fraction(total * total, n)
    return {"n": n, "missing": len(answers) - n, "mean": total / n, "sd": sqrt(squares / (n - 1))}


def net_promoters(answers: Answers) -> dict[str, Any]:
    """The net promoter score of answers from 0 to 10 in points, with Wald's and Tango's interval of 95 %."""
    given = [a for a in answers if a is not None]
    n, up, down = len(given), sum(a >= 9 for a in given), sum(a <= 6 for a in given)
    p, d = up / n, down / n
    error = sqrt((p + d - (p - d) ** 2) / n)

    def score(delta: float) -> float:
        """Tango's statistic (Statistics in Medicine 17, 1998) for a difference of delta."""
        b = -up - down + (2 * n - up + down) * delta
        c = -down * delta * (1 - delta)
        q = (sqrt(b * b - 8 * n * c) - b) / (4 * n)
        return (up - down - n * delta) / sqrt(n * (2 * q + delta * (1 - delta)))

    most = 1 - 1e-9
    interval = [_root(lambda x: score(x) - _Z, -most, p - d), _root(lambda x: score(x) + _Z, p - d, most)]
    return {
        "n": n,
        "promoters": up,
        "detractors": down,
        "nps": 100 * (up - down) / n,
        "ci_wald": [100 * (p - d - _Z * error), 100 * (p - d + _Z * error)],
        "ci_score_tango": [100 * end for end in interval],
    }


def reliability(columns: Columns, least: int, greatest: int, turned: Sequence[str] = ()) -> dict[str, Any]:
    """Alpha, Feldt's interval, KMO and Bartlett's test, listwise and pairwise; items turned about are least +
    greatest - answer."""
    items = {
        name: [a if a is None or name not in turned else least + greatest - a for a in answers]
        for name, answers in columns.items()
    }
    rows = list(zip(*items.values(), strict=True))
    complete = [row for row in rows if None not in row]
    names, of_complete = list(items), list(zip(*complete, strict=True))
    with localcontext() as context:
        context.prec = _DIGITS
        whole = [[_covariance(a, b)[0] for b in of_complete] for a in of_complete]
        pairs = [[_covariance(a, b) for b in items.values()] for a in items.values()]
        listwise = _judge(names, whole, _correlations(whole), len(complete))
        # Correlations of the rows of their pair; covariances with the variances of each item by itself.
        covariances = [[c for c, _, _ in row] for row in pairs]
        same_rows = [[c / (a * b).sqrt() for c, a, b in row] for row in pairs]
        return {"listwise": listwise, "pairwise": _judge(names, covariances, same_rows, len(rows))}


def screening(columns: Columns, confidences: Sequence[float]) -> dict[str, Any]:
    """Straight lines, longest runs and squared distances of responses; a blank ends a run."""
    rows = list(zip(*columns.values(), strict=True))
    complete = [row for row in rows if None not in row]
    same = [row for row in rows if len({a for a in row if a is not None}) == 1]
    answered = [sum(a is not None for a in row) for row in same]
    items = len(columns)
    with localcontext() as context:
        context.prec = _DIGITS
        of_complete = list(zip(*complete, strict=True))
        inverse, _ = _inverse([[_covariance(a, b)[0] for b in of_complete] for a in of_complete])
    plain = [[float(value) for value in row] for row in inverse]
    means = [sum(column) / len(complete) for column in of_complete]
    distances = []
    for row in complete:
        off = [a - m for a, m in zip(row, means, strict=True)]
        solved = [sum(w * y for w, y in zip(line, off, strict=True)) for line in plain]
        distances.append(sum(x * y for x, y in zip(off, solved, strict=True)))
    limits = {str(p): _chi_square_quantile(p, items) for p in confidences}
    return {
        "quality": {
            "rows": len(rows),
            "complete_rows": len(complete),
            "all_answered_items_equal": sum(n > 1 for n in answered),
            "longstring_ge_half": sum(longest_run(row) >= (items + 1) // 2 for row in rows),
            "duplicate_rows_all_items": len(rows) - len(set(rows)),
        },
        "mahalanobis": {"flagged": {p: sum(d > limit for d in distances) for p, limit in limits.items()}},
    }


def longest_run(row: Sequence[int | None]) -> int:
    """Of one answer."""
    longest = run = 0
    last = None
    for answer in row:
        run = 0 if answer is None else run + 1 if answer == last else 1
        last, longest = answer, max(longest, run)
    return longest


def counted_passengers(columns: Columns, satisfied: Sequence[int]) -> dict[str, Any]:
    """The verdicts of examples/airline on these answers, rule by rule, and its figures before and after."""
    kept: list[tuple[int, int | None]] = []
    excluded = quarantined = 0
    for row, happy in zip(zip(*columns.values(), strict=True), satisfied, strict=True):
        given = {a for a in row if a is not None}
        if happy and None not in row and max(given) <= 2:
            excluded += 1
        elif len(given) == 1 and sum(a is not None for a in row) > 1:
            quarantined += 1
        else:
            kept.append((happy, row[list(columns).index("Online Boarding")]))
    boarding = [b for _, b in kept if b is not None]
    return {
        "kept": len(kept),
        "quarantined": quarantined,
        "excluded": excluded,
        "satisfied": sum(happy for happy, _ in kept) / len(kept),
        "online_boarding": sum(boarding) / len(boarding),
    }


def inconsistent(columns: Columns, parts: Sequence[Sequence[str]], turned: Sequence[str], ends: int) -> int:
    """Responses whose odd and even halves go against each other over the parts of the form. A half is the
    mean of what was answered; a part without an answer in either half is left out."""
    met = 0
    names = list(columns)
    for row in zip(*columns.values(), strict=True):
        answer = {
            name: a if a is None or name not in turned else ends - a
            for name, a in zip(names, row, strict=True)
        }
        halves = []
        for part in parts:
            sides = [[a for a in (answer[i] for i in part[at::2]) if a is not None] for at in (0, 1)]
            if all(sides):
                halves.append([Fraction(sum(side), len(side)) for side in sides])
        if len(halves) > 1:
            odd, even = (sum(column) / len(column) for column in zip(*halves, strict=True))
            met += sum((a - odd) * (b - even) for a, b in halves) < 0
    return met


def _judge(names: list[str], c: Matrix, r: Matrix, n: int) -> dict[str, Any]:
    """Of covariances for alpha, of correlations for KMO and Bartlett's test."""
    k = len(names)
    inverse, log_det = _inverse(r)
    partial = [[inverse[i][j] ** 2 / (inverse[i][i] * inverse[j][j]) for j in range(k)] for i in range(k)]
    squares = [_total(r[i][j] ** 2 for j in range(k) if j != i) for i in range(k)]
    partials = [_total(partial[i][j] for j in range(k) if j != i) for i in range(k)]
    alpha = float(_alpha(c))
    low, high = (_f_quantile(p, n - 1, (n - 1) * (k - 1)) for p in (0.975, 0.025))
    dropped, rest = {}, {}
    for i, name in enumerate(names):
        others = [j for j in range(k) if j != i]
        part = [[c[a][b] for b in others] for a in others]
        dropped[name] = float(_alpha(part))
        with_others = _total(c[i][j] for j in others)
        rest[name] = float(with_others / (c[i][i] * _total(map(_total, part))).sqrt())
    return {
        "n": n,
        "alpha_raw": alpha,
        "alpha_std": float(_alpha(_correlations(c))),
        "alpha_std_from_R_same_rows": float(_alpha(r)),
        "alpha_feldt_ci95": [1 - (1 - alpha) * low, 1 - (1 - alpha) * high],
        "alpha_if_deleted_raw": dropped,
        "item_rest_r": rest,
        "kmo": float(_total(squares) / (_total(squares) + _total(partials))),
        "kmo_items": {name: float(s / (s + p)) for name, s, p in zip(names, squares, partials, strict=True)},
        "bartlett_chi2": float(-(n - 1 - Decimal(2 * k + 5) / 6) * log_det),
        "bartlett_df": k * (k - 1) // 2,
    }


def _alpha(c: Matrix) -> Decimal:
    k = len(c)
    return Decimal(k) / (k - 1) * (1 - _total(c[i][i] for i in range(k)) / _total(map(_total, c)))


def _total(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


def _covariance(a: Answers, b: Answers) -> tuple[Decimal, Decimal, Decimal]:
    """Of the rows with both, and the variances over the same rows."""
    both = [(x, y) for x, y in zip(a, b, strict=True) if x is not None and y is not None]
    n, x, y = len(both), sum(x for x, _ in both), sum(y for _, y in both)
    sums = (
        n * sum(x * y for x, y in both) - x * y,
        n * sum(x * x for x, _ in both) - x * x,
        n * sum(y * y for _, y in both) - y * y,
    )
    first, second, third = (Decimal(s) / (n * (n - 1)) for s in sums)
    return first, second, third


def _correlations(c: Matrix) -> Matrix:
    k = len(c)
    return [[c[i][j] / (c[i][i] * c[j][j]).sqrt() for j in range(k)] for i in range(k)]


def _inverse(matrix: Matrix) -> tuple[Matrix, Decimal]:
    """Of a positive definite matrix by elimination, and the logarithm of its determinant."""
    k = len(matrix)
    rows = [[*row, *(Decimal(i == j) for j in range(k))] for i, row in enumerate(matrix)]
    log_det = Decimal(0)
    for i in range(k):
        pivot = rows[i][i]
        log_det += pivot.ln()
        rows[i] = [value / pivot for value in rows[i]]
        for j in range(k):
            if j != i:
                times = rows[j][i]
                rows[j] = [a - times * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [row[k:] for row in rows], log_det


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a monotone function changes its sign, by halving."""
    rising = function(high) > 0
    for _ in range(200):
        middle = (low + high) / 2
        if (function(middle) > 0) == rising:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def _chi_square(df: int, x: float) -> float:
    """Its distribution function, by the series of the incomplete gamma function."""
    if x <= 0:
        return 0.0
    a, half = df / 2, x / 2
    term = total = 1 / a
    n = a
    while term > total * 1e-17:
        n += 1
        term *= half / n
        total += term
    return total * exp(a * log(half) - half - lgamma(a))


def _chi_square_quantile(p: float, df: int) -> float:
    return _root(lambda x: _chi_square(df, x) - p, 0.0, 400.0)


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    tiny = 1e-300
    c, d = 1.0, 1 / ((1 - (a + b) * x / (a + 1)) or tiny)
    value = d
    for m in range(1, 20000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / ((1 + term * d) or tiny)
            c = (1 + term / c) or tiny
            value *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return value * exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a


def _f_quantile(p: float, df1: int, df2: int) -> float:
    x = _root(lambda x: _beta(x, df1 / 2, df2 / 2) - p, 0.0, 1.0)
    return df2 * x / (df1 * (1 - x))
