"""Who may do what: the access rules of a subject, each a role and where it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from runai.testing.answers import Refusal
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state import cluster_collections
from runai.testing.state.credentials import OWNED
from runai.testing.state.paths import POLICIES, ROLES, RULES, SECURITY_SETTINGS
from runai.testing.state.permissions import SHARED_TYPES, permission_for
from runai.testing.state.resources import Resource
from runai.testing.state.scopes import (
    COLLECTIONS,
    TENANT,
    Place,
    place_in,
    place_of,
    place_of_scope,
    places_in_batch,
    scope_of,
)
from runai.testing.state.store import Record
from runai.testing.subjects import Subject

if TYPE_CHECKING:
    from runai.testing.state.state import State

_GROUP = "group"
_SUBSCRIPTIONS = "/api/v1/subscriptions"
_PERSONAL = (*OWNED, _SUBSCRIPTIONS)
# Others are there before they are written.
_SETTINGS = f"{SECURITY_SETTINGS}/"
# Paths have several names for it.
_CLUSTER = re.compile(r"/clusters/\{(\w+)\}")


class Rights:
    """Lets subjects do what their access rules give them, and nothing else.

    Args:
        state: that has the rules.
    """

    def __init__(self, state: State) -> None:
        self._state = state

    def demand(self, operation: Operation, request: CheckedRequest) -> None:
        """Refuse what the subject of a request may not do.

        Raises:
            Refusal: 403, which says what is missing and how to give it.
        """
        subject = self._state.subject
        if operation.path.startswith(_PERSONAL):
            self._demand_own(subject, operation, request)
        permission = permission_for(operation)
        if subject.is_unrestricted or permission is None:
            return
        allowed = self._places_allowing(subject, permission)
        if not allowed:
            raise _refusal(subject, permission, None)
        for place in self._places(operation, request):
            if not _is_covered(place, allowed, permission):
                raise _refusal(subject, permission, place)

    def seen(self, operation: Operation, records: list[Record]) -> list[Record]:
        """Those of the records that a list shows to the subject of its request."""
        subject = self._state.subject
        if operation.path.startswith(_PERSONAL):
            return [each for each in records if self._owns(subject, each)]
        permission = permission_for(operation)
        if subject.is_unrestricted or permission is None:
            return records
        allowed = self._places_allowing(subject, permission)
        # Many records stand in few scopes.
        scopes = [scope_of(each) for each in records]
        is_seen = {
            scope: _is_covered(place_of_scope(self._state, *scope), allowed, permission)
            for scope in set(scopes)
        }
        return [each for each, scope in zip(records, scopes) if is_seen[scope]]

    def rules_of(self, subject: Subject) -> list[Record]:
        """The access rules that name a subject, or a group that it is in."""
        rules = self._state.store.collections().get(RULES, {}).values()
        names = {subject.type: subject.aliases, _GROUP: subject.groups}
        return [
            rule
            for rule in rules
            if str(rule.facts.get("subjectId")) in names.get(str(rule.facts.get("subjectType")), ())
        ]

    def scopes_allowing(self, subject: Subject, kind: str, action: str) -> list[tuple[str, str]]:
        """Type and id of every scope that a subject may do something in.

        Args:
            subject: whose rules count.
            kind: of resource, as permissions name it.
            action: create, read, update or delete.
        """
        if subject.is_unrestricted:
            return [("system", "")]
        rules = [each.facts for each in self.rules_of(subject) if self._allows(each, kind, action)]
        return [(str(rule.get("scopeType")), str(rule.get("scopeId"))) for rule in rules]

    def _demand_own(self, subject: Subject, operation: Operation, request: CheckedRequest) -> None:
        for record in self._records(self._named(operation), operation, request):
            if not self._owns(subject, record):
                is_governed = operation.path.startswith(OWNED)
                hint = "use /api/v1/administration for those of others"
                raise Refusal(
                    403,
                    f"{record.collection}/{record.id} is none of {subject.name} ({subject.type})",
                    [hint] if is_governed else [],
                )

    def _owns(self, subject: Subject, record: Record) -> bool:
        if record.collection == _SUBSCRIPTIONS:
            return bool(record.own["createdBy"] == subject.name)
        return self._state.credentials.owns(subject, record)

    def _places_allowing(self, subject: Subject, permission: tuple[str, str]) -> list[Place]:
        scopes = self.scopes_allowing(subject, *permission)
        return [place_of_scope(self._state, *scope) for scope in scopes]

    def _allows(self, rule: Record, kind: str, action: str) -> bool:
        role = self._state.store.get(ROLES, rule.facts.get("roleId"))
        permissions = role.facts.get("permissions", ()) if role is not None else ()
        return any(
            each.get("resourceType") == kind and action in each.get("actions", ())
            for each in permissions
        )

    def _places(self, operation: Operation, request: CheckedRequest) -> Iterator[Place]:
        """Everything that has to be in scope."""
        # Whether a record is there, the operation says itself.
        collections = self._named(operation)
        named = bool(collections) and not operation.path.startswith(_SETTINGS)
        for record in self._records(collections, operation, request):
            yield place_of(self._state, record)
        for place in self._places_in_path(operation, request):
            named = True
            yield place
        body = request.body if isinstance(request.body, Mapping) else {}
        for place in places_in_batch(self._state, body):
            named = True
            yield place
        for facts in (body, request.query):
            # Lists have filters of these names, and show what is in scope alone.
            if facts is request.query and _is_list(operation):
                continue
            place_said = place_in(self._state, facts)
            if place_said is not None:
                named = True
                yield place_said
        if not named and operation.method != "GET":
            yield TENANT

    def _places_in_path(self, operation: Operation, request: CheckedRequest) -> Iterator[Place]:
        """The narrowest scope that a path names, of those that are there."""
        said = request.path_parameters
        cluster = _CLUSTER.search(operation.path)
        identities = {
            "project": said.get("projectId"),
            "department": said.get("departmentId"),
            "cluster": said.get(cluster[1]) if cluster is not None else None,
        }
        if cluster_collections.lists(operation):
            # Like newer lists, they show what is in scope alone.
            del identities["cluster"]
        for scope, identity in identities.items():
            for record in self._found(COLLECTIONS[scope], [identity]):
                yield place_of(self._state, record)
                return

    def _named(self, operation: Operation) -> list[Resource]:
        """The collections, one of whose records a path names, or some of them a batch."""
        path = operation.path
        return [
            resource
            for resource in self._state.resources.values()
            if f"{path}/".startswith(f"{resource.item_path}/") or path == f"{resource.path}/batch"
        ]

    def _records(
        self, collections: list[Resource], operation: Operation, request: CheckedRequest
    ) -> Iterator[Record]:
        """The records of named collections that a request is about, as far as they are there."""
        body = request.body if isinstance(request.body, Mapping) else {}
        for resource in collections:
            identities = [request.path_parameters.get(resource.identity_parameter)]
            if operation.path == f"{resource.path}/batch":
                identities = body.get("ids", [])
            yield from self._found(resource.path, identities)

    def _found(self, path: str, identities: Any) -> Iterator[Record]:
        resource = self._state.resources[path]
        for identity in filter(None, identities):
            try:
                yield self._state.store.find(resource, identity)
            except Refusal:
                # The operation says so itself.
                continue


def _is_list(operation: Operation) -> bool:
    # Those of policies have a scope that is read as a whole.
    return operation.method == "GET" and not operation.path.startswith(f"{POLICIES}/")


def _is_covered(place: Place, allowed: list[Place], permission: tuple[str, str]) -> bool:
    kind, action = permission
    is_shared = action == "read" and kind in SHARED_TYPES
    return any(scope <= place or (is_shared and place <= scope) for scope in allowed)


def _refusal(subject: Subject, permission: tuple[str, str], place: Place | None) -> Refusal:
    kind, action = permission
    where = "anywhere" if place is None else f"in {_described(place)}"
    missing = (
        f"no access rule gives it: POST {RULES} with subjectId {subject.identity!r}, subjectType "
        f"{subject.type!r}, the roleId of a role that may {action} {kind}, and a scopeType and "
        "scopeId that hold the place"
    )
    message = f"{subject.name} ({subject.type}) may not {action} {kind} {where}"
    return Refusal(403, message, [missing])


def _described(place: Place) -> str:
    for scope in ("project", "department", "cluster"):
        for name, identity in place:
            if name == scope:
                return f"{scope} {identity}"
    return "the tenant"
