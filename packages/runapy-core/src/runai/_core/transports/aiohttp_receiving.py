"""Reading the body of an answer of aiohttp: into memory, or into a download."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from runai._core.transports.aiohttp_failures import LIBRARY_ERRORS, failure_of
from runai._core.wire import FailureKind, TransportFailure

if TYPE_CHECKING:
    import aiohttp

    from runai._core.download import Download
    from runai._core.headers import Headers
    from runai._core.wire import Request


async def received(response: aiohttp.ClientResponse, headers: Headers, request: Request) -> bytes:
    """The body without content coding, empty if it went to the request's download.

    Arguments:
        response: whose body is still to be read.
        headers: of the answer.
        request: what was sent.

    Raises:
        TransportFailure: not all of the body came.
        BaseException: what the download raises.
    """
    download = request.download
    try:
        if download is not None and download.takes(response.status, headers):
            await _download(response, headers, request, download)
            return b""
        return await _whole(response)
    except BaseException:
        response.close()
        raise


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    try:
        return await response.read()
    except LIBRARY_ERRORS as error:
        raise failure_of(error) from error


async def _download(
    response: aiohttp.ClientResponse, headers: Headers, request: Request, download: Download
) -> None:
    download.begin(headers)
    while True:
        chunk = await _next_chunk(response)
        if not chunk:
            return
        await _write(download, chunk)
        download.report()
        if request.time_left is not None and request.time_left() <= 0:
            raise TransportFailure(
                FailureKind.READ_TIMEOUT, asyncio.TimeoutError("the call's time is over")
            )


async def _next_chunk(response: aiohttp.ClientResponse) -> bytes:
    try:
        return await response.content.readany()
    except LIBRARY_ERRORS as error:
        raise failure_of(error) from error


async def _write(download: Download, chunk: bytes) -> None:
    """Write in a thread: a slow disk must not hold up the event loop."""
    work = asyncio.get_running_loop().run_in_executor(None, download.write, chunk)
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        # The file is closed next, and must not be while it is written.
        await asyncio.wait([work])
        raise
