"""A copy on its way to its reader: the link, the declaration, the limits, the evidence, the end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.db import connection, connections, transaction
from django.utils import timezone
from pypdf import PdfReader

from loans.choices import DeliveryState
from loans.copyright.declarations import text_hash
from loans.delivery import covers, store
from loans.delivery.cover import CoverText, cover_pdf
from loans.delivery.handover import copy_purge, deliver
from loans.delivery.links import signed_here, token_for
from loans.delivery.sniff import inspect
from loans.models import DeclarationAcceptance, Delivery, DeliveryView, ScanFile
from loans.selectors.copies import files_for_reader
from loans.services.copies import decision_store
from loans.services.delivery import declaration_of, delivery_of, open_link, opened_view, sweep
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from tests.loans.copies.scene import copy_request, scanning, send_pdf
from tests.loans.world import World


def released(world: World, status: str = "downloaded") -> Delivery:
    """A copy that lies ready for its reader; the steps that lead here are walked in test_walk.py."""
    request = copy_request(world, status, owner_side="patron")
    decision = decision_store(request=request, actor=world.desk)
    attempt = scanning(world, request)
    send_pdf(attempt, world.actor("JKT"))
    covers.copy_make(request, attempt, decision)
    attempt.status = "uploaded" if status == "released" else "delivered"
    attempt.closed_at = None if status == "released" else timezone.now()
    attempt.save()
    return deliver(attempt, world.desk)


def opening(delivery: Delivery, actor: Actor, declared: str | None = None) -> DeliveryView:
    text = declaration_of(delivery, "id")
    return open_link(
        token=token_for(delivery.attempt_id), actor=actor, language="id", address="10.1.2.3", browser="Firefox",
        declared=text.hash if declared is None else declared,
    ).view  # fmt: skip


def stored_files() -> list[Path]:
    return [path for path in Path(portal.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_reader_opens_the_copy_and_the_declaration_is_kept(world: World) -> None:
    delivery = released(world)
    opening(delivery, world.reader)
    delivery.refresh_from_db()
    assert delivery.views == 1
    kept = DeclarationAcceptance.objects.get()
    assert kept.text_hash == text_hash(kept.text.text)
    assert (kept.user_id, kept.language, kept.user_agent) == (world.patron.pk, "id", "Firefox")
    assert kept.ip_hash
    assert "10.1.2.3" not in kept.ip_hash


@pytest.mark.parametrize("declared", ["", "0" * 64])
def test_nothing_opens_without_the_declaration_as_it_stands(world: World, declared: str) -> None:
    delivery = released(world)
    with pytest.raises(RuleViolation) as refused:
        opening(delivery, world.reader, declared)
    assert refused.value.code == "declaration_missing"
    assert DeclarationAcceptance.objects.count() == DeliveryView.objects.count() == 0


def test_link_is_for_its_reader_alone(world: World) -> None:
    delivery = released(world)
    token = token_for(delivery.attempt_id)
    assert delivery_of(token, world.reader) == delivery
    for who in ("BDG", "JKT", "coordinator"):
        assert delivery_of(token, world.actor(who)) is None
    assert delivery_of(token, Actor.anonymous()) is None


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: "9" + t, lambda t: t.partition(".")[0], lambda t: ""]
)
def test_link_that_was_tampered_with_costs_no_query(
    world: World, change: object, django_assert_num_queries: object
) -> None:
    assert callable(change)
    token = change(token_for(released(world).attempt_id))
    reader = world.reader
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert delivery_of(token, reader) is None
    assert not signed_here(token)


def test_only_the_hash_of_a_link_is_stored(world: World) -> None:
    delivery = released(world)
    assert token_for(delivery.attempt_id) not in str(Delivery.objects.values())


def test_link_opens_so_often_and_no_more(world: World) -> None:
    delivery = released(world)
    Delivery.objects.update(max_views=2)
    opening(delivery, world.reader)
    opening(delivery, world.reader)
    with pytest.raises(RuleViolation) as refused:
        opening(delivery, world.reader)
    assert refused.value.code == "views_used_up"
    delivery.refresh_from_db()
    assert (delivery.views, delivery.state) == (2, DeliveryState.USED_UP)
    assert [view.outcome for view in delivery.viewings.all()] == ["ok", "ok", "refused"]


def test_link_ends_on_its_day(world: World) -> None:
    delivery = released(world)
    Delivery.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(RuleViolation) as refused:
        opening(delivery, world.reader)
    assert refused.value.code == "link_expired"


def test_released_again_the_days_begin_anew_and_the_views_stay(world: World) -> None:
    delivery = released(world)
    opening(delivery, world.reader)
    Delivery.objects.update(expires_at=timezone.now())
    again = deliver(delivery.attempt, world.desk)
    assert again.pk == delivery.pk
    assert again.expires_at is not None
    assert again.expires_at > timezone.now() + timedelta(days=portal.COPY_LINK_DAYS - 1)
    again.refresh_from_db()
    assert again.views == 1


def test_files_may_be_fetched_for_half_an_hour_after_an_opening(world: World) -> None:
    delivery = released(world)
    view = opening(delivery, world.reader)
    assert opened_view(delivery, view.pk) == view
    assert opened_view(delivery, None) is None
    DeliveryView.objects.update(at=timezone.now() - timedelta(minutes=31))
    assert opened_view(delivery, view.pk) is None


@pytest.mark.django_db(transaction=True)
def test_view_limit_under_fifty_parallel_downloads(world: World) -> None:
    delivery = released(world)
    reader = world.reader

    def attempt_it(_number: int) -> str:
        try:
            opening(delivery, reader)
        except RuleViolation as refused:
            return refused.code
        else:
            return "opened"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=12) as pool:
        answers = list(pool.map(attempt_it, range(50)))
    assert answers.count("opened") == portal.COPY_LINK_VIEWS
    assert answers.count("views_used_up") == 50 - portal.COPY_LINK_VIEWS
    delivery.refresh_from_db()
    assert delivery.views == portal.COPY_LINK_VIEWS
    assert DeclarationAcceptance.objects.count() == portal.COPY_LINK_VIEWS
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_purge_leaves_evidence_and_no_bytes(world: World) -> None:
    delivery = released(world)
    opening(delivery, world.reader)
    assert len(stored_files()) == 2
    with transaction.atomic():
        copy_purge(delivery.request)
        assert len(stored_files()) == 2  # the bytes go with the commit, not before
    assert stored_files() == []
    for file in ScanFile.objects.all():
        assert (len(file.sha256), file.size > 0, file.file.name, bool(file.purged_at)) == (64, True, "", True)
    delivery.refresh_from_db()
    assert (delivery.state, bool(delivery.purged_at)) == (DeliveryState.PURGED, True)
    assert DeclarationAcceptance.objects.count() == 1
    assert delivery.request.copyright_decisions.count() == 1
    with pytest.raises(RuleViolation) as refused:
        opening(delivery, world.reader)
    assert refused.value.code == "link_expired"


@pytest.mark.django_db(transaction=True)
def test_worker_killed_after_the_commit_leaves_no_bytes_for_long(world: World) -> None:
    delivery = released(world)
    ScanFile.objects.update(
        purged_at=timezone.now()
    )  # committed; the worker died before it removed the bytes
    assert len(stored_files()) == 2
    sweep()
    assert stored_files() == []
    assert set(ScanFile.objects.values_list("file", flat=True)) == {""}
    assert delivery.attempt.files.count() == 2


def test_cover_names_the_source_and_the_libraries_but_not_the_reader(world: World) -> None:
    delivery = released(world)
    made = files_for_reader(delivery.attempt)
    assert [file.is_bound for file in made] == [True]
    pages = PdfReader(store.full_path(made[0].file.name)).pages
    cover = pages[0].extract_text()
    for word in (
        "Arsip kota lama",
        "Wacana",
        "Lestari, Dewi",
        "Perpustakaan Jakarta",
        "UU No. 28 Tahun 2014",
    ):
        assert word in cover
    assert "Ayu" not in cover
    assert len(pages) == made[0].pages == 2


def test_cover_is_a_pdf_like_any_other(tmp_path: Path) -> None:
    text = CoverText("Kop (1)", "Ḥikāyat \\ Raja", [("Oleh", "X"), ("Kosong", "")], "Catatan " * 400)
    path = tmp_path / "cover.pdf"
    path.write_bytes(cover_pdf(text))
    assert inspect(path, "cover.pdf").pages == 1
    assert b"Hikayat \\\\ Raja" in path.read_bytes()
    assert b"Kosong" not in path.read_bytes()
