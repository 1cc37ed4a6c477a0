"""Asks this machine's web server whether it lives; the container's health check runs it, exit code 0 means yes."""

from __future__ import annotations

import os
import sys
import urllib.request


def main() -> int:
    """The request carries one of the portal's own names: any other would be refused."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".*")
    port = os.environ.get("WEB_BIND", "127.0.0.1:8000").rpartition(":")[2]
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310  our own loopback address
            return 0 if answer.status == 200 else 1
    except OSError as error:
        sys.stderr.write(f"/healthz: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
