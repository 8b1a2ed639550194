"""Operations on many records at once, with a result for each."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from runai.testing.answers import JSON, Refusal
from runai.testing.contents import Content, Handler
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state.paths import RULES, WORKLOADS

if TYPE_CHECKING:
    from runai.testing.state.state import State

_MULTI_STATUS = 207


def handler(state: State, operation: Operation) -> Handler | None:
    """Carries out a batch operation; None for every other."""
    batch = _BATCHES.get((operation.path, operation.method))
    if batch is None:
        return None
    known = batch

    def carry_out(operation: Operation, request: CheckedRequest) -> Content:
        # The document lets it be left out, and says nothing of what that would mean.
        if request.body is None:
            raise Refusal(400, f"{operation.id}: a batch needs a body", ["body: missing"])
        return known(state, operation, request)

    return carry_out


def _workloads(state: State, operation: Operation, request: CheckedRequest) -> Content:
    resource = state.resources[WORKLOADS]
    action = str(request.body["action"]).lower()

    def act(identity: Any) -> None:
        record = state.store.find(resource, identity)
        if action == "delete":
            state.delete(record)
        elif action in ("suspend", "stop"):
            state.life.suspend(record)
        else:
            state.life.resume(record)

    return _each(state, operation, request.body["ids"], act)


def _delete_rules(state: State, operation: Operation, request: CheckedRequest) -> Content:
    resource = state.resources[RULES]
    is_trial = request.body.get("action") == "validate_delete"

    def act(identity: Any) -> None:
        record = state.store.find(resource, identity)
        if not is_trial:
            state.delete(record)

    return _each(state, operation, request.body["ids"], act)


def _create_rules(state: State, operation: Operation, request: CheckedRequest) -> Content:
    payload = dict(request.body["payload"])
    subjects, scopes = payload.pop("subjects"), payload.pop("scopes")
    rules = [{**payload, **subject, **scope} for subject in subjects for scope in scopes]
    return _each(state, operation, rules, lambda each: state.create(RULES, dict(each)))


def _each(
    state: State, operation: Operation, items: list[Any], act: Callable[[Any], Any]
) -> Content:
    succeeded: list[Any] = []
    failed: list[dict[str, Any]] = []
    for item in items:
        try:
            made = act(item)
        except Refusal as refusal:
            failed.append(
                {
                    "id": item,
                    "payload": item,
                    "code": refusal.status,
                    "status": refusal.status,
                    "message": refusal.message,
                    "error": refusal.message,
                    "details": "; ".join(refusal.details),
                }
            )
        else:
            succeeded.append(item if made is None else {**made.facts, **made.own})
    facts: dict[str, Any] = {"id": str(uuid.uuid4())}
    if succeeded:
        facts["succeeded"] = succeeded
    if failed:
        facts["failed"] = failed
    status = _MULTI_STATUS if failed and _MULTI_STATUS in operation.statuses else None
    return Content(state.rendering.render(operation.answer_schemas[JSON], facts, {}), status)


_BATCHES = {
    (f"{WORKLOADS}/batch", "POST"): _workloads,
    (f"{RULES}/batch", "POST"): _delete_rules,
    (f"{RULES}/batch-create", "POST"): _create_rules,
}
