"""What a caller is told of its own rights, and of the rights that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runai.testing.answers import JSON
from runai.testing.contents import Content, Handler
from runai.testing.queries import select
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state.paths import ROLES
from runai.testing.state.permissions import ACTIONS, ROLE_NAMES, permissions_of
from runai.testing.table import GivenTable

if TYPE_CHECKING:
    from runai.testing.state.state import State


_MINE = "/api/v1/authorization/me/access-rules"
_ADMINISTRATOR = ROLE_NAMES[0]


def handler(state: State, operation: Operation) -> Handler | None:
    """Answers what the caller may do; None for every other operation."""
    answer = _ANSWERS.get((operation.path, operation.method))
    return None if answer is None else lambda op, request: answer(state, op, request)


def _my_rules(state: State, operation: Operation, request: CheckedRequest) -> Content:
    selection = select(GivenTable(_rules(state)), operation, request.query)
    answer = {
        "accessRules": {
            "totalRecords": selection.total,
            "displayRecords": len(selection.records),
            "accessRules": selection.records,
        }
    }
    return Content(state.rendering.render(operation.answer_schemas[JSON], answer, {}))


def _my_count(state: State, operation: Operation, request: CheckedRequest) -> Content:
    count = {"count": select(GivenTable(_rules(state)), operation, request.query).total}
    return Content(state.rendering.render(operation.answer_schemas[JSON], count, {}))


def _rules(state: State) -> list[dict[str, Any]]:
    subject = state.subject
    if not subject.is_unrestricted:
        return [{**rule.facts, **rule.own} for rule in state.rights.rules_of(subject)]
    roles = state.store.collections().get(ROLES, {}).values()
    return [
        {
            "subjectId": subject.identity,
            "subjectType": subject.type,
            "roleId": role.id,
            "roleName": role.name,
            "scopeType": "system",
            "scopeId": "",
            "scopeName": "system",
            "tenantId": 1,
        }
        for role in roles
        if role.name == _ADMINISTRATOR
    ]


def _permissions(state: State, operation: Operation, _request: CheckedRequest) -> Content:
    schemas = state.specification.response_schemas
    schema = operation.answer_schemas[JSON]
    items = schemas.resolved(schema).get("items", True)
    # Older control planes do not know every type of resource.
    known = [each for each in permissions_of(_ADMINISTRATOR) if schemas.is_valid(items, each)]
    return Content(known)


def _permitted_scopes(state: State, operation: Operation, request: CheckedRequest) -> Content:
    wanted = request.body.get("action")
    answer = {
        action: _scopes(state, request.body["resourceType"], action)
        for action in ACTIONS
        if wanted in (None, action)
    }
    return Content(state.rendering.render(operation.answer_schemas[JSON], answer, {}))


def _scopes(state: State, kind: str, action: str) -> dict[str, Any]:
    scopes = state.rights.scopes_allowing(state.subject, kind, action)
    answer: dict[str, Any] = {"system": any(scope == "system" for scope, _ in scopes)}
    for scope in ("tenant", "cluster", "department", "project"):
        answer[f"{scope}s"] = [identity for name, identity in scopes if name == scope]
    return answer


_ANSWERS = {
    (_MINE, "GET"): _my_rules,
    (f"{_MINE}/count", "GET"): _my_count,
    ("/api/v1/authorization/permissions", "GET"): _permissions,
    ("/api/v1/authorization/permitted-scopes", "POST"): _permitted_scopes,
}
