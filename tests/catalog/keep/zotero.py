"""What Zotero makes of a COinS span: the rules of its parseContextObject, written down as a reader of OpenURL."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

KINDS = {"book": "book", "journal": "journalArticle", "dissertation": "thesis"}
FIELDS = {
    "rft.btitle": "title", "rft.atitle": "title", "rft.jtitle": "publicationTitle", "rft.isbn": "ISBN",
    "rft.issn": "ISSN", "rft.pub": "publisher", "rft.inst": "publisher", "rft.place": "place", "rft.date": "date",
    "rft.edition": "edition", "rft.series": "series", "rft.language": "language", "rft.publisher": "publisher",
}  # fmt: skip


def item(context_object: str) -> dict[str, Any]:
    pairs = [
        (name, unquote(value.replace("+", " ")))
        for name, _, value in (p.partition("=") for p in context_object.split("&"))
    ]
    told = dict(pairs)
    assert told["ctx_ver"] == "Z39.88-2004"
    kind = told["rft_val_fmt"].removeprefix("info:ofi/fmt:kev:mtx:")
    found: dict[str, Any] = {
        "itemType": told.get("rft.type") if kind == "dc" else KINDS[kind],
        "creators": [],
    }
    if "rft.aulast" in told:
        found["creators"].append((told["rft.aulast"], told.get("rft.aufirst", "")))
    for name, value in pairs:
        if name == "rft_id" and value.startswith("info:doi/"):
            found["DOI"] = value.removeprefix("info:doi/")
        elif name == "rft_id" and value.startswith("http"):
            found["url"] = value
        elif name in ("rft.au", "rft.creator"):
            last, _, first = value.partition(", ")
            found["creators"].append((last, first))
        elif name in FIELDS or name == "rft.title":
            found.setdefault(FIELDS.get(name, "title"), value)
    return found
