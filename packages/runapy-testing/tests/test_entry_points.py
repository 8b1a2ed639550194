from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from runai.testing import ControlPlane

FIXTURE_TESTS = """
import urllib.error, urllib.request
from runai.testing.faults import Status

def call(control_plane):
    assert not control_plane.faults
    control_plane.faults.add("tokens.grant_token", Status(500))
    control_plane.respond("tokens.grant_token", 500)
    try:
        urllib.request.urlopen(control_plane.url + "/api/v1/nodes")
    except urllib.error.HTTPError as error:
        assert error.code == 401
        error.close()
    assert len(control_plane.requests) == 1
    assert control_plane.connections == 1

def test_first(control_plane):
    call(control_plane)

def test_second(control_plane, control_plane_server):
    assert control_plane is control_plane_server
    call(control_plane)
"""


def _run(command: list[str], **settings: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=60, **settings
    )


def test_pytest_plugin(tmp_path: Path) -> None:
    (tmp_path / "test_with_fixtures.py").write_text(FIXTURE_TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", str(tmp_path)]
    command += ["-p", "runai.testing.pytest_plugin", "--rootdir", str(tmp_path)]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = _run(command, cwd=tmp_path, env=environment)
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_configuration(control_plane: ControlPlane) -> None:
    configuration = control_plane.configuration()
    assert configuration.runai_base_url == control_plane.url
    assert configuration.client_id == control_plane.client_id
    assert configuration.client_secret == control_plane.client_secret


def test_plugin_imports_no_server() -> None:
    code = (
        "import sys, runai.testing.pytest_plugin; "
        "print(sorted({'jsonschema', 'http.server'} & set(sys.modules)))"
    )
    done = _run([sys.executable, "-c", code])
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_command_line(ending: signal.Signals) -> None:
    command = [sys.executable, "-m", "runai.testing", "--version", "2.24", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        lines = dict(process.stdout.readline().strip().split("=", 1) for _ in range(3))
        assert set(lines) == {"RUNAI_BASE_URL", "RUNAI_CLIENT_ID", "RUNAI_CLIENT_SECRET"}
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{lines['RUNAI_BASE_URL']}/api/v1/nodes", timeout=20)
        assert refused.value.code == 401
        refused.value.close()
        process.send_signal(ending)
        assert process.wait(timeout=20) == 0
        assert process.stderr.read() == ""


def test_command_line_says_what_is_wrong() -> None:
    command = [sys.executable, "-m", "runai.testing", "--version", "9.9"]
    done = _run(command)
    assert done.returncode == 2
    assert "no control plane '9.9' is shipped" in done.stderr
