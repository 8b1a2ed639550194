"""The scopes that data volumes are shared with, and who can use them for that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runai.testing.answers import JSON
from runai.testing.clock import timestamp
from runai.testing.contents import Content, Handler
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state.paths import VOLUMES
from runai.testing.state.scopes import COLLECTIONS, place_of, place_of_scope
from runai.testing.state.store import Record

if TYPE_CHECKING:
    from runai.testing.state.state import State

_PATH = f"{VOLUMES}/{{datavolumeId}}/sharedScopes"
_SHARED = "sharedScopes"


def handler(state: State, operation: Operation) -> Handler | None:
    """Reads or changes the shared scopes of a data volume; None for every other operation."""
    if operation.path != _PATH or operation.method not in ("GET", "PATCH"):
        return None

    def carry_out(operation: Operation, request: CheckedRequest) -> Content:
        identity = request.path_parameters["datavolumeId"]
        record = state.store.find(state.resources[VOLUMES], identity)
        if operation.method == "PATCH":
            _change(state, record, request.body)
        schemas = state.specification.response_schemas
        items = schemas.resolved(operation.answer_schemas[JSON])["items"]
        shared = record.facts.get(_SHARED) or ()
        return Content([state.rendering.render(items, each, {}) for each in shared])

    return carry_out


def usable(
    state: State, operation: Operation, query: Mapping[str, Any], records: list[Record]
) -> list[Record]:
    """Those of a list of data volumes that the project of a query can use.

    Args:
        state: that has the records.
        operation: that lists or counts them; records of other lists are left as they are.
        query: checked values by parameter.
        records: of the whole list.
    """
    project = query.get("usableInProjectId")
    is_asked = project is not None and query.get("requestType") == "UsableInProject"
    if not is_asked or not operation.path.startswith(VOLUMES):
        return records
    around = place_of_scope(state, "project", project)
    own = ("project", str(project))
    return [each for each in records if own in place_of(state, each) or _scopes(each) & around]


def with_named_scopes(state: State, facts: dict[str, Any]) -> dict[str, Any]:
    """Facts in which every scope that something is shared with says what it is called."""
    if not facts.get(_SHARED):
        return facts
    return {**facts, _SHARED: [_named(state, each) for each in facts[_SHARED]]}


def _named(state: State, shared: Mapping[str, Any]) -> dict[str, Any]:
    kind, identity = _scope(shared)
    scope = state.store.get(COLLECTIONS[kind], identity)
    return {**shared, "scopeName": "" if scope is None else scope.name}


def _change(state: State, record: Record, body: Mapping[str, Any]) -> None:
    shared = {_scope(each): each for each in record.facts.get(_SHARED) or ()}
    for each in body.get("remove") or ():
        shared.pop(_scope(each), None)
    now = {"createdAt": timestamp(state.clock()), "createdBy": state.subject.name}
    for each in body.get("add") or ():
        shared.setdefault(_scope(each), {**each, **now})
    state.change(record, {**record.facts, _SHARED: list(shared.values())})


def _scopes(record: Record) -> frozenset[tuple[str, str]]:
    return frozenset(_scope(each) for each in record.facts.get(_SHARED) or ())


def _scope(shared: Mapping[str, Any]) -> tuple[str, str]:
    return str(shared["scopeType"]), str(shared["scopeId"])
