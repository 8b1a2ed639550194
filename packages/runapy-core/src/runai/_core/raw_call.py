"""Calls by path, without an operation that knows their parameters."""

from __future__ import annotations

import json
import re
from enum import Enum
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple, Union
from urllib.parse import quote, urlencode

from runai._core.body import json_bytes
from runai._core.call import Call
from runai._core.headers import checked, merged
from runai._core.parameters import percent_encoded, text
from runai.exceptions import ApiValueError

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
# What a URL consists of (RFC 3986, 2.2 and 2.3), without #, which would end it.
_URL_CHARACTERS = "%:/?[]@!$&'()*+,;=-._~"
_BARE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")

Pairs = Union[Mapping[str, Any], Iterable[Tuple[str, Any]], None]


def raw_call(
    method: str,
    resource_path: str,
    query_params: Pairs = None,
    header_params: Optional[Mapping[str, Any]] = None,
    body: Any = None,
    post_params: Pairs = None,
) -> Call:
    """The call of a path.

    Arguments:
        method: GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE.
        resource_path: begins with a slash and is percent-encoded; may have a query.
        query_params: names and values, still to be encoded; None is left out, a list is joined
            by commas.
        header_params: headers of this call.
        body: what is sent as JSON; bytes and, with another `Content-Type`, str as they are.
        post_params: fields of a form, in place of a body.

    Raises:
        ApiValueError: an argument cannot be sent.
    """
    verb = method.upper()
    if verb not in _METHODS:
        raise ApiValueError(f"method={method!r} must be one of {', '.join(sorted(_METHODS))}")
    if not resource_path.startswith("/"):
        raise ApiValueError(
            f"resource_path={resource_path!r} must begin with a slash; the host is the"
            " Configuration's runai_base_url"
        )
    if body is not None and post_params:
        raise ApiValueError("body and post_params were both given: a request has one body")
    target = quote(_BARE_PERCENT.sub("%25", resource_path), safe=_URL_CHARACTERS)
    query = "&".join(
        f"{percent_encoded(name)}={percent_encoded(value)}"
        for name, value in _texts("query_params", query_params)
    )
    if query:
        target += f"{'&' if '?' in target else '?'}{query}"
    given = dict(checked(name, value) for name, value in (header_params or {}).items())
    headers, content = _content(given, body, post_params)
    path = resource_path.partition("?")[0]
    return Call(f"{verb} {path}", verb, target, headers, content)


def _content(
    given: Mapping[str, str], body: Any, post_params: Pairs
) -> Tuple[Dict[str, str], Optional[bytes]]:
    accept = {"Accept": "application/json"}
    if post_params:
        form = urlencode(_texts("post_params", post_params)).encode("ascii")
        return merged(accept, {"Content-Type": "application/x-www-form-urlencoded"}, given), form
    if body is None:
        return merged(accept, given), None
    headers = merged(accept, {"Content-Type": "application/json"}, given)
    return headers, _body_bytes(body, headers)


def _body_bytes(body: Any, headers: Mapping[str, str]) -> bytes:
    if isinstance(body, (bytes, bytearray)):
        return bytes(body)
    kind = next(value for name, value in headers.items() if name.lower() == "content-type")
    if isinstance(body, str) and "json" not in kind.lower():
        return body.encode()
    try:
        return json_bytes(body)
    except (TypeError, ValueError) as error:
        raise ApiValueError(f"body cannot be sent as JSON: {error}") from None


def _texts(argument: str, pairs: Pairs) -> List[Tuple[str, str]]:
    items = pairs.items() if isinstance(pairs, Mapping) else (pairs or ())
    return [
        (str(name), _text(f"{argument}: {name}", value))
        for name, value in items
        if value is not None
    ]


def _text(place: str, value: Any) -> str:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str):
        return value
    if isinstance(value, (bytes, bytearray)):
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise ApiValueError(f"{place}: bytes have to be text in UTF-8") from None
    if isinstance(value, dict):
        return json.dumps(value)
    if hasattr(value, "__iter__"):
        return ",".join(_text(place, each) for each in value)
    kind: Any = type(value)
    if kind.__str__ is object.__str__ and not isinstance(value, (int, float)):
        # It has but a repr, which is for a debugger.
        raise ApiValueError(f"{place}: {kind.__name__} has no text that could be sent")
    return text(value)
