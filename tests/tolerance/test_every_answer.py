"""Every operation on every client: answers older, newer and looser than its model are read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import Enum
from typing import Any

import pytest

from runai import models
from runai._core.model import Model
from runai._core.refusal import location
from runai.exceptions import ResponseValidationError
from runai.testing.specification import Operation

from ..operations.conftest import Caller
from ..operations.test_every_operation import MAKER
from ..operations.under_test import OPERATIONS, SPECIFICATION, SampleControlPlane
from .answers import Answers
from .changes import NEW_FIELD, NEW_VALUE
from .sameness import Sameness

JSON = "application/json"
ANSWERS = Answers(SPECIFICATION.response_schemas)
SAMENESS = Sameness(SPECIFICATION.response_schemas)
JSON_OPERATIONS = [
    name for name in OPERATIONS if JSON in SPECIFICATION.operations[name].answer_schemas
]
# The document says nothing of what they answer.
WITHOUT_TYPE = {
    name for name in JSON_OPERATIONS if SPECIFICATION.operations[name].answer_schemas[JSON] is True
}

pytestmark = pytest.mark.filterwarnings("ignore:.*is deprecated by the control plane")


def test_most_operations_answer_with_json() -> None:
    assert len(JSON_OPERATIONS) > 0.8 * len(OPERATIONS)
    assert len(WITHOUT_TYPE) <= 1


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_can_be_read(name: str, call: Caller, served: SampleControlPlane) -> None:
    """Nothing is lost: not in `data`, and not in `model` either."""
    operation = SPECIFICATION.operations[name]
    arguments = MAKER.required(operation).given
    if name not in JSON_OPERATIONS:
        assert call(name, arguments).model is None
        return
    schema = operation.answer_schemas[JSON]
    problems: list[str] = []
    for kind, sent in ANSWERS.readable(schema):
        preset(operation, sent, served)
        response = call(name, arguments)
        assert response.data == sent
        if name in WITHOUT_TYPE:
            assert response.model is None
            continue
        try:
            model = response.model
        except ResponseValidationError as error:
            problems.append(f"{kind}: {error}")
            continue
        assert all(isinstance(each, type_of(schema)) for each in items_of(model))
        problems += (f"{kind}: {each}" for each in SAMENESS.differences(schema, sent, model))
        if kind == "extra fields":
            extras = [each.model_extra for each in models_in(model)]
            assert extras == [{NEW_FIELD: NEW_VALUE}] * ANSWERS.count_of_models(schema)
    assert problems == []


@pytest.mark.parametrize("name", sorted({*JSON_OPERATIONS} - WITHOUT_TYPE))
def test_what_cannot_be_read(name: str, call: Caller, served: SampleControlPlane) -> None:
    """The error says of what operation, at what place and what value; the answer is in it."""
    operation = SPECIFICATION.operations[name]
    arguments = MAKER.required(operation).given
    for misfit in ANSWERS.misfits(operation.answer_schemas[JSON]):
        preset(operation, misfit.body, served)
        response = call(name, arguments)
        with pytest.raises(ResponseValidationError, match=name) as refused:
            _ = response.model
        error = refused.value
        assert error.operation == name
        assert error.place in misfit.places
        assert error.value == misfit.value
        found = sorted(each["place"] for each in error.errors)
        assert found == sorted(map(location, misfit.places))
        assert error.response is not None
        assert error.response.data == misfit.body


def preset(operation: Operation, body: Any, served: SampleControlPlane) -> None:
    """Have the control plane give one answer, and no other."""
    served.reset()
    served.respond(operation.id, operation.status, body=json.dumps(body).encode())


def type_of(schema: Any) -> Any:
    """The model that the document names for an answer or for its items; any type where none.

    An enum's member may be a string that no client knows yet.
    """
    for keyword in ("anyOf", "items"):
        if keyword in schema:
            return type_of(schema["anyOf"][0] if keyword == "anyOf" else schema["items"])
    model = getattr(models, schema["$ref"].rsplit("/", 1)[1]) if "$ref" in schema else object
    return (model, str) if issubclass(model, Enum) else model


def items_of(model: Any) -> Iterator[Any]:
    """The model, or what is in a list of such; null may be among what was listed."""
    yield from (each for each in model if each is not None) if isinstance(model, list) else [model]


def models_in(value: Any) -> Iterator[Model]:
    """Every model in a value, itself included."""
    if isinstance(value, Model):
        yield value
        value = value.__dict__
    if isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from models_in(each)
