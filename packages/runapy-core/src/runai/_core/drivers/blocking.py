"""Runs the exchange in the calling thread."""

from __future__ import annotations

import concurrent.futures
import contextlib
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
        # Taken until waits end. An interrupt during the wait for an Event can leave the lock within
        # it taken, and whoever sets it then waits forever.
        self._waits_end = threading.Lock()
        self._waits_end.acquire()

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
        with contextlib.suppress(RuntimeError):
            # Which it raises where they have ended already.
            self._waits_end.release()

    def close(self) -> None:
        """End all waits, and close the transport."""
        self.stop_waiting()
        self._transport.close()

    def _perform(self, effect: Effect) -> object:
        if isinstance(effect, Send):
            return self._transport.send(effect.request)
        if isinstance(effect, Sleep):
            return self._sleep(effect.seconds)
        concurrent.futures.wait([effect.work], effect.seconds)
        return None

    def _sleep(self, seconds: float) -> bool:
        """Whether the time has passed; False where waits ended before."""
        if not self._waits_end.acquire(timeout=max(seconds, 0)):
            return True
        # For all others who wait.
        self.stop_waiting()
        return False
