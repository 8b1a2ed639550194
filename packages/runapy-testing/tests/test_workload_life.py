from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from checked_calls import CheckedCalls

from runai.testing.specification import load, shipped_versions

WORKLOADS = "/api/v1/workloads"
MOMENT = "2023-11-14T22:13:{:02}Z"


class Tenant(CheckedCalls):
    def __init__(self, version: str = "2.24") -> None:
        super().__init__(version)
        self.life = self.control_plane.state.life

    def project(self, name: str = "team", **gpu: Any) -> str:
        """A new project, whose resources say this of GPUs."""
        resources = [{"nodePool": {"id": "1", "name": "default"}, **_resources(gpu)}]
        body = {"name": name, "clusterId": self.cluster, "resources": resources if gpu else []}
        return str(self.call("POST", "/api/v1/org-unit/projects", body)["id"])

    def submit(
        self, project: str, name: str, gpus: float = 1, kind: str = "trainings", **spec: Any
    ) -> str:
        """The id of a new workload."""
        compute = {"gpuDevicesRequest": gpus, "cpuCoreRequest": 0.5, "cpuMemoryRequest": "1Gi"}
        outer = {key: spec.pop(key) for key in list(spec) if key.startswith("master")}
        body = {
            "name": name,
            "projectId": project,
            "clusterId": self.cluster,
            "spec": {"image": "image:1", "compute": compute, **spec},
            **outer,
        }
        return str(self.call("POST", f"{WORKLOADS}/{kind}", body)["workloadId"])

    def workload(self, identity: str) -> Any:
        return self.call("GET", f"{WORKLOADS}/{identity}")

    def phases(self) -> dict[str, str]:
        """By name, as the list of workloads has them."""
        listed = self.call("GET", f"{WORKLOADS}?limit=500")["workloads"]
        return {each["name"]: each["phase"] for each in listed}

    def history(self, identity: str) -> list[tuple[str, str]]:
        """Times and phases."""
        records = self.call("GET", f"{WORKLOADS}/{identity}/history?limit=500")["records"]
        return [
            (each["meta"]["creationTimestamp"][11:19], each["spec"]["phaseUpdate"]["phase"])
            for each in records
            if each["meta"]["type"] == "PhaseUpdate"
        ]


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    with closing(Tenant()) as tenant:
        yield tenant


def _resources(gpu: dict[str, Any]) -> dict[str, Any]:
    return {"gpu": {"limit": None, **gpu}, "cpu": {}, "memory": {"units": "Mib"}}


def test_an_amount_that_is_no_number_any_more(tenant: Tenant) -> None:
    compute = {"cpuMemoryRequest": "9e999"}
    identity = tenant.submit(tenant.project(), "endless", compute=compute)
    assert tenant.workload(identity)["phase"] == "Creating"


def test_a_training_goes_through_its_phases_second_by_second(tenant: Tenant) -> None:
    identity = tenant.submit(tenant.project(), "t")
    seen = [tenant.workload(identity)["phase"]]
    for _ in range(4):
        tenant.advance(1)
        seen.append(tenant.workload(identity)["phase"])
    tenant.advance(58.9)
    seen.append(tenant.workload(identity)["phase"])
    tenant.advance(0.1)
    seen.append(tenant.workload(identity)["phase"])
    assert seen == [
        *("Creating", "Initializing", "Pending", "Running", "Running", "Running", "Completed")
    ]


def test_facts_follow_from_the_phase(tenant: Tenant) -> None:
    identity = tenant.submit(tenant.project(), "t", gpus=2, priorityClass="medium")
    tenant.advance(10)
    running = tenant.workload(identity)
    assert (running["type"], running["submittedBy"]) == ("Training", "test-client-id")
    assert (running["projectName"], running["departmentName"]) == ("team", "default")
    assert (running["priorityClassName"], running["priority"]) == ("medium", 80)
    assert (running["runningPods"], running["k8sPhase"]) == (1, "Running")
    assert running["allocatedResources"]["gpu"] == 2
    assert running["workloadRequestedResources"]["gpu"]["request"] == 2
    assert running["phaseUpdatedAt"] == "2023-11-14T22:13:23.000Z"
    assert running["completedAt"] is None
    tenant.advance(100)
    done = tenant.workload(identity)
    assert done["completedAt"] == done["phaseUpdatedAt"] == "2023-11-14T22:14:23.000Z"
    assert (done["runningPods"], done["allocatedResources"]["gpu"]) == (0, 0)
    assert (done["totalPendingTimeSeconds"], done["totalRunningTimeSeconds"]) == (1, 60)


