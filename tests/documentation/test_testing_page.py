"""The commands for CI of docs/testing.md do what the page says."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from .pages import ROOT, snippets_of

PAGE = ROOT / "docs" / "testing.md"


@pytest.mark.skipif(shutil.which("curl") is None, reason="the commands call curl")
def test_commands_for_ci(tmp_path: Path) -> None:
    for snippet in snippets_of(PAGE):
        if snippet.file:
            (tmp_path / snippet.file).write_text(snippet.code)
    (seed_data,) = blocks("json")
    (tmp_path / "seed.json").write_text(seed_data)
    (commands,) = blocks("sh")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    installed = Path(sys.executable).parent
    ended = subprocess.run(
        ["bash", "-e", "-c", commands.replace("8080", str(port)) + "\nwait $!"],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{installed}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    log = (tmp_path / "control-plane.log").read_text()
    assert "project vision is there already" in ended.stdout
    recorded = json.loads(ended.stdout.strip().splitlines()[-1])["requests"]
    called = [(each["operation_id"], each["status"]) for each in recorded]
    training = "trainings.create_training1"
    assert called[-2:] == [(training, 429), (training, 202)]
    assert ("projects.create_project", 409) in called
    assert "/api/v1/workloads/trainings" in log


def blocks(language: str) -> list[str]:
    pattern = rf"^```{language}\n(.*?)^```$"
    return re.findall(pattern, PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
