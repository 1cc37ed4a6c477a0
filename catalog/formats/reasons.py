"""Why a JSON, XML or CSV record was refused, beside what errors.py says of MARC. Read by the reader."""

from __future__ import annotations

from . import errors
from .errors import gettext_noop

REASONS: dict[str, str] = errors.REASONS | {
    "needs_mapping": gettext_noop(
        "This is a table. Say once what each of its columns holds, on the page of its source."
    ),
    "spreadsheet": gettext_noop(
        "This is a spreadsheet or office document. Open it, choose “Save as”, then CSV (UTF-8), and send that file."
    ),
    "zip": gettext_noop(
        "This is an archive. Unpack it and send the file inside; gzip alone may stay packed."
    ),
    "text": gettext_noop("This is text, but neither a catalogue nor a table of books."),
    "json_malformed": gettext_noop("The record is not well-formed JSON."),
    "json_not_marc": gettext_noop("There is no MARC record in this JSON object."),
    "xml_no_description": gettext_noop("There is no description of a publication in this element."),
    "row_columns": gettext_noop(
        "The row has too many or too few columns; perhaps a quotation mark is missing."
    ),
    "row_quotes": gettext_noop("A quotation mark is opened in this row and never closed."),
    "row_blank": gettext_noop("The row has no title."),
    "item_blank": gettext_noop("The row has no barcode."),
    "slims_items": gettext_noop(
        "This is SLiMS's export of items. Send the export of titles; it names their items too."
    ),
}
