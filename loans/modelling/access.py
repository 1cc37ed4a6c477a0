"""Getting a network's model, or a draft or version of it: 404 for whoever does not belong to the network."""

from __future__ import annotations

from django.http import Http404

from loans.modelling.selectors import draft_of, network_seen_by, version_of
from members.models import Network, NetworkDraft, NetworkVersion
from network_portal.core.actor import Actor


def access_network(actor: Actor, code: str) -> Network:
    network = network_seen_by(actor, code)
    if network is None:
        raise Http404
    return network


def access_draft(actor: Actor, code: str, pk: int) -> NetworkDraft:
    draft = draft_of(access_network(actor, code), pk)
    if draft is None:
        raise Http404
    return draft


def access_version(actor: Actor, code: str, number: int) -> NetworkVersion:
    network = access_network(actor, code)
    version = version_of(network, number)
    if version is None:
        raise Http404
    version.network = network
    return version
