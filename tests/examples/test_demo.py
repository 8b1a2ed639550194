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

DEMO = str(Path(__file__).parents[2] / "examples" / "demo.py")


def test_demo() -> None:
    command = [sys.executable, "-W", "error", DEMO]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    for client in ("ApiClient", "ThreadedApiClient", "AsyncApiClient"):
        (start,) = (n for n, line in enumerate(lines) if line.startswith(f"{client} ("))
        calls = [line.split()[:3] for line in lines[start + 1 : start + 10]]
        assert [(method, status) for method, _, status in calls] == [
            ("POST", "200"),
            ("GET", "200"),
            ("GET", "200"),
            ("GET", "200"),
            ("POST", "201"),
            ("GET", "200"),
            ("PUT", "200"),
            ("POST", "202"),
            ("DELETE", "202"),
        ]
    assert lines[-1] == "All three sent the same 9 requests, byte for byte."


@pytest.mark.parametrize(
    ("operation", "status", "body", "message"),
    [
        ("projects.get_projects", 403, {"message": "not you"}, "403 Forbidden: not you"),
        ("projects.get_projects", 200, {"projects": []}, "5 projects are there, and 0 were listed"),
        ("projects.delete_project", 200, {}, "a deletion was answered with 200"),
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
