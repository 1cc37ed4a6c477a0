"""A coordinator changes how requests travel: drafts it, sees what it would do, puts it live, and takes it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from loans.models import RoutingPlan
from loans.routing.plans import plan_store
from loans.tasks_modelling import preview_waiting
from members.models import Network, NetworkVersion
from tests.e2e.walker import Walker
from tests.loans.routing.networks import approved, make_network
from tests.loans.world import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "buku-bagus-2026"
Enter = Callable[..., Walker]


@pytest.fixture
def world() -> World:
    world = make_world()
    for person in world.people.values():
        person.set_password(PASSWORD)
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return world


@pytest.fixture
def enter(world: World, live_server: Any, browser: Any) -> Iterator[Enter]:
    walkers: list[Walker] = []

    def as_person(who: str, *, script: bool = True) -> Walker:
        walkers.append(Walker(browser, live_server.url, script=script))
        return walkers[-1].log_in(world.people[who].email, PASSWORD)

    yield as_person
    for walker in walkers:
        walker.context.close()


def press(walker: Walker, name: str) -> None:
    """The button of the form that leads there."""
    walker.page.locator(f"main form[action$='/{name}/'] button").first.click()
    walker.page.wait_for_load_state()


def test_a_change_of_the_model_goes_from_preview_to_rollback(world: World, enter: Enter) -> None:
    network = make_network(world, code="JABAR")
    request = approved(world)
    plan = plan_store(request)
    coordinator = enter("coordinator")
    page = coordinator.page

    # The picture, in both kinds, and from the list of networks.
    coordinator.go("/networks/")
    page.click("main a[href$='/network/JABAR/model/']")
    page.wait_for_load_state()
    coordinator.look("model-mesh-map")
    assert page.locator("svg.model-picture g.node").count() == 4
    page.click("main .tabs a[href*='picture=plan']")
    page.wait_for_load_state()
    coordinator.look("model-mesh-plan")

    # A draft: a star cannot go live without its hub, and the page leads to the very field.
    coordinator.go("/network/JABAR/model/")
    press(coordinator, "drafts/new")
    page.click("main a[href$='/rules/']")
    page.check("input[name=topology][value=star]")
    page.fill("input[name=note]", "Satu pintu untuk semua")
    coordinator.look("draft-rules").send()
    assert page.locator("main form[action$='/live/']").count() == 0
    coordinator.look("draft-lacking")
    page.click("main .notice a[href$='#id_hub']")
    page.wait_for_load_state()
    page.select_option("select[name=hub]", label=world.libraries["SMG"].name)
    page.check("input[name=centre][value=supplies_first]")
    page.select_option("select[name=centre_library]", label=world.libraries["MKS"].name)
    coordinator.send()
    page.click("main a[href$='/places/']")
    page.wait_for_load_state()
    coordinator.look("draft-places")
    page.go_back()

    # Compared with what was asked for: the worker does it, the page waits for it.
    press(coordinator, "preview")
    assert page.locator("#preview progress").count() == 1
    coordinator.look("draft-waiting")
    assert preview_waiting() == 1
    page.wait_for_selector("#preview .figures")
    assert world.libraries["MKS"].name in page.inner_text("#preview")
    coordinator.look("draft-preview")

    # Tried with a title: the special centre first, by way of the hub.
    page.click("main a[href*='/model/try/?draft=']")
    page.wait_for_load_state()
    page.select_option("select[name=library]", str(world.home.pk))
    page.fill("input[name=title]", str(world.edition.pk))
    page.locator("main form button").click()
    page.wait_for_load_state()
    coordinator.look("draft-try")
    assert world.libraries["MKS"].name in page.inner_text("table.visits tbody tr:first-child")
    assert page.locator("svg.model-picture path.path").count() >= 2
    page.go_back()
    page.go_back()
    page.wait_for_load_state()

    # Live, with the plan of the open request as it was; the member reads it, and cannot change it.
    press(coordinator, "live")
    network.refresh_from_db()
    assert (network.topology, network.version) == ("star", 2)
    assert RoutingPlan.objects.get().stages == plan.stages
    member = enter("BDG", script=False)
    member.go("/network/model/")
    assert world.libraries["SMG"].name in member.text()
    assert member.page.locator("main form").count() == 0

    # Taken back.
    page.click("main a[href$='/versions/']")
    page.wait_for_load_state()
    assert "Satu pintu untuk semua" in coordinator.look("versions").text()
    page.click("main a[href$='/versions/1/']")
    page.wait_for_load_state()
    coordinator.look("version")
    press(coordinator, "back")
    network.refresh_from_db()
    assert (network.topology, network.centre, network.version) == ("mesh", "none", 3)
    assert NetworkVersion.objects.get(number=3).restored == 1
    assert Network.objects.count() == 1
    told = member.go("/network/model/").page.inner_text("dl.facts")
    assert "Jala" in told and world.libraries["SMG"].name not in told, "members are asked directly again"
    request.round = 2
    request.save(update_fields=["round"])
    assert plan_store(request).stages == plan.stages, "the next round goes the way the first one went"


def test_every_shape_is_legible_on_map_and_plan_by_day_and_night(world: World, enter: Enter) -> None:
    network = make_network(world, code="JABAR", hub=world.libraries["JKT"])
    top, *below = network.members.order_by("pk")
    network.members.filter(pk__in=[row.pk for row in below]).update(parent=top)
    walker = enter("BDG")
    for shape in ("bus", "ring", "star", "tree"):
        Network.objects.update(topology=shape)
        for kind, scheme in (("plan", "dark"), ("map", "light")):
            walker.page.emulate_media(color_scheme=scheme)
            walker.go(f"/network/JABAR/model/?picture={kind}").look(f"model-{shape}-{kind}")
