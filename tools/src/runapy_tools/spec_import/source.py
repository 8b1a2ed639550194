"""Reading the control plane's document from a file or a URL."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.request import urlopen

from openapi_spec_validator import validate

from runapy_tools import yaml_files
from runapy_tools.openapi import Document


def read(location: str) -> Document:
    """The document at a path or URL, JSON or YAML.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not an OpenAPI 3.0 or 3.1 document.
    """
    if location.startswith(("https://", "http://")):
        with urlopen(location, timeout=60) as response:  # noqa: S310 - the scheme is checked
            content = response.read()
    else:
        content = Path(location).read_bytes()
    try:
        parsed = json.loads(content)
    except ValueError:
        parsed = yaml_files.parse(content)
    document: Document = parsed if isinstance(parsed, dict) else {}
    version = str(document.get("openapi", ""))
    if not version.startswith(("3.0", "3.1")):
        raise ValueError(f"{location} is no OpenAPI 3.0 or 3.1 document (openapi: {version!r})")
    return document


def check(document: Document) -> None:
    """Validate a document, references included.

    Raises:
        openapi_spec_validator.validation.exceptions.OpenAPIValidationError: it is not valid.
    """
    validate(document)
