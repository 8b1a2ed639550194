"""A bare HTTP/1.1 server of canned answers, in a process of its own, so that it costs little."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import answers

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT = Path(__file__).parents[1]
_CONNECTIONS_WAITING = 1024


@contextmanager
def serving(*, is_apart: bool = True) -> Generator[str]:
    """A server's URL.

    Arguments:
        is_apart: whether it has the last processor for itself, where there is more than one.
    """
    command = "import sys; sys.path.append(sys.argv[1]); from benchmarks import server"
    everywhere = _processors() if is_apart else set()
    _run_on(sorted(everywhere)[-1:])
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", f"{command}; server.main()", str(ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    _run_on(sorted(everywhere)[:-1] or everywhere)
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        if not port:
            raise RuntimeError("the benchmarks' server did not start")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.communicate()
        _run_on(everywhere)


def main() -> None:
    """Serve until standard input ends, which it does with the parent too."""
    asyncio.run(_serve())


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Connection, "127.0.0.1", 0, backlog=_CONNECTIONS_WAITING)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


class _Connection(asyncio.Protocol):
    """One client's connection; requests may come one after the other, not at once."""

    _transport: asyncio.Transport

    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        self._received = b""
        self._transport.write(answers.to(head.split(b" ", 2)[1]))


def _length(head: bytes) -> int:
    if head.startswith(b"GET "):
        return 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _processors() -> set[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


def _run_on(processors: list[int] | set[int]) -> None:
    """Let this process, and those it will start, run on some processors alone."""
    if processors and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, processors)
