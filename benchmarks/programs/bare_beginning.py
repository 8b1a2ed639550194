"""What a careful user's first lines cost, with each transport library alone."""

from __future__ import annotations

from benchmarks.programs.beginning import KEPT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from benchmarks.worker import Operation

_CREDENTIALS = {
    "grantType": "client_credentials",
    "clientID": "benchmark",
    "clientSecret": "nothing secret",
}


def first_answer(url: str, library: str, target: str) -> Operation:
    """A token and the first call, decoded; the library is there already."""
    if library == "requests":
        return _with_requests(url, target)
    return _with_urllib3(url, target) if library == "urllib3" else _with_aiohttp(url, target)


def first_answer_and_pydantic(url: str, library: str, target: str) -> Operation:
    """The same, and the import of what models are made with."""
    ask = first_answer(url, library, target)

    def operation(count: int) -> None:
        from pydantic import BaseModel, TypeAdapter

        KEPT.extend((BaseModel, TypeAdapter))
        ask(count)

    return operation


def everything_to_first_answer(url: str, library: str, target: str) -> Operation:
    """From the import of the library to its first answer."""

    def operation(count: int) -> None:
        first_answer(url, library, target)(count)

    return operation


def answers(url: str, *targets: str) -> Operation:
    """A token and several calls, decoded, from the import of requests on."""

    def operation(_: int) -> None:
        _with_requests(url, *targets)(1)

    return operation


def _with_requests(url: str, *targets: str) -> Operation:
    import requests

    session = requests.Session()

    def operation(_: int) -> None:
        token = session.post(url + "/api/v1/token", json=_CREDENTIALS, timeout=(10, 60)).json()
        session.headers["Authorization"] = f"Bearer {token['accessToken']}"
        KEPT.extend(session.get(url + target, timeout=(10, 60)).json() for target in targets)

    return operation


def _with_urllib3(url: str, target: str) -> Operation:
    import json

    import urllib3

    pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=10, read=60))

    def operation(_: int) -> None:
        granted = pool.request(
            "POST",
            url + "/api/v1/token",
            body=json.dumps(_CREDENTIALS),
            headers={"Content-Type": "application/json"},
        )
        token = json.loads(granted.data)["accessToken"]
        answer = pool.request("GET", url + target, headers={"Authorization": f"Bearer {token}"})
        KEPT.append(json.loads(answer.data))

    return operation


def _with_aiohttp(url: str, target: str) -> Operation:
    import asyncio

    import aiohttp

    async def main() -> Any:
        async with aiohttp.ClientSession() as session:
            async with session.post(url + "/api/v1/token", json=_CREDENTIALS) as granted:
                token = (await granted.json())["accessToken"]
            headers = {"Authorization": f"Bearer {token}"}
            async with session.get(url + target, headers=headers) as answer:
                return await answer.json()

    def operation(_: int) -> None:
        loop = asyncio.new_event_loop()
        KEPT.extend((loop, loop.run_until_complete(main())))

    return operation
