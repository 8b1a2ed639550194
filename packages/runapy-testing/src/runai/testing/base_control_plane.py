"""What control planes have in common: a server, tokens, faults, recorded requests."""

from __future__ import annotations

import abc
import math
import re
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from runai.testing.admin import Admin
from runai.testing.answers import JSON, Answer
from runai.testing.application import Application
from runai.testing.clock import Clock
from runai.testing.contents import Contents
from runai.testing.fault_selection import Faults
from runai.testing.front_door import FrontDoor
from runai.testing.given_answers import demand_body, demand_headers, demand_status
from runai.testing.page import Page
from runai.testing.pauses import Pauses
from runai.testing.recording import RecordedRequests
from runai.testing.server import Server
from runai.testing.specification import load
from runai.testing.tokens import GRANTS, Tokens

if TYPE_CHECKING:
    import asyncio

    from typing_extensions import Self

    from runai.configuration import Configuration


class BaseControlPlane(abc.ABC):
    """What every control plane here does, wherever its answers come from.

    It serves on 127.0.0.1 within its `with` block, routes every operation, refuses what the
    specification does not allow, and gives tokens to its credentials.

    Args:
        version: of the control plane, such as "2.24".
        spec: a merged OpenAPI 3.1 document to use instead of the one shipped for the version.
        token_lifetime: of the tokens it issues, in seconds.
        clock: gives the time in seconds since the epoch, to which `clock.advance` adds.
        port: to listen on; 0 for any free one.
        ssl_context: of the server's side, to serve HTTPS instead of HTTP.
        path_prefix: of its base URL, such as "/runai"; before every path that it serves.
        token_grants: the grant types of POST /api/v1/token; control planes before 2.20 have
            "app_token" alone.

    Raises:
        ValueError: no document is shipped for this version, the token lifetime has no end, the path
            prefix does not begin with a slash or ends with one, or there is no such grant type.
    """

    def __init__(
        self,
        version: str = "2.24",
        *,
        spec: str | Path | None = None,
        token_lifetime: float = 3600,
        clock: Callable[[], float] = time.time,
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
        path_prefix: str = "",
        token_grants: Iterable[str] = GRANTS,
    ) -> None:
        if not re.fullmatch(r"(/[^/?#\s]+)*", path_prefix):
            raise ValueError(
                f"path_prefix {path_prefix!r} begins no path: give one such as '/runai', "
                "without a slash at its end"
            )
        if not math.isfinite(token_lifetime):
            raise ValueError(f"token_lifetime {token_lifetime!r} is no time: give seconds")
        self.version = version
        self.client_id = "test-client-id"
        self.client_secret = "test-client-secret"
        self.clock = Clock(clock)
        """By which tokens expire; a test can advance it."""
        self.tokens = Tokens(
            self.client_id, self.client_secret, token_lifetime, self.clock, token_grants
        )
        self._specification = load(version, Path(spec) if spec is not None else None)
        self._pauses = Pauses()
        self.faults = Faults(self._specification, self._pauses)
        """What goes wrong, and when; nothing at first."""
        self._application = Application(
            self._specification, path_prefix, self.tokens, self.faults, self._contents()
        )
        self._path_prefix = path_prefix
        self._port = port
        self._ssl_context = ssl_context
        self._server: Server | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        import asyncio

        starting = _in_thread(self.start)
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            await starting
            await _in_thread(self.close)
            raise
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await _in_thread(self.close)

    @property
    def url(self) -> str:
        """Its base URL, without a slash at the end. Raises RuntimeError while it does not serve."""
        if self._server is None:
            raise RuntimeError("the control plane does not serve: use it in a with statement")
        scheme = "https" if self._ssl_context else "http"
        return f"{scheme}://127.0.0.1:{self._server.port}{self._path_prefix}"

    @property
    def requests(self) -> RecordedRequests:
        """What came in so far, refused requests included."""
        return self._application.requests

    @property
    def connections(self) -> int:
        """How many connections came in since the last reset, dropped ones included."""
        return self._application.connections

    @property
    def operation_ids(self) -> list[str]:
        """The ids of all operations, sorted: `<group>.<method>` as the client has them."""
        return sorted(self._specification.operations)

    def start(self) -> None:
        """Serve in the background; nothing happens where it does already."""
        if self._server is None:
            self._pauses.open()
            asides = Page(self, self._collections), Admin(self)
            front_door = FrontDoor(self._application, self._path_prefix, *asides)
            self._server = Server(front_door, self._pauses, self._port, self._ssl_context)

    def close(self) -> None:
        """Stop serving and end every connection and thread."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def configuration(self, **settings: Any) -> Configuration:
        """A client configuration with its URL and credentials.

        Args:
            settings: parameters of `Configuration`, further ones such as `ssl_ca_cert`, or others
                in place of its own: a `client_id` and `client_secret`, or a `bearer_token`.

        Raises:
            ValueError: a parameter has a value that cannot work.
        """
        from runai.configuration import Configuration

        own: dict[str, Any] = {"runai_base_url": self.url}
        if settings.get("bearer_token") is None:
            own.update(client_id=self.client_id, client_secret=self.client_secret)
        return Configuration(**{**own, **settings})

    def respond(
        self,
        operation_id: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> None:
        """Preset the next answer of an operation; called again, the one after that.

        The last preset answer is given again and again, until `reset`. Requests are checked all the
        same, and answered by it only if there is nothing wrong with them.

        Args:
            operation_id: such as "projects.get_projects".
            status: 200 to 599.
            headers: Content-Type is application/json unless they name one.
            body: as it goes over the wire.

        Raises:
            ValueError: there is no such operation, or this is no answer that can be sent.
        """
        operation = self._specification.operation(operation_id)
        demand_status(status)
        demand_headers(headers or {})
        demand_body(body)
        given = dict(headers or {})
        if body and "content-type" not in {name.lower() for name in given}:
            given["Content-Type"] = JSON
        self._application.presets.add(operation.id, Answer(status, given, body))

    def reset(self) -> None:
        """Forget faults, preset answers, recorded requests and connections, and what was created.

        Tokens stay alive: clients keep theirs. The clock stays where it is.
        """
        self.faults.clear()
        self._application.reset()

    def _collections(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """The records that its page shows; none where answers are made up."""
        return {}

    @abc.abstractmethod
    def _contents(self) -> Contents:
        """Where its answers come from."""


def _in_thread(call: Callable[[], None]) -> asyncio.Future[None]:
    # A start without an event loop does without this import.
    import asyncio

    return asyncio.get_running_loop().run_in_executor(None, call)
