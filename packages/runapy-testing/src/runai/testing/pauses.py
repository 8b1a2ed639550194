"""Waiting in the threads of connections, in a way that ends when the control plane does."""

from __future__ import annotations

import threading


class Pauses:
    """The waits of one control plane."""

    def __init__(self) -> None:
        self._ended = threading.Event()

    def begin(self) -> Pause:
        """The waits of one answer."""
        return Pause(self._ended)

    def end(self) -> None:
        """End what began so far; what begins from now on waits again."""
        ended, self._ended = self._ended, threading.Event()
        ended.set()

    def close(self) -> None:
        """End what began so far, and let nothing wait until `open`."""
        self._ended.set()

    def open(self) -> None:
        """Let what begins from now on wait again."""
        if self._ended.is_set():
            self._ended = threading.Event()


class Pause:
    """The waits of one answer: once ended, none of them lasts."""

    def __init__(self, ended: threading.Event) -> None:
        self._ended = ended

    def wait(self, seconds: float) -> None:
        """Return after this time, or earlier when the pause is ended."""
        self._ended.wait(min(seconds, threading.TIMEOUT_MAX))
