"""Announcements and what stands on a network's own page: written by who runs the network."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from members.choices_knowledge import NewsState
from members.knowledge.selectors.news import news_audience, news_to_mail
from members.knowledge.services.telling import stop_url
from members.knowledge.store import Upload, kept
from members.models import Announcement, Network, NetworkPage, NewsRead
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.mail import mail_queue

PORTION = 200  # mails of one announcement at a time
FIELDS = (
    "title_id", "body_id", "title_en", "body_en", "is_public", "network", "cell", "role", "starts_at", "ends_at",
    "is_pinned", "by_mail",
)  # fmt: skip


@transaction.atomic
def news_save(*, actor: Actor, values: dict[str, Any], news: Announcement | None = None) -> Announcement:
    """A draft, or other words for one that runs. Raises RuleViolation (title_missing, public_for_all, ends_first)."""
    require(actor, Capability.NETWORK_MANAGE)
    row = news or Announcement(by_name=actor.user_name[:200])
    for name in FIELDS:
        setattr(row, name, values[name])
    if row.state == NewsState.PUBLISHED and row.starts_at is None:
        row.starts_at = timezone.now()
    _check(row)
    row.save()
    audit.record("members.news.saved", actor=actor, target=row)
    return row


@transaction.atomic
def news_publish(*, news: Announcement, actor: Actor, published: bool) -> None:
    """From its first day on it is shown; taken back, it is a draft again and no further mails are written."""
    require(actor, Capability.NETWORK_MANAGE)
    news.state = NewsState.PUBLISHED if published else NewsState.DRAFT
    if published and news.starts_at is None:
        news.starts_at = timezone.now()
    _check(news)
    news.save(update_fields=["state", "starts_at", "changed_at"])
    audit.record(
        "members.news.published" if published else "members.news.withdrawn", actor=actor, target=news
    )


@transaction.atomic
def news_delete(*, news: Announcement, actor: Actor) -> None:
    require(actor, Capability.NETWORK_MANAGE)
    audit.record("members.news.deleted", actor=actor, target=news)
    news.delete()


def news_dismiss(*, news: Announcement, actor: Actor) -> None:
    """Put away by one person; it stays readable on the page of news."""
    NewsRead.objects.get_or_create(news=news, user_id=actor.user_id or 0)


def news_mail() -> int:
    """Write the next portion of mails of each announcement; a killed worker repeats none. Returns how many."""
    sent = 0
    for news in news_to_mail():
        with transaction.atomic():
            row = Announcement.objects.select_for_update().get(pk=news.pk)
            people = news_audience(row, row.mailed_to, PORTION)
            for user in people:
                stop = stop_url("news", user.pk)
                queued = mail_queue(
                    template="announcement", to=user, actor=Actor.system(), target=row, unsubscribe_url=stop,
                    context={"news": row, "stop_url": stop}, dedupe_key=f"news-{row.pk}-{user.pk}",
                )  # fmt: skip
                sent += queued is not None
            row.mailed_to = people[-1].pk if people else row.mailed_to
            row.mailed_at = None if len(people) == PORTION else timezone.now()
            row.save(update_fields=["mailed_to", "mailed_at"])
    return sent


def page_save(
    *, network: Network, actor: Actor, values: dict[str, str], number: int, picture: Upload | None = None,
    drop_picture: bool = False,
) -> NetworkPage:  # fmt: skip
    """A new version of the page; those before are kept. `number` is the version that the writer saw.

    Raises Conflict page_changed, RuleViolation alt_missing, FileRefused.
    """
    require(actor, Capability.NETWORK_MANAGE)
    with kept(picture, pictures_only=True) as stored, transaction.atomic():
        Network.objects.select_for_update().get(pk=network.pk)
        last = NetworkPage.objects.filter(network=network).order_by("-number").first()
        if (last.number if last else 0) != number:
            raise Conflict(
                "page_changed", _("Somebody else has changed this page meanwhile. Please look again.")
            )
        name = stored.stored if stored else "" if drop_picture or last is None else last.picture
        if name and not values["picture_alt"]:
            raise RuleViolation(
                "alt_missing", _("Please say what the picture shows, for those who can't see it.")
            )
        return _page(network, number + 1, name, values, actor)


@transaction.atomic
def page_restore(*, page: NetworkPage, actor: Actor) -> NetworkPage:
    """A former version counts again, as the newest one."""
    require(actor, Capability.NETWORK_MANAGE)
    Network.objects.select_for_update().get(pk=page.network_id)
    last = NetworkPage.objects.filter(network_id=page.network_id).aggregate(last=Max("number"))["last"] or 0
    values = {name: getattr(page, name) for name in ("text_id", "text_en", "picture_alt")}
    return _page(page.network, last + 1, page.picture, values, actor)


def _page(network: Network, number: int, picture: str, values: dict[str, str], actor: Actor) -> NetworkPage:
    try:
        row = NetworkPage.objects.create(
            network=network, number=number, picture=picture, by_name=actor.user_name[:200], **values
        )
    except IntegrityError as error:
        raise Conflict(
            "page_changed", _("Somebody else has changed this page meanwhile. Please look again.")
        ) from error
    audit.record("members.network_page.saved", actor=actor, target=network, data={"number": number})
    return row


def _check(row: Announcement) -> None:
    if not (row.title_id or row.title_en):
        raise RuleViolation("title_missing", _("Please write a title in at least one language."))
    if row.is_public and (row.network or row.cell or row.role):
        raise RuleViolation(
            "public_for_all", _("What guests may read is for all: choose no network, group or role.")
        )
    if row.cell and not row.network:
        raise RuleViolation("group_of_what", _("Please choose the network of this group."))
    if row.ends_at and row.ends_at <= (row.starts_at or timezone.now()):
        raise RuleViolation("ends_first", _("It would end before it begins."))
