"""The virtual environments that are measured: our wheels in one, the peer in the other."""

from __future__ import annotations

import hashlib
import importlib.metadata
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.plan import Interpreter

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]
CACHE = ROOT / "benchmarks" / ".venv"
PEER = "runapy==1.224.0"
LIBRARIES = ("requests", "urllib3", "aiohttp", "pydantic", "pydantic-core")
_COMPLETE = "complete.txt"


@dataclass(frozen=True)
class Environment:
    """An interpreter and what is installed for it."""

    python: Path
    site_packages: tuple[Path, ...]

    def version(self, distribution: str) -> str:
        """Of what is installed; empty if it is not."""
        for found in self.distributions():
            if found.name.lower().replace("_", "-") == distribution:
                return found.version
        return ""

    def distributions(self) -> list[importlib.metadata.Distribution]:
        """All that is installed."""
        path = [str(folder) for folder in self.site_packages]
        return list(importlib.metadata.distributions(path=path))


Environments = dict[Interpreter, Environment]


def running() -> Environment:
    """The interpreter that runs this command."""
    return Environment(Path(sys.executable), tuple(map(Path, sys.path)))


def prepared(*, with_peer: bool, is_fresh: bool = False) -> Environments:
    """Both environments, made anew only when what goes into them has changed.

    Raises:
        RuntimeError: a wheel cannot be built, or pip fails.
    """
    if is_fresh:
        shutil.rmtree(CACHE, ignore_errors=True)
    ours = _ours()
    found = {Interpreter.TOOLS: running(), Interpreter.OURS: ours}
    if with_peer:
        # The libraries in the versions that we have, so that they make no difference.
        libraries = [f"{name}=={ours.version(name)}" for name in LIBRARIES if name != "requests"]
        found[Interpreter.PEER] = _environment("peer", (PEER,), "", libraries)
    return found


def _ours() -> Environment:
    wheels = CACHE / "wheels"
    digest = _digest_of_sources()
    mark = wheels / _COMPLETE
    if not mark.exists() or mark.read_text() != digest:
        from runapy_tools.build import build

        shutil.rmtree(wheels, ignore_errors=True)
        build(ROOT, wheels)
        mark.write_text(digest)
    chosen = [path for path in sorted(wheels.glob("*.whl")) if "testing" not in path.name]
    return _environment("ours", [str(path) for path in chosen], digest)


def _environment(
    name: str, requirements: Sequence[str], digest: str, constraints: Sequence[str] = ()
) -> Environment:
    folder = CACHE / name
    environment = _at(folder)
    wanted = "\n".join([sys.version, digest, *requirements, *constraints])
    mark = folder / _COMPLETE
    if mark.exists() and mark.read_text() == wanted:
        return environment
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(folder)])
    pip = [str(environment.python), "-m", "pip", "install", "--disable-pip-version-check"]
    _run([*pip, *requirements, *constraints])
    mark.write_text(wanted)
    return _at(folder)


def _at(folder: Path) -> Environment:
    if sys.platform == "win32":
        return Environment(folder / "Scripts" / "python.exe", (folder / "Lib" / "site-packages",))
    packages = tuple(folder.glob("lib/python*/site-packages"))
    return Environment(folder / "bin" / "python", packages)


def _digest_of_sources() -> str:
    digest = hashlib.sha256()
    for distribution in sorted((ROOT / "packages").iterdir()):
        sources = [distribution / "pyproject.toml", *sorted((distribution / "src").rglob("*"))]
        for path in sources:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(ROOT)}\n".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
