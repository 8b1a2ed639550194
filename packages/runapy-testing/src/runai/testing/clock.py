"""The control plane's clock, which a test can step."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timezone

# The start of 9999, the last year that dates have: what comes soon after it can still be told.
_LATEST = 253_370_764_800.0


class Clock:
    """Gives the time of another clock, plus what it was advanced by.

    Args:
        source: gives the time in seconds since the epoch.
    """

    def __init__(self, source: Callable[[], float]) -> None:
        self._source = source
        self._ahead = 0.0
        self._lock = threading.Lock()

    def __call__(self) -> float:
        """The time in seconds since the epoch."""
        return self._source() + self._ahead

    @property
    def ahead(self) -> float:
        """By how many seconds it was advanced."""
        return self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass at once: workloads go on in their lives, and tokens expire.

        Args:
            seconds: 0 or more.

        Raises:
            ValueError: less than 0, as time does not go back, or beyond the year 9998.
        """
        if not seconds >= 0:
            raise ValueError(f"seconds={seconds!r}: time does not go back, give 0 or more")
        with self._lock:
            if seconds > _LATEST - self():
                raise ValueError(f"seconds={seconds!r}: time would be beyond the year 9998")
            self._ahead += seconds


def timestamp(seconds: float) -> str:
    """A time in seconds since the epoch as the API writes it (RFC 3339, in UTC)."""
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
