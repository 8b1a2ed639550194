"""What `hatch run versions` takes; what it does takes minutes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_what_was_not_imported_is_refused_before_anything_is_built() -> None:
    command = [sys.executable, str(Path(__file__).parent / "every_version.py"), "2.24", "9.99"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "spec/ has no control plane '9.99'; there are: " in done.stderr
    assert done.stdout == ""
