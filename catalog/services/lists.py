"""Writing reading lists: of somebody with an account, or of a guest whom a signed cookie tells apart."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Edition, ListEntry, ReadingList
from catalog.netsettings import GUEST_LIST_DAYS
from network_portal.core.errors import RuleViolation

MOST_LISTS, MOST_TITLES = 100, 5000


@dataclass(frozen=True)
class Keeper:
    """Whose lists they are: a user's, or those of a guest's browser."""

    user_id: int | None = None
    guest: str = ""

    @property
    def values(self) -> dict[str, object]:
        return {"owner_id": self.user_id} if self.user_id else {"owner_id": None, "guest": self.guest}


def new_guest() -> str:
    return secrets.token_hex(16)


@transaction.atomic
def list_make(*, keeper: Keeper, name: str) -> ReadingList:
    """A list of that name, or the one there is. Raises RuleViolation: name_missing, too_many_lists."""
    name = " ".join(name.split())[:120]
    if not name:
        raise RuleViolation("name_missing", _("Please give the list a name."))
    lists = ReadingList.objects.filter(**keeper.values)
    if found := lists.filter(name=name).first():
        return found
    if lists.count() >= MOST_LISTS:
        raise RuleViolation("too_many_lists", _("You have very many lists already. Please delete one first."))
    try:
        with transaction.atomic():
            return ReadingList.objects.create(name=name, **keeper.values)
    except IntegrityError:  # made in another window meanwhile
        return lists.get(name=name)


@transaction.atomic
def list_add(*, row: ReadingList, editions: Sequence[int]) -> int:
    """How many were new on it. Merged editions are added as what they lead to. Raises RuleViolation `list_full`."""
    ReadingList.objects.select_for_update().get(pk=row.pk)
    found = Edition.objects.in_bulk(list(editions))
    current = dict.fromkeys(found[pk].merged_into_id or pk for pk in editions if pk in found)
    there = set(row.entries.values_list("edition_id", flat=True))
    wanted = [pk for pk in current if pk not in there]
    if len(there) + len(wanted) > MOST_TITLES:
        raise RuleViolation("list_full", _("This list is full. Please begin another one."))
    last = row.entries.aggregate(last=Max("position"))["last"] or 0
    ListEntry.objects.bulk_create(
        ListEntry(list=row, edition_id=pk, position=last + place) for place, pk in enumerate(wanted, 1)
    )
    row.save(update_fields=["changed_at"])
    return len(wanted)


@transaction.atomic
def entry_change(*, row: ReadingList, edition: int, what: str, note: str = "") -> None:
    """`what`: up, down, note or remove. What is not there any more is left as it is."""
    ReadingList.objects.select_for_update().get(pk=row.pk)
    entries = list(row.entries.all())
    place = next((n for n, entry in enumerate(entries) if entry.edition_id == edition), None)
    if place is None:
        return
    entry = entries[place]
    if what == "remove":
        entry.delete()
    elif what == "note":
        entry.note = note.strip()[:500]
        entry.save(update_fields=["note"])
    elif what in ("up", "down"):
        other = place - 1 if what == "up" else place + 1
        if 0 <= other < len(entries):
            entries[place], entries[other] = entries[other], entries[place]
        for position, moved in enumerate(entries, 1):
            moved.position = position
        ListEntry.objects.bulk_update(entries, ["position"], batch_size=1000)
    row.save(update_fields=["changed_at"])


@transaction.atomic
def list_rename(*, row: ReadingList, name: str, note: str) -> None:
    """Raises RuleViolation: name_missing, name_taken."""
    name = " ".join(name.split())[:120]
    if not name:
        raise RuleViolation("name_missing", _("Please give the list a name."))
    row.name, row.note = name, note.strip()[:2000]
    try:
        with transaction.atomic():
            row.save(update_fields=["name", "note", "changed_at"])
    except IntegrityError:
        raise RuleViolation("name_taken", _("You have a list of this name already.")) from None


def list_share(*, row: ReadingList, shared: bool) -> None:
    """A new address each time, so that one that was taken back never works again."""
    if shared == bool(row.share_token):
        return
    row.share_token = secrets.token_urlsafe(24) if shared else None
    row.save(update_fields=["share_token", "changed_at"])


def list_delete(*, row: ReadingList) -> None:
    row.delete()


@transaction.atomic
def guest_lists_take_over(*, guest: str, user_id: int) -> int:
    """What a guest kept becomes the account's: lists of one name are joined, nothing is lost. How many titles came."""
    came = 0
    for row in ReadingList.objects.filter(owner=None, guest=guest).order_by("id"):
        mine = list_make(keeper=Keeper(user_id), name=row.name)
        notes = dict(row.entries.exclude(note="").values_list("edition_id", "note"))
        came += list_add(row=mine, editions=list(row.entries.values_list("edition_id", flat=True)))
        for entry in mine.entries.filter(edition_id__in=notes, note=""):
            entry.note = notes[entry.edition_id]
            entry.save(update_fields=["note"])
        row.delete()
    return came


def guest_lists_clear() -> int:
    """Lists of guests that nobody has touched for long. How many went."""
    old = ReadingList.objects.filter(
        owner=None, changed_at__lt=timezone.now() - timedelta(days=GUEST_LIST_DAYS.now())
    )
    return old.delete()[1].get("catalog.ReadingList", 0)
