"""Every way to install: each Python, both installers, each category, each control plane.

Minutes long, so its name is none that pytest looks for: `hatch run installs` does.
"""

from __future__ import annotations

import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.metadata import Metadata
from packaging.requirements import Requirement

from ..environments import ROOT
from .archives import LIBRARIES, archives
from .conftest import Fresh
from .environment import INSTALLERS
from .expected import NEWEST, VERSIONS, categories, minor, prove, release
from .pythons import ALLOWED
from .served import ControlPlanes

ALONE = ["runapy-common", "runapy-organizations"]
PEER = "runapy==1.224.0"
"""The client on PyPI, which has modules where core has packages of the same names."""
MIGRATING = (ROOT / "docs" / "migrating.md").read_text("utf-8")
EVERY_NAME = ["runapy-core", "runapy", "runapy-common", *categories(NEWEST)]

on_each_python = pytest.mark.parametrize("python", ALLOWED)
by_each_installer = pytest.mark.parametrize("installer", INSTALLERS)
with_and_without_async = pytest.mark.parametrize("extra", ["", "[async]"])


def everything(version: str) -> list[str]:
    return ["runapy", "runapy-common", *categories(version)]


@by_each_installer
@on_each_python
def test_the_newest(fresh: Fresh, served: ControlPlanes, python: str, installer: str) -> None:
    """With the highest versions of third parties, which is what installers take."""
    environment = fresh(installer, python)
    environment.install("runapy")
    prove(environment, served, NEWEST, everything(NEWEST), has_aiohttp=True)


@by_each_installer
@on_each_python
def test_an_older_one(fresh: Fresh, served: ControlPlanes, python: str, installer: str) -> None:
    environment = fresh(installer, python)
    environment.install("runapy~=1.219.0")
    prove(environment, served, "2.19", everything("2.19"), has_aiohttp=True)


@by_each_installer
@pytest.mark.parametrize("version", [each for each in VERSIONS[:-1] if each != "2.19"])
def test_each_control_plane(
    fresh: Fresh, served: ControlPlanes, version: str, installer: str
) -> None:
    environment = fresh(installer)
    environment.install(f"runapy~={minor(version)}.0")
    prove(environment, served, version, everything(version), has_aiohttp=True)


@with_and_without_async
@by_each_installer
@pytest.mark.parametrize("name", categories(NEWEST))
def test_each_category_alone(
    fresh: Fresh, served: ControlPlanes, name: str, installer: str, extra: str
) -> None:
    environment = fresh(installer)
    environment.install(f"{name}{extra}~={minor(NEWEST)}.0")
    prove(environment, served, NEWEST, ["runapy-common", name], has_aiohttp=bool(extra))


@with_and_without_async
@by_each_installer
@on_each_python
def test_one_category(
    fresh: Fresh, served: ControlPlanes, python: str, installer: str, extra: str
) -> None:
    environment = fresh(installer, python)
    environment.install(f"runapy-organizations{extra}")
    prove(environment, served, NEWEST, ALONE, has_aiohttp=bool(extra))


@by_each_installer
@on_each_python
def test_the_lowest_dependencies(
    fresh: Fresh, served: ControlPlanes, wheelhouse: Path, python: str, installer: str
) -> None:
    if python == "3.13":
        pytest.skip("the lowest pydantic and aiohttp have no wheels for Python 3.13")
    pinned = [str(each) for each in lowest(wheelhouse)]
    assert {"pydantic==2.7", "aiohttp==3.9.2"} < set(pinned)
    environment = fresh(installer, python)
    environment.install("runapy-organizations[async]", *pinned)
    prove(environment, served, NEWEST, ALONE, has_aiohttp=True, is_strict=False)


def lowest(wheelhouse: Path) -> list[Requirement]:
    """What the distributions written by hand need at least for the three clients, and no more."""
    found: list[Requirement] = []
    for archive in archives(wheelhouse):
        if archive.name in LIBRARIES and archive.is_wheel:
            for each in Metadata.from_email(archive.metadata).requires_dist or []:
                bounds = [bound.version for bound in each.specifier if bound.operator == ">="]
                is_wanted = each.marker is None or each.marker.evaluate({"extra": "async"})
                if is_wanted and not each.name.startswith("runapy"):
                    found.append(Requirement(f"{each.name}=={bounds[0]}"))
    return found


@by_each_installer
@on_each_python
def test_source_archives(fresh: Fresh, served: ControlPlanes, python: str, installer: str) -> None:
    environment = fresh(installer, python)
    environment.install("runapy-organizations[async]", *from_source(installer))
    prove(environment, served, NEWEST, ALONE, has_aiohttp=True)


@by_each_installer
@pytest.mark.parametrize("version", ["2.19", NEWEST])
def test_source_archives_of_everything(
    fresh: Fresh, served: ControlPlanes, version: str, installer: str
) -> None:
    environment = fresh(installer)
    environment.install(f"runapy~={minor(version)}.0", *from_source(installer))
    prove(environment, served, version, everything(version), has_aiohttp=True)


def from_source(installer: str) -> list[str]:
    if installer == "pip":
        return ["--no-binary", ",".join(EVERY_NAME)]
    return [f"--no-binary={name}" for name in EVERY_NAME]


