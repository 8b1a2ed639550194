"""Runs exchanges in a pool of threads."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError as FutureTimeoutError
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Callable, Generic, Optional, TypeVar

if TYPE_CHECKING:
    from runai._core.drivers.blocking import BlockingDriver
    from runai._core.effects import Steps

ModelT = TypeVar("ModelT")
_LOGGER = logging.getLogger("runai")

if TYPE_CHECKING:
    from runai.api_response import ApiResponse

    class ResponseFuture(Future["ApiResponse[ModelT]"], Generic[ModelT]):
        """What a future of a response is to type checkers."""

else:

    class ResponseFuture(Future, Generic[ModelT]):
        """On Python 3.8, futures are not generic."""


class ApiFuture(ResponseFuture[ModelT]):
    """A call that is under way; a `concurrent.futures.Future` with a few names more.

    A failure that nobody asked for is logged when the future is forgotten.
    """

    def __init__(self) -> None:
        super().__init__()
        self._was_asked = False

    def get(self, timeout: Optional[float] = None) -> ApiResponse[ModelT]:
        """The response; waits at most the given seconds, without limit if None.

        Raises:
            concurrent.futures.TimeoutError: it is not there yet; also a
                `multiprocessing.TimeoutError`.
            ApiException: the call failed.
        """
        try:
            return self.result(timeout)
        except FutureTimeoutError:
            if self.done():
                # The call itself ended with this, as a hook may make it.
                raise
        from runai._core.drivers.not_ready import NotReadyError

        raise NotReadyError(f"the call has not ended after {timeout} s")

    def wait(self, timeout: Optional[float] = None) -> None:
        """Wait until the call has ended, at most the given seconds."""
        from concurrent.futures import wait

        wait([self], timeout)

    def ready(self) -> bool:
        """Whether the call has ended."""
        return self.done()

    def successful(self) -> bool:
        """Whether the call has ended well.

        Raises:
            ValueError: it has not ended yet.
        """
        if not self.done():
            raise ValueError("the call has not ended yet: ask ready() first, or wait()")
        return not self.cancelled() and self.exception() is None

    def result(self, timeout: Optional[float] = None) -> ApiResponse[ModelT]:
        """As `get`."""
        self._was_asked = True
        return super().result(timeout)

    def exception(self, timeout: Optional[float] = None) -> Optional[BaseException]:
        """What the call raised, None if it ended well; waits as `get` does."""
        self._was_asked = True
        return super().exception(timeout)

    def add_done_callback(self, fn: Callable[[Any], object]) -> None:
        """Call a function with this future when the call has ended."""
        self._was_asked = True
        super().add_done_callback(fn)

    def __del__(self) -> None:
        if not self._was_asked and self.done() and not self.cancelled():
            error = super().exception()
            if error is not None:
                _LOGGER.error("nobody asked for the result of a call that failed: %s", error)


class ThreadsDriver:
    """Runs exchanges in a pool of threads, each as the blocking driver does.

    Arguments:
        driver: runs one exchange.
        size: most calls under way at once; further ones wait their turn.
    """

    def __init__(self, driver: BlockingDriver, size: int) -> None:
        self._driver = driver
        self._executor = ThreadPoolExecutor(size, thread_name_prefix="runai")

    def start(self, steps: Steps[ApiResponse[ModelT]]) -> ApiFuture[ModelT]:
        """Carry out the steps in a thread, in a copy of the caller's context; returns at once."""
        future: ApiFuture[ModelT] = ApiFuture()
        self._executor.submit(copy_context().run, _fulfil, future, self._driver, steps)
        return future

    def close(self) -> None:
        """End waits between repetitions, let all calls end, and close the transport."""
        self._driver.stop_waiting()
        self._executor.shutdown(wait=True)
        self._driver.close()


def _fulfil(future: ApiFuture[Any], driver: BlockingDriver, steps: Steps[Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = driver.run(steps)
    except BaseException as error:  # noqa: BLE001 - the future's owner decides
        future.set_exception(error)
    else:
        future.set_result(result)
