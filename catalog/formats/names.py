"""Contributors: names as the source has them, and roles from relator terms and codes in English and Indonesian."""

from __future__ import annotations

from functools import lru_cache

from .draft import Contributor
from .records import Subfields
from .text import trim, trim_stop, without_marks

_CODES = {
    "aut": "author", "cre": "author", "dis": "author", "edt": "editor", "edc": "editor", "com": "editor",
    "red": "editor", "pbd": "editor", "trl": "translator", "ill": "illustrator", "art": "illustrator",
    "pht": "illustrator", "cmp": "author", "lyr": "author", "070": "author", "340": "editor", "220": "editor",
    "730": "translator", "440": "illustrator", "230": "author",
}  # fmt: skip
_WORDS = (
    ("editor", ("edit", "penyunting", "ed. ", "comp", "penyusun", "redaksi", "redakt", "hrsg", "herausg")),
    ("translator", ("transl", "penerjemah", "alih bahasa", "terjemah", "trad", "übers")),
    ("illustrator", ("illust", "ilust", "gambar", "foto", "photog", "artist")),
    (
        "author",
        (
            "author",
            "pengarang",
            "penulis",
            "creator",
            "auteur",
            "writer",
            "verfasser",
            "komponis",
            "pencipta",
        ),
    ),
)


@lru_cache(maxsize=4096)
def role_of(relator: str) -> str:
    """The role a relator code or term stands for; "other" for one that is neither writing nor editing."""
    text = relator.strip().rstrip(".,;)").lower()
    code = text.rpartition("/")[2]
    if code in _CODES:
        return _CODES[code]
    if text in ("ed", "eds"):
        return "editor"
    for role, stems in _WORDS:
        if text.startswith(stems):
            return role
    return "other"


def contributor(tag: str, first: str, subfields: Subfields) -> Contributor | None:
    """From X00, X10, X11 and 720. Of a person's titles only those that make the name, as with popes and kings."""
    name = numeration = titles = dates = relator = ""
    units: list[str] = []
    work = False
    for code, value in subfields:
        if code == "a":
            name = name or value
        elif code == "b":
            numeration = numeration or value
            units.append(value)
        elif code == "c":
            titles = titles or value
        elif code == "d":
            dates = dates or value
        elif code in ("e", "j", "4") and not relator:
            relator = value
        elif code == "t":
            work = True
    name = trim(without_marks(name))
    if not name:
        return None
    if tag[1:] in ("10", "11"):
        name = ". ".join([trim_stop(part) for part in (name, *units) if part.strip()])
        return Contributor(name, "other" if work else "corporate", trim_stop(dates))
    if numeration:
        name = f"{name} {trim(numeration)}"
    if titles and (numeration or first == "0"):
        name = f"{name}, {trim(titles)}"
    role = "other" if work else role_of(relator) if relator else "author"
    return Contributor(trim_stop(name), role, trim_stop(dates))
