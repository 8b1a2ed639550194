"""Generated methods, by the call that they make of their arguments."""

from __future__ import annotations

import importlib
import inspect
import json
from datetime import datetime, timezone
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from runai.exceptions import ApiValueError
from runapy_tools.generator import generate

from .descriptions import operation, parameter, write_description


def query(gadgets: Any, **arguments: Any) -> str:
    """What `list_gadgets` puts after its one required parameter."""
    target = gadgets.list_gadgets(code="1", **arguments).target
    assert target.startswith("/gadgets?")
    pairs = target.partition("?")[2].split("&")
    assert pairs.count("code=1") == 1
    return "&".join(pair for pair in pairs if pair != "code=1")


@pytest.mark.parametrize(
    ("argument", "value", "sent"),
    [
        ("limit", 500, "limit=500"),
        ("weight", 2.5, "weight=2.5"),
        ("exact", True, "exact=true"),
        ("size", "L", "size=L"),
        ("colour", "dark-red", "colour=dark-red"),
        (
            "since",
            datetime(2024, 5, 6, tzinfo=timezone.utc),
            "since=2024-05-06T00%3A00%3A00%2B00%3A00",
        ),
        ("filter_by", ["name==a,b", "id==1"], "filterBy=name%3D%3Da%2Cb,id%3D%3D1"),
        ("tag", ["a", "b"], "tag=a&tag=b"),
        ("old", "x", "old=x"),
    ],
)
def test_a_parameter_is_sent_by_its_own_name(
    gadgets: Any, argument: str, value: Any, sent: str
) -> None:
    assert query(gadgets, **{argument: value}) == sent


def test_an_enum_parameter_takes_the_enum(gadgets: Any, models: ModuleType) -> None:
    assert query(gadgets, colour=models.Colour.DARK_MINUS_RED) == "colour=dark-red"


def test_defaults_of_the_control_plane_are_not_sent(gadgets: Any) -> None:
    assert query(gadgets) == ""


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("limit", 0),
        ("limit", 501),
        ("limit", "many"),
        ("weight", 9.5),
        ("exact", "perhaps"),
        ("size", "M"),
        ("colour", "red"),
        ("since", "yesterday"),
        ("filter_by", ["colour==red"]),
        ("filter_by", ["id==1", "id==2", "id==3"]),
        ("code", "x"),
        ("code", "1234"),
    ],
)
def test_a_value_that_the_description_does_not_allow_is_refused(
    gadgets: Any, argument: str, value: Any
) -> None:
    with pytest.raises(ApiValueError, match=rf"^gadgets\.list_gadgets: {argument}\b"):
        gadgets.list_gadgets(**{"code": "1", argument: value})


def test_a_header_parameter_is_a_header(gadgets: Any) -> None:
    call = gadgets.list_gadgets(code="1", x_trace="abc")
    assert call.headers["X-Trace"] == "abc"
    assert "abc" not in call.target


def test_a_path_parameter_is_part_of_the_path(gadgets: Any) -> None:
    call = gadgets.get_gadget("a/b")
    assert (call.operation, call.method, call.target) == (
        "gadgets.get_gadget",
        "GET",
        "/gadgets/a%2Fb",
    )
    with pytest.raises(ApiValueError, match="gadget_id"):
        gadgets.get_gadget("a")


def test_what_must_be_given_stands_first(gadgets: Any) -> None:
    parameters = list(inspect.signature(gadgets.list_gadgets).parameters.values())
    assert parameters.pop().kind is inspect.Parameter.VAR_KEYWORD
    required = [each.name for each in parameters if each.default is inspect.Parameter.empty]
    assert required == ["code"]
    assert parameters[0].name == "code"


def test_options_are_told_from_arguments(gadgets: Any) -> None:
    assert gadgets.list_gadgets(code="1", timeout=3, max_retries=0).method == "GET"
    with pytest.raises(TypeError, match=r"list_gadgets\(\) got .*'cod'; did you mean 'code'\?"):
        gadgets.list_gadgets(code="1", cod="2")
    with pytest.raises(TypeError, match=r"got an unexpected keyword argument 'time_out'"):
        gadgets.list_gadgets(code="1", time_out=3)


def test_an_answer_of_several_types_can_be_chosen(gadgets: Any) -> None:
    assert gadgets.list_gadgets(code="1").media_types == ("application/json", "text/csv")
    assert (
        gadgets.list_gadgets(code="1", accept="text/csv").headers["Accept"].startswith("text/csv")
    )
    assert gadgets.list_gadgets(code="1").headers["Accept"] == "application/json"
    assert "accept" not in inspect.signature(gadgets.get_gadget).parameters


def test_the_type_of_an_answer(gadgets: Any, models: ModuleType) -> None:
    answer = gadgets.list_gadgets(code="1").model()
    assert (get_origin(answer), get_args(answer)) == (list, (models.Gadget,))
    assert gadgets.get_gadget("ab").model() is models.Drawing
    assert gadgets.replace_lists().model is None
    assert gadgets.replace_lists().media_types == ()


