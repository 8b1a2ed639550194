"""Sharing, copying and closing clients; futures; event loops; forks; logs."""

from __future__ import annotations

import asyncio
import concurrent.futures
import copy
import gc
import logging
import multiprocessing
import pickle
import subprocess
import sys
import threading
import time
import warnings
from typing import Any, cast

import pytest

from runai.api_client import ApiClient, AsyncApiClient, ThreadedApiClient
from runai.configuration import Configuration
from runai.exceptions import (
    ApiException,
    ApiKeyError,
    ApiTypeError,
    ApiValueError,
    NotFoundException,
    OpenApiException,
    ServiceException,
)


def test_closed_client_says_so(server: Any, settings: Any, caller: Any) -> None:
    client = caller.client(Configuration(**settings))
    caller(client, "GET", "/x")
    closing = client.close()
    if caller.loop is not None:
        caller.loop.run_until_complete(closing)
    with pytest.raises(RuntimeError, match="closed"):
        client.call_api("GET", "/x")


def test_copies_work_on_their_own(server: Any, settings: Any, caller: Any) -> None:
    if caller.kind == "session":
        pytest.skip("how a session is copied is its own affair")
    client = caller.client(Configuration(**settings))
    client.user_agent = "mine/1"
    caller(client, "GET", "/1")
    for other in (pickle.loads(pickle.dumps(client)), copy.deepcopy(client)):
        assert caller(other, "GET", "/2").status_code == 200
        assert server.calls[-1].header("User-Agent") == "mine/1"
        closing = other.close()
        if caller.loop is not None:
            caller.loop.run_until_complete(closing)
    assert len(server.token_requests) == 3


def test_each_gets_its_own_answer(server: Any, settings: Any, caller: Any, wire: Any) -> Any:
    server.answer = lambda request: wire.json({"at": request.target})
    client = caller.client(Configuration(**settings))
    if caller.loop is not None:

        async def all_of_them() -> Any:
            calls = [client.call_api("GET", f"/{n}") for n in range(50)]
            return await asyncio.gather(*calls)

        responses = caller.loop.run_until_complete(all_of_them())
    elif caller.kind == "threads":
        responses = [each.get() for each in [client.call_api("GET", f"/{n}") for n in range(50)]]
    else:
        responses = [cast("Any", None)] * 50

        def work(n: Any) -> None:
            responses[n] = client.call_api("GET", f"/{n}")

        threads = [threading.Thread(target=work, args=(n,)) for n in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [each.data["at"] for each in responses] == [f"/{n}" for n in range(50)]


def test_more_threads_than_connections_is_nothing_to_warn_of(
    server: Any, settings: Any, wire: Any, caplog: Any
) -> Any:
    barrier = threading.Barrier(8)

    def answer(request: Any) -> Any:
        barrier.wait(10)
        return wire.reply()

    server.answer = answer
    client = ApiClient(Configuration(**settings).replace(pool_maxsize=1))
    threads = [threading.Thread(target=client.call_api, args=("GET", "/x")) for _ in range(8)]
    with caplog.at_level(logging.WARNING):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert caplog.records == []
    assert len(server.calls) == 8
    client.close()


def test_logs_hold_no_secrets(
    server: Any, settings: Any, caller: Any, wire: Any, caplog: Any
) -> None:
    with caplog.at_level(logging.DEBUG):
        client = caller.client(Configuration(**settings))
        caller(client, "POST", "/some/path?key=hunter2", body={"password": "hunter3"})
    ours = [each for each in caplog.records if each.name.startswith("runai")]
    assert [each.levelno for each in ours] == [logging.DEBUG] * 2
    assert ours[1].getMessage().startswith("POST /some/path: 200 in ")
    text = " ".join(each.getMessage() for each in ours)
    token = server.calls[0].header("Authorization").split()[1]
    for secret in (wire.secret, token, "hunter2", "hunter3"):
        assert secret not in text


def test_debug_raises_the_level(server: Any, settings: Any, caller: Any, caplog: Any) -> None:
    with caplog.at_level(logging.INFO, logger="runai"):
        caller(caller.client(Configuration(**settings, debug=True)), "GET", "/x")
    assert [each.levelno for each in caplog.records if each.name == "runai"] == [logging.INFO] * 2


def test_closing_ends_a_wait(server: Any, settings: Any, caller: Any, wire: Any) -> Any:
    asked = threading.Event()

    def answer(request: Any) -> Any:
        asked.set()
        return wire.json({}, 503, **{"Retry-After": "60"})

    server.answer = answer
    client = caller.client(Configuration(**settings))
    started = time.monotonic()
    outcome = []
    if caller.loop is not None:

        async def call_and_close() -> Any:
            call = asyncio.ensure_future(client.call_api("GET", "/x"))
            while not client._resources.driver._sleepers:  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0.01)
            await client.close()
            return await asyncio.gather(call, return_exceptions=True)

        outcome = caller.loop.run_until_complete(call_and_close())
    else:

        def call() -> None:
            try:
                caller(client, "GET", "/x")
            except ApiException as error:
                outcome.append(error)

        thread = threading.Thread(target=call)
        thread.start()
        assert asked.wait(10)
        client.close()
        thread.join()
    assert [type(each) for each in outcome] == [ServiceException]
    assert time.monotonic() - started < 30


