"""The language of the search box, the advanced form, saved searches and the API: see docs/search.md.

Called by `query.SearchQuery`. Never refuses: what it does not understand is noted, and searched for as words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from catalog.search import analysis, numbers, values
from catalog.search.nodes import Group, Node, Not, Note, Term, all_terms, shown
from catalog.search.tokens import FIELD_NAMES, OPERATORS, Token, tokens

MAX_TEXT = 400  # signs of a question that are read
MAX_TERMS = 24
MAX_DEPTH = 8  # parentheses within parentheses
MIN_PREFIX = 2  # signs before a "*"
MAX_SLOP = 10
NOTHING = Group(())

_YEARS = re.compile(r"^(\d{1,4})?(-|\.\.+|–)?(\d{1,4})?$")
_NAMES = {"call_number": "panggil", "rest": "notes"}  # of fields that are not called so in a question
_WORD = re.compile(r"[\w*?][\w.'’/&*?-]*[+#]*")
_WILD = re.compile(r"\*|(?<=\w)\?(?=\w)")


@dataclass(frozen=True)
class Parsed:
    root: Group = NOTHING
    year_from: int | None = None  # asked for beside all else; years inside OR or NOT stay in the tree
    year_to: int | None = None
    plain: tuple[str, ...] = ()  # the words of a question without any operator: may be a whole title
    notes: tuple[Note, ...] = ()  # what was not understood

    @property
    def clauses(self) -> tuple[Node, ...]:
        """What must all be there, or not be there."""
        return self.root.parts

    @property
    def numbers(self) -> tuple[str, ...]:
        """The forms of the one standard number that is all of the question; else ()."""
        only = self.root.parts[0] if len(self.root.parts) == 1 else None
        asked = self.year_from is not None or self.year_to is not None
        return only.numbers if isinstance(only, Term) and not asked else ()

    @property
    def shown(self) -> str:
        """The question as it was understood, in the language itself."""
        years = ""
        if self.year_from is not None or self.year_to is not None:
            first, last = ("" if year is None else str(year) for year in (self.year_from, self.year_to))
            years = f"tahun:{first}" if first == last else f"tahun:{first}-{last}"
        return " ".join(filter(None, (shown(self.root), years)))


def parse(text: str) -> Parsed:
    """Read a question. It may be one number, written with blanks or hyphens."""
    return _Reader(text).read()


class _Reader:
    """Reads one question from left to right. OR joins its two neighbours, all else must be there together."""

    def __init__(self, text: str) -> None:
        self._tokens = iter(tokens(text[:MAX_TEXT]))
        self._notes: list[Note] = [Note("too_long")] if len(text) > MAX_TEXT else []
        self._left = MAX_TERMS
        self._plain = True

    def read(self) -> Parsed:
        parts: list[Node] = []
        while (group := self._group("", 0)) is not None:
            parts += group.parts  # more than once after a ")" that nothing opened
            if self._done:
                break
        kept, years = _years_apart(parts)
        root = Group(tuple(kept))
        return Parsed(root, *years, self._plain_words(root, years), tuple(dict.fromkeys(self._notes)))

    def _plain_words(self, root: Group, years: tuple[int | None, int | None]) -> tuple[str, ...]:
        terms = list(all_terms(root))
        one_phrase = len(terms) == 1 and terms[0].phrase and not terms[0].prefix
        if (
            years != (None, None)
            or len({term.field for term in terms}) != 1
            or terms[0].field not in ("", "title")
        ):
            return ()
        if not (self._plain or one_phrase) or any(term.numbers for term in terms):
            return ()
        return tuple(word for term in terms for word in term.words)

    # --- groups ----------------------------------------------------------------------------------------------

    _done = False

    def _group(self, field: str, depth: int) -> Group:
        """Up to the ")" that ends it, or to the end."""
        parts: list[Node] = []
        joined = negated = False
        operator = ""
        pending = ""  # a field whose value comes after a blank
        for token in self._tokens:
            if token.kind == "close":
                if operator or pending:
                    self._note("alone", operator or pending)
                if not depth:
                    self._note("parenthesis")
                return Group(tuple(parts))
            if token.kind in ("or", "and", "not"):
                self._plain = self._plain and token.kind == "and"
                if token.kind != "not" and not parts:
                    self._note("alone", token.value)
                    continue
                joined, negated = joined or token.kind == "or", negated or token.kind == "not"
                operator = token.value
                continue
            if token.kind == "field":
                pending = token.field
                continue
            node = self._node(token if token.field else replace(token, field=pending), field, depth)
            pending = ""
            if node is None:
                continue
            if negated or token.negated:
                node, self._plain = Not(node), False
            if joined:
                node = _either(parts.pop(), node)
            parts.append(node)
            joined = negated = False
            operator = ""
        self._done = True
        if operator or pending:
            self._note("alone", operator or pending)
        if depth:
            self._note("parenthesis")
        return Group(tuple(parts))

    def _node(self, token: Token, field: str, depth: int) -> Node | None:
        if token.kind == "open":
            name = token.field.lower()
            if name in FIELD_NAMES:
                field, self._plain = FIELD_NAMES[name], False
            elif name:
                self._note("field", token.field)
            if depth >= MAX_DEPTH:
                self._note("too_deep")
                return None
            found = self._group(field, depth + 1)
            return found.parts[0] if len(found.parts) == 1 else found if found.parts else None
        if not self._left:
            self._note("too_long")
            return None
        node = self._term(token, field)
        self._left -= node is not None
        return node

    # --- terms -----------------------------------------------------------------------------------------------

    def _term(self, token: Token, field: str) -> Term | None:
        value, name = token.value, token.field.lower()
        if name in FIELD_NAMES:
            field = FIELD_NAMES[name]
            self._plain = self._plain and field in ("", "title")
        elif name:
            if not value.startswith("//"):
                self._note("field", token.field)
            value = f"{token.field} {value}"
        if not token.closed:
            self._note("quote")
        typed = value if _WORD.fullmatch(value) else " ".join(analysis.words(value)) or f'"{value}"'
        # What only looks like an operator is shown as the word it was taken for.
        typed = f'"{value}"' if token.quoted else typed.lower() if typed in OPERATORS else typed
        name = name if name in FIELD_NAMES else _NAMES.get(field, field)
        typed = f"{name}:{typed}" if name else typed
        if field in ("year", "number", "call_number", *values.FIELDS):
            self._plain = False
            if term := self._value(value, field, typed):
                return term
            field = ""
        return self._words(token, value, field, typed)

    def _value(self, value: str, field: str, typed: str) -> Term | None:
        """A term of a field that holds values, not words; None where it can't be one."""
        if field == "year":
            if years := _year_span(value):
                return Term((), field, years=years, typed=typed)
        elif field == "call_number":
            if key := analysis.call_number_key(value.rstrip("*")):
                return Term((key,), field, prefix=True, typed=typed)
        elif field == "number":
            if numbers.is_mistyped(value):
                self._note("check_digit", value)
            key = analysis.number_key(value)
            if key:
                return Term((), field, numbers=numbers.forms(value) or (key[:100],), typed=typed)
        elif codes := values.codes(field, value):
            return Term((), field, codes=codes, typed=typed)
        if value:
            self._note(field, value)
        return None

    def _words(self, token: Token, value: str, field: str, typed: str) -> Term | None:
        found = numbers.forms(value) if not token.quoted else ()
        if not token.quoted and numbers.is_mistyped(value):
            self._note("check_digit", value)
            found = (analysis.number_key(value),)
        if not token.quoted and (term := self._pattern(value, field, typed)):
            return term
        words = tuple(analysis.words(value))[:MAX_TERMS]
        if not words and not found:
            return None
        prefix = value.rstrip().endswith("*") and bool(words)
        if prefix and len(words[-1]) < MIN_PREFIX:
            self._note("short_star", value)
            prefix = False
        phrase = token.quoted and len(words) > 1
        self._plain = self._plain and not (phrase or token.quoted or prefix or found)
        slop = min(token.slop, MAX_SLOP) if phrase else 0
        return Term(words, field, phrase, prefix, slop, numbers=found, typed=typed)

    def _pattern(self, value: str, field: str, typed: str) -> Term | None:
        """A word with wildcards inside it, "wom*n" or "organi?ation"; at its beginning they cannot stand."""
        if value.startswith("*") and value.strip("*"):
            self._note("leading_star", value)
            value = value.lstrip("*")
        pieces, signs = _WILD.split(value.rstrip("*")), _WILD.findall(value.rstrip("*"))
        if not signs:
            return None
        folded = [analysis.words(piece) for piece in pieces]
        if len(folded[0]) != 1 or len(folded[0][0]) < MIN_PREFIX or any(len(piece) > 1 for piece in folded):
            self._note("star", value)
            return None
        regex = folded[0][0]
        for sign, piece in zip(signs, folded[1:], strict=True):
            regex += (".*" if sign == "*" else ".") + "".join(piece)
        self._plain = False
        return Term((), field, pattern=regex + (".*" if value.endswith("*") else ""), typed=typed)

    def _note(self, code: str, text: str = "") -> None:
        self._notes.append(Note(code, text[:80]))


def _either(one: Node, other: Node) -> Group:
    before = one.parts if isinstance(one, Group) and one.any_of else (one,)
    return Group((*before, other), any_of=True)


def _years_apart(parts: list[Node]) -> tuple[list[Node], tuple[int | None, int | None]]:
    """Years that must be there whatever else: they narrow like the filter of years does."""
    kept = [part for part in parts if not (isinstance(part, Term) and part.field == "year")]
    spans = [part.years for part in parts if isinstance(part, Term) and part.field == "year"]
    first = max((span[0] for span in spans if span[0] is not None), default=None)
    last = min((span[1] for span in spans if span[1] is not None), default=None)
    return kept, (first, last)


def _year_span(value: str) -> tuple[int | None, int | None] | None:
    match = _YEARS.match(value.strip())
    if not match or not (match[1] or match[3]):
        return None
    first, dash, last = match.groups()
    if not dash:
        return int(first + (last or "")), int(first + (last or ""))
    low, high = (int(first) if first else None), (int(last) if last else None)
    return (high, low) if low is not None and high is not None and low > high else (low, high)
