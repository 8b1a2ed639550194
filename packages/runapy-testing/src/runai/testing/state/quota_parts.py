"""What projects and departments deserve, node pool by node pool."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from runai.testing.state.changes import merged
from runai.testing.state.paths import NODE_POOLS
from runai.testing.state.workload_facts import NODE_POOL

if TYPE_CHECKING:
    from runai.testing.state.state import State


def node_pool_of(part: Mapping[str, Any]) -> str:
    """The name of the node pool that a part is of."""
    pool = part.get("nodePool") or {}
    return str(pool.get("name") or NODE_POOL)


def with_named_pools(state: State, facts: dict[str, Any]) -> dict[str, Any]:
    """Facts in which every part of a quota says what its node pool is called."""
    if not facts.get("resources"):
        return facts
    return {**facts, "resources": [_named(state, part) for part in facts["resources"]]}


def patched(
    parts: Iterable[Mapping[str, Any]], changes: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The parts after a PATCH, which changes those of the node pools that it names.

    Args:
        parts: before.
        changes: of the request, whose node pools have their names.
    """
    result = {node_pool_of(part): dict(part) for part in parts}
    for change in changes:
        name = node_pool_of(change)
        result[name] = merged(result.get(name, {}), change)
    return list(result.values())


def _named(state: State, part: Mapping[str, Any]) -> dict[str, Any]:
    record = state.store.get(NODE_POOLS, (part.get("nodePool") or {}).get("id"))
    if record is None:
        return dict(part)
    return {**part, "nodePool": {"id": str(record.id), "name": record.name}}
