"""A librarian asks for a reader of the own library, or for somebody without an account: the same checks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from loans.choices import RequestOrigin
from loans.citation import Citation
from loans.models import Request, RequestEvent
from loans.services import request_submit
from loans.services.privacy import anonymise_due
from loans.workflow import engine
from members.choices import BlockKind
from members.models import Membership, PatronCategory
from network_portal.core.errors import RuleViolation
from network_portal.core.models import OutgoingMail
from tests.loans.pages import another, client_of, text_of
from tests.loans.world import World

pytestmark = pytest.mark.django_db
NAME = "Mbah Sastro Dikromo"


def _asked(world: World, **extra: object) -> Request:
    values = {"patron": None, "reader_name": NAME, "reader_contact": "0812-777", "actor": world.desk}
    return world.submit(**{**values, "origin": RequestOrigin.STAFF, **extra})


def _sent(client: Client, address: str) -> Request:
    """Through the terms and the check page, as the buttons do."""
    page = client.post(address, {"level": "normal"})
    checked = client.get(page["Location"])
    assert checked.status_code == 200
    key = page["Location"].rpartition("draft=")[2]
    sent = client.post(reverse("loans:request_check"), {"draft": key})
    made = Request.objects.latest("pk")
    assert sent["Location"] == reverse("loans:request", args=[made.number])
    return made


def test_reader_is_found_by_name_card_and_mail_of_the_own_library_alone(world: World) -> None:
    Membership.objects.filter(user=world.patron).update(card_number="BDG-0042")
    client, page = client_of(world, "BDG"), reverse("loans:request_for_reader")
    for words in (world.patron.name[:6].lower(), "bdg-0042", world.patron.email[:12]):
        assert world.patron.email in text_of(client.get(page, {"q": words})), words
    assert "Nobody of this name" in text_of(client_of(world, "JKT").get(page, {"q": world.patron.name}))
    stranger = Membership.objects.get(user=world.patron).pk
    assert client_of(world, "JKT").post(page, {"reader": stranger}).status_code == 404


def test_librarian_asks_for_a_reader_from_a_record(world: World) -> None:
    client = client_of(world, "BDG")
    record = reverse("loans:request_for_reader") + f"?edition={world.edition.pk}"
    assert record in client.get(world.edition.get_absolute_url()).content.decode()
    chosen = client.post(record, {"reader": Membership.objects.get(user=world.patron).pk})
    assert f"For: {world.patron.name}" in text_of(client.get(chosen["Location"]))
    made = _sent(client, chosen["Location"])
    assert (made.patron, made.source, made.unmediated) == (world.patron, "staff", False)
    assert made.status == "asked"  # a librarian looked at it by asking for it
    assert OutgoingMail.objects.filter(to_email=world.patron.email).exists()


def test_reader_without_an_account_is_asked_for_by_name(world: World) -> None:
    client = client_of(world, "BDG")
    page = reverse("loans:request_for_reader") + f"?edition={world.edition.pk}"
    assert client.post(page, {"reader_name": " "}).status_code == 200  # nobody: asked once more
    chosen = client.post(page, {"reader_name": NAME, "reader_contact": "0812-777"})
    made = _sent(client, chosen["Location"])
    assert (made.patron, made.reader, made.reader_contact) == (None, NAME, "0812-777")
    shown = text_of(client.get(reverse("loans:request", args=[made.number])))
    assert NAME in shown
    assert "0812-777" in shown
    supplier = client_of(world, "JKT").get(reverse("loans:request", args=[made.number]))
    assert NAME not in text_of(supplier)
    found = client.get(reverse("loans:queue_requesting"), {"tab": "all", "q": "sastro"})
    assert made.number in text_of(found)
    assert not OutgoingMail.objects.filter(to_email="").exists()


def test_description_for_a_reader_keeps_the_reader_to_the_end(world: World) -> None:
    client = client_of(world, "BDG")
    chosen = client.post(reverse("loans:request_for_reader"), {"reader_name": NAME, "reader_contact": ""})
    kinds = client.get(chosen["Location"]).content.decode()
    key = chosen["Location"].rpartition("draft=")[2]
    way = f"{reverse('loans:request_blank', args=['article'])}?draft={key}"
    assert way in kinds
    words = {"title": "Kopi rakyat", "container": "Medika", "year": "1998"}
    described = client.post(way, words)
    onward = client.get(described["Location"], follow=True).redirect_chain[-1][0]
    page = client.post(onward, {"level": "normal", "purpose": "research"})
    client.post(reverse("loans:request_check"), {"draft": page["Location"].rpartition("draft=")[2]})
    made = Request.objects.get()
    assert (made.reader, made.service, made.genre, made.title) == (NAME, "copy", "article", "Kopi rakyat")
    assert {found["code"] for found in made.checks} >= {"not_in_catalogue"}


def test_blocked_reader_is_told_to_the_librarian_and_refused(world: World) -> None:
    Membership.objects.filter(user=world.patron).update(
        blocked_at=timezone.now(), block_kind=BlockKind.FINES, block_note="Denda buku belum lunas"
    )
    client, page = client_of(world, "BDG"), reverse("loans:request_for_reader")
    shown = client.get(page, {"q": world.patron.name})
    assert "Denda buku belum lunas" in text_of(shown)
    assert b'name="reader"' not in shown.content
    with pytest.raises(RuleViolation) as refused:
        world.submit(actor=world.desk, origin=RequestOrigin.STAFF)
    assert refused.value.code == "blocked"


def test_limit_of_a_reader_holds_for_the_librarian_who_asks_for_them(world: World) -> None:
    category = PatronCategory.objects.create(library=world.home, code="u", name="Umum", max_active=1)
    Membership.objects.filter(user=world.patron).update(category=category)
    world.submit(actor=world.desk, origin=RequestOrigin.STAFF)
    with pytest.raises(RuleViolation) as refused:
        world.submit(actor=world.desk, origin=RequestOrigin.STAFF, edition=another(world))
    assert refused.value.code == "limit_active"


def test_same_title_twice_for_the_same_name_is_noticed(world: World) -> None:
    first = _asked(world)
    with pytest.raises(RuleViolation) as refused:
        _asked(world, reader_name="mbah SASTRO  Dikromo".title())
    assert refused.value.code == "duplicate"
    assert refused.value.extra["url"] == reverse("loans:request", args=[first.number])
    other = _asked(world, reader_contact="0813-111")
    assert other.pk != first.pk


def test_sending_the_form_twice_makes_one_request_without_an_account_too(world: World) -> None:
    assert _asked(world, submit_key="k1").pk == _asked(world, submit_key="k1").pk


def test_other_libraries_and_readers_may_not_ask_for_somebody_else(world: World) -> None:
    with pytest.raises(RuleViolation) as refused:
        world.submit(actor=world.actor("JKT"))
    assert refused.value.code == "other_library"
    with pytest.raises(PermissionDenied):
        _asked(world, actor=world.reader)
    with pytest.raises(RuleViolation) as nobody:
        _asked(world, reader_name="  ")
    assert nobody.value.code == "no_reader"


def test_unusual_request_for_a_reader_still_waits_for_a_look(world: World) -> None:
    soon = timezone.localdate() + timedelta(days=2)
    usual = _asked(world, note="Mata rabun: huruf besar", needed_by=soon, level="rush")
    assert usual.status == "asked"
    unusual = _asked(
        world, edition=None, citation=Citation(title="Tidak ada di katalog"), reader_name="Ibu Ani"
    )
    assert unusual.status != "asked"
    assert "not_in_catalogue" in {found["code"] for found in unusual.checks}


def test_desk_answers_what_the_portal_would_ask_the_reader(world: World) -> None:
    request = request_submit(
        edition=None, citation=Citation(title="Serat Wedhatama"), requesting_library=world.home,
        actor=world.desk, reader_name=NAME, origin=RequestOrigin.STAFF,
    )  # fmt: skip
    request = world.take(request, "ask_cost")
    assert (request.status, request.owner_side) == ("cost_approval", "requesting")
    shown = client_of(world, "BDG").get(reverse("loans:request", args=[request.number]))
    assert reverse("loans:request_action", args=[request.number, "approve_cost"]) in shown.content.decode()
    assert "For the reader: I agree to the price" in text_of(shown)

    assert engine.transition(request, "approve_cost", world.desk).status == "submitted"


def test_name_without_an_account_is_forgotten_after_the_period(world: World) -> None:
    request = _asked(world)
    RequestEvent.objects.filter(request=request).update(data={"note": f"Untuk {NAME}"})
    request = engine.transition(request, "cancel", world.desk)
    Request.objects.filter(pk=request.pk).update(closed_at=timezone.now() - timedelta(days=400))
    assert anonymise_due() == 1
    request.refresh_from_db()
    assert (request.reader, request.reader_contact, request.anonymised_at is not None) == ("", "", True)
    assert not RequestEvent.objects.filter(request=request, data__icontains="Sastro").exists()
    mails = OutgoingMail.objects.filter(target_id=str(request.pk))
    assert not [mail for mail in mails if "Sastro" in mail.body_text + mail.body_html + mail.subject]
