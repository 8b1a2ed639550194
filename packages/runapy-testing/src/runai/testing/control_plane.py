"""The embedded control plane."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from runai.testing.answers import JSON, Answer, Refusal
from runai.testing.presets import Presets
from runai.testing.recording import RecordedRequest, RecordedRequests
from runai.testing.request_check import CheckedRequest, check
from runai.testing.routing import Route, Router
from runai.testing.server import Server, WireRequest
from runai.testing.specification import load
from runai.testing.success import Successes
from runai.testing.token_endpoints import TOKEN_ENDPOINTS
from runai.testing.tokens import Tokens

if TYPE_CHECKING:
    from runai.configuration import Configuration

_DEFAULT_TOTAL = 5
_LOGGER = logging.getLogger(__name__)


class ControlPlane:
    """A control plane on 127.0.0.1, driven by the specification; serves within its `with` block.

    It routes every operation, refuses what the specification does not allow, gives tokens to its
    credentials, and answers with valid values made from the specification's types.

    Args:
        version: of the control plane, such as "2.24".
        spec: a merged OpenAPI 3.1 document to use instead of the one shipped for the version.
        token_lifetime: of the tokens it issues, in seconds.
        clock: gives the time in seconds since the epoch; tokens live by it.
        port: to listen on; 0 for any free one.
        ssl_context: of the server's side, to serve HTTPS instead of HTTP.

    Raises:
        ValueError: no document is shipped for this version.
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
    ) -> None:
        self.version = version
        self.client_id = "test-client-id"
        self.client_secret = "test-client-secret"
        self.requests = RecordedRequests()
        """What came in so far, refused requests included."""
        self.total_items = _DEFAULT_TOTAL
        """How many items every paged list has."""
        self.tokens = Tokens(self.client_id, self.client_secret, token_lifetime, clock)
        self._specification = load(version, Path(spec) if spec is not None else None)
        self._router = Router(self._specification.operations.values())
        self._successes = Successes(self._specification.response_schemas)
        self._presets = Presets()
        self._port = port
        self._ssl_context = ssl_context
        self._server: Server | None = None

    def __enter__(self) -> ControlPlane:
        self.start()
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def url(self) -> str:
        """Its base URL, without a slash at the end. Raises RuntimeError while it does not serve."""
        if self._server is None:
            raise RuntimeError("the control plane does not serve: use it in a with statement")
        return f"{'https' if self._ssl_context else 'http'}://127.0.0.1:{self._server.port}"

    @property
    def operation_ids(self) -> list[str]:
        """The ids of all operations, sorted: `<group>.<method>` as the client has them."""
        return sorted(self._specification.operations)

    def start(self) -> None:
        """Serve in the background; nothing happens where it does already."""
        if self._server is None:
            self._server = Server(self._respond, self._port, self._ssl_context)

    def close(self) -> None:
        """Stop serving and end every connection and thread."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def configuration(self) -> Configuration:
        """A client configuration with its URL and credentials."""
        from runai.configuration import Configuration

        return Configuration(
            client_id=self.client_id,
            client_secret=self.client_secret,
            runai_base_url=self.url,
        )

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
            ValueError: there is no such operation, or the status is none of a final answer.
        """
        operation = self._specification.operation(operation_id)
        if not 200 <= status <= 599:
            raise ValueError(f"status {status!r} is no final answer: give one from 200 to 599")
        given = dict(headers or {})
        if body and "content-type" not in {name.lower() for name in given}:
            given["Content-Type"] = JSON
        self._presets.add(operation.id, Answer(status, given, body))

    def reset(self) -> None:
        """Forget preset answers and recorded requests. Tokens stay alive: clients keep theirs."""
        self._presets.clear()
        self.requests.clear()
        self.total_items = _DEFAULT_TOTAL

    def _respond(self, request: WireRequest) -> Answer:
        route: Route | None = None
        checked = CheckedRequest()
        try:
            route = self._router.route(request.method, request.target)
            self._demand_token(route, request)
            checked = check(
                route, request.headers, request.body, self._specification.request_schemas
            )
            if checked.problems:
                raise Refusal(400, f"{route.operation.id}: bad request", checked.problems)
            answer = self._carry_out(route, checked, request)
            problems: tuple[str, ...] = ()
        except Refusal as refusal:
            answer, problems = refusal.answer(), refusal.problems
        except Exception as error:
            _LOGGER.exception("%s %s", request.method, request.target)
            failure = Refusal(500, f"The embedded control plane failed: {error!r}")
            answer, problems = failure.answer(), failure.problems
        self.requests.append(_recorded(request, route, checked, problems, answer))
        return answer

    def _demand_token(self, route: Route, request: WireRequest) -> None:
        if not route.operation.authenticated or route.operation.path in TOKEN_ENDPOINTS:
            return
        given = request.headers.get_all("Authorization", [])
        if len(given) != 1:
            problem = f"one Authorization header is needed, {len(given)} were sent"
        else:
            scheme, _, token = str(given[0]).partition(" ")
            if scheme.lower() == "bearer" and self.tokens.is_alive(token):
                return
            problem = "Authorization holds no bearer token that was issued here and is alive"
        raise Refusal(401, "Unauthorized", [problem], {"WWW-Authenticate": "Bearer"})

    def _carry_out(self, route: Route, checked: CheckedRequest, request: WireRequest) -> Answer:
        operation = route.operation
        preset = self._presets.next(operation.id)
        if preset is not None:
            return preset
        if operation.path in TOKEN_ENDPOINTS:
            return TOKEN_ENDPOINTS[operation.path](checked.body, self.tokens)
        accept = ",".join(str(value) for value in request.headers.get_all("Accept", []))
        return self._successes.answer(operation, checked, accept, self.total_items)


def _recorded(
    request: WireRequest,
    route: Route | None,
    checked: CheckedRequest,
    problems: tuple[str, ...],
    answer: Answer,
) -> RecordedRequest:
    return RecordedRequest(
        method=request.method,
        target=request.target,
        headers=request.headers,
        body=request.body,
        operation_id=route.operation.id if route else None,
        path_parameters=checked.path_parameters or (dict(route.path_values) if route else {}),
        query=checked.query,
        problems=problems,
        status=answer.status,
    )
