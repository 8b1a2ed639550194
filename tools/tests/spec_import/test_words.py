"""No sentence and no example of the source reaches this project's description."""

from __future__ import annotations

from typing import Any

from runapy_tools import yaml_files

from .documents import document, imported, imported_schemas

SECRET = "Sentence of the source"  # what must appear nowhere
WORDS = {"title": SECRET, "description": SECRET, "example": SECRET}
LINK = {"externalDocs": {"url": "https://example.com", "description": SECRET}}


def wordy_document() -> dict[str, Any]:
    """A document with words and examples wherever OpenAPI takes them."""
    schema = {"type": "string", **WORDS, **LINK}
    media = {"schema": {"$ref": "#/components/schemas/Shelf"}, "example": {"text": SECRET}}
    examples = {"one": {"summary": SECRET, "description": SECRET, "value": {"text": SECRET}}}
    get = {
        "operationId": "list_shelves",
        "tags": ["Shelves"],
        "summary": SECRET,
        "description": SECRET,
        **LINK,
        "parameters": [
            {
                "name": "a",
                "in": "query",
                "description": SECRET,
                "schema": schema,
                "example": SECRET,
            },
            {"name": "b", "in": "query", "schema": schema, "examples": examples},
        ],
        "requestBody": {"description": SECRET, "content": {"application/json": media}},
        "responses": {
            "200": {
                "description": SECRET,
                "content": {
                    "application/json": {"schema": media["schema"], "examples": examples},
                    "text/csv": {"schema": schema},
                },
            },
            "400": {"description": SECRET},
        },
    }
    shelf = {
        "type": "object",
        **WORDS,
        "properties": {
            "text": schema,
            "list": {"type": "array", "items": schema},
            "inline": {"type": "object", **WORDS, "properties": {"deep": schema}},
            "parts": {"allOf": [{"$ref": "#/components/schemas/Colour"}, {"description": SECRET}]},
        },
    }
    colour = {"type": "string", "enum": ["red"], **WORDS}
    source = document({"/shelves": {"get": get}}, {"Shelf": shelf, "Colour": colour})
    source["info"]["description"] = SECRET
    source["tags"] = [{"name": "Shelves", "description": SECRET}]
    return source


def test_words_and_examples_go() -> None:
    source = wordy_document()
    assert yaml_files.write(source).count(SECRET) > 30
    result = imported(source)
    assert SECRET not in yaml_files.write(result.files)
    # The facts beside the words are still there.
    assert result.schemas["Shelf"]["properties"]["parts"] == {"$ref": "#/components/schemas/Colour"}
    assert result.operation()["parameters"][0]["schema"] == {"type": "string"}


def test_properties_that_are_called_like_words_stay() -> None:
    properties = {
        name: {"type": "string"}
        for name in ("title", "summary", "description", "example", "examples", "externalDocs")
    }
    shelf = {"type": "object", "required": ["description"], "properties": properties}
    result = imported_schemas({"Shelf": {**shelf, "description": SECRET}})
    assert result.schemas["Shelf"] == shelf


def test_a_value_that_reads_like_a_sentence_is_a_fact() -> None:
    schema = {"type": "string", "enum": ["A title.", "b"], "default": "A title."}
    result = imported_schemas({"Title": schema})
    assert result.schemas["Title"]["default"] == "A title."
    assert result.schemas["Title"]["enum"] == ["A title.", "b"]
