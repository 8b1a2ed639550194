"""The specification that the control plane is driven by, as operations and schemas."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators

from runai.testing.answers import shortened
from runai.testing.ecma_patterns import python_pattern
from runai.testing.formats import FORMATS
from runai.testing.schema_views import NOTHING, request_view, response_view


def _pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(value, str) and not re.search(python_pattern(pattern), value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


_SHIPPED = Path(__file__).parent / "control_planes"

# The stubs of jsonschema give `extend` no types.
_Validator: type[Draft202012Validator] = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"pattern": _pattern}
)


class Schemas:
    """The schemas of one direction: resolves references, checks values.

    Args:
        view: the whole document as this direction sees it.
    """

    def __init__(self, view: Mapping[str, Any]) -> None:
        self._view = view
        self._validator = _Validator(view, format_checker=FORMATS)

    def resolved(self, schema: Any) -> Any:
        """The schema itself where it is only a reference to another."""
        while isinstance(schema, dict) and "$ref" in schema:
            schema = self.referenced(schema["$ref"])
        return schema

    def referenced(self, reference: str) -> Any:
        """The schema at a reference of the form `#/a/b`."""
        found: Any = self._view
        for part in reference[len("#/") :].split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        return found

    def problems(self, schema: Any, value: Any, place: str) -> Iterator[str]:
        """What is wrong with a value, each problem with its place and the value."""
        for error in self._validator.evolve(schema=schema).iter_errors(value):
            for cause in _causes(error):
                yield _described(cause, place)

    def is_valid(self, schema: Any, value: Any) -> bool:
        """Whether the schema allows the value."""
        return bool(self._validator.evolve(schema=schema).is_valid(value))


@dataclass(frozen=True)
class Parameter:
    """One parameter of an operation."""

    name: str
    place: str
    """path, query or header."""
    schema: Any
    required: bool
    explode: bool


@dataclass(frozen=True)
class Operation:
    """One operation: what it takes and what its success looks like."""

    id: str
    method: str
    path: str
    parameters: Sequence[Parameter]
    authenticated: bool
    takes_body: bool
    body_required: bool
    body_schemas: Mapping[str, Any]
    """Schema of the request body by media type; True where anything goes."""
    status: int
    """The lowest status of success."""
    answer_schemas: Mapping[str, Any]
    """Schema of the answer by media type; empty where the answer has no body."""

    def parameters_in(self, place: str) -> dict[str, Parameter]:
        """The parameters of one place by name."""
        return {p.name: p for p in self.parameters if p.place == place}


@dataclass(frozen=True)
class Specification:
    """One control plane's operations, with the schemas of either direction."""

    version: str
    operations: Mapping[str, Operation] = field(repr=False)
    request_schemas: Schemas = field(repr=False)
    response_schemas: Schemas = field(repr=False)

    def operation(self, operation_id: str) -> Operation:
        """The operation of this id; raises ValueError where there is none."""
        try:
            return self.operations[operation_id]
        except KeyError:
            example = next(iter(self.operations), "group.method")
            raise ValueError(
                f"control plane {self.version} has no operation {operation_id!r}: "
                f"give <group>.<method>, such as {example!r}"
            ) from None


def shipped_versions() -> list[str]:
    """The control planes that come with this distribution, oldest first."""
    versions = [entry.stem for entry in _SHIPPED.glob("*.json")]
    return sorted(versions, key=lambda version: [int(part) for part in version.split(".")])


def load(version: str, path: Path | None = None) -> Specification:
    """The specification of a control plane.

    Args:
        version: such as "2.24".
        path: a merged OpenAPI 3.1 document to read instead of the one shipped for this version.

    Raises:
        ValueError: no document is shipped for this version.
    """
    if path is not None:
        return _specification(version, json.loads(path.read_text("utf-8")))
    if version not in shipped_versions():
        known = ", ".join(shipped_versions()) or "none"
        raise ValueError(f"no control plane {version!r} is shipped; there are: {known}")
    return _shipped_specification(version)


@functools.lru_cache(maxsize=8)
def _shipped_specification(version: str) -> Specification:
    document = (_SHIPPED / f"{version}.json").read_text("utf-8")
    return _specification(version, json.loads(document))


def _specification(version: str, document: Mapping[str, Any]) -> Specification:
    requests, responses = request_view(document), response_view(document)
    operations: dict[str, Operation] = {}
    for path, item in requests["paths"].items():
        for method, operation in item.items():
            answered = responses["paths"][path][method]["responses"]
            read = _operation(method, path, operation, answered)
            operations[read.id] = read
    return Specification(version, operations, Schemas(requests), Schemas(responses))


def _operation(
    method: str, path: str, operation: Mapping[str, Any], responses: Mapping[str, Any]
) -> Operation:
    body = operation.get("requestBody")
    success = min(status for status in responses if status.startswith("2"))
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        parameters=[_parameter(parameter) for parameter in operation.get("parameters", [])],
        authenticated=operation.get("security") != [],
        takes_body=body is not None,
        body_required=bool(body and body.get("required")),
        body_schemas=_by_media_type(body or {}),
        status=int(success),
        answer_schemas=_by_media_type(responses[success]),
    )


def _parameter(parameter: Mapping[str, Any]) -> Parameter:
    return Parameter(
        name=parameter["name"],
        place=parameter["in"],
        schema=parameter["schema"],
        required=bool(parameter.get("required")),
        explode=parameter.get("explode", parameter["in"] == "query"),
    )


def _by_media_type(holder: Mapping[str, Any]) -> dict[str, Any]:
    return {name: media.get("schema", True) for name, media in holder.get("content", {}).items()}


def _causes(error: ValidationError) -> Iterator[ValidationError]:
    """The errors within the one alternative that is meant, where only one has the value's type."""
    alternatives: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        alternatives.setdefault(inner.schema_path[0], []).append(inner)
    meant = [
        errors
        for errors in alternatives.values()
        if not any(inner.validator == "type" and not inner.path for inner in errors)
    ]
    if len(meant) == 1:
        for inner in meant[0]:
            yield from _causes(inner)
    else:
        yield error


def _described(error: ValidationError, place: str) -> str:
    where = place + "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path
    )
    if error.schema == NOTHING:
        return f"{where}: {shortened(error.instance)} must not be sent, the property is read-only"
    if error.validator in ("additionalProperties", "unevaluatedProperties", "required"):
        return f"{where}: {error.message}"
    rule = shortened(error.validator_value)
    return f"{where}: {shortened(error.instance)} does not meet {error.validator} {rule}"
