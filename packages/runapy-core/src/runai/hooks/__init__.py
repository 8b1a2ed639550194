"""What the functions see that a `Configuration` takes as `on_request` and `on_response`.

They are called for every attempt of every call, and of the token request, in the thread or event
loop that makes the call, where they find the context variables of its caller. What they raise ends
the call and reaches its caller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, MutableMapping, NamedTuple, Optional, Sequence, Union

if TYPE_CHECKING:
    from runai.exceptions import ApiException

__all__ = ["OnRequest", "OnResponse", "RequestInfo", "ResponseInfo"]


class RequestInfo(NamedTuple):
    """A request that is about to be sent.

    Attributes:
        operation: `group.method`; for `call_api` the method and the path; "token" for a token.
        method: the HTTP method, upper case.
        path: the path with the names of its parameters, `/api/v1/org-unit/projects/{projectId}`;
            for `call_api` as it was given.
        url: as it is sent, without the query.
        attempt: 1 when the call sends for the first time, one more with each repetition.
        headers: what is sent, without the token. An `on_request` function may add to it and
            replace; `Authorization`, `Host` and what frames the body cannot be set.
    """

    operation: str
    method: str
    path: str
    url: str
    attempt: int
    headers: MutableMapping[str, str]


class ResponseInfo(NamedTuple):
    """What came of an attempt.

    Attributes:
        request: the same object that the `on_request` functions were given.
        status: the HTTP status; None when no answer came.
        duration: seconds from sending to the end of the answer.
        request_id: the identifier that the server gave the request, if it gave one.
        error: why no answer came; the call may still be repeated. None when one came, whatever its
            status.
    """

    request: RequestInfo
    status: Optional[int]
    duration: float
    request_id: Optional[str]
    error: Optional[ApiException]


OnRequest = Union[Callable[[RequestInfo], object], Sequence[Callable[[RequestInfo], object]]]
OnResponse = Union[Callable[[ResponseInfo], object], Sequence[Callable[[ResponseInfo], object]]]
