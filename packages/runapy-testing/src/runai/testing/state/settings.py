"""What there is one of: settings, policies, notification state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runai.testing.answers import JSON
from runai.testing.contents import Content, Handler
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state.changes import merged

if TYPE_CHECKING:
    from runai.testing.state.state import State

# What a policy is the policy of.
_SCOPE = ("clusterId", "departmentId", "projectId", "scope")


class Settings:
    """Keeps what is written at paths that can be read and written, and are no collection.

    Args:
        state: that they are part of.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._values: dict[str, Any] = {}
        operations = state.specification.operations.values()
        written = {each.path for each in operations if each.method in ("PUT", "PATCH")}
        read = {
            each.path for each in operations if each.method == "GET" and JSON in each.answer_schemas
        }
        self._paths = (written & read) - {each.item_path for each in state.resources.values()}

    def handler(self, operation: Operation) -> Handler | None:
        """Reads, writes or deletes; None where the path is none of these."""
        if operation.path not in self._paths:
            return None
        methods = {"GET": self._get, "PUT": self._put, "PATCH": self._patch, "DELETE": self._delete}
        return methods.get(operation.method)

    def clear(self) -> None:
        """Forget what was written."""
        self._values.clear()

    def dump(self) -> dict[str, Any]:
        """What was written, by place."""
        return dict(self._values)

    def restore(self, dumped: Mapping[str, Any]) -> None:
        """Know what was dumped."""
        self._values = dict(dumped)

    def _get(self, operation: Operation, request: CheckedRequest) -> Content:
        return self._answer(operation, self._values.get(_place(operation, request), {}))

    def _put(self, operation: Operation, request: CheckedRequest) -> Content:
        self._values[_place(operation, request)] = request.body
        return self._answer(operation, request.body)

    def _patch(self, operation: Operation, request: CheckedRequest) -> Content:
        place = _place(operation, request)
        before = self._values.get(place)
        is_object = isinstance(before, dict) and isinstance(request.body, dict)
        self._values[place] = merged(before or {}, request.body) if is_object else request.body
        return self._answer(operation, self._values[place])

    def _delete(self, operation: Operation, request: CheckedRequest) -> Content:
        self._values.pop(_place(operation, request), None)
        return self._answer(operation, {})

    def _answer(self, operation: Operation, value: Any) -> Content:
        schema = operation.answer_schemas.get(JSON)
        if schema is None:
            return Content(None)
        if not isinstance(value, dict):
            valid = self._state.specification.response_schemas.is_valid(schema, value)
            return Content(value if valid else self._state.rendering.render(schema, {}, {}))
        return Content(self._state.rendering.render(schema, value, {}))


def _place(operation: Operation, request: CheckedRequest) -> str:
    path = operation.path.format(**request.path_parameters)
    scope = {name: request.query[name] for name in _SCOPE if name in request.query}
    return "?".join([path, *(f"{name}={value}" for name, value in sorted(scope.items()))])
