"""What a library holds, out of the fields in which UNIMARC systems put items. Called by unimarc.

995 is the French recommendation that Koha and PMB follow, 930 with 955 the union catalogues' copies, 899 those of
Italian and Russian networks, 805 that of Chinese ones.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import coverage_text
from .draft import HoldingDraft
from .records import DataField
from .text import trim

Fields = Mapping[str, list[DataField]]
_OUT = ("prêt", "pret", "on loan", "dipinjam")
_AWAY = ("perdu", "lost", "missing", "hilang", "pilon")


def holdings_of(by_tag: Fields) -> list[HoldingDraft]:
    """One draft for each library, place and call number; the first kind of field that says anything counts."""
    for found in (_from_995(by_tag), _from_930(by_tag), _from_899(by_tag), _from_805(by_tag)):
        if found:
            return _grouped(found)
    return []


def _values(field: DataField) -> dict[str, str]:
    return {code: value.strip() for code, value in reversed(field[3])}


def _from_995(by_tag: Fields) -> list[HoldingDraft]:
    found = []
    for field in by_tag.get("995", ()):
        v = _values(field)
        if not ("f" in v or "k" in v):
            continue
        status = "unknown"
        words = v.get("o", "").lower()
        if v.get("n") or words.startswith(_OUT):
            status = "on_loan"
        elif any(word in words for word in _AWAY):
            status = "unavailable"
        elif words in ("0", "1", "disponible", "tersedia", "available"):
            status = "available"
        found.append(_item(v.get("b") or v.get("a", ""), v.get("e") or v.get("c", ""), v.get("k", ""), v.get("f", ""),
                           status))  # fmt: skip
    return found


def _from_930(by_tag: Fields) -> list[HoldingDraft]:
    """$b library, $a call number, $c place; 955 with the same $5 says which years of a serial there are."""
    years = {
        _values(f).get("5", ""): trim(_values(f).get("r") or _values(f).get("a", ""))
        for f in by_tag.get("955", ())
    }
    found = []
    for field in by_tag.get("930", ()):
        v = _values(field)
        if not ("a" in v or "b" in v or "5" in v):
            continue
        holding = _item(v.get("b", ""), v.get("c", ""), v.get("a", ""), "", "unknown")
        holding.textual = years.get(v.get("5", ""), "")
        holding.coverage = coverage_text.parse(holding.textual)
        found.append(holding)
    return found


def _from_899(by_tag: Fields) -> list[HoldingDraft]:
    """Italy: $1 library, $2 its copies' mark. Russia: $a library, $j call number, $p barcode."""
    found = []
    for field in by_tag.get("899", ()):
        v = _values(field)
        if library := v.get("1") or v.get("a", ""):
            found.append(_item(library, v.get("b", ""), v.get("j", ""), v.get("p", ""), "unknown"))
    return found


def _from_805(by_tag: Fields) -> list[HoldingDraft]:
    """$a library, $d and $e class and book number, $c accession number."""
    found = []
    for field in by_tag.get("805", ()):
        v = _values(field)
        if v.get("a") and (v.get("d") or v.get("c")):
            call = " ".join([part for part in (v.get("d", ""), v.get("e", "")) if part])
            found.append(_item(v["a"], "", call, v.get("c", ""), "unknown"))
    return found


def _item(library: str, place: str, call: str, barcode: str, status: str) -> HoldingDraft:
    return HoldingDraft(
        location=trim(place), call_number=trim(call), status=status, library_code=library,
        barcodes=[barcode] if barcode else [],
    )  # fmt: skip


def _grouped(items: list[HoldingDraft]) -> list[HoldingDraft]:
    """Copies that stand together as one, with the best status and those that can be had counted."""
    groups: dict[tuple[str, str, str, str], list[HoldingDraft]] = {}
    for item in items:
        groups.setdefault((item.library_code, item.location, item.call_number, item.textual), []).append(item)
    ranked = ("available", "on_loan", "reference", "unknown", "unavailable")
    result = []
    for group in groups.values():
        holding = group[0]
        statuses = [item.status for item in group]
        holding.barcodes = [code for item in group for code in item.barcodes]
        holding.item_count = len(group)
        if "unknown" not in statuses:
            holding.available_count = statuses.count("available")
        holding.status = min(statuses, key=ranked.index)
        result.append(holding)
    return result
