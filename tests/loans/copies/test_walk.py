"""A copy through all its steps, from the promise to the deleted file; and its side ways."""

from __future__ import annotations

from collections import namedtuple
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from loans.delivery.links import token_for
from loans.delivery.refusal import FileRefused
from loans.models import DeclarationAcceptance, Delivery, Request, ScanFile, SupplyAttempt
from loans.services.copies import decision_override, decision_store
from loans.services.delivery import declaration_of, open_link, purge_due
from loans.services.timers import expire_unanswered
from loans.workflow import engine
from members.choices import Role
from members.models import LibraryPolicy
from network_portal.core import disk
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.models import OutgoingMail
from tests.loans.copies import files
from tests.loans.copies.scene import copy_request, send, send_pdf
from tests.loans.copies.test_delivery import stored_files
from tests.loans.pages import client_of, text_of
from tests.loans.routing.networks import make_network
from tests.loans.world import World, make_person, make_world


def asked(world: World, **values: Any) -> Request:
    """An article that a library has been asked for."""
    request = copy_request(
        world, "submitted", edition=world.edition, round=0, owner_side="requesting", **values
    )
    return engine.transition(request, "approve", world.desk)


def attempt_of(request: Request) -> SupplyAttempt:
    found = engine.live_attempt(request)
    assert found is not None
    return found


def handed_over(world: World, **values: Any) -> Request:
    request = asked(world, **values)
    supplier = world.supplier(request)
    request = engine.transition(request, "accept", supplier)
    send_pdf(attempt_of(request), supplier)
    return engine.transition(request, "upload_done", supplier)


def collected(world: World, request: Request) -> Request:
    """The reader opens the link."""
    delivery = Delivery.objects.get(request=request)
    open_link(
        token=token_for(delivery.attempt_id), actor=world.reader, language="id",
        declared=declaration_of(delivery, "id").hash,
    )  # fmt: skip
    return Request.objects.get(pk=request.pk)


@pytest.mark.django_db(transaction=True)
def test_copy_goes_from_wish_to_deleted_file() -> None:
    world = make_world()
    request = handed_over(world)
    assert request.status == "file_received"
    assert attempt_of(request).pages == 1
    assert ScanFile.objects.filter(is_bound=True).count() == 1
    request = engine.transition(request, "release_copy", world.desk)
    assert (request.status, request.owner_side) == ("released", "patron")
    delivery = Delivery.objects.get()
    assert delivery.expires_at is not None
    assert request.deadline_at is not None
    assert abs(request.deadline_at - delivery.expires_at) < timedelta(days=1)
    request = collected(world, request)
    assert request.status == "downloaded"
    assert SupplyAttempt.objects.get().status == "delivered"
    Delivery.objects.update(purge_at=timezone.now() - timedelta(minutes=1))
    assert purge_due() == 1
    request.refresh_from_db()
    assert (request.status, request.outcome) == ("purged", "filled")
    assert stored_files() == []
    assert purge_due() == 0
    asked_for = OutgoingMail.objects.get(template="loan_asked")
    assert asked_for.subject == "Mohon salin: “Arsip kota lama”"
    assert "Wacana, 12 (3), hlm. 17-30" in asked_for.body_text
    assert "buku" not in OutgoingMail.objects.get(template="loan_will_supply").body_text
    mails = set(OutgoingMail.objects.values_list("template", flat=True))
    assert {"copy_arrived", "copy_ready"} <= mails
    told = OutgoingMail.objects.get(template="copy_ready")
    assert f"/copies/{token_for(delivery.attempt_id)}/" in told.body_text
    assert told.sensitive  # staff see that it went, not its link


