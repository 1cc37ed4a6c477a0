"""The servers that one machine needs, run by the portal itself: PostgreSQL, Redis, and the portal's own processes.

Used by `make demo`, `make serve` and `make test` through `python -m network_portal.embedded`; production uses none of it.
"""
