"""What goes into an answer of success: made up, or kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Callable, NamedTuple, Protocol

from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.subjects import Subject


class Content(NamedTuple):
    """What an answer says, before it has a media type."""

    value: Any
    status: int | None = None
    """None for the operation's usual one."""
    rows: Sequence[Mapping[str, Any]] | None = None
    """Of its table, where that has other rows than the first list of the value."""


Handler = Callable[[Operation, CheckedRequest], Content]
"""Carries out one operation."""


class Contents(Protocol):
    """Where answers come from."""

    def content(self, operation: Operation, request: CheckedRequest, subject: Subject) -> Content:
        """What is answered to a checked request of a subject.

        Raises:
            Refusal: the request asks for what cannot be done.
        """
        ...

    def reset(self) -> None:
        """Go back to the start."""
        ...
