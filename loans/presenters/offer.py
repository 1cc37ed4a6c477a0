"""The Request button of a record page, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Edition
from loans.choices import Service
from loans.intake.askers import Asker
from loans.intake.limits import standing_at
from loans.selectors import offers
from members.permissions import Capability
from network_portal.core.actor import Actor


@dataclass(frozen=True)
class RequestOffer:
    allowed: bool  # the button is there; a reader who is not logged in is led through the login and back
    code: str  # ok, login, own_copy, duplicate, no_lender, pending, no_library, not_now, or of a Standing
    reason: str  # one sentence: what the button does, or why it is missing
    url: str = ""  # of the button, or of the way on
    url_label: str = ""
    own_library_has: tuple[str, ...] = ()  # where it stands at the reader's own library
    lenders: int = 0

    @property
    def is_quiet(self) -> bool:
        """Possible, but not the first thing to do."""
        return self.code in ("own_copy", "duplicate", "pending", "no_library")


def request_offer(edition: Edition, actor: Actor, asker: Asker | None = None) -> RequestOffer:
    """For the actor, or for the reader a librarian chose. At most five small queries, and one for each limit that is
    set; a merged edition is followed."""
    edition = offers.edition_current(edition.pk)
    if not actor.is_authenticated:
        return _to_strangers(edition)
    if not actor.can(Capability.REQUEST_CREATE):
        return why_not(actor)
    if (refused := _of_person(edition, actor, asker)) is not None:
        return refused
    lenders = offers.lending_libraries(edition.pk, actor.library_id)
    copies = offers.own_copies(edition.pk, actor.library_id)
    if copies:
        places = tuple(
            dict.fromkeys(", ".join(filter(None, (copy.location, copy.call_number))) for copy in copies)
        )
        return RequestOffer(
            bool(lenders), "own_copy", _("%(library)s has this title itself.") % {"library": actor.library_name},
            url=_new(edition) if lenders else "", url_label=_("Ask another library all the same"),
            own_library_has=tuple(filter(None, places)), lenders=lenders,
        )  # fmt: skip
    return _by_lenders(edition, lenders, "ok")


def _of_person(edition: Edition, actor: Actor, asker: Asker | None) -> RequestOffer | None:
    """Asked for already, or something stands in this reader's way."""
    if asker is not None and asker.user_id != actor.user_id:
        existing = offers.open_request(asker.user_id, edition, asker.key)
        standing = asker.standing(Service.LOAN)
        told, page = _("This reader waits for the title already."), "loans:request"
        way = (reverse("loans:request_for_reader") + f"?edition={edition.pk}", _("Choose another reader"))
        see = _("See the request")
    else:
        existing = offers.open_request(actor.user_id, edition)
        standing = standing_at(actor.user_id, actor.library_id)
        told, page = _("You have asked for this title already."), "loans:my_request"
        way = (reverse("loans:my_requests"), _("My requests"))
        see = _("See your request")
    if existing is not None:
        return RequestOffer(
            False, "duplicate", told, url=reverse(page, args=[existing.number]), url_label=see
        )
    if not standing.allowed:
        return RequestOffer(False, standing.code, standing.sentence, url=way[0], url_label=way[1])
    return None


def _to_strangers(edition: Edition) -> RequestOffer:
    return _by_lenders(edition, offers.lending_libraries(edition.pk, None), "login")


def _by_lenders(edition: Edition, lenders: int, code: str) -> RequestOffer:
    if not lenders:
        return RequestOffer(
            False, "no_lender", _("No library of the network can lend this title at the moment.")
        )
    sentence = ngettext(
        "%(count)s library can lend it. You collect it at your own library.",
        "%(count)s libraries can lend it. You collect it at your own library.",
        lenders,
    ) % {"count": lenders}
    if code == "login":
        sentence += " " + _("You log in first.")
    return RequestOffer(
        True, code, sentence, url=_new(edition), url_label=_("Request this title"), lenders=lenders
    )


def why_not(actor: Actor) -> RequestOffer:
    """Logged in, and may not ask: waiting for the library, staff of the network, or no library yet."""
    standing = offers.standing_of(actor.user_id)
    account = reverse("members:account")
    if standing.pending:
        return RequestOffer(
            False, "pending",
            _("%(library)s has not confirmed your membership yet. You can ask for books as soon as it has.")
            % {"library": standing.pending},
            url=account, url_label=_("See your account"),
        )  # fmt: skip
    if standing.confirmed:
        return RequestOffer(
            False, "not_now",
            _("In your present role you cannot ask for books. Log in with a reader's account of your library."),
        )  # fmt: skip
    return RequestOffer(
        False, "no_library", _("To ask for books you first choose your home library."), url=account,
        url_label=_("Choose your library"),
    )  # fmt: skip


def _new(edition: Edition) -> str:
    return f"{reverse('loans:request_new')}?edition={edition.pk}"
