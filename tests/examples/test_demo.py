"""The demo of the README, as a reader runs it, and when something is wrong."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from runai.testing import ControlPlane

WAITING = {"name": "resnet", "phase": "Pending", "phaseMessage": ""}
DEMO = str(Path(__file__).parents[2] / "examples" / "demo.py")


def test_demo() -> None:
    command = [sys.executable, "-W", "error", DEMO]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    for client in ("ApiClient", "ThreadedApiClient", "AsyncApiClient"):
        (start,) = (n for n, line in enumerate(lines) if line.startswith(f"{client} ("))
        calls = [line.split(maxsplit=3) for line in lines[start + 1 : start + 30]]
        assert [f"{method} {status}" for method, _, status, _ in calls] == [
            *["POST 200", "GET 200"],
            *["POST 201"] * 3,
            *["GET 200"] * 2,
            "PUT 200",
            "POST 202",
            *["GET 200"] * 4,
            "POST 202",
            *["GET 200"] * 2,
            "POST 202",
            *["GET 200"] * 2,
            "DELETE 202",
            "POST 202",
            *["GET 200"] * 3,
            *["DELETE 202"] * 4,
            "GET 200",
        ]
        told = [words for *_, words in calls]
        lives = [words for words in told if words.startswith(("resnet is ", "sweep is "))]
        waits = lives.pop(4)
        assert waits.startswith("sweep is Pending: waits for 4 GPUs")
        assert "vision" in waits
        assert lives == [
            "resnet is Creating",
            "resnet is Initializing",
            "resnet is Pending",
            "resnet is Running",
            "resnet is being suspended",
            "resnet is Stopped",
            "sweep is Running",
            "resnet is being resumed",
            "resnet is Running",
            "resnet is Completed",
        ]
        assert told[-1] == "0 are left"
    assert lines[-1] == "All three sent the same 29 requests, ids and times aside."


@pytest.mark.parametrize(
    ("operation", "status", "body", "message"),
    [
        ("projects.get_projects", 403, {"message": "not you"}, "403 Forbidden: not you"),
        ("projects.get_projects", 200, {"projects": []}, "3 projects are there, and 0 were listed"),
        ("projects.delete_project", 200, {}, "projects.delete_project: 202 was expected, 200 sent"),
        ("workloads.get_workload", 200, WAITING, "Creating was expected, it is Pending"),
    ],
)
def test_demo_that_fails_says_so(
    operation: str,
    status: int,
    body: Any,
    message: str,
    control_plane: ControlPlane,
    capsys: pytest.CaptureFixture[str],
) -> None:
    control_plane.respond(operation, status, body=json.dumps(body).encode())
    demo = runpy.run_path(DEMO)
    assert demo["run"](control_plane) == 1
    assert message in capsys.readouterr().err
