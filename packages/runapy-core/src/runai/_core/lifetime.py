"""How long an access token lives."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, Mapping, Optional


def lifetime(token: str, answer: Mapping[str, Any], now: float) -> Optional[float]:
    """Seconds that a new token will live; None if that is not known.

    Arguments:
        token: a JWT, whose `exp` says when it ends (RFC 7519, 4.1.4), or any other token.
        answer: what came with it; its `expiresIn` counts when the token itself says nothing.
        now: seconds since 1970.
    """
    end = _number(_claims(token).get("exp"))
    if end is not None and end > now:
        return end - now
    # A token that has ended on arrival means that the clocks disagree.
    return _number(answer.get("expiresIn"))


def _claims(token: str) -> Mapping[str, Any]:
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        payload = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        claims = json.loads(payload)
    except (binascii.Error, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _number(value: Any) -> Optional[float]:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and value > 0 else None
