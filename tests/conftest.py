"""What the suites share that prove something of all three clients."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runai.testing import ControlPlane

from .reliability.callers import KINDS, Caller, Waits

_VARIABLES = (
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
    "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR",
)  # fmt: skip


@pytest.fixture
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxies and authorities but those that a test gives."""
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(params=KINDS)
def caller(request: pytest.FixtureRequest) -> Iterator[Caller]:
    made = Caller(request.param)
    yield made
    made.close()


@pytest.fixture
def own_control_plane() -> Iterator[ControlPlane]:
    """One that no connection of another test leads to."""
    with ControlPlane() as made:
        yield made


@pytest.fixture
def waits() -> Waits:
    return Waits()
