"""The specification that the control plane is driven by, as operations and schemas."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runai.testing.schema_views import request_view, response_view
from runai.testing.validity import Validity

if TYPE_CHECKING:
    from runai.testing.schema_problems import SchemaProblems

_SHIPPED = Path(__file__).parent / "control_planes"


class Schemas:
    """The schemas of one direction: resolves references, checks values.

    Args:
        view: the whole document as this direction sees it.
    """

    def __init__(self, view: Mapping[str, Any]) -> None:
        self._view = view
        self._validity = Validity(self.referenced, self._has_no_problem)

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
        if not self.is_valid(schema, value):
            yield from self._problems.described(schema, value, place)

    def is_valid(self, schema: Any, value: Any) -> bool:
        """Whether the schema allows the value."""
        return self._validity.check(schema)(value)

    def _has_no_problem(self, schema: Any, value: Any) -> bool:
        return self._problems.is_valid(schema, value)

    @functools.cached_property
    def _problems(self) -> SchemaProblems:
        from runai.testing.schema_problems import SchemaProblems

        return SchemaProblems(self._view)


@dataclass(frozen=True)
class Parameter:
    """One parameter of an operation."""

    name: str
    place: str
    """path, query or header."""
    schema: Any
    required: bool
    explode: bool

    @property
    def keywords(self) -> Mapping[str, Any]:
        """Those of its schema; none where that is a reference, or takes anything."""
        return self.schema if isinstance(self.schema, dict) else {}


@dataclass(frozen=True)
class Operation:
    """One operation: what it takes and what its success looks like."""

    id: str
    method: str
    path: str
    authenticated: bool
    takes_body: bool
    body_required: bool
    status: int
    """The lowest status of success."""
    statuses: frozenset[int]
    """Every status of success."""
    _views: _Views = field(repr=False)

    @functools.cached_property
    def parameters(self) -> Sequence[Parameter]:
        """What it takes besides a body."""
        return [_parameter(each) for each in self._views.request.get("parameters", [])]

    @functools.cached_property
    def body_schemas(self) -> Mapping[str, Any]:
        """Schema of the request body by media type; True where anything goes."""
        return _by_media_type(self._views.request.get("requestBody", {}))

    @functools.cached_property
    def answer_schemas(self) -> Mapping[str, Any]:
        """Schema of the answer by media type; empty where the answer has no body."""
        return _by_media_type(self._views.responses[str(self.status)])

    def parameters_in(self, place: str) -> Mapping[str, Parameter]:
        """The parameters of one place by name."""
        return self._by_place.get(place, {})

    @functools.cached_property
    def _by_place(self) -> Mapping[str, Mapping[str, Parameter]]:
        by_place: dict[str, dict[str, Parameter]] = {}
        for parameter in self.parameters:
            by_place.setdefault(parameter.place, {})[parameter.name] = parameter
        return by_place


@dataclass(frozen=True)
class Specification:
    """One control plane's operations, with the schemas of either direction."""

    version: str
    operations: Mapping[str, Operation] = field(repr=False)
    request_schemas: Schemas = field(repr=False)
    response_schemas: Schemas = field(repr=False)

    @functools.cached_property
    def by_place(self) -> Mapping[tuple[str, str], Operation]:
        """The operations by path and method."""
        return {(each.path, each.method): each for each in self.operations.values()}

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
    for path, item in document["paths"].items():
        for method, operation in item.items():
            views = _Views(requests["paths"], responses["paths"], path, method)
            read = _operation(method, path, operation, views)
            operations[read.id] = read
    return Specification(version, operations, Schemas(requests), Schemas(responses))


def _operation(method: str, path: str, operation: Mapping[str, Any], views: _Views) -> Operation:
    body = operation.get("requestBody")
    successes = sorted(status for status in operation["responses"] if status.startswith("2"))
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        authenticated=operation.get("security") != [],
        takes_body=body is not None,
        body_required=bool(body and body.get("required")),
        status=int(successes[0]),
        statuses=frozenset(map(int, successes)),
        _views=views,
    )


class _Views:
    """An operation as either direction has it, made when it is needed.

    Args:
        requests: the paths of requests.
        responses: the paths of responses.
        path: of the operation.
        method: of the operation.
    """

    def __init__(
        self, requests: Mapping[str, Any], responses: Mapping[str, Any], path: str, method: str
    ) -> None:
        self._requests = requests
        self._responses = responses
        self._place = path, method

    @property
    def request(self) -> Mapping[str, Any]:
        """The operation as requests have it."""
        path, method = self._place
        found: Mapping[str, Any] = self._requests[path][method]
        return found

    @property
    def responses(self) -> Mapping[str, Any]:
        """Its responses by status, as responses have them."""
        path, method = self._place
        found: Mapping[str, Any] = self._responses[path][method]["responses"]
        return found


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
