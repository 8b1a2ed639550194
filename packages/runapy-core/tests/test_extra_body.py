"""Fields that the client does not know go out beside those that it has checked."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional

import pytest

from runai._core.body import FormBody, JsonBody
from runai._core.group import ApiGroup
from runai._core.model import Model
from runai._core.operation import Operation
from runai._core.parameters import Parameter, string
from runai.configuration import Configuration
from runai.exceptions import ApiTypeError, ApiValueError


class Spec(Model):
    image: str
    labels: Optional[Dict[str, str]] = None


class Thing(Model):
    name: str
    spec: Optional[Spec] = None


class Things(ApiGroup[Any]):
    make = Operation("things.make", "POST", "/things", body=JsonBody("thing", lambda: Thing))
    tag = Operation("things.tag", "PUT", "/tags", body=JsonBody("tags", lambda: List[str]))
    log_in = Operation("things.log_in", "POST", "/in", body=FormBody(Parameter("a", "a", string())))
    list_all = Operation("things.list_all", "GET", "/things")


@pytest.fixture
def things(settings: Any, caller: Any) -> Any:
    return Things(caller.client(Configuration(**settings)))


THING = {"name": "a", "spec": {"image": "i", "labels": {"x": "1"}}}


@pytest.mark.parametrize("thing", [THING, Thing.from_dict(THING)], ids=["dict", "model"])
def test_objects_are_merged(server: Any, caller: Any, things: Any, thing: Any) -> None:
    extra = {"newer": [1, None], "spec": {"labels": {"y": "2"}, "priority": "high"}}
    caller.wait(things._call(Things.make, {"thing": thing}, {"extra_body": extra}))
    (request,) = server.calls
    assert json.loads(request.body) == {
        "name": "a",
        "spec": {"image": "i", "labels": {"x": "1", "y": "2"}, "priority": "high"},
        "newer": [1, None],
    }
    assert dict(request.headers)["Content-Type"] == "application/json"
    assert THING["spec"] == {"image": "i", "labels": {"x": "1"}}


def test_it_can_be_all_of_the_body(server: Any, caller: Any, things: Any) -> None:
    caller.wait(things._call(Things.make, {}, {"extra_body": {"newer": 1}}))
    assert json.loads(server.calls[0].body) == {"newer": 1}


def test_what_is_known_is_still_checked(server: Any, things: Any) -> None:
    with pytest.raises(ApiValueError, match=r"thing\.nam is no field of Thing"):
        things._call(Things.make, {"thing": {"name": "a", "nam": 1}}, {"extra_body": {"newer": 1}})
    assert server.calls == []


@pytest.mark.parametrize(
    ("operation", "arguments", "extra", "error", "message"),
    [
        ("make", {"thing": THING}, [1], ApiTypeError, "things.make: extra_body must be a dict"),
        ("make", {"thing": THING}, {"a": object()}, ApiValueError, "object has no JSON form"),
        ("make", {"thing": THING}, {"a": float("nan")}, ApiValueError, "cannot be sent as JSON"),
        ("tag", {"tags": ["a"]}, {"a": 1}, ApiValueError, "things.tag: extra_body needs a body"),
        ("log_in", {"a": "b"}, {"a": 1}, ApiValueError, "things.log_in: extra_body needs a body"),
        ("list_all", {}, {"a": 1}, ApiValueError, "things.list_all: extra_body needs a body"),
    ],
)
def test_refusals(
    server: Any, things: Any, operation: str, arguments: Any, extra: Any, error: Any, message: str
) -> None:
    with pytest.raises(error, match=message):
        things._call(getattr(Things, operation), arguments, {"extra_body": extra})
    assert server.calls == []
