"""Figures beside those of a reference: equal, another definition with its name, or different."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from libcsat.show import Grid

# Largest relative difference of figures that are the same but for rounding; counts have to be equal.
TOLERANCE = 1e-9

Figures = int | float | str | None | Sequence[Any] | Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One figure, or figures of one kind.

    Attributes:
        name: What it is.
        ours: As shown.
        theirs: As shown.
        figures: How many were compared.
        difference: The largest relative one; 0 where all are equal.
        definition: Of the reference's figure, where ours is meant to be another.
        agrees: Equal within TOLERANCE, under the definition where there is one.
    """

    name: str
    ours: str
    theirs: str
    figures: int
    difference: float
    definition: str
    agrees: bool


@dataclass
class Agreement:
    """The lines of one survey."""

    title: str
    lines: list[Line] = field(default_factory=list)

    def add(
        self,
        name: str,
        ours: Figures,
        theirs: Figures,
        shown: tuple[str, str] | None = None,
        definition: str = "",
        under: Figures = None,
    ) -> None:
        """Compares figures, one by one where there are several.

        Args:
            shown: Both sides as text; by themselves, or their number.
            definition: Why the reference's figure is another one.
            under: Our figure under that definition, which has to be the reference's.
        """
        pairs = list(_pairs(under if definition else ours, theirs))
        differences = [_difference(a, b) for a, b in pairs]
        worst = max(differences, default=float("inf"))
        sides = shown or (_shown(ours, len(pairs)), _shown(theirs, len(pairs)))
        self.lines.append(Line(name, *sides, len(pairs), worst, definition, worst <= TOLERANCE))

    @property
    def figures(self) -> int:
        return sum(line.figures for line in self.lines)

    @property
    def differing(self) -> list[Line]:
        return [line for line in self.lines if not line.agrees]

    def grid(self, words: Mapping[str, str]) -> Grid:
        """A table of the lines.

        Args:
            words: In place of the English ones.
        """

        def word(text: str) -> str:
            return words.get(text, text)

        header = ["figure", "libcsat", "reference", ""]
        grid = Grid(word(self.title), [word(name) for name in header], right=frozenset({1, 2}))
        for line in self.lines:
            verdict = word("equal") if line.agrees else f"{word('DIFFERS')}: {line.difference:.1e}"
            if line.agrees and line.definition:
                verdict = f"{word('by definition')}: {word(line.definition)}"
            name, _, detail = line.name.partition(" | ")
            name = f"{word(name)} {detail}".strip()
            grid.add([name, _in_words(line.ours, words), _in_words(line.theirs, words), verdict])
        return grid


def _in_words(text: str, words: Mapping[str, str]) -> str:
    count, _, rest = text.partition(" ")
    return f"{count} {words[rest]}" if rest in words else words.get(text, text)


def _pairs(ours: Figures, theirs: Figures) -> Iterator[tuple[Any, Any]]:
    if isinstance(ours, Mapping):
        assert isinstance(theirs, Mapping)
        # A figure that one side lacks is a difference.
        for key in dict.fromkeys([*ours, *theirs]):
            yield from _pairs(ours.get(key), theirs.get(key))
    elif isinstance(ours, (list, tuple)) and isinstance(theirs, (list, tuple)):
        for at in range(max(len(ours), len(theirs))):
            yield from _pairs(*(side[at] if at < len(side) else None for side in (ours, theirs)))
    else:
        yield ours, theirs


def _difference(ours: Any, theirs: Any) -> float:
    if ours == theirs:
        return 0.0
    numbers = all(isinstance(side, (int, float)) for side in (ours, theirs))
    if not numbers or (isinstance(ours, int) and isinstance(theirs, int)):
        return float("inf")
    return float(abs(ours - theirs) / max(abs(ours), abs(theirs), 1e-12))


def _shown(figures: Figures, count: int) -> str:
    if figures is None:
        return "–"
    if isinstance(figures, (int, str)):
        return f"{figures:,}" if isinstance(figures, int) else figures
    if isinstance(figures, float):
        return f"{figures:,.4f}"
    return f"{count} figures"
