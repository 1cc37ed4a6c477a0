"""Who knows what, by consent; announcements for whom they are; a network's own page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from members.choices import Role
from members.knowledge.services import news as services
from members.knowledge.services import questions
from members.models import Announcement, Expert, Library, Network, NetworkMember, NetworkPage, User
from network_portal.core.errors import RuleViolation
from network_portal.core.models import OutgoingMail
from tests.members.knowledge import files
from tests.members.world import actor_of, client_of, last_mail, make_member

ENTRY = {
    "topics": ["preservation"],
    "languages": ["id"],
    "offers": ["mail"],
    "about": "Lontar",
    "consent": "on",
}


def tell(coordinator: User, **values: Any) -> Announcement:
    empty: dict[str, Any] = dict.fromkeys(("body_id", "title_en", "body_en", "cell", "role"), "")
    empty |= {"title_id": "Kabar", "network": None, "starts_at": None, "ends_at": None}
    flags = {"is_public": False, "is_pinned": False, "by_mail": False}
    row = services.news_save(actor=actor_of(coordinator), values={**empty, **flags, **values})
    services.news_publish(news=row, actor=actor_of(coordinator), published=True)
    return row


def network_of(*libraries: Library, cell: str = "") -> Network:
    network = Network.objects.create(code="BERSAMA", name="Jaringan Bersama")
    for library in libraries:
        NetworkMember.objects.create(network=network, library=library, cell=cell)
    return network


def test_nobody_stands_there_without_a_yes(librarian: User) -> None:
    client = client_of(librarian)
    assert client.post("/experts/me/", {**ENTRY, "consent": ""}).status_code == 422
    assert not Expert.objects.exists()
    client.post("/experts/me/", ENTRY)
    assert Expert.objects.get().user == librarian
    client.post("/experts/me/leave/")
    assert not Expert.objects.exists()


def test_a_message_reaches_the_expert_whose_address_stays_unknown(librarian: User, stranger: User) -> None:
    client_of(librarian).post("/experts/me/", ENTRY)
    client = client_of(stranger)
    page = client.get("/experts/?q=lontar&topic=preservation&offer=mail&language=id").content.decode()
    assert librarian.name in page and librarian.email not in page
    expert = Expert.objects.get()
    client.post(f"/experts/{expert.pk}/write/", {"subject": "Naskah", "text": "Boleh tanya?"})
    mail = last_mail("expert_message")
    assert mail.to_email == librarian.email and stranger.email in mail.body_text
    assert mail.sensitive


def test_a_question_names_who_knows_about_it(librarian: User, stranger: User) -> None:
    client_of(librarian).post("/experts/me/", ENTRY)
    question = questions.question_ask(
        actor=actor_of(stranger), title="Bagaimana merawat lontar?", body="", topics=["preservation"]
    )
    assert librarian.name in client_of(stranger).get(f"/questions/{question.pk}/").content.decode()
    librarian.memberships.update(status="ended")
    assert librarian.name not in client_of(stranger).get(f"/questions/{question.pk}/").content.decode()


def test_news_reach_whom_they_are_for(
    coordinator: User, librarian: User, manager: User, bandung: Library, makassar: Library, client: Client
) -> None:
    network = network_of(bandung, cell="barat")
    tell(coordinator, title_id="Untuk umum", is_public=True)
    tell(coordinator, title_id="Untuk akun")
    tell(coordinator, title_id="Untuk manajer", role="manager")
    tell(coordinator, title_id="Untuk jaringan", network=network)
    tell(coordinator, title_id="Untuk timur", network=network, cell="timur")
    tell(coordinator, title_id="Nanti", starts_at=timezone.now() + timedelta(days=1))
    tell(
        coordinator, title_id="Berlalu", starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now()
    )
    away = make_member("jauh@makassar.example", makassar, Role.LIBRARIAN)

    def seen(who: User | None) -> set[str]:
        page = client_of(who).get("/news/").content.decode()
        titles = ("umum", "akun", "manajer", "jaringan", "timur")
        return {word for word in titles if f"Untuk {word}" in page} | {
            w for w in ("Nanti", "Berlalu") if w in page
        }

    assert seen(None) == {"umum"}
    assert seen(librarian) == {"umum", "akun", "jaringan"}
    assert seen(manager) == {"umum", "akun", "jaringan", "manajer"}
    assert seen(away) == {"umum", "akun"}
    feed = client.get("/news/feed.rss").content.decode()
    assert "Untuk umum" in feed and "Untuk akun" not in feed


def test_it_stands_on_the_home_pages_until_it_is_put_away(coordinator: User, librarian: User) -> None:
    news = tell(coordinator)
    client = client_of(librarian)
    for page in ("/", "/queue/requesting/"):
        assert "Kabar" in client.get(page).content.decode()
    assert client.post(f"/news/{news.pk}/dismiss/", {"back": "https://evil.example/"})["Location"] == "/news/"
    for page in ("/", "/queue/requesting/"):
        assert "Kabar" not in client.get(page).content.decode()
    assert "Kabar" in client.get("/news/").content.decode()


def test_it_is_read_in_the_readers_language(coordinator: User, client: Client) -> None:
    news = tell(coordinator, title_en="Tidings", is_public=True)
    client.post("/i18n/setlang/", {"language": "en"})
    assert "Tidings" in client.get(f"/news/{news.pk}/").content.decode()
    client.post("/i18n/setlang/", {"language": "id"})
    assert "Kabar" in client.get(f"/news/{news.pk}/").content.decode()


def test_mails_go_out_in_portions_and_stop_by_one_click(
    coordinator: User,
    librarian: User,
    manager: User,
    stranger: User,
    monkeypatch: pytest.MonkeyPatch,
    client: Client,
) -> None:
    monkeypatch.setattr(services, "PORTION", 2)
    tell(coordinator, by_mail=True)
    assert [services.news_mail() for _n in range(4)] == [2, 2, 0, 0]
    mail = OutgoingMail.objects.get(to_email=librarian.email)
    client.post("/" + mail.unsubscribe_url.split("/", 3)[3])
    tell(coordinator, title_id="Lagi", by_mail=True)
    services.news_mail()
    services.news_mail()
    assert set(OutgoingMail.objects.filter(subject="Lagi").values_list("to_email", flat=True)) == {
        manager.email, stranger.email, coordinator.email
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"title_id": ""}, "title_missing"),
        ({"is_public": True, "role": "manager"}, "public_for_all"),
        ({"cell": "barat"}, "group_of_what"),
        ({"ends_at": timezone.now() - timedelta(days=1)}, "ends_first"),
    ],
)
def test_what_contradicts_itself_is_refused(coordinator: User, values: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        tell(coordinator, **values)
    assert refused.value.code == code


def test_a_networks_page_is_written_previewed_and_brought_back(
    coordinator: User, bandung: Library, client: Client
) -> None:
    network_of(bandung)
    Library.objects.filter(pk=bandung.pk).update(website="https://perpus.bandung.example/")
    boss, page = client_of(coordinator), "/network/bersama/"
    form = {"text_id": "**Satu**", "text_en": "One", "picture_alt": "Rak", "number": "0"}
    shown = boss.post(f"{page}page/", {**form, "preview": "1"}).content.decode()
    assert "<strong>Satu</strong>" in shown and not NetworkPage.objects.exists()
    assert boss.post(f"{page}page/", {**form, "picture": files.upload(files.pdf())}).status_code == 422
    assert boss.post(f"{page}page/", {**form, "picture": files.upload(files.picture())}).status_code == 302
    assert boss.post(f"{page}page/", {**form, "text_id": "Lain"}).status_code == 422, "somebody was faster"
    boss.post(f"{page}page/", {**form, "text_id": "Dua", "number": "1"})
    told = client.get(page).content.decode()
    assert "Dua" in told and "https://perpus.bandung.example/" in told
    figures = client.get(page).context["figures"]
    assert figures == {"titles": 0, "loans": 0}
    assert client.get("/network/bersama/picture/2")["Content-Type"] == "image/png"
    boss.post(f"{page}page/1/restore/")
    assert "<strong>Satu</strong>" in client.get(page).content.decode()
    assert NetworkPage.objects.count() == 3
