"""What the steps of a copy ask and do: guards and effects, joined to the workflow in loans.rooms."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from loans.choices import AttemptStatus, Cause, FileCheck, RuleOutcome, Service
from loans.copyright.decisions import decision_store, latest_decision, stands_in_the_way
from loans.delivery.covers import copy_make
from loans.delivery.handover import copy_purge, deliver
from loans.delivery.links import token_for
from loans.delivery.upload import files_purge, scans_of
from loans.models import CopyrightDecision, DeclarationAcceptance, Request, ScanFile, SupplyAttempt
from loans.workflow import moving
from loans.workflow.steps import STEP_BY
from members.selectors.policies import policy_of
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.mail import mail_withdraw

if TYPE_CHECKING:
    from loans.workflow.taking import Taking

MAX_RESENDS = 2


def guard_copyright(taking: Taking) -> None:
    """A copy is promised and handed over only after the rules were asked and let it through."""
    if taking.request.service != Service.COPY:
        return
    decision = _decided(taking)
    code = stands_in_the_way(decision)
    if code:
        raise RuleViolation(
            code,
            _(
                "The copyright rules stand in the way of this copy. See “Copyright” on the request for the reasons."
            ),
        )


def _decided(taking: Taking) -> CopyrightDecision:
    return latest_decision(taking.request) or decision_store(
        request=taking.request, actor=taking.actor, attempt=taking.attempt
    )


def guard_upload_done(taking: Taking) -> None:
    """At least one file in order, and the rules have let the copy through."""
    if not scans_of(taking.attempt).filter(check_state=FileCheck.OK).exists():
        raise RuleViolation("no_files", _("There is no scan yet. Please add at least one file."))
    guard_copyright(taking)


def effect_upload_done(taking: Taking) -> None:
    if taking.attempt:
        taking.attempt.uploaded_at = taking.now
        taking.attempt.pages = _pages(taking)
        copy_make(taking.request, taking.attempt, _decided(taking))


def _pages(taking: Taking) -> int:
    return sum(file.pages or 1 for file in scans_of(taking.attempt))


def guard_resend(taking: Taking) -> None:
    """Twice at most: then the scan is released as it is, or asked of another library."""
    if _resends(taking) >= MAX_RESENDS:
        raise RuleViolation(
            "too_many_resends",
            _("A new scan was asked for %(count)s times already. Please release the copy, or reject it.")
            % {"count": MAX_RESENDS},
        )


def effect_release(taking: Taking) -> None:
    """Also of extend_link: the days begin anew, also after the copy was opened as often as allowed."""
    attempt = taking.attempt or _delivered(taking.request)
    if attempt:
        deliver(attempt, taking.actor)


def _delivered(request: Request) -> SupplyAttempt | None:
    """Whose copy the reader has; its part is over once the copy was opened."""
    delivery = request.deliveries.filter(purged_at=None).select_related("attempt").order_by("-pk").first()
    return delivery.attempt if delivery else None


def link_of(request: Request, attempt: SupplyAttempt | None) -> str:
    """The reader's address of the copy, for the mail that tells of it; a reader without an account has none."""
    attempt = attempt or _delivered(request)
    if attempt is None or request.patron_id is None:
        return ""
    return reverse("loans:copy_link", args=[token_for(attempt.pk)])


def guard_download(taking: Taking) -> None:
    """Only opening the link takes this step: it has kept the declaration just before."""
    accepted = DeclarationAcceptance.objects.filter(
        delivery__request=taking.request, user_id=taking.actor.user_id
    )
    if not taking.actor.is_system and not accepted.exists():
        raise RuleViolation("declaration_missing", _("Please open the copy by its link."))


def effect_download(taking: Taking) -> None:
    if taking.attempt:
        taking.attempt.delivered_at = timezone.now()


def effect_purge(taking: Taking) -> None:
    copy_purge(taking.request)


def after_step(taking: Taking) -> None:
    """Reasons are there to be read; and a copy that ends in any other way (cancelled, declined) leaves no scans."""
    if taking.request.service != Service.COPY:
        return
    if taking.step.action == "upload_done":
        _release_by_rule(taking)
    elif taking.step.action == "flag_copyright":  # whoever looks at it finds the reasons there
        decision_store(request=taking.request, actor=taking.actor)
    elif not taking.request.is_open:
        copy_purge(taking.request)
    elif taking.step.ends_attempt not in (None, AttemptStatus.DELIVERED):
        effect_reject(taking)


def _release_by_rule(taking: Taking) -> None:
    """A library that trusts the scans lets them through unseen; a second scan, and anything but "allowed", waits."""
    request = taking.request
    decision = latest_decision(request)
    library_trusts = policy_of(request.requesting_library, Service.COPY).auto_release
    if not library_trusts or decision is None:
        return
    if decision.outcome != RuleOutcome.ALLOW or _resends(taking):
        return
    step = STEP_BY[request.status, "release_copy", request.service]
    actor = Actor.system(channel="rule")
    # "Please look at the scan" has become wrong within the same step.
    mail_withdraw(target=request, since_key=f"copy_arrived:{request.pk}:{request.version}:", actor=actor)
    moving.take(replace(taking, step=step, actor=actor, params={}), after=request.version, cause=Cause.RULE)


def _resends(taking: Taking) -> int:
    return int(taking.request.events.filter(action="ask_resend", attempt=taking.attempt).count())


def effect_reject(taking: Taking) -> None:
    """The scan is of no use: its bytes go, the next library is asked."""
    files_purge(list(ScanFile.objects.filter(attempt=taking.attempt, purged_at=None)), superseded=True)