def test_one_long_step_and_many_short_ones_give_the_same_history() -> None:
    told = []
    for steps in ([3600.0], [60.0] * 60):
        tenant = Tenant()
        project = tenant.project(deserved=2)
        sizes = (1, 1, 2, 1)
        identities = [tenant.submit(project, f"t{n}", size) for n, size in enumerate(sizes)]
        for step in steps:
            tenant.advance(step)
            tenant.phases()
        told.append([tenant.history(identity) for identity in identities])
        tenant.close()
    assert told[0] == told[1]
    assert told[0][2][-3:] == [
        ("22:13:22", "Pending"),
        ("22:15:25", "Running"),
        ("22:16:25", "Completed"),
    ]


def test_workspaces_and_inferences_run_until_they_are_stopped(tenant: Tenant) -> None:
    project = tenant.project()
    tenant.submit(project, "w", kind="workspaces")
    tenant.submit(project, "i", kind="inferences")
    tenant.submit(project, "d", kind="distributed", numWorkers=2)
    tenant.advance(10_000)
    assert tenant.phases() == {"w": "Running", "i": "Running", "d": "Completed"}


def test_the_running_time_can_be_chosen_for_all_and_for_one(tenant: Tenant) -> None:
    project = tenant.project()
    tenant.life.running_time = 10
    tenant.submit(project, "usual")
    annotation = {"name": "runapy-testing/running-seconds", "value": "20.5"}
    tenant.submit(project, "own", annotations=[annotation])
    tenant.submit(project, "workspace", kind="workspaces", annotations=[annotation])
    tenant.advance(13)
    assert set(tenant.phases().values()) == {"Completed", "Running"}
    tenant.advance(10.4)
    assert tenant.phases() == {"usual": "Completed", "own": "Running", "workspace": "Running"}
    tenant.advance(0.1)
    assert set(tenant.phases().values()) == {"Completed"}


@pytest.mark.parametrize("value", ["soon", "-1", "nan", "inf"])
def test_a_running_time_that_is_none_is_refused(tenant: Tenant, value: str) -> None:
    annotation = {"name": "runapy-testing/running-seconds", "value": value}
    body = {"name": "t", "projectId": tenant.project(), "clusterId": tenant.cluster}
    spec = {"image": "i", "annotations": [annotation]}
    status, message = tenant.refused("POST", f"{WORKLOADS}/trainings", {**body, "spec": spec})
    assert status == 400
    assert repr(value) in message
    assert tenant.phases() == {}


def test_what_is_beyond_the_quota_waits_and_says_why(tenant: Tenant) -> None:
    project = tenant.project(deserved=3)
    identities = [tenant.submit(project, f"w{n}", 2, "workspaces") for n in range(3)]
    tenant.advance(30)
    assert tenant.phases() == {"w0": "Running", "w1": "Pending", "w2": "Pending"}
    waiting = tenant.workload(identities[1])
    assert waiting["phaseMessage"] == (
        "waits for 2 GPUs: 2 of project team's quota of 3 are in use"
    )
    assert waiting["phaseReason"] == "NonPreemptibleOverQuota"
    assert waiting["pendingSchedulingMessages"][0]["orgType"] == "PROJECT"
    event = tenant.call("GET", f"{WORKLOADS}/{identities[1]}/events")["events"][0]
    assert (event["type"], event["reason"]) == ("Warning", "Unschedulable")
    tenant.call("DELETE", f"{WORKLOADS}/workspaces/{identities[0]}")
    tenant.advance(1)
    assert tenant.phases() == {"w1": "Running", "w2": "Pending"}
    assert tenant.workload(identities[1])["phaseReason"] is None


def test_those_that_wait_start_in_the_order_of_their_submission(tenant: Tenant) -> None:
    project = tenant.project(deserved=1)
    for number in range(3):
        tenant.submit(project, f"t{number}")
    tenant.advance(3 + 60)
    assert tenant.phases() == {"t0": "Completed", "t1": "Pending", "t2": "Pending"}
    tenant.advance(1)
    assert tenant.phases() == {"t0": "Completed", "t1": "Running", "t2": "Pending"}
    tenant.advance(61)
    assert tenant.phases() == {"t0": "Completed", "t1": "Completed", "t2": "Running"}


def test_what_fits_does_not_wait_for_what_does_not(tenant: Tenant) -> None:
    project = tenant.project(deserved=3)
    for name, gpus in (("first", 2), ("large", 3), ("small", 1), ("none", 0)):
        tenant.submit(project, name, gpus, "workspaces")
    tenant.advance(5)
    phases = tenant.phases()
    assert phases == {"first": "Running", "large": "Pending", "small": "Running", "none": "Running"}


