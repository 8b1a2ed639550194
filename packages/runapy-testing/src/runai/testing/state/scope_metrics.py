"""Metrics of clusters, node pools, departments and projects: they follow from what ran there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Dict

from runai.testing.answers import Refusal, shortened
from runai.testing.contents import Content, Handler
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state import organization
from runai.testing.state.nodes import capacity, nodes_of
from runai.testing.state.paths import CLUSTERS, DEPARTMENTS, PROJECTS
from runai.testing.state.scope_levels import LEVELS, NOWHERE, Measured
from runai.testing.state.series import Series, answer, asked, sample_times, samples
from runai.testing.state.store import Record
from runai.testing.state.usage import Usage
from runai.testing.state.utilization import RANGES, distribution
from runai.testing.state.workload_facts import NODE_POOL
from runai.testing.state.workload_log import Life

if TYPE_CHECKING:
    from runai.testing.state.state import State

_DISTRIBUTION = "GPU_UTILIZATION_DISTRIBUTION"


def handler(state: State, operation: Operation) -> Handler | None:
    """Answers with the metrics of a scope; None for every other operation.

    Args:
        state: that has what ran.
        operation: of the specification.
    """
    scope_of = _SCOPES.get(operation.path)
    if scope_of is None:
        return None

    def carry_out(op: Operation, request: CheckedRequest) -> Content:
        scope = scope_of(state, request, sample_times(request.query))
        types = asked(request, "metricType")
        series = [each for metric in types for each in _measured(state, metric, scope, request)]
        return answer(op, state.specification.response_schemas, series)

    return carry_out


def _of_project(state: State, request: CheckedRequest, times: Sequence[float]) -> Measured:
    project = state.store.find(state.resources[PROJECTS], request.path_parameters["projectId"])
    lives = (
        each
        for each in organization.all_lives(state)
        if organization.project_of(each) == str(project.id)
    )
    return _of_unit(project, lives, request, times)


def _of_department(state: State, request: CheckedRequest, times: Sequence[float]) -> Measured:
    identity = request.path_parameters["departmentId"]
    department = state.store.find(state.resources[DEPARTMENTS], identity)
    wanted = str(department.id)
    lives = (
        each for each in organization.all_lives(state) if organization.department_of(each) == wanted
    )
    return _of_unit(department, lives, request, times)


def _of_unit(
    owner: Record, lives: Iterable[Life], request: CheckedRequest, times: Sequence[float]
) -> Measured:
    node_pool = request.query.get("nodepoolName")
    there = lives if node_pool in (None, NODE_POOL) else ()
    return Measured(Usage(there, times), [owner], node_pool, None)


def _of_cluster(state: State, request: CheckedRequest, times: Sequence[float]) -> Measured:
    cluster = organization.cluster(state, request.path_parameters["clusterUuid"])
    return _in_cluster(state, cluster, request.query.get("nodepoolName"), times)


def _of_node_pool(state: State, request: CheckedRequest, times: Sequence[float]) -> Measured:
    cluster = organization.cluster(state, request.path_parameters["clusterUuid"])
    name = request.path_parameters["nodepoolName"]
    known = organization.node_pools(state, cluster.id)
    if name not in known:
        raise Refusal(
            404,
            f"Cluster {cluster.name} has no node pool {shortened(name)}",
            [f"its node pools are {', '.join(known)}"],
        )
    return _in_cluster(state, cluster, name, times)


def _in_cluster(
    state: State, cluster: Record, node_pool: str | None, times: Sequence[float]
) -> Measured:
    owners = organization.projects(state, cluster.id)
    if node_pool not in (None, NODE_POOL):
        return Measured(Usage((), times), owners, node_pool, NOWHERE)
    wanted = str(cluster.id)
    lives = (
        each for each in organization.all_lives(state) if organization.cluster_of(each) == wanted
    )
    return Measured(Usage(lives, times), owners, node_pool, capacity(nodes_of(state, cluster)))


def _measured(
    state: State, metric: str, scope: Measured, request: CheckedRequest
) -> Iterator[Series]:
    key = request.query.get("groupBy")
    is_divided = key is not None and (key == "Nodepool" or metric not in _UNDIVIDED)
    for part in _parts(state, scope, request, str(key)) if is_divided else [scope]:
        groups: Dict[str, Any] = {"groups": list(part.groups)} if part.groups else {}
        times = part.usage.times
        if metric != _DISTRIBUTION:
            yield {"type": metric, "values": samples(LEVELS[metric](part), times), **groups}
            continue
        total = part.capacity.gpus if part.capacity is not None else None
        for name, counts in zip(RANGES, distribution(part.usage, total)):
            labels = {"range": name}
            yield {"type": metric, "labels": labels, "values": samples(counts, times), **groups}


def _parts(state: State, scope: Measured, request: CheckedRequest, key: str) -> Iterator[Measured]:
    """The scope divided by what its series are grouped by."""
    cluster_id = request.path_parameters["clusterUuid"]
    times, lives = scope.usage.times, scope.usage.lives
    if key == "Nodepool":
        cluster = organization.cluster(state, cluster_id)
        for name in organization.node_pools(state, cluster_id):
            if scope.node_pool in (None, name):
                part = _in_cluster(state, cluster, name, times)
                yield replace(part, groups=[{"key": key, "value": name}])
        return
    groups: dict[str, Callable[[Life], bool]] = {}
    owners: dict[str, list[Record]] = {}
    if key == "Project":
        for project in scope.owners:
            groups[str(project.name)] = _is_in(organization.project_of, project)
            owners[str(project.name)] = [project]
    elif key == "Department":
        for department in organization.departments(state, cluster_id):
            groups[str(department.name)] = _is_in(organization.department_of, department)
            owners[str(department.name)] = [department]
    else:
        for name in dict.fromkeys(life.request.category for life in lives):
            groups[name] = _is_of(name)
    for name, belongs in groups.items():
        yield replace(
            scope,
            usage=Usage(filter(belongs, lives), times),
            owners=owners.get(name, ()),
            capacity=None,
            groups=[{"key": key, "value": name}],
        )


def _is_in(owner_of: Callable[[Life], str], owner: Record) -> Callable[[Life], bool]:
    return lambda life: owner_of(life) == str(owner.id)


def _is_of(category: str) -> Callable[[Life], bool]:
    return lambda life: life.request.category == category


_UNDIVIDED = ("TOTAL_GPU", "TOTAL_GPU_NODES", "UNALLOCATED_GPU")
"""What belongs to nodes, and to nobody's workloads."""
_SCOPES: Mapping[str, Callable[[State, CheckedRequest, Sequence[float]], Measured]] = {
    f"{PROJECTS}/{{projectId}}/metrics": _of_project,
    f"{DEPARTMENTS}/{{departmentId}}/metrics": _of_department,
    f"{CLUSTERS}/{{clusterUuid}}/metrics": _of_cluster,
    f"{CLUSTERS}/{{clusterUuid}}/nodepools/{{nodepoolName}}/metrics": _of_node_pool,
}
