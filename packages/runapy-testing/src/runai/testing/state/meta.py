"""Where a body has the name and the scope of its record: at its top, or in an object for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

META = ("meta", "metadata")
"""What such an object is called."""
SCOPE = ("scope", "clusterId", "departmentId", "projectId")
"""What says its scope there, and in queries."""


def naming_parts(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The parts of a body, or of an answer, that may have a name and a scope: first itself."""
    yield body
    for name in META:
        part = body.get(name)
        if isinstance(part, Mapping):
            yield part
