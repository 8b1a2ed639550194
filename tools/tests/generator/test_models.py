"""Generated models, by what they take and what they send."""

from __future__ import annotations

import ast
import inspect
import warnings
from datetime import date, datetime, timezone
from types import ModuleType
from typing import Any

import pytest
from pydantic import ValidationError

GADGET = {"name": "lamp", "note": None}


def fits(model: Any, **values: Any) -> bool:
    try:
        model.model_validate(values)
    except ValidationError:
        return False
    return True


def test_a_required_field_must_be_given(models: ModuleType) -> None:
    assert fits(models.Gadget, **GADGET)
    assert not fits(models.Gadget, note=None)
    assert not fits(models.Gadget, **{**GADGET, "name": None})


def test_a_required_field_that_may_be_null_must_still_be_given(models: ModuleType) -> None:
    assert fits(models.Gadget, name="lamp", note="bright")
    assert not fits(models.Gadget, name="lamp")


def test_what_one_side_alone_gives_is_demanded_of_none(models: ModuleType) -> None:
    gadget = models.Gadget(**GADGET)
    assert (gadget.id, gadget.secret) == (None, None)
    assert models.Gadget.__read_only__ == {"id"}


def test_fields_that_may_be_sent_as_null_are_known(models: ModuleType) -> None:
    assert models.Gadget.__nullable__ == {"note", "size"}
    assert models.Part.__nullable__ == {"owner"}
    assert models.Lists.__nullable__ == {"anything"}


def test_required_fields_stand_first(models: ModuleType) -> None:
    assert list(models.Gadget.model_fields)[:2] == ["name", "note"]


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("colour", ["dark-red", "", "5m"], ["red", 5]),
        ("size", ["S", "L", None], ["M", ""]),
        ("code", ["abc1", "a1"], ["abc", "ABC1", "abcde1", 7]),
        ("weight", [0.5, 100, None], [0, 100.5, "heavy", float("nan")]),
        ("count", [2, 1000], [0, 3, 2.5]),
        ("made_at", ["2024-05-06T07:08:09Z"], ["yesterday"]),
        ("soldOn", ["2024-05-06"], ["2024-05-06T07:08:09Z"]),
    ],
)
def test_limits_of_a_field(models: ModuleType, field: str, good: list[Any], bad: list[Any]) -> None:
    assert [value for value in good if not fits(models.Gadget, **GADGET, **{field: value})] == []
    assert [value for value in bad if fits(models.Gadget, **GADGET, **{field: value})] == []


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("tags", [["a"], ["abc", "b"]], [[], ["abcd"], ["a", "b", "c"], "a", [1]]),
        ("sparse", [[1, None]], [["x"]]),
        ("parts", [[{"x": 1}], []], [[{"x": "one"}], {"x": 1}]),
        ("labels", [{"a": "b"}, {}], [{"a": ["b"]}, []]),
        ("ports", [{"http": 9}], [{"http": 10}]),
        ("partsByName", [{"lid": {"x": 1}}], [{"lid": {"x": "one"}}]),
        ("anything", [1, "x", None, {"a": [1]}], []),
        ("freeForm", [{"a": [1]}], [[1], "a"]),
    ],
)
def test_limits_of_elements(
    models: ModuleType, field: str, good: list[Any], bad: list[Any]
) -> None:
    assert [value for value in good if not fits(models.Lists, **{field: value})] == []
    assert [value for value in bad if fits(models.Lists, **{field: value})] == []


def test_a_number_stays_as_it_was_given(models: ModuleType) -> None:
    weights = [models.Gadget(**GADGET, weight=weight).weight for weight in (2, 2.0)]
    assert [type(weight) for weight in weights] == [int, float]


def test_defaults_are_the_control_planes_and_are_not_sent(models: ModuleType) -> None:
    gadget = models.Gadget(**GADGET)
    assert gadget.count == 4
    assert gadget.colour is models.Colour.ENUM_5M
    assert gadget.to_dict() == GADGET


def test_an_enum_has_a_member_for_every_value(models: ModuleType) -> None:
    assert {member.name: member.value for member in models.Colour} == {
        "DARK_MINUS_RED": "dark-red",
        "EMPTY": "",
        "ENUM_5M": "5m",
    }
    assert models.Gadget(**GADGET, colour="dark-red").colour is models.Colour.DARK_MINUS_RED


def test_times_are_read_as_times(models: ModuleType) -> None:
    gadget = models.Gadget.from_json(
        '{"name": "", "note": null, "made_at": "2024-05-06T07:08:09Z", "soldOn": "2024-05-07"}'
    )
    assert gadget.made_at == datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone.utc)
    assert gadget.sold_on == date(2024, 5, 7)


def test_a_deprecated_field_warns_when_it_is_read(models: ModuleType) -> None:
    gadget = models.Gadget(**GADGET, old="x")
    with pytest.warns(DeprecationWarning, match="deprecated"):
        _ = gadget.old
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert gadget.to_dict()["old"] == "x"


@pytest.mark.parametrize(
    ("python", "wire"),
    [
        ("gpu_memory", "gpu-memory"),
        ("config_map", "config_map"),
        ("spec", "Spec"),
        ("var_from", "from"),
        ("cluster_uuid", "clusterUUID"),
    ],
)
def test_a_field_goes_by_both_names_and_is_sent_by_the_control_planes(
    models: ModuleType, python: str, wire: str
) -> None:
    by_python = models.Names(**{python: "x"})
    by_wire = models.Names(**{wire: "x"})
    assert by_python == by_wire
    assert getattr(by_wire, python) == "x"
    assert by_python.to_dict() == {wire: "x"}


def test_type_checkers_take_every_field_by_its_python_name(models: ModuleType) -> None:
    # To them, what a field is given as `alias` is the one name of its argument.
    module = inspect.getmodule(models.Names)
    assert module is not None
    aliases = {
        node.target.id: keyword.value.value
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(node.value, ast.Call)
        for keyword in node.value.keywords
        if keyword.arg == "alias" and isinstance(keyword.value, ast.Constant)
    }
    assert aliases == {"config_map": "config_map", "made_at": "made_at"}


def test_models_nest_and_refer_to_themselves(models: ModuleType) -> None:
    source = {"inner": {"inner": {"x": 1}, "owner": {"id": 7, "part": {"x": 2}}}, "owner": None}
    part = models.Part.from_dict(source)
    assert part.inner.owner.part.x == 2
    assert part.to_dict() == source
    assert isinstance(models.Lists(parts=[{"x": 1}]).parts[0], models.Part)


def test_alternatives_are_what_was_given(models: ModuleType) -> None:
    assert isinstance(models.Shape.from_dict({"side": 2}).actual_instance, models.Square)
    drawing = models.Drawing.from_dict({"shape": {"radius": 1.5}, "either": 3})
    assert isinstance(drawing.shape.actual_instance, models.Round)
    assert drawing.either == 3
    assert not fits(models.Shape, colour="red")
    assert not fits(models.Drawing, either=[1])


def test_unknown_fields_of_an_answer_are_kept(models: ModuleType) -> None:
    assert models.Part.from_dict({"x": 1, "newer": True}).model_extra == {"newer": True}


def test_docstrings_say_where_a_model_belongs(models: ModuleType) -> None:
    assert " ".join(models.Gadget.__doc__.split()) == (
        "Sent by `gadgets.create_gadget`."
        " Returned by `gadgets.list_gadgets` and `gadgets.create_gadget`."
        " Deprecated: `old`."
    )
    assert models.Round.__doc__ == "Part of `Shape`."
