"""The local index, the control planes of each version, and environments to install into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ..environments import made_once
from .environment import Environment, python_with_pip
from .pythons import RUNNING, interpreter
from .served import ControlPlanes, control_planes
from .simple_index import SimpleIndex

Fresh = Callable[..., Environment]


@pytest.fixture(scope="session")
def index(wheelhouse: Path) -> Iterator[SimpleIndex]:
    with SimpleIndex(wheelhouse) as served:
        yield served


@pytest.fixture(scope="session")
def served(wheelhouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlanes]:
    with control_planes(wheelhouse, tmp_path_factory.mktemp("documents")) as found:
        yield found


@pytest.fixture
def fresh(
    index: SimpleIndex,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    record_property: Callable[[str, object], None],
) -> Iterator[Fresh]:
    """Makes an environment for `installer`, of a `version` of Python or the running one."""
    made: list[Environment] = []

    def make(installer: str, version: str = RUNNING) -> Environment:
        python = interpreter(version)
        if python is None:
            pytest.skip(f"there is no Python {version} on the PATH")
        pip = made_once(f"pip-{version}", tmp_path_factory, python_with_pip(python))
        cache = made_once("uv-cache", tmp_path_factory, Path.mkdir)
        folder = tmp_path / str(len(made))
        python_with = pip / "bin" / "python"
        made.append(Environment(folder, installer, python, index.url, python_with, cache))
        return made[-1]

    yield make
    record_property("installs", [each for one in made for each in one.seconds])


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many installs there were, and how long they took."""
    reports = [each for found in terminalreporter.stats.values() for each in found]
    seconds = [
        taken
        for report in reports
        if getattr(report, "when", "") == "teardown"
        for name, found in report.user_properties
        if name == "installs"
        for taken in found
    ]
    if seconds:
        text = f"{len(seconds)} installs, {sum(seconds):.0f} s of installing in all"
        terminalreporter.write_line(f"{text}, {max(seconds):.1f} s the longest")
