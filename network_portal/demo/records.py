"""One edition as a MARC 21 record of one library, in that library's style. Called by catalogue.py; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

from catalog.formats.records import Field
from network_portal.demo import wording
from network_portal.demo.editions import Edition, Person
from network_portal.demo.items import item_fields
from network_portal.demo.styles import Style

COUNTRIES = {
    "London": "enk", "Oxford": "enk", "New York": "nyu", "Paris": "fr ", "Kuala Lumpur": "my ", "Singapore": "si ",
    "Batavia": "io ", "Leiden": "ne ", "The Hague": "ne ", "'s-Gravenhage": "ne ", "Amsterdam": "ne ",
    "Tōkyō": "ja ", "東京": "ja ", "بيروت": "le ", "Москва": "ru ", "Chicago": "ilu", "Boston": "mau",
}  # fmt: skip
INDONESIAN = {
    "Jakarta", "Yogyakarta", "Bandung", "Surabaya", "Semarang", "Solo", "Depok", "Bogor", "Cibinong", "Makassar",
    "Medan", "Ende", "Magelang", "Bukittinggi", "Batavia", "Denpasar", "Tangerang Selatan",
}  # fmt: skip
RELATORS = {"trans": "penerjemah", "ed": "editor", "ill": "ilustrator", "narrator": "narator"}
LEADERS = {"book": "am", "largeprint": "am", "serial": "as", "thesis": "am", "map": "em", "audio": "im"}
Told = Callable[[str], str]
NOTES = {"largeprint": "Huruf besar.", "audio": "Buku audio."}


@dataclass(frozen=True)
class Written:
    """A record's leader and fields; the writer adds the bytes."""

    leader: str
    fields: list[Field]


def write_record(edition: Edition, *, code: str, style: Style, number: int, random: Random) -> Written:
    """The record with control number `number` of the library `code`."""
    romanised = style.vernacular == "880"

    def as_told(text: str) -> str:
        return edition.romanised.get(text, text) if romanised else text

    leader = f"00000n{LEADERS[edition.form]} a2200000 {'i' if style.isbd else ' '} 4500"
    drop_year = not edition.has_siblings and edition.form == "book" and random.random() < style.year_missing
    fields: list[Field] = [
        ("001", style.control.format(n=number)),
        ("008", _fixed_field(edition, known_year=not drop_year)),
        *_numbers(edition, style, random),
        _data("040", " ", " ", [("a", f"ID-DEMO-{code[:8]}")]),
        *_languages(edition),
        _data("082", "0", "4", [("a", edition.dewey)]),
        *_main_entry(edition, style, as_told),
        _title(edition, style, random, as_told),
        *_statements(edition, style, random),
        _imprint(edition, style, as_told, drop_year),
        *_extent(edition, style),
        *_rda_types(edition, style),
        *_notes(edition, style, random),
        *[_data("650", " ", "4", _heading_parts(subject)) for subject in edition.subjects],
        *_added_entries(edition, style, as_told),
        *_paired_script(edition, style),
        *item_fields(edition, code=code, style=style, number=number, random=random),
    ]  # fmt: skip
    return Written(leader, fields)


def _data(tag: str, first: str, second: str, subfields: Iterable[tuple[str, str]]) -> Field:
    return (tag, first, second, tuple(subfields))


def _fixed_field(edition: Edition, *, known_year: bool) -> str:
    """008 (40 characters): entered, date, country, language; large print in position 23, current serials."""
    country = "io " if edition.place in INDONESIAN else COUNTRIES.get(edition.place, "xx ")
    dates = f"c{edition.year}9999" if edition.form == "serial" else f"s{edition.year}    "
    if not known_year:
        dates = "nuuuuuuuu"
    middle = " " * 17
    if edition.form == "largeprint":
        middle = " " * 5 + "d" + " " * 11
    return f"240115{dates}{country}{middle}{edition.language}  "


def _numbers(edition: Edition, style: Style, random: Random) -> list[Field]:
    if edition.issn:
        return [_data("022", " ", " ", [("a", edition.issn)])]
    return (
        [_data("020", " ", " ", [("a", wording.isbn(edition.isbn, style, random))])] if edition.isbn else []
    )


def _languages(edition: Edition) -> list[Field]:
    if not edition.original_language:
        return []
    return [_data("041", "1", " ", [("a", edition.language), ("h", edition.original_language)])]


def _access_point(person: Person, style: Style, as_told: Told) -> list[tuple[str, str]]:
    told = as_told(person.name)
    subfields = [("a", told if told != person.name else wording.heading(person, style))]
    if style.life_dates and person.name in wording.LIFE_DATES:
        subfields = [("a", subfields[0][1] + ","), ("d", wording.LIFE_DATES[person.name])]
    return subfields


def _indicator(person: Person, style: Style) -> str:
    return "1" if style.names == "inverted" and "," in person.name else "0"


def _main_entry(edition: Edition, style: Style, as_told: Told) -> list[Field]:
    person = edition.author
    if person is None:
        return []
    if person.role == "corp":
        return [_data("110", "2", " ", [("a", person.name)])] if edition.form != "serial" else []
    return [_data("100", _indicator(person, style), " ", _access_point(person, style, as_told))]


