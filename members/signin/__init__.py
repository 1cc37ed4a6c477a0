"""Readers come in through their library's own sign-in server (OpenID Connect); see docs/sign-in.md."""