def test_of_those_that_wait_the_highest_priority_starts_first(tenant: Tenant) -> None:
    project = tenant.project(deserved=1)
    tenant.submit(project, "first", preemptibility="preemptible")
    tenant.advance(2.5)
    for name, priority in (("low", "low"), ("high", "very-high"), ("higher", "very-high")):
        tenant.submit(project, name, priorityClass=priority)
    tenant.advance(62)
    assert tenant.phases()["high"] == "Running"
    tenant.advance(61)
    assert tenant.phases()["higher"] == "Running"
    tenant.advance(61)
    assert tenant.phases()["low"] == "Running"


def test_what_goes_over_a_quota_counts_when_it_lends_no_more(tenant: Tenant) -> None:
    project = tenant.project(deserved=1, overQuotaWeight=1)
    for number in range(2):
        tenant.submit(project, f"t{number}")
    tenant.advance(5)
    assert set(tenant.phases().values()) == {"Running"}
    resources = [{"nodePool": {"id": "1", "name": "default"}, **_resources({"deserved": 1})}]
    tenant.call("PUT", f"/api/v1/org-unit/projects/{project}", {"resources": resources})
    for kind in ("trainings", "workspaces"):
        identity = tenant.submit(project, kind, kind=kind)
        tenant.advance(5)
        waiting = tenant.workload(identity)
        assert waiting["phaseMessage"].endswith("2 of project team's quota of 1 are in use")


@pytest.mark.parametrize("path", ["", "/resources"])
def test_what_waits_says_what_it_waits_for_after_a_quota_changed(tenant: Tenant, path: str) -> None:
    project = tenant.project(deserved=1)
    other = tenant.submit(tenant.project("other", deserved=1), "other", 2, "workspaces")
    identity = tenant.submit(project, "w", 4, "workspaces")
    tenant.advance(5)
    resources = [{"nodePool": {"id": "1", "name": "default"}, **_resources({"deserved": 2})}]
    body = resources if path else {"resources": resources}
    tenant.call("PUT", f"/api/v1/org-unit/projects/{project}{path}", body)
    waiting = tenant.workload(identity)
    message = "waits for 4 GPUs: 0 of project team's quota of 2 are in use"
    assert waiting["phaseMessage"] == message
    assert waiting["pendingSchedulingMessages"][0]["reason"] == message
    events = tenant.call("GET", f"{WORKLOADS}/{identity}/events")["events"]
    assert [(each["reason"], each["message"][-11:]) for each in events[:2]] == [
        ("Unschedulable", " are in use"),
        ("Unschedulable", " are in use"),
    ]
    assert tenant.history(identity)[-1] == ("22:13:22", "Pending")
    assert waiting["phaseUpdatedAt"] == tenant.workload(other)["phaseUpdatedAt"]
    assert len(tenant.call("GET", f"{WORKLOADS}/{other}/events")["events"]) == 3


def test_what_waits_and_asks_for_something_else_says_so(tenant: Tenant) -> None:
    identity = tenant.submit(tenant.project(deserved=1), "i", 4, "inferences")
    tenant.advance(5)
    change = {"spec": {"compute": {"gpuDevicesRequest": 2}}}
    tenant.call("PATCH", f"{WORKLOADS}/inferences/{identity}", change)
    assert tenant.workload(identity)["phaseMessage"].startswith("waits for 2 GPUs: ")


def test_only_preemptible_workloads_go_over_a_quota_that_lends(tenant: Tenant) -> None:
    project = tenant.project(deserved=1, overQuotaWeight=2)
    tenant.submit(project, "t0", 2)
    tenant.submit(project, "t1", 2, preemptibility="non-preemptible")
    tenant.submit(project, "w0", 1, "workspaces")
    tenant.submit(project, "w1", 1, "workspaces")
    tenant.submit(project, "w2", 1, "workspaces", preemptibility="preemptible")
    tenant.advance(5)
    running = [name for name, phase in tenant.phases().items() if phase == "Running"]
    assert running == ["t0", "w0", "w2"]


def test_nothing_goes_over_a_limit(tenant: Tenant) -> None:
    project = tenant.project(deserved=1, overQuotaWeight=2, limit=3)
    identity = [tenant.submit(project, f"t{number}", 2) for number in range(2)][1]
    tenant.advance(5)
    waiting = tenant.workload(identity)
    assert (waiting["phase"], waiting["phaseReason"]) == ("Pending", "OverLimit")
    assert "2 of project team's limit of 3 are in use" in waiting["phaseMessage"]


def test_the_cluster_bounds_what_quotas_do_not(tenant: Tenant) -> None:
    project = tenant.project()
    tenant.submit(project, "all", 32, "workspaces")
    identity = tenant.submit(project, "more", 1, "workspaces")
    tenant.advance(5)
    waiting = tenant.workload(identity)
    assert waiting["phaseMessage"] == (
        "waits for 1 GPU: 32 of the cluster's capacity of 32 are in use"
    )
    tenant.life.cluster_gpus = 33
    tenant.advance(1)
    assert set(tenant.phases().values()) == {"Running"}


