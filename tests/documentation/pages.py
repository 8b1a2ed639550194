"""What the documents hold: programs, which run against an embedded control plane, and tables."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from runai.testing import ControlPlane

ROOT = Path(__file__).parents[2]
URL = "https://my-company.run.ai"
CLIENT_ID = "my-service-account"
CLIENT_SECRET = "its secret"
CLUSTER = "5e1a7c3b-6d8f-4b0e-9b4e-2f4f0a3d9c11"
DEPARTMENT = "4500001"
PROJECT = "42"
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Snippet(NamedTuple):
    document: Path
    line: int
    """Of the document, where its code begins."""
    code: str

    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"

    @property
    def file(self) -> str | None:
        """The name of the file that its first line says it is; None for most."""
        named = re.match(r"# (\w+\.py)\n", self.code)
        return named[1] if named else None

    @property
    def has_tests(self) -> bool:
        return re.search(r"^def test_", self.code, re.MULTILINE) is not None


def snippets_of(document: Path) -> list[Snippet]:
    text = document.read_text("utf-8")
    return [
        Snippet(document, text.count("\n", 0, found.start(1)) + 1, found[1])
        for found in _BLOCK.finditer(text)
    ]


def program(snippet: Snippet, control_plane: ControlPlane) -> str:
    """The code with the control plane's values for the example's."""
    code = snippet.code
    for example, value in (
        (URL, control_plane.url),
        (CLIENT_ID, control_plane.client_id),
        (CLIENT_SECRET, control_plane.client_secret),
        *_places(control_plane).items(),
    ):
        code = code.replace(f'"{example}"', f'"{value}"')
    assert "run.ai" not in code, "an example address that was not replaced"
    # Lines before it let a traceback name the line of the document.
    return "\n" * (snippet.line - 1) + code


def _places(control_plane: ControlPlane) -> dict[str, str]:
    """The ids of what is there by the examples' ids: a cluster, a department and a project."""
    clusters, departments, projects = (
        f"/api/v1/{path}" for path in ("clusters", "org-unit/departments", "org-unit/projects")
    )
    kept = control_plane.state.collections()
    cluster, department = kept[clusters][0]["uuid"], kept[departments][0]["id"]
    if projects not in kept:
        facts = {"name": "speech", "clusterId": cluster, "resources": []}
        control_plane.state.create(projects, facts)
    project = control_plane.state.collections()[projects][0]["id"]
    return {CLUSTER: cluster, DEPARTMENT: department, PROJECT: project}


def run_tests(snippet: Snippet, folder: Path) -> str:
    """Run its tests as their reader would, beside the files of its document; what pytest says."""
    for each in snippets_of(snippet.document):
        if each.file:
            (folder / each.file).write_text(each.code)
    file = folder / (snippet.file or "test_snippet.py")
    file.write_text("\n" * (snippet.line - 1) + snippet.code)
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", "-q", "-W", "error", file.name],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def run_alone(
    snippet: Snippet, control_plane: ControlPlane, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run it in a process of its own, where what it sets up ends with it."""
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", program(snippet, control_plane)],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended


def table(document: Path, heading: str) -> list[dict[str, str]]:
    """The rows of the one table under a heading, each by the names of its columns."""
    text = document.read_text("utf-8")
    under = re.split(r"^#+ ", text[text.index(f"# {heading}\n") + 2 :], flags=re.MULTILINE)[0]
    lines = [line for line in under.splitlines() if line.startswith("|")]
    head, _, *rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]
    return [dict(zip(head, row, strict=True)) for row in rows]