@by_each_installer
@pytest.mark.parametrize("python", [ALLOWED[0], ALLOWED[-1]])
def test_up_and_down(fresh: Fresh, served: ControlPlanes, python: str, installer: str) -> None:
    older = [name for name in everything(NEWEST) if name in everything("2.19")]
    newer = sorted(set(everything(NEWEST)) - set(older))
    environment = fresh(installer, python)
    environment.install("runapy~=1.219.0")
    files = environment.files()
    prove(environment, served, "2.19", older, has_aiohttp=True)

    environment.install(f"runapy~={minor(NEWEST)}.0")
    prove(environment, served, NEWEST, everything(NEWEST), has_aiohttp=True)

    environment.install("runapy~=1.219.0")
    # Installers leave a category that the older control plane does not have, and say so.
    assert len(environment.conflicts()) >= len(newer) > 0
    for name in newer:
        assert any(name in line for line in environment.conflicts())
    environment.uninstall(*newer)
    prove(environment, served, "2.19", older, has_aiohttp=True)
    assert environment.files() == files


@by_each_installer
def test_one_category_up_and_down(fresh: Fresh, served: ControlPlanes, installer: str) -> None:
    environment = fresh(installer)
    seen: dict[str, set[str]] = {}
    for version in (VERSIONS[-2], NEWEST, VERSIONS[-2], VERSIONS[0], NEWEST):
        environment.install(f"runapy-organizations~={minor(version)}.0")
        prove(environment, served, version, ALONE, has_aiohttp=False)
        assert environment.files() == seen.setdefault(version, environment.files())


@by_each_installer
def test_up_from_the_client_on_pypi_and_back(
    fresh: Fresh, served: ControlPlanes, installer: str
) -> None:
    """Installers put core in place, and then remove what the older client had there."""
    environment = fresh(installer)
    environment.install(PEER, *from_pypi(installer))
    files = environment.files()
    (wanted,) = re.findall(r'`pip install "(runapy~=.*?)"`', MIGRATING)
    environment.install(wanted)
    prove(environment, served, NEWEST, everything(NEWEST), has_aiohttp=True)
    other = fresh(installer)
    other.install(wanted)
    assert environment.files() == other.files()

    uninstall, install = re.findall(r"^pip (?:un)?install .*$", MIGRATING, re.MULTILINE)
    assert shlex.split(install)[2:] == [PEER]
    names = shlex.split(uninstall)[3:]
    assert sorted(names) == sorted(EVERY_NAME)
    environment.uninstall(*names)
    assert environment.files() == set()
    environment.install(PEER, *from_pypi(installer))
    assert environment.files() == files


def from_pypi(installer: str) -> list[str]:
    # uv looks into one index for one name: ours, as long as nothing else is said.
    return ["--index-strategy=unsafe-best-match"] if installer == "uv" else []


@by_each_installer
def test_a_second_install_for_another_control_plane(
    fresh: Fresh, served: ControlPlanes, installer: str
) -> None:
    """pip says that it conflicts with the first, uv not even that."""
    environment = fresh(installer)
    environment.install(f"runapy-organizations=={release(NEWEST)}")
    environment.try_to_install(f"runapy-workloads=={release('2.19')}")
    said = environment.refused_import("runai.organizations")
    assert f"runapy-organizations {release(NEWEST)} (control plane {NEWEST})" in said
    assert f"runapy-common {release('2.19')} (control plane 2.19)" in said
    (command,) = re.findall(r'pip install((?: "[^"]+")+)', said)
    environment.install(*shlex.split(command))
    names = ["runapy-common", "runapy-organizations", "runapy-workloads"]
    prove(environment, served, NEWEST, names, has_aiohttp=False)


@by_each_installer
def test_another_category_beside_everything(
    fresh: Fresh, served: ControlPlanes, installer: str
) -> None:
    environment = fresh(installer)
    environment.install(f"runapy=={release(NEWEST)}")
    environment.try_to_install(f"runapy-workloads=={release('2.19')}")
    for module in ("runai.runai_client", "runai.models", "runai.api"):
        said = environment.refused_import(module)
        assert f"runapy {release(NEWEST)} (control plane {NEWEST})" in said
        assert f'pip install "runapy~={release(NEWEST)}"' in said
    environment.install(f"runapy~={release(NEWEST)}")
    prove(environment, served, NEWEST, everything(NEWEST), has_aiohttp=True)


@by_each_installer
@on_each_python
def test_two_control_planes_are_refused(fresh: Fresh, python: str, installer: str) -> None:
    environment = fresh(installer, python)
    wanted = [f"runapy-workloads=={release('2.19')}", f"runapy-organizations=={release(NEWEST)}"]
    done = environment.try_to_install(*wanted)
    assert done.returncode != 0
    said = " ".join((done.stdout + done.stderr).split())
    for each in wanted:
        assert each in said or each.replace("==", " ") in said
    assert "runapy-common" in said
    assert environment.files() == set()


@by_each_installer
@pytest.mark.parametrize(("older", "newer"), list(pairwise(VERSIONS)))
def test_neighbours_are_refused(fresh: Fresh, older: str, newer: str, installer: str) -> None:
    environment = fresh(installer)
    # PyPI's runapy X.Y.0 is the older client, which needs no category: pip would turn to it.
    wanted = [f"runapy~={release(older)}", f"runapy-audit~={minor(newer)}.0"]
    done = environment.try_to_install(*wanted)
    assert done.returncode != 0
    assert "runapy-audit" in done.stdout + done.stderr
    assert environment.files() == set()
