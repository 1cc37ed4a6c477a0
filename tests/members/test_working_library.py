"""Who a person is on this request: one library at a time, and what a missing second factor withholds."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from members.choices import Role
from members.models import Library, Membership, User
from members.permissions import ROLE_CAPABILITIES, Capability
from members.working import working_of
from network_portal.core.models import AuditEntry
from tests.members.world import PASSWORD, actor_of, add_second_factor, client_of, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(bandung: Library, makassar: Library) -> User:
    """Reader in Bandung, manager in Makassar."""
    user = make_member("budi@example.org", bandung, name="Budi")
    Membership.objects.create(user=user, library=makassar, role=Role.MANAGER, status="confirmed")
    return user


def test_the_highest_confirmed_role_decides_where_one_starts(both: User, makassar: Library) -> None:
    actor = actor_of(both)
    assert (actor.library_id, actor.role) == (makassar.pk, Role.MANAGER)


def test_switching_the_library_changes_what_one_may_do(both: User, bandung: Library) -> None:
    client = client_of(both)
    assert client.get("/people/").status_code == 200
    answer = client.post("/account/library/", {"library": bandung.pk, "next": "/account/"})
    assert answer.headers["Location"] == "/account/"
    assert client.get("/people/").status_code == 403
    assert AuditEntry.objects.get(code="members.working_library.chosen").target_name == bandung.name


def test_one_cannot_work_for_a_library_one_does_not_belong_to(both: User) -> None:
    from tests.members.world import make_library

    client = client_of(both)
    assert client.post("/account/library/", {"library": make_library("LAIN").pk}).status_code == 400
    assert client.post("/account/library/", {"library": "x"}).status_code == 400


def test_the_way_back_stays_on_this_site(both: User, bandung: Library) -> None:
    answer = client_of(both).post(
        "/account/library/", {"library": bandung.pk, "next": "https://jahat.example/"}
    )
    assert answer.headers["Location"] == "/account/after-login/"


def test_a_role_that_ended_no_longer_counts_even_when_the_session_remembers_it(
    both: User, makassar: Library
) -> None:
    client = client_of(both)
    client.post("/account/library/", {"library": makassar.pk})
    both.memberships.filter(library=makassar).update(status="ended")
    assert client.get("/people/").status_code == 403


def test_roles_at_one_library_add_up(bandung: Library, librarian: User) -> None:
    Membership.objects.create(user=librarian, library=bandung, role=Role.COORDINATOR, status="confirmed")
    allowed = actor_of(librarian).capabilities
    assert allowed == {
        str(c) for c in ROLE_CAPABILITIES[Role.LIBRARIAN] | ROLE_CAPABILITIES[Role.COORDINATOR]
    }


def test_the_actor_costs_one_query(both: User) -> None:
    with CaptureQueriesContext(connection) as seen:
        working = working_of(both)
        assert working.actor.library_name and working.choices
    assert len(seen) == 1


def test_anonymous_people_have_no_capability_and_are_led_to_login(client: Client) -> None:
    answer = client.get("/people/")
    assert answer.headers["Location"] == "/accounts/login/?next=/people/"
    page = client.get("/members/")
    assert not page.wsgi_request.actor.is_authenticated and not page.wsgi_request.actor.capabilities


def test_a_superuser_without_a_library_can_admit_the_first_one(db: None) -> None:
    admin = User.objects.create_superuser("admin@example.org", PASSWORD)
    assert client_of(admin).get("/members/new/").status_code == 200


def test_a_superuser_needs_the_second_factor_like_all_staff(db: None, settings: object) -> None:
    settings.STAFF_MFA_REQUIRED = True  # type: ignore[attr-defined]
    admin = User.objects.create_superuser("admin@example.org", PASSWORD)
    assert client_of(admin).get("/members/new/").headers["Location"] == "/accounts/2fa/totp/activate/"
    add_second_factor(admin)
    assert client_of(admin).get("/members/new/").status_code == 200


def test_staff_without_a_second_factor_are_led_to_its_set_up(librarian: User, settings: object) -> None:
    settings.STAFF_MFA_REQUIRED = True  # type: ignore[attr-defined]
    client = client_of(librarian)
    assert client.get("/people/").headers["Location"] == "/accounts/2fa/totp/activate/"
    assert client.get("/staff/mail/").headers["Location"] == "/accounts/2fa/totp/activate/"
    assert not client.get("/account/").wsgi_request.actor.can(Capability.SUPPLY_MANAGE)
    add_second_factor(librarian)
    assert client.get("/people/").status_code == 200


def test_without_the_setting_staff_need_no_second_factor(librarian: User, settings: object) -> None:
    settings.STAFF_MFA_REQUIRED = False  # type: ignore[attr-defined]
    assert client_of(librarian).get("/people/").status_code == 200


def test_readers_never_need_a_second_factor(bandung: Library, settings: object) -> None:
    settings.STAFF_MFA_REQUIRED = True  # type: ignore[attr-defined]
    assert actor_of(make_member("budi@example.org", bandung)).can(Capability.REQUEST_CREATE)


def test_a_refusal_that_no_second_factor_would_lift_stays_a_refusal(
    bandung: Library, settings: object
) -> None:
    settings.STAFF_MFA_REQUIRED = True  # type: ignore[attr-defined]
    assert client_of(make_member("budi@example.org", bandung)).get("/people/").status_code == 403


@pytest.mark.parametrize(
    ("role", "url"),
    [
        (Role.PATRON, "/my/requests/"),
        (Role.LIBRARIAN, "/today/"),
        (Role.COORDINATOR, "/overview/"),
    ],
)
def test_login_leads_everyone_to_their_own_work(bandung: Library, role: str, url: str) -> None:
    client = client_of(make_member("budi@example.org", bandung, role))
    assert client.get("/account/after-login/").headers["Location"] == url


def test_login_returns_to_the_page_one_came_from(client: Client, bandung: Library) -> None:
    make_member("budi@example.org", bandung)
    answer = client.post(
        "/accounts/login/", {"login": "budi@example.org", "password": PASSWORD, "next": "/members/"}
    )
    assert answer.headers["Location"] == "/members/"


def test_login_restores_the_persons_language(client: Client, db: None) -> None:
    make_user("ann@example.org", language="en")
    answer = client.post("/accounts/login/", {"login": "ann@example.org", "password": PASSWORD})
    assert answer.cookies["django_language"].value == "en"


def test_the_language_switch_is_kept_for_people_who_are_logged_in(client: Client, db: None) -> None:
    budi = make_user("budi@example.org", language="id")
    client.force_login(budi, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/i18n/setlang/", {"language": "en", "next": "/members/"})
    client.post("/i18n/setlang/", {"language": "xx", "next": "/members/"})
    budi.refresh_from_db()
    assert budi.language == "en"


def test_logging_out_takes_a_button_not_a_link(librarian: User) -> None:
    client = client_of(librarian)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/people/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/people/").status_code == 302


def test_the_profile_is_saved_with_its_language(bandung: Library) -> None:
    budi = make_member("budi@example.org", bandung)
    client = client_of(budi)
    answer = client.post("/account/profile/", {"name": "Budi Santoso", "phone": "0812", "language": "en"})
    assert answer.cookies["django_language"].value == "en"
    budi.refresh_from_db()
    assert (budi.name, budi.phone, budi.language) == ("Budi Santoso", "0812", "en")
    assert AuditEntry.objects.get(code="members.profile.updated").data["fields"] == [
        "name",
        "phone",
        "language",
    ]
    assert client.post("/account/profile/", {"name": "", "language": "en"}).context["form"].errors.keys() == {
        "name"
    }


def test_the_help_page_shows_the_capability_table_as_it_is(client: Client, db: None) -> None:
    page = client.get("/help/permissions/", headers={"accept-language": "en"})
    rows = page.context["rows"]
    assert len(rows) == len(Capability)
    told = {(row.sentence, cell) for row in rows for cell in row.cells}
    assert ("ask for a book", ("Network coordinator", False)) in told
    assert ("see all requests of the network", ("Network coordinator", True)) in told
    for capability in Capability:
        assert escape(str(capability.label)) in page.content.decode()
