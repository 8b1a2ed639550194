"""What the exceptions of aiohttp say about a request."""

from __future__ import annotations

import asyncio
import ssl
from typing import Tuple, Type

import aiohttp

from runai._core.transports.name_resolution import name_failure
from runai._core.wire import FailureKind, TransportFailure, proxy_answer

LIBRARY_ERRORS: Tuple[Type[Exception], ...] = (aiohttp.ClientError, asyncio.TimeoutError, OSError)

_TLS_ERRORS = (
    aiohttp.ClientConnectorSSLError,
    aiohttp.ClientConnectorCertificateError,
    ssl.SSLError,
)
_CUT = (ssl.SSLEOFError, ssl.SSLZeroReturnError)


def failure_of(error: BaseException) -> TransportFailure:
    """The failure that an exception of aiohttp stands for."""
    return TransportFailure(_kind(error), error)


def _kind(error: BaseException) -> FailureKind:
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return proxy_answer(error.status)
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return FailureKind.PROXY
    os_error = getattr(error, "os_error", error)
    if isinstance(error, _TLS_ERRORS):
        return FailureKind.LOST if isinstance(os_error, _CUT) else FailureKind.TLS
    if isinstance(error, aiohttp.ClientConnectorError):
        return name_failure(os_error) or FailureKind.NOT_CONNECTED
    if isinstance(error, asyncio.TimeoutError):
        # Before 3.10 aiohttp has one class for both timeouts; the messages differ.
        is_connecting = str(error).startswith("Connection timeout")
        return FailureKind.CONNECT_TIMEOUT if is_connecting else FailureKind.READ_TIMEOUT
    if isinstance(error, aiohttp.InvalidURL):
        return FailureKind.NAME
    return FailureKind.LOST