def test_user_is_told_of_a_wrong_configuration(caller: Any) -> None:
    with pytest.raises(ApiTypeError, match="must be a Configuration, not dict"):
        caller.client({})


class TestFutures:
    @pytest.fixture
    def client(self, server: Any, settings: Any) -> Any:
        with ThreadedApiClient(Configuration(**settings), 2) as client:
            yield client

    def test_states(self, server: Any, client: Any, wire: Any) -> None:
        go = threading.Event()
        server.answer = lambda request: (go.wait(10), wire.json({"a": 1}))[1]
        future = client.call_api("GET", "/x")
        assert not future.ready()
        with pytest.raises(ValueError, match="not ended"):
            future.successful()
        with pytest.raises(concurrent.futures.TimeoutError):
            future.get(0.01)
        go.set()
        future.wait(10)
        assert future.ready()
        assert future.successful()
        assert future.get().data == future.result().data == {"a": 1}

    def test_failure(self, server: Any, client: Any, wire: Any) -> None:
        server.answer = lambda request: wire.json({}, 404)
        future = client.call_api("GET", "/x")
        future.wait()
        assert not future.successful()
        with pytest.raises(NotFoundException):
            future.get()

    def test_failure_that_nobody_asks_for_is_logged(
        self, server: Any, client: Any, wire: Any, caplog: Any
    ) -> None:
        server.answer = lambda request: wire.json({"message": "unseen"}, 404)
        future = client.call_api("GET", "/x")
        future.wait()
        del future
        gc.collect()
        for _ in range(500):
            if "unseen" in caplog.text:
                break
            time.sleep(0.01)
        assert "GET /x: 404" in caplog.text

    def test_all_calls_end_before_closing(self, server: Any, settings: Any) -> None:
        with ThreadedApiClient(Configuration(**settings), 2) as client:
            futures = [client.call_api("GET", "/x") for _ in range(10)]
        assert all(each.successful() for each in futures)

    def test_size_is_checked(self, settings: Any) -> None:
        with pytest.raises(ValueError, match="pool_size=0"):
            ThreadedApiClient(Configuration(**settings), 0)


