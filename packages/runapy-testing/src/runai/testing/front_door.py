"""What the server serves: the API, and beside it the page and the admin endpoint."""

from __future__ import annotations

import logging
from email.message import Message
from typing import Protocol
from urllib.parse import urlsplit

from runai.testing.answers import Answer, Refusal
from runai.testing.exchange import Application, WireRequest
from runai.testing.faults import Drop, Fault

_LOGGER = logging.getLogger(__name__)


class Aside(Protocol):
    """Something beside the API; neither recorded nor subject to faults."""

    def serves(self, method: str, path: str) -> bool:
        """Whether a request is for it."""
        ...

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """The answer to a request; raises Refusal."""
        ...


class FrontDoor:
    """Passes each request on to whom it is for.

    Args:
        application: the API.
        path_prefix: of its base URL; what is beside the API is there with and without it.
        asides: what is beside it.
    """

    def __init__(self, application: Application, path_prefix: str, *asides: Aside) -> None:
        self._application = application
        self._path_prefix = path_prefix
        self._asides = asides

    def connected(self) -> Drop | None:
        """Take note of a connection, whose requests are not known yet."""
        return self._application.connected()

    def fault(self, method: str, target: str) -> Fault | None:
        """The fault of a request; none beside the API."""
        return None if self._aside(method, target) else self._application.fault(method, target)

    def respond(self, request: WireRequest) -> Answer:
        """The answer to a request."""
        aside = self._aside(request.method, request.target)
        if aside is None:
            return self._application.respond(request)
        try:
            _demand_local(request.headers)
            return aside.answer(request.method, self._path(request.target), request.body)
        except Refusal as refusal:
            return refusal.answer()
        except Exception as error:
            _LOGGER.exception("%s %s", request.method, request.target)
            return Refusal(500, f"The embedded control plane failed: {error!r}").answer()

    def refuse(self, request: WireRequest, refusal: Refusal) -> Answer:
        """The answer to a request that is no good HTTP."""
        if self._aside(request.method, request.target):
            return refusal.answer()
        return self._application.refuse(request, refusal)

    def _aside(self, method: str, target: str) -> Aside | None:
        path = self._path(target)
        return next((aside for aside in self._asides if aside.serves(method, path)), None)

    def _path(self, target: str) -> str:
        path = target.partition("?")[0]
        if self._path_prefix and path.startswith(f"{self._path_prefix}/"):
            return path[len(self._path_prefix) :]
        return path


def _demand_local(headers: Message) -> None:
    """Refuse what a browser sends for a page from elsewhere.

    Such a page may send requests here, which have its origin, or have its own name resolved to this
    machine, which is the host of its requests then.
    """
    if "Origin" in headers:
        raise Refusal(403, "Requests of web pages are refused: send it without the Origin header")
    host = str(headers.get("Host", ""))
    if not _is_loopback(host):
        message = f"Host is {host!r}: only a name of this machine, such as localhost, is served"
        raise Refusal(403, message)


def _is_loopback(host: str) -> bool:
    # Loaded when somebody looks at the page.
    import ipaddress

    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
