"""Plain forms with files: the size is capped while the body is still being read, before Django spools it to disk."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

from loans.netsettings import FILES
from network_portal.core.disk import has_room

FORM_ROOM = 1024**2  # what a form weighs beside its files
SURPLUS = 16 * 1024**2  # so much of what is refused is still read, and dropped
SURPLUS_SECONDS = 10


class CappedUploadHandler(FileUploadHandler):
    """Counts what comes, over all files of the form, and ends the connection at the cap or at a full disk."""

    def __init__(self, request: HttpRequest, *, each: int, files: int) -> None:
        super().__init__(request)
        self.each, self.files = each, files
        self.size = self.count = 0
        self.too_large = self.full = False
        self.folder = Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir())

    def handle_raw_input(self, _input: Any, _meta: Any, content_length: int, *_rest: Any) -> None:
        """What the sender announces is believed when it is too much: then not a byte is read."""
        if content_length > self.each + FORM_ROOM:
            self._stop()
        if not has_room(self.folder, content_length):
            self.full = True
            raise StopUpload(connection_reset=True)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.size, self.count = 0, self.count + 1
        if self.count > self.files:
            self._stop()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.size += len(raw_data)
        if self.size > self.each:
            self._stop()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def _stop(self) -> None:
        self.too_large = True
        raise StopUpload(connection_reset=True)


def cap_uploads(request: HttpRequest) -> CappedUploadHandler:
    """To be called before anything reads request.POST; files go to disk, never to memory."""
    cap = CappedUploadHandler(request, each=settings.COPY_MAX_BYTES, files=FILES.now())
    request.upload_handlers = [cap, TemporaryFileUploadHandler(request)]
    return cap


def drop_surplus(request: HttpRequest) -> int:
    """Read what is left of a refused body, SURPLUS and SURPLUS_SECONDS at most; returns how many bytes."""
    dropped, until = 0, time.monotonic() + SURPLUS_SECONDS
    try:
        while dropped < SURPLUS and time.monotonic() < until:
            piece = request.read(64 * 1024)
            if not piece:
                break
            dropped += len(piece)
    except OSError:  # the sender has gone
        pass
    return dropped
