"""Known defects of particular documents that no general rule can mend.

Each repair names the place, what is wrong there and what the document must have meant. A repair
whose place or whose defect is not there (in another control plane's document) does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from runapy_tools.openapi import Document
from runapy_tools.spec_import.report import Report


class Repair(NamedTuple):
    """One defect: `apply` mends it in place and answers whether it was there."""

    place: str
    reason: str
    apply: Callable[[Document], bool]


def repair(document: Document, report: Report) -> None:
    """Apply every known repair that a document needs, in place."""
    for each in REPAIRS:
        if each.apply(document):
            report.repaired(each.reason, each.place)


def _at(node: Any, *keys: Any) -> Any:
    for key in keys:
        try:
            node = node[key]
        except (KeyError, IndexError, TypeError):
            return None
    return node


def _without_token(path: str) -> Repair:
    def apply(document: Document) -> bool:
        operation = _at(document, "paths", path, "post")
        if operation is None or "security" in operation:
            return False
        operation["security"] = []
        return True

    return Repair(f"POST {path}", "the operation that gives a token cannot ask for one", apply)


def _rewritten_pattern(pattern: str, equal: str, reason: str) -> Repair:
    def apply(document: Document) -> bool:
        places = [node for node in _nodes(document) if node.get("pattern") == pattern]
        for node in places:
            node["pattern"] = equal
        return bool(places)

    return Repair(f"every pattern {pattern}, now {equal}", reason, apply)


def _version_as_text() -> Repair:
    def apply(document: Document) -> bool:
        version = _at(document, "info", "version")
        if isinstance(version, str) or version is None:
            return False
        document["info"]["version"] = str(version)
        return True

    return Repair("info.version", "a version written as a number, where OpenAPI wants text", apply)


def _respelled_media_type(wrong: str, right: str) -> Repair:
    def apply(document: Document) -> bool:
        places = [
            node["content"]
            for node in _nodes(document)
            if isinstance(node.get("content"), dict) and wrong in node["content"]
        ]
        for content in places:
            content[right] = content.pop(wrong)
        return bool(places)

    return Repair(f"every content {wrong}, now {right}", "a misspelled media type", apply)


def _respelled_property(wrong: str, right: str, reason: str) -> Repair:
    def apply(document: Document) -> bool:
        places = [node for node in _nodes(document) if wrong in (_at(node, "properties") or ())]
        for node in places:
            node["properties"] = {
                right if name == wrong else name: schema
                for name, schema in node["properties"].items()
            }
            if wrong in node.get("required", []):
                node["required"] = [right if name == wrong else name for name in node["required"]]
        return bool(places)

    return Repair(f"every property {wrong}, now {right}", reason, apply)


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for value in node.values() if isinstance(node, dict) else node:
        if isinstance(value, (dict, list)):
            yield from _nodes(value)


REPAIRS = (
    _version_as_text(),
    _respelled_media_type("applicatin/json", "application/json"),
    _respelled_property(
        "enforceRun:aiScheduler",
        "enforceRunaiScheduler",
        "the product's spelling put into a property by search and replace; later ones undo it",
    ),
    _rewritten_pattern(
        r"^(?!.*\s).*?[a-zA-Z].*$",
        r"^\S*[a-zA-Z]\S*$",
        "a look-ahead, which regular expressions of linear time do not have",
    ),
    _without_token("/api/v1/token"),
    _without_token("/api/v2/token"),
    _without_token("/v1/k8s/auth/oauth/apptoken"),
)
