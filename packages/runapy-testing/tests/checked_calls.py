"""Calls to a control plane whose answers are held against its document."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import quote, urlsplit

from runai.testing import ControlPlane
from runai.testing.specification import load

START = 1_700_000_000.0
"""When its clock begins: 2023-11-14T22:13:20Z."""


class CheckedCalls:
    """Calls a control plane of its own; answers of success must be as their schemas have them.

    Args:
        version: of the control plane, whose clock stands still but for `advance`.
    """

    def __init__(self, version: str = "2.24") -> None:
        self.control_plane = ControlPlane(version, clock=lambda: START)
        self.control_plane.start()
        self.token = ""
        """Of who calls; the administrator where it is empty."""
        self._specification = load(version)
        host = urlsplit(self.control_plane.url).netloc
        self._connection = http.client.HTTPConnection(host, timeout=20)
        self.cluster = self.call("GET", "/api/v1/clusters")[0]["uuid"]

    def send(
        self, method: str, target: str, body: Any = None, accept: str = "application/json"
    ) -> tuple[int, str]:
        """Status and body of the answer."""
        token = self.token or self.control_plane.tokens.issue()
        headers = {"Authorization": f"Bearer {token}", "Accept": accept}
        if body is not None:
            headers["Content-Type"] = "application/json"
        content = None if body is None else json.dumps(body)
        # As it stands but for what HTTP has no place for, such as the < of a filter.
        raw = quote(target, safe="%/?&=:,+$@!;'()*[]#~")
        self._connection.request(method, raw, content, headers)
        response = self._connection.getresponse()
        return response.status, response.read().decode()

    def call(self, method: str, target: str, body: Any = None) -> Any:
        """The JSON of an answer of success."""
        status, text = self.send(method, target, body)
        assert status < 300, text
        answer = json.loads(text)
        operation_id = self.control_plane.requests[-1].operation_id
        assert operation_id is not None
        schema = self._specification.operation(operation_id).answer_schemas["application/json"]
        problems = self._specification.response_schemas.problems(schema, answer, "answer")
        assert list(problems) == []
        return answer

    def refused(self, method: str, target: str, body: Any = None) -> tuple[int, str]:
        """Status of an answer, its message and details."""
        status, text = self.send(method, target, body)
        answer = json.loads(text)
        return status, f"{answer['message']}: {answer['details']}"

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.control_plane.clock.advance(seconds)

    def close(self) -> None:
        """End the connection and the control plane."""
        self._connection.close()
        self.control_plane.close()


class MeasuredTenant(CheckedCalls):
    """With projects and workloads whose use of resources is measured."""

    def project(self, name: str = "team", deserved: float = 8, **facts: Any) -> str:
        """The id of a new project with a quota of GPUs, cores and memory."""
        quota = {
            "nodePool": {"id": "1", "name": "default"},
            "gpu": {"deserved": deserved, "limit": None, "overQuotaWeight": 2},
            "cpu": {"deserved": 4000, "limit": None, "overQuotaWeight": 1},
            "memory": {"deserved": 2, "limit": None, "overQuotaWeight": 1, "units": "GB"},
        }
        body = {"name": name, "clusterId": self.cluster, "resources": [quota], **facts}
        return str(self.call("POST", "/api/v1/org-unit/projects", body)["id"])

    def submit(self, project: str, name: str, gpus: float = 1, kind: str = "trainings") -> str:
        """The id of a new workload on so many GPUs, or on a part of one."""
        compute: dict[str, Any] = {"gpuDevicesRequest": gpus}
        compute.update(cpuCoreRequest=0.5, cpuMemoryRequest="1Gi")
        if gpus < 1:
            portion = {"gpuRequestType": "portion", "gpuPortionRequest": gpus}
            compute.update(portion, gpuDevicesRequest=1)
        spec = {"image": "image", "compute": compute}
        body = {"name": name, "projectId": project, "clusterId": self.cluster, "spec": spec}
        return str(self.call("POST", f"/api/v1/workloads/{kind}", body)["workloadId"])
