"""Titles that a catalogue gives in capitals only, as a reader would write them. For display; records stay as sent.

Pure functions; called by merge.py after it has looked for a record that does not shout.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_ROMAN = re.compile(r"(?:X{0,3}(?:IX|IV|V?I{0,3})|XL(?:IX|IV|V?I{0,3}))$")
_VOWEL = re.compile(r"[AEIOUYÀ-ÖØ-Ý]")
_STARTS_ANEW = (":", ".", "?", "!", "–", "—", "/", "=")
SMALL = frozenset((
    "DAN", "DI", "KE", "DARI", "YANG", "UNTUK", "DENGAN", "PADA", "OLEH", "ATAU", "DALAM", "BAGI", "PARA", "SERTA",
    "TENTANG", "TERHADAP", "SEBAGAI", "MENUJU", "ANTARA",
    "THE", "A", "AN", "OF", "AND", "IN", "ON", "FOR", "TO", "BY", "WITH", "FROM", "OR", "AT",
))  # fmt: skip
# Said letter by letter or known by their capitals; those without a vowel need not stand here.
ACRONYMS = frozenset((
    "ABRI", "AIDS", "APBD", "APBN", "ASEAN", "BUMN", "DIY", "DNA", "DPR", "EYD", "FAO", "G30S", "HAM", "HIV", "IBM",
    "ICT", "IKIP", "IPA", "IPB", "IPS", "ISBN", "ITB", "ITS", "IUD", "KUHAP", "KUHP", "LIPI", "MPR", "NASA", "NATO",
    "NU", "PAUD", "PBB", "PKI", "PNI", "RI", "RRI", "RSUD", "SARA", "SD", "SMA", "SMK", "SMP", "TNI", "TVRI", "UGM",
    "UI", "UIN", "UMKM", "UN", "UNESCO", "UNICEF", "UNHCR", "USA", "UUD", "UUPA", "VOC", "WHO",
))  # fmt: skip


def unshout(text: str) -> str:
    """ "SERAT CENTHINI II" -> "Serat Centhini II"; a text that has small letters, or another script, stays as it is."""
    if not text.isupper() or any(sign.isalpha() and ord(sign) > 0x24F for sign in text):
        return text
    if sum(map(str.isalpha, text)) < 2:
        return text
    done, last = [], 0
    for match in _WORD.finditer(text):
        between = text[last : match.start()]
        first = last == 0 or between.rstrip().endswith(_STARTS_ANEW)
        done += [between, _word(match[0], first=first)]
        last = match.end()
    return "".join([*done, text[last:]])


def _word(word: str, *, first: bool) -> str:
    if word in SMALL:
        return word.capitalize() if first else word.lower()
    if word in ACRONYMS or _ROMAN.match(word) or not _VOWEL.search(word):
        return word
    return word[0] + word[1:].lower()