def test_copy_the_rules_forbid_is_not_promised(world: World) -> None:
    world.people["manager"] = make_person("boss@example.org", world.home, Role.MANAGER)
    request = asked(world, purpose="other")
    with pytest.raises(RuleViolation) as refused:
        engine.transition(request, "accept", world.supplier(request))
    assert refused.value.code == "copyright_blocked"
    decision_store(request=request, actor=world.desk)
    decision_override(request=request, actor=world.actor("manager"), reason="The rights holder has agreed.")
    assert engine.transition(request, "accept", world.supplier(request)).status == "scanning"


def test_copy_to_be_looked_at_shows_its_reasons_and_can_be_cleared(world: World) -> None:
    request = copy_request(
        world, "submitted", edition=world.edition, round=0, purpose="", owner_side="requesting"
    )
    request = engine.transition(request, "flag_copyright", world.desk)
    told = text_of(client_of(world, "BDG").get(reverse("loans:copy_copyright", args=[request.number])))
    assert "what the copy is for" in told
    assert engine.transition(request, "clear_copyright", world.desk).status == "submitted"


def test_promise_stores_the_decision_it_rests_on(world: World) -> None:
    request = asked(world)
    engine.transition(request, "accept", world.supplier(request))
    assert [row.outcome for row in request.copyright_decisions.all()] == ["allow"]


def test_nothing_is_handed_over_without_a_scan(world: World) -> None:
    request = asked(world)
    supplier = world.supplier(request)
    request = engine.transition(request, "accept", supplier)
    with pytest.raises(FileRefused):
        send(attempt_of(request), supplier, files.pdf_with_script())
    with pytest.raises(RuleViolation) as refused:
        engine.transition(request, "upload_done", supplier)
    assert refused.value.code == "no_files"


def test_borrowing_library_looks_at_the_scan_and_asks_for_a_better_one(world: World) -> None:
    request = handed_over(world)
    supplier = world.supplier(request)
    desk = client_of(world, "BDG")
    scan = ScanFile.objects.get(is_bound=False)
    address = reverse("loans:copy_file", args=[request.number, scan.pk])
    assert b"".join(desk.get(address).streaming_content) == files.pdf()
    assert "scan.pdf" in text_of(desk.get(reverse("loans:request", args=[request.number])))
    request = engine.transition(request, "ask_resend", world.desk, reason="cut_off")
    assert (request.status, attempt_of(request).status) == ("resend_asked", "scanning")
    assert "Tepinya" in OutgoingMail.objects.get(template="copy_resend").body_text
    send(attempt_of(request), supplier, files.tiff(pages=2), "better.tif", key="k2")
    request = engine.transition(request, "upload_done", supplier)
    assert attempt_of(request).pages == 3
    bound = ScanFile.objects.get(is_bound=True)
    assert (bound.pages, ScanFile.objects.filter(is_cover=True).count()) == (4, 0)


def test_better_scan_is_asked_for_twice_at_most(world: World) -> None:
    request = handed_over(world)
    supplier = world.supplier(request)
    for _time in range(2):
        request = engine.transition(request, "ask_resend", world.desk, reason="unreadable")
        request = engine.transition(request, "upload_done", supplier)
    with pytest.raises(RuleViolation) as refused:
        engine.transition(request, "ask_resend", world.desk, reason="unreadable")
    assert refused.value.code == "too_many_resends"


@pytest.mark.django_db(transaction=True)
def test_rejected_scan_is_deleted_and_the_next_library_asked() -> None:
    world = make_world()
    request = handed_over(world)
    first = attempt_of(request).supplier_id
    request = engine.transition(request, "reject_copy", world.desk)
    assert request.status == "asked"
    assert attempt_of(request).supplier_id != first
    assert stored_files() == []


@pytest.mark.django_db(transaction=True)
def test_copy_that_is_given_up_leaves_no_scans() -> None:
    world = make_world()
    request = asked(world)
    supplier = world.supplier(request)
    request = engine.transition(request, "accept", supplier)
    send_pdf(attempt_of(request), supplier)
    engine.transition(request, "decline", supplier, reason="not_on_shelf")
    assert stored_files() == []


