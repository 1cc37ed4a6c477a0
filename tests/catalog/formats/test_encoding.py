"""The encoding is found for each record: what the bytes say wins over what the leader says."""

from __future__ import annotations

import pytest
from pymarc.marc8 import marc8_to_unicode

from catalog.formats.marc8 import decode_marc8, looks_like_marc8

from .build import data, good, record, values


def with_bytes(text: bytes, *, utf8: bool) -> bytes:
    """A record whose 500$a holds exactly these bytes, with right lengths."""
    content = record(data("500", "a" + "@" * len(text))).replace(b"@" * len(text), text)
    return content if utf8 else content[:9] + b" " + content[10:]


def note(text: bytes, *, utf8: bool, fallback: str = "cp1252") -> tuple[str, list[str]]:
    raw = good(with_bytes(text, utf8=utf8), fallback)[0]
    return values(raw, "500")[0], raw.warnings


def test_utf8_is_read_and_composed() -> None:
    assert note("Pe\u0301rez, É".encode(), utf8=True) == ("Pérez, É", [])


def test_utf8_under_a_leader_that_says_marc8_is_read_as_utf8() -> None:
    assert note("Éloge".encode(), utf8=False) == ("Éloge", ["utf8_undeclared"])


def test_marc8_marks_before_letters_are_put_after_them() -> None:
    assert note(b"P\xe2erez et T\xe8urk", utf8=False) == ("Pérez et Türk", [])


def test_marc8_escape_sequences_are_followed_even_in_pure_ascii_bytes() -> None:
    text, warnings = note(b"\x1b$1!0U!Op\x1b(B!", utf8=False)
    assert text == marc8_to_unicode(b"\x1b$1!0U!Op\x1b(B!")
    assert any(ord(c) > 0x4E00 for c in text)
    assert warnings == []


def test_marc8_under_a_leader_that_says_utf8_is_read_as_marc8() -> None:
    assert note(b"P\xe2erez", utf8=True) == ("Pérez", ["utf8_damaged"])


def test_other_bytes_are_read_in_the_sources_encoding() -> None:
    assert note("déjà vu – été".encode("cp1252"), utf8=False)[0] == "déjà vu – été"
    assert note("Перссон".encode("cp1251"), utf8=False, fallback="cp1251")[0] == "Перссон"
    assert note("Автоматизация".encode("cp866"), utf8=False, fallback="cp866")[0] == "Автоматизация"


def test_a_stray_byte_in_utf8_does_not_spoil_the_rest() -> None:
    content = with_bytes(b"caf\xe9!", utf8=True).replace(b"Ananta", "Ănantă".encode()[:6])
    raw = good(content)[0]
    assert values(raw, "500") == ["café!"]
    assert "utf8_damaged" in raw.warnings


@pytest.mark.parametrize(
    ("twice", "once"),
    [
        ("MureÅ\x9fene", "Mureşene"),
        ("cafÃ© â€“ bar", "café – bar"),
        ("rÃ¶misch", "römisch"),
        ("Ã\x89tude", "Étude"),
    ],
)
def test_double_encoded_utf8_is_repaired_and_said(twice: str, once: str) -> None:
    assert note(twice.encode(), utf8=True) == (once, ["double_encoded"])


@pytest.mark.parametrize("text", ["SÃO PAULO", "Âge d’or", "à la «Été»", "Žižek ¿qué?", "Ærø"])
def test_real_accents_are_not_taken_for_double_encoding(text: str) -> None:
    assert note(text.encode(), utf8=True) == (text, [])


@pytest.mark.parametrize(
    "text",
    [
        b"Dvo\xe9r\xe2ak",
        b"\xebi\xecu",
        b"\xb1o\xb9d\xe2z",
        b"\x1b(NabcABC\x1b(B x",
        b"\x1b(2`abc\x1b(B",
        b"CO\x1bb2\x1bs",
        b"a\x1bgb\x1bs",
        b"\x1b)Nabc\xc1\xc2",
        b"\xf0c",
    ],
)
def test_marc8_agrees_with_pymarc(text: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    assert decode_marc8(text) == marc8_to_unicode(text, True)
    assert capsys.readouterr().err == ""


def test_bad_marc8_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    decode_marc8(b"\x1b$1!0\x1b$1\x80\xff\x1b(2\x01\x1b")
    assert capsys.readouterr() == ("", "")


def test_french_windows_text_is_not_taken_for_marc8() -> None:
    assert not looks_like_marc8("répété, café, à côté, où l'été".encode("cp1252"))
    assert looks_like_marc8(b"Dvo\xe9r\xe2ak et Jan\xe2a\xe9cek")
