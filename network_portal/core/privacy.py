"""What the portal holds about a person: each room says it in its apps.py, by `points_to_person` and the like.

Exporting and erasing (members/privacy) read this registry, and so does the test that nothing is forgotten here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Field, Model
from django.utils.functional import Promise


@dataclass(frozen=True)
class Link:
    """A column that points to a person. `title` heads the part in the export; without one the part is not in it."""

    model: str  # label, as "members.Membership"
    field: str
    title: str | Promise = ""
    columns: tuple[str, ...] = ()  # what is exported; without any, every plain column


@dataclass(frozen=True)
class Marks:
    """By what a person is known in text. `certain` belongs to nobody else; `names` only counts beside the person."""

    pk: int
    email: str
    certain: tuple[str, ...]
    names: tuple[str, ...]


Eraser = Callable[[Marks], int]
Obstacle = Callable[[int], "str | Promise"]
_links: dict[tuple[str, str], Link] = {}
_erasers: dict[str, Eraser] = {}
_obstacles: list[Obstacle] = []
_impersonal: dict[str, str] = {}


def points_to_person(
    model: str, field: str, *, title: str | Promise = "", columns: Iterable[str] = ()
) -> None:
    """Declare a foreign key to a person. What its on_delete does when the account goes must be what is wanted."""
    _links[model, field] = Link(model, field, title, tuple(columns))


def erase_by(name: str, eraser: Eraser) -> None:
    """`eraser(marks)` runs before the account is deleted, in its transaction; returns how many rows it changed."""
    _erasers[name] = eraser


def obstacle(check: Obstacle) -> None:
    """`check(pk)` returns the sentence why a person can't be erased now, or an empty text."""
    if check not in _obstacles:
        _obstacles.append(check)


def impersonal(reason: str, *models: str) -> None:
    """Tables whose text is about books or machines; a namesake there is not the person, and is left alone."""
    for model in models:
        _impersonal[model] = reason


def links() -> list[Link]:
    return list(_links.values())


def erasers() -> dict[str, Eraser]:
    return dict(_erasers)


def obstacle_of(pk: int) -> str:
    """The first reason why the person can't be erased now; empty when there is none."""
    return next((str(reason) for check in _obstacles if (reason := check(pk))), "")


def impersonal_models() -> dict[str, str]:
    return dict(_impersonal)


def undeclared(person: type[Model]) -> list[str]:
    """Columns that point to a person and that no room has declared, each as the sentence what to do."""
    return [
        f"{model._meta.label}.{field.name} points to a person: declare it with core.privacy.points_to_person in the"
        " app's personal.py, with the title it has in the export, and check what its on_delete leaves behind."
        for model in apps.get_models(include_auto_created=True)
        for field in pointing(model, person)
        if (model._meta.label, field.name) not in _links
    ]


def pointing(model: type[Model], person: type[Model]) -> list[Field[Any, Any]]:
    return [
        field
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is not None and issubclass(person, field.related_model)
    ]
