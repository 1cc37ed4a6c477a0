"""A made-up union catalogue: editions, and how each library would have catalogued them. Called by make_corpus.

Same numbers in, same bytes out. About 1.2 kB and 25 fields a record, like real ones.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from catalog.corpus import words as w
from catalog.formats.records import Field
from catalog.formats.write import to_iso2709


@dataclass(frozen=True)
class Edition:
    number: int
    title: str
    subtitle: str
    volume: int  # 0: the work has one volume
    given: str
    family: str
    second: str
    publisher: int
    year: int
    edition: int
    isbn: str  # nine digits, "" none; volumes of a set may share one
    pages: int
    subjects: tuple[str, ...]


def editions(count: int, seed: int) -> Iterator[Edition]:
    """Editions 0 … count-1; some works come in volumes, some in a second edition of another year."""
    rng = random.Random(seed)  # noqa: S311  no secret
    number = 0
    while number < count:
        first = _edition(rng, number)
        kind = rng.random()
        family = [first]
        if kind < 0.04:  # a set; half of the sets carry one ISBN on all volumes
            shared = rng.random() < 0.5
            family = [
                replace(first, number=number + i, volume=i + 1, pages=first.pages + 7 * i,
                      isbn=first.isbn if shared or i == 0 else _isbn(rng))
                for i in range(rng.randint(2, 4))
            ]  # fmt: skip
        elif kind < 0.10:
            family.append(replace(first, number=number + 1, edition=2, year=first.year + rng.randint(2, 8),
                                isbn=_isbn(rng), pages=first.pages + rng.randint(5, 60)))  # fmt: skip
        yield from family[: count - number]
        number += len(family)


def _edition(rng: random.Random, number: int) -> Edition:
    pick = rng.choice
    parts = [pick(w.NOUNS), pick(w.QUALITIES) if rng.random() < 0.6 else pick(w.NOUNS), pick(w.NOUNS)]
    if rng.random() < 0.5:
        parts += ["di", pick(w.PLACES)]
    title = " ".join(parts)
    subtitle = (
        f"{pick(w.NOUNS)} {pick(w.QUALITIES)} {pick(w.NOUNS)} {pick(w.PLACES)}" if rng.random() < 0.5 else ""
    )
    second = f"{pick(w.GIVEN)} {pick(w.FAMILY)}" if rng.random() < 0.3 else ""
    given = " ".join(pick(w.GIVEN) for _ in range(rng.randint(1, 2)))
    return Edition(
        number, title[0].upper() + title[1:], subtitle, 0, given, pick(w.FAMILY), second,
        rng.randrange(len(w.PUBLISHERS)), rng.randint(1970, 2024), 1, _isbn(rng) if rng.random() < 0.7 else "",
        rng.randint(60, 700), tuple(rng.sample(w.SUBJECTS, rng.randint(1, 3))),
    )  # fmt: skip


def _isbn(rng: random.Random) -> str:
    return f"{rng.choice(('979', '602', '623'))}{rng.randrange(10**6):06d}"


def isbn13(nine: str) -> str:
    digits = "978" + nine
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits))
    return digits + str(-total % 10)


def isbn10(nine: str) -> str:
    check = -sum(int(d) * (10 - i) for i, d in enumerate(nine)) % 11
    return nine + ("X" if check == 10 else str(check))


def record(edition: Edition, library: int, identifier: str, rng: random.Random) -> bytes:
    """The edition as this library catalogued it: its own ISBN form, name form, publisher form, subtitle or none."""
    return to_iso2709(_fields(edition, library, identifier, rng))


def _fields(e: Edition, library: int, identifier: str, rng: random.Random) -> list[Field]:
    chance = rng.random
    name, forms, place = w.PUBLISHERS[e.publisher]
    fields: list[Field] = [
        ("001", identifier),
        ("003", f"ID-LIB{library:02d}"),
        ("005", "20240102030405.0"),
        ("008", f"240102s{e.year}    io            000 0 ind d"),
        ("035", " ", " ", (("a", f"(ID-LIB{library:02d}){identifier}"),)),
    ]
    if e.isbn:
        value = isbn10(e.isbn) if chance() < 0.4 else isbn13(e.isbn)
        if chance() < 0.4:
            value = "-".join((value[:-7], value[-7:-4], value[-4:-1], value[-1]))
        fields.append(("020", " ", " ", (("a", value), ("q", "sampul lunak"))))
    author = f"{e.family}, {e.given}" if chance() < 0.75 else f"{e.given} {e.family}"
    fields += [
        ("040", " ", " ", (("a", f"ID-LIB{library:02d}"), ("b", "ind"), ("e", "rda"))),
        ("041", "0", " ", (("a", "ind"),)),
        ("082", "0", "4", (("a", f"{100 + e.number % 899}.{e.number % 97}"), ("2", "23"))),
        ("100", "1", " ", (("a", author + ","), ("e", "pengarang."))),
        ("245", "1", "0", _title(e, chance)),
    ]
    if e.edition > 1 or chance() < 0.3:
        statement = (
            f"Ed. {e.edition}",
            f"Edisi ke-{e.edition}",
            f"Ed. {e.edition}, cet. {1 + int(chance() * 6)}",
        )
        fields.append(("250", " ", " ", (("a", rng.choice(statement)),)))
    elif chance() < 0.3:
        fields.append(("250", " ", " ", (("a", f"Cet. {1 + int(chance() * 9)}"),)))
    imprint = (
        ("a", place + " :"),
        ("b", (rng.choice(forms) if chance() < 0.4 else name) + ","),
        ("c", f"{e.year}."),
    )
    fields += [
        ("264", " ", "1", imprint),
        ("300", " ", " ", (("a", f"{4 + e.pages % 20}, {e.pages} hlm. :"), ("b", "ilus. ;"), ("c", "21 cm"))),
        ("336", " ", " ", (("a", "teks"), ("b", "txt"), ("2", "rdacontent"))),
        ("337", " ", " ", (("a", "tanpa perantara"), ("b", "n"), ("2", "rdamedia"))),
        ("338", " ", " ", (("a", "volume"), ("b", "nc"), ("2", "rdacarrier"))),
        (
            "490",
            "0",
            " ",
            (("a", f"Seri {w.NOUNS[e.publisher % len(w.NOUNS)]}"), ("v", f"no. {1 + e.number % 40}")),
        ),
        ("500", " ", " ", (("a", f"Indeks: hlm. {e.pages - 1}-{e.pages}."),)),
        ("504", " ", " ", (("a", f"Bibliografi: hlm. {e.pages - 6}-{e.pages - 2}."),)),
        ("520", " ", " ", (("a", _summary(e)),)),
    ]
    fields += [("650", " ", "4", (("a", subject), ("x", "Indonesia"))) for subject in e.subjects]
    if e.second:
        fields.append(("700", "1", " ", (("a", e.second), ("e", "penyunting"))))
    return [*fields, *_items(e, library, identifier, rng), ("942", " ", " ", (("2", "ddc"), ("c", "BK")))]


def _title(e: Edition, chance: object) -> tuple[tuple[str, str], ...]:
    draw: float = chance()  # type: ignore[operator]
    parts = [("a", e.title)]
    if e.volume:
        forms = (
            ("n", f"Jilid {e.volume}"),
            ("n", f"Jil. {'I' * e.volume if e.volume < 4 else 'IV'}"),
            ("n", f"Vol. {e.volume}"),
        )
        parts.append(forms[int(draw * 3)])
    if e.subtitle and draw < 0.7:
        parts.append(("b", e.subtitle))
    return (*parts, ("c", f"{e.given} {e.family}"))


def _summary(e: Edition) -> str:
    rng = random.Random(e.number)  # noqa: S311
    return " ".join(rng.choice(w.NOUNS) for _ in range(28)).capitalize() + "."


def _items(e: Edition, library: int, identifier: str, rng: random.Random) -> list[Field]:
    place = rng.choice(("Koleksi Umum", "Koleksi Umum", "Referensi", "Cadangan"))
    call = f"{100 + e.number % 899} {e.family[:3].upper()} {e.title[0].lower()}"
    return [
        ("852", " ", " ", (
            ("a", f"LIB{library:02d}"), ("b", place), ("h", call), ("p", f"{library:02d}{identifier}{copy}"),
            ("t", str(copy)),
        ))
        for copy in range(1, 2 + (rng.random() < 0.4))
    ]  # fmt: skip


def distribute(count: int, libraries: int, overlap: float, seed: int) -> Iterator[tuple[int, int]]:
    """(edition, library) pairs, all different: `overlap` of the records describe an edition another one holds too.

    No more than the libraries have room for: each holds an edition once, so one library alone has no overlap.
    """
    rng = random.Random(seed + 1)  # noqa: S311
    unique = max(1, round(count * (1 - overlap)), -(-count // libraries))
    taken: set[int] = set()
    for number in range(count):
        edition = number if number < unique else rng.randrange(unique)
        library = rng.randrange(libraries)
        tries = 0
        while edition * libraries + library in taken:
            library, tries = (library + 1) % libraries, tries + 1
            if tries == libraries:
                edition, tries = rng.randrange(unique), 0
        taken.add(edition * libraries + library)
        yield edition, library
