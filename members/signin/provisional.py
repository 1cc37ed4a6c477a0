"""Bindings made before the account's address was proved: whoever turns out to own the address decides about them."""

from __future__ import annotations

from members.models import SignInBinding, User


def provisional_end(user: User) -> None:
    """The owner of the address chose a password by mail: who came in before need not have been them."""
    SignInBinding.objects.filter(user=user, is_provisional=True).delete()


def provisional_keep(user: User) -> None:
    """The owner of the address opened the link and said: it is me."""
    SignInBinding.objects.filter(user=user, is_provisional=True).update(is_provisional=False)
