"""What may come in as a scan: PDF, TIFF and JPEG, by their content; everything else is refused with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from loans.delivery import images
from loans.delivery.refusal import FileRefused, refusal_text
from loans.delivery.sniff import inspect, safe_name
from tests.loans.copies import files

LAUNCH = b"<< /Type /Action /S /Launch /F (calc.exe) >>"
SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"

GOOD = {
    "article.pdf": (files.pdf(), "pdf", 1),
    "opens at a place.pdf": (files.pdf(catalog=b"/OpenAction [3 0 R /Fit]"), "pdf", 1),
    "a web link.pdf": (files.pdf(b"<< /S /URI /URI (https://example.org) >>"), "pdf", 1),
    "halaman.jpg": (files.jpeg(), "jpeg", 1),
    "ekor.jpeg": (files.jpeg(tail=b"\x00" * 8), "jpeg", 1),
    "naskah.tif": (files.tiff(pages=3), "tiff", 3),
    "motorola.tiff": (files.tiff(order=">"), "tiff", 1),
}

HOSTILE = {
    "empty.pdf": (b"", "empty"),
    "page.html.pdf": (b"<html><script>alert(1)</script>", "unknown_type"),
    "program.pdf": (b"MZ\x90\x00" + b"\x00" * 60, "unknown_type"),
    "photo.pdf": (files.jpeg(), "not_as_named"),
    "article.jpg": (files.pdf(), "not_as_named"),
    "setup.exe": (files.pdf(), "not_as_named"),
    "cut.pdf": (files.pdf()[:-200], "damaged"),
    "no objects.pdf": (b"%PDF-1.7\nnothing at all\n%%EOF", "damaged"),
    "script.pdf": (files.pdf(SCRIPT), "active"),
    "script made by a program.pdf": (files.pdf_with_script(), "active"),
    "attachment.pdf": (files.pdf_with_attachment(), "active"),
    "spelled otherwise.pdf": (files.pdf(b"<< /S /J#61vaScript /#4aS (x) >>"), "active"),
    "in an object stream.pdf": (files.pdf(files.object_stream(SCRIPT)), "active"),
    "program started at opening.pdf": (files.pdf(LAUNCH, catalog=b"/OpenAction 5 0 R"), "active"),
    "address called at opening.pdf": (
        files.pdf(catalog=b"/OpenAction << /S /URI /URI (https://example.org) >>"), "active",
    ),
    "form program.pdf": (files.pdf(b"<< /XFA [(a) 4 0 R] >>"), "active"),
    "locked.pdf": (files.locked_pdf(), "encrypted"),
    "cut.jpg": (files.jpeg()[:-8], "damaged"),
    "no frame.jpg": (b"\xff\xd8\xff\xd9", "damaged"),
    "archive behind.jpg": (files.jpeg(tail=b"PK\x03\x04rest"), "ambiguous"),
    "page behind.jpg": (files.jpeg(tail=b"\n<HTML>"), "ambiguous"),
    "two in one.tif": (files.tiff() + b"%PDF-1.4", "ambiguous"),
    "pixels elsewhere.tif": (files.tiff(strip_at=10**6), "damaged"),
    "cut.tif": (files.tiff()[:30], "damaged"),
}  # fmt: skip


def put(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "upload"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", GOOD)
def test_a_scan_is_taken_and_its_pages_are_counted(name: str, tmp_path: Path) -> None:
    content, kind, pages = GOOD[name]
    found = inspect(put(tmp_path, content), name)
    assert (found.kind, found.pages) == (kind, pages)


@pytest.mark.parametrize("name", HOSTILE)
def test_file_that_is_not_what_it_says_or_acts_by_itself_is_refused(name: str, tmp_path: Path) -> None:
    content, code = HOSTILE[name]
    with pytest.raises(FileRefused) as refused:
        inspect(put(tmp_path, content), name)
    assert refused.value.code == code
    assert str(refused.value) == refusal_text(code)


def test_pdf_with_a_script_is_refused(tmp_path: Path) -> None:
    with translation.override("en"), pytest.raises(FileRefused, match="script"):
        inspect(put(tmp_path, files.pdf_with_script()), "artikel.pdf")


def test_tiff_whose_directories_go_in_circles_is_refused() -> None:
    content = bytearray(files.tiff())
    content[8 + 2 + 48 : 8 + 2 + 52] = (8).to_bytes(4, "little")
    with pytest.raises(FileRefused) as refused:
        images.tiff_pages(bytes(content))
    assert refused.value.code == "damaged"


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 400), noise=st.binary(max_size=40), base=st.sampled_from(sorted(GOOD)))
def test_no_broken_file_makes_the_portal_stumble(
    cut: int, noise: bytes, base: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = GOOD[base][0]
    broken = content[: cut % len(content)] + noise + content[cut % len(content) + len(noise) :]
    path = tmp_path_factory.mktemp("broken") / "upload"
    path.write_bytes(broken)
    try:
        assert inspect(path, base).pages >= 1
    except FileRefused as refused:
        assert refused.code


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\scan\\Bab 2.PDF", "Bab 2.pdf"),
        ("..pdf", "scan.pdf"),
        ("a\x00b\nc.pdf", "abc.pdf"),
        ("", "scan.pdf"),
        ('say "hi".pdf', "say hi.pdf"),
    ],
)
def test_path_names_are_ignored(given_name: str, kept: str) -> None:
    assert safe_name(given_name, "pdf") == kept
