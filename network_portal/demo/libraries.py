"""The twelve invented member libraries of the demo network. Their cities are real, they are not. Read by build_demo."""

from __future__ import annotations

from dataclasses import dataclass

from members.choices import LibraryStatus, LibraryType
from members.models import Library

WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"


@dataclass(frozen=True)
class DemoLibrary:
    code: str
    name: str
    kind: LibraryType
    address: str
    city: str
    province: str
    latitude: float
    longitude: float
    time_zone: str
    site: str  # host under .example, which never leads anywhere (RFC 2606)
    opac: str  # path of a record in the library's own catalogue
    loan_days: int = 28
    lends: bool = True

    @property
    def email(self) -> str:
        return f"layanan@{self.site}"


LIBRARIES: tuple[DemoLibrary, ...] = (
    DemoLibrary(
        "DEPOSIT", "Pusat Deposit Karya Cetak Merdeka", LibraryType.NATIONAL, "Jalan Pustaka Bangsa 1",
        "Jakarta", "DKI Jakarta", -6.1762, 106.8272, WIB, "deposit-jakarta.example", "/opac/detail/{id}",
        lends=False,
    ),
    DemoLibrary(
        "PARAHITA", "Perpustakaan Universitas Parahita", LibraryType.ACADEMIC, "Jalan Dago Pakar 45",
        "Bandung", "Jawa Barat", -6.8915, 107.6107, WIB, "perpus-bandung.example",
        "/index.php?p=show_detail&id={id}", 21,
    ),
    DemoLibrary(
        "CANDISEWU", "Perpustakaan Universitas Candi Sewu", LibraryType.ACADEMIC, "Jalan Kaliurang KM 9",
        "Yogyakarta", "DI Yogyakarta", -7.7956, 110.3695, WIB, "pustaka-yogya.example",
        "/cgi-bin/koha/opac-detail.pl?biblionumber={id}",
    ),
    DemoLibrary(
        "LAWANGPITU", "Perpustakaan Kota Lawang Pitu", LibraryType.PUBLIC, "Jalan Pemuda Lama 77",
        "Semarang", "Jawa Tengah", -6.9825, 110.4091, WIB, "perpus-semarang.example", "/cari?isbn={isbn}", 14,
    ),
    DemoLibrary(
        "JMERAH", "Perpustakaan Politeknik Jembatan Merah", LibraryType.ACADEMIC, "Jalan Rajawali Baru 12",
        "Surabaya", "Jawa Timur", -7.2575, 112.7521, WIB, "poltek-surabaya.example",
        "/index.php?p=show_detail&id={id}", 21,
    ),
    DemoLibrary(
        "CENDEKIA", "Perpustakaan Pesantren Nurul Cendekia", LibraryType.RELIGIOUS, "Jalan Kyai Mojo 8",
        "Jombang", "Jawa Timur", -7.5460, 112.2330, WIB, "pesantren-jombang.example",
        "/index.php?keywords={title}",
    ),
    DemoLibrary(
        "WANATARA", "Perpustakaan Pusat Penelitian Hayati Wanatara", LibraryType.SPECIAL, "Jalan Raya Kebun 3",
        "Bogor", "Jawa Barat", -6.5971, 106.7996, WIB, "hayati-bogor.example", "/katalog/{id}",
    ),
    DemoLibrary(
        "SDELI", "Perpustakaan Universitas Samudra Deli", LibraryType.ACADEMIC, "Jalan Belawan Raya 101",
        "Medan", "Sumatera Utara", 3.5952, 98.6722, WIB, "pustaka-medan.example",
        "/cgi-bin/koha/opac-detail.pl?biblionumber={id}",
    ),
    DemoLibrary(
        "PINISI", "Perpustakaan Universitas Pinisi Timur", LibraryType.ACADEMIC, "Jalan Tamalanrea Indah 20",
        "Makassar", "Sulawesi Selatan", -5.1477, 119.4327, WITA, "pustaka-makassar.example",
        "/inlislite3/opac/detail-opac?id={id}",
    ),
    DemoLibrary(
        "SARASWATI", "Perpustakaan Daerah Saraswati", LibraryType.PUBLIC, "Jalan Hayam Wuruk 60",
        "Denpasar", "Bali", -8.6705, 115.2126, WITA, "perpus-denpasar.example",
        "/inlislite3/opac/detail-opac?id={id}", 14,
    ),
    DemoLibrary(
        "APONO", "Perpustakaan SMA Bahari Apono", LibraryType.SCHOOL, "Jalan Tantui 15",
        "Ambon", "Maluku", -3.6954, 128.1814, WIT, "sma-ambon.example", "/perpus?judul={title}", 14,
    ),
    DemoLibrary(
        "SENTANI", "Perpustakaan Umum Sentani Raya", LibraryType.PUBLIC, "Jalan Danau Sentani 5",
        "Jayapura", "Papua", -2.5337, 140.7181, WIT, "perpus-jayapura.example",
        "/index.php?p=show_detail&id={id}", 42,
    ),
)  # fmt: skip


def ensure_libraries() -> dict[str, Library]:
    """Create what is missing; what a tester changed in the demo stays as it is. Returns them by short code."""
    found = {}
    for demo in LIBRARIES:
        found[demo.code], _created = Library.objects.get_or_create(
            short_code=demo.code,
            defaults={
                "name": demo.name,
                "isil": f"ID-DEMO-{demo.code[:8]}",  # "DEMO" so that nobody takes it for a registered one
                "library_type": demo.kind,
                "status": LibraryStatus.ACTIVE,
                "address": demo.address,
                "city": demo.city,
                "province": demo.province,
                "latitude": demo.latitude,
                "longitude": demo.longitude,
                "time_zone": demo.time_zone,
                "website": f"https://{demo.site}",
                "opac_link_pattern": f"https://{demo.site}{demo.opac}",
                "email": demo.email,
                "lends": demo.lends,
                "loan_days": demo.loan_days,
                "is_demo": True,
            },
        )
    return found
