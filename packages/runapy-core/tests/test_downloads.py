"""Answers that go to a file, piece by piece."""

from __future__ import annotations

import asyncio
import io
import tracemalloc
from pathlib import Path
from typing import Any, Iterator, List, Optional, Tuple

import pytest
from slow_server import SlowServer

from runai._core.call import Call
from runai.configuration import Configuration
from runai.exceptions import (
    ApiConnectionError,
    ApiTimeoutError,
    ApiTypeError,
    ApiValueError,
    NotFoundException,
    ResponseDecodeError,
)

BODY = bytes(range(256)) * 1200
BINARY = {"Content-Type": "application/octet-stream"}


class Stored:
    """A call that promises a file."""

    def prepare(self, arguments: Any) -> Call:
        return Call("files.get", "GET", "/file", {}, None, ("application/octet-stream",))


class Pipe(io.RawIOBase):
    """A file that cannot go back."""

    def __init__(self) -> None:
        self.got = b""

    def writable(self) -> bool:
        return True

    def write(self, chunk: Any) -> int:
        taken = bytes(chunk)[:1000]
        self.got += taken
        return len(taken)


@pytest.fixture
def client(settings: Any, caller: Any) -> Any:
    return caller.client(Configuration(**settings))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    return path


def test_to_a_path(server: Any, client: Any, caller: Any, wire: Any, target: Path) -> None:
    server.answer = lambda request: wire.reply(200, BODY, BINARY)
    seen: List[Tuple[int, Optional[int]]] = []

    def progress(received: int, total: Optional[int]) -> None:
        assert target.read_bytes() == b"old"
        seen.append((received, total))

    response = caller(client, "GET", "/x", stream_to=target, progress=progress)
    assert target.read_bytes() == BODY
    assert list(target.parent.iterdir()) == [target]
    assert seen == sorted(seen)
    assert seen[-1] == (len(BODY), len(BODY))
    assert (response.path, response.size) == (target, len(BODY))
    assert (response.raw, response.data, response.model) == (b"", None, None)
    assert response.headers["content-type"] == "application/octet-stream"


def test_by_an_operation(server: Any, client: Any, caller: Any, wire: Any, tmp_path: Path) -> None:
    server.answer = lambda request: wire.reply(200, BODY, BINARY)
    new = str(tmp_path / "new.bin")
    response = caller.wait(client.call(Stored(), {}, stream_to=new))
    assert Path(new).read_bytes() == BODY
    assert response.size == len(BODY)


def test_to_an_open_file(server: Any, client: Any, caller: Any, wire: Any) -> None:
    server.answer = lambda request: wire.reply(200, BODY, BINARY)
    file = io.BytesIO()
    file.write(b"before")
    response = caller(client, "GET", "/x", stream_to=file)
    assert file.getvalue() == b"before" + BODY
    assert response.path is None
    assert response.size == len(BODY)


def test_to_a_pipe(server: Any, client: Any, caller: Any, wire: Any) -> None:
    server.answer = lambda request: wire.reply(200, BODY, BINARY)
    pipe = Pipe()
    caller(client, "GET", "/x", stream_to=pipe)
    assert pipe.got == BODY


def test_content_coding_is_removed(
    server: Any, client: Any, caller: Any, wire: Any, target: Path
) -> None:
    headers = {**BINARY, "Content-Encoding": "gzip"}
    server.answer = lambda request: wire.reply(200, wire.zipped(BODY), headers)
    seen: List[Any] = []
    caller(client, "GET", "/x", stream_to=target, progress=lambda *each: seen.append(each))
    assert target.read_bytes() == BODY
    assert seen[-1] == (len(BODY), None)


def test_nothing_is_a_file_too(
    server: Any, client: Any, caller: Any, wire: Any, target: Path
) -> None:
    server.answer = lambda request: wire.reply(200, b"", BINARY)
    assert caller(client, "GET", "/x", stream_to=target).size == 0
    assert target.read_bytes() == b""


def test_a_link_stays_a_link(
    server: Any, client: Any, caller: Any, wire: Any, target: Path
) -> None:
    server.answer = lambda request: wire.reply(200, BODY, BINARY)
    link = target.with_name("link")
    link.symlink_to(target)
    caller(client, "GET", "/x", stream_to=link)
    assert link.is_symlink()
    assert target.read_bytes() == BODY


def test_a_short_answer_changes_nothing(
    server: Any, client: Any, caller: Any, wire: Any, target: Path
) -> None:
    server.answer = lambda request: wire.reply(200, BODY, BINARY, cut_at=200_000)
    with pytest.raises(ApiConnectionError) as caught:
        caller(client, "GET", "/x", stream_to=target)
    assert caught.value.attempts == len(server.calls) == 4
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]


def test_a_repetition_begins_anew(
    server: Any, client: Any, caller: Any, wire: Any, target: Path
) -> None:
    def answer(request: Any) -> Any:
        cut_at = 200_000 if len(server.calls) % 2 else None
        return wire.reply(200, BODY, BINARY, cut_at=cut_at)

    server.answer = answer
    file = io.BytesIO()
    file.write(b"before")
    for place in (target, file):
        caller(client, "GET", "/x", stream_to=place)
    assert target.read_bytes() == BODY
    assert file.getvalue() == b"before" + BODY
    assert len(server.calls) == 4
    assert not any(call.header("Range") for call in server.calls)


