"""Projects, departments, node pools and clusters: what is in them, and what they deserve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from runai.testing.answers import Refusal, shortened
from runai.testing.state.paths import CLUSTERS, DEPARTMENTS, NODE_POOLS, PROJECTS
from runai.testing.state.quota_parts import node_pool_of
from runai.testing.state.store import Record
from runai.testing.state.workload_facts import NODE_POOL
from runai.testing.state.workload_log import Life

if TYPE_CHECKING:
    from runai.testing.state.state import State

# Of the units that memory has in the facts, in megabytes.
_MEGABYTES = {"Mib": 2**20 / 1e6, "MB": 1.0, "GB": 1000.0}


def cluster(state: State, identity: Any) -> Record:
    """A cluster.

    Raises:
        Refusal: 404 where there is none of this id.
    """
    return state.store.find(state.resources[CLUSTERS], identity)


def clusters(state: State) -> list[Record]:
    """All clusters."""
    return state.store.of(state.resources[CLUSTERS])


def projects(state: State, cluster_id: Any = None) -> list[Record]:
    """The projects of a cluster, or all."""
    return _of_cluster(state.store.of(state.resources[PROJECTS]), cluster_id)


def departments(state: State, cluster_id: Any = None) -> list[Record]:
    """The departments of a cluster, or all."""
    return _of_cluster(state.store.of(state.resources[DEPARTMENTS]), cluster_id)


def node_pools(state: State, cluster_id: Any) -> list[str]:
    """The names of a cluster's node pools, first the one with its nodes."""
    found = _of_cluster(state.store.of(state.resources[NODE_POOLS]), cluster_id)
    return list(dict.fromkeys([NODE_POOL, *(str(each.name) for each in found)]))


def node_pool_id(state: State, cluster_id: Any, name: str) -> str:
    """The id of a cluster's node pool; its name where it has none."""
    found = _of_cluster(state.store.of(state.resources[NODE_POOLS]), cluster_id)
    return next((str(each.id) for each in found if each.name == name), name)


def comes_with(state: State, record: Record) -> list[Record]:
    """What a cluster has from its start, and takes with it; nothing of other records."""
    if record.collection != CLUSTERS:
        return []
    kinds = (state.resources[path] for path in (DEPARTMENTS, NODE_POOLS) if path in state.resources)
    found = [each for kind in kinds for each in _of_cluster(state.store.of(kind), record.id)]
    return [each for each in found if each.own.get("isDefault")]


def with_department(state: State, path: str, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a new project with a department: its cluster's default one if they name none.

    Args:
        state: that has the departments.
        path: of the collection; facts of others are given back.
        facts: of the request.

    Raises:
        Refusal: 400 where there is no such department any more.
    """
    if path != PROJECTS or facts.get("parentId"):
        return facts
    cluster_id = facts.get("clusterId")
    for each in departments(state, cluster_id):
        if each.own.get("isDefault"):
            return {**facts, "parentId": each.id}
    raise Refusal(
        400,
        f"cluster {shortened(cluster_id)} has no default department",
        ["body.parentId: give the id of a department of the cluster"],
    )


def all_lives(state: State) -> list[Life]:
    """The lives of all workloads that are there, or were."""
    return [*state.life.lives(), *state.life.gone()]


def cluster_of(life: Life) -> str:
    """The id of the cluster that a workload is in."""
    return str(life.record.own.get("clusterId") or life.request.cluster)


def project_of(life: Life) -> str:
    """The id of the project that a workload is in."""
    return life.request.project


def department_of(life: Life) -> str:
    """The id of the department that a workload's project is in."""
    return str(life.record.own.get("departmentId") or "")


def owned(records: Iterable[Record], kind: str, node_pool: str | None = None) -> float:
    """What projects or departments deserve together.

    Args:
        records: of the projects or departments.
        kind: gpu, cpu or memory: GPUs, thousandths of cores, or megabytes.
        node_pool: whose part it is; None for the sum of all.
    """
    return sum(_amounts(records, kind, node_pool))


def _amounts(records: Iterable[Record], kind: str, node_pool: str | None) -> Iterator[float]:
    for record in records:
        for part in record.facts.get("resources") or ():
            if node_pool is None or node_pool_of(part) == node_pool:
                resource = part.get(kind) or {}
                unit = _MEGABYTES.get(str(resource.get("units")), 1.0)
                yield float(resource.get("deserved") or 0) * unit


def _of_cluster(records: list[Record], cluster_id: Any) -> list[Record]:
    if cluster_id is None:
        return records
    return [each for each in records if str(each.facts.get("clusterId")) == str(cluster_id)]
