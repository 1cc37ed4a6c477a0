"""What each kind of source needs and can, as data. Read by forms, services, the schedule and the pages."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.choices import SourceKind


@dataclass(frozen=True)
class Kind:
    scheduled: bool = False  # fetched by itself, and by "load now"
    uploads: bool = (
        True  # takes files from the browser; not where records are known by a server's identifiers
    )
    needs: tuple[str, ...] = ()  # fields of the source that can't stay empty
    delete_after: int = 1  # what a new one starts with: complete lists in a row that must lack a record


KINDS: dict[str, Kind] = {
    SourceKind.UPLOAD: Kind(),
    SourceKind.PATH: Kind(scheduled=True, needs=("path",)),
    SourceKind.URL: Kind(scheduled=True, needs=("url",)),
    SourceKind.FOLDER: Kind(scheduled=True, needs=("path",)),
    SourceKind.OAI_PMH: Kind(scheduled=True, uploads=False, needs=("url",), delete_after=2),
    SourceKind.SRU: Kind(scheduled=True, uploads=False, needs=("url",), delete_after=2),
    SourceKind.Z3950: Kind(uploads=False, needs=("url",)),
    SourceKind.PUSH: Kind(uploads=False),
}
SCHEDULED = tuple(kind for kind, what in KINDS.items() if what.scheduled)
