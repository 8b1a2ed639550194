"""Whether a request's parameters and body are what its operation takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from runai.testing.request_body import read_body
from runai.testing.routing import Route
from runai.testing.specification import Parameter, Schemas
from runai.testing.text_values import form_decoded, form_pairs, read_scalar, types_of

# OpenAPI: parameters of these names are described elsewhere and have no meaning.
_NOT_PARAMETERS = {"accept", "content-type", "authorization"}


@dataclass
class CheckedRequest:
    """A request as its operation reads it, and everything that is wrong with it."""

    path_parameters: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    """The decoded body; None where there is none."""
    problems: list[str] = field(default_factory=list)


def check(route: Route, headers: Message, body: bytes, schemas: Schemas) -> CheckedRequest:
    """Read and check a request against its operation; never raises for what was sent."""
    checked = CheckedRequest()
    _check_path(checked, route, schemas)
    _check_query(checked, route, schemas)
    _check_headers(checked, route, headers, schemas)
    checked.body, problems = read_body(route.operation, headers, body, schemas)
    checked.problems += problems
    return checked


def _check_path(checked: CheckedRequest, route: Route, schemas: Schemas) -> None:
    parameters = route.operation.parameters_in("path")
    for name, text in route.path_values.items():
        schema = parameters[name].schema if name in parameters else True
        value = read_scalar(text, schema, schemas)
        checked.path_parameters[name] = value
        checked.problems += schemas.problems(schema, value, f"path parameter {name}")


def _check_query(checked: CheckedRequest, route: Route, schemas: Schemas) -> None:
    parameters = route.operation.parameters_in("query")
    try:
        pairs = list(form_pairs(route.query))
    except ValueError as error:
        checked.problems.append(f"query: {error}")
        return
    sent: dict[str, list[str]] = {}
    for name, text in pairs:
        sent.setdefault(name, []).append(text)
    for name, texts in sent.items():
        if name not in parameters:
            known = ", ".join(sorted(parameters)) or "none"
            checked.problems.append(
                f"query parameter {name}: not known; the operation has: {known}"
            )
            continue
        try:
            value = _query_value(parameters[name], texts, schemas)
        except ValueError as error:
            checked.problems.append(f"query parameter {name}: {error}")
            continue
        checked.query[name] = value
        checked.problems += schemas.problems(
            parameters[name].schema, value, f"query parameter {name}"
        )
    checked.problems += _missing("query parameter", parameters, sent.__contains__)


def _query_value(parameter: Parameter, texts: list[str], schemas: Schemas) -> Any:
    is_array = "array" in types_of(parameter.schema, schemas)
    if len(texts) > 1 and not (is_array and parameter.explode):
        raise ValueError(f"given {len(texts)} times: {', '.join(texts)}")
    if not is_array:
        return read_scalar(form_decoded(texts[0]), parameter.schema, schemas)
    items = schemas.resolved(parameter.schema).get("items", True)
    # A comma between items comes as it is, a comma within an item percent-encoded.
    parts = texts if parameter.explode else texts[0].split(",")
    return [read_scalar(form_decoded(part), items, schemas) for part in parts]


def _check_headers(
    checked: CheckedRequest, route: Route, headers: Message, schemas: Schemas
) -> None:
    parameters = {
        name: parameter
        for name, parameter in route.operation.parameters_in("header").items()
        if name.lower() not in _NOT_PARAMETERS
    }
    for name, parameter in parameters.items():
        if name in headers:
            value = read_scalar(headers[name], parameter.schema, schemas)
            checked.problems += schemas.problems(parameter.schema, value, f"header {name}")
    checked.problems += _missing("header", parameters, headers.__contains__)


def _missing(
    place: str, parameters: Mapping[str, Parameter], is_sent: Callable[[str], bool]
) -> Iterator[str]:
    for name, parameter in parameters.items():
        if parameter.required and not is_sent(name):
            yield f"{place} {name}: required and missing"