def test_the_cluster_bounds_what_does_not_name_it(tenant: Tenant) -> None:
    project = tenant.project()
    tenant.submit(project, "all", 32, "workspaces")
    spec = {"image": "nim", "compute": {"gpuDevicesRequest": 1}}
    service = {"metadata": {"name": "n", "projectId": project}, "spec": spec}
    tenant.call("POST", "/api/v2/workloads/nim-services", service)
    tenant.advance(5)
    assert tenant.phases() == {"all": "Running", "n": "Pending"}


def test_a_department_bounds_all_of_its_projects(tenant: Tenant) -> None:
    department = {
        "name": "d",
        "clusterId": tenant.cluster,
        "resources": [{"nodePool": {"id": "1", "name": "default"}, **_resources({"deserved": 1})}],
    }
    parent = tenant.call("POST", "/api/v1/org-unit/departments", department)["id"]
    for name in ("a", "b"):
        body = {"name": name, "clusterId": tenant.cluster, "parentId": parent, "resources": []}
        project = tenant.call("POST", "/api/v1/org-unit/projects", body)["id"]
        tenant.submit(project, name, 1, "workspaces")
    tenant.advance(5)
    assert tenant.phases() == {"a": "Running", "b": "Pending"}


def test_a_larger_quota_lets_those_start_that_waited_for_it(tenant: Tenant) -> None:
    project = tenant.project(deserved=1)
    for number in range(2):
        tenant.submit(project, f"w{number}", 1, "workspaces")
    tenant.advance(5)
    assert tenant.phases() == {"w0": "Running", "w1": "Pending"}
    resources = [{"nodePool": {"id": "1", "name": "default"}, **_resources({"deserved": 2})}]
    tenant.call("PUT", f"/api/v1/org-unit/projects/{project}", {"resources": resources})
    tenant.advance(1)
    assert tenant.phases() == {"w0": "Running", "w1": "Running"}


def test_portions_and_memory_of_gpus_count_as_such(tenant: Tenant) -> None:
    project = tenant.project(deserved=1)
    half = {"gpuDevicesRequest": 1, "gpuRequestType": "portion", "gpuPortionRequest": 0.5}
    fifth = {"gpuDevicesRequest": 1, "gpuRequestType": "memory", "gpuMemoryRequest": "16Gi"}
    for name, compute in (("half", half), ("fifth", fifth), ("rest", half)):
        tenant.submit(project, name, kind="workspaces", compute=compute)
    tenant.advance(5)
    assert tenant.phases() == {"half": "Running", "fifth": "Running", "rest": "Pending"}


@pytest.mark.parametrize(
    "compute",
    [
        {"gpuRequestType": "portion", "gpuPortionRequest": 0.5},
        {"gpuRequestType": "memory", "gpuMemoryRequest": "40Gi"},
    ],
)
def test_a_part_is_of_one_gpu_where_nothing_else_is_said(tenant: Tenant, compute: Any) -> None:
    identity = tenant.submit(tenant.project(), "t", compute=compute)
    requested = tenant.workload(identity)["workloadRequestedResources"]
    assert requested["gpu"]["request"] == 0.5


def test_an_inference_may_begin_without_replicas(tenant: Tenant) -> None:
    scaling = {"minReplicas": 0, "maxReplicas": 3, "metric": "concurrency", "metricThreshold": 1}
    project = tenant.project()
    for initial, pods in ((None, 1), (0, 0), (2, 2)):
        asked = {**scaling, **({} if initial is None else {"initialReplicas": initial})}
        identity = tenant.submit(project, f"i{initial}", 1, "inferences", autoscaling=asked)
        tenant.advance(5)
        shown = tenant.workload(identity)
        assert shown["requestedPods"] == {"number": pods, "min": 0, "max": 3}
        assert (shown["runningPods"], shown["allocatedResources"]["gpu"]) == (pods, pods)
        listed = tenant.call("GET", f"{WORKLOADS}/{identity}/pods")["pods"]
        assert len(listed) == pods


def test_distributed_trainings_ask_for_all_of_their_pods(tenant: Tenant) -> None:
    project = tenant.project()
    same = tenant.submit(
        project, "same", 2, "distributed", numWorkers=3, masterSpecSameAsWorker=True
    )
    other = tenant.submit(
        project, "other", 2, "distributed", numWorkers=3, masterSpec={"image": "i"}
    )
    tenant.advance(5)
    for identity, gpus in ((same, 8), (other, 6)):
        workload = tenant.workload(identity)
        assert workload["workloadRequestedResources"]["gpu"]["request"] == gpus
        assert workload["allocatedResources"]["gpu"] == gpus
        assert (workload["requestedPods"]["number"], workload["runningPods"]) == (4, 4)


