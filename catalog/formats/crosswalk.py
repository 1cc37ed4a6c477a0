"""Other descriptions as MARC fields, so that one mapping makes drafts of all and one view shows them.

Called by the readers of Dublin Core, MODS and CSV. Standard: the Library of Congress's crosswalks to MARC 21.
"""

from __future__ import annotations

import re
import unicodedata

from .encoding import maybe_twice, undo_double_encoding, undo_entities
from .records import Field

_KINDS = (  # words in dc:type, MODS genre or SLiMS's GMD, and the leader's sixth and seventh place they stand for
    ("t", "m", re.compile(r"\b(?:manuscript|manuskrip|naskah)", re.I)),
    ("a", "T", re.compile(r"\b(?:thes[ei]s|tesis|skripsi|disertasi|dissertation|tugas akhir)\b", re.I)),
    ("a", "b", re.compile(r"\b(?:article|artikel|conference ?paper|makalah)", re.I)),
    ("a", "s", re.compile(r"\b(?:journal|jurnal|serial|periodical|majalah|magazine|newspaper|koran|"
                          r"surat kabar)", re.I)),
    ("i", "m", re.compile(r"\b(?:sound|audio|rekaman suara|kaset)", re.I)),
    ("c", "m", re.compile(r"\b(?:notated music|music|score|partitur)", re.I)),
    ("g", "m", re.compile(r"\b(?:moving ?image|video|film|motion picture|transparenc|slide|dvd|vcd|"
                          r"digital versatile)", re.I)),
    ("e", "m", re.compile(r"\b(?:map|peta|cartographic|globe|atlas)\b", re.I)),
    ("k", "m", re.compile(r"\b(?:still ?image|image|picture|gambar|photo|foto|chart|poster|technical drawing|"
                          r"art original|flash card)", re.I)),
    ("m", "m", re.compile(r"\b(?:software|computer|dataset|interactive ?resource|cd-?rom|multimedia)", re.I)),
    ("o", "m", re.compile(r"\bkit\b", re.I)),
    ("r", "m", re.compile(r"\b(?:physical ?object|three dimensional|realia|model|diorama|game|equipment|"
                          r"microscope)\b", re.I)),
)  # fmt: skip
_ELECTRONIC = re.compile(r"electronic|elektroni|e-?book|online|daring|application/|text/html|epub", re.I)
_OTHER_CARRIER = re.compile(
    r"brail|large print|huruf besar|cetak besar|microf|mikrof", re.I
)  # as material.py knows them
_CLASS = re.compile(r"^(?:\d{3}|2[xX]\d)(?:[./ ]\d[\d. ']*)?$|^2[xX]\d[\d. ]*$")
_CALL = re.compile(
    r"^(?:[A-Z]{1,4}[ .-])?(?:\d{3}|2[xX]\d)(?:\.\d[\d. ']*)?(?:/[\d-]+)?"
    r" +[A-Za-z][A-Za-z .'-]{0,12}(?: ?[a-z])?(?: ?[cC]\.?\d+)?$"
)


class Fields:
    """MARC fields under construction. Blank values are left out, and fields without any."""

    def __init__(self) -> None:
        self.fields: list[Field] = []
        self._kind, self._level, self._status = "a", "m", "n"

    @property
    def leader(self) -> str:
        return f"00000{self._status}{self._kind}{self._level} a2200000   4500"

    def control(self, tag: str, value: str) -> None:
        if value := value.strip():
            self.fields.append((tag, value))

    def add(self, tag: str, *subfields: tuple[str, str], ind: str = "  ") -> None:
        kept = tuple([(code, clean) for code, value in subfields if (clean := plain(value))])
        if kept:
            self.fields.append((tag, ind[0], ind[1], kept))

    def has(self, tag: str) -> bool:
        return any(field[0] == tag for field in self.fields)

    def deleted(self) -> None:
        self._status = "d"

    def level(self, letter: str) -> None:
        self._level = letter

    def kind(self, words: str) -> bool:
        """Sets what the words stand for; the first that says something counts. Whether they did."""
        if _ELECTRONIC.search(words) and not self.has("338"):
            self.add("338", ("a", "online resource"))
        if _OTHER_CARRIER.search(words) and not self.has("338"):
            self.add("338", ("a", words))
        for kind, level, pattern in _KINDS:
            if pattern.search(words):
                if level == "T":
                    self.add("655", ("a", "Thesis"))
                elif (self._kind, self._level) == ("a", "m"):
                    self._kind, self._level = kind, level
                return True
        return False

    def title(self, text: str, responsibility: str = "") -> None:
        """245, or 246 for a second title. Taken apart at " : " and " / ", where a cataloguer wrote them."""
        text = plain(text)
        if self.has("245"):
            self.add("246", ("a", text))
            return
        title, _, written = text.partition(" / ")
        title, _, rest = title.partition(" : ")
        self.add("245", ("a", title), ("b", rest), ("c", responsibility or written), ind="00")

    def name(
        self, name: str, role: str = "", *, corporate: bool = False, main: bool = True, dates: str = ""
    ) -> None:
        """The first main name as 100 or 110, the others as 700 or 710."""
        first = main and not (self.has("100") or self.has("110"))
        tag = ("1" if first else "7") + ("10" if corporate else "00")
        ind = "2 " if corporate else "1 " if "," in name else "0 "
        self.add(tag, ("a", name), ("d", dates), ("e", role), ind=ind)

    def subject(self, text: str) -> None:
        """653; a number of the classification among the words is put where it belongs."""
        for part in text.split(";"):
            self.add("082" if _CLASS.match(part.strip()) else "653", ("a", part))

    def publisher(self, text: str, place: str = "", date: str = "") -> None:
        """260; "Jakarta : Gramedia" in one value is taken apart."""
        before, colon, after = text.partition(" : ")
        if colon and not place and len(before) < 40:
            place, text = before, after
        self.add("260", ("a", place), ("b", text), ("c", date))


def plain(value: str) -> str:
    """On one line, with single blanks."""
    return " ".join(value.split())


def clean(value: str, warnings: list[str]) -> str:
    """Composed (NFC), double encoding and HTML entities undone."""
    if "&" in value:
        value = undo_entities(value, warnings)
    if value.isascii():
        return value
    if maybe_twice(value.encode("utf-8", "replace")):
        value = undo_double_encoding(value, warnings)
    return unicodedata.normalize("NFC", value)


def is_call_number(value: str) -> bool:
    """ "899.221 3 TOE b", "R 2X4.1 MUB t": a number of the classification with the first letters of a name."""
    return bool(_CALL.match(value.strip()))


def is_class(value: str) -> bool:
    return bool(_CLASS.match(value.strip()))
