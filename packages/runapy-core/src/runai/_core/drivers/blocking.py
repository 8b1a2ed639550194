"""Runs the exchange in the calling thread."""

from __future__ import annotations

import concurrent.futures
import threading
from typing import TYPE_CHECKING, TypeVar

from runai._core.effects import Effect, Send, Sleep, Steps

if TYPE_CHECKING:
    from runai._core.wire import Transport

T = TypeVar("T")


class BlockingDriver:
    """Carries out effects by blocking.

    Arguments:
        transport: sends.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._closing = threading.Event()

    def run(self, steps: Steps[T]) -> T:
        """Carry out the steps; returns or raises what they end in."""
        try:
            effect = next(steps)
            while True:
                try:
                    outcome = self._perform(effect)
                except BaseException as error:  # noqa: BLE001 - the steps decide on every failure
                    effect = steps.throw(error)
                else:
                    effect = steps.send(outcome)
        except StopIteration as end:
            result: T = end.value
            return result

    def stop_waiting(self) -> None:
        """End all waits between repetitions at once, now and from now on."""
        self._closing.set()

    def close(self) -> None:
        """End all waits, and close the transport."""
        self.stop_waiting()
        self._transport.close()

    def _perform(self, effect: Effect) -> object:
        if isinstance(effect, Send):
            return self._transport.send(effect.request)
        if isinstance(effect, Sleep):
            return not self._closing.wait(effect.seconds)
        concurrent.futures.wait([effect.work], effect.seconds)
        return None
