"""What the page of an edition shows, put together from its parts (the modules edition_* beside this one)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _

from catalog.choices import Format
from catalog.citing.render import Cited, citations_of
from catalog.models import Edition, Holding
from catalog.presenters.coverage import YearAnswers, spans_years, year_answers
from catalog.presenters.edition_about import SCHEMA_TYPES, About, about
from catalog.presenters.edition_holders import Held, Holders, held_of, holders_of_edition
from catalog.presenters.edition_links import ELink, links_of
from catalog.presenters.edition_scripts import Scripts, scripts_of
from catalog.presenters.edition_similar import Like, similar_to
from catalog.presenters.edition_timeline import Timeline, timeline_of
from catalog.presenters.works import Work, work_of
from catalog.search.languages import language_tag
from catalog.search.places import Place
from catalog.selectors.holdings import holdings_at

Rows = Sequence[tuple[Place, Sequence[Holding]]]


@dataclass(frozen=True)
class EditionView:
    edition: Edition
    language_tag: str
    schema_type: str
    about: About
    scripts: Scripts
    citations: list[Cited]
    permalink: str
    holders: Holders
    links: list[ELink]
    work: Work = field(default_factory=Work)  # its other editions, formats and translations
    similar: list[Like] = field(default_factory=list)
    years: YearAnswers | None = None  # of a serial: who has which year
    timeline: Timeline | None = None

    @property
    def itself(self) -> list[Edition]:
        return [self.edition]

    @property
    def menu(self) -> list[tuple[str, str]]:
        """The sections that this page has: anchor and label, in their order."""
        sections = (
            ("holdings", _("Where it is"), True),
            ("years", _("Years"), self.timeline is not None or self.years is not None),
            ("online", _("Read online"), bool(self.links)),
            ("about", _("About this edition"), True),
            ("contents", _("Contents"), bool(self.about.contents)),
            ("others", _("More of this work"), bool(self.work)),
            ("similar", _("Similar titles"), bool(self.similar)),
            ("cite", _("Cite and keep"), True),
            ("origin", _("Where this comes from"), True),
        )
        return [(anchor, label) for anchor, label, there in sections if there]


def edition_view(
    edition: Edition, *, near_library_id: int | None, asked: Mapping[str, str] | None = None
) -> EditionView:
    """`near_library_id`: whose library is near; its own copy comes first, then by distance. `asked`: the query."""
    held = held_of(edition, near_library_id)
    rows = _serial_rows(edition, held)
    return EditionView(
        edition=edition,
        language_tag=language_tag(edition.language),
        schema_type=SCHEMA_TYPES.get(edition.format, "Book"),
        about=about(edition),
        scripts=scripts_of(edition),
        citations=citations_of(edition),
        permalink=settings.PORTAL_URL + edition.get_absolute_url(),
        holders=holders_of_edition(edition, held, asked or {}),
        links=links_of(edition.display.get("links", []), edition.display.get("link_texts")),
        work=work_of(edition),
        similar=similar_to(edition),
        years=year_answers([(lines[0].library, lines) for _place, lines in rows], asked or {})
        if rows
        else None,
        timeline=timeline_of(rows),
    )


def _serial_rows(edition: Edition, held: Held) -> Rows:
    """All holdings of serials, and of yearbooks and sets that a library tells of by years; of others none."""
    serial = edition.format == Format.SERIAL
    if not serial and not any(spans_years(row.coverage) for rows in held.brief.values() for row in rows):
        return []
    found = holdings_at(edition, [place.pk for place in held.places])
    return [(place, found[place.pk]) for place in held.places if place.pk in found]
