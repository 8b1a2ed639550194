"""A wait ends at once when its caller gives up or the client is closed, and leaves nothing."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest

from runai.exceptions import ApiException, ApiTimeoutError, ServiceException
from runai.testing import SampleControlPlane
from runai.testing.faults import Delay, Status

from .callers import Beginning, Caller, in_thread

PATH = "/api/v1/org-unit/projects"
LONG = Status(503, {"Retry-After": "60"})
AT_ONCE = 10


@pytest.fixture
def beginning() -> Beginning:
    return Beginning()


@pytest.fixture(autouse=True)
def _at_once() -> Iterator[None]:
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < AT_ONCE


@contextmanager
def nothing_left(control_plane: SampleControlPlane) -> Generator[None]:
    """Checks that no thread and no connection is left at the end."""
    threads = set(threading.enumerate())
    yield
    until = time.monotonic() + 5
    # The server notices closed connections in its own time.
    while set(threading.enumerate()) - threads and time.monotonic() < until:
        time.sleep(0.01)
    assert set(threading.enumerate()) - threads == set()


PROGRAM = """
import logging, signal, sys, threading
from runai.api_client import ApiClient, ThreadedApiClient
from runai.configuration import Configuration
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
configuration = Configuration("test-client-id", "test-client-secret", runai_base_url=sys.argv[2])
clients = {"ApiClient": ApiClient, "ThreadedApiClient": ThreadedApiClient}
client = clients[sys.argv[1]](configuration)
try:
    started = client.call_api("GET", sys.argv[3])
    started.get()
except KeyboardInterrupt:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    client.close()
    print("interrupted, threads:", threading.active_count())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for one process alone")
@pytest.mark.parametrize("kind", ["ApiClient", "ThreadedApiClient"])
def test_keyboard_interrupt(kind: str, control_plane: SampleControlPlane) -> None:
    control_plane.faults.add("projects.get_projects", LONG)
    arguments = [sys.executable, "-c", PROGRAM, kind, control_plane.url, PATH]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        # It waits when it has logged the answer.
        assert any("503" in line for line in program.stdout)
        while program.poll() is None:
            # One that comes just before the lock is taken is heard only with the next.
            program.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(1)
        assert program.returncode == 0
        assert "interrupted, threads: 1\n" in program.stdout.read()
    assert len(control_plane.requests.of("projects.get_projects")) == 1


@pytest.mark.aiohttp
@pytest.mark.parametrize("where", ["between repetitions", "for the answer", "for the token"])
def test_cancelled_task(
    control_plane: SampleControlPlane, beginning: Beginning, where: str
) -> None:
    fault = LONG if where == "between repetitions" else Delay(3600)
    scope = "tokens.grant_token" if where == "for the token" else "projects.get_projects"

    async def cancel() -> None:
        client = caller.client(control_plane.configuration())
        caller.intercept(client, beginning.watched)
        await client.call_api("GET", PATH)
        control_plane.requests.clear()
        control_plane.faults.add(scope, fault)
        if where == "for the token":
            tokens = client._resources.terms.tokens
            tokens.reject(tokens._held.token)
        tasks = set(asyncio.all_tasks())
        call = asyncio.ensure_future(client.call_api("GET", PATH))
        if where == "between repetitions":
            await in_thread(beginning.wait_for)
        else:
            await in_thread(control_plane.requests.wait_for, 1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert set(asyncio.all_tasks()) == tasks
        # Whatever was under way holds up nobody else.
        control_plane.faults.clear()
        assert (await client.call_api("GET", PATH)).status_code == 200

    with nothing_left(control_plane):
        caller = Caller("AsyncApiClient")
        caller.loop.run_until_complete(cancel())
        caller.close()


@pytest.mark.aiohttp
def test_wait_for_of_asyncio(control_plane: SampleControlPlane) -> None:
    caller = Caller("AsyncApiClient")
    client = caller.client(control_plane.configuration())
    control_plane.faults.add("projects.get_projects", LONG)

    async def call() -> None:
        await asyncio.wait_for(client.call_api("GET", PATH), 0.3)

    with pytest.raises(asyncio.TimeoutError):
        caller.loop.run_until_complete(call())
    assert len(control_plane.requests.of("projects.get_projects")) == 1
    caller.close()


def test_closing_ends_waits_of_all(
    control_plane: SampleControlPlane, caller: Caller, beginning: Beginning
) -> None:
    """The answer that each call had got is raised, and no call is sent again."""
    control_plane.faults.add("projects.get_projects", LONG)
    outcomes: list[object] = []
    with nothing_left(control_plane):
        client = caller.client(control_plane.configuration())
        caller.intercept(client, beginning.watched)

        async def tasks() -> None:
            calls = [asyncio.ensure_future(client.call_api("GET", PATH)) for _ in range(3)]
            await in_thread(beginning.wait_for, 3)
            await client.close()
            outcomes.extend(await asyncio.gather(*calls, return_exceptions=True))

        def call() -> None:
            try:
                caller(client, "GET", PATH)
            except ApiException as error:
                outcomes.append(error)

        if caller.is_async:
            caller.loop.run_until_complete(tasks())
        else:
            threads = [threading.Thread(target=call) for _ in range(3)]
            for thread in threads:
                thread.start()
            beginning.wait_for(3)
            client.close()
            for thread in threads:
                thread.join()
    assert [type(each) for each in outcomes] == [ServiceException] * 3
    assert len(control_plane.requests.of("projects.get_projects")) == 3


def test_a_timeout_gives_its_connection_up(
    control_plane: SampleControlPlane, caller: Caller
) -> None:
    """A late answer must not be read as that of the next call."""
    client = caller.client(control_plane.configuration().replace(retry_enabled=False))
    caller(client, "GET", PATH)
    control_plane.faults.add("projects.get_projects", Delay(3600, Status(418)), times=1)
    with pytest.raises(ApiTimeoutError):
        caller(client, "GET", PATH, _request_timeout=(5, 0.05))
    control_plane.faults.clear()
    assert caller(client, "GET", PATH).status_code == 200
    assert control_plane.connections == 2
