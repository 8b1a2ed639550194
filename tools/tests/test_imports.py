"""The parts of the tools need each other in one direction: no part needs what needs it."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

SOURCES = Path(__file__).parents[1] / "src" / "runapy_tools"


def part(module: str) -> str:
    """The package or module right below `runapy_tools`."""
    return module.split(".")[1] if module.startswith("runapy_tools.") else ""


def needed(path: Path) -> set[str]:
    """The parts that a module imports, wherever it does."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "runapy_tools":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(part(node.module or ""))
    return found - {""}


def test_there_is_no_circle() -> None:
    needs: dict[str, set[str]] = {}
    for path in SOURCES.rglob("*.py"):
        own = path.relative_to(SOURCES).parts[0].removesuffix(".py")
        needs.setdefault(own, set()).update(needed(path) - {own})
    assert "spec_diff" in needs["spec_import"]
    # Raises CycleError, which names those in the circle.
    order = list(TopologicalSorter(needs).static_order())
    assert order.index("naming") < order.index("spec_diff") < order.index("generator")