def test_what_cannot_go_back_is_not_written_twice(
    server: Any, client: Any, caller: Any, wire: Any
) -> None:
    server.answer = lambda request: wire.reply(200, BODY, BINARY, cut_at=200_000)
    pipe = Pipe()
    with pytest.raises(ApiConnectionError):
        caller(client, "GET", "/x", stream_to=pipe)
    assert len(server.calls) == 1
    assert pipe.got
    assert BODY.startswith(pipe.got)


def test_an_error_is_no_file(
    server: Any, client: Any, caller: Any, wire: Any, target: Path
) -> None:
    server.answer = lambda request: wire.json({"message": "no such file"}, 404)
    with pytest.raises(NotFoundException, match="no such file") as caught:
        caller(client, "GET", "/x", stream_to=target)
    assert caught.value.data == {"message": "no such file"}
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]


def test_an_error_on_the_way_is_no_file(
    server: Any, client: Any, caller: Any, wire: Any, target: Path
) -> None:
    server.answer = lambda request: (
        wire.reply(200, BODY, BINARY) if len(server.calls) > 1 else wire.json({}, 503)
    )
    caller(client, "GET", "/x", stream_to=target)
    assert target.read_bytes() == BODY


def test_a_page_of_a_proxy_is_no_file(
    server: Any, client: Any, caller: Any, wire: Any, target: Path
) -> None:
    server.answer = lambda request: wire.reply(200, b"<p>Sign in", {"Content-Type": "text/html"})
    with pytest.raises(ResponseDecodeError, match="HTML came instead"):
        caller.wait(client.call(Stored(), {}, stream_to=target))
    assert target.read_bytes() == b"old"


def test_a_full_disk(server: Any, client: Any, caller: Any, wire: Any) -> None:
    class Full(io.BytesIO):
        def write(self, chunk: Any) -> int:
            raise OSError(28, "no space left")

    server.answer = lambda request: wire.reply(200, BODY, BINARY)
    with pytest.raises(OSError, match="no space left"):
        caller(client, "GET", "/x", stream_to=Full())
    assert len(server.calls) == 1
    assert caller(client, "GET", "/x").raw == BODY


def test_a_progress_that_fails(
    server: Any, client: Any, caller: Any, wire: Any, target: Path
) -> None:
    def progress(received: int, total: Optional[int]) -> None:
        raise ConnectionError("of the caller's own")

    server.answer = lambda request: wire.reply(200, BODY, BINARY)
    with pytest.raises(ConnectionError, match="of the caller's own"):
        caller(client, "GET", "/x", stream_to=target, progress=progress)
    assert len(server.calls) == 1
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]


def test_what_cannot_be_written_is_refused_before_sending(
    server: Any, client: Any, target: Path
) -> None:
    with target.open("rb") as read_only, target.open("a") as text:
        for options, error, message in (
            ({"stream_to": target.parent}, ApiValueError, "no regular file"),
            ({"stream_to": "/dev/null"}, ApiValueError, "no regular file"),
            ({"stream_to": target / "x"}, ApiValueError, "no such folder"),
            ({"stream_to": 7}, ApiTypeError, "not int"),
            ({"stream_to": text}, ApiTypeError, "writing bytes"),
            ({"stream_to": read_only}, ApiValueError, "not open for writing"),
            ({"progress": print}, ApiValueError, "give stream_to"),
            ({"stream_to": target, "progress": 1}, ApiTypeError, "must be callable"),
        ):
            with pytest.raises(error, match=message):
                client.call_api("GET", "/x", **options)
    assert server.requests == []


def test_memory_stays_flat(caller: Any, target: Path) -> None:
    piece, count = bytes(2**20), 1024

    def pieces(server: SlowServer) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (len(piece) * count)
        for _ in range(count):
            yield piece

    server = SlowServer(pieces)
    try:
        client = caller.client(Configuration(bearer_token="t", runai_base_url=server.url))
        tracemalloc.start()
        response = caller(client, "GET", "/x", stream_to=target)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        server.close()
    assert response.size == target.stat().st_size == len(piece) * count
    target.unlink()
    assert peak < 16 * 2**20


def endless(server: SlowServer) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n"
    while not server.stopped.wait(0.01):
        yield b"." * 2**16


def test_a_time_limit_ends_it(caller: Any, target: Path) -> None:
    server = SlowServer(endless)
    try:
        client = caller.client(Configuration(bearer_token="t", runai_base_url=server.url))
        with pytest.raises(ApiTimeoutError):
            caller(client, "GET", "/x", stream_to=target, _request_timeout=0.5)
        assert server.left.wait(10)
    finally:
        server.close()
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]


def test_cancelling_ends_it(caller: Any, target: Path) -> None:
    if caller.loop is None:
        pytest.skip("has no tasks")
    server = SlowServer(endless)
    try:
        client = caller.client(Configuration(bearer_token="t", runai_base_url=server.url))

        async def start_and_cancel() -> None:
            begun = asyncio.Event()
            call = client.call_api("GET", "/x", stream_to=target, progress=lambda *_: begun.set())
            task = asyncio.ensure_future(call)
            await begun.wait()
            assert len(list(target.parent.iterdir())) == 2
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        caller.loop.run_until_complete(start_and_cancel())
        assert server.left.wait(10)
    finally:
        server.close()
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]
