"""Reading the body of an answer of urllib3: into memory, or into a download."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator

from runai._core.headers import Headers
from runai._core.transports.pools import LIBRARY_ERRORS, failure_of, utf8
from runai._core.wire import Answer, FailureKind, TransportFailure

if TYPE_CHECKING:
    from runai._core.wire import Request

_CHUNK_LENGTH = 2**16


def answer_of(raw: Any) -> Answer:
    """An answer whose body urllib3 has read.

    Raises:
        TransportFailure: not all of the body came.
    """
    _check_end(raw)
    return _answer(raw, _headers(raw), raw.data or b"")


def received(raw: Any, request: Request) -> Answer:
    """An answer, its body read to its end; empty if it went to the request's download.

    Its connection can be used again; after a failure it is closed.

    Arguments:
        raw: an answer of urllib3 whose body is still to be read.
        request: what was sent.

    Raises:
        TransportFailure: not all of the body came.
        BaseException: what the download raises.
    """
    headers = _headers(raw)
    download = request.download
    body = b""
    try:
        if download is not None and download.takes(raw.status, headers):
            download.begin(headers)
            for chunk in _chunks(raw):
                download.write(chunk)
                download.report()
        else:
            body = _whole(raw)
    except BaseException:
        raw.close()
        raise
    raw.release_conn()
    return _answer(raw, headers, body)


def _headers(raw: Any) -> Headers:
    return Headers((name, utf8(value)) for name, value in raw.headers.items())


def _answer(raw: Any, headers: Headers, body: bytes) -> Answer:
    return Answer(raw.status, utf8(raw.reason or ""), headers, body)


def _whole(raw: Any) -> bytes:
    try:
        body: bytes = raw.read(decode_content=True)
    except LIBRARY_ERRORS as error:
        raise failure_of(error) from error
    _check_end(raw)
    return body


def _chunks(raw: Any) -> Iterator[bytes]:
    try:
        yield from raw.stream(_CHUNK_LENGTH, decode_content=True)
    except LIBRARY_ERRORS as error:
        raise failure_of(error) from error
    _check_end(raw)


def _check_end(raw: Any) -> None:
    # urllib3 1.26 does not notice that a body ends early.
    if raw.length_remaining:
        raise TransportFailure(
            FailureKind.LOST, EOFError(f"{raw.length_remaining} bytes of the body did not come")
        )
