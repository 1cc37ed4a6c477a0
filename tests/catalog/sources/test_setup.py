"""Setting up a source in two steps: the way in a librarian's words, then a short form of that way's kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.choices import SourceKind
from catalog.forms import form_class
from catalog.forms.addresses import oai_address, sru_address
from catalog.models import Source
from catalog.presenters.ways import WAYS
from members.models import Library
from network_portal.core.models import AuditEntry
from tests.catalog.building import library, source

from .test_pages import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Library:
    return library("UNPAD")


def answered(client: Client, address: str, **values: Any) -> Any:
    """The form as it comes, with these answers."""
    form = client.get(address).context["form"]
    shown = {bound.name: bound.value() for bound in form}
    data = {name: value for name, value in shown.items() if value not in (None, False, "")}
    data.update(values)
    return client.post(address, {name: value for name, value in data.items() if value is not None})


def way(slug: str) -> str:
    return reverse("catalog:source_new_way", args=[slug])


def test_the_first_step_offers_every_way_and_each_leads_to_a_form(home: Library) -> None:
    client = client_of("manager", home)
    text = client.get(reverse("catalog:source_new")).content.decode()
    for slug, chosen in WAYS.items():
        assert way(slug) in text
        form = client.get(way(slug)).context["form"]
        assert form.kind == chosen.kind
    assert client.get(way("telepathy")).status_code == 404


@pytest.mark.parametrize("kind", SourceKind.values)
def test_each_kind_asks_for_its_own_fields_alone(home: Library, kind: str) -> None:
    others = {"url", "path", "oai_set", "query", "syntax", "marker", "mode"}
    own = {
        "upload": set(), "path": {"path"}, "url": {"url"}, "folder": {"path", "marker"}, "push": set(),
        "oai_pmh": {"url", "oai_set", "mode"}, "sru": {"url", "query"}, "z3950": {"url", "syntax"},
    }[kind]  # fmt: skip
    from network_portal.core.actor import Actor

    actor = Actor(1, "x", home.pk, home.name, "web", frozenset({"network.manage"}))
    fields = set(form_class(kind)(actor=actor).fields)
    assert fields & others == own
    assert "name" in fields


def test_a_manager_sets_up_a_source_and_it_is_written_into_the_history(home: Library) -> None:
    client = client_of("manager", home)
    response = answered(client, way("web"), name="Ekspor", url="https://example.org/x.mrc")
    made = Source.objects.get()
    assert response.headers["Location"] == reverse("catalog:source", args=[made.pk])
    assert (made.library, made.kind, made.interval_hours) == (home, SourceKind.URL, 24)
    assert made.next_due_at is not None
    assert AuditEntry.objects.get(code="catalog.source.created").target_id == str(made.pk)


def test_a_coordinator_chooses_the_library(home: Library) -> None:
    client = client_of("coordinator", library())
    assert answered(client, way("file"), name="Ekspor").status_code == 422
    answered(client, way("file"), name="Ekspor", library=home.pk)
    assert Source.objects.get().library == home


def test_an_oai_source_strikes_twice_and_keeps_its_options(home: Library) -> None:
    client = client_of("manager", home)
    pasted = "https://example.org/index.php?p=oai&verb=ListRecords&metadataPrefix=marcxml&set=buku"
    answered(client, way("slims-oai"), url=pasted, mode="windows", window="day", compare_days="30")
    made = Source.objects.get()
    assert (made.url, made.oai_set, made.oai_prefix) == (
        "https://example.org/index.php?p=oai",
        "buku",
        "marcxml",
    )
    assert (made.kind, made.delete_after, made.is_snapshot) == ("oai_pmh", 2, True)
    assert (made.options["mode"], made.options["window"], made.options["compare_days"]) == (
        "windows",
        "day",
        30,
    )


@pytest.mark.parametrize(
    ("slug", "values", "field"),
    [
        ("web", {"url": None}, "url"),
        ("web", {"url": "ftp://example.org/x"}, "url"),
        ("path", {"path": None}, "path"),
        ("path", {"path": "/etc/passwd"}, "path"),
        ("folder", {"path": "nowhere"}, "path"),
        ("path", {"path": "/srv"}, "path"),
        ("file", {"name": None}, "name"),
        ("oai", {"url": "https://example.org/index.php?p=show_detail&id=7"}, "url"),
        ("oai", {"url": "https://example.org/oai", "compare_days": "9999"}, "compare_days"),
        ("z3950", {"url": "not an address"}, "url"),
        ("sru", {"url": "example.org"}, "url"),
    ],
)
def test_a_source_that_can_not_work_is_refused_at_its_field(
    home: Library, slug: str, values: dict[str, Any], field: str
) -> None:
    response = answered(client_of("manager", home), way(slug), **{"name": "Ekspor", **values})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Source.objects.exists()


def test_a_wrong_answer_under_more_settings_opens_them(home: Library) -> None:
    client = client_of("manager", home)
    response = answered(client, way("oai"), name="x", url="https://example.org/oai", compare_days="x")
    assert "<details open>" in response.content.decode()
    assert "<details>" in client.get(way("oai")).content.decode()


def test_a_page_of_the_opac_is_refused_with_what_was_meant() -> None:
    with pytest.raises(Exception, match=r"https://a\.id/index\.php\?p=oai"):
        oai_address("https://a.id/index.php?p=show_detail&id=1")
    with pytest.raises(Exception, match=r"https://a\.id/cgi-bin/koha/oai\.pl"):
        oai_address("https://a.id/cgi-bin/koha/opac-main.pl")
    assert oai_address(" https://a.id/oai?verb=Identify ") == ("https://a.id/oai", {"verb": "Identify"})
    assert sru_address("https://a.id/sru?operation=explain&x=1")[0] == "https://a.id/sru?x=1"


def test_the_front_page_of_a_website_is_saved_with_a_hint(home: Library) -> None:
    client = client_of("manager", home)
    response = answered(client, way("oai"), name="Koha", url="https://example.org/")
    assert "front page of a website" in client.get(response["Location"]).content.decode()


def test_a_folder_is_looked_into_without_a_schedule_of_its_own(home: Library, tmp_path: Path) -> None:
    answered(client_of("manager", home), way("folder"), name="Masuk", path=str(tmp_path), quiet_minutes="5")
    made = Source.objects.get()
    assert (made.interval_hours, made.next_due_at is not None) == (1, True)
    assert made.options == {"quiet_minutes": 5, "marker": False, "together": False}


def test_changing_a_source_keeps_its_library_and_kind_and_tells_the_history_what_changed(
    home: Library,
) -> None:
    own = source(home, name="Koha", kind="url", url="https://example.org/a.mrc", fallback_encoding="cp1251")
    client = client_of("coordinator", library())
    address = reverse("catalog:source_edit", args=[own.pk])
    answered(client, address, name="Koha baru", library=library().pk, kind="upload")
    own.refresh_from_db()
    assert (own.name, own.library, own.kind, own.fallback_encoding) == ("Koha baru", home, "url", "cp1251")
    entry = AuditEntry.objects.get(code="catalog.source.changed")
    assert entry.data == {"changed": {"name": ["Koha", "Koha baru"]}}
    assert answered(client, address, name=None).status_code == 422


def test_the_character_sets_of_russian_dos_and_windows_files_are_offered(home: Library) -> None:
    client = client_of("manager", home)
    for encoding in ("cp1251", "cp866"):
        answered(client, way("file"), name=encoding, fallback_encoding=encoding)
        assert Source.objects.latest("id").fallback_encoding == encoding
