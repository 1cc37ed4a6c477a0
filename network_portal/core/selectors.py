"""Reading core's rows within what an actor may see: their own library's, or the whole network's."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from network_portal.core.actor import Actor
from network_portal.core.models import AuditEntry, JobRun, OutgoingMail

# The capability that lifts the limit to one's own library; members.permissions gives it to coordinators.
WHOLE_NETWORK = "network.manage"


def mails_visible_to(actor: Actor, *, status: str = "", search: str = "") -> QuerySet[OutgoingMail]:
    rows = OutgoingMail.objects.all()
    if not actor.can(WHOLE_NETWORK):
        rows = rows.filter(library_id=actor.library_id)
    if status:
        rows = rows.filter(status=status)
    if search:
        rows = rows.filter(Q(to_email__icontains=search) | Q(subject__icontains=search) | Q(target_id=search))
    return rows


def jobs_visible_to(actor: Actor) -> QuerySet[JobRun]:
    rows = JobRun.objects.defer("log")
    return rows if actor.can(WHOLE_NETWORK) else rows.filter(library_id=actor.library_id)


def audit_visible_to(actor: Actor, *, search: str = "", code: str = "") -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.all()
    if not actor.can(WHOLE_NETWORK):
        rows = rows.filter(library_id=actor.library_id)
    if code:
        rows = rows.filter(code__startswith=code)
    if search:
        rows = rows.filter(
            Q(actor_name__icontains=search)
            | Q(target_name__icontains=search)
            | Q(library_name__icontains=search)
        )
    return rows


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
