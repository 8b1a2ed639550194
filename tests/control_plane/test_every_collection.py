"""Everything that can be created is kept, on every control plane that was imported."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .collection import Collection, differences, name_of, secrets_of
from .conftest import Serve
from .documents import VERSIONS

_FEWEST = 20


@pytest.mark.parametrize("version", VERSIONS)
def test_keeps_what_is_created(serve: Serve, version: str) -> None:
    control_plane, calls = serve(version)
    resources = [each for each in control_plane.state.resources.values() if each.creates]
    assert len(resources) >= _FEWEST
    failures = {}
    for resource in resources:
        control_plane.reset()
        try:
            _live_and_die(Collection(resource, control_plane, calls))
        except AssertionError as failure:
            failures[resource.path] = str(failure)[:1500]
    assert not failures, "\n".join(f"{path}: {each}" for path, each in failures.items())


def _live_and_die(collection: Collection) -> None:
    body = collection.new_body()
    name = name_of(body)
    before = collection.list() or []
    created = collection.create()
    assert created.status < 300, created
    identity = collection.identity(created, name)
    if name is not None:
        assert collection.create().status == 409, "a name is taken twice"
    _demand_shown(collection, identity, body, len(before) + 1)
    for method in ("PATCH", "PUT"):
        change = collection.change_body(method, name)
        if change is not None:
            changed = collection.call(method, identity, change)
            assert changed is not None
            assert changed.status < 300, f"{method} {changed}"
            _demand_shown(collection, identity, change, len(before) + 1)
    _demand_deleted(collection, identity, len(before))


def _demand_shown(collection: Collection, identity: Any, body: Any, count: int) -> None:
    listed = collection.list()
    assert listed is None or len(listed) == count, f"{len(listed)} are listed, not {count}"
    assert collection.count() in (None, count), f"{collection.count()} are counted, not {count}"
    got = collection.call("GET", identity)
    if got is not None:
        assert got.status == 200, got
        wrong = list(differences(body, got.content))
        assert not wrong, f"{wrong} in {got.content}"
    told = json.dumps([listed, got.content if got else None])
    for secret in secrets_of(body):
        assert json.dumps(secret) not in told, f"{secret!r} is told"


def _demand_deleted(collection: Collection, identity: Any, count: int) -> None:
    deleted = collection.call("DELETE", identity)
    if deleted is None:
        return
    assert deleted.status < 300, deleted
    for method in ("GET", "DELETE"):
        again = collection.call(method, identity)
        assert again is None or again.status == 404, f"{method} after DELETE: {again}"
    assert len(collection.list() or []) == count
    assert collection.count() in (None, count)
