"""`csat sample`: who is asked, by chance that anyone can check."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import typer

from libcsat.command.file_names import Reads, Writes
from libcsat.command.files import Input, Wanted, check_output, output
from libcsat.command.options import not_together
from libcsat.command.terminal import note, show, show_json
from libcsat.error import ProofError, TableError
from libcsat.sample_proof import METHODS, read_proof
from libcsat.sampling import sample, verify_sample
from libcsat.writing import complete_file

# Parameters that a draw alone has.
_OF_DRAWS = (
    *("id", "size", "seed", "stratum", "method", "deviation", "quota", "replacements"),
    *("output_file", "output_format", "proof", "as_json"),
)


def sample_file(
    context: typer.Context,
    frame: str = typer.Argument(
        parser=Reads,
        help="Table file, a row for each who may be asked; - for standard input.",
        metavar="INPUT",
    ),
    id: str = typer.Option(None, help="Column of ids, each once."),
    size: int = typer.Option(None, "--size", "-n", min=0, help="How many are drawn in all."),
    seed: str = typer.Option(None, help="Text that decides who is drawn; published with the proof."),
    stratum: str = typer.Option(None, help="Column of strata that share the sample out."),
    method: str = typer.Option("proportional", help="How: proportional, equal or neyman."),
    deviation: list[str] = typer.Option([], help="STRATUM=VALUE, a standard deviation, for neyman."),
    quota: list[str] = typer.Option([], help="STRATUM=COUNT, in place of --size and --method."),
    replacements: int = typer.Option(0, min=0, help="Up to so many more of each stratum, to stand in."),
    output_file: str = typer.Option(
        None,
        "--output",
        "-o",
        parser=Writes,
        help="Table file to write the rows drawn to; - for standard output.",
    ),
    output_format: str = typer.Option(None, help="Format of that file. Default: by extension."),
    proof: str = typer.Option(None, parser=Writes, help="File to write the proof to."),
    verify: str = typer.Option(
        None, parser=Reads, help="Proof to verify instead: draw again from INPUT, and compare."
    ),
    format: str = typer.Option(
        None, help="Format of INPUT: csv, parquet, arrow or jsonl. Default: by extension."
    ),
    delimiter: str = typer.Option(None, help="Separator of CSV cells. Default: comma; tab in .tsv files."),
    as_json: bool = typer.Option(False, "--json", help="The proof as one JSON object."),
) -> None:
    """Draw a sample from a frame, or verify one.

    Who is drawn follows from SHA-256 of the seed and the ids; the order of rows has no part in it. Exit
    status 1: the frame does not bear the proof out.
    """
    if verify is not None:
        not_together(context, _OF_DRAWS, "and --verify: the proof says what was drawn")
        _verify(frame, verify, format, delimiter)
        return
    for option, value in (("--id", id), ("--seed", seed)):
        if value is None:
            raise ValueError(f"{option} is needed, or --verify")
    if (size is None) == (not quota):
        raise ValueError("give one of --size and --quota")
    if as_json and output_file == "-":
        raise ValueError("--json and --output -: both go to standard output, give --output a file")
    if output_file is None:
        not_together(context, ("output_format",), "goes with --output")
    if quota:
        not_together(context, ("method", "deviation"), "does not go with --quota")
    if method != "neyman":
        not_together(context, ("deviation",), "goes with --method neyman")
    elif not deviation:
        raise ValueError("--method neyman needs --deviation STRATUM=VALUE, one for each stratum")
    if method not in METHODS:
        raise ValueError(f"method '{method}' is none of {', '.join(METHODS)}")
    counts = {name: _count(count, name) for name, count in _pairs(quota, "--quota").items()}
    deviations = _pairs(deviation, "--deviation")
    check_output(output_file, output_format)
    rows, keys = _read(frame, [id] if stratum is None else [id, stratum], format, delimiter)
    try:
        drawn = sample(
            keys,
            counts if quota else size,
            seed,
            id,
            stratum,
            None if quota else method,
            deviations=deviations or None,
            replacements=replacements,
        )
    except TableError as error:
        raise TableError(f"{frame}: {_counted(str(error))}", path=frame) from None
    if output_file is not None:
        for name in ("role", "order"):
            if name in rows.column_names:
                raise TableError(f"{frame}: it has a column '{name}' already", path=frame)
        chosen = drawn.table
        at = {word: row for row, word in enumerate(keys.column(id).to_pylist())}
        made = rows.take(pa.array([at[word] for word in chosen.column(id).to_pylist()], pa.int64()))
        for name in ("role", "order"):
            made = made.append_column(name, chosen.column(name))
        with output(output_file, output_format) as file:
            for batch in made.to_batches() or [pa.RecordBatch.from_pylist([], schema=made.schema)]:
                file.write(batch)
    if proof is not None:
        with complete_file(proof) as path:
            Path(path).write_text(drawn.proof_json(), encoding="utf-8")
    if as_json:
        show_json(drawn.proof)
    elif output_file != "-":
        show(drawn)


def _verify(frame: str, proof: str, format: str | None, delimiter: str | None) -> None:
    document = Path(proof).read_bytes()
    try:
        design, said = read_proof(document)
    except ProofError as error:
        raise ProofError(f"{proof}: {error}") from None
    _, keys = _read(
        frame, [name for name in (design.id, design.stratum) if name is not None], format, delimiter
    )
    try:
        verify_sample(keys, document)
    except TableError as error:
        raise TableError(f"{frame}: {_counted(str(error))}", path=frame) from None
    except ProofError as error:
        note(f"{proof}: {error}")
        raise typer.Exit(1) from None
    drawn = sum(len(each["drawn"]) for each in said["strata"])
    how = f"{drawn} of {said['members']} drawn, method {design.method}"
    show(f"{proof}: {how}, as the seed and the frame have it")


def _read(
    frame: str, names: list[str], format: str | None, delimiter: str | None
) -> tuple[pa.Table, pa.Table]:
    """All rows of the file, and its columns of ids and strata, those of CSV as texts."""
    source = Input(frame, format, Wanted([], names, delimiter=delimiter))
    whole = source.whole()
    for name in names:
        if name not in whole.typed.schema.names:
            raise TableError(f"{frame}: column '{name}' is missing", path=frame)
    return pa.Table.from_batches([whole.rows]), pa.Table.from_batches([whole.typed])


def _pairs(given: list[str], option: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for pair in given:
        name, equals, value = pair.rpartition("=")
        if not equals or name in pairs:
            why = "there twice" if name in pairs else "not STRATUM=VALUE"
            raise ValueError(f"{option} '{pair}' is {why}")
        pairs[name] = value
    return pairs


def _count(text: str, name: str) -> int:
    if not text.isascii() or not text.isdecimal() or Decimal(text) > 2**40:
        raise ValueError(f"--quota '{name}={text}' is no number of members")
    return int(text)


def _counted(message: str) -> str:
    """A message about a row, its number from 1 as in all messages of the command."""
    return re.sub(r"\brow (\d+)", lambda found: f"row {int(found[1]) + 1}", message)
