"""What the templates need to write a module of models."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from runai._core.model import wire_name
from runapy_tools.generator.api import Api
from runapy_tools.generator.docstrings import deprecation
from runapy_tools.generator.layout import Layout
from runapy_tools.generator.python_types import (
    field_limits,
    is_nullable,
    python_type,
    quoted,
    without_null,
)
from runapy_tools.naming import python_name
from runapy_tools.openapi import Schema, reference_name

_TYPING = ("Any", "ClassVar", "Dict", "FrozenSet", "List", "Literal", "Optional", "Union")


@dataclass
class ModelModule:
    """One module: its imports and its classes in order."""

    classes: list[dict[str, Any]]
    typing: list[str]
    extensions: list[str]
    datetimes: list[str]
    pydantic: list[str]
    core: list[str]
    models: dict[str, list[str]]
    """For each other module, the classes that this one uses."""


@dataclass
class _Uses:
    names: set[str] = field(default_factory=set)
    models: set[str] = field(default_factory=set)


def model_module(api: Api, layout: Layout, names: list[str]) -> ModelModule:
    """Describe the module that holds the given schemas, which are in order of definition."""
    uses = _Uses()
    pending = set(names)
    classes = []
    for name in names:
        classes.append(_class(api, name, pending, uses))
        pending.remove(name)
    foreign: dict[str, list[str]] = {}
    for name in sorted(uses.models - set(names)):
        foreign.setdefault(layout.import_path(name), []).append(name)
    return ModelModule(
        classes=classes,
        typing=[name for name in _TYPING if name in uses.names],
        # typing.Annotated is newer than Python 3.8.
        extensions=["Annotated"] if "Annotated" in uses.names else [],
        datetimes=sorted(uses.names & {"date", "datetime"}),
        pydantic=["Field"] if "Field" in uses.names else [],
        core=sorted(uses.names & {"Alternatives", "Model", "Number"}),
        models=dict(sorted(foreign.items())),
    )


def _class(api: Api, name: str, pending: set[str], uses: _Uses) -> dict[str, Any]:
    schema = api.schemas[name]
    described = {"name": name, "doc": _doc(api, name)}
    if "enum" in schema:
        values = [value for value in schema["enum"] if value is not None]
        members = zip(schema["x-enum-varnames"], values, strict=True)
        return {**described, "kind": "enum", "members": [(m, quoted(v)) for m, v in members]}
    if "anyOf" in schema or "oneOf" in schema:
        uses.names.add("Alternatives")
        alternatives = python_type(schema)
        uses.names |= alternatives.typing
        uses.models |= alternatives.models
        return {**described, "kind": "alternatives", "type": alternatives.text}
    uses.names.add("Model")
    properties = schema.get("properties", {})
    required = set(schema.get("required", []))
    fields = [
        _field(api, wire, property_schema, wire in required, pending, uses)
        for wire, property_schema in properties.items()
    ]
    nullable = [python_field(wire, each) for wire, each in properties.items() if is_nullable(each)]
    read_only = [
        python_field(wire, each) for wire, each in properties.items() if each.get("readOnly")
    ]
    is_open = bool(schema.get("additionalProperties"))
    uses.names |= {"ClassVar"} if nullable or read_only or is_open else set()
    uses.names |= {"FrozenSet"} if nullable or read_only else set()
    # Fields that must be given stand first, as in a signature.
    fields.sort(key=lambda each: not each["required"])
    return {
        **described,
        "kind": "model",
        "fields": fields,
        "nullable": nullable,
        "read_only": read_only,
        "open": is_open,
    }


def python_field(wire: str, schema: Schema) -> str:
    """The name of a property's field."""
    return str(schema.get("x-name", python_name(wire)))


