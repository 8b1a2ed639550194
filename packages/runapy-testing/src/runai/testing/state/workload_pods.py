"""The pods of a workload."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any, NamedTuple

from runai.testing.clock import timestamp
from runai.testing.state.workload_facts import NODE_POOL
from runai.testing.state.workload_log import (
    COMPLETED,
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

_NODES = 4


class Pod(NamedTuple):
    """One pod."""

    id: str
    name: str
    request: PodRequest
    """Of itself alone."""
    attempt: Attempt


def pods_of(life: Life) -> list[Pod]:
    """Every pod that a workload had or has, oldest first.

    They are there once it waits for resources. Stopping deletes them, completing does not.
    """
    return [
        _pod(life, number, attempt, request, index)
        for number, attempt in enumerate(attempts(life.log))
        for request in life.request.pods
        for index in range(request.count)
    ]


def shown_pods(life: Life) -> list[dict[str, Any]]:
    """The pods by the names that answers have; kept until something changes."""
    if life.pods is None:
        life.pods = [_shown(life, pod) for pod in pods_of(life)]
    return life.pods


def _pod(life: Life, number: int, attempt: Attempt, request: PodRequest, index: int) -> Pod:
    identity = uuid.uuid5(uuid.UUID(str(life.record.id)), f"{number}-{request.role}-{index}")
    # Pods that come again after a stop have a name of their own, as the ones before stay known.
    again = f"-{number}" if number else ""
    name = f"{life.record.own['name']}-{request.role}-{index}{again}"
    return Pod(str(identity), name, replace(request, count=1), attempt)


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
        "nodeName": _node(pod.id) if is_placed else None,
        "currentNodePool": NODE_POOL if is_placed else None,
        "requestedNodePools": own["requestedNodePools"],
        "createdAt": timestamp(attempt.created),
        "updatedAt": since,
        "completedAt": since if is_over else None,
        "deletedAt": since if attempt.outcome == STOPPED else None,
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


def _node(identity: str) -> str:
    return f"node-{uuid.UUID(identity).int % _NODES + 1}"


_KUBERNETES_PHASES = {
    RUNNING: "Running",
    STOPPING: "Terminating",
    STOPPED: "Succeeded",
    COMPLETED: "Succeeded",
    FAILED: "Failed",
}
