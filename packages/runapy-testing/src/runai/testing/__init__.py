"""An embedded control plane for tests: a real HTTP server, driven by the API's specification."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runai.testing.control_plane import ControlPlane
    from runai.testing.recording import RecordedRequest
    from runai.testing.sample_control_plane import SampleControlPlane

__all__ = ["ControlPlane", "RecordedRequest", "SampleControlPlane"]

# Pytest imports this package for its plugin in every project: the server is loaded on first use.
_MODULES = {
    "ControlPlane": "runai.testing.control_plane",
    "RecordedRequest": "runai.testing.recording",
    "SampleControlPlane": "runai.testing.sample_control_plane",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
