"""A call's time limit, on connections of urllib3, whose timeouts begin anew with every byte."""

from __future__ import annotations

import http.client
import io
import socket
from functools import partial
from typing import TYPE_CHECKING, Any, Callable

from urllib3.util import Timeout

if TYPE_CHECKING:
    from runai._core.wire import Request


def timeout_of(request: Request) -> Timeout:
    """The request's timeouts as urllib3 takes them."""
    if request.time_left is None:
        return Timeout(connect=request.connect_timeout, read=request.read_timeout)
    return _CallTimeout(request.connect_timeout, request.read_timeout, request.time_left)


def response_class(timeout: Timeout) -> Any:
    """What reads an answer from its first byte on, within the time that the timeout knows of."""
    if isinstance(timeout, _CallTimeout):
        return partial(_BoundResponse, timeout)
    return http.client.HTTPResponse


def bound(raw: Any, request: Request) -> None:
    """Read the body of an answer of urllib3 within the request's time."""
    inner = getattr(raw, "_fp", None)
    file = getattr(inner, "fp", None)
    if request.time_left is not None and inner is not None and file is not None:
        inner.fp = _bound_file(file, request.read_timeout, request.time_left)


class _CallTimeout(Timeout):
    def __init__(self, connect: float, read: float, time_left: Callable[[], float]) -> None:
        super().__init__(connect=connect, read=read)
        self.seconds_to_connect = connect
        self.seconds_of_silence = read
        self.time_left = time_left

    def clone(self) -> Timeout:
        return _CallTimeout(self.seconds_to_connect, self.seconds_of_silence, self.time_left)


class _BoundResponse(http.client.HTTPResponse):
    def __init__(self, timeout: _CallTimeout, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fp: Any = _bound_file(self.fp, timeout.seconds_of_silence, timeout.time_left)


class _BoundFile(io.RawIOBase):
    """The bytes of a socket; each wait for one ends with the time.

    Arguments:
        file: what the standard library has opened on the socket.
        connection: the socket.
        timeout: seconds of silence at most.
        time_left: gives the seconds left for all of it.
    """

    def __init__(
        self, file: Any, connection: Any, timeout: float, time_left: Callable[[], float]
    ) -> None:
        self._file = file
        self._connection = connection
        self._timeout = timeout
        self._time_left = time_left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._time_left()
        if left <= 0:
            raise socket.timeout("the call's time is over")
        self._connection.settimeout(min(self._timeout, left))
        count: int = self._file.readinto1(buffer)
        return count

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


def _bound_file(file: Any, timeout: float, time_left: Callable[[], float]) -> Any:
    # A file of another kind of connection stays as it is: it can be read, and not be bound.
    connection = getattr(getattr(file, "raw", None), "_sock", None)
    if connection is None:
        return file
    return io.BufferedReader(_BoundFile(file, connection, timeout, time_left))
