"""Where the body of a request ends on the wire (RFC 9112, section 6)."""

from __future__ import annotations

import re
from email.message import Message
from io import BufferedIOBase

from runai.testing.answers import Refusal

LONGEST_BODY = 32 * 2**20
"""Longest request body that is read, in bytes."""

_LONGEST_LINE = 65536


def framed_body(headers: Message, stream: BufferedIOBase) -> bytes:
    """The body that follows these headers.

    Raises:
        Refusal: 400 where it has no readable end, 413 where it is too long.
    """
    coding = headers.get("Transfer-Encoding")
    if coding is not None:
        if coding.lower() != "chunked" or "Content-Length" in headers:
            raise Refusal(400, f"Transfer-Encoding {coding!r} cannot be read")
        return _chunks(stream)
    lengths = set(headers.get_all("Content-Length", ["0"]))
    if len(lengths) > 1 or not re.fullmatch("[0-9]{1,18}", length := lengths.pop()):
        raise Refusal(400, "Content-Length is no single decimal number")
    return _read(stream, _allowed(int(length)))


def _chunks(stream: BufferedIOBase) -> bytes:
    body = b""
    while True:
        line = stream.readline(_LONGEST_LINE).split(b";")[0].strip()
        if not re.fullmatch(b"[0-9A-Fa-f]{1,16}", line):
            raise Refusal(400, "A chunk has no hexadecimal size")
        size = int(line, 16)
        if size == 0:
            break
        body += _read(stream, _allowed(size + len(body)) - len(body))
        if stream.readline(_LONGEST_LINE).strip():
            raise Refusal(400, "A chunk is longer than its size")
    while stream.readline(_LONGEST_LINE).strip():
        continue
    return body


def _read(stream: BufferedIOBase, length: int) -> bytes:
    body = stream.read(length) if length else b""
    if len(body) < length:
        raise Refusal(400, f"The body ended after {len(body)} of {length} bytes")
    return body


def _allowed(length: int) -> int:
    if length > LONGEST_BODY:
        raise Refusal(413, f"The body is longer than {LONGEST_BODY} bytes")
    return length
