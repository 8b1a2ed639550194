"""What the control plane received, for tests to look at."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, Sequence, overload

from runai.testing.faults import Fault


@dataclass(frozen=True)
class RecordedRequest:
    """One request as it came over the wire, and what the control plane read in it."""

    method: str
    target: str
    """Path and query exactly as on the wire, percent-encoding included."""
    headers: Message
    """Header fields in the order they came; names are looked up in any case."""
    body: bytes
    operation_id: str | None = None
    """None where no operation has this method and path."""
    path_parameters: Mapping[str, Any] = field(default_factory=dict)
    """Decoded path parameters by their names in the specification."""
    query: Mapping[str, Any] = field(default_factory=dict)
    """Decoded query parameters by their names in the specification."""
    problems: tuple[str, ...] = ()
    """Why the request was refused; empty where it was carried out."""
    status: int = 0
    """Status of the answer; 0 where a fault kept all of it back."""
    fault: Fault | None = None
    """What `control_plane.faults` gave it."""


class RecordedRequests(Sequence[RecordedRequest]):
    """The requests so far, oldest first; may be read while the server adds to it."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._requests: list[RecordedRequest] = []

    def append(self, request: RecordedRequest) -> None:
        """Add one request."""
        with self._lock:
            self._requests.append(request)
            self._lock.notify_all()

    def clear(self) -> None:
        """Forget all requests."""
        with self._lock:
            self._requests.clear()

    def wait_for(self, count: int, timeout: float = 10) -> list[RecordedRequest]:
        """The requests so far, as soon as there are this many.

        Args:
            count: of requests.
            timeout: in seconds.

        Raises:
            TimeoutError: there were fewer in all that time.
        """
        with self._lock:
            if not self._lock.wait_for(lambda: len(self._requests) >= count, timeout):
                there = len(self._requests)
                raise TimeoutError(f"{there} of {count} requests came within {timeout} s")
            return self._requests[:]

    def of(self, operation_id: str) -> list[RecordedRequest]:
        """The requests of one operation, oldest first."""
        return [request for request in self if request.operation_id == operation_id]

    @overload
    def __getitem__(self, index: int) -> RecordedRequest: ...
    @overload
    def __getitem__(self, index: slice) -> list[RecordedRequest]: ...
    def __getitem__(self, index: int | slice) -> RecordedRequest | list[RecordedRequest]:
        with self._lock:
            return self._requests[index]

    def __iter__(self) -> Iterator[RecordedRequest]:
        with self._lock:
            return iter(self._requests[:])

    def __len__(self) -> int:
        with self._lock:
            return len(self._requests)

    def __repr__(self) -> str:
        return f"<{len(self)} recorded requests>"
