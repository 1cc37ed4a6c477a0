"""What the pages for asking show of a description: kinds, facts, and why somebody cannot ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalog.models import Edition
from loans.choices import Genre, Level, Purpose, Service
from loans.citation import Citation, fields_of
from loans.intake.askers import Asker
from loans.intake.labels import label_of
from loans.intake.limits import standing_at
from loans.presenters.offer import RequestOffer, why_not
from loans.selectors import offers
from members.models import Library
from members.permissions import Capability
from network_portal.core.actor import Actor


@dataclass(frozen=True)
class Wish:
    """What is asked for on the pages after the description: an edition, a description, or both."""

    edition: Edition | None
    citation: Citation | None
    service: str
    genre: str

    @classmethod
    def of(cls, edition: Edition | None, citation: Citation | None) -> Wish:
        service = citation.service if citation is not None else Service.LOAN.value
        genre = citation.genre if citation is not None else Genre.BOOK.value
        return cls(edition, citation, service, genre)

    @property
    def is_copy(self) -> bool:
        return self.service == Service.COPY

    @property
    def title(self) -> str:
        described = self.citation is not None and (self.is_copy or self.edition is None)
        return (
            self.citation.wanted
            if described and self.citation
            else self.edition.full_title
            if self.edition
            else ""
        )

    @property
    def author(self) -> str:
        if self.citation is not None and self.citation.author:
            return self.citation.author
        return self.edition.author if self.edition is not None and not self.is_copy else ""

    @property
    def year(self) -> str:
        if self.citation is not None and self.citation.year:
            return self.citation.year
        return str(self.edition.year or "") if self.edition is not None else ""

    @property
    def seed(self) -> int:
        """Of the drawn cover."""
        return self.edition.pk if self.edition is not None else 0

    @property
    def heading(self) -> str:
        return _("Request a copy") if self.is_copy else _("Request a book")


def known_facts(citation: Citation) -> list[tuple[str, Any]]:
    """What is known already, as label and value."""
    found = [(name, getattr(citation, name)) for name in fields_of(citation.genre)]
    found += [(name, citation.numbers[name]) for name in ("pmid",) if name in citation.numbers]
    return [(label_of(citation.genre, name), value) for name, value in found if value]


def blank_kinds(key: str = "", words: str = "") -> list[tuple[str, str, str]]:
    """Label, hint and address of each kind of thing; a draft begun before and the words of a search go along."""
    told = {
        Genre.BOOK: (_("A book"), _("To borrow the whole book.")),
        Genre.ARTICLE: (_("An article"), _("From a journal or newspaper, as a copy.")),
        Genre.CHAPTER: (_("A chapter"), _("From a book, as a copy.")),
        Genre.THESIS: (_("A thesis"), _("A skripsi, tesis or dissertation.")),
        Genre.OTHER: (_("Something else"), _("A map, a recording, a whole volume of a journal.")),
    }
    carried = {name: value for name, value in (("draft", key), ("q", words)) if value}
    query = f"?{urlencode(carried)}" if carried else ""
    return [
        (*words, reverse("loans:request_blank", args=[genre.value]) + query) for genre, words in told.items()
    ]


def may_ask(actor: Actor, asker: Asker | None = None) -> RequestOffer | None:
    """Why this person, or the reader chosen by a librarian, cannot ask for anything now; None when they can."""
    if not actor.can(Capability.REQUEST_CREATE):
        return why_not(actor)
    standing = (
        asker.standing(Service.LOAN) if asker is not None else standing_at(actor.user_id, actor.library_id)
    )
    if standing.allowed or standing.code in ("not_loans", "not_copies"):
        return None
    if asker is not None and asker.user_id != actor.user_id:
        return RequestOffer(
            False, standing.code, standing.sentence, url=reverse("loans:request_for_reader"),
            url_label=_("Choose another reader"),
        )  # fmt: skip
    return RequestOffer(
        False, standing.code, standing.sentence, url=reverse("loans:my_requests"), url_label=_("My requests")
    )


@dataclass(frozen=True)
class Answer:
    """One line of the check page."""

    label: str
    value: str
    hint: str = ""
    change_url: str = ""


def wish_answers(
    wish: Wish, draft: dict[str, Any], library: Library | None, terms_url: str, describe_url: str
) -> list[Answer]:
    """Every answer, with the way to change it."""
    told = [Answer(label, str(value), change_url=describe_url) for label, value in _described(wish)]
    if library is not None and not wish.is_copy:
        points = offers.pickup_points(library.pk)
        point = next(
            (point for point in points if point.pk == draft.get("pickup_point")), next(iter(points), None)
        )
        where = point.name if point is not None else library.name
        address = (point.address if point is not None else "") or ", ".join(
            filter(None, (library.address, library.city))
        )
        change = f"{terms_url}#id_pickup_point_0" if len(points) > 1 else ""
        told.append(Answer(_("You collect it at"), where, address, change))
    level = Level(draft.get("level") or Level.NORMAL)
    told.append(Answer(_("How fast?"), str(level.label), change_url=f"{terms_url}#id_level"))
    if wish.is_copy and draft.get("purpose"):
        purpose = str(Purpose(draft["purpose"]).label)
        told.append(
            Answer(_("What do you need the copy for?"), purpose, change_url=f"{terms_url}#id_purpose_0")
        )
    day = date_format(draft["needed_by"], "j F Y") if draft.get("needed_by") else _("No certain day")
    told.append(Answer(_("Needed by"), day, change_url=f"{terms_url}#id_needed_by"))
    if draft.get("any_edition"):
        told.append(
            Answer(
                _("Edition"), _("Another edition will do as well."), change_url=f"{terms_url}#id_any_edition"
            )
        )
    told.append(
        Answer(_("Note for the librarian"), draft.get("note") or "–", change_url=f"{terms_url}#id_note")
    )
    return told


def _described(wish: Wish) -> list[tuple[str, Any]]:
    """The description without what stands above the table already."""
    if wish.citation is None:
        return []
    shown = {wish.title, wish.author}
    return [(label, value) for label, value in known_facts(wish.citation) if value not in shown]
