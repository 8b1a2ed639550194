"""The three clients: `ApiClient`, `ThreadedApiClient` and `AsyncApiClient`.

They take the same `Configuration` and give the same answers. Making one opens no connection; the
first call gets the token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Coroutine, NoReturn, Optional, Type, TypeVar

from runai._core.base_client import BaseClient
from runai._core.delivery import SYSTEM_CLOCKS, Timing
from runai._core.drivers.blocking import BlockingDriver
from runai._core.drivers.threads import ApiFuture, ThreadsDriver
from runai._core.transport_choice import is_session, transport_of
from runai.api_response import ApiResponse
from runai.exceptions import ApiException

if TYPE_CHECKING:
    from types import TracebackType

    from runai._core.drivers.event_loop import EventLoopDriver
    from runai._core.effects import Steps
    from runai._core.transport_choice import TransportChoice
    from runai.configuration import Configuration

__all__ = [
    "ApiClient",
    "ApiException",
    "ApiFuture",
    "ApiResponse",
    "AsyncApiClient",
    "ThreadedApiClient",
]

DriverT = TypeVar("DriverT", BlockingDriver, ThreadsDriver)
ResultT = TypeVar("ResultT")
ClientT = TypeVar("ClientT")


class _SyncClient(BaseClient[DriverT, ResultT]):
    """What the two clients without an event loop have in common."""

    _transport: TransportChoice

    def close(self) -> None:
        """Close all connections; the client cannot be used any more."""
        if not self._is_closed:
            driver: DriverT = self._own_resources().driver
            self._is_closed = True
            driver.close()

    def __enter__(self: ClientT) -> ClientT:
        return self

    def __exit__(
        self,
        exception_type: Optional[Type[BaseException]],
        exception: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    def _blocking_driver(self, connections: int) -> BlockingDriver:
        return BlockingDriver(transport_of(self._transport, self.configuration, connections))

    def _forget_inherited(self) -> None:
        if is_session(self._transport):
            for adapter in self._transport.adapters.values():  # type: ignore[union-attr]
                adapter.close()


class ApiClient(_SyncClient[BlockingDriver, ApiResponse[Any]]):
    """Calls the API and waits for the answer; threads may share it.

    Arguments:
        configuration: read from the environment if not given (`Configuration.from_env`).
        transport: "requests", "urllib3" or a `requests.Session` of the caller's.

    Raises:
        ValueError: nothing was given, and the environment has no credentials or URL.
    """

    def __init__(
        self,
        configuration: Optional[Configuration] = None,
        *,
        transport: TransportChoice = "requests",
        _timing: Timing = SYSTEM_CLOCKS,
    ) -> None:
        self._transport = transport
        super().__init__(configuration, _timing)

    def _new_driver(self) -> BlockingDriver:
        return self._blocking_driver(self.configuration.pool_maxsize)

    def _run(self, driver: BlockingDriver, steps: Steps[ApiResponse[Any]]) -> ApiResponse[Any]:
        return driver.run(steps)


class ThreadedApiClient(_SyncClient[ThreadsDriver, "ApiFuture[Any]"]):
    """Calls the API in threads of its own; each call returns a future at once.

    Arguments:
        configuration: read from the environment if not given (`Configuration.from_env`).
        pool_size: threads, and so most calls under way; `pool_maxsize` if not given.
        transport: "urllib3", "requests" or a `requests.Session` of the caller's.

    Raises:
        ValueError: nothing was given, and the environment has no credentials or URL.
    """

    def __init__(
        self,
        configuration: Optional[Configuration] = None,
        pool_size: Optional[int] = None,
        *,
        transport: TransportChoice = "urllib3",
        _timing: Timing = SYSTEM_CLOCKS,
    ) -> None:
        self._transport = transport
        self._pool_size = pool_size
        super().__init__(configuration, _timing)

    def _new_driver(self) -> ThreadsDriver:
        from runai._core import checks

        kept = self.configuration.pool_maxsize
        threads = kept if self._pool_size is None else self._pool_size
        checks.whole("pool_size", threads, least=1)
        return ThreadsDriver(self._blocking_driver(max(kept, threads)), threads)

    def _run(self, driver: ThreadsDriver, steps: Steps[ApiResponse[Any]]) -> ApiFuture[Any]:
        return driver.start(steps)


class AsyncApiClient(BaseClient["EventLoopDriver", Coroutine[Any, Any, ApiResponse[Any]]]):
    """Calls the API in coroutines; tasks may share it, and so may several event loops.

    Arguments:
        configuration: read from the environment if not given (`Configuration.from_env`).

    Raises:
        ImportError: aiohttp is not installed.
        ValueError: nothing was given, and the environment has no credentials or URL.
    """

    def __init__(
        self, configuration: Optional[Configuration] = None, *, _timing: Timing = SYSTEM_CLOCKS
    ) -> None:
        super().__init__(configuration, _timing)

    async def close(self) -> None:
        """Close the connections of the running event loop; the client cannot be used any more."""
        if not self._is_closed:
            driver: EventLoopDriver = self._own_resources().driver
            self._is_closed = True
            await driver.close()

    async def aclose(self) -> None:
        """As `close`."""
        await self.close()

    async def __aenter__(self: ClientT) -> ClientT:
        return self

    async def __aexit__(
        self,
        exception_type: Optional[Type[BaseException]],
        exception: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        await self.close()

    if not TYPE_CHECKING:
        # Type checkers say so before the program runs.
        def __enter__(self) -> NoReturn:
            raise TypeError(
                "AsyncApiClient is closed in an event loop: use `async with`, not `with`"
            )

        def __exit__(self, *_: object) -> None:
            """Never reached: `__enter__` raises."""

    def _new_driver(self) -> EventLoopDriver:
        try:
            from runai._core.transports.aiohttp_transport import AiohttpTransport
        except ModuleNotFoundError as error:
            raise ImportError(
                'AsyncApiClient needs aiohttp: pip install "runapy-core[async]"'
            ) from error
        from runai._core.drivers.event_loop import EventLoopDriver

        return EventLoopDriver(AiohttpTransport(self.configuration))

    def _run(
        self, driver: EventLoopDriver, steps: Steps[ApiResponse[Any]]
    ) -> Coroutine[Any, Any, ApiResponse[Any]]:
        return driver.run(steps)
