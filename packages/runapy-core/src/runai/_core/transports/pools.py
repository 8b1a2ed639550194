"""Connections of urllib3, which both synchronous transports use."""

from __future__ import annotations

import http.client
import queue
import re
import socket
import ssl
from functools import cached_property
from typing import TYPE_CHECKING, Any, Dict, Mapping, NamedTuple, Optional, Tuple
from weakref import finalize

import urllib3
from urllib3 import (
    HTTPConnectionPool,
    HTTPSConnectionPool,
    PoolManager,
    ProxyManager,
    exceptions,
)

from runai._core.network import proxy_for, tls_context
from runai._core.transports.deadlines import response_class
from runai._core.transports.name_resolution import name_failure
from runai._core.wire import FailureKind, TransportFailure, proxy_answer

if TYPE_CHECKING:
    from runai._core.network import Proxy
    from runai.configuration import Configuration

# What only urllib3 2 has; the metadata, which says the version, take long to read.
_IS_URLLIB3_1 = not hasattr(urllib3, "BaseHTTPResponse")
LIBRARY_ERRORS = (exceptions.HTTPError, http.client.HTTPException, OSError)


class Route(NamedTuple):
    """How to reach one origin.

    Attributes:
        pool: its connections.
        prefix: what a plain HTTP proxy needs before the target, else empty.
        headers: what a plain HTTP proxy needs besides, else empty.
    """

    pool: HTTPConnectionPool
    prefix: str
    headers: Mapping[str, str]


class Pools:
    """The connections of one client.

    Arguments:
        configuration: the client's.
        connections: most connections to keep for each host; there may be more in use.
    """

    def __init__(self, configuration: Configuration, connections: int) -> None:
        self._configuration = configuration
        self._connections = connections
        self._routes: Dict[str, Route] = {}
        self._managers: Dict[Optional[Tuple[str, str]], PoolManager] = {}

    def route(self, origin: str) -> Route:
        """The way to `scheme://host:port`."""
        found = self._routes.get(origin)
        if found is None:
            # Two threads may both get here; urllib3's manager gives both the same pool.
            found = self._routes[origin] = self._new_route(origin)
        return found

    def close(self) -> None:
        """Close all connections that are not in use."""
        routes = list(self._routes.values())
        self._routes.clear()
        for route in routes:
            # urllib3 2.8's manager forgets its pools, which then wait for the garbage collector.
            route.pool.close()
        while self._managers:
            self._managers.popitem()[1].clear()

    def _new_route(self, origin: str) -> Route:
        try:
            proxy = proxy_for(self._configuration, origin)
        except ValueError as error:
            raise TransportFailure(FailureKind.PROXY, error) from error
        is_tls = origin.startswith("https:")
        key = (proxy.url, str(proxy.headers)) if proxy else None
        manager = self._managers.get(key)
        if manager is None:
            manager = self._managers.setdefault(key, self._new_manager(proxy))
        pool = manager.connection_from_url(origin, pool_kwargs=self._tls if is_tls else None)
        if proxy and not is_tls:
            return Route(pool, origin, proxy.headers)
        return Route(pool, "", {})

    def _new_manager(self, proxy: Optional[Proxy]) -> PoolManager:
        hosts = self._configuration.pool_size
        manager: Any
        if proxy is None:
            manager = PoolManager(hosts, maxsize=self._connections)
        else:
            manager = ProxyManager(
                proxy.url,
                hosts,
                maxsize=self._connections,
                proxy_headers=proxy.headers,
                proxy_ssl_context=tls_context(self._configuration)
                if proxy.url.startswith("https:")
                else None,
            )
        manager.pool_classes_by_scheme = {"http": _BoundPool, "https": _TlsPool}
        made: PoolManager = manager
        return made

    @cached_property
    def _tls(self) -> Dict[str, Any]:
        context = tls_context(self._configuration)
        if _IS_URLLIB3_1:
            # It leaves IP addresses out of the handshake, where Python would check them, and checks
            # names and addresses itself.
            context.check_hostname = False
        settings: Dict[str, Any] = {"ssl_context": context}
        if self._configuration.proxy_server_name:
            settings["server_hostname"] = self._configuration.proxy_server_name
        return settings


