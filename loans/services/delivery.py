"""A finished copy on its way to its reader: handed over, opened within its limits, and gone on its day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from loans.choices import DeliveryState, RequestStatus
from loans.copyright.decisions import latest_decision
from loans.copyright.declarations import text_hash
from loans.copyright.seed import declaration_for
from loans.delivery import store
from loans.delivery.links import signed_here, token_hash
from loans.delivery.upload import bytes_remove
from loans.models import (
    DeclarationAcceptance,
    DeclarationText,
    Delivery,
    DeliveryView,
    Request,
    ScanFile,
    UploadSession,
)
from loans.workflow import engine
from members.permissions import Capability
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation

SWEEP_AFTER = 48 * 3600  # an upload may pause so long
# After an opening its files may be fetched so long, again too: a broken line on a telephone is no second view.
OPEN_FOR = timedelta(minutes=30)


@dataclass(frozen=True)
class Opening:
    """What a reader got by opening a link once."""

    delivery: Delivery
    view: DeliveryView


def delivery_of(token: str, actor: Actor) -> Delivery | None:
    """The delivery a link leads to, for its own reader; None for everybody else, and for a link nobody made.

    A reader without an account asked at the desk of their library: there the desk opens it for them.
    """
    if not actor.user_id or not signed_here(token):
        return None
    delivery = (
        Delivery.objects.select_related(
            "request__requesting_library", "request__network", "attempt__supplier"
        )
        .filter(token_hash=token_hash(token))
        .first()
    )
    if delivery is None or not (
        delivery.request.patron_id == actor.user_id or opens_for_reader(delivery.request, actor)
    ):
        return None
    return delivery


def opens_for_reader(request: Request, actor: Actor) -> bool:
    return (
        request.patron_id is None
        and bool(request.reader_name)
        and request.requesting_library_id == actor.library_id
        and actor.can(Capability.REQUEST_MANAGE)
    )


def declaration_of(delivery: Delivery, language: str) -> DeclarationText:
    """The text of the very rules the copy was decided by."""
    decision = latest_decision(delivery.request)
    if decision is None:
        raise RuleViolation("copyright_undecided", _("Nobody has decided about copyright yet."))
    return declaration_for(decision.ruleset, language)


def open_link(
    *, token: str, actor: Actor, declared: str, language: str, address: str = "", browser: str = ""
) -> Opening:
    """Open a copy once: the declaration is kept as evidence, one view is used, the request moves on.

    `declared` is the hash of the text the reader ticked. Raises RuleViolation (no_delivery, declaration_missing,
    link_expired, views_used_up). Request and delivery are locked in this order, as every step does, so that fifty
    openings at the same moment are counted one after the other.
    """
    found = delivery_of(token, actor)
    if found is None:
        raise RuleViolation("no_delivery", _("There is no copy for you here."))
    refused = ""
    with transaction.atomic():
        request = Request.objects.select_for_update(of=("self",)).get(pk=found.request_id)
        delivery = Delivery.objects.select_for_update().get(pk=found.pk)
        text = declaration_of(delivery, language)
        if declared != text.hash or text_hash(text.text) != text.hash:
            raise RuleViolation(
                "declaration_missing", _("Please tick each sentence of the declaration to open the copy.")
            )
        refused = _refusal(delivery)
        view = DeliveryView.objects.create(
            delivery=delivery, outcome="refused" if refused else "ok", why=refused
        )
        if not refused:
            _count_view(delivery)
            _keep_evidence(delivery, text, actor, language, address, browser)
            if request.status == RequestStatus.RELEASED:
                engine.transition(request, "download", actor)
    if refused:
        raise RuleViolation(refused, refusal_text(refused))
    return Opening(delivery, view)


def link_refusal(delivery: Delivery) -> str:
    """Why a link opens nothing now, in words; "" when it does."""
    code = _refusal(delivery)
    return refusal_text(code) if code else ""


def _refusal(delivery: Delivery) -> str:
    if delivery.state not in (DeliveryState.AVAILABLE, DeliveryState.USED_UP) or delivery.purged_at:
        return "link_expired"
    if delivery.expires_at is None or delivery.expires_at <= timezone.now():
        return "link_expired"
    return "views_used_up" if delivery.views >= delivery.max_views else ""


def refusal_text(code: str) -> str:
    if code == "views_used_up":
        return _(
            "This copy has been opened as often as allowed. Please ask your library if you need it again."
        )
    return _("The time for this copy is over. Please ask your library if you still need it.")


def _count_view(delivery: Delivery) -> None:
    """One statement, with the limit in it; the database holds the limit as well."""
    taken = Delivery.objects.filter(pk=delivery.pk, views__lt=F("max_views")).update(views=F("views") + 1)
    if not taken:
        raise Conflict("views_used_up", refusal_text("views_used_up"))
    delivery.views += 1
    if delivery.views >= delivery.max_views:
        delivery.state = DeliveryState.USED_UP
        delivery.save(update_fields=["state"])


def _keep_evidence(
    delivery: Delivery, text: DeclarationText, actor: Actor, language: str, address: str, browser: str
) -> None:
    """Who accepted which text and when. The address is kept as a keyed hash: it can be compared, not read."""
    DeclarationAcceptance.objects.create(
        delivery=delivery, text=text, text_hash=text.hash, user_id=actor.user_id, user_name=_declarant(delivery, actor),
        language=language[:8], user_agent=browser[:300],
        ip_hash=salted_hmac("loans.copy-address", address, algorithm="sha256").hexdigest() if address else "",
    )  # fmt: skip


def _declarant(delivery: Delivery, actor: Actor) -> str:
    """Who declared; at a desk also for whom."""
    reader = delivery.request.reader_name if delivery.request.patron_id is None else ""
    return f"{actor.user_name} ({reader})"[:200] if reader else actor.user_name[:200]


def opened_view(delivery: Delivery, view_id: int | None) -> DeliveryView | None:
    """The opening this browser made, while its files may still be fetched."""
    if view_id is None or delivery.purged_at:
        return None
    since = timezone.now() - OPEN_FOR
    return delivery.viewings.filter(pk=view_id, outcome="ok", at__gte=since).first()


def purge_due(limit: int = 500) -> int:
    """Hourly: copies whose day has come; then whatever a killed worker left on the disk. Returns how many requests."""
    due = list(
        Delivery.objects.filter(purged_at=None, purge_at__lte=timezone.now(), request__status=RequestStatus.DOWNLOADED)
        .select_related("request").order_by("purge_at")[:limit]
    )  # fmt: skip
    done = 0
    for delivery in due:
        try:
            engine.transition(delivery.request, "purge", Actor.system())
            done += 1
        except Conflict:  # somebody else, or an earlier run, was faster
            continue
    sweep()
    return done


def sweep() -> int:
    """Remove bytes that should be gone: of purged files, of uploads given up, and files that no row names."""
    for file in ScanFile.objects.exclude(purged_at=None).exclude(file=""):
        bytes_remove(file)
    for upload in UploadSession.objects.filter(expires_at__lt=timezone.now()):
        store.remove(upload.path)
        upload.delete()
    return store.sweep(_named, older_than=SWEEP_AFTER)


def _named(names: Iterable[str]) -> set[str]:
    """Which of these stored names some row still names."""
    wanted = list(names)
    files = ScanFile.objects.filter(file__in=wanted).values_list("file", flat=True)
    parts = UploadSession.objects.filter(path__in=wanted).values_list("path", flat=True)
    return {*files, *parts}
