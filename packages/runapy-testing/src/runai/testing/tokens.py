"""Access tokens: issued to known credentials, alive until they expire or are revoked."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from runai.testing.subjects import Directory, NobodyElse, Subject, first_administrator

GRANTS = ("client_credentials", "app_token", "password")


class Tokens:
    """Issues tokens of the form of a JWT (RFC 7519, HS256) and knows which of them are alive.

    Args:
        client_id: of the administrator that is there from the start.
        client_secret: and its secret.
        lifetime: of each token issued from now on, in seconds.
        clock: gives the time in seconds since the epoch.
        grants: the grant types that get one.

    Raises:
        ValueError: there is no such grant type.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        lifetime: float,
        clock: Callable[[], float],
        grants: Iterable[str] = GRANTS,
    ) -> None:
        self.grants = frozenset(grants)
        if not self.grants or not self.grants <= set(GRANTS):
            given = ", ".join(map(repr, sorted(self.grants))) or "nothing"
            raise ValueError(f"token_grants has {given}: give some of {', '.join(GRANTS)}")
        self.lifetime = lifetime
        self.administrator = first_administrator(client_id)
        """Who is there from the start."""
        self.directory: Directory = NobodyElse()
        """Knows everybody else."""
        self._client_id = client_id
        self._client_secret = client_secret
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._expiry: dict[str, float] = {}
        self._subjects: dict[str, Subject] = {}

    def sign_in(self, client_id: Any, client_secret: Any) -> Subject | None:
        """Whose client credentials these are; None where they are nobody's."""
        given = f"{client_id}\0{client_secret}".encode("utf-8", "replace")
        known = f"{self._client_id}\0{self._client_secret}".encode()
        if hmac.compare_digest(given, known):
            return self.administrator
        return self.directory.sign_in(client_id, client_secret)

    def sign_in_user(self, username: Any, password: Any) -> Subject | None:
        """The user of this name and password; None where there is none."""
        return self.directory.sign_in_user(username, password)

    def issue(self, subject: Subject | None = None) -> str:
        """A new token.

        Args:
            subject: whom it speaks for; the administrator of the start where none is given.
        """
        subject = subject or self.administrator
        return self.issue_claiming(self.claims(subject), subject)

    def issue_claiming(self, claims: Mapping[str, Any], subject: Subject) -> str:
        """A new token that says this of itself; it lives as long as any."""
        return self._alive(self._signed(claims), subject)

    def issue_opaque(self, subject: Subject) -> str:
        """A new token that is no JWT."""
        return self._alive(secrets.token_urlsafe(24), subject)

    def claims(self, subject: Subject) -> dict[str, Any]:
        """What a token that is issued now says of itself."""
        issued = self._clock()
        return {
            "iss": "runai.testing",
            "sub": subject.identity,
            "iat": int(issued),
            "exp": int(issued + self.lifetime),
            "jti": str(next(self._numbers)),
        }

    def subject(self, token: str) -> Subject | None:
        """Whom a token speaks for; None unless it was issued here and is alive.

        It is dead once it has expired, was revoked, or its subject is gone or was signed out.
        """
        with self._lock:
            if self._clock() >= self._expiry.get(token, float("-inf")):
                return None
            subject = self._subjects[token]
        return subject if self.directory.is_active(subject) else None

    def expire_all(self) -> None:
        """End the lifetime of every token issued so far."""
        with self._lock:
            self._expiry = dict.fromkeys(self._expiry, self._clock())

    def revoke(self, token: str) -> None:
        """Refuse a token from now on."""
        with self._lock:
            self._expiry.pop(token, None)
            self._subjects.pop(token, None)

    def revoke_all(self) -> None:
        """Refuse every token issued so far."""
        with self._lock:
            self._expiry.clear()
            self._subjects.clear()

    def _signed(self, claims: Mapping[str, Any]) -> str:
        signed = f"{_segment({'alg': 'HS256', 'typ': 'JWT'})}.{_segment(claims)}"
        return f"{signed}.{_base64url(hmac.digest(self._key, signed.encode(), hashlib.sha256))}"

    def _alive(self, token: str, subject: Subject) -> str:
        with self._lock:
            self._expiry[token] = self._clock() + self.lifetime
            self._subjects[token] = subject
        return token


def _segment(content: Mapping[str, Any]) -> str:
    return _base64url(json.dumps(content, separators=(",", ":")).encode())


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
