"""`csat plan`: the sampling plan of a policy, and what one of its rules says of a table and of values."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import typer

from libcsat.command.cells import cast_first
from libcsat.command.file_names import Reads
from libcsat.command.files import Chunk, Input, Wanted, hint, row_of_file
from libcsat.command.options import Delimiter, Format, Missing, not_together
from libcsat.command.terminal import show, show_json
from libcsat.documents import each_once
from libcsat.error import RecordError, TableError
from libcsat.exact import percent
from libcsat.fields import Field
from libcsat.policy import Policy
from libcsat.sampling_plan import SamplingResult, SamplingRule
from libcsat.show import Grid

# Parameters that a table alone has.
_OF_TABLES = ("format", "delimiter", "missing")
# Columns that hold days, flags and numbers; the others hold names.
_DAYS = ("date", "since", "last_event")
_FLAGS = ("valid", "asked", "drawn", "mature", "surveyed", "strategic")
_NUMBERS = ("size", "deviation")
_DAY_TYPES = (pa.date32(), pa.timestamp("us"), pa.timestamp("us", "UTC"))
_TRUE, _FALSE = ("true", "1"), ("false", "0")
# Forms that name a row where there is no column of subjects, and how.
_OF_ROWS = ("each", "recent")
_ROW = re.compile(r"^row (\d+)$", re.ASCII)
# Of what an outcome says: nothing is found wanting. Forms without one find nothing.
_FINE = ("complete", "open", "advised", "valid")
_JUDGING = ("every", "within", "each", "products", "wave")
# Given values above this are not read at all; the library's own limit lies below it.
_MOST_BYTES = 64 * 1024 * 1024


def plan(
    context: typer.Context,
    policy: str = typer.Argument(parser=Reads, help="Policy file, or the name of a ready-made policy."),
    id: str = typer.Argument(None, help="Rule. Default: a list of all, with what they read.", metavar="RULE"),
    table: str = typer.Argument(
        None, parser=Reads, help="Table file that the rule reads; - for standard input.", metavar="INPUT"
    ),
    given: str = typer.Option(
        None,
        parser=Reads,
        help="Values beside the table: a JSON file, - for standard input, or a JSON object itself.",
        metavar="JSON",
    ),
    format: Format = None,
    delimiter: Delimiter = None,
    missing: Missing = None,
    as_json: bool = typer.Option(False, "--json", help="One JSON document."),
) -> None:
    """Show the sampling plan of a policy, or apply a rule of it to a table and given values.

    Exit status 1: something is missing, incomplete or invalid, or nothing was there to judge; what is only
    advised, and what is still open, is none of that.
    """
    if id is None:
        not_together(context, ("given",), "goes with RULE")
    if table is None:
        not_together(context, _OF_TABLES, "goes with INPUT")
    loaded = Policy.load(policy)
    if id is None:
        _list(loaded, as_json)
        return
    rule = loaded.sampling_rule(id)
    values = {} if given is None else _given(given)
    rows = None
    if table is not None:
        if not rule.columns[0]:
            raise TableError(f"rule '{id}' reads no table")
        rows = _rows(rule, table, format, delimiter, missing)
    try:
        found = rule.apply(rows, values)
    except TableError as error:
        raise error if table is None else row_of_file(error, table, 1) from None
    except RecordError as error:
        name = "" if given is None or _is_object(given) else f"{given}: "
        raise RecordError(f"{name}{error}", code=error.code, path=error.path) from None
    if rule.form in _OF_ROWS and rows is not None and "subject" not in rows.schema.names:
        found = _counted(found)
    if as_json:
        show_json(_document(loaded, rule, found))
    else:
        show(found)
    if rule.form in _JUDGING and found.outcome not in _FINE:
        raise typer.Exit(1)


def _list(policy: Policy, as_json: bool) -> None:
    rules = policy.sampling
    if as_json:
        described = [
            {
                "id": rule.id,
                "label": rule.label(),
                "level": rule.level,
                "form": rule.form,
                "values": rule.values,
                "given": {"needed": rule.given[0], "optional": rule.given[1]},
                "columns": {"needed": rule.columns[0], "optional": rule.columns[1]},
            }
            for rule in rules
        ]
        show_json(_head(policy) | {"rules": described})
        return
    grid = Grid(
        f"{policy.label()} ({policy.id} {policy.version})",
        ["rule", "level", "form", "given", "columns", "label"],
    )
    for rule in rules:
        grid.add([rule.id, rule.level, rule.form, _names(rule.given), _names(rule.columns), rule.label()])
    grid.note = "in brackets: may be absent" if rules else "the policy has no rules of sampling"
    show(grid)


def _names(names: tuple[tuple[str, ...], tuple[str, ...]]) -> str:
    needed, others = ", ".join(names[0]), ", ".join(names[1])
    return " ".join(part for part in (needed, f"[{others}]" if others else "") if part)


def _head(policy: Policy) -> dict[str, Any]:
    return {"policy": policy.id, "version": policy.version, "digest": policy.digest}


def _document(policy: Policy, rule: SamplingRule, found: SamplingResult) -> dict[str, Any]:
    shares = {
        name: {"numerator": share.numerator, "denominator": share.denominator, "percent": percent(share)}
        for name, share in found.shares.items()
    }
    return _head(policy) | {
        "rule": rule.id,
        "level": rule.level,
        "form": rule.form,
        "outcome": found.outcome,
        "counts": found.counts,
        "shares": shares,
        "lists": found.lists,
    }


def _counted(found: SamplingResult) -> SamplingResult:
    """Rows that have no name count from 1, as everywhere in files."""
    lists = {
        name: [_ROW.sub(lambda row: f"row {int(row[1]) + 1}", text) for text in texts]
        for name, texts in found.lists.items()
    }
    return replace(found, lists=lists)


def _is_object(given: str) -> bool:
    return given.lstrip().startswith("{")


def _given(given: str) -> dict[str, Any]:
    """The values, decimals with their own digits."""
    name = "--given" if _is_object(given) else given
    if _is_object(given):
        text: str | bytes = given
    elif given == "-":
        text = sys.stdin.buffer.read(_MOST_BYTES + 1)
    else:
        with open(given, "rb") as file:
            text = file.read(_MOST_BYTES + 1)
    if len(text) > _MOST_BYTES:
        raise RecordError(f"{name}: it has more than {_MOST_BYTES} bytes")
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        values = json.loads(text, parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=each_once)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"{name}: {error}") from None
    if not isinstance(values, dict):
        raise RecordError(f"{name}: it is no JSON object of values by name")
    return values


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON")


def _rows(
    rule: SamplingRule, table: str, format: str | None, delimiter: str | None, missing: list[str] | None
) -> pa.RecordBatch:
    """The columns of the file that the rule reads, texts as what they hold."""
    names = list(dict.fromkeys([*rule.columns[0], *rule.columns[1]]))
    more = rule.values.get("every_value_of", ())
    fields = [Field(name, "number", True) for name in names if name in _NUMBERS and name not in more]
    others = [name for name in names if all(field.name != name for field in fields)]
    source = Input(table, format, Wanted(fields, others, {}, missing or (), delimiter))
    chunk = source.whole()
    hint(Chunk(chunk.rows, chunk.typed, 1), source.wanted, table)
    columns = [
        column if name in more else _typed(name, column)
        for name, column in zip(chunk.typed.schema.names, chunk.typed.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, names=chunk.typed.schema.names)


def _typed(name: str, cells: pa.Array) -> pa.Array:
    if not (pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type)):
        return cells
    if name in _DAYS:
        days = cast_first(cells, _DAY_TYPES)
        return cells if days is None else days
    if name in _FLAGS:
        # Others stay what they are: the rule names the row of one.
        words = pc.utf8_lower(cells)
        yes, no = (pc.is_in(words, value_set=pa.array(set_of, words.type)) for set_of in (_TRUE, _FALSE))
        return pc.if_else(
            yes, pa.scalar("true", cells.type), pc.if_else(no, pa.scalar("false", cells.type), cells)
        )
    return cells
