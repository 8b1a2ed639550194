"""Requests sent with urllib3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urllib3.util import Retry

from runai._core.transports.deadlines import timeout_of
from runai._core.transports.pools import (
    LIBRARY_ERRORS,
    Pools,
    failure_of,
    split_url,
    wire_headers,
)
from runai._core.transports.receiving import answer_of, received

if TYPE_CHECKING:
    from runai._core.wire import Answer, Request
    from runai.configuration import Configuration

_ONCE = Retry(False, redirect=False)


class Urllib3Transport:
    """Sends with urllib3.

    Arguments:
        configuration: the client's.
        connections: most connections to keep for each host.
    """

    def __init__(self, configuration: Configuration, connections: int) -> None:
        self._pools = Pools(configuration, connections)

    def send(self, request: Request) -> Answer:
        """Send a request and read its answer.

        Raises:
            TransportFailure: no answer, or not all of it.
        """
        origin, target = split_url(request.url)
        try:
            route = self._pools.route(origin)
            response = route.pool.urlopen(
                request.method,
                route.prefix + target,
                body=request.body,
                headers=wire_headers(request.headers, route.headers),
                retries=_ONCE,
                redirect=False,
                assert_same_host=False,
                timeout=timeout_of(request),
                preload_content=request.download is None,
                enforce_content_length=True,
            )
        except LIBRARY_ERRORS as error:
            raise failure_of(error) from error
        return answer_of(response) if request.download is None else received(response, request)

    def close(self) -> None:
        """Close all connections."""
        self._pools.close()
