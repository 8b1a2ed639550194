"""What the exchange asks its driver to do; its logic itself does no I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generator, NamedTuple, TypeVar, Union

if TYPE_CHECKING:
    from concurrent.futures import Future

    from runai._core.wire import Request

T = TypeVar("T")


class Send(NamedTuple):
    """Send the request; the outcome is an `Answer`, or a `TransportFailure` thrown in."""

    request: Request


class Sleep(NamedTuple):
    """Wait; the outcome is False if the client was closed meanwhile."""

    seconds: float


class Await(NamedTuple):
    """Wait until someone else's work is done, or the seconds are over; there is no outcome."""

    work: Future[None]
    seconds: float


Effect = Union[Send, Sleep, Await]
Steps = Generator[Effect, Any, T]
