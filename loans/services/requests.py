"""Opening a request, with every check that comes before it, and the rules that may let it go out at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.choices import Format
from catalog.models import Edition
from loans.choices import Genre, Level, RequestOrigin
from loans.citation import LONGEST, Citation
from loans.intake import admission
from loans.intake.askers import Asker
from loans.intake.duplicates import open_duplicate
from loans.models import Request
from loans.numbers import next_number
from loans.selectors.offers import edition_current
from loans.services.addressing import numbers_by
from loans.services.intake import intake_run, set_price
from loans.workflow import engine
from members.models import Library, NetworkMember, PickupPoint, User
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation

GENRES = {Format.THESIS: Genre.THESIS, Format.BOOK: Genre.BOOK}


@dataclass(frozen=True)
class Terms:
    """How and by when it is wanted."""

    note: str = ""
    needed_by: date | None = None
    level: str = Level.NORMAL.value
    pickup_point: PickupPoint | None = None
    purpose: str = ""
    any_edition: bool = False
    cost_limit: Decimal | None = None


@transaction.atomic
def request_submit(
    *,
    edition: Edition | None,
    requesting_library: Library,
    actor: Actor,
    patron: User | None = None,
    reader_name: str = "",
    reader_contact: str = "",
    note: str = "",
    needed_by: date | None = None,
    submit_key: str = "",
    confirm_own_copy: bool = False,
    citation: Citation | None = None,
    service: str = "",
    level: str = Level.NORMAL,
    pickup_point: PickupPoint | None = None,
    purpose: str = "",
    any_edition: bool = False,
    cost_limit: Decimal | None = None,
    agreed_amount: Decimal | None = None,
    origin: str = RequestOrigin.RECORD,
) -> Request:
    """Open a request for a reader at their library; a merged edition is followed to its survivor.

    A librarian may ask for a reader of the own library (`patron`), or for one without an account (`reader_name`, and
    `reader_contact` to reach them by); the checks are the same, the portal then needs no second look at what is usual.
    `agreed_amount` is the price that the reader saw and agreed to; where it costs more by now, the reader is asked.
    Without an edition the `citation` says what is wanted; its genre decides between loan and copy unless `service`
    does. A `submit_key` used before returns the request it made. Where the library's rules allow it, the request goes
    out at once. Raises PermissionDenied, or RuleViolation with code membership_pending, library_inactive, expired,
    blocked, not_loans, not_copies, limit_active, limit_year, limit_day (extra: until), no_title, duplicate (extra: url,
    number), own_copy (unless confirmed; extra: locations), no_lender, date_past, date_far, no_pickup_point.
    """
    # One at a time for each reader: a second window waits here, and then sees what the first one made.
    if patron is not None:
        User.objects.select_for_update(no_key=True).get(pk=patron.pk)
        asker = Asker.by_account(patron, requesting_library)
    else:
        asker = Asker.by_name(reader_name, reader_contact, requesting_library)
    if submit_key and (made := _sent_before(submit_key, asker)):
        return made
    edition = edition_current(edition.pk) if edition is not None else None
    wanted = citation or whole_of(edition)
    asked = service or wanted.service
    admission.check_actor(asker, actor)
    admission.check_reader(asker, asked)
    admission.check_wish(edition, wanted, asker, actor)
    strict = origin == RequestOrigin.RECORD or (origin == RequestOrigin.STAFF and citation is None)
    admission.check_copies(
        edition, requesting_library, service=asked, strict=strict, confirm_own_copy=confirm_own_copy
    )
    today = timezone.localdate(timezone=ZoneInfo(requesting_library.time_zone))
    admission.check_terms(needed_by, pickup_point, requesting_library, today)
    terms = Terms(note.strip()[:1000], needed_by, level, pickup_point, purpose, any_edition, cost_limit)
    request = _filled_in(edition, wanted, asker, terms)
    request.service, request.source, request.submit_key = asked, origin, submit_key or None
    set_price(request, agreed_amount)
    request.number = next_number(numbers_by(requesting_library), today.year)
    try:
        with transaction.atomic():
            engine.begin(request, actor)
    except IntegrityError:
        return _lost_race(edition, wanted, asker, submit_key, actor)
    return intake_run(request)


def whole_of(edition: Edition | None) -> Citation:
    """The citation of an edition as a whole."""
    if edition is None:
        return Citation()
    isbns = edition.display.get("isbn", [])
    return Citation.of({
        "genre": GENRES.get(Format(edition.format), Genre.OTHER), "title": edition.full_title,
        "author": edition.author, "publisher": edition.publisher, "year": edition.year or "",
        "isbn": isbns[0] if isbns else "",
    })  # fmt: skip


def citation_of(edition: Edition) -> dict[str, Any]:
    """What was wanted, kept with the request: plain values that outlive changes of the record."""
    return {
        "title": edition.full_title, "author": edition.author, "publisher": edition.publisher, "year": edition.year,
        "language": edition.language, "format": edition.format, "isbn": edition.display.get("isbn", []),
        "edition_id": edition.pk,
    }  # fmt: skip


def _filled_in(edition: Edition | None, wanted: Citation, asker: Asker, terms: Terms) -> Request:
    library = asker.library
    described = edition is not None and wanted.genre not in (Genre.ARTICLE, Genre.CHAPTER)
    citation: dict[str, Any] = citation_of(edition) if edition is not None else {}
    if not described:
        citation |= wanted.as_json()
    home = (
        NetworkMember.objects.filter(library=library, is_home=True, is_active=True)
        .select_related("network")
        .first()
    )
    return Request(
        edition=edition, genre=wanted.genre, citation=citation, identifiers=wanted.numbers, part=wanted.part,
        title=(edition.full_title if edition is not None and described else wanted.wanted)[:LONGEST],
        part_key=wanted.part_key, patron=asker.user, patron_key=asker.key,
        reader_name=asker.name, reader_contact=asker.contact, patron_category=asker.category,
        requesting_library=library, network=home.network if home else None,
        policy_version=home.network.version if home else 0, patron_note=terms.note, needed_by=terms.needed_by,
        level=terms.level, pickup_point=terms.pickup_point, purpose=terms.purpose, any_edition=terms.any_edition,
        cost_limit_amount=terms.cost_limit,
        currency=_currency(asker) if terms.cost_limit is not None else "",
    )  # fmt: skip


def _currency(asker: Asker) -> str:
    return asker.category.currency if asker.category is not None else "IDR"


def _sent_before(submit_key: str, asker: Asker) -> Request | None:
    """The form was sent twice: what the first sending made."""
    rows = Request.objects.filter(submit_key=submit_key, requesting_library=asker.library)
    return rows.filter(patron=asker.user, patron_key=asker.key).first()


def _lost_race(
    edition: Edition | None, wanted: Citation, asker: Asker, submit_key: str, actor: Actor
) -> Request:
    """Two windows sent the same wish at the same moment; the database let one through."""
    if submit_key and (made := _sent_before(submit_key, asker)):
        return made
    edition_id = edition.pk if edition else None
    if (existing := open_duplicate(asker.user_id, asker.key, edition_id, wanted)) is not None:
        raise admission.duplicate(existing, actor)
    raise RuleViolation("not_saved", _("The request could not be saved. Please send it once more."))
