"""Handing out the bytes of a copy: always as an attachment that no page runs or shows."""

from __future__ import annotations

from django.http import FileResponse, Http404

from loans.delivery import store
from loans.delivery.sniff import CONTENT_TYPES
from loans.models import ScanFile

# Should somebody open it in the browser after all: no script, no form, no request to anywhere.
POLICY = "sandbox; default-src 'none'"


def attachment(file: ScanFile) -> FileResponse:
    """Stream one file. 404 when its bytes are gone: the row may be a moment older than the disk."""
    try:
        content = store.open_stored(file.file.name or "")
    except (FileNotFoundError, ValueError):
        raise Http404 from None
    response = FileResponse(
        content, as_attachment=True, filename=file.name, content_type=CONTENT_TYPES[file.kind]
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = POLICY
    return response
