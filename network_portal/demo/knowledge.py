"""What the demo's libraries share, ask, know and tell, so that none of these pages is empty. build.py calls it."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from catalog.models import Edition
from catalog.services import lists, published_lists
from catalog.services.lists import Keeper
from members.knowledge.services import experts, items, news, questions, telling
from members.knowledge.services.items import Content
from members.models import Announcement, Answer, KnowledgeItem, Library, Network, NetworkPage, Question
from network_portal.demo.accounts import COORDINATOR, actor_of, librarian_of

# Library, kind, title, what about, subjects, language, licence, audience, lines of the file (or an address), versions.
ITEMS: tuple[tuple[str, str, str, str, Sequence[str], str, str, str, Sequence[str] | str, int], ...] = (
    (
        "PARAHITA", "guide", "Panduan menambal halaman sobek",
        "Langkah demi langkah dengan kertas Jepang dan lem kanji, untuk perpustakaan tanpa ruang konservasi.",
        ("preservation",), "id", "cc-by-4.0", "public",
        ("Alat: kertas Jepang, lem kanji, kuas lunak.", "1. Bersihkan.", "2. Tambal.", "3. Keringkan."), 3,
    ),
    (
        "CANDISEWU", "paper", "Mengatalog naskah lontar dengan MARC 21",
        "Pengalaman dua tahun dan daftar ruas yang kami pakai.", ("cataloguing", "local"), "id", "cc-by-sa-4.0",
        "public", ("Naskah lontar dalam MARC 21", "Ruas 245, 300, 340 dan 546."), 1,
    ),
    (
        "DEPOSIT", "recording", "Rekaman lokakarya silang layan", "Dua jam: dari permintaan sampai pengembalian.",
        ("lending",), "id", "cc-by-nc-4.0", "members", "https://rekaman.deposit-jakarta.example/silang-layan", 1,
    ),
    (
        "JMERAH", "slides", "Teaching first-year students to search",
        "Slides and exercises for one hour; change them as you like.", ("user-education", "research"), "en", "cc0-1.0",
        "public", ("One hour, three exercises.",), 2,
    ),
    (
        "SARASWATI", "form", "Formulir penerimaan hibah buku", "Dipakai sejak 2023; disetujui bagian hukum kami.",
        ("acquisition",), "id", "members", "staff", ("Nama pemberi hibah:", "Jumlah buku:"), 1,
    ),
)  # fmt: skip
# Library, question, more, subjects, everybody?, answers: (library, text, helpful?)
QUESTIONS: tuple[tuple[str, str, str, Sequence[str], bool, Sequence[tuple[str, str, bool]]], ...] = (
    (
        "APONO", "Bagaimana menyimpan koran lama di daerah lembap?",
        "Kami punya koran **1950-an** dan tidak ada pendingin ruangan.", ("preservation", "local"), True,
        (
            ("PARAHITA", "Pakai kotak bebas asam dan silika gel, ganti tiap bulan:\n\n- rak jangan menempel dinding\n"
             "- periksa tiap hari Jumat", True),
            ("DEPOSIT", "Kami dapat memindainya; kirim daftar judulnya.", False),
        ),
    ),
    (
        "CENDEKIA", "Nomor klasifikasi apa untuk komik manga terjemahan?", "Di DDC 741.5 terlalu umum bagi kami.",
        ("cataloguing",), False, (("CANDISEWU", "Kami memakai 741.5952 dan label warna.", True),),
    ),
    (
        "SENTANI", "Siapa yang bisa mengajar pengelolaan taman bacaan?", "Tiga hari di Jayapura, bulan depan.",
        ("community", "management"), False, (),
    ),
)  # fmt: skip
# Library, subjects, languages, offers, in words
EXPERTS: tuple[tuple[str, Sequence[str], Sequence[str], Sequence[str], str], ...] = (
    ("PARAHITA", ("preservation", "services"), ("id", "su"), ("mail", "teaching"), "Memperbaiki buku sejak 2009."),
    ("CANDISEWU", ("cataloguing", "local"), ("id", "jv"), ("mail", "internship"), "Naskah Jawa dan lontar."),
    ("DEPOSIT", ("digital", "copyright"), ("id", "en"), ("mail",), "Alih media dan hak cipta."),
    ("JMERAH", ("user-education", "research"), ("id", "en"), ("teaching", "internship"), "Kelas literasi informasi."),
)  # fmt: skip
TEXT_ID = (
    "Kami perpustakaan yang **saling membutuhkan, saling menguatkan, dan saling memberi manfaat**. Satu anggota "
    "tidak perlu memiliki semuanya: yang tidak ada di sini, ada di sana.\n\n- pinjam antarperpustakaan\n"
    "- salinan artikel\n- belajar bersama"
)
TEXT_EN = (
    "We are libraries that **need, strengthen and benefit each other**. No member has to own everything: what is not "
    "here is there.\n\n- lending between libraries\n- copies of articles\n- learning together"
)


def ensure_knowledge(libraries: dict[str, Library]) -> int:
    """Everything of this file, once; returns how many documents and questions. Safe to repeat."""
    if KnowledgeItem.objects.exists() or Question.objects.exists():
        return 0
    for row in ITEMS:
        _share(libraries[row[0]], *row[1:])
    for place, (code, topics, languages, offers, about) in enumerate(EXPERTS):
        values = {"topics": topics, "languages": languages, "offers": offers, "about": about}
        actor = librarian_of(libraries[code])
        experts.expert_save(actor=actor, values={name: _plain(value) for name, value in values.items()})
        telling.subscription_set(actor=actor, topic=topics[0], pace="daily" if place % 2 else "now")
    for one in QUESTIONS:
        _ask(libraries, *one)
    _lists(libraries)
    _tell()
    for network in Network.objects.filter(is_active=True):
        _page(network)
    return len(ITEMS) + len(QUESTIONS)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _share(
    library: Library, kind: str, title: str, summary: str, topics: Sequence[str], language: str, licence: str,
    audience: str, content: Sequence[str] | str, versions: int,
) -> None:  # fmt: skip
    values = {
        "kind": kind, "title": title, "summary": summary, "authors": "", "topics": list(topics), "keywords": "",
        "language": language, "licence": licence, "audience": audience,
    }  # fmt: skip
    actor = librarian_of(library)
    item = items.item_share(actor=actor, content=_content(title, content, 1), values=values)
    for number in range(2, versions + 1):
        items.version_add(item=item, actor=actor, content=_content(title, content, number))


def _content(title: str, content: Sequence[str] | str, number: int) -> Content:
    """An address, or a picture of a page with these lines, saved as PDF."""
    if isinstance(content, str):
        return Content(link=content)
    page, out = Image.new("RGB", (827, 1169), "white"), BytesIO()
    draw = ImageDraw.Draw(page)
    for place, line in enumerate((title, f"v. {number}", "", *content)):
        draw.text((80, 100 + 34 * place), line, fill="black", font_size=24)
    page.save(out, "PDF")
    note = "" if number == 1 else f"Perbaikan ke-{number - 1}"
    return Content(SimpleUploadedFile(f"{title}.pdf", out.getvalue()), note=note)


def _ask(
    libraries: dict[str, Library], code: str, title: str, body: str, topics: Sequence[str], public: bool,
    answers: Sequence[tuple[str, str, bool]],
) -> None:  # fmt: skip
    asker = librarian_of(libraries[code])
    question = questions.question_ask(actor=asker, title=title, body=body, topics=topics)
    if public:
        questions.question_publish(question=question, actor=asker, public=True)
    for by, text, helpful in answers:
        answer = questions.answer_give(question=question, actor=librarian_of(libraries[by]), body=text)
        if helpful:
            row = Answer.objects.select_related("question").get(pk=answer.pk)
            questions.answer_mark(answer=row, actor=asker, helpful=True)


def _lists(libraries: dict[str, Library]) -> None:
    """Two bibliographies of what the catalogue has."""
    for code, name, first in (
        ("PARAHITA", "Bacaan awal: sastra Indonesia", 0),
        ("CANDISEWU", "Sejarah Jawa", 40),
    ):
        actor = librarian_of(libraries[code])
        chosen = list(Edition.objects.filter(record_count__gt=0).order_by("pk")[first : first + 8])
        row = lists.list_make(keeper=Keeper(actor.user_id), name=name)
        if lists.list_add(row=row, editions=[edition.pk for edition in chosen]):
            published_lists.list_publish(row=row, actor=actor)


def _tell() -> None:
    """One for everybody, one for managers, one still a draft."""
    actor, empty = actor_of(COORDINATOR), dict.fromkeys(("title_en", "body_en", "cell", "role"), "")
    base: dict[str, Any] = {
        **empty, "network": None, "starts_at": timezone.now(), "ends_at": None, "is_public": False,
        "is_pinned": False, "by_mail": False,
    }  # fmt: skip
    told: Sequence[tuple[dict[str, Any], bool]] = (
        (
            {
                "title_id": "Katalog bersama bertambah", "body_id": "Terima kasih kepada semua anggota.",
                "title_en": "The joint catalogue grows", "body_en": "Thank you, all members.",
                "is_public": True, "is_pinned": True,
            },
            True,
        ),
        ({"title_id": "Laporan tahunan: mohon diperiksa", "body_id": "Akhir bulan.", "role": "manager"}, True),
        ({"title_id": "Rapat anggota", "body_id": "Tempat belum pasti."}, False),
    )  # fmt: skip
    for values, published in told:
        row: Announcement = news.news_save(actor=actor, values={**base, **values})
        if published:
            news.news_publish(news=row, actor=actor, published=True)


def _page(network: Network) -> None:
    if NetworkPage.objects.filter(network=network).exists():
        return
    picture, out = Image.new("RGB", (1200, 320), "#1d4e5f"), BytesIO()
    draw = ImageDraw.Draw(picture)
    for place in range(24):  # a shelf
        colour = ("#c8963e", "#e9e2d0", "#7a9e7e", "#a44a3f")[place % 4]
        draw.rectangle((40 + 47 * place, 60 + 7 * (place * 5 % 9), 78 + 47 * place, 290), fill=colour)
    picture.save(out, "PNG")
    news.page_save(
        network=network, actor=actor_of(COORDINATOR), number=0, picture=SimpleUploadedFile("rak.png", out.getvalue()),
        values={"text_id": TEXT_ID, "text_en": TEXT_EN, "picture_alt": "Rak buku berwarna-warni"},
    )  # fmt: skip
