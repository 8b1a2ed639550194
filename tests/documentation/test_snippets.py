"""Every Python snippet of the documents runs, against an embedded control plane."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from runai.testing import ControlPlane

from .pages import (
    CLIENT_ID,
    CLIENT_SECRET,
    ROOT,
    URL,
    Snippet,
    program,
    run_alone,
    run_tests,
    snippets_of,
)

DOCUMENTS = sorted(
    file
    for pattern in ("*.md", "examples/*.md", "docs/**/*.md", "packages/*/README.md")
    for file in ROOT.glob(pattern)
)
SNIPPETS = [snippet for document in DOCUMENTS for snippet in snippets_of(document)]
# What these set up is the whole process's.
PROCESS_WIDE = re.compile(r"^(from|import) (logging|opentelemetry)\b", re.MULTILINE)


@pytest.mark.parametrize("snippet", SNIPPETS, ids=str)
def test_snippet(
    snippet: Snippet,
    control_plane: ControlPlane,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    sign_in(control_plane, tmp_path)
    monkeypatch.setenv("RUNAI_CLI_CONFIG_PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    if snippet.has_tests:
        tests = len(re.findall(r"^def test_", snippet.code, re.MULTILINE))
        assert f"{tests} passed" in run_tests(snippet, tmp_path)
        return
    monkeypatch.setenv("RUNAI_BASE_URL", control_plane.url)
    monkeypatch.setenv("RUNAI_CLIENT_ID", control_plane.client_id)
    monkeypatch.setenv("RUNAI_CLIENT_SECRET", control_plane.client_secret)
    monkeypatch.setattr(sys, "argv", ["snippet"])
    if PROCESS_WIDE.search(snippet.code):
        run_alone(snippet, control_plane)
    else:
        namespace: dict[str, Any] = {"__name__": "__main__"}
        exec(compile(program(snippet, control_plane), snippet.document, "exec"), namespace)
    problems = [request.problems for request in control_plane.requests]
    assert not any(problems)


@pytest.mark.parametrize(
    "snippet",
    [each for each in SNIPPETS if re.search(r"\b(Configuration|RunaiClient)\(\s*\w+=", each.code)],
    ids=str,
)
def test_snippet_names_the_same_example_values(snippet: Snippet) -> None:
    if "CLIv2Config()" in snippet.code:
        assert URL not in snippet.code
        return
    assert f'client_id="{CLIENT_ID}"' in snippet.code
    assert f'client_secret="{CLIENT_SECRET}"' in snippet.code
    assert f'runai_base_url="{URL}"' in snippet.code


@pytest.mark.parametrize(
    "document",
    [
        "README.md",
        "docs/migrating.md",
        "docs/observability.md",
        "docs/testing.md",
        "packages/*/README.md",
    ],
)
def test_there_are_snippets(document: str) -> None:
    assert all(
        snippets_of(file)
        for file in ROOT.glob(document)
        if file.parent.name != "runapy-common"  # has models alone
    )


def sign_in(control_plane: ControlPlane, folder: Path) -> None:
    """What the Run:ai command line leaves behind after a login."""
    token = {"accessToken": control_plane.tokens.issue()}
    config = {
        "control_plane": {"url": control_plane.url},
        "cluster": {"uuid": "0b7d2c5e-94f1-4a36-8e0d-c3a91f6e7b20"},
    }
    (folder / "authentication.json").write_text(json.dumps(token))
    (folder / "config.json").write_text(json.dumps(config))
