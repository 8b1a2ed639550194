"""Whether JSON may be sent as a model: one look by pydantic-core, at the cost of reading it once.

The schema is made of the models' own when it is first needed, and is stricter than they are: names
as the control plane has them, no unknown and no read-only fields, null only where the control plane
takes it, times with their offset. It says yes or no; what is wrong, `refuse_unsendable` finds out.
"""

from __future__ import annotations

from typing import Any, Dict

from pydantic import RootModel, TypeAdapter, ValidationError
from pydantic_core import SchemaValidator, core_schema

from runai._core.parameters import RFC3339
from runai._core.schemas import Change, changed_schema

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
        schema = changed_schema(TypeAdapter(kind).core_schema, _CHANGES)
        self._validator = SchemaValidator(schema, _CONFIGURATION)

    def includes(self, content: bytes) -> bool:
        """Whether this JSON may be sent."""
        try:
            self._validator.validate_json(content, strict=True)
        except ValidationError:
            return False
        return True


def _fields_of(schema: Any, _: Any) -> Any:
    """The fields of a model, in place of the model: nobody needs an instance."""
    model, inner = schema["cls"], schema["schema"]
    if issubclass(model, RootModel):
        return inner
    fields = {
        # By the control plane's name: pydantic-core 2.50.0 lets a field's own name pass as well.
        field.get("validation_alias", name): core_schema.model_field(
            field["schema"] if name in model.__nullable__ else _not_null(field["schema"])
        )
        for name, field in inner["fields"].items()
        if name not in model.__read_only__
    }
    extra = "allow" if model.__open__ else "forbid"
    return {**inner, "fields": fields, "extra_behavior": extra}


def _not_null(schema: Any) -> Any:
    if schema["type"] == "default":
        return {**schema, "schema": _not_null(schema["schema"])}
    return schema["schema"] if schema["type"] == "nullable" else schema


_CHANGES: Dict[str, Change] = {
    "datetime": lambda schema, original: _RFC3339_TIME,
    # What unwraps alternatives for callers would let the wrapping through.
    "function-before": lambda schema, original: schema["schema"],
    "model": _fields_of,
}
