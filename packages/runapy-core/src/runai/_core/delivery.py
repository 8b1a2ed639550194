"""One request until it has an answer: sent, and sent again where that is safe and worth it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Callable, NamedTuple

from runai._core.effects import Send, Sleep, Steps
from runai._core.errors import failure_error
from runai._core.wire import Answer, Request, TransportFailure

if TYPE_CHECKING:
    from runai._core.observation import Observation
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


class Delivery(NamedTuple):
    """What came of a request: its last answer, and how often it was sent."""

    answer: Answer
    attempts: int


def unchanged(request: Request) -> Steps[Request]:
    """No steps: the request as it is."""
    yield from ()
    return request


def deliver(
    request: Request,
    repeatable: bool,
    patience: Patience,
    observation: Observation,
    timing: Timing,
    renewed: Callable[[Request], Steps[Request]] = unchanged,
) -> Steps[Delivery]:
    """Send a request until it is answered or patience ends.

    Arguments:
        request: what to send.
        repeatable: whether it may be sent again though the server may have acted on it.
        patience: what is left of the call's repetitions and time.
        observation: tells of each attempt.
        timing: the clocks.
        renewed: steps that give the request as it is to be sent after a wait.

    Raises:
        ApiConnectionError: no answer came; the transport library's exception is chained.
    """
    attempts = 0
    while True:
        attempts += 1
        sent = observation.sending(request)
        started = timing.monotonic()
        try:
            answer = yield Send(_within(sent, patience, timing.monotonic, started))
        except TransportFailure as failure:
            now = timing.monotonic()
            observation.failed(sent, failure, now - started)
            again = repeatable and (request.download is None or request.download.can_restart)
            delay = patience.after_failure(failure.kind, again, now)
            if delay is None or not (yield Sleep(delay)):
                raise failure_error(request, failure, attempts) from failure.cause
        else:
            now = timing.monotonic()
            observation.answered(sent, answer, now - started)
            delay = patience.after_answer(answer.status, answer.headers, repeatable, now)
            if delay is None or not (yield Sleep(delay)):
                return Delivery(answer, attempts)
        request = yield from renewed(request)


def _within(
    request: Request, patience: Patience, clock: Callable[[], float], now: float
) -> Request:
    """The request with timeouts that end with the call's time."""
    deadline = patience.deadline
    if deadline is None:
        return request
    # A timeout of 0 would mean none to some libraries.
    left = max(deadline - now, 0.001)
    return request._replace(
        connect_timeout=min(request.connect_timeout, left),
        read_timeout=min(request.read_timeout, left),
        time_left=lambda: deadline - clock(),
    )
