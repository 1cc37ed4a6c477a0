"""The pages on which a manager sets up the library's agent."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalog.models import Run, Source, SourceKey
from catalog.services.keys import key_find, key_make
from network_portal.core.models import AuditEntry
from tests.catalog.building import SYSTEM, person, source

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Source:
    return source(kind="push")


@pytest.fixture
def manager(shop: Source) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person("manager", shop.library))
    return client


def test_a_new_key_is_shown_once_with_its_settings_file(manager: Client, shop: Source) -> None:
    answer = manager.post(f"/sources/{shop.pk}/keys/new/", {"name": "PC sirkulasi"})
    key = SourceKey.objects.get(source=shop)
    secret = answer.context["secret"]
    text = answer.content.decode()
    assert key_find(secret) == key and text.count(secret) == 2
    assert f"source = {shop.pk}" in text and "url = http://testserver" in text
    assert answer["Cache-Control"] == "no-store"
    page = manager.get(f"/sources/{shop.pk}/").content.decode()
    assert secret not in page and key.prefix in page and "PC sirkulasi" in page


def test_a_key_needs_a_name(manager: Client, shop: Source) -> None:
    assert manager.post(f"/sources/{shop.pk}/keys/new/", {"name": " "}).status_code == 422
    assert not SourceKey.objects.exists()


def test_taking_a_key_back_asks_first(manager: Client, shop: Source) -> None:
    key, secret = key_make(source=shop, name="PC", actor=SYSTEM)
    assert manager.get(f"/sources/{shop.pk}/keys/{key.pk}/end/").status_code == 200
    assert key_find(secret) is not None
    manager.post(f"/sources/{shop.pk}/keys/{key.pk}/end/")
    assert key_find(secret) is None
    assert AuditEntry.objects.filter(code="catalog.key.revoked").exists()
    assert "1 key was taken back" in manager.get(f"/sources/{shop.pk}/").content.decode()


def test_a_key_of_another_source_cannot_be_taken_back_here(manager: Client, shop: Source) -> None:
    key, _secret = key_make(source=source(), name="PC", actor=SYSTEM)
    assert manager.post(f"/sources/{shop.pk}/keys/{key.pk}/end/").status_code == 404


def test_the_steps_to_connect_stand_on_the_page(manager: Client, shop: Source) -> None:
    page = manager.get(f"/sources/{shop.pk}/").content.decode()
    assert "jejaring_agent.py --check" in page and "/sources/agent.py" in page


def test_a_librarian_sees_the_agent_but_no_way_to_its_keys(shop: Source) -> None:
    key_make(source=shop, name="PC", actor=SYSTEM)
    client = Client()
    client.force_login(person("librarian", shop.library))
    page = client.get(f"/sources/{shop.pk}/").content.decode()
    assert "PC" in page and "keys/new" not in page and "/end/" not in page


def test_the_script_itself_can_be_fetched(manager: Client) -> None:
    answer = manager.get("/sources/agent.py")
    body = b"".join(answer.streaming_content)  # type: ignore[arg-type]
    assert body.startswith(b"#!/usr/bin/env python3") and "jejaring_agent.py" in answer["Content-Disposition"]


def test_a_list_of_copies_is_uploaded_and_queued(manager: Client, shop: Source) -> None:
    file = SimpleUploadedFile("items.csv", b"item_code\nB1\n")
    answer = manager.post(f"/sources/{shop.pk}/items/", {"items": file, "everything": "on"})
    run = Run.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/runs/{run.pk}/"
    assert (run.kind, run.status, run.checkpoint) == ("items", "queued", {"everything": True})


def test_without_a_file_the_form_comes_back(manager: Client, shop: Source) -> None:
    assert manager.post(f"/sources/{shop.pk}/items/", {}).status_code == 422
