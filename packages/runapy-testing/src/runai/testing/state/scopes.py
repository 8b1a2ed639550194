"""Where records stand: in which projects, departments and clusters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, FrozenSet, Tuple

from runai.testing.state.meta import naming_parts
from runai.testing.state.paths import CLUSTERS, DEPARTMENTS, PROJECTS
from runai.testing.state.store import Record

if TYPE_CHECKING:
    from runai.testing.state.state import State

Place = FrozenSet[Tuple[str, str]]
"""Every scope that something stands in; none at all for what is the whole tenant's."""

Scope = Tuple[str, Any]
"""Type and id."""

TENANT: Place = frozenset()
_SYSTEM: Scope = ("system", "")
COLLECTIONS = {"project": PROJECTS, "department": DEPARTMENTS, "cluster": CLUSTERS}
"""Of the scopes that have ids, by their type."""
NO_ID = (None, "", 0, "0")
"""What stands for everything, or for nothing, where others have the id of a record."""
_TYPES = {path: scope for scope, path in COLLECTIONS.items()}
# From the narrowest: what stands in a project may name its cluster too.
_NAMES = (
    ("projectId", "project"),
    ("departmentId", "department"),
    ("parentId", "department"),
    ("clusterId", "cluster"),
    ("clusterUuid", "cluster"),
)


def place_of(state: State, record: Record) -> Place:
    """Where a record stands."""
    return place_of_scope(state, *scope_of(record))


def scope_of(record: Record) -> Scope:
    """The narrowest scope that a record stands in."""
    scope = _TYPES.get(record.collection)
    return _scope_in(record.facts) or _SYSTEM if scope is None else (scope, record.id)


def place_of_scope(state: State, scope: str, identity: Any) -> Place:
    """Where everything of a scope stands: in itself, and in what it is part of."""
    path = COLLECTIONS.get(scope)
    if path is None:
        return TENANT
    own: Place = frozenset(((scope, str(identity)),))
    record = state.store.get(path, identity)
    if record is None:
        return own
    above = {**record.own, **record.facts}
    if scope == "project":
        own |= place_of_scope(state, "department", above.get("parentId"))
    if scope != "cluster" and above.get("clusterId"):
        own |= place_of_scope(state, "cluster", above["clusterId"])
    return own


def place_in(state: State, facts: Mapping[str, Any]) -> Place | None:
    """Where facts say that they stand; None where they say nothing."""
    scope = _scope_in(facts)
    return None if scope is None else place_of_scope(state, *scope)


def places_in_batch(state: State, body: Mapping[str, Any]) -> Iterator[Place]:
    """Where each of the many things stands that a body would create."""
    payload = body.get("payload")
    if isinstance(payload, Mapping):
        for each in payload.get("scopes", ()):
            yield place_of_scope(state, str(each.get("scopeType")), each.get("scopeId"))


def project_facts(state: State, identity: Any) -> dict[str, Any]:
    """What is said of everything in a project; nothing where there is no such project."""
    project = state.store.get(PROJECTS, identity)
    if project is None:
        return {}
    department = state.store.get(DEPARTMENTS, project.own.get("parentId"))
    return {
        "projectId": str(project.id),
        "projectName": project.name,
        "departmentId": project.own.get("parentId"),
        "departmentName": "" if department is None else department.name,
        "clusterId": project.facts.get("clusterId"),
        "namespace": (project.own.get("status") or {}).get("namespace"),
    }


def _scope_in(facts: Mapping[str, Any]) -> Scope | None:
    for part in naming_parts(facts):
        if part.get("scopeType") is not None:
            return str(part["scopeType"]), part.get("scopeId")
        said = part.get("scope")
        if said in ("tenant", "system"):
            return _SYSTEM
        # Before other ids: what is said to be of a cluster may name a project besides.
        if said in COLLECTIONS and part.get(f"{said}Id") is not None:
            return said, part[f"{said}Id"]
        for name, scope in _NAMES:
            if part.get(name) not in NO_ID:
                return scope, part[name]
    return None