def test_a_workload_is_suspended_and_resumed(tenant: Tenant) -> None:
    project = tenant.project(deserved=1)
    identity = tenant.submit(project, "w", 1, "workspaces")
    tenant.submit(project, "next", 1, "workspaces")
    tenant.advance(5)
    path = f"{WORKLOADS}/workspaces/{identity}"
    assert tenant.call("POST", f"{path}/suspend")["code"] == 202
    stopping = tenant.call("GET", path)
    assert (stopping["actualPhase"], stopping["desiredPhase"]) == ("Stopping", "Stopped")
    status, message = tenant.refused("POST", f"{path}/suspend")
    assert status == 409
    assert "is Stopping" in message
    assert tenant.phases()["next"] == "Pending"
    tenant.advance(2)
    assert tenant.phases() == {"w": "Stopped", "next": "Running"}
    tenant.call("POST", f"{path}/resume")
    assert tenant.call("GET", path)["actualPhase"] == "Resuming"
    assert tenant.refused("POST", f"{path}/resume")[0] == 409
    tenant.advance(2)
    assert tenant.phases() == {"w": "Pending", "next": "Running"}


def test_what_is_suspended_while_it_waits_waits_no_more(tenant: Tenant) -> None:
    project = tenant.project(deserved=1)
    tenant.submit(project, "t0")
    identity = tenant.submit(project, "t1")
    tenant.advance(5)
    tenant.call("POST", f"{WORKLOADS}/trainings/{identity}/suspend")
    tenant.advance(100)
    assert tenant.phases() == {"t0": "Completed", "t1": "Stopped"}
    assert tenant.refused("POST", f"{WORKLOADS}/trainings/{identity}/suspend")[0] == 409
    tenant.call("POST", f"{WORKLOADS}/trainings/{identity}/resume")
    tenant.advance(100)
    assert tenant.phases()["t1"] == "Completed"


def test_many_are_suspended_and_resumed_at_once(tenant: Tenant) -> None:
    project = tenant.project()
    identities = [tenant.submit(project, f"t{number}") for number in range(3)]
    tenant.advance(10)
    tenant.life.fail(identities[2], "because")
    for action, phase in (("suspend", "Stopped"), ("resume", "Running")):
        body = {"ids": identities, "action": action}
        answer = tenant.call("POST", f"{WORKLOADS}/batch", body)
        assert answer["succeeded"] == identities[:2]
        assert [each["code"] for each in answer["failed"]] == [409]
        tenant.advance(5)
        assert tenant.phases() == {"t0": phase, "t1": phase, "t2": "Failed"}


def test_a_test_makes_a_workload_fail(tenant: Tenant) -> None:
    project = tenant.project(deserved=1)
    identity = tenant.submit(project, "t0")
    tenant.submit(project, "t1")
    tenant.advance(10)
    tenant.life.fail(identity, "out of memory")
    failed = tenant.workload(identity)
    assert (failed["phase"], failed["phaseMessage"]) == ("Failed", "out of memory")
    assert failed["completedAt"] == "2023-11-14T22:13:30.000Z"
    event = tenant.call("GET", f"{WORKLOADS}/{identity}/events")["events"][0]
    assert (event["type"], event["message"]) == ("Warning", "out of memory")
    pod = tenant.call("GET", f"{WORKLOADS}/{identity}/pods")["pods"][0]
    assert pod["k8sPhase"] == "Failed"
    tenant.advance(1)
    assert tenant.phases() == {"t0": "Failed", "t1": "Running"}
    with pytest.raises(ValueError, match="is Failed: only what has not ended can fail"):
        tenant.life.fail(identity, "again")
    with pytest.raises(ValueError, match="there is no such workload"):
        tenant.life.fail("nothing", "why not")


def test_settings_of_a_life_are_checked(tenant: Tenant) -> None:
    with pytest.raises(ValueError, match="running_time=-1: give 0 seconds or more"):
        tenant.life.running_time = -1
    with pytest.raises(ValueError, match="cluster_gpus=-1: give 0 or more"):
        tenant.life.cluster_gpus = -1


def test_events_are_newest_first_and_paged(tenant: Tenant) -> None:
    identity = tenant.submit(tenant.project(), "t")
    tenant.advance(100)
    path = f"{WORKLOADS}/{identity}/events"
    events = tenant.call("GET", path)["events"]
    reasons = ["Completed", "Started", "Scheduled", "Created", "Submitted"]
    assert [event["reason"] for event in events] == reasons
    assert events[0]["involvedObject"]["name"] == "t"
    assert tenant.call("GET", path)["events"] == events
    page = tenant.call("GET", f"{path}?limit=2&offset=1&sortOrder=asc")
    assert [event["reason"] for event in page["events"]] == ["Created", "Scheduled"]
    assert page["next"] == 3


