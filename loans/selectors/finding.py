"""Conditions that find requests by what a librarian types, each of them answered by an index. Used by loans.filters."""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchVectorExact, SearchVectorField
from django.db.models import Func, Q
from stdnum import isbn

from catalog.matching.keys import match_keys
from catalog.models import SourceRecord
from loans.models import Request, SupplyAttempt
from loans.workflow.states import LIVE_ATTEMPT
from members.models import User

MOST = (
    200  # readers or editions looked at; whoever types less than that means is better served by typing more
)


def word_matches(text: str, at: str = "", *, among_few: bool = False) -> Q:
    """Every word begins a word of number, title or author; or the number begins so.

    `among_few`: the rows are few anyway, so each is looked at. The index of words knows every request of the network,
    and a common word would cost more to find there than to read all of one library's.
    """
    words = re.findall(r"\w+", text)
    if not words:
        return Q(pk=None)
    # PostgreSQL reads the digits after a hyphen, as in BDG-2026-000412, as a negative number.
    terms = [f"('{word}':* | '-{word}':*)" if word.isdigit() else f"'{word}':*" for word in words]
    query = SearchQuery(" & ".join(terms), search_type="raw", config="simple")
    found = Q(SearchVectorExact(_Words(f"{at}search"), query)) if among_few else Q(**{f"{at}search": query})
    return found | Q(**{f"{at}number__startswith": text.upper()})


class _Words(Func):
    """The words without their places: the same for a search, but no longer what the index is of."""

    function = "strip"
    output_field = SearchVectorField()


def isbn_matches(text: str, at: str = "", *, bounded: bool = False) -> Q:
    """Requests for an edition of this ISBN, in either of its lengths. `bounded`: the rows are one library's, few enough
    to also look into what was typed for titles that no catalogue has."""
    if not isbn.is_valid(text):
        return Q(pk=None)
    wanted = isbn.to_isbn13(isbn.compact(text))
    records = SourceRecord.objects.filter(
        match_keys__key__in=match_keys({"isbn": [wanted]}), edition__isnull=False
    )
    found = Q(**{f"{at}edition_id__in": list(records.values_list("edition_id", flat=True).distinct()[:MOST])})
    return found | Q(**{f"{at}citation__isbn__contains": [wanted]}) if bounded else found


def barcode_matches(text: str, library_id: int | None) -> Q:
    """Requests of the library for which this copy is on its way."""
    if " " in text or not any(letter.isdigit() for letter in text):
        return Q(pk=None)
    borrowed = SupplyAttempt.objects.order_by().filter(
        barcode=text, status__in=LIVE_ATTEMPT, request__requesting_library_id=library_id
    )
    return Q(pk__in=list(borrowed.values_list("request_id", flat=True)[:MOST]))


def reader_matches(text: str, library_id: int | None) -> Q:
    """Requests of the library's own readers of this name or e-mail address."""
    named = User.objects.filter(
        Q(name__icontains=text) | Q(email__iexact=text), memberships__library_id=library_id or 0
    )
    without_account = Request.objects.order_by().filter(
        ~Q(reader_name=""), reader_name__icontains=text, requesting_library_id=library_id or 0
    )
    return Q(patron_id__in=list(named.values_list("pk", flat=True).distinct()[:MOST])) | Q(
        pk__in=list(without_account.values_list("pk", flat=True)[:MOST])
    )
