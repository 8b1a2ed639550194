"""Components that name no object and no enum go: each use gets what the name stood for."""

from __future__ import annotations

from runapy_tools.naming import class_name
from runapy_tools.openapi import SCHEMA_REFERENCE, Schema, map_subschemas, reference_name
from runapy_tools.spec_import.report import Report


class Aliases:
    """Decides which components stay under which class name, and rewrites references to them.

    Arguments:
        components: the document's schemas, by the source's names.
        report: gets what was renamed and what was inlined.

    Raises:
        ValueError: two different components would get one class name.
        LookupError: a reference leads nowhere.
    """

    def __init__(self, components: dict[str, Schema], report: Report) -> None:
        self._components = components
        self.class_names: dict[str, str] = {}
        classes = [name for name, schema in components.items() if _is_class(schema)]
        # Of two names that differ in capitals, the one written as a class keeps the class name.
        for name in sorted(classes, key=lambda each: each != class_name(each)):
            wanted = class_name(name)
            if wanted in self.class_names.values():
                wanted = self._equal(name)
                report.renamed("a schema, to its equal", f"{name} -> {wanted}")
            elif wanted != name:
                report.renamed("a schema, to its class name", f"{name} -> {wanted}")
            self.class_names[name] = wanted
        for name in components:
            if name not in self.class_names:
                report.left_out("the name of a schema that is no object and no enum", name)

    def kept(self) -> dict[str, Schema]:
        """The components that stay, by class name, with every reference rewritten."""
        kept: dict[str, Schema] = {}
        for name in self._components:
            wanted = self.class_names.get(name)
            if wanted and wanted not in kept:
                kept[wanted] = map_subschemas(self._components[name], self.rewritten)
        return kept

    def rewritten(self, schema: Schema) -> Schema:
        """Copy of a schema whose references name classes, and whose aliases are inlined."""
        name = reference_name(schema)
        if name is None:
            return map_subschemas(schema, self.rewritten)
        if name not in self._components:
            raise LookupError(f"the reference {schema['$ref']} leads nowhere")
        siblings = {key: value for key, value in schema.items() if key != "$ref"}
        if name in self.class_names:
            return {"$ref": SCHEMA_REFERENCE + self.class_names[name], **siblings}
        return {**self.rewritten(self._components[name]), **siblings}

    def _equal(self, name: str) -> str:
        """Class name of another component that means the same as one whose own is taken."""
        for other, wanted in self.class_names.items():
            if self._components[other] == self._components[name]:
                return wanted
        raise ValueError(
            f"the schema {name} and another one have the class name {class_name(name)},"
            " and nothing else means the same: add an entry to the names' exceptions"
        )


def _is_class(schema: Schema) -> bool:
    """Objects with properties, alternatives and enums become classes; free-form objects do not."""
    if "$ref" in schema:
        return False
    return any(schema.get(key) for key in ("properties", "allOf", "anyOf", "oneOf", "enum"))
