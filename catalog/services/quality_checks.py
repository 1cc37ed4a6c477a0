"""What a quality report looks for, one `Check` each. Read by services/quality.py, its pages and its CSV.

A new check is one more entry in CHECKS. `where` and `value` are SQL over a row of FACTS; `cases` is a whole SELECT of
(record_id, value) for what only shows when records are held against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.services.quality_sql import (
    DIGITS,
    EARLIEST_YEAR,
    GUESSED,
    ISSN,
    MANY_TITLES,
    SAME_BARCODE,
    SAME_EDITION,
    WRONG_NUMBER,
)


class Group(Enum):
    FIELD = "field"  # something is missing
    SUSPICIOUS = "suspicious"  # something is there and looks wrong
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Check:
    code: str
    group: Group
    title: str | Promise
    means: str | Promise
    mend: str | Promise
    where: str = ""
    value: str = "''"
    cases: str = ""


def _field(code: str, title: Promise, means: Promise, mend: Promise, where: str) -> Check:
    return Check(code, Group.FIELD, title, means, mend, where)


def _odd(code: str, title: Promise, means: Promise, mend: Promise, where: str, value: str) -> Check:
    return Check(code, Group.SUSPICIOUS, title, means, mend, where, value)


FIELDS = (
    _field(
        "isbn", _("ISBN"), _("These records have no valid ISBN."),
        _(
            "For books since about 1975, copy the ISBN from the back of the title page. It is what "
            "joins your book with the same book elsewhere."
        ),
        "NOT has_isbn",
    ),
    _field(
        "year", _("Year"), _("These records do not say when the work appeared."),
        _("Add the year of publication. Without it, two editions of a book can't be told apart."),
        "year IS NULL",
    ),
    _field(
        "language", _("Language"), _("These records do not say in which language the work is."),
        _("Set the language code (in MARC: 008, positions 35–37, or 041)."), "language = ''",
    ),
    _field(
        "subject", _("Subject heading"), _("These records have no subject, so nobody finds them by topic."),
        _("Add at least one subject heading."), "NOT has_subject",
    ),
    _field(
        "author", _("Author"), _("These records name nobody."),
        _("Add the author, editor or the body that brought it out."), "NOT has_author",
    ),
    _field(
        "publisher", _("Publisher"), _("These records do not name a publisher."),
        _("Add the publisher as it stands on the title page."), "publisher = ''",
    ),
    _field(
        "call_number", _("Call number"), _("These records have no call number, so the shelf is not known."),
        _("Add the call number in your system, and see that your export has it (in MARC: 852 or 952)."),
        "NOT has_call_number",
    ),
    _field(
        "copies", _("Copies"), _("Nothing says how many copies there are. The portal counts one."),
        _("Let the export have the copies too, or let the agent send them."), "NOT has_copies",
    ),
)  # fmt: skip

SUSPICIOUS = (
    _odd(
        "year_future", _("Year in the future"), _("The year of publication has not come yet."),
        _("Most often a typing error: 2103 for 2013."), "told_year > %(next_year)s", "told_year::text",
    ),
    _odd(
        "year_early", _("Year before 1400"), _("Printed books are younger than that."),
        _("Look for a missing digit, or a year of the Islamic calendar, and write the common year."),
        f"told_year < {EARLIEST_YEAR} AND format <> 'manuscript'", "told_year::text",
    ),
    _odd(
        "year_unreadable", _("Year that can't be read"),
        _("There is something in the place of the year, but no year in it."), _("Write four digits."),
        f"year IS NULL AND year_text <> '' AND coalesce(told_year, {EARLIEST_YEAR}) "
        f"BETWEEN {EARLIEST_YEAR} AND %(next_year)s",
        "left(year_text, 100)",
    ),
    _odd(
        "isbn_wrong", _("ISBN with a wrong check digit"),
        _("The number has the right length, but a digit is wrong."),
        _("Compare it with the book. If the book itself prints it wrong, put it into 020$z."),
        f"{DIGITS} IN (10, 13)", WRONG_NUMBER,
    ),
    _odd(
        "isbn_other", _("Something else in the place of the ISBN"),
        _("The number is too short or too long for an ISBN: a price, a page count, an accession number?"),
        _("Move it to the field where it belongs."), f"{DIGITS} NOT IN (10, 13)", WRONG_NUMBER,
    ),
    _odd(
        "issn_book", _("ISSN on a book"), _("A book has no ISSN of its own; journals have."),
        _(
            "Is it a journal? Then correct the type of the record. Is it the ISSN of the series? "
            "Then it belongs to the series."
        ),
        f"format = 'book' AND NOT has_isbn AND {ISSN} IS NOT NULL", ISSN,
    ),
    _odd(
        "extent_isbn", _("ISBN among the pages"),
        _("The extent looks like an ISBN: two columns may be swapped."),
        _("Check how the columns of your export are assigned."),
        r"extent ~ '97[89][- ]?([0-9][- ]?){9}[0-9]'", "left(extent, 100)",
    ),
    _odd(
        "title_capitals", _("Title in capitals"), _("The whole title is written in capital letters."),
        _("Write it as in a sentence: names keep their capitals."),
        "length(title) > 7 AND title = upper(title) AND title <> lower(title)", "left(title, 200)",
    ),
    _odd(
        "title_short", _("Title of one character"),
        _("Such a title is most often what was left of a longer one."),
        _("Look at the record in your system, and at how it is exported."), "length(btrim(title)) < 2", "title",
    ),
    _odd(
        "title_markup", _("Web codes in the title"),
        _("The title has codes of a web page in it, such as “<i>” or “&quot;”."),
        _("Take them out. They often come from copying out of a website."),
        "title ~ '&(#[0-9]+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8});|</?[a-zA-Z][^<>]*>'", "left(title, 200)",
    ),
    _odd(
        "title_garbled", _("Garbled characters in the title"),
        _("Letters came out as signs such as “Ã©” or “�”: the text was read in a wrong character set."),
        _("See which character set your export is written in; UTF-8 is best."),
        r"title ~ '[\u00c2\u00c3][\u0080-\u00bf]|\u00e2\u20ac|\ufffd|\?\?\?'", "left(title, 200)",
    ),
    _odd(
        "characters_guessed", _("Character set guessed"),
        _(
            "The record names one character set and is written in another. "
            "The portal has repaired what it could."
        ),
        _("Set the export to UTF-8, in the leader too (position 9: a)."), GUESSED, "left(title, 200)",
    ),
    _odd(
        "language_odd", _("Language that is no code"), _("The language is not a code of three letters."),
        _("Use the code: ind, eng, ara, jav, sun …"), "language <> '' AND language !~ '^[a-z]{3}$'", "language",
    ),
    _odd(
        "publisher_place", _("Place in the place of the publisher"), _("The publisher is the name of a city."),
        _("Place and publisher have a field each (in MARC: 264$a and 264$b)."),
        "lower(btrim(publisher, ' .,:;[]')) = ANY(%(places)s)", "left(publisher, 100)",
    ),
)  # fmt: skip

DUPLICATES = (
    Check(
        "isbn_titles", Group.DUPLICATE, _("One ISBN on many titles"),
        _("Several different titles carry the same ISBN."),
        _(
            "Give each its own. Was the number copied along with a record? "
            "Of a set in several volumes, note each volume's."
        ),
        cases=MANY_TITLES,
    ),
    Check(
        "same_edition", Group.DUPLICATE, _("Several records for one edition"),
        _("The library has more than one record of the same edition. Readers see one; you look after two."),
        _(
            "Put the copies under one record in your system and delete the others. Are they really different "
            "editions? Then say in what: year, edition, volume."
        ),
        cases=SAME_EDITION,
    ),
    Check(
        "same_barcode", Group.DUPLICATE, _("The same barcode twice"),
        _("Two copies carry the same barcode. A loan of one would be booked on the other."),
        _("Look at both copies and give one a new barcode."), cases=SAME_BARCODE,
    ),
)  # fmt: skip
CHECKS = {check.code: check for check in (*FIELDS, *SUSPICIOUS, *DUPLICATES)}
