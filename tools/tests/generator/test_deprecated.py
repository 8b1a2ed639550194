"""What is deprecated says so, and since when where an older control plane shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runapy_tools.generator import generated
from runapy_tools.openapi import Schema

from .descriptions import VERSION, answers, operation, parameter, reference, write_description

TEXT: Schema = {"type": "string"}
OLD: Schema = {**TEXT, "deprecated": True}
FORM = "application/x-www-form-urlencoded"


def described(root: Path, schema: Schema, **facts: Any) -> None:
    parameters = [parameter("colour", TEXT, **facts), parameter("size", schema)]
    form: Schema = {"type": "object", "properties": {"user": schema}}
    body = {"x-name": "body", "required": True, "content": {FORM: {"schema": form}}}
    gadget: Schema = {
        "type": "object",
        **facts,
        "properties": {"name": TEXT, "from": {**schema, "x-name": "var_from"}, "size": schema},
    }
    paths = {
        "/gadgets": {
            "get": operation(
                "list_gadgets", parameters=parameters, responses=answers(reference("Gadget"))
            )
        },
        "/token": {"post": operation("get_token", requestBody=body)},
    }
    write_description(root, paths, {"Gadget": gadget})


def source(root: Path, version: str) -> str:
    """All that is generated, with one space for each break of a line."""
    files = generated(root, version)
    text = b"\n".join(content for path, content in files.items() if path.endswith(".py"))
    return " ".join(text.decode().split())


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two control planes: all of this is deprecated since the second, 9.2."""
    root = tmp_path_factory.mktemp("deprecated")
    described(root, TEXT)
    (root / "spec" / VERSION).rename(root / "spec" / "9.0")
    described(root, OLD, deprecated=True)
    (root / "spec" / VERSION).rename(root / "spec" / "9.2")
    return root


def test_since_a_later_control_plane(root: Path) -> None:
    text = source(root, "9.2")
    for name in ("colour", "size", "user"):
        assert f" {name}: Deprecated since control plane 9.2. " in text
    assert (
        "Returned by `gadgets.list_gadgets`. Deprecated by the control plane since 9.2."
        " Deprecated since 9.2: `var_from`, `size`. "
    ) in text


def test_what_was_always_deprecated(root: Path, tmp_path: Path) -> None:
    described(tmp_path, OLD, deprecated=True)
    text = source(tmp_path, VERSION)
    for name in ("colour", "size", "user"):
        assert f" {name}: Deprecated. " in text
    assert (
        "Returned by `gadgets.list_gadgets`. Deprecated by the control plane."
        " Deprecated: `var_from`, `size`. "
    ) in text


def test_what_is_not_deprecated_says_nothing(root: Path) -> None:
    assert "eprecated" not in source(root, "9.0")
