"""What the templates need to write the module of an API group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from runapy_tools.generator.api import Api, FormerMethod, Group
from runapy_tools.generator.docstrings import former_docstring
from runapy_tools.generator.operation_source import Uses, method_source
from runapy_tools.generator.request_types import Requests

_TYPING = ("TYPE_CHECKING", "Any", "Dict", "List", "Literal", "Optional", "Sequence", "Union")


@dataclass
class GroupModule:
    """One module: its imports, its methods, its operations."""

    methods: list[dict[str, Any]]
    typing: list[str]
    parameters: list[str]
    bodies: list[str]
    uses_models: bool
    uses_datetime: bool
    uses_request_types: bool
    uses_deprecated: bool


def group_module(api: Api, requests: Requests, group: Group) -> GroupModule:
    """Describe the module of one API group."""
    uses = Uses(requests)
    methods = [method_source(api, operation, uses) for operation in group.operations]
    methods += [_former_method(api, group, each, uses) for each in group.former]
    source = " ".join(method["operation"] for method in methods)
    checks = ("boolean", "choice", "integer", "list_of", "number", "string", "timestamp")
    return GroupModule(
        methods=methods,
        typing=[name for name in _TYPING if name in uses.typing],
        parameters=[
            *(["Parameter"] if "Parameter(" in source else []),
            *(name for name in checks if f"{name}(" in source),
        ],
        bodies=[name for name in ("FormBody", "JsonBody") if name in source],
        uses_models=uses.models,
        uses_datetime="datetime" in uses.typing,
        uses_request_types=any(
            "request_types." in each.annotation
            for method in methods
            for each in method["arguments"]
        ),
        uses_deprecated=any(method["deprecation"] for method in methods),
    )


def _former_method(api: Api, group: Group, former: FormerMethod, uses: Uses) -> dict[str, Any]:
    """A method with the arguments of the present one, its body under the name that it had."""
    described = method_source(api, former.operation, uses)
    too = ", which the control plane has deprecated" if described["deprecation"] else ""
    bodies = {former.operation.facts.get("requestBody", {}).get("x-name"): former.body}
    described.update(
        name=former.name,
        arguments=[
            replace(each, name=bodies.get(each.name) or each.name)
            for each in described["arguments"]
        ],
        passed={name: bodies.get(name) or name for name in described["passed"]},
        doc=former_docstring(former),
        deprecation=(
            f"{group.attribute}.{former.name} was renamed with control plane {former.since};"
            f" use {former.operation.id}{too}"
        ),
    )
    if former.operation.group == group.attribute:
        # It calls what the present method calls.
        described["operation"] = ""
    else:
        described["constant"] = f"_{former.name.upper()}"
    return described
