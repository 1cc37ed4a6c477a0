"""What the tests of harvesting, matching and sources build their worlds from."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from catalog.formats.records import Field
from catalog.formats.write import to_iso2709
from catalog.models import Edition, Run, Source, SourceRecord
from catalog.services.load import LoadResult, load_paths
from members.choices import MembershipStatus, Role
from members.models import Library, Membership, User
from network_portal.core.actor import Actor

SYSTEM = Actor.system(channel="command")
_numbers = itertools.count(1)


def library(code: str = "", **values: Any) -> Library:
    code = code or f"L{next(_numbers)}"
    return Library.objects.create(
        short_code=code,
        **{"name": f"Perpustakaan {code}", "library_type": "academic", "city": "Bandung", **values},
    )


def source(of: Library | None = None, **values: Any) -> Source:
    return Source.objects.create(library=of or library(), **{"name": f"Berkas {next(_numbers)}", **values})


def person(role: str, of: Library) -> User:
    user = User.objects.create_user(
        f"u{next(_numbers)}@example.org", "pw", name=f"{role} {of.short_code}", language="en"
    )
    Membership.objects.create(user=user, library=of, role=Role(role), status=MembershipStatus.CONFIRMED)
    return user


def marc(
    identifier: str, title: str, *, author: str = "", year: int | None = None, isbn: str = "", publisher: str = "",
    subtitle: str = "", part: str = "", edition: str = "", language: str = "ind", call: str = "", status: str = "n",
    type_code: str = "a", pages: int | None = None, extra: tuple[Field, ...] = (),
) -> bytes:  # fmt: skip
    """One MARC 21 record, as a small library's system writes it."""
    fields: list[Field] = [("001", identifier)] if identifier else []
    fields.append(("008", f"240101s{year or '    '}    io            000 0 {language or '   '} d"))
    if isbn:
        fields.append(("020", " ", " ", (("a", isbn),)))
    if author:
        fields.append(("100", "1", " ", (("a", author),)))
    name = [("a", title), *([("n", part)] if part else []), *([("b", subtitle)] if subtitle else [])]
    fields.append(("245", "1", "0", tuple(name)))
    if edition:
        fields.append(("250", " ", " ", (("a", edition),)))
    if publisher or year:
        imprint = [*([("b", publisher)] if publisher else []), *([("c", str(year))] if year else [])]
        fields.append(("264", " ", "1", tuple(imprint)))
    if pages:
        fields.append(("300", " ", " ", (("a", f"{pages} hlm."),)))
    fields += extra
    if call:
        fields.append(("852", " ", " ", (("b", "Umum"), ("h", call), ("p", f"B{identifier}"))))
    return to_iso2709(fields, leader=f"00000{status}{type_code}m a2200000 i 4500")


def write(folder: Path, *records: bytes, name: str = "file.mrc") -> Path:
    path = folder / name
    path.write_bytes(b"".join(records))
    return path


def load(of: Source, *paths: Path) -> LoadResult:
    return load_paths(source=of, paths=paths, actor=SYSTEM)


def last_run(of: Source) -> Run:
    return Run.objects.filter(source=of).latest("id")


def edition_of(of: Source, identifier: str) -> int | None:
    return SourceRecord.objects.get(source=of, identifier=identifier).edition_id


def state() -> dict[str, Any]:
    """Everything a run may change, but ids and times: to compare two ways of getting there."""
    records = SourceRecord.objects.order_by("source__name", "identifier")
    groups: dict[int | None, list[tuple[str, str]]] = {}
    rows = []
    for record in records.select_related("source").prefetch_related("holdings", "match_keys"):
        key = (record.source.name, record.identifier)
        groups.setdefault(record.edition_id, []).append(key)
        held = sorted(
            (h.location, h.call_number, h.item_count, h.edition_id == record.edition_id)
            for h in record.holdings.all()
        )
        keys = sorted(k.key for k in record.match_keys.all())
        rows.append((key, bytes(record.content_hash), record.draft, held, keys, record.deleted_at is None))
    editions = sorted(
        (
            e.title,
            e.author,
            e.year or 0,
            e.record_count,
            e.library_count,
            e.merged_into_id is not None,
            str(e.display),
        )
        for e in Edition.objects.all()
    )
    return {"records": rows, "groups": sorted(groups.values()), "editions": editions}
