"""Applications that do not go on, that come twice, or that a member sends; and libraries whose place is on no map."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from members.joining import links, services, tidy
from members.models import JoinApplication, Library, User
from members.presenters_directory import map_of
from members.tasks_people import forget
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict
from network_portal.core.models import AuditEntry, OutgoingMail
from tests.members.joining.test_applications import FACTS, applied, form
from tests.members.world import actor_of, client_of, last_mail, link_in, make_library

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def sent(days_ago: float) -> JoinApplication:
    row = services.application_submit(actor=Actor.anonymous(), language="id", **FACTS)
    assert row is not None
    JoinApplication.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=days_ago))
    row.refresh_from_db()
    return row


def mails() -> int:
    return OutgoingMail.objects.filter(target_type="members.joinapplication").count()


def test_who_never_confirmed_is_reminded_once_and_then_forgotten(client: Client) -> None:
    now, row = timezone.now(), sent(days_ago=0)
    assert tidy.applications_remind(now=now + timedelta(days=tidy.REMIND_DAYS - 0.1), actor=SYSTEM) == 0
    later = now + timedelta(days=tidy.REMIND_DAYS + 0.1)
    assert [tidy.applications_remind(now=later, actor=SYSTEM) for _twice in range(2)] == [1, 0]
    assert client.get(link_in(last_mail("members_letter"))).status_code == 200
    eve = now + timedelta(days=tidy.FORGET_DAYS.now() - 0.1)
    assert tidy.applications_forget(now=eve, actor=SYSTEM) == 0 and mails() == 2
    assert tidy.applications_forget(now=eve + timedelta(days=1), actor=SYSTEM) == 1
    assert not JoinApplication.objects.exists() and mails() == 0
    assert not AuditEntry.objects.filter(code="members.join.forgotten", data__icontains="nurul").exists()
    assert client.get(links.status_path(row.pk)).status_code == 404


def test_confirmed_applications_are_kept_however_old(coordinator: User) -> None:
    row = applied()
    JoinApplication.objects.update(created_at=timezone.now() - timedelta(days=900))
    sent_before = mails()
    forget()
    assert JoinApplication.objects.filter(pk=row.pk).exists() and mails() == sent_before


def test_a_library_takes_its_application_back_by_its_own_link(client: Client, coordinator: User) -> None:
    row = applied()
    page = links.status_path(row.pk)
    for _twice in range(2):
        assert client.post(page, {"action": "withdraw"}).status_code == 302
    row.refresh_from_db()
    assert row.status == "withdrawn"
    told = OutgoingMail.objects.filter(dedupe_key__startswith="join-withdrawn-")
    assert [mail.to_email for mail in told] == [coordinator.email]
    assert 'value="withdraw"' not in client.get(page).content.decode()
    with pytest.raises(Conflict):
        services.application_refuse(application=row, text="terlambat", actor=actor_of(coordinator))
    assert client_of(coordinator).get("/applications/").status_code == 200
    days = timedelta(days=tidy.WITHDRAWN_DAYS.now() + 1)
    assert tidy.applications_forget(now=timezone.now() + days, actor=SYSTEM) == 1


def test_a_decided_application_is_not_taken_back(client: Client, coordinator: User) -> None:
    row = applied()
    services.application_refuse(application=row, text="Belum", actor=actor_of(coordinator))
    with pytest.raises(Conflict):
        tidy.application_withdraw(application=row, actor=Actor.anonymous())
    row.refresh_from_db()
    assert row.status == "refused"


def test_the_same_application_again_brings_its_link_once_more(client: Client) -> None:
    row = applied()
    client.post("/join/", form())
    assert JoinApplication.objects.count() == 1
    token = link_in(last_mail("members_letter")).rstrip("/").rpartition("/")[2]
    assert links.status_read(token) == row.pk


def test_a_second_application_of_the_same_library_is_said_on_both_pages(client: Client) -> None:
    first = applied()
    with override("en"):
        second = applied(contact_email="lain@palu.example", contact_name="Lain")
    for row in (first, second):
        page = client.get(links.status_path(row.pk), headers={"accept-language": "en"}).content.decode()
        assert "Another application of this library is here too." in page


def test_a_members_application_is_answered_in_the_form(client: Client) -> None:
    make_library("PALU", name="Perpustakaan Daerah Palu", city="Palu", isil="ID-PALU")
    page = client.post("/join/", form(), headers={"accept-language": "en"})
    assert page.status_code == 200 and not JoinApplication.objects.exists()
    text = page.content.decode()
    assert "is a member already, or joining" in text and 'name="another"' in text
    assert client.post("/join/", form(another="on")).status_code == 302
    assert JoinApplication.objects.count() == 1


def at(code: str, city: str, province: str, lat: float | None, lon: float | None) -> Library:
    return Library(
        short_code=code, name=code, city=city, province=province, latitude=lat, longitude=lon, library_type="public"
    )  # fmt: skip


def test_who_is_on_no_map_stands_in_the_city_amid_the_province_or_on_the_list() -> None:
    drawn = map_of([
        at("A", "Bandung", "Jawa Barat", -6.9, 107.6), at("B", " bandung", "", None, None),
        at("C", "Bogor", "Jawa Barat", -6.5, 106.8), at("D", "Cianjur", "jawa barat", None, None),
        at("E", "Entah", "Tiada", None, None), at("F", "Terbalik", "Jawa Barat", 107.6, -6.9),
    ])  # fmt: skip
    dots = {dot.city: (dot.x, dot.y) for dot in drawn.dots}
    assert dots[" bandung"] == dots["Bandung"]
    assert drawn.about == ("Cianjur", "Terbalik") and dots["Cianjur"] == dots["Terbalik"]
    assert dots["Bandung"][0] > dots["Cianjur"][0] > dots["Bogor"][0]
    assert [one.short_code for one in drawn.nowhere] == ["E"]


def test_the_directory_says_who_is_not_on_the_map(client: Client) -> None:
    make_library("NOWHERE", city="Entah", name="Rumah Baca Entah")
    page = client.get(reverse("members:directory"), headers={"accept-language": "en"})
    text = page.content.decode()
    assert "Not on the map, because no place is known:" in text and 'href="#NOWHERE"' in text
