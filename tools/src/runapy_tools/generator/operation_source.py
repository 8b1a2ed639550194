"""What the templates need to write a method: signature, docstring, operation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from runapy_tools.control_plane import Operation
from runapy_tools.generator.api import Api
from runapy_tools.generator.docstrings import operation_docstring
from runapy_tools.generator.model_source import python_field
from runapy_tools.generator.python_types import (
    PythonType,
    is_nullable,
    parameter_check,
    python_type,
    quoted,
    without_null,
)
from runapy_tools.generator.request_types import Requests
from runapy_tools.openapi import Schema

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
_REQUEST_TYPES = "request_types."


@dataclass
class Argument:
    """One argument of a method."""

    name: str
    annotation: str
    required: bool
    schema: Schema
    wire_name: str
    parameter: str = ""
    """The expression that makes the operation's parameter; empty for a JSON body."""


@dataclass
class Uses:
    """What a module's signatures need of others.

    Attributes:
        typing: names of the module `typing`, and `datetime`.
        models: whether they name a model.
    """

    requests: Requests
    typing: set[str] = field(default_factory=set)
    models: bool = False

    def text(self, kind: PythonType) -> str:
        """A type as it is written, whose names are needed then."""
        self.typing |= kind.typing
        self.models = self.models or bool(kind.models)
        return kind.text


def method_source(api: Api, operation: Operation, uses: Uses) -> dict[str, Any]:
    """What the template needs to write a method and its `Operation`."""
    arguments = arguments_of(api, operation, uses)
    answers = answers_of(operation)
    schema = answer_schema(operation)
    model = uses.text(_answer_type(schema)) if schema else None
    if any(not each.required for each in arguments):
        uses.typing.add("Optional")
    accept = None
    if len(answers) > 1:
        uses.typing |= {"Literal", "Optional"}
        accept = f"Optional[Literal[{', '.join(quoted(each) for each in answers)}]] = None"
    names = [*(each.name for each in arguments), *(["accept"] if accept else [])]
    return {
        "name": operation.name,
        "constant": f"_{operation.name.upper()}",
        "arguments": arguments,
        "accept": accept,
        "passed": {each: each for each in names},
        "doc": operation_docstring(api, operation, arguments, answers, model),
        "deprecation": _deprecation(operation),
        "returned": model or "None",
        "operation": _operation(api, operation, arguments, answers, model),
    }


def arguments_of(api: Api, operation: Operation, uses: Uses | None = None) -> list[Argument]:
    """A method's arguments in order: what must be given first, bodies after parameters."""
    uses = uses or Uses(Requests(api))
    body = operation.facts.get("requestBody", {})
    given = [_parameter(api, each, uses) for each in operation.facts.get("parameters", [])]
    if FORM in body.get("content", {}):
        given += _form_fields(api, body["content"][FORM]["schema"], uses)
    elif body:
        given.append(_body(body, uses))
    return sorted(given, key=lambda each: not each.required)


def answers_of(operation: Operation) -> list[str]:
    """Media types that a success may carry, JSON first."""
    found: list[str] = []
    for status, response in operation.facts["responses"].items():
        if status.startswith("2"):
            found += [each for each in response.get("content", {}) if each not in found]
    return sorted(found, key=lambda each: each != JSON)


def answer_schema(operation: Operation) -> Schema | None:
    """The schema of a success's JSON; the documents have one at most for each operation."""
    for status, response in sorted(operation.facts["responses"].items()):
        schema = response.get("content", {}).get(JSON, {}).get("schema")
        if status.startswith("2") and schema:
            return dict(schema)
    return None


def _answer_type(schema: Schema) -> PythonType:
    kind = python_type(schema, "models.")
    if kind.text == "Number":
        # `Number` would have the module import pydantic.
        kind = PythonType("float")
    return kind.within("Optional") if is_nullable(schema) and kind.text != "Any" else kind


def _operation(
    api: Api, operation: Operation, arguments: list[Argument], answers: list[str], model: str | None
) -> str:
    """The expression that makes the `Operation`."""
    by_wire = {each.wire_name: each for each in arguments}
    lines = [quoted(operation.id), quoted(operation.method), quoted(operation.path)]
    for place, keyword in (("path", "path_parameters"), ("query", "query"), ("header", "headers")):
        parameters = [
            by_wire[each["name"]].parameter
            for each in operation.facts.get("parameters", [])
            if each["in"] == place
        ]
        if parameters:
            lines.append(f"{keyword}=[{', '.join(parameters)}]")
    body = operation.facts.get("requestBody", {})
    if FORM in body.get("content", {}):
        fields = body["content"][FORM]["schema"]["properties"]
        lines.append(f"body=FormBody({', '.join(by_wire[name].parameter for name in fields)})")
    elif body:
        kind = python_type(_body_schema(body), "models.")
        required = ", required=True" if body["required"] else ""
        lines.append(f"body=JsonBody({quoted(body['x-name'])}, lambda: {kind.text}{required})")
    if answers:
        lines.append(f"answers=({', '.join(quoted(each) for each in answers)},)")
    if model:
        lines.append(f"model=lambda: {model}")
    if operation.facts.get("security") == []:
        lines.append("authenticated=False")
    newer = api.history.newer(api.history.operations[operation.method, operation.path])
    if newer:
        lines.append(f"since={quoted(newer)}")
    return f"Operation({', '.join(lines)},)"


def _parameter(api: Api, facts: dict[str, Any], uses: Uses) -> Argument:
    schema = facts["schema"]
    required = facts["required"]
    return Argument(
        name=facts["x-name"],
        annotation=_annotation(schema, required, uses),
        required=required,
        schema=schema,
        wire_name=facts["name"],
        parameter=_parameter_expression(
            api, facts["x-name"], facts["name"], schema, required, facts.get("explode", False)
        ),
    )


def _form_fields(api: Api, schema: Schema, uses: Uses) -> list[Argument]:
    required = schema.get("required", [])
    return [
        Argument(
            name=python_field(wire, each),
            annotation=_annotation(each, wire in required, uses),
            required=wire in required,
            schema=each,
            wire_name=wire,
            parameter=_parameter_expression(
                api, python_field(wire, each), wire, each, wire in required, False
            ),
        )
        for wire, each in schema["properties"].items()
    ]


def _body(body: dict[str, Any], uses: Uses) -> Argument:
    schema = _body_schema(body)
    annotation = uses.text(uses.requests.written(schema, _REQUEST_TYPES))
    if not body["required"] and annotation != "Any":
        annotation = f"Optional[{annotation}]"
    return Argument(body["x-name"], annotation, body["required"], schema, body["x-name"])


def _body_schema(body: dict[str, Any]) -> Schema:
    schema: Schema = body["content"][JSON].get("schema", {})
    return without_null(schema) if is_nullable(schema) else schema


def _annotation(schema: Schema, required: bool, uses: Uses) -> str:
    text = uses.text(uses.requests.written(schema, _REQUEST_TYPES))
    return text if required else f"Optional[{text}]"


def _parameter_expression(
    api: Api, name: str, wire: str, schema: Schema, required: bool, explode: bool
) -> str:
    parts = [quoted(name), quoted(wire), parameter_check(schema, api.schemas)]
    parts += ["required=True"] if required else []
    parts += ["explode=True"] if explode else []
    return f"Parameter({', '.join(parts)})"


def _deprecation(operation: Operation) -> str | None:
    if not operation.facts.get("deprecated"):
        return None
    replacement = operation.facts.get("x-replacement")
    advice = f"; use {replacement}" if replacement else ""
    return f"{operation.id} is deprecated by the control plane{advice}"