def test_reader_cannot_take_the_step_without_the_declaration(world: World) -> None:
    request = engine.transition(handed_over(world), "release_copy", world.desk)
    with pytest.raises(RuleViolation) as refused:
        engine.transition(request, "download", world.reader)
    assert refused.value.code == "declaration_missing"
    page = client_of(world, "patron").get(reverse("loans:my_request", args=[request.number])).content.decode()
    assert reverse("loans:copy_link", args=[token_for(attempt_of(request).pk)]) in page
    assert "/download/" not in page


@pytest.mark.django_db(transaction=True)
def test_copy_that_is_not_opened_in_time_is_deleted() -> None:
    world = make_world()
    request = engine.transition(handed_over(world), "release_copy", world.desk)
    request = engine.transition(request, "link_expired", Actor.system())
    assert request.status == "purged"
    assert stored_files() == []
    with pytest.raises(RuleViolation):
        collected(world, request)


def test_handing_over_twice_is_told(world: World) -> None:
    request = handed_over(world)
    with pytest.raises(Conflict) as again:
        engine.transition(request, "upload_done", world.actor("JKT"))
    assert again.value.code == "already_done"


def trusting(world: World) -> None:
    """The reader's library lets scans through unseen."""
    LibraryPolicy.objects.create(library=world.home, service="copy", auto_release=True)


def test_library_that_trusts_scans_lets_them_through_unseen(world: World) -> None:
    trusting(world)
    request = handed_over(world)
    request.refresh_from_db()
    assert request.status == "released"
    released = request.events.get(action="release_copy")
    assert (released.cause, released.from_status) == ("rule", "file_received")
    mails = dict(OutgoingMail.objects.values_list("template", "status"))
    assert (mails["copy_arrived"], mails["copy_ready"]) == ("withdrawn", "queued")
    assert collected(world, request).status == "downloaded"


def test_copy_with_a_notice_waits_for_a_look_even_there(world: World) -> None:
    trusting(world)
    request = handed_over(world, purpose="")
    request.refresh_from_db()
    assert request.copyright_decisions.last().outcome == "warn"
    assert request.status == "file_received"


def test_second_scan_waits_for_a_look_even_there(world: World) -> None:
    request = engine.transition(handed_over(world), "ask_resend", world.desk, reason="cut_off")
    trusting(world)
    request = engine.transition(request, "upload_done", world.supplier(request))
    request.refresh_from_db()
    assert request.status == "file_received"


def test_new_link_gives_the_reader_new_days(world: World) -> None:
    request = engine.transition(handed_over(world), "release_copy", world.desk)
    Delivery.objects.update(expires_at=timezone.now() + timedelta(hours=1), views=3)
    request = engine.transition(request, "extend_link", world.desk)
    delivery = Delivery.objects.get()
    assert delivery.expires_at is not None
    assert delivery.expires_at > timezone.now() + timedelta(days=13)
    assert (delivery.views, OutgoingMail.objects.filter(template="copy_ready").count()) == (3, 2)
    assert collected(world, request).status == "downloaded"


@pytest.mark.parametrize("purpose", ["research", "other"])
def test_claim_on_a_copy_rests_on_a_stored_decision(world: World, purpose: str) -> None:
    make_network(world, topology="bus")
    request = copy_request(
        world, "submitted", edition=world.edition, round=0, owner_side="requesting", purpose=purpose
    )
    request = engine.transition(request, "approve", world.desk)
    assert request.status == "offered"
    claimant = world.offered(request)
    if purpose == "other":
        with pytest.raises(RuleViolation) as refused:
            engine.transition(request, "claim", claimant)
        assert refused.value.code == "copyright_blocked"
        return
    request = engine.transition(request, "claim", claimant)
    assert (request.status, attempt_of(request).status) == ("scanning", "scanning")
    assert attempt_of(request).supplier_id == claimant.library_id
    assert [row.outcome for row in request.copyright_decisions.all()] == ["allow"]
    assert not request.attempts.filter(status="offered").exists()


