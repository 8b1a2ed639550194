"""Request bodies: decoded by their media type, then checked against the operation's schema."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from email.message import Message
from typing import Any

from runai.testing.answers import JSON, shortened
from runai.testing.specification import Operation, Schemas
from runai.testing.text_values import form_decoded, form_pairs, read_scalar

FORM = "application/x-www-form-urlencoded"


def read_body(
    operation: Operation, headers: Message, body: bytes, schemas: Schemas
) -> tuple[Any, list[str]]:
    """The decoded body (None where there is none) and what is wrong with it."""
    if not body:
        return None, list(_problems_of_none(operation, headers))
    if not operation.takes_body:
        return None, [f"body: {operation.id} takes none, {len(body)} bytes were sent"]
    if "Content-Encoding" in headers:
        return None, [f"body: Content-Encoding {headers['Content-Encoding']!r} is not read"]
    media_type = headers.get_content_type() if "Content-Type" in headers else ""
    if media_type not in operation.body_schemas:
        known = ", ".join(operation.body_schemas)
        return None, [f"body: Content-Type {media_type!r}; the operation takes {known}"]
    charset = headers.get_param("charset")
    if charset and str(charset).lower() not in ("utf-8", "utf8"):
        return None, [f"body: charset {charset!r}; bodies are UTF-8"]
    schema = operation.body_schemas[media_type]
    try:
        value = _decoded(media_type, body, schema, schemas)
        return value, list(schemas.problems(schema, value, "body"))
    except ValueError as error:
        return None, [f"body: {error}"]
    except RecursionError:
        return None, ["body: nested too deeply"]


def strict_json(body: bytes) -> Any:
    """JSON by RFC 8259: numbers finite, no name twice in one object, UTF-8 without a mark.

    Raises:
        ValueError: it is not.
    """
    return json.loads(
        body.decode(),
        parse_float=_finite,
        parse_constant=_no_constant,
        object_pairs_hook=_distinct,
    )


def _problems_of_none(operation: Operation, headers: Message) -> Iterator[str]:
    if operation.body_required:
        yield "body: required and missing"
    if "Content-Type" in headers:
        yield f"body: Content-Type {headers['Content-Type']!r} and no body"


def _decoded(media_type: str, body: bytes, schema: Any, schemas: Schemas) -> Any:
    if media_type == JSON:
        return strict_json(body)
    if media_type == FORM:
        return _form(body.decode("ascii"), schema, schemas)
    return body.decode()


def _form(text: str, schema: Any, schemas: Schemas) -> dict[str, Any]:
    properties = schemas.resolved(schema).get("properties", {})
    pairs = [(name, form_decoded(value)) for name, value in form_pairs(text)]
    typed = [(n, read_scalar(value, properties.get(n, True), schemas)) for n, value in pairs]
    return _distinct(typed)


def _finite(text: str) -> float:
    if math.isinf(number := float(text)):
        raise ValueError(f"{text} is out of the range of numbers")
    return number


def _no_constant(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    distinct = dict(pairs)
    if len(distinct) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {shortened(twice)} is given more than once")
    return distinct
