"""What the columns of a file probably mean: by their names as library systems write them, else by their cells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from members.choices_people import ColumnKind

# As SLiMS, Koha, Inlis and spreadsheets made by hand call them; compared without signs and spaces.
NAMES: dict[str, str] = {
    ColumnKind.EMAIL: "email surel alamatemail emailaddress memberemail mail primaryemail",
    ColumnKind.NAME: "name nama namalengkap fullname membername namaanggota namapemustaka patronname",
    ColumnKind.FIRST_NAME: "firstname namadepan givenname",
    ColumnKind.LAST_NAME: "lastname surname namabelakang familyname",
    ColumnKind.PHONE: (
        "phone telephone telepon telp nohp notelp hp mobile memberphone nomorhp nomortelepon teleponhp nohandphone"
    ),
    ColumnKind.CARD: (
        "cardnumber card nomorkartu nokartu memberid idanggota noanggota nomoranggota barcode nim nis nip "
        "librarycardnumber kartu"
    ),
    ColumnKind.CATEGORY: (
        "category kategori categorycode membertype membertypename tipeanggota jenisanggota kindofreader patrontype "
        "tipekeanggotaan jenispemustaka"
    ),
    ColumnKind.EXPIRES: (
        "expireson expiry expirydate dateexpiry expiredate membershipends berlakusampai masaberlaku "
        "tanggalkedaluwarsa tanggalkadaluarsa berlakuhingga validuntil"
    ),
}
KNOWN = {name: str(kind) for kind, names in NAMES.items() for name in names.split()}


def has_header(first: Sequence[Sequence[str]]) -> bool:
    """A header has no address in it, and at least one name that is known, or addresses only below it."""
    if not first or any("@" in cell for cell in first[0]):
        return False
    return any(_bare(cell) in KNOWN for cell in first[0]) or any(
        "@" in cell for row in first[1:] for cell in row
    )


def guess(first: Sequence[Sequence[str]]) -> list[str]:
    """A meaning, or an empty text, for each column; none twice."""
    width = max(len(row) for row in first)
    header = list(first[0]) if has_header(first) else []
    found = [""] * width
    for at, cell in enumerate(header):
        kind = KNOWN.get(_bare(cell), "")
        if kind and kind not in found:
            found[at] = kind
    if ColumnKind.EMAIL not in found:
        _by_content(first, found)
    return found


def _by_content(first: Sequence[Sequence[str]], found: list[str]) -> None:
    for at, kind in enumerate(found):
        if not kind and any("@" in row[at] for row in first if at < len(row)):
            found[at] = str(ColumnKind.EMAIL)
            return


def _bare(cell: str) -> str:
    return re.sub(r"[\W_]+", "", cell.casefold())
