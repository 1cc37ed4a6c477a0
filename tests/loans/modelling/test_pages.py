"""The pages of a network's model: who sees what, what they show, and what happens when two work at once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from loans.modelling.drafts import draft_create
from loans.modelling.selectors import model_of_draft
from members.models import Network, NetworkDraft, NetworkMember
from tests.loans.modelling.test_picture import changed
from tests.loans.world import World
from tests.members.world import make_library

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


def url(name: str, network: Network, *more: Any) -> str:
    return reverse(f"loans:network_{name}", args=[network.code, *more])


def rules_of(draft: NetworkDraft, **changes: Any) -> dict[str, Any]:
    """What the form would send, with a few fields changed."""
    told = {k: v for k, v in draft.settings.items() if v not in (None, False) and k != "weights"}
    told |= {
        f"weight_{name}": 10 for name in ("fill", "reciprocity", "load", "speed", "freshness", "distance")
    }
    return told | {"revision": draft.revision, "note": ""} | changes


def test_members_read_and_others_find_nothing(
    world: World, network: Network, librarian: Client, coordinator: Client
) -> None:
    page = librarian.get(url("model", network), **ENGLISH)
    assert b"<svg" in page.content
    assert b"Begin a draft" not in page.content
    assert b"Begin a draft" in coordinator.get(url("model", network), **ENGLISH).content
    assert librarian.get(reverse("loans:network_models")).url == url("model", network)
    NetworkMember.objects.filter(library=world.home).delete()
    for name in ("model", "try", "versions"):
        assert librarian.get(url(name, network)).status_code == 404
    assert librarian.post(url("draft_new", network)).status_code == 403


def test_the_way_from_the_menu_shows_a_coordinator_every_network(
    network: Network, coordinator: Client
) -> None:
    assert coordinator.get(reverse("loans:network_models")).url == url("model", network)
    other = Network.objects.create(code="LAIN", name="Jaringan lain")
    page = coordinator.get(reverse("loans:network_models"), **ENGLISH).content.decode()
    assert url("model", network) in page and url("model", other) in page
    Network.objects.update(is_active=False)
    page = coordinator.get(reverse("loans:network_models"), **ENGLISH).content.decode()
    assert "There is no network yet" in page


def test_a_page_of_many_members_takes_as_many_queries_as_one_of_few(
    network: Network, coordinator: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(30) as few:
        coordinator.get(url("model", network))
    for number in range(20):
        network.members.create(library=make_library(f"L{number:03}"), ring_position=10 + number)
    with django_assert_max_num_queries(len(few)):
        coordinator.get(url("model", network))


def test_trying_shows_order_reasons_and_times_of_the_own_library(
    world: World, network: Network, librarian: Client
) -> None:
    wish = {"title": world.edition.pk, "library": world.home.pk, "service": "loan", "level": "normal"}
    page = librarian.get(url("try", network), wish, **ENGLISH)
    assert [visit.told.name for visit in page.context["trial"].visits]
    assert b"Moves on at the latest" in page.content
    other = librarian.get(url("try", network), wish | {"library": world.libraries["JKT"].pk})
    assert "library" in other.context["form"].errors


def test_where_the_hub_is_opaque_only_who_leads_may_try(
    world: World, network: Network, librarian: Client, coordinator: Client
) -> None:
    Network.objects.update(guided=True, coordinator_library=world.libraries["JKT"], hub_mode="opaque")
    assert librarian.get(url("try", network)).status_code == 404
    assert b"/model/try/" not in librarian.get(url("model", network)).content
    assert coordinator.get(url("try", network)).status_code == 200


def test_words_that_fit_no_title_are_said_so(world: World, network: Network, coordinator: Client) -> None:
    wish = {"title": "zzzz qqqq", "library": world.home.pk, "service": "loan", "level": "normal"}
    page = coordinator.get(url("try", network), wish, **ENGLISH)
    assert page.context["found"].edition is None
    assert b'id="choice"' in page.content


def test_a_draft_is_written_in_the_forms_and_says_what_it_lacks(
    world: World, network: Network, coordinator: Client
) -> None:
    answer = coordinator.post(url("draft_new", network))
    draft = NetworkDraft.objects.get()
    assert answer.url == url("draft", network, draft.pk)
    rules = rules_of(draft, topology="ring", note="Coba cincin")
    assert coordinator.post(url("draft_rules", network, draft.pk), rules).status_code == 302
    page = coordinator.get(url("draft", network, draft.pk), **ENGLISH)
    assert [link for _text, link in page.context["lacking"]] == [
        url("draft_rules", network, draft.pk) + "#id_hub"
    ]
    assert b'id="id_hub"' in coordinator.get(url("draft_rules", network, draft.pk)).content
    draft.refresh_from_db()
    rules = rules_of(draft, hub=world.libraries["JKT"].pk, note="Coba cincin")
    coordinator.post(url("draft_rules", network, draft.pk), rules)
    form = coordinator.get(url("draft_places", network, draft.pk) + "?round=1").context["form"]
    proposed = [form[f"ring_{world.libraries[code].pk}"].value() for code in ("JKT", "BDG", "SMG", "MKS")]
    assert proposed == [1, 2, 3, 4]
    draft.refresh_from_db()
    places = {
        f"ring_{world.libraries[code].pk}": 4 - n for n, code in enumerate(("BDG", "JKT", "SMG", "MKS"))
    }
    places |= {f"active_{library.pk}": "on" for library in world.libraries.values()}
    coordinator.post(url("draft_places", network, draft.pk), places | {"revision": draft.revision})
    draft.refresh_from_db()
    codes = [model_of_draft(draft).libraries[pk].short_code for pk in model_of_draft(draft).ring]
    assert codes == ["MKS", "SMG", "JKT", "BDG"]
    page = coordinator.get(url("draft", network, draft.pk))
    assert page.context["may_go_live"]
    live = coordinator.post(url("draft_live", network, draft.pk), {"revision": draft.revision})
    assert live.url == url("model", network)
    assert Network.objects.get().topology == "ring"
    assert b"Coba cincin" in coordinator.get(url("versions", network)).content


def test_a_tree_is_written_with_short_codes(world: World, network: Network, coordinator: Client) -> None:
    coordinator.post(url("draft_new", network))
    draft = NetworkDraft.objects.get()
    coordinator.post(url("draft_rules", network, draft.pk), rules_of(draft, topology="tree"))
    draft.refresh_from_db()
    home, address = world.home.pk, url("draft_places", network, draft.pk)
    typed = {"revision": draft.revision, f"parent_{home}": "XYZ"}
    assert f"parent_{home}" in coordinator.post(address, typed).context["form"].errors
    assert (
        f"parent_{home}"
        in coordinator.post(address, typed | {f"parent_{home}": "BDG"}).context["form"].errors
    )
    assert coordinator.post(address, typed | {f"parent_{home}": " jkt "}).status_code == 302
    draft.refresh_from_db()
    assert draft.places[str(home)]["parent"] == world.libraries["JKT"].pk


def test_two_writers_of_one_draft_are_told_and_nothing_typed_is_lost(
    world: World, network: Network, coordinator: Client
) -> None:
    coordinator.post(url("draft_new", network))
    draft = NetworkDraft.objects.get()
    address = url("draft_rules", network, draft.pk)
    coordinator.post(address, rules_of(draft, offer_hours=7))
    page = coordinator.post(address, rules_of(draft, offer_hours=9), **ENGLISH)
    assert page.status_code == 200
    assert page.context["form"]["offer_hours"].value() == "9"
    assert [(one.before, one.after) for one in page.context["theirs"] if one.before == "9"] == [("9", "7")]
    draft.refresh_from_db()
    assert draft.settings["offer_hours"] == 7
    assert f'value="{draft.revision}"'.encode() in page.content
    coordinator.post(address, rules_of(draft, offer_hours=9))
    draft.refresh_from_db()
    assert draft.settings["offer_hours"] == 9


def test_live_rules_that_changed_meanwhile_are_shown_and_taken_over(
    world: World, network: Network, coordinator: Client
) -> None:
    one, other = (draft_create(network=network, actor=world.actor("coordinator")) for _ in range(2))
    coordinator.post(url("draft_rules", network, one.pk), rules_of(one, topology="bus"))
    coordinator.post(url("draft_live", network, one.pk), {"revision": 2})
    page = coordinator.get(url("draft", network, other.pk), **ENGLISH)
    assert not page.context["may_go_live"]
    assert "Bus" in [change.after for change in page.context["meanwhile"]]
    coordinator.post(url("draft_renew", network, other.pk), {"revision": other.revision})
    assert coordinator.get(url("draft", network, other.pk)).context["may_go_live"]
    other.refresh_from_db()
    assert other.settings["topology"] == "bus"


@pytest.mark.parametrize("typed", ["", "x", "-1", "9" * 30])
def test_odd_numbers_change_nothing(world: World, network: Network, coordinator: Client, typed: str) -> None:
    draft = draft_create(network=network, actor=world.actor("coordinator"))
    assert coordinator.post(url("draft_live", network, draft.pk), {"revision": typed}).status_code == 302
    assert coordinator.post(url("version_back", network, 1), {"seen": typed}).status_code == 302
    assert coordinator.get(url("try", network), {"draft": typed or "x"}).status_code == 404
    assert Network.objects.get().version == 1


def test_a_draft_of_another_network_is_not_found(world: World, network: Network, coordinator: Client) -> None:
    other = Network.objects.create(code="LAIN", name="Lain")
    draft = draft_create(network=other, actor=world.actor("coordinator"))
    assert coordinator.get(url("draft", network, draft.pk)).status_code == 404


def test_a_draft_is_plain_json(world: World, network: Network) -> None:
    draft = draft_create(network=network, actor=world.actor("coordinator"))
    draft.refresh_from_db()
    assert json.loads(json.dumps([draft.settings, draft.places])) == [draft.settings, draft.places]
    assert changed(model_of_draft(draft)).settings == draft.settings


def test_saving_the_rules_untouched_changes_nothing(
    world: World, network: Network, coordinator: Client
) -> None:
    draft = draft_create(network=network, actor=world.actor("coordinator"))
    page = coordinator.get(url("draft_rules", network, draft.pk))
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    coordinator.post(url("draft_rules", network, draft.pk), sent | {"revision": draft.revision})
    draft.refresh_from_db()
    assert (draft.settings, draft.revision) == (draft.base_settings, 1)
