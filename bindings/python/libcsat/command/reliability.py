"""`csat reliability`: whether the items of a scale measure one thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import typer

from libcsat.command.file_names import Reads, Writes
from libcsat.command.files import Input, Wanted, check_output, hint, output, row_of_file
from libcsat.command.options import (
    Delimiter,
    Format,
    Missing,
    Progress,
    Threads,
    check_bad_rows,
    check_level,
    not_together,
)
from libcsat.command.terminal import check_language, note, progress, quoted, show, show_json
from libcsat.error import TableError
from libcsat.fields import Field
from libcsat.scale_reliability import Gap, Reliability, count_items, judge_group
from libcsat.show import Grid, chinese

# Figures of the whole set, in the order in which they are written.
# Of the table that is written, after the keys.
_COLUMNS = ("item", "figure", "n", "value", "low", "high", "reason")
_OF_SET = ("alpha", "standardised_alpha", "average_correlation", "omega_total", "omega_of_model", "kmo")
_OF_ITEM = (
    "mean",
    "sd",
    "item_rest",
    "alpha_if_dropped",
    "standardised_alpha_if_dropped",
    "loading",
    "kmo",
)
_WORDS = {
    "{} items · {} rows in {} groups · {}": "{} 题 · {} 行，{} 组 · {}",
    "listwise": "成列删除",
    "pairwise": "成对删除",
    "low {:g} %": "下限 {:g} %",
    "high {:g} %": "上限 {:g} %",
    "alpha": "α 系数",
    "standardised": "标准化",
    "omega": "ω 系数",
    "reason": "原因",
    "{}: {} of {} rows were refused for a bad value": "{}：{2} 行中有 {1} 行因数值无效被拒",
}


def reliability(
    context: typer.Context,
    table: str = typer.Argument(parser=Reads, help="Table file; - for standard input.", metavar="INPUT"),
    items: list[str] = typer.Option(
        ..., "--items", "-i", help="Columns of the items, separated by commas; may be repeated."
    ),
    scale: tuple[float, float] = typer.Option(
        ..., help="Least and greatest value of an item.", metavar="LEAST GREATEST"
    ),
    reversed: list[str] = typer.Option([], help="Items worded the other way, likewise."),
    pairwise: bool = typer.Option(
        False,
        "--pairwise",
        help="For each pair of items the rows that answer both; default: that answer all.",
    ),
    by: list[str] = typer.Option([], "--by", "-b", help="Column whose values make a group; may be repeated."),
    level: float = typer.Option(
        0.95, callback=check_level, help="Coverage of the interval of alpha, between 0 and 1."
    ),
    missing_value: list[float] = typer.Option([], help="Value that stands for no answer; may be repeated."),
    decimal_places: int = typer.Option(
        None, min=0, max=6, help="Of the values. Default: as many as they have; none is rounded."
    ),
    out: str = typer.Option(
        None,
        "--output",
        "-o",
        parser=Writes,
        help="Table file of the figures to write; - for standard output.",
    ),
    output_format: str = typer.Option(None, help="Format of the output. Default: by extension."),
    format: Format = None,
    delimiter: Delimiter = None,
    missing: Missing = None,
    bad_rows: str = typer.Option(
        "fail", callback=check_bad_rows, help="A value off the scale: fail, or refuse its row alone."
    ),
    threads: Threads = None,
    language: str = typer.Option("en", help="Language of the words: en or zh."),
    show_progress: Progress = None,
    as_json: bool = typer.Option(False, "--json", help="The figures as one JSON object."),
) -> None:
    """Judge the items of a scale: Cronbach's alpha raw and standardised, with Feldt's interval and if an item
    is dropped, item-rest correlations, McDonald's omega, KMO and Bartlett's test.

    A figure that there is none of has its reason. Exit status 1: rows were refused for a bad value, or
    something is wrong with the items: one does not vary, two say the same, one follows from others, or there
    are no more rows than items, or so few that there is no alpha.
    """
    if out is None:
        not_together(context, ("output_format",), "goes with --output")
    check_language(language)
    if as_json and out == "-":
        raise ValueError("--json and --output -: both go to standard output, give --output a file")
    check_output(out, output_format)
    names, turned = _split(items), _split(reversed)
    for name in by:
        if name in names:
            raise ValueError(f"column {quoted(name)} cannot be an item and make groups")
        if out is not None and name in _COLUMNS:
            raise TableError(f"key '{name}' has the name of a column of the figures")
    how = "pairwise" if pairwise else "listwise"
    fields = [Field(name, "number", True) for name in names]
    wanted = Wanted(fields, by, {}, missing or (), delimiter, bad_rows == "refuse")
    source = Input(table, format, wanted)
    first, passes = 1, 0
    with progress("counting", source.size, show_progress) as done:

        def parts() -> Iterator[pa.RecordBatch]:
            nonlocal first, passes
            first, passes = 1, passes + 1
            for chunk in source.chunks():
                if passes == 1:
                    hint(chunk, wanted, table)
                first = chunk.first
                yield chunk.typed
                done(source.position)

        try:
            counted = count_items(
                parts,
                names,
                scale,
                by,
                reversed=turned,
                decimal_places=decimal_places,
                missing_values=missing_value,
                threads=threads,
                bad_rows=bad_rows,  # type: ignore[arg-type]
            )
        except TableError as error:
            raise row_of_file(error, table, first) from None
    if len(counted) == 0:
        raise TableError(f"{table}: no row to judge the items by, {counted.refused} were refused")
    judged = [judge_group(counted, at, names, how, turned, level) for at in range(len(counted))]
    groups = pa.table(counted.table()).select(list(by)).to_pylist() if by else [{}]
    if out is not None:
        with output(out, output_format) as file:
            for batch in _table(by, groups, judged).to_batches():
                file.write(batch)
    if as_json:
        show_json(_document(counted.rows, counted.refused, groups, judged) | {"output": out})
    elif out != "-":
        if by:
            show(_overview(by, groups, judged, counted.rows, language))
        else:
            show(_InLanguage(judged[0], language))
    if counted.refused:
        text = "{}: {} of {} rows were refused for a bad value"
        note(_word(text, language).format(table, counted.refused, counted.refused + counted.rows))
    if counted.refused or any(each.findings or each.alpha is None for each in judged):
        raise typer.Exit(1)


class _InLanguage(Reliability):
    """Shows itself in another language."""

    def __init__(self, judged: Reliability, language: str) -> None:
        self.__dict__.update(judged.__dict__)
        self._language = language

    def grids(self, language: str = "") -> list[Grid]:
        return super().grids(language or self._language)


def _word(text: str, language: str) -> str:
    return _WORDS[text] if chinese(language) else text


def _split(names: Sequence[str]) -> list[str]:
    return [name.strip() for text in names for name in text.split(",") if name.strip()]


def _overview(
    by: Sequence[str],
    groups: Sequence[dict[str, Any]],
    judged: Sequence[Reliability],
    rows: int,
    language: str,
) -> Grid:
    """A row for each group."""
    ends = [_word(f"{end} {{:g}} %", language).format(100 * judged[0].level) for end in ("low", "high")]
    header = [*by, "n", _word("alpha", language), *ends]
    header += [_word("standardised", language), _word("omega", language), "KMO", _word("reason", language)]
    title = _word("{} items · {} rows in {} groups · {}", language)
    grid = Grid(
        title.format(len(judged[0].items), rows, len(judged), _word(judged[0].missing, language)),
        header,
        right=frozenset(range(len(by), len(header) - 1)),
    )
    for keys, each in zip(groups, judged, strict=True):
        figures = [each.alpha, *(each.alpha_interval or (None, None))]
        figures += [each.standardised_alpha, each.omega_total, each.kmo]
        gaps = dict.fromkeys(gap for name, gap in each.reasons.items() if name in ("alpha", "kmo"))
        reasons = "; ".join(gap.words(language) for gap in dict.fromkeys([*each.findings, *gaps]))
        shown = ["" if figure is None else f"{figure:.4f}" for figure in figures]
        grid.add([*(keys[name] for name in by), each.n, *shown, reasons])
    return grid


def _table(by: Sequence[str], groups: Sequence[dict[str, Any]], judged: Sequence[Reliability]) -> pa.Table:
    """A row for each group, item (null: the whole set) and figure."""
    rows: list[dict[str, Any]] = []
    for keys, each in zip(groups, judged, strict=True):
        reasons = each.reasons
        low, high = each.alpha_interval or (None, None)
        figures: list[tuple[str | None, str, int, float | None]] = [
            (None, name, each.n, getattr(each, name)) for name in _OF_SET
        ]
        test = each.bartlett
        n = each.n if test is None else test.n
        for name in ("chi_square", "df", "p", "log10_p"):
            value = None if test is None else float(getattr(test, name))
            figures.append((None, f"bartlett_{name}", n, value))
        for item in each.by_item:
            figures += [(item.item, name, item.n, getattr(item, name)) for name in _OF_ITEM]
        for of, name, n, value in figures:
            key = "bartlett" if name.startswith("bartlett") else name
            gap = reasons.get(key if of is None else f"{of}.{key}") if value is None else None
            ends = (low, high) if (of, name) == (None, "alpha") else (None, None)
            row = {"item": of, "figure": name, "n": n, "value": value, "low": ends[0], "high": ends[1]}
            rows.append({**keys, **row, "reason": None if gap is None else _coded(gap)})
    types = {"item": pa.string(), "figure": pa.string(), "n": pa.int64(), "reason": pa.string()}
    types |= {name: pa.float64() for name in ("value", "low", "high")}
    arrays = [pa.array([row[name] for row in rows], types.get(name)) for name in [*by, *_COLUMNS]]
    return pa.table(arrays, [*by, *_COLUMNS])


def _coded(gap: Gap) -> str:
    """Such as ``duplicate: q1, q3``."""
    return f"{gap.reason}: {', '.join(gap.items)}" if gap.items else gap.reason


def _document(
    rows: int, refused: int, groups: Sequence[dict[str, Any]], judged: Sequence[Reliability]
) -> dict[str, Any]:
    return {
        "rows": rows,
        "refused": refused,
        "items": list(judged[0].items),
        "groups": [{"keys": keys, **each.to_dict()} for keys, each in zip(groups, judged, strict=True)],
    }
