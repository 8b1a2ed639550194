"""One request until it has an answer: sent, and sent again where that is safe and worth it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Callable, NamedTuple

from runai._core.effects import Send, Sleep, Steps
from runai._core.errors import failure_error
from runai._core.wire import Answer, Request, TransportFailure

if TYPE_CHECKING:
    import logging

    from runai._core.retry import Patience


class Timing(NamedTuple):
    """The clocks.

    Attributes:
        wall: seconds since 1970, by which tokens expire.
        monotonic: seconds that pass evenly, by which durations are measured.
    """

    wall: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic


SYSTEM_CLOCKS = Timing()


class Journal(NamedTuple):
    """Where requests are logged: method, path, status and duration, and never more."""

    logger: logging.Logger
    level: int

    def answered(self, request: Request, status: int, seconds: float) -> None:
        """Log an answer."""
        if self.logger.isEnabledFor(self.level):
            self.logger.log(
                self.level, "%s %s: %d in %.3f s", request.method, request.path, status, seconds
            )

    def failed(self, request: Request, failure: TransportFailure, seconds: float) -> None:
        """Log that no answer came."""
        if self.logger.isEnabledFor(self.level):
            self.logger.log(
                self.level,
                "%s %s: %s after %.3f s",
                request.method,
                request.path,
                failure.kind.value,
                seconds,
            )


class Delivery(NamedTuple):
    """What came of a request: its last answer, and how often it was sent."""

    answer: Answer
    attempts: int


def deliver(
    request: Request, repeatable: bool, patience: Patience, journal: Journal, timing: Timing
) -> Steps[Delivery]:
    """Send a request until it is answered or patience ends.

    Arguments:
        request: what to send.
        repeatable: whether it may be sent again though the server may have acted on it.
        patience: what is left of the call's repetitions and time.
        journal: where to log.
        timing: the clocks.

    Raises:
        ApiConnectionError: no answer came; the transport library's exception is chained.
    """
    attempts = 0
    while True:
        attempts += 1
        started = timing.monotonic()
        try:
            answer = yield Send(_within(request, patience, started))
        except TransportFailure as failure:
            now = timing.monotonic()
            journal.failed(request, failure, now - started)
            delay = patience.after_failure(failure.kind, repeatable, now)
            if delay is None or not (yield Sleep(delay)):
                raise failure_error(request, failure, attempts) from failure.cause
        else:
            now = timing.monotonic()
            journal.answered(request, answer.status, now - started)
            delay = patience.after_answer(answer.status, answer.headers, repeatable, now)
            if delay is None or not (yield Sleep(delay)):
                return Delivery(answer, attempts)


def _within(request: Request, patience: Patience, now: float) -> Request:
    """The request with timeouts that end with the call's time."""
    if patience.deadline is None:
        return request
    # A timeout of 0 would mean none to some libraries.
    left = max(patience.deadline - now, 0.001)
    return request._replace(
        connect_timeout=min(request.connect_timeout, left),
        read_timeout=min(request.read_timeout, left),
    )
