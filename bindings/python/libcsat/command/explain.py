"""`csat explain`: one record's score in words, with its ledger."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

import pyarrow as pa
import typer

from libcsat.command.file_names import Reads
from libcsat.command.files import Chunk, Input, Wanted, hint, keys_of, labels, need_keys, row_of_file
from libcsat.command.options import (
    Absent,
    Delimiter,
    EachRowAlone,
    Format,
    Missing,
    Period,
    Scorecard,
    Subject,
    not_together,
)
from libcsat.command.terminal import check_language, show, show_json
from libcsat.error import TableError
from libcsat.policy import Policy
from libcsat.score import OUTCOMES_ZH, Score
from libcsat.show import Grid, chinese

# The names of the file's own columns must not matter.
_PREFIX = "csat explain "
# Parameters that a table alone has.
_OF_TABLES = ("row", "format", "delimiter", "missing", "subject", "period", "each_row_alone", "absent")


def explain(
    context: typer.Context,
    policy: str = typer.Argument(parser=Reads, help="Policy file, or the name of a ready-made policy."),
    table: str = typer.Argument(
        None, parser=Reads, help="Table file to take a row of; - for standard input.", metavar="INPUT"
    ),
    row: int = typer.Option(1, min=1, help="Number of the row, from 1; a header is not counted."),
    record: str = typer.Option(None, help="The record itself as a JSON object, instead of INPUT."),
    scorecard: Scorecard = None,
    language: str = typer.Option("en", help="Language of the words: en or zh."),
    format: Format = None,
    delimiter: Delimiter = None,
    missing: Missing = None,
    subject: Subject = None,
    period: Period = None,
    each_row_alone: EachRowAlone = False,
    absent: Absent = None,
    as_json: bool = typer.Option(False, "--json", help="The score with its ledger as one JSON object."),
) -> None:
    """Explain one record's score: in words, line by line of its ledger, and the least change of each
    indicator that reaches a better grade alone."""
    if (record is None) == (table is None):
        raise ValueError("give INPUT or --record, one of them")
    if record is not None:
        not_together(context, _OF_TABLES, "does not go with --record")
    check_language(language)
    loaded = Policy.load(policy)
    period_result: dict[str, Any] | None = None
    if record is not None:
        score = loaded.score_one(record, scorecard)
    else:
        keys = keys_of(subject, period)
        source = Input(
            table, format, Wanted(loaded.fields(scorecard), keys, labels(loaded), missing or (), delimiter)
        )
        need_keys(loaded.period_vetoes(scorecard), keys, each_row_alone)
        chunk = source.row(row)
        hint(Chunk(chunk.rows, chunk.typed, 1), source.wanted, table)
        rows = source.beside(chunk) if keys else [chunk]
        try:
            whole = pa.Table.from_batches([c.typed for c in rows])
            scored = loaded.score(
                whole,
                scorecard,
                subject=subject,
                period=period,
                absent=absent or (),
                exact=True,
                prefix=_PREFIX,
                each_row_alone=not keys,
            )
        except TableError as error:
            raise _of_file(error, table, [c.first for c in rows]) from None
        score = loaded.score_one(chunk.typed.to_pylist()[0], scorecard)
        if keys:
            period_result = _in_period(loaded, scorecard, rows, scored, row)
    if as_json:
        document = json.loads(score.to_json()) | {"next_grade": [asdict(way) for way in score.next_grade]}
        if period_result is not None:
            document["in_period"] = period_result
        show_json(document)
        return
    show(score.explain(language).rstrip("\n"))
    print()
    show(score.grid(language))
    if period_result is not None and period_result["vetoed_by"]:
        show(_period_words(period_result, language))
        return
    if score.next_grade:
        show(_ways(score, language))


def _of_file(error: TableError, table: str, rows: list[int]) -> TableError:
    """An error about one of these rows as one about their file."""
    found = re.match(r"row (\d+)", str(error))
    if found is None:
        return row_of_file(error, table, 0)
    at = int(found[1])
    return row_of_file(error, table, rows[at] - at)


def _in_period(
    policy: Policy, scorecard: str | None, rows: list[Chunk], scored: pa.Table, row: int
) -> dict[str, Any]:
    """What the rows of one subject and period make of one of them."""
    reaching = set(policy.period_vetoes(scorecard))
    by = [
        chunk.first
        for chunk in rows
        if chunk.first != row
        and reaching.intersection(policy.score_one(chunk.typed.to_pylist()[0], scorecard).vetoes)
    ]
    at = [chunk.first for chunk in rows].index(row)
    result = {name: scored[_PREFIX + name][at].as_py() for name in ("score", "grade", "outcome", "reason")}
    if result["score"] is not None:
        result["score"] = result["score"].normalize()
    return {"rows": [chunk.first for chunk in rows], "vetoed_by": by, **result}


def _period_words(result: dict[str, Any], language: str) -> str:
    """What other rows of the subject and period did to the row."""
    rows = ("、" if chinese(language) else ", ").join(map(str, result["vetoed_by"]))
    parts = [OUTCOMES_ZH[result["outcome"]] if chinese(language) else result["outcome"]]
    parts += [
        f"{result[name]:f}" if name == "score" else result[name]
        for name in ("score", "grade", "reason")
        if result[name] is not None and result[name] != ""
    ]
    words = " · ".join(parts)
    if chinese(language):
        return f"同一对象、同一周期的第 {rows} 行触发了否决：{words}"
    return f"vetoed by row {rows} of the same subject and period: {words}"


def _ways(score: Score, language: str) -> Grid:
    """The least change of each indicator that reaches a better grade alone."""
    zh = chinese(language)
    words = "指标 得分 数值 等级 总分" if zh else "indicator points figure grade score"
    title = "升至更高等级的最小变化（单项）" if zh else "The least change to a better grade, each alone"
    grid = Grid(title, words.split(), right=frozenset({1, 2, 4}))
    for way in score.next_grade:
        figure = "" if way.value_to is None else f"{way.value_from:f} → {way.value_to:f}"
        points = f"{way.points_from:f} → {way.points_to:f}"
        grid.add([way.indicator, points, figure, way.grade, f"{way.score:f}"])
    return grid
