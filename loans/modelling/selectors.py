"""Reading models, drafts and versions of a network; for views and services of this room."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from loans.modelling.model import Model
from members.choices import DraftState
from members.models import Library, Network, NetworkDraft, NetworkVersion
from members.network_rules import LIBRARIES, Places, Settings, read_places, read_settings
from members.permissions import Capability
from network_portal.core.actor import Actor


def network_seen_by(actor: Actor, code: str) -> Network | None:
    """The network, for its members and who leads it, and for coordinators of the portal."""
    rows = Network.objects.filter(code=code)
    if not actor.can(Capability.NETWORK_MANAGE):
        own = actor.library_id or 0
        leads = Q(coordinator_library_id=own) | Q(deputy_library_id=own) | Q(hub_id=own)
        inside = Q(members__library_id=own)
        rows = rows.filter(leads | inside).distinct()
    return rows.first()


def networks_all() -> QuerySet[Network]:
    return Network.objects.filter(is_active=True).order_by("name")


def networks_of(library_id: int | None) -> QuerySet[Network]:
    """Those that a library belongs to, its home first."""
    rows = Network.objects.filter(members__library_id=library_id or 0, is_active=True)
    return rows.order_by("-members__is_home", "name")


def model_live(network: Network) -> Model:
    """In two queries."""
    return model_of(network, read_settings(network), read_places(network))


def model_of(network: Network, settings: Settings, places: Places) -> Model:
    """With the libraries that stand in it or have a task."""
    ids = {int(key) for key in places} | {settings[name] for name in LIBRARIES if settings.get(name)}
    return Model(network, settings, places, Library.objects.in_bulk(ids), timezone.localdate())


def models_of(network: Network, rows: list[NetworkVersion]) -> list[Model]:
    """The same for many, in one query."""
    ids = {int(key) for row in rows for key in row.places}
    ids |= {row.settings[name] for row in rows for name in LIBRARIES if row.settings.get(name)}
    libraries, today = Library.objects.in_bulk(ids), timezone.localdate()
    return [Model(network, row.settings, row.places, libraries, today) for row in rows]


def model_of_draft(draft: NetworkDraft) -> Model:
    return model_of(draft.network, draft.settings, draft.places)


def draft_of(network: Network, pk: int) -> NetworkDraft | None:
    draft = NetworkDraft.objects.filter(network=network, pk=pk).first()
    if draft is not None:
        draft.network = network
    return draft


def drafts_open(network: Network) -> list[NetworkDraft]:
    return list(
        NetworkDraft.objects.filter(network=network, state=DraftState.OPEN).defer("preview", "preview_part")
    )


def versions_of(network: Network) -> list[NetworkVersion]:
    """The latest first; what was never kept (before the first change) is not in it."""
    return list(NetworkVersion.objects.filter(network=network).order_by("-number"))


def version_of(network: Network, number: int) -> NetworkVersion | None:
    return NetworkVersion.objects.filter(network=network, number=number).first()
