"""A file with readers that was taken over, one that waits, and an open invitation. build.py calls it."""

from __future__ import annotations

from collections.abc import Mapping

from members.choices import Role
from members.importing.run import import_work
from members.models import Library, PatronImport, User
from members.services.imports import import_start, import_upload
from members.services.staff import staff_add
from members.working import working_of

CODE = "PARAHITA"
MANAGER = "manajer@perpus-bandung.example"
NAMES = (
    "Ayu Maharani", "Bagus Pratama", "Citra Kusuma", "Dimas Wibowo", "Eka Saraswati", "Fajar Nugroho",
    "Gita Permata", "Hadi Suryanto", "Intan Puspita", "Joko Susilo", "Kartika Dewi", "Laksmi Handayani",
)  # fmt: skip
HEADER = "Nama;Surel;No. Anggota;Berlaku sampai"


def ensure_people(libraries: Mapping[str, Library]) -> int:
    """How many readers came from a file; none a second time."""
    library = libraries[CODE]
    if PatronImport.objects.filter(library=library).exists():
        return 0
    actor = working_of(User.objects.get(email=MANAGER), channel="command").actor
    lines = [
        f"{name};anggota{place:02}@perpus-bandung.example;PARA-1{place:04};31/12/2027"
        for place, name in enumerate(NAMES)
    ]
    bad = [
        "Tanpa Alamat;;PARA-19999;31/12/2027",
        '"=HYPERLINK(""x"")";x@perpus-bandung.example;;',
        "Salah;salah;;",
    ]
    done = import_upload(
        library=library, file_name="anggota-2026.csv", data=_file([*lines, *bad]), actor=actor
    )
    import_start(source=done, invite=False, actor=actor)
    done.refresh_from_db()
    import_work(done)
    import_upload(
        library=library, file_name="anggota-baru.csv", data=_file([*lines[:3], bad[2]]), actor=actor
    )
    staff_add(
        library=library,
        email="rina@perpus-bandung.example",
        name="Rina Astuti",
        role=Role.LIBRARIAN,
        actor=actor,
    )
    return len(lines)


def _file(lines: list[str]) -> bytes:
    """As a spreadsheet in Indonesia saves it: semicolons, Windows-1252."""
    return "\r\n".join([HEADER, *lines]).encode("cp1252")
