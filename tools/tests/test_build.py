"""Wheels and source archives: the same bytes each time, and nothing that does not belong."""

from __future__ import annotations

import os
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

from runapy_tools.build import build

ROOT = Path(__file__).parents[2]
DISTRIBUTIONS = sorted(path.parent.name for path in ROOT.glob("packages/*/pyproject.toml"))


def copy_of_packages(target: Path, time: float) -> Path:
    """The sources in another place, at another time, with what running them leaves behind."""
    ignored = shutil.ignore_patterns("__pycache__", "dist", ".*_cache")
    shutil.copytree(ROOT / "packages", target / "packages", ignore=ignored)
    shutil.copy(ROOT / ".gitignore", target)
    for path in target.rglob("*"):
        os.utime(path, (time, time))
    return target


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], list[Path]]:
    """The files of two builds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SOURCE_DATE_EPOCH", raising=False)
        root = copy_of_packages(tmp_path_factory.mktemp("one"), 1.5e9)
        first = build(root, root / "dist")
        patch.setenv("SOURCE_DATE_EPOCH", "1234567890")
        root = copy_of_packages(tmp_path_factory.mktemp("another_place"), 1.6e9)
        cache = root / "packages" / "runapy-core" / "src" / "runai" / "__pycache__"
        cache.mkdir()
        (cache / "exceptions.cpython-311.pyc").write_bytes(b"")
        return first, build(root, root / "dist")


def members(path: Path) -> list[str]:
    """Names of the files in an archive; below its one folder in a source archive."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            return wheel.namelist()
    with tarfile.open(path) as archive:
        return [name.partition("/")[2] for name in archive.getnames()]


@pytest.fixture(params=DISTRIBUTIONS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param).replace("-", "_")


@pytest.fixture
def wheel(name: str, built: tuple[list[Path], list[Path]]) -> list[str]:
    (path,) = [each for each in built[0] if each.match(f"{name}-*.whl")]
    return members(path)


@pytest.fixture
def source_archive(name: str, built: tuple[list[Path], list[Path]]) -> list[str]:
    (path,) = [each for each in built[0] if each.match(f"{name}-*.tar.gz")]
    return members(path)


def test_every_distribution_has_a_wheel_and_a_source_archive(
    built: tuple[list[Path], list[Path]],
) -> None:
    assert len(DISTRIBUTIONS) == 13
    assert len(built[0]) == 2 * len(DISTRIBUTIONS)
    assert built[0] == sorted(built[0])


def test_two_builds_give_the_same_bytes(built: tuple[list[Path], list[Path]]) -> None:
    first, second = ({path.name: path.read_bytes() for path in paths} for paths in built)
    assert set(first) == set(second)
    assert [name for name in first if first[name] != second[name]] == []


def test_a_wheel_holds_what_is_imported_and_its_metadata(wheel: list[str]) -> None:
    others = [each for each in wheel if not each.startswith("runai/") and ".dist-info/" not in each]
    assert others == []
    assert "runai/__init__.py" not in wheel


def test_a_wheel_holds_no_tests_tools_or_descriptions(name: str, wheel: list[str]) -> None:
    code = [each for each in wheel if each.startswith("runai/")]
    endings = (".py", "/py.typed")
    data = [each for each in code if not each.endswith(endings)]
    if name == "runapy_testing":
        data = [each for each in data if not each.startswith("runai/testing/control_planes/")]
    assert data == []
    folders = {part for each in wheel for part in each.split("/")[:-1]}
    assert folders & {"tests", "spec", "tools", "runapy_tools", "__pycache__"} == set()
    assert [each for each in wheel if Path(each).name.startswith(("test_", "conftest"))] == []


def test_the_control_planes_document_is_in_testing_alone(name: str, wheel: list[str]) -> None:
    found = [each for each in wheel if each.endswith(".json")]
    assert bool(found) == (name == "runapy_testing")
    assert all(each.startswith("runai/testing/control_planes/") for each in found)


def test_a_wheel_has_its_licence_and_its_typing(wheel: list[str]) -> None:
    assert [each for each in wheel if each.endswith(".dist-info/licenses/LICENSE")]
    packages = {"/".join(each.split("/")[:2]) for each in wheel if each.count("/") > 1}
    for package in packages:
        if package.startswith("runai/"):
            assert f"{package}/py.typed" in wheel


def test_a_source_archive_is_enough_to_build_from(source_archive: list[str]) -> None:
    assert {"pyproject.toml", "README.md", "LICENSE", "PKG-INFO"} <= set(source_archive)
    others = {each for each in source_archive if not each.startswith("src/runai/")}
    assert others == {"pyproject.toml", "README.md", "LICENSE", "PKG-INFO", ".gitignore"}
    assert [each for each in source_archive if "__pycache__" in each] == []


def test_core_types_the_root_of_the_namespace(built: tuple[list[Path], list[Path]]) -> None:
    typed = [path.name for path in built[0] if "runai/py.typed" in members(path)]
    assert [each.partition("-")[0] for each in typed] == ["runapy_core"]


def test_files_of_an_earlier_build_go(tmp_path: Path) -> None:
    (tmp_path / "packages").mkdir()
    output = tmp_path / "dist"
    output.mkdir()
    for stale in ("runapy-0.1-py3-none-any.whl", "runapy-0.1.tar.gz"):
        (output / stale).write_bytes(b"")
    assert build(tmp_path, output) == []


def test_a_build_that_fails_says_which_and_why(tmp_path: Path) -> None:
    project = tmp_path / "packages" / "runapy-broken"
    project.mkdir(parents=True)
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        '[project]\nname = "runapy-broken"\nversion = "one"\n'
    )
    with pytest.raises(RuntimeError, match=r"(?s)^runapy-broken cannot be built:.*version"):
        build(tmp_path, tmp_path / "dist")
