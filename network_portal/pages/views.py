"""Pages that belong to no single room: home, help, accessibility, the state of the portal, the style guide."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.selectors import network_figures, newest_editions
from loans.selectors import loan_figures
from members.selectors.libraries import city_counts
from network_portal.core import readiness


def home(request: HttpRequest) -> HttpResponse:
    context = {
        "figures": network_figures(), "loans": loan_figures(), "newest": newest_editions(limit=12),
        "cities": city_counts(),
    }  # fmt: skip
    return render(request, "pages/home.html", context)


def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/help.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


def status(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/status.html", {"parts": readiness.results(), "now": timezone.now()})


def robots(request: HttpRequest) -> HttpResponse:
    """Searches with filters are endless for a crawler and worthless to its readers; records are welcome."""
    lines = [
        "User-agent: *",
        "Disallow: /search?",
        "Disallow: /request/",
        "Disallow: /accounts/",
        "Allow: /edition/",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


class SampleForm(forms.Form):
    """Every kind of field, for the style guide."""

    title = forms.CharField(help_text="With a hint")
    count = forms.IntegerField(required=False)
    note = forms.CharField(widget=forms.Textarea, required=False)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False)
    kind = forms.ChoiceField(choices=[("book", "Book"), ("map", "Map")])
    way = forms.ChoiceField(choices=[("a", "One"), ("b", "Two")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="I agree")


def styleguide(request: HttpRequest) -> HttpResponse:
    wrong = SampleForm({"title": "", "count": "many"})
    wrong.is_valid()
    now = timezone.now()
    context = {
        "form": SampleForm(), "wrong": wrong,
        "tones": ["info", "ok", "attention", "stop", "plain"],
        "tabs": [{"label": "To do", "url": "#a", "count": 12, "current": True}, {"label": "All", "url": "#b", "count": 80}],
        "steps": [
            {"at": now, "text": _("You asked for this book."), "state": "past"},
            {"at": now, "text": "On its way", "note": "JX-8841", "state": "now"},
            {"at": None, "text": "Ready to collect", "state": "next"},
        ],
        "books": ["Bumi Manusia", "Siti Nurbaya", "Pengantar Ilmu Perpustakaan", "Sapiens", "Ronggeng Dukuh Paruk"],
        "dates": [now - timedelta(days=2), now + timedelta(days=1), now + timedelta(days=9)],
    }  # fmt: skip
    return render(request, "pages/styleguide.html", context)
