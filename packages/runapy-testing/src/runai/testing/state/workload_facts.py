"""What the control plane says of a workload, by the names that its answers have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runai.testing.clock import timestamp
from runai.testing.state.paths import DEPARTMENTS, PROJECTS, WORKLOADS_V2
from runai.testing.state.scopes import project_facts
from runai.testing.state.store import Record
from runai.testing.state.workload_log import (
    COMPLETED,
    DELETING,
    FAILED,
    PENDING,
    RUNNING,
    STOPPED,
    STOPPING,
    Lack,
    Life,
)
from runai.testing.state.workload_manifests import manifest_of
from runai.testing.state.workload_quotas import Quota
from runai.testing.state.workload_requests import WorkloadRequest
from runai.testing.state.workload_resources import allocated, largest_group, requested
from runai.testing.state.workload_urls import connections, urls

if TYPE_CHECKING:
    from runai.testing.state.state import State

NODE_POOL = "default"
_API_VERSIONS = {"NIMService": "apps.nvidia.com/v1alpha1"}
_KUBERNETES_PHASES = {RUNNING: "Running", COMPLETED: "Succeeded", FAILED: "Failed"}
_DESIRED = {STOPPING: "Stopped", STOPPED: "Stopped", DELETING: "Deleted"}


def facts_at_submission(state: State, life: Life) -> dict[str, Any]:
    """What stays the same as long as a workload is not changed.

    Args:
        state: that it is part of.
        life: of the workload.
    """
    request, facts = life.request, life.record.facts
    spec, manifest = request.spec, manifest_of(facts)
    meta = facts.get("metadata") or {}
    asks_prefix = facts.get("useGivenNameAsPrefix") or meta.get("useGivenNameAsPrefix")
    # Its metadata has a priority that is the name of a class.
    is_second = life.record.collection.startswith(WORKLOADS_V2)
    api_version = manifest.get("apiVersion") or _API_VERSIONS.get(request.type, "v1")
    group, _, version = str(api_version).rpartition("/")
    name = f"{request.name}-{str(life.record.id)[:5]}" if asks_prefix else request.name
    place = project_facts(state, request.project)
    project, namespace = place.get("projectName"), place.get("namespace")
    return {
        "workloadId": life.record.id,
        "name": name,
        "requestedName": request.name,
        "type": request.type,
        "submittedBy": life.record.own.get("createdBy"),
        "source": "Control-plane",
        "category": request.category,
        "priorityClassName": request.priority,
        "preemptible": request.preemptible,
        "actionsSupport": {"delete": True, "suspend": True},
        "images": list(dict.fromkeys(pod.image for pod in request.pods if pod.image)),
        "command": spec.get("command") or "",
        "arguments": spec.get("args") or "",
        "environmentVariables": variables(spec),
        "distributedFramework": spec.get("distributedFramework"),
        "requestedPods": _requested_pods(request),
        "requestedNodePools": spec.get("nodePools") or [NODE_POOL],
        "workloadRequestedResources": requested(request.pods),
        "podsRequestedResources": requested([largest_group(request.pods)]),
        "additionalFields": {},
        "datasources": [],
        "environments": [],
        "externalConnections": connections(spec, name, str(project), str(namespace)),
        "sourceApi": "WorkloadsV2" if is_second else None,
        "gvk": {"group": group, "version": version, "kind": request.type},
        "workloadManifest": dict(manifest),
        "rawManifest": dict(manifest),
        **place,
        **({} if is_second else {"priority": request.priority_number}),
    }


def facts_in_phase(life: Life) -> dict[str, Any]:
    """What changes with a workload's phase."""
    phase, lack = life.phase, life.lack
    now, began = timestamp(life.log[-1].time), timestamp(life.phases()[-1].time)
    is_running = phase == RUNNING
    condition = {
        "type": "Ready",
        "status": str(is_running),
        "reason": life.log[-1].reason,
        "message": life.message,
        "lastTransitionTime": now,
    }
    facts: dict[str, Any] = {
        "phase": phase,
        "actualPhase": phase,
        "desiredPhase": _DESIRED.get(phase, "Running"),
        "phaseMessage": life.message,
        "phaseReason": lack.phase_reason if lack is not None else None,
        "phaseUpdatedAt": began,
        "k8sPhase": _KUBERNETES_PHASES.get(phase, phase),
        "k8sPhaseUpdatedAt": began,
        "updatedAt": now,
        "conditions": [condition],
        "runningPods": life.request.pod_count if is_running else 0,
        "completedAt": timestamp(life.ended) if life.ended is not None else None,
        "deletedAt": began if life.deleted is not None else None,
        "currentNodePools": [NODE_POOL] if life.holds else [],
        "allocatedResources": allocated(life.request.pods if life.holds else ()),
        **totals(life, life.log[-1].time),
        "pendingSchedulingMessages": _scheduling_messages(lack),
        "urls": urls(life.record.own["externalConnections"]) if is_running else [],
    }
    if life.record.collection.startswith(WORKLOADS_V2):
        facts["syncInfo"] = {"status": "Synced"}
    return facts


def totals(life: Life, now: float) -> dict[str, int]:
    """How long a workload waited and ran, up to a time that is not before its latest change."""
    return {
        "totalPendingTimeSeconds": int(life.seconds_in(PENDING, now)),
        "totalRunningTimeSeconds": int(life.seconds_in(RUNNING, now)),
    }


def quotas_of(state: State, request: WorkloadRequest) -> list[Quota]:
    """What bounds a workload: its project and the department of that.

    Args:
        state: that they are part of.
        request: of the workload.
    """
    project = state.store.get(PROJECTS, request.project)
    if project is None:
        return []
    department = state.store.get(DEPARTMENTS, project.own.get("parentId"))
    owners = {"project": project, "department": department}
    return [_quota(kind, owner) for kind, owner in owners.items() if owner is not None]


def _quota(kind: str, owner: Record) -> Quota:
    parts = [each.get("gpu") or {} for each in owner.facts.get("resources") or ()]
    deserved = [part["deserved"] for part in parts if part.get("deserved") is not None]
    limits = [-1.0 if part.get("limit") is None else part["limit"] for part in parts]
    return Quota(
        kind=kind,
        id=str(owner.id),
        name=str(owner.name),
        deserved=float(sum(deserved)) if deserved else None,
        limit=float(sum(limits)) if limits and min(limits) >= 0 else None,
        lends=any((part.get("overQuotaWeight") or 0) > 0 for part in parts),
    )


def _requested_pods(request: WorkloadRequest) -> dict[str, int]:
    scaling = {**request.spec, **(request.spec.get("autoscaling") or {})}
    counts = {
        "number": request.pod_count,
        "min": scaling.get("minReplicas"),
        "max": scaling.get("maxReplicas"),
        "parallelism": request.spec.get("parallelism"),
        "completions": request.spec.get("completions"),
    }
    return {name: count for name, count in counts.items() if count is not None}


def variables(spec: Mapping[str, Any]) -> dict[str, str]:
    """The values of a request's environment variables, by name."""
    return {
        each["name"]: str(each["value"])
        for each in spec.get("environmentVariables") or ()
        if each and each.get("name") and each.get("value") is not None
    }


def _scheduling_messages(lack: Lack | None) -> list[dict[str, Any]] | None:
    if lack is None or lack.phase_reason is None:
        return None
    message = {
        "nodePool": NODE_POOL,
        "phaseReason": lack.phase_reason,
        "reason": lack.message,
        "orgType": lack.kind,
        "userMessage": lack.message,
    }
    return [message]
