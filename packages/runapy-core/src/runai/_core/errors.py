"""Which exception an answer or a failure becomes."""

from __future__ import annotations

import json
from typing import Any, Dict, Mapping, Optional, Type

from runai._core.media_type import charset_of
from runai._core.wire import Answer, FailureKind, Request, TransportFailure
from runai.exceptions import (
    ApiConnectionError,
    ApiException,
    ApiProxyError,
    ApiTimeoutError,
    ApiTlsError,
    BadRequestException,
    ConflictException,
    ForbiddenException,
    NotFoundException,
    PayloadTooLargeException,
    RateLimitException,
    RequestTimeoutException,
    ServiceException,
    UnauthorizedException,
    UnprocessableEntityException,
)

_BY_STATUS: Dict[int, Type[ApiException]] = {
    400: BadRequestException,
    401: UnauthorizedException,
    403: ForbiddenException,
    404: NotFoundException,
    408: RequestTimeoutException,
    409: ConflictException,
    413: PayloadTooLargeException,
    422: UnprocessableEntityException,
    429: RateLimitException,
}
_BY_KIND: Dict[FailureKind, Type[ApiException]] = {
    FailureKind.NOT_CONNECTED: ApiConnectionError,
    FailureKind.CONNECT_TIMEOUT: ApiTimeoutError,
    FailureKind.NAME: ApiConnectionError,
    FailureKind.TLS: ApiTlsError,
    FailureKind.PROXY: ApiProxyError,
    FailureKind.PROXY_REFUSAL: ApiProxyError,
    FailureKind.READ_TIMEOUT: ApiTimeoutError,
    FailureKind.LOST: ApiConnectionError,
}
_REQUEST_ID_HEADERS = ("X-Request-Id", "X-Correlation-Id", "Request-Id")


def answer_error(request: Request, answer: Answer, attempts: int, since: str = "") -> ApiException:
    """The exception for an answer that is no success.

    Arguments:
        request, answer: what was sent, and what came.
        attempts: how often it was sent.
        since: the control plane that the operation came with, where some have not got it.
    """
    general = ServiceException if answer.status >= 500 else ApiException
    error_class = _BY_STATUS.get(answer.status, general)
    text = body_text(answer)
    data = _json_or_none(text)
    error = error_class(
        answer.status,
        answer.reason,
        body=text,
        data=data,
        headers=answer.headers,
        method=request.method,
        url=request.url,
        request_id=request_id(answer.headers),
        attempts=attempts,
    )
    # One that knows the operation says which resource is missing; it refuses no method.
    is_about_a_resource = isinstance(data, dict) and data.get("message")
    if since and (answer.status == 405 or (answer.status == 404 and not is_about_a_resource)):
        error.advice = f"The operation exists since control plane {since}: this one may be older"
    return error


def failure_error(request: Request, failure: TransportFailure, attempts: int) -> ApiException:
    """The exception for a request that got no answer; its cause is still to be chained."""
    detail = str(failure.cause) or type(failure.cause).__name__
    return _BY_KIND[failure.kind](
        reason=f"{failure.kind.value} ({detail})",
        method=request.method,
        url=request.url,
        attempts=attempts,
    )


def body_text(answer: Answer) -> str:
    """The body as text, whatever it is: an error must show what came."""
    return answer.body.decode(charset_of(answer.headers.get("Content-Type")), "replace")


def request_id(headers: Mapping[str, str]) -> Optional[str]:
    """The identifier that the server, or what stands before it, gave the request."""
    for name in _REQUEST_ID_HEADERS:
        found = headers.get(name)
        if found is not None:
            return found
    return None


def _json_or_none(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
