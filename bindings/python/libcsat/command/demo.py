"""`csat demo`: surveys cleaned and measured beside reference results, and a generated year of a retail chain,
scored, ranked and explained."""

from __future__ import annotations

import csv
import importlib
import math
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import typer

from libcsat.command import survey_data, surveys
from libcsat.command.agreement import Agreement
from libcsat.command.file_names import Reads, Writes
from libcsat.command.files import Input, Wanted, output
from libcsat.command.options import Progress
from libcsat.command.terminal import check_language, note, progress, show, show_json
from libcsat.exact import shown
from libcsat.policy import Policy
from libcsat.show import Grid, chinese
from libcsat.writing import complete_file

_POLICY = "retail-after-sales"
_SCORECARD = "period_score"
_WHO = ("person", "period")
# Indicators of the method for which the year has no figures.
_ABSENT = ("communication_clarity", "proactive_follow_up")
_MOST_RANKS = 10

_WORDS = {
    "{} of {} figures are those of the reference, {} of another definition with its name": (
        "{1} 个数值中 {0} 个与参照一致，{2} 个定义不同（已注明）"
    ),
    (
        "Generated responses, for no folder of open data is given (--data);"
        " reference: the definitions, in Python."
    ): ("未指定开放数据目录（--data），使用生成的答卷；参照：按定义用 Python 计算。"),
    "Responses of {}, beside the results of other tools": "{} 的答卷，与其他工具的结果对照",
    "Generated data: no store, person or figure here is real.": "生成的数据：门店、人员和数字均非真实。",
    "Best of {}": "{} 最佳",
    "rank": "名次",
    "person": "人员",
    "store": "门店",
    "post": "岗位",
    "score": "得分",
    "grade": "等级",
    "Grades by month": "各月等级",
    "period": "月份",
    "vetoed": "一票否决",
    "Vetoes": "一票否决",
    "reason": "原因",
    "without the veto": "若未触发否决",
    "The score of {} in {}, line by line": "{} 在 {} 的得分明细",
    "{} of {} planted rows came out as they must": "预置的 {1} 行中有 {0} 行结果相符",
    "written to {}: scores and ranking as CSV and Parquet, and the generated data": (
        "已写入 {}：得分和排名（CSV 与 Parquet）以及生成的数据"
    ),
}


