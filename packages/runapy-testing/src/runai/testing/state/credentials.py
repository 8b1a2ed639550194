"""Credentials of what is created: a secret or password each, of which only a digest is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Callable

from runai.testing.answers import JSON, Refusal, shortened
from runai.testing.clock import timestamp
from runai.testing.contents import Content, Handler
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state.resources import Resource
from runai.testing.state.store import Record
from runai.testing.subjects import Holder, Subject

if TYPE_CHECKING:
    from runai.testing.state.state import State


USERS = "/api/v1/users"
OWNED = ("/api/v1/access-keys", "/api/v1/user-applications")
"""Collections of what acts for whoever created it."""
HOLDERS = {
    USERS: "user",
    "/api/v1/apps": "app",
    "/v1/k8s/apps": "app",
    "/api/v1/service-accounts": "service-account",
    **dict.fromkeys(OWNED, "owner's"),
}
"""Type of subject by the collections whose records have credentials."""
# Among what the control plane says of a record; no schema has a property of this name.
_KEPT = "heldCredential"


class Credentials:
    """Gives credentials to records, and knows whose they are.

    Args:
        state: that has the records.
    """

    def __init__(self, state: State) -> None:
        self._state = state

    def handler(self, operation: Operation) -> Handler | None:
        """Renews a secret or password, or signs out; None for every other operation."""
        if operation.method != "POST":
            return None
        if operation.path == "/api/v1/me/password":
            return self._change_password
        for path in HOLDERS:
            resource = self._state.resources.get(path)
            if resource is None or not operation.path.startswith(f"{resource.item_path}/"):
                continue
            handlers = {"secret": self._renew, "password": self._renew, "logout": self._sign_out}
            found = handlers.get(operation.path.rsplit("/", 1)[-1])
            return found and self._on_record(resource, found)
        return None

    def give(self, record: Record) -> dict[str, Any]:
        """Give a record a new secret instead of any it had.

        Returns:
            The secret by the names that answers may have for it; empty for what has none.
        """
        if record.collection not in HOLDERS:
            return {}
        secret = secrets.token_urlsafe(24)
        kept = record.own.get(_KEPT) or {"session": 1, "owner": self._state.subject.record}
        record.own[_KEPT] = {**kept, **_digested(secret)}
        record.own["clientId"] = str(record.id)
        record.own.setdefault("lastLogin", None)
        record.facts.setdefault("enabled", True)
        return {"clientSecret": secret, "secret": secret, "tempPassword": secret}

    def sign_in(self, client_id: Any, client_secret: Any) -> Subject | None:
        """The subject of client credentials; see `Directory`."""
        paths = (path for path in HOLDERS if path != USERS)
        with self._state.lock:
            found = (self._state.store.get(path, client_id) for path in paths)
            return self._signed_in(next(filter(None, found), None), client_secret)

    def sign_in_user(self, username: Any, password: Any) -> Subject | None:
        """The user of a name and a password; see `Directory`."""
        with self._state.lock:
            return self._signed_in(self._user_named(username), password)

    def is_active(self, subject: Subject) -> bool:
        """Whether everything that a subject depends on is as it was; see `Directory`."""
        with self._state.lock:
            return all(
                self._holder(holder.collection, holder.identity) == holder
                for holder in subject.holders
            )

    def put_in_groups(self, user: str, groups: Iterable[str]) -> None:
        """Say which groups a user is in, as an identity provider would.

        Access rules whose subject is one of the groups count for the tokens that the user, or one
        of its access keys, buys from then on.

        Args:
            user: its email address or id.
            groups: their names, instead of any that were said before.

        Raises:
            ValueError: there is no such user.
        """
        with self._state.lock:
            record = self._state.store.get(USERS, user) or self._user_named(user)
            if record is None:
                raise ValueError(f"user={shortened(user)}: there is no such user, create it first")
            record.own["groups"] = list(groups)
            record.changed()

    def owns(self, subject: Subject, record: Record) -> bool:
        """Whether a record acts for the subject."""
        return _reference(record) == subject.record

    def _user_named(self, name: Any) -> Record | None:
        users = self._state.store.collections().get(USERS, {}).values()
        return next((each for each in users if each.name == name), None)

    def _on_record(
        self, resource: Resource, handle: Callable[[Record, Operation], Content]
    ) -> Handler:
        def handler(operation: Operation, request: CheckedRequest) -> Content:
            identity = request.path_parameters[resource.identity_parameter]
            return handle(self._state.store.find(resource, identity), operation)

        return handler

    def _signed_in(self, record: Record | None, secret: Any) -> Subject | None:
        if record is None or not _is_secret(record, secret):
            return None
        subject = self._subject(record.collection, str(record.id))
        if subject is not None:
            record.own["lastLogin"] = timestamp(self._state.clock())
            record.changed()
        return subject

    def _subject(self, collection: str, identity: str) -> Subject | None:
        holder = self._holder(collection, identity)
        record = self._state.store.get(collection, identity)
        if holder is None or record is None:
            return None
        if collection in OWNED:
            owner = _reference(record)
            subject = self._state.administrator if owner is None else self._subject(*owner)
            return subject and replace(subject, holders=(holder, *subject.holders))
        aliases = frozenset((identity, str(record.name)))
        groups = frozenset(record.own.get("groups") or ())
        return Subject(identity, str(record.name), HOLDERS[collection], aliases, (holder,), groups)

    def _holder(self, collection: str, identity: str) -> Holder | None:
        record = self._state.store.get(collection, identity)
        if record is None or _KEPT not in record.own or not record.facts.get("enabled", True):
            return None
        return Holder(collection, identity, record.own[_KEPT]["session"])

    def _renew(self, record: Record, operation: Operation) -> Content:
        schema = operation.answer_schemas.get(JSON)
        new = self.give(record)
        self._state.touch(record)
        return Content(None if schema is None else self._state.rendering.render(schema, new, {}))

    def _sign_out(self, record: Record, operation: Operation) -> Content:
        if _KEPT in record.own:
            record.own[_KEPT]["session"] += 1
        return Content(None)

    def _change_password(self, operation: Operation, request: CheckedRequest) -> Content:
        subject = self._state.subject
        place = subject.record
        if place is None or place[0] != USERS:
            raise Refusal(403, f"{subject.name} ({subject.type}) is no user and has no password")
        record = self._state.store.collections()[place[0]][place[1]]
        if not _is_secret(record, request.body["currentPassword"]):
            raise Refusal(400, f"The password of {subject.name} is another", ["currentPassword"])
        record.own[_KEPT].update(_digested(request.body["newPassword"]))
        return Content(self._state.rendering.render(operation.answer_schemas[JSON], {}, {}))


def _reference(record: Record) -> tuple[str, str] | None:
    owner = (record.own.get(_KEPT) or {}).get("owner")
    return None if owner is None else (owner[0], owner[1])


def _digested(secret: str, salt: str | None = None) -> dict[str, str]:
    salt = salt or secrets.token_hex(8)
    digest = hashlib.sha256(f"{salt}\0{secret}".encode("utf-8", "replace")).hexdigest()
    return {"salt": salt, "digest": digest}


def _is_secret(record: Record, secret: Any) -> bool:
    kept = record.own.get(_KEPT)
    if not isinstance(kept, dict) or not isinstance(secret, str):
        return False
    return hmac.compare_digest(_digested(secret, kept["salt"])["digest"], kept["digest"])