def written_annotations(method: Any) -> dict[str, str]:
    """Annotations of a method's arguments, as they are written; all of them can be evaluated."""
    package = method.__func__.__globals__["models"].__name__.rpartition(".")[0]
    names = {"request_types": importlib.import_module(f"{package}.request_types")}
    assert "return" in get_type_hints(method, localns=names)
    written = {
        name: parameter.annotation
        for name, parameter in inspect.signature(method).parameters.items()
    }
    # Every operation takes the options of a call.
    assert written.pop("options") == "Unpack[CallOptions]"
    return written


def test_annotations_of_parameters(gadgets: Any) -> None:
    assert written_annotations(gadgets.list_gadgets) == {
        "code": "str",
        "limit": "Optional[int]",
        "weight": "Optional[float]",
        "exact": "Optional[bool]",
        "since": "Optional[Union[datetime, str]]",
        "colour": "Optional[Union[models.Colour, request_types.ColourValue]]",
        "size": "Optional[Literal['S', 'L']]",
        "filter_by": "Optional[List[str]]",
        "tag": "Optional[List[str]]",
        "old": "Optional[str]",
        "x_trace": "Optional[str]",
        "accept": "Optional[Literal['application/json', 'text/csv']]",
    }


def test_annotations_of_bodies(gadgets: Any) -> None:
    assert written_annotations(gadgets.create_gadget) == {
        "gadget": "Union[models.Gadget, request_types.GadgetDict]"
    }
    assert written_annotations(gadgets.replace_lists) == {
        "lists": "Optional[Union[models.Lists, request_types.ListsDict]]"
    }
    assert written_annotations(gadgets.tag_gadgets) == {"body": "List[str]"}
    assert written_annotations(gadgets.set_anything) == {"body": "Dict[str, Any]"}
    assert written_annotations(gadgets.get_token) == {
        "grant_type": "Literal['code', 'refresh']",
        "client_id": "Optional[str]",
    }


def test_a_body_is_a_model_or_its_json(gadgets: Any, models: ModuleType) -> None:
    expected = {"name": "lamp", "note": None, "made_at": "2024-05-06T00:00:00+00:00"}
    made_at = datetime(2024, 5, 6, tzinfo=timezone.utc)
    as_model = gadgets.create_gadget(models.Gadget(name="lamp", note=None, made_at=made_at))
    as_json = gadgets.create_gadget(expected)
    assert json.loads(as_model.body) == json.loads(as_json.body) == expected
    assert as_json.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"note": None}, "gadget.name"),
        ({"name": "lamp", "note": None, "count": "2"}, "gadget.count"),
        ({"name": "lamp", "note": None, "id": "7"}, "gadget.id"),
        ({"name": "lamp", "note": None, "code": None}, "gadget.code"),
        ({"name": "lamp", "note": None, "new": 1}, "gadget.new"),
        (None, "gadget"),
    ],
    ids=["missing", "type", "read-only", "null", "unknown", "no body"],
)
def test_a_body_that_the_description_does_not_allow_is_refused(
    gadgets: Any, body: Any, place: str
) -> None:
    with pytest.raises(ApiValueError, match=rf"^gadgets\.create_gadget: {place}\b"):
        gadgets.create_gadget(body)


def test_an_optional_body_may_be_left_out(gadgets: Any) -> None:
    assert gadgets.replace_lists().body is None
    assert gadgets.replace_lists({"tags": ["a"]}).body == b'{"tags":["a"]}'


def test_a_body_may_be_a_list(gadgets: Any) -> None:
    assert gadgets.tag_gadgets(["a", "b"]).body == b'["a","b"]'
    with pytest.raises(ApiValueError, match=r"^gadgets\.tag_gadgets: body"):
        gadgets.tag_gadgets([1])


def test_the_fields_of_a_form_are_parameters(gadgets: Any) -> None:
    call = gadgets.get_token("code", client_id="a b")
    assert call.body == b"grant_type=code&clientId=a%20b"
    assert call.headers["Content-Type"] == "application/x-www-form-urlencoded"
    with pytest.raises(ApiValueError, match="grant_type"):
        gadgets.get_token("other")


def test_security_says_whether_a_token_is_sent(gadgets: Any) -> None:
    assert gadgets.get_token("code").authenticated is False
    assert gadgets.get_gadget("ab").authenticated is True


def test_a_deprecated_method_names_its_replacement(gadgets: Any) -> None:
    with pytest.warns(DeprecationWarning, match="gadgets.delete_gadget .*; use gadgets.sell$"):
        gadgets.delete_gadget("ab")
    with pytest.warns(DeprecationWarning, match="by the control plane$"):
        gadgets.update_gadget("ab", {"Spec": "x"})


def test_deprecated_methods_are_listed_on_demand(gadgets: Any) -> None:
    deprecated = set(gadgets.options(include_deprecated=True)) - set(gadgets.options())
    assert deprecated == {"delete_gadget", "update_gadget"}


def test_a_module_imports_what_its_annotations_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing but one parameter needs Optional here.
    get = operation("find", parameters=[parameter("name", {"type": "string"})])
    write_description(tmp_path, {"/widgets": {"get": get}}, package="widgets")
    generate(tmp_path)
    monkeypatch.syspath_prepend(tmp_path / "packages" / "runapy-widgets" / "src")
    group = importlib.import_module("runai.widgets.api.gadgets_api").GadgetsApi
    assert get_args(get_type_hints(group.find)["name"]) == (str, type(None))
