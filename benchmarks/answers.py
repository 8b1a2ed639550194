"""What the server answers: the same bytes to every client, in the shapes of the control plane."""

from __future__ import annotations

import base64
import json
import time
from functools import cache
from typing import Any
from urllib.parse import parse_qs

TOKEN = "/api/v1/token"
PROJECT = "/api/v1/org-unit/projects/42"
WORKSPACE = "/api/v1/workloads/workspaces/9d4be1f0-7c52-4c0f-8a35-51c7a9f6d2e8"
COUNT = "/api/v1/org-unit/projects/count"
WORKLOADS = "/api/v1/workloads"

_LIFETIME = 86_400
_CLUSTER = "9d4be1f0-7c52-4c0f-8a35-51c7a9f6d2e8"
_TIME = "2026-03-14T09:26:53.589Z"


@cache
def to(target: bytes) -> bytes:
    """The whole answer to a request, head and body."""
    path, _, query = target.decode().partition("?")
    content = body(path, int(parse_qs(query).get("limit", ["1"])[0]))
    if content is None:
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    head = (
        "HTTP/1.1 200 OK\r\n"
        "Date: Sat, 14 Mar 2026 09:26:53 GMT\r\n"
        "Content-Type: application/json; charset=utf-8\r\n"
        f"Content-Length: {len(content)}\r\n"
        "Vary: Origin\r\n"
        "X-Request-Id: 2f6d8a34-51b7-4f6e-9c70-0b1d3e5a7c92\r\n\r\n"
    )
    return head.encode() + content


def body(path: str, limit: int) -> bytes | None:
    """The body of the answer to a path; None if it has none."""
    if path == TOKEN:
        return _json({"accessToken": _token(), "expiresIn": _LIFETIME})
    if path == WORKLOADS:
        return _json({"workloads": [_workload(number) for number in range(limit)], "next": limit})
    return None if path not in _OTHERS else _json(_OTHERS[path])


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _token() -> str:
    claims = _json({"sub": "benchmark", "exp": int(time.time()) + _LIFETIME})
    parts = (b'{"alg":"none"}', claims, b"no signature")
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def _workload(number: int) -> dict[str, Any]:
    """A training with about as much to it as those of a busy cluster: 3.4 kB."""
    name = f"resnet-sweep-{number:04}"
    wanted = {
        "gpuRequestType": "portion",
        "gpu": {"limit": 1.0, "request": 0.5},
        "gpuMemory": {"limit": "40Gi", "request": "20Gi"},
        "cpu": {"limit": 8, "request": 4.5},
        "cpuMemory": {"limit": "64Gi", "request": "32Gi"},
        "extendedResources": [
            {"resource": "example.com/rdma", "quantity": "1", "exclude": False},
        ],
    }
    return {
        "tenantId": 1007,
        "id": f"c1a5e000-0000-4000-8000-{number:012x}",
        "name": name,
        "type": "runai-training",
        "category": "Train",
        "source": "Control-plane",
        "sourceApi": "WorkloadsV2",
        "priority": 50,
        "priorityClassName": "medium-high",
        "preemptible": True,
        "submittedBy": f"researcher-{number % 17}@example.com",
        "clusterId": _CLUSTER,
        "departmentId": str(number % 5),
        "departmentName": f"department-{number % 5}",
        "projectId": str(number % 40),
        "projectName": f"vision-{number % 40}",
        "namespace": f"runai-vision-{number % 40}",
        "createdAt": _TIME,
        "updatedAt": _TIME,
        "completedAt": None,
        "deletedAt": None,
        "phase": "Running",
        "phaseMessage": "all pods of the workload are running",
        "phaseReason": None,
        "phaseUpdatedAt": _TIME,
        "k8sPhase": "Running",
        "k8sPhaseUpdatedAt": _TIME,
        "conditions": [
            {
                "type": kind,
                "status": "True",
                "reason": f"{kind}Reached",
                "message": f"{name} has been {kind.lower()} since the scheduler bound its pods",
                "lastTransitionTime": _TIME,
            }
            for kind in ("Scheduled", "Initialized", "Ready")
        ],
        "workloadRequestedResources": wanted,
        "podsRequestedResources": wanted,
        "allocatedResources": {
            "gpu": 0.5,
            "gpuMemory": "20Gi",
            "cpu": 4.5,
            "cpuMemory": "32Gi",
            "extendedResources": [
                {"resource": "example.com/rdma", "quantity": "1", "exclude": False},
            ],
        },
        "actionsSupport": {"delete": True, "suspend": True},
        "runningPods": 1,
        "requestedPods": {"number": 1, "min": 1, "max": 1, "parallelism": 1, "completions": 1},
        "requestedNodePools": ["a100", "h100", "default"],
        "currentNodePools": ["a100"],
        "images": ["registry.example.com/vision/trainer:2026.3"],
        "childrenIds": [
            {"id": f"c1a5e001-0000-4000-8000-{number:012x}", "type": "Job"},
        ],
        "urls": [f"https://runai.example.com/vision-{number % 40}/{name}"],
        "datasources": [
            {"name": "imagenet", "id": _CLUSTER, "type": "PVC"},
        ],
        "environments": [
            {
                "name": "trainer",
                "id": _CLUSTER,
                "replicaType": "Worker",
                "connections": [
                    {
                        "name": "tensorboard",
                        "toolType": "tensorboard",
                        "connectionType": "ExternalUrl",
                        "url": f"https://runai.example.com/vision-{number % 40}/{name}/board",
                        "authorizationType": "authenticatedUsers",
                        "authorizedUsers": [],
                        "containerPort": 6006,
                    }
                ],
            }
        ],
        "distributedFramework": "",
        "additionalFields": {"owner": {"team": "vision", "costCenter": number % 9}},
        "environmentVariables": {
            "EPOCHS": "90",
            "LEARNING_RATE": f"{(number % 10 + 1) / 1000}",
            "CHECKPOINT": f"/results/{name}/last.pt",
        },
        "command": "python",
        "arguments": f"train.py --data /data/imagenet --seed {number} --resume",
        "idleGpus": 0,
        "idleAllocatedGpus": 0.0,
        "totalPendingTimeSeconds": 12 + number,
        "totalRunningTimeSeconds": 3600 + number,
        "guaranteedRuntimeEndsAt": _TIME,
        "topology": {"name": "rack", "preferredPlacement": "rack", "requiredPlacement": "zone"},
    }


