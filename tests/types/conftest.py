"""Environments that have the wheels and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..environments import RELEASE, Environment, made_once


@pytest.fixture(scope="session")
def everything(wheelhouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with all categories."""
    return _python("runapy", wheelhouse, tmp_path_factory)


@pytest.fixture(scope="session")
def organizations_alone(wheelhouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with one category, and without aiohttp."""
    return _python("runapy-organizations", wheelhouse, tmp_path_factory)


def _python(distribution: str, wheelhouse: Path, factory: pytest.TempPathFactory) -> Path:
    folder = made_once(
        f"{distribution}-environment",
        factory,
        lambda folder: Environment(folder, wheelhouse, f"{distribution}~={RELEASE}.0"),
    )
    return folder / "bin" / "python"
