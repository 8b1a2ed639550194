"""The control planes that installs are called against, from the documents that users get."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from runai.testing import SampleControlPlane
from runai.testing.tokens import GRANTS

from .archives import archives

_ARGUMENTS = {
    "start": ("start", "2026-01-01T00:00:00Z"),
    "end": ("end", "2026-01-02T00:00:00Z"),
    "requestType": ("request_type", "Originated"),
}


class ControlPlanes:
    """Serves each version from its first use on.

    Args:
        wheelhouse: has the wheel of runapy-testing with the documents.
        folder: to unpack them into.
    """

    def __init__(self, wheelhouse: Path, folder: Path, stack: ExitStack) -> None:
        (wheel,) = (
            each for each in archives(wheelhouse) if each.is_wheel and each.name == "runapy-testing"
        )
        self._documents = {
            Path(path).stem: content
            for path, content in wheel.contents.items()
            if path.endswith(".json")
        }
        self._folder = folder
        self._stack = stack
        self._running: dict[str, SampleControlPlane] = {}

    def __getitem__(self, version: str) -> SampleControlPlane:
        if version not in self._running:
            path = self._folder / f"{version}.json"
            path.write_bytes(self._documents[version])
            grants = ("app_token",) if version in ("2.18", "2.19") else GRANTS
            self._running[version] = self._stack.enter_context(
                SampleControlPlane(version, spec=path, token_grants=grants)
            )
        return self._running[version]

    def settings(self, version: str) -> str:
        """What the smoke program takes."""
        served = self[version]
        return json.dumps(
            {
                "url": served.url,
                "client_id": served.client_id,
                "client_secret": served.client_secret,
                "operations": self._operations(version),
            }
        )

    def _operations(self, version: str) -> dict[str, tuple[str, dict[str, str]]]:
        """For each group one operation that reads JSON, and what it cannot do without."""
        found: dict[str, tuple[str, dict[str, str]]] = {}
        for item in json.loads(self._documents[version])["paths"].values():
            facts = item.get("get", {})
            if facts and _reads_json(facts):
                names = {
                    each["name"] for each in facts.get("parameters", []) if each.get("required")
                }
                group, _, name = facts["operationId"].partition(".")
                if names <= set(_ARGUMENTS):
                    call = (name, dict(_ARGUMENTS[each] for each in names))
                    found[group] = min(found.get(group, call), call)
        return found


def _reads_json(facts: dict[str, Any]) -> bool:
    content = facts["responses"].get("200", {}).get("content", {})
    return list(content) == ["application/json"] and not facts.get("deprecated")


@contextmanager
def control_planes(wheelhouse: Path, folder: Path) -> Generator[ControlPlanes]:
    """All of them end with the block."""
    with ExitStack() as stack:
        yield ControlPlanes(wheelhouse, folder, stack)
