"""One way to call with each of the three clients, and waits that take no time."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from runai._core.delivery import Timing
from runai._core.effects import Sleep
from runai.api_client import ApiClient, AsyncApiClient, ThreadedApiClient
from runai.configuration import Configuration
from runai.exceptions import ApiException

KINDS = (
    "ApiClient",
    "ThreadedApiClient",
    pytest.param("AsyncApiClient", marks=pytest.mark.aiohttp),
)


class Waits:
    """Ends the waits between repetitions at once, and keeps how long each would have been.

    The clock goes on by as much.
    """

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._ahead = 0.0

    @property
    def timing(self) -> Timing:
        """Clocks that are as far ahead as was waited."""
        return Timing(
            wall=lambda: time.time() + self._ahead, monotonic=lambda: time.monotonic() + self._ahead
        )

    def skip(self, seconds: float) -> None:
        """Let time pass."""
        self._ahead += seconds

    def without(self, steps: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """The same steps, their waits taken out."""
        try:
            effect = next(steps)
            while True:
                if isinstance(effect, Sleep):
                    self.seconds.append(effect.seconds)
                    self.skip(effect.seconds)
                    effect = steps.send(True)
                    continue
                try:
                    outcome = yield effect
                except BaseException as error:  # noqa: BLE001 - the steps decide on every failure
                    effect = steps.throw(error)
                else:
                    effect = steps.send(outcome)
        except StopIteration as end:
            return end.value


class Beginning:
    """Says when calls begin to wait, and lets them."""

    def __init__(self) -> None:
        self._waits = threading.Semaphore(0)

    def wait_for(self, calls: int = 1) -> None:
        """Return when as many calls more have begun to wait."""
        for _ in range(calls):
            assert self._waits.acquire(timeout=10), "no call began to wait"

    def watched(self, steps: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """The same steps."""
        try:
            effect = next(steps)
            while True:
                if isinstance(effect, Sleep):
                    self._waits.release()
                try:
                    outcome = yield effect
                except BaseException as error:  # noqa: BLE001 - the steps decide on every failure
                    effect = steps.throw(error)
                else:
                    effect = steps.send(outcome)
        except StopIteration as end:
            return end.value


async def in_thread(wait: Callable[..., Any], *arguments: Any) -> Any:
    """Wait in a thread that ends with the wait."""
    with ThreadPoolExecutor(1) as executor:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(executor, lambda: wait(*arguments))


class Caller:
    """Calls with one kind of client, and waits for the answer."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.loop = asyncio.new_event_loop()
        self._clients: list[Any] = []

    @property
    def is_async(self) -> bool:
        return self.kind == "AsyncApiClient"

    def client(
        self, configuration: Configuration, waits: Waits | None = None, **arguments: Any
    ) -> Any:
        """A client that is closed when the test ends; with `waits`, it never waits."""
        makers = {
            "ApiClient": ApiClient,
            "ThreadedApiClient": ThreadedApiClient,
            "AsyncApiClient": AsyncApiClient,
        }
        if waits is not None:
            arguments["_timing"] = waits.timing
        client: Any = makers[self.kind](configuration, **arguments)
        if waits is not None:
            self.intercept(client, waits.without)
        self._clients.append(client)
        return client

    def intercept(self, client: Any, change: Any) -> None:
        """Have a client carry out other steps than its own."""
        run = client._run
        client._run = lambda driver, steps: run(driver, change(steps))

    def __call__(self, client: Any, *arguments: Any, **named: Any) -> Any:
        return self.wait(client.call_api(*arguments, **named))

    def wait(self, started: Any) -> Any:
        """What a client's method returned, when it is there."""
        if self.is_async:
            return self.loop.run_until_complete(started)
        return started.get(30) if self.kind == "ThreadedApiClient" else started

    def together(self, client: Any, count: int, path: str) -> list[Any]:
        """The same GET many times at once; exceptions are among the results."""
        if self.is_async:

            async def gather() -> list[Any]:
                calls = [client.call_api("GET", path) for _ in range(count)]
                return list(await asyncio.gather(*calls, return_exceptions=True))

            return self.loop.run_until_complete(gather())
        outcomes: list[Any] = [None] * count
        barrier = threading.Barrier(count)

        def work(index: int) -> None:
            barrier.wait()
            try:
                outcomes[index] = self(client, "GET", path)
            except ApiException as error:
                outcomes[index] = error

        threads = [threading.Thread(target=work, args=(index,)) for index in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    def close_client(self, client: Any) -> None:
        closing = client.close()
        if self.is_async:
            self.loop.run_until_complete(closing)

    def close(self) -> None:
        for client in self._clients:
            self.close_client(client)
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()
