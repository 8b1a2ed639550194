"""What all tests of the repository share."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runai.testing import SampleControlPlane


def pytest_configure(config: pytest.Config) -> None:
    """Allow old Pythons what their standard library does."""
    if sys.version_info < (3, 11):
        # When a proxy refuses CONNECT, http.client and asyncio leave its socket to the collector.
        config.addinivalue_line("filterwarnings", "ignore:unclosed:ResourceWarning")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave the asynchronous client out where its library is not installed."""
    if item.get_closest_marker("aiohttp") and find_spec("aiohttp") is None:
        pytest.skip("aiohttp is not installed")


@pytest.fixture(scope="session")
def control_plane_server() -> Iterator[SampleControlPlane]:
    """The control plane that all tests of a session share."""
    # Core's tests run where it is not installed, too.
    from runai.testing import SampleControlPlane

    with SampleControlPlane() as server:
        yield server


@pytest.fixture
def control_plane(control_plane_server: SampleControlPlane) -> SampleControlPlane:
    """The session's control plane, without what other tests left there."""
    control_plane_server.reset()
    return control_plane_server
