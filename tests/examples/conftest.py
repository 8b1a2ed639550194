"""Runs examples in this process, against the control plane."""

from __future__ import annotations

import json
import runpy
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runai.api_client import ApiClient
from runai.runai_client import RunaiClient
from runai.testing import ControlPlane

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def control_plane() -> Iterator[ControlPlane]:
    """One whose time passes where a test lets it, and not while a slow machine thinks."""
    now = time.time()
    with ControlPlane(clock=lambda: now) as made:
        yield made


Run = Callable[..., str]
"""Runs a script with arguments in this process; gives what it printed. Raises its SystemExit."""


@pytest.fixture
def run(
    control_plane: ControlPlane,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    monkeypatch.setenv("RUNAI_BASE_URL", control_plane.url)
    monkeypatch.setenv("RUNAI_CLIENT_ID", control_plane.client_id)
    monkeypatch.setenv("RUNAI_CLIENT_SECRET", control_plane.client_secret)

    def run_script(file: str, *arguments: object) -> str:
        monkeypatch.setattr(sys, "argv", [file, *map(str, arguments)])
        try:
            runpy.run_path(str(EXAMPLES / file), run_name="__main__")
        except SystemExit as ended:
            if ended.code:
                raise
        return capsys.readouterr().out

    return run_script


class Tenant:
    """What is there before an example runs; made through the API, and not recorded."""

    def __init__(self, client: RunaiClient, control_plane: ControlPlane) -> None:
        self._client = client
        self._control_plane = control_plane
        self.cluster = str(client.organizations.clusters.get_clusters().data[0]["uuid"])
        listed = client.organizations.departments.get_departments().data["departments"]
        self.department = str(listed[0]["id"])
        control_plane.requests.clear()

    def project(self, name: str) -> str:
        """Create one; gives its id."""
        wanted: Any = {"name": name, "clusterId": self.cluster, "resources": []}
        created = self._client.organizations.projects.create_project(wanted)
        self._control_plane.requests.clear()
        return str(created.data["id"])

    def workspace(self, name: str, project: str, gpus: int = 0) -> str:
        """Submit one; gives its id."""
        wanted: Any = {
            "name": name,
            "projectId": project,
            "clusterId": self.cluster,
            "spec": {"image": "registry/image:1", "compute": {"gpuDevicesRequest": gpus}},
        }
        submitted = self._client.workloads.workspaces.create_workspace1(wanted)
        self._control_plane.requests.clear()
        return str(submitted.data["workloadId"])

    def node_pool(self, name: str) -> None:
        """Create one."""
        labels = {"labelKey": "pool", "labelValue": name}
        wanted: Any = {"name": name, "clusterId": self.cluster, **labels}
        self._client.organizations.node_pools.create_nodepool(wanted)
        self._control_plane.requests.clear()


@pytest.fixture
def tenant(control_plane: ControlPlane) -> Iterator[Tenant]:
    with RunaiClient(ApiClient(control_plane.configuration())) as client:
        yield Tenant(client, control_plane)


@pytest.fixture
def stepped(control_plane: ControlPlane, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an example would sleep passes at once, on the clock of the control plane."""
    monkeypatch.setattr(time, "sleep", control_plane.clock.advance)


def operations(control_plane: ControlPlane) -> list[str | None]:
    """What was called, in order; nothing of it may have been refused."""
    assert [request.problems for request in control_plane.requests if request.problems] == []
    token, *others = (request.operation_id for request in control_plane.requests)
    assert token == "tokens.grant_token"
    return others


def sent(control_plane: ControlPlane, operation_id: str) -> Any:
    """The body of the only request of an operation."""
    (request,) = control_plane.requests.of(operation_id)
    return json.loads(request.body)
