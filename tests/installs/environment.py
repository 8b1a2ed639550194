"""Fresh environments, and pip and uv that install into them from the local index."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

INSTALLERS = ("pip", "uv")
SMOKE = Path(__file__).parent / "smoke.py"


@dataclass
class Environment:
    """A virtual environment with nothing in it at first.

    Args:
        folder: where it is.
        installer: pip or uv.
        python: the interpreter it is made with.
        index: URL of the local index; third parties come from the ordinary one.
        pip: an interpreter of the same version that has pip.
        cache: of uv; in the ordinary one, what this run serves would stay.
        seconds: gets how long each install took.
    """

    folder: Path
    installer: str
    python: Path
    index: str
    pip: Path
    cache: Path
    seconds: list[float] = field(default_factory=list[float])

    def __post_init__(self) -> None:
        command = [str(self.python), "-m", "venv", "--without-pip", str(self.folder)]
        subprocess.run(command, check=True, capture_output=True)

    @property
    def interpreter(self) -> Path:
        return self.folder / "bin" / "python"

    def install(self, *requirements: str) -> None:
        """Fails with what the installer said."""
        done = self.try_to_install(*requirements)
        assert done.returncode == 0, f"{requirements}: {done.stdout}{done.stderr}"

    def try_to_install(self, *requirements: str) -> subprocess.CompletedProcess[str]:
        began = time.monotonic()
        if self.installer == "pip":
            # Compiling what third parties bring takes longer than all the rest; uv does not either.
            options = ["--progress-bar=off", "--no-compile", "--extra-index-url", self.index]
            done = self._pip("install", *options, *requirements)
        else:
            done = self._uv("install", "--index", self.index, *requirements)
        self.seconds.append(time.monotonic() - began)
        return done

    def uninstall(self, *names: str) -> None:
        done = self._pip("uninstall", "--yes", *names)
        assert done.returncode == 0, done.stderr

    def conflicts(self) -> list[str]:
        """What `pip check` or `uv pip check` finds, a line each."""
        done = self._pip("check") if self.installer == "pip" else self._uv("check")
        return (done.stdout + done.stderr).splitlines() if done.returncode else []

    def files(self) -> set[str]:
        """What is installed below `runai`, by-products of running left out."""
        (root,) = self.folder.glob("lib/python*/site-packages")
        found = (path for path in (root / "runai").rglob("*") if path.suffix != ".pyc")
        return {str(path.relative_to(root)) for path in found if path.is_file()}

    def run(self, code: str) -> str:
        """What the code prints; fails when it fails or warns."""
        return self._python("-W", "error", "-c", code)

    def refused_import(self, module: str) -> str:
        """What the ImportError says that importing the module raises."""
        code = f"try:\n    import {module}\nexcept ImportError as error:\n    print(error)\n"
        said = self.run(code)
        assert said, f"{module} was imported"
        return said

    def can_import(self, module: str) -> bool:
        return (
            self.run(
                "import importlib.util\n"
                "try:\n"
                f"    print(importlib.util.find_spec({module!r}) is not None)\n"
                "except ModuleNotFoundError:\n"
                "    print(False)\n"
            )
            == "True\n"
        )

    def smoke(self, settings: str, *, is_strict: bool = True) -> dict[str, Any]:
        """What the smoke program says; warnings of old third parties are their own."""
        warnings = ["-W", "error"] if is_strict else []
        found: dict[str, Any] = json.loads(self._python(*warnings, str(SMOKE), settings))
        return found

    def _python(self, *arguments: str) -> str:
        command = [str(self.interpreter), "-I", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _pip(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        options = ["--disable-pip-version-check", "--no-input", "--python", str(self.interpreter)]
        return _run([str(self.pip), "-m", "pip", *options, *arguments])

    def _uv(self, verb: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        options = ["--python", str(self.interpreter), "--cache-dir", str(self.cache)]
        return _run(
            [sys.executable, "-m", "uv", "pip", verb, *options, "--color", "never", *arguments]
        )


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    # The environment that runs the tests would be taken for the one to install into.
    variables = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=variables)


def python_with_pip(python: Path) -> Callable[[Path], None]:
    """Makes an environment that has the pip that this Python brings."""

    def make(folder: Path) -> None:
        command = [str(python), "-m", "venv", str(folder)]
        subprocess.run(command, check=True, capture_output=True)

    return make
