"""Fields of a body that this client does not know yet, beside those that it has checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Dict, Mapping

from runai._core.body import json_bytes
from runai.exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    from runai._core.call import Call


def with_extra(call: Call, extra: Mapping[str, Any]) -> Call:
    """The call with more in its JSON body; objects within objects are merged.

    Arguments:
        call: checked and encoded.
        extra: by the control plane's names; sent as it is given.

    Raises:
        ApiTypeError: it is no dict.
        ApiValueError: it has no JSON form, or the call has a body that is no JSON object.
    """
    if not isinstance(extra, Mapping):
        raise ApiTypeError(
            f"{call.operation}: extra_body must be a dict, not {type(extra).__name__}"
        )
    kind = call.headers.get("Content-Type", "application/json")
    body = json.loads(call.body) if call.body and kind == "application/json" else {}
    if kind != "application/json" or not isinstance(body, dict) or call.method in ("GET", "HEAD"):
        raise ApiValueError(f"{call.operation}: extra_body needs a body that is a JSON object")
    try:
        content = json_bytes(_merged(body, extra))
    except (TypeError, ValueError, RecursionError) as error:
        raise ApiValueError(
            f"{call.operation}: extra_body cannot be sent as JSON: {error}"
        ) from None
    return call._replace(headers={**call.headers, "Content-Type": kind}, body=content)


def _merged(body: Dict[str, Any], extra: Mapping[str, Any]) -> Dict[str, Any]:
    merged = dict(body)
    for name, value in extra.items():
        known = merged.get(name)
        if isinstance(known, dict) and isinstance(value, Mapping):
            value = _merged(known, value)
        merged[name] = value
    return merged