def split_url(url: str) -> Tuple[str, str]:
    """Origin and target, nothing of them changed."""
    start = url.index("/", url.index("://") + 3)
    return url[:start], url[start:]


def wire_headers(*layers: Mapping[str, str]) -> Dict[str, Any]:
    """Headers as the standard library is to send them: what is not ASCII goes out as UTF-8."""
    headers: Dict[str, Any] = {}
    for layer in layers:
        headers.update(layer)
    if not "".join(headers.values()).isascii():
        return {
            name: value if value.isascii() else value.encode("utf-8")
            for name, value in headers.items()
        }
    return headers


def utf8(text: str) -> str:
    """What came as UTF-8 and was read as Latin-1 by the standard library."""
    return text if text.isascii() else text.encode("latin-1").decode("utf-8", "replace")


def failure_of(error: BaseException) -> TransportFailure:
    """The failure that an exception of urllib3 or the standard library stands for."""
    return TransportFailure(_kind(error), error)


def _kind(error: BaseException) -> FailureKind:
    reason = error.reason if isinstance(error, exceptions.MaxRetryError) else error
    if isinstance(reason, exceptions.ProxyError):
        # The standard library's words are all there is of the proxy's answer.
        refused = re.search(r"Tunnel connection failed: (\d{3})", str(reason))
        return proxy_answer(int(refused[1])) if refused else FailureKind.PROXY
    if isinstance(reason, (exceptions.SSLError, ssl.SSLError)):
        inner = reason.args[0] if reason.args else reason
        is_cut = isinstance(inner, (ssl.SSLEOFError, ssl.SSLZeroReturnError))
        return FailureKind.LOST if is_cut else FailureKind.TLS
    if isinstance(reason, exceptions.NewConnectionError):
        return name_failure(reason) or FailureKind.NOT_CONNECTED
    if isinstance(reason, exceptions.ConnectTimeoutError):
        return FailureKind.CONNECT_TIMEOUT
    if isinstance(reason, (exceptions.TimeoutError, socket.timeout)):
        return FailureKind.READ_TIMEOUT
    if isinstance(reason, exceptions.LocationValueError):
        return FailureKind.NAME
    return FailureKind.LOST


def _close_all(idle: Any) -> None:
    while not idle.empty():
        connection = idle.get(block=False)
        if connection is not None:
            connection.close()


class _IdleConnections(queue.LifoQueue):  # type: ignore[type-arg]
    """Connections that are not in use; one too many is closed without a warning.

    urllib3 warns each time, although a client with more threads than connections is nothing wrong.
    """

    def put(self, item: Any, block: bool = True, timeout: Optional[float] = None) -> None:
        try:
            super().put(item, block=False)
        except queue.Full:
            if item is not None:
                item.close()


class _BoundPool(HTTPConnectionPool):
    """Reads each answer within the time of its call."""

    QueueCls = _IdleConnections

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if _IS_URLLIB3_1:
            # urllib3 2 does so itself, for pools that are forgotten without being closed.
            finalize(self, _close_all, self.pool)

    def _make_request(self, conn: Any, *args: Any, **kwargs: Any) -> Any:
        timeout = kwargs["timeout"]
        conn.response_class = response_class(timeout)
        if _IS_URLLIB3_1 and conn.sock is not None:
            # It would send within what the last call on this connection had left.
            conn.sock.settimeout(timeout.connect_timeout)
        return super()._make_request(conn, *args, **kwargs)


class _TlsPool(_BoundPool, HTTPSConnectionPool):
    def _validate_conn(self, conn: Any) -> None:
        # urllib3 would warn about every unverified request; Configuration has warned once.
        if conn.sock is None:
            conn.connect()
