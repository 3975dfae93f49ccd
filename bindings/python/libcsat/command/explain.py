"""`csat explain`: one record's score in words, with its ledger."""

from __future__ import annotations

import json
from dataclasses import asdict

import typer

from libcsat.command.files import Input, Wanted, labelled
from libcsat.command.terminal import show, show_json
from libcsat.error import TableError
from libcsat.policy import Policy
from libcsat.score import Score
from libcsat.show import Grid


def explain(
    policy: str = typer.Argument(help="Policy file, or the name of a ready-made policy."),
    table: str = typer.Argument(
        None, help="Table file to take a row of; - for standard input.", metavar="INPUT"
    ),
    row: int = typer.Option(1, min=1, help="Number of the row, from 1; a header is not counted."),
    record: str = typer.Option(None, help="The record itself as a JSON object, instead of INPUT."),
    scorecard: str = typer.Option(
        None, "--scorecard", "-s", help="Scorecard; needed where the policy has several."
    ),
    language: str = typer.Option("en", help="Language of the words: en or zh."),
    format: str = typer.Option(
        None, help="Format of INPUT: csv, parquet, arrow or jsonl. Default: by extension."
    ),
    delimiter: str = typer.Option(None, help="Separator of CSV cells. Default: comma; tab in .tsv files."),
    missing: list[str] = typer.Option(
        [], help="Text of a CSV cell that means missing, besides the empty one."
    ),
    as_json: bool = typer.Option(False, "--json", help="The score with its ledger as one JSON object."),
) -> None:
    """Explain one record's score: in words, line by line of its ledger, and the least change of each
    indicator that reaches a better grade alone."""
    if (record is None) == (table is None):
        raise ValueError("give INPUT or --record, one of them")
    loaded = Policy.load(policy)
    if record is not None:
        score = loaded.score_one(record, scorecard)
    else:
        wanted = Wanted(loaded.fields(scorecard), (), labelled(loaded), missing, delimiter)
        for chunk in Input(table, format, wanted).chunks():
            at = row - chunk.first
            if at < chunk.typed.num_rows:
                score = loaded.score_one(chunk.typed.slice(at, 1).to_pylist()[0], scorecard)
                break
        else:
            raise TableError(f"{table}: row {row} is beyond its last row")
    if as_json:
        document = json.loads(score.to_json()) | {"next_grade": [asdict(way) for way in score.next_grade]}
        show_json(document)
        return
    show(score.explain(language).rstrip("\n"))
    print()
    show(score.grid(language))
    if score.next_grade:
        show(_ways(score, language))


def _ways(score: Score, language: str) -> Grid:
    """The least change of each indicator that reaches a better grade alone."""
    chinese = language.partition("-")[0] == "zh"
    words = "指标 得分 数值 等级 总分" if chinese else "indicator points figure grade score"
    title = "升至更高等级的最小变化（单项）" if chinese else "The least change to a better grade, each alone"
    grid = Grid(title, words.split(), right=frozenset({1, 2, 4}))
    for way in score.next_grade:
        figure = "" if way.value_to is None else f"{way.value_from:f} → {way.value_to:f}"
        points = f"{way.points_from:f} → {way.points_to:f}"
        grid.add([way.indicator, points, figure, way.grade, f"{way.score:f}"])
    return grid
