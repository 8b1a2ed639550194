"""The API as the generator sees it: read from `spec/<version>/` and `spec/words/`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from runapy_tools import yaml_files
from runapy_tools.control_plane import Operation, read
from runapy_tools.naming import class_name, snake_case
from runapy_tools.openapi import Document, Schema, reachable, referenced
from runapy_tools.spec_diff.history import History, history


@dataclass(frozen=True)
class FormerMethod:
    """A method that keeps the name which older control planes' clients had for an operation.

    Attributes:
        name: of the method.
        body: the name that its JSON body had; empty where it has none.
        operation: what it calls, which may be in another group now.
        since: the first control plane without the name.
    """

    name: str
    body: str
    operation: Operation
    since: str


@dataclass(frozen=True)
class Group:
    """The operations of one tag, and what older clients had in this group."""

    tag: str
    operations: list[Operation]
    former: list[FormerMethod] = field(default_factory=list)

    @property
    def attribute(self) -> str:
        return snake_case(self.tag)

    @property
    def class_name(self) -> str:
        return f"{class_name(self.tag)}Api"

    @property
    def module(self) -> str:
        # Scripts import these modules by the class's name, not by the tag's words.
        return snake_case(self.class_name)


@dataclass(frozen=True)
class Category:
    """The groups of one package."""

    package: str
    title: str
    attribute: str
    class_name: str
    groups: list[Group]

    @property
    def distribution(self) -> str:
        return f"runapy-{self.package.replace('_', '-')}"


@dataclass
class Api:
    """One control plane's API."""

    version: str
    categories: list[Category]
    schemas: dict[str, Schema]
    places: dict[str, str]
    """The package that each schema belongs to; `common` and `unreached` besides the categories."""
    words: dict[str, dict[str, str]]
    root: Path
    """The project's folder, with the control planes that came before."""

    def operations(self) -> list[Operation]:
        return [
            operation
            for category in self.categories
            for group in category.groups
            for operation in group.operations
        ]

    def schemas_of(self, place: str) -> dict[str, Schema]:
        return {name: self.schemas[name] for name, where in self.places.items() if where == place}

    def reached_by(self, category: Category) -> set[str]:
        """Names of the schemas that a category's operations reach, shared ones included."""
        facts = [each.facts for group in category.groups for each in group.operations]
        return reachable(self.schemas, facts)

    @cached_property
    def history(self) -> History:
        """Since when everything is there. Takes a look at all older control planes."""
        return history(self.root, self.version)

    @cached_property
    def groups_of(self) -> dict[str, list[str]]:
        """For each schema, the groups whose operations reach it, sorted."""
        return {
            name: sorted({operation.partition(".")[0] for operation in operations})
            for name, operations in self.operations_of.items()
        }

    @cached_property
    def operations_of(self) -> dict[str, list[str]]:
        """For each schema, the operations that reach it, sorted."""
        users: dict[str, set[str]] = defaultdict(set)
        for operation in self.operations():
            for name in reachable(self.schemas, operation.facts):
                users[name].add(operation.id)
        return {name: sorted(users[name]) for name in self.schemas}

    @cached_property
    def senders(self) -> dict[str, list[str]]:
        """For each schema, the operations whose request body it is."""
        return self._users(lambda facts: facts.get("requestBody"))

    @cached_property
    def takers(self) -> dict[str, list[str]]:
        """For each schema, the operations that have it as a parameter."""
        return self._users(lambda facts: [each["schema"] for each in facts.get("parameters", [])])

    @cached_property
    def returners(self) -> dict[str, list[str]]:
        """For each schema, the operations that answer with it."""
        return self._users(
            lambda facts: [
                response for status, response in facts["responses"].items() if status[0] == "2"
            ]
        )

    @cached_property
    def failures(self) -> dict[str, list[str]]:
        """For each schema, the operations that answer with it when they fail."""
        return self._users(
            lambda facts: [
                response for status, response in facts["responses"].items() if status[0] != "2"
            ]
        )

    @cached_property
    def owners(self) -> dict[str, list[str]]:
        """For each schema, the schemas that it is a part of."""
        owners: dict[str, list[str]] = defaultdict(list)
        for name, schema in sorted(self.schemas.items()):
            for part in set(referenced(schema)) - {name}:
                owners[part].append(name)
        return owners

    def _users(self, part: Callable[[dict[str, Any]], Any]) -> dict[str, list[str]]:
        users: dict[str, list[str]] = defaultdict(list)
        for operation in self.operations():
            for name in set(referenced(part(operation.facts))):
                users[name].append(operation.id)
        return users


def load(root: Path, version: str) -> Api:
    """Read the description of one control plane's API.

    Raises:
        FileNotFoundError: nothing was imported for that version.
    """
    found = read(root / "spec" / version)
    groups: dict[str, dict[str, list[Operation]]] = defaultdict(lambda: defaultdict(list))
    for operation in found.operations.values():
        groups[operation.category][operation.tag].append(operation)
    categories = [
        _category(package, said, groups[package]) for package, said in found.categories.items()
    ]
    words = _words(root / "spec" / "words")
    return Api(version, categories, found.schemas, found.places, words, root)


def _category(package: str, said: Document, operations: dict[str, list[Operation]]) -> Category:
    groups = [Group(tag["name"], operations[tag["name"]]) for tag in said["tags"]]
    names = said["x-category"]
    return Category(package, said["info"]["title"], names["attribute"], names["class"], groups)


def _words(folder: Path) -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = defaultdict(dict)
    for path in sorted(folder.glob("*.yaml")):
        content = yaml_files.parse(path.read_text(encoding="utf-8"))
        if "category" in content:
            words["categories"][path.stem] = content["category"]
        for kind in ("groups", "operations", "parameters"):
            target = kind
            if kind == "operations" and "parameters" in content:
                target = "parameters of operations"
            words[target].update(content.get(kind) or {})
    return dict(words)
