"""What type checkers are told of requests: dicts as they may be written, and enums' strings.

Each schema that a request can hold has a type here: an object a `TypedDict` named `<Schema>Dict`,
with the control plane's own names, an enum its strings as `<Schema>Value`. They are in a module of
their own, which nothing imports at run time.
"""

from __future__ import annotations

import keyword
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from runapy_tools.generator.api import Api
from runapy_tools.generator.python_types import (
    PythonType,
    is_nullable,
    plain_kind,
    python_type,
    quoted,
    without_null,
)
from runapy_tools.imported import COMMON
from runapy_tools.openapi import Schema, reachable, reference_name, referenced

_TYPING = ("TYPE_CHECKING", "Any", "Dict", "List", "Literal", "Optional", "Sequence", "Union")


@dataclass
class RequestTypes:
    """One module: its imports and its types."""

    types: list[dict[str, Any]]
    typing: list[str]
    extensions: list[str]
    datetimes: list[str]
    shared: list[str]
    """Types that come from the module of `runapy-common`."""
    uses_models: bool


class Requests:
    """Which schemas requests can hold, and how they are written.

    Arguments:
        api: the control plane's API.
    """

    def __init__(self, api: Api) -> None:
        self._api = api

    def module(self, place: str) -> RequestTypes:
        """Describe the module of one place: a category's package, or `common`."""
        uses = _Uses(set(self._names_of(place)), shared=self._shared_with_operations(place))
        types = [self._type(name, uses) for name in self._names_of(place)]
        return RequestTypes(
            types=types,
            typing=[name for name in _TYPING if name in uses.typing],
            extensions=[
                name for name in ("Required", "TypeAlias", "TypedDict") if name in uses.typing
            ],
            datetimes=sorted(uses.typing & {"date", "datetime"}),
            shared=sorted(uses.shared),
            uses_models="TYPE_CHECKING" in uses.typing,
        )

    def name(self, schema_name: str) -> str:
        """The name of a schema's type."""
        return f"{schema_name}{'Value' if 'enum' in self._api.schemas[schema_name] else 'Dict'}"

    def written(self, schema: Schema, prefix: str = "") -> PythonType:
        """What a request may hold where it has this schema: models, enums, or what stands for them.

        Arguments:
            schema: of a parameter, a body or a part of one.
            prefix: stands before the names of these types.
        """
        schema = without_null(schema)
        name = reference_name(schema)
        if name:
            return PythonType(
                f"Union[models.{name}, {prefix}{self.name(name)}]",
                {name},
                {"Union", "TYPE_CHECKING"},
            )
        if "anyOf" in schema or "oneOf" in schema:
            members = [
                self.written(each, prefix) for each in schema.get("anyOf") or schema["oneOf"]
            ]
            return PythonType(
                f"Union[{', '.join(each.text for each in members)}]",
                set().union(*(each.models for each in members)),
                {"Union"}.union(*(each.typing for each in members)),
            )
        kind = python_type(schema)
        if kind.text in ("datetime", "date"):
            return PythonType(f"Union[{kind.text}, str]", typing={kind.text, "Union"})
        if kind.text == "Number":
            return PythonType("float")
        if "enum" not in schema and plain_kind(schema) == "array":
            inner = self._element(schema["items"], prefix)
            # A list of nothing but models is a sequence of what may be models, and no such list;
            # a string is a sequence of strings, and would not be noticed.
            return inner.within("List" if inner.text == "str" else "Sequence")
        values = schema.get("additionalProperties")
        if plain_kind(schema) == "object" and isinstance(values, dict) and values:
            inner = self._element(values, prefix)
            return PythonType(f"Dict[str, {inner.text}]", inner.models, inner.typing | {"Dict"})
        return kind

    def _element(self, schema: Schema, prefix: str) -> PythonType:
        inner = self.written(schema, prefix)
        return inner.within("Optional") if is_nullable(schema) and inner.text != "Any" else inner

    def _type(self, name: str, uses: _Uses) -> dict[str, Any]:
        schema = self._api.schemas[name]
        described = {"name": self.name(name), "of": name}
        if "enum" in schema:
            values = [quoted(value) for value in schema["enum"] if value is not None]
            uses.typing.add("Literal")
            return {**described, "kind": "alias", "type": f"Literal[{', '.join(values)}]"}
        if "anyOf" in schema or "oneOf" in schema:
            uses.typing.add("TypeAlias")
            return {**described, "kind": "quoted", "type": uses.text(self, self.written(schema))}
        if schema.get("additionalProperties") or not schema.get("properties"):
            uses.typing |= {"Dict", "Any"}
            return {**described, "kind": "alias", "type": "Dict[str, Any]"}
        uses.typing.add("TypedDict")
        keys = [
            (wire, self._key_type(each, wire in schema.get("required", []), uses))
            for wire, each in schema["properties"].items()
            if not each.get("readOnly")
        ]
        is_class = all(wire.isidentifier() and not keyword.iskeyword(wire) for wire, _ in keys)
        return {**described, "kind": "class" if is_class else "call", "keys": keys}

    def _key_type(self, schema: Schema, required: bool, uses: _Uses) -> str:
        kind = self.written(schema)
        text = uses.text(self, kind)
        if is_nullable(schema) and text != "Any":
            uses.typing.add("Optional")
            text = f"Optional[{text}]"
        if required:
            uses.typing.add("Required")
            text = f"Required[{text}]"
        return text

    def _names_of(self, place: str) -> list[str]:
        return sorted(name for name in self._sent if self._api.places[name] == place)

    def _shared_with_operations(self, place: str) -> set[str]:
        """The types of `runapy-common` that a category's own operations name."""
        facts = [
            _sent_parts(operation.facts)
            for category in self._api.categories
            if category.package == place
            for group in category.groups
            for operation in group.operations
        ]
        return {self.name(name) for name in referenced(facts) if self._api.places[name] == COMMON}

    @cached_property
    def _sent(self) -> set[str]:
        """Names of the schemas that requests can hold."""
        parts = [_sent_parts(operation.facts) for operation in self._api.operations()]
        return reachable(self._api.schemas, parts)


@dataclass
class _Uses:
    own: set[str]
    typing: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)

    def text(self, requests: Requests, kind: PythonType) -> str:
        self.typing |= kind.typing
        self.shared |= {requests.name(each) for each in kind.models - self.own}
        return kind.text


def _sent_parts(facts: dict[str, Any]) -> list[Any]:
    return [facts.get("requestBody"), [each["schema"] for each in facts.get("parameters", [])]]
