"""Which property of a list's records a field of a query stands for."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any, Dict, Tuple

Path = Tuple[str, ...]
"""The names of the objects that a property is in, and its own."""
Tree = Dict[str, Any]
"""The properties of records by name, each with the tree of its own properties."""

# Fields of the API whose property has another name, or is no value itself.
_ELSEWHERE = {
    "allocatedGPU": "allocatedResources.gpu",
    "creationTime": "createdAt",
    "departmentId": "parentId",
    "gpuAllocated": "status.quotaStatus.allocated.gpu",
    "lastUpdated": "updatedAt",
    "nodepool": "currentNodePools",
    "parentName": "parent.name",
    "runnable": "runnable.isRunnable",
    "totalGpuQuota": "totalResources.gpuQuota",
    "type": "isLocal",
    **{
        f"avg{quantity}{span}": f"overtimeData.range{span}Data.average{quantity}"
        for quantity in ("GpuAllocation", "GpuUtilization", "GpuMemoryUtilization")
        for span in ("24h", "7d", "30d")
    },
}


def path_in(tree: Tree, field: str) -> Path | None:
    """The path of the property that a field stands for; None where records have no such property.

    This is the property of exactly that name; else the one that the API is known to mean; else
    the one of that name, whatever its case and underscores, that is nearest to the top of a
    record. It may be inside objects but not inside lists, and an object itself is no value.
    """
    known = tuple(_ELSEWHERE.get(field, field).split("."))
    for path in ((field,), known):
        if _is_value(tree, path):
            return path
    return _nearest(tree, _folded(field))


def naming_paths(tree: Tree) -> list[Path]:
    """The paths of the properties that name a record or what it belongs to."""
    paths = [*((name,) for name in tree), *(("meta", name) for name in tree.get("meta", ()))]
    return [path for path in paths if _is_naming(path[-1]) and _is_value(tree, path)]


def tree_of(records: Iterable[Mapping[str, Any]]) -> Tree:
    """The properties that any of the records has."""
    tree: Tree = {}
    for record in records:
        _grow(tree, record)
    return tree


def _grow(tree: Tree, record: Mapping[str, Any]) -> None:
    for name, value in record.items():
        inner = tree.setdefault(name, {})
        if isinstance(value, dict):
            _grow(inner, value)


def _is_value(tree: Tree, path: Path) -> bool:
    for name in path:
        if name not in tree:
            return False
        tree = tree[name]
    return not tree


def _nearest(tree: Tree, wanted: str) -> Path | None:
    level: list[tuple[Path, Tree]] = [((), tree)]
    while level:
        deeper: list[tuple[Path, Tree]] = []
        for path, holder in level:
            for name, inner in holder.items():
                if inner:
                    deeper.append(((*path, name), inner))
                elif _folded(name) == wanted:
                    return (*path, name)
        level = deeper
    return None


@functools.lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    return name.replace("_", "").lower()


def _is_naming(name: str) -> bool:
    return _folded(name).endswith("name") or name in ("email", "subject", "subjectId")
