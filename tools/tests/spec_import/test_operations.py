"""What an operation keeps: parameters, bodies, answers, security."""

from __future__ import annotations

from typing import Any

import pytest

from runapy_tools.openapi import Schema

from .documents import answer, document, imported, operation, reference

TEXT = {"type": "string"}


def parameter(name: str, place: str = "query", **facts: Any) -> dict[str, Any]:
    required = {"required": True} if place == "path" else {}
    return {"name": name, "in": place, "schema": TEXT, **required, **facts}


def names(facts: dict[str, Any]) -> list[str]:
    return [each["name"] for each in facts["parameters"]]


def test_parameters_of_the_path_come_first() -> None:
    item = {
        "parameters": [parameter("AssetId", "path")],
        "get": operation(parameters=[parameter("offset")]),
        "delete": operation("delete_shelf"),
    }
    result = imported(document({"/shelves/{AssetId}": item}))
    facts = result.operation("get", "/shelves/{AssetId}")
    assert names(facts) == ["AssetId", "offset"]
    assert names(result.operation("delete", "/shelves/{AssetId}")) == ["AssetId"]


def test_a_parameter_given_twice_counts_once() -> None:
    item = {
        "parameters": [parameter("AssetId", "path")],
        "delete": operation(parameters=[parameter("AssetId", "path")]),
    }
    result = imported(document({"/shelves/{AssetId}": item}))
    kept = result.operation("delete", "/shelves/{AssetId}")["parameters"]
    assert [(each["in"], each["name"]) for each in kept] == [("path", "AssetId")]
    rule = "a parameter given twice"
    assert result.report.places(rule) == ["delete /shelves/{AssetId} AssetId"]


def test_a_parameter_behind_a_chain_of_references_is_resolved() -> None:
    components = {
        "parameters": {
            "Short": {"$ref": "#/components/parameters/Long"},
            "Long": parameter("shelf-id", schema=reference("Identifier")),
        }
    }
    schemas = {
        "Identifier": reference("AnyIdentifier"),
        "AnyIdentifier": {"type": "string", "format": "uuid"},
    }
    get = operation(parameters=[{"$ref": "#/components/parameters/Short"}])
    result = imported(document({"/shelves": {"get": get}}, schemas, components=components))
    assert result.operation()["parameters"] == [
        {
            "name": "shelf-id",
            "in": "query",
            "x-name": "shelf_id",
            "required": False,
            "schema": {"type": "string", "format": "uuid"},
        }
    ]
    rule = "the name of a schema that is no object and no enum"
    assert result.report.places(rule) == ["Identifier", "AnyIdentifier"]


@pytest.mark.parametrize(
    ("wire", "python"),
    [
        ("department-id", "department_id"),
        ("cluster_uuid", "cluster_uuid"),
        ("AssetId", "asset_id"),
        ("nodeID", "node_id"),
        ("filterBy", "filter_by"),
        ("from", "var_from"),
    ],
)
def test_a_parameter_has_the_clients_name_besides_its_own(wire: str, python: str) -> None:
    get = operation(parameters=[parameter(wire)])
    (kept,) = imported(document({"/shelves": {"get": get}})).operation()["parameters"]
    assert (kept["name"], kept["x-name"]) == (wire, python)


@pytest.mark.parametrize(
    ("place", "given", "explode"),
    [
        ("query", {"explode": False}, False),
        ("query", {"explode": True}, True),
        ("query", {}, True),
        ("header", {}, False),
    ],
)
def test_a_list_says_whether_it_is_joined_by_commas(
    place: str, given: dict[str, Any], explode: bool
) -> None:
    ids = parameter("ids", place, schema=reference("Identifiers"), **given)
    schemas = {"Identifiers": {"type": "array", "items": TEXT}}
    source = document({"/shelves": {"get": operation(parameters=[ids])}}, schemas)
    (kept,) = imported(source).operation()["parameters"]
    assert kept["explode"] is explode
    assert kept["schema"] == {"type": "array", "items": TEXT}


def test_reserved_characters_are_encoded_all_the_same() -> None:
    get = operation(parameters=[parameter("name", allowReserved=True)])
    result = imported(document({"/shelves": {"get": get}}))
    assert "allowReserved" not in result.operation()["parameters"][0]
    rule = "`allowReserved`: values are percent-encoded all the same"
    assert result.report.places(rule) == ["get /shelves name"]


def test_a_header_parameter_stays() -> None:
    get = operation(parameters=[parameter("User-Agent", "header")])
    (kept,) = imported(document({"/shelves": {"get": get}})).operation()["parameters"]
    assert (kept["in"], kept["x-name"]) == ("header", "user_agent")


def body(schema: Schema, media_type: str = "application/json", **facts: Any) -> dict[str, Any]:
    return {"content": {media_type: {"schema": schema}}, **facts}


