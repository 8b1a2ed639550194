"""The examples that submit workloads."""

from __future__ import annotations

import re
import time

import pytest

from runai.testing import ControlPlane

from .conftest import Run, Tenant, operations, sent


@pytest.fixture
def project(tenant: Tenant) -> str:
    return tenant.project("vision")


@pytest.fixture
def workload(tenant: Tenant, project: str) -> list[str]:
    """The arguments that all have."""
    return ["--project", project, "--cluster", tenant.cluster, "--image", "registry/image:1"]


def test_workspace(
    run: Run, control_plane: ControlPlane, tenant: Tenant, project: str, workload: list[str]
) -> None:
    printed = run("workspace.py", "notebook", *workload, "--gpu-portion", 0.25)

    assert operations(control_plane) == ["workspaces.create_workspace1", "workloads.get_workload"]
    body = sent(control_plane, "workspaces.create_workspace1")
    assert body["name"] == "notebook"
    assert (body["projectId"], body["clusterId"]) == (project, tenant.cluster)
    assert body["spec"]["compute"] == {
        "gpuDevicesRequest": 1,
        "gpuRequestType": "portion",
        "gpuPortionRequest": 0.25,
    }
    first, second, third = printed.splitlines()
    workload_id = control_plane.requests[-1].path_parameters["workloadId"]
    assert first == f"notebook was submitted, id {workload_id}"
    assert second == "it is Creating in vision"
    assert third == "it has no address yet"


@pytest.mark.usefixtures("stepped")
def test_training(run: Run, control_plane: ControlPlane, workload: list[str]) -> None:
    arguments = ["resnet", *workload, "--gpus", 2, "--interval", 1]
    printed = run("training.py", *arguments).splitlines()

    assert re.fullmatch(r"resnet-\w+ was submitted, id \S+", printed[0])
    phases = list(dict.fromkeys(printed[1:]))
    assert phases == ["Creating", "Initializing", "Pending", "Running", "Completed"]
    assert operations(control_plane) == [
        "trainings.create_training1",
        *["workloads.get_workload"] * (len(printed) - 1),
    ]
    compute = sent(control_plane, "trainings.create_training1")["spec"]["compute"]
    assert compute == {"gpuDevicesRequest": 2, "largeShmRequest": True}


def test_training_that_fails(
    run: Run,
    control_plane: ControlPlane,
    workload: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def wait(seconds: float) -> None:
        control_plane.clock.advance(seconds)
        looks = control_plane.requests.of("workloads.get_workload")
        if len(looks) == 2:
            control_plane.state.life.fail(looks[-1].path_parameters["workloadId"], "out of memory")

    monkeypatch.setattr(time, "sleep", wait)
    with pytest.raises(SystemExit) as ended:
        run("training.py", "resnet", *workload, "--interval", 10)
    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines()[1:] == ["Creating", "Running", "Failed"]


def test_distributed_training(run: Run, control_plane: ControlPlane, workload: list[str]) -> None:
    printed = run("distributed_training.py", "llm", *workload, "--workers", 3, "--gpus", 4)

    assert re.fullmatch(r"llm was submitted, id \S+, for 16 GPUs\n", printed)
    assert operations(control_plane) == ["distributed.create_distributed"]
    body = sent(control_plane, "distributed.create_distributed")
    assert body["masterSpecSameAsWorker"] is True
    assert body["spec"]["distributedFramework"] == "PyTorch"
    assert body["spec"]["numWorkers"] == 3


def test_inference(run: Run, control_plane: ControlPlane, workload: list[str]) -> None:
    printed = run("inference.py", "chat", *workload, "--port", 9000, "--most-replicas", 6)

    assert re.fullmatch(r"chat was submitted, id \S+\n", printed)
    assert operations(control_plane) == ["inferences.create_inference1"]
    spec = sent(control_plane, "inferences.create_inference1")["spec"]
    assert spec["servingPort"]["container"] == 9000
    assert spec["autoscaling"]["maxReplicas"] == 6
