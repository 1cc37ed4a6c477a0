"""How each demo library catalogues: its file format and its habits, as real catalogues differ. Read by catalogue.py."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """`*_missing` and the other rates are shares of records (0 to 1)."""

    file: str  # mrc, mrc8 (MARC-8), xml, mrc.gz, xml.gz
    control: str = "{n}"  # pattern of the control number
    isbn: str = "13"  # 13, 10, 13-, 10-, mixed; a hyphen stands for hyphenated
    isbn_invalid: float = 0.0
    names: str = "inverted"  # inverted, direct
    old_spelling: bool = False  # Moeis, Roesli, Soekarno
    titled_names: bool = False  # "Prof. Dr. Koentjaraningrat"
    life_dates: bool = False
    upper_case: float = 0.0
    isbd: bool = True
    rda: bool = False  # 264 and 33x
    publisher: str = "plain"  # plain, formal, short
    place: str = "plain"  # plain, abbreviated
    year: str = "plain"  # plain, bracketed, copyright, dotted
    year_missing: float = 0.0
    subtitle_missing: float = 0.0
    statement: str = "plain"  # plain, short, words
    statement_missing: float = 0.0
    printings: float = 0.0  # "Cet. 5" in 250
    volume: str = "n-jilid"  # n-jilid, n-number, n-roman, a-jilid, a-buku, a-number
    summary: float = 0.0
    items: str = "952"  # 952, 852, 852+876
    call_suffix: bool = True
    vernacular: str = "880"  # 880: romanised and paired; only: as printed; none: does not collect it
    duplicates: int = 0  # records that the library has twice
    broken: bool = False  # the file also holds records that cannot be read


STYLES: dict[str, Style] = {
    "DEPOSIT": Style(
        "mrc", control="DKC{n:09d}", isbn="13-", life_dates=True, old_spelling=True, rda=True, publisher="plain",
        printings=0.1, volume="n-jilid", summary=0.5, items="852+876", duplicates=6,
    ),
    "PARAHITA": Style(
        "mrc", control="{n}", isbn="13", names="direct", isbd=False, publisher="short", subtitle_missing=0.15,
        statement="short", volume="a-jilid", printings=0.2, items="952",
    ),
    "CANDISEWU": Style(
        "xml", control="{n}", isbn="mixed", rda=True, year="copyright", volume="n-number", summary=1.0,
        life_dates=True, items="952", vernacular="880",
    ),
    "LAWANGPITU": Style(
        "mrc.gz", control="LWP-{n:05d}", isbn="13", isbn_invalid=0.04, publisher="formal", place="abbreviated",
        printings=0.35, volume="a-buku", items="952", year_missing=0.05, vernacular="none",
    ),
    "JMERAH": Style(
        "mrc", control="{n}", isbn="13", names="direct", isbd=False, publisher="formal", statement="words",
        statement_missing=0.1, volume="a-number", items="952", vernacular="none", broken=True,
    ),
    "CENDEKIA": Style(
        "xml", control="nc{n:06d}", isbn="10-", names="direct", isbd=False, titled_names=True, place="abbreviated",
        year="bracketed", year_missing=0.12, subtitle_missing=0.3, volume="n-roman", items="852",
        vernacular="only",
    ),
    "WANATARA": Style(
        "mrc8", control="wh{n:06d}", isbn="10", publisher="plain", year="dotted", volume="n-number",
        items="852+876", vernacular="none",
    ),
    "SDELI": Style(
        "xml.gz", control="{n}", isbn="13", rda=True, publisher="plain", statement="short", volume="n-jilid",
        summary=0.3, items="952",
    ),
    "PINISI": Style(
        "mrc", control="INLIS{n:015d}", isbn="13-", publisher="formal", place="abbreviated", printings=0.25,
        statement="words", volume="n-jilid", items="952",
    ),
    "SARASWATI": Style(
        "mrc", control="INLIS{n:015d}", isbn="10-", titled_names=True, publisher="formal", year="bracketed",
        printings=0.3, volume="a-jilid", subtitle_missing=0.1, items="852", vernacular="none",
    ),
    "APONO": Style(
        "mrc", control="{n}", isbn="10", names="direct", upper_case=1.0, isbd=False, publisher="short",
        place="abbreviated", year_missing=0.1, subtitle_missing=0.35, statement_missing=0.2, volume="a-number",
        items="952", vernacular="none",
    ),
    "SENTANI": Style(
        "xml", control="{n}", isbn="mixed", isbn_invalid=0.03, publisher="short", upper_case=0.15, year="plain",
        volume="a-buku", statement="short", items="952", summary=0.2, vernacular="none",
    ),
}  # fmt: skip


# What each library collects: the chance that it buys an edition, by shelf and by the first digits of Dewey.
# The longest prefix that fits counts; "*" is the rest.
INTERESTS: dict[str, dict[str, float]] = {
    "DEPOSIT": {"*": 0.55, "world_literature": 0.3, "academic_english": 0.12, "textbooks": 0.45},
    "PARAHITA": {"*": 0.35, "textbooks": 0.6, "academic_english": 0.6, "499.223": 0.9, "899.2232": 0.9},
    "CANDISEWU": {"*": 0.45, "society": 0.6, "academic_english": 0.65, "899.222": 0.9, "959": 0.7},
    "LAWANGPITU": {"*": 0.4, "indonesian_modern": 0.65, "academic_english": 0.05, "textbooks": 0.2},
    "JMERAH": {"*": 0.04, "textbooks": 0.3, "00": 0.85, "5": 0.5, "62": 0.95, "65": 0.7, "720": 0.9},
    "CENDEKIA": {
        "*": 0.08, "297": 0.95, "492": 0.95, "1": 0.35,
        "499": 0.4, "indonesian_modern": 0.2, "899": 0.2,
    },
    "WANATARA": {
        "*": 0.02, "57": 0.95, "58": 1.0, "59": 0.95, "63": 0.95,
        "912": 0.9, "915": 0.5, "50": 0.6, "54": 0.4,
    },
    "SDELI": {"*": 0.3, "textbooks": 0.55, "academic_english": 0.45, "34": 0.8, "959.81": 1.0},
    "PINISI": {
        "*": 0.3, "textbooks": 0.5, "society": 0.45,
        "academic_english": 0.35, "305.8992": 1.0, "959.84": 1.0,
    },
    "SARASWATI": {
        "*": 0.25, "indonesian_classics": 0.4, "indonesian_modern": 0.45,
        "294": 1.0, "959.86": 1.0, "textbooks": 0.1,
    },
    "APONO": {
        "*": 0.05, "indonesian_modern": 0.4, "indonesian_classics": 0.25,
        "499": 0.4, "959.85": 1.0, "82": 0.2,
    },
    "SENTANI": {
        "*": 0.12, "indonesian_modern": 0.35, "indonesian_classics": 0.2,
        "995": 1.0, "959.85": 0.8, "textbooks": 0.15,
    },
}  # fmt: skip
