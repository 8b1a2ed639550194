"""Requests sent with requests: by its adapter, or by a session that the caller made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from runai._core.transports.deadlines import bound, timeout_of
from runai._core.transports.pools import (
    LIBRARY_ERRORS,
    Pools,
    failure_of,
    split_url,
    wire_headers,
)
from runai._core.transports.receiving import answer_of, received
from runai._core.wire import Answer, FailureKind, Request, TransportFailure

if TYPE_CHECKING:
    from urllib3 import HTTPConnectionPool

    from runai.configuration import Configuration


class RequestsTransport:
    """Sends with the adapter of requests; its session would more than double the cost of a call.

    Arguments:
        configuration: the client's.
        connections: most connections to keep for each host.
    """

    def __init__(self, configuration: Configuration, connections: int) -> None:
        self._pools = Pools(configuration, connections)
        self._adapter = _WholeAdapter(self._pools)
        self._download_adapter = _Adapter(self._pools)

    def send(self, request: Request) -> Answer:
        """Send a request and read its answer.

        Raises:
            TransportFailure: no answer, or not all of it.
        """
        prepared: Any = requests.PreparedRequest()
        prepared.method = request.method
        prepared.url = request.url
        prepared.body = request.body
        timeout: Any = timeout_of(request)
        try:
            route = self._pools.route(split_url(request.url)[0])
            prepared.headers = wire_headers(request.headers, route.headers)
            adapter = self._adapter if request.download is None else self._download_adapter
            raw: Any = adapter.send(prepared, timeout=timeout)
        except (requests.RequestException, *LIBRARY_ERRORS) as error:
            raise _failure_of(error) from error
        return answer_of(raw) if request.download is None else received(raw, request)

    def close(self) -> None:
        """Close all connections."""
        self._pools.close()


class SessionTransport:
    """Sends with a session of the caller, whose TLS, proxies, headers, hooks and adapters apply.

    Arguments:
        session: the caller's; it stays open.
        configuration: the client's; `ssl_ca_cert`, client certificate, `verify_ssl=False` and
            `proxy_url` come before the session's own.
    """

    def __init__(self, session: requests.Session, configuration: Configuration) -> None:
        self._session = session
        self._verify = configuration.ssl_ca_cert if configuration.verify_ssl else False
        self._certificate: Any = configuration.cert_file
        if configuration.key_file:
            self._certificate = (configuration.cert_file, configuration.key_file)
        proxy = configuration.proxy_url
        self._proxies = {"http": proxy, "https": proxy} if proxy else {}

    def send(self, request: Request) -> Answer:
        """Send a request and read its answer.

        Raises:
            TransportFailure: no answer, or not all of it.
        """
        session = self._session
        try:
            prepared = session.prepare_request(
                requests.Request(
                    request.method,
                    request.url,
                    headers=wire_headers(request.headers),
                    data=request.body,
                    auth=_keep_authorization,
                )
            )
            # Preparing normalizes the path and may change what it names.
            prepared.url = request.url
            settings: Any = session.merge_environment_settings(
                request.url, dict(self._proxies), True, self._verify, self._certificate
            )
            response = session.send(
                prepared,
                timeout=(request.connect_timeout, request.read_timeout),
                allow_redirects=False,
                **settings,
            )
        except (requests.RequestException, *LIBRARY_ERRORS) as error:
            raise _failure_of(error) from error
        bound(response.raw, request)
        return received(response.raw, request)

    def close(self) -> None:
        """Leave the session to its owner."""


class _Adapter(HTTPAdapter):
    """The adapter of requests, on connections whose TLS and proxies are as everywhere here."""

    def __init__(self, pools: Pools) -> None:
        self._pools = pools
        super().__init__(max_retries=Retry(False, redirect=False))

    def get_connection_with_tls_context(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return self._pools.route(split_url(request.url)[0]).pool

    # What requests below 2.32 calls.
    def get_connection(self, url: Any, proxies: Any = None) -> Any:
        return self._pools.route(split_url(url)[0]).pool

    def request_url(self, request: Any, proxies: Any) -> str:
        origin, target = split_url(request.url)
        return self._pools.route(origin).prefix + target

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """The connections have their TLS settings already."""

    def build_response(self, req: Any, resp: Any) -> Any:
        # One of requests has cookies, a history and an encoding, which nobody here looks at.
        return resp


class _WholeAdapter(_Adapter):
    """Has the bodies of answers read at once, as costs least."""

    def get_connection_with_tls_context(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return _WholeAnswers(super().get_connection_with_tls_context(request))

    def get_connection(self, url: Any, proxies: Any = None) -> Any:
        return _WholeAnswers(super().get_connection(url))


class _WholeAnswers:
    """What the adapter of requests asks of a pool, and would leave to a response of requests."""

    def __init__(self, pool: HTTPConnectionPool) -> None:
        self._urlopen = pool.urlopen

    def urlopen(self, **options: Any) -> Any:
        options.update(preload_content=True, decode_content=True)
        return self._urlopen(**options)


def _failure_of(error: BaseException) -> TransportFailure:
    """As for urllib3, whose exception is inside the one of requests."""
    cause = error
    while isinstance(cause, requests.RequestException) and cause.args:
        inner = cause.args[0]
        if not isinstance(inner, BaseException):
            break
        cause = inner
    if isinstance(cause, requests.exceptions.SSLError):
        return TransportFailure(FailureKind.TLS, error)
    if isinstance(cause, requests.exceptions.ConnectTimeout):
        return TransportFailure(FailureKind.CONNECT_TIMEOUT, error)
    if isinstance(cause, requests.exceptions.Timeout):
        return TransportFailure(FailureKind.READ_TIMEOUT, error)
    return TransportFailure(failure_of(cause).kind, error)


def _keep_authorization(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    # Without an auth of its own, a session would put credentials from ~/.netrc over the token.
    return prepared
