"""One small API that has every kind of constraint, parameter, body and answer."""

from __future__ import annotations

from typing import Any

from runapy_tools.openapi import Schema

from .descriptions import answers, json_body, nullable, operation, parameter, reference

TEXT = {"type": "string"}


def model(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    needed = {"required": list(required)} if required else {}
    return {"type": "object", **needed, "properties": properties}


SCHEMAS: dict[str, Schema] = {
    "Colour": {
        "type": "string",
        "enum": ["dark-red", "", "5m"],
        "x-enum-varnames": ["DARK_MINUS_RED", "EMPTY", "ENUM_5M"],
        "default": "5m",
    },
    "Gadget": model(
        ("name", "id", "secret", "note"),
        comment=TEXT,
        name=TEXT,
        note={"type": ["string", "null"]},
        id={**TEXT, "readOnly": True},
        secret={**TEXT, "writeOnly": True},
        colour=reference("Colour"),
        size={"type": ["string", "null"], "enum": ["S", "L", None]},
        code={**TEXT, "pattern": r"^[a-z]+\d$", "maxLength": 5},
        weight={"type": "number", "exclusiveMinimum": 0, "maximum": 100},
        count={"type": "integer", "minimum": 1, "multipleOf": 2, "default": 4},
        old={**TEXT, "deprecated": True},
        made_at={"type": "string", "format": "date-time", "x-name": "made_at"},
        soldOn={"type": "string", "format": "date"},
    ),
    "Names": {
        "type": "object",
        "properties": {
            "gpu-memory": TEXT,
            "config_map": TEXT,
            "Spec": TEXT,
            "from": {**TEXT, "x-name": "var_from"},
            "clusterUUID": TEXT,
        },
    },
    "Lists": model(
        tags={"type": "array", "items": {**TEXT, "maxLength": 3}, "minItems": 1, "maxItems": 2},
        sparse={"type": "array", "items": {"type": ["integer", "null"]}},
        parts={"type": "array", "items": reference("Part")},
        labels={"type": "object", "additionalProperties": TEXT},
        ports={"type": "object", "additionalProperties": {"type": "integer", "maximum": 9}},
        partsByName={"type": "object", "additionalProperties": reference("Part")},
        anything={},
        freeForm={"type": "object"},
    ),
    # Part and Lists are defined in the order of use, whatever their names.
    "Part": model(inner=reference("Part"), owner=nullable("Owner"), x={"type": "integer"}),
    "Owner": model(("id",), id={"type": "integer"}, part=reference("Part")),
    "Round": model(("radius",), radius={"type": "number"}),
    "Square": model(("side",), side={"type": "number"}),
    "Shape": {"anyOf": [reference("Round"), reference("Square")]},
    "Drawing": model(shape=reference("Shape"), either={"anyOf": [TEXT, {"type": "integer"}]}),
}

GADGET = "/gadgets/{gadgetId}"
ID = parameter("gadgetId", {**TEXT, "minLength": 2}, "path", "gadget_id")

PATHS: dict[str, Any] = {
    "/gadgets": {
        "get": operation(
            "list_gadgets",
            parameters=[
                parameter(
                    "limit", {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}
                ),
                parameter("weight", {"type": "number", "maximum": 9}),
                parameter("exact", {"type": "boolean", "default": False}),
                parameter("since", {"type": "string", "format": "date-time"}),
                parameter("colour", reference("Colour")),
                parameter("size", {"type": "string", "enum": ["S", "L"]}),
                parameter(
                    "filterBy",
                    {
                        "type": "array",
                        "items": {**TEXT, "pattern": "^(name|id)==.+$"},
                        "maxItems": 2,
                    },
                    x_name="filter_by",
                    explode=False,
                ),
                parameter("tag", {"type": "array", "items": TEXT}, explode=True),
                parameter("code", {**TEXT, "pattern": r"^\d+$", "maxLength": 3}, required=True),
                parameter("old", TEXT, deprecated=True),
                parameter("X-Trace", TEXT, "header", "x_trace"),
            ],
            responses={
                **answers({"type": "array", "items": reference("Gadget")}, **{"text/csv": {}}),
                "400": {"description": "Bad Request"},
                "503": {"description": "Service Unavailable"},
            },
        ),
        "post": operation(
            "create_gadget",
            requestBody=json_body("gadget", reference("Gadget")),
            responses=answers(reference("Gadget")),
        ),
        "put": operation(
            "replace_lists", requestBody=json_body("lists", reference("Lists"), required=False)
        ),
        "patch": operation(
            "tag_gadgets",
            requestBody=json_body("body", {"type": "array", "items": TEXT, "maxItems": 2}),
        ),
    },
    GADGET: {
        "get": operation("get_gadget", parameters=[ID], responses=answers(reference("Drawing"))),
        "delete": operation(
            "delete_gadget", parameters=[ID], deprecated=True, **{"x-replacement": "gadgets.sell"}
        ),
        "put": operation(
            "update_gadget",
            deprecated=True,
            parameters=[ID],
            requestBody=json_body("names", reference("Names")),
        ),
    },
    "/anything": {
        "put": operation("set_anything", requestBody=json_body("body", {"type": "object"}))
    },
    "/token": {
        "post": operation(
            "get_token",
            security=[],
            requestBody={
                "x-name": "body",
                "required": True,
                "content": {
                    "application/x-www-form-urlencoded": {
                        "schema": model(
                            ("grant_type",),
                            grant_type={"type": "string", "enum": ["code", "refresh"]},
                            clientId=TEXT,
                        )
                    }
                },
            },
            responses=answers({"type": "object"}),
        )
    },
}

WORDS: dict[str, Any] = {
    "category": "All that is sold, with so many words that no line of a hundred characters can hold"
    " the whole of them.",
    "groups": {"gadgets": "Things with a purpose."},
    "operations": {
        "gadgets.list_gadgets": "Lists the gadgets.",
        "gadgets.create_gadget": "Makes a gadget.",
    },
}
PARAMETER_WORDS: dict[str, Any] = {
    "parameters": {
        "limit": "How many to list.",
        "gadget_id": "Which gadget.",
        "gadget": "The new gadget.",
    },
    "operations": {"gadgets.delete_gadget.gadget_id": "The gadget to scrap."},
}
UNREACHED: dict[str, Schema] = {"Ladder": model(height={"type": "integer"})}
