"""What records refer to: it has to be there, to be of the same cluster, and to stay."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from runai.testing.answers import Refusal, shortened
from runai.testing.state.asset_references import assets_in
from runai.testing.state.meta import naming_parts
from runai.testing.state.paths import (
    ASSETS,
    CATEGORIES,
    CLUSTERS,
    DEPARTMENTS,
    NODE_POOLS,
    PROJECTS,
    ROLES,
    TOPOLOGIES,
)
from runai.testing.state.scopes import COLLECTIONS, NO_ID
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
        if cluster is not None and reference.cluster not in (*NO_ID, cluster):
            raise Refusal(
                400,
                f"{place} {identity} is in another cluster",
                [f"body.{place}: it is in {cluster}, clusterId is {reference.cluster}"],
            )


def users_of(state: State, records: Collection[Record]) -> Iterator[Record]:
    """The others that refer to any of some records, oldest first."""
    assets = {str(each.id) for each in records if each.collection.startswith(ASSETS)}
    wanted = {
        (each.collection, str(each.id)) for each in records if each.collection in _REFERRED_TO
    }
    if not assets and not wanted:
        # Of these there can be very many.
        return
    known = set(records)
    for other in state.store:
        made = _references(other.facts) if wanted else ()
        if other not in known and (
            any((each.path, str(each.identity)) in wanted for each in made)
            or (assets and not assets.isdisjoint(assets_in(other)))
        ):
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
    for other in users_of(state, [record]):
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
        if scope in COLLECTIONS and place.get(name) in NO_ID:
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
            if identity not in NO_ID or (name == "projectId" and place is facts and name in place):
                yield _Reference(name, path, identity, cluster)
        path = COLLECTIONS.get(str(place.get("scopeType")), "")
        if path and place.get("scopeId") not in NO_ID:
            yield _Reference("scopeId", path, place["scopeId"], cluster)
    for part in facts.get("resources") or ():
        pool = part.get("nodePool") or {}
        if pool.get("id") not in NO_ID:
            identity, cluster = pool["id"], facts.get("clusterId")
            yield _Reference("resources.nodePool.id", NODE_POOLS, identity, cluster)


def _places(facts: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    shared = facts.get("sharedScopes") or ()
    yield from (*naming_parts(facts), *shared)
