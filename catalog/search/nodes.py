"""A question as a tree: terms joined by AND or OR, and what must not be. Made by `grammar`, read by engines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One thing asked for. `words` are folded; several words that are no phrase must all be there."""

    words: tuple[str, ...]
    field: str = ""  # "": anywhere
    phrase: bool = False
    prefix: bool = False  # the last word is a beginning: pang*
    slop: int = 0  # so many words may stand between those of a phrase
    pattern: str = ""  # instead of words: one word with wildcards inside, "wom*n"
    numbers: tuple[str, ...] = ()  # standard numbers this may be, as number keys
    codes: tuple[str, ...] = ()  # values of the field: languages, formats or libraries
    years: tuple[int | None, int | None] = (None, None)
    typed: str = ""  # as it was written, for showing


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


@dataclass(frozen=True, slots=True)
class Group:
    """All of the parts must be there, or with `any_of` one of them."""

    parts: tuple[Node, ...]
    any_of: bool = False


Node = Term | Not | Group


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was not understood as it was meant; `notes.sentence` says it to the reader."""

    code: str
    text: str = ""


def positive_terms(node: Node) -> Iterator[Term]:
    """The terms that a hit may have: all but those under a Not."""
    if isinstance(node, Term):
        yield node
    elif isinstance(node, Group):
        for part in node.parts:
            yield from positive_terms(part)


def all_terms(node: Node) -> Iterator[Term]:
    if isinstance(node, Not):
        yield from all_terms(node.part)
    elif isinstance(node, Group):
        for part in node.parts:
            yield from all_terms(part)
    else:
        yield node


def shown(node: Node, *, outermost: bool = True) -> str:
    """The question as it was understood, in the language itself: reading it again gives the same."""
    if isinstance(node, Not):
        return f"NOT {shown(node.part, outermost=False)}"
    if isinstance(node, Term):
        return node.typed
    text = (" OR " if node.any_of else " ").join(shown(part, outermost=False) for part in node.parts)
    return text if outermost or len(node.parts) == 1 else f"({text})"
