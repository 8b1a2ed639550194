"""The built wheels, and environments that have them as users install them."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from runapy_tools.imported import newest_version
from runapy_tools.versions import minor, release

ROOT = Path(__file__).parents[1]
RELEASE = minor(newest_version(ROOT))
"""The first two numbers of the newest distributions' version."""
VERSION = release(ROOT, newest_version(ROOT))
"""All three."""


def made_once(name: str, factory: pytest.TempPathFactory, make: Callable[[Path], object]) -> Path:
    """A folder that all workers of this run share; the first that needs it makes it."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    folder = root / name
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            make(folder)
    return folder


class Environment:
    """A fresh virtual environment with some of the wheels."""

    def __init__(self, folder: Path, wheelhouse: Path, *requirements: str) -> None:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        self.python = folder / "bin" / "python"
        pip: list[str | Path] = [
            self.python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--find-links",
            wheelhouse,
        ]
        subprocess.run([*pip, *requirements], check=True)

    def run(self, code: str) -> str:
        """What the code prints; fails when it fails or warns."""
        command: list[str | Path] = [self.python, "-I", "-W", "error", "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return str(done.stdout)

    def can_import(self, module: str) -> bool:
        found = self.run(
            "import importlib.util, sys\n"
            "try:\n"
            f"    print(importlib.util.find_spec({module!r}) is not None)\n"
            "except ModuleNotFoundError:\n"
            "    print(False)\n"
        )
        return found.strip() == "True"
