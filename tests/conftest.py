"""What the suites share: a caller for each client, a control plane, the built wheels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from runai.testing import SampleControlPlane

from .reliability.callers import KINDS, Caller, Waits

_VARIABLES = (
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
    "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR",
)  # fmt: skip


@pytest.fixture(scope="session")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what every distribution builds, for every control plane."""
    # Where old Pythons are tested, this is not there.
    from runapy_tools.build import build
    from runapy_tools.imported import imported_versions

    from .environments import ROOT, made_once

    versions = imported_versions(ROOT)
    return made_once("wheelhouse", tmp_path_factory, lambda folder: build(ROOT, folder, versions))


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
def own_control_plane() -> Iterator[SampleControlPlane]:
    """One that no connection of another test leads to."""
    with SampleControlPlane() as made:
        yield made


@pytest.fixture
def waits() -> Waits:
    return Waits()
