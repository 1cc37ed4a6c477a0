"""Data flows one way: no modules import each other in a circle, and what is sent to a worker is carried out there."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter

import pytest
from celery import current_app

from tests.architecture import detectors as find


def circle(sources: dict[str, str]) -> list[str]:
    """The first circle among these modules by name, also of imports inside functions; [] where there is none."""
    graph: dict[str, set[str]] = {}
    for module, source in sources.items():
        named = {name for _line, name in find.imports(source, module)}
        deep = {name.rpartition(".")[0] for name in named if name in sources}
        graph[module] = {name for name in named & sources.keys() if name not in deep or name == module} - {
            module
        }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle({find.module_of(path): path.read_text(encoding="utf-8") for path in find.sources()}) == []


@pytest.mark.parametrize(
    ("other", "found"),
    [("def late():\n    from a import one", True), ("import json", False), ("import c", False)],
)
def test_the_circle_is_seen(other: str, found: bool) -> None:
    assert bool(circle({"a": "import b", "b": other, "c": ""})) is found


def test_every_task_that_is_sent_by_name_is_there() -> None:
    current_app.loader.import_default_modules()
    named = set()
    for path in find.sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any("network_portal.core.sending" in name for _line, name in find.imports(ast.unparse(tree), "")):
            texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
            named |= {
                text for text in texts if isinstance(text, str) and ".tasks" in text and " " not in text
            }
    assert len(named) >= 9
    assert sorted(named - current_app.tasks.keys()) == []
