"""Whether JSON may be sent as a model: one look by pydantic-core, at the cost of reading it once.

The schema is made of the models' own when it is first needed, and is stricter than they are: names
as the control plane has them, no unknown and no read-only fields, null only where the control plane
takes it, times with their offset. It says yes or no; what is wrong, `refuse_unsendable` finds out.
"""

from __future__ import annotations

from typing import Any, Callable, Dict

from pydantic import RootModel, TypeAdapter, ValidationError
from pydantic_core import SchemaValidator, core_schema

from runai._core.parameters import RFC3339

_INNER = ("schema", "items_schema", "values_schema")
_RFC3339_TIME = core_schema.chain_schema(
    [core_schema.str_schema(pattern=RFC3339), core_schema.datetime_schema(strict=False)]
)
_CONFIGURATION = core_schema.CoreConfig(extra_fields_behavior="forbid", allow_inf_nan=False)


class SendableJson:
    """Knows the JSON that may be sent as one type.

    Arguments:
        kind: a model, or a type that is made of such.
    """

    def __init__(self, kind: Any) -> None:
        schema = _strict(TypeAdapter(kind).core_schema)
        self._validator = SchemaValidator(schema, _CONFIGURATION)

    def includes(self, content: bytes) -> bool:
        """Whether this JSON may be sent."""
        try:
            self._validator.validate_json(content, strict=True)
        except ValidationError:
            return False
        return True


def _strict(schema: Any) -> Any:
    changed = dict(schema)
    for key in _INNER:
        if key in changed:
            changed[key] = _strict(changed[key])
    change = _CHANGES.get(schema["type"])
    result = change(changed) if change else changed
    # A definition is found by its `ref`, wherever what it was is now.
    return {**result, "ref": schema["ref"]} if "ref" in schema else result


def _fields_of(schema: Any) -> Any:
    """The fields of a model, in place of the model: nobody needs an instance."""
    model, inner = schema["cls"], schema["schema"]
    if issubclass(model, RootModel):
        return inner
    fields = {
        name: field
        if name in model.__nullable__
        else {**field, "schema": _not_null(field["schema"])}
        for name, field in inner["fields"].items()
        if name not in model.__read_only__
    }
    extra = "allow" if model.__open__ else "forbid"
    return {**inner, "fields": fields, "extra_behavior": extra}


def _not_null(schema: Any) -> Any:
    if schema["type"] == "default":
        return {**schema, "schema": _not_null(schema["schema"])}
    return schema["schema"] if schema["type"] == "nullable" else schema


def _of_fields(schema: Any) -> Any:
    fields = {
        name: {**field, "schema": _strict(field["schema"])}
        for name, field in schema["fields"].items()
    }
    return {**schema, "fields": fields}


def _of_choices(schema: Any) -> Any:
    choices = schema["choices"]
    if isinstance(choices, dict):
        return {**schema, "choices": {tag: _strict(each) for tag, each in choices.items()}}
    return {**schema, "choices": [_strict(each) for each in choices]}


def _of_definitions(schema: Any) -> Any:
    return {**schema, "definitions": [_strict(each) for each in schema["definitions"]]}


_CHANGES: Dict[str, Callable[[Any], Any]] = {
    "datetime": lambda _: _RFC3339_TIME,
    "definitions": _of_definitions,
    # What unwraps alternatives for callers would let the wrapping through.
    "function-before": lambda schema: schema["schema"],
    "model": _fields_of,
    "model-fields": _of_fields,
    "tagged-union": _of_choices,
    "union": _of_choices,
}
