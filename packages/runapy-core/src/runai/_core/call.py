"""The boundary between encoding a call and sending it."""

from __future__ import annotations

from typing import Any, Callable, Dict, NamedTuple, Optional, Tuple


class Call(NamedTuple):
    """One API call, checked and encoded; the base URL and the token are still missing.

    Attributes:
        operation: `group.method`; `GET /path` for a call without an operation.
        method: the HTTP method, upper case.
        target: path and query, percent-encoded, starting with a slash.
        headers: what the operation itself demands, such as `Accept` and `Content-Type`.
        body: the bytes to send.
        media_types: what a success may carry, the one asked for first; empty when not known.
        model: gives the type of the success's JSON; None when it has none.
        authenticated: False where the control plane asks for no token.
        template: the path with the names of its parameters; empty when there is none, and the
            path itself may be shown.
        since: the control plane that the operation came with; empty where all have it.
    """

    operation: str
    method: str
    target: str
    headers: Dict[str, str]
    body: Optional[bytes] = None
    media_types: Tuple[str, ...] = ()
    model: Optional[Callable[[], Any]] = None
    authenticated: bool = True
    template: str = ""
    since: str = ""

    def __repr__(self) -> str:
        # A body or a header may hold a secret: neither belongs in a traceback.
        return f"<Call {self.operation}>"
