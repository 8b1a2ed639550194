"""The Pythons that the distributions allow, so far as they are on the PATH."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

ALLOWED = [f"3.{minor}" for minor in range(8, 14)]
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"


@cache
def interpreter(version: str) -> Path | None:
    """The first one on the PATH that runs: the shims of pyenv stand there without a Python."""
    if version == RUNNING:
        return Path(sys.executable)
    for folder in os.environ["PATH"].split(os.pathsep):
        candidate = Path(folder) / f"python{version}"
        if candidate.is_file() and _version(candidate) == version:
            return candidate
    return None


def _version(candidate: Path) -> str:
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    command = [str(candidate), "-I", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
