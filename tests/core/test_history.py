"""Every object with a page shows what was done to it; the trail can be opened for just that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse

from members.choices import Role
from members.models import Library, User
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.models import AuditEntry
from tests.loans.world import make_person, make_world
from tests.members.world import actor_of, client_of, make_library, make_member

pytestmark = pytest.mark.django_db
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
# What has a page of its own, and what stands in its history. A request has its own timeline, a plan its own story.
PAGES = {
    "catalog/source": "source", "catalog/run": "run", "catalog/edition_why": "why.edition",
    "catalog/shared_list": "published", "catalog/outside_form": "catalogue", "catalog/covers": "catalog.covers.",
    "catalog/acquiring/offer": "offer", "catalog/acquiring/check": "check",
    "loans/bag": "bag", "loans/money_statement": "statement", "loans/copy_licence": "offer",
    "loans/copy_ruleset": "page.row", "loans/message_templates": "loans.template.", "loans/modelling/model": "network",
    "loans/modelling/draft": "draft",
    "members/library": "library", "members/policies": "library", "members/network_form": "network",
    "members/agreements/version": "version.agreement version", "members/joining/application": "application",
    "members/importing/progress": "source", "members/privacy_person": "membership membership.user",
    "members/staff_role": "membership",
    "members/knowledge/item": "item", "members/knowledge/question": "question", "members/knowledge/news_one": "news",
    "members/learning/programme": "programme", "members/learning/internship": "row", "members/learning/decide": "row",
    "members/learning/certificate": "certificate",
    "core/mail_detail": "mail", "core/job_detail": "job",
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_the_page_of_an_object_shows_its_history(page: str) -> None:
    text = (TEMPLATES / f"{page}.html").read_text(encoding="utf-8")
    shown = PAGES[page]
    assert f"{{% history {shown} " in text or f'{{% history_about "{shown}" %}}' in text


@pytest.fixture
def library() -> Library:
    return make_library("BDG")


def drawn(actor: Actor, template: str, **things: Any) -> str:
    request = RequestFactory().get("/")
    request.actor = actor  # type: ignore[attr-defined]
    return Template("{% load history %}" + template).render(Context({"request": request, **things}))


def test_several_things_are_one_story_and_a_long_one_leads_to_the_trail(library: Library) -> None:
    manager = make_member("kepala@example.org", library, Role.MANAGER)
    actor = actor_of(manager)
    other = make_member("pustakawan@example.org", library, Role.LIBRARIAN).memberships.get()
    for name in ("Satu", "Dua"):
        audit.record("members.policy.part_saved", actor=actor, target=library, data={"part": name})
    audit.record("members.staff.invited", actor=actor, target=other, data={"role": "librarian"})
    text = drawn(
        actor, "{% history library membership nothing %}", library=library, membership=other, nothing=None
    )
    assert text.count("<li>") == 3 and "Satu" in text
    assert drawn(actor, '{% history library about="members.staff." %}', library=library).count("<li>") == 0
    for number in range(30):
        audit.record("members.policy.part_saved", actor=actor, target=library, data={"part": f"n{number}"})
    text = drawn(actor, "{% history library %}", library=library)
    assert text.count("<li>") == 20 and "n29" in text and "n9<" not in text
    client = client_of(manager)
    url = f"{reverse('core:audit')}?of=members.library%3A{library.pk}"
    assert url in text
    page = client.get(url)
    assert page.context["page"].paginator.count == 32
    assert client.get(reverse("core:audit") + "?of=nonsense").context["page"].paginator.count == 0


def test_history_is_for_who_may_read_the_trail_and_of_the_own_library(library: Library) -> None:
    librarian = make_member("pustakawan@example.org", library, Role.LIBRARIAN)
    elsewhere = make_member("lain@example.org", make_library("SBY"), Role.MANAGER)
    manager = make_member("kepala@example.org", library, Role.MANAGER)
    audit.record(
        "members.policy.part_saved", actor=actor_of(manager), target=library, data={"part": "rahasia"}
    )
    assert AuditEntry.objects.count() == 1
    for person, seen in ((librarian, False), (elsewhere, False), (manager, True)):
        assert ("rahasia" in drawn(actor_of(person), "{% history library %}", library=library)) is seen


def test_a_history_is_one_query(library: Library, django_assert_num_queries: Any) -> None:
    manager = make_member("kepala@example.org", library, Role.MANAGER)
    actor = actor_of(manager)
    for number in range(5):
        audit.record("members.policy.part_saved", actor=actor, target=library, data={"part": f"n{number}"})
    with django_assert_num_queries(1):
        drawn(actor, "{% history library manager %}", library=library, manager=manager)


def test_a_librarys_page_tells_its_history_to_its_manager_and_not_to_others() -> None:
    world = make_world()
    code = next(iter(audit.registered_codes()))
    by = Actor.system(channel="command")
    audit.record(code, actor=by, target=world.home, data={})
    address = f"/members/{world.home.short_code}/"

    def told(person: User | None) -> bool:
        client = Client()
        if person:
            client.force_login(person)
        return 'class="history"' in client.get(address).content.decode()

    assert told(make_person("koor@example.org", world.home, "coordinator"))
    assert not told(make_person("staf@example.org", world.home, "librarian"))
    assert not told(None)
    # A manager sees what her own library's people did, and this was the portal itself.
    manager = make_person("kepala@example.org", world.home, "manager")
    assert not told(manager)
    own = Actor(
        user_id=manager.pk, user_name="Kepala", library_id=world.home.pk, library_name=world.home.name
    )
    audit.record(code, actor=own, target=world.home, data={})
    assert told(manager)
