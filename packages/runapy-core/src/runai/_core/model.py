"""The base of every generated model: pydantic, with the control plane's names."""

from __future__ import annotations

import pprint
from functools import lru_cache
from typing import (
    Any,
    ClassVar,
    Dict,
    FrozenSet,
    Generic,
    Iterator,
    Optional,
    Set,
    Tuple,
    Type,
    TypeVar,
    Union,
    cast,
)

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, RootModel, model_validator
from pydantic_core import core_schema
from typing_extensions import Annotated, get_args

from runai._core.reading import reader
from runai._core.refusal import may_be_secret


class _OneKind:
    """Has errors speak of a number, not of an integer and then of a number."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        schema = handler(source)
        union: Any = schema
        # Some versions of pydantic have put a field's limits around it by now.
        while union["type"] != "union":
            union = union["schema"]
        union["custom_error_type"] = "float_type"
        return schema


Number = Annotated[Union[int, float], _OneKind()]
"""A JSON number: a whole one stays an int, so that it is sent as it was given."""

JsonType = TypeVar("JsonType", bound="JsonConversions")


def wire_name(field: str) -> str:
    """The control plane's name of a field that names no other: `cluster_id` is `clusterId`."""
    first, *others = field.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in others)


class JsonConversions(BaseModel):
    """The ways from and to JSON that scripts use."""

    # pydantic's message would show all values; a refusal shows those that are no secret.
    model_config = ConfigDict(hide_input_in_errors=True)

    @classmethod
    def from_dict(cls: Type[JsonType], obj: Dict[str, Any]) -> JsonType:
        """The model of a decoded JSON object, read as an answer; None of None.

        Raises:
            pydantic.ValidationError: the object does not fit.
        """
        # Scripts pass what may be None; with that in the signature, a decoded dict, which is Any to
        # type checkers, would give Any.
        given: Any = obj
        return cast("JsonType", None if given is None else reader(cls).of_python(given))

    @classmethod
    def from_json(cls: Type[JsonType], json_str: Union[str, bytes]) -> JsonType:
        """The model of a JSON text, read as an answer.

        Raises:
            pydantic.ValidationError: the text is no JSON, or does not fit.
        """
        found: JsonType = reader(cls).of_json(json_str)
        return found

    def __repr_args__(self) -> Iterator[Tuple[Optional[str], Any]]:
        for name, value in super().__repr_args__():
            is_secret = isinstance(value, str) and may_be_secret(name or "")
            yield name, "***" if is_secret else value

    def to_dict(self) -> Dict[str, Any]:
        """What was set, by the control plane's names; values as they are in Python."""
        # An answer may hold what its types do not say; pydantic would warn of it.
        return self.model_dump(by_alias=True, exclude_unset=True, warnings=False)

    def to_json(self) -> str:
        """What was set, as JSON with the control plane's names."""
        return self.model_dump_json(by_alias=True, exclude_unset=True, warnings=False)

    def quick_json(self) -> Optional[bytes]:
        """What is sent, as pydantic writes it; None where it may have to leave out a None."""
        written = self.to_json()
        return None if "null" in written else written.encode()

    def to_str(self) -> str:
        """What was set, for a person to read."""
        return pprint.pformat(self.to_dict())


class Model(JsonConversions):
    """A JSON object of the control plane's API.

    Fields may be given by their Python name or by the control plane's. Unknown fields of an answer
    are kept in `model_extra`, and unknown members of enums as strings; in a request both are
    refused. A field that was not set is not sent; None is sent as null where the control plane
    takes null, and is otherwise a field not set.
    """

    model_config = ConfigDict(
        alias_generator=wire_name,
        allow_inf_nan=False,
        extra="allow",
        populate_by_name=True,
        protected_namespaces=(),
    )

    __nullable__: ClassVar[FrozenSet[str]] = frozenset()
    """Fields that may be sent as null."""

    __read_only__: ClassVar[FrozenSet[str]] = frozenset()
    """Fields that only the control plane sets."""

    __open__: ClassVar[bool] = False
    """Whether a request may have fields that the model does not know."""

    def sendable(self) -> Dict[str, Any]:
        """What this level sends: what was set, without None where null is not allowed."""
        names = wire_names(type(self))
        values = {
            names[name]: value
            for name, value in self.__dict__.items()
            if name in self.model_fields_set and (value is not None or name in self.__nullable__)
        }
        return {**values, **(self.model_extra or {})}


AlternativesType = TypeVar("AlternativesType")


class _Closest:
    """Chooses the alternative that knows most of an object's fields, the first of equals.

    Every alternative may have nothing but optional fields, so that each would take any object.
    """

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        models: Dict[str, Type[Model]] = {model.__name__: model for model in get_args(source)}
        if not models:
            return handler(source)

        def closest(value: Any) -> str:
            if not isinstance(value, dict):
                return type(value).__name__
            known = {name: len(_known_names(model) & set(value)) for name, model in models.items()}
            return max(known, key=known.__getitem__)

        choices = {name: handler.generate_schema(model) for name, model in models.items()}
        return core_schema.tagged_union_schema(
            choices,
            closest,
            custom_error_type="alternatives",
            custom_error_message=f"Input should be an object: one of {', '.join(models)}",
        )


class Alternatives(JsonConversions, RootModel[AlternativesType], Generic[AlternativesType]):
    """One of several models; `actual_instance` is the one it is."""

    root: Annotated[AlternativesType, _Closest()]

    @model_validator(mode="before")
    @classmethod
    def _unwrapped(cls, value: Any) -> Any:
        # Scripts write `Model(actual_instance=...)`.
        is_wrapped = isinstance(value, dict) and set(value) == {"actual_instance"}
        return value["actual_instance"] if is_wrapped else value

    @property
    def actual_instance(self) -> AlternativesType:
        """The model that was given or read."""
        return self.root

    def sendable(self) -> AlternativesType:
        """What is sent: the model that was given."""
        return self.root


@lru_cache(maxsize=None)
def wire_names(model: Type[Model]) -> Dict[str, str]:
    """The control plane's names of a model's fields, by the fields' own."""
    return {
        name: field.serialization_alias or field.alias or name
        for name, field in model.model_fields.items()
    }


def _known_names(model: Type[Model]) -> Set[str]:
    names = wire_names(model)
    return {*names, *names.values()}
