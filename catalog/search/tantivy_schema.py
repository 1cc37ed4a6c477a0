"""The fields of the Tantivy index, and how a document fills them. A change needs a new SCHEMA_VERSION."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import tantivy

from catalog.search import analysis
from catalog.search.documents import IndexDocument
from catalog.search.houses import house_name

SCHEMA_VERSION = 5
ENGINE_NAME = "tantivy"

# Exact words, with positions for phrases.
TEXT_FIELDS = ("title", "author", "subject", "publisher", "series", "rest")
ANCHORED = ("title", "author")  # their texts begin with a sign of their own
SPELLING_FIELDS = ("title", "author", "subject")
# Field that counts and filters values -> is it a filter of SearchQuery (its name there)?
VALUE_FIELDS = {
    "library": "libraries", "format": "formats", "language": "languages", "subject_value": "subjects",
    "author_value": "authors", "publisher_value": "publishers", "etext": "etexts",
}  # fmt: skip
SORTED = ("sort_title", "sort_author")  # texts to sort by; each has its first signs as a number beside it
COMPLETED = {"author": "a", "subject": "s"}  # what is offered while one types -> first sign of its terms
COMPLETED_VALUES = 6  # names and subject headings of one record that are offered
TURNS = 3  # a heading is offered by its first words, a name by its first and by its last or second
SHOWN = "\x1f"  # stands between what a name is found by and the name
HEAD_SIGNS = 12
MAX_TEXT = 20_000  # signs of one long note that are indexed
_ALPHABET = " 0123456789abcdefghijklmnopqrstuvwxyz"


@lru_cache(maxsize=1)
def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    # indexed=True: without it a delete by id scans the whole index.
    builder.add_integer_field("id", indexed=True, fast=True)
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    # Everything, exact and loose, to match on; and the loose forms of titles alone, to rank by.
    builder.add_text_field("loose", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("title_loose", tokenizer_name="whitespace", index_option="freq")
    for name in ("title_key", "variant_key", "number", "call_number", "complete"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (*VALUE_FIELDS, "available_library", "on_shelf", *SORTED):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    # Only sorted by and asked for in spans: columns serve that, inverted lists would be three times as large.
    for name in ("year", "sort_newest", "sort_held", *(f"{name}_head" for name in SORTED), "added"):
        builder.add_integer_field(name, fast=True)
    builder.add_float_field("weight", fast=True)
    return builder.build()


def register(index: tantivy.Index) -> tantivy.Index:
    """Tokenizers are not kept in the index's files: each process that opens it names them."""
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("whitespace", analyzer)
    return index


def to_tantivy(source: IndexDocument) -> tantivy.Document:
    document = tantivy.Document()
    document.add_integer("id", source.edition_id)
    texts = _texts(source)
    terms = analysis.terms_of([text for _field, text in texts])
    title_words: set[str] = set()
    other_words: set[str] = set()
    for (field, _text), (words, compounds) in zip(texts, terms, strict=True):
        if words:
            exact = " ".join(words)
            document.add_text(field, f"{analysis.START} {exact}" if field in ANCHORED else exact)
        target = title_words if field == "title" else other_words
        target.update(words)
        if compounds:
            document.add_text(field, " ".join(compounds))
            target.update(compounds)
    title_loose = analysis.loose_all(title_words)
    document.add_text("title_loose", " ".join(title_loose))
    document.add_text("loose", " ".join(title_loose | analysis.loose_all(other_words)))
    _add_keys(document, source, terms)
    _add_completion(document, source)
    _add_values(document, source)
    return document


def _texts(source: IndexDocument) -> list[tuple[str, str]]:
    """(field, text), the whole title first and the variant titles after it."""
    texts = [("title", _joined(source.title, source.part, source.subtitle))]
    texts += [("title", text) for text in source.variant_titles]
    texts += [("author", name) for name in (*source.authors, source.responsibility)]
    texts += [("subject", text[:MAX_TEXT]) for text in source.subjects]
    texts.append(("publisher", source.publisher))
    texts += [("series", text) for text in source.series]
    texts += [("rest", text[:MAX_TEXT]) for text in source.rest]
    return texts


