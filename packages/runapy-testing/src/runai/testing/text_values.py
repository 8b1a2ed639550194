"""Values as text in paths, queries, headers and forms: percent-decoded, read by their schema."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

from runai.testing.specification import Schemas

_ESCAPES = re.compile(r"%(?![0-9A-Fa-f]{2})")
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,99})")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,99})(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
_BOOLEANS = {"true": True, "false": False}


def decoded(text: str) -> str:
    """Percent-decoded text (RFC 3986, section 2.1).

    Raises:
        ValueError: a `%` without two hexadecimal digits, or bytes that are no UTF-8.
    """
    if _ESCAPES.search(text):
        raise ValueError(f"% without two hexadecimal digits in {text!r}")
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"not UTF-8 after percent-decoding: {text!r}") from None


def form_pairs(text: str) -> Iterator[tuple[str, str]]:
    """Names decoded and values still encoded, in order, of a query or a form body.

    Raises:
        ValueError: a name that cannot be decoded.
    """
    for pair in text.split("&"):
        if pair:
            name, _, value = pair.partition("=")
            yield form_decoded(name), value


def form_decoded(text: str) -> str:
    """Percent-decoded text in which `+` stands for a space (URL Standard, section 5.1)."""
    return decoded(text.replace("+", " "))


def read_scalar(text: str, schema: Any, schemas: Schemas) -> Any:
    """Text as the type its schema names; left as text where it is not of that type."""
    types = types_of(schema, schemas)
    if "integer" in types and _INTEGER.fullmatch(text):
        return int(text)
    if "number" in types and _NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    if "boolean" in types and text in _BOOLEANS:
        return _BOOLEANS[text]
    return text


def types_of(schema: Any, schemas: Schemas) -> set[str]:
    """The JSON types that a schema names, through references and alternatives."""
    schema = schemas.resolved(schema)
    if not isinstance(schema, dict):
        return set()
    named = schema.get("type", [])
    types = {named} if isinstance(named, str) else set(named)
    for keyword in ("anyOf", "oneOf", "allOf"):
        for alternative in schema.get(keyword, []):
            types |= types_of(alternative, schemas)
    return types
