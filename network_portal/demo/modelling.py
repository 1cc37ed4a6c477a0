"""The school network's rules have a history in the demo, and a draft beside them. build.py calls it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from loans.modelling.drafts import draft_create, draft_put_live, draft_rules_save
from loans.modelling.preview import preview_make
from members.choices import Centre
from members.models import Library, Network, NetworkDraft
from network_portal.core.actor import Actor
from network_portal.demo.accounts import COORDINATOR, actor_of
from network_portal.demo.guided import CODE, LED_BY, STANDS_IN

WENT_LIVE = "Pusat Deposit membantu bila semua anggota sudah menolak."
THOUGHT_OF = "Bagaimana kalau Universitas Candi Sewu diminta sebelum yang lain?"


@transaction.atomic
def ensure_model() -> int:
    """One change that went live and one that is thought of; how many drafts there are."""
    network = Network.objects.get(code=CODE)
    deposit, deputy = (Library.objects.get(short_code=code).pk for code in (LED_BY, STANDS_IN))
    if not NetworkDraft.objects.filter(network=network).exists():
        actor = actor_of(COORDINATOR)
        first = _draft(network, actor, WENT_LIVE, last_resort=deposit)
        draft_put_live(draft=first, revision=first.revision, actor=actor)
        open_one = _draft(
            network, actor, THOUGHT_OF, centre=Centre.SUPPLIES_FIRST.value, centre_library=deputy
        )
        open_one.network.refresh_from_db()
        preview_make(draft=open_one)
    return NetworkDraft.objects.filter(network=network).count()


def _draft(network: Network, actor: Actor, note: str, **settings: Any) -> NetworkDraft:
    draft = draft_create(network=network, actor=actor)
    return draft_rules_save(
        draft=draft, settings=draft.settings | settings, revision=draft.revision, actor=actor, note=note
    )
