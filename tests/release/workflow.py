"""The workflow that publishes, as it is read."""

from __future__ import annotations

from typing import Any

from runapy_tools import yaml_files

from ..environments import ROOT

TEXT = (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
WORKFLOW: dict[Any, Any] = yaml_files.parse(TEXT)
JOBS: dict[str, Any] = WORKFLOW["jobs"]
PUBLISHING = [name for name in JOBS if name.startswith("publish-")]
"""The jobs that upload, in their order."""
