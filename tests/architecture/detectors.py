"""Finds what the house forbids, in source text; the tests run each detector on the project and on a sample."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("network_portal", "members", "catalog", "loans")
# Lower rooms first: a room may import those to its left, never those to its right.
FLOORS = (
    ("network_portal.core",),
    ("members",),
    ("catalog",),
    ("loans",),
    ("network_portal.pages", "network_portal.demo"),
)
ORM_WORDS = {
    "objects", "filter", "exclude", "annotate", "aggregate", "select_related", "prefetch_related", "order_by",
    "values_list", "raw", "bulk_create", "bulk_update", "_default_manager",
}  # fmt: skip


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders or APPS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def floor_of(module: str) -> int | None:
    for number, rooms in enumerate(FLOORS):
        if any(module == room or module.startswith(room + ".") for room in rooms):
            return number
    return None


def imports(source: str, module: str) -> Iterator[tuple[int, str]]:
    """Every imported module with its line, also inside functions; relative ones resolved."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(module.split(".")[: -node.level]) if node.level else ""
            name = ".".join(part for part in (base, node.module or "") if part)
            yield node.lineno, name
            yield from ((node.lineno, f"{name}.{alias.name}") for alias in node.names)


def upward_imports(source: str, module: str) -> list[str]:
    own = floor_of(module)
    if own is None:
        return []
    found = []
    for line, imported in imports(source, module):
        other = floor_of(imported)
        same_room = imported.split(".")[:2] == module.split(".")[:2]
        if other is not None and (other > own or (other == own == len(FLOORS) - 1 and not same_room)):
            found.append(f"line {line}: {module} imports {imported}")
    return found


def status_writes(source: str) -> list[str]:
    """Assignments to `.status`, `update(status=…)`, `setattr(x, "status", …)`: the engine's business alone."""
    found = []
    for node in ast.walk(ast.parse(source)):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        if any(
            isinstance(one, ast.Attribute) and one.attr == "status" for t in targets for one in ast.walk(t)
        ):
            found.append(f"line {node.lineno}: assigns .status")
        if isinstance(node, ast.Call) and _writes_status(node):
            found.append(f"line {node.lineno}: writes status by a call")
    return found


def _writes_status(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = [one.value for one in ast.walk(call) if isinstance(one, ast.Constant)]
    if name in ("update", "update_or_create"):
        return any(keyword.arg == "status" for keyword in call.keywords)
    return name in ("setattr", "bulk_update") and "status" in texts


def orm_in_view(source: str) -> list[str]:
    """Queries in a view file; selectors read and services write."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in ORM_WORDS:
            found.append(f"line {node.lineno}: .{node.attr}")
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "values" and node.args:
            found.append(f"line {node.lineno}: .values")  # a dictionary's takes no argument
        if isinstance(node, ast.Name) and node.id in ("get_object_or_404", "get_list_or_404"):
            found.append(f"line {node.lineno}: {node.id}")
    return found


def is_view_file(path: Path) -> bool:
    return "views" in path.parts or path.stem.startswith("views")


def prints(source: str) -> list[str]:
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return [f"line {call.lineno}: print" for call in calls if getattr(call.func, "id", "") == "print"]


_COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->", re.S)
_INLINE = {
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<script[^>]*>\s*[^\s<]", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.I),
    "a javascript address": re.compile(r"(?:href|action)\s*=\s*[\"']?\s*javascript:", re.I),
    "a foreign server": re.compile(
        r"<(?:script|link|img|iframe)[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.I
    ),
}


def inline_code(source: str) -> list[str]:
    """What the strict content security policy would block."""
    text = _COMMENT.sub("", source)
    # A tag of the template language may contain ">", which would end the HTML tag for the patterns above.
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "x", text, flags=re.S)
    return [name for name, pattern in _INLINE.items() if pattern.search(text)]


def page_faults(source: str) -> list[str]:
    """A page takes its frame from another template and names itself."""
    found = []
    if "{% extends" not in source:
        found.append("extends nothing")
    if not re.search(r"\{% block (title|head_title) %\}\s*\S", source):
        found.append("has no title")
    return found


def env_names(source: str) -> set[str]:
    """The environment variables that a settings file reads."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
            continue
        name = node.args[0].value
        helper = getattr(node.func, "id", "")
        reads_environ = ast.unparse(node.func) in ("os.environ.get", "os.getenv")
        if isinstance(name, str) and (helper.startswith("env") or reads_environ):
            found.add(name)
    return found


def documented_names(env_file: str) -> set[str]:
    return set(re.findall(r"^([A-Z][A-Z0-9_]*)=", env_file, re.M))
