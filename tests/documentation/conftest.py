"""What the documents' programs run against: a control plane that keeps what they do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runai.testing import ControlPlane


@pytest.fixture(scope="session")
def documents_server() -> Iterator[ControlPlane]:
    with ControlPlane() as server:
        yield server


@pytest.fixture
def control_plane(documents_server: ControlPlane) -> ControlPlane:
    """The one that all share, without what other tests left there."""
    documents_server.reset()
    return documents_server
