"""Any sequence of calls leaves in the control plane what a plain dictionary would have."""

from __future__ import annotations

import itertools
import json
from contextlib import nullcontext
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from runai.api_client import ApiClient
from runai.exceptions import ConflictException, NotFoundException
from runai.runai_client import RunaiClient
from runai.testing import ControlPlane

from .known import (
    DATA_VOLUME,
    DEPARTMENT,
    IN_PROJECTS,
    LISTED,
    PROJECT,
    Item,
    Kind,
    call,
    entries,
    identity,
)

# Few names, so that they are taken now and then.
NAMES = st.sampled_from(["alpha", "beta", "gamma", "delta"])
VALUES = st.integers(0, 9)
ANY = st.integers(0, 1000)
NAMED = st.sampled_from([kind for kind in LISTED if kind.is_paged and kind.has_names])
COUNTED = st.sampled_from([kind for kind in LISTED if kind.counting])


# The same examples in every run.
SETTINGS = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=100,
    stateful_step_count=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


class Calls(RuleBasedStateMachine):
    """Calls of the generated client, and beside it what should come of them."""

    control_plane: ClassVar[ControlPlane]
    client: ClassVar[RunaiClient[ApiClient]]

    def __init__(self) -> None:
        super().__init__()
        self.control_plane.reset()
        [self.default] = entries(call(self.client, DEPARTMENT.listing))
        self.items: list[Item] = []

    @initialize()
    def create_the_first_project(self) -> None:
        self._create(PROJECT, "alpha", 0, None)

    @rule(name=NAMES, value=VALUES)
    def create_department(self, name: str, value: int) -> None:
        self._create(DEPARTMENT, name, value, None)

    @rule(name=NAMES, value=VALUES, index=ANY)
    def create_project(self, name: str, value: int, index: int) -> None:
        departments = [*self._of("department"), None]
        self._create(PROJECT, name, value, departments[index % len(departments)])

    @precondition(lambda self: self._of("project"))
    @rule(
        made=st.lists(
            st.tuples(st.sampled_from(IN_PROJECTS), NAMES, VALUES), min_size=1, max_size=6
        ),
        index=ANY,
    )
    def create_in_project(self, made: list[tuple[Kind, str, int]], index: int) -> None:
        project = self._pick(self._of("project"), index)
        for kind, name, value in made:
            self._create(kind, name, value, project)

    @precondition(lambda self: self.items)
    @rule(index=ANY)
    def get(self, index: int) -> None:
        item = self._pick(self.items, index)
        item.assert_shown(call(self.client, item.kind.get, item.id))

    @precondition(lambda self: any(item.kind.change for item in self.items))
    @rule(index=ANY, value=VALUES)
    def change(self, index: int, value: int) -> None:
        item = self._pick([item for item in self.items if item.kind.change], index)
        body = item.kind.change_body(item.name, value)
        call(self.client, item.kind.change, item.id, body)
        item.value = value
        item.assert_shown(call(self.client, item.kind.get, item.id))

    @precondition(lambda self: self.items)
    @rule(index=ANY)
    def delete(self, index: int) -> None:
        item = self._pick(self.items, index)
        if any(other.parent is item for other in self.items):
            with pytest.raises(ConflictException):
                call(self.client, item.kind.delete, item.id)
            return
        call(self.client, item.kind.delete, item.id)
        self.items.remove(item)
        for method in (item.kind.get, item.kind.delete):
            with pytest.raises(NotFoundException):
                call(self.client, method, item.id)

    @rule(kind=st.sampled_from(LISTED), size=st.integers(1, 4))
    def list_all(self, kind: Kind, size: int) -> None:
        shown = (
            self._listed(kind, size) if kind.is_paged else entries(call(self.client, kind.listing))
        )
        expected = self._of(kind.name)
        assert [identity(each) for each in shown] == [item.id for item in expected]
        for item, each in zip(expected, shown, strict=True):
            item.assert_shown(each)

    @rule(kind=NAMED, name=NAMES, size=st.integers(1, 3))
    def list_filtered(self, kind: Kind, name: str, size: int) -> None:
        shown = self._listed(kind, size, filter_by=[f"name=={name}"])
        expected = [item.id for item in self._of(kind.name) if item.name == name]
        assert [identity(each) for each in shown] == expected

    @rule(kind=NAMED, size=st.integers(1, 3), is_descending=st.booleans())
    def list_sorted(self, kind: Kind, size: int, is_descending: bool) -> None:
        order = "desc" if is_descending else "asc"
        shown = self._listed(kind, size, sort_by="name", sort_order=order)
        expected = sorted(self._of(kind.name), key=lambda item: item.name, reverse=is_descending)
        assert [identity(each) for each in shown] == [item.id for item in expected]

    @rule(kind=COUNTED, name=NAMES)
    def count(self, kind: Kind, name: str) -> None:
        items = self._of(kind.name)
        from_start = 1 if kind is DEPARTMENT else 0
        counted = call(self.client, kind.counting, **kind.query)["count"]
        assert counted - from_start == len(items)
        if kind.has_names:
            query = {**kind.query, "filter_by": [f"name=={name}"]}
            named = sum(item.name == name for item in items)
            assert call(self.client, kind.counting, **query)["count"] == named

    @rule(name=NAMES)
    def name_availability(self, name: str) -> None:
        taken = any(item.name == name for item in self._of(DATA_VOLUME.name))
        method = "datavolumes.datavolumes.datavolume_name_availability"
        with pytest.raises(ConflictException) if taken else nullcontext():
            call(self.client, method, name, self.default["clusterId"])

    @rule()
    def go_on(self) -> None:
        self.control_plane.clock.advance(1)

    @rule()
    def keep_and_restore(self) -> None:
        state = self.control_plane.state
        state.restore(json.loads(json.dumps(state.dump())))

    @invariant()
    def nothing_failed(self) -> None:
        assert all(request.status < 500 for request in self.control_plane.requests)

    def _create(self, kind: Kind, name: str, value: int, parent: Item | None) -> None:
        item = Item(kind, name, value, parent)
        assert kind.body is not None
        above = parent.id if parent else self.default["id"]
        body = kind.body(name, value, self.default["clusterId"], above)
        if any(other.takes_name_of(item) for other in self.items):
            with pytest.raises(ConflictException):
                call(self.client, kind.create, body)
            return
        made = call(self.client, kind.create, body)
        item.id = identity(made)
        item.assert_shown(made)
        self.items.append(item)

    def _listed(self, kind: Kind, size: int, **query: Any) -> list[Any]:
        """Every page of a list; that of the departments without the one of the start."""
        shown: list[Any] = []
        for offset in itertools.count(0, size):
            page = call(self.client, kind.listing, offset=offset, limit=size, **kind.query, **query)
            shown += entries(page)
            assert len(entries(page)) <= size
            if len(entries(page)) < size:
                break
        return [each for each in shown if identity(each) != self.default["id"]]

    def _of(self, kind: str) -> list[Item]:
        return [item for item in self.items if kind in (item.kind.name, item.kind.listed_with)]

    def _pick(self, items: list[Item], index: int) -> Item:
        return items[index % len(items)]


def test_a_dictionary_has_what_the_control_plane_has() -> None:
    with (
        ControlPlane(clock=lambda: 1.8e9) as control_plane,
        RunaiClient(ApiClient(control_plane.configuration())) as client,
    ):
        Calls.control_plane, Calls.client = control_plane, client
        run_state_machine_as_test(Calls, settings=SETTINGS)