_OTHERS: dict[str, Any] = {
    WORKSPACE: {
        "name": "notebook",
        "requestedName": "notebook",
        "workloadId": _CLUSTER,
        "projectId": "42",
        "departmentId": "4",
        "clusterId": _CLUSTER,
        "createdBy": "researcher@example.com",
        "createdAt": _TIME,
        "deletedAt": None,
        "desiredPhase": "Running",
        "actualPhase": "Running",
        "spec": {
            "image": "registry.example.com/notebook:2026.3",
            "compute": {"gpuDevicesRequest": 1, "cpuCoreRequest": 4.5},
        },
    },
    PROJECT: {
        "description": "",
        "id": "42",
        "name": "vision",
        "clusterId": _CLUSTER,
        "parentId": "4",
        "enforceRunaiScheduler": True,
        "status": {"namespace": "runai-vision", "phase": "Ready"},
        "totalResources": {"gpuQuota": 4, "cpuQuota": 0, "memoryQuota": 0},
        "createdAt": _TIME,
        "updatedAt": _TIME,
        "effective": {"defaultNodePools": ["default"]},
        "resources": [
            {
                "nodePool": {"id": "1", "name": "default"},
                "gpu": {"deserved": 4, "limit": None, "overQuotaWeight": 1},
            }
        ],
    },
    COUNT: {"count": 3},
    "/api/v1/org-unit/projects": {"projects": [], "next": 0},
    "/api/v1/authorization/access-rules": {
        "totalRecords": 0,
        "displayRecords": 0,
        "accessRules": [],
    },
    "/api/v1/asset/compute": {"entries": []},
    "/api/v2/policy": {"policies": []},
    "/api/v1/datavolumes": {"datavolumes": [], "next": 0},
    "/api/v1/audit/log": {"auditLogs": [], "total": 0, "next": 0},
    "/api/v1/notification-state": {"enabled": True, "email": {}, "slack": {}},
    "/api/v1/ai-applications": {"applications": [], "next": 0},
}
