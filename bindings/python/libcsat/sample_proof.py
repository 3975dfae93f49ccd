"""The proof of a sample as it is published: what was asked for, of which frame, and who was drawn."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from libcsat.documents import each_once
from libcsat.error import ProofError
from libcsat.proportion import written

FORMAT = "csat.sample.v2"
METHODS = ("proportional", "equal", "neyman")
_MOST = 1 << 62
# A number with its digits, or as a fraction.
_NUMBER = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+|/[1-9][0-9]*)?")
# What proof_of() writes of a number is shorter.
_LONGEST_NUMBER = 4200


@dataclass(frozen=True)
class Design:
    """What a sample was asked to be.

    Attributes:
        seed: Decides who is drawn.
        id: Column of ids.
        stratum: Column of strata; None: the frame is not divided.
        method: One of METHODS, or "quota".
        size: How many are drawn in all; of "quota" how many of each stratum.
        deviations: Of "neyman" the standard deviation of each stratum; None of others.
        replacements: Up to so many further members of each stratum.
    """

    seed: str
    id: str
    stratum: str | None
    method: str
    size: int | dict[str, int]
    deviations: dict[str, Fraction] | None
    replacements: int


def proof_of(design: Design, commitment: str, frame: str, strata: list[dict[str, Any]]) -> dict[str, Any]:
    """The proof, as its JSON has it: names of strata, their sizes and who was drawn of each; `frame` is the
    SHA-256 of the frame's members."""
    deviations = design.deviations
    return {
        "format": FORMAT,
        "seed": design.seed,
        "commitment": commitment,
        "id": design.id,
        "stratum": design.stratum,
        "method": design.method,
        "size": design.size,
        "deviations": deviations and {name: written(number) for name, number in deviations.items()},
        "replacements": design.replacements,
        "members": sum(each["size"] for each in strata),
        "frame": frame,
        "strata": strata,
    }


def read_proof(proof: Mapping[str, Any] | str | bytes) -> tuple[Design, dict[str, Any]]:
    """What the proof was asked to be, and all that it says, as its JSON has it.

    Raises:
        ProofError: it is no JSON object with the members of a proof, each once and of its kind, and no
            others.
    """
    try:
        text = json.dumps(dict(proof)) if isinstance(proof, Mapping) else proof
        read = json.loads(text, object_pairs_hook=each_once)
    except RecursionError:
        raise ProofError("this is no proof of a sample: its values lie too deep in each other") from None
    except (ValueError, TypeError) as error:
        raise ProofError(f"this is no proof of a sample: {error}") from None
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise ProofError(f"this is no proof of the format {FORMAT}")
    _check(read, _MEMBERS, "the proof")
    for number, each in enumerate(read["strata"]):
        if not isinstance(each, dict):
            raise ProofError(f"the proof: strata[{number}] is no object")
        _check(each, _OF_STRATA, f"the proof: strata[{number}]")
    method, size, deviations = read["method"], read["size"], read["deviations"]
    if isinstance(size, dict) != (method == "quota"):
        wanted = "counts by stratum" if method == "quota" else "a count"
        raise ProofError(f"the proof: size is {wanted} where the method is '{method}'")
    if (deviations is not None) != (method == "neyman"):
        raise ProofError("the proof: there are deviations where the method is 'neyman', and only there")
    if read["id"] == read["stratum"]:
        raise ProofError(f"the proof: column '{read['id']}' cannot hold both ids and strata")
    asked = None if deviations is None else {name: Fraction(text) for name, text in deviations.items()}
    design = Design(read["seed"], read["id"], read["stratum"], method, size, asked, read["replacements"])
    return design, read


def differing(said: Mapping[str, Any], found: Mapping[str, Any]) -> str | None:
    """What a proof says otherwise than one that was made anew of the same frame and design, in one line; None
    where they are the same."""
    names = [[each["name"] for each in proof["strata"]] for proof in (said, found)]
    if names[0] != names[1]:
        return f"the proof has other strata than the frame, whose are {', '.join(names[1])}"
    for one, other in zip(said["strata"], found["strata"], strict=True):
        name = f"stratum '{one['name']}'"
        if one["size"] != other["size"]:
            return f"{name} has {other['size']} members, the proof says {one['size']}"
        for kind in ("drawn", "replacements"):
            if len(one[kind]) != len(other[kind]):
                what = "drawn" if kind == "drawn" else "replacements"
                return (
                    f"{name} has {len(other[kind])} {what} by method '{found['method']}', the proof says"
                    f" {len(one[kind])}"
                )
        both = [proof["drawn"] + proof["replacements"] for proof in (one, other)]
        for number, (there, here) in enumerate(zip(*both, strict=True), 1):
            if there != here:
                return f"number {number} of {name} is '{here}', the proof says '{there}'"
    for name, value in found.items():
        if said[name] != value:
            return f"{name}: the frame and the seed have {value}, the proof says {said[name]}"
    return None


def _is_text(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_word(value: Any) -> bool:
    return _is_text(value) and value != "" and "\0" not in value


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _MOST


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_NUMBER and _NUMBER.fullmatch(value) is not None


def _by_stratum(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, dict) and all(_is_text(name) and check(one) for name, one in value.items())
    )


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_word, value))


# By member: whether a value is of its kind.
_MEMBERS: dict[str, Callable[[Any], bool]] = {
    "format": _is_text,
    "seed": _is_word,
    "commitment": _is_text,
    "id": _is_text,
    "stratum": lambda value: value is None or _is_text(value),
    "method": lambda value: value in METHODS or value == "quota",
    "size": lambda value: _is_count(value) or _by_stratum(_is_count)(value),
    "deviations": lambda value: value is None or _by_stratum(_is_number)(value),
    "replacements": _is_count,
    "members": _is_count,
    "frame": _is_text,
    "strata": lambda value: isinstance(value, list),
}
_OF_STRATA: dict[str, Callable[[Any], bool]] = {
    "name": _is_text,
    "size": _is_count,
    "drawn": _is_words,
    "replacements": _is_words,
}


def _check(read: Mapping[str, Any], members: Mapping[str, Callable[[Any], bool]], what: str) -> None:
    for name in read:
        if name not in members:
            raise ProofError(f"{what} has a member {name[:60]!r}, which none has")
    for name, is_of_kind in members.items():
        if name not in read:
            raise ProofError(f"{what} has no member '{name}'")
        if not is_of_kind(read[name]):
            shown = json.dumps(read[name])
            shown = shown if len(shown) <= 60 else shown[:60] + "..."
            raise ProofError(f"{what}: {name} is {shown}, which it cannot be")