def demo(
    out: str = typer.Option("demo-output", "--output", "-o", parser=Writes, help="Folder to write to."),
    seed: int = typer.Option(2025, help="Another seed gives another chain."),
    stores: int = typer.Option(40, min=1, max=1000, help="Stores of the chain."),
    data: str = typer.Option(
        None,
        envvar="CSAT_DATA",
        parser=Reads,
        help="Folder of open data sets with reference results. Default: generated responses.",
    ),
    language: str = typer.Option("en", help="Language of the explanation: en or zh."),
    show_progress: Progress = None,
    as_json: bool = typer.Option(False, "--json", help="One JSON object instead of tables."),
) -> None:
    """Clean and measure five surveys, each figure beside a reference; then score a generated year of a retail
    chain: ranking, grades, vetoes, and one score explained.

    Generated data are made by a seed and describe nobody. Exit status 1: a figure differs from its reference,
    or a planted row did not come out as it must.
    """
    check_language(language)
    with progress("measuring", 1, show_progress):
        measured = surveys.run(survey_data.load(data, seed))
    folder = Path(out)
    _generate(folder, seed, stores)
    policy = Policy.load(_POLICY)
    source = Input(str(folder / "generated_year.csv"), "csv", Wanted(policy.fields(_SCORECARD), _WHO))
    with progress("scoring", source.size, show_progress) as done:
        chunks = list(source.chunks())
        rows = pa.Table.from_batches([chunk.rows for chunk in chunks]).combine_chunks()
        typed = pa.Table.from_batches([chunk.typed for chunk in chunks]).combine_chunks()
        result = policy.score(
            typed, _SCORECARD, explain=True, subject="person", period="period", absent=_ABSENT, exact=True
        )
        made = result.select(result.column_names[typed.num_columns :])
        scored = pa.table([*rows.columns, *made.columns], names=rows.column_names + made.column_names)
        done(source.size)
    ranking = _ranking(scored)
    for name, table in (("scores", scored), ("ranking", ranking)):
        for format in ("csv", "parquet"):
            with output(str(folder / f"{name}.{format}"), None) as file:
                for batch in table.to_batches():
                    file.write(batch)

    planted, wrong = _judge(folder / "generated_truth.csv", scored)
    vetoed = scored.filter(pc.equal(scored["outcome"].cast(pa.string()), "vetoed"))
    vetoed = vetoed.sort_by([("without_veto", "descending"), ("person", "ascending")])
    if as_json:
        show_json(
            {
                "rows": scored.num_rows,
                "grades": {grade: _count(scored, "grade")[grade] for grade in policy.grades(_SCORECARD)},
                "vetoed": vetoed.num_rows,
                "planted": planted,
                "wrong": wrong,
                "output": out,
                "data": data,
                "surveys": [_document(agreement) for agreement in measured],
            }
        )
    else:
        _print_surveys(measured, data, language)
        _print(policy, scored, ranking, vetoed, typed, language)
        told = (
            ("{} of {} planted rows came out as they must", (planted - len(wrong), planted)),
            ("written to {}: scores and ranking as CSV and Parquet, and the generated data", (folder,)),
        )
        for text, figures in told:
            note((_WORDS[text] if chinese(language) else text).format(*figures))
    differing = [line for agreement in measured for line in agreement.differing]
    for line in differing:
        note(f"{line.name}: {line.ours}, must be {line.theirs}")
    for text in wrong:
        note(text)
    if wrong or differing:
        raise typer.Exit(1)


def _document(agreement: Agreement) -> dict[str, Any]:
    return {
        "survey": agreement.title,
        "lines": [
            {
                **{name: value for name, value in vars(line).items() if name != "difference"},
                "difference": line.difference if math.isfinite(line.difference) else None,
            }
            for line in agreement.lines
        ],
    }


def _print_surveys(measured: list[Agreement], data: str | None, language: str) -> None:
    words = _WORDS | surveys.WORDS if chinese(language) else {}

    def word(text: str) -> str:
        return words.get(text, text)

    if data is None:
        text = (
            "Generated responses, for no folder of open data is given (--data);"
            " reference: the definitions, in Python."
        )
        print(word(text) + "\n")
    else:
        print(word("Responses of {}, beside the results of other tools").format(data) + "\n")
    for agreement in measured:
        show(agreement.grid(words))
    lines = [line for agreement in measured for line in agreement.lines]
    told = "{} of {} figures are those of the reference, {} of another definition with its name"
    named = sum(line.figures for line in lines if line.agrees and line.definition)
    equal = sum(line.figures for line in lines if line.agrees and not line.definition)
    note(word(told).format(equal, sum(line.figures for line in lines), named))


def _generate(folder: Path, seed: int, stores: int) -> None:
    generator: Any = importlib.import_module("libcsat.demo.generate")
    rows, incidents, truth, levels = generator.generate(seed, stores, 2025)
    folder.mkdir(parents=True, exist_ok=True)
    tables = (
        ("year", rows, generator.COLUMNS),
        *((n, t, list(t[0])) for n, t in (("incidents", incidents), ("truth", truth), ("stores", levels))),
    )
    for name, table, columns in tables:
        with complete_file(folder / f"generated_{name}.csv") as partial:
            generator.write_csv(Path(partial), table, columns)


