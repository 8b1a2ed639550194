"""Copies of pydantic's schemas that are changed at every depth.

pydantic keeps the schema of a model as plain dicts, each with its `type`, which hold one another in
a few ways (`pydantic_core.core_schema`).
"""

from __future__ import annotations

from typing import AbstractSet, Any, Callable, Dict, Mapping

# From a copy whose parts are changed already, and the schema that it is a copy of.
Change = Callable[[Any, Any], Any]


def changed_schema(
    schema: Any, changes: Mapping[str, Change], without: AbstractSet[str] = frozenset()
) -> Any:
    """A copy of a schema, changed from its innermost parts outwards.

    Arguments:
        schema: what pydantic has made of a type.
        changes: by the `type` of the schemas that they are for.
        without: keys that no copy has.
    """

    def changed(part: Any) -> Any:
        return changed_schema(part, changes, without)

    copy: Dict[str, Any] = {key: value for key, value in schema.items() if key not in without}
    for key in ("schema", "items_schema", "values_schema"):
        if key in copy:
            copy[key] = changed(copy[key])
    if "fields" in copy:
        copy["fields"] = {
            name: {**field, "schema": changed(field["schema"])}
            for name, field in copy["fields"].items()
        }
    if "definitions" in copy:
        copy["definitions"] = [changed(part) for part in copy["definitions"]]
    choices = copy.get("choices")
    if isinstance(choices, dict):
        copy["choices"] = {tag: changed(part) for tag, part in choices.items()}
    elif choices is not None:
        copy["choices"] = [changed(part) for part in choices]
    # A definition is found by its `ref`, wherever what it was is now.
    reference = copy.pop("ref", None)
    change = changes.get(schema["type"])
    result = change(copy, schema) if change else copy
    return {**result, "ref": reference} if reference else result
