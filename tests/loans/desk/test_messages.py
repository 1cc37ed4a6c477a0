"""What is written about a request: who reads it, who does not, and the library's own words."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from loans.models import Message, MessageTemplate, Request
from loans.selectors import messages_between
from loans.services import message_send
from loans.services.addressing import chain
from loans.services.messages import note_write
from members.models import Network, NetworkMember
from network_portal.core.errors import RuleViolation
from network_portal.core.models import AuditEntry, OutgoingMail
from tests.loans.pages import client_of, text_of
from tests.loans.world import World

SECRET = "The reader is my cousin"


def thread(loan: Request) -> str:
    return reverse("loans:request_messages", args=[loan.number])


def write(world: World, who: str, loan: Request, **data: Any) -> Any:
    return client_of(world, who).post(thread(loan), {"body": "Hello"} | data)


def guide(world: World, *codes: str, coordinator: str, code: str = "NET") -> Network:
    """The libraries form a network in which everything passes the coordinator."""
    network = Network.objects.create(
        code=code, name=code, guided=True, coordinator_library=world.libraries[coordinator]
    )
    for member in codes:
        NetworkMember.objects.update_or_create(
            library=world.libraries[member], is_home=True, defaults={"network": network}
        )
    return network


def test_internal_note_never_reaches_the_other_library(world: World) -> None:
    loan = world.request_in("asked")
    mails = OutgoingMail.objects.count()
    assert write(world, "BDG", loan, body=SECRET, to="note").status_code == 302
    assert SECRET in text_of(client_of(world, "BDG").get(thread(loan)))
    for who in ("JKT", "patron"):
        client = client_of(world, who)
        pages = [
            reverse(f"loans:{name}", args=[loan.number])
            for name in ("request_messages", "request", "my_request")
        ]
        for url in (
            *pages,
            reverse("loans:queue_supplying"),
            reverse("loans:queue_supplying") + "?format=csv",
        ):
            answer = client.get(url)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert SECRET.encode() not in body, (who, url)
    assert OutgoingMail.objects.count() == mails
    assert SECRET not in str(list(AuditEntry.objects.values_list("data", flat=True)))


def test_note_before_any_library_is_asked(world: World) -> None:
    loan = world.submit()
    note_write(request=loan, body="Ask the reader", actor=world.desk)
    assert [line.kind for line in messages_between(loan, world.desk)] == ["internal"]


def test_message_is_read_when_the_other_library_opens_it(world: World) -> None:
    loan = world.request_in("asked")
    write(world, "BDG", loan)
    message = Message.objects.get()
    assert message.read_at is None
    client_of(world, "BDG").get(thread(loan))
    message.refresh_from_db()
    assert message.read_at is None, "the writer's own look is no reading"
    client_of(world, "JKT").get(thread(loan))
    message.refresh_from_db()
    assert message.read_at is not None
    assert message.read_by_name == world.people["JKT"].name
    assert world.people["JKT"].name in text_of(client_of(world, "BDG").get(thread(loan)))


def test_a_double_click_writes_once(world: World) -> None:
    loan = world.request_in("asked")
    for _click in range(2):
        write(world, "BDG", loan)
        write(world, "BDG", loan, to="note")
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["internal", "library"]


@pytest.mark.parametrize("body", ["", "   ", "x" * 4001])
def test_nothing_and_too_much_are_refused_with_a_reason(world: World, body: str) -> None:
    loan = world.request_in("asked")
    answer = write(world, "BDG", loan, body=body)
    assert answer.status_code == 400
    assert "field-error" in answer.content.decode()
    assert not Message.objects.exists()


def test_nobody_writes_to_a_library_that_has_no_part_in_it(world: World) -> None:
    loan = world.request_in("asked")
    with pytest.raises(RuleViolation) as refused:
        message_send(
            request=loan, attempt=loan.attempts.get(), body="Hello", actor=world.desk,
            to_library_id=world.libraries["MKS"].pk,
        )  # fmt: skip
    assert refused.value.code == "not_yours"


def test_in_a_guided_network_words_pass_the_coordinator(world: World) -> None:
    loan = world.request_in("asked")
    attempt = loan.attempts.get()
    guide(world, "BDG", "JKT", "SMG", coordinator="SMG")
    for who, other in ((world.desk, attempt.supplier), (world.actor("JKT"), world.home)):
        message = message_send(request=loan, attempt=attempt, body=f"From {who.library_name}", actor=who)
        assert message.to_library == world.libraries["SMG"]
        assert message.via_coordinator
        with pytest.raises(RuleViolation):
            message_send(request=loan, attempt=attempt, body="Direct", actor=who, to_library_id=other.pk)
    members = {world.home.email, world.libraries["JKT"].email}
    sent = OutgoingMail.objects.filter(template="loan_message")
    assert sent.exists()
    assert not members & set(sent.values_list("to_email", flat=True))


def test_between_two_guided_networks_only_the_coordinators_speak(world: World) -> None:
    loan = world.request_in("asked")
    attempt = loan.attempts.get()
    guide(world, "BDG", "SMG", coordinator="SMG", code="A")
    guide(world, "JKT", "MKS", coordinator="MKS", code="B")
    assert [one.short_code for one in chain(loan, attempt)] == ["BDG", "SMG", "MKS", "JKT"]
    for who, to in (("BDG", "SMG"), ("SMG", "MKS"), ("MKS", "JKT"), ("JKT", "MKS")):
        message = message_send(request=loan, attempt=attempt, body=f"{who} writes", actor=world.actor(who))
        assert message.to_library is not None
        assert message.to_library.short_code == to


def test_the_deputy_writes_in_the_coordinators_place(world: World) -> None:
    network = guide(world, "BDG", "JKT", coordinator="SMG")
    network.deputy_library = world.libraries["MKS"]
    network.save()
    loan = world.submit()
    message = message_send(request=loan, attempt=None, body="We look at it", actor=world.actor("MKS"))
    assert message.to_library == world.home


def test_template_is_filled_in_and_can_be_changed(world: World) -> None:
    loan = world.request_in("asked")
    kept = MessageTemplate.objects.create(
        library=world.home,
        language="en",
        event="Still there?",
        body="Is {title} ({number}) still there? {unknown}",
    )
    page = client_of(world, "BDG").get(thread(loan), {"template": kept.pk})
    assert f"Is Laskar Pelangi ({loan.number}) still there? {{unknown}}" in page.content.decode()


def test_template_of_another_library_is_404(world: World) -> None:
    kept = MessageTemplate.objects.create(
        library=world.libraries["JKT"], language="en", event="Ours", body="x"
    )
    loan = world.request_in("asked")
    client = client_of(world, "BDG")
    assert client.get(thread(loan), {"template": kept.pk}).status_code == 404
    assert client.post(reverse("loans:message_template", args=[kept.pk]), {"remove": "1"}).status_code == 404
    assert "Ours" not in text_of(client.get(reverse("loans:message_templates")))


def test_templates_are_kept_per_language(world: World) -> None:
    client, url = client_of(world, "BDG"), reverse("loans:message_templates")
    for language in ("id", "en"):
        answer = client.post(url, {"event": "Damaged", "language": language, "body": f"In {language}"})
        assert answer.status_code == 302
    again = client.post(url, {"event": "Damaged", "language": "id", "body": "Once more"})
    assert again.status_code == 400
    assert "already" in text_of(again)
    assert MessageTemplate.objects.count() == 2
    kept = MessageTemplate.objects.first()
    assert kept is not None
    assert client.post(reverse("loans:message_template", args=[kept.pk]), {"remove": "1"}).status_code == 302
    assert MessageTemplate.objects.count() == 1
