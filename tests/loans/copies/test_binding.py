"""The delivered copy: one PDF, its cover first, then every scan as it was sent, whatever kind it is."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from loans.delivery import sniff, store
from loans.delivery.binding import bind
from loans.delivery.cover import CoverText, cover_pdf
from loans.delivery.covers import copy_make
from loans.delivery.picture import NotBindable
from loans.models import ScanFile
from loans.selectors.copies import files_for_reader
from loans.services.copies import decision_store
from loans.slips.pdf import pdf_available
from tests.loans.copies import files
from tests.loans.copies.scene import scanning, send
from tests.loans.world import World

COVER = cover_pdf(CoverText("Kop", "Lestari: Arsip.", [], "Catatan."))


def drawing(mode: str = "RGB") -> Image.Image:
    """White with a black box at the top left: turned round or upside down it would be told apart."""
    image = Image.new("RGB", (120, 160), "white")
    image.paste("black", (10, 10, 60, 40))
    return image.convert(mode)


def saved(tmp_path: Path, name: str, image: Image.Image, **options: Any) -> Path:
    path = tmp_path / name
    image.save(path, **options)
    return path


def bound(*scans: tuple[str, Path]) -> PdfReader:
    out = io.BytesIO()
    count = bind(COVER, scans, out)
    reader = PdfReader(io.BytesIO(out.getvalue()))
    assert len(reader.pages) == count
    assert "Lestari: Arsip." in reader.pages[0].extract_text()
    return reader


def drawn(page: Any) -> Image.Image:
    """What stands on a page, its strips put together."""
    strips = [found.image.convert("RGB") for found in page.images]
    whole = Image.new("RGB", (strips[0].width, sum(strip.height for strip in strips)))
    top = 0
    for strip in strips:
        whole.paste(strip, (0, top))
        top += strip.height
    return whole


@pytest.mark.parametrize(
    ("name", "mode", "options"),
    [
        ("plain.tif", "RGB", {}),
        ("grey.tif", "L", {}),
        ("lines.tif", "1", {}),
        ("lzw.tif", "RGB", {"compression": "tiff_lzw"}),
        ("zip.tif", "L", {"compression": "tiff_adobe_deflate"}),
        ("fax.tif", "1", {"compression": "group4"}),
        ("fax3.tif", "1", {"compression": "group3"}),
        ("photo.jpg", "RGB", {"quality": 100}),
        ("photo grey.jpg", "L", {"quality": 100}),
    ],
)
def test_picture_is_bound_as_it_was_scanned(tmp_path: Path, name: str, mode: str, options: Any) -> None:
    path = saved(tmp_path, name, drawing(mode), **options)
    kind = sniff.inspect(path, name).kind
    reader = bound((kind, path))
    page = drawn(reader.pages[1])
    assert page.size == (120, 160)
    for spot, shade in (((35, 25), 0), ((90, 25), 255), ((35, 130), 255)):
        assert abs(page.getpixel(spot)[0] - shade) < 8, spot


def test_every_page_of_every_file_is_bound_in_order(tmp_path: Path) -> None:
    fax = saved(
        tmp_path, "fax.tif", drawing("1"), save_all=True, append_images=[drawing("1")], compression="group4"
    )
    text = tmp_path / "text.pdf"
    text.write_bytes(cover_pdf(CoverText("Bab dua", "", [], "")))
    reader = bound(("tiff", fax), ("pdf", text))
    assert len(reader.pages) == 4
    assert "Bab dua" in reader.pages[3].extract_text()


def test_photograph_of_a_telephone_stands_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6
    path = saved(tmp_path, "phone.jpg", drawing(), exif=exif)
    assert bound(("jpeg", path)).pages[1].rotation == 90


def test_what_a_pdf_does_at_opening_stays_behind(tmp_path: Path) -> None:
    path = tmp_path / "opens.pdf"
    path.write_bytes(files.pdf(catalog=b"/OpenAction [3 0 R /Fit] /PageMode /FullScreen"))
    assert not {"/OpenAction", "/PageMode", "/Names"} & set(bound(("pdf", path)).root_object)


def test_picture_no_pdf_can_hold_is_told(tmp_path: Path) -> None:
    path = saved(tmp_path, "clear.tif", Image.new("RGBA", (4, 4)))
    with pytest.raises(NotBindable):
        bound(("tiff", path))


def test_cover_goes_beside_a_scan_that_can_not_be_bound(world: World, tmp_path: Path) -> None:
    made = made_of(world, saved(tmp_path, "clear.tif", Image.new("RGBA", (4, 4))))
    assert [(file.name, file.is_cover) for file in made] == [("cover.pdf", True), ("clear.tif", False)]


def test_cover_goes_beside_scans_too_large_to_bind(world: World, tmp_path: Path, settings: Any) -> None:
    settings.COPY_BIND_MAX_BYTES = 100
    made = made_of(world, saved(tmp_path, "photo.jpg", drawing()))
    assert [file.is_cover for file in made] == [True, False]


def test_copy_bound_again_replaces_the_first(world: World, tmp_path: Path) -> None:
    (first,) = made_of(world, saved(tmp_path, "photo.jpg", drawing()))
    decision = first.attempt.request.copyright_decisions.get()
    send(first.attempt, world.actor("JKT"), files.tiff(pages=2), "more.tif", key="k2")
    again = copy_make(first.attempt.request, first.attempt, decision)
    assert (again.pages, ScanFile.objects.filter(is_bound=True).count()) == (4, 1)
    assert len(PdfReader(store.full_path(again.file.name or "")).pages) == 4


def made_of(world: World, path: Path) -> list[ScanFile]:
    """What the reader would get of one file that was sent."""
    attempt = scanning(world)
    send(attempt, world.actor("JKT"), path.read_bytes(), path.name)
    copy_make(attempt.request, attempt, decision_store(request=attempt.request, actor=world.desk))
    return files_for_reader(attempt)


def test_cover_keeps_letters_that_standard_fonts_lack() -> None:
    """A Malay title in Arabic letters, a Greek one; a bracket in either is no markup."""
    if not pdf_available():
        pytest.skip("WeasyPrint's libraries are not installed")
    made = PdfReader(
        io.BytesIO(cover_pdf(CoverText("Kop", "Ραφάηλ: <b>حکایت</b>.", [("Oleh", "X")], "Catatan.")))
    )
    told = made.pages[0].extract_text()
    assert len(made.pages) == 1
    assert "Ραφάηλ" in told
    assert "<b>" in told
