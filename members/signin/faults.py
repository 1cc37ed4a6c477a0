"""What can be wrong with a sign-in server, each in a sentence for the library's manager.

Readers are only told that it does not work now; who they are and what they sent stands in none of these.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network_portal.core.errors import PortalError
from network_portal.core.http import FetchError

OK = "ok"
FAULTS: dict[str, Promise] = {
    "unreachable": _("The sign-in server can't be reached."),
    "timeout": _("The sign-in server does not answer in time."),
    "tls": _("The certificate of the sign-in server is not valid."),
    "private_address": _(
        "The sign-in server's address lies in a private network; the portal asks none there."
    ),
    "http_status": _("The sign-in server answers with an error."),
    "redirect": _("The sign-in server sends us on to another address."),
    "too_large": _("The sign-in server's answer is far too large."),
    "no_discovery": _("At this address there is no description of a sign-in server (openid-configuration)."),
    "no_json": _("What the sign-in server sent is not readable: it should be JSON."),
    "issuer_differs": _("The sign-in server names itself otherwise than you wrote. Copy the name it gives."),
    "address_missing": _("The sign-in server's description lacks an address that is needed."),
    "address_insecure": _("An address of the sign-in server does not begin with https://."),
    "no_code_flow": _("The sign-in server does not offer the way we use (authorization code)."),
    "no_pkce": _("The sign-in server does not offer the protection we use (PKCE with S256)."),
    "client_auth": _(
        "The sign-in server wants a kind of proof that we can't give. Choose “client secret” there."
    ),
    "no_keys": _("The sign-in server shows no keys with which its answers could be checked."),
    "secret_unreadable": _("The stored secret can't be read any more. Enter it again."),
    "client_refused": _("The sign-in server does not know us: client id or secret is wrong."),
    "grant_refused": _("The sign-in server did not accept the code that it had given the reader."),
    "no_token": _("The sign-in server's answer has no ID token. Is “openid” among the scopes?"),
    "bad_signature": _("The signature of an answer does not match the sign-in server's keys."),
    "bad_algorithm": _("An answer was not signed in a way we accept, so anybody could have written it."),
    "wrong_issuer": _("An answer came in the name of another sign-in server."),
    "wrong_audience": _("An answer was meant for another client than yours."),
    "expired": _("An answer was too old or not yet valid. Is the clock of the sign-in server right?"),
    "wrong_nonce": _("An answer did not belong to the question we had asked."),
    "bad_claims": _("An answer contradicts the rules of OpenID Connect."),
    "subject_differs": _("The sign-in server told two different things about who came."),
    "no_email": _(
        "The sign-in server gave no e-mail address. Check the scopes and the claim of the address."
    ),
    "refused_there": _("The sign-in server turned a reader away."),
}


class SignInFault(PortalError):
    """The sign-in server does something wrong, or its settings are. `detail` is a fact about it, in no language."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail[:300]

    def __str__(self) -> str:
        return f"{sentence(self.code)} {self.detail}".strip()


def fault_of(error: FetchError, url: str) -> SignInFault:
    """What went wrong on the way to `url`, as a fault of the server."""
    detail = f"{error.status}: {url}" if error.status else url
    return SignInFault(error.code if error.code in FAULTS else "unreachable", detail)


def sentence(code: str) -> str:
    """In the language of who reads."""
    return str(FAULTS.get(code, FAULTS["bad_claims"]))