def _add_keys(document: tantivy.Document, source: IndexDocument, terms: Sequence[analysis.Terms]) -> None:
    """`terms`: of the whole title and the variant titles, and more."""
    full = analysis.key_of(terms[0][0])
    title = analysis.title_key(f"{source.title} {source.subtitle}") if source.part else full
    if title != full:  # else "sort_title" serves, which is the same
        document.add_text("title_key", full)
    short = analysis.title_key(source.title) if source.subtitle or source.part else full
    if short != full:
        document.add_text("title_key", short)
    variants = terms[1 : 1 + len(source.variant_titles)]
    for key in {analysis.key_of(words) for words, _compounds in variants}:
        document.add_text("variant_key", key)
    for number in source.numbers:
        document.add_text("number", analysis.number_key(number)[:100])
    for mark in {analysis.call_number_key(mark) for mark in source.call_numbers}:
        document.add_text("call_number", mark)
    author = " ".join(analysis.words(source.authors[0])) if source.authors else ""
    for field, sorted_by in zip(SORTED, (title, author[:60]), strict=True):
        document.add_text(field, sorted_by or "\uffff")
        document.add_integer(f"{field}_head", head(sorted_by))


def _add_completion(document: tantivy.Document, source: IndexDocument) -> None:
    for kind, texts in (("author", source.authors), ("subject", source.subjects)):
        for text in texts[:COMPLETED_VALUES]:
            for term in _completion_terms(COMPLETED[kind], text[:120]):
                document.add_text("complete", term)


@lru_cache(maxsize=50_000)
def _completion_terms(sign: str, text: str) -> tuple[str, ...]:
    found = analysis.words(text)
    starts = range(min(len(found), TURNS))
    if sign == COMPLETED["author"]:
        starts = range(min(len(found), 2)) if "," in text else range(0, len(found), max(len(found) - 1, 1))
    turns = [" ".join(found[start:]) for start in starts if len(found[start]) > 1]
    return tuple(f"{sign}{turn}{SHOWN}{text}" for turn in turns)


def _add_values(document: tantivy.Document, source: IndexDocument) -> None:
    values = {
        "library": map(str, source.library_ids), "available_library": map(str, source.available_library_ids),
        "format": [source.format], "language": source.languages, "subject_value": source.subjects,
        "author_value": source.authors, "publisher_value": [house_name(source.publisher)], "etext": source.etexts,
        "on_shelf": ["1"] if source.available_library_ids else [],
    }  # fmt: skip
    for field, found in values.items():
        for value in dict.fromkeys(found):
            if value:
                document.add_text(field, value[:300])
    held = min(source.library_count, 9_999)
    if source.year is not None:
        document.add_integer("year", source.year)
    document.add_integer("sort_newest", (source.year or 0) * 10_000 + held)
    document.add_integer("sort_held", held * 10_000 + min(max(source.year or 0, 0), 9_999))
    document.add_integer("added", source.added_at)
    # The engine multiplies a score by log2(2 + weight): 1.0 for one library, at most 1.2 for two hundred; the newest
    # have two hundredths more than what is a century old, which parts those that are alike in all else.
    factor = min(1 + 0.026 * math.log2(max(held, 1)), 1.2) + 0.02 * _newness(source.year)
    document.add_float("weight", 2**factor - 2)


def _newness(year: int | None) -> float:
    return min(max((year or 1900) - 1900, 0), 150) / 150


def head(text: str, *, last: bool = False) -> int:
    """The first twelve signs as a number that sorts alike: many thousand strings are slow to sort.

    `last`: the highest number of all texts that begin so.
    """
    number = 0
    for sign in text[:HEAD_SIGNS].ljust(HEAD_SIGNS, "\uffff" if last else " "):
        place = _ALPHABET.find(sign)
        number = number * 38 + (place if place >= 0 else 37)
    return number if text else 38**HEAD_SIGNS


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
