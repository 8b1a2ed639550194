"""The description of one control plane in `spec/<version>/`, read fast.

Most of a description is the same in its neighbours, letter for letter, and parsing YAML is what
takes time. So each file is cut, at the two indentations that an import writes, into its paths and
schemas, and equal ones are parsed once in a process. They are shared: nobody may change them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from runapy_tools import yaml_files
from runapy_tools.openapi import METHODS, Document, Schema

Endpoint = tuple[str, str]
"""HTTP method in capitals, and the path with each `{name}` as `{}`: what does not change when a
method of the client, or a parameter of the path, gets another name."""

_OTHER_FILE = re.compile(r"\$ref: \w+\.yaml(#\S+)")
_TOP_LEVEL = re.compile(r"^(?=\S)", re.MULTILINE)
_PATH = re.compile(r"^(?=  [^ :])", re.MULTILINE)
_OF_A_CATEGORY = "info", "x-category", "tags"
_SCHEMA = re.compile(r"^(?=    [^ :])", re.MULTILINE)


@dataclass(frozen=True)
class Operation:
    """One operation, and where the client has it."""

    category: str
    group: str
    name: str
    method: str
    path: str
    facts: dict[str, Any]

    @property
    def id(self) -> str:
        return f"{self.group}.{self.name}"

    @property
    def tag(self) -> str:
        """The group in the document's spelling."""
        (tag,) = self.facts["tags"]
        return str(tag)


@dataclass(frozen=True)
class ControlPlane:
    """One control plane's API.

    Attributes:
        categories: what the files of the categories say of themselves, by package.
        schemas: by name, with references that name no file.
        places: the file that each schema is in.
    """

    version: str
    categories: dict[str, Document]
    operations: dict[Endpoint, Operation]
    schemas: dict[str, Schema]
    places: dict[str, str]

    @property
    def titles(self) -> dict[str, str]:
        """Of the categories, by package."""
        return {package: said["info"]["title"] for package, said in self.categories.items()}


def endpoint(method: str, path: str) -> Endpoint:
    """What identifies an operation in every control plane."""
    return method.upper(), re.sub(r"\{.*?\}", "{}", path)


def read(folder: Path) -> ControlPlane:
    """Read the files that an import wrote.

    Raises:
        FileNotFoundError: there are none.
        ValueError: two operations have one method and path.
    """
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise FileNotFoundError(f"{folder} holds no description: import {folder.name} first")
    texts = {file.stem: file.read_text(encoding="utf-8") for file in files}
    return described(folder.name, texts)


def described(version: str, texts: dict[str, str]) -> ControlPlane:
    """The same from the files' texts, by their names without a suffix.

    Raises:
        ValueError: two operations have one method and path.
    """
    result = ControlPlane(version, {}, {}, {}, {})
    for place, text in texts.items():
        parts = _parts(text)
        if "paths" in parts:
            result.categories[place] = _parsed("".join(parts[key] for key in _OF_A_CATEGORY))
        for path, item in _entries(parts.get("paths", ""), _PATH):
            _add_operations(result, place, path, item)
        for name, schema in _entries(parts["components"].partition("\n")[2], _SCHEMA):
            result.schemas[name] = schema
            result.places[name] = place
    return result


def _add_operations(to: ControlPlane, category: str, path: str, item: dict[str, Any]) -> None:
    for method, facts in item.items():
        if method not in METHODS:
            continue
        group, _, name = facts["operationId"].partition(".")
        key = endpoint(method, path)
        if key in to.operations:
            raise ValueError(f"{to.version} has two operations at {' '.join(key)}")
        to.operations[key] = Operation(category, group, name, key[0], path, facts)


def _parts(text: str) -> dict[str, str]:
    return {part.partition(":")[0]: part for part in _TOP_LEVEL.split(text) if part}


def _entries(text: str, start: re.Pattern[str]) -> Iterator[tuple[str, Any]]:
    # What stands before the first entry is the key that holds them all.
    for block in start.split(text)[1:]:
        yield from _parsed(_OTHER_FILE.sub(r"$ref: '\1'", block)).items()


@cache
def _parsed(text: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml_files.parse(text)
    return content
