"""Names: from the control plane's spelling to the client's.

The rules reproduce the names that scripts already use; `*_EXCEPTIONS` list what no rule gives.
"""

from __future__ import annotations

import keyword
import re
from collections import Counter

from runapy_tools.openapi import Document, operations

# "var_" names are what scripts written for the older client use.
_RESERVED_NAMES = {*keyword.kwlist, "field"}

# A digit followed by a capital was once split by another tool, and scripts use the result.
ENUM_MEMBER_EXCEPTIONS = {
    "NIM_E2E_REQUEST_LATENCY_SECONDS": "NIM_E2_E_REQUEST_LATENCY_SECONDS",
    "NIM_E2E_REQUEST_LATENCY_SECONDS_PERCENTILES": "NIM_E2_E_REQUEST_LATENCY_SECONDS_PERCENTILES",
}


def snake_case(name: str) -> str:
    """`enforceRunaiScheduler` and `gpu-memory` as Python names; `GPUs` is one word."""
    words = re.sub(r"[^A-Za-z0-9]+", "_", name)
    words = re.sub(r"([A-Z]+)([A-Z](?!s(?![a-z]))[a-z])", r"\1_\2", words)
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", words)
    return words.lower().strip("_")


def class_name(name: str) -> str:
    """`access_key` and `Org unit` as class names; capitals inside a word stay as they are."""
    words = re.split(r"[^A-Za-z0-9]+", name)
    return "".join(word[:1].upper() + word[1:] for word in words)


def python_name(name: str) -> str:
    """Name of a parameter or field."""
    result = snake_case(name)
    return f"var_{result}" if result in _RESERVED_NAMES else result


def enum_member_name(value: str) -> str:
    """Name of an enum member: `config-map` is `CONFIG_MINUS_MAP`, an empty string `EMPTY`."""
    if value in ENUM_MEMBER_EXCEPTIONS:
        return ENUM_MEMBER_EXCEPTIONS[value]
    words = value.replace("-", "_MINUS_").replace(".", "_DOT_").replace("/", "_SLASH_")
    name = re.sub(r"[^A-Za-z0-9_]", "_", words).upper() or "EMPTY"
    return f"ENUM_{name}" if name[0].isdigit() else name


def method_names(document: Document) -> dict[tuple[str, str], str]:
    """Method name of every operation, by (path, HTTP method).

    Two operations of one group whose ids are equal in snake_case: the later one gets `_0`,
    the one after it `_1`.
    """
    names = {}
    taken: Counter[tuple[str, str]] = Counter()
    for path, method, operation in operations(document):
        name = snake_case(operation["operationId"])
        group = operation["tags"][0]
        repeated = taken[group, name]
        taken[group, name] += 1
        names[path, method] = f"{name}_{repeated - 1}" if repeated else name
    return names
