"""Three libraries and their people for the browser walks. Run as a module inside the portal's environment."""

from __future__ import annotations

import json

import django

django.setup()

from allauth.account.models import EmailAddress  # noqa: E402  Django must be set up first

from members.choices import MembershipStatus  # noqa: E402
from members.models import Library, Membership, User  # noqa: E402

PASSWORD = "buku-bagus-2026"
LIBRARIES = [
    # code, name, city, latitude, longitude: the nearest supplier of JKT is BDG, then SUB.
    ("JKT", "Perpustakaan Kota Jakarta", "Jakarta", -6.2, 106.8),
    ("BDG", "Perpustakaan Bandung", "Bandung", -6.9, 107.6),
    ("SUB", "Perpustakaan Surabaya", "Surabaya", -7.25, 112.75),
]
PEOPLE = [
    ("patron@jkt.example", "Siti Pembaca", "JKT", "patron"),
    ("librarian@jkt.example", "Dewi Jakarta", "JKT", "librarian"),
    ("librarian@bdg.example", "Asep Bandung", "BDG", "librarian"),
    ("librarian@sub.example", "Rini Surabaya", "SUB", "librarian"),
    ("manager@bdg.example", "Ujang Kepala", "BDG", "manager"),
    ("coordinator@net.example", "Koordinator", "JKT", "coordinator"),
]


def main() -> None:
    libraries = {
        code: Library.objects.create(
            short_code=code, name=name, city=city, latitude=lat, longitude=lon, library_type="public",
            email=f"{code.lower()}@library.example", opac_link_pattern="https://opac.example/?q={isbn}",
        )
        for code, name, city, lat, lon in LIBRARIES
    }  # fmt: skip
    for email, name, code, role in PEOPLE:
        user = User.objects.create_user(email, PASSWORD, name=name)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        Membership.objects.create(
            user=user,
            library=libraries[code],
            role=role,
            status=MembershipStatus.CONFIRMED,
            card_number="0042",
        )
    print(json.dumps({"password": PASSWORD}))  # noqa: T201  the caller reads the last line


if __name__ == "__main__":
    main()
