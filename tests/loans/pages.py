"""Helpers of the page tests: a client in English, a page as text, one more book."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from tests.loans.world import World, make_edition


def client_of(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.people[who])
    client.cookies["django_language"] = "en"
    return client


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def another(world: World, title: str = "Bumi Manusia") -> Any:
    edition = make_edition(title)
    world.hold("JKT", edition)
    return edition
