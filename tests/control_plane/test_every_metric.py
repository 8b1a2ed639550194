"""Every type of metrics and telemetry follows from what runs, on every control plane."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from runai.testing import ControlPlane
from runai.testing.specification import Operation

from .calls import Calls
from .conftest import Serve
from .documents import VERSIONS

_WORKLOADS = "/api/v1/workloads"
# Nothing of it is there, although two of the cluster's GPUs are in use.
_ZERO = ("OOMKILL", "GPU_UTILIZATION_DISTRIBUTION", "IDLE", "PENDING_TIME", "NON_PREEMPTIBLE")
_PART = ("PER_GPU",)


@pytest.fixture(params=VERSIONS)
def busy(
    request: pytest.FixtureRequest, serve: Serve
) -> tuple[ControlPlane, Calls, dict[str, Any]]:
    """A control plane on which a training with two GPUs runs, and what paths name."""
    control_plane, calls = serve(request.param)
    [cluster] = calls(_at(control_plane, "GET", "/api/v1/clusters")).content
    names = {"clusterUuid": cluster["uuid"], "nodepoolName": "default"}
    in_cluster = {"clusterId": cluster["uuid"]}
    quota = {
        "nodePool": {"id": "1", "name": "default"},
        "gpu": {"deserved": 4, "limit": None, "overQuotaWeight": 2},
        "cpu": {"deserved": 1000, "limit": None, "overQuotaWeight": 1},
        "memory": {"deserved": 1000, "limit": None, "overQuotaWeight": 1, "units": "MB"},
    }
    for kind, facts in (("department", {}), ("project", {"parentId": None})):
        made = _at(control_plane, "POST", f"/api/v1/org-unit/{kind}s")
        if "parentId" in facts:
            facts = {"parentId": names["departmentId"]}
        body = {"name": kind, "resources": [quota], **in_cluster, **facts}
        names[f"{kind}Id"] = calls(made, body=body).content["id"]
    compute = {"gpuDevicesRequest": 2, "cpuCoreRequest": 1, "cpuMemoryRequest": "1Gi"}
    body = {"name": "w", "projectId": names["projectId"], **in_cluster}
    body["spec"] = {"image": "image", "compute": compute}
    calls(_at(control_plane, "POST", f"{_WORKLOADS}/trainings"), body=body)
    control_plane.clock.advance(30)
    return control_plane, calls, names


def test_every_type_of_metrics_is_measured(
    busy: tuple[ControlPlane, Calls, dict[str, Any]],
) -> None:
    control_plane, calls, names = busy
    operations = list(_having(control_plane, "metricType"))
    assert len(operations) >= 2
    for operation in operations:
        path = dict(names)
        if "nodeId" in operation.parameters_in("path"):
            [path["nodeId"], *_] = _nodes_in_use(control_plane, calls, names)
        types = _members(control_plane, operation, "metricType")
        query = {"metricType": types, **_window(control_plane), "numberOfSamples": 3}
        made = calls(operation, path=path, query=query).content["measurements"]
        assert list(dict.fromkeys(each["type"] for each in made)) == types
        assert {len(each["values"]) for each in made} == {3}
        zeros = {
            each["type"]
            for each in made
            if not any(float(value["value"]) for value in each["values"])
        }
        assert all(any(part in name for part in (*_ZERO, *_PART)) for name in zeros), zeros
        for name in types:
            if name.endswith("_PER_GPU"):
                assert len([each for each in made if each["type"] == name]) == 8


def test_every_type_of_telemetry_is_summed_up_by_every_group(
    busy: tuple[ControlPlane, Calls, dict[str, Any]],
) -> None:
    control_plane, calls, _ = busy
    operations = list(_having(control_plane, "telemetryType"))
    assert len(operations) >= 2
    for operation in operations:
        groups = _members(control_plane, operation, "groupBy")
        for kind in _members(control_plane, operation, "telemetryType"):
            [whole, *_] = calls(operation, query={"telemetryType": kind}).content["values"]
            assert float(whole["value"]) > 0 or any(part in kind for part in _ZERO), kind
            if "PENDING" in kind:
                continue
            for key in groups:
                query = {"telemetryType": kind, "groupBy": [key]}
                values = calls(operation, query=query).content["values"]
                assert {each["groups"][0]["key"] for each in values} == {key}
                total = sum(float(each["value"]) for each in values)
                # What is in use is never the same again.
                assert "USED" in kind or total == pytest.approx(float(whole["value"]))


def test_older_paths_have_the_same_numbers(
    busy: tuple[ControlPlane, Calls, dict[str, Any]],
) -> None:
    control_plane, calls, names = busy
    below = "/v1/k8s/clusters/{clusterUuid}/"
    for path in ("metrics", "projects/metrics", "departments/metrics"):
        operation = _at(control_plane, "GET", below + path)
        content = calls(operation, path=names, query=_window(control_plane)).content
        assert content["timeRange"]["resources"][-1]["gpu"]["allocated"] == 2
        for each in content.get("data", [content]):
            quotas = [row["gpu"]["quota"] for row in each["current"]["resources"]]
            has = [row["gpu"]["allocated"] for row in each["current"]["resources"]]
            assert (quotas, has) in (([4], [2]), ([0], [0]))


def _at(control_plane: ControlPlane, method: str, path: str) -> Operation:
    return control_plane.state.specification.by_place[path, method]


def _having(control_plane: ControlPlane, parameter: str) -> Iterator[Operation]:
    for operation in control_plane.state.specification.operations.values():
        if parameter in operation.parameters_in("query") and "{workloadId}" not in operation.path:
            yield operation


def _members(control_plane: ControlPlane, operation: Operation, parameter: str) -> list[str]:
    schemas = control_plane.state.specification.request_schemas
    schema = schemas.resolved(operation.parameters_in("query")[parameter].schema)
    return list(schemas.resolved(schema.get("items", schema))["enum"])


def _nodes_in_use(control_plane: ControlPlane, calls: Calls, names: dict[str, Any]) -> list[str]:
    nodes = calls(_at(control_plane, "GET", "/api/v1/clusters/{clusterUuid}/nodes"), path=names)
    pods = calls(_at(control_plane, "GET", f"{_WORKLOADS}/pods"), query={}).content["pods"]
    used = {pod["nodeName"] for pod in pods}
    return [node["id"] for node in nodes.content["nodes"] if node["name"] in used]


def _window(control_plane: ControlPlane) -> dict[str, str]:
    from runai.testing.clock import timestamp

    now = control_plane.clock()
    return {"start": timestamp(now - 20), "end": timestamp(now)}
