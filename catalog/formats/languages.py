"""Language codes and names as catalogues write them, to MARC codes (ISO 639-2/B)."""

from __future__ import annotations

import re
from functools import lru_cache

from catalog.formats.language_table import CODES, SHORT, TERMINOLOGICAL

# Codes of language groups, which MARC has and the ISO 639-3 tables leave out.
_GROUPS = frozenset(
    """
    afa alg apa art ath aus bad bai bat ber bih bnt btk cai cau cel cmc cpe cpf cpp crp cus day dra fiu gem ijo
    inc ine ira iro kar khi kro map mkh mno mun myn nah nai nic nub oto paa phi pra roa sai sal sem sgn sio sit
    sla smi son ssa tai tup tut wak wen ypk znd
    """.split()  # noqa: SIM905
)
_OBSOLETE = {
    "ajm": "aar", "cam": "khm", "esk": "ypk", "esp": "epo", "eth": "gez", "far": "fao", "fri": "fry", "gae": "gla",
    "gag": "glg", "gal": "orm", "gua": "grn", "int": "ina", "iri": "gle", "kus": "kos", "lan": "oci", "lap": "smi",
    "max": "glv", "mla": "mlg", "mol": "rum", "sao": "smo", "scc": "srp", "scr": "hrv", "sho": "sna", "snh": "sin",
    "sso": "sot", "swz": "ssw", "tag": "tgl", "taj": "tgk", "tar": "tat", "tru": "chk", "tsw": "tsn",
}  # fmt: skip
_NAMES = {
    "indonesia": "ind", "inggris": "eng", "arab": "ara", "jawa": "jav", "sunda": "sun", "belanda": "dut",
    "melayu": "may", "malaysia": "may", "jerman": "ger", "perancis": "fre", "prancis": "fre", "jepang": "jpn",
    "cina": "chi", "mandarin": "chi", "tionghoa": "chi", "korea": "kor", "spanyol": "spa", "italia": "ita",
    "rusia": "rus", "bali": "ban", "bugis": "bug", "minangkabau": "min", "madura": "mad", "aceh": "ace",
    "batak": "btk", "makassar": "mak", "banjar": "bjn", "sasak": "sas", "latin": "lat", "sanskerta": "san",
    "turki": "tur", "thai": "tha", "malay": "may", "greek": "grc", "english": "eng", "indonesian": "ind",
    "arabic": "ara", "dutch": "dut", "german": "ger", "french": "fre", "japanese": "jpn", "chinese": "chi",
    "korean": "kor", "spanish": "spa", "italian": "ita", "russian": "rus", "javanese": "jav", "sundanese": "sun",
    "balinese": "ban", "buginese": "bug", "madurese": "mad", "acehnese": "ace", "portuguese": "por",
    "persian": "per", "turkish": "tur", "hindi": "hin", "sanskrit": "san", "vietnamese": "vie",
    "deutsch": "ger", "français": "fre", "español": "spa", "italiano": "ita", "nederlands": "dut",
}  # fmt: skip
_NOT_SAID = frozenset(("und", "mul", "zxx", "mis", "xxx", "n/a"))
_CODE = re.compile(r"[a-z]{3}")
_NAME = re.compile(r"[^\W\d_][^\d_$#|?]+")
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=4096)
def language_code(value: str) -> str:
    """MARC code of a code or name in English or Indonesian; "" where it is none or says "undetermined"."""
    text = value.strip(" .,;:|#^\\-").lower()
    if not text or text in _NOT_SAID:
        return ""
    if len(text) == 3:
        if text in _OBSOLETE:
            return _OBSOLETE[text]
        if text in _GROUPS or text in CODES:
            return text
    if known := TERMINOLOGICAL.get(text) or SHORT.get(text):
        return known
    words = [word for word in _WORD.findall(text) if word not in ("bahasa", "language", "basa")]
    for word in words:
        if word in _NAMES:
            return _NAMES[word]
    return _looked_up(text, " ".join(words))


def _looked_up(text: str, name: str) -> str:
    """Names in English, and codes that few catalogues use. A few letters alone are the name of nothing: there are
    languages called U and E, and no catalogue means them."""
    if not (_CODE.fullmatch(text) or (len(name) > 3 and _NAME.fullmatch(text))):
        return ""
    from iso639 import Language, LanguageNotFoundError  # not at the top: see language_table.py

    for candidate in (text, name.capitalize(), name.title()):
        try:
            found = Language.match(candidate)
        except LanguageNotFoundError:
            continue
        return found.part2b or found.part3 or ""
    return ""


@lru_cache(maxsize=4096)
def language_codes(value: str) -> tuple[str, ...]:
    """All codes of one subfield: "engfre" run together, "eng; ind", or one name."""
    text = value.strip()
    if len(text) > 3 and len(text) % 3 == 0 and text.isascii() and text.isalpha() and text.islower():
        codes = [language_code(text[i : i + 3]) for i in range(0, len(text), 3)]
        if all(codes):
            return tuple(codes)
    parts = re.split(r"[;,/]|\bdan\b|\band\b", text)
    return tuple(code for code in map(language_code, parts) if code)
