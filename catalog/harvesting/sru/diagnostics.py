"""The diagnostics of SRU as named states, with a sentence each: the same numbers in 1.1, 1.2 and 2.0. Pure data.

Numbers: SRU diagnostics list (info:srw/diagnostic/1/N) and OASIS searchRetrieve 1.0, part 3, annex C.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext_noop

_QUERY = gettext_noop("The server does not understand the query. Check it against the indexes that it knows.")
_PARAMETER = gettext_noop("The server refuses part of the question we ask.")
_SORT = gettext_noop("The server can't sort its records this way. Leave the sort key out, or choose another.")

DIAGNOSTICS: dict[int, tuple[str, str]] = {
    1: ("general_error", gettext_noop("The server reports an error of its own.")),
    2: ("unavailable", gettext_noop("The server says that it is out of service for now.")),
    3: ("login_needed", gettext_noop("The server wants a login. Ask whoever runs it to let the portal in.")),
    4: ("bad_operation", gettext_noop("The server does not offer this kind of question.")),
    5: (
        "bad_version",
        gettext_noop("The server does not speak this version of SRU. Choose another, or none."),
    ),
    6: ("bad_value", _PARAMETER),
    7: ("parameter_missing", _PARAMETER),
    8: ("parameter_unknown", _PARAMETER),
    10: ("bad_query", _QUERY),
    15: ("bad_index_set", _QUERY),
    16: ("bad_index", _QUERY),
    19: ("bad_relation", _QUERY),
    50: ("no_result_sets", _PARAMETER),
    51: ("result_set_gone", gettext_noop("The server has forgotten the result of the search.")),
    60: (
        "too_many_matches",
        gettext_noop("The search finds more records than the server is ready to handle."),
    ),
    61: ("past_the_end", gettext_noop("The server has no record at this place of the list.")),
    64: ("record_unavailable", gettext_noop("The server can't give this record for now.")),
    65: ("record_gone", gettext_noop("The record is no longer there.")),
    66: ("bad_schema", gettext_noop("The server can't give its records in this format. Choose another.")),
    67: ("not_in_schema", gettext_noop("The server can't give this record in the format we ask for.")),
    68: ("record_forbidden", gettext_noop("The server does not let us have this record.")),
    69: ("record_forbidden", gettext_noop("The server does not let us have this record.")),
    70: ("record_too_large", gettext_noop("The record is larger than the server gives.")),
    71: ("bad_packing", _PARAMETER),
    80: ("bad_sort", _SORT),
}
_OTHER = {range(9, 50): "bad_query", range(80, 100): "bad_sort"}
NUMBER = re.compile(r"(?:^|/)(\d{1,4})$")


def code_of(uri: str) -> str:
    """The named state of a diagnostic's URI; "server_error" for one outside the list (a server's own)."""
    uri = uri.strip()
    match = NUMBER.search(uri)
    if match is None or ("diagnostic" in uri and "diagnostic/1/" not in uri):
        return "server_error"
    number = int(match.group(1))
    if number in DIAGNOSTICS:
        return DIAGNOSTICS[number][0]
    return next((name for numbers, name in _OTHER.items() if number in numbers), "server_error")
