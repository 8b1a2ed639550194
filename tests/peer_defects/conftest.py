from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _plain_environment(plain_environment: None) -> None:
    """For every test here."""
