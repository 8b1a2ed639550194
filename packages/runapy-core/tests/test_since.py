"""A control plane that is older than an operation answers 404 or 405; the error says why."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from runai._core.group import ApiGroup
from runai._core.operation import Operation
from runai.configuration import Configuration
from runai.exceptions import ApiException, NotFoundException

ADVICE = "The operation exists since control plane 2.22: this one may be older"


class Things(ApiGroup[Any]):
    new = Operation("things.new", "GET", "/new", since="2.22")
    old = Operation("things.old", "GET", "/old")


@pytest.fixture
def things(settings: Any, caller: Any) -> Any:
    return Things(caller.client(Configuration(**settings)))


@pytest.mark.parametrize("body", [b"", b"<h1>404</h1>", b'{"error": "no route"}'])
def test_of_a_route_that_is_not_there(
    server: Any, caller: Any, things: Any, wire: Any, body: bytes
) -> None:
    server.answer = lambda request: wire.reply(404, body, {})
    with pytest.raises(NotFoundException) as caught:
        caller.wait(things._call(Things.new, {}, {}))
    assert str(caught.value).endswith(f". {ADVICE}")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    with pytest.raises(NotFoundException) as caught:
        caller.wait(things._call(Things.old, {}, {}))
    assert "control plane" not in str(caught.value)


@pytest.mark.parametrize("body", [b"", b'{"message": "Method Not Allowed"}'])
def test_of_a_method_that_its_path_does_not_have(
    server: Any, caller: Any, things: Any, wire: Any, body: bytes
) -> None:
    server.answer = lambda request: wire.reply(405, body, {})
    with pytest.raises(ApiException) as caught:
        caller.wait(things._call(Things.new, {}, {}))
    assert str(caught.value).endswith(f". {ADVICE}")
    with pytest.raises(ApiException) as caught:
        caller.wait(things._call(Things.old, {}, {}))
    assert "control plane" not in str(caught.value)


def test_of_a_resource_that_is_not_there(server: Any, caller: Any, things: Any, wire: Any) -> None:
    server.answer = lambda request: wire.json({"code": 404, "message": "no thing of that id"}, 404)
    with pytest.raises(NotFoundException, match="no thing of that id") as caught:
        caller.wait(things._call(Things.new, {}, {}))
    assert "control plane" not in str(caught.value)
