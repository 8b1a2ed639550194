"""Lists of assets by scope: what can be used in a project is what is in it, and above it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runai.testing.specification import Operation
from runai.testing.state.paths import ASSETS
from runai.testing.state.scopes import Place, place_of, place_of_scope
from runai.testing.state.store import Record

if TYPE_CHECKING:
    from runai.testing.state.state import State

# From the narrowest.
_IDS = {"projectId": "project", "departmentId": "department", "clusterId": "cluster"}
_PARAMETERS = frozenset((*_IDS, "scope", "includeDescendants"))


def in_scope(
    state: State, operation: Operation, query: Mapping[str, Any], records: list[Record]
) -> list[Record]:
    """Those of a list of assets that are there for the scope that a query names.

    These are the scope's own and those of the scopes that it is part of; with `includeDescendants`
    also those of the scopes in it. With `scope`, only those of scopes of this type are left.

    Args:
        state: that has the records.
        operation: that lists or counts them; records of other lists are left as they are.
        query: checked values by parameter.
        records: of the whole list.
    """
    if not operation.path.startswith(ASSETS) or not query.keys() & _PARAMETERS:
        return records
    wanted = {scope: str(query[name]) for name, scope in _IDS.items() if name in query}
    kept = records
    if "scope" in query:
        kept = [each for each in kept if _scope_of(each) == query["scope"]]
    if not wanted:
        return kept
    narrowest = next(iter(wanted.items()))
    around = place_of_scope(state, *narrowest)
    if not frozenset(wanted.items()) <= around:
        # A project of another cluster.
        return []
    inside = bool(query.get("includeDescendants"))
    return [each for each in kept if _counts(place_of(state, each), around, narrowest, inside)]


def without_scope(operation: Operation, query: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is left of a query once `in_scope` has looked at it."""
    if not operation.path.startswith(ASSETS):
        return query
    return {name: value for name, value in query.items() if name not in _PARAMETERS}


def _counts(place: Place, around: Place, narrowest: tuple[str, str], inside: bool) -> bool:
    return place <= around or (inside and narrowest in place)


def _scope_of(record: Record) -> Any:
    return (record.facts.get("meta") or {}).get("scope")
