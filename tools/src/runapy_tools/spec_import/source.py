"""Reading the control plane's document from a file, a folder or a URL."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from openapi_spec_validator import validate

from runapy_tools import yaml_files
from runapy_tools.openapi import Document, operations, resolve
from runapy_tools.spec_import.folder import merge


def read(location: str, titles: dict[str, str] | None = None) -> Document:
    """The document at a path or URL, JSON or YAML; of a folder its documents as one.

    Arguments:
        titles: what is known of the categories of tags, for a folder that says nothing of them.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not an OpenAPI 3.0 or 3.1 document.
    """
    if Path(location).is_dir():
        return merge(Path(location), read, titles or {})
    if location.startswith(("https://", "http://")):
        with urlopen(location, timeout=60) as response:  # noqa: S310 - the scheme is checked
            content = response.read()
    else:
        content = Path(location).read_bytes()
    try:
        parsed = json.loads(content)
    except ValueError:
        parsed = yaml_files.parse(content)
    document: Document = _with_text_keys(parsed) if isinstance(parsed, dict) else {}
    version = str(document.get("openapi", ""))
    if not version.startswith(("3.0", "3.1")):
        raise ValueError(f"{location} is no OpenAPI 3.0 or 3.1 document (openapi: {version!r})")
    return document


def check(document: Document) -> None:
    """Validate a document, and that it has what an import cannot do without.

    Raises:
        LookupError: a reference leads nowhere.
        openapi_spec_validator.validation.exceptions.OpenAPIValidationError: it is not valid.
        ValueError: an operation has no id or no tag, no tag has a category, or a schema is part of
            itself.
    """
    _check_references(document, document, "#")
    try:
        validate(document)
    except RecursionError:
        raise ValueError("a schema is part of itself by its allOf") from None
    if "x-tagGroups" not in document:
        raise ValueError("the document has no x-tagGroups, which say what category a tag is of")
    for path, method, operation in operations(document):
        for key in ("operationId", "tags"):
            if not operation.get(key):
                raise ValueError(f"{method} {path} has no {key}, and no name without")


def _check_references(document: Document, node: Any, place: str) -> None:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            try:
                resolve(document, node)
            except LookupError as error:
                raise LookupError(f"{place}: {error}") from None
        for key, value in node.items():
            _check_references(document, value, f"{place}/{_pointer_step(key)}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            _check_references(document, value, f"{place}/{index}")


def _pointer_step(key: str) -> str:
    # RFC 6901.
    return key.replace("~", "~0").replace("/", "~1")


def _with_text_keys(node: Any) -> Any:
    """Copy with keys as JSON has them: YAML reads an unquoted status as a number."""
    if isinstance(node, list):
        return [_with_text_keys(value) for value in node]
    if isinstance(node, dict):
        return {str(key): _with_text_keys(value) for key, value in node.items()}
    return node
