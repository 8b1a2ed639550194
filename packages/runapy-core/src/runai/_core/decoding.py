"""From an answer's bytes to plain Python values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Mapping, Sequence

from pydantic_core import from_json

from runai._core.collector import without_collecting
from runai._core.errors import request_id
from runai._core.media_type import essence, is_json, is_page_instead
from runai.exceptions import ResponseDecodeError

if TYPE_CHECKING:
    from runai.api_response import ApiResponse


def decoded(response: ApiResponse[Any], promised: Sequence[str], request: Mapping[str, Any]) -> Any:
    """The body by its media type.

    Arguments:
        response: whose body is wanted.
        promised: the media types that the operation may answer with; empty when not known.
        request: attributes of an error that say what was sent.

    Raises:
        ResponseDecodeError: broken JSON, or something else where JSON or a file was promised.
    """
    if not response.raw:
        return None
    actual = essence(response.headers.get("Content-Type"))
    if carries_json(actual, promised):
        return _json(response, request)
    if is_page_instead(actual, promised):
        raise _not_as_promised(response, f"HTML came instead of {' or '.join(promised)}", request)
    if not actual:
        return _json_or_text(response)
    return response.text if actual.startswith("text/") else response.raw


def carries_json(actual: str, promised: Sequence[str]) -> bool:
    """Whether a body is to be read as JSON.

    That is what is labelled so, and what should be so: some servers label JSON wrongly, and what
    then does not parse is an error page.
    """
    return is_json(actual) or (actual not in promised and any(map(is_json, promised)))


def _json(response: ApiResponse[Any], request: Mapping[str, Any]) -> Any:
    try:
        return _loads(response.raw)
    except ValueError as error:
        actual = response.headers.get("Content-Type") or "an answer without Content-Type"
        raise _not_as_promised(response, f"{actual} is not valid JSON ({error})", request) from None


def _loads(raw: bytes) -> Any:
    try:
        return without_collecting(from_json, raw)
    except ValueError:
        # The standard library reads more: other encodings, deeper nesting, halves of surrogates.
        return json.loads(raw)


def _json_or_text(response: ApiResponse[Any]) -> Any:
    try:
        return _loads(response.raw)
    except ValueError:
        pass
    try:
        return response.raw.decode("utf-8")
    except UnicodeDecodeError:
        return response.raw


def _not_as_promised(
    response: ApiResponse[Any], reason: str, request: Mapping[str, Any]
) -> ResponseDecodeError:
    headers = response.headers
    return ResponseDecodeError(
        response.status_code,
        reason,
        body=response.text,
        headers=headers,
        request_id=request_id(headers),
        **request,
    )
