"""The servers that one machine needs, run by the portal itself: PostgreSQL, Redis, and the portal's own processes.

Used by `make demo`, `serve` and `test` through `python -m network_portal.embedded`; production uses none of it.
"""
