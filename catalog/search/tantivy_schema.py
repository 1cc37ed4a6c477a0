"""The fields of the Tantivy index, and how a document fills them. A change needs a new SCHEMA_VERSION."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import tantivy

from catalog.search import analysis
from catalog.search.documents import IndexDocument

SCHEMA_VERSION = 2
ENGINE_NAME = "tantivy"

# Exact words, with positions for phrases. Those that feed spelling suggestions are stored.
TEXT_FIELDS = ("title", "author", "subject", "publisher", "series", "rest")
ANCHORED = ("title", "author")  # their texts begin with a sign of their own
SPELLING_FIELDS = ("title", "author", "subject")
# Field that counts and filters values -> is it a filter of SearchQuery (its name there)?
VALUE_FIELDS = {
    "library": "libraries", "format": "formats", "language": "languages", "subject_value": "subjects",
    "author_value": "authors",
}  # fmt: skip
MAX_TEXT = 20_000  # signs of one long note that are indexed
_ALPHABET = " 0123456789abcdefghijklmnopqrstuvwxyz"


@lru_cache(maxsize=1)
def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    # indexed=True: without it a delete by id scans the whole index.
    builder.add_integer_field("id", indexed=True, fast=True)
    for name in TEXT_FIELDS:
        builder.add_text_field(
            name, stored=name in SPELLING_FIELDS, tokenizer_name="whitespace", index_option="position"
        )
    # Everything, exact and loose, to match on; and the loose forms of titles alone, to rank by.
    builder.add_text_field("loose", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("title_loose", tokenizer_name="whitespace", index_option="freq")
    for name in ("title_key", "variant_key", "number"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (*VALUE_FIELDS, "available_library", "on_shelf", "sort_title"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("year", "sort_newest", "sort_held", "sort_title_head", "added"):
        builder.add_integer_field(name, indexed=True, fast=True)
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
    document.add_text("title_key", full)
    short = analysis.title_key(source.title) if source.subtitle or source.part else full
    if short != full:
        document.add_text("title_key", short)
    variants = terms[1 : 1 + len(source.variant_titles)]
    for key in {analysis.key_of(words) for words, _compounds in variants}:
        document.add_text("variant_key", key)
    for number in source.numbers:
        document.add_text("number", analysis.number_key(number)[:100])
    sorted_by = analysis.title_key(f"{source.title} {source.subtitle}") if source.part else full
    document.add_text("sort_title", sorted_by[:80] or "\uffff")
    document.add_integer("sort_title_head", _head(sorted_by[:80]))


def _add_values(document: tantivy.Document, source: IndexDocument) -> None:
    values = {
        "library": map(str, source.library_ids), "available_library": map(str, source.available_library_ids),
        "format": [source.format], "language": source.languages, "subject_value": source.subjects,
        "author_value": source.authors, "on_shelf": ["1"] if source.available_library_ids else [],
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
    # The engine multiplies a score by log2(2 + weight): 1.0 for one library, at most 1.2 for two hundred.
    factor = min(1 + 0.026 * math.log2(max(held, 1)), 1.2)
    document.add_float("weight", 2**factor - 2)


def _head(text: str) -> int:
    """The first twelve signs as a number that sorts alike: many thousand strings are slow to sort."""
    number = 0
    for sign in text[:12].ljust(12):
        place = _ALPHABET.find(sign)
        number = number * 38 + (place if place >= 0 else 37)
    return number if text else 38**12


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
