"""From this project's description of the API to the generated distributions."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from runapy_tools import yaml_files
from runapy_tools.generator.api import load
from runapy_tools.generator.packages import Packages

CONTROL_PLANES = "packages/runapy-testing/src/runai/testing/control_planes"


def generate(root: Path) -> dict[str, int]:
    """Write the generated distributions of the newest control plane below `packages/`.

    Returns:
        How many files were written, and how many stale ones removed.
    """
    fresh = _fresh(root)
    removed = 0
    for stale in _committed(root, fresh) - set(fresh):
        (root / stale).unlink()
        removed += 1
    for path, content in fresh.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != content:
            target.write_bytes(content)
    _remove_empty_folders(root / "packages")
    return {"written": len(fresh), "removed": removed}


def check(root: Path) -> list[str]:
    """Compare the committed distributions with a fresh generation.

    Returns:
        What differs, a line each; empty when nothing does.
    """
    fresh = _fresh(root)
    committed = _committed(root, fresh)
    differences = [f"missing: {path}" for path in sorted(set(fresh) - committed)]
    differences += [f"not generated: {path}" for path in sorted(committed - set(fresh))]
    differences += [
        f"differs: {path}"
        for path in sorted(committed & set(fresh))
        if (root / path).read_bytes() != fresh[path]
    ]
    return differences


def newest_version(root: Path) -> str:
    """The newest control plane that was imported.

    Raises:
        FileNotFoundError: none was.
    """
    versions = [path.name for path in (root / "spec").iterdir() if path.name[0].isdigit()]
    if not versions:
        raise FileNotFoundError(f"{root / 'spec'} holds no control plane: run `import` first")
    return max(versions, key=lambda version: [int(part) for part in version.split(".")])


def _fresh(root: Path) -> dict[str, bytes]:
    """Every generated file by its path below the root, formatted."""
    version = newest_version(root)
    releases = yaml_files.parse((root / "spec" / "releases.yaml").read_text(encoding="utf-8"))
    licence = (root / "LICENSE").read_text(encoding="utf-8")
    patch = releases["patches"].get(version, releases["first_patch"])
    packages = Packages(load(root, version), patch, licence)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        for distribution, files in packages.distributions().items():
            for path, content in files.items():
                target = base / "packages" / distribution / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(content, encoding="utf-8")
        _format(base)
        found = {
            path.relative_to(base).as_posix(): path.read_bytes()
            for path in sorted(base.rglob("*"))
            if path.is_file() and ".ruff_cache" not in path.parts
        }
    found[f"{CONTROL_PLANES}/{version}.json"] = packages.control_plane().encode()
    return found


def _format(folder: Path) -> None:
    """Sort imports and format, under settings of its own, so that no other ruff file has a say."""
    ruff = [sys.executable, "-m", "ruff"]
    settings = ["--isolated", "--line-length=100", "--target-version=py38", "--no-cache", "--quiet"]
    isort = ["--select=I", "--fix"]
    for setting in ("known-first-party=['runai']", "combine-as-imports=true"):
        isort += ["--config", f"lint.isort.{setting}"]
    subprocess.run(
        [*ruff, "check", "--output-format=concise", *settings, *isort, str(folder)], check=True
    )
    subprocess.run([*ruff, "format", *settings, str(folder)], check=True)


def _committed(root: Path, fresh: dict[str, bytes]) -> set[str]:
    """Files that stand where generated ones go, so far as they are no by-product of running."""
    folders = {"/".join(path.split("/")[:2]) for path in fresh if CONTROL_PLANES not in path}
    found = {
        path.relative_to(root).as_posix()
        for folder in [*folders, CONTROL_PLANES]
        for path in (root / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    return {path for path in found if "/tests/" not in path and "/dist/" not in path}


def _remove_empty_folders(folder: Path) -> None:
    for cache in list(folder.rglob("__pycache__")):
        if not any(cache.parent.glob("*.py")):
            shutil.rmtree(cache)
    for each in sorted(folder.rglob("*"), reverse=True):
        if each.is_dir() and not any(each.iterdir()):
            each.rmdir()
