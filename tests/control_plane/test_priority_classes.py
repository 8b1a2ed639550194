"""Priority classes of workloads have the names that a control plane's version has for them."""

from __future__ import annotations

from typing import Any

import pytest

from runai.testing import ControlPlane

from .calls import Calls
from .conftest import Serve
from .documents import VERSIONS

_BASE = "/api/v1/workloads"
_OLDER = ("2.18", "2.19", "2.20", "2.21")
# Collection, class that is asked for, class that is shown, and whether it is preemptible.
_OLDER_NAMES = (
    ("workspaces", None, "build", False),
    ("workspaces", "interactive-preemptible", "interactive-preemptible", True),
    ("trainings", None, "train", True),
    ("trainings", "train", "train", True),
    ("inferences", None, "inference", False),
)
_NEWER_NAMES = (
    ("workspaces", None, "high", False),
    ("workspaces", "medium", "medium", True),
    ("trainings", None, "low", True),
    ("trainings", "very-high", "very-high", False),
    ("inferences", None, "very-high", False),
)


class _Project:
    """Submits workloads to a project that lends, and has one GPU."""

    def __init__(self, control_plane: ControlPlane, calls: Calls) -> None:
        self._by_place = control_plane.state.specification.by_place
        self._calls = calls
        [self._cluster] = self._call("GET", "/api/v1/clusters")
        gpu = {"deserved": 1, "overQuotaWeight": 1, "limit": None}
        quota = {"nodePool": {"id": "1", "name": "default"}, "gpu": gpu}
        body = {"name": "team", "clusterId": self._cluster["uuid"], "resources": [quota]}
        self._id = self._call("POST", "/api/v1/org-unit/projects", body=body)["id"]

    def submitted(self, kind: str, **spec: Any) -> Any:
        """A new workload as the list of all shows it."""
        body = {
            "name": f"{kind}-{len(self._call('GET', _BASE)['workloads'])}",
            "projectId": self._id,
            "clusterId": self._cluster["uuid"],
            "spec": {"image": "i", "compute": {"gpuDevicesRequest": 2}, **spec},
        }
        made = self._call("POST", f"{_BASE}/{kind}", body=body)
        listed = self._call("GET", _BASE)["workloads"]
        return next(each for each in listed if each["id"] == made["workloadId"])

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        return self._calls(self._by_place[path, method], {}, body=body).content


@pytest.mark.parametrize("version", VERSIONS)
def test_names(serve: Serve, version: str) -> None:
    project = _Project(*serve(version))
    for kind, asked, name, preemptible in _OLDER_NAMES if version in _OLDER else _NEWER_NAMES:
        spec = {} if asked is None else {"priorityClass": asked}
        shown = project.submitted(kind, **spec)
        assert (shown["priorityClassName"], shown["preemptible"]) == (name, preemptible)
