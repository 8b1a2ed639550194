"""The built files, verified and in the order of their publishing.

What a distribution needs is published before it, so that whoever installs in the minutes between
finds everything: core first, then what needs core alone, then the categories, `runapy` last.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from runapy_tools import sbom
from runapy_tools.wheels import Wheel, read, with_needed


def stage(folder: Path) -> list[Path]:
    """Move what was built into `stage-1`, `stage-2` and so on, below the folder it is in.

    Returns:
        The folders, in the order of publishing.

    Raises:
        ValueError: a file is missing or is not fit to be published.
    """
    paths = sorted([*folder.glob("*.whl"), *folder.glob("*.tar.gz")])
    if not paths:
        raise ValueError(f"{folder} has nothing to publish: run `hatch run build` first")
    verify(paths)
    for stale in folder.glob("stage-*"):
        shutil.rmtree(stale)
    wheels = [read(path) for path in paths if path.suffix == ".whl"]
    for wheel in wheels:
        target = folder / f"stage-{_depth(wheel, wheels)}"
        target.mkdir(exist_ok=True)
        for path in (wheel.path, _source_archive(wheel)):
            path.rename(target / path.name)
    return sorted(folder.glob("stage-*"))


def listed(stages: Iterable[Path]) -> str:
    """What each stage publishes, a line for each file."""
    lines: list[str] = []
    for folder in stages:
        lines.append(f"{folder.name}:")
        lines += [f"  {path.name}" for path in sorted(folder.iterdir())]
    return "\n".join(lines)


def verify(paths: list[Path]) -> None:
    """Hold the files against what an index and its readers expect.

    Raises:
        ValueError: each that is wrong, a line each.
    """
    wheels = [read(path) for path in paths if path.suffix == ".whl"]
    sources = {path.name for path in paths if path.suffix == ".gz"}
    expected = {_source_archive(each).name for each in wheels}
    problems = [f"{name} has no wheel" for name in sorted(sources - expected)]
    problems += [f"{name} is missing" for name in sorted(expected - sources)]
    problems += filter(None, (sbom.problem(each.path) for each in wheels))
    for wheel in wheels:
        # Refuses where something that is needed was not built.
        with_needed(wheel, wheels)
    command = [sys.executable, "-m", "twine", "--no-color", "check", "--strict"]
    done = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True, check=False)
    if done.returncode:
        problems.append(done.stdout + done.stderr)
    if problems:
        raise ValueError("\n".join(problems))


def _depth(wheel: Wheel, wheels: list[Wheel]) -> int:
    """One more than the deepest of what it needs."""
    needed = [each for each in with_needed(wheel, wheels) if each.name != wheel.name]
    return 1 + max((_depth(each, wheels) for each in needed), default=0)


def _source_archive(wheel: Wheel) -> Path:
    return wheel.path.with_name(f"{wheel.name.replace('-', '_')}-{wheel.version}.tar.gz")
