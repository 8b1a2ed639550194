"""`oneOf` whose alternatives do not exclude each other: no value could satisfy it."""

from __future__ import annotations

from runapy_tools.openapi import Schema, map_subschemas, reference_name
from runapy_tools.spec_import.report import Report


def admit_overlaps(
    schema: Schema, components: dict[str, Schema], place: str, report: Report
) -> Schema:
    """Copy of a flat schema whose overlapping alternatives are `anyOf`.

    Alternatives overlap for certain where two of them are objects that require nothing: both hold
    for the empty object, and for whatever else one of them was meant for.
    """
    result = map_subschemas(schema, lambda each: admit_overlaps(each, components, place, report))
    parts: list[Schema] = schema.get("oneOf", [])
    targets = [components[name] if (name := reference_name(part)) else part for part in parts]
    if sum(_is_open(target) for target in targets) < 2:
        return result
    report.repaired("a `oneOf` whose alternatives do not exclude each other is `anyOf`", place)
    return {"anyOf" if key == "oneOf" else key: value for key, value in result.items()}


def _is_open(schema: Schema) -> bool:
    return (
        schema.get("type") == "object"
        and not schema.get("required")
        and schema.get("additionalProperties", True) is not False
    )