def test_the_history_has_phases_and_events_in_order(tenant: Tenant) -> None:
    identity = tenant.submit(tenant.project(), "t")
    tenant.advance(3)
    records = tenant.call("GET", f"{WORKLOADS}/{identity}/history")["records"]
    assert [record["meta"]["type"] for record in records] == ["PhaseUpdate", "Event"] * 4
    assert tenant.history(identity) == [
        ("22:13:20", "Creating"),
        ("22:13:21", "Initializing"),
        ("22:13:22", "Pending"),
        ("22:13:23", "Running"),
    ]


def test_pods_come_and_go_with_the_phases(tenant: Tenant) -> None:
    project = tenant.project()
    identity = tenant.submit(project, "d", 1, "distributed", numWorkers=2)
    other = tenant.submit(project, "w", 1, "workspaces")
    path = f"{WORKLOADS}/{identity}/pods"
    assert tenant.call("GET", path)["pods"] == []
    tenant.advance(2)
    assert {pod["k8sPhase"] for pod in tenant.call("GET", path)["pods"]} == {"Pending"}
    tenant.advance(1)
    pods = tenant.call("GET", path)["pods"]
    assert [pod["name"] for pod in pods] == ["d-master-0", "d-worker-0", "d-worker-1"]
    assert {pod["k8sPhase"] for pod in pods} == {"Running"}
    assert all(pod["nodeName"] for pod in pods)
    assert len(tenant.call("GET", f"{WORKLOADS}/pods")["pods"]) == 4
    mine = tenant.call("GET", f"{WORKLOADS}/pods?filterBy=workloadId=={other}")["pods"]
    assert [pod["workloadName"] for pod in mine] == ["w"]
    tenant.call("POST", f"{WORKLOADS}/workspaces/{other}/suspend")
    tenant.advance(1)
    assert tenant.call("GET", f"{WORKLOADS}/pods/count")["count"] == 3
    deleted = tenant.call("GET", f"{WORKLOADS}/pods?deleted=true")["pods"]
    assert [pod["id"] for pod in deleted] == [mine[0]["id"]]
    tenant.advance(60)
    assert {pod["k8sPhase"] for pod in tenant.call("GET", path)["pods"]} == {"Succeeded"}
    tenant.call("DELETE", f"{WORKLOADS}/distributed/{identity}")
    assert tenant.refused("GET", path)[0] == 404


def _metrics(tenant: Tenant, identity: str, types: str, samples: int, end: int = 50) -> Any:
    query = f"metricType={types}&start={MOMENT.format(20)}&end={MOMENT.format(end)}"
    path = f"{WORKLOADS}/{identity}/metrics?{query}&numberOfSamples={samples}"
    return tenant.call("GET", path)["measurements"]


def test_metrics_are_0_unless_the_workload_runs(tenant: Tenant) -> None:
    tenant.life.running_time = 10
    identity = tenant.submit(tenant.project(), "t", 2)
    tenant.advance(60)
    types = "GPU_ALLOCATION,GPU_UTILIZATION,CPU_USAGE_CORES,CPU_REQUEST_CORES,POD_COUNT"
    found = {each["type"]: each["values"] for each in _metrics(tenant, identity, types, 31)}
    assert list(found) == types.split(",")
    for values in found.values():
        times = [value["timestamp"][17:23] for value in values]
        assert times == [f"{second}.000" for second in range(20, 51)][:31]
    runs = {name: [float(v["value"]) for v in values] for name, values in found.items()}
    assert runs["GPU_ALLOCATION"] == [0] * 3 + [2] * 10 + [0] * 18
    assert runs["CPU_REQUEST_CORES"] == [0] * 3 + [0.5] * 10 + [0] * 18
    assert runs["POD_COUNT"] == [0] * 2 + [1] * 11 + [0] * 18
    for name, most in (("GPU_UTILIZATION", 100), ("CPU_USAGE_CORES", 0.5)):
        assert [value > 0 for value in runs[name]] == [False] * 3 + [True] * 10 + [False] * 18
        assert max(runs[name]) <= most
        assert len(set(runs[name])) > 5
    again = {each["type"]: each["values"] for each in _metrics(tenant, identity, types, 31)}
    assert again == found


@pytest.mark.parametrize("samples", [0, 1, 2, 7, 1000])
def test_series_have_as_many_samples_as_are_asked_for(tenant: Tenant, samples: int) -> None:
    identity = tenant.submit(tenant.project(), "t")
    tenant.advance(10)
    (series,) = _metrics(tenant, identity, "GPU_UTILIZATION", samples)
    times = [value["timestamp"] for value in series["values"]]
    assert len(times) == samples
    assert times[:1] == ["2023-11-14T22:13:20.000Z"] * min(samples, 1)
    assert times[1:][-1:] == ["2023-11-14T22:13:50.000Z"] * (samples > 1)


