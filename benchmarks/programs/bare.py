"""What a careful user would write with each transport library, for calls made over and over.

One session or pool for all calls, timeouts, the headers that our clients send, a look at the
status, and the body read to its end.
"""

from __future__ import annotations

import asyncio
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import urllib3

from benchmarks import answers

if TYPE_CHECKING:
    from benchmarks.worker import Operation

_CONNECT, _READ = 10, 60


def requests_calls(url: str, target: str, decode: str) -> Operation:
    """A session of requests; decodes JSON if `decode` is "json"."""
    import requests

    session = requests.Session()
    session.headers.update(_headers(url))

    def operation(count: int) -> None:
        for _ in range(count):
            answer = session.get(url + target, timeout=(_CONNECT, _READ))
            _check(answer.status_code)
            _used(answer.content, decode)

    return operation


def urllib3_calls(url: str, target: str, decode: str) -> Operation:
    """A pool manager of urllib3; decodes JSON if `decode` is "json"."""
    pool, headers = _pool(1), _headers(url)

    def operation(count: int) -> None:
        for _ in range(count):
            _used(_answer(pool, url + target, headers), decode)

    return operation


def urllib3_calls_in_thread(url: str, target: str, decode: str) -> Operation:
    """The same, each call handed to a thread and waited for."""
    pool, headers = _pool(1), _headers(url)
    threads = ThreadPoolExecutor(4)

    def operation(count: int) -> None:
        for _ in range(count):
            _used(threads.submit(_answer, pool, url + target, headers).result(), decode)

    return operation


def urllib3_threads(url: str, target: str, width: str) -> Operation:
    """A pool manager that so many threads share."""
    pool, headers = _pool(int(width)), _headers(url)
    threads = ThreadPoolExecutor(int(width))

    def operation(count: int) -> None:
        futures = [threads.submit(_answer, pool, url + target, headers) for _ in range(count)]
        for future in futures:
            future.result()

    return operation


def aiohttp_calls(url: str, target: str, decode: str) -> Operation:
    """A session of aiohttp; decodes JSON if `decode` is "json"."""
    loop, session = _aiohttp_session(url)

    async def main(count: int) -> None:
        for _ in range(count):
            _used(await _aiohttp_answer(session, url + target), decode)

    return lambda count: loop.run_until_complete(main(count))


def aiohttp_tasks(url: str, target: str, width: str) -> Operation:
    """A session of aiohttp that so many tasks share."""
    loop, session = _aiohttp_session(url)

    async def main(count: int) -> None:
        for _ in range(count):
            calls = [_aiohttp_answer(session, url + target) for _ in range(int(width))]
            await asyncio.gather(*calls)

    return lambda count: loop.run_until_complete(main(count))


def json_loads(url: str, target: str) -> Operation:
    """The standard library's decoder alone, on bytes that are there already."""
    content = _answer(_pool(1), url + target, _headers(url))

    def operation(count: int) -> None:
        for _ in range(count):
            json.loads(content)

    return operation


def _headers(url: str) -> dict[str, str]:
    token = json.loads(_answer(_pool(1), url + answers.TOKEN, {}))["accessToken"]
    return {
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
        "Authorization": f"Bearer {token}",
        "User-Agent": f"runapy/1.0.0 python/{sys.version_info[0]}.{sys.version_info[1]}",
    }


def _pool(connections: int) -> urllib3.PoolManager:
    timeout = urllib3.Timeout(connect=_CONNECT, read=_READ)
    return urllib3.PoolManager(maxsize=connections, timeout=timeout)


def _answer(pool: urllib3.PoolManager, url: str, headers: dict[str, str]) -> bytes:
    answer = pool.request("GET", url, headers=headers)
    _check(answer.status)
    return answer.data


def _aiohttp_session(url: str) -> tuple[asyncio.AbstractEventLoop, Any]:
    import aiohttp

    async def opened() -> aiohttp.ClientSession:
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT, sock_read=_READ)
        return aiohttp.ClientSession(headers=_headers(url), timeout=timeout)

    loop = asyncio.new_event_loop()
    return loop, loop.run_until_complete(opened())


async def _aiohttp_answer(session: Any, url: str) -> bytes:
    async with session.get(url) as answer:
        _check(answer.status)
        content: bytes = await answer.read()
        return content


def _check(status: int) -> None:
    if status != 200:
        raise RuntimeError(f"the benchmarks' server answered {status}")


def _used(content: bytes, decode: str) -> object:
    return json.loads(content) if decode == "json" else content
