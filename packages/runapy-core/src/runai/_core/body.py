"""Request bodies: from a model, a dict or form fields to the bytes that are sent."""

from __future__ import annotations

import json
from collections.abc import Mapping as MappingABC
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Callable, Mapping, Optional, Tuple, Union
from uuid import UUID

from runai._core.parameters import Parameter, query_string, rfc3339
from runai._core.refusal import refusal
from runai.exceptions import ApiValueError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from runai._core.sending import SendableJson


class JsonBody:
    """A JSON body.

    A model sends what its caller set; a dict or list is sent as its caller wrote it. Both are
    checked as the bytes that will be sent.

    Arguments:
        name: the method's parameter.
        model: gives the body's type.
        required: whether the request needs it.
    """

    media_type = "application/json"

    def __init__(self, name: str, model: Callable[[], Any], *, required: bool = False) -> None:
        self.name = name
        self.required = required
        self._model = model

    def encoded(self, operation: str, arguments: Mapping[str, Any]) -> Optional[bytes]:
        """The body's bytes; None when it was not given.

        Raises:
            ApiValueError: the document does not allow the value.
        """
        value = arguments.get(self.name)
        if value is None:
            if self.required:
                raise ApiValueError(f"{operation}: {self.name} is required, and None was given")
            return None
        content = self._quickly(value)
        if content is not None:
            return content
        try:
            content = json_bytes(value)
        except (TypeError, ValueError, RecursionError) as error:
            raise ApiValueError(
                f"{operation}: {self.name} cannot be sent as JSON: {error}"
            ) from None
        self._check(operation, content)
        return content

    def _quickly(self, value: Any) -> Optional[bytes]:
        """The body's bytes as they nearly always are; None where it takes a closer look."""
        try:
            content: Optional[bytes]
            content = value.quick_json() if hasattr(value, "quick_json") else json_bytes(value)
        except (TypeError, ValueError, RecursionError):
            return None
        return content if content and self._sendable.includes(content) else None

    def _check(self, operation: str, content: bytes) -> None:
        from pydantic import ValidationError

        from runai._core.unsendable import refuse_unsendable

        try:
            checked = self._adapter.validate_json(content, strict=True)
        except ValidationError as error:
            raise refusal(operation, error, self.name) from None
        refuse_unsendable(operation, checked, json.loads(content), (self.name,))

    @cached_property
    def _sendable(self) -> SendableJson:
        from runai._core.sending import SendableJson

        return SendableJson(self._model())

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        from pydantic import TypeAdapter

        return TypeAdapter(self._model())


class FormBody:
    """A form (`application/x-www-form-urlencoded`), whose fields are the method's parameters."""

    media_type = "application/x-www-form-urlencoded"

    def __init__(self, *fields: Parameter) -> None:
        self.fields: Tuple[Parameter, ...] = fields

    def encoded(self, operation: str, arguments: Mapping[str, Any]) -> bytes:
        """The fields that were given, already checked, in the document's order."""
        given = [
            (each, arguments[each.name])
            for each in self.fields
            if arguments.get(each.name) is not None
        ]
        return query_string(given).encode("ascii")


Body = Union[JsonBody, FormBody]


def json_bytes(value: Any) -> bytes:
    """A value as JSON: compact, UTF-8, models and other rich values as what they stand for.

    Raises:
        TypeError, ValueError: a part of it has no JSON form.
    """
    # The standard library writes what it is given: no key is dropped, no number changed.
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
    ).encode()


def _plain(value: Any) -> Any:
    """What the JSON encoder does not know, as what it stands for."""
    if hasattr(value, "sendable"):
        return value.sendable()
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, MappingABC):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
