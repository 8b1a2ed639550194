"""What is done with a client over and over: the same code for ours and for the peer's."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from benchmarks.programs.beginning import typed

if TYPE_CHECKING:
    from benchmarks.worker import Operation

_PAGE = "GetWorkloads200Response"
_Use = Callable[[Any], object]


def small_calls(url: str, kind: str) -> Operation:
    """One small call after the other, up to its bytes."""
    client = _client(url, kind, 4)
    return _repeated(kind, lambda: client.organizations.projects.get_project("42"), _bytes_of)


def calls_under_way(url: str, kind: str, width: str) -> Operation:
    """So many small calls at once: threads that are never without work, or tasks in batches."""
    # The peer opens no more connections than these; ours and aiohttp's own default are 100.
    connections = 100 if kind == "AsyncApiClient" else int(width)
    client = _client(url, kind, connections)

    def call() -> Any:
        return client.organizations.projects.get_project("42")

    def threads(count: int) -> None:
        for future in [call() for _ in range(count)]:
            _bytes_of(future.get())

    async def batches(count: int) -> None:
        for _ in range(count):
            for answer in await asyncio.gather(*(call() for _ in range(int(width)))):
                _bytes_of(answer)

    if kind == "ThreadedApiClient":
        return threads
    return _in_loop(batches)


def pages(url: str, kind: str, items: str, view: str) -> Operation:
    """One page of workloads after the other, as data or as models."""
    client = _client(url, kind, 4)
    use: _Use = _data_of if view == "data" else lambda answer: typed(answer, _PAGE)
    return _repeated(kind, lambda: client.workloads.workloads.get_workloads(limit=int(items)), use)


def models_of_answers(url: str, items: str) -> Operation:
    """The models of pages that are there already; only what makes the models counts."""
    client = _client(url, "ApiClient", 4)

    def operation(count: int) -> float:
        seconds = 0.0
        for _ in range(count):
            answer = client.workloads.workloads.get_workloads(limit=int(items))
            start = time.perf_counter()
            model = answer.model
            seconds += time.perf_counter() - start
            del model
        return seconds

    return operation


def models_by_hand(url: str, items: str) -> Operation:
    """Models from bytes as the peer's users make them: decoded, and then `from_dict`."""
    from runai import models

    page: Any = getattr(models, _PAGE)
    with urllib.request.urlopen(f"{url}/api/v1/workloads?limit={items}") as answer:
        content = answer.read()

    def operation(count: int) -> None:
        for _ in range(count):
            page.from_dict(json.loads(content))

    return operation


def _client(url: str, kind: str, connections: int) -> Any:
    from runai import api_client
    from runai.configuration import Configuration
    from runai.runai_client import RunaiClient

    configuration = Configuration(
        client_id="benchmark",
        client_secret="nothing secret",
        runai_base_url=url,
        pool_maxsize=connections,
    )
    return RunaiClient(getattr(api_client, kind)(configuration))


def _repeated(kind: str, call: Callable[[], Any], use: _Use) -> Operation:
    def blocking(count: int) -> None:
        for _ in range(count):
            use(call())

    def threads(count: int) -> None:
        for _ in range(count):
            use(call().get())

    async def tasks(count: int) -> None:
        for _ in range(count):
            use(await call())

    if kind == "AsyncApiClient":
        return _in_loop(tasks)
    return threads if kind == "ThreadedApiClient" else blocking


def _in_loop(work: Callable[[int], Coroutine[Any, Any, None]]) -> Operation:
    loop = asyncio.new_event_loop()
    return lambda count: loop.run_until_complete(work(count))


def _bytes_of(answer: Any) -> Any:
    # The peer decodes always, and keeps no bytes.
    return answer.raw if hasattr(answer, "raw") else answer.data


def _data_of(answer: Any) -> Any:
    return answer.data
