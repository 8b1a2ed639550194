"""A call that has a time limit ends with it, however little at a time the server sends."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import re
import socket
import threading
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any, Callable, Iterator, List

import pytest
from slow_server import SlowServer

from runai._core.delivery import Timing
from runai.configuration import Configuration
from runai.exceptions import ApiTimeoutError

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
SIZED = HEAD + b"Content-Length: 1000000\r\n\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
TO_THE_END = HEAD + b"Connection: close\r\n\r\n"


@pytest.fixture
def slow_server() -> Iterator[Callable[..., SlowServer]]:
    made: List[SlowServer] = []

    def make(pieces: Callable[[SlowServer], Iterator[bytes]]) -> SlowServer:
        made.append(SlowServer(pieces))
        return made[-1]

    yield make
    for each in made:
        each.close()


def bearer(url: str) -> Configuration:
    return Configuration(bearer_token="t", runai_base_url=url, retry_backoff_factor=0)


def dripping(start: bytes, drop: bytes) -> Callable[[SlowServer], Iterator[bytes]]:
    def pieces(server: SlowServer) -> Iterator[bytes]:
        yield start
        while not server.stopped.wait(0.02):
            yield drop

    return pieces


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (SIZED, b" "),
        (CHUNKED, b"1\r\n \r\n"),
        (CHUNKED + b"1;", b"x"),
        (TO_THE_END, b" "),
        (HEAD + b"X-Endless: ", b"x"),
    ],
    ids=["sized", "chunked", "chunk-head", "to-the-end", "head"],
)
def test_a_dripping_server_is_given_up(
    slow_server: Any, caller: Any, start: bytes, drop: bytes
) -> None:
    if caller.kind == "session" and drop == b"x" and start.startswith(HEAD + b"X-"):
        pytest.skip("the head of an answer is read by the adapters of the session's owner")
    server = slow_server(dripping(start, drop))
    client = caller.client(bearer(server.url))
    started = time.monotonic()
    with pytest.raises(ApiTimeoutError, match="GET /x: no answer in time") as caught:
        caller(client, "GET", "/x", _request_timeout=0.5)
    assert time.monotonic() - started < 20
    assert caught.value.attempts == server.connections == 1
    assert server.left.wait(10)


def test_a_dripping_server_is_heard_out_without_a_limit(slow_server: Any, caller: Any) -> None:
    def pieces(server: SlowServer) -> Iterator[bytes]:
        yield HEAD + b"Content-Length: 20\r\n\r\n"
        for digit in b"1" * 20:
            server.stopped.wait(0.005)
            yield bytes([digit])

    server = slow_server(pieces)
    assert caller(caller.client(bearer(server.url)), "GET", "/x").data == int("1" * 20)


def test_the_clock_decides(slow_server: Any, caller: Any) -> None:
    """A second passes with every byte, though none does on the machine's clock."""
    now = [0.0]

    def pieces(server: SlowServer) -> Iterator[bytes]:
        yield SIZED
        while not server.stopped.wait(0.001):
            now[0] += 1
            yield b" "

    server = slow_server(pieces)
    client = caller.client(bearer(server.url), _timing=Timing(monotonic=lambda: now[0]))
    with pytest.raises(ApiTimeoutError), Path("/dev/null").open("wb") as nowhere:
        caller(client, "GET", "/x", _request_timeout=20, stream_to=nowhere)
    assert server.left.wait(10)
    assert now[0] >= 20


def test_a_limit_is_of_one_call_alone(caller: Any) -> None:
    """The next call on the same connection has the usual patience, already when it sends."""
    if caller.kind == "session" and version("urllib3").startswith("1."):
        pytest.skip("urllib3 1.26 leaves the timeout on the connections of the session's owner")
    body = bytes(2**25)
    sizes: List[int] = []

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as file:
            for _ in range(2):
                head = b"".join(iter(file.readline, b"\r\n"))
                length = int(
                    re.findall(rb"(?i)content-length: (\d+)", head + b"Content-Length: 0")[0]
                )
                # Longer than the first call may take.
                threading.Event().wait(0.6 if length else 0)
                sizes.append(len(file.read(length)))
                connection.sendall(HEAD + b"Content-Length: 2\r\n\r\n{}")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        client = caller.client(bearer(f"http://127.0.0.1:{listener.getsockname()[1]}"))
        caller(client, "GET", "/x", _request_timeout=0.4)
        caller(client, "POST", "/x", body=body)
        thread.join()
    assert sizes == [0, len(body)]


def test_a_future_that_is_not_ready(server: Any, settings: Any, caller: Any, wire: Any) -> None:
    if caller.kind != "threads":
        pytest.skip("has no futures")
    go_on = threading.Event()

    def answer(request: Any) -> Any:
        go_on.wait(30)
        return wire.reply()

    server.answer = answer
    future = caller.client(Configuration(**settings)).call_api("GET", "/x")
    for known in (concurrent.futures.TimeoutError, multiprocessing.TimeoutError):
        with pytest.raises(known, match=r"not ended after 0\.01 s"):
            future.get(0.01)
    go_on.set()
    assert future.get(30).status_code == 200


def test_a_timeout_that_the_call_ended_with(settings: Any, caller: Any) -> None:
    if caller.kind != "threads":
        pytest.skip("has no futures")

    def hook(info: Any) -> None:
        raise concurrent.futures.TimeoutError("of the hook")

    client = caller.client(Configuration(**settings, on_request=hook))
    future = client.call_api("GET", "/x")
    future.wait(30)
    with pytest.raises(concurrent.futures.TimeoutError, match="of the hook") as caught:
        future.get(30)
    assert not isinstance(caught.value, multiprocessing.TimeoutError)
