"""An interrupt that comes at the worst moment of a wait."""

from __future__ import annotations

import sys
import threading
from typing import Any, Generator

from runai._core.drivers.blocking import BlockingDriver
from runai._core.effects import Effect, Sleep


class _NoTransport:
    def send(self, request: Any) -> Any:
        raise AssertionError(request)

    def close(self) -> None:
        """Nothing is open."""


def one_wait() -> Generator[Effect, Any, None]:
    yield Sleep(0.001)


class _Interrupt:
    """Raises KeyboardInterrupt before the instruction of a number, in whatever runs by then."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, frame: Any, event: str, argument: Any) -> Any:
        frame.f_trace_opcodes = True
        if event == "opcode":
            self.left -= 1
            if self.left == 0:
                raise KeyboardInterrupt
        return self


def is_interrupted(driver: BlockingDriver, number: int) -> bool:
    """Whether there was an instruction of that number."""
    before = sys.gettrace()
    sys.settrace(_Interrupt(number))
    try:
        driver.run(one_wait())
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False


def test_closing_ends_wherever_the_wait_was_interrupted() -> None:
    number = 1
    while True:
        driver = BlockingDriver(_NoTransport())
        interrupted = is_interrupted(driver, number)
        closing = threading.Thread(target=driver.close, daemon=True)
        closing.start()
        closing.join(10)
        assert not closing.is_alive(), f"closing hangs after an interrupt at instruction {number}"
        if not interrupted:
            break
        number += 1
    assert number > 20
