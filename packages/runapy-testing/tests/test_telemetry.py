"""Telemetry of workloads, nodes, projects and departments."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Dict, Optional, Tuple

import pytest
from checked_calls import MeasuredTenant

PROJECTS = "/api/v1/org-unit/projects"
DEPARTMENTS = "/api/v1/org-unit/departments"
Groups = Dict[Tuple[str, ...], float]


class Tenant(MeasuredTenant):
    def telemetry(
        self, path: str, kind: str, group_by: Optional[str] = None, **filters: str
    ) -> Groups:
        """The values by their groups, which have their names where there are some."""
        query = {"telemetryType": kind, **filters, **({"groupBy": group_by} if group_by else {})}
        target = "&".join(f"{name}={value}" for name, value in query.items())
        answer = self.call("GET", f"{path}/telemetry?{target}")
        assert answer["type"] == kind
        keys = group_by.split(",") if group_by else []
        found = {}
        for each in answer["values"]:
            groups = each.get("groups", [])
            # Times of waiting are groups that nobody has to ask for.
            assert [group["key"] for group in groups if group["key"] != "PendingTime"] == keys
            found[tuple(group.get("name", group["value"]) for group in groups)] = float(
                each["value"]
            )
        assert len(found) == len(answer["values"])
        return found


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    with closing(Tenant()) as tenant:
        yield tenant


@pytest.fixture
def busy(tenant: Tenant) -> Tenant:
    """Of two projects, the first has a training and a workspace, the second one that waits too."""
    first, second = tenant.project("first", 8), tenant.project("second", 2)
    tenant.submit(first, "a", 3)
    tenant.submit(first, "b", 4, "workspaces")
    tenant.submit(second, "c", 2, "workspaces")
    tenant.submit(second, "d", 1, "workspaces")
    tenant.advance(10)
    return tenant


def test_workloads_are_counted_by_groups(busy: Tenant) -> None:
    path, kind = "/api/v1/workloads", "WORKLOADS_COUNT"
    assert busy.telemetry(path, kind) == {(): 4}
    assert busy.telemetry(path, kind, "Phase") == {("Running",): 3, ("Pending",): 1}
    assert busy.telemetry(path, kind, "ProjectId,Phase") == {
        ("first", "Running"): 2,
        ("second", "Running"): 1,
        ("second", "Pending"): 1,
    }
    assert busy.telemetry(path, kind, "Type") == {("Training",): 1, ("Workspace",): 3}
    assert busy.telemetry(path, kind, "Category") == {("Train",): 1, ("Build",): 3}
    assert busy.telemetry(path, kind, "ClusterId,DepartmentId") == {("cluster-1", "default"): 4}
    assert busy.telemetry(path, kind, "CurrentNodepools") == {("default",): 3, ("",): 1}


def test_filters_leave_workloads_out(busy: Tenant) -> None:
    path, kind = "/api/v1/workloads", "WORKLOADS_COUNT"
    department = busy.call("GET", DEPARTMENTS)["departments"][0]["id"]
    assert busy.telemetry(path, kind, filterByPhases="Pending,Failed") == {(): 1}
    assert busy.telemetry(path, kind, departmentId=department, clusterId=busy.cluster) == {(): 4}
    assert busy.telemetry(path, kind, departmentId=busy.cluster) == {(): 0}
    assert busy.telemetry(path, kind, clusterId=department) == {(): 0}
    assert busy.telemetry(path, kind, nodepoolName="other") == {(): 0}
    assert busy.telemetry(path, kind, "Phase", nodepoolName="other") == {}


def test_gpus_are_summed_up(busy: Tenant) -> None:
    path, kind = "/api/v1/workloads", "GPU_ALLOCATION"
    assert busy.telemetry(path, kind) == {(): 9}
    assert busy.telemetry(path, kind, "ProjectId") == {("first",): 7, ("second",): 2}
    busy.advance(1000)
    assert busy.telemetry(path, kind, "Phase") == {
        ("Completed",): 0,
        ("Running",): 6,
        ("Pending",): 0,
    }


def test_those_that_wait_are_counted_by_how_long(busy: Tenant) -> None:
    path, kind = "/api/v1/workloads", "PENDING_TIME_DISTRIBUTION"
    assert list(busy.telemetry(path, kind).values()) == [1, 0, 0, 0]
    busy.advance(1000)
    assert list(busy.telemetry(path, kind).values()) == [0, 1, 0, 0]
    busy.advance(100_000)
    assert list(busy.telemetry(path, kind).values()) == [0, 0, 0, 1]
    [[bucket, project]] = busy.telemetry(path, kind, "ProjectId")
    assert (bucket, project) == ("24h or more", "second")
    many = f"{path}/telemetry?telemetryType={kind}&groupBy=ProjectId,Phase"
    assert busy.send("GET", many)[0] == 400


def test_nodes_have_what_their_pods_have(busy: Tenant) -> None:
    path = "/api/v1/nodes"
    expected = dict.fromkeys(((f"node-{number}",) for number in range(1, 5)), 0.0)
    for pod in busy.call("GET", "/api/v1/workloads/pods")["pods"]:
        if pod["nodeName"] is not None:
            expected[pod["nodeName"],] += pod["allocatedResources"]["gpu"]
    assert busy.telemetry(path, "ALLOCATED_GPUS", "Node") == expected
    assert busy.telemetry(path, "FREE_GPUS", "Node") == {
        node: 8 - gpus for node, gpus in expected.items()
    }
    totals = {
        "TOTAL_GPUS": 32,
        "READY_GPUS": 32,
        "TOTAL_GPU_NODES": 4,
        "READY_GPU_NODES": 4,
        "FULLY_FREE_GPU_NODES": 1,
        "IDLE_ALLOCATED_GPUS": 0,
        "ALLOCATED_CPU_CORES": 1.5,
        "ALLOCATED_CPU_MEMORY_BYTES": 3 * 2**30,
        "TOTAL_CPU_CORES": 512,
        "TOTAL_GPU_MEMORY_BYTES": 32 * 80 * 2**30,
    }
    assert {kind: busy.telemetry(path, kind)[()] for kind in totals} == totals
    assert 0 < busy.telemetry(path, "USED_GPU_MEMORY_BYTES")[()] < 9 * 80 * 2**30
    assert 0 < busy.telemetry(path, "USED_CPU_CORES")[()] < 1.5
    whole = {("cluster-1", "default"): 9}
    assert busy.telemetry(path, "ALLOCATED_GPUS", "ClusterId,Nodepool") == whole
    assert busy.telemetry(path, "ALLOCATED_GPUS", nodepoolName="other") == {(): 0}
    busy.call("POST", "/api/v1/clusters", {"name": "other"})
    assert busy.telemetry(path, "TOTAL_GPUS", "ClusterId") == {("cluster-1",): 32, ("other",): 32}
    assert busy.telemetry(path, "TOTAL_GPUS", clusterId=busy.cluster) == {(): 32}


def test_gpus_of_what_does_not_run_are_idle(tenant: Tenant) -> None:
    tenant.submit(tenant.project("first"), "a", 3)
    tenant.advance(2)
    assert tenant.telemetry("/api/v1/nodes", "IDLE_ALLOCATED_GPUS") == {(): 3}
    assert tenant.telemetry("/api/v1/nodes", "USED_GPU_MEMORY_BYTES") == {(): 0}


def test_projects_and_departments_are_summed_up(busy: Tenant) -> None:
    expected = {
        "GPU_QUOTA": 10,
        "CPU_QUOTA": 8000,
        "MEMORY_QUOTA": 4000,
        "GPU_ALLOCATION": 9,
        "CPU_ALLOCATION": 1500,
        "MEMORY_ALLOCATION": 3 * 1073.741824,
        "GPU_ALLOCATION_NON_PREEMPTIBLE": 6,
        "CPU_ALLOCATION_NON_PREEMPTIBLE": 1000,
        "MEMORY_ALLOCATION_NON_PREEMPTIBLE": 2 * 1073.741824,
    }
    for kind, value in expected.items():
        assert busy.telemetry(PROJECTS, kind)[()] == pytest.approx(value), kind
        whole = busy.telemetry(DEPARTMENTS, kind, "CLUSTER_ID")
        assert whole == {("cluster-1",): pytest.approx(0 if "QUOTA" in kind else value)}, kind


def test_projects_are_grouped_and_left_out(busy: Tenant) -> None:
    body = {"name": "unit", "clusterId": busy.cluster, "resources": []}
    unit = busy.call("POST", DEPARTMENTS, body)["id"]
    busy.submit(busy.project("third", 5, parentId=unit), "e", 1)
    busy.advance(10)
    kind = "GPU_ALLOCATION"
    assert busy.telemetry(PROJECTS, kind, "ParentId") == {("default",): 9, ("unit",): 1}
    assert busy.telemetry(PROJECTS, "GPU_QUOTA", "ClusterId,NodepoolId") == {
        ("cluster-1", "default"): 15
    }
    assert busy.telemetry(PROJECTS, kind, departmentId=unit) == {(): 1}
    assert busy.telemetry(DEPARTMENTS, kind, departmentId=unit) == {(): 1}
    assert busy.telemetry(PROJECTS, kind, nodepoolId="1") == {(): 10}
    assert busy.telemetry(PROJECTS, kind, nodepoolId="2") == {(): 0}
    assert busy.telemetry(DEPARTMENTS, kind, nodepoolName="other") == {(): 0}
    assert busy.telemetry(PROJECTS, kind, clusterId=unit) == {(): 0}


def test_the_table_has_a_column_for_each_group(busy: Tenant) -> None:
    path = "/api/v1/workloads/telemetry?telemetryType=WORKLOADS_COUNT&groupBy=ProjectId"
    status, text = busy.send("GET", path, accept="text/csv")
    assert status == 200
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["type"], row["ProjectId"], row["value"]) for row in rows] == [
        ("WORKLOADS_COUNT", "first", "2"),
        ("WORKLOADS_COUNT", "second", "2"),
    ]
    assert rows[0]["timestamp"] == "2023-11-14T22:13:30.000Z"


def _quotas(tenant: Tenant, path: str, name: str) -> Tuple[float, float, float]:
    """The GPUs that are asked for, in use, and in use for good."""
    records = tenant.call("GET", path)[path.rsplit("/", 1)[-1]]
    [status] = [each["status"] for each in records if each["name"] == name]
    if path == PROJECTS:
        [in_pool] = status["nodePoolQuotaStatuses"]
        assert (in_pool.pop("nodePoolName"), in_pool.pop("nodePoolId")) == ("default", "1")
        assert in_pool == status["quotaStatus"]
    quota = status["quotaStatus"]
    names = ("requested", "allocated", "allocatedNonPreemptible")
    [requested, allocated, for_good] = [float(quota[each]["gpu"]) for each in names]
    return requested, allocated, for_good


def test_projects_say_how_much_of_their_quota_is_in_use(busy: Tenant) -> None:
    assert _quotas(busy, PROJECTS, "first") == (7, 7, 4)
    assert _quotas(busy, PROJECTS, "second") == (3, 2, 2)
    assert _quotas(busy, DEPARTMENTS, "default") == (10, 9, 6)
    [first] = [p for p in busy.call("GET", PROJECTS)["projects"] if p["name"] == "first"]
    assert first["status"]["quotaStatus"]["allocated"] == {
        "gpu": 7,
        "cpu": 1000,
        "memory": 2147.483648,
    }
    assert first["status"]["phase"] == "Ready"
    busy.advance(1000)
    assert _quotas(busy, PROJECTS, "first") == (4, 4, 4)
    for each in busy.call("GET", "/api/v1/workloads?limit=50")["workloads"]:
        busy.send("DELETE", f"/api/v1/workloads/workspaces/{each['id']}")
    busy.advance(1000)
    assert _quotas(busy, DEPARTMENTS, "default") == (0, 0, 0)


def test_a_new_project_has_nothing_in_use(tenant: Tenant) -> None:
    tenant.project("new")
    assert _quotas(tenant, PROJECTS, "new") == (0, 0, 0)


def test_a_quota_in_use_survives_a_restart(busy: Tenant) -> None:
    kept = json.loads(json.dumps(busy.control_plane.state.dump()))
    with closing(Tenant()) as other:
        other.control_plane.state.restore(kept)
        assert _quotas(other, PROJECTS, "first") == (7, 7, 4)
        other.advance(1000)
        assert _quotas(other, PROJECTS, "first") == (4, 4, 4)
