"""Reading core's rows within what an actor may see: their own library's, or the whole network's."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from network_portal.core.actor import Actor
from network_portal.core.models import AuditEntry, JobRun, OutgoingMail

# The capability that lifts the limit to one's own library; members.permissions gives it to coordinators.
WHOLE_NETWORK = "network.manage"


def mails_visible_to(actor: Actor) -> QuerySet[OutgoingMail]:
    rows = OutgoingMail.objects.all()
    return rows if actor.can(WHOLE_NETWORK) else rows.filter(library_id=actor.library_id)


def mails_about(target: Model, actor: Actor, *, also: Iterable[int | None] = ()) -> QuerySet[OutgoingMail]:
    """What was written about one thing, newest first, as far as the actor's library may see it; without the texts.

    `also`: mails that tell of several things, and of this one among them.
    """
    rows = mails_visible_to(actor) if actor.can("mail.view") else OutgoingMail.objects.none()
    rows = rows.filter(
        Q(target_type=target._meta.label_lower, target_id=str(target.pk)) | Q(pk__in=list(also))
    )
    return rows.defer("body_text", "body_html")


def jobs_visible_to(actor: Actor) -> QuerySet[JobRun]:
    rows = JobRun.objects.defer("log")
    return rows if actor.can(WHOLE_NETWORK) else rows.filter(library_id=actor.library_id)


def audit_visible_to(actor: Actor, *, code: str = "") -> QuerySet[AuditEntry]:
    """`code`: what the codes begin with."""
    rows = AuditEntry.objects.filter(code__startswith=code)
    return rows if actor.can(WHOLE_NETWORK) else rows.filter(library_id=actor.library_id)


def access_mail(actor: Actor, pk: int) -> OutgoingMail:
    """The mail, or Http404 where it belongs to another library."""
    mail = mails_visible_to(actor).filter(pk=pk).first()
    if mail is None:
        raise Http404
    return mail


def access_job(actor: Actor, pk: int) -> JobRun:
    job = jobs_visible_to(actor).defer(None).filter(pk=pk).first()
    if job is None:
        raise Http404
    return job


def audit_of(actor: Actor, *things: Model) -> QuerySet[AuditEntry]:
    """What was done to any of these, of what the actor may see, the newest first."""
    return audit_about(audit_visible_to(actor), [(one._meta.label_lower, str(one.pk)) for one in things])


def audit_about(rows: QuerySet[AuditEntry], things: Iterable[tuple[str, str]]) -> QuerySet[AuditEntry]:
    """Entries of things named by kind and number; none where nothing is named."""
    wanted = Q(pk=None)
    for kind, number in things:
        wanted |= Q(target_type=kind, target_id=number)
    return rows.filter(wanted).order_by("-id")
