"""Wheels and sdists of every distribution."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def build(root: Path, output: Path) -> list[Path]:
    """Build every distribution in `packages/`; the same sources give the same bytes.

    Arguments:
        root: the project's folder.
        output: where the files go.

    Returns:
        The files, sorted by name.

    Raises:
        RuntimeError: a distribution cannot be built.
    """
    output.mkdir(parents=True, exist_ok=True)
    for stale in [*output.glob("runapy*.whl"), *output.glob("runapy*.tar.gz")]:
        stale.unlink()
    projects = sorted(path.parent for path in (root / "packages").glob("*/pyproject.toml"))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda project: _build_one(project, output.resolve()), projects))
    return sorted([*output.glob("*.whl"), *output.glob("*.tar.gz")])


def _build_one(project: Path, output: Path) -> None:
    # The same date for every build (hatchling's own), whatever the environment says.
    environment = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(output)]
    result = subprocess.run(
        command, cwd=project, env=environment, check=False, capture_output=True, text=True
    )
    if result.returncode:
        raise RuntimeError(f"{project.name} cannot be built:\n{result.stdout}{result.stderr}")
