"""Every exception that this package raises, under the names its users already catch.

`ApiException` covers all that goes wrong between a checked call and its answer. Arguments that are
refused before anything is sent raise `ApiValueError` or `ApiTypeError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Sequence
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from runai.api_response import ApiResponse

_EXCERPT_LENGTH = 200


class OpenApiException(Exception):
    """The base of every exception of this package.

    Arguments:
        msg: the message.
        path_to_item: the keys and indices that lead to the value it is about.
    """

    def __init__(self, msg: object = "", path_to_item: Optional[Sequence[Any]] = None) -> None:
        self.path_to_item = path_to_item
        super().__init__(f"{msg} at {render_path(path_to_item)}" if path_to_item else msg)

    def __str__(self) -> str:
        # A KeyError would show the repr of its message.
        return str(self.args[0]) if self.args else ""


class ApiTypeError(OpenApiException, TypeError):
    """An argument is of the wrong type; nothing was sent."""

    def __init__(
        self,
        msg: object = "",
        path_to_item: Optional[Sequence[Any]] = None,
        valid_classes: Optional[Sequence[type]] = None,
        key_type: Optional[bool] = None,
    ) -> None:
        self.valid_classes = valid_classes
        self.key_type = key_type
        super().__init__(msg, path_to_item)


class ApiValueError(OpenApiException, ValueError):
    """An argument has a value that cannot be sent; nothing was sent."""


class ApiAttributeError(OpenApiException, AttributeError):
    """An attribute does not exist or cannot be set."""


class ApiKeyError(OpenApiException, KeyError):
    """A key does not exist."""


class ApiException(OpenApiException):
    """A call failed.

    Attributes:
        status: the HTTP status, None when no answer came.
        reason: the reason phrase, or what went wrong when no answer came.
        body: the answer's body as text.
        data: the body decoded from JSON, where it is JSON.
        headers: the answer's headers, looked up without regard to case.
        method, url: the request.
        request_id: the identifier that the server gave the request, if it gave one.
        attempts: how often the request was sent.
    """

    advice: Optional[str] = None

    def __init__(
        self,
        status: Optional[int] = None,
        reason: Optional[str] = None,
        http_resp: Any = None,
        *,
        body: Optional[str] = None,
        data: Any = None,
        headers: Optional[Mapping[str, str]] = None,
        method: Optional[str] = None,
        url: Optional[str] = None,
        request_id: Optional[str] = None,
        attempts: int = 1,
    ) -> None:
        Exception.__init__(self, status, reason)
        if http_resp is not None:
            status = http_resp.status if status is None else status
            reason = http_resp.reason if reason is None else reason
            body = _text_of(http_resp) if body is None else body
            headers = http_resp.getheaders() if headers is None else headers
        self.status = status
        self.reason = reason
        self.body = body
        self.data = data
        self.headers = headers
        self.method = method
        self.url = url
        self.request_id = request_id
        self.attempts = attempts

    def __str__(self) -> str:
        request = " ".join(part for part in (self.method, self.path) if part)
        answer = " ".join(str(part) for part in (self.status, self.reason) if part)
        text = ": ".join(part for part in (request, answer, self._server_words()) if part)
        if self.attempts > 1:
            text += f" (sent {self.attempts} times)"
        if self.request_id:
            text += f" [request {self.request_id}]"
        if self.advice:
            text += f". {self.advice}"
        return text or type(self).__name__

    @property
    def path(self) -> Optional[str]:
        """The path of the request, without host and query."""
        return (urlsplit(self.url).path or "/") if self.url else None

    def _server_words(self) -> str:
        if isinstance(self.data, dict):
            words = [str(self.data[key]) for key in ("message", "details") if self.data.get(key)]
            if words:
                return "; ".join(words)
        return _excerpt(self.body)


class BadRequestException(ApiException):
    """HTTP 400."""


class UnauthorizedException(ApiException):
    """HTTP 401: the control plane does not take the token."""

    advice = "The token is not valid (any more): check the credentials, or get a new bearer token"


class ForbiddenException(ApiException):
    """HTTP 403: the token is valid and may not do this."""

    advice = "Give the user or service account an access rule for this action in this scope"


class NotFoundException(ApiException):
    """HTTP 404."""


class RequestTimeoutException(ApiException):
    """HTTP 408: the server did not get the whole request in time."""


class ConflictException(ApiException):
    """HTTP 409: the request does not fit the state of the resource."""


class PayloadTooLargeException(ApiException):
    """HTTP 413: the body is larger than the server takes."""


class UnprocessableEntityException(ApiException):
    """HTTP 422: well formed, and still not accepted."""


class RateLimitException(ApiException):
    """HTTP 429: too many requests."""


class ServiceException(ApiException):
    """HTTP 500 to 599: the control plane, or what stands before it, failed."""


class AuthenticationError(ApiException):
    """No token could be obtained; says what the server said, and never the secret."""


class ApiConnectionError(ApiException):
    """No answer: the connection was refused, lost or cut; the cause is chained."""


class ApiTimeoutError(ApiConnectionError):
    """No answer in time, either on connecting or on reading."""


class ApiTlsError(ApiConnectionError):
    """The TLS handshake failed, or the server's certificate could not be verified."""


class ApiProxyError(ApiConnectionError):
    """The proxy could not be reached, or refused to connect."""


class ResponseDecodeError(ApiException):
    """The answer is not what its operation promises: broken JSON, or HTML instead of it."""


class ResponseValidationError(ApiException):
    """The answer arrived, and does not fit the model of its operation.

    Attributes, besides those of `ApiException`:
        response: the whole `ApiResponse`; its `data` still holds what the server sent.
        operation: the name of the operation.
        place: the keys and indices that lead to the first value that does not fit.
        value: that value.
        errors: all that does not fit, each as {"place": "items[0].name", "message": "..."}.
    """

    def __init__(
        self,
        status: Optional[int] = None,
        reason: Optional[str] = None,
        http_resp: Any = None,
        *,
        response: Optional[ApiResponse[Any]] = None,
        operation: Optional[str] = None,
        place: Sequence[Any] = (),
        value: Any = None,
        errors: Sequence[Dict[str, Any]] = (),
        **attributes: Any,
    ) -> None:
        super().__init__(status, reason, http_resp, **attributes)
        self.response = response
        self.operation = operation
        self.place = tuple(place)
        self.value = value
        self.errors = list(errors)

    def _server_words(self) -> str:
        shown: List[str] = [f"{each['place']}: {each['message']}" for each in self.errors[:3]]
        if len(self.errors) > 3:
            shown.append(f"and {len(self.errors) - 3} more")
        return f"the answer does not fit the model of {self.operation}: " + "; ".join(shown)


class InsecureTlsWarning(UserWarning):
    """Certificates are not verified (`verify_ssl=False`)."""


class InsecureHttpWarning(UserWarning):
    """Credentials go over the network unencrypted (a base URL of `http://`)."""


def render_path(path_to_item: Sequence[Any]) -> str:
    """Write keys and indices as they are written in code: `['spec'][0]`."""
    return "".join(f"[{step!r}]" for step in path_to_item)


def _text_of(http_resp: Any) -> Optional[str]:
    data = getattr(http_resp, "data", None)
    return data.decode("utf-8", "replace") if isinstance(data, bytes) else data


def _excerpt(body: Optional[str]) -> str:
    text = " ".join((body or "").split())
    return text if len(text) <= _EXCERPT_LENGTH else text[:_EXCERPT_LENGTH] + "..."
