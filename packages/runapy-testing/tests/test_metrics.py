"""Metrics of clusters, node pools, departments, projects and nodes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from checked_calls import MeasuredTenant

MOMENT = "2023-11-14T22:13:{:02}Z"
PROJECTS = "/api/v1/org-unit/projects"
DEPARTMENTS = "/api/v1/org-unit/departments"


class Tenant(MeasuredTenant):
    def __init__(self, version: str = "2.24") -> None:
        super().__init__(version)
        self.metrics_of_cluster = f"/api/v1/clusters/{self.cluster}/metrics"

    def series(
        self, path: str, types: str, samples: int = 31, end: int = 50, **query: str
    ) -> list[Any]:
        more = "".join(f"&{name}={value}" for name, value in query.items())
        window = f"start={MOMENT.format(20)}&end={MOMENT.format(end)}&numberOfSamples={samples}"
        found: list[Any] = self.call("GET", f"{path}?metricType={types}&{window}{more}")[
            "measurements"
        ]
        return found

    def values(self, path: str, types: str, **query: Any) -> dict[str, list[float]]:
        return {
            each["type"]: [float(value["value"]) for value in each["values"]]
            for each in self.series(path, types, **query)
        }


@pytest.fixture
def start() -> Iterator[Any]:
    started: list[Tenant] = []

    def start_one(version: str = "2.24") -> Tenant:
        started.append(Tenant(version))
        return started[-1]

    yield start_one
    for tenant in started:
        tenant.close()


@pytest.fixture
def tenant(start: Any) -> Any:
    return start()


def test_a_clusters_series_follow_from_what_ran(tenant: Tenant) -> None:
    tenant.control_plane.state.life.running_time = 10
    project = tenant.project(deserved=8)
    tenant.submit(project, "a", 2)
    tenant.advance(5)
    tenant.submit(project, "b", 4)
    tenant.advance(60)
    types = "ALLOCATED_GPU,UNALLOCATED_GPU,TOTAL_GPU,WORKLOADS_COUNT,AVG_WORKLOAD_WAIT_TIME"
    found = tenant.values(tenant.metrics_of_cluster, f"{types},GPU_QUOTA,TOTAL_GPU_NODES")
    assert list(found) == [*types.split(","), "GPU_QUOTA", "TOTAL_GPU_NODES"]
    allocated = [0] * 3 + [2] * 5 + [6] * 5 + [4] * 5 + [0] * 13
    assert found["ALLOCATED_GPU"] == allocated
    assert found["UNALLOCATED_GPU"] == [32 - value for value in allocated]
    assert found["WORKLOADS_COUNT"] == [0] * 3 + [1] * 5 + [2] * 5 + [1] * 5 + [0] * 13
    assert found["AVG_WORKLOAD_WAIT_TIME"] == [0] * 3 + [1] * 15 + [0] * 13
    assert (set(found["TOTAL_GPU"]), set(found["TOTAL_GPU_NODES"])) == ({32}, {4})
    assert set(found["GPU_QUOTA"]) == {8}


def test_a_clusters_utilization_is_that_of_its_workloads(tenant: Tenant) -> None:
    project = tenant.project()
    identities = [tenant.submit(project, name, 4) for name in ("a", "b")]
    tenant.advance(30)
    own = [
        tenant.values(f"/api/v1/workloads/{each}/metrics", "GPU_UTILIZATION", samples=7)
        for each in identities
    ]
    [whole] = tenant.values(tenant.metrics_of_cluster, "GPU_UTILIZATION", samples=7).values()
    expected = [
        (a + b) * 4 / 32 for a, b in zip(own[0]["GPU_UTILIZATION"], own[1]["GPU_UTILIZATION"])
    ]
    assert whole == pytest.approx(expected, abs=0.002)
    assert whole[0] == 0 < whole[-1] < 25


def test_each_gpu_is_in_one_range_of_the_distribution(tenant: Tenant) -> None:
    tenant.submit(tenant.project(), "a", 6)
    tenant.advance(30)
    series = tenant.series(tenant.metrics_of_cluster, "GPU_UTILIZATION_DISTRIBUTION", samples=7)
    assert len({each["labels"]["range"] for each in series}) == len(series) > 1
    columns = list(zip(*([float(v["value"]) for v in each["values"]] for each in series)))
    assert [sum(column) for column in columns] == [32] * 7
    # Those in use are not idle; the first range is of these.
    assert [column[0] for column in columns] == [32] + [26] * 6


def test_series_of_a_cluster_are_grouped(tenant: Tenant) -> None:
    first, second = tenant.project("first", 8), tenant.project("second", 4)
    tenant.submit(first, "a", 2)
    tenant.submit(second, "b", 3, "workspaces")
    tenant.advance(30)
    types = "ALLOCATED_GPU,GPU_QUOTA"
    for key, expected in (
        ("Project", {"first": (2, 8), "second": (3, 4)}),
        ("Department", {"default": (5, 0)}),
        ("Nodepool", {"default": (5, 12)}),
        ("Category", {"Train": (2, 0), "Build": (3, 0)}),
    ):
        found: dict[str, list[float]] = {}
        series = tenant.series(tenant.metrics_of_cluster, types, samples=4, groupBy=key)
        for each in series:
            [group] = each["groups"]
            assert group["key"] == key
            found.setdefault(group["value"], []).append(float(each["values"][-1]["value"]))
        assert {name: tuple(values) for name, values in found.items()} == expected


def test_groups_are_columns_of_the_table(tenant: Tenant) -> None:
    tenant.submit(tenant.project("first"), "a", 2)
    tenant.advance(30)
    window = f"start={MOMENT.format(20)}&end={MOMENT.format(40)}&numberOfSamples=2"
    path = f"{tenant.metrics_of_cluster}?metricType=ALLOCATED_GPU&groupBy=Project&{window}"
    status, text = tenant.send("GET", path, accept="text/csv")
    assert status == 200
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["type"], row["Project"], row["value"]) for row in rows] == [
        ("ALLOCATED_GPU", "first", "0"),
        ("ALLOCATED_GPU", "first", "2"),
    ]


def test_everything_runs_in_the_default_node_pool(tenant: Tenant) -> None:
    body = {"name": "other", "clusterId": tenant.cluster, "labelKey": "k", "labelValue": "v"}
    tenant.call("POST", "/api/v1/node-pools", body)
    tenant.submit(tenant.project(), "a", 2)
    tenant.advance(30)
    path = f"/api/v1/clusters/{tenant.cluster}/nodepools/{{}}/metrics"
    types = "ALLOCATED_GPU,TOTAL_GPU,GPU_QUOTA"
    found = {
        name: [values[-1] for values in tenant.values(path.format(name), types).values()]
        for name in ("default", "other")
    }
    assert found == {"default": [2, 32, 8], "other": [0, 0, 0]}
    of_other = tenant.values(tenant.metrics_of_cluster, types, nodepoolName="other")
    assert [values[-1] for values in of_other.values()] == [0, 0, 0]
    window = f"start={MOMENT.format(20)}&end={MOMENT.format(40)}"
    status, text = tenant.send("GET", f"{path.format('none')}?metricType=TOTAL_GPU&{window}")
    assert (status, "none" in text) == (404, True)


def test_projects_and_departments_have_what_their_workloads_had(tenant: Tenant) -> None:
    department = tenant.call(
        "POST", DEPARTMENTS, {"name": "unit", "clusterId": tenant.cluster, "resources": []}
    )["id"]
    inside, outside = tenant.project("in", 8, parentId=department), tenant.project("out", 4)
    tenant.submit(inside, "a", 2)
    tenant.submit(outside, "b", 3)
    tenant.advance(30)
    types = "GPU_ALLOCATION,CPU_ALLOCATION_MILLICORES,CPU_MEMORY_ALLOCATION_MB"
    quotas = "GPU_QUOTA,CPU_QUOTA_MILLICORES,CPU_MEMORY_QUOTA_MB"
    found = tenant.values(f"{PROJECTS}/{inside}/metrics", f"{types},{quotas}")
    assert found["GPU_ALLOCATION"] == [0] * 3 + [2] * 28
    assert [values[-1] for values in found.values()] == [2, 500, 1073.741824, 8, 4000, 2000]
    of_department = tenant.values(f"{DEPARTMENTS}/{department}/metrics", f"{types},{quotas}")
    assert [values[-1] for values in of_department.values()] == [2, 500, 1073.741824, 0, 0, 0]
    used = tenant.values(f"{PROJECTS}/{inside}/metrics", "GPU_MEMORY_UTILIZATION")
    assert [value > 0 for value in used["GPU_MEMORY_UTILIZATION"]] == [False] * 3 + [True] * 28
    elsewhere = tenant.values(f"{PROJECTS}/{inside}/metrics", types, nodepoolName="other")
    assert [values[-1] for values in elsewhere.values()] == [0, 0, 0]


def test_what_was_deleted_stays_in_the_series(tenant: Tenant) -> None:
    project = tenant.project()
    identity = tenant.submit(project, "a", 2)
    tenant.advance(13)
    assert tenant.send("DELETE", f"/api/v1/workloads/trainings/{identity}")[0] < 300
    tenant.advance(30)
    for path, metric in (
        (f"{PROJECTS}/{project}/metrics", "GPU_ALLOCATION"),
        (tenant.metrics_of_cluster, "ALLOCATED_GPU"),
    ):
        [values] = tenant.values(path, metric).values()
        assert values == [0] * 3 + [2] * 10 + [0] * 18


@pytest.mark.parametrize("samples", [0, 1, 2, 7, 1000])
def test_series_have_as_many_samples_as_are_asked_for(tenant: Tenant, samples: int) -> None:
    project = tenant.project()
    tenant.submit(project, "a")
    tenant.advance(30)
    node = tenant.call("GET", "/api/v1/nodes")["nodes"][0]["id"]
    for path, metric in (
        (tenant.metrics_of_cluster, "GPU_UTILIZATION"),
        (f"{PROJECTS}/{project}/metrics", "GPU_QUOTA"),
        (f"/api/v1/nodes/{node}/metrics", "GPU_UTILIZATION"),
    ):
        [series] = tenant.series(path, metric, samples)
        times = [value["timestamp"] for value in series["values"]]
        assert len(times) == samples
        assert times[:1] == ["2023-11-14T22:13:20.000Z"] * min(samples, 1)
        assert times[1:][-1:] == ["2023-11-14T22:13:50.000Z"] * (samples > 1)


def test_series_that_end_before_they_start_are_refused(tenant: Tenant) -> None:
    window = f"start={MOMENT.format(30)}&end={MOMENT.format(20)}"
    path = f"{tenant.metrics_of_cluster}?metricType=TOTAL_GPU&{window}"
    assert tenant.send("GET", path)[0] == 400


def test_nodes_have_the_gpus_of_their_cluster(tenant: Tenant) -> None:
    nodes = tenant.call("GET", "/api/v1/nodes")["nodes"]
    assert [each["name"] for each in nodes] == ["node-1", "node-2", "node-3", "node-4"]
    assert [each["gpuInfo"]["gpuCount"] for each in nodes] == [8, 8, 8, 8]
    assert {(each["clusterUuid"], each["nodePool"]) for each in nodes} == {
        (tenant.cluster, "default")
    }
    below = f"/api/v1/clusters/{tenant.cluster}/nodes"
    assert tenant.call("GET", below)["nodes"] == nodes
    assert tenant.call("GET", f"{below}?nodeName=node-2")["nodes"] == nodes[1:2]
    assert tenant.call("GET", "/api/v1/nodes?filterBy=name==node-3")["nodes"] == nodes[2:3]
    page = tenant.call("GET", "/api/v1/nodes?sortBy=name&sortOrder=desc&limit=1")
    assert (page["nodes"], tenant.call("GET", f"{below}/count")) == (nodes[3:], {"count": 4})
    assert tenant.call("GET", "/api/v1/nodes/count?filterBy=name!=node-3") == {"count": 3}
    other = tenant.call("POST", "/api/v1/clusters", {"name": "other"})["uuid"]
    assert tenant.call("GET", "/api/v1/nodes/count") == {"count": 8}
    others = tenant.call("GET", f"/api/v1/clusters/{other}/nodes")["nodes"]
    assert not {each["id"] for each in others} & {each["id"] for each in nodes}
    tenant.control_plane.state.life.cluster_gpus = 6
    counts = [each["gpuInfo"]["gpuCount"] for each in tenant.call("GET", below)["nodes"]]
    assert counts == [2, 2, 1, 1]
    assert tenant.send("GET", f"/api/v1/clusters/{nodes[0]['id']}/nodes")[0] == 404


def _of_nodes(tenant: Tenant, metric: str) -> dict[str, list[Any]]:
    nodes = tenant.call("GET", "/api/v1/nodes")["nodes"]
    path = "/api/v1/nodes/{}/metrics"
    return {
        node["name"]: tenant.series(path.format(node["id"]), metric, samples=4) for node in nodes
    }


def _latest(series: list[Any]) -> list[float]:
    return [float(each["values"][-1]["value"]) for each in series]


def test_pods_have_the_gpus_of_the_nodes_that_they_are_on(tenant: Tenant) -> None:
    project = tenant.project(deserved=32)
    for number, gpus in enumerate((8, 2, 0.5, 8)):
        tenant.submit(project, f"w{number}", gpus)
    tenant.advance(30)
    pods = tenant.call("GET", "/api/v1/workloads/pods")["pods"]
    expected = dict.fromkeys((f"node-{number}" for number in range(1, 5)), 0.0)
    for pod in pods:
        expected[pod["nodeName"]] += pod["allocatedResources"]["gpu"]
    assert sum(expected.values()) == 18.5
    found = _of_nodes(tenant, "GPU_ALLOCATION_PER_GPU")
    assert {name: sum(_latest(series)) for name, series in found.items()} == expected
    assert all([each["labels"]["gpu"] for each in s] == list("01234567") for s in found.values())


def test_what_is_more_than_a_node_has_is_taken_from_others(tenant: Tenant) -> None:
    tenant.submit(tenant.project(deserved=32), "w", 18)
    tenant.advance(30)
    found = _of_nodes(tenant, "GPU_ALLOCATION_PER_GPU")
    assert [sum(_latest(series)) for series in found.values()] == [8, 8, 2, 0]


def test_a_nodes_utilization_is_that_of_its_workloads(tenant: Tenant) -> None:
    identity = tenant.submit(tenant.project(), "w", 4)
    tenant.advance(30)
    for metric, own_metric, whole in (
        ("GPU_UTILIZATION", "GPU_UTILIZATION", 100),
        ("GPU_MEMORY_UTILIZATION", "GPU_MEMORY_USAGE_BYTES", 4 * 80 * 2**30),
    ):
        path = f"/api/v1/workloads/{identity}/metrics"
        own = [100 * _latest(tenant.series(path, own_metric, samples=4))[0] / whole]
        node = next(iter(_of_nodes(tenant, metric).values()))
        assert _latest(node) == pytest.approx([own[0] * 4 / 8], abs=0.002)
        gpus = next(iter(_of_nodes(tenant, f"{metric}_PER_GPU").values()))
        assert _latest(gpus) == pytest.approx([own[0]] * 4 + [0] * 4, abs=0.002)
    assert _latest(next(iter(_of_nodes(tenant, "CPU_USAGE_CORES").values())))[0] > 0
    idle = next(iter(_of_nodes(tenant, "GPU_IDLE_TIME_SECONDS_PER_GPU").values()))
    assert _latest(idle) == [0] * 4 + [30] * 4


def test_metrics_of_a_node_that_is_not_there_are_not_found(tenant: Tenant) -> None:
    window = f"start={MOMENT.format(20)}&end={MOMENT.format(40)}"
    path = f"/api/v1/nodes/{tenant.cluster}/metrics?metricType=GPU_UTILIZATION&{window}"
    assert tenant.send("GET", path)[0] == 404


def test_older_paths_tell_what_there_is_now(tenant: Tenant) -> None:
    project = tenant.project(deserved=8)
    tenant.submit(project, "a", 2)
    tenant.submit(project, "b", 7, "workspaces")
    tenant.submit(project, "c", 7, "workspaces")
    tenant.advance(10)
    below = f"/v1/k8s/clusters/{tenant.cluster}"
    one = tenant.call("GET", f"{below}/projects/{project}/metrics")
    [row] = one["current"]["resources"]
    assert (row["numberOfPendingWorkloads"], row["nodepoolName"]) == (1, "default")
    assert [row[kind]["quota"] for kind in ("gpu", "cpu", "memory")] == [8, 4000, 2000]
    assert [row[kind]["allocated"] for kind in ("gpu", "cpu", "memory")] == [9, 1000, 2147.483648]
    assert 0 < row["gpu"]["utilization"] < 1
    assert (one["metadata"]["projectName"], "timeRange" in one) == ("team", False)
    assert tenant.call("GET", f"{below}/projects/metrics")["data"] == [one]
    whole = tenant.call("GET", f"{below}/metrics")
    assert whole["current"]["resources"] == [row]
    [of_project] = whole["current"]["projectResources"]
    assert of_project == {**row, "projectName": "team", "departmentName": "default"}
    [department] = tenant.call("GET", f"{below}/departments/metrics")["data"]
    assert department["current"]["resources"][0]["gpu"]["allocated"] == 9
    number = department["metadata"]["departmentId"]
    assert number == one["metadata"]["departmentId"]
    assert tenant.call("GET", f"{below}/departments/{number}/metrics") == department
    for unknown in (f"{below}/projects/0/metrics", f"{below}/departments/1/metrics"):
        assert tenant.send("GET", unknown)[0] == 404


def test_older_paths_tell_what_there_was(tenant: Tenant) -> None:
    project = tenant.project()
    tenant.submit(project, "a", 2)
    tenant.advance(30)
    window = f"start={MOMENT.format(20)}&end={MOMENT.format(30)}&numberOfSamples=11"
    for path in ("metrics", f"projects/{project}/metrics", "departments/metrics"):
        found = tenant.call("GET", f"/v1/k8s/clusters/{tenant.cluster}/{path}?{window}")
        rows = found["timeRange"]["resources"]
        assert [row["gpu"]["allocated"] for row in rows] == [0] * 3 + [2] * 8
        assert [row["numberOfPendingWorkloads"] for row in rows] == [0, 0, 1] + [0] * 8
        assert rows[-1]["timestamp"] == "2023-11-14T22:13:30.000Z"
        other = tenant.call(
            "GET", f"/v1/k8s/clusters/{tenant.cluster}/{path}?{window}&nodepoolName=other"
        )
        assert {row["gpu"]["allocated"] for row in other["timeRange"]["resources"]} == {0}
    half = f"/v1/k8s/clusters/{tenant.cluster}/metrics?start={MOMENT.format(20)}"
    assert tenant.send("GET", half)[0] == 400
