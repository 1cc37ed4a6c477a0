"""The list of sources and a source's page: what is read, in how many queries, and what people see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.models import DirtyEdition, Edition, Run, Source
from catalog.search import indexer
from catalog.selectors import health
from catalog.services import quality
from members.choices import LibraryStatus
from members.models import Library
from members.permissions import Capability
from network_portal.core.actor import Actor
from tests.catalog.building import library, load, marc, person, source, write

pytestmark = pytest.mark.django_db
COORDINATOR = Actor(1, "K", capabilities=frozenset({Capability.SOURCE_VIEW, Capability.NETWORK_MANAGE}))


def client_of(role: str, of: Library) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person(role, of), backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(client: Client, path: str = "/sources/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def past_run(of: Source, days: float, **values: Any) -> Run:
    at = timezone.now() - timedelta(days=days)
    told = {"status": "done", "read": 100, "created": 100, "finished_at": at, "started_at": at}
    run = Run.objects.create(source=of, **{**told, **values})
    Run.objects.filter(pk=run.pk).update(queued_at=at)
    return run


def test_data_is_as_old_as_the_last_run_that_went_well() -> None:
    of = source()
    past_run(of, 9)
    unchanged = past_run(of, 2, created=0)
    past_run(of, 1, status="failed", created=0)
    found = health.health_of(of)
    assert found.came_at == unchanged.finished_at
    assert found.changed_at is not None
    assert (timezone.now() - found.changed_at).days == 9
    assert [run.status for run in found.runs] == ["failed", "done", "done"]


def test_what_the_store_does_to_itself_is_no_new_data() -> None:
    of = source()
    past_run(of, 5)
    past_run(of, 1, kind="renormalise", updated=50)
    found = health.health_of(of)
    assert found.came_at is not None
    assert (timezone.now() - found.came_at).days == 5


def test_thirty_runs_are_looked_at() -> None:
    of = source()
    for days in range(40, 0, -1):
        past_run(of, days)
    assert len(health.health_of(of).runs) == health.RECENT == 30


def indexed(of: Source, folder: Path) -> Source:
    load(of, write(folder, *(marc(str(n), f"Judul yang ke-{n}", year=1990 + n) for n in range(20))))
    indexer.index_dirty()
    quality.quality_make(source=of)
    return of


def test_search_is_asked_itself_for_what_it_shows(tmp_path: Path) -> None:
    of = indexed(source(), tmp_path)
    found = health.health_of(of)
    assert (found.titles, found.shown, found.alarms) == (20, 20, [])
    Edition.objects.filter(pk__in=list(Edition.objects.values_list("pk", flat=True)[:5])).update(
        record_count=0
    )
    indexer.rebuild(actor=Actor.system())
    found = health.health_of(of)
    assert (found.titles, found.shown) == (20, 15)
    assert [alarm.code for alarm in found.alarms] == ["indexed"]


def test_nothing_is_held_against_search_while_changes_wait(tmp_path: Path) -> None:
    of = indexed(source(), tmp_path)
    DirtyEdition.objects.create(edition_id=1)
    assert health.health_of(of).shown is None


def test_a_library_whose_titles_readers_do_not_see_yet_is_not_held_against_search(tmp_path: Path) -> None:
    of = indexed(source(library(status=LibraryStatus.PROSPECTIVE)), tmp_path)
    assert health.health_of(of).alarms == []


def test_a_library_with_several_sources_is_compared_as_one(tmp_path: Path) -> None:
    of = indexed(source(), tmp_path)
    other = source(of.library)
    load(other, write(tmp_path, marc("X", "Judul lain", year=1970), name="b.mrc"))
    indexer.index_dirty()
    assert health.health_of(of).shown is None  # its library changed after it was counted
    quality.quality_make(source=other)
    assert (health.health_of(of).titles, health.health_of(of).shown) == (21, 21)


def queries(action: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        action()
    return len(seen)


def test_the_list_asks_the_same_number_of_questions_for_two_sources_and_for_two_hundred() -> None:
    coordinator = client_of("coordinator", library())

    def add(count: int) -> None:
        for _ in range(count):
            of = source(library(), kind="url", interval_hours=24)
            for days in (3, 2, 1):
                past_run(of, days)
            quality.quality_make(source=of)

    add(2)
    text_of(coordinator)
    few = queries(lambda: text_of(coordinator))
    add(198)
    assert queries(lambda: text_of(coordinator)) == few
    assert few < 25


def test_a_librarian_sees_her_own_sources_and_a_coordinator_all() -> None:
    own, other = source(library("UNPAD"), name="Koha"), source(library("LAIN"), name="SLiMS")
    librarian = text_of(client_of("librarian", own.library))
    assert own.name in librarian
    assert other.name not in librarian
    everything = text_of(client_of("coordinator", library()))
    assert own.name in everything
    assert other.name in everything


def test_who_needs_care_comes_first_and_is_counted() -> None:
    fine, failed = source(library("A"), name="Baik"), source(library("Z"), name="Gagal")
    past_run(fine, 1)
    past_run(failed, 1, status="failed", message="No answer.")
    text = text_of(client_of("coordinator", library("C")))
    assert text.index("Gagal") < text.index("Baik")
    assert "1 of 2 sources needs care." in text
    assert "The last loading failed. No answer." in text
    assert health.care_count(COORDINATOR) == 1


def test_the_list_is_filtered_by_state_and_library() -> None:
    fine, failed = source(library("A"), name="Baik"), source(library("Z"), name="Gagal")
    past_run(fine, 1)
    past_run(failed, 1, status="failed")
    coordinator = client_of("coordinator", library("C"))
    assert "Gagal" not in text_of(coordinator, "/sources/?state=fine")
    assert "Baik" not in text_of(coordinator, "/sources/?state=failed")
    assert "Gagal" not in text_of(coordinator, f"/sources/?library={fine.library_id}")
    assert "No source is in this state now." in text_of(
        coordinator, f"/sources/?library={fine.library_id}&state=failed"
    )
    assert "Gagal" in text_of(coordinator, "/sources/?state=nonsense&library=x")


def test_the_trend_is_drawn_and_told_in_words() -> None:
    of = source(name="Koha")
    past_run(of, 3, read=200)
    past_run(of, 2, read=100, rejected=50)
    past_run(of, 1, read=0, status="failed")
    text = text_of(client_of("coordinator", library()))
    assert 'aria-label="The last 3 loadings: 0 to 200 records each, at most 50 rejected. 1 failed."' in text
    assert text.count('class="taken"') == 2
    assert text.count('class="rejected"') == 1
    assert text.count('class="failed"') == 1


def test_the_grade_of_the_server_is_shown() -> None:
    source(kind="oai_pmh", oai_profile={"grade": "D"})
    assert '<span class="tag attention">' in text_of(client_of("coordinator", library()))


def test_the_page_of_a_source_says_how_it_is_doing(tmp_path: Path) -> None:
    of = indexed(source(library("UNPAD"), told_count=99, told_at=timezone.now()), tmp_path)
    text = text_of(client_of("librarian", of.library), reverse("catalog:source", args=[of.pk]))
    assert "The source says it has 99 records; 20 are stored." in text
    assert "20 of 20 titles of the library" in text
    assert reverse("catalog:quality_source", args=[of.pk]) in text


def test_a_slow_index_is_told_above_the_list() -> None:
    source()
    DirtyEdition.objects.create(edition_id=1, marked_at=timezone.now() - timedelta(hours=2))
    assert "Search has been waiting for changes" in text_of(client_of("coordinator", library()))
