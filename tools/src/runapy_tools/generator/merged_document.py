"""The one document that drives the embedded control plane: all categories, no other file needed."""

from __future__ import annotations

from typing import Any

from runapy_tools.generator.api import Api
from runapy_tools.openapi import Document, reachable


def merged_document(api: Api) -> Document:
    """An OpenAPI 3.1 document of every operation and of the schemas that they reach."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in api.operations():
        paths.setdefault(operation.path, {})[operation.method.lower()] = operation.facts
    used = reachable(api.schemas, paths)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Run:ai control plane", "version": api.version},
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": {name: api.schemas[name] for name in sorted(used)}},
    }
