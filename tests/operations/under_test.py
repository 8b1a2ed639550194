"""The control plane that the installed packages are made for, and what it is described as."""

from __future__ import annotations

import json
from importlib import metadata, resources
from typing import Any

from runai.testing import SampleControlPlane
from runai.testing.specification import load

__all__ = ["DOCUMENT", "OPERATIONS", "SPECIFICATION", "VERSION", "SampleControlPlane"]


def control_plane_of(release: str) -> str:
    """Such as 2.19, for 1.219.3."""
    minor = release.split(".")[1]
    return f"{minor[0]}.{minor[1:]}"


VERSION = control_plane_of(metadata.version("runapy"))
DOCUMENT: dict[str, Any] = json.loads(
    (resources.files("runai.testing") / "control_planes" / f"{VERSION}.json").read_text("utf-8")
)
SPECIFICATION = load(VERSION)
OPERATIONS = sorted(SPECIFICATION.operations)
