"""Asynchronous clients for whom no event loop runs: they end with a plain `with` block."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from runai.api_client import AsyncApiClient
from runai.testing.control_plane import ControlPlane


@contextmanager
def open_async_client(control_plane: ControlPlane) -> Generator[AsyncApiClient, None, None]:
    """A client for the event loops of the `with` block, whoever runs them."""
    loops: set[asyncio.AbstractEventLoop] = set()

    def remember(_: object) -> None:
        loops.add(asyncio.get_running_loop())

    client = AsyncApiClient(control_plane.configuration(on_request=remember))
    try:
        yield client
    finally:
        # A closed loop has ended its connections; those of an open one can only end in it.
        unclosed = [loop for loop in loops if not loop.is_closed()]
        for loop in unclosed:
            loop.run_until_complete(client.close())
        if not unclosed:
            _close_without_loop(client)


def _close_without_loop(client: AsyncApiClient) -> None:
    # asyncio.run would take the thread's current event loop from those who rely on there being one.
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(client.close())
    finally:
        loop.close()
