"""The words with which library systems say where a copy is, as the portal's own. Called by slims and services/items.py.

From the tables of item statuses of SLiMS (mst_item_status) and INLISLite (collectionstatus), in Indonesian and English.
"""

from __future__ import annotations

_WORDS: dict[str, tuple[str, ...]] = {
    "available": ("available", "tersedia", "ada", "on shelf", "in", "checked in", "di rak"),
    "on_loan": ("on_loan", "on loan", "dipinjam", "sedang dipinjam", "checked out", "borrowed", "dibaca"),
    "reference": ("reference", "nl", "no loan", "tidak dipinjam", "tidak dipinjamkan", "tidak untuk dipinjamkan", "bd",
                  "baca di tempat", "tandon", "referensi", "library use only"),
    "unavailable": ("unavailable", "mis", "missing", "hilang", "lost", "r", "repair", "rusak", "damaged", "diolah",
                    "perbaikan", "dalam perbaikan", "dalam penggandaan", "dalam proses", "in process", "dihibahkan",
                    "withdrawn", "weeded", "disiangi"),
    "unknown": ("unknown", "tidak diketahui", ""),
}  # fmt: skip
_BY_WORD = {word: status for status, words in _WORDS.items() for word in words}
# Words that a library's own names contain: "Repair - 2024", "Hilang oleh peminjam".
_PARTS = (
    ("reference", ("no loan", "tidak dipinjam", "tidak untuk dipinjam", "baca di tempat")),
    ("unavailable", ("missing", "hilang", "repair", "rusak", "perbaikan", "withdrawn")),
    ("on_loan", ("dipinjam", "on loan", "checked out")),
)


def status_of(word: str) -> str | None:
    """One of HoldingDraft's statuses; None where the word is not known."""
    word = " ".join(word.lower().replace("-", " ").split())
    if known := _BY_WORD.get(word):
        return known
    return next((status for status, parts in _PARTS if any(part in word for part in parts)), None)
