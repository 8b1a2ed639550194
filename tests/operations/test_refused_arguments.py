"""For every operation: what the document does not allow is refused, and nothing is sent."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from runai.api_client import ApiClient
from runai.exceptions import ApiValueError
from runai.runai_client import RunaiClient
from runai.testing.specification import Operation

from .arguments import FORM, client_names
from .conftest import method_of
from .test_every_operation import MAKER
from .under_test import DOCUMENT, OPERATIONS, SPECIFICATION, SampleControlPlane

NAMES = client_names(DOCUMENT)
SCHEMAS = SPECIFICATION.request_schemas

pytestmark = pytest.mark.filterwarnings("ignore:.*is deprecated by the control plane")


@pytest.fixture(scope="module")
def client(served: SampleControlPlane) -> Iterator[RunaiClient]:
    with RunaiClient(ApiClient(served.configuration())) as made:
        yield made


@pytest.mark.parametrize("name", OPERATIONS)
def test_refused(name: str, client: RunaiClient, served: SampleControlPlane) -> None:
    operation = SPECIFICATION.operations[name]
    good = MAKER.everything(operation).given
    served.requests.clear()
    for argument, value in bad_arguments(operation, good):
        with pytest.raises(ApiValueError) as refused:
            method_of(client, name)(**{**good, argument: value})
        assert str(refused.value).startswith(f"{name}: {argument}")
    assert len(served.requests) == 0


def bad_arguments(operation: Operation, good: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for parameter in operation.parameters:
        argument = NAMES[operation.id][parameter.name]
        schema = SCHEMAS.resolved(parameter.schema)
        if parameter.required:
            yield argument, None
        if parameter.place == "path":
            yield argument, ""
            yield argument, "."
            yield argument, ".."
        for value in bad_values(schema):
            yield argument, value
    if operation.takes_body and FORM not in operation.body_schemas:
        argument = NAMES[operation.id]["body"]
        body = good[argument]
        if operation.body_required:
            yield argument, None
        for wrong in bad_bodies(next(iter(operation.body_schemas.values())), body):
            yield argument, wrong


def bad_values(schema: dict[str, Any]) -> Iterator[Any]:
    kind = schema.get("type")
    if kind == "array":
        for value in bad_values(SCHEMAS.resolved(schema["items"])):
            yield [value]
        if "maxItems" in schema:
            yield ["x"] * (schema["maxItems"] + 1)
    elif "enum" in schema:
        yield "bogus"
    elif kind in ("integer", "number"):
        yield "abc"
        yield from ([schema["maximum"] + 1] if "maximum" in schema else [])
        yield from ([schema["minimum"] - 1] if "minimum" in schema else [])
    elif kind == "boolean":
        yield "perhaps"
    elif schema.get("format") == "date-time":
        yield "yesterday"
    elif "maxLength" in schema:
        yield "x" * (schema["maxLength"] + 1)
    elif "pattern" in schema and not SCHEMAS.is_valid(schema, "\n"):
        yield "\n"


def bad_bodies(schema: Any, body: Any) -> Iterator[Any]:
    yield 5
    yield "text"
    schema = SCHEMAS.resolved(schema)
    properties = schema.get("properties", {})
    if not properties:
        return
    yield {**body, "unknownField": 1}
    for name in schema.get("required", []):
        without = copy.deepcopy(body)
        del without[name]
        yield without
    for name, each in properties.items():
        resolved = SCHEMAS.resolved(each)
        if not SCHEMAS.is_valid(resolved, None):
            yield {**body, name: None}
        for value in bad_values(resolved):
            yield {**body, name: value}