BOX = {"type": "object", "properties": {"x": TEXT}}


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        (reference("Box"), "box"),
        (reference("Alias"), "box"),
        (reference("AliasOfAlias"), "box"),
        (BOX, "create_shelf_request"),
        ({"type": "array", "items": TEXT}, "body"),
    ],
    ids=["model", "alias", "alias of an alias", "no name", "no model"],
)
def test_a_body_is_named_by_its_model(schema: Schema, name: str) -> None:
    schemas = {
        "Box": BOX,
        "Alias": reference("Box"),
        "AliasOfAlias": {**reference("Alias"), "description": "The same again."},
    }
    post = operation("create_shelf", requestBody=body(schema))
    result = imported(document({"/shelves": {"post": post}}, schemas))
    assert result.operation("post")["requestBody"]["x-name"] == name


def test_a_body_is_optional_unless_it_is_required() -> None:
    paths = {
        "/a": {"post": operation("a", requestBody=body(reference("Box")))},
        "/b": {"post": operation("b", requestBody=body(reference("Box"), required=True))},
    }
    result = imported(document(paths, {"Box": BOX}))
    needed = [result.operation("post", path)["requestBody"]["required"] for path in ("/a", "/b")]
    assert needed == [False, True]


def test_a_form_stays_fields_and_becomes_no_model() -> None:
    form = {
        "type": "object",
        "required": ["grant_type"],
        "properties": {"grant_type": {"type": "string", "enum": ["a", "b"]}, "code": TEXT},
    }
    media_type = "application/x-www-form-urlencoded"
    post = operation("get_token", requestBody=body(form, media_type))
    result = imported(document({"/shelves": {"post": post}}))
    content = result.operation("post")["requestBody"]["content"]
    assert content == {media_type: {"schema": form}}
    assert result.schemas == {}


def test_every_media_type_of_an_answer_stays_in_order() -> None:
    content = {
        "text/csv": {"schema": TEXT},
        "application/json": {"schema": reference("Box")},
        "application/x-tar": {},
    }
    responses = {"200": {"description": "Well.", "content": content}}
    source = document({"/shelves": {"get": operation(responses=responses)}}, {"Box": BOX})
    result = imported(source).operation()["responses"]["200"]["content"]
    assert list(result.items()) == list(content.items())


def test_a_misspelled_media_type_is_what_it_means() -> None:
    get = operation(responses=answer(reference("Box"), "applicatin/json"))
    result = imported(document({"/shelves": {"get": get}}, {"Box": BOX}))
    content = result.operation()["responses"]["200"]["content"]
    assert content == {"application/json": {"schema": reference("Box")}}
    rule = "a misspelled media type"
    assert result.report.places(rule) == ["every content applicatin/json, now application/json"]


def test_statuses_stay_with_their_phrase_alone() -> None:
    responses = {
        "202": {"description": "Taken, but not done yet."},
        "207": {"$ref": "#/components/responses/Mixed"},
        "default": {"description": "Anything else."},
    }
    components = {"responses": {"Mixed": {"description": "Some were done and some were not."}}}
    source = document({"/shelves": {"get": operation(responses=responses)}}, components=components)
    assert imported(source).operation()["responses"] == {
        "202": {"description": "Accepted"},
        "207": {"description": "Multi-Status"},
        "default": {"description": "default"},
    }


@pytest.mark.parametrize("path", ["/api/v1/token", "/api/v2/token", "/v1/k8s/auth/oauth/apptoken"])
def test_an_operation_that_gives_tokens_asks_for_none(path: str) -> None:
    result = imported(document({path: {"post": operation("get_token")}}))
    assert result.operation("post", path)["security"] == []
    rule = "the operation that gives a token cannot ask for one"
    assert result.report.places(rule) == [f"POST {path}"]


def test_security_that_the_document_states_stays() -> None:
    paths = {
        "/api/v1/token": {"post": operation("get_token", security=[{"key": []}])},
        "/public": {"get": operation("get_public", security=[])},
        "/private": {"get": operation("get_private")},
    }
    schemes = {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}}
    result = imported(document(paths, components=schemes))
    assert result.operation("post", "/api/v1/token")["security"] == [{"key": []}]
    assert result.operation("get", "/public")["security"] == []
    assert "security" not in result.operation("get", "/private")
    assert result.report.places("the operation that gives a token cannot ask for one") == []


def test_a_keyword_of_an_operation_that_is_no_fact_is_reported() -> None:
    result = imported(document({"/shelves": {"get": {**operation(), "x-cloud": True}}}))
    assert "x-cloud" not in result.operation()
    assert result.report.places("keyword `x-cloud` of an operation") == ["get /shelves"]
