from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from runai.testing import ControlPlane


def test_configuration(control_plane: ControlPlane) -> None:
    configuration = control_plane.configuration(read_timeout=7)
    assert configuration.runai_base_url == control_plane.url
    assert configuration.client_id == control_plane.client_id
    assert configuration.client_secret == control_plane.client_secret
    assert configuration.read_timeout == 7


def test_configuration_with_other_credentials(control_plane: ControlPlane) -> None:
    configuration = control_plane.configuration(client_id="app", client_secret="hidden")
    assert (configuration.client_id, configuration.client_secret) == ("app", "hidden")
    assert configuration.runai_base_url == control_plane.url

    token = control_plane.tokens.issue()
    configuration = control_plane.configuration(bearer_token=token)
    assert (configuration.client_id, configuration.bearer_token) == (None, token)

    configuration = control_plane.configuration(runai_base_url=f"{control_plane.url}/runai")
    assert configuration.runai_base_url == f"{control_plane.url}/runai"
    with pytest.raises(ValueError, match="client_secret"):
        control_plane.configuration(client_id="app", client_secret=None)


def test_command() -> None:
    command = Path(sys.executable).parent / "runapy-testing"
    done = subprocess.run(
        [str(command), "--help"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "usage: runapy-testing" in done.stdout
    assert "--seed-data FILE" in done.stdout
