"""Why a whole run ends without its file having been read to the end. Raised in this package, shown on the run."""

from __future__ import annotations

from network_portal.core.errors import PortalError


class RunFailed(PortalError):
    """`code` for programs, `message` an English sentence that is translated where it is shown."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message
