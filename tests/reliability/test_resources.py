"""Connections are kept, replaced and given back; nothing is left behind."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import multiprocessing
import os
import pickle
import select
import socket
import stat
import subprocess
import sys
import threading
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from runai.api_client import ApiClient, AsyncApiClient
from runai.exceptions import ApiException, NotFoundException
from runai.testing import SampleControlPlane
from runai.testing.faults import CutBody, Drop, Fault, Status

from .callers import Caller, Waits

PATH = "/api/v1/org-unit/projects"
LINUX = pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="descriptors are looked up in /proc"
)
CLUSTER = "5e1a7c3b-6d8f-4b0e-9b4e-2f4f0a3d9c11"


def descriptors() -> int:
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


def tasks_of(caller: Caller) -> int:
    return len(asyncio.all_tasks(caller.loop))


@LINUX
def test_many_calls_leave_nothing_behind(control_plane: SampleControlPlane, caller: Caller) -> None:
    client = caller.client(control_plane.configuration())
    control_plane.respond("projects.get_projects", body=b"{}")

    def call(count: int) -> None:
        for number in range(count):
            method = "GET" if number % 4 == 1 else "POST"
            if number % 2:
                with pytest.raises(NotFoundException):
                    caller(client, method, "/api/v1/no-such-thing")
            else:
                caller(client, "GET", PATH)

    call(8)
    before = (descriptors(), threading.active_count(), tasks_of(caller))
    call(10_000)
    after = (descriptors(), threading.active_count(), tasks_of(caller))
    # Fewer where the server has ended connections of earlier tests meanwhile.
    assert all(now <= then for now, then in zip(after, before))
    # Error answers, too, gave their connection back.
    assert control_plane.connections <= 4


@LINUX
@pytest.mark.parametrize(
    "fault",
    [Drop("before", reset=True), Drop("during"), CutBody(), CutBody(chunked=True), Status(503)],
    ids=str,
)
def test_failures_leave_nothing_behind(
    fault: Fault, control_plane: SampleControlPlane, caller: Caller, waits: Waits
) -> None:
    client = caller.client(control_plane.configuration(), waits)
    caller(client, "GET", PATH)
    before = descriptors()
    control_plane.faults.add("*", fault)
    for _ in range(25):
        with pytest.raises(ApiException):
            caller(client, "GET", PATH)
    control_plane.faults.clear()
    caller(client, "GET", PATH)
    # The client's end and the server's, which may be late to notice.
    assert descriptors() <= before + 4


def wait_for_the_end_of_connections(control_plane: SampleControlPlane) -> None:
    """Wait until each connection to the control plane was ended by it, as its other end sees it."""
    port = urlsplit(control_plane.url).port
    for descriptor in (int(each.name) for each in Path("/proc/self/fd").iterdir()):
        try:
            if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                continue
            copy = os.dup(descriptor)
        except OSError:
            continue  # that of the listing itself, or one that its thread has closed by now
        with socket.socket(fileno=copy) as other, contextlib.suppress(OSError):
            if other.family == socket.AF_INET and other.getpeername()[1] == port:
                poll = select.poll()
                poll.register(other, select.POLLIN)
                assert poll.poll(5000)


@LINUX
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_connection_that_the_server_closed_is_replaced(
    method: str, own_control_plane: SampleControlPlane, caller: Caller, waits: Waits
) -> None:
    """Of a POST, too: it is seen before anything is sent."""
    client = caller.client(own_control_plane.configuration().replace(pool_maxsize=1), waits)
    body = {"body": {"name": "vision", "clusterId": CLUSTER, "resources": []}}
    arguments = body if method == "POST" else {}
    caller(client, "GET", PATH)
    for _ in range(3):
        own_control_plane.faults.add("*", Drop("after", sent=None), times=1)
        caller(client, "GET", PATH)
        wait_for_the_end_of_connections(own_control_plane)
        assert caller(client, method, PATH, **arguments).status_code < 300
    assert waits.seconds == []
    assert len(own_control_plane.requests) == 1 + 1 + 3 * 2


@pytest.mark.parametrize("kind", ["ApiClient", "ThreadedApiClient"])
def test_threads_of_a_closed_client_end(kind: str, control_plane: SampleControlPlane) -> None:
    caller = Caller(kind)
    before = set(threading.enumerate())
    client = caller.client(control_plane.configuration())
    caller.together(client, 8, PATH)
    ours = [each for each in threading.enumerate() if each.name.startswith("runai_")]
    assert bool(ours) is (kind == "ThreadedApiClient")
    caller.close()
    left = set(threading.enumerate()) - before
    assert not [each for each in left if each.name.startswith("runai_")]


@pytest.mark.parametrize("kind", ["ApiClient", "ThreadedApiClient"])
def test_nothing_warns_when_a_client_is_forgotten(
    kind: str, control_plane: SampleControlPlane
) -> None:
    # What earlier tests left is not this client's.
    gc.collect()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        caller = Caller(kind)
        caller(caller.client(control_plane.configuration()), "GET", PATH)
        caller._clients.clear()
        caller.close()
        gc.collect()


WORKER = """
import asyncio, pickle, sys
client = pickle.load(sys.stdin.buffer)
async def call():
    async with client:
        return [await client.call_api("GET", sys.argv[2]) for _ in range(2)]
