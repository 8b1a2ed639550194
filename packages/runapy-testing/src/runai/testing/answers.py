"""What the control plane sends back: an answer, or a refusal that becomes one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

JSON = "application/json"


class Answer(NamedTuple):
    """Status, headers and body of one response; the server adds Date and Content-Length."""

    status: int
    headers: Mapping[str, str] = {}
    body: bytes = b""


class Refusal(Exception):
    """A request the control plane does not carry out.

    Args:
        status: HTTP status of the answer, 400 to 599.
        message: what was wrong, in one sentence.
        details: one entry per problem, each naming the place and the value.
        headers: further headers of the answer, such as Allow.
    """

    def __init__(
        self,
        status: int,
        message: str,
        details: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = tuple(details)
        self.headers = dict(headers or {})

    @property
    def problems(self) -> tuple[str, ...]:
        """Every problem on its own; the message where there are no details."""
        return self.details or (self.message,)

    def answer(self) -> Answer:
        """The refusal as the control plane's JSON error: code, message, details."""
        # Every error schema of the API has one string as its details.
        content = {"code": self.status, "message": self.message, "details": "; ".join(self.details)}
        return json_answer(self.status, content, self.headers)


class NoOperation(Refusal):
    """A request for what this control plane does not have, so that it never gets to it.

    What stands before a control plane answers such a request, in text: a JSON `message` is about a
    resource, and clients tell the two apart by it.
    """

    def answer(self) -> Answer:
        """The message as a line of plain text."""
        headers = {"Content-Type": "text/plain; charset=utf-8", **self.headers}
        return Answer(self.status, headers, f"{self.message}\n".encode())


def json_answer(status: int, content: Any, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with a JSON body."""
    body = json.dumps(content, allow_nan=False).encode()
    return Answer(status, {"Content-Type": JSON, **(headers or {})}, body)


def shortened(value: Any) -> str:
    """A value for an error message: its repr, cut after 120 characters."""
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."
