"""Keeping questions: saved, changed, ended, also from a mail by whoever has its signed address."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.choices import Alert
from catalog.models import SavedSearch
from catalog.search.query import DEFAULT_PER_PAGE, SearchQuery
from network_portal.core.errors import RuleViolation

MOST = 100  # of one person
LONGEST = 2000  # signs of a question, as an address has it
HOUR = time(6)  # of the portal's own clock: mails lie there when people get up
_SALT = "catalog.saved.unsubscribe"


@transaction.atomic
def search_save(*, owner_id: int, name: str, query: SearchQuery, alert: str) -> SavedSearch:
    """Raises RuleViolation: name_missing, name_taken, nothing_asked, question_long, too_many_searches."""
    text = query.with_(per_page=DEFAULT_PER_PAGE).to_querystring()
    if not text:
        raise RuleViolation("nothing_asked", _("Search for something first; then it can be saved."))
    if len(text) > LONGEST:
        raise RuleViolation("question_long", _("This search has too many filters to be saved."))
    if SavedSearch.objects.filter(owner_id=owner_id).count() >= MOST:
        raise RuleViolation(
            "too_many_searches", _("You have saved very many searches. Please delete one first.")
        )
    row = SavedSearch(owner_id=owner_id, query=text, told_until=timezone.now())
    return _kept(row, name, alert)


@transaction.atomic
def search_change(*, row: SavedSearch, name: str, alert: str) -> SavedSearch:
    """Raises RuleViolation: name_missing, name_taken. Mails that begin tell of what comes in from now on."""
    if row.alert == Alert.OFF:
        row.told_until = timezone.now()
    return _kept(row, name, alert)


def _kept(row: SavedSearch, name: str, alert: str) -> SavedSearch:
    name = " ".join(name.split())[:120]
    if not name:
        raise RuleViolation("name_missing", _("Please give the search a name."))
    if row.pk is None or row.alert != alert:
        row.due_at = next_due(alert, timezone.now())
    row.name, row.alert = name, alert
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise RuleViolation("name_taken", _("You have a saved search of this name already.")) from None
    return row


def next_due(alert: str, now: datetime) -> datetime | None:
    """In the early morning after so many days."""
    days = Alert(alert).days
    if not days:
        return None
    here = timezone.localtime(now)
    return datetime.combine(here.date() + timedelta(days=days), HOUR, tzinfo=here.tzinfo)


def search_delete(*, row: SavedSearch) -> None:
    row.delete()


def unsubscribe_token(row: SavedSearch) -> str:
    return signing.Signer(salt=_SALT, sep=".").sign(str(row.pk))


def search_by_token(token: str) -> SavedSearch | None:
    """None where nobody here signed it, or the search is gone."""
    try:
        number = signing.Signer(salt=_SALT, sep=".").unsign(token)
    except signing.BadSignature:
        return None
    return SavedSearch.objects.filter(pk=number).first()


def alert_stop(*, row: SavedSearch) -> None:
    """No more mails; the search itself is kept."""
    row.alert, row.due_at = Alert.OFF, None
    row.save(update_fields=["alert", "due_at"])
