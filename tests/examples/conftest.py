"""Runs examples in this process, against the control plane."""

from __future__ import annotations

import json
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runai.testing import ControlPlane

EXAMPLES = Path(__file__).parents[2] / "examples"
CLUSTER = "0b7d2c5e-94f1-4a36-8e0d-c3a91f6e7b20"

Run = Callable[..., str]
"""Runs a script with arguments in this process; gives what it printed. Raises its SystemExit."""


@pytest.fixture
def run(
    control_plane: ControlPlane,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    monkeypatch.setenv("RUNAI_BASE_URL", control_plane.url)
    monkeypatch.setenv("RUNAI_CLIENT_ID", control_plane.client_id)
    monkeypatch.setenv("RUNAI_CLIENT_SECRET", control_plane.client_secret)

    def run_script(file: str, *arguments: object) -> str:
        monkeypatch.setattr(sys, "argv", [file, *map(str, arguments)])
        try:
            runpy.run_path(str(EXAMPLES / file), run_name="__main__")
        except SystemExit as ended:
            if ended.code:
                raise
        return capsys.readouterr().out

    return run_script


def operations(control_plane: ControlPlane) -> list[str | None]:
    """What was called, in order; nothing of it may have been refused."""
    assert [request.problems for request in control_plane.requests if request.problems] == []
    token, *others = (request.operation_id for request in control_plane.requests)
    assert token == "tokens.grant_token"
    return others


def sent(control_plane: ControlPlane, operation_id: str) -> Any:
    """The body of the only request of an operation."""
    (request,) = control_plane.requests.of(operation_id)
    return json.loads(request.body)
