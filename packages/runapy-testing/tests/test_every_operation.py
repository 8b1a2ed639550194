from __future__ import annotations

import csv
import io
import json
import tarfile
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from jsonschema import Draft202012Validator

from runai.testing import control_plane
from runai.testing.samples import Samples
from runai.testing.schema_problems import FORMAT_CHECKER
from runai.testing.specification import Operation, Parameter, load
from runai.testing.text_values import types_of

SPECIFICATION = load("2.24")
SAMPLES = Samples(SPECIFICATION.request_schemas)
# As published, not as the control plane's own views have it.
DOCUMENT = json.loads(
    (Path(control_plane.__file__).parent / "control_planes" / "2.24.json").read_text("utf-8")
)
VALIDATOR = Draft202012Validator(DOCUMENT, format_checker=FORMAT_CHECKER)
OPERATIONS = list(SPECIFICATION.operations.values())
TOKEN_PATHS = {"/api/v1/token", "/api/v2/token", "/v1/k8s/auth/oauth/apptoken"}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _query_text(parameter: Parameter) -> str:
    value = SAMPLES.of(parameter.schema, parameter.name)
    if "array" in types_of(parameter.schema, SPECIFICATION.request_schemas):
        return ",".join(quote(_text(item), safe="") for item in value)
    return quote(_text(value), safe="")


def _target(operation: Operation, *, optional: bool) -> str:
    path = operation.path
    for parameter in operation.parameters_in("path").values():
        value = quote(_text(SAMPLES.of(parameter.schema, parameter.name)), safe="")
        path = path.replace(f"{{{parameter.name}}}", value)
    pairs = [
        f"{quote(parameter.name, safe='')}={_query_text(parameter)}"
        for parameter in operation.parameters_in("query").values()
        if optional or parameter.required
    ]
    return f"{path}?{'&'.join(pairs)}" if pairs else path


def _body(operation: Operation) -> tuple[bytes | None, dict[str, str]]:
    for media_type, schema in operation.body_schemas.items():
        content = SAMPLES.of(schema)
        encoded = json.dumps(content) if media_type == "application/json" else urlencode(content)
        return encoded.encode(), {"Content-Type": media_type}
    return None, {}


def _operations(*, token: bool) -> list[Any]:
    return [
        pytest.param(operation, id=operation.id)
        for operation in OPERATIONS
        if (operation.path in TOKEN_PATHS) == token
    ]


def test_the_document_is_routed_whole() -> None:
    methods = [method for item in DOCUMENT["paths"].values() for method in item]
    assert len(OPERATIONS) == len(methods) > 300


@pytest.mark.parametrize("optional", [False, True], ids=["required", "all"])
@pytest.mark.parametrize("operation", _operations(token=False))
def test_answers_validly(
    wire: Any, control_plane: Any, operation: Operation, optional: bool
) -> None:
    body, headers = _body(operation)
    if body is not None and not operation.body_required and not optional:
        body, headers = None, {}
    headers.update(wire.authorization())

    reply = wire.send(operation.method, _target(operation, optional=optional), body, headers)

    [recorded] = control_plane.requests
    assert recorded.operation_id == operation.id
    assert recorded.problems == ()
    responses = DOCUMENT["paths"][operation.path][operation.method.lower()]["responses"]
    status = min(status for status in responses if status.startswith("2"))
    assert reply.status == int(status)
    content = responses[status].get("content")
    if not content:
        assert reply.body == b""
        return
    media_type = reply.headers.get_content_type()
    assert media_type in content
    if media_type == "application/json":
        schema = content[media_type].get("schema", True)
        VALIDATOR.evolve(schema=schema).validate(json.loads(reply.body))
    elif media_type == "text/csv":
        assert len(list(csv.DictReader(io.StringIO(reply.body.decode())))) >= 1
    elif media_type == "application/x-tar":
        with tarfile.open(fileobj=io.BytesIO(reply.body)) as archive:
            assert archive.getnames() == ["runai"]
    else:
        assert reply.body.decode().strip()


@pytest.mark.parametrize("operation", _operations(token=False))
def test_refuses_what_no_operation_takes(wire: Any, operation: Operation) -> None:
    body, headers = _body(operation)
    headers.update(wire.authorization())
    target = _target(operation, optional=False)
    unknown = f"{target}{'&' if '?' in target else '?'}no-such-parameter=1"

    reply = wire.send(operation.method, unknown, body, headers)

    assert reply.status == 400
    assert "no-such-parameter" in reply.json()["details"]


@pytest.mark.parametrize("operation", _operations(token=False))
def test_demands_a_token(wire: Any, operation: Operation) -> None:
    body, headers = _body(operation)
    reply = wire.send(operation.method, _target(operation, optional=False), body, headers)
    assert reply.status == (401 if operation.authenticated else operation.status)


@pytest.mark.parametrize("operation", _operations(token=True))
def test_token_endpoints_ask_for_no_token(wire: Any, operation: Operation) -> None:
    body, headers = _body(operation)
    reply = wire.send(operation.method, operation.path, body, headers)
    # The sample's credentials are wrong, or its grant is none that is given.
    assert reply.status in (400, 401)
    assert "Authorization" not in reply.body.decode()
