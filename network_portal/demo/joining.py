"""Libraries that want to join the demo network, and agreements in every state. build.py calls it; safe to repeat."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from members.agreements import services as agreements
from members.choices import Role
from members.joining import services as joining
from members.models import Agreement, AgreementVersion, JoinApplication, Library, Network
from members.selectors.agreements import parties_of
from network_portal.core.actor import Actor
from network_portal.demo.accounts import COORDINATOR, actor_of
from network_portal.demo.guided import CODE

# Name, city, province, street, contact and mail address, system, what it gives and needs; what was decided.
WISHES: tuple[tuple[str, ...], ...] = (
    ("Perpustakaan Desa Tirta Aksara", "Klaten", "Jawa Tengah", "Jalan Sumber Air 4", "Wulan Handayani",
     "wulan@tirta-aksara.example", "inlislite", "Arsip desa dan cerita lisan", "Buku pertanian dan buku anak", ""),
    ("Perpustakaan SMA Bina Samudra", "Kupang", "Nusa Tenggara Timur", "Jalan Karang 12", "Yosef Nahak",
     "yosef@bina-samudra.example", "slims", "Koleksi kelautan", "Buku pelajaran dan pelatihan katalog", "ask"),
    ("Rumah Baca Rimba Cendana", "Samarinda", "Kalimantan Timur", "Gang Cendana 7", "Rahmi Noor",
     "rahmi@rimba-cendana.example", "cards", "", "Bantuan membuat katalog", "refuse"),
    ("Perpustakaan Kampus Teratai", "Palembang", "Sumatera Selatan", "Jalan Teratai 21", "Iwan Setiadi",
     "iwan@kampus-teratai.example", "koha", "Skripsi dan tesis", "Jurnal teknik", "accept"),
)  # fmt: skip
TEXT = """# Untuk apa

Perpustakaan anggota saling meminjamkan koleksi bagi pemustakanya.

# Layanan

- Buku dipinjamkan tanpa biaya; ongkos kirim ditanggung perpustakaan peminta.
- Salinan dibuat sejauh hak cipta mengizinkan.

# Tanggung jawab

Buku yang hilang diganti atau dibayar menurut harga pasar."""
ENGLISH = """# What for

Member libraries lend each other their collections for their readers.

# Services

- Books are lent free of charge; the requesting library pays the parcel.
- Copies are made as far as copyright allows.

# Responsibility

A lost book is replaced, or paid at its price on the market."""
PRINCIPLES = "Saling membutuhkan, saling memperkuat, saling menguntungkan."


@transaction.atomic
def ensure_joining() -> int:
    """Agreements first, then the applications; returns how many of these were made."""
    if JoinApplication.objects.exists():
        return 0
    _agreements()
    return sum(_wish(*wish) for wish in WISHES)


def _wish(
    name: str, city: str, province: str, address: str, contact: str, email: str, system: str, offers: str,
    needs: str, decision: str,
) -> bool:  # fmt: skip
    row = joining.application_submit(
        actor=Actor.system(channel="command"), language="id", name=name, library_type=_kind(name), address=address,
        city=city, province=province, system=system, offers=offers, needs=needs, contact_name=contact,
        contact_email=email, contact_phone="", isil="", website="", contact_role="", titles=None,
    )  # fmt: skip
    if row is None:
        return False
    joining.application_confirm(pk=row.pk, email=email, actor=Actor.system(channel="command"))
    actor = actor_of(COORDINATOR)
    if decision == "ask":
        joining.application_ask(application=row, text="Berapa judul yang sudah ada di SLiMS?", actor=actor)
    elif decision == "refuse":
        words = "Kami senang membantu membuat katalog dahulu; silakan mengajukan lagi sesudahnya."
        joining.application_refuse(application=row, text=words, actor=actor)
    elif decision == "accept":
        joining.application_accept(application=row, short_code="TERATAI", text="Selamat datang!", actor=actor)
    return True


def _kind(name: str) -> str:
    kinds = {"SMA": "school", "Kampus": "academic", "Rumah": "community"}
    return next((kind for word, kind in kinds.items() if word in name), "public")


def _agreements() -> None:
    """One of a whole network, one of two libraries that ends soon, and a draft."""
    network = Network.objects.filter(code=CODE).first()
    pair = list(Library.objects.filter(short_code__in=("PARAHITA", "WANATARA")).order_by("short_code"))
    today = timezone.localdate()
    if network is not None:
        charter = _made("Piagam Silang Layan Pelita", scope="network", network=network, valid_from=today)
        _published(charter, but=1)
    if len(pair) == 2:
        soon = _made("Salinan artikel Bandung–Bogor", scope="pair", libraries=pair, services=["copy"], priority=2,
                     valid_from=today - timedelta(days=340), valid_until=today + timedelta(days=24))  # fmt: skip
        _published(soon)
        _made(
            "Titip koleksi Bandung–Bogor", scope="pair", libraries=pair, valid_from=today + timedelta(days=60)
        )


def _made(name: str, **values: Any) -> AgreementVersion:
    return agreements.agreement_create(
        actor=actor_of(COORDINATOR), name=name, text_id=TEXT, text_en=ENGLISH, principles=PRINCIPLES, **values
    )


def _published(version: AgreementVersion, *, but: int = 0) -> None:
    """Accepted by all parties but so many, each in the name of whoever leads it."""
    agreements.version_publish(version=version, actor=actor_of(COORDINATOR))
    libraries = list(_parties(version.agreement))
    for library in libraries[: len(libraries) - but]:
        actor = Actor(
            user_id=None, user_name=f"Kepala {library.name}", library_id=library.pk, library_name=library.name,
            channel="command", role=Role.MANAGER, capabilities=frozenset({"library.edit"}),
        )  # fmt: skip
        agreements.version_accept(version=version, library=library, actor=actor)


def _parties(agreement: Agreement) -> list[Library]:
    return list(parties_of(agreement).order_by("name"))
