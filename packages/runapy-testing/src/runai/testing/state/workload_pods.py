"""The pods of a workload."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any, NamedTuple

from runai.testing.clock import timestamp
from runai.testing.state.workload_facts import NODE_POOL
from runai.testing.state.workload_log import (
    COMPLETED,
    DELETING,
    FAILED,
    PENDING,
    RUNNING,
    STOPPED,
    STOPPING,
    Attempt,
    Life,
    attempts,
)
from runai.testing.state.workload_resources import PodRequest, allocated, requested

NODES = 4
"""The nodes of each cluster."""


class Pod(NamedTuple):
    """One pod."""

    id: str
    name: str
    request: PodRequest
    """Of itself alone."""
    attempt: Attempt
    place: int
    """Of its node, among those of its cluster."""


def pods_of(life: Life) -> list[Pod]:
    """Every pod that a workload had or has, oldest first.

    They are there once it waits for resources. Stopping deletes them, completing does not.
    """
    return [
        _pod(life, number, attempt, *placed)
        for number, attempt in enumerate(attempts(life.log))
        for placed in placed_requests(life)
    ]


def placed_requests(life: Life) -> list[tuple[PodRequest, int, int]]:
    """What each pod of a workload asks for, which of its equals it is, and its node's place.

    The pods of a workload, and the workloads that come one after the other, go round the nodes.
    """
    equals = [(request, index) for request in life.request.pods for index in range(request.count)]
    return [
        (request, index, (life.number - 1 + position) % NODES)
        for position, (request, index) in enumerate(equals)
    ]


def node_name(place: int) -> str:
    """What the node at a place is called."""
    return f"node-{place + 1}"


def shown_pods(life: Life) -> list[dict[str, Any]]:
    """The pods by the names that answers have; kept until something changes."""
    if life.pods is None:
        life.pods = [_shown(life, pod) for pod in pods_of(life)]
    return life.pods


def _pod(
    life: Life, number: int, attempt: Attempt, request: PodRequest, index: int, place: int
) -> Pod:
    identity = uuid.uuid5(uuid.UUID(str(life.record.id)), f"{number}-{request.role}-{index}")
    # Pods that come again after a stop have a name of their own, as the ones before stay known.
    again = f"-{number}" if number else ""
    name = f"{life.record.own['name']}-{request.role}-{index}{again}"
    return Pod(str(identity), name, replace(request, count=1), attempt, place)


def _shown(life: Life, pod: Pod) -> dict[str, Any]:
    own, attempt = life.record.own, pod.attempt
    has_resources = life.holds and attempt.outcome in (PENDING, RUNNING, STOPPING)
    is_placed = has_resources or attempt.started is not None
    is_over = attempt.outcome in (COMPLETED, FAILED)
    since = timestamp(attempt.since)
    started = timestamp(attempt.started) if attempt.started is not None else None
    return {
        "id": pod.id,
        "name": pod.name,
        "workloadId": str(life.record.id),
        "workloadName": own["name"],
        "clusterId": own.get("clusterId") or life.record.facts.get("clusterId"),
        "projectId": own.get("projectId") or life.record.facts.get("projectId"),
        "projectName": own.get("projectName"),
        "tenantId": own.get("tenantId", 1),
        "priorityClassName": own["priorityClassName"],
        "nodeName": node_name(pod.place) if is_placed else None,
        "currentNodePool": NODE_POOL if is_placed else None,
        "requestedNodePools": own["requestedNodePools"],
        "createdAt": timestamp(attempt.created),
        "updatedAt": since,
        "completedAt": since if is_over else None,
        "deletedAt": _deleted(life, attempt),
        "k8sPhase": _KUBERNETES_PHASES.get(attempt.outcome, "Pending"),
        "k8sPhaseUpdatedAt": since,
        "containers": [
            {"name": pod.request.role, "image": pod.request.image, "startedAt": started}
        ],
        "requestedResources": requested([pod.request]),
        "allocatedResources": allocated([pod.request] if has_resources else []),
        "tolerations": [],
        "nodeAffinity": {},
    }


def _deleted(life: Life, attempt: Attempt) -> str | None:
    """When its pods were deleted: as it stopped, or else with their workload."""
    time = attempt.since if attempt.outcome == STOPPED else life.deleted
    return None if time is None else timestamp(time)


_KUBERNETES_PHASES = {
    RUNNING: "Running",
    STOPPING: "Terminating",
    STOPPED: "Succeeded",
    DELETING: "Succeeded",
    COMPLETED: "Succeeded",
    FAILED: "Failed",
}
