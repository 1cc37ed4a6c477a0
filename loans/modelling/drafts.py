"""Changing a network's model: drafts beside the live rules, putting one live, bringing a former version back.

Every writing names the revision (and, to go live, the live version) that its writer saw: who saw an older one is told
who was faster, and loses nothing. Raises Conflict for that, RuleViolation for what may not be.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from loans.modelling.notices import model_announce
from loans.modelling.problems import problems_of
from loans.modelling.selectors import model_of, model_of_draft
from members.choices import DraftState
from members.models import Network, NetworkDraft, NetworkVersion
from members.network_rules import Places, Settings, merged, merged_places, read_places, read_settings
from members.services.networks import network_lock, network_remodel
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation

QUIET = timedelta(minutes=10)  # savings in one go are one line in the audit trail


@transaction.atomic
def draft_create(*, network: Network, actor: Actor, version: NetworkVersion | None = None) -> NetworkDraft:
    """A draft that begins with what counts now, or with a former version's rules and the places of who is left."""
    network_lock(network)
    network = Network.objects.get(pk=network.pk)  # as it is now, under the lock
    settings, places = read_settings(network), read_places(network)
    draft = NetworkDraft.objects.create(
        network=network, base_version=network.version, base_settings=settings, base_places=places,
        settings=version.settings if version else settings,
        places={key: version.places.get(key, now) for key, now in places.items()} if version else places,
        restores=version.number if version else None,
        by_id=actor.user_id, by_name=actor.user_name[:200], changed_by=actor.user_name[:200],
    )  # fmt: skip
    audit.record("members.network.draft_made", actor=actor, target=network, data={"draft": draft.pk})
    return draft


@transaction.atomic
def draft_rules_save(
    *, draft: NetworkDraft, settings: Settings, revision: int, actor: Actor, note: str = ""
) -> NetworkDraft:
    """Rules that cannot work yet are kept all the same: the draft says what is missing."""
    kept = _open(draft, revision)
    if (kept.settings, kept.note) == (settings, note[:300]):
        return kept
    kept.settings, kept.note = settings, note[:300]
    return _saved(kept, actor)


@transaction.atomic
def draft_places_save(*, draft: NetworkDraft, places: Places, revision: int, actor: Actor) -> NetworkDraft:
    kept = _open(draft, revision)
    if kept.places == places:
        return kept
    kept.places = places
    return _saved(kept, actor)


@transaction.atomic
def draft_renew(
    *, draft: NetworkDraft, revision: int, actor: Actor
) -> tuple[NetworkDraft, list[str], list[int]]:
    """Take over what became live meanwhile. Where both changed the same, the draft's own stays, and is told: names of
    settings, ids of libraries."""
    network_lock(draft.network)
    kept = _open(draft, revision)
    live = Network.objects.get(pk=kept.network_id)
    now, places = read_settings(live), read_places(live)
    kept.settings, both = merged(kept.base_settings, kept.settings, now)
    kept.places, moved = merged_places(kept.base_places, kept.places, places)
    kept.base_version, kept.base_settings, kept.base_places = live.version, now, places
    return _saved(kept, actor), both, [int(key) for key in moved]


@transaction.atomic
def draft_drop(*, draft: NetworkDraft, revision: int, actor: Actor) -> None:
    kept = _open(draft, revision)
    kept.state = DraftState.DROPPED
    kept.save(update_fields=["state", "changed_at"])
    audit.record("members.network.draft_dropped", actor=actor, target=kept.network, data={"draft": kept.pk})


@transaction.atomic
def draft_put_live(*, draft: NetworkDraft, revision: int, actor: Actor, tell: bool = False) -> int:
    """The draft counts from now on, as a new version, whose number it answers; requests on their way keep the plan
    they have. `tell`: mail the managers of the members."""
    network_lock(draft.network)
    kept = _open(draft, revision)
    kept.network = Network.objects.get(pk=kept.network_id)
    if kept.base_version != kept.network.version:
        raise Conflict(
            "live_changed", _("The rules that count were changed since. Take the changes over first.")
        )
    lacking = problems_of(model_of_draft(kept))
    if lacking:
        raise RuleViolation("draft_incomplete", lacking[0].text)
    restored = kept.restores if _is_as_restored(kept) else None
    number = _remodel(kept.network, kept.settings, kept.places, actor, kept.note, restored)
    kept.state, kept.live_version = DraftState.LIVE, number
    kept.save(update_fields=["state", "live_version", "changed_at"])
    if tell:
        model_announce(network=kept.network, note=kept.note, number=number, actor=actor)
    return number


@transaction.atomic
def version_restore(*, network: Network, number: int, seen: int, actor: Actor, tell: bool = False) -> int:
    """A former version counts again, as a new one. `seen`: the live version its page spoke of. Who joined since keeps
    the place he has, at the end of a ring whose places are taken."""
    network_lock(network)
    live = Network.objects.get(pk=network.pk)
    if live.version != seen:
        raise Conflict("live_changed", _("The rules that count were changed meanwhile. Please look again."))
    version = NetworkVersion.objects.get(network=network, number=number)
    places = _for_members(version.places, read_places(live))
    lacking = problems_of(model_of(live, version.settings, places))
    if lacking:
        raise RuleViolation("version_incomplete", lacking[0].text)
    restored = _remodel(live, version.settings, places, actor, version.note, number)
    if tell:
        model_announce(network=live, note=version.note, number=restored, actor=actor)
    return restored


def _remodel(
    network: Network, settings: Settings, places: Places, actor: Actor, note: str, restored: int | None
) -> int:
    try:
        return network_remodel(
            network=network, settings=settings, places=places, actor=actor, note=note, restored=restored
        )
    except ValidationError as error:
        raise RuleViolation("rules_refused", "; ".join(error.messages)) from error


def _for_members(then: Places, now: Places) -> Places:
    """The places of then, for who is a member now."""
    found = {key: then.get(key, place) for key, place in now.items()}
    taken = {place["ring"] for key, place in found.items() if key in then and place["ring"] is not None}
    for key in (key for key in found if key not in then and found[key]["ring"] in taken):
        found[key] = found[key] | {"ring": max(taken) + 1}
        taken.add(found[key]["ring"])
    return found


def _is_as_restored(draft: NetworkDraft) -> bool:
    version = NetworkVersion.objects.filter(network=draft.network, number=draft.restores or 0).first()
    return version is not None and version.settings == draft.settings


def _open(draft: NetworkDraft, revision: int) -> NetworkDraft:
    kept = NetworkDraft.objects.select_for_update(of=("self",)).select_related("network").get(pk=draft.pk)
    if not kept.is_open:
        raise RuleViolation("draft_closed", _("This draft is closed already."))
    if kept.revision != revision:
        text = _("%(name)s changed this draft meanwhile. Nothing of yours was saved over it.")
        raise Conflict("draft_changed", text % {"name": kept.changed_by or _("Somebody else")})
    return kept


def _saved(draft: NetworkDraft, actor: Actor) -> NetworkDraft:
    fresh = draft.changed_at < timezone.now() - QUIET or draft.changed_by != actor.user_name[:200]
    draft.revision += 1
    draft.changed_by = actor.user_name[:200]
    draft.preview_part = None
    draft.save()
    if fresh or draft.revision == 2:  # the first saving of all
        data = {"draft": draft.pk, "revision": draft.revision}
        audit.record("members.network.draft_changed", actor=actor, target=draft.network, data=data)
    return draft
