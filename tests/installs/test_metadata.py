"""The metadata of every wheel and source archive is whole, and what indexes accept."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.metadata import Metadata
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from runapy_tools.imported import imported_versions
from runapy_tools.release.links import unlinked
from runapy_tools.versions import own_version, release

from ..environments import ROOT
from .archives import LIBRARIES, NO_CATEGORIES, Archive, archives

PYTHONS = [f"3.{minor}" for minor in range(8, 14)]
OLDEST_CORE = own_version(ROOT, "runapy-core").rpartition(".")[0]
"""For what is generated for it; its patches change nothing that it has."""


@pytest.fixture(scope="module")
def built(wheelhouse: Path) -> list[Archive]:
    return archives(wheelhouse)


@pytest.fixture(scope="module")
def metadata(built: list[Archive]) -> list[tuple[Archive, Metadata]]:
    """What every file says of itself, read as strictly as PyPI does."""
    return [(each, Metadata.from_email(each.metadata, validate=True)) for each in built]


def of_ours(metadata: Metadata) -> dict[str, Requirement]:
    """Our own distributions that one needs without an extra, by their names."""
    found = [each for each in metadata.requires_dist or [] if each.name.startswith("runapy")]
    return {each.name: each for each in found if each.marker is None}


def test_twine_finds_nothing_to_say(wheelhouse: Path) -> None:
    files = sorted(str(path) for path in wheelhouse.iterdir())
    command = [sys.executable, "-m", "twine", "--no-color", "check", "--strict", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall(r"PASSED$", done.stdout, re.MULTILINE)) == len(files)


def test_a_file_is_named_by_its_metadata(metadata: list[tuple[Archive, Metadata]]) -> None:
    for archive, found in metadata:
        assert (found.name, str(found.version)) == (archive.name, archive.version)


def test_versions_are_those_of_the_control_planes(
    metadata: list[tuple[Archive, Metadata]],
) -> None:
    expected = {release(ROOT, version) for version in imported_versions(ROOT)}
    versions = {each.version for each, _ in metadata if each.name not in LIBRARIES}
    assert versions == expected
    own = {(each.name, each.version) for each, _ in metadata if each.name in LIBRARIES}
    assert own == {(name, own_version(ROOT, name)) for name in LIBRARIES}


def test_what_pages_of_an_index_show(metadata: list[tuple[Archive, Metadata]]) -> None:
    for archive, found in metadata:
        assert found.metadata_version == "2.4", archive.path.name
        assert found.license_expression == "Apache-2.0"
        assert found.license_files == ["LICENSE"]
        assert found.author == "The runapy contributors"
        assert found.summary
        assert len(found.keywords or []) >= 5
        assert found.description_content_type == "text/markdown"
        assert f"# {archive.name}\n" in (found.description or "")
        classifiers = set(found.classifiers or [])
        assert {
            "Development Status :: 5 - Production/Stable",
            "Intended Audience :: Developers",
            "Operating System :: OS Independent",
            "Typing :: Typed",
        } <= classifiers
        named = {each.rpartition(" :: ")[2] for each in classifiers if "Python :: 3." in each}
        assert named == set(PYTHONS)


def test_all_link_to_the_same_pages(metadata: list[tuple[Archive, Metadata]]) -> None:
    for archive, found in metadata:
        links = found.project_urls or {}
        assert links == (metadata[0][1].project_urls or {}), archive.path.name
        # Without links there is no release.
        assert bool(links) is (unlinked(ROOT) == [])


def test_it_installs_on_every_python(metadata: list[tuple[Archive, Metadata]]) -> None:
    for archive, found in metadata:
        assert found.requires_python == SpecifierSet(">=3.8"), archive.path.name


def test_the_extra_brings_aiohttp(metadata: list[tuple[Archive, Metadata]]) -> None:
    for archive, found in metadata:
        extras = found.provides_extra or []
        own = ["tls", "yaml"] if archive.name == "runapy-testing" else []
        assert extras == ["async", *own], archive.path.name
        marked = [str(each) for each in found.requires_dist or [] if each.marker is not None]
        if archive.name == "runapy-core":
            assert marked == ['aiohttp>=3.9.2; extra == "async"']
        elif archive.name == "runapy":
            assert marked == []
            assert of_ours(found)["runapy-core"].extras == {"async"}
        else:
            marked = [each for each in marked if each.endswith('; extra == "async"')]
            least = "1" if archive.name == "runapy-testing" else OLDEST_CORE
            assert marked == [f'runapy-core[async]<2,>={least}; extra == "async"']


def test_a_category_needs_the_shared_models_of_its_own_control_plane(
    metadata: list[tuple[Archive, Metadata]],
) -> None:
    """So no two categories of different control planes can be installed together."""
    for archive, found in metadata:
        if archive.name in NO_CATEGORIES:
            continue
        needed = of_ours(found)
        assert set(needed) == {"runapy-core", "runapy-common"}, archive.path.name
        assert needed["runapy-common"].specifier == SpecifierSet(f"~={archive.version}")
        assert needed["runapy-core"].specifier == SpecifierSet(f">={OLDEST_CORE},<2")


def test_everything_needs_each_category_of_its_own_control_plane(
    metadata: list[tuple[Archive, Metadata]],
) -> None:
    for archive, found in metadata:
        if archive.name != "runapy":
            continue
        needed = of_ours(found)
        assert needed.pop("runapy-core").specifier == SpecifierSet(f">={OLDEST_CORE},<2")
        built = {each.name for each, _ in metadata if each.version == archive.version}
        assert set(needed) == built - {"runapy"}
        for each in needed.values():
            assert each.specifier == SpecifierSet(f"~={archive.version}")


def test_shared_models_and_testing_need_core_alone(
    metadata: list[tuple[Archive, Metadata]],
) -> None:
    for archive, found in metadata:
        if archive.name in ("runapy-common", "runapy-testing"):
            assert set(of_ours(found)) == {"runapy-core"}
        elif archive.name == "runapy-core":
            assert of_ours(found) == {}


def test_testing_has_its_command_and_its_plugin(built: list[Archive]) -> None:
    (wheel,) = (each for each in built if each.name == "runapy-testing" and each.is_wheel)
    (path,) = (each for each in wheel.contents if each.endswith("/entry_points.txt"))
    assert wheel.contents[path].decode().split() == [
        "[console_scripts]", "runapy-testing", "=", "runai.testing.__main__:main",
        "[pytest11]", "runapy-testing", "=", "runai.testing.pytest_plugin",
    ]  # fmt: skip
