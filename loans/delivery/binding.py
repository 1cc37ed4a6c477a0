"""The cover and all scans of a copy bound into one PDF: what the reader gets. delivery.covers calls this."""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
)

from loans.delivery.pdf import STUMBLES
from loans.delivery.picture import NotBindable, Picture, Piece, jpeg_picture, tiff_pictures

Scan = tuple[str, Path]  # kind, place


def bind(cover: bytes, scans: Sequence[Scan], out: BinaryIO) -> int:
    """Write one PDF, the cover first; returns its pages. Raises NotBindable where a scan can't be put on pages.

    Pages alone are taken over: whatever else a PDF holds (outlines, names, what happens at opening) stays behind.
    """
    try:
        writer = PdfWriter()
        _add_pages(writer, PdfReader(BytesIO(cover)))
        for kind, place in scans:
            if kind == "pdf":
                _add_pages(writer, PdfReader(place, strict=False))
            else:
                _add_pictures(writer, kind, place)
        writer.write(out)
        return len(writer.pages)
    except STUMBLES as error:
        raise NotBindable from error


def _add_pages(writer: PdfWriter, reader: PdfReader) -> None:
    for page in reader.pages:
        writer.add_page(page)


def _add_pictures(writer: PdfWriter, kind: str, place: Path) -> None:
    with place.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        pictures: Iterable[Picture] = [jpeg_picture(content)] if kind == "jpeg" else tiff_pictures(content)
        for picture in pictures:
            _add_picture(writer, picture)


def _add_picture(writer: PdfWriter, picture: Picture) -> None:
    """One page; its strips stand under each other, the first at the top."""
    wide, high = picture.size
    page: PageObject = writer.add_blank_page(wide, high)
    images, drawn, top = DictionaryObject(), [], high
    for number, piece in enumerate(picture.pieces):
        tall = high * piece.rows / picture.height
        top -= tall
        name = f"/I{number}"
        images[NameObject(name)] = writer._add_object(_image(picture, piece))
        drawn.append(f"q {wide:.4f} 0 0 {tall:.4f} 0 {top:.4f} cm {name} Do Q")
    content = StreamObject()
    content.set_data("\n".join(drawn).encode())
    page[NameObject("/Contents")] = writer._add_object(content)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): images})
    if picture.turn:
        page.rotate(picture.turn)


def _image(picture: Picture, piece: Piece) -> StreamObject:
    image = StreamObject()
    image.set_data(piece.data)
    image.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(picture.width),
            NameObject("/Height"): NumberObject(piece.rows),
            NameObject("/BitsPerComponent"): NumberObject(picture.bits),
            NameObject("/ColorSpace"): NameObject(picture.space),
        }
    )
    if piece.filter:
        image[NameObject("/Filter")] = NameObject(piece.filter)
    if piece.parameters:
        image[NameObject("/DecodeParms")] = DictionaryObject(
            {NameObject(key): _value(value) for key, value in piece.parameters.items()}
        )
    if picture.inverted:
        colours = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}[picture.space]
        image[NameObject("/Decode")] = ArrayObject([FloatObject(1), FloatObject(0)] * colours)
    return image


def _value(value: int | bool) -> BooleanObject | NumberObject:
    return BooleanObject(value) if isinstance(value, bool) else NumberObject(value)
