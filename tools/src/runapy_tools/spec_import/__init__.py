"""From the control plane's OpenAPI document to this project's own description of the API."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path

from runapy_tools import yaml_files
from runapy_tools.naming import enum_member_name, python_name, snake_case
from runapy_tools.openapi import Document, Schema, map_operation_schemas, operations
from runapy_tools.spec_import import source
from runapy_tools.spec_import.aliases import Aliases
from runapy_tools.spec_import.alternatives import admit_overlaps
from runapy_tools.spec_import.categories import split
from runapy_tools.spec_import.composition import (
    Composition,
    simplify_component,
    simplify_composition,
)
from runapy_tools.spec_import.guide import Guide
from runapy_tools.spec_import.inline import hoist_inline_schemas
from runapy_tools.spec_import.operation_facts import (
    bring_together,
    facts,
    find_replacements,
    name_bodies,
)
from runapy_tools.spec_import.repairs import repair
from runapy_tools.spec_import.report import Report
from runapy_tools.spec_import.unsupported import (
    refuse_collisions,
    refuse_other_enums,
    refuse_unsupported,
)
from runapy_tools.spec_import.vocabulary import (
    drop_undefined_required,
    express_null,
    normalise,
)


def import_document(location: str, version: str, target: Path) -> Report:
    """Read the document at a path or URL and write `<target>/<version>/<category>.yaml`.

    A path may be a folder with a document for each group.

    Returns:
        What was repaired, renamed and left out.

    Raises:
        OSError, ValueError: the document cannot be read, names collide, or the version is none.
        LookupError: a reference leads nowhere.
        openapi_spec_validator.validation.exceptions.OpenAPIValidationError: the document is
            not valid OpenAPI.
    """
    if not re.fullmatch(r"\d+\.\d+", version):
        raise ValueError(
            f"{version!r} is no version of a control plane: give its two numbers, such as 2.24"
        )
    report = Report()
    if Path(location).is_dir():
        guide = Guide(target, version)
        files = convert(source.read(location, guide.titles()), version, report)
        files = guide.followed(files, report)
    else:
        files = convert(source.read(location), version, report)
    folder = target / version
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.yaml"):
        stale.unlink()
    for name, file in files.items():
        (folder / f"{name}.yaml").write_text(yaml_files.write(file), encoding="utf-8")
    return report


def convert(source_document: Document, version: str, report: Report) -> dict[str, Document]:
    """The same, from a document in memory to documents by category."""
    document = copy.deepcopy(source_document)
    # Known defects first: some make a document invalid.
    repair(document, report)
    source.check(document)
    bring_together(document, report)
    refuse_unsupported(document)
    find_replacements(document)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in schemas:
        schemas[name] = simplify_component(schemas[name])
    _map_operations(document, lambda schema, place: simplify_composition(schema))
    for name in hoist_inline_schemas(document):
        report.renamed("an object without a name, by its place", name)
    name_bodies(document)

    document["components"]["schemas"] = {
        name: normalise(schema, name, report) for name, schema in schemas.items()
    }
    _map_operations(document, lambda schema, place: normalise(schema, place, report))
    aliases = Aliases(document["components"]["schemas"], report)
    kept = aliases.kept()
    _map_operations(document, lambda schema, place: aliases.rewritten(schema))

    composition = Composition(kept, report)
    flat = {
        name: drop_undefined_required(composition.component(name), name, report) for name in kept
    }
    nullable = {name for name, schema in flat.items() if schema.pop("nullable", False)}
    document["components"] = {
        "schemas": {
            name: _with_names(
                express_null(admit_overlaps(schema, flat, name, report), nullable), name, report
            )
            for name, schema in flat.items()
        }
    }
    _map_operations(
        document,
        lambda schema, place: express_null(
            admit_overlaps(composition.use(schema, place), flat, place, report), nullable
        ),
    )
    groups = document["x-tagGroups"]
    document["paths"] = facts(document, report)
    return split(document, groups, version)


def _map_operations(document: Document, change: Callable[[Schema, str], Schema]) -> None:
    for path, method, operation in list(operations(document)):
        place = f"{method} {path}"

        def change_here(schema: Schema, where: str, place: str = place) -> Schema:
            return change(schema, f"{place} {where}")

        document["paths"][path][method] = map_operation_schemas(operation, change_here)


def _with_names(schema: Schema, place: str, report: Report) -> Schema:
    """Copy of a component that says the client's names where they are not the plain rule's."""
    result = dict(schema)
    if "enum" in schema:
        members = [value for value in schema["enum"] if value is not None]
        refuse_other_enums(members, place)
        result["x-enum-varnames"] = [enum_member_name(value) for value in members]
        refuse_collisions(result["x-enum-varnames"], place)
        if "" in members:
            report.renamed("an empty string in an enum, to the member EMPTY", place)
    if "properties" in schema:
        result["properties"] = properties = dict(schema["properties"])
        refuse_collisions(map(python_name, properties), place)
        for name, value in schema["properties"].items():
            if python_name(name) != snake_case(name):
                properties[name] = {**value, "x-name": python_name(name)}
                report.renamed(
                    "a property, to a name that Python allows",
                    f"{place}.{name} -> {python_name(name)}",
                )
    return result
