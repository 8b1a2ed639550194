"""Types and priorities of workloads, and priorities of projects: there from the start."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runai.testing.answers import JSON
from runai.testing.contents import Content, Handler
from runai.testing.paging import list_property
from runai.testing.queries import select
from runai.testing.request_check import CheckedRequest
from runai.testing.specification import Operation
from runai.testing.state.paths import CATEGORIES, WORKLOAD_PRIORITIES
from runai.testing.state.workload_kinds import KINDS, OWN_GROUP, PRIORITIES
from runai.testing.table import GivenTable

if TYPE_CHECKING:
    from runai.testing.state.state import State

TYPES = "/api/v1/workload-types"
CATEGORY_NAMES = ("Build", "Train", "Deploy")

_OF_PROJECTS = "/api/v1/org-unit/priorities"
_USUAL_PRIORITY = "Normal"
_VALUES = {"Low": 100, _USUAL_PRIORITY: 200, "High": 300}
# The same ids in every run, so that recordings can be compared.
_NAMESPACE = uuid.UUID("b0ad0000-0000-4000-8000-000000000000")


def handler(state: State, operation: Operation) -> Handler | None:
    """Lists the priorities, of which there are no records; None for every other operation."""
    if operation.method != "GET" or operation.path not in (WORKLOAD_PRIORITIES, _OF_PROJECTS):
        return None
    if operation.path == WORKLOAD_PRIORITIES:
        return lambda op, request: _list(state, op, request, _workload_priorities(state))
    return lambda op, request: _list(state, op, request, _project_priorities())


def with_types_chosen(operation: Operation, usual: Handler) -> Handler:
    """Lists the types that come from elsewhere where they alone are asked for.

    Args:
        operation: of the specification.
        usual: lists all of them; given back for every other operation.
    """
    if operation.path != TYPES or operation.method != "GET":
        return usual

    def carry_out(operation: Operation, request: CheckedRequest) -> Content:
        content = usual(operation, request)
        if request.query.get("externalTypesOnly") is not True:
            return content
        chosen = [each for each in content.value["types"] if each["group"] != OWN_GROUP]
        return content._replace(value={**content.value, "types": chosen})

    return carry_out


def seeds() -> list[tuple[str, dict[str, Any], str]]:
    """The records that there are from the start: collection, facts and id of each."""
    categories = [(CATEGORIES, {"name": name}, _stable(name)) for name in CATEGORY_NAMES]
    types = [
        (
            TYPES,
            {
                "name": name,
                "group": kind.group,
                "categoryId": _stable(kind.category),
                "priorityId": _priority_id(kind.priority),
            },
            _stable(f"type {name}"),
        )
        for name, kind in KINDS.items()
    ]
    return [*categories, *types]


def names_of_type(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The names of the category and of the priority that a type of workloads refers to."""
    categories = {_stable(name): name for name in CATEGORY_NAMES}
    priorities = {_priority_id(name): name for name in PRIORITIES}
    return {
        "categoryName": categories.get(str(facts.get("categoryId"))),
        "priorityName": priorities.get(str(facts.get("priorityId"))),
    }


def _workload_priorities(state: State) -> list[dict[str, Any]]:
    # They are as old as the categories.
    beside = state.store.collections().get(CATEGORIES, {}).values()
    began = next((each.own["createdAt"] for each in beside), None)
    return [
        {
            "id": _priority_id(name),
            "name": name,
            "value": value,
            "source": "Run:ai",
            "aggregatedPhase": "Ready",
            "createdAt": began,
            "updatedAt": began,
        }
        for name, value in PRIORITIES.items()
    ]


def _project_priorities() -> list[dict[str, Any]]:
    return [
        {"name": name, "value": value, "isDefault": name == _USUAL_PRIORITY}
        for name, value in _VALUES.items()
    ]


def _list(
    state: State, operation: Operation, request: CheckedRequest, entries: list[dict[str, Any]]
) -> Content:
    schemas, schema = state.specification.response_schemas, operation.answer_schemas[JSON]
    name = list_property(schema, schemas) or "priorities"
    items = schemas.resolved(schemas.resolved(schema)["properties"][name])["items"]
    shown = select(GivenTable(entries), operation, request.query).records
    return Content({name: [state.rendering.render(items, each, {}) for each in shown]})


def _priority_id(name: str) -> str:
    return _stable(f"priority {name}")


def _stable(name: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, name))
