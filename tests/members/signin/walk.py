"""The reader's way through the pages, without a browser."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from tests.members.signin.server import Provider

PAGE = "/accounts/login/library/BANDUNG/"


def begin(client: Client, **data: str) -> dict[str, str]:
    """Press the button; what the sign-in server is asked, from the page that leads there."""
    answer = client.post(PAGE, data)
    assert answer.status_code == 200, answer.content
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.content.decode())
    assert found is not None
    parts = urlsplit(unescape(found[1]))
    return {"_address": f"{parts.scheme}://{parts.netloc}{parts.path}"} | {
        name: values[0] for name, values in parse_qs(parts.query).items()
    }


def back(client: Client, server: Provider, asked: dict[str, str], **more: str) -> Any:
    """The person signs in at the server and is sent back."""
    address = urlsplit(server.authorize(asked))
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    return client.get(address.path, query | more)


def come(client: Client, server: Provider, **data: str) -> Any:
    """The whole way; the portal's answer to the person's return."""
    return back(client, server, begin(client, **data))


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
