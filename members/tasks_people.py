"""Background work about people: imports of readers, their invitations in small portions, what is forgotten in time."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from members.importing.inviting import invite_some
from members.importing.run import import_work, imports_to_do
from members.joining.tidy import applications_forget, applications_remind
from members.models import PatronImport
from members.services.imports import drafts_forget
from members.services.privacy import erasures_due
from network_portal.core.actor import Actor


@shared_task(name="members.tasks_people.import_one", acks_late=True, time_limit=3600)
def import_one(pk: int) -> None:
    source = imports_to_do().filter(pk=pk).first()
    if source is not None:
        import_work(source)


@shared_task(name="members.tasks_people.imports_go_on")
def imports_go_on() -> None:
    """Every minute: take up what a killed worker left, and send a few invitations."""
    for pk in imports_to_do().values_list("pk", flat=True):
        import_one.delay(pk)
    for source in PatronImport.objects.filter(invite=True, state="done"):
        invite_some(source)


@shared_task(name="members.tasks_people.forget")
def forget() -> None:
    """Every night: files nobody went on with, people whose days of grace are over, applications that do not go on."""
    drafts_forget()
    erasures_due()
    now, actor = timezone.now(), Actor.system()
    applications_forget(now=now, actor=actor)
    applications_remind(now=now, actor=actor)
