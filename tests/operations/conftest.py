"""One control plane and the three clients, shared by the tests of a worker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from runai.api_client import ApiClient, AsyncApiClient, ThreadedApiClient
from runai.runai_client import RunaiClient

from .under_test import VERSION, SampleControlPlane

Caller = Callable[[str, dict[str, Any]], Any]


@pytest.fixture(scope="session")
def served() -> Iterator[SampleControlPlane]:
    with SampleControlPlane(VERSION) as control_plane:
        yield control_plane


@pytest.fixture(scope="session", params=["sync", "threaded", "async"])
def call(request: pytest.FixtureRequest, served: SampleControlPlane) -> Iterator[Caller]:
    """Calls `group.method` with arguments through one of the clients and gives the answer."""
    configuration = served.configuration()
    if request.param == "sync":
        with RunaiClient(ApiClient(configuration)) as waiting:
            yield lambda name, arguments: method_of(waiting, name)(**arguments)
    elif request.param == "threaded":
        with RunaiClient(ThreadedApiClient(configuration)) as threads:
            yield lambda name, arguments: method_of(threads, name)(**arguments).get(timeout=60)
    else:
        loop = asyncio.new_event_loop()
        client = RunaiClient(AsyncApiClient(configuration))
        yield lambda name, arguments: loop.run_until_complete(method_of(client, name)(**arguments))
        loop.run_until_complete(client.aclose())
        loop.close()


def method_of(client: RunaiClient[Any], operation_id: str) -> Any:
    """The client's method of an operation, whichever category it is in."""
    group, method = operation_id.split(".")
    for category in client.options(include_deprecated=True):
        if group in getattr(client, category).options(include_deprecated=True):
            return getattr(getattr(getattr(client, category), group), method)
    raise LookupError(operation_id)