def _field(
    api: Api,
    wire: str,
    schema: Schema,
    required: bool,
    pending: set[str],
    uses: _Uses,
) -> dict[str, Any]:
    name = python_field(wire, schema)
    kind = python_type(schema)
    uses.models |= kind.models
    uses.names |= kind.typing
    text = kind.text
    if kind.models & pending:
        text = f'"{text}"'
    # What only one side of the exchange has to give cannot be demanded of the other.
    required = required and not schema.get("readOnly") and not schema.get("writeOnly")
    if not required or is_nullable(schema):
        text = f"Optional[{text}]" if text != "Any" else text
        uses.names |= {"Optional"} if text != "Any" else set()
    default = None if required else _default(api, schema)
    arguments = _field_arguments(name, wire, schema)
    if arguments:
        uses.names.add("Field")
        # By keyword: type checkers know no other way to say that a field need not be given.
        start = [] if default is None else [f"default={default}"]
        text = f"{text} = Field({', '.join([*start, *arguments])})"
    elif default is not None:
        text = f"{text} = {default}"
    return {"name": name, "text": text, "required": required}


def _field_arguments(name: str, wire: str, schema: Schema) -> list[str]:
    arguments = []
    if wire_name(name) != wire:
        if wire == name:
            arguments.append(f"alias={quoted(wire)}")
        else:
            # As `alias` it would be the one argument that type checkers take.
            arguments.append(f"validation_alias={quoted(wire)}")
            arguments.append(f"serialization_alias={quoted(wire)}")
    limits = field_limits(without_null(schema))
    if limits:
        arguments.append(limits)
    if schema.get("deprecated"):
        arguments.append("deprecated=True")
    return arguments


def _default(api: Api, schema: Schema) -> str:
    name = reference_name(without_null(schema))
    target = api.schemas[name] if name else {}
    value = schema.get("default", target.get("default"))
    if value is None:
        return "None"
    if name and "enum" in target:
        values = [each for each in target["enum"] if each is not None]
        return f"{name}.{target['x-enum-varnames'][values.index(value)]}"
    return quoted(value)


def _doc(api: Api, name: str) -> str:
    """What a model is for, from the operations that send and return it."""
    parts = []
    if name in api.senders:
        parts.append(f"Sent by {_listed(api.senders[name])}.")
    if name in api.takers:
        parts.append(f"A parameter of {_listed(api.takers[name])}.")
    if name in api.returners:
        parts.append(f"Returned by {_listed(api.returners[name])}.")
    if name in api.failures:
        parts.append(f"Returned by {_listed(api.failures[name])} on failure.")
    if not parts:
        owners = api.owners.get(name)
        parts.append(f"Part of {_listed(owners)}." if owners else "Used by no operation.")
    return " ".join([*parts, *_since(api, name)])


def _since(api: Api, name: str) -> list[str]:
    """Which control planes a model and its later fields came with, and which deprecated them."""
    history = api.history
    own = history.models[name]
    newer = history.newer(own)
    later: dict[str, list[str]] = defaultdict(list)
    deprecated: dict[str, list[str]] = defaultdict(list)
    for wire, schema in api.schemas[name].get("properties", {}).items():
        called, since = f"`{python_field(wire, schema)}`", history.fields[name, wire]
        if history.newer(since) not in ("", newer):
            later[history.newer(since)].append(called)
        if since.deprecated:
            deprecated[history.newly_deprecated(since)].append(called)
    return [
        *([f"Since control plane {newer}."] if newer else []),
        *([deprecation(api, own)] if own.deprecated else []),
        *(f"Since {since}: {', '.join(later[since])}." for since in sorted(later)),
        *(
            f"Deprecated{f' since {since}' if since else ''}: {', '.join(deprecated[since])}."
            for since in sorted(deprecated)
        ),
    ]


def _listed(names: list[str]) -> str:
    shown = [f"`{name}`" for name in names[:3]]
    if len(names) > len(shown):
        return f"{', '.join(shown)} and {len(names) - len(shown)} more"
    return " and ".join(shown) if len(shown) < 3 else f"{shown[0]}, {shown[1]} and {shown[2]}"
