"""`generate` and `check`: the same bytes, no stale file, and every difference named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from runapy_tools.__main__ import main
from runapy_tools.generator import CONTROL_PLANES, check, generate
from runapy_tools.imported import newest_version

from . import gadget_shop
from .descriptions import VERSION, write_description

ROOT = Path(__file__).parents[3]
API = "packages/runapy-gadgets/src/runai/gadgets/api/gadgets_api.py"
MODELS = "packages/runapy-gadgets/src/runai/gadgets/models"


def files(root: Path) -> dict[str, bytes]:
    """All below `packages` but core, which is not generated."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in (root / "packages").rglob("*")
        if path.is_file() and not {"__pycache__", "runapy-core"} & set(path.parts)
    }


@pytest.fixture
def project(shop: Path, tmp_path: Path) -> Path:
    """A copy of the shop that a test may change."""
    copy = tmp_path / "project"
    shutil.copytree(shop, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


# Sets have another order for each seed.
@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_committed_distributions_are_what_is_generated(seed: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "runapy_tools", "--root", str(ROOT), "check"],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout == "the committed distributions are what `generate` writes\n"
    assert (result.returncode, result.stderr) == (0, "")


def test_generating_twice_gives_the_same_bytes(project: Path, tmp_path: Path) -> None:
    before = files(project)
    for name in ("runapy-gadgets", "runapy-common", "runapy", "runapy-testing"):
        shutil.rmtree(project / "packages" / name)
    generate(project)
    assert files(project) == before
    other = tmp_path / "elsewhere"
    write_description(other, gadget_shop.PATHS, gadget_shop.SCHEMAS)
    first = generate(other)
    content = files(other)
    assert generate(other) == first == {"written": len(content), "removed": 0}
    assert files(other) == content


def test_a_file_that_is_right_is_not_written_again(project: Path) -> None:
    times = {path: (project / path).stat().st_mtime_ns for path in files(project)}
    (project / API).write_text("changed")
    generate(project)
    changed = {path for path, time in times.items() if (project / path).stat().st_mtime_ns != time}
    assert changed == {API}


def test_check_names_what_differs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(project) == []
    extra = f"{MODELS}/extra.py"
    control_plane = f"{CONTROL_PLANES}/{VERSION}.json"
    (project / API).write_text("changed")
    (project / extra).write_text("")
    (project / control_plane).unlink()
    expected = [f"missing: {control_plane}", f"not generated: {extra}", f"differs: {API}"]
    assert check(project) == expected
    assert main(["--root", str(project), "check"]) == 1
    assert capsys.readouterr().out.splitlines() == expected
    assert generate(project)["removed"] == 1
    assert main(["--root", str(project), "check"]) == 0


def test_what_running_leaves_behind_is_no_difference(project: Path) -> None:
    package = project / "packages" / "runapy-gadgets"
    for path in ("src/runai/gadgets/__pycache__/x.pyc", "tests/test_it.py", "dist/x.whl"):
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        (package / path).write_text("")
    assert check(project) == []
    generate(project)
    assert (package / "tests" / "test_it.py").exists()


def test_files_of_what_is_gone_are_removed(project: Path) -> None:
    paths = {"/token": gadget_shop.PATHS["/token"]}
    write_description(project, paths)
    assert generate(project)["removed"] > 0
    assert [path.name for path in (project / MODELS).iterdir()] == ["__init__.py"]
    assert check(project) == []


def test_a_distribution_of_a_category_that_is_gone_is_named(project: Path) -> None:
    cache = project / MODELS / "__pycache__"
    cache.mkdir()
    (cache / "gadgets.cpython-312.pyc").write_text("")
    (project / "spec" / VERSION / "gadgets.yaml").unlink()
    write_description(project, gadget_shop.PATHS, gadget_shop.SCHEMAS, package="widgets")
    assert f"not generated: {API}" in check(project)
    generate(project)
    assert not (project / "packages" / "runapy-gadgets").exists()


def test_distributions_written_by_hand_are_left_alone(project: Path) -> None:
    core = project / "packages" / "runapy-core" / "src" / "runai" / "exceptions.py"
    server = project / "packages" / "runapy-testing" / "src" / "runai" / "testing" / "server.py"
    for path in (core, server):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("by hand")
    assert check(project) == []
    generate(project)
    assert (core.read_text(), server.read_text()) == ("by hand", "by hand")


def test_the_newest_control_plane_is_generated(tmp_path: Path) -> None:
    for version in ("9.2", "9.10", "10.0", "words"):
        (tmp_path / "spec" / version).mkdir(parents=True)
    assert newest_version(tmp_path) == "10.0"
    (tmp_path / "spec" / "10.0").rmdir()
    assert newest_version(tmp_path) == "9.10"


def test_a_new_control_plane_changes_what_it_says_and_its_version_alone(project: Path) -> None:
    before = files(project)
    shutil.copytree(project / "spec" / VERSION, project / "spec" / "9.2")
    generate(project)
    after = files(project)
    changed = {path for path, content in after.items() if before.get(path) != content}
    assert {path.rpartition("/")[2] for path in changed} == {
        "9.2.json", "README.md", "__init__.py", "pyproject.toml",
    }  # fmt: skip
    assert set(before) - set(after) == {f"{CONTROL_PLANES}/{VERSION}.json"}


def test_without_a_control_plane_there_is_nothing_to_generate(tmp_path: Path) -> None:
    (tmp_path / "spec" / "words").mkdir(parents=True)
    with pytest.raises(FileNotFoundError, match="holds no control plane: run `import` first"):
        newest_version(tmp_path)
