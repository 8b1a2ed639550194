"""What the control plane received, for tests to look at."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, Sequence, overload

from runai.testing import call_report
from runai.testing.faults import Fault
from runai.testing.redaction import content_of

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, repr=False)
class RecordedRequest:
    """One request as it came over the wire, and what the control plane read in it.

    Its `repr` is a line without secrets, since pytest shows it where an assertion fails.
    """

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

    def __repr__(self) -> str:
        return f"<{call_report.line_of(self)}>"

    def json(self) -> Any:
        """The body decoded; raises ValueError where it is no JSON."""
        return json.loads(self.body)


class RecordedRequests(Sequence[RecordedRequest]):
    """The requests so far, oldest first; may be read while the server adds to it.

    Args:
        operation_ids: those that there are; None where any may be asked for.
    """

    def __init__(self, operation_ids: Collection[str] | None = None) -> None:
        self._operation_ids = operation_ids
        self._lock = threading.Condition()
        self._requests: list[RecordedRequest] = []

    def append(self, request: RecordedRequest) -> None:
        """Add one request."""
        with self._lock:
            self._requests.append(request)
            self._lock.notify_all()
        if _LOGGER.isEnabledFor(logging.INFO):
            _LOGGER.info("%s", call_report.line_of(request))

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
        """The requests of one operation, oldest first.

        Raises:
            ValueError: there is no such operation.
        """
        self._demand_known(operation_id)
        return [request for request in self if request.operation_id == operation_id]

    def last(self, operation_id: str) -> RecordedRequest:
        """The last request of one operation.

        Raises:
            AssertionError: there was none; its message lists what came in.
            ValueError: there is no such operation.
        """
        __tracebackhide__ = True
        return self.assert_called(operation_id)[-1]

    def assert_called(
        self,
        operation_id: str,
        *,
        times: int | None = None,
        status: int | None = None,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> list[RecordedRequest]:
        """Expect requests of an operation, and get them, oldest first.

        Args:
            operation_id: such as "projects.create_project".
            times: how many there are; None for one or more.
            status: of their answers.
            path: path parameters that they have, among others.
            query: query parameters that they have, among others.
            body: JSON that their bodies have; objects in it may have other properties beside.

        Raises:
            AssertionError: there are others; the message lists what came in, secrets hidden.
            ValueError: there is no such operation.
        """
        # Pytest shows the line that calls.
        __tracebackhide__ = True
        self._demand_known(operation_id)
        # What may come in meanwhile is in neither the count nor the message.
        requests = list(self)
        expected = {"path": path, "query": query, "body": body}
        found: list[RecordedRequest] = []
        notes: dict[int, str] = {}
        for index, request in enumerate(requests):
            if request.operation_id != operation_id:
                continue
            note = _difference(request, status, expected)
            if note is None:
                found.append(request)
            else:
                notes[index] = note
        if (found and times is None) or len(found) == times:
            return found
        wanted = "once or more" if times is None else _counted(times)
        headline = (
            f"{operation_id}{call_report.described(status=status, **expected)}: "
            f"expected {wanted}, called {_counted(len(found))}"
        )
        raise AssertionError(call_report.report(headline, requests, notes))

    def _demand_known(self, operation_id: str) -> None:
        if self._operation_ids is not None and operation_id not in self._operation_ids:
            raise ValueError(
                f"there is no operation {operation_id!r}: give <group>.<method>, as "
                "control_plane.operation_ids has them"
            )

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


def _difference(
    request: RecordedRequest, status: int | None, expected: Mapping[str, Any]
) -> str | None:
    """What a request has not of what is expected; None where it has all."""
    if status is not None and request.status != status:
        return f"status is {request.status}, expected was {status}"
    there = {
        "path": request.path_parameters,
        "query": request.query,
        "body": content_of(request.headers, request.body),
    }
    differences = (
        call_report.difference(value, there[name], name)
        for name, value in expected.items()
        if value is not None
    )
    return next(filter(None, differences), None)


def _counted(times: int) -> str:
    return {0: "never", 1: "once"}.get(times, f"{times} times")
