"""When a request is sent again, and after how long."""

from __future__ import annotations

import random
import re
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Callable, Mapping, Optional

from runai._core.wire import FailureKind

# A server may ask for more patience than a caller has; both in seconds.
LONGEST_RETRY_AFTER = 60.0
LONGEST_BACKOFF = 30.0

_REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_TRANSIENT_STATUSES = frozenset({408, 429, 502, 503, 504})
_REFUSING_STATUSES = frozenset({429, 503})
_BEFORE_SENDING = frozenset(
    {FailureKind.NOT_CONNECTED, FailureKind.CONNECT_TIMEOUT, FailureKind.PROXY}
)
_PERHAPS_SENT = frozenset({FailureKind.LOST, FailureKind.READ_TIMEOUT})
_SECONDS = re.compile(r"\d+(\.\d+)?\Z")


class Backoff:
    """How long to wait before sending again, where the server names no time.

    Arguments:
        factor: seconds before the first repetition, doubled with each one.
        spread: gives a number from 0 to 1, so that clients do not come back all at once.
    """

    def __init__(self, factor: float, spread: Callable[[], float] = random.random) -> None:
        self._factor = factor
        self._spread = spread

    def seconds(self, repetition: int) -> float:
        """Seconds before the given repetition, the first being 1: a half of them by chance."""
        longest = min(LONGEST_BACKOFF, self._factor * 2.0 ** min(repetition - 1, 30))
        return longest * (0.5 + 0.5 * self._spread())


class Patience:
    """What is left of one call's repetitions and time.

    Arguments:
        backoff: the client's.
        retries: how often the call may send again, over its token and itself.
        deadline: when the call must be over, on the clock that `now` reads; None for no limit.
    """

    __slots__ = ("_backoff", "_retries", "_used", "deadline")

    def __init__(self, backoff: Backoff, retries: int, deadline: Optional[float] = None) -> None:
        self._backoff = backoff
        self._retries = retries
        self._used = 0
        self.deadline = deadline

    def left(self, now: float) -> Optional[float]:
        """Seconds until the deadline; None if there is none."""
        return None if self.deadline is None else max(self.deadline - now, 0.0)

    def is_shorter(self, retries: int) -> bool:
        """Whether the call gives up sooner than one with these repetitions and no deadline."""
        return self.deadline is not None or self._retries < retries

    def after_failure(self, kind: FailureKind, repeatable: bool, now: float) -> Optional[float]:
        """Seconds to wait before sending again; None to give up."""
        if kind in _BEFORE_SENDING or (kind in _PERHAPS_SENT and repeatable):
            return self._spend(None, now)
        return None

    def after_answer(
        self, status: int, headers: Mapping[str, str], repeatable: bool, now: float
    ) -> Optional[float]:
        """Seconds to wait before sending again; None to take the answer as it is."""
        if status not in _TRANSIENT_STATUSES:
            return None
        asked = retry_after(headers.get("Retry-After"))
        # A server that names a time has not begun to work on the request.
        if repeatable or (status in _REFUSING_STATUSES and asked is not None):
            return self._spend(asked, now)
        return None

    def _spend(self, asked: Optional[float], now: float) -> Optional[float]:
        if self._used >= self._retries:
            return None
        delay = self._backoff.seconds(self._used + 1) if asked is None else asked
        if self.deadline is not None and now + delay >= self.deadline:
            return None
        self._used += 1
        return delay


def is_repeatable(method: str) -> bool:
    """Whether sending twice does what sending once does (RFC 9110, 9.2.2)."""
    return method in _REPEATABLE


def retry_after(
    value: Optional[str], now: Callable[[], datetime] = lambda: datetime.now(timezone.utc)
) -> Optional[float]:
    """Seconds that a `Retry-After` asks for (RFC 9110, 10.2.3), at most a minute; None if none."""
    text = (value or "").strip()
    if _SECONDS.match(text):
        return min(float(text), LONGEST_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return min(max((moment - now()).total_seconds(), 0.0), LONGEST_RETRY_AFTER)
