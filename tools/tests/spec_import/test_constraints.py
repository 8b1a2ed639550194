"""Formats, limits, patterns and keywords that say something else than they mean."""

from __future__ import annotations

import pytest
from pydantic_core import SchemaValidator, core_schema

from runapy_tools.openapi import Schema

from .documents import imported_property, imported_schemas, part, reference


def test_a_misspelled_keyword_counts() -> None:
    # Beside a reference, where OpenAPI 3.0 lets any word pass.
    result = imported_property({**reference("Name"), "depracted": True}, Name={"type": "string"})
    assert part(result) == {"type": "string", "deprecated": True}
    assert result.report.places("misspelled keyword `depracted`") == ["Shelf.part"]


def test_a_keyword_of_another_tool_goes() -> None:
    result = imported_property({"type": "string", "x-order": 1})
    assert part(result) == {"type": "string"}
    assert result.report.places("keyword `x-order`") == ["Shelf.part"]


@pytest.mark.parametrize("form", [".*", "int", "string", "text"])
def test_a_format_that_no_standard_knows_goes(form: str) -> None:
    result = imported_property({"type": "string", "format": form})
    assert part(result) == {"type": "string"}
    rule = f"the format `{form}`, which no standard knows"
    assert result.report.places(rule) == ["Shelf.part"]


@pytest.mark.parametrize("form", ["uuid", "date-time", "email", "password"])
def test_a_known_format_stays(form: str) -> None:
    schema = {"type": "string", "format": form}
    assert part(imported_property(schema)) == schema


@pytest.mark.parametrize("form", ["int32", "int64"])
def test_a_number_of_an_integers_format_is_an_integer(form: str) -> None:
    result = imported_property({"type": "number", "format": form, "maximum": 9})
    assert part(result) == {"type": "integer", "format": form, "maximum": 9}
    rule = f"a number of format `{form}` is an integer"
    assert result.report.places(rule) == ["Shelf.part"]


def test_a_number_of_another_format_stays_a_number() -> None:
    schema = {"type": "number", "format": "double"}
    assert part(imported_property(schema)) == schema


def test_lengths_on_an_array_count_its_items() -> None:
    schema = {"type": "array", "items": {"type": "string"}, "minLength": 1, "maxLength": 9}
    result = imported_property(schema)
    assert part(result) == {
        "type": "array",
        "items": {"type": "string"},
        "minItems": 1,
        "maxItems": 9,
    }
    assert result.report.places("`minLength` on an array is `minItems`") == ["Shelf.part"]
    assert result.report.places("`maxLength` on an array is `maxItems`") == ["Shelf.part"]


def test_an_arrays_own_limit_counts_more_than_a_length() -> None:
    schema = {"type": "array", "items": {"type": "string"}, "minLength": 1, "minItems": 2}
    assert part(imported_property(schema))["minItems"] == 2


@pytest.mark.parametrize("kind", ["number", "integer"])
def test_lengths_on_a_number_go(kind: str) -> None:
    result = imported_property({"type": kind, "minLength": 1})
    assert part(result) == {"type": kind}
    assert result.report.places(f"`minLength` on a {kind}") == ["Shelf.part"]


def test_a_limit_that_is_excluded_is_a_number_of_its_own() -> None:
    schema = {
        "type": "integer",
        "minimum": 0,
        "exclusiveMinimum": True,
        "maximum": 9,
        "exclusiveMaximum": False,
    }
    assert part(imported_property(schema)) == {
        "type": "integer",
        "exclusiveMinimum": 0,
        "maximum": 9,
    }


def test_a_pattern_written_as_a_javascript_literal_loses_its_slashes() -> None:
    result = imported_property({"type": "string", "pattern": "/^https:.+$/"})
    assert part(result)["pattern"] == "^https:.+$"
    rule = "a pattern written as a JavaScript literal"
    assert result.report.places(rule) == ["Shelf.part"]


def test_a_pattern_with_a_slash_at_one_end_keeps_it() -> None:
    assert part(imported_property({"type": "string", "pattern": "^/mnt/"}))["pattern"] == "^/mnt/"


def test_backslashes_that_were_escaped_twice_are_halved() -> None:
    result = imported_property({"type": "string", "pattern": r"^v\\d+\\.\\d+$"})
    assert part(result)["pattern"] == r"^v\d+\.\d+$"
    rule = "a pattern whose backslashes were escaped twice"
    assert result.report.places(rule) == ["Shelf.part"]


def test_a_pattern_that_holds_for_everything_goes() -> None:
    result = imported_property({"type": "string", "pattern": ".*"})
    assert part(result) == {"type": "string"}
    rule = "the pattern `.*`, which holds for everything"
    assert result.report.places(rule) == ["Shelf.part"]


def test_the_look_ahead_is_rewritten_to_an_equal_pattern() -> None:
    result = imported_property({"type": "string", "pattern": r"^(?!.*\s).*?[a-zA-Z].*$"})
    pattern = part(result)["pattern"]
    rule = "a look-ahead, which regular expressions of linear time do not have"
    assert result.report.places(rule) == [
        r"every pattern ^(?!.*\s).*?[a-zA-Z].*$, now ^\S*[a-zA-Z]\S*$"
    ]
    # The engine that clients check by, which has no look-ahead.
    validator = SchemaValidator(core_schema.str_schema(pattern=pattern))
    allowed = {text: validator.isinstance_python(text) for text in ("a", "1a2", "12", "", "a b")}
    assert allowed == {"a": True, "1a2": True, "12": False, "": False, "a b": False}


def test_an_unanchored_pattern_stays_unanchored() -> None:
    assert part(imported_property({"type": "string", "pattern": "[a-z]+"}))["pattern"] == "[a-z]+"


def test_a_property_that_search_and_replace_misspelled_is_the_one_it_was() -> None:
    wrong, right = "enforceRun:aiScheduler", "enforceRunaiScheduler"
    properties: Schema = {"id": {"type": "string"}, wrong: {"type": "boolean"}}
    shelf: Schema = {"type": "object", "required": ["id", wrong], "properties": properties}
    result = imported_schemas({"Shelf": shelf})
    assert list(result.schemas["Shelf"]["properties"]) == ["id", right]
    assert result.schemas["Shelf"]["required"] == ["id", right]
    reason = "the product's spelling put into a property by search and replace; later ones undo it"
    assert result.report.places(reason) == [f"every property {wrong}, now {right}"]
