from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from runai.testing import ControlPlane


def test_configuration(control_plane: ControlPlane) -> None:
    configuration = control_plane.configuration(read_timeout=7)
    assert configuration.runai_base_url == control_plane.url
    assert configuration.client_id == control_plane.client_id
    assert configuration.client_secret == control_plane.client_secret
    assert configuration.read_timeout == 7


def test_command() -> None:
    command = Path(sys.executable).parent / "runapy-testing"
    done = subprocess.run(
        [str(command), "--help"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "usage: runapy-testing" in done.stdout
    assert "--seed-data FILE" in done.stdout
