from __future__ import annotations

import threading
from typing import Any

import pytest

from runai.testing import SampleControlPlane
from runai.testing.faults import ClockSkew, Delay, Drop, Status, TokenAnswer

PROJECTS = "/api/v1/org-unit/projects"
DEPARTMENTS = "/api/v1/org-unit/departments"
OPERATION = "projects.get_projects"


def _statuses(wire: Any, count: int, target: str = PROJECTS) -> list[int]:
    """The statuses of requests without a token, which are 401 where there is no fault."""
    return [wire.send("GET", target).status for _ in range(count)]


def test_always(wire: Any, control_plane: Any) -> None:
    control_plane.faults.add(OPERATION, Status(503))
    assert _statuses(wire, 3) == [503, 503, 503]
    control_plane.faults.clear()
    assert _statuses(wire, 1) == [401]


def test_sequences_follow_one_another(wire: Any, control_plane: Any) -> None:
    control_plane.faults.add(OPERATION, Status(503), times=2)
    control_plane.faults.add(OPERATION, Status(429), times=1)
    assert _statuses(wire, 5) == [503, 503, 429, 401, 401]
    assert control_plane.faults.applied == [Status(503), Status(503), Status(429)]
    given = [request.fault for request in control_plane.requests]
    assert given == [Status(503), Status(503), Status(429), None, None]


def test_skip(wire: Any, control_plane: Any) -> None:
    control_plane.faults.add(OPERATION, Status(503), skip=2, times=1)
    assert _statuses(wire, 5) == [401, 401, 503, 401, 401]


def test_every(wire: Any, control_plane: Any) -> None:
    control_plane.faults.add(OPERATION, Status(503), every=3)
    assert _statuses(wire, 7) == [401, 401, 503, 401, 401, 503, 401]


def test_every_with_skip_and_times(wire: Any, control_plane: Any) -> None:
    control_plane.faults.add(OPERATION, Status(503), skip=1, every=2, times=2)
    assert _statuses(wire, 8) == [401, 401, 503, 401, 503, 401, 401, 401]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (OPERATION, [503, 401, 404]),
        ([OPERATION], [503, 401, 404]),
        ({OPERATION, "departments.get_departments"}, [503, 503, 404]),
        ((o for o in (OPERATION, "departments.get_departments")), [503, 503, 404]),
        ("*", [503, 503, 503]),
    ],
)
def test_scopes(wire: Any, control_plane: Any, scope: Any, expected: list[int]) -> None:
    control_plane.faults.add(scope, Status(503))
    targets = (PROJECTS, DEPARTMENTS, "/unknown")
    assert [wire.send("GET", target).status for target in targets] == expected
    assert [request.status for request in control_plane.requests] == expected
    assert control_plane.requests[2].operation_id is None


def test_a_scope_counts_its_operations_together(wire: Any, control_plane: Any) -> None:
    control_plane.faults.add([OPERATION, "departments.get_departments"], Status(503), every=2)
    targets = (PROJECTS, DEPARTMENTS, DEPARTMENTS, PROJECTS)
    assert [wire.send("GET", target).status for target in targets] == [401, 503, 401, 503]


def _drawn(wire: Any, control_plane: SampleControlPlane, seed: int | None) -> list[int]:
    control_plane.reset()
    control_plane.faults.add(OPERATION, Status(503), rate=0.3)
    if seed is not None:
        control_plane.faults.seed(seed)
    return _statuses(wire, 200)


def test_rate_is_drawn_by_the_seed(wire: Any, open_wire: Any, control_plane: Any) -> None:
    first = _drawn(wire, control_plane, 42)
    assert 30 < first.count(503) < 90
    assert _drawn(wire, control_plane, 43) != first
    assert _drawn(wire, control_plane, 42) == first
    with SampleControlPlane() as other:
        assert _drawn(open_wire(other), other, 42) == first
    # Without a seed it is 0, after another test's seed too.
    assert _drawn(wire, control_plane, None) == _drawn(wire, control_plane, 0)


