"""Why a Z39.50 server gave nothing, as named states with a sentence each. Raised by search.py."""

from __future__ import annotations

from django.utils.translation import gettext_noop

_DOWN = gettext_noop("The server can't be reached. Check the address and the port, or try again later.")
_LOST = gettext_noop("The server broke the connection off.")
_LATE = gettext_noop("The server does not answer in time. Try again later.")
_QUERY = gettext_noop(
    "The server can't search by what you entered. Leave a field empty, or search by another."
)
_TROUBLE = gettext_noop("The server reports trouble of its own. Try again later.")
_LOGIN = gettext_noop("The server wants a login. Ask whoever runs it to let the portal in.")
_DATABASE = gettext_noop("The server can't open the database. Check its name in the address of the source.")
_SYNTAX = gettext_noop(
    "The server can't give its records in this format. Choose another one in the source's options."
)
_MANY = gettext_noop("The search finds more records than the server is ready to handle. Search for less.")

# ZOOM_ERROR_… of YAZ's zoom.h
ZOOM = {
    10000: ("unreachable", _DOWN), 10004: ("interrupted", _LOST), 10005: ("login_needed", _LOGIN),
    10007: ("timeout", _LATE), 10009: ("bad_query", _QUERY), 10010: ("bad_query", _QUERY),
}  # fmt: skip
# Bib-1 diagnostics, https://www.loc.gov/z3950/agency/defns/bib1diag.html
BIB1 = {
    1: ("server_trouble", _TROUBLE), 2: ("server_trouble", _TROUBLE), 3: ("bad_query", _QUERY),
    12: ("too_many_matches", _MANY), 31: ("too_many_matches", _MANY), 108: ("bad_query", _QUERY),
    109: ("no_database", _DATABASE), 113: ("bad_query", _QUERY), 114: ("bad_query", _QUERY),
    117: ("bad_query", _QUERY), 118: ("bad_query", _QUERY), 235: ("no_database", _DATABASE),
    238: ("bad_syntax", _SYNTAX), 239: ("bad_syntax", _SYNTAX), 236: ("login_needed", _LOGIN),
    1010: ("login_needed", _LOGIN), 1011: ("login_needed", _LOGIN), 1014: ("login_needed", _LOGIN),
}  # fmt: skip
MESSAGES = {
    "not_installed": gettext_noop("The portal's server lacks the program library for Z39.50 (YAZ)."),
    "bad_address": gettext_noop("The address of this source is not host:port/database. Correct it."),
    "crashed": gettext_noop("The program library for Z39.50 failed over this server's answer."),
    "timeout": _LATE,
    "server_error": gettext_noop("The server reports an error."),
}
