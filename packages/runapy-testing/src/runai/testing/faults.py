"""The kinds of fault that a control plane can be told to have: `control_plane.faults.add`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Union

from runai.testing.given_answers import demand_body, demand_headers, demand_status


@dataclass(frozen=True)
class Status:
    """An answer of this status instead of the operation's; nothing is carried out.

    Args:
        status: 200 to 599.
        headers: Content-Type is application/json unless they name one.
        body: as it goes over the wire; None for the control plane's own JSON error.
    """

    status: int
    # Mappings have no hash; faults are counted by theirs.
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    body: bytes | None = None

    def __post_init__(self) -> None:
        demand_status(self.status)
        demand_headers(self.headers)
        if self.body is not None:
            demand_body(self.body)


@dataclass(frozen=True)
class WrongJson:
    """An answer that is called JSON and is none.

    Args:
        body: as it goes over the wire.
        status: 200 to 599.
    """

    body: bytes = b'{"id": 1, "name": "cut of'
    status: int = 200

    def __post_init__(self) -> None:
        demand_status(self.status)
        demand_body(self.body)


@dataclass(frozen=True)
class ProxyPage:
    """The HTML page of a proxy in between, instead of the control plane's answer.

    Args:
        status: 200 to 599; 200 is what a login page or a captive portal has.
    """

    status: int = 502

    def __post_init__(self) -> None:
        demand_status(self.status)


@dataclass(frozen=True)
class SlowBody:
    """The operation's answer with a body that trickles; status and headers go out at once.

    Args:
        size: of each piece, in bytes.
        interval: from one piece to the next, in seconds.
    """

    size: int = 1
    interval: float = 1.0

    def __post_init__(self) -> None:
        if self.size < 1:
            raise ValueError(f"size {self.size!r} sends nothing: give the bytes of a piece, from 1")
        _demand_duration("interval", self.interval)


@dataclass(frozen=True)
class Drop:
    """The connection ends before the answer is whole.

    Args:
        when: "connect", as soon as the connection is there, before TLS ("*" only);
            "before" the body of the request is read and the request recorded; "during", after the
            request was carried out and before anything of the answer; or "after" the status line,
            the headers and the first `sent` bytes of the body.
        reset: by a TCP reset, instead of an orderly close.
        sent: bytes of the body; None for all of them, so that the answer is whole and a connection
            that the client keeps alive ends behind it.
    """

    when: Literal["connect", "before", "during", "after"] = "before"
    reset: bool = False
    sent: int | None = 0

    def __post_init__(self) -> None:
        if self.when not in ("connect", "before", "during", "after"):
            known = "'connect', 'before', 'during' or 'after'"
            raise ValueError(f"when {self.when!r} is no moment of an exchange: give {known}")
        _demand_bytes(self.sent)


@dataclass(frozen=True)
class CutBody:
    """The operation's answer with a body that ends early; the connection is closed in order.

    Args:
        sent: bytes of the body that come; None for half of them.
        chunked: the body is chunked and its last chunk is missing, instead of a Content-Length
            that is larger than what comes.
    """

    sent: int | None = None
    chunked: bool = False

    def __post_init__(self) -> None:
        _demand_bytes(self.sent)


@dataclass(frozen=True)
class ExpireTokens:
    """Every token issued so far ends as the request comes in, which gets a 401 for it."""


@dataclass(frozen=True)
class RevokeToken:
    """The token that the request carries is revoked as it comes in: it gets a 401 for it."""


@dataclass(frozen=True)
class ClockSkew:
    """A token whose times (`iat`, `exp`) are those of another clock; it lives as long as any.

    Args:
        seconds: that the clock is ahead; negative where it is behind.
    """

    seconds: float

    def __post_init__(self) -> None:
        if not float("-inf") < self.seconds < float("inf"):
            raise ValueError(f"seconds {self.seconds!r} is no time: give seconds")


@dataclass(frozen=True)
class TokenAnswer:
    """A token endpoint's 200 with another token than usual. Tokens that are there are good.

    Args:
        token: "opaque", no JWT; "without exp", a JWT that does not say when it ends; "base64url",
            a JWT whose payload has the characters `-` and `_`; "null"; or "missing".
        expires_in: what the answer says of the lifetime, in seconds; None for nothing.
    """

    token: Literal["opaque", "without exp", "base64url", "null", "missing"]
    expires_in: int | None = None

    def __post_init__(self) -> None:
        known = ("opaque", "without exp", "base64url", "null", "missing")
        if self.token not in known:
            raise ValueError(f"token {self.token!r} is not known: give one of {', '.join(known)}")


@dataclass(frozen=True)
class Delay:
    """The answer comes late: the operation's, or that of another fault.

    Args:
        seconds: after the request was carried out and recorded.
        then: what else happens, such as `Status(503)`.
    """

    seconds: float
    then: Fault | None = None

    def __post_init__(self) -> None:
        _demand_duration("seconds", self.seconds)
        if isinstance(self.then, Delay) or drops_unread(self.then):
            raise ValueError(f"{self.then!r} cannot come after a delay: give it alone")


Fault = Union[
    Status,
    WrongJson,
    ProxyPage,
    SlowBody,
    Drop,
    CutBody,
    ExpireTokens,
    RevokeToken,
    ClockSkew,
    TokenAnswer,
    Delay,
]
"""Any kind."""


def without_delay(fault: Fault | None) -> Fault | None:
    """What a fault does besides the delay, if anything."""
    return fault.then if isinstance(fault, Delay) else fault


def drops_unread(fault: Fault | None) -> bool:
    """Whether the connection ends before the request is read."""
    return isinstance(fault, Drop) and fault.when in ("connect", "before")


def _demand_bytes(sent: int | None) -> None:
    if sent is not None and sent < 0:
        raise ValueError(f"sent {sent!r} is no number of bytes: give 0 or more")


def _demand_duration(name: str, seconds: float) -> None:
    if not 0 <= seconds < float("inf"):
        raise ValueError(f"{name} {seconds!r} is no duration: give seconds, 0 or more")