def test_metrics_come_as_csv_with_a_row_for_each_sample(tenant: Tenant) -> None:
    identity = tenant.submit(tenant.project(), "t", 2)
    tenant.advance(10)
    path = f"{WORKLOADS}/{identity}/metrics?metricType=GPU_ALLOCATION,CPU_REQUEST_CORES"
    window = f"&start={MOMENT.format(20)}&end={MOMENT.format(28)}&numberOfSamples=3"
    status, text = tenant.send("GET", path + window, accept="text/csv")
    assert status == 200
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["type"], row["value"], row["timestamp"]) for row in rows] == [
        ("GPU_ALLOCATION", "0", "2023-11-14T22:13:20.000Z"),
        ("GPU_ALLOCATION", "2", "2023-11-14T22:13:24.000Z"),
        ("GPU_ALLOCATION", "2", "2023-11-14T22:13:28.000Z"),
        ("CPU_REQUEST_CORES", "0", "2023-11-14T22:13:20.000Z"),
        ("CPU_REQUEST_CORES", "0.5", "2023-11-14T22:13:24.000Z"),
        ("CPU_REQUEST_CORES", "0.5", "2023-11-14T22:13:28.000Z"),
    ]


def test_percentiles_are_in_the_table_too(tenant: Tenant) -> None:
    spec = {"image": "nim", "compute": {"gpuDevicesRequest": 1}}
    service = {"metadata": {"name": "n", "projectId": tenant.project()}, "spec": spec}
    tenant.call("POST", "/api/v2/workloads/nim-services", service)
    tenant.advance(60)
    (listed,) = tenant.call("GET", WORKLOADS)["workloads"]
    types = "NIM_E2E_REQUEST_LATENCY_SECONDS_PERCENTILES,GPU_ALLOCATION"
    window = f"start={MOMENT.format(30)}&end={MOMENT.format(40)}&numberOfSamples=2"
    target = f"{WORKLOADS}/{listed['id']}/metrics?metricType={types}&{window}"
    ((histogram,), (series,)) = (
        tenant.call("GET", target)[name] for name in ("histogram", "measurements")
    )
    rows = list(csv.DictReader(io.StringIO(tenant.send("GET", target, accept="text/csv")[1])))
    assert [(row["type"], row["percentile"], row["value"], row["timestamp"]) for row in rows] == [
        *((series["type"], "", each["value"], each["timestamp"]) for each in series["values"]),
        *(
            (histogram["type"], name, each["data"][name], each["timestamp"])
            for name in ("p50", "p90", "p99")
            for each in histogram["values"]
        ),
    ]


def test_a_pod_has_a_series_for_each_gpu(tenant: Tenant) -> None:
    identity = tenant.submit(tenant.project(), "t", 2)
    tenant.advance(10)
    pod = tenant.call("GET", f"{WORKLOADS}/{identity}/pods")["pods"][0]["id"]
    query = f"start={MOMENT.format(20)}&end={MOMENT.format(28)}&numberOfSamples=3"
    types = "GPU_MEMORY_USAGE_BYTES_PER_GPU,GPU_UTILIZATION"
    path = f"{WORKLOADS}/{identity}/pods/{{}}/metrics?metricType={types}&{query}"
    series = tenant.call("GET", path.format(pod))["measurements"]
    assert [(each["type"], each.get("labels")) for each in series] == [
        ("GPU_MEMORY_USAGE_BYTES_PER_GPU", {"gpu": "0"}),
        ("GPU_MEMORY_USAGE_BYTES_PER_GPU", {"gpu": "1"}),
        ("GPU_UTILIZATION", None),
    ]
    assert 0 < int(series[0]["values"][-1]["value"]) < 80 * 2**30
    assert tenant.refused("GET", path.format(identity))[0] == 404


def test_inferences_are_measured_by_their_requests(tenant: Tenant) -> None:
    identity = tenant.submit(tenant.project(), "i", kind="inferences")
    tenant.advance(10)
    window = f"start={MOMENT.format(20)}&end={MOMENT.format(28)}&numberOfSamples=3"
    path = f"{WORKLOADS}/inferences/{identity}/metrics?metricType=THROUGHPUT,LATENCY&{window}"
    series = tenant.call("GET", path)["measurements"]
    assert [each["type"] for each in series] == ["THROUGHPUT", "LATENCY"]
    for each in series:
        assert [float(value["value"]) > 0 for value in each["values"]] == [False, True, True]


