"""The logic of a call, without I/O: token, request, answer, renewal, redirect, decoding.

It is a generator of effects; the drivers carry them out, each in its own way of waiting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, NamedTuple, Optional

from runai._core.delivery import Timing, deliver, unchanged
from runai._core.errors import answer_error
from runai._core.headers import merged
from runai._core.media_type import essence, is_page_instead
from runai._core.observation import Observation, Observer
from runai._core.redirect import redirected
from runai._core.retry import Backoff, Patience, is_repeatable
from runai._core.wire import Request
from runai.api_response import ApiResponse

if TYPE_CHECKING:
    from runai._core.call import Call
    from runai._core.call_options import Limits
    from runai._core.delivery import Delivery
    from runai._core.download import Download
    from runai._core.effects import Steps
    from runai._core.token import TokenSource

_METHODS_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})
_MOST_REDIRECTS = 5


class Terms(NamedTuple):
    """What all calls of a client have in common.

    Attributes:
        base_url: the control plane's, without a slash at its end.
        tokens: where the token comes from.
        backoff: how long to wait before sending again.
        observer: who is told of each attempt.
        timing: the clocks.
    """

    base_url: str
    tokens: TokenSource
    backoff: Backoff
    observer: Observer
    timing: Timing


def exchange(
    call: Call,
    terms: Terms,
    default_headers: Mapping[str, str],
    limits: Limits,
    download: Optional[Download] = None,
) -> Steps[ApiResponse[Any]]:
    """The steps of one call, up to its decoded response.

    Arguments:
        call: what to send.
        terms: what the client's calls have in common.
        default_headers: the client's; the call's own come before them.
        limits: what it may take.
        download: where the body of its answer goes, if not into the response.

    Raises:
        ApiException: the call failed; the subclass says how.
        OSError: the file of the download cannot be written.
    """
    request = _request(call, terms.base_url, default_headers, limits, download)
    steps = _answered(call, request, terms, limits)
    return steps if download is None else _downloaded(steps, download)


def _downloaded(steps: Steps[ApiResponse[Any]], download: Download) -> Steps[ApiResponse[Any]]:
    try:
        response = yield from steps
        download.keep(response.headers, response.raw)
        return response.streamed(download.path, download.size)
    finally:
        download.discard()


def _answered(
    call: Call, request: Request, terms: Terms, limits: Limits
) -> Steps[ApiResponse[Any]]:
    deadline = None if limits.total is None else terms.timing.monotonic() + limits.total
    patience = Patience(terms.backoff, limits.retries, deadline)
    path = call.template or call.target.partition("?")[0]
    observation = Observation(terms.observer, call.operation, path)
    if not call.authenticated or _is_authorized(request):
        delivery = yield from _follow(request, terms, patience, observation, unchanged)
    else:
        delivery = yield from _with_token(request, terms, patience, observation)
    answer = delivery.answer
    if not 200 <= answer.status <= 299:
        raise answer_error(request, answer, delivery.attempts, call.since)
    response = ApiResponse.of(call, answer, request, delivery.attempts)
    if is_page_instead(essence(answer.headers.get("Content-Type")), call.media_types):
        # Raises; what is JSON, or should be, is decoded when it is looked at.
        _ = response.data
    return response


def _with_token(
    request: Request, terms: Terms, patience: Patience, observation: Observation
) -> Steps[Delivery]:
    bearer = _Bearer(terms.tokens, patience)
    first = yield from bearer.authorized(request)
    delivery = yield from _follow(first, terms, patience, observation, bearer.renewed)
    if delivery.answer.status != 401 or not terms.tokens.reject(bearer.token):
        return delivery
    attempts = delivery.attempts
    second = yield from bearer.authorized(request)
    delivery = yield from _follow(second, terms, patience, observation, bearer.renewed)
    return delivery._replace(attempts=attempts + delivery.attempts)


class _Bearer:
    """Gives requests the token of the moment, and knows which one that was."""

    def __init__(self, tokens: TokenSource, patience: Patience) -> None:
        self._tokens = tokens
        self._patience = patience
        self.token = ""

    def authorized(self, request: Request) -> Steps[Request]:
        token = self._tokens.at_hand()
        if token is None:
            token = yield from self._tokens.obtain(self._patience)
        self.token = token
        headers: Dict[str, str] = {**request.headers, "Authorization": f"Bearer {token}"}
        return request._replace(headers=headers)

    def renewed(self, request: Request) -> Steps[Request]:
        """The request after a wait, in which its token may have ended."""
        # One without a token was redirected to another host, which must not get any.
        return (yield from (self.authorized if _is_authorized(request) else unchanged)(request))


def _follow(
    request: Request,
    terms: Terms,
    patience: Patience,
    observation: Observation,
    renewed: Callable[[Request], Steps[Request]],
) -> Steps[Delivery]:
    repeatable = is_repeatable(request.method)
    redirects = 0
    while True:
        delivery = yield from deliver(
            request, repeatable, patience, observation, terms.timing, renewed
        )
        next_request = redirected(request, delivery.answer)
        if next_request is None or redirects == _MOST_REDIRECTS:
            return delivery
        request = next_request
        redirects += 1


def _request(
    call: Call,
    base_url: str,
    default_headers: Mapping[str, str],
    limits: Limits,
    download: Optional[Download],
) -> Request:
    headers = merged(default_headers, call.headers)
    if call.body is not None or call.method not in _METHODS_WITHOUT_BODY:
        headers["Content-Length"] = str(len(call.body or b""))
    return Request(
        call.method,
        base_url + call.target,
        headers,
        call.body,
        limits.connect,
        limits.read,
        download=download,
    )


def _is_authorized(request: Request) -> bool:
    headers = request.headers
    return "Authorization" in headers or "authorization" in map(str.lower, headers)
