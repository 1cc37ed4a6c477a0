"""The copies of a record, as 952 (Koha's way), 852 with 876, or 852 alone. Called by records.py; pure."""

from __future__ import annotations

from random import Random

from catalog.formats.records import Field
from network_portal.demo.editions import Edition
from network_portal.demo.styles import Style

ROOMS = {
    "national": ("Lantai 5", "Lantai 6", "Koleksi Deposit"),
    "public": ("Koleksi Umum", "Layanan Dewasa", "Pojok Baca"),
    "other": ("Lantai 1", "Lantai 2", "Sirkulasi"),
}
STATES = ("available", "on_loan", "reference", "lost")
KOHA_LOST = "4"
STATUS_876 = {"available": "Tersedia", "on_loan": "Dipinjam", "reference": "Baca di tempat", "lost": "Hilang"}


def call_number(edition: Edition, *, reference: bool) -> str:
    """Dewey, three letters of the author, first letter of the title: "899.2213 TOH r"."""
    name = (
        edition.romanised.get(edition.people[0].name, edition.people[0].name)
        if edition.people
        else edition.title
    )
    letters = "".join(c for c in name if c.isalpha())[:3].upper()
    title = edition.romanised.get(edition.title, edition.title)
    first = next((c.lower() for c in title.removeprefix("The ") if c.isalnum()), "")
    return " ".join(filter(None, ["R" if reference else "", edition.dewey, letters, first]))


def item_fields(edition: Edition, *, code: str, style: Style, number: int, random: Random) -> list[Field]:
    rooms = ROOMS["national" if code == "DEPOSIT" else "public" if style.titled_names else "other"]
    reference = (
        code == "DEPOSIT" or edition.form in ("serial", "map") or edition.dewey.startswith(("03", "499.2213"))
    )
    call = call_number(edition, reference=reference)
    room = "Ruang Referensi" if reference and code != "DEPOSIT" else random.choice(rooms)
    if edition.form == "serial":
        return _serial(edition, code=code, style=style, call=call, room=room, random=random)
    copies = random.choices((1, 2, 3, 5), weights=(50, 30, 15, 5))[0]
    states = [_state(reference, random) for _ in range(copies)]
    barcodes = [f"{code[:3]}{number:06d}{copy}" for copy in range(1, copies + 1)]
    if style.items == "952":
        return [_koha(code, call, room, *copy) for copy in zip(barcodes, states, strict=True)]
    if style.items == "852+876":
        main: Field = ("852", "1", " ", (("a", f"ID-DEMO-{code[:8]}"), ("b", room), ("h", call)))
        return [main, *[_item(*copy) for copy in zip(barcodes, states, strict=True)]]
    return [("852", "1", " ", (("b", room), ("h", call), ("p", barcode))) for barcode in barcodes]


def _state(reference: bool, random: Random) -> str:
    if reference:
        return "reference"
    return random.choices(STATES, weights=(74, 18, 6, 2))[0]


def _koha(code: str, call: str, room: str, barcode: str, state: str) -> Field:
    """Koha's 952: a, b branch; c shelf; o call number; p barcode; q due date; 1 lost; 7 not for loan; y item type."""
    subfields = [
        ("0", "0"),
        ("1", KOHA_LOST if state == "lost" else "0"),
        ("7", "1" if state == "reference" else "0"),
    ]
    subfields += [("a", code), ("b", code), ("c", room), ("o", call), ("p", barcode)]
    if state == "on_loan":
        subfields.append(("q", "2030-01-31"))
    return ("952", " ", " ", (*subfields, ("y", "REF" if state == "reference" else "BK")))


def _item(barcode: str, state: str) -> Field:
    return ("876", " ", " ", (("j", STATUS_876[state]), ("p", barcode)))


def _serial(
    edition: Edition, *, code: str, style: Style, call: str, room: str, random: Random
) -> list[Field]:  # fmt: skip
    """A run in words (866$a), beginning at the earliest with the first year."""
    first = max(edition.year, random.randint(1972, 2004))
    last = random.randint(first + 2, 2023)
    run = f"{first}-{last}" + random.choice(("", f"; tidak lengkap {first + 1}", f"; {last}, no. 1-6"))
    return [
        ("852", " ", " ", (("a", f"ID-DEMO-{code[:8]}"), ("b", room), ("h", call))),
        ("866", " ", "0", (("a", run),)),
    ]
