"""Why bytes were refused, as codes with an English sentence each; raised here, shown by the pages of a run.

No Django here, so `gettext_noop` only marks the sentences; whoever shows one translates it.
"""

from __future__ import annotations


def gettext_noop(message: str) -> str:
    return message


REASONS: dict[str, str] = {
    # the whole file
    "empty": gettext_noop("The file is empty."),
    "html": gettext_noop("This is a web page, not a MARC file. Perhaps the address leads to a login page."),
    "pdf": gettext_noop("This is a PDF document, not a MARC file."),
    "zip": gettext_noop("This is an archive or an office document. Unpack it and send the MARC file inside."),
    "gzip": gettext_noop("This is a compressed file inside a compressed file."),
    "json": gettext_noop("This is JSON. Export the records as MARC 21 or MARCXML."),
    "text": gettext_noop("This is a text or CSV file. Export the records as MARC 21 or MARCXML."),
    "xml_other": gettext_noop("This is XML, but there is no MARC record in it."),
    "xml_doctype": gettext_noop("XML with its own document type or entities is not accepted."),
    "not_marc": gettext_noop("This is not a MARC file."),
    # the archive around it
    "gzip_truncated": gettext_noop("The compressed file ends too early; it was not sent completely."),
    "gzip_damaged": gettext_noop("The compressed file is damaged and cannot be unpacked."),
    "gzip_nested": gettext_noop("This is a compressed file inside a compressed file."),
    "too_large": gettext_noop("The file is larger than allowed."),
    "ratio": gettext_noop("The compressed file unpacks to far more than a catalogue would."),
    # one record
    "too_long": gettext_noop("The record is longer than 1 MB."),
    "truncated": gettext_noop("The file ends in the middle of this record."),
    "too_short": gettext_noop("The record is too short to hold anything."),
    "no_directory": gettext_noop("The record has no readable directory of its fields."),
    "no_fields": gettext_noop("No field could be read from the record."),
    "xml_malformed": gettext_noop("The record is not well-formed XML and could not be repaired."),
    "xml_not_marc": gettext_noop("There is no MARC record in this element."),
    # a readable record which is of no use for a union catalogue
    "no_title": gettext_noop("The record has no title."),
    "no_identifier": gettext_noop("A deleted record without an identifier: nothing can be removed."),
    "authority": gettext_noop("This is an authority record, not a description of a publication."),
    "holdings_unlinked": gettext_noop("A holdings record that does not say which title it belongs to."),
}

WARNINGS: dict[str, str] = {  # what was repaired in a record that is kept
    "control_characters": gettext_noop("Control characters were replaced by blanks."),
    "directory_repaired": gettext_noop(
        "Field lengths were wrong; the fields were found by their separators."
    ),
    "double_encoded": gettext_noop("Characters that were encoded twice were restored."),
    "fallback_encoding": gettext_noop(
        "The characters are neither UTF-8 nor MARC-8; the source's encoding was used."
    ),
    "entities_decoded": gettext_noop(
        "Characters written as HTML, such as “&eacute;”, were turned back into letters."
    ),
    "field_unterminated": gettext_noop("The last field has no end mark."),
    "fields_lost": gettext_noop(
        "The list of fields and the fields do not agree in number; some may be missing."
    ),
    "holdings_waiting": gettext_noop(
        "The title to which these holdings belong has not arrived yet; they wait for it."
    ),
    "indicators_repaired": gettext_noop("Fields with fewer or more than two indicators were repaired."),
    "left_out": gettext_noop("The record was left out, as a rule of its source says."),
    "leader_length": gettext_noop("The leader is not 24 characters long."),
    "subfield_codes_repaired": gettext_noop("Damaged subfield codes were repaired."),
    "subfields_missing": gettext_noop("A field without subfields was read as one text."),
    "utf8_damaged": gettext_noop("Bytes that are not UTF-8 were found in a UTF-8 record."),
    "utf8_undeclared": gettext_noop("The record is UTF-8, but its leader says MARC-8."),
    "xml_repaired": gettext_noop("The XML of the record was not well-formed and was repaired."),
}


class FormatError(Exception):
    """A refusal with a code from REASONS and its English sentence."""

    def __init__(self, code: str, message: str = "") -> None:
        self.code = code
        self.message = message or REASONS[code]
        super().__init__(self.message)


class NotMarc(FormatError):
    """The whole input is something else; raised before any record is yielded."""


class ArchiveError(FormatError, OSError):
    """A compressed file that is cut short, damaged, or larger than allowed."""


class BadRecord(FormatError):
    """One record that cannot be read; the reader turns it into `Rejected`."""
