"""Forms of the source pages: setting up by kind, uploading, columns of tables, rules."""

from __future__ import annotations

from catalog.forms.source import SourceForm, form_class
from catalog.forms.upload import UploadForm

__all__ = ["SourceForm", "UploadForm", "form_class"]
