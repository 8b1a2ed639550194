"""Requests sent with aiohttp."""

from __future__ import annotations

import asyncio
import io
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, AsyncGenerator, Dict, NamedTuple, Optional
from weakref import WeakSet

import aiohttp
from yarl import URL

from runai._core.headers import Headers
from runai._core.network import Proxy, proxy_for, tls_context
from runai._core.transports.aiohttp_failures import LIBRARY_ERRORS, failure_of
from runai._core.transports.aiohttp_receiving import received
from runai._core.wire import Answer, FailureKind, Request, TransportFailure

if TYPE_CHECKING:
    import ssl

    from aiohttp.connector import Connection

    from runai.configuration import Configuration

# aiohttp opens no more than these at once; the other transports have no limit.
_CONNECTIONS_IN_USE = 100
# From here on aiohttp warns of bytes, because it writes them in one piece.
_LARGE_BODY = 2**20
# As long as the standard library allows, for one header line.
_LONGEST_LINE = 65_536
# What aiohttp would add of its own where a request has it not.
_ALWAYS_ADDED = frozenset({"Accept", "Accept-Encoding", "User-Agent"})
_HEADERS_OF_AIOHTTP = _ALWAYS_ADDED | {"Content-Type"}


class _Lost(aiohttp.ClientError):
    """The connection was lost while an answer was awaited."""


class _Response(aiohttp.ClientResponse):
    """Hides a lost connection from aiohttp, which from 3.10 on would send some requests again.

    Whether to send again is for the exchange to decide.
    """

    async def start(self, connection: Any) -> aiohttp.ClientResponse:
        try:
            return await super().start(connection)
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
            raise _Lost(str(error)) from error


class _Connector(aiohttp.TCPConnector):
    """Ends its TLS connections at once, as aiohttp does from 3.12 on.

    Before, they say goodbye to the server first, and are unclosed garbage if the loop ends sooner.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._transports: WeakSet[asyncio.Transport] = WeakSet()

    async def connect(self, *arguments: Any, **options: Any) -> Connection:
        connection = await super().connect(*arguments, **options)
        if connection.transport is not None:
            self._transports.add(connection.transport)
        return connection

    def abort(self) -> None:
        for transport in self._transports:
            transport.abort()


class _OpenSession(NamedTuple):
    session: aiohttp.ClientSession
    keeper: AsyncGenerator[aiohttp.ClientSession, None]


class AiohttpTransport:
    """Sends with aiohttp: one session for each running event loop.

    Arguments:
        configuration: the client's.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._sessions: Dict[asyncio.AbstractEventLoop, _OpenSession] = {}
        self._proxies: Dict[str, Optional[Proxy]] = {}

    async def send(self, request: Request) -> Answer:
        """Send a request and read its answer.

        Raises:
            TransportFailure: no answer, or not all of it.
        """
        # A loop that stood still learns only now which kept connections the server has closed.
        await asyncio.sleep(0)
        opened = self._sessions.get(asyncio.get_running_loop())
        session = opened.session if opened else await self._new_session()
        options = self._options(request)
        body: Any = request.body
        if body is not None and len(body) > _LARGE_BODY:
            body = io.BytesIO(body)
        try:
            response = await session.request(
                request.method,
                URL(request.url, encoded=True),
                data=body,
                timeout=_timeout_of(request),
                allow_redirects=False,
                **options,
            )
        except LIBRARY_ERRORS as error:
            raise failure_of(error) from error
        headers = Headers((name, _visible(value)) for name, value in response.headers.items())
        content = await received(response, headers, request)
        return Answer(response.status, _visible(response.reason or ""), headers, content)

    async def close(self) -> None:
        """Close the connections of the running event loop."""
        opened = self._sessions.pop(asyncio.get_running_loop(), None)
        if opened:
            await opened.keeper.aclose()

    async def _new_session(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        for other in [each for each in self._sessions if each.is_closed()]:
            del self._sessions[other]
        # An event loop finishes its asynchronous generators before it closes (asyncio.run does),
        # and finishes one that is garbage: so no session outlives its loop or its client.
        keeper = _kept_session(self._configuration.pool_maxsize)
        session = await keeper.__anext__()
        self._sessions[loop] = _OpenSession(session, keeper)
        return session

    def _options(self, request: Request) -> Dict[str, Any]:
        options: Dict[str, Any] = {"headers": request.headers}
        added = _ALWAYS_ADDED if request.method == "GET" else _HEADERS_OF_AIOHTTP
        if not added.issubset(request.headers):
            # Not for every request: it costs as much as all other headers.
            options["skip_auto_headers"] = added
        is_tls = request.url.startswith("https:")
        proxy = self._proxy(request.url)
        if proxy:
            options["proxy"] = proxy.url
            if is_tls:
                options["proxy_headers"] = proxy.headers
            else:
                options["headers"] = {**request.headers, **proxy.headers}
        if is_tls:
            options["ssl"] = self._tls
            if self._configuration.proxy_server_name:
                options["server_hostname"] = self._configuration.proxy_server_name
        return options

    def _proxy(self, url: str) -> Optional[Proxy]:
        origin = url[: url.index("/", url.index("://") + 3)]
        if origin not in self._proxies:
            try:
                self._proxies[origin] = proxy_for(self._configuration, origin)
            except ValueError as error:
                raise TransportFailure(FailureKind.PROXY, error) from error
        return self._proxies[origin]

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return tls_context(self._configuration)


async def _kept_session(connections: int) -> AsyncGenerator[aiohttp.ClientSession, None]:
    connector = _Connector(limit=max(_CONNECTIONS_IN_USE, connections))
    session = aiohttp.ClientSession(
        connector=connector,
        response_class=_Response,
        cookie_jar=aiohttp.DummyCookieJar(),
        max_line_size=_LONGEST_LINE,
        max_field_size=_LONGEST_LINE,
    )
    try:
        yield session
    finally:
        await session.close()
        connector.abort()
        # The loop closes a socket in the turn after.
        await asyncio.sleep(0)


def _timeout_of(request: Request) -> aiohttp.ClientTimeout:
    usual = _timeout(request.connect_timeout, request.read_timeout)
    if request.time_left is None:
        return usual
    # aiohttp takes 0 for no limit.
    return aiohttp.ClientTimeout(
        total=max(request.time_left(), 0.001),
        sock_connect=usual.sock_connect,
        sock_read=usual.sock_read,
    )


@lru_cache(maxsize=16)
def _timeout(connect: float, read: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, sock_connect=connect, sock_read=read)


def _visible(text: str) -> str:
    """What came as UTF-8; aiohttp keeps other bytes as lone surrogates."""
    return (
        text
        if text.isascii()
        else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    )
