"""What a library holds, out of the fields in which different systems put items inside the record.

852 + 853-855/863-865 + 866/867/868 + 876 are MARC's own; 952 is Koha's; 949 and 999 with $i $l $m Symphony's; 945 with
$y Sierra's. Which years of a serial there are is read by coverage_text and coverage_fields.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import coverage_fields, coverage_text
from .coverage import Range, joined
from .draft import HoldingDraft
from .records import DataField
from .text import trim

Fields = Mapping[str, list[DataField]]
_STATEMENTS = (("866", ""), ("867", "supplement"), ("868", "index"))
_SERIAL = frozenset(("863", "864", "865", "866", "867", "868"))
_OUT = ("CHECKEDOUT", "ONLOAN", "DIPINJAM", "ON LOAN", "CHECKED OUT", "LOANED")
_GONE = ("MISSING", "LOST", "WITHDRAWN", "DISCARD", "HILANG", "RUSAK", "DISCARDED")
_IN = ("AVAILABLE", "IN PLACE", "TERSEDIA", "ON SHELF", "NOT CHECKED OUT", "NOT ON LOAN")


def holdings_of(by_tag: Fields) -> list[HoldingDraft]:
    """One draft per library, location and call number, with its copies counted."""
    items = _koha(by_tag.get("952", ()))
    if not items:
        items = _symphony(by_tag) or _sierra(by_tag.get("945", ()))
    found = _from_852(by_tag)
    return (
        found + _grouped(items) if not (found and items) else (_grouped(items) if _richer(items) else found)
    )


def _richer(items: list[HoldingDraft]) -> bool:
    """Items beside 852 say the same again; those with a call number or barcode say more."""
    return any(item.call_number or item.barcodes for item in items)


def _from_852(by_tag: Fields) -> list[HoldingDraft]:
    found: list[HoldingDraft] = []
    by_link: dict[str, HoldingDraft] = {}
    for field in by_tag.get("852", ()):
        holding, link = _holding_852(field)
        found.append(holding)
        if link:
            by_link.setdefault(link, holding)
    if _SERIAL & by_tag.keys():
        _add_statements(by_tag, found, by_link)
    for field in by_tag.get("876", ()):
        _add_876(field, found, by_link)
    return found


def _add_statements(by_tag: Fields, found: list[HoldingDraft], by_link: dict[str, HoldingDraft]) -> None:
    """Printed statements and numbered issues, each to the 852 with the same $8, else to the last one."""
    if not found:
        found.append(HoldingDraft())
    ranges: dict[int, list[Range]] = {}
    for tag, unit in _STATEMENTS:
        for field in by_tag.get(tag, ()):
            values = dict(reversed(field[3]))
            text, note = trim(values.get("a", "")), trim(values.get("z", ""))
            holding = by_link.get(values.get("8", "").split(".")[0]) or found[-1]
            if text:
                holding.textual = f"{holding.textual}; {text}"[:5000] if holding.textual else text
            if note:
                holding.note = f"{holding.note}; {note}"[:500] if holding.note else note
            told = coverage_text.parse(f"{text}; {note}" if note else text)
            ranges.setdefault(id(holding), []).extend(
                [{**one, "unit": unit} for one in told] if unit else told
            )
    for link, told in coverage_fields.of_fields(by_tag).items():
        ranges.setdefault(id(by_link.get(link) or found[-1]), []).extend(told)
    for holding in found:
        holding.coverage = joined(ranges.get(id(holding), ()))


def _holding_852(field: DataField) -> tuple[HoldingDraft, str]:
    holding = HoldingDraft()
    places: list[str] = []
    call: list[str] = []
    notes: list[str] = []
    link, copies = "", 1
    for code, value in field[3]:
        if code == "a":
            holding.library_code = holding.library_code or value.strip()
        elif code in ("b", "c"):
            places.append(trim(value))
        elif code in ("k", "h", "i", "j", "l", "m"):
            call.append(trim(value))
        elif code == "p":
            holding.barcodes.append(value.strip())
        elif code == "t":
            copies = _copies(value)
        elif code == "u":
            holding.url = holding.url or value.strip()
        elif code == "z":
            notes.append(trim(value))
        elif code == "y":
            holding.status = _status_word(value)
        elif code == "8":
            link = value.split(".")[0]
    holding.location = " – ".join([place for place in places if place])
    holding.note = "; ".join(notes)
    holding.call_number = " ".join([part for part in call if part])
    holding.item_count = max(copies, len(holding.barcodes))
    if holding.status in ("available", "on_loan"):
        holding.available_count = holding.item_count if holding.status == "available" else 0
    return holding, link


def _copies(number: str) -> int:
    """852 $t: a copy number, or a range of them that says how many copies there are."""
    first, dash, last = number.strip().partition("-")
    if not (dash and first.isdecimal() and last.isdecimal() and len(last) < 7):
        return 1
    return max(1, int(last) - int(first) + 1)


def _add_876(field: DataField, found: list[HoldingDraft], by_link: dict[str, HoldingDraft]) -> None:
    """An item of the 852 with the same $8, else of the last one."""
    values = dict(reversed(field[3]))
    if not found:
        found.append(HoldingDraft(location=trim(values.get("l", ""))))
    holding = by_link.get(values.get("8", "").split(".")[0]) or found[-1]
    barcode = values.get("p", "").strip()
    if barcode and barcode not in holding.barcodes:
        holding.barcodes.append(barcode)
        holding.item_count = len(holding.barcodes)
    status = _status_word(values.get("j", ""))
    if status != "unknown":
        holding.available_count = (holding.available_count or 0) + (status == "available")
        if holding.status != "available":
            holding.status = status


def _status_word(value: str) -> str:
    word = value.strip().upper()
    if not word:
        return "unknown"
    if word.startswith(_IN):
        return "available"
    if any(out in word for out in _OUT):
        return "on_loan"
    return "unavailable" if word.startswith(_GONE) else "unknown"


def _koha(fields: list[DataField] | tuple[()]) -> list[HoldingDraft]:
    """Koha's item field: $a home and $b holding library, $o call number, $p barcode, $q date due, $7 not for loan.

    $h says which issue of a serial the item is, as one wrote it.
    """
    items = []
    for field in fields:
        values = dict(reversed(field[3]))
        library = values.get("a") or values.get("b") or ""
        if (
            not library
            or " " in library.strip()
            or not ("o" in values or "p" in values or "9" in values or "y" in values)
        ):
            continue
        lost = any(values.get(code, "0").strip() not in ("", "0") for code in ("0", "1"))
        if lost:
            status = "unavailable"
        elif values.get("q", "").strip():
            status = "on_loan"
        elif (kept := values.get("7", "0").strip()) not in ("", "0"):
            status = "unavailable" if kept.startswith("-") else "reference"
        else:
            status = "available"
        place = values.get("c", "").strip() or values.get("8", "").strip()
        item = _item(library, place, values.get("o", ""), values.get("p", ""), status, values.get("u", ""))
        if issue := values.get("h"):
            item.coverage = coverage_text.parse(issue)
        items.append(item)
    return items


def _symphony(by_tag: Fields) -> list[HoldingDraft]:
    items = []
    for tag in ("999", "949"):
        for field in by_tag.get(tag, ()):
            values = dict(reversed(field[3]))
            if not ("i" in values and "l" in values and "m" in values and "a" in values):
                continue
            where = (values.get("k") or values["l"]).upper()
            status = _status_word(where)
            if status == "unknown" and where == values["l"].upper():
                status = "available"
            items.append(_item(values["m"], values["l"], values["a"], values["i"], status, ""))
        if items:
            return items
    return items


def _sierra(fields: list[DataField] | tuple[()]) -> list[HoldingDraft]:
    items = []
    for field in fields:
        values = dict(reversed(field[3]))
        if "l" not in values or not values.get("y", "").startswith(".i"):
            continue
        status = {"-": "available", "o": "reference"}.get(values.get("s", "").strip(), "unknown")
        items.append(_item("", values["l"], values.get("a", ""), values.get("i", ""), status, ""))
    return items


def _item(library: str, place: str, call: str, barcode: str, status: str, url: str) -> HoldingDraft:
    code = barcode.strip()
    return HoldingDraft(
        location=place.strip(),
        call_number=trim(call),
        status=status,
        library_code=library.strip(),
        barcodes=[code] if code else [],
        url=url.strip(),
    )


def _grouped(items: list[HoldingDraft]) -> list[HoldingDraft]:
    """Copies of one library, place and call number together; the best status counts for the group."""
    groups: dict[tuple[str, str, str], list[HoldingDraft]] = {}
    for item in items:
        groups.setdefault((item.library_code, item.location, item.call_number), []).append(item)
    result = []
    for group in groups.values():
        holding = group[0]
        statuses = [item.status for item in group]
        holding.barcodes = [code for item in group for code in item.barcodes]
        holding.coverage = joined(one for item in group for one in item.coverage)
        holding.item_count = len(group)
        if "unknown" not in statuses:
            holding.available_count = statuses.count("available")
        ranked = ("available", "on_loan", "reference", "unknown", "unavailable")
        holding.status = min(statuses, key=ranked.index)
        result.append(holding)
    return result
