"""Addresses that stand on a page by the dozen, looked up once: they don't change while the portal runs."""

from __future__ import annotations

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=256)
def address_of(name: str) -> str:
    """`reverse` for an address without a part that varies."""
    return reverse(name)


@lru_cache(maxsize=64)
def _before_number(name: str) -> str:
    return reverse(name, args=[0]).removesuffix("0")


def address_with(name: str, number: int) -> str:
    """`reverse` for an address that ends in a number."""
    return f"{_before_number(name)}{number}"