def _ranking(scored: pa.Table) -> pa.Table:
    """Place of each scored person in each month: 1 is best, equal scores share a place."""
    table = scored.select(["period", "person", "store", "post", "score", "grade", "outcome"])
    table = table.filter(pc.is_valid(table["score"]))
    table = table.sort_by([("period", "ascending"), ("score", "descending"), ("person", "ascending")])
    ranks: list[int] = []
    month, last, place = None, None, 0
    for period, score in zip(table["period"].to_pylist(), table["score"].to_pylist(), strict=True):
        place = 1 if period != month else place + 1
        ranks.append(ranks[-1] if period == month and score == last else place)
        month, last = period, score
    return table.add_column(1, "rank", pa.array(ranks, pa.int32()))


def _judge(truth: Path, scored: pa.Table) -> tuple[int, list[str]]:
    """Number of planted rows, and a line for each that did not come out as it must."""
    names = ("period", "person", "outcome", "score", "grade")
    columns = [scored[name].to_pylist() for name in names]
    got = {(period, person): rest for period, person, *rest in zip(*columns, strict=True)}
    wrong = []
    with truth.open(encoding="utf-8", newline="") as file:
        planted = list(csv.DictReader(file))
    for row in planted:
        outcome, score, grade = got[row["period"], row["person"]]
        # What the truth leaves empty may be anything.
        right = outcome == row["expected_outcome"]
        right = right and (not row["expected_score"] or score == Decimal(row["expected_score"]))
        right = right and row["expected_grade"] in ("", grade)
        if not right:
            must = " ".join(row[f"expected_{name}"] for name in ("outcome", "score", "grade"))
            place = f"{row['person']} in {row['period']} ({row['planted']})"
            wrong.append(f"{place}: {outcome} {score} {grade}, must be {must}")
    return len(planted), wrong


def _print(
    policy: Policy,
    scored: pa.Table,
    ranking: pa.Table,
    vetoed: pa.Table,
    typed: pa.Table,
    language: str,
) -> None:
    def word(name: str) -> str:
        return _WORDS[name] if chinese(language) else name

    print(word("Generated data: no store, person or figure here is real.") + "\n")
    last = ranking["period"][-1].as_py()
    columns = ["rank", "person", "store", "post", "score", "grade"]
    best = Grid(word("Best of {}").format(last), list(map(word, columns)), right=frozenset({0, 4}))
    month = ranking.filter(pc.equal(ranking["period"], last)).slice(0, _MOST_RANKS)
    for row in month.to_pylist():
        best.add([shown(row[name]) if name == "score" else row[name] for name in columns])
    show(best)

    grades = policy.grades(_SCORECARD)
    by_month = Grid(
        word("Grades by month"),
        [word("period"), *grades, word("vetoed")],
        right=frozenset(range(1, len(grades) + 2)),
    )
    for period in sorted(set(scored["period"].to_pylist())):
        part = scored.filter(pc.equal(scored["period"], period))
        counts = _count(part, "grade")
        by_month.add([period, *(counts[g] for g in grades), _count(part, "outcome")["vetoed"]])
    show(by_month)

    columns = ["person", "period", "reason", "score", "without the veto"]
    vetoes = Grid(word("Vetoes"), list(map(word, columns)), right=frozenset({3, 4}))
    for row in vetoed.to_pylist():
        vetoes.add(
            [row["person"], row["period"], row["reason"], shown(row["score"]), shown(row["without_veto"])]
        )
    show(vetoes)

    if vetoed.num_rows:
        first = vetoed.slice(0, 1).to_pylist()[0]
        at = pc.and_(pc.equal(scored["person"], first["person"]), pc.equal(scored["period"], first["period"]))
        record = typed.filter(at).to_pylist()[0]
        score = policy.score_one(record, _SCORECARD)
        print(word("The score of {} in {}, line by line").format(first["person"], first["period"]) + "\n")
        show(score.grid(language))
        print(score.explain(language).rstrip("\n"))


def _count(table: pa.Table, name: str) -> Counter[str]:
    return Counter(table[name].to_pylist())
