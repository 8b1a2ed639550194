"""What telemetry sums up of projects and departments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state import organization
from runai.testing.state.groups import Item, Label
from runai.testing.state.store import Record
from runai.testing.state.usage import Amount, cores, gpus, memory, of_pods
from runai.testing.state.workload_facts import NODE_POOL
from runai.testing.state.workload_log import Life

if TYPE_CHECKING:
    from runai.testing.state.state import State

_NOT_PREEMPTIBLE = "_NON_PREEMPTIBLE"
_KINDS = {"GPU": "gpu", "CPU": "cpu", "MEMORY": "memory"}
# In the units of quotas: GPUs, thousandths of cores, megabytes.
_AMOUNTS: Mapping[str, tuple[Amount, float]] = {
    "gpu": (gpus, 1.0),
    "cpu": (of_pods(cores), 1e-3),
    "memory": (of_pods(memory), 1e6),
}


def project_items(state: State, operation: Operation, request: CheckedRequest) -> Iterator[Item]:
    """What every project that is asked for adds to the sum, for each of its node pools.

    Args:
        state: that has the projects.
        operation: that asks for them.
        request: its filters, and what it asks for.
    """
    wanted = request.query.get("departmentId")
    projects = [
        each
        for each in state.rights.seen(operation, organization.projects(state))
        if wanted is None or str(each.own.get("parentId")) == str(wanted)
    ]
    yield from _items(state, request, projects, organization.project_of)


def department_items(state: State, operation: Operation, request: CheckedRequest) -> Iterator[Item]:
    """What every department that is asked for adds to the sum; as `project_items` does."""
    wanted = request.query.get("departmentId")
    departments = [
        each
        for each in state.rights.seen(operation, organization.departments(state))
        if wanted is None or str(each.id) == str(wanted)
    ]
    yield from _items(state, request, departments, organization.department_of)


def _items(
    state: State, request: CheckedRequest, units: list[Record], unit_of: Callable[[Life], str]
) -> Iterator[Item]:
    measure, _, what = request.query["telemetryType"].partition("_")
    kind = _KINDS[measure]
    is_quota = what == "QUOTA"
    allocated = {} if is_quota else _allocated(state, kind, what, unit_of)
    clusters = {str(each.id): each for each in organization.clusters(state)}
    for unit in units:
        cluster = str(unit.facts.get("clusterId"))
        if str(request.query.get("clusterId", cluster)) != cluster:
            continue
        for pool in organization.node_pools(state, cluster):
            identity = organization.node_pool_id(state, cluster, pool)
            if (
                request.query.get("nodepoolName", pool) != pool
                or str(request.query.get("nodepoolId", identity)) != identity
            ):
                continue
            if is_quota:
                amount = organization.owned([unit], kind, pool)
            else:
                amount = allocated.get(str(unit.id), 0.0) if pool == NODE_POOL else 0.0
            name = clusters[cluster].name if cluster in clusters else None
            parent = unit.own.get("parent") or {}
            yield Item(
                amount,
                {
                    "CLUSTER_ID": Label(cluster, name),
                    "ClusterId": Label(cluster, name),
                    "NodepoolId": Label(identity, pool),
                    "ParentId": Label(str(unit.own.get("parentId")), parent.get("name")),
                },
            )


def _allocated(
    state: State, kind: str, what: str, unit_of: Callable[[Life], str]
) -> dict[str, float]:
    """What the workloads of each unit have."""
    amount, size = _AMOUNTS[kind]
    totals: dict[str, float] = defaultdict(float)
    for life in state.life.lives():
        if life.holds and not (what.endswith(_NOT_PREEMPTIBLE) and life.request.preemptible):
            totals[unit_of(life)] += amount(life) / size
    return totals
