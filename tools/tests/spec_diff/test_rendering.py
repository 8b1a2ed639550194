"""A difference as people and programs get it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from runapy_tools.__main__ import main
from runapy_tools.openapi import Schema
from runapy_tools.spec_diff.changes import Change
from runapy_tools.spec_diff.wording import phrases

from .descriptions import NUMBER, TEXT, answer, file, operation, parameter, reference, write


def of_type(name: str, *members: str) -> Schema:
    return {"type": "string", "enum": list(members), "x-enum-varnames": list(members)}


def older() -> dict[str, Any]:
    paths = {
        "/shelves": {"get": operation(), "put": operation("shelves.put_shelves")},
        "/old": {"get": operation("shelves.old")},
    }
    shelf = {"type": "object", "properties": {"id": TEXT}}
    return {
        "warehouse": file("Warehouse", paths, {"Shelf": shelf}),
        "common": file("common", schemas={"Colour": of_type("Colour", "red")}),
        "unreached": file("unreached", schemas={"Ladder": shelf}),
    }


def newer() -> dict[str, Any]:
    changed = operation(parameters=[parameter()], responses={"200": answer(reference("Shelf"))})
    paths = {
        "/shelves": {
            "get": changed,
            "put": operation(
                "shelves.update_shelves", deprecated=True, **{"x-replacement": "racks.put"}
            ),
        },
        "/new": {"post": operation("shelves.new")},
    }
    shelf = {"type": "object", "properties": {"id": NUMBER}}
    return {
        "warehouse": file("Warehouse", paths, {"Shelf": shelf, "Rack": shelf, "Box": shelf}),
        "common": file("common", schemas={"Colour": of_type("Colour", "red", "blue", "green")}),
        "unreached": file("unreached", schemas={"Ladder": shelf}),
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, "9.1", older())
    write(tmp_path, "9.2", newer())
    return tmp_path


def printed(root: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["--root", str(root), "diff", "9.1", "9.2", *options]) == 0
    return capsys.readouterr().out


TEXT_FORM = """\
Control plane 9.1 to 9.2. Operations: 1 added, 1 removed, 1 deprecated, 1 renamed.

Warehouse
  Operations added
    shelves.new (POST /new)
  Operations removed
    shelves.old (GET /old)
  Operations deprecated
    shelves.update_shelves (PUT /shelves), use racks.put
  Operations renamed
    shelves.put_shelves -> shelves.update_shelves (PUT /shelves)
  Operations changed
    shelves.list_shelves (GET /shelves)
      parameter limit added: integer
      answer 200: none -> application/json
  Models added
    Box, Rack
  Models changed
    Shelf
      field id: string -> integer

Models that categories share
  Models changed
    Colour
      members blue, green added

Models that no operation uses
  Models changed
    Ladder
      field id: string -> integer
"""

CHANGELOG_FORM = """\
### API changes

From control plane 9.1 to 9.2. Operations: 1 added, 1 removed, 1 deprecated, 1 renamed.

#### Warehouse

Operations added:

- `shelves.new` (POST /new)

Operations removed:

- `shelves.old` (GET /old)

Operations deprecated:

- `shelves.update_shelves` (PUT /shelves), use `racks.put`

Operations renamed:

- `shelves.put_shelves` -> `shelves.update_shelves` (PUT /shelves)

Operations changed:

- `shelves.list_shelves` (GET /shelves): parameter `limit` added: integer; answer 200: none -> application/json

Models added: `Box`, `Rack`.

Models changed:

- `Shelf`: field `id`: string -> integer

#### Models that categories share

Models changed:

