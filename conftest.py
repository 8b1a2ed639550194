"""What all tests of the repository share."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Allow old Pythons what their standard library does."""
    if sys.version_info < (3, 11):
        # When a proxy refuses CONNECT, http.client and asyncio leave its socket to the collector.
        config.addinivalue_line("filterwarnings", "ignore:unclosed:ResourceWarning")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave the asynchronous client out where its library is not installed."""
    if item.get_closest_marker("aiohttp") and find_spec("aiohttp") is None:
        pytest.skip("aiohttp is not installed")