def test_names_that_are_prefixes_become_names_of_their_own(tenant: Tenant) -> None:
    project = tenant.project()
    body = {"name": "t", "useGivenNameAsPrefix": True, "projectId": project, "spec": {"image": "i"}}
    made = [
        tenant.call("POST", f"{WORKLOADS}/trainings", {**body, "clusterId": tenant.cluster})
        for _ in range(2)
    ]
    assert [each["requestedName"] for each in made] == ["t", "t"]
    names = {each["name"] for each in made}
    assert len(names) == 2
    assert all(name.startswith("t-") for name in names)
    assert set(tenant.phases()) == names


def test_a_series_that_ends_before_it_starts_is_refused(tenant: Tenant) -> None:
    identity = tenant.submit(tenant.project(), "t")
    window = f"start={MOMENT.format(30)}&end={MOMENT.format(20)}"
    path = f"{WORKLOADS}/{identity}/metrics?metricType=POD_COUNT&{window}"
    status, message = tenant.refused("GET", path)
    assert status == 400
    assert MOMENT.format(20) in message


def test_lives_go_on_after_they_were_dumped_and_restored(tenant: Tenant, tmp_path: Path) -> None:
    project = tenant.project(deserved=1)
    identities = [tenant.submit(project, f"t{number}") for number in range(3)]
    tenant.life.running_time = 30
    tenant.advance(40)
    kept = tmp_path / "state.json"
    kept.write_text(json.dumps(tenant.control_plane.state.dump()), "utf-8")
    before = [tenant.workload(identity) for identity in identities]
    other = Tenant()
    # Its clock is set to when that was.
    other.control_plane.state.restore(json.loads(kept.read_text("utf-8")))
    assert [other.workload(identity) for identity in identities] == before
    for each in (tenant, other):
        each.advance(1000)
    assert [other.history(each) for each in identities] == [
        tenant.history(each) for each in identities
    ]
    assert set(other.phases().values()) == {"Completed"}
    other.close()


def test_reset_ends_lives_and_gives_everything_back(tenant: Tenant) -> None:
    tenant.submit(tenant.project(), "w", 32, "workspaces")
    tenant.life.running_time = 5
    tenant.advance(5)
    tenant.control_plane.reset()
    assert tenant.phases() == {}
    tenant.submit(tenant.project(), "t", 32)
    tenant.advance(10)
    assert tenant.phases() == {"t": "Running"}


def test_workloads_of_the_second_version_have_the_same_life(tenant: Tenant) -> None:
    project = tenant.project(deserved=1)
    container = {"image": "i", "resources": {"limits": {"nvidia.com/gpu": "1"}}}
    manifest = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "spec": {"template": {"spec": {"containers": [container]}}},
    }
    metadata = {"name": "j", "projectId": project}
    body = {"metadata": metadata, "manifest": manifest}
    job = tenant.call("POST", "/api/v2/workloads", body)["metadata"]["id"]
    service = {"metadata": {**metadata, "name": "n"}, "spec": {"compute": {"gpuDevicesRequest": 1}}}
    tenant.call("POST", "/api/v2/workloads/nim-services", service)
    tenant.advance(5)
    assert tenant.phases() == {"j": "Running", "n": "Pending"}
    shown = tenant.call("GET", f"/api/v2/workloads/{job}")["workload"]
    assert shown["metadata"]["gvk"] == {"group": "batch", "version": "v1", "kind": "Job"}
    tenant.advance(60)
    assert tenant.phases() == {"j": "Completed", "n": "Running"}


@pytest.mark.parametrize("version", shipped_versions())
@pytest.mark.parametrize("kind", ["trainings", "workspaces", "distributed", "inferences"])
def test_every_version_tells_of_a_life(version: str, kind: str) -> None:
    tenant = Tenant(version)
    identity = tenant.submit(tenant.project(), "name", kind=kind)
    tenant.advance(10)
    assert tenant.phases() == {"name": "Running"}
    tenant.workload(identity)
    tenant.history(identity)
    (*_, pod) = tenant.call("GET", f"{WORKLOADS}/{identity}/pods")["pods"]
    tenant.call("GET", f"{WORKLOADS}/{identity}/events")
    for operation_id in ("workloads.get_workload_metrics", "pods.get_workload_pod_metrics"):
        operation = load(version).operation(operation_id)
        (schema,) = [p.schema for p in operation.parameters if p.name == "metricType"]
        schemas = load(version).request_schemas
        types = schemas.resolved(schemas.resolved(schema)["items"])["enum"]
        path = operation.path.format(workloadId=identity, podId=pod["id"])
        window = f"start={MOMENT.format(20)}&end={MOMENT.format(40)}"
        answer = tenant.call("GET", f"{path}?metricType={','.join(types)}&{window}")
        told = [*answer["measurements"], *answer.get("histogram", ())]
        assert {each["type"] for each in told} == set(types)
        assert {len(each["values"]) for each in told} == {20}
    tenant.close()
