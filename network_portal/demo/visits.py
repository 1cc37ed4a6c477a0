"""What readers searched and opened in the demo's last weeks, as counts without persons. Called by build.py.

What found nothing is asked of the real index: the wishes below are for books that no demo library holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from django.utils import timezone

from catalog.choices import UseKind
from catalog.folding import fold
from catalog.models import Edition, UseCount
from catalog.search.answers import SearchUnavailable
from catalog.search.engine import get_engine
from catalog.search.query import SearchQuery
from network_portal.demo.catalogue import seeded

Thing = TypeVar("Thing")
DAYS = 60
WORDS = (
    "sejarah indonesia", "laskar pelangi", "bumi manusia", "pramoedya", "ronggeng dukuh paruk", "puisi",
    "ekonomi pembangunan", "tafsir", "novel", "sitti nurbaya", "sejarah jawa", "kamus bahasa indonesia", "hukum pidana",
    "chairil anwar", "hamka", "psikologi perkembangan", "filsafat ilmu", "max havelaar", "kartini", "majalah tempo",
    "fiksi sejarah", "matematika", "biologi", "peta", "antropologi", "salah asuhan",
)  # fmt: skip
WISHES = (
    "metode penelitian kualitatif edisi 2024", "kecerdasan buatan untuk pustakawan", "hidroponik rumahan",
    "akuntansi forensik", "seni merawat naskah lontar", "literasi digital di desa", "pemrograman python untuk pemula",
    "sejarah kopi gayo", "bahasa isyarat indonesia",
)  # fmt: skip


def ensure_visits() -> int:
    """Counts of each day, where there are none yet; says how many searches and openings they tell of."""
    if UseCount.objects.exists():
        return 0
    today = timezone.localdate()
    opened = list(
        Edition.objects.filter(merged_into=None)
        .order_by("-library_count", "pk")
        .values_list("pk", flat=True)[:60]
    )
    rows = [row for ago in range(DAYS) for row in _day(today - timedelta(days=ago), ago, opened)]
    UseCount.objects.bulk_create(rows)
    return sum(row.times for row in rows)


def _day(day: date, ago: int, editions: list[int]) -> list[UseCount]:
    """Fewer at weekends, more of late; the first of a list are asked for most."""
    random = seeded("visits", ago)
    busy = round((90 - ago) * (0.4 if day.weekday() >= 5 else 1.0) * random.uniform(0.7, 1.2))
    asked = Counter(_drawn(random, WORDS, busy)) + Counter(_drawn(random, WISHES, busy // 7))
    rows = []
    for text, times in asked.items():
        nothing = times if _finds_nothing(text) else 0
        askers = times - times // 4
        rows.append(
            UseCount(
                day=day, kind=UseKind.ASKED, text=fold(text), times=times, nothing=nothing, askers=askers
            )
        )
    for pk, times in Counter(_drawn(random, editions, busy // 2)).items():
        rows.append(UseCount(day=day, kind=UseKind.OPENED, edition_id=pk, times=times, askers=times))
    return rows


def _drawn(random: Random, among: Sequence[Thing], times: int) -> list[Thing]:
    weights = [1 / place for place in range(2, len(among) + 2)]
    return random.choices(among, weights, k=times) if among else []


_FOUND: dict[str, bool] = {}


def _finds_nothing(text: str) -> bool:
    if text not in _FOUND:
        try:
            _FOUND[text] = get_engine().count(SearchQuery(text=text)) > 0
        except SearchUnavailable:  # the index worker is still building it
            return text in WISHES
    return not _FOUND[text]
