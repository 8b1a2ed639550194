"""Settings by key: those of security, and a tenant's."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from runai.testing.answers import JSON
from runai.testing.contents import Content, Handler
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state.paths import SECURITY_SETTINGS
from runai.testing.state.schema_properties import defaults_of, properties_of
from runai.testing.state.store import Record

if TYPE_CHECKING:
    from runai.testing.state.state import State

_TENANT = "/v1/k8s/setting"


def handler(state: State, operation: Operation) -> Handler | None:
    """Reads or writes settings by key; None for every other operation."""
    carry_out = _HANDLERS.get((operation.path, operation.method))
    return None if carry_out is None else lambda op, request: carry_out(state, op, request)


def _all_of_security(state: State, operation: Operation, _: CheckedRequest) -> Content:
    schemas = state.specification.response_schemas
    schema = operation.answer_schemas[JSON]
    settings = {
        key: {**defaults_of(part, schemas), **_value(state, SECURITY_SETTINGS, key)}
        for key, part in properties_of(schema, schemas).items()
    }
    return Content(state.rendering.render(schema, settings, {}))


def _one_of_security(state: State, operation: Operation, request: CheckedRequest) -> Content:
    listing = state.specification.by_place[SECURITY_SETTINGS, "GET"]
    settings = _all_of_security(state, listing, request).value
    key = request.path_parameters["key"]
    value = settings.get(key, {})
    # Control planes before 2.22 say of which setting it is.
    schema = operation.answer_schemas[JSON]
    is_told = "data" in properties_of(schema, state.specification.response_schemas)
    return Content({"key": key, "data": value} if is_told else value)


def _write_security(state: State, _: Operation, request: CheckedRequest) -> Content:
    _keep(state, SECURITY_SETTINGS, request.path_parameters["key"], request.body)
    return Content(None)


def _write_tenant(state: State, operation: Operation, request: CheckedRequest) -> Content:
    body = request.body or {}
    key, value = str(body.get("key", "")), body.get("value")
    text = value if isinstance(value, str) else json.dumps(value)
    _keep(state, _TENANT, key, {"key": key, "value": text})
    return Content(state.rendering.render(operation.answer_schemas[JSON], {"msg": "done"}, {}))


def _one_of_tenant(state: State, _: Operation, request: CheckedRequest) -> Content:
    record = state.store.find(state.resources[_TENANT], request.path_parameters["settingKey"])
    return Content(record.facts["value"] == "true")


def _value(state: State, path: str, key: str) -> dict[str, Any]:
    record = state.store.get(path, key)
    return {} if record is None else record.facts


def _keep(state: State, path: str, key: str, facts: dict[str, Any]) -> None:
    record = state.store.get(path, key)
    if record is None:
        state.store.add(Record(path, key, facts, {}))
    else:
        state.store.change(record, facts)


_HANDLERS: dict[tuple[str, str], Callable[[State, Operation, CheckedRequest], Content]] = {
    (SECURITY_SETTINGS, "GET"): _all_of_security,
    (f"{SECURITY_SETTINGS}/{{key}}", "GET"): _one_of_security,
    (f"{SECURITY_SETTINGS}/{{key}}", "PUT"): _write_security,
    (_TENANT, "PUT"): _write_tenant,
    (f"{_TENANT}/{{settingKey}}", "GET"): _one_of_tenant,
}
