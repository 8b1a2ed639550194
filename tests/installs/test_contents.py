"""Every built file holds what belongs in it, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runapy_tools.imported import imported_versions
from runapy_tools.versions import own_version

from ..environments import ROOT
from .archives import LIBRARIES, NO_CATEGORIES, Archive, archives

VERSIONS = imported_versions(ROOT)
GENERATED = {
    version: {
        f"runapy-{path.stem.replace('_', '-')}"
        for path in (ROOT / "spec" / version).glob("*.yaml")
        if path.stem != "unreached"
    }
    | {"runapy"}
    for version in VERSIONS
}


@pytest.fixture(scope="module")
def built(wheelhouse: Path) -> list[Archive]:
    return archives(wheelhouse)


@pytest.fixture(scope="module")
def wheels(built: list[Archive]) -> list[Archive]:
    return [each for each in built if each.is_wheel]


@pytest.fixture(scope="module")
def source_archives(built: list[Archive]) -> list[Archive]:
    return [each for each in built if not each.is_wheel]


def test_each_distribution_has_one_wheel_and_one_source_archive(
    wheels: list[Archive], source_archives: list[Archive]
) -> None:
    assert len(VERSIONS) == 7
    assert len(GENERATED[VERSIONS[-1]]) == 11
    expected = sorted(
        [(name, version) for version, names in GENERATED.items() for name in names]
        + [(name, own_version(ROOT, name)) for name in LIBRARIES]
    )
    for found in (wheels, source_archives):
        named = [
            (each.name, each.version if each.name in LIBRARIES else each.control_plane)
            for each in found
        ]
        assert sorted(named) == expected


def test_a_wheel_holds_what_is_imported_and_its_metadata(wheels: list[Archive]) -> None:
    for wheel in wheels:
        information = f"{wheel.path.name.rsplit('-py3', 1)[0]}.dist-info/"
        for path in wheel.contents:
            assert path.startswith(("runai/", information)), (wheel.path.name, path)
        assert "runai/__init__.py" not in wheel.contents


def test_a_wheel_holds_no_tests_tools_or_descriptions(wheels: list[Archive]) -> None:
    for wheel in wheels:
        code = [path for path in wheel.contents if path.startswith("runai/")]
        others = [path for path in code if not path.endswith((".py", "/py.typed"))]
        expected: list[str] = []
        if wheel.name == "runapy-testing":
            expected = [f"runai/testing/control_planes/{version}.json" for version in VERSIONS]
        assert sorted(others) == sorted(expected), wheel.path.name
        folders = {part for path in wheel.contents for part in path.split("/")[:-1]}
        assert not folders & {"tests", "spec", "tools", "runapy_tools", "__pycache__"}
        names = [path.rsplit("/", 1)[-1] for path in wheel.contents]
        assert [name for name in names if name.startswith(("test_", "conftest"))] == []


def test_a_wheel_has_its_licence_and_its_typing(wheels: list[Archive]) -> None:
    licence = (ROOT / "LICENSE").read_bytes()
    for wheel in wheels:
        (path,) = (each for each in wheel.contents if each.endswith("/licenses/LICENSE"))
        assert wheel.contents[path] == licence
        packages = {
            path.split("/")[1]
            for path in wheel.contents
            if path.startswith("runai/") and path.count("/") > 1
        }
        for package in packages:
            assert f"runai/{package}/py.typed" in wheel.contents, (wheel.path.name, package)
        # At the root, a file would be one that the client on PyPI has too: upgrading removes those.
        assert [path for path in wheel.contents if re.match("runai/[^/]*$", path)] == []


def test_a_source_archive_is_enough_to_build_from(source_archives: list[Archive]) -> None:
    files = {"pyproject.toml", "README.md", "LICENSE", "PKG-INFO", ".gitignore"}
    for archive in source_archives:
        others = {path for path in archive.contents if not path.startswith("src/runai/")}
        assert others == files, archive.path.name
        assert archive.contents["LICENSE"] == (ROOT / "LICENSE").read_bytes()
        strangers = [path for path in archive.contents if "/tests/" in path or ".pyc" in path]
        assert strangers == []


def test_both_hold_the_same_sources(wheels: list[Archive], source_archives: list[Archive]) -> None:
    for wheel in wheels:
        (archive,) = (
            each
            for each in source_archives
            if (each.name, each.version) == (wheel.name, wheel.version)
        )
        shipped = {
            path: content for path, content in wheel.contents.items() if path.startswith("runai/")
        }
        sources = {
            path.removeprefix("src/"): content
            for path, content in archive.contents.items()
            if path.startswith("src/")
        }
        assert shipped == sources, wheel.path.name


def test_no_two_distributions_of_a_control_plane_share_a_file(wheels: list[Archive]) -> None:
    """Two distributions that install one file break each other when one of them is removed."""
    for version in VERSIONS:
        seen: dict[str, str] = {}
        for wheel in wheels:
            if wheel.name not in NO_CATEGORIES[:2] and wheel.control_plane != version:
                continue
            for path in wheel.contents:
                if path.startswith("runai/"):
                    assert seen.setdefault(path, wheel.name) == wheel.name, path
        assert len(seen) > 200
