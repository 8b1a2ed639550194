"""What passes between the exchange and a transport: one request, and its answer or failure."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Callable, Mapping, NamedTuple, Optional, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from runai._core.download import Download
    from runai._core.headers import Headers


class Request(NamedTuple):
    """A request, complete.

    Attributes:
        method: upper case.
        url: absolute and percent-encoded; it goes out as it stands.
        headers: all but `Host`.
        body: the bytes to send.
        connect_timeout: seconds for the connection, TLS included.
        read_timeout: seconds of silence while the answer is awaited and read.
        time_left: gives the seconds left of the call's time; None when it has no limit.
        download: where the body of a success goes; None to read it into the answer.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: Optional[bytes]
    connect_timeout: float
    read_timeout: float
    time_left: Optional[Callable[[], float]] = None
    download: Optional[Download] = None

    def __repr__(self) -> str:
        # Headers hold the token and a body may hold a password: neither belongs in a traceback.
        return f"<Request {self.method} {self.path}>"

    @property
    def path(self) -> str:
        """The path alone, which is what may be logged."""
        return urlsplit(self.url).path


class Answer(NamedTuple):
    """An answer, read to its end and with its content coding removed.

    The body is empty when it went to a download.
    """

    status: int
    reason: str
    headers: Headers
    body: bytes

    def __repr__(self) -> str:
        return f"<Answer {self.status} {len(self.body)} bytes>"


class FailureKind(Enum):
    """Why no answer came, as far as it matters to whoever decides on sending again."""

    NOT_CONNECTED = "could not connect"
    CONNECT_TIMEOUT = "no connection in time"
    NAME = "the host name could not be resolved"
    TLS = "the TLS connection could not be made"
    PROXY = "the proxy could not be used"
    PROXY_REFUSAL = "the proxy refused to connect"
    READ_TIMEOUT = "no answer in time"
    LOST = "the connection was lost before the answer was complete"


def proxy_answer(status: int) -> FailureKind:
    """What a proxy's answer to CONNECT, other than success, stands for."""
    # Sent again, a wrong password may lock the account.
    return FailureKind.PROXY_REFUSAL if 400 <= status <= 499 else FailureKind.PROXY


class TransportFailure(Exception):
    """A transport's only exception.

    Arguments:
        kind: what the exchange goes by.
        cause: what the transport's library raised.
    """

    def __init__(self, kind: FailureKind, cause: BaseException) -> None:
        super().__init__(kind, cause)
        self.kind = kind
        self.cause = cause


class Transport(Protocol):
    """Sends one request and returns its answer; no retries, no redirects, no logging."""

    def send(self, request: Request) -> Answer:
        """Send, and raise nothing but `TransportFailure`."""
        raise NotImplementedError

    def close(self) -> None:
        """Close all connections."""


class AsyncTransport(Protocol):
    """As `Transport`, in coroutines."""

    async def send(self, request: Request) -> Answer:
        """Send, and raise nothing but `TransportFailure`."""
        raise NotImplementedError

    async def close(self) -> None:
        """Close the connections of the running event loop."""
