"""A control plane that is published as a folder with one document for each group."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from runapy_tools.naming import snake_case
from runapy_tools.openapi import Document, operations
from runapy_tools.spec_import.composition import WORDS

_SUFFIXES = {".json", ".yaml", ".yml"}
_KEPT = ("openapi", "info", "servers", "security")


def merge(folder: Path, read: Callable[[str], Document], titles: dict[str, str]) -> Document:
    """The documents of a folder and its subfolders as one.

    What categories there are is said by the documents' `x-tagGroups`, by the subfolders, or by what
    is known of each tag.

    Arguments:
        read: reads one document.
        titles: the category's title of each tag of a control plane that was imported before.

    Raises:
        ValueError: there is no document, two of them contradict each other, or nothing says which
            category a tag is of.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in _SUFFIXES]
    if not files:
        raise ValueError(f"{folder} holds no document: no {', '.join(sorted(_SUFFIXES))} file")
    merged = _Merged(titles)
    for file in files:
        merged.add(read(str(file)), file.relative_to(folder).as_posix())
    return merged.document()


class _Merged:
    def __init__(self, titles: dict[str, str]) -> None:
        self._titles = titles
        self._document: Document = {"paths": {}, "components": {}}
        self._origins: dict[str, str] = {}
        self._groups: dict[str, str] = {}

    def add(self, document: Document, file: str) -> None:
        for key in _KEPT:
            if key in document:
                self._document.setdefault(key, document[key])
        if str(document["openapi"])[:3] != str(self._document["openapi"])[:3]:
            raise ValueError(f"{file} is OpenAPI {document['openapi']}, and others are not")
        for kind, named in document.get("components", {}).items():
            for name, component in named.items():
                target = self._document["components"].setdefault(kind, {})
                self._put(target, name, component, f"{kind}/{name}", file)
        for path, item in document.get("paths", {}).items():
            # Each method on its own: a path may have methods in the documents of two groups.
            target = self._document["paths"].setdefault(path, {})
            for key, value in item.items():
                self._put(target, key, value, f"{key} {path}", file)
        self._categorise(document, file)

    def document(self) -> Document:
        groups: dict[str, list[str]] = {}
        for tag, category in self._groups.items():
            groups.setdefault(category, []).append(tag)
        tag_groups = [{"name": name, "tags": tags} for name, tags in groups.items()]
        return {**self._document, "x-tagGroups": tag_groups}

    def _put(self, target: dict[str, Any], name: str, value: Any, what: str, file: str) -> None:
        if name in target and _without_words(target[name]) != _without_words(value):
            raise ValueError(f"{file} and {self._origins[what]} say different things of {what}")
        target.setdefault(name, value)
        self._origins.setdefault(what, file)

    def _categorise(self, document: Document, file: str) -> None:
        for group in document.get("x-tagGroups", []):
            self._groups.update(dict.fromkeys(group["tags"], group["name"]))
        for _, _, operation in operations({"paths": document.get("paths", {})}):
            for tag in operation.get("tags", [])[:1]:
                if tag not in self._groups:
                    self._groups[tag] = self._category(tag, file)

    def _category(self, tag: str, file: str) -> str:
        """A subfolder's name is the category's as far as letters go."""
        folder, _, rest = file.partition("/")
        if not rest:
            if tag not in self._titles:
                raise ValueError(
                    f"{file}: nothing says which category the tag {tag!r} is of;"
                    " put the file into a folder with the category's name"
                )
            return self._titles[tag]
        for title in self._titles.values():
            if snake_case(title) == snake_case(folder):
                return title
        return folder.replace("-", " ").replace("_", " ").capitalize()


def _without_words(node: Any) -> Any:
    """Copy of what one document says, without what an import drops anyway."""
    if isinstance(node, list):
        return [_without_words(each) for each in node]
    if not isinstance(node, dict):
        return node
    result = {key: _without_words(value) for key, value in node.items() if key not in WORDS}
    if isinstance(node.get("properties"), dict):
        # A field may be called as words are.
        fields = node["properties"].items()
        result["properties"] = {name: _without_words(schema) for name, schema in fields}
    return result
