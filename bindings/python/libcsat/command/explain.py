"""`csat explain`: one record's score in words, with its ledger."""

from __future__ import annotations

import json
import sys

import typer

from libcsat.command.files import Input, Wanted
from libcsat.command.score import _labelled
from libcsat.command.terminal import show
from libcsat.error import TableError
from libcsat.policy import Policy


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
    """Explain one record's score: in words, and line by line of its ledger."""
    if (record is None) == (table is None):
        raise ValueError("give INPUT or --record, one of them")
    loaded = Policy.load(policy)
    if record is not None:
        score = loaded.score_one(record, scorecard)
    else:
        wanted = Wanted(loaded.fields(scorecard), (), _labelled(loaded), missing, delimiter)
        for chunk in Input(table, format, wanted).chunks():
            at = row - chunk.first
            if at < chunk.typed.num_rows:
                score = loaded.score_one(chunk.typed.slice(at, 1).to_pylist()[0], scorecard)
                break
        else:
            raise TableError(f"{table}: row {row} is beyond its last row")
    if as_json:
        json.dump(json.loads(score.to_json()), sys.stdout, ensure_ascii=False)
        print()
        return
    show(score.explain(language).rstrip("\n"))
    print()
    show(score.grid(language))
