"""Who asks: whom a token speaks for, and whose credentials it was bought with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol


class Holder(NamedTuple):
    """A record whose credentials stand behind a subject."""

    collection: str
    identity: str
    session: int
    """Which of its sessions; tokens end with theirs."""


@dataclass(frozen=True)
class Subject:
    """Whom a token speaks for."""

    identity: str
    """What its tokens say as `sub`."""
    name: str
    """What it is called as the creator of records."""
    type: str
    """As access rules have it: user, app or service-account."""
    aliases: frozenset[str]
    """What access rules may call it: its id, client id or name."""
    holders: tuple[Holder, ...] = ()
    """Whose credentials its token was bought with, up to its own record."""
    groups: frozenset[str] = frozenset()
    """Those that it was in when it signed in, as its identity provider says."""
    is_unrestricted: bool = False
    """Whether it may do everything without access rules."""

    @property
    def record(self) -> tuple[str, str] | None:
        """Collection and id of its own record; None for who is there from the start."""
        return self.holders[-1][:2] if self.holders else None


def first_administrator(client_id: str) -> Subject:
    """The subject of the credentials that a control plane starts with."""
    return Subject(client_id, client_id, "app", frozenset((client_id,)), is_unrestricted=True)


class Directory(Protocol):
    """Knows subjects by their credentials."""

    def sign_in(self, client_id: Any, client_secret: Any) -> Subject | None:
        """The subject of these client credentials; None where there is none."""
        ...

    def sign_in_user(self, username: Any, password: Any) -> Subject | None:
        """The user with this name and password; None where there is none."""
        ...

    def is_active(self, subject: Subject) -> bool:
        """Whether a subject that signed in is still there, and was not signed out."""
        ...


class NobodyElse:
    """A directory without subjects."""

    def sign_in(self, client_id: Any, client_secret: Any) -> Subject | None:
        """Nobody; see `Directory`."""
        return None

    def sign_in_user(self, username: Any, password: Any) -> Subject | None:
        """Nobody; see `Directory`."""
        return None

    def is_active(self, subject: Subject) -> bool:
        """Whether it needs no directory."""
        return not subject.holders