def test_a_seed_is_for_faults_added_later_too(wire: Any, control_plane: Any) -> None:
    control_plane.faults.seed(42)
    control_plane.faults.add(OPERATION, Status(503), rate=0.3)
    seeded_first = _statuses(wire, 50)
    assert seeded_first == _drawn(wire, control_plane, 42)[:50]


def test_rates_do_not_disturb_each_other(wire: Any, control_plane: Any) -> None:
    alone = _drawn(wire, control_plane, 42)[:60]
    control_plane.reset()
    control_plane.faults.seed(42)
    control_plane.faults.add(OPERATION, Status(503), rate=0.3)
    control_plane.faults.add("departments.get_departments", Status(502), rate=0.3)
    departments: list[int] = []
    for expected in alone:
        assert _statuses(wire, 1) == [expected]
        departments += _statuses(wire, 1, DEPARTMENTS)
    assert 0 < departments.count(502) < 60
    # Two faults of the same rate do not strike together.
    assert [status == 502 for status in departments] != [status == 503 for status in alone]


@pytest.mark.parametrize(("rate", "status"), [(0, 401), (1, 503)])
def test_certain_rates(wire: Any, control_plane: Any, rate: float, status: int) -> None:
    control_plane.faults.add(OPERATION, Status(503), rate=rate)
    assert _statuses(wire, 30) == [status] * 30


def test_many_threads_get_what_was_ordered(open_wire: Any, control_plane: Any) -> None:
    alone = _drawn(open_wire(control_plane), control_plane, 42)
    control_plane.reset()
    control_plane.faults.seed(42)
    control_plane.faults.add(OPERATION, Status(503), rate=0.3)
    control_plane.faults.add(OPERATION, Status(502), times=17)
    statuses: list[int] = []
    wires = [open_wire(control_plane) for _ in range(8)]
    threads = [
        threading.Thread(target=lambda wire=wire: statuses.extend(_statuses(wire, 25)))
        for wire in wires
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(503) == alone.count(503)
    assert statuses.count(502) == 17
    assert len(control_plane.faults.applied) == alone.count(503) + 17
    assert len(control_plane.requests) == 200


def test_connections_and_requests_are_counted_apart(control_plane: Any, open_raw: Any) -> None:
    control_plane.faults.add("*", Drop("connect"), every=2)
    control_plane.faults.add("*", Status(503), times=2)
    for number in range(1, 5):
        raw = open_raw(control_plane)
        if number % 2 == 0:
            assert raw.rest() == (b"", b"", "in order")
        else:
            raw.send()
            assert raw.head().startswith(b"HTTP/1.1 503 ")
    assert control_plane.connections == 4
    assert len(control_plane.requests) == 2


def test_truth(control_plane: Any) -> None:
    assert not control_plane.faults
    control_plane.faults.add("*", Status(503), times=1)
    assert control_plane.faults
    control_plane.reset()
    assert not control_plane.faults


@pytest.mark.parametrize(
    ("scope", "fault", "options", "message"),
    [
        ("projects.bogus", Status(503), {}, "has no operation 'projects.bogus'"),
        ([OPERATION, "x"], Status(503), {}, "has no operation 'x'"),
        ([], Status(503), {}, "the scope is empty"),
        (OPERATION, Status(503), {"rate": 1.1}, "rate 1.1 is no chance"),
        (OPERATION, Status(503), {"rate": float("nan")}, "rate nan is no chance"),
        (OPERATION, Status(503), {"times": 0}, "times=0, every=1: skip counts from 0"),
        (OPERATION, Status(503), {"every": 0}, "every=0: skip counts from 0"),
        (OPERATION, Status(503), {"skip": -1}, "skip=-1"),
        (OPERATION, Status, {}, "Status'> is no fault: give one, such as"),
        (OPERATION, 503, {}, "503 is no fault"),
        (OPERATION, Drop("connect"), {}, "its scope is '\\*'"),
        (OPERATION, ClockSkew(60), {}, "projects.get_projects gives out no tokens"),
        (OPERATION, Delay(1, TokenAnswer("null")), {}, "projects.get_projects gives out no tokens"),
    ],
)
def test_what_cannot_be_added(
    control_plane: Any, scope: Any, fault: Any, options: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        control_plane.faults.add(scope, fault, **options)
    assert not control_plane.faults