@pytest.mark.aiohttp
class TestEventLoops:
    def test_one_loop_after_another(self, server: Any, settings: Any) -> None:
        clients = [AsyncApiClient(Configuration(**settings))]

        async def twice() -> None:
            await clients[0].call_api("GET", "/x")
            await clients[0].call_api("GET", "/x")

        # What other tests left is not meant.
        gc.collect()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            asyncio.run(twice())
            asyncio.run(twice())
            clients.clear()
            gc.collect()
        assert len(server.calls) == 4
        assert len(server.token_requests) == 1

    def test_forgotten_client_leaves_nothing_open(self, server: Any, settings: Any) -> None:
        async def call() -> None:
            await AsyncApiClient(Configuration(**settings)).call_api("GET", "/x")
            gc.collect()

        # What other tests left is not meant.
        gc.collect()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            asyncio.run(call())
            gc.collect()

    def test_context_manager(self, server: Any, settings: Any) -> None:
        async def call() -> None:
            async with AsyncApiClient(Configuration(**settings)) as client:
                await client.call_api("GET", "/x")
            with pytest.raises(RuntimeError, match="closed"):
                await client.call_api("GET", "/x")
            await client.aclose()

        asyncio.run(call())
        misused: Any = AsyncApiClient(Configuration(**settings))
        with pytest.raises(TypeError, match="async with"), misused:
            pass

    def test_cancelled_leader_lets_the_next_one_buy(
        self, server: Any, settings: Any, wire: Any
    ) -> Any:
        grant = server.grant
        first, go = threading.Event(), threading.Event()

        def slow(request: Any) -> Any:
            if not first.is_set():
                first.set()
                go.wait(10)
            return grant(request)

        server.grant = slow

        async def race() -> Any:
            async with AsyncApiClient(Configuration(**settings)) as client:
                leader = asyncio.ensure_future(client.call_api("GET", "/leader"))
                await asyncio.get_running_loop().run_in_executor(None, first.wait, 10)
                waiter = asyncio.ensure_future(client.call_api("GET", "/waiter"))
                await asyncio.sleep(0)
                leader.cancel()
                response = await asyncio.wait_for(waiter, 10)
                go.set()
                return response

        assert asyncio.run(race()).status_code == 200
        assert [each.target for each in server.calls] == ["/waiter"]


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("kind", ["requests", "urllib3", "threads"])
def test_forked_children_get_their_own_answers(
    server: Any, settings: Any, wire: Any, kind: Any
) -> Any:
    if sys.platform == "win32":
        pytest.skip("no fork")
    server.answer = lambda request: wire.json({"at": request.target})
    configuration = Configuration(**settings)
    client: Any = (
        ThreadedApiClient(configuration)
        if kind == "threads"
        else ApiClient(configuration, transport=kind)
    )

    def at(path: Any) -> Any:
        response = client.call_api("GET", path)
        return (response.get(20) if kind == "threads" else response).data["at"]

    assert at("/parent") == "/parent"
    context = multiprocessing.get_context("fork")
    results = context.SimpleQueue()

    def child(number: Any) -> None:
        results.put([at(f"/{number}/{n}") == f"/{number}/{n}" for n in range(5)])

    children = [context.Process(target=child, args=(number,)) for number in range(3)]
    for each in children:
        each.start()
    for each in children:
        each.join(60)
    assert [each.exitcode for each in children] == [0] * 3
    assert [results.get() for _ in children] == [[True] * 5] * 3
    assert at("/parent/again") == "/parent/again"
    client.close()


@pytest.mark.parametrize(
    ("client", "absent"),
    [
        ("ApiClient", ["pydantic", "pydantic_core", "aiohttp", "asyncio", "requests"]),
        ("AsyncApiClient", ["pydantic", "pydantic_core", "aiohttp", "requests", "urllib3"]),
    ],
)
def test_importing_brings_no_library(client: Any, absent: Any) -> None:
    program = (
        "import sys; from runai.configuration import Configuration;"
        f"from runai.api_client import {client};"
        f"print([name for name in {absent!r} if name in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, check=True, text=True
    )
    assert found.stdout.strip() == "[]"


def test_without_aiohttp() -> None:
    program = (
        "import sys; sys.modules['aiohttp'] = None;"
        "from runai.configuration import Configuration;"
        "from runai.api_client import AsyncApiClient;"
        "AsyncApiClient(Configuration(bearer_token='a', runai_base_url='https://x'))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], stderr=subprocess.PIPE, text=True, check=False
    )
    assert (
        'ImportError: AsyncApiClient needs aiohttp: pip install "runapy-core[async]"'
        in found.stderr
    )


def all_exceptions() -> Any:
    pending, found = [OpenApiException], []
    while pending:
        found.append(pending.pop())
        pending.extend(found[-1].__subclasses__())
    return [each for each in found if each.__module__ == "runai.exceptions"]


@pytest.mark.parametrize("kind", all_exceptions(), ids=lambda kind: kind.__name__)
def test_exceptions_can_be_copied(kind: Any) -> None:
    if issubclass(kind, ApiException):
        error = kind(
            404, "Not Found", body="{}", data={"message": "m"}, url="http://x/p", attempts=2
        )
    else:
        error = kind("wrong", ["a", 0])
    for other in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error), copy.copy(error)):
        assert type(other) is kind
        assert str(other) == str(error)
        assert other.__dict__ == error.__dict__


def test_constructors_of_older_scripts() -> None:
    error = ApiException(status=404, reason="x")
    assert (error.status, error.reason, error.body, error.data, error.headers) == (
        404, "x", None, None, None,
    )  # fmt: skip
    assert str(error) == "404 x"
    assert str(ApiException()) == "ApiException"
    assert str(ApiValueError("bad", ["a", 0])) == "bad at ['a'][0]"
    assert str(ApiKeyError("bad")) == "bad"
