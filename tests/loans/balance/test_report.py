"""The yearly report: sentences in both languages, a permalink that stays as it was, and a PDF for everybody."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from pypdf import PdfReader

from loans.balance.counting import months_count
from loans.balance.report import report_make, reports_make
from loans.balance.report_words import told_of
from loans.models import YearReport
from members.choices import Role
from network_portal.core.choices import JobStatus
from network_portal.core.models import AuditEntry, JobRun
from network_portal.core.pdf import pdf_available
from tests.loans.figures.facts import DAY, Facts
from tests.members.world import client_of, make_library, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def facts(settings: Any) -> Facts:
    settings.STAFF_MFA_REQUIRED = False
    facts = Facts()
    for _time in range(3):
        facts.supplied()
    facts.supplied(at=DAY - timedelta(days=365))
    months_count()
    return facts


@pytest.fixture
def manager(facts: Facts) -> Client:
    return client_of(make_member("m@example.org", facts.home, Role.MANAGER))


def test_a_report_compares_with_the_year_before_in_both_languages(facts: Facts) -> None:
    report = report_make(library=facts.home, year=2026)
    with override("en"):
        english = " ".join(told_of(report).sentences)
    assert "got 3 items from other libraries: 2 more than in the year before" in english
    assert "IDR 360,000" in english
    indonesian = " ".join(told_of(report).sentences)
    assert "360.000" in indonesian
    assert indonesian != english


def test_a_report_stays_as_it_was_made_until_it_is_made_anew(facts: Facts, manager: Client) -> None:
    report_make(library=facts.home, year=2026)
    facts.supplied()
    months_count()
    assert "360.000" in manager.get("/balance/RUMAH/report/2026/").content.decode()
    report_make(library=facts.home, year=2026)
    assert "480.000" in manager.get("/balance/RUMAH/report/2026/").content.decode()
    assert manager.get("/balance/RUMAH/report/2024/").status_code == 404


@pytest.mark.skipif(not pdf_available(), reason="Pango is not installed here")
def test_the_pdf_has_a_title_a_language_and_a_structure(facts: Facts, manager: Client) -> None:
    report_make(library=facts.home, year=2026)
    answer = manager.get("/balance/RUMAH/report/2026.pdf")
    assert answer["Content-Type"] == "application/pdf"
    pdf = PdfReader(io.BytesIO(answer.content))
    assert facts.home.name in (pdf.metadata.title or "") if pdf.metadata else False
    root: Any = pdf.trailer["/Root"]
    assert root["/Lang"] == "id"
    assert root["/MarkInfo"]["/Marked"]
    assert "2026" in pdf.pages[0].extract_text()


def test_reports_of_all_libraries_are_made_by_a_job_that_tells_how_far_it_is(facts: Facts) -> None:
    coordinator = client_of(make_member("n@example.org", make_library("KANTOR"), Role.COORDINATOR))
    assert coordinator.post("/balance/reports/1990/make/").status_code == 404
    assert coordinator.post("/balance/reports/2026/make/").status_code == 302
    assert AuditEntry.objects.filter(code="loans.year_reports.asked").count() == 1
    job = JobRun.objects.get(kind="year_reports")
    assert job.status == JobStatus.QUEUED
    assert reports_make(year=2026, job_id=job.pk) == 3
    job.refresh_from_db()
    assert (job.status, job.done, job.total) == (JobStatus.DONE, 3, 3)
    assert YearReport.objects.filter(year=2026).count() == 3
    assert reports_make(year=2026, job_id=job.pk) == 0
