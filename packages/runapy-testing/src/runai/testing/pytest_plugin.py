"""Pytest fixtures with an embedded control plane."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from runai.testing.control_plane import ControlPlane


@pytest.fixture(scope="session")
def control_plane_server() -> Iterator[ControlPlane]:
    """The control plane that all tests of a session share."""
    # Pytest loads this module in every project where it is installed, used there or not.
    from runai.testing.control_plane import ControlPlane

    with ControlPlane() as server:
        yield server


@pytest.fixture
def control_plane(control_plane_server: ControlPlane) -> ControlPlane:
    """The session's control plane, without requests, preset answers and faults of other tests."""
    control_plane_server.reset()
    return control_plane_server
