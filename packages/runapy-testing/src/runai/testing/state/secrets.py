"""What is taken in and never told again, so that it need not be kept."""

from __future__ import annotations

from typing import Any

# Exactly these: other names that end so are of the secrets' names and places, which are told.
_SECRETS = frozenset(
    ("accessToken", "apiToken", "clientSecret", "ngc_api_key", "password", "secretAccessKey")
)
_PAIRS = "keyValuePairs"
"""Of which the keys are told."""


def without_secrets(value: Any) -> Any:
    """A JSON value without the secrets in it, whatever their depth."""
    if isinstance(value, list):
        return [without_secrets(part) for part in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _keys(part) if key == _PAIRS else without_secrets(part)
        for key, part in value.items()
        if key not in _SECRETS
    }


def _keys(pairs: Any) -> Any:
    if not isinstance(pairs, list):
        return pairs
    return [{"key": pair["key"]} for pair in pairs if isinstance(pair, dict) and "key" in pair]
