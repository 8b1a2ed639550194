"""What passes between the server and the application behind it."""

from __future__ import annotations

from email.message import Message
from typing import NamedTuple, Protocol

from runai.testing.answers import Answer, Refusal
from runai.testing.faults import Drop, Fault


class WireRequest(NamedTuple):
    """One request as it came."""

    method: str
    """Empty where what came has no request line of HTTP."""
    target: str
    headers: Message
    body: bytes
    fault: Fault | None = None


class Application(Protocol):
    """What is served; called from many threads at once."""

    def connected(self) -> Drop | None:
        """Take note of a connection; how it ends at once, if it does."""

    def fault(self, method: str, target: str) -> Fault | None:
        """The fault of a request, before its body is read."""

    def respond(self, request: WireRequest) -> Answer:
        """The answer to a request."""
        ...

    def refuse(self, request: WireRequest, refusal: Refusal) -> Answer:
        """The answer to a request that is no good HTTP."""
        ...