- `Colour`: members `blue`, `green` added
"""  # noqa: E501 - Markdown, which wraps nothing


def test_text(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(root, capsys) == TEXT_FORM


def test_a_part_of_the_changelog(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(root, capsys, "--format", "changelog") == CHANGELOG_FORM


def test_json(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(printed(root, capsys, "--format", "json"))
    assert (found["older"], found["newer"]) == ("9.1", "9.2")
    entries = {(each["category"], each["name"]): each for each in found["entries"]}
    assert entries["warehouse", "shelves.update_shelves"] == {
        "category": "warehouse",
        "subject": "operation",
        "name": "shelves.update_shelves",
        "method": "PUT",
        "path": "/shelves",
        "changes": [
            {
                "kind": "renamed",
                "subject": "operation",
                "before": "shelves.put_shelves",
                "after": "shelves.update_shelves",
            },
            {"kind": "deprecated", "subject": "operation", "after": "racks.put"},
        ],
    }
    assert entries["common", "Colour"]["changes"] == [
        {"kind": "added", "subject": "member", "name": "blue"},
        {"kind": "added", "subject": "member", "name": "green"},
    ]
    assert ("unreached", "Ladder") in entries


def test_equal_control_planes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "9.1", older())
    write(tmp_path, "9.2", older())
    told = "Control plane 9.1 to 9.2. Operations: the same.\n"
    assert printed(tmp_path, capsys) == told
    assert json.loads(printed(tmp_path, capsys, "--format", "json"))["entries"] == []


def test_a_control_plane_that_was_not_imported(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--root", str(root), "diff", "9.1", "9.3"]) == 1
    assert "import 9.3 first" in capsys.readouterr().err


LONG = "^(id|name|createdAt|updatedAt|clusterUuid|displayName|parentId)=.+$"

PHRASES: dict[str, tuple[Change, str]] = {
    "a parameter of few values": (
        Change("added", "parameter", "a", after={"type": "string", "members": ["x", "y"]}),
        "parameter `a` added: `x` or `y`",
    ),
    "a parameter of many values": (
        Change("added", "parameter", "a", after={"type": "string", "members": ["word"] * 20}),
        "parameter `a` added: string, one of 20",
    ),
    "a field with marks": (
        Change(
            "added",
            "field",
            "a",
            after={"type": "Box", "nullable": True, "required": True, "deprecated": True},
        ),
        "field `a` added: Box or null, required, deprecated",
    ),
    "a body": (Change("added", "body", after={"application/json": "Box"}), "body added: Box"),
    "a body's name": (
        Change("renamed", "body", before="box", after="crate"),
        "body's name `box` -> `crate`",
    ),
    "a name on the wire": (
        Change("renamed", "field", "b", before="a", after="b"),
        "field `a` renamed `b`",
    ),
    "a name in the client": (
        Change("renamed", "parameter", "from", "client", "from", "var_from"),
        "parameter `from`: the client's name `from` -> `var_from`",
    ),
    "another file": (
        Change("moved", "model", "", "category", "audit", "common"),
        "moved from audit to common",
    ),
    "optional": (
        Change("changed", "field", "a", "required", True, False),
        "field `a`: now optional",
    ),
    "null": (Change("changed", "field", "a", "nullable", True, None), "field `a`: is never null"),
    "a default that is false": (
        Change("changed", "field", "a", "default", True, False),
        "field `a`: default true -> false",
    ),
    "a limit": (
        Change("changed", "field", "a", "maxLength", None, 9),
        "field `a`: max length none -> 9",
    ),
    "a short pattern": (
        Change("changed", "field", "a", "pattern", None, "^a+$"),
        "field `a`: pattern none -> `^a+$`",
    ),
    "a long pattern": (
        Change("changed", "field", "a", "pattern", LONG, LONG.replace("name|", "nodeId|")),
        "field `a`: pattern with `nodeId`, without `name`",
    ),
    "a long pattern of the same words": (
        Change("changed", "field", "a", "pattern", LONG, LONG.replace(".+", ".*")),
        "field `a`: another pattern",
    ),
    "a long pattern where there was none": (
        Change("changed", "field", "a", "pattern", None, LONG),
        "field `a`: pattern given",
    ),
    "values where there was any": (
        Change("changed", "member", "", "values", None, ["x"], "a"),
        "`a`: only `x`",
    ),
    "any value": (Change("changed", "member", "", "values", ["x"], None, "a"), "`a`: any value"),
    "a token": (
        Change("changed", "operation", "", "needs a token", True, False),
        "needs no token",
    ),
    "no longer deprecated": (Change("restored", "operation"), "no longer deprecated"),
}


@pytest.mark.parametrize(("change", "expected"), PHRASES.values(), ids=PHRASES)
def test_phrases(change: Change, expected: str) -> None:
    assert phrases([change]) == [expected]


def test_what_differs_in_its_name_alone_shares_a_phrase() -> None:
    found = phrases(
        [
            Change("added", "response", "202", after={}),
            Change("removed", "response", "204", before={}),
            Change("added", "response", "409", after={"application/json": "Error"}),
            Change("added", "member", "x", of="sortBy"),
            Change("added", "member", "y", of="sortBy"),
            Change("removed", "member", "z", of="groupBy"),
        ]
    )
    assert found == [
        "answers 202, 409 added",
        "answer 204 removed",
        "`sortBy`: values `x`, `y` added",
        "`groupBy`: value `z` removed",
    ]