def _added_entries(edition: Edition, style: Style, as_told: Told) -> list[Field]:
    fields: list[Field] = []
    for person in edition.people:
        if person == edition.author and not (person.role == "corp" and edition.form == "serial"):
            continue
        if person.role == "corp":
            fields.append(_data("710", "2", " ", [("a", person.name)]))
            continue
        subfields = _access_point(person, style, as_told)
        if person.role in RELATORS:
            subfields = [
                *subfields[:-1],
                (subfields[-1][0], subfields[-1][1] + ","),
                ("e", RELATORS[person.role]),
            ]
        fields.append(_data("700", _indicator(person, style), " ", subfields))
    return fields


def _title(edition: Edition, style: Style, random: Random, as_told: Told) -> Field:
    """245 with ISBD punctuation or without, the volume in $a or $n, the responsibility in $c."""
    in_a, in_n = wording.volume(edition, style)
    subtitle = (
        "" if not edition.has_siblings and random.random() < style.subtitle_missing else edition.subtitle
    )
    by = _responsibility(edition, as_told)
    title = as_told(edition.title) + in_a
    if random.random() < style.upper_case:
        title, subtitle = title.upper(), subtitle.upper()
    parts = [("a", title), ("n", in_n), ("p", edition.part_name), ("b", subtitle), ("c", by)]
    parts = [(code, text) for code, text in parts if text]
    if style.isbd:
        parts = _with_isbd(parts)
    article = 4 if edition.language == "eng" and edition.title.startswith("The ") else 0
    return _data("245", "1" if edition.author else "0", str(article), parts)


def _with_isbd(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each subfield ends in the mark that introduces the next one (ISBD(M) 0.4, as in AACR2 records)."""
    marks = {"n": ".", "p": ",", "b": " :", "c": " /"}
    following = [code for code, _ in parts[1:]] + [""]
    out = []
    for (code, text), after in zip(parts, following, strict=True):
        mark = "." if after == "p" and code != "n" else marks.get(after, "")
        out.append((code, text + mark))
    return out


def _responsibility(edition: Edition, as_told: Told) -> str:
    def spoken(person: Person) -> str:
        return Person(as_told(person.name)).direct

    authors = [spoken(p) for p in edition.people if p.role in ("author", "corp")]
    said = [", ".join(authors)] if authors else []
    for role, word in (
        ("ed", "editor"),
        ("trans", "penerjemah"),
        ("ill", "ilustrasi"),
        ("narrator", "narator"),
    ):
        names = ", ".join(spoken(p) for p in edition.people if p.role == role)
        if names:
            said.append(f"{word}, {names}")
    return " ; ".join(said)


def _statements(edition: Edition, style: Style, random: Random) -> list[Field]:
    text = wording.statement(edition, style, random)
    if (
        not text
        and edition.form == "book"
        and edition.place in INDONESIAN
        and random.random() < style.printings
    ):
        text = f"Cet. {random.randint(2, 12)}"
    return [_data("250", " ", " ", [("a", text)])] if text else []


def _imprint(edition: Edition, style: Style, as_told: Told, drop_year: bool) -> Field:
    place = as_told(edition.place) if edition.romanised else wording.place(edition.place, style)
    publisher = (
        as_told(edition.publisher) if edition.romanised else wording.publisher(edition.publisher, style)
    )
    parts = [("a", place + " :" * style.isbd), ("b", publisher + "," * (style.isbd and not drop_year))]
    if not drop_year:
        parts.append(("c", f"{edition.year}-" if edition.form == "serial" else wording.year(edition, style)))
    return _data("264", " ", "1", parts) if style.rda else _data("260", " ", " ", parts)


def _extent(edition: Edition, style: Style) -> list[Field]:
    word = "p." if edition.language == "eng" and style.rda else "hlm."
    extent = {"serial": "jilid", "map": "1 peta", "audio": "cakram audio"}.get(
        edition.form, f"{edition.pages} {word}" if edition.pages else ""
    )
    large = edition.form == "largeprint"
    text = f"{extent} (huruf besar)".strip() if large else extent
    return [_data("300", " ", " ", [("a", text)])] if text else []


def _rda_types(edition: Edition, style: Style) -> list[Field]:
    if not style.rda or edition.form not in ("book", "audio"):
        return []
    content, medium, carrier = ("spw", "s", "sd") if edition.form == "audio" else ("txt", "n", "nc")
    return [
        _data("336", " ", " ", [("b", content), ("2", "rdacontent")]),
        _data("337", " ", " ", [("b", medium), ("2", "rdamedia")]),
        _data("338", " ", " ", [("b", carrier), ("2", "rdacarrier")]),
    ]


def _notes(edition: Edition, style: Style, random: Random) -> list[Field]:
    fields = [_data("500", " ", " ", [("a", NOTES[edition.form])])] if edition.form in NOTES else []
    if edition.form == "thesis":
        degree = "Skripsi" if edition.language == "ind" else "Disertasi"
        fields.append(_data("502", " ", " ", [("a", f"{degree} -- {edition.publisher}, {edition.year}")]))
    if edition.summary and random.random() < style.summary:
        fields.append(_data("520", " ", " ", [("a", edition.summary)]))
    return fields


def _heading_parts(subject: str) -> list[tuple[str, str]]:
    main, *rest = subject.split(" -- ")
    return [("a", main), *[("x", part) for part in rest]]


def _paired_script(edition: Edition, style: Style) -> list[Field]:
    """880 with the title and the author as printed, beside their Latin spelling."""
    if style.vernacular != "880" or not edition.romanised:
        return []
    fields: list[Field] = [_data("880", "1", "0", [("6", "245-01"), ("a", edition.title)])]
    if edition.author:
        fields.append(_data("880", "1", " ", [("6", "100-02"), ("a", edition.author.name)]))
    return fields
