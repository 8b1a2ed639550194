"""What an import from many documents takes over from a control plane that was imported before.

Many documents have no order among them, and no order of their components that means anything. The
names of objects without a name depend on which of several equal ones comes first. So both follow
the newest control plane that is not newer: scripts find the names that they know, and a diff shows
what changed and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from runapy_tools import yaml_files
from runapy_tools.control_plane import described
from runapy_tools.naming import python_name
from runapy_tools.openapi import Document
from runapy_tools.spec_diff.model_changes import renamed_models
from runapy_tools.spec_import.report import Report

_RULE = "an object without a name, to the name it had"


class Guide:
    """The description of one control plane, or of none.

    Arguments:
        folder: where the descriptions of all control planes are.
        version: the control plane to import.
    """

    def __init__(self, folder: Path, version: str) -> None:
        known = [each.name for each in folder.glob("[0-9]*.[0-9]*") if any(each.glob("*.yaml"))]
        older = [each for each in known if _order(each) <= _order(version)]
        self.version = max(older, key=_order, default="")
        files = sorted((folder / self.version).glob("*.yaml")) if older else []
        self._texts = {file.stem: file.read_text(encoding="utf-8") for file in files}
        self._files = {name: yaml_files.parse(text) for name, text in self._texts.items()}

    def titles(self) -> dict[str, str]:
        """The category's title of each tag."""
        return {
            tag["name"]: file["info"]["title"]
            for file in self._files.values()
            for tag in file.get("tags", [])
        }

    def followed(self, files: dict[str, Document], report: Report) -> dict[str, Document]:
        """Copies of an import's files with the names and in the order of this control plane."""
        texts = {name: yaml_files.write(file) for name, file in files.items()}
        made = set(report.places("an object without a name, by its place"))
        renames = renamed_models(described("new", texts), described(self.version, self._texts))
        names = {new: old for new, old in renames.items() if new in made}
        for new, old in names.items():
            report.renamed(_RULE, f"{new} -> {old}")
        return {
            name: _in_order(_renamed(file, names), self._files.get(name, {}))
            for name, file in files.items()
        }


def _renamed(file: Document, names: dict[str, str]) -> Document:
    result: Document = _with_references(file, names)
    schemas = result["components"]["schemas"]
    result["components"]["schemas"] = {
        names.get(name, name): schema for name, schema in schemas.items()
    }
    return result


def _with_references(node: Any, names: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_with_references(each, names) for each in node]
    if not isinstance(node, dict):
        return node
    result = {key: _with_references(value, names) for key, value in node.items()}
    if isinstance(node.get("$ref"), str):
        place, slash, name = node["$ref"].rpartition("/")
        result["$ref"] = place + slash + names.get(name, name)
    if "x-name" in node and "content" in node:
        by_model = {python_name(new): python_name(old) for new, old in names.items()}
        result["x-name"] = by_model.get(node["x-name"], node["x-name"])
    return result


def _in_order(file: Document, guide: Document) -> Document:
    result = dict(file)
    if "tags" in file:
        tags = {tag["name"]: tag for tag in file["tags"]}
        known = [tag["name"] for tag in guide.get("tags", [])]
        result["tags"] = [tags[name] for name in _merged(tags, known)]
    if "paths" in file:
        items = {
            path: {method: item[method] for method in _merged(item, guide_item)}
            for path, item in file["paths"].items()
            for guide_item in [guide.get("paths", {}).get(path, {})]
        }
        result["paths"] = {path: items[path] for path in _merged(items, guide.get("paths", {}))}
    schemas = file["components"]["schemas"]
    known_schemas = guide.get("components", {}).get("schemas", {})
    result["components"] = {
        "schemas": {name: schemas[name] for name in _merged(schemas, known_schemas)}
    }
    return result


def _merged(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """Names in the order known, and each other one after the one that it follows."""
    given = list(names)
    result = [name for name in known if name in set(given)]
    for position, name in enumerate(given):
        if name not in result:
            result.insert(result.index(given[position - 1]) + 1 if position else 0, name)
    return result


def _order(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]
