"""Names of records: what they are, and which of them cannot be had twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Tuple

Key = Tuple[Any, ...]
"""What no two records have in common."""

_NAMES = ("name", "alias", "email", "username")
_SCOPES = ("scope", "clusterId", "departmentId", "projectId")
# Which scope it is, these say by themselves.
_WHOLE = ("system", "tenant")
# Whether a name can be had, the API is asked for these at once, whatever kind they are of.
_TOGETHER = ("/api/v1/workload-templates",)
# Whether a name can be had, the API is asked by cluster.
_IN_CLUSTERS = ("/api/v1/datavolumes",)


def name_of(facts: Mapping[str, Any]) -> Any:
    """What a request calls its record; None where it has no name."""
    for place in _places(facts):
        for name in _NAMES:
            if isinstance(place.get(name), str):
                return place[name]
    return None


def name_key(collection: str, facts: Mapping[str, Any], own: Mapping[str, Any]) -> Key | None:
    """The name of a record with where it counts: names are free again in another scope.

    Args:
        collection: the path at which the record is created.
        facts: of its request.
        own: what the control plane says of it.

    Returns:
        None for what may be there twice.
    """
    name = name_of(facts)
    places = list(_places(facts))
    # With a prefix, each gets a name of its own.
    if name is None or any(place.get("useGivenNameAsPrefix") for place in places):
        return None
    root = next((each for each in _TOGETHER if collection.startswith(f"{each}/")), collection)
    if root in _IN_CLUSTERS:
        return (root, name, str(own.get("clusterId")))
    return (root, name, *(part for place in places for part in _scope_in(place)))


def _places(facts: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for place in (facts, facts.get("meta"), facts.get("metadata")):
        if isinstance(place, Mapping):
            yield place


def _scope_in(place: Mapping[str, Any]) -> Iterator[str]:
    if place.get("scopeType") is not None:
        yield str(place["scopeType"])
        if place["scopeType"] not in _WHOLE:
            yield str(place.get("scopeId"))
    for key in _SCOPES:
        if place.get(key) is not None:
            yield str(place[key])
