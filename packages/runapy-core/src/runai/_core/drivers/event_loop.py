"""Runs the exchange in a task of the running event loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Set, TypeVar

from runai._core.effects import Effect, Send, Sleep, Steps

if TYPE_CHECKING:
    from concurrent.futures import Future

    from runai._core.wire import AsyncTransport

T = TypeVar("T")


class EventLoopDriver:
    """Carries out effects by awaiting.

    Arguments:
        transport: sends.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport
        self._sleepers: Set[asyncio.Future[bool]] = set()
        self._is_closing = False

    async def run(self, steps: Steps[T]) -> T:
        """Carry out the steps; returns or raises what they end in."""
        try:
            effect = next(steps)
            while True:
                try:
                    outcome = await self._perform(effect)
                except BaseException as error:  # noqa: BLE001 - the steps decide on every failure
                    effect = steps.throw(error)
                else:
                    effect = steps.send(outcome)
        except StopIteration as end:
            result: T = end.value
            return result

    async def close(self) -> None:
        """End all waits at once, and close the transport."""
        self._is_closing = True
        for sleeper in list(self._sleepers):
            sleeper.get_loop().call_soon_threadsafe(_settle, sleeper, False)
        await self._transport.close()

    async def _perform(self, effect: Effect) -> object:
        if isinstance(effect, Send):
            return await self._transport.send(effect.request)
        if isinstance(effect, Sleep):
            return await self._sleep(effect.seconds)
        await _wait(effect.work, effect.seconds)
        return None

    async def _sleep(self, seconds: float) -> bool:
        if self._is_closing:
            return False
        loop = asyncio.get_running_loop()
        sleeper: asyncio.Future[bool] = loop.create_future()
        timer = loop.call_later(seconds, _settle, sleeper, True)
        self._sleepers.add(sleeper)
        try:
            return await sleeper
        finally:
            self._sleepers.discard(sleeper)
            timer.cancel()


async def _wait(work: Future[None], seconds: float) -> None:
    """Wait for work of any loop or thread, without cancelling it when this task is cancelled."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[bool] = loop.create_future()

    def wake(_: Any) -> None:
        # The loop may have been closed since.
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, done, True)

    work.add_done_callback(wake)
    timer = loop.call_later(seconds, _settle, done, False)
    try:
        await done
    finally:
        timer.cancel()


def _settle(future: asyncio.Future[bool], outcome: bool) -> None:
    if not future.done():
        future.set_result(outcome)
