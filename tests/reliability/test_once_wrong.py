"""What once went wrong, and failed here first."""

from __future__ import annotations

import contextlib
import gc
import os
import socket
import stat
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from runai.configuration import Configuration
from runai.exceptions import ApiException, ApiProxyError, ApiTimeoutError, ServiceException
from runai.testing import SampleControlPlane
from runai.testing.faults import Delay, Drop, Status

from .callers import Caller, Waits
from .forward_proxy import ForwardProxy
from .test_resources import CLUSTER, LINUX, PATH, wait_for_the_end_of_connections


@LINUX
@pytest.mark.aiohttp
def test_a_connection_that_was_closed_while_the_loop_stood_still(
    own_control_plane: SampleControlPlane, waits: Waits
) -> None:
    """A program that blocks its loop, or runs it now and then, has not heard of the closing."""
    caller = Caller("AsyncApiClient")
    client = caller.client(own_control_plane.configuration(), waits)
    body = {"name": "vision", "clusterId": CLUSTER, "resources": []}
    for _ in range(3):
        own_control_plane.faults.add("projects.get_projects", Drop("after", sent=None), times=1)
        caller(client, "GET", PATH)
        wait_for_the_end_of_connections(own_control_plane)
        assert caller(client, "POST", PATH, body=body).status_code < 300
    caller.close()


@pytest.mark.parametrize(
    "value",
    [
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2026 00:00:00 +99999999999999999999",
    ],
)
def test_a_date_beyond_numbers_counts_as_none(
    value: str, control_plane: SampleControlPlane, caller: Caller, waits: Waits
) -> None:
    client = caller.client(control_plane.configuration(), waits)
    caller(client, "GET", PATH)
    control_plane.faults.add("*", Status(503, {"Retry-After": value}))
    with pytest.raises(ServiceException) as caught:
        caller(client, "GET", PATH)
    assert caught.value.attempts == 4


@pytest.mark.parametrize("kind", ["ApiClient", "ThreadedApiClient"])
def test_deadline_of_a_call_that_waits_for_the_token_of_another(
    kind: str, control_plane: SampleControlPlane
) -> None:
    caller = Caller(kind)
    client = caller.client(control_plane.configuration())
    control_plane.faults.add("tokens.grant_token", Delay(3600))
    buyer = threading.Thread(target=caller, args=(client, "GET", PATH))
    buyer.start()
    control_plane.requests.wait_for(1)
    release = threading.Timer(3, control_plane.faults.clear)
    release.start()
    begun = time.monotonic()
    with pytest.raises(ApiTimeoutError):
        caller(client, "GET", PATH, _request_timeout=0.3)
    took = time.monotonic() - begun
    release.cancel()
    control_plane.faults.clear()
    buyer.join()
    caller.close()
    assert took < 2


def test_the_deadline_of_the_buyer_is_not_that_of_the_waiters(
    control_plane: SampleControlPlane,
) -> None:
    caller = Caller("ApiClient")
    client = caller.client(control_plane.configuration())
    control_plane.faults.add("tokens.grant_token", Delay(3600), times=1)
    outcomes: list[Any] = []

    def buy() -> None:
        with pytest.raises(ApiException):
            caller(client, "GET", PATH, _request_timeout=0.5)

    def wait() -> None:
        try:
            outcomes.append(caller(client, "GET", PATH).status_code)
        except ApiException as error:
            outcomes.append(error)

    buyer = threading.Thread(target=buy)
    buyer.start()
    control_plane.requests.wait_for(1)
    waiter = threading.Thread(target=wait)
    waiter.start()
    buyer.join()
    waiter.join()
    caller.close()
    assert outcomes == [200]


def test_a_proxy_that_wants_other_credentials_is_asked_once(caller: Caller, waits: Waits) -> None:
    with ForwardProxy(authorization="Basic x") as proxy:
        configuration = Configuration(
            bearer_token="t", runai_base_url="https://a.example", proxy_url=proxy.url
        )
        with pytest.raises(ApiProxyError):
            caller(caller.client(configuration, waits), "GET", PATH)
    assert len(proxy.seen) == 1


@LINUX
@pytest.mark.parametrize("kind", ["ApiClient", "ThreadedApiClient"])
def test_closing_ends_idle_connections_at_once(
    kind: str, own_control_plane: SampleControlPlane
) -> None:
    """Without the garbage collector, and though a failure is remembered."""
    caller = Caller(kind)
    client = caller.client(own_control_plane.configuration())
    gc.disable()
    try:
        caller.together(client, 4, PATH)
        own_control_plane.faults.add("*", Drop("before", reset=True), times=1)
        with pytest.raises(ApiException):
            caller(client, "POST", PATH, body={"name": "vision", "clusterId": CLUSTER})
        client.close()
        assert connections_to(own_control_plane) == 0
    finally:
        gc.enable()
        caller.close()


def connections_to(control_plane: SampleControlPlane) -> int:
    """Ends of connections to the control plane that this process holds."""
    port = int(control_plane.url.rpartition(":")[2])
    count = 0
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(entry.stat().st_mode):
                with socket.socket(fileno=os.dup(int(entry.name))) as held:
                    count += held.family == socket.AF_INET and held.getpeername()[1] == port
    return count
