"""The examples that submit workloads."""

from __future__ import annotations

import re

import pytest

from runai.testing import ControlPlane

from .conftest import CLUSTER, Run, operations, sent

WORKLOAD = ["--project", "4500012", "--cluster", CLUSTER, "--image", "registry/image:1"]


def test_workspace(run: Run, control_plane: ControlPlane) -> None:
    printed = run("workspace.py", "notebook", *WORKLOAD, "--gpu-portion", 0.25)

    assert operations(control_plane) == ["workspaces.create_workspace1", "workloads.get_workload"]
    body = sent(control_plane, "workspaces.create_workspace1")
    assert body["name"] == "notebook"
    assert (body["projectId"], body["clusterId"]) == ("4500012", CLUSTER)
    assert body["spec"]["compute"] == {
        "gpuDevicesRequest": 1,
        "gpuRequestType": "portion",
        "gpuPortionRequest": 0.25,
    }
    first, second, *urls = printed.splitlines()
    workload_id = control_plane.requests[-1].path_parameters["workloadId"]
    assert first == f"notebook was submitted, id {workload_id}"
    assert second.startswith("it is Creating in ")
    assert len(urls) == 1


@pytest.mark.parametrize(("ending", "code"), [("Completed", None), ("Failed", 1)])
def test_training(ending: str, code: int | None, run: Run, control_plane: ControlPlane) -> None:
    for phase in ("Pending", "Running", ending):
        control_plane.respond("workloads.get_workload", body=b'{"phase": "%s"}' % phase.encode())
    arguments = ["resnet", *WORKLOAD, "--gpus", 2, "--interval", 0]
    if code is None:
        printed = run("training.py", *arguments).splitlines()
        assert printed[0].startswith("resnet was submitted, id ")
        assert printed[1:] == ["Pending", "Running", ending]
    else:
        with pytest.raises(SystemExit) as ended:
            run("training.py", *arguments)
        assert ended.value.code == code

    assert operations(control_plane) == [
        "trainings.create_training1",
        *["workloads.get_workload"] * 3,
    ]
    compute = sent(control_plane, "trainings.create_training1")["spec"]["compute"]
    assert compute == {"gpuDevicesRequest": 2, "largeShmRequest": True}


def test_distributed_training(run: Run, control_plane: ControlPlane) -> None:
    printed = run("distributed_training.py", "llm", *WORKLOAD, "--workers", 3, "--gpus", 4)

    assert re.fullmatch(r"llm was submitted, id \S+, for 16 GPUs\n", printed)
    assert operations(control_plane) == ["distributed.create_distributed"]
    body = sent(control_plane, "distributed.create_distributed")
    assert body["masterSpecSameAsWorker"] is True
    assert body["spec"]["distributedFramework"] == "PyTorch"
    assert body["spec"]["numWorkers"] == 3


def test_inference(run: Run, control_plane: ControlPlane) -> None:
    printed = run("inference.py", "chat", *WORKLOAD, "--port", 9000, "--most-replicas", 6)

    assert re.fullmatch(r"chat was submitted, id \S+\n", printed)
    assert operations(control_plane) == ["inferences.create_inference1"]
    spec = sent(control_plane, "inferences.create_inference1")["spec"]
    assert spec["servingPort"]["container"] == 9000
    assert spec["autoscaling"]["maxReplicas"] == 6
