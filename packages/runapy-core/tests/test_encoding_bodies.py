"""What of a body is sent, and which bodies are refused."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any, ClassVar, Dict, FrozenSet, List, Optional, Union
from uuid import UUID

import pytest
from pydantic import Field, ValidationError

from runai._core.body import FormBody, JsonBody
from runai._core.model import Alternatives, Model, Number
from runai._core.operation import Operation
from runai._core.parameters import Parameter, choice, string
from runai.exceptions import ApiValueError


class Color(str, Enum):
    RED = "red"


class Part(Model):
    part_name: str
    memory: Optional[Number] = Field(
        default=None, validation_alias="gpu-memory", serialization_alias="gpu-memory"
    )

    __nullable__: ClassVar[FrozenSet[str]] = frozenset({"memory"})


class Thing(Model):
    name: str = Field(max_length=5)
    id: Optional[str] = None
    kind: Optional[str] = "default"
    note: Optional[str] = None
    cleared: Optional[str] = None
    color: Optional[Color] = None
    parts: Optional[List[Part]] = None
    labels: Optional[Dict[str, str]] = None
    created_at: Optional[datetime] = None
    free: Any = None

    __nullable__: ClassVar[FrozenSet[str]] = frozenset({"cleared", "free"})
    __read_only__: ClassVar[FrozenSet[str]] = frozenset({"id"})


class Other(Model):
    other: int


class Either(Alternatives[Union[Part, Other]]):
    pass


class Wide(Model):
    wide: Optional[int] = None


class Deep(Model):
    deep: Optional[int] = None


class Loose(Alternatives[Union[Wide, Deep]]):
    pass


class Open(Model):
    known: Optional[int] = None

    __open__: ClassVar[bool] = True


CREATE = Operation(
    "things.create_thing", "POST", "/things", body=JsonBody("thing", lambda: Thing, required=True)
)
CHOOSE = Operation("things.choose", "PUT", "/things", body=JsonBody("either", lambda: Either))
LIST = Operation("things.replace", "PUT", "/things", body=JsonBody("things", lambda: List[Thing]))


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


def sent(body: Any, operation: Operation = CREATE, name: str = "thing") -> Any:
    call = operation.prepare({name: body})
    assert call.headers["Content-Type"] == "application/json"
    assert call.body is not None
    return json.loads(call.body)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (Thing(name="a"), {"name": "a"}),
        (Thing(name="a", kind="default"), {"name": "a", "kind": "default"}),
        (Thing(name="a", cleared=None), {"name": "a", "cleared": None}),
        (Thing(name="a", note=None), {"name": "a"}),
        (Thing(name="a", note=""), {"name": "a", "note": ""}),
        (Thing(name="a", parts=[], labels={}), {"name": "a", "parts": [], "labels": {}}),
        (Thing(name="a", color=Color.RED), {"name": "a", "color": "red"}),
        (Thing(name="a", free={"x": [1, None]}), {"name": "a", "free": {"x": [1, None]}}),
        (
            Thing(name="a", parts=[Part(part_name="p", memory=None)]),
            {"name": "a", "parts": [{"partName": "p", "gpu-memory": None}]},
        ),
        (
            Thing(name="a", parts=[Part(part_name="p", memory=2), Part(partName="q", memory=0.5)]),  # type: ignore[call-arg]
            {
                "name": "a",
                "parts": [{"partName": "p", "gpu-memory": 2}, {"partName": "q", "gpu-memory": 0.5}],
            },
        ),
        (
            Thing(name="a", created_at=datetime(2026, 1, 2, tzinfo=timezone.utc)),
            {"name": "a", "createdAt": "2026-01-02T00:00:00+00:00"},
        ),
    ],
)
def test_a_model_sends_what_was_set_and_nothing_else(model: Thing, expected: Any) -> None:
    assert sent(model) == expected


def test_a_whole_number_stays_one() -> None:
    call = CREATE.prepare({"thing": Thing(name="a", parts=[Part(part_name="p", memory=2)])})
    assert call.body == b'{"name":"a","parts":[{"partName":"p","gpu-memory":2}]}'


def test_a_field_set_after_construction_is_sent() -> None:
    thing = Thing(name="a")
    thing.kind = "b"
    thing.parts = []
    thing.parts.append(Part(part_name="p"))
    assert sent(thing) == {"name": "a", "kind": "b", "parts": [{"partName": "p"}]}


def test_what_a_model_became_is_checked_again() -> None:
    thing = Thing(name="a")
    thing.name = "too long"
    with pytest.raises(ApiValueError, match=r"thing\.name: .*5 characters.*'too long'"):
        sent(thing)


@pytest.mark.parametrize(
    "body",
    [
        {"name": "a"},
        {"name": "a", "cleared": None, "parts": [], "labels": {}},
        {"parts": [{"partName": "ü&/?", "gpu-memory": 1}], "name": "", "labels": {"a b": "c"}},
        {"name": "a", "free": {"anything": [None, {"x": 1.5}]}, "kind": "default"},
    ],
)
def test_a_dict_is_sent_as_it_was_written(body: dict[str, Any]) -> None:
    call = CREATE.prepare({"thing": body})
    expected = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    assert call.body == expected


def test_rich_values_in_a_dict_are_sent_as_what_they_stand_for() -> None:
    proxy = MappingProxyType({"a": 1})
    body = {
        "name": "a",
        "color": Color.RED,
        "createdAt": datetime(2026, 1, 2, 3, 4, tzinfo=timezone.utc),
        "parts": (Part(part_name="p"),),
        "free": [UUID(int=1), Decimal("1.5"), {"b"}, Thing(name="x", note=None), proxy],
    }
    assert sent(body) == {
        "name": "a",
        "color": "red",
        "createdAt": "2026-01-02T03:04:00+00:00",
        "parts": [{"partName": "p"}],
        "free": ["00000000-0000-0000-0000-000000000001", 1.5, ["b"], {"name": "x"}, {"a": 1}],
    }


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, r"thing\.name: Field required"),
        ({"name": None}, r"thing\.name: .*None"),
        ({"name": 7}, r"thing\.name: .*string.*7"),
        ({"name": "a", "nmae": 1}, r"thing\.nmae is no field of Thing; did you mean 'name'\?"),
        (
            {"name": "a", "created_at": "2026-01-02T00:00:00Z"},
            r"thing\.created_at is no field .*'createdAt'",
        ),
        ({"name": "a", "note": None}, r"thing\.note cannot be null"),
        ({"name": "a", "id": "7"}, r"thing\.id is set by the control plane alone"),
        ({"name": "a", "color": "blue"}, r"thing\.color: .*'red'.*'blue'"),
        (
            {"name": "a", "parts": [{"partName": 1}]},
            r"thing\.parts\[0\]\.partName \(part_name\): .*string",
        ),
        ({"name": "a", "parts": [{"partName": "p", "x": 1}]}, r"thing\.parts\[0\]\.x is no field"),
        ({"name": "a", "labels": {"a": 1}}, r"thing\.labels\.a: .*string"),
        ({"name": "a", "createdAt": "2026-01-02T03:04:05"}, r"thing\.createdAt must be .*RFC 3339"),
        ({"name": "a", "createdAt": "1700000000"}, r"thing\.createdAt must be .*'1700000000'"),
        ({"name": "a", "free": deep(3000)}, r"thing.*recursion"),
        ({"name": "a", "free": float("nan")}, r"thing cannot be sent as JSON"),
        ({"name": "a", "free": object()}, r"thing cannot be sent as JSON: object has no JSON form"),
        ([], r"thing: .*object"),
        (Thing(name="a", id="7"), r"thing\.id is set by the control plane alone"),
        (Thing(name="a", unknown=1), r"thing\.unknown is no field of Thing"),  # type: ignore[call-arg]
        (Other(other=1), r"thing\.name: Field required"),
        (None, r"thing is required"),
    ],
)
def test_what_the_document_does_not_allow_is_refused(body: Any, words: str) -> None:
    with pytest.raises(ApiValueError, match=rf"^things\.create_thing: {words}"):
        CREATE.prepare({"thing": body})


def test_a_secret_value_is_not_shown() -> None:
    class Secretive(Model):
        password: str = Field(max_length=3)

    operation = Operation("x.y", "POST", "/x", body=JsonBody("login", lambda: Secretive))
    with pytest.raises(ApiValueError) as refused:
        operation.prepare({"login": {"password": "hunter2"}})
    assert "hunter2" not in str(refused.value)
    with pytest.raises(ApiValueError, match=r"\(got a list\)") as refused:
        operation.prepare({"login": [{"password": "hunter2"}]})
    assert "hunter2" not in str(refused.value)
    assert repr(Secretive(password="hun")) == "Secretive(password='***')"
    with pytest.raises(ValidationError) as invalid:
        Secretive(password="hunter2")
    assert "hunter2" not in str(invalid.value)
    assert "hun" not in repr(operation.prepare({"login": {"password": "hun"}}))


def test_empty_bodies_are_sent() -> None:
    operation = Operation("x.y", "PUT", "/x", body=JsonBody("body", lambda: Dict[str, Any]))
    assert operation.prepare({"body": {}}).body == b"{}"
    assert LIST.prepare({"things": []}).body == b"[]"


def test_an_optional_body_that_is_not_given_leaves_no_trace() -> None:
    call = LIST.prepare({"things": None})
    assert call.body is None
    assert "Content-Type" not in call.headers


def test_lists_of_models_and_dicts() -> None:
    assert sent([Thing(name="a"), {"name": "b"}], LIST, "things") == [{"name": "a"}, {"name": "b"}]
    with pytest.raises(ApiValueError, match=r"things\[1\]\.nmae is no field of Thing"):
        sent([{"name": "a"}, {"name": "b", "nmae": 1}], LIST, "things")


def test_alternatives() -> None:
    assert sent(Either(Part(part_name="p")), CHOOSE, "either") == {"partName": "p"}
    assert sent(Other(other=1), CHOOSE, "either") == {"other": 1}
    assert sent({"other": 1}, CHOOSE, "either") == {"other": 1}
    assert Either(Other(other=1)).actual_instance == Other(other=1)
    wrapped = Either(actual_instance=Other(other=1))  # type: ignore[call-arg]
    assert sent(wrapped, CHOOSE, "either") == {"other": 1}
    with pytest.raises(ApiValueError, match="either: Input should be an object: one of Part, Oth"):
        sent([1], CHOOSE, "either")
    with pytest.raises(ApiValueError, match=r"things\.choose: either"):
        sent({"neither": 1}, CHOOSE, "either")
    with pytest.raises(ApiValueError, match=r"things\.choose: either.*other.*'1'"):
        sent({"other": "1"}, CHOOSE, "either")


def test_the_alternative_that_knows_most_fields_is_taken() -> None:
    assert Loose.from_dict({"wide": 1}).actual_instance == Wide(wide=1)
    assert Loose.from_dict({"deep": 1}).to_dict() == {"deep": 1}
    assert Loose(Deep(deep=2)).to_json() == '{"deep":2}'
    operation = Operation("x.y", "PUT", "/x", body=JsonBody("loose", lambda: Loose))
    assert sent({"deep": 1}, operation, "loose") == {"deep": 1}
    with pytest.raises(ApiValueError, match=r"loose\.shallow is no field of Deep"):
        sent({"deep": 1, "shallow": 1}, operation, "loose")


def test_an_open_object_takes_fields_that_its_model_does_not_know() -> None:
    operation = Operation("x.y", "PUT", "/x", body=JsonBody("open", lambda: Open))
    assert sent({"known": 1, "future": {"x": None}}, operation, "open") == {
        "known": 1,
        "future": {"x": None},
    }
    with pytest.raises(ApiValueError, match=r"open\.known cannot be null"):
        sent({"known": None}, operation, "open")


def test_a_form_is_encoded_in_the_documents_order() -> None:
    operation = Operation(
        "tokens.grant",
        "POST",
        "/token",
        body=FormBody(
            Parameter("grant_type", "grant_type", choice("password"), required=True),
            Parameter("username", "username", string()),
            Parameter("password", "password", string()),
        ),
    )
    call = operation.prepare({"password": "a b&=ü", "grant_type": "password"})
    assert call.body == b"grant_type=password&password=a%20b%26%3D%C3%BC"
    assert call.headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_models_read_and_give_back_what_they_were_given() -> None:
    given = {"name": "a", "createdAt": "2026-01-02T00:00:00Z", "future": {"x": 1}, "parts": []}
    thing = Thing.from_dict(given)
    assert thing.model_extra == {"future": {"x": 1}}
    assert thing.to_dict() == {**given, "createdAt": datetime(2026, 1, 2, tzinfo=timezone.utc)}
    assert json.loads(thing.to_json()) == given
    assert Thing.from_json(thing.to_json()) == thing
    assert Thing.from_dict(None) is None  # type: ignore[arg-type]
    assert "'future': {'x': 1}" in thing.to_str()


class Strategy(str, Enum):
    BIN_PACK = "BinPack"
    SPREAD = "Spread"
    SPREAD_EVENLY = "SpreadEvenly"


class Placing(Model):
    gpu_strategy: Optional[Strategy] = None


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        ("spread", r"\(got 'spread'; did you mean 'Spread' or 'SpreadEvenly'\?\)"),
        ("Binpak", r"\(got 'Binpak'; did you mean 'BinPack'\?\)"),
        ("random-choice", r"\(got 'random-choice'\)"),
        (7, r"\(got 7\)"),
    ],
)
def test_a_refused_enum_names_field_value_and_nearest_members(given: Any, advice: str) -> None:
    operation = Operation("places.set", "PUT", "/x", body=JsonBody("placing", lambda: Placing))
    expected = (
        r"places\.set: placing\.gpuStrategy \(gpu_strategy\): "
        r"Input should be 'BinPack', 'Spread' or 'SpreadEvenly' " + advice
    )
    with pytest.raises(ApiValueError, match=expected):
        operation.prepare({"placing": {"gpuStrategy": given}})


def test_an_unknown_field_names_what_would_be_right() -> None:
    operation = Operation("places.set", "PUT", "/x", body=JsonBody("placing", lambda: Placing))
    expected = (
        r"placing\.gpuStrategi is no field of Placing; did you mean 'gpuStrategy'\?;"
        r" extra_body= sends what this client does not know"
    )
    with pytest.raises(ApiValueError, match=expected):
        operation.prepare({"placing": {"gpuStrategi": "Spread"}})


class Share(Model):
    least: Number = Field(ge=1)
    most: Optional[Number] = Field(default=None, le=9)


@pytest.mark.parametrize("body", [{"least": 0.5}, {"least": 0}, {"least": 1, "most": 9.5}])
def test_limits_of_numbers(body: Any) -> None:
    operation = Operation("shares.set", "PUT", "/x", body=JsonBody("share", lambda: Share))
    assert operation.prepare({"share": {"least": 1, "most": 9}}).body == b'{"least":1,"most":9}'
    with pytest.raises(ApiValueError, match=r"Input should be (greater|less) than or equal"):
        operation.prepare({"share": body})
