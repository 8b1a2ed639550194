"""The paths below a cluster, which older scripts use, show what the newer paths show."""

from __future__ import annotations

from typing import Any

import pytest

from runai.testing import ControlPlane

from .calls import Calls
from .conftest import Serve
from .documents import VERSIONS

_BELOW = "/v1/k8s/clusters/{clusterId}"
_PROJECTS = "/api/v1/org-unit/projects"


class _Paths:
    """Calls by method and path, in the one cluster that is there from the start."""

    def __init__(self, control_plane: ControlPlane, calls: Calls) -> None:
        self._by_place = control_plane.state.specification.by_place
        self._calls = calls
        [cluster] = self._calls(self._by_place["/api/v1/clusters", "GET"]).content
        self.cluster = cluster["uuid"]

    def __call__(self, method: str, path: str, body: Any = None, **identity: Any) -> Any:
        operation = self._by_place[path, method]
        return self._calls(operation, {"clusterId": self.cluster, **identity}, body=body)

    def has(self, method: str, path: str) -> bool:
        """Whether there is such an operation."""
        return (path, method) in self._by_place


@pytest.fixture(params=VERSIONS)
def paths(request: pytest.FixtureRequest, serve: Serve) -> _Paths:
    return _Paths(*serve(request.param))


def test_quotas_of_node_pools(paths: _Paths) -> None:
    [department] = paths("GET", f"{_BELOW}/departments").content
    quota = {"deserved": 3, "maxAllowed": -1, "overQuotaWeight": 2}
    parts = [{"nodePool": {"id": 1}, "gpu": quota}]
    body = {"name": "old", "departmentId": department["id"], "nodePoolsResources": parts}
    made = paths("POST", f"{_BELOW}/projects", body).content
    assert made["deservedGpus"] == 3
    [shown] = made["nodePoolsResources"]
    assert shown["gpu"] == quota
    [newer] = paths("GET", _PROJECTS).content["projects"]
    [part] = newer["resources"]
    assert part["nodePool"] == {"id": "1", "name": "default"}
    assert (part["gpu"]["deserved"], part["gpu"]["overQuotaWeight"]) == (3, 2)

    quota = {"deserved": 1, "limit": 4, "overQuotaWeight": 2}
    part = {"nodePool": {"id": "1", "name": "default"}, "gpu": quota}
    paths("PUT", f"{_PROJECTS}/{{projectId}}/resources", [part], projectId=newer["id"])
    [shown] = paths("GET", f"{_BELOW}/projects/{{id}}", id=made["id"]).content["nodePoolsResources"]
    assert (shown["gpu"]["deserved"], shown["gpu"]["maxAllowed"]) == (1, 4)


def test_projects(paths: _Paths) -> None:
    [department] = paths("GET", f"{_BELOW}/departments").content
    body = {"name": "old", "departmentId": department["id"], "deservedGpus": 3}
    made = paths("POST", f"{_BELOW}/projects", body).content
    assert (made["name"], made["namespace"], made["deservedGpus"]) == ("old", "runai-old", 3)
    assert made["departmentName"] == department["name"] == "default"

    [newer] = paths("GET", _PROJECTS).content["projects"]
    assert newer["id"] == str(made["id"])
    assert newer["resources"][0]["gpu"]["deserved"] == 3
    assert newer["parent"]["name"] == "default"
    assert paths("GET", f"{_BELOW}/projects").content == [made]

    paths("PUT", f"{_BELOW}/projects/{{id}}", {"deservedGpus": 5}, id=made["id"])
    [newer] = paths("GET", _PROJECTS).content["projects"]
    assert newer["resources"][0]["gpu"]["deserved"] == 5

    assert paths("DELETE", f"{_BELOW}/projects/{{id}}", id=made["id"]).status == 200
    assert paths("GET", f"{_BELOW}/projects/{{id}}", id=made["id"]).status == 404
    assert paths("GET", f"{_BELOW}/projects").content == []


def test_node_pools(paths: _Paths) -> None:
    [default] = paths("GET", f"{_BELOW}/node-pools").content
    assert default["isDefault"] is True
    paths("POST", f"{_BELOW}/node-pools", {"name": "a100", "labelKey": "a", "labelValue": "b"})
    _, made = paths("GET", f"{_BELOW}/node-pools").content
    assert (made["name"], made["status"], made["isDefault"]) == ("a100", "Ready", False)
    paths(
        "PUT",
        f"{_BELOW}/node-pools/{{id}}/labels",
        {"labelKey": "c", "labelValue": "d"},
        id=made["id"],
    )
    _, made = paths("GET", f"{_BELOW}/node-pools").content
    assert (made["labelKey"], made["labelValue"]) == ("c", "d")
    assert paths("DELETE", f"{_BELOW}/node-pools/{{id}}", id=made["id"]).status == 202
    assert paths("GET", f"{_BELOW}/node-pools").content == [default]


def test_the_new_name_of_a_department_is_told_all_over(paths: _Paths) -> None:
    if not paths.has("PUT", f"{_BELOW}/departments/{{department-id}}"):
        pytest.skip("there is no such operation any more")
    [department] = paths("GET", f"{_BELOW}/departments").content
    body = {"name": "old", "departmentId": department["id"], "deservedGpus": 3}
    identity = str(paths("POST", f"{_BELOW}/projects", body).content["id"])
    wanted = {
        "name": "w",
        "projectId": identity,
        "clusterId": paths.cluster,
        "spec": {"image": "i"},
    }
    paths("POST", "/api/v1/workloads/trainings", wanted)
    change = {"name": "research", "deservedGpus": 4}
    at = f"{_BELOW}/departments/{{department-id}}"
    assert paths("PUT", at, change, **{"department-id": department["id"]}).status == 200
    [project] = paths("GET", _PROJECTS).content["projects"]
    assert project["parent"]["name"] == "research"
    [workload] = paths("GET", "/api/v1/workloads").content["workloads"]
    assert workload["departmentName"] == "research"


def test_who_administers_a_department_refers_to_no_other(paths: _Paths) -> None:
    body = {"name": "other", "clusterId": paths.cluster, "resources": []}
    other = paths("POST", "/api/v1/org-unit/departments", body).content["id"]
    first, second = (each["id"] for each in paths("GET", f"{_BELOW}/departments").content)
    paths(
        "PUT",
        f"{_BELOW}/departments/{{department-id}}/access-control",
        {"departmentId": second, "departmentAdmins": []},
        **{"department-id": first},
    )
    at = "/api/v1/org-unit/departments/{departmentId}"
    assert paths("DELETE", at, departmentId=other).status < 300


@pytest.mark.parametrize("version", ["2.18", "2.21"])
def test_a_limit_that_the_document_does_not_bound(serve: Serve, version: str) -> None:
    control_plane, calls = serve(version)
    jobs = control_plane.state.specification.operation("jobs.list_jobs")
    cluster = _Paths(control_plane, calls).cluster
    assert calls(jobs, {"uuid": cluster}, query={"limit": 0}).status == 200
