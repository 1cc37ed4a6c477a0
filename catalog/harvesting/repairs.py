"""What was repaired on the way in, as sentences: of records (formats/errors.py) and of a server's pages.

`run.warnings` counts them by code. Read by the pages of a run.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

from catalog.formats.errors import WARNINGS

# Of whole answers of a server: named by harvesting/oai and harvesting/sru.
PAGES: dict[str, str] = {
    "bare_ampersand": gettext_noop("“&” stood alone in the XML and was written as XML wants it."),
    "count_changed": gettext_noop("The number of records changed while the list was read."),
    "identifiers_incomplete": gettext_noop(
        "The server's record numbers could not be compared to their end, so nothing was taken out by them."
    ),
    "illegal_characters": gettext_noop("Characters that XML forbids were taken out."),
    "namespace_missing": gettext_noop(
        "The answer does not say which protocol it speaks, but reads like the right one."
    ),
    "namespace_wrong": gettext_noop(
        "The answer says that it speaks another protocol, but reads like the right one."
    ),
    "next_position_wrong": gettext_noop(
        "The server named a wrong place for the next page; we counted for ourselves."
    ),
    "not_utf8": gettext_noop(
        "The answer was not in UTF-8, as it has to be; its bytes were read as best we could."
    ),
    "perhaps_capped": gettext_noop(
        "The list ends at a round number: perhaps the server gives no more than that."
    ),
    "prefix_undeclared": gettext_noop("Prefixes that the XML never explains were explained."),
    "prefix_with_token": gettext_noop("The server wants the format named on each page; it was."),
    "prolog_inside": gettext_noop("The beginning of an XML document in the midst of another was taken out."),
    "quarantined": gettext_noop("A whole page could not be read and was set aside."),
    "salvaged": gettext_noop("The page was no XML any more; its records were read one by one."),
    "smaller_pages": gettext_noop(
        "A page could not be had in one piece, so it was asked for in smaller ones."
    ),
    "text_after_root": gettext_noop("Text behind the end of the XML was cut off."),
    "text_before_prolog": gettext_noop("Text before the beginning of the XML was cut off."),
    "truncated": gettext_noop("The answer broke off; what was whole in it was read."),
    "unknown_not_fetched": gettext_noop(
        "Records that we lack could not be fetched one by one; the next loading asks for the whole list."
    ),
    "unknown_encoding": gettext_noop("The answer names a character set that does not exist."),
}
SENTENCES: dict[str, str] = WARNINGS | PAGES


def sentence_of(code: str) -> str:
    """English, to be translated where it is shown; a code without a sentence stands for itself."""
    return SENTENCES.get(code, code)
