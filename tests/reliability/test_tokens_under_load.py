"""One token for many callers, at the moments when it ends, is refused or cannot be had."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from runai._core.delivery import Timing
from runai.exceptions import AuthenticationError
from runai.testing import SampleControlPlane
from runai.testing.faults import (
    ClockSkew,
    Delay,
    Drop,
    ExpireTokens,
    RevokeToken,
    Status,
    TokenAnswer,
)

from .callers import Caller, Waits, in_thread

PATH = "/api/v1/org-unit/projects"
MANY = {"ApiClient": 50, "ThreadedApiClient": 50, "AsyncApiClient": 500}
LIFETIME = 3600.0
CLUSTER = "5e1a7c3b-6d8f-4b0e-9b4e-2f4f0a3d9c11"


class Clock:
    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timed(clock: Clock) -> Iterator[SampleControlPlane]:
    """A control plane whose tokens live by the same clock as the client's."""
    with SampleControlPlane(clock=clock, token_lifetime=LIFETIME) as made:
        yield made


@pytest.fixture
def client(timed: SampleControlPlane, clock: Clock, caller: Caller) -> Any:
    threads: dict[str, Any] = {"pool_size": 50} if caller.kind == "ThreadedApiClient" else {}
    made = caller.client(
        timed.configuration(), _timing=Timing(wall=clock, monotonic=time.monotonic), **threads
    )
    assert caller(made, "GET", PATH).status_code == 200
    return made


def grants(control_plane: SampleControlPlane) -> int:
    return len(control_plane.requests.of("tokens.grant_token"))


def statuses(control_plane: SampleControlPlane) -> set[int]:
    return {each.status for each in control_plane.requests.of("projects.get_projects")}


def test_many_at_the_moment_of_expiry(
    timed: SampleControlPlane, clock: Clock, caller: Caller, client: Any
) -> None:
    clock.now += LIFETIME
    # All the others have time to ask for a token too, should they want to.
    timed.faults.add("tokens.grant_token", Delay(0.3))
    outcomes = caller.together(client, MANY[caller.kind], PATH)
    assert [each.status_code for each in outcomes] == [200] * MANY[caller.kind]
    assert grants(timed) == 2
    assert statuses(timed) == {200}


def test_nobody_waits_while_the_token_is_valid(
    timed: SampleControlPlane, clock: Clock, caller: Caller, client: Any
) -> None:
    clock.now += LIFETIME - 30
    never = Delay(3600)
    timed.faults.add("tokens.grant_token", never)
    before = len(timed.requests)
    if caller.is_async:
        buyer: Any = caller.loop.create_task(client.call_api("GET", PATH))
        caller.loop.run_until_complete(in_thread(timed.requests.wait_for, before + 1))
    else:
        buyer = threading.Thread(target=caller, args=(client, "GET", PATH))
        buyer.start()
        timed.requests.wait_for(before + 1)
    outcomes = caller.together(client, 20, PATH)
    assert [each.status_code for each in outcomes] == [200] * 20
    assert grants(timed) == 2
    timed.faults.clear()
    if caller.is_async:
        caller.loop.run_until_complete(buyer)
    else:
        buyer.join()
    assert statuses(timed) == {200}
    tokens = [each.headers["Authorization"] for each in timed.requests.of("projects.get_projects")]
    assert len(set(tokens[:-1])) == 1
    assert tokens[-1] != tokens[0]


def test_a_renewal_that_fails_frees_all_and_is_tried_again(
    timed: SampleControlPlane, clock: Clock, caller: Caller, client: Any
) -> None:
    clock.now += LIFETIME
    timed.faults.add("tokens.grant_token", Delay(0.3, Status(403)))
    outcomes = caller.together(client, MANY[caller.kind], PATH)
    assert [type(each) for each in outcomes] == [AuthenticationError] * MANY[caller.kind]
    assert len({id(each) for each in outcomes}) == len(outcomes)
    assert {each.status for each in outcomes} == {403}
    # A thread that began only when the others had their error asks for itself.
    assert grants(timed) <= 3
    assert len(timed.requests.of("projects.get_projects")) == 1
    timed.faults.clear()
    asked = grants(timed)
    assert caller(client, "GET", PATH).status_code == 200
    assert grants(timed) == asked + 1


