"""Every operation on every client: what arrives is what was meant, and the answer can be read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runai import models
from runai.testing import RecordedRequest
from runai.testing.specification import Operation

from .arguments import (
    CLIMBING,
    EMPTY,
    FORM,
    ArgumentMaker,
    Arguments,
    client_names,
    json_bytes,
)
from .conftest import Caller
from .under_test import DOCUMENT, OPERATIONS, SPECIFICATION, SampleControlPlane

MAKER = ArgumentMaker(SPECIFICATION, client_names(DOCUMENT))

pytestmark = pytest.mark.filterwarnings("ignore:.*is deprecated by the control plane")


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(name: str, call: Caller, served: SampleControlPlane) -> None:
    operation = SPECIFICATION.operations[name]
    required = MAKER.required(operation)
    exchange(operation, required, call, served)

    everything = MAKER.everything(operation)
    answer, request = exchange(operation, everything, call, served)
    assert_readable(operation, answer)

    for text in (CLIMBING, EMPTY):
        exchange(operation, MAKER.everything(operation, text), call, served)
    if "text/csv" in operation.answer_schemas and len(operation.answer_schemas) > 1:
        answer = call(name, {**required.given, "accept": "text/csv"})
        assert answer.headers["Content-Type"].startswith("text/csv")
        assert answer.data == answer.raw.decode()
        assert answer.model is None
    if has_json_body(operation):
        assert request.body == json_bytes(everything.body)
        body = next(iter(set(everything.given) & {body_name(name)}))
        modelled = {**everything.given, body: as_model(operation, everything.body)}
        with_model = Arguments(modelled, everything.path, everything.query, everything.body)
        exchange(operation, with_model, call, served)


def exchange(
    operation: Operation, arguments: Arguments, call: Caller, served: SampleControlPlane
) -> tuple[Any, RecordedRequest]:
    """Call an operation and compare what arrived, apart from the order of a body's keys."""
    served.requests.clear()
    answer = call(operation.id, arguments.given)
    request = served.requests.of(operation.id)[-1]
    assert request.problems == ()
    assert request.method == operation.method.upper()
    assert request.target == arguments.target(operation)
    if arguments.body is None:
        assert request.body == b""
        assert "Content-Type" not in request.headers
    elif FORM in operation.body_schemas:
        assert request.headers["Content-Type"] == FORM
    else:
        assert request.headers["Content-Type"] == "application/json"
        assert normalised(json.loads(request.body)) == normalised(arguments.body)
    return answer, request


def assert_readable(operation: Operation, answer: Any) -> None:
    """The answer is the success the document promises, as data and as a model."""
    assert answer.status_code == operation.status
    media_types = list(operation.answer_schemas)
    if not media_types:
        assert answer.data is None
        assert answer.raw == b""
        return
    schema = operation.answer_schemas[media_types[0]]
    if media_types[0] == "application/json":
        assert answer.data == json.loads(answer.raw)
        assert SPECIFICATION.response_schemas.is_valid(schema, answer.data)
        if hasattr(answer.model, "to_dict"):
            assert normalised(json.loads(answer.model.to_json())) == normalised(answer.data)
    elif media_types[0].startswith("text/"):
        assert answer.data == answer.text == answer.raw.decode()
    else:
        assert answer.data == answer.raw


def has_json_body(operation: Operation) -> bool:
    return operation.takes_body and FORM not in operation.body_schemas


def body_name(operation_id: str) -> str:
    return client_names(DOCUMENT)[operation_id]["body"]


def as_model(operation: Operation, body: Any) -> Any:
    """The body as the model, or the list of models, that the document names."""
    schema = body_schema(operation.id)
    if schema.get("type") == "array":
        model = getattr(models, schema["items"]["$ref"].rsplit("/", 1)[1])
        return [model.model_validate(each) for each in body]
    if "$ref" not in schema:
        return body
    return getattr(models, schema["$ref"].rsplit("/", 1)[1]).model_validate(body)


def body_schema(operation_id: str) -> dict[str, Any]:
    for item in DOCUMENT["paths"].values():
        for operation in item.values():
            if operation["operationId"] == operation_id:
                content: dict[str, Any] = operation["requestBody"]["content"]["application/json"]
                return dict(content["schema"])
    raise LookupError(operation_id)


def normalised(value: Any) -> Any:
    """JSON with one spelling of UTC, so that equal times are equal."""
    if isinstance(value, dict):
        return {key: normalised(each) for key, each in value.items()}
    if isinstance(value, list):
        return [normalised(each) for each in value]
    if isinstance(value, str) and value.endswith("+00:00"):
        return value.replace("+00:00", "Z")
    return value
