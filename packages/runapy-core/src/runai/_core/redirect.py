"""Where a redirect leads, and whether the token may go there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional, Tuple
from urllib.parse import SplitResult, urljoin, urlsplit

if TYPE_CHECKING:
    from runai._core.wire import Answer, Request

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_DEFAULT_PORTS = {"http": 80, "https": 443}


def redirected(request: Request, answer: Answer) -> Optional[Request]:
    """The request that an answer asks for instead; None if it asks for none, or it is not followed.

    Only GET and HEAD are followed: what changes something goes where its caller sent it. Another
    host gets no token.
    """
    if answer.status not in _REDIRECTS or request.method not in ("GET", "HEAD"):
        return None
    location = answer.headers.get("Location")
    if not location:
        return None
    url = urljoin(request.url, location).partition("#")[0]
    old, new = urlsplit(request.url), urlsplit(url)
    if (
        new.scheme not in _DEFAULT_PORTS
        or not new.hostname
        or (old.scheme, new.scheme) == ("https", "http")
    ):
        return None
    if not new.path:
        url = new._replace(path="/").geturl()
    headers = request.headers
    if not _is_same_host(old, new):
        headers = {name: headers[name] for name in headers if name.lower() not in _FOR_THIS_HOST}
    return request._replace(url=url, headers=headers)


_FOR_THIS_HOST = frozenset({"authorization", "cookie"})


def _is_same_host(old: SplitResult, new: SplitResult) -> bool:
    """The same origin, or the same host gone from plain to TLS on the usual ports."""
    upgraded = (_origin(old), _origin(new)) == (
        ("http", old.hostname, 80),
        ("https", old.hostname, 443),
    )
    return upgraded or _origin(old) == _origin(new)


def _origin(parts: SplitResult) -> Tuple[str, Optional[str], int]:
    return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS[parts.scheme]
