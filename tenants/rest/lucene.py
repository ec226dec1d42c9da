"""The part of Lucene's query language that the `q` of lists takes, as a tree. What its fields mean is `lucene_fields`.

`field:value`, `field:"a phrase"`, `field:pre*`, `field:*`, `_exists_:field`, `field:[a TO b]`, `field:{a TO *}`,
`field:>=a`, `field:(a OR b)`, AND, OR, NOT, parentheses. What is beyond that is refused rather than ignored: a filter that
is not applied would be a trap. So are two conditions with nothing between them, which some servers read as OR and others
as AND.
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from tenants.profile import is_text
from tenants.rest.errors import ManagementError

MAX_LENGTH = 2_000
MAX_CONDITIONS = 50
MAX_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Is:
    """Has this value; with `before` or `after`, anything may stand there (`*`)."""

    value: str
    before: bool = False
    after: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """Lies between two values, of which None is no bound."""

    low: str | None
    high: str | None
    with_low: bool = True
    with_high: bool = True


@dataclass(frozen=True, slots=True)
class Exists:
    """Has any value."""


Match = Is | Between | Exists


@dataclass(frozen=True, slots=True)
class Condition:
    """`field` is "" for a word that stands on its own."""

    field: str
    match: Match


@dataclass(frozen=True, slots=True)
class Negation:
    node: "Node"


@dataclass(frozen=True, slots=True)
class Conjunction:
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Disjunction:
    nodes: tuple["Node", ...]


Node = Condition | Negation | Conjunction | Disjunction

_SPACE = re.compile(r"\s*")
_FIELD = re.compile(r"((?:[A-Za-z0-9_.-]|\\.)+):")
_PHRASE = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_WORD = re.compile(r'(?:[^\s()"\[\]{}\\]|\\.)+', re.DOTALL)
_RANGE = re.compile(r'([\[{])\s*("(?:[^"\\]|\\.)*"|[^\s"\]}]+)\s+TO\s+("(?:[^"\\]|\\.)*"|[^\s"\]}]+)\s*([\]}])', re.DOTALL)
_COMPARISON = re.compile(r"([<>])(=?)")
_KEYWORDS = {"AND": re.compile(r"(?:AND|&&)(?=[\s(]|$)"), "OR": re.compile(r"(?:OR|\|\|)(?=[\s(]|$)")}
_NOT = re.compile(r"NOT(?=[\s(])|[-!](?=\S)")
_RESERVED = re.compile(r"(?:AND|OR|NOT|TO|&&|\|\|)\Z")
# A character with its backslash, or one alone.
_LETTER = re.compile(r"\\(.)|(.)", re.DOTALL)
_SPECIAL = re.compile(r"[~^?]")


def parse(text: str, *, parameter: str = "q") -> Node:
    """`text` as a tree. Raises ManagementError 400, about `parameter`, for what is not in this language."""
    return _Parser(text, parameter).whole()


def refuse(reason: str, parameter: str) -> NoReturn:
    """Raises ManagementError 400: `reason` is a sentence without its full stop."""
    raise ManagementError(400, f"Query validation error: '{reason}' on property {parameter}.", "invalid_query_string")


class _Parser:
    """Recursive descent, as deep as `MAX_DEPTH`; `field` is what a value in `field:(…)` is about."""

    def __init__(self, text: str, parameter: str) -> None:
        self.text, self.parameter, self.at = text, parameter, 0
        self.field, self.conditions, self.depth = "", 0, 0

    def whole(self) -> Node:
        if len(self.text) > MAX_LENGTH:
            self.refuse(f"At most {MAX_LENGTH} characters")
        if not is_text(self.text):
            self.refuse("Text must not contain NUL or half a surrogate pair")
        self.skip()
        node = self.disjunction()
        if self.at < len(self.text):
            closes = self.text[self.at] == ")"
            self.refuse("A parenthesis closes that none opened" if closes else "AND or OR stands between two conditions")
        return node

    def disjunction(self) -> Node:
        nodes = [self.conjunction()]
        while self.take(_KEYWORDS["OR"]):
            nodes.append(self.conjunction())
        return nodes[0] if len(nodes) == 1 else Disjunction(tuple(nodes))

    def conjunction(self) -> Node:
        nodes = [self.factor()]
        while self.take(_KEYWORDS["AND"]):
            nodes.append(self.factor())
        return nodes[0] if len(nodes) == 1 else Conjunction(tuple(nodes))

    def factor(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.refuse(f"At most {MAX_DEPTH} levels of parentheses and NOT")
        if self.take(_NOT):
            node: Node = Negation(self.factor())
        elif self.text.startswith("(", self.at):
            node = self.group()
        else:
            node = self.condition()
        self.depth -= 1
        return node

    def group(self) -> Node:
        self.at += 1
        node = self.disjunction()
        if not self.text.startswith(")", self.at):
            self.refuse("AND or OR stands between two conditions, and a parenthesis is closed")
        self.at += 1
        self.skip()
        return node

    def condition(self) -> Node:
        self.conditions += 1
        if self.conditions > MAX_CONDITIONS:
            self.refuse(f"At most {MAX_CONDITIONS} conditions")
        named = self.take(_FIELD)
        if named is None:
            return Condition(self.field, self.match())
        name = _plain(named[1])
        if name == "_exists_":
            return Condition(self.word(), Exists())
        if not self.text.startswith("(", self.at):
            return Condition(name, self.match())
        outer, self.field = self.field, name
        node = self.factor()
        self.field = outer
        return node

    def match(self) -> Match:
        if phrase := self.take(_PHRASE):
            return Is(_plain(phrase[1]))
        if found := self.take(_RANGE):
            low, high = self.bound(found[2]), self.bound(found[3])
            return Between(low, high, with_low=found[1] == "[", with_high=found[4] == "]")
        if found := self.take(_COMPARISON):
            value, inclusive = self.compared(), bool(found[2])
            if found[1] == ">":
                return Between(value, None, with_low=inclusive)
            return Between(None, value, with_high=inclusive)
        return _wildcard(self.word(), self)

    def compared(self) -> str:
        phrase = self.take(_PHRASE)
        return _plain(phrase[1]) if phrase else _plain(self.word())

    def bound(self, text: str) -> str | None:
        if text == "*":
            return None
        return _plain(text[1:-1]) if text.startswith('"') else _plain(text)

    def word(self) -> str:
        found = self.take(_WORD)
        if found is None or _RESERVED.match(found[0]):
            self.refuse("A value is missing, or a quotation mark or bracket has no partner")
        return found[0]

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What `pattern` finds here, and moves behind it and the blanks that follow."""
        if found := pattern.match(self.text, self.at):
            self.at = found.end()
            self.skip()
        return found

    def skip(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def refuse(self, reason: str) -> NoReturn:
        refuse(reason, self.parameter)


def _plain(text: str) -> str:
    """`text` without the backslashes that quote its letters."""
    return _LETTER.sub(lambda found: found[1] or found[2] or "", text)


def _wildcard(word: str, parser: _Parser) -> Match:
    """A word, in which an unquoted `*` at either end stands for anything."""
    letters = [(found[2] is None, found[1] or found[2]) for found in _LETTER.finditer(word)]
    special = "".join(letter for quoted, letter in letters if not quoted)
    if _SPECIAL.search(special):
        parser.refuse("Of the wildcards there is * only; a value with ~, ^ or ? is put in quotation marks")
    if word == "*":
        return Exists()
    before, after = letters[0] == (False, "*"), len(letters) > 1 and letters[-1] == (False, "*")
    inner = letters[before : len(letters) - after]
    if (False, "*") in inner or not inner:
        parser.refuse("The wildcard * stands at the beginning or the end of a value")
    return Is("".join(letter for _, letter in inner), before, after)
