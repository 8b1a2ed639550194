"""Every Python snippet of the documents runs, against an embedded control plane."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from runai.testing import ControlPlane

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    file
    for pattern in ("*.md", "examples/*.md", "docs/**/*.md", "packages/*/README.md")
    for file in ROOT.glob(pattern)
)
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)

URL = "https://my-company.run.ai"
CLIENT_ID = "my-service-account"
CLIENT_SECRET = "its secret"


class Snippet(NamedTuple):
    document: Path
    line: int
    """Of the document, where its code begins."""
    code: str

    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"


def snippets_of(document: Path) -> list[Snippet]:
    text = document.read_text("utf-8")
    return [
        Snippet(document, text.count("\n", 0, found.start(1)) + 1, found[1])
        for found in BLOCK.finditer(text)
    ]


SNIPPETS = [snippet for document in DOCUMENTS for snippet in snippets_of(document)]


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
    # Lines before it let a traceback name the line of the document.
    code = "\n" * (snippet.line - 1) + pointed_at(control_plane, snippet.code)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(code, snippet.document, "exec"), namespace)
    for name, value in namespace.items():
        if name.startswith("test_") and inspect.isfunction(value):
            value(control_plane)
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


@pytest.mark.parametrize("document", ["README.md", "docs/migrating.md", "packages/*/README.md"])
def test_there_are_snippets(document: str) -> None:
    assert all(
        snippets_of(file)
        for file in ROOT.glob(document)
        if file.parent.name != "runapy-common"  # has models alone
    )


def pointed_at(control_plane: ControlPlane, code: str) -> str:
    """The code with the control plane's values for the example's."""
    for example, value in (
        (URL, control_plane.url),
        (CLIENT_ID, control_plane.client_id),
        (CLIENT_SECRET, control_plane.client_secret),
    ):
        code = code.replace(f'"{example}"', f'"{value}"')
    assert "run.ai" not in code, "an example address that was not replaced"
    return code


def sign_in(control_plane: ControlPlane, folder: Path) -> None:
    """What the Run:ai command line leaves behind after a login."""
    token = {"accessToken": control_plane.tokens.issue()}
    config = {
        "control_plane": {"url": control_plane.url},
        "cluster": {"uuid": "0b7d2c5e-94f1-4a36-8e0d-c3a91f6e7b20"},
    }
    (folder / "authentication.json").write_text(json.dumps(token))
    (folder / "config.json").write_text(json.dumps(config))
