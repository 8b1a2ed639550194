"""Metrics at the older paths below a cluster: of itself, its departments and its projects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from runai.testing.answers import Refusal, shortened
from runai.testing.clock import timestamp
from runai.testing.contents import Content, Handler
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state import organization
from runai.testing.state.cluster_collections import department_number
from runai.testing.state.series import sample_times
from runai.testing.state.store import Record
from runai.testing.state.usage import (
    Amount,
    Usage,
    cores,
    gpus,
    memory,
    of_pods,
    usable_cores,
    usable_memory,
)
from runai.testing.state.workload_facts import NODE_POOL
from runai.testing.state.workload_log import Life

if TYPE_CHECKING:
    from runai.testing.state.state import State

_PATH = "/v1/k8s/clusters/{clusterUuid}/"


def handler(state: State, operation: Operation) -> Handler | None:
    """Answers with metrics at an older path; None for every other operation.

    Args:
        state: that has what ran.
        operation: of the specification.
    """
    answer = _ANSWERS.get(operation.path)
    if answer is None:
        return None
    return lambda op, request: Content(answer(_Cluster(state, request)))


class _Cluster:
    """What is asked for of a cluster: what there is now, and at times."""

    def __init__(self, state: State, request: CheckedRequest) -> None:
        self._request = request
        self.record = organization.cluster(state, request.path_parameters["clusterUuid"])
        self._now = [state.clock()]
        self._times = _times(request)
        pools = organization.node_pools(state, self.record.id)
        wanted = request.query.get("nodepoolName")
        self._pools = [pool for pool in pools if wanted in (None, pool)]
        identity = str(self.record.id)
        self._lives = [
            life
            for life in organization.all_lives(state)
            if organization.cluster_of(life) == identity
        ]
        self.projects = organization.projects(state, identity)
        self.departments = organization.departments(state, identity)

    def whole(self) -> dict[str, Any]:
        current = {
            "resources": self._current(self.projects, self._lives),
            "projectResources": self._of_projects(self.projects, with_departments=True),
        }
        return {"metadata": self._named(), "current": current, **self._ranges()}

    def all_projects(self) -> dict[str, Any]:
        return {"data": [self._project(each) for each in self.projects], **self._ranges()}

    def one_project(self) -> dict[str, Any]:
        wanted = str(self._request.path_parameters["projectId"])
        found = [each for each in self.projects if str(each.id) == wanted]
        return self._project(self._only(found, "project", wanted))

    def all_departments(self) -> dict[str, Any]:
        return {"data": [self._department(each) for each in self.departments], **self._ranges()}

    def one_department(self) -> dict[str, Any]:
        wanted = str(self._request.path_parameters["departmentId"])
        found = [each for each in self.departments if str(department_number(each.id)) == wanted]
        return self._department(self._only(found, "department", wanted))

    def _project(self, project: Record) -> dict[str, Any]:
        lives = self._lives_of(organization.project_of, project)
        parent = project.own.get("parent") or {}
        metadata = {
            **self._named(),
            "projectId": int(project.id),
            "projectName": project.name,
            "departmentId": department_number(str(project.own["parentId"])),
            "departmentName": parent.get("name") or "",
        }
        current = {"resources": self._current([project], lives)}
        return {"metadata": metadata, "current": current, **self._range([project], lives)}

    def _department(self, department: Record) -> dict[str, Any]:
        lives = self._lives_of(organization.department_of, department)
        metadata = {
            **self._named(),
            "departmentId": department_number(str(department.id)),
            "departmentName": department.name,
        }
        inside = [each for each in self.projects if each.own.get("parentId") == department.id]
        current = {
            "resources": self._current([department], lives),
            "projectResources": self._of_projects(inside, with_departments=False),
        }
        return {"metadata": metadata, "current": current, **self._range([department], lives)}

    def _of_projects(
        self, projects: Iterable[Record], *, with_departments: bool
    ) -> list[dict[str, Any]]:
        rows = []
        for project in projects:
            names = {"projectName": project.name}
            if with_departments:
                names["departmentName"] = (project.own.get("parent") or {}).get("name") or ""
            lives = self._lives_of(organization.project_of, project)
            rows += [{**row, **names} for row in self._current([project], lives)]
        return rows

    def _current(self, owners: Sequence[Record], lives: Iterable[Life]) -> list[dict[str, Any]]:
        """What there is now, in each node pool."""
        here = list(lives)
        return [
            {
                **_resources(owners, here if pool == NODE_POOL else (), pool, self._now)[0],
                "nodepoolName": pool,
            }
            for pool in self._pools
        ]

    def _ranges(self) -> dict[str, Any]:
        return self._range(self.projects, self._lives)

    def _range(self, owners: Sequence[Record], lives: Iterable[Life]) -> dict[str, Any]:
        """What there was at the times that are asked for."""
        if self._times is None:
            return {}
        there = lives if NODE_POOL in self._pools else ()
        rows = _resources(owners, there, self._request.query.get("nodepoolName"), self._times)
        timed = [{**row, "timestamp": timestamp(time)} for row, time in zip(rows, self._times)]
        return {"timeRange": {"resources": timed}}

    def _lives_of(self, owner_of: Callable[[Life], str], owner: Record) -> list[Life]:
        return [life for life in self._lives if owner_of(life) == str(owner.id)]

    def _named(self) -> dict[str, Any]:
        return {"clusterId": self.record.id, "clusterName": self.record.name}

    def _only(self, found: Sequence[Record], kind: str, wanted: str) -> Record:
        if not found:
            raise Refusal(404, f"Cluster {self.record.name} has no {kind} {shortened(wanted)}")
        return found[0]


def _times(request: CheckedRequest) -> list[float] | None:
    """When the samples are; None where only what there is now is asked for."""
    given = [name for name in ("start", "end") if name in request.query]
    if len(given) == 1:
        raise Refusal(
            400, "A range of time has two ends", [f"query parameter {given[0]}: give both"]
        )
    return sample_times(request.query) if given else None


def _resources(
    owners: Sequence[Record], lives: Iterable[Life], pool: str | None, times: Sequence[float]
) -> list[dict[str, Any]]:
    """What workloads had at each time, and what their owners deserve."""
    usage = Usage(lives, times)
    columns = {
        kind: _column(usage, organization.owned(owners, kind, pool), *amounts)
        for kind, amounts in _AMOUNTS.items()
    }
    return [
        {
            "numberOfPendingWorkloads": int(waiting),
            **{kind: column[position] for kind, column in columns.items()},
        }
        for position, waiting in enumerate(usage.waiting())
    ]


def _column(
    usage: Usage, quota: float, amount: Amount, size: float, metric: str, usable: Amount
) -> list[dict[str, float]]:
    used, wholes = usage.used(metric, usable), usage.allocated(usable)
    return [
        {
            "quota": quota,
            "allocated": round(allocated / size, 6),
            "utilization": round(part / whole, 3) if whole else 0.0,
        }
        for allocated, part, whole in zip(usage.allocated(amount), used, wholes)
    ]


# What is asked for, its unit, the metric of what is used, and what that is a part of.
_AMOUNTS: Mapping[str, tuple[Amount, float, str, Amount]] = {
    "gpu": (gpus, 1.0, "GPU_UTILIZATION", gpus),
    "cpu": (of_pods(cores), 1e-3, "CPU_USAGE_CORES", of_pods(usable_cores)),
    "memory": (of_pods(memory), 1e6, "CPU_MEMORY_USAGE_BYTES", of_pods(usable_memory)),
}
_ANSWERS: Mapping[str, Callable[[_Cluster], dict[str, Any]]] = {
    f"{_PATH}metrics": _Cluster.whole,
    f"{_PATH}projects/metrics": _Cluster.all_projects,
    f"{_PATH}projects/{{projectId}}/metrics": _Cluster.one_project,
    f"{_PATH}departments/metrics": _Cluster.all_departments,
    f"{_PATH}departments/{{departmentId}}/metrics": _Cluster.one_department,
}
