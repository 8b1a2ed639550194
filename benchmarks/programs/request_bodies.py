"""A nested request: from its model to the bytes that are sent, without sending them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.worker import Operation


_CLUSTER = "9d4be1f0-7c52-4c0f-8a35-51c7a9f6d2e8"


def checked(_: str) -> Operation:
    """Our model, through the operation that sends it: checked and encoded."""
    from runai.api import WorkspacesApi

    encoder: Any = _Encoder()
    workspaces: Any = WorkspacesApi(encoder)

    def operation(count: int) -> None:
        for _ in range(count):
            workspaces.create_workspace1(_model())

    return operation


def encoded_by_peer(url: str) -> Operation:
    """The peer's model, through the operation that sends it."""
    from runai.api import WorkspacesApi

    workspaces: Any = WorkspacesApi(_peer_encoder(url))

    def operation(count: int) -> None:
        for _ in range(count):
            workspaces.create_workspace1(_model())

    return operation


def as_json(_: str) -> Operation:
    """A model, and its `to_json`."""

    def operation(count: int) -> None:
        for _ in range(count):
            _model().to_json()

    return operation


def by_hand(_: str) -> Operation:
    """A dict, and the standard library's encoder."""

    def operation(count: int) -> None:
        for _ in range(count):
            json.dumps(_dict()).encode()

    return operation


class _Encoder:
    """Stands in for a client of ours: does all that one does before it sends."""

    def call(self, operation: Any, arguments: Mapping[str, Any], *_: Any, **__: Any) -> Any:
        return operation.prepare(arguments)


def _peer_encoder(url: str) -> Any:
    from runai.api_client import ApiClient
    from runai.configuration import Configuration

    settings = Configuration(
        client_id="benchmark", client_secret="nothing secret", runai_base_url=url
    )
    client: Any = ApiClient(settings)
    client.call_api = client.param_serialize
    return client


def _model() -> Any:
    from runai import models

    return models.WorkspaceCreationRequest(
        name="notebook",
        project_id="42",
        cluster_id=_CLUSTER,
        spec=models.WorkspaceSpecSpec(
            image="registry.example.com/notebook:2026.3",
            command="start-notebook.sh",
            args="--port 8888",
            node_pools=["a100", "default"],
            environment_variables=[
                models.EnvironmentVariable(name="EPOCHS", value="90"),
                models.EnvironmentVariable(name="SEED", value="7"),
            ],
            labels=[models.Label(name="team", value="vision")],
            compute=models.SupersetSpecAllOfCompute(
                gpu_devices_request=1,
                gpu_request_type=models.GpuRequestType.PORTION,
                gpu_portion_request=0.5,
                cpu_core_request=4.5,
                cpu_memory_request="32G",
            ),
            storage=models.SupersetSpecAllOfStorage(
                pvc=[
                    models.PvcInstance(
                        name="imagenet", path="/data", existing_pvc=True, claim_name="imagenet"
                    )
                ],
            ),
            exposed_urls=[models.ExposedUrl(container=8888, tool_type="jupyter-notebook")],
        ),
    )


def _dict() -> dict[str, Any]:
    return {
        "name": "notebook",
        "projectId": "42",
        "clusterId": _CLUSTER,
        "spec": {
            "image": "registry.example.com/notebook:2026.3",
            "command": "start-notebook.sh",
            "args": "--port 8888",
            "nodePools": ["a100", "default"],
            "environmentVariables": [
                {"name": "EPOCHS", "value": "90"},
                {"name": "SEED", "value": "7"},
            ],
            "labels": [{"name": "team", "value": "vision"}],
            "compute": {
                "gpuDevicesRequest": 1,
                "gpuRequestType": "portion",
                "gpuPortionRequest": 0.5,
                "cpuCoreRequest": 4.5,
                "cpuMemoryRequest": "32G",
            },
            "storage": {
                "pvc": [
                    {
                        "name": "imagenet",
                        "path": "/data",
                        "existingPvc": True,
                        "claimName": "imagenet",
                    }
                ]
            },
            "exposedUrls": [{"container": 8888, "toolType": "jupyter-notebook"}],
        },
    }
