"""The word lists that normalising leans on, as data: Indonesian first, English and a little more beside."""

from __future__ import annotations

ARTICLES = frozenset({"the", "a", "an", "sang", "si", "der", "die", "das", "le", "la", "les", "het", "de"})

HONORIFICS = frozenset(
    {"prof", "dr", "drs", "dra", "ir", "h", "hj", "kh", "kyai", "ustadz", "ustaz", "tgk", "dkk", "et", "al"}
)  # fmt: skip

# Written without dots and blanks.
DEGREES = frozenset(
    (  # noqa: SIM905
    "spd mpd ssi msi shum mhum skom mkom sag mag ssos msos se mm sh mh st mt sip map skm mkes ssn msn sked "
    "skep mkep ners ma msc mba phd edd bsc ba bed lc amd dipl ing spdi mpdi spsi mpsi sei mei ak ca cpa mphil "
    "llm apt sfarm mfarm sp mp spt mma s1 s2 s3 s pd m si hum kom ag e t"
).split()
) | HONORIFICS  # fmt: skip

PUBLISHER_NOISE = frozenset(
    (  # noqa: SIM905
        "pt cv ud fa tbk pd nv penerbit percetakan publisher publishers publishing publication publications "
        "company co inc ltd llc gmbh verlag press books and dan the"
    ).split()
)

ORDINALS = {
    "satu": 1, "pertama": 1, "kesatu": 1, "dua": 2, "kedua": 2, "tiga": 3, "ketiga": 3, "empat": 4, "keempat": 4,
    "lima": 5, "kelima": 5, "enam": 6, "keenam": 6, "tujuh": 7, "ketujuh": 7, "delapan": 8, "kedelapan": 8,
    "sembilan": 9, "kesembilan": 9, "sepuluh": 10, "kesepuluh": 10, "one": 1, "first": 1, "two": 2, "second": 2,
    "three": 3, "third": 3, "four": 4, "fourth": 4, "five": 5, "fifth": 5, "six": 6, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "上": 1, "中": 2, "下": 3, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5,
    "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
}  # fmt: skip


def _roman(n: int) -> str:
    text = ""
    for value, letters in ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        text += letters * (n // value)
        n %= value
    return text


ROMAN = {_roman(n): n for n in range(1, 61)}

UNKNOWN_LANGUAGES = frozenset({"", "und", "mul", "zxx", "xxx"})

# A title that says what kind of thing it is and not which one.
GENERIC_TITLES = frozenset(
    {
        "skripsi", "tesis", "disertasi", "laporan tahunan", "laporan akhir", "laporan penelitian", "annual report",
        "laporan", "prosiding", "proceedings", "pengantar", "makalah", "karya tulis ilmiah", "tugas akhir", "modul",
        "bunga rampai", "kumpulan makalah", "report", "selected works", "poems", "puisi", "cerpen", "novel",
    }
)  # fmt: skip

# What titles are joined with; one in place of another makes no other book.
LITTLE_WORDS = frozenset(
    (  # noqa: SIM905
        "dan dari yang untuk dengan pada oleh atau dalam bagi serta tentang sebuah suatu para the and for with from of "
        "by to in on at upon being its his her their der die das und von mit les des del los las une der den het van"
    ).split()
)

# Titles under which many works stand: what an author, a department or a choir has called what it made.
GENERIC_WORKS = frozenset(
    {
        "works", "selections", "collected works", "complete works", "novels", "short stories", "stories", "essays",
        "plays", "poems", "poetry", "selected poems", "collected poems", "speeches", "letters", "correspondence",
        "laws", "laws etc", "treaties", "songs", "symphonies", "sonatas", "concertos", "karya lengkap", "karya pilihan",
        "kumpulan cerpen", "kumpulan cerita pendek", "kumpulan puisi", "kumpulan sajak", "kumpulan karangan",
        "kumpulan pidato", "kumpulan soal", "sajak sajak", "antologi puisi", "antologi cerpen", "statistik", "profil",
        "pedoman", "panduan", "petunjuk teknis", "rencana strategis", "frontmatter", "front matter", "back matter",
        "daftar isi", "index", "indeks", "untitled", "tanpa judul", "diktat", "buku ajar", "bahan ajar", "lks",
        "thesis", "dissertation", "skripsi sarjana", "laporan kerja praktek", "laporan magang", "laporan kegiatan",
        "koleksi",
    }
)  # fmt: skip

# How a title begins that many bodies give each year; unsigned, not even its publisher tells one from the other.
KINDS_OF_WORKS = frozenset(
    (  # noqa: SIM905
        "skripsi tesis disertasi laporan annual report reports statistik statistics prosiding proceedings profil "
        "rencana peraturan undang keputusan pedoman panduan petunjuk buku modul makalah kumpulan direktori daftar "
        "katalog soal himpunan bunga"
    ).split()
)

# School books whose subtitle alone tells one from the other.
SCHOOL_TITLES = frozenset(
    {
        "bahasa indonesia", "bahasa inggris", "bahasa arab", "bahasa jawa", "bahasa sunda", "pendidikan agama islam",
        "pendidikan kewarganegaraan", "pendidikan pancasila", "ilmu pengetahuan alam", "ilmu pengetahuan sosial",
        "pendidikan jasmani", "seni budaya", "buku siswa", "buku guru", "kamus lengkap", "kamus bahasa",
    }
)  # fmt: skip
