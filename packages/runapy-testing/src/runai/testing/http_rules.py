"""What HTTP forbids of every request, whatever its operation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from urllib.parse import unquote

from runai.testing.answers import Refusal

# RFC 3986, section 3.3: pchar, with what separates segments, query and escapes.
_NOT_IN_TARGETS = re.compile(r"[^A-Za-z0-9._~!$&'()*+,;=:@/?%-]")
_AUTHORITY = re.compile(r"https?://[^/?]*", re.IGNORECASE)
# RFC 9110, section 5.3: only fields that are lists may come in several lines.
_ONCE = (
    "Authorization", "Content-Length", "Content-Location", "Content-Range", "Content-Type", "Date",
    "From", "Host", "If-Modified-Since", "If-Range", "If-Unmodified-Since", "Max-Forwards",
    "Proxy-Authorization", "Range", "Referer", "User-Agent",
)  # fmt: skip


def demand_http(version: str, target: str, headers: Message) -> None:
    """Let only requests pass that HTTP allows.

    Args:
        version: of the request line, such as "HTTP/1.1".
        target: of the request line.
        headers: of the request.

    Raises:
        Refusal: 400 with every problem.
    """
    problems = [*_of_target(target), *_of_headers(version, headers)]
    if problems:
        raise Refusal(400, "The request is malformed", problems)


def _of_target(target: str) -> Iterator[str]:
    """RFC 9112, section 3.2, as a server that expects normalized paths has it."""
    authority = _AUTHORITY.match(target)
    origin_form = target[authority.end() :] if authority else target
    unknown = dict.fromkeys(_NOT_IN_TARGETS.findall(origin_form))
    if unknown:
        yield f"target: {' and '.join(map(repr, unknown))} must be percent-encoded"
    path, question_mark, query = origin_form.partition("?")
    if question_mark and not query:
        yield "target: '?' and no query behind it"
    for segment in path.split("/"):
        # Proxies resolve these on the way, encoded (RFC 3986, section 6.2.2.2) or not.
        if unquote(segment) in (".", ".."):
            yield f"target: the segment {segment!r} is none but a step"


def _of_headers(version: str, headers: Message) -> Iterator[str]:
    names = [name.lower() for name in headers.keys()]  # noqa: SIM118 - names come more than once
    if len(set(names)) < len(names):
        for name in _ONCE:
            count = names.count(name.lower())
            if count > 1:
                yield f"header {name}: given {count} times, allowed once"
    if version == "HTTP/1.1" and "Host" not in headers:
        yield "header Host: required in HTTP/1.1 and missing"
