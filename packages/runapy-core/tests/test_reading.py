"""What control planes older and newer than the models send is read; nothing of it is sent."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import datetime, timezone
from enum import Enum
from typing import Any, Callable, Dict, List, Optional, Union

import pytest
from pydantic import Field, ValidationError
from typing_extensions import Annotated, Literal

from runai._core.body import JsonBody
from runai._core.model import Alternatives, Model, Number
from runai._core.operation import Operation
from runai._core.reading import reader
from runai.exceptions import ApiValueError


class Color(str, Enum):
    RED = "red"
    GREEN = "green"


class Part(Model):
    color: Color
    palette: Optional[List[Color]] = None
    by_name: Optional[Dict[str, Color]] = None
    inner: Optional[Part] = None


class Thing(Model):
    color: Color
    usual: Optional[Color] = Color.RED
    state: Optional[Literal["on", "off"]] = None
    parts: Optional[List[Part]] = None


NEWER = {
    "color": "blue",
    "usual": "blue",
    "state": "asleep",
    "parts": [
        {
            "color": "blue",
            "palette": ["red", "blue"],
            "byName": {"sky": "blue"},
            "inner": {"color": "blue"},
        }
    ],
}


def test_an_answer_keeps_them() -> None:
    for thing in (Thing.from_dict(NEWER), Thing.from_json(json.dumps(NEWER))):
        assert thing.to_dict() == NEWER
        assert json.loads(thing.to_json()) == NEWER
        assert thing.parts is not None
        assert thing.parts[0].palette == [Color.RED, "blue"]


def test_known_ones_are_members() -> None:
    thing = Thing.from_dict({"color": "green", "parts": [{"color": "red"}]})
    assert thing.color is Color.GREEN
    assert thing.parts is not None
    assert thing.parts[0].color is Color.RED


def test_what_is_no_text_does_not_fit() -> None:
    with pytest.raises(ValidationError, match="Input should be 'red' or 'green'"):
        Thing.from_dict({"color": 5})


@pytest.mark.parametrize("make", [lambda given: Thing(**given), Thing.model_validate])
def test_whoever_makes_a_model_means_a_member(make: Callable[[Any], Thing]) -> None:
    with pytest.raises(ValidationError) as refused:
        make(NEWER)
    errors = {each["loc"]: (each["type"], each["msg"]) for each in refused.value.errors()}
    assert errors["color",] == ("enum", "Input should be 'red' or 'green'")
    assert errors["state",] == ("literal_error", "Input should be 'on' or 'off'")
    assert errors["parts", 0, "palette", 1] == errors["color",]


@pytest.mark.parametrize("body", [NEWER, Thing.from_dict(NEWER)], ids=["dict", "model"])
def test_a_request_with_one_is_refused(body: Any) -> None:
    operation = Operation("things.set", "PUT", "/x", body=JsonBody("thing", lambda: Thing))
    with pytest.raises(
        ApiValueError, match=r"thing\.color: Input should be 'red' or 'green'.*blue"
    ):
        operation.prepare({"thing": body})


def test_the_json_schema_can_be_made() -> None:
    assert list(Thing.model_json_schema()["properties"]) == ["color", "usual", "state", "parts"]


class Circle(Model):
    radius: float


class Square(Model):
    side: int


class Shape(Alternatives[Union[Circle, Square]]):
    pass


class Record(Model):
    name: str = Field(min_length=3, pattern="^[a-z]+$")
    size: int = Field(ge=1, le=9)
    ratio: Number
    ready: bool
    made_at: datetime
    shape: Shape
    tags: List[Annotated[str, Field(max_length=3)]] = Field(max_length=2)
    limits: Dict[str, int]
    parts: List[Part]
    usual: Optional[Color] = Color.RED
    share: Optional[Number] = Field(default=None, ge=1, le=100)


FULL: Dict[str, Any] = {
    "name": "lamp",
    "size": 3,
    "ratio": 0.5,
    "ready": True,
    "madeAt": "2026-01-02T03:04:05Z",
    "shape": {"radius": 2.5},
    "tags": ["a", "b"],
    "limits": {"cpu": 1},
    "parts": [{"color": "red"}],
    "usual": "green",
    "share": 50,
}


def read_in_both_ways(value: Any, kind: Any = Record) -> Any:
    """What a value is read as; from its text and from the decoded value alike."""
    found = reader(kind).of_json(json.dumps(value))
    assert reader(kind).of_python(value) == found
    return found


def test_an_answer_that_fits() -> None:
    record = read_in_both_ways(FULL)
    assert record == Record(
        name="lamp",
        size=3,
        ratio=0.5,
        ready=True,
        made_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc),
        shape=Shape(Circle(radius=2.5)),
        tags=["a", "b"],
        limits={"cpu": 1},
        parts=[Part(color=Color.RED)],
        usual=Color.GREEN,
        share=50,
    )


@pytest.mark.parametrize("wire", FULL)
def test_absent_fields(wire: str) -> None:
    record = read_in_both_ways({name: value for name, value in FULL.items() if name != wire})
    field = "made_at" if wire == "madeAt" else wire
    assert getattr(record, field) == (Color.RED if wire == "usual" else None)
    assert set(record.to_dict()) == set(FULL) - {wire}
    assert json.loads(record.to_json()) == {k: v for k, v in FULL.items() if k != wire}


@pytest.mark.parametrize("wire", FULL)
def test_null_where_there_should_be_a_value(wire: str) -> None:
    record = read_in_both_ways({**FULL, wire: None})
    value = getattr(record, "made_at" if wire == "madeAt" else wire)
    assert (value.actual_instance if wire == "shape" else value) is None
    assert json.loads(record.to_json()) == {**FULL, wire: None}


@pytest.mark.parametrize(
    ("wire", "sent", "found"),
    [
        ("name", 42, "42"),
        ("name", "UP", "UP"),
        ("size", "3", 3),
        ("size", 3.5, 3.5),
        ("size", 10_000, 10_000),
        ("ratio", "0.25", 0.25),
        ("share", 0.5, 0.5),
        ("share", "101", 101),
        ("ready", "true", True),
        ("madeAt", "2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.123456+00:00"),
        ("madeAt", "2026-01-02T03:04:05", "2026-01-02T03:04:05"),
        ("tags", ["abcdef", "b", "c", None, 4], ["abcdef", "b", "c", None, "4"]),
        ("limits", {"cpu": "2", "memory": None}, {"cpu": 2, "memory": None}),
        ("parts", [None], [None]),
    ],
)
def test_values_of_another_form(wire: str, sent: Any, found: Any) -> None:
    record = read_in_both_ways({**FULL, wire: sent})
    value = getattr(record, "made_at" if wire == "madeAt" else wire)
    assert (value.isoformat() if isinstance(value, datetime) else value) == found
    assert set(record.to_dict()) == set(json.loads(record.to_json())) == set(FULL)


def test_alternatives_and_models_within_themselves() -> None:
    shape = read_in_both_ways({"side": None, "newer": 1}, Shape)
    assert isinstance(shape.actual_instance, Square)
    assert shape.actual_instance.model_extra == {"newer": 1}
    part = read_in_both_ways({"inner": {"inner": {"color": "blue", "newer": []}}}, Part)
    assert part.inner.inner.color == "blue"
    assert part.to_dict() == {"inner": {"inner": {"color": "blue", "newer": []}}}


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ([FULL], ()),
        ("text", ()),
        ({**FULL, "size": "large"}, ("size",)),
        ({**FULL, "ratio": "large"}, ("ratio",)),
        ({**FULL, "parts": {"color": "red"}}, ("parts",)),
        ({**FULL, "parts": [{"color": ["red"]}]}, ("parts", 0, "color")),
        ({**FULL, "madeAt": "yesterday"}, ("madeAt",)),
    ],
)
def test_what_does_not_fit_at_all(value: Any, place: Any) -> None:
    for read in (
        lambda: reader(Record).of_python(value),
        lambda: Record.from_json(json.dumps(value)),
    ):
        with pytest.raises(ValidationError) as caught:
            read()
        assert [each["loc"] for each in caught.value.errors()] == [place]


def test_models_that_were_read_can_be_copied() -> None:
    record = read_in_both_ways({**FULL, "usual": "blue", "newer": {"a": 1}})
    for again in (copy.deepcopy(record), pickle.loads(pickle.dumps(record)), record.model_copy()):
        assert again == record
        assert again.to_dict() == record.to_dict()
