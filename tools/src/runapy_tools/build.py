"""Wheels and source archives of every distribution, for one or all control planes."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from pathlib import Path

from runapy_tools.archives import BY_PRODUCTS, build_archives
from runapy_tools.generator import CONTROL_PLANES, generated
from runapy_tools.generator.api import load
from runapy_tools.generator.merged_document import merged_document
from runapy_tools.imported import imported_versions
from runapy_tools.versions import OWN

_TESTING = "runapy-testing"
_NOT_BUILT = shutil.ignore_patterns(*BY_PRODUCTS, "tests")


def build(root: Path, output: Path, versions: Sequence[str] | None = None) -> list[Path]:
    """Build the distributions of control planes, and core and testing once.

    Those of the newest control plane are built from `packages/` as it is; those of another are
    generated first. The same sources give the same bytes, wherever and whenever they are built.

    Args:
        root: the project's folder.
        output: where the files go; what an earlier build left there is removed.
        versions: of the control planes; the newest alone where it is not given.

    Returns:
        The files, sorted by name.

    Raises:
        ValueError: a control plane was not imported.
        RuntimeError: a distribution cannot be built.
    """
    imported = imported_versions(root)
    wanted = imported[-1:] if versions is None else sorted(set(versions), key=imported.index)
    output.mkdir(parents=True, exist_ok=True)
    for stale in [*output.glob("runapy*.whl"), *output.glob("runapy*.tar.gz")]:
        stale.unlink()
    # Not forked: a process that has threads must not be.
    spawned = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(os.cpu_count(), mp_context=spawned) as pool,
    ):
        try:
            _build_all(pool, root, Path(folder), output.resolve(), wanted)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return sorted([*output.glob("*.whl"), *output.glob("*.tar.gz")])


def chosen_versions(root: Path, control_plane: str | None) -> list[str]:
    """The control planes that a command line names: one, `all`, or the newest without a name.

    Raises:
        ValueError: the control plane was not imported.
    """
    imported = imported_versions(root)
    if control_plane == "all":
        return imported
    if control_plane is not None and control_plane not in imported:
        known = ", ".join(imported) or "none"
        raise ValueError(f"spec/ has no control plane {control_plane!r}; there are: {known}")
    return imported[-1:] if control_plane is None else [control_plane]


def _build_all(
    pool: ProcessPoolExecutor, root: Path, folder: Path, output: Path, wanted: list[str]
) -> None:
    """Build what is there at once, and the rest as soon as it is generated."""
    projects = _committed(root, wanted)
    imported = imported_versions(root)
    to_generate = set(wanted) - set(imported[-1:])
    generating: dict[Future[None], Path] = {}
    for version in reversed(imported):
        work = _generate if version in to_generate else _describe
        staged = folder / version
        generating[pool.submit(work, root, version, staged)] = staged
    building = [
        pool.submit(build_archives, each, output) for each in projects if each.name != _TESTING
    ]
    for done in as_completed(generating):
        done.result()
        building += [
            pool.submit(build_archives, each, output) for each in _projects(generating[done])
        ]
    if any(each.name == _TESTING for each in projects):
        testing = _with_control_planes(root, folder, list(generating.values()))
        building.append(pool.submit(build_archives, testing, output))
    for built in as_completed(building):
        built.result()


def _committed(root: Path, wanted: list[str]) -> list[Path]:
    """What is built as it is in `packages/`; those of the newest only where that is wanted."""
    if set(imported_versions(root)[-1:]) <= set(wanted):
        return _projects(root)
    return [each for each in _projects(root) if each.name in OWN]


def _projects(folder: Path) -> list[Path]:
    return sorted(path.parent for path in folder.glob("packages/*/pyproject.toml"))


def _generate(root: Path, version: str, target: Path) -> None:
    """Write the distributions of a control plane, and its document in the shortest form."""
    document = f"{CONTROL_PLANES}/{version}.json"
    for path, content in generated(root, version).items():
        if path == document:
            _write_document(target, version, json.loads(content))
        else:
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(content)
    _copy_ignore_file(root, target)


def _describe(root: Path, version: str, target: Path) -> None:
    """Write the document of a control plane alone."""
    _write_document(target, version, merged_document(load(root, version)))


def _write_document(target: Path, version: str, document: object) -> None:
    target.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
    (target / f"{version}.json").write_text(text, encoding="utf-8")


def _with_control_planes(root: Path, folder: Path, staged: list[Path]) -> Path:
    """A copy of the testing distribution that ships every control plane's document.

    The repository has only the newest one: the others would be megabytes of derived JSON in it.
    """
    project = folder / _TESTING
    shutil.copytree(root / "packages" / _TESTING, project, ignore=_NOT_BUILT)
    shipped = project / Path(CONTROL_PLANES).relative_to(f"packages/{_TESTING}")
    shipped.mkdir(parents=True, exist_ok=True)
    for each in staged:
        shutil.copy(each / f"{each.name}.json", shipped)
    _copy_ignore_file(root, folder)
    return project


def _copy_ignore_file(root: Path, target: Path) -> None:
    """Hatchling puts the nearest one into source archives: the same for all of them."""
    if (root / ".gitignore").exists():
        shutil.copy(root / ".gitignore", target)
