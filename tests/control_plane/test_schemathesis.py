"""Schemathesis, which tests APIs, against the embedded control plane and the document it ships."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from runai.testing import ControlPlane, control_plane
from runai.testing.token_endpoints import TOKEN_ENDPOINTS

with warnings.catch_warnings():
    # What it uses warns while it is imported.
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis.checks import not_a_server_error
    from schemathesis.core.result import Ok
    from schemathesis.generation import GenerationMode
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

_VERSION = "2.24"
_DOCUMENT = Path(control_plane.__file__).parent / "control_planes" / f"{_VERSION}.json"
_EXAMPLES = 2
_RIGHT, _WRONG = GenerationMode("positive"), GenerationMode("negative")
_CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# By these a request is refused, and the document does not list them for every operation where a
# request can be wrong. What is there of them has to be as the document has the errors of others.
_REFUSALS = {400, 401, 403, 404, 409}


@pytest.fixture(scope="module")
def served() -> Iterator[ControlPlane]:
    with ControlPlane(_VERSION) as made:
        yield made


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(_DOCUMENT.read_text("utf-8"))
    return read


def test_requests_by_the_exported_document(served: ControlPlane, document: dict[str, Any]) -> None:
    assert _succeeded(served, document, _RIGHT) > 140


def test_requests_without_unknown_properties(
    served: ControlPlane, document: dict[str, Any]
) -> None:
    """Those of the exported document have some that it does not list, and are mostly refused."""
    assert _succeeded(served, _closed(document), _RIGHT) > 160


def test_wrong_requests(served: ControlPlane, document: dict[str, Any]) -> None:
    assert _succeeded(served, document, _WRONG) < 50


def _succeeded(served: ControlPlane, document: dict[str, Any], mode: GenerationMode) -> int:
    """How many operations succeeded at least once; none may answer what it should not."""
    served.reset()
    headers = {"Authorization": f"Bearer {served.tokens.issue()}"}
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=served.url)
    succeeded: set[str] = set()
    failures: dict[str, str] = {}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if mode is _WRONG and not _can_be_wrong(operation.definition.raw):
            continue

        @settings(
            max_examples=_EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def call(case: Any) -> None:
            response = case.call(headers=headers)
            checks = list(_CHECKS)
            if response.status_code in _REFUSALS:
                _demand_error(case.path, response)
            else:
                checks.append(status_code_conformance)
            case.validate_response(response, checks=checks)
            if response.status_code < 300:
                succeeded.add(case.operation.label)

        try:
            call()
        except Exception as failure:  # noqa: BLE001 - whatever it is, others go on
            failures[operation.label] = repr(failure)[:1000]
    assert not failures, "\n".join(f"{label}: {each}" for label, each in failures.items())
    return len(succeeded)


def _can_be_wrong(definition: dict[str, Any]) -> bool:
    """Whether there is more to an operation than a path, in which mostly anything will do."""
    places = {each["in"] for each in definition.get("parameters", [])}
    return "requestBody" in definition or "query" in places


def _demand_error(path: str, response: Any) -> None:
    content = response.json()
    if path in TOKEN_ENDPOINTS and "error" in content:
        return
    assert set(content) == {"code", "message", "details"}
    assert content["code"] == response.status_code


def _closed(schema: Any) -> Any:
    """The document with no other properties than what its objects list."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _closed(value) for key, value in schema.items()}
    listed = made.get("properties")
    # Some descriptions of errors leave out what all errors have.
    if isinstance(listed, dict) and "type" in made and not {"code", "message"} <= set(listed):
        made.setdefault("additionalProperties", False)
    return made
