"""Names of records: what they are, and which of them cannot be had twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Tuple

from runai.testing.state.meta import SCOPE, naming_parts
from runai.testing.state.paths import TEMPLATES, VOLUMES

Key = Tuple[Any, ...]
"""What no two records have in common."""

_NAMES = ("name", "alias", "email", "username")
# Which scope it is, these say by themselves.
_WHOLE = ("system", "tenant")
# Whether a name can be had, the API is asked for these at once, whatever kind they are of.
_TOGETHER = (TEMPLATES,)
# Whether a name can be had, the API is asked by cluster.
_IN_CLUSTERS = (VOLUMES,)


def name_of(facts: Mapping[str, Any]) -> Any:
    """What a request calls its record; None where it has no name."""
    for part in naming_parts(facts):
        for name in _NAMES:
            if isinstance(part.get(name), str):
                return part[name]
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
    parts = list(naming_parts(facts))
    # With a prefix, each gets a name of its own.
    if name is None or any(part.get("useGivenNameAsPrefix") for part in parts):
        return None
    root = next((each for each in _TOGETHER if collection.startswith(f"{each}/")), collection)
    if root in _IN_CLUSTERS:
        return (root, name, str(own.get("clusterId")))
    return (root, name, *(said for part in parts for said in _scope_in(part)))


def _scope_in(part: Mapping[str, Any]) -> Iterator[str]:
    if part.get("scopeType") is not None:
        yield str(part["scopeType"])
        if part["scopeType"] not in _WHOLE:
            yield str(part.get("scopeId"))
    for key in SCOPE:
        if part.get(key) is not None:
            yield str(part[key])