if sys.argv[1] == "AsyncApiClient":
    answers = asyncio.run(call())
else:
    with client:
        answers = [client.call_api("GET", sys.argv[2]) for _ in range(2)]
        if sys.argv[1] == "ThreadedApiClient":
            answers = [each.get(30) for each in answers]
pickle.dump(answers, sys.stdout.buffer)
"""


def test_a_worker_gets_a_pickled_client(control_plane: SampleControlPlane, caller: Caller) -> None:
    """As a spawned process does; and gives its answers back."""
    client = caller.client(control_plane.configuration())
    caller(client, "GET", PATH)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WORKER, caller.kind, PATH],
        input=pickle.dumps(client),
        stdout=subprocess.PIPE,
        check=True,
    )
    answers = pickle.loads(done.stdout)
    assert [each.status_code for each in answers] == [200, 200]
    assert len(answers[0].data["projects"]) == control_plane.total_items
    assert len(control_plane.requests.of("tokens.grant_token")) == 2


def test_a_pool_of_spawned_processes_calls_a_method_of_the_client(
    control_plane: SampleControlPlane,
) -> None:
    context = multiprocessing.get_context("spawn")
    client = ApiClient(control_plane.configuration())
    with client, ProcessPoolExecutor(1, mp_context=context) as pool:
        answers = [pool.submit(client.call_api, "GET", PATH).result(60) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200]


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_forked_children(control_plane: SampleControlPlane, caller: Caller) -> None:
    if "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("no fork here")
    client = caller.client(control_plane.configuration())
    caller(client, "GET", PATH)
    context = multiprocessing.get_context("fork")
    results = context.SimpleQueue()

    def child() -> None:
        # The parent's event loop is not the child's to run.
        caller.loop = asyncio.new_event_loop()
        results.put([caller(client, "GET", PATH).status_code for _ in range(2)])
        caller.close_client(client)

    children = [context.Process(target=child) for _ in range(2)]
    for each in children:
        each.start()
    for each in children:
        each.join(60)
    assert [each.exitcode for each in children] == [0, 0]
    assert [results.get() for _ in children] == [[200, 200]] * 2
    assert caller(client, "GET", PATH).status_code == 200


@pytest.mark.aiohttp
def test_one_client_in_one_event_loop_after_another(control_plane: SampleControlPlane) -> None:
    client = AsyncApiClient(control_plane.configuration())

    async def three() -> list[int]:
        calls = [client.call_api("GET", PATH) for _ in range(3)]
        return [each.status_code for each in await asyncio.gather(*calls)]

    assert [asyncio.run(three()) for _ in range(3)] == [[200] * 3] * 3
    asyncio.run(client.close())
    assert len(control_plane.requests.of("tokens.grant_token")) == 1


@pytest.mark.aiohttp
def test_one_client_in_event_loops_of_several_threads(control_plane: SampleControlPlane) -> None:
    client = AsyncApiClient(control_plane.configuration())
    outcomes: list[int] = []

    async def call() -> None:
        outcomes.append((await client.call_api("GET", PATH)).status_code)

    threads = [threading.Thread(target=lambda: asyncio.run(call())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [200] * 6
    assert len(control_plane.requests.of("tokens.grant_token")) == 1
    asyncio.run(client.close())


def test_the_pool_keeps_as_many_connections_as_it_says(control_plane: SampleControlPlane) -> None:
    client = ApiClient(control_plane.configuration().replace(pool_maxsize=2))
    caller = Caller("ApiClient")
    caller.together(client, 8, PATH)
    opened = control_plane.connections
    for _ in range(5):
        client.call_api("GET", PATH)
    assert control_plane.connections == opened
    client.close()
    caller.close()
