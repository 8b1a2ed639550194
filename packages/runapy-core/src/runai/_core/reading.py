"""Reading JSON of control planes that are older or newer than the models.

What fits the models is read as pydantic reads it. What does not is read once more, by a schema that
is made of the models' own when it is first needed and lets through what still makes sense: members
that an enum does not know as strings, absent and null values as None, numbers for text and text for
numbers, and values beyond the limits of a request.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any, Callable, Dict, List, Optional, Tuple, Type, Union

from pydantic import BaseModel, RootModel, TypeAdapter, ValidationError
from pydantic_core import SchemaValidator, core_schema

from runai._core.schemas import Change, changed_schema

_LIMITS = frozenset(
    {"ge", "gt", "le", "lt", "max_length", "min_length", "multiple_of", "pattern", "strict"}
)


@lru_cache(maxsize=None)
def reader(kind: Any) -> Reader:
    """The reader of a type: a model, or what is made of such."""
    return Reader(kind)


class Reader:
    """Reads values of one type.

    Arguments:
        kind: a model, or a type that is made of such.
    """

    def __init__(self, kind: Any) -> None:
        self._adapter: TypeAdapter[Any] = TypeAdapter(kind)
        self._validator: Optional[SchemaValidator] = None

    def of_json(self, content: Union[str, bytes]) -> Any:
        """The value that a JSON text is.

        Raises:
            pydantic.ValidationError: it does not fit at all; says where.
        """
        return self._read(lambda validator: validator.validate_json(content))

    def of_python(self, value: Any) -> Any:
        """The value that decoded JSON is.

        Raises:
            pydantic.ValidationError: it does not fit at all; says where.
        """
        return self._read(lambda validator: validator.validate_python(value))

    def _read(self, read: Callable[[Any], Any]) -> Any:
        try:
            return read(self._adapter)
        except ValidationError:
            return read(self._tolerant())

    def _tolerant(self) -> SchemaValidator:
        if self._validator is None:
            schema, config = _tolerant_schema(self._adapter.core_schema)
            self._validator = SchemaValidator(schema, config)
        return self._validator


def _tolerant_schema(schema: Any) -> Tuple[Any, Any]:
    """A schema that lets more through, and the configuration of the models in it."""
    configurations: List[Any] = []

    def of_fields(schema: Any, original: Any) -> Any:
        fields = {
            name: {**field, "schema": optional(field["schema"], original["fields"][name]["schema"])}
            for name, field in schema["fields"].items()
        }
        return {**schema, "fields": fields}

    def optional(schema: Any, original: Any) -> Any:
        if schema["type"] == "default":
            return {**schema, "schema": nullable(schema["schema"])}
        # Alternatives take null themselves: before 2.12, pydantic could write no other.
        value = schema if _is_root_model(original) else nullable(schema)
        return core_schema.with_default_schema(value, default=None)

    def instance(schema: Any, original: Any) -> Any:
        # As a schema of its own kind it would be replaced by the validator that its class has.
        if "config" in schema:
            configurations.append(schema["config"])
        make = _instance_of(schema["cls"])
        inner = nullable(schema["schema"]) if _is_root_model(original) else schema["schema"]
        return core_schema.no_info_after_validator_function(make, inner)

    nullable = core_schema.nullable_schema
    changes: Dict[str, Change] = {
        "dict": lambda schema, _: {**schema, "values_schema": nullable(schema["values_schema"])},
        "enum": lambda schema, _: _or_text(schema, [each.value for each in schema["members"]]),
        "function-after": lambda schema, _: schema["schema"] if _is_limit(schema) else schema,
        "int": lambda schema, _: _or(schema, core_schema.float_schema(), "int_type"),
        "list": lambda schema, _: {**schema, "items_schema": nullable(schema["items_schema"])},
        "literal": lambda schema, _: _or_text(schema, schema["expected"]),
        "model": instance,
        "model-fields": of_fields,
        "str": lambda schema, _: {**schema, "coerce_numbers_to_str": True},
    }
    made = changed_schema(schema, changes, without=_LIMITS)
    return made, configurations[0] if configurations else None


def _is_limit(schema: Any) -> bool:
    """Whether a function is pydantic's own, for a limit that a union cannot have in its schema."""
    function = schema["function"]["function"]
    # pydantic 2.9 calls each of them so.
    names = _LIMITS | {"constraint_value"}
    return isinstance(function, partial) and not names.isdisjoint(function.keywords)


def _is_root_model(schema: Any) -> bool:
    while schema["type"].startswith("function-"):
        schema = schema["schema"]
    return schema["type"] == "model" and issubclass(schema["cls"], RootModel)


def _instance_of(model: Type[BaseModel]) -> Callable[[Any], BaseModel]:
    """What makes an instance of what the schema of its fields gives."""
    if issubclass(model, RootModel):
        return lambda root: _instance(model, {"root": root}, None, {"root"})
    return lambda found: _instance(model, *found)


def _instance(model: Type[BaseModel], values: Any, extra: Any, fields_set: Any) -> BaseModel:
    made = model.__new__(model)
    object.__setattr__(made, "__dict__", values)
    object.__setattr__(made, "__pydantic_extra__", extra)
    object.__setattr__(made, "__pydantic_fields_set__", fields_set)
    object.__setattr__(made, "__pydantic_private__", None)
    return made


def _or_text(schema: Any, members: List[Any]) -> Any:
    *others, last = map(repr, members)
    expected = f"{', '.join(others)} or {last}" if others else last
    return _or(schema, core_schema.str_schema(), "enum", {"expected": expected})


def _or(schema: Any, other: Any, error: Any, context: Optional[Dict[str, Any]] = None) -> Any:
    return core_schema.union_schema(
        [schema, other],
        mode="left_to_right",
        custom_error_type=error,
        custom_error_context=context,
    )
