"""One client for many threads, and for many objects that come and go."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from typing import Any

import pytest

from runai.runai_client import RunaiClient
from runai.testing import SampleControlPlane
from runai.testing.faults import Delay

from ..reliability.callers import Caller

MANY = 16


@pytest.mark.parametrize("in_a_circle", [False, True])
def test_a_client_that_others_use_outlives_whoever_wrapped_it(
    in_a_circle: bool, control_plane: SampleControlPlane, caller: Caller
) -> None:
    shared = caller.client(control_plane.configuration())
    other: Any = RunaiClient(shared)
    temporary: Any = RunaiClient(shared)
    caller.wait(temporary.organizations.projects.get_projects())
    if in_a_circle:
        temporary.itself = temporary
    del temporary
    gc.collect()
    for client in (other, RunaiClient(shared)):
        projects: Any = client.organizations.projects
        assert caller.wait(projects.get_projects()).status_code == 200


@pytest.mark.parametrize("transport", ["default", "requests", "urllib3"])
def test_many_at_once_get_their_own_answers_and_no_warning(
    transport: str,
    control_plane: SampleControlPlane,
    caller: Caller,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """More than the pool keeps connections for."""
    if caller.is_async and transport != "default":
        pytest.skip("aiohttp alone")
    caplog.set_level(logging.WARNING)
    arguments: dict[str, Any] = {} if transport == "default" else {"transport": transport}
    if caller.kind == "ThreadedApiClient":
        arguments["pool_size"] = MANY
    configuration = control_plane.configuration().replace(pool_maxsize=2)
    client = caller.client(configuration, **arguments)
    projects: Any = RunaiClient(client).organizations.projects
    caller.wait(projects.get_projects())
    control_plane.requests.clear()
    control_plane.faults.add("projects.get_project", Delay(3600))
    got = all_of_them(projects, control_plane, caller)
    assert got == {str(number): str(number) for number in range(MANY)}
    assert [each.getMessage() for each in caplog.records] == []


def all_of_them(projects: Any, control_plane: SampleControlPlane, caller: Caller) -> dict[str, str]:
    """The ids in the answers, by those asked for; none is answered before all have arrived."""
    got: dict[str, str] = {}

    def answered() -> None:
        control_plane.requests.wait_for(MANY)
        control_plane.faults.clear()

    release = threading.Thread(target=answered)
    release.start()
    if caller.is_async:

        async def gather() -> None:
            async def one(number: str) -> None:
                got[number] = (await projects.get_project(number)).data["id"]

            await asyncio.gather(*(one(str(number)) for number in range(MANY)))

        caller.loop.run_until_complete(gather())
    else:

        def one(number: str) -> None:
            got[number] = caller.wait(projects.get_project(number)).data["id"]

        threads = [threading.Thread(target=one, args=(str(number),)) for number in range(MANY)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    release.join()
    return got
