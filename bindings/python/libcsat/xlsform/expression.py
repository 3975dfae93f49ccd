"""The part of XPath that forms are written in, as a tree: `or`, `and`, comparisons, sums, calls,
`${question}`, `.`, numbers and quoted texts.

What a tree means is not said here; see `conditions`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

# Parentheses inside one another, and signs before a number.
MOST_NESTING = 32
# Of a number; a policy holds fewer.
MOST_DIGITS = 24

_TOKENS = re.compile(
    r"""\s*(?:
      (?P<ref>\$\{\s*(?P<question>[^{}]*?)\s*\})
    | (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<text>'[^']*'|"[^"]*")
    | (?P<name>[^\W\d][\w.-]*(?::[^\W\d][\w.-]*)?)
    | (?P<sign><=|>=|!=|\.\.|//|::|[=<>()+*,./@|\[\]-])
    )""",
    re.VERBOSE,
)
# What word processors make of quotes.
_QUOTES = str.maketrans("‘’“”", "''\"\"")
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


class ExpressionError(ValueError):
    """An expression that has no counterpart. The message says which part."""


@dataclass(frozen=True)
class Ref:
    """`${name}`."""

    name: str


@dataclass(frozen=True)
class Own:
    """`.`: the answer itself."""


@dataclass(frozen=True)
class Number:
    value: Decimal


@dataclass(frozen=True)
class Text:
    value: str


@dataclass(frozen=True)
class Call:
    name: str
    of: tuple[Tree, ...]


@dataclass(frozen=True)
class Compare:
    op: str
    left: Tree
    right: Tree


@dataclass(frozen=True)
class Sum:
    of: tuple[Tree, ...]


@dataclass(frozen=True)
class And:
    """Parts as they stand side by side: what parentheses hold together is one part."""

    of: tuple[Tree, ...]


@dataclass(frozen=True)
class Or:
    of: tuple[Tree, ...]


Tree: TypeAlias = "Ref | Own | Number | Text | Call | Compare | Sum | And | Or"


def parse(text: str) -> Tree:
    """The tree of an expression.

    Raises:
        ExpressionError: it is no expression, or goes beyond the part of XPath that is read.
    """
    parser = _Parser(_tokens(text.translate(_QUOTES)))
    tree = parser.either()
    parser.expect_end()
    return tree


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens = []
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKENS.match(text, at)
        if found is None:
            raise ExpressionError(f"{text[at:].split()[0][:20]!r} is no part of an expression")
        kind = str(found.lastgroup)
        if kind == "number" and len(found[kind]) > MOST_DIGITS:
            raise ExpressionError(f"a number of more than {MOST_DIGITS} digits")
        if found.group("ref") is not None:
            tokens.append(("ref", found.group("question")))
        else:
            tokens.append((kind, found.group(kind)))
        at = found.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def either(self) -> Tree:
        self._depth += 1
        if self._depth > MOST_NESTING:
            raise ExpressionError(f"it is nested more than {MOST_NESTING} deep")
        parts = [self._both()]
        while self._take("name", "or"):
            parts.append(self._both())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def expect_end(self) -> None:
        if self._at < len(self._tokens):
            raise ExpressionError(f"'{self._tokens[self._at][1]}' is not expected here")

    def _both(self) -> Tree:
        parts = [self._compared()]
        while self._take("name", "and"):
            parts.append(self._compared())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    # `=` binds less than `<`, but a comparison of a comparison has no counterpart anyhow.
    def _compared(self) -> Tree:
        left = self._sum()
        kind, sign = self._peek()
        if kind != "sign" or sign not in _COMPARISONS:
            return left
        self._at += 1
        tree = Compare(sign, left, self._sum())
        if self._peek()[1] in _COMPARISONS:
            raise ExpressionError("a comparison of comparisons has no counterpart")
        return tree

    def _sum(self) -> Tree:
        parts = [self._operand()]
        while self._take("sign", "+"):
            parts.append(self._operand())
        kind, word = self._peek()
        if (kind == "sign" and word in "-*/|[") or (kind == "name" and word in ("div", "mod")):
            raise ExpressionError(f"'{word}' has no counterpart")
        return parts[0] if len(parts) == 1 else Sum(tuple(parts))

    def _operand(self) -> Tree:
        kind, word = self._peek()
        self._at += 1
        if kind == "ref":
            if not word:
                raise ExpressionError("'${}' names no question")
            return Ref(word)
        if kind == "number":
            return Number(Decimal(word))
        if kind == "text":
            return Text(word[1:-1])
        if kind == "name" and self._take("sign", "("):
            return Call(word, self._arguments())
        if kind == "sign" and word == "(":
            tree = self.either()
            self._expect(")")
            return tree
        if kind == "sign" and word == "-" and self._peek()[0] == "number":
            self._at += 1
            return Number(-Decimal(self._tokens[self._at - 1][1]))
        if kind == "sign" and word == "." and self._peek()[1] != "/":
            return Own()
        if kind == "end":
            raise ExpressionError("it breaks off")
        if kind == "name" or word in ("..", "/", "//", ".", "@"):
            raise ExpressionError(f"the path '{word}' has no counterpart; only ${{question}} is read")
        raise ExpressionError(f"'{word}' is not expected here")

    def _arguments(self) -> tuple[Tree, ...]:
        if self._take("sign", ")"):
            return ()
        parts = [self.either()]
        while self._take("sign", ","):
            parts.append(self.either())
        self._expect(")")
        return tuple(parts)

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _take(self, kind: str, word: str) -> bool:
        if self._peek() != (kind, word):
            return False
        self._at += 1
        return True

    def _expect(self, sign: str) -> None:
        if not self._take("sign", sign):
            raise ExpressionError(f"'{sign}' is missing")
