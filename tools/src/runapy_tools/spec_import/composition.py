"""`allOf`: parts that say nothing go, single parts are unwrapped, the rest is merged."""

from __future__ import annotations

from runapy_tools.openapi import Schema, map_subschemas, reference_name
from runapy_tools.spec_import.report import Report

WORDS = {"description", "summary", "title", "example", "examples", "externalDocs"}


def simplify_composition(schema: Schema) -> Schema:
    """Copy of a schema in which every `allOf` holds only parts that constrain something.

    A single part that is not a reference becomes the schema itself, and so does what null is the
    only alternative to.
    """
    result = map_subschemas(schema, simplify_composition)
    mark_null(result)
    if "allOf" in result:
        parts = [part for part in result["allOf"] if set(part) - WORDS]
        if len(parts) == 1 and "$ref" not in parts[0]:
            del result["allOf"]
            return {**parts[0], **result}
        result["allOf"] = parts
    return result


def simplify_component(schema: Schema) -> Schema:
    """The same for a component, whose parts stay as they are if null is no alternative to them."""
    result = map_subschemas(schema, simplify_composition)
    parts = result.get("allOf")
    mark_null(result)
    only = result.get("allOf", [])
    if only is not parts and len(only) == 1 and "$ref" not in only[0]:
        del result["allOf"]
        return {**only[0], **result}
    return result


def mark_null(schema: Schema) -> None:
    """Turn null among a schema's types or alternatives (3.1) into the mark `nullable`, in place."""
    kinds = schema.get("type")
    if isinstance(kinds, list) and "null" in kinds:
        schema["nullable"] = True
        others = [kind for kind in kinds if kind != "null"]
        schema["type"] = others[0] if len(others) == 1 else others
    for key in ("anyOf", "oneOf"):
        parts = [part for part in schema.get(key, []) if part.get("type") != "null"]
        if len(parts) < len(schema.get(key, [])):
            schema["nullable"] = True
            schema[key] = parts
            if len(parts) == 1:
                schema["allOf"] = schema.pop(key)


class Composition:
    """Writes schemas without `allOf`.

    Arguments:
        components: the document's schemas.
        report: gets what one part of an `allOf` said and another one overrode.
    """

    def __init__(self, components: dict[str, Schema], report: Report) -> None:
        self._components = components
        self._report = report

    def component(self, name: str) -> Schema:
        """Copy of a component in which its parts are merged into one object.

        Raises:
            ValueError: parts contradict each other.
        """
        merged = self._merged(self._components[name], name)
        return map_subschemas(merged, lambda each: self.use(each, name))

    def use(self, schema: Schema, place: str) -> Schema:
        """Copy of a schema below a component or in an operation.

        `allOf: [{$ref}]` with siblings becomes the reference with its siblings (OpenAPI 3.1).
        """
        inner = map_subschemas(schema, lambda each: self.use(each, place))
        parts = inner.get("allOf")
        if parts is None:
            return inner
        own = {key: value for key, value in inner.items() if key != "allOf"}
        if len(parts) == 1 and "$ref" in parts[0]:
            return {**parts[0], **own}
        return self._merged(inner, place)

    def _merged(self, schema: Schema, place: str) -> Schema:
        """The schema and its parts as one; a reference at the top becomes what it refers to."""
        own = {key: value for key, value in schema.items() if key not in ("allOf", "$ref")}
        parts = list(schema.get("allOf", []))
        if "$ref" in schema:
            parts.append({"$ref": schema["$ref"]})
        result: Schema = {}
        for part in parts:
            name = reference_name(part)
            source = self._components[name] if name else part
            siblings = {key: value for key, value in part.items() if key != "$ref"} if name else {}
            self._merge_into(result, self._merged(source, place), place)
            self._merge_into(result, siblings, place)
        self._merge_into(result, own, place)
        return result

    def _merge_into(self, result: Schema, part: Schema, place: str) -> None:
        for key, value in part.items():
            if key == "properties":
                properties = dict(result.get("properties", {}))
                for name, schema in value.items():
                    older = properties.get(name, schema)
                    properties[name] = self._property(older, schema, f"{place}.{name}")
                result["properties"] = properties
            elif key == "required":
                known = result.get("required", [])
                result["required"] = known + [name for name in value if name not in known]
            elif key == "type" and result.get("type", value) != value:
                kinds = {str(result["type"]), str(value)}
                raise ValueError(
                    f"{place}: the parts of an allOf disagree on the type: {sorted(kinds)}"
                )
            else:
                result[key] = value

    def _property(self, older: Schema, later: Schema, place: str) -> Schema:
        """What two parts say of one property: both, or the later where they cannot both hold."""
        if older == later or not _structure(later):
            return {**older, **later}
        if not _structure(older):
            return {**older, **later}
        same_type = "$ref" not in older and "$ref" not in later
        if same_type and older.get("type") == later.get("type"):
            return {**older, **later}
        self._report.left_out("what an earlier part of an allOf says of a property", place)
        return later


def _structure(schema: Schema) -> set[str]:
    """Keywords that say what kind of value a schema is for, beside what they only annotate."""
    annotations = {"nullable", "default", "readOnly", "writeOnly", "deprecated"}
    return set(schema) - annotations
