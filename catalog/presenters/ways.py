"""How a catalogue may come in, in the words of those who know their library system and not its protocols. As data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.choices import SourceKind

TITLES, COPIES = _("titles only"), _("titles and copies")
SELF, HAND = _("by itself"), _("by hand")
_DAILY = {"interval_hours": 24}
# The whole list each day, compared: what broken servers leave as the only way (docs/adding-a-source-quirk.md).
_DAILY_WHOLE = {**_DAILY, "is_snapshot": True}


@dataclass(frozen=True)
class Way:
    """One choice of the first step. `example`: what an address looks like; `initial`: what its form starts with."""

    slug: str
    kind: str
    label: Any
    text: Any
    gives: Any
    how: Any
    name: str
    example: str = ""
    initial: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class System:
    title: Any
    ways: tuple[Way, ...]
    text: Any = ""


SYSTEMS: tuple[System, ...] = (
    System("SLiMS", (
        Way("slims-oai", SourceKind.OAI_PMH, _("Fetched from its OAI-PMH address"),
            _("SLiMS must have OAI-PMH switched on. It gives no copies this way."), TITLES, SELF, "SLiMS",
            "https://opac.example.ac.id/index.php?p=oai", _DAILY_WHOLE),
        Way("slims-file", SourceKind.UPLOAD, _("Its export of titles, uploaded"),
            _("Bibliography › Export data in SLiMS; it names the barcodes, too."), COPIES, HAND, "SLiMS"),
        Way("slims-agent", SourceKind.PUSH, _("Sent by a small program beside it"),
            _("One file that your technician starts every night or every few minutes."), COPIES, SELF, "SLiMS"),
    )),
    System("INLISLite", (
        Way("inlislite-oai", SourceKind.OAI_PMH, _("Fetched from its OAI-PMH address"),
            _("Version 3 has one. It gives no copies this way."), TITLES, SELF, "INLISLite",
            "https://opac.example.go.id/inlislite3/oai", _DAILY_WHOLE),
        Way("inlislite-file", SourceKind.UPLOAD, _("Its MARC export, uploaded"),
            _("Export the catalogue as MARC or MARCXML."), COPIES, HAND, "INLISLite"),
        Way("inlislite-agent", SourceKind.PUSH, _("Sent by a small program beside it"),
            _("One file that your technician starts every night or every few minutes."), COPIES, SELF, "INLISLite"),
    )),
    System("Koha", (
        Way("koha-oai", SourceKind.OAI_PMH, _("Fetched from its OAI-PMH address"),
            _("With copies, if your technician has set “include_items” for it."), COPIES, SELF, "Koha",
            "https://opac.example.ac.id/cgi-bin/koha/oai.pl", _DAILY),
        Way("koha-file", SourceKind.UPLOAD, _("Its MARC export, uploaded"),
            _("Cataloguing › Export catalogue data, with the items."), COPIES, HAND, "Koha"),
    )),
    System(_("A spreadsheet"), (
        Way("spreadsheet", SourceKind.UPLOAD, _("Saved as CSV and uploaded"),
            _("From Excel, LibreOffice or Google Sheets. You say once what each column holds."), COPIES, HAND,
            "Daftar buku", initial={"is_snapshot": True}),
    )),
    System(_("Another system, or a file"), (
        Way("file", SourceKind.UPLOAD, _("A file that I export now and then"),
            _("MARC 21, UNIMARC, MARCXML, MODS, Dublin Core or CSV."), COPIES, HAND, ""),
        Way("web", SourceKind.URL, _("A file at a web address"), _("Fetched on schedule."), COPIES, SELF, "",
            "https://example.ac.id/katalog.mrc.gz", _DAILY_WHOLE),
        Way("folder", SourceKind.FOLDER, _("A folder on our server"),
            _("Every new file in it is read once."), COPIES, SELF, "", "/srv/katalog/masuk"),
        Way("path", SourceKind.PATH, _("One file on our server"),
            _("It is overwritten by your system and read again on schedule."), COPIES, SELF, "",
            "/srv/katalog/semua.mrc", _DAILY_WHOLE),
    )),
    System(_("An address from a technician"), (
        Way("oai", SourceKind.OAI_PMH, "OAI-PMH", _("Most systems have it; most give titles only."), TITLES, SELF, "",
            "https://example.ac.id/oai", _DAILY),
        Way("sru", SourceKind.SRU, "SRU", _("Asked for all it has, page by page."), TITLES, SELF, "",
            "https://example.ac.id/sru/biblios", _DAILY_WHOLE),
        Way("z3950", SourceKind.Z3950, "Z39.50", _("For looking up and copying single records."), TITLES, HAND, ""),
        Way("agent", SourceKind.PUSH, _("A program of your own that sends records"),
            _("Over the portal's interface for agents, with a key."), COPIES, SELF, ""),
    )),
)  # fmt: skip
WAYS: dict[str, Way] = {way.slug: way for system in SYSTEMS for way in system.ways}


def system_of(way: Way) -> System:
    return next(system for system in SYSTEMS if way in system.ways)
