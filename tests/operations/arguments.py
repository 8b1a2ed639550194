"""Arguments for every operation, and what must arrive of them, both made from the document."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from runai.testing.samples import Samples
from runai.testing.specification import Operation, Parameter, Specification

from .under_test import VERSION, SampleControlPlane

# Everything that has a meaning in a URL, what older clients rewrote, and what is not ASCII;
# what climbs in a path; what could be taken for nothing.
AWKWARD = "a b/c?d&e+f=g%h#i_j..k,l;m:n@o'größe漢"
CLIMBING = ".."
EMPTY = ""
# Operations that answer to a known client alone, whatever their schema says.
_KNOWN = SampleControlPlane(VERSION)
_ID, _SECRET = _KNOWN.client_id, _KNOWN.client_secret
TOKEN_BODIES = {
    "tokens.grant_token": [
        {"grantType": "client_credentials", "clientID": _ID, "clientSecret": _SECRET},
        # Older control planes know no other.
        {"grantType": "app_token", "appID": _ID, "appSecret": _SECRET},
    ],
    "tokens.grant_token_v2": [
        {"grant_type": "client_credentials", "client_id": _ID, "client_secret": _SECRET},
    ],
    "tokens.app_token": [{"id": _ID, "secret": _SECRET}],
}
FORM = "application/x-www-form-urlencoded"


@dataclass
class Arguments:
    """Arguments by the client's names, and what the control plane must receive."""

    given: dict[str, Any] = field(default_factory=dict)
    path: dict[str, Any] = field(default_factory=dict)
    query: list[tuple[str, Any, bool]] = field(default_factory=list)
    """Name on the wire, value, and whether a list is sent as repeated names."""
    body: Any = None

    def target(self, operation: Operation) -> str:
        """The request's target, byte for byte."""
        target = operation.path
        for name, value in self.path.items():
            target = target.replace("{" + name + "}", quote(_text(value), safe=""))
        pairs = []
        for name, value, explode in self.query:
            values = [quote(_text(each), safe="") for each in _listed(value)]
            if values and not explode:
                values = [",".join(values)]
            pairs += [f"{quote(name, safe='')}={each}" for each in values]
        return f"{target}?{'&'.join(pairs)}" if pairs else target


class ArgumentMaker:
    """Makes arguments of one control plane's operations.

    Arguments:
        specification: as the embedded control plane reads it.
        names: for each operation, the client's names of its parameters, by the wire's.
    """

    def __init__(self, specification: Specification, names: dict[str, dict[str, str]]) -> None:
        self._schemas = specification.request_schemas
        self._samples = Samples(self._schemas)
        self._names = names

    def required(self, operation: Operation) -> Arguments:
        """What must be given, and nothing else."""
        return self._arguments(operation, everything=False)

    def everything(self, operation: Operation, text: str = AWKWARD) -> Arguments:
        """Every parameter and the body; `text` is the value of every query that may be any text."""
        return self._arguments(operation, everything=True, text=text)

    def _arguments(
        self, operation: Operation, *, everything: bool, text: str = AWKWARD
    ) -> Arguments:
        arguments = Arguments()
        names = self._names[operation.id]
        for parameter in operation.parameters:
            if not (parameter.required or everything):
                continue
            # In a path, only the awkward text can stand.
            value = self._value(parameter, AWKWARD if parameter.place == "path" else text)
            arguments.given[names[parameter.name]] = value
            if parameter.place == "path":
                arguments.path[parameter.name] = value
            elif parameter.place == "query":
                arguments.query.append((parameter.name, value, parameter.explode))
        demanded = operation.body_required or operation.id in TOKEN_BODIES
        if operation.takes_body and (demanded or everything):
            self._add_body(operation, arguments, everything=everything)
        return arguments

    def _add_body(self, operation: Operation, arguments: Arguments, *, everything: bool) -> None:
        media_type, schema = next(iter(operation.body_schemas.items()))
        arguments.body = self._samples.of(schema)
        if media_type == FORM:
            if not everything:
                required = self._schemas.resolved(schema)["required"]
                arguments.body = {name: arguments.body[name] for name in required}
            self._add_credentials(operation.id, schema, arguments.body)
            arguments.given.update(arguments.body)
        else:
            if operation.id in TOKEN_BODIES:
                self._add_credentials(operation.id, schema, arguments.body)
            arguments.given[self._names[operation.id]["body"]] = arguments.body

    def _add_credentials(self, operation_id: str, schema: Any, body: dict[str, Any]) -> None:
        """Those of the first kind that the control plane knows."""
        kinds = TOKEN_BODIES[operation_id]
        body.update(
            next(each for each in kinds if self._schemas.is_valid(schema, {**body, **each}))
        )

    def _value(self, parameter: Parameter, text: str) -> Any:
        schema = self._schemas.resolved(parameter.schema)
        if schema.get("type") == "array":
            return [self._text_or_sample(schema["items"], parameter.name, text)]
        return self._text_or_sample(schema, parameter.name, text)

    def _text_or_sample(self, schema: Any, name: str, text: str) -> Any:
        schema = self._schemas.resolved(schema)
        if schema.get("type") == "string" and self._schemas.is_valid(schema, text):
            return text
        return self._samples.of(schema, name)


def client_names(document: Any) -> dict[str, dict[str, str]]:
    """For each operation, the client's parameter names by the wire's; the body's under `body`."""
    names = {}
    for item in document["paths"].values():
        for operation in item.values():
            found = {each["name"]: each["x-name"] for each in operation.get("parameters", [])}
            if "requestBody" in operation:
                found["body"] = operation["requestBody"]["x-name"]
            names[operation["operationId"]] = found
    return names


def json_bytes(value: Any) -> bytes:
    """A body as it is sent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
