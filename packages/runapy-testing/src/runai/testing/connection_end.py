"""Ending a TCP connection: in order, or by a reset."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import time

_AT_ONCE = struct.pack("ii", 1, 0)
_LONGEST_LINGER = 2.0
"""How long a client may take to see that the connection has ended, in seconds."""


def reset(connection: socket.socket) -> None:
    """Make the close of a connection a TCP reset (SO_LINGER 0)."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)


def is_reset(connection: socket.socket) -> bool:
    """Whether the close of a connection will be a reset: then nothing may be said before it."""
    return connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(_AT_ONCE)) == _AT_ONCE


def end_in_order(connection: socket.socket) -> None:
    """Say that nothing more comes: to TLS too, if it has begun."""
    if isinstance(connection, ssl.SSLSocket):
        # Without blocking, close_notify is sent and that of the client not awaited.
        with contextlib.suppress(OSError, ValueError):
            connection.settimeout(0)
            connection.unwrap()
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_WR)


def discard_rest(connection: socket.socket) -> None:
    """Read, below TLS, until the client has ended the connection.

    A close with something unread is a reset, and the client would not see an end in order.
    """
    until = time.monotonic() + _LONGEST_LINGER
    with contextlib.suppress(OSError):
        while (left := until - time.monotonic()) > 0:
            connection.settimeout(left)
            if not socket.socket.recv(connection, 65536):
                return
