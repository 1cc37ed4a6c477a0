"""One fact in the words of different cataloguers: names, numbers, volumes, publishers. Pure; called by catalogue.py."""

from __future__ import annotations

from random import Random

from stdnum import isbn as stdisbn

from network_portal.demo.editions import Edition, Person
from network_portal.demo.styles import Style

FORMAL = {
    "Gramedia Pustaka Utama": "PT Gramedia Pustaka Utama", "Bentang Pustaka": "PT Bentang Pustaka",
    "Balai Pustaka": "PT Balai Pustaka", "Mizan": "Penerbit Mizan", "Erlangga": "Penerbit Erlangga",
    "Rajawali Pers": "PT RajaGrafindo Persada", "Republika": "Penerbit Republika", "Kanisius": "Penerbit Kanisius",
    "Remaja Rosdakarya": "PT Remaja Rosdakarya", "Pustaka Jaya": "PT Dunia Pustaka Jaya",
    "Rineka Cipta": "PT Rineka Cipta", "Dian Rakyat": "PT Dian Rakyat", "Alfabeta": "CV Alfabeta",
    "Kepustakaan Populer Gramedia": "KPG (Kepustakaan Populer Gramedia)", "Bumi Aksara": "PT Bumi Aksara",
    "Bulan Bintang": "PT Bulan Bintang", "Salemba Empat": "Penerbit Salemba Empat",
}  # fmt: skip
SHORT = {
    "Gramedia Pustaka Utama": "Gramedia", "Bentang Pustaka": "Bentang", "Balai Pustaka": "Bal. Pustaka",
    "Kepustakaan Populer Gramedia": "KPG", "Gadjah Mada University Press": "UGM Press",
    "Remaja Rosdakarya": "Rosda", "Rajawali Pers": "Rajawali", "Lentera Dipantara": "Lentera Dipantara",
    "Yayasan Obor Indonesia": "Obor", "Pearson Prentice Hall": "Prentice Hall", "Penguin Books": "Penguin",
}  # fmt: skip
PLACES = {"Jakarta": "Jkt.", "Yogyakarta": "Yogya", "Bandung": "Bdg.", "Surabaya": "Sby.", "Semarang": "Smg."}
OLD_SPELLING = {
    "Moeis, Abdoel": "Muis, Abdul", "Rusli, Marah": "Roesli, Marah", "Sukarno": "Soekarno",
    "Alisjahbana, Sutan Takdir": "Alisyahbana, Sutan Takdir", "Sjahrir, Sutan": "Syahrir, Sutan",
    "Pane, Armijn": "Pane, Armyn", "Koentjaraningrat": "Kuntjaraningrat",
}  # fmt: skip
TITLED = {
    "Koentjaraningrat": "Prof. Dr. Koentjaraningrat", "Soekanto, Soerjono": "Prof. Dr. Soerjono Soekanto",
    "Arikunto, Suharsimi": "Prof. Dr. Suharsimi Arikunto", "Sugiyono": "Prof. Dr. Sugiyono",
    "Budiardjo, Miriam": "Prof. Miriam Budiardjo", "Hamka": "Prof. Dr. Hamka",
    "Shihab, M. Quraish": "Prof. Dr. H. M. Quraish Shihab", "Nasution, Harun": "Prof. Dr. Harun Nasution",
    "Madjid, Nurcholish": "Prof. Dr. Nurcholish Madjid", "Wahid, Abdurrahman": "K.H. Abdurrahman Wahid",
}  # fmt: skip
LIFE_DATES = {
    "Toer, Pramoedya Ananta": "1925-2006", "Hamka": "1908-1981", "Lubis, Mochtar": "1922-2004",
    "Anwar, Chairil": "1922-1949", "Moeis, Abdoel": "1883-1959", "Rusli, Marah": "1889-1968",
    "Alisjahbana, Sutan Takdir": "1908-1994", "Pane, Armijn": "1908-1970", "Rowling, J. K.": "1965-",
    "Kartini, R. A.": "1879-1904", "Dini, Nh.": "1936-2018", "Rendra, W. S.": "1935-2009",
    "Orwell, George": "1903-1950", "Geertz, Clifford": "1926-2006", "Anderson, Benedict": "1936-2015",
}  # fmt: skip
ROMAN = ("", "I", "II", "III", "IV", "V", "VI")
ORDINALS = (
    "",
    "pertama",
    "kedua",
    "ketiga",
    "keempat",
    "kelima",
    "keenam",
    "ketujuh",
    "kedelapan",
    "kesembilan",
)


def publisher(name: str, style: Style) -> str:
    return {"formal": FORMAL, "short": SHORT}.get(style.publisher, {}).get(name, name)


def place(name: str, style: Style) -> str:
    return PLACES.get(name, name) if style.place == "abbreviated" else name


def heading(person: Person, style: Style) -> str:
    """The name as an access point."""
    if person.role == "corp":
        return person.name
    if style.titled_names and person.name in TITLED:
        return TITLED[person.name]
    name = Person(OLD_SPELLING.get(person.name, person.name) if style.old_spelling else person.name)
    return name.direct if style.names == "direct" else name.name


def year(edition: Edition, style: Style) -> str:
    value = str(edition.year)
    return {"bracketed": f"[{value}]", "copyright": f"c{value}", "dotted": f"{value}."}.get(style.year, value)


def isbn(number: str, style: Style, random: Random) -> str:
    """The number in the library's form; now and then with a slip of the pen that its check digit betrays."""
    kind = random.choice(("13", "10", "13-", "10-")) if style.isbn == "mixed" else style.isbn
    thirteen = stdisbn.to_isbn13(number)
    value = thirteen
    if kind.startswith("10") and thirteen.startswith("978"):
        value = stdisbn.to_isbn10(thirteen)
    if random.random() < style.isbn_invalid:
        return value[:5] + str((int(value[5]) + 1) % 10) + value[6:]
    return stdisbn.format(value) if kind.endswith("-") else value


def statement(edition: Edition, style: Style, random: Random) -> str:
    """The edition statement: "Edisi 9", "Ed. 9", "Edisi kesembilan", "9th ed."; "" when the cataloguer left it out."""
    text = edition.statement
    if not text or (not edition.has_siblings and random.random() < style.statement_missing):
        return ""
    number = text.removeprefix("Edisi ")
    if style.statement == "words" and number.isdigit() and int(number) < len(ORDINALS):
        return f"Edisi {ORDINALS[int(number)]}"
    return text.replace("Edisi", "Ed.").replace("revisi", "rev.") if style.statement == "short" else text


def volume(edition: Edition, style: Style) -> tuple[str, str]:
    """(addition to $a, content of $n); the volume stands in one of the two."""
    part = edition.part
    if not part:
        return "", ""
    if not part.isdigit():
        return "", part
    english = edition.language == "eng"
    word = "Vol." if english else "Jilid"
    return {
        "n-jilid": ("", f"{word} {part}"),
        "n-number": ("", part),
        "n-roman": ("", f"{'Vol.' if english else 'Jil.'} {ROMAN[int(part)]}"),
        "a-jilid": (f", {word.lower()} {part}", ""),
        "a-buku": (f", book {part}" if english else f", buku {ORDINALS[int(part)]}", ""),
        "a-number": (f" {part}", ""),
    }[style.volume]
