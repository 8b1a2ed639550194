"""Sending one answer with the fault that its request got."""

from __future__ import annotations

from typing import Protocol

from runai.testing.answers import Answer
from runai.testing.faults import CutBody, Delay, Drop, Fault, SlowBody, without_delay
from runai.testing.pauses import Pause


class Outlet(Protocol):
    """One connection, as far as an answer needs it."""

    def send(self, answer: Answer) -> None:
        """Send a whole answer."""

    def send_head(self, answer: Answer, framing: tuple[str, str] | None = None) -> bool:
        """Send status and headers, at once; say whether a body follows.

        Args:
            answer: whose they are.
            framing: the header that says where the body ends, if it is not the right length.
        """
        ...

    def send_piece(self, piece: bytes) -> None:
        """Send something of the body, at once."""

    def drop(self, *, reset: bool) -> None:
        """End the connection."""


def deliver(answer: Answer, fault: Fault | None, outlet: Outlet, pause: Pause) -> None:
    """Send an answer, or what the fault leaves of it."""
    if isinstance(fault, Delay):
        pause.wait(fault.seconds)
    fault = without_delay(fault)
    if isinstance(fault, SlowBody):
        _trickle(answer, fault, outlet, pause)
    elif isinstance(fault, CutBody):
        _cut(answer, fault, outlet)
    elif isinstance(fault, Drop):
        if fault.when == "after" and outlet.send_head(answer):
            outlet.send_piece(answer.body[: fault.sent])
        outlet.drop(reset=fault.reset)
    else:
        outlet.send(answer)


def _trickle(answer: Answer, fault: SlowBody, outlet: Outlet, pause: Pause) -> None:
    if not outlet.send_head(answer):
        return
    for start in range(0, len(answer.body), fault.size):
        if start:
            pause.wait(fault.interval)
        outlet.send_piece(answer.body[start : start + fault.size])


def _cut(answer: Answer, fault: CutBody, outlet: Outlet) -> None:
    whole = len(answer.body)
    part = answer.body[: whole // 2 if fault.sent is None else fault.sent]
    if fault.chunked:
        framing = ("Transfer-Encoding", "chunked")
        piece = b"%x\r\n%b\r\n" % (len(part), part) if part else b""
    else:
        framing = ("Content-Length", str(max(whole, len(part) + 1)))
        piece = part
    if outlet.send_head(answer, framing):
        outlet.send_piece(piece)
    outlet.drop(reset=False)
