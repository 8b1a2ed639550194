"""The merged OpenAPI document of each control plane that was imported."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from runapy_tools.generator.api import load
from runapy_tools.generator.merged_document import merged_document
from runapy_tools.imported import imported_versions

ROOT = Path(__file__).parents[2]
VERSIONS = imported_versions(ROOT)


@functools.cache
def document_of(version: str) -> dict[str, Any]:
    """What drives an embedded control plane of this version."""
    return merged_document(load(ROOT, version))
