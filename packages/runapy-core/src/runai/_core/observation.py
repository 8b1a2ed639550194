"""What is told of each attempt: one line in the log, and the caller's hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, NamedTuple, Optional, Tuple

from runai._core.errors import failure_error, request_id
from runai._core.headers import checked, merged

if TYPE_CHECKING:
    import logging

    from runai._core.wire import Answer, Request, TransportFailure
    from runai.configuration import Configuration
    from runai.hooks import RequestInfo

Hooks = Tuple[Callable[[Any], object], ...]

# The token is nobody's business, and the rest says where the request goes and where it ends.
_NOT_FOR_HOOKS = frozenset(
    {"authorization", "connection", "content-length", "host", "transfer-encoding"}
)
_LONGEST_ID = 128


class Observer(NamedTuple):
    """Who is told of the attempts of a client."""

    logger: logging.Logger
    level: int
    on_request: Hooks
    on_response: Hooks

    @classmethod
    def of(cls, configuration: Configuration) -> Observer:
        """The log and the hooks that a configuration names."""
        # INFO and DEBUG, without importing logging for them.
        level = 20 if configuration.debug else 10
        return cls(configuration.logger, level, configuration.on_request, configuration.on_response)


class Observation:
    """Tells of the attempts of one call.

    Arguments:
        observer: who is told.
        operation: `group.method`, or what stands for it.
        path: with the names of its parameters: an id in it may say more than a log should hold.
    """

    __slots__ = ("_attempt", "_info", "_observer", "_operation", "_path")

    def __init__(self, observer: Observer, operation: str, path: str) -> None:
        self._observer = observer
        self._operation = operation
        self._path = path
        self._attempt = 0
        self._info: Optional[RequestInfo] = None

    def sending(self, request: Request) -> Request:
        """The request to send, with the headers that hooks have added.

        Raises:
            ApiValueError: a hook has set a header that cannot be sent.
            BaseException: whatever a hook raises.
        """
        self._attempt += 1
        observer = self._observer
        if not observer.on_request and not observer.on_response:
            return request
        info = self._info = self._shown(request)
        if not observer.on_request:
            return request
        for hook in observer.on_request:
            hook(info)
        return request._replace(headers=_with_added(request, info))

    def answered(self, request: Request, answer: Answer, seconds: float) -> None:
        """Tell of an answer."""
        if self._is_logging():
            identifier = request_id(answer.headers)
            self._log(request, str(answer.status), seconds, _visible(identifier))
        if self._observer.on_response:
            self._tell(answer.status, seconds, request_id(answer.headers), None)

    def failed(self, request: Request, failure: TransportFailure, seconds: float) -> None:
        """Tell that no answer came."""
        if self._is_logging():
            self._log(request, failure.kind.value, seconds, "-")
        if self._observer.on_response:
            error = failure_error(request, failure, self._attempt)
            error.__cause__ = failure.cause
            self._tell(None, seconds, None, error)

    def _is_logging(self) -> bool:
        return self._observer.logger.isEnabledFor(self._observer.level)

    def _log(self, request: Request, outcome: str, seconds: float, identifier: str) -> None:
        self._observer.logger.log(
            self._observer.level,
            "%s %s: %s in %.0f ms, attempt %d, request %s",
            request.method,
            self._path,
            outcome,
            seconds * 1000,
            self._attempt,
            identifier,
        )

    def _shown(self, request: Request) -> RequestInfo:
        from runai.hooks import RequestInfo

        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() not in _NOT_FOR_HOOKS
        }
        url = request.url.partition("?")[0]
        return RequestInfo(self._operation, request.method, self._path, url, self._attempt, headers)

    def _tell(
        self, status: Optional[int], seconds: float, identifier: Optional[str], error: Any
    ) -> None:
        if self._info is not None:
            from runai.hooks import ResponseInfo

            outcome = ResponseInfo(self._info, status, seconds, identifier, error)
            for hook in self._observer.on_response:
                hook(outcome)


def _with_added(request: Request, info: RequestInfo) -> Any:
    from runai.exceptions import ApiValueError

    added = dict(checked(name, value) for name, value in info.headers.items())
    for name in added:
        if name.lower() in _NOT_FOR_HOOKS:
            raise ApiValueError(f"on_request: the header {name} cannot be set by a hook")
    return merged(request.headers, added)


def _visible(identifier: Optional[str]) -> str:
    """What a server sends may hold anything, and a log line is one line."""
    if identifier is None:
        return "-"
    return "".join(each if each.isprintable() else "?" for each in identifier[:_LONGEST_ID])
