"""What the style guide shows: every colour, kind of field, state and sort of title. With DEBUG only, in English."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone

COLOURS = (
    "paper", "surface", "sunk", "ink", "ink-2", "line", "line-2", "nila", "nila-2", "nila-wash", "ok", "ok-wash",
    "care", "care-wash", "stop", "stop-wash",
)  # fmt: skip
# Short, long, in capitals, without an author, in scripts that run or break differently.
BOOKS = (
    ("Bumi Manusia", "Pramoedya Ananta Toer"), ("O", "Eka Kurniawan"), ("SERAT CENTHINI 2", "Pakubuwana V"),
    ("Pengantar Ilmu Perpustakaan dan Kepustakawanan", "Sulistyo-Basuki"), ("Sapiens", "Harari, Yuval Noah"),
    ("Sejarah Nasional Indonesia: zaman kebangkitan nasional dan masa akhir Hindia Belanda", "Poesponegoro, M."),
    ("Война и мир", "Толстой, Л. Н."), ("كتاب الأم", "الشافعي"), ("紅樓夢", "曹雪芹"), ("Tarian Bumi", ""),
    ("Nationalism and Revolution in Indonesia", "Kahin, George McTurnan"), ("Ronggeng Dukuh Paruk", "Ahmad Tohari"),
)  # fmt: skip


class SampleForm(forms.Form):
    """Every kind of field."""

    title = forms.CharField(help_text="With a hint")
    count = forms.IntegerField(required=False)
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False)
    kind = forms.ChoiceField(choices=[("book", "Book"), ("map", "Map")])
    way = forms.ChoiceField(choices=[("a", "One"), ("b", "Two")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="I agree")


def context() -> dict[str, Any]:
    now = timezone.now()
    wrong = SampleForm({"w-title": "", "w-count": "many"}, prefix="w")
    wrong.is_valid()
    return {
        "sample": SampleForm(),
        "wrong": wrong,
        "colours": COLOURS,
        "books": BOOKS,
        "page": Paginator(range(90), 20).page(2),
        "facts": [("Author", "Toer, Pramoedya Ananta"), ("Year", 1980)],
        "tones": ["info", "ok", "attention", "stop", "plain"],
        "tabs": [
            {"label": "To do", "url": "#a", "count": 12, "current": True},
            {"label": "All", "url": "#b", "count": 80},
        ],
        "steps": [
            {"at": now - timedelta(days=2), "text": "You asked for this book.", "state": "past"},
            {"at": now, "text": "On its way", "note": "JX-8841", "state": "now"},
            {"at": None, "text": "Ready to collect", "state": "next"},
        ],
        "dates": [now - timedelta(days=2), now + timedelta(days=1), now + timedelta(days=9)],
    }
