"""The model as a picture: every shape, on the map and as a plan, and the same in words and as a list."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override

from loans.modelling.drawing import can_map, picture_of
from loans.modelling.graph import graph_of
from loans.modelling.layout import has_map
from loans.modelling.listing import listing
from loans.modelling.model import Model
from loans.modelling.problems import problems_of
from loans.modelling.selectors import model_live, model_of
from loans.modelling.words import sentences
from members.choices import Centre, Topology
from members.models import Library, Network
from tests.loans.world import World


def changed(model: Model, places: dict[str, dict[str, object]] | None = None, **settings: object) -> Model:
    merged = {key: place | (places or {}).get(key, {}) for key, place in model.places.items()}
    return model_of(model.network, model.settings | settings, merged)


def everyone_below(model: Model, top: int) -> dict[str, dict[str, object]]:
    return {str(pk): {"parent": top} for pk in model.members if pk != top}


@pytest.mark.parametrize("kind", ["map", "plan"])
@pytest.mark.parametrize("shape", Topology.values)
@pytest.mark.parametrize("guided", [False, True])
def test_every_shape_is_drawn_with_each_library_once_and_apart(
    world: World, network: Network, shape: str, guided: bool, kind: str
) -> None:
    hub = world.libraries["JKT"].pk
    live = model_live(network)
    model = changed(
        live, everyone_below(live, hub), topology=shape, hub=hub, guided=guided, coordinator_library=hub
    )
    picture = picture_of(model, kind=kind)
    assert sorted(dot.name for dot in picture.dots) == sorted(one.name for one in world.libraries.values())
    spots = [(dot.x, dot.y) for dot in picture.dots]
    assert all(0 < x < picture.width and 0 < y < picture.height for x, y in spots)
    apart = [abs(a - c) + abs(b - d) for i, (a, b) in enumerate(spots) for c, d in spots[:i]]
    assert min(apart) > 28
    assert picture.is_map == (kind == "map")
    assert [dot.lead for dot in picture.dots].count(True) == guided
    assert picture.about


def test_lines_follow_the_shape(world: World, network: Network) -> None:
    hub = world.libraries["JKT"].pk
    live = model_live(network)

    def lines(**settings: object) -> list[tuple[int, int | None]]:
        model = changed(live, everyone_below(live, hub), **settings)
        return [(line.one, line.other) for line in graph_of(model).lines]

    assert len(lines(topology="mesh")) == 6
    assert all(other == hub for _one, other in lines(topology="star", hub=hub))
    assert {other for _one, other in lines(topology="bus")} == {None}
    assert len(lines(topology="tree")) == 3
    ring = lines(topology="ring", hub=hub)
    names = ["BDG", "JKT", "SMG", "MKS"]
    order = [world.libraries[code].pk for code in names]
    assert ring == list(zip(order, order[1:] + order[:1], strict=True))


def test_a_guided_mesh_has_broken_lines_to_the_coordinator_where_none_is(
    world: World, network: Network
) -> None:
    lead = world.libraries["JKT"].pk
    model = changed(model_live(network), topology="bus", guided=True, coordinator_library=lead)
    guides = [line for line in graph_of(model).lines if line.kind == "guide"]
    assert len(guides) == 3


def test_the_plan_is_drawn_where_cities_coincide_or_coordinates_are_missing(
    world: World, network: Network
) -> None:
    assert picture_of(model_live(network)).is_map
    Library.objects.exclude(short_code="MKS").update(latitude=-6.9, longitude=107.6)
    crowded = model_live(network)
    assert not has_map(crowded, graph_of(crowded))
    assert can_map(crowded)
    Library.objects.filter(short_code="MKS").update(latitude=None)
    placeless = model_live(network)
    assert not can_map(placeless)
    assert not picture_of(placeless, kind="map").is_map


def test_a_hundred_libraries_are_thinned_and_said_so(network: Network) -> None:
    from tests.members.world import make_library

    for number in range(30):
        network.members.create(library=make_library(f"L{number:03}"))
    picture = picture_of(model_live(network))
    assert picture.thinned
    assert len(picture.strokes) < 34 * 3


def test_a_library_that_pauses_is_drawn_broken_and_has_no_line(world: World, network: Network) -> None:
    network.members.filter(library=world.libraries["SMG"]).update(is_active=False)
    model = model_live(network)
    picture = picture_of(model)
    assert [dot.code for dot in picture.dots if dot.rests] == ["SMG"]
    assert all(world.libraries["SMG"].pk not in (line.one, line.other) for line in graph_of(model).lines)
    assert [row.code for row in listing(model) if row.rests] == ["SMG"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_each_rule_is_told_in_one_sentence_and_nothing_else(
    world: World, network: Network, language: str
) -> None:
    live, jakarta = model_live(network), world.libraries["JKT"]
    with override(language):
        for shape in Topology.values:
            for centre in Centre.values:
                model = changed(
                    live, topology=shape, hub=jakarta.pk, centre=centre, centre_library=jakarta.pk, guided=True,
                    coordinator_library=jakarta.pk, deputy_library=world.home.pk, last_resort=jakarta.pk,
                )  # fmt: skip
                told = sentences(model)
                assert len({heading for heading, _text in told}) == len(told)
                assert not [
                    text
                    for _heading, text in told
                    if not text.endswith(".") or re.search(r"%\(|\bNone\b(?!\. All)", text)
                ]
    with override("en"):
        headings = [heading for heading, _text in sentences(changed(live, topology="mesh"))]
    assert "Mediator" not in headings
    assert "Climbing" not in headings


def test_numbers_in_picture_and_list_are_the_same(network: Network) -> None:
    model = model_live(network)
    assert [(dot.number, dot.name) for dot in picture_of(model).dots] == [
        (row.number, row.name) for row in listing(model)
    ]


def test_contradictions_are_named_with_the_place_to_mend_them(world: World, network: Network) -> None:
    live, (a, b) = model_live(network), (world.libraries["BDG"].pk, world.libraries["JKT"].pk)
    no_places: dict[str, dict[str, object]] = {str(pk): {"ring": None} for pk in live.members}
    circle: dict[str, dict[str, object]] = {str(a): {"parent": b}, str(b): {"parent": a}}
    twice: dict[str, dict[str, object]] = {str(a): {"ring": 2}}

    def anchors(model: Model) -> list[tuple[str, str]]:
        return [(one.page, one.anchor) for one in problems_of(model)]

    assert anchors(live) == []
    assert anchors(changed(live, topology="star")) == [("rules", "id_hub")]
    assert anchors(changed(live, no_places, topology="ring", hub=a)) == [("places", "places")]
    assert [page for page, _ in anchors(changed(live, twice, topology="ring", hub=a))] == ["places"]
    assert len(anchors(changed(live, circle, topology="tree"))) == 1
    assert anchors(changed(live, topology="tree")) == [("places", "places")]
    assert anchors(changed(live, guided=True)) == [("rules", "id_coordinator_library")]
    assert anchors(changed(live, centre="supplies_first")) == [("rules", "id_centre_library")]
    Library.objects.filter(pk=a).update(status="suspended")
    assert anchors(changed(live, topology="star", hub=a)) == [("rules", "id_hub")]
