"""From an answer's bytes to the model of its operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping

from pydantic import ValidationError

from runai._core.collector import without_collecting
from runai._core.errors import request_id
from runai._core.reading import reader
from runai._core.refusal import location
from runai.exceptions import ResponseValidationError

if TYPE_CHECKING:
    from runai.api_response import ApiResponse


def validated(
    response: ApiResponse[Any], operation: str, model: Any, request: Mapping[str, Any]
) -> Any:
    """The body as the given type.

    Arguments:
        response: whose body is JSON.
        operation: its operation's name, for the error.
        model: a pydantic model, or any type that is made of such.
        request: attributes of the error that say what was sent.

    Raises:
        ResponseDecodeError: the body is no JSON.
        ResponseValidationError: the body does not fit.
    """
    try:
        return without_collecting(reader(model).of_json, response.raw)
    except ValidationError as error:
        # Raises where it is no JSON at all.
        _ = response.data
        problems = error.errors(include_url=False, include_context=False)
        # Not chained: pydantic's own message shows values, and an answer can hold secrets.
        raise ResponseValidationError(
            response.status_code,
            body=response.text,
            headers=response.headers,
            request_id=request_id(response.headers),
            **request,
            response=response,
            operation=operation,
            place=problems[0]["loc"],
            value=problems[0]["input"],
            errors=[{"place": location(each["loc"]), "message": each["msg"]} for each in problems],
        ) from None
