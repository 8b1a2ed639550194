from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from ..operations.conftest import call, served

__all__ = ["call", "served"]


@pytest.fixture(autouse=True)
def _collector_rests() -> Iterator[None]:
    """Else it spends a third of the time on walking the answers of all operations."""
    gc.disable()
    yield
    gc.enable()
