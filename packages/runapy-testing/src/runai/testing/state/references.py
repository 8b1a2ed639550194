"""What records refer to: it has to be there, to be of the same cluster, and to stay."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from runai.testing.answers import Refusal, shortened
from runai.testing.state.asset_references import ASSETS, assets_in
from runai.testing.state.paths import (
    CATEGORIES,
    CLUSTERS,
    DEPARTMENTS,
    NODE_POOLS,
    PROJECTS,
    ROLES,
    TOPOLOGIES,
)
from runai.testing.state.store import Record

if TYPE_CHECKING:
    from runai.testing.state.state import State

# The properties that name a record of a collection.
_REFERENCES = {
    "categoryId": CATEGORIES,
    "clusterId": CLUSTERS,
    "departmentId": DEPARTMENTS,
    "networkTopologyId": TOPOLOGIES,
    "parentId": DEPARTMENTS,
    "projectId": PROJECTS,
    "roleId": ROLES,
}
_REFERRED_TO = (*_REFERENCES.values(), NODE_POOLS)
# What stands for everything, not for a record.
_NOBODY = (None, "", "0", 0)
_SCOPES = {"cluster": CLUSTERS, "department": DEPARTMENTS, "project": PROJECTS}


class _Reference(NamedTuple):
    place: str
    """That makes it, in a request's body."""
    path: str
    """Of the collection."""
    identity: Any
    cluster: Any
    """That what is referred to has to be in; None where that is not said."""


def demand_references(state: State, facts: Mapping[str, Any]) -> None:
    """Refuse facts that refer to something that is not there, or is in another cluster.

    Raises:
        Refusal: 400, which names the property and its value.
    """
    _demand_scopes(facts)
    for reference in _references(facts):
        resource = state.resources.get(reference.path)
        if resource is None:
            continue
        place, identity = reference.place, shortened(reference.identity)
        try:
            record = state.store.find(resource, reference.identity)
        except Refusal as refusal:
            raise Refusal(
                400,
                f"{place} {identity} is none of {reference.path}",
                [f"body.{place}: create it first, or give the id of one that is there"],
            ) from refusal
        cluster = record.facts.get("clusterId")
        if cluster is not None and reference.cluster not in (*_NOBODY, cluster):
            raise Refusal(
                400,
                f"{place} {identity} is in another cluster",
                [f"body.{place}: it is in {cluster}, clusterId is {reference.cluster}"],
            )


def users_of(state: State, record: Record) -> Iterator[Record]:
    """The records that refer to one, oldest first."""
    is_asset = record.collection.startswith(ASSETS)
    if not is_asset and record.collection not in _REFERRED_TO:
        # Of these there can be very many.
        return
    identity, wanted = str(record.id), (record.collection, str(record.id))
    for other in state.store:
        if other is record:
            continue
        if is_asset:
            refers = identity in assets_in(other)
        else:
            made = _references(other.facts)
            refers = any(wanted == (each.path, str(each.identity)) for each in made)
        if refers:
            yield other


def demand_unused(state: State, record: Record, going: Collection[Record] = ()) -> None:
    """Refuse to delete what others refer to.

    Args:
        state: that has the records.
        record: to delete.
        going: what is deleted with it.

    Raises:
        Refusal: 409, which names one of the others.
    """
    is_default = record.collection == NODE_POOLS and record.own.get("isDefault")
    if is_default and all(each.collection != CLUSTERS for each in going):
        raise Refusal(
            409,
            f"{record.collection}/{record.id} is the default of its cluster",
            ["workloads that name no node pool are in it"],
        )
    for other in users_of(state, record):
        if other not in going:
            raise Refusal(
                409,
                f"{record.collection}/{record.id} is in use",
                [f"{other.collection}/{other.id} refers to it: delete that first"],
            )


def _demand_scopes(facts: Mapping[str, Any]) -> None:
    """Refuse a scope of a type that has ids without one."""
    for place in _places(facts):
        if "scopeType" in place:
            scope, name = str(place["scopeType"]), "scopeId"
        else:
            scope = str(place.get("scope"))
            name = f"{scope}Id"
        if scope in _SCOPES and place.get(name) in _NOBODY:
            raise Refusal(
                400,
                f"{name} is missing for the scope {scope}",
                [f"{'body' if place is facts else 'body.meta'} {name}: missing"],
            )


def _references(facts: Mapping[str, Any]) -> Iterator[_Reference]:
    for place in _places(facts):
        cluster = place.get("clusterId")
        for name, path in _REFERENCES.items():
            identity = place.get(name)
            # Assets that are no project's may say so by 0.
            if identity not in _NOBODY or (
                name == "projectId" and place is facts and name in place
            ):
                yield _Reference(name, path, identity, cluster)
        path = _SCOPES.get(str(place.get("scopeType")), "")
        if path and place.get("scopeId") not in _NOBODY:
            yield _Reference("scopeId", path, place["scopeId"], cluster)
    for part in facts.get("resources") or ():
        pool = part.get("nodePool") or {}
        if pool.get("id") not in _NOBODY:
            identity, cluster = pool["id"], facts.get("clusterId")
            yield _Reference("resources.nodePool.id", NODE_POOLS, identity, cluster)


def _places(facts: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    shared = facts.get("sharedScopes") or ()
    for place in (facts, facts.get("meta"), facts.get("metadata"), *shared):
        if isinstance(place, Mapping):
            yield place
