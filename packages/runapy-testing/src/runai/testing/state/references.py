"""What records refer to: it has to be there, and to stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from runai.testing.answers import Refusal, shortened
from runai.testing.state.paths import CLUSTERS, DEPARTMENTS, PROJECTS, ROLES
from runai.testing.state.store import Record

if TYPE_CHECKING:
    from runai.testing.state.state import State

# The properties that name a record of a collection.
_REFERENCES = {
    "clusterId": CLUSTERS,
    "departmentId": DEPARTMENTS,
    "parentId": DEPARTMENTS,
    "projectId": PROJECTS,
    "roleId": ROLES,
}
# What stands for everything, not for a record.
_NOBODY = (None, "", "0", 0)
_SCOPES = {"cluster": CLUSTERS, "department": DEPARTMENTS, "project": PROJECTS}


def demand_references(state: State, facts: Mapping[str, Any]) -> None:
    """Refuse facts that refer to something that is not there.

    Raises:
        Refusal: 400, which names the property and its value.
    """
    for name, path, identity in _references(facts):
        resource = state.resources.get(path)
        if resource is None:
            continue
        try:
            state.store.find(resource, identity)
        except Refusal as refusal:
            raise Refusal(
                400,
                f"{name} {shortened(identity)} is none of {path}",
                [f"body.{name}: create it first, or give the id of one that is there"],
            ) from refusal


def demand_unused(state: State, record: Record) -> None:
    """Refuse to delete what others refer to.

    Raises:
        Refusal: 409, which names one of them.
    """
    if record.collection not in _REFERENCES.values():
        return
    for other in state.store:
        if other is record or other.own.get("isDefault"):
            continue
        if (record.collection, str(record.id)) in {
            (path, str(identity)) for _, path, identity in _references(other.facts)
        }:
            raise Refusal(
                409,
                f"{record.collection}/{record.id} is in use",
                [f"{other.collection}/{other.id} refers to it: delete that first"],
            )


def _references(facts: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for place in (facts, facts.get("meta"), facts.get("metadata")):
        if not isinstance(place, Mapping):
            continue
        for name, path in _REFERENCES.items():
            if place.get(name) not in _NOBODY:
                yield name, path, place[name]
        path = _SCOPES.get(str(place.get("scopeType")), "")
        if path and place.get("scopeId") not in _NOBODY:
            yield "scopeId", path, place["scopeId"]
