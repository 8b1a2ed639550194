"""Settings from environment variables."""

from __future__ import annotations

import inspect
import json
import os
from typing import Any, Callable, Dict, Mapping, Tuple

_FLAGS = {"true": True, "1": True, "yes": True, "on": True}
_FLAGS.update({"false": False, "0": False, "no": False, "off": False})

_NOT_TEXT = frozenset({"self", "logger", "on_request", "on_response"})


def parameters(function: Callable[..., Any], overrides: Mapping[str, Any]) -> Dict[str, Any]:
    """Arguments for a function: those given, and the rest from `RUNAI_<PARAMETER>`.

    Raises:
        ValueError: a variable is not of its parameter's type.
    """
    found = dict(overrides)
    for name, parameter in inspect.signature(function).parameters.items():
        variable = name.upper() if name.startswith("runai_") else f"RUNAI_{name.upper()}"
        text = os.environ.get(variable, "").strip()
        if text and name not in found and name not in _NOT_TEXT:
            found[name] = _value(variable, text, str(parameter.annotation))
    _yield_to_overrides(found, overrides)
    return found


def _value(variable: str, text: str, annotation: str) -> Any:
    if "bool" in annotation:
        if text.lower() not in _FLAGS:
            raise ValueError(f"{variable}={text!r} is neither true nor false")
        return _FLAGS[text.lower()]
    if "int" in annotation or "float" in annotation:
        try:
            return int(text) if "int" in annotation else float(text)
        except ValueError:
            raise ValueError(f"{variable}={text!r} is no number") from None
    if "Mapping" in annotation:
        try:
            return json.loads(text)
        except ValueError:
            raise ValueError(f'{variable} is no JSON object, such as {{"Name": "value"}}') from None
    return text


def _yield_to_overrides(found: Dict[str, Any], overrides: Mapping[str, Any]) -> None:
    """Credentials given as arguments replace those of the other kind in the environment."""
    others: Tuple[str, ...] = ()
    if overrides.get("bearer_token"):
        others = ("client_id", "client_secret")
    elif overrides.get("client_id") or overrides.get("client_secret"):
        others = ("bearer_token",)
    for name in others:
        if name not in overrides:
            found.pop(name, None)
