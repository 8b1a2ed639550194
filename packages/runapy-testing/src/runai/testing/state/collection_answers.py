"""Operations on collections: creates, lists, counts, gets, changes and deletes records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Callable

from runai.testing.answers import JSON, Refusal, shortened
from runai.testing.contents import Content, Handler
from runai.testing.paging import list_property
from runai.testing.queries import select, total
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state.asset_scopes import in_scope, without_scope
from runai.testing.state.changes import merged, replaced, with_lasting
from runai.testing.state.governed_workloads import governed
from runai.testing.state.listings import table_of
from runai.testing.state.quota_parts import patched, with_named_pools
from runai.testing.state.resources import COUNT, NAME_AVAILABILITY, Resource
from runai.testing.state.schema_properties import defaults_of, properties_of
from runai.testing.state.shared_scopes import usable
from runai.testing.state.store import Record
from runai.testing.state.supported_types import for_workloads
from runai.testing.table import Table

if TYPE_CHECKING:
    from runai.testing.state.state import State

_ON_RESOURCE = Callable[[Resource, Operation, CheckedRequest], Content]


class CollectionAnswers:
    """Answers the operations on what is kept.

    Args:
        state: that keeps it.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._requests = state.specification.request_schemas
        self._answers = state.specification.response_schemas
        self._by_place = state.specification.by_place

    def handler(self, operation: Operation) -> Handler | None:
        """Carries out an operation on a collection; None for every other."""
        found = self._of_collection(operation) or self._of_item(operation)
        if found is None:
            return None
        resource, carry_out = found
        return lambda op, request: carry_out(resource, op, request)

    def found(self, resource: Resource, request: CheckedRequest) -> Record:
        """The record that a path names; raises Refusal where it is not there."""
        identity = request.path_parameters[resource.identity_parameter]
        return self._state.store.find(resource, identity)

    def _of_collection(self, operation: Operation) -> tuple[Resource, _ON_RESOURCE] | None:
        resource = self._state.resources.get(operation.path)
        if resource is not None:
            if operation.method == "GET" and JSON in operation.answer_schemas:
                return resource, self._list
            if operation.method == "POST" and resource.creates:
                return resource, self._create
        above, _, last = operation.path.rpartition("/")
        resource = self._state.resources.get(above)
        if resource is not None and operation.method == "GET":
            if last == COUNT:
                return resource, self._count
            if last == NAME_AVAILABILITY:
                return resource, self._name_availability
        return None

    def _of_item(self, operation: Operation) -> tuple[Resource, _ON_RESOURCE] | None:
        on_item: Mapping[str, _ON_RESOURCE] = {
            "GET": self._get,
            "DELETE": self._delete,
            "PUT": self._put,
            "PATCH": self._patch,
        }
        for resource in self._state.resources.values():
            if resource.item_path == operation.path and operation.method in on_item:
                return resource, on_item[operation.method]
            below = operation.path.startswith(f"{resource.item_path}/")
            if below and "/" not in operation.path[len(resource.item_path) + 1 :]:
                if operation.method in ("PUT", "PATCH"):
                    return resource, self._write_part
                if operation.method == "GET" and (operation.path, "PUT") in self._by_place:
                    return resource, self._read_part
        return None

    def _create(self, resource: Resource, operation: Operation, request: CheckedRequest) -> Content:
        body = request.body if isinstance(request.body, dict) else {}
        defaults = defaults_of(operation.body_schemas.get(JSON, True), self._requests)
        facts = governed(self._state, resource.path, {**defaults, **body})
        return self._answer(operation, self._state.create(resource.path, facts))

    def _list(self, resource: Resource, operation: Operation, request: CheckedRequest) -> Content:
        schema = operation.answer_schemas[JSON]
        name, records = self._listed(resource, operation, schema, request)
        selection = select(records, operation, without_scope(operation, request.query))
        if name is None:
            return Content(selection.records)
        envelope = self._state.rendering.envelope(schema, name, selection.page.told())
        return Content({**envelope, name: selection.records})

    def _count(self, resource: Resource, operation: Operation, request: CheckedRequest) -> Content:
        listing = self._by_place[resource.path, "GET"]
        schema = listing.answer_schemas[JSON]
        _, records = self._listed(resource, operation, schema, request)
        query = without_scope(operation, request.query)
        count = {"count": total(records, operation, query)}
        return Content(self._state.rendering.render(operation.answer_schemas[JSON], count, {}))

    def _listed(
        self, resource: Resource, operation: Operation, schema: Any, request: CheckedRequest
    ) -> tuple[str | None, Table]:
        """The property of an answer that is the list, and what is seen in the list's form."""
        resolved = self._answers.resolved(schema)
        name = None if "items" in resolved else list_property(schema, self._answers)
        part = schema if name is None else resolved["properties"][name]
        items = self._answers.resolved(part)["items"]
        seen = self._state.rights.seen(operation, self._state.store.of(resource))
        records = in_scope(self._state, operation, request.query, seen)
        records = usable(self._state, operation, request.query, records)
        records = for_workloads(operation, request.query, records)
        return name, table_of(records, items, self._state.rendering)

    def _name_availability(
        self, resource: Resource, operation: Operation, request: CheckedRequest
    ) -> Content:
        name = next((v for k, v in request.query.items() if k.lower().endswith("name")), None)
        if self._state.store.is_name_taken(resource, str(name), request.query):
            raise Refusal(409, f"The name {shortened(name)} is taken in {resource.path}")
        return Content(None)

    def _get(self, resource: Resource, operation: Operation, request: CheckedRequest) -> Content:
        record = self.found(resource, request)
        if operation.answer_schemas.get(JSON) in (True, {}):
            # What the document does not describe is as it describes it elsewhere.
            return Content(self._state.shown(record))
        return self._answer(operation, record)

    def _delete(self, resource: Resource, operation: Operation, request: CheckedRequest) -> Content:
        record = self.found(resource, request)
        self._state.delete(record)
        return self._answer(operation, record)

    def _put(self, resource: Resource, operation: Operation, request: CheckedRequest) -> Content:
        record = self.found(resource, request)
        schema = operation.body_schemas.get(JSON, True)
        body = {**self._defaults(resource, schema), **(request.body or {})}
        facts = replaced(record.facts, body, schema, self._requests)
        return self._changed(operation, record, facts)

    def _patch(self, resource: Resource, operation: Operation, request: CheckedRequest) -> Content:
        record = self.found(resource, request)
        return self._changed(operation, record, merged(record.facts, request.body or {}))

    def _defaults(self, resource: Resource, schema: Any) -> dict[str, Any]:
        """What a PUT goes back to where it says nothing."""
        made = self._by_place.get((resource.path, "POST"))
        new = made.body_schemas.get(JSON, True) if made is not None else True
        known = properties_of(schema, self._requests)
        defaults = {**defaults_of(new, self._requests), **defaults_of(schema, self._requests)}
        return {name: value for name, value in defaults.items() if name in known}

    def _changed(self, operation: Operation, record: Record, facts: dict[str, Any]) -> Content:
        for view in self._state.resources[record.collection].views[:1]:
            facts = with_lasting(facts, record.facts, view, self._answers)
        # Defaults of policies are for what is new; their rules hold on.
        governed(self._state, record.collection, facts)
        self._state.change(record, facts)
        return self._answer(operation, record)

    def _write_part(
        self, resource: Resource, operation: Operation, request: CheckedRequest
    ) -> Content:
        """Write a part of a record that has a path of its own, such as its resources."""
        record = self.found(resource, request)
        name, value = operation.path.rsplit("/", 1)[-1], request.body
        if operation.method == "PATCH" and isinstance(value, list):
            named = with_named_pools(self._state, {name: value})
            value = patched(record.facts.get(name) or (), named[name])
        self._state.change(record, {**record.facts, name: value})
        return self._part(operation, record)

    def _read_part(
        self, resource: Resource, operation: Operation, request: CheckedRequest
    ) -> Content:
        return self._part(operation, self.found(resource, request))

    def _part(self, operation: Operation, record: Record) -> Content:
        schema = operation.answer_schemas.get(JSON)
        if schema is None:
            return Content(None)
        part = record.facts.get(operation.path.rsplit("/", 1)[-1])
        if not isinstance(part, list):
            return Content(self._state.rendering.render(schema, part or {}, record.own))
        items = self._answers.resolved(schema).get("items", True)
        return Content([self._state.rendering.render(items, each, {}) for each in part])

    def _answer(self, operation: Operation, record: Record) -> Content:
        schema = operation.answer_schemas.get(JSON)
        if schema is None:
            return Content(None)
        own = record.own
        if not self._shows_records(schema):
            own = {"code": operation.status, "message": "done"}
        elif operation.method == "POST":
            own = {**self._state.credentials.give(record), **own}
        return Content(self._state.rendering.render(schema, record.facts, own))

    def _shows_records(self, schema: Any) -> bool:
        return set(properties_of(schema, self._answers)) != {"code", "message"}
