"""Splitting the document by API category, and moving what two categories share."""

from __future__ import annotations

from typing import Any

from runapy_tools.imported import COMMON, UNREACHED
from runapy_tools.naming import class_name, snake_case
from runapy_tools.openapi import SCHEMA_REFERENCE, Document, Schema, operations, reachable

# The one category whose package is not called by its attribute's name.
PACKAGE_EXCEPTIONS = {"authentication_and_authorization": "authn"}


def split(document: Document, groups: list[dict[str, Any]], version: str) -> dict[str, Document]:
    """One document for each category, `common` for shared schemas, `unreached` for the rest.

    Arguments:
        document: flat paths and components.
        groups: the source's `x-tagGroups`: which tags make a category.
        version: the control plane's.

    Raises:
        ValueError: an operation's tag belongs to no category.
    """
    package_of_tag = {tag: _package(group["name"]) for group in groups for tag in group["tags"]}
    paths: dict[str, dict[str, Any]] = {_package(group["name"]): {} for group in groups}
    for path, method, operation in operations(document):
        tag = operation["tags"][0]
        if tag not in package_of_tag:
            raise ValueError(f"{method} {path}: the tag {tag!r} belongs to no category")
        paths[package_of_tag[tag]].setdefault(path, {})[method] = operation

    schemas = document["components"]["schemas"]
    places = _places(schemas, paths)
    files: dict[str, Document] = {}
    for group in groups:
        package = _package(group["name"])
        used = {each["tags"][0] for item in paths[package].values() for each in item.values()}
        files[package] = {
            "openapi": "3.1.0",
            "info": {"title": group["name"], "version": version},
            "x-category": {
                "attribute": snake_case(group["name"]),
                "class": class_name(group["name"]),
            },
            "tags": [{"name": tag} for tag in group["tags"] if tag in used],
            "paths": paths[package],
        }
    for shared in (COMMON, UNREACHED):
        files[shared] = {"openapi": "3.1.0", "info": {"title": shared, "version": version}}
    for package, file in files.items():
        own = {name: schema for name, schema in schemas.items() if places[name] == package}
        file["components"] = {"schemas": own}
    return {name: _point_at_files(file, places, name) for name, file in files.items()}


def _package(category: str) -> str:
    attribute = snake_case(category)
    return PACKAGE_EXCEPTIONS.get(attribute, attribute)


def _places(schemas: dict[str, Schema], paths: dict[str, dict[str, Any]]) -> dict[str, str]:
    """The file each schema goes to."""
    users: dict[str, list[str]] = {name: [] for name in schemas}
    for package, items in paths.items():
        for name in reachable(schemas, items):
            users[name].append(package)
    return {
        name: UNREACHED if not used else used[0] if len(used) == 1 else COMMON
        for name, used in users.items()
    }


def _point_at_files(node: Any, places: dict[str, str], own: str) -> Any:
    """Copy of a file whose references to schemas in other files name the file."""
    if isinstance(node, list):
        return [_point_at_files(value, places, own) for value in node]
    if not isinstance(node, dict):
        return node
    result = {key: _point_at_files(value, places, own) for key, value in node.items()}
    reference = node.get("$ref")
    if isinstance(reference, str):
        place = places[reference.removeprefix(SCHEMA_REFERENCE)]
        result["$ref"] = reference if place == own else f"{place}.yaml{reference}"
    return result
