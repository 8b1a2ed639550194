"""What the control plane does with requests: routes, refuses, carries out, records."""

from __future__ import annotations

import logging
import threading
from http import HTTPStatus

from runai.testing.answers import JSON, Answer, Refusal
from runai.testing.contents import Contents
from runai.testing.exchange import WireRequest
from runai.testing.fault_selection import Faults
from runai.testing.faults import (
    Drop,
    ExpireTokens,
    Fault,
    ProxyPage,
    RevokeToken,
    Status,
    WrongJson,
    without_delay,
)
from runai.testing.presets import Presets
from runai.testing.recording import RecordedRequest, RecordedRequests
from runai.testing.request_check import CheckedRequest, check
from runai.testing.routing import Route, Router
from runai.testing.specification import Specification
from runai.testing.subjects import Subject
from runai.testing.success import negotiated, success
from runai.testing.token_endpoints import LOGOUT, TOKEN_ENDPOINTS, Issue, bad_request
from runai.testing.tokens import Tokens

_LOGGER = logging.getLogger(__name__)


class Application:
    """The control plane behind the server.

    Args:
        specification: of its operations.
        path_prefix: before every path of the specification.
        tokens: that it issues.
        faults: that its requests get.
        contents: of its answers.
    """

    def __init__(
        self,
        specification: Specification,
        path_prefix: str,
        tokens: Tokens,
        faults: Faults,
        contents: Contents,
    ) -> None:
        self.requests = RecordedRequests(specification.operations)
        self.presets = Presets()
        self._specification = specification
        self._router = Router(specification.operations.values(), path_prefix)
        self._contents = contents
        self._tokens = tokens
        self._faults = faults
        self._lock = threading.Lock()
        self._connections = 0

    @property
    def connections(self) -> int:
        """How many connections there were since `reset`."""
        return self._connections

    def reset(self) -> None:
        """Forget preset answers, requests and connections, and what was created."""
        self.presets.clear()
        self.requests.clear()
        self._contents.reset()
        with self._lock:
            self._connections = 0

    def connected(self) -> Drop | None:
        """Count a connection; the fault it gets."""
        with self._lock:
            self._connections += 1
        return self._faults.for_connection() if self._faults else None

    def fault(self, method: str, target: str) -> Fault | None:
        """The fault that a request gets."""
        if not self._faults:
            return None
        try:
            route = self._router.route(method, target)
        except Refusal:
            return self._faults.for_request(None)
        return self._faults.for_request(route.operation.id)

    def respond(self, request: WireRequest) -> Answer:
        """The answer to a request, which is recorded."""
        self._end_tokens(request)
        answer = _instead(request.fault)
        route: Route | None = None
        checked = CheckedRequest()
        problems: tuple[str, ...] = ()
        try:
            route = self._router.route(request.method, request.target)
            checked = check(
                route, request.headers, request.body, self._specification.request_schemas
            )
            if answer is None:
                answer = self._carry_out(route, checked, request)
        except Refusal as refusal:
            if answer is None:
                answer, problems = refusal.answer(), refusal.problems
        except Exception as error:
            _LOGGER.exception("%s %s", request.method, request.target)
            failure = Refusal(500, f"The embedded control plane failed: {error!r}")
            answer, problems = failure.answer(), failure.problems
        self.requests.append(_recorded(request, route, checked, problems, answer))
        return answer

    def refuse(self, request: WireRequest, refusal: Refusal) -> Answer:
        """The answer to a request that is no good HTTP; recorded if it is any."""
        answer = refusal.answer()
        if request.method:
            try:
                route: Route | None = self._router.route(request.method, request.target)
            except Refusal:
                route = None
            self.requests.append(
                _recorded(request, route, CheckedRequest(), refusal.problems, answer)
            )
        return answer

    def _end_tokens(self, request: WireRequest) -> None:
        fault = without_delay(request.fault)
        if isinstance(fault, ExpireTokens):
            self._tokens.expire_all()
        elif isinstance(fault, RevokeToken):
            self._tokens.revoke(_credentials(request)[1])

    def _carry_out(self, route: Route, checked: CheckedRequest, request: WireRequest) -> Answer:
        operation = route.operation
        subject = self._subject(route, request)
        if checked.problems:
            raise bad_request(operation.path, f"{operation.id}: bad request", checked.problems)
        preset = self.presets.next(operation.id)
        if preset is not None:
            return preset
        if operation.path in TOKEN_ENDPOINTS:
            schema = operation.answer_schemas.get(JSON, {})
            known = self._specification.response_schemas.resolved(schema).get("properties", {})
            issue = Issue(self._tokens, without_delay(request.fault), known)
            return TOKEN_ENDPOINTS[operation.path](checked.body, issue)
        accept = ",".join(str(value) for value in request.headers.get_all("Accept", []))
        if operation.answer_schemas:
            # Before anything is done.
            negotiated(accept, operation.answer_schemas)
        content = self._contents.content(operation, checked, subject)
        if operation.path == LOGOUT:
            self._tokens.revoke(_credentials(request)[1])
        return success(operation, content, accept)

    def _subject(self, route: Route, request: WireRequest) -> Subject:
        """Whom a request speaks for; raises Refusal where it should say so and does not."""
        if not route.operation.authenticated or route.operation.path in TOKEN_ENDPOINTS:
            return self._tokens.administrator
        given = len(request.headers.get_all("Authorization", []))
        if given != 1:
            problem = f"one Authorization header is needed, {given} were sent"
        else:
            scheme, token = _credentials(request)
            subject = self._tokens.subject(token) if scheme == "bearer" else None
            if subject is not None:
                return subject
            problem = "Authorization holds no bearer token that was issued here and is alive"
        raise Refusal(401, "Unauthorized", [problem], {"WWW-Authenticate": "Bearer"})


def _credentials(request: WireRequest) -> tuple[str, str]:
    """Scheme, in lower case, and token of a request."""
    scheme, _, token = str(request.headers.get("Authorization", "")).partition(" ")
    return scheme.lower(), token


def _instead(fault: Fault | None) -> Answer | None:
    """The answer of a fault that keeps the request from being carried out."""
    fault = without_delay(fault)
    if isinstance(fault, Status):
        if fault.body is None:
            refusal = Refusal(fault.status, _phrase(fault.status), headers=fault.headers)
            return refusal.answer()
        named = {name.lower() for name in fault.headers}
        content_type = {} if "content-type" in named else {"Content-Type": JSON}
        return Answer(fault.status, {**content_type, **fault.headers}, fault.body)
    if isinstance(fault, WrongJson):
        return Answer(fault.status, {"Content-Type": JSON}, fault.body)
    if isinstance(fault, ProxyPage):
        title = f"{fault.status} {_phrase(fault.status)}"
        page = (
            f"<html>\n<head><title>{title}</title></head>\n<body><h1>{title}</h1></body>\n</html>\n"
        )
        return Answer(fault.status, {"Content-Type": "text/html"}, page.encode())
    return None


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Injected fault"


def _recorded(
    request: WireRequest,
    route: Route | None,
    checked: CheckedRequest,
    problems: tuple[str, ...],
    answer: Answer,
) -> RecordedRequest:
    fault = without_delay(request.fault)
    lost = isinstance(fault, Drop) and fault.when == "during"
    return RecordedRequest(
        method=request.method,
        target=request.target,
        headers=request.headers,
        body=request.body,
        operation_id=route.operation.id if route else None,
        path_parameters=checked.path_parameters or (dict(route.path_values) if route else {}),
        query=checked.query,
        problems=problems,
        status=0 if lost else answer.status,
        fault=request.fault,
    )