@pytest.mark.parametrize("fault", [RevokeToken(), ExpireTokens()], ids=["revoked", "expired"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_token_that_ends_early_costs_one_renewal_and_one_resend(
    timed: SampleControlPlane, caller: Caller, client: Any, fault: Any, method: str
) -> None:
    operation = {"GET": "projects.get_projects", "POST": "projects.create_project"}[method]
    body = {"name": "vision", "clusterId": CLUSTER, "resources": []}
    timed.faults.add(operation, fault, times=1)
    timed.requests.clear()
    arguments = {"body": body} if method == "POST" else {}
    response = caller(client, method, PATH, **arguments)
    assert 200 <= response.status_code <= 299
    assert [each.status for each in timed.requests] == [401, 200, response.status_code]
    first, _, second = timed.requests
    assert first.body == second.body
    assert first.headers["Authorization"] != second.headers["Authorization"]


def test_many_with_a_revoked_token(timed: SampleControlPlane, caller: Caller, client: Any) -> None:
    timed.tokens.revoke_all()
    timed.faults.add("tokens.grant_token", Delay(0.1))
    outcomes = caller.together(client, 50, PATH)
    assert [each.status_code for each in outcomes] == [200] * 50
    assert grants(timed) == 2
    # Each is sent once more at most.
    assert len(timed.requests.of("projects.get_projects")) <= 1 + 2 * 50


@pytest.mark.parametrize(
    "fault",
    [
        TokenAnswer("opaque"),
        TokenAnswer("opaque", expires_in=600),
        TokenAnswer("without exp"),
        TokenAnswer("base64url"),
        ClockSkew(-86400),
        ClockSkew(86400),
    ],
    ids=str,
)
def test_tokens_of_every_kind_are_used_and_kept(
    timed: SampleControlPlane, caller: Caller, client: Any, fault: Any
) -> None:
    timed.tokens.revoke_all()
    timed.faults.add("tokens.grant_token", fault)
    for _ in range(3):
        assert caller(client, "GET", PATH).status_code == 200
    assert grants(timed) == 2
    timed.tokens.revoke_all()
    assert caller(client, "GET", PATH).status_code == 200
    assert grants(timed) == 3


def test_a_clock_that_is_wrong_costs_one_renewal_and_one_resend(
    timed: SampleControlPlane, clock: Clock, caller: Caller, client: Any
) -> None:
    """The token says that it lives on, and its control plane does not think so."""
    timed.faults.add("tokens.grant_token", ClockSkew(86400))
    timed.tokens.revoke_all()
    caller(client, "GET", PATH)
    clock.now += LIFETIME
    timed.requests.clear()
    assert caller(client, "GET", PATH).status_code == 200
    assert [each.status for each in timed.requests] == [401, 200, 200]


def test_the_grant_of_older_control_planes_is_found_once(clock: Clock, caller: Caller) -> None:
    with SampleControlPlane(
        clock=clock, token_lifetime=LIFETIME, token_grants=["app_token"]
    ) as older:
        made = caller.client(older.configuration(), _timing=Timing(wall=clock))
        for _ in range(3):
            assert caller(made, "GET", PATH).status_code == 200
            clock.now += LIFETIME
        answers = [each.status for each in older.requests.of("tokens.grant_token")]
        caller.close_client(made)
    assert answers == [400, 200, 200, 200]


def test_a_token_that_ends_during_a_wait_is_not_sent_again(caller: Caller, waits: Waits) -> None:
    with SampleControlPlane(clock=waits.timing.wall, token_lifetime=30) as brief:
        settings = brief.configuration().replace(token_refresh_margin=5)
        client = caller.client(settings, waits)
        brief.faults.add("projects.get_projects", Status(503, {"Retry-After": "40"}), times=1)
        brief.faults.add("projects.get_projects", Drop("during"), times=1)
        assert caller(client, "GET", PATH).status_code == 200
        assert [each.status for each in brief.requests] == [200, 503, 200, 0, 200]
        caller.close_client(client)


@pytest.mark.aiohttp
def test_a_slow_token_endpoint_leaves_the_event_loop_alone(timed: SampleControlPlane) -> None:
    caller = Caller("AsyncApiClient")
    client = caller.client(timed.configuration())
    timed.faults.add("tokens.grant_token", Delay(3600))

    async def race() -> None:
        call = asyncio.ensure_future(client.call_api("GET", PATH))
        await in_thread(timed.requests.wait_for, 1)
        # Were the loop blocked, nothing could end the delay.
        timed.faults.clear()
        assert (await call).status_code == 200

    caller.loop.run_until_complete(race())
    caller.close()
