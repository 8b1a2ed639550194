"""What a person may see of a request: all but its secrets."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl, quote, unquote_plus

HIDDEN = "***"
_DEEPEST = 100
"""How many objects and lists of a body may be in one another."""

# By how they end, so that the names and ids of secrets stay visible: imagePullSecrets, accessKeyId.
_SECRET_NAME = re.compile(
    r"(secret|password|passphrase|token|authorization|cookie"
    r"|(api|private|access)[_-]?key|key[_-]?value[_-]?pairs)$",
    re.IGNORECASE,
)


def is_secret(name: str) -> bool:
    """Whether what has this name is nobody's business."""
    return _SECRET_NAME.search(name) is not None


def visible(value: Any) -> Any:
    """A JSON value with every secret in it hidden, whatever its depth."""
    if isinstance(value, Mapping):
        return {key: HIDDEN if _hides(value, key) else visible(value[key]) for key in value}
    if isinstance(value, (list, tuple)):
        return [visible(part) for part in value]
    # Bodies may have NaN and Infinity, which no JSON is to be made of.
    return json.dumps(value) if isinstance(value, float) and not math.isfinite(value) else value


def visible_body(headers: Message, body: bytes) -> Any:
    """A request's body as a JSON value, secrets hidden; None where there is none.

    What is neither JSON nor a form, or nested too deeply, is only measured.
    """
    if not body:
        return None
    content = content_of(headers, body)
    return f"<{len(body)} bytes>" if content is None else visible(content)


def visible_target(target: str) -> str:
    """A request's target with the secrets in its query hidden."""
    path, question_mark, query = target.partition("?")
    pairs = []
    for pair in query.split("&"):
        name, equals, _ = pair.partition("=")
        pairs.append(f"{name}={HIDDEN}" if equals and is_secret(unquote_plus(name)) else pair)
    return f"{path}{question_mark}{'&'.join(pairs)}"


def visible_text(text: str, target: str, headers: Message, body: bytes) -> str:
    """A sentence about a request, the request's secrets in it hidden."""
    secrets = {*_of_headers(headers), *_of_query(target), *_in(content_of(headers, body))}
    for secret in sorted(secrets - {""}, key=len, reverse=True):
        for spelling in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1]):
            text = text.replace(spelling, HIDDEN)
    return text


def content_of(headers: Message, body: bytes) -> Any:
    """A body decoded as the JSON or the form that it is; None where it is neither, or too deep."""
    try:
        if headers.get_content_type() == "application/x-www-form-urlencoded":
            return dict(parse_qsl(body.decode(), keep_blank_values=True))
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return None if _is_deep(content) else content


def _is_deep(content: Any) -> bool:
    """Whether it is nested so deeply that some Python could not follow."""
    level = [content] if isinstance(content, (dict, list)) else []
    for _ in range(_DEEPEST):
        parts = [each.values() if isinstance(each, dict) else each for each in level]
        level = [part for inner in parts for part in inner if isinstance(part, (dict, list))]
        if not level:
            return False
    return True


def _hides(content: Mapping[str, Any], key: str) -> bool:
    """Whether an object's property is a secret."""
    if content[key] is None or isinstance(content[key], bool):
        return False
    # Environment variables and their like have their names as values.
    named = str(content.get("name", content.get("key", "")))
    return is_secret(key) or (key == "value" and is_secret(named))


def _of_headers(headers: Message) -> Iterator[str]:
    for name, value in headers.items():
        if is_secret(name):
            yield str(value).partition(" ")[2] or str(value)


def _of_query(target: str) -> Iterator[str]:
    for name, value in parse_qsl(target.partition("?")[2]):
        if is_secret(name):
            yield value


def _in(value: Any) -> Iterator[str]:
    """Every secret in a JSON value."""
    if isinstance(value, Mapping):
        for key in value:
            yield from (_texts if _hides(value, key) else _in)(value[key])
    elif isinstance(value, list):
        for part in value:
            yield from _in(part)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    else:
        yield str(value)
