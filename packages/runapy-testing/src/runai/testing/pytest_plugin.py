"""Pytest fixtures with an embedded control plane and clients of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

# Pytest loads this module in every project where it is installed, used there or not: what the
# fixtures need is imported by them.
if TYPE_CHECKING:
    from runai.api_client import ApiClient, AsyncApiClient
    from runai.runai_client import RunaiClient
    from runai.testing.control_plane import ControlPlane

_SCOPES = ("function", "class", "module", "package", "session")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The settings of the fixtures, for a project's pytest configuration."""
    parser.addini(
        "runai_control_plane_scope",
        "how long a runai_control_plane lives: function, class, module, package or session",
        default="function",
    )
    parser.addini(
        "runai_control_plane_version", "of the runai_control_plane, such as 2.19", default=""
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a scope that there is not, which pytest would call an internal error."""
    scope = _scope("", config)
    if scope not in _SCOPES:
        raise pytest.UsageError(
            f"runai_control_plane_scope is {scope!r}: give one of {', '.join(_SCOPES)}"
        )


def _scope(fixture_name: str, config: pytest.Config) -> Any:  # noqa: ARG001 - pytest's names
    return config.getini("runai_control_plane_scope")


@pytest.fixture(scope=_scope)
def runai_control_plane(pytestconfig: pytest.Config) -> Iterator[ControlPlane]:
    """A new control plane, for each test or for as long as `runai_control_plane_scope` says."""
    from runai.testing.control_plane import ControlPlane

    version = pytestconfig.getini("runai_control_plane_version")
    with ControlPlane(version) if version else ControlPlane() as control_plane:
        yield control_plane


@pytest.fixture(scope=_scope)
def runai_client(
    runai_control_plane: ControlPlane,
) -> Iterator[RunaiClient[ApiClient] | ApiClient]:
    """A client of `runai_control_plane`.

    A `RunaiClient` where the distribution `runapy` is installed; the `ApiClient` that single
    categories take where it is not.
    """
    from runai.api_client import ApiClient

    with ApiClient(runai_control_plane.configuration()) as client:
        yield _whole_api(client)


@pytest.fixture
def runai_async_client(
    runai_control_plane: ControlPlane,
) -> Iterator[RunaiClient[AsyncApiClient] | AsyncApiClient]:
    """An asynchronous client of `runai_control_plane` for one test, whoever runs its coroutines.

    A `RunaiClient` where the distribution `runapy` is installed; the `AsyncApiClient` that single
    categories take where it is not.
    """
    from runai.testing.async_clients import open_async_client

    with open_async_client(runai_control_plane) as client:
        yield _whole_api(client)


def _whole_api(client: Any) -> Any:
    try:
        from runai.runai_client import RunaiClient
    except ModuleNotFoundError:
        return client
    return RunaiClient(client)
