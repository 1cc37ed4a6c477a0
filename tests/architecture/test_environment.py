"""`.env.example` names every variable the portal reads, and nothing it does not."""

from __future__ import annotations

from tests.architecture import detectors as find

READERS = ("network_portal/settings.py", "network_portal/gunicorn_conf.py")
# Read by docker-compose.yml alone: it makes the two addresses from them.
COMPOSE_ONLY = {"POSTGRES_PASSWORD", "REDIS_PASSWORD"}


def read_names() -> set[str]:
    return set().union(*(find.env_names((find.ROOT / name).read_text(encoding="utf-8")) for name in READERS))


def documented() -> set[str]:
    return find.documented_names((find.ROOT / ".env.example").read_text(encoding="utf-8"))


def test_the_example_names_every_variable() -> None:
    assert read_names() - documented() == set()


def test_the_example_names_nothing_that_is_not_read() -> None:
    assert documented() - read_names() == COMPOSE_ONLY


def test_the_reader_sees_each_helper() -> None:
    source = "env('A'); env_bool('B', True); env_secret('C'); os.environ.get('D'); other('E'); env(name)"
    assert find.env_names(source) == {"A", "B", "C", "D"}


def test_secrets_have_no_value_in_the_example() -> None:
    text = (find.ROOT / ".env.example").read_text(encoding="utf-8")
    lines = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    secrets = [name for name in lines if any(part in name for part in ("SECRET", "PASSWORD", "_URL"))]
    assert {name: lines[name] for name in secrets if lines[name]} == {}
