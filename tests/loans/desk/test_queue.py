"""The lists themselves: counts, filters, search, CSV, what is new, saved views."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from loans.models import Request, RequestFlag, SavedView, SupplyAttempt
from loans.selectors import queues
from network_portal.core.models import AuditEntry
from tests.loans.pages import another, client_of, text_of
from tests.loans.world import World, make_person


def page_of(world: World, who: str, name: str, **query: Any) -> Any:
    return client_of(world, who).get(reverse(f"loans:queue_{name}"), query)


def numbers(page: Any) -> list[str]:
    return [row.number for row in page.context["rows"]]


def test_counts_are_capped_and_cheap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        world.submit(edition=another(world, f"Book {number}"))
    monkeypatch.setattr(queues, "COUNTED", 3)
    tabs = queues.network_tabs(world.desk)
    with CaptureQueriesContext(connection) as captured:
        counts = queues.tab_counts(Request.objects.all(), {"all": tabs["all"]})
    assert counts == {"all": 4}, "one more than is counted means: and more"
    assert "LIMIT 4" in captured[0]["sql"]
    page = page_of(world, "BDG", "requesting", tab="all")
    assert {tab["count"] for tab in page.context["tabs"] if tab["current"]} == {"3+"}


def test_queue_is_narrowed_by_speed_service_mark_owner_and_stuck(world: World) -> None:
    plain, rush = world.submit(), world.take(world.submit(edition=another(world)), "approve")
    Request.objects.filter(pk=rush.pk).update(level="rush", stuck_since=timezone.now())
    RequestFlag.objects.create(request=plain, kind="lost", side="supplying", deadline_at=timezone.now())
    for query, wanted in (
        ({"level": "rush"}, [rush]), ({"level": "normal"}, [plain]), ({"service": "copy"}, []),
        ({"owner": "supplying"}, [rush]), ({"owner": "requesting"}, [plain]), ({"stuck": "true"}, [rush]),
        ({"flag": "lost"}, [plain]), ({"flag": "recalled"}, []),
    ):  # fmt: skip
        page = page_of(world, "BDG", "requesting", tab="all", **query)
        assert numbers(page) == [loan.number for loan in wanted], query


def test_search_finds_by_words_number_author_barcode_reader_and_isbn(world: World) -> None:
    loan = world.request_in("shipped")
    Request.objects.filter(pk=loan.pk).update(citation={**loan.citation, "isbn": ["9789791227780"]})
    for query in (
        "laskar pel", "LASKAR", f"BDG-{timezone.localdate().year}", "000001", "hirata", "B-1", "ayu", "9789791227780",
    ):  # fmt: skip
        assert numbers(page_of(world, "BDG", "requesting", q=query)) == [loan.number], query
    assert numbers(page_of(world, "BDG", "requesting", q="pelikan")) == []


def test_search_signs_are_words_not_commands(world: World) -> None:
    world.submit()
    for query in ("':*", "a & | !", "\\", "ayu'--", "()", "-"):
        assert page_of(world, "BDG", "requesting", q=query).status_code == 200, query
        assert page_of(world, "JKT", "supplying", q=query).status_code == 200, query


def test_a_supplier_never_finds_by_reader(world: World) -> None:
    world.request_in("asked")
    assert numbers(page_of(world, "JKT", "supplying", q="ayu")) == []
    assert len(numbers(page_of(world, "JKT", "supplying", q="laskar"))) == 1


def test_rows_show_haste_and_marks_in_words(world: World) -> None:
    loan = world.submit()
    Request.objects.filter(pk=loan.pk).update(level="express", stuck_since=timezone.now())
    RequestFlag.objects.create(request=loan, kind="overdue", side="patron", deadline_at=timezone.now())
    text = text_of(page_of(world, "BDG", "requesting"))
    assert all(word in text for word in ("Express", "Overdue", "Stuck"))


def test_csv_cell_never_starts_a_formula(world: World) -> None:
    loan = world.submit()
    Request.objects.filter(pk=loan.pk).update(title='=HYPERLINK("http://x")', citation={"author": "@SUM(1)"})
    answer = page_of(world, "BDG", "requesting", format="csv")
    assert answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][0] == loan.number
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_csv_goes_through_the_filters_of_the_page_and_is_written_down(world: World) -> None:
    world.submit()
    rush = world.submit(edition=another(world))
    Request.objects.filter(pk=rush.pk).update(level="rush")
    page = page_of(world, "BDG", "requesting", level="rush")
    answer = client_of(world, "BDG").get(reverse("loans:queue_requesting") + "?" + page.context["csv"])
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [rush.number]
    assert AuditEntry.objects.filter(code="loans.queue.exported", actor_id=world.desk.user_id).count() == 1


def test_suppliers_csv_names_no_reader(world: World) -> None:
    world.request_in("asked")
    text = b"".join(page_of(world, "JKT", "supplying", format="csv").streaming_content).decode()
    assert "Ayu" not in text
    assert "Laskar" in text


def test_new_rows_are_told_and_the_list_does_not_jump(world: World) -> None:
    world.submit()
    page = page_of(world, "BDG", "requesting")
    url = reverse("loans:queue_new", args=["requesting"])
    client = client_of(world, "BDG")
    assert text_of(client.get(url, {"since": page.context["since"]})).strip() == "Reload"
    world.submit(edition=another(world))
    answer = client.get(url, {"since": page.context["since"], "level": "normal"})
    assert text_of(answer).strip() == "1 new, reload"
    assert f'href="{reverse("loans:queue_requesting")}?level=normal"' in answer.content.decode()
    assert text_of(client.get(url, {"since": page.context["since"], "level": "rush"})).strip() == "Reload"


@pytest.mark.parametrize("since", ["", "yesterday", "2026-13-45T99:00", "0001-01-01T00:00:00+00:00"])
def test_new_rows_since_nonsense_answer_all_the_same(world: World, since: str) -> None:
    url = reverse("loans:queue_new", args=["supplying"])
    assert client_of(world, "JKT").get(url, {"since": since}).status_code == 200


def test_a_flag_puts_the_request_on_the_suppliers_desk(world: World) -> None:
    loan = world.request_in("lent")
    assert numbers(page_of(world, "JKT", "supplying")) == []
    Request.objects.filter(pk=loan.pk).update(owner_side="supplying", owner_library=world.libraries["JKT"])
    assert numbers(page_of(world, "JKT", "supplying")) == [loan.number]
    assert numbers(page_of(world, "JKT", "supplying", tab="waiting")) == []


def test_late_is_whoevers_turn_it_is(world: World) -> None:
    loan = world.request_in("asked")
    Request.objects.filter(pk=loan.pk).update(deadline_at=timezone.now() - timedelta(days=1))
    SupplyAttempt.objects.update(deadline_at=timezone.now() - timedelta(days=1))
    assert numbers(page_of(world, "JKT", "supplying", tab="overdue")) == [loan.number]


def save(world: World, who: str, **data: Any) -> Any:
    url = reverse("loans:queue_views", args=["requesting"])
    values = {"name": "Rush", "query": "level=rush&tab=all&page=3"} | data
    return client_of(world, who).post(url, values)


def test_saved_view_opens_the_list_as_it_was(world: World) -> None:
    answer = save(world, "BDG")
    assert answer.headers["Location"] == reverse("loans:queue_requesting") + "?level=rush&tab=all"
    page = page_of(world, "BDG", "requesting")
    assert 'href="/queue/requesting/?level=rush&amp;tab=all"' in page.content.decode()
    save(world, "BDG", query="level=express")
    assert SavedView.objects.get().query == "level=express", "the same name again changes the view"


def test_saved_view_says_what_it_holds_before_it_is_saved(world: World) -> None:
    url = reverse("loans:queue_views", args=["requesting"])
    page = client_of(world, "BDG").get(url, {"level": "rush", "stuck": "true"})
    assert page.context["told"] == [("Speed", "Rush"), ("Only what is stuck", "yes")]


def test_a_shared_view_is_the_colleagues_too_and_a_private_one_is_not(world: World) -> None:
    world.people["colleague"] = make_person("colleague@example.org", world.home, "librarian")
    save(world, "BDG", name="Private")
    save(world, "BDG", name="For all", shared="on")
    seen = [view.name for view in page_of(world, "colleague", "requesting").context["views"]]
    assert seen == ["For all"]
    assert list(page_of(world, "JKT", "requesting").context["views"]) == []


def test_saved_view_of_another_person_is_404(world: World) -> None:
    world.people["colleague"] = make_person("colleague@example.org", world.home, "librarian")
    save(world, "BDG", name="For all", shared="on")
    url = reverse("loans:queue_view_remove", args=[SavedView.objects.get().pk])
    assert client_of(world, "colleague").post(url).status_code == 404
    assert client_of(world, "JKT").post(url).status_code == 404
    assert client_of(world, "BDG").post(url).status_code == 302
    assert not SavedView.objects.exists()


def test_a_view_needs_a_name(world: World) -> None:
    assert save(world, "BDG", name="   ").status_code == 400
    assert not SavedView.objects.exists()


def test_everything_of_the_network_is_ordered_by_an_index_alone(world: World) -> None:
    world.submit()
    assert page_of(world, "coordinator", "network", sort="title").context["sort"] == "newest"
    assert page_of(world, "coordinator", "network", sort="title", tab="waiting").context["sort"] == "title"


def test_the_quick_list_of_libraries_keeps_the_choice_and_names_are_no_markup(world: World) -> None:
    bandung, jakarta = world.home, world.libraries["JKT"]
    type(jakarta).objects.filter(pk=jakarta.pk).update(name="<b>Jakarta</b>")
    html = page_of(world, "coordinator", "network", library=bandung.pk).content.decode()
    assert f'<option value="{bandung.pk}" selected>' in html
    assert html.count(" selected>") >= 1
    assert "&lt;b&gt;Jakarta" in html
    assert "<b>Jakarta" not in html