@pytest.mark.parametrize("code", ["first", "offers"])
def test_two_libraries_asked_for_a_copy_at_once_make_one(world: World, code: str) -> None:
    network = make_network(world, parallel=2)
    type(network).objects.update(claim_mode=code)
    request = copy_request(world, "submitted", edition=world.edition, round=0, owner_side="requesting")
    request = engine.transition(request, "approve", world.desk)
    assert (request.status, request.attempts.filter(status="offered").count()) == ("offered", 2)
    request = engine.transition(request, "claim", world.offered(request))
    assert request.status == "scanning"
    assert request.attempts.filter(status="scanning").count() == 1


def test_desk_opens_the_copy_for_a_reader_without_an_account(world: World) -> None:
    request = engine.transition(
        handed_over(world, patron=None, reader_name="Pak Budi"), "release_copy", world.desk
    )
    assert not OutgoingMail.objects.filter(template="copy_ready").exists()
    token = token_for(attempt_of(request).pk)
    address = reverse("loans:copy_link", args=[token])
    assert (
        address
        in client_of(world, "BDG").get(reverse("loans:request", args=[request.number])).content.decode()
    )
    for who in ("JKT", "SMG", "coordinator", "patron"):
        assert client_of(world, who).get(address).status_code == 404
    declared = declaration_of(Delivery.objects.get(), "id").hash
    open_link(token=token, actor=world.desk, language="id", declared=declared)
    assert DeclarationAcceptance.objects.get().user_name.endswith("(Pak Budi)")
    assert Request.objects.get().status == "downloaded"


@pytest.mark.django_db(transaction=True)
def test_clock_ends_a_link_nobody_opened_and_tells_the_reader() -> None:
    world = make_world()
    request = engine.transition(handed_over(world), "release_copy", world.desk)
    assert expire_unanswered() == 0
    over = timezone.now() - timedelta(minutes=1)
    Delivery.objects.update(expires_at=over)
    Request.objects.update(deadline_at=over, times_out_at=over)
    assert expire_unanswered() == 1
    request.refresh_from_db()
    assert (request.status, request.outcome_reason) == ("purged", "not_downloaded")
    assert stored_files() == []
    assert OutgoingMail.objects.filter(template="copy_expired", to_email=world.patron.email).count() == 1


def test_reader_who_used_the_link_up_gets_it_anew_from_the_desk(world: World) -> None:
    request = collected(world, engine.transition(handed_over(world), "release_copy", world.desk))
    Delivery.objects.update(max_views=1, state="used_up")
    with pytest.raises(RuleViolation):
        collected(world, request)
    request = engine.transition(request, "extend_link", world.desk)
    assert request.status == "downloaded"
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.views, delivery.max_views) == ("available", 1, 6)
    told = OutgoingMail.objects.filter(template="copy_ready").latest("pk")
    assert f"/copies/{token_for(delivery.attempt_id)}/" in told.body_text
    assert collected(world, request).status == "downloaded"
    assert DeclarationAcceptance.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_full_disk_stops_the_handing_over_and_leaves_nothing_half_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = make_world()
    request = asked(world)
    supplier = world.supplier(request)
    request = engine.transition(request, "accept", supplier)
    send_pdf(attempt_of(request), supplier)
    before = stored_files()
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as full:  # the operating system's answer, nothing of the portal's
        full.setattr(disk.shutil, "disk_usage", lambda folder: usage(10**9, 10**9, 1000))
        with pytest.raises(RuleViolation) as refused:
            engine.transition(request, "upload_done", supplier)
    assert refused.value.code == "disk_full"
    request.refresh_from_db()
    assert (request.status, stored_files()) == ("scanning", before)
    assert ScanFile.objects.count() == 1
    assert engine.transition(request, "upload_done", supplier).status == "file_received"
