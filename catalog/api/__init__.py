"""The programming interface under /api/v1/: what libraries' own agents send. Described in docs/api.md."""
