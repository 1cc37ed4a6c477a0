"""What the fields of a citation are called, on forms, in lists of facts and in the librarian's findings."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

# Label and hint of each field of a citation; where a genre says it otherwise, under "genre.field".
FIELDS: dict[str, tuple[Any, Any]] = {
    "title": (_("Title"), ""),
    "article.title": (_("Title of the article"), ""),
    "chapter.title": (_("Title of the book"), ""),
    "author": (_("Author"), _("For example: Toer, Pramoedya Ananta")),
    "chapter.author": (_("Author or editor of the book"), ""),
    "container": (_("Journal or newspaper"), ""),
    "chapter": (_("Chapter"), _("Its title or number.")),
    "part_author": (_("Author of the chapter"), ""),
    "publisher": (_("Publisher"), ""),
    "thesis.publisher": (_("University"), ""),
    "year": (_("Year"), _("For example: 2019")),
    "volume": (_("Volume"), ""),
    "issue": (_("Issue"), ""),
    "pages": (_("Pages"), _("For example: 12-25")),
    "isbn": (_("ISBN"), _("10 or 13 digits, on the back of the book.")),
    "issn": (_("ISSN"), _("Eight digits, for example 2303-2677.")),
    "doi": (_("DOI"), _("Begins with 10, for example 10.24198/jkip.v7i1.")),
}


def label_of(genre: str, name: str) -> str:
    """The field's name, in the language in use."""
    return "PubMed" if name == "pmid" else str(FIELDS.get(f"{genre}.{name}", FIELDS[name])[0])
