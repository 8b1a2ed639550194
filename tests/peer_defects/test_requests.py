"""What arrives of a request, where other tests look at its parts alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from runai import models
from runai.exceptions import ApiValueError
from runai.runai_client import RunaiClient
from runai.testing import SampleControlPlane
from runai.testing.specification import Operation

from ..operations.arguments import TOKEN_BODIES
from ..operations.conftest import method_of
from ..operations.test_every_operation import (
    MAKER,
    body_name,
    body_schema,
    has_json_body,
    normalised,
)
from ..operations.under_test import SPECIFICATION
from ..reliability.callers import Caller

PATH = "/api/v1/org-unit/projects"


class Plain(Enum):
    OTHER = "other"


class Text(str, Enum):
    NAME = "name"


# Made anew for each client: an iterator can be read once.
VALUES: dict[str, Callable[[], Any]] = {
    "name": lambda: Text.NAME,
    "other": lambda: Plain.OTHER,
    "name%2Cother": lambda: [Text.NAME, Plain.OTHER],
    "1%2C2.5%2Ctrue": lambda: [1, 2.5, True],
    "00000000-0000-0000-0000-000000000001": lambda: UUID(int=1),
    "1.50": lambda: Decimal("1.50"),
    "in-a-set": lambda: {"in-a-set"},
    "in-a-tuple%2C1": lambda: ("in-a-tuple", 1),
    "of%2Ca-view": {"of": 1, "a-view": 2}.keys,
    "of%2Can-iterator": lambda: iter(["of", "an-iterator"]),
    "0%2C1": lambda: range(2),
    "some%20bytes": lambda: b"some bytes",
}


@pytest.mark.parametrize("text", VALUES)
def test_a_value_in_the_query_of_a_path_is_its_text(
    text: str, control_plane: SampleControlPlane, caller: Caller
) -> None:
    client = caller.client(control_plane.configuration())
    assert caller(client, "GET", PATH, {"search": VALUES[text]()}).status_code == 200
    assert control_plane.requests[-1].target == f"{PATH}?search={text}"


@pytest.mark.parametrize("value", [object(), [None], b"\xff"], ids=["object", "none", "bytes"])
def test_a_value_without_a_text_is_refused(
    value: Any, control_plane: SampleControlPlane, caller: Caller
) -> None:
    client = caller.client(control_plane.configuration())
    with pytest.raises(ApiValueError, match=r"^query_params: search: (object|NoneType|bytes)"):
        client.call_api("GET", PATH, {"search": value})
    assert len(control_plane.requests) == 0


def test_a_value_in_the_query_of_an_operation_is_its_text(
    control_plane: SampleControlPlane, caller: Caller
) -> None:
    projects: Any = RunaiClient(caller.client(control_plane.configuration())).organizations.projects
    queries: dict[str, dict[str, Any]] = {
        "sortBy=clusterId": {"sort_by": models.ProjectFilterSortFields.CLUSTERID},
        "limit=5": {"limit": Decimal(5)},
        "search=00000000-0000-0000-0000-000000000002": {"search": UUID(int=2)},
        "filterBy=name%3D%3Da": {"filter_by": {"name==a"}},
        "filterBy=name%3D%3Da,clusterId%3D%3D1": {"filter_by": ("name==a", "clusterId==1")},
    }
    for query, arguments in queries.items():
        caller.wait(projects.get_projects(**arguments))
        assert control_plane.requests[-1].target == f"{PATH}?{query}"


def test_headers_of_the_caller_come_once_and_stay_the_callers(
    control_plane: SampleControlPlane, caller: Caller
) -> None:
    client = caller.client(control_plane.configuration())
    token = control_plane.tokens.issue()
    given = {"user-agent": "mine/1", "authorization": f"Bearer {token}"}
    only_one = {"user-agent": "mine/2"}
    for headers in (given, only_one):
        before = dict(headers)
        assert caller(client, "GET", PATH, header_params=headers).status_code == 200
        assert headers == before
        arrived = control_plane.requests[-1].headers
        assert arrived.get_all("User-Agent") == [headers["user-agent"]]
        (authorization,) = arrived.get_all("Authorization") or []
        assert (authorization == f"Bearer {token}") is (headers is given)


class Body(NamedTuple):
    """One operation whose body is a model, with the least that the body takes."""

    operation: Operation
    arguments: dict[str, Any]
    model: Any
    least: dict[str, Any]

    @property
    def nulls(self) -> dict[str, None]:
        """The fields that may be sent as null, by their names in JSON."""
        nullable: frozenset[str] = getattr(self.model, "__nullable__", frozenset())
        names = self.model.model_fields
        return {names[name].serialization_alias: None for name in nullable}


def bodies() -> Iterator[Body]:
    for name, operation in sorted(SPECIFICATION.operations.items()):
        # The endpoints of tokens take no body but one with credentials.
        if has_json_body(operation) and name not in TOKEN_BODIES:
            schema = body_schema(name)
            if "$ref" in schema:
                arguments = MAKER.everything(operation)
                required = SPECIFICATION.request_schemas.resolved(schema).get("required", [])
                least = {key: arguments.body[key] for key in required if key in arguments.body}
                model = getattr(models, schema["$ref"].rsplit("/", 1)[1])
                yield Body(operation, arguments.given, model, least)


@pytest.mark.filterwarnings("ignore:.*is deprecated by the control plane")
def test_a_model_of_a_dict_sends_what_the_dict_has(
    control_plane: SampleControlPlane, caller: Caller
) -> None:
    """No null and no default is added, and no null that was written is left out."""
    client = RunaiClient(caller.client(control_plane.configuration()))
    differences: dict[str, Any] = {}
    updates: set[str] = set()
    for body in bodies():
        name = body.operation.id
        if body.operation.method.upper() in ("PUT", "PATCH"):
            updates.add(name)
        for value in (body.least, {**body.least, **body.nulls}):
            argument = {body_name(name): body.model.from_dict(value)}
            caller.wait(method_of(client, name)(**{**body.arguments, **argument}))
            request = control_plane.requests[-1]
            if request.problems or normalised(json.loads(request.body)) != normalised(value):
                differences[name] = value, request.body, request.problems
    assert differences == {}
    assert len(updates) > 50
