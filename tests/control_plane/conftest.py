"""A control plane of each version, shared by the tests of a worker."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from runai.testing import ControlPlane
from runai.testing.specification import load

from .calls import Calls
from .documents import document_of

Serve = Callable[[str], "tuple[ControlPlane, Calls]"]


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    started: dict[str, tuple[ControlPlane, Calls]] = {}

    def serve(version: str) -> tuple[ControlPlane, Calls]:
        if version not in started:
            document = document_of(version)
            path = tmp_path_factory.mktemp("documents") / f"{version}.json"
            path.write_text(json.dumps(document), "utf-8")
            control_plane = ControlPlane(version, spec=path)
            control_plane.start()
            started[version] = control_plane, Calls(control_plane, load(version, path), document)
        return started[version]

    yield serve
    for control_plane, calls in started.values():
        calls.close()
        control_plane.close()


@pytest.fixture
def serve(servers: Serve) -> Serve:
    """Gives a control plane of a version, as it is at its start, and calls to it."""

    def fresh(version: str) -> tuple[ControlPlane, Calls]:
        control_plane, calls = servers(version)
        control_plane.reset()
        return control_plane, calls

    return fresh
