"""`with` and `async with`, on the clients and on `RunaiClient`, and `close`."""

from __future__ import annotations

from runai.api_client import ApiClient, AsyncApiClient, ThreadedApiClient
from runai.runai_client import RunaiClient

with ApiClient() as alone:
    reveal_type(alone)  # is: ApiClient
with RunaiClient(ApiClient()) as waiting:
    reveal_type(waiting)  # is: RunaiClient[ApiClient]
with RunaiClient(ThreadedApiClient()) as threads:
    reveal_type(threads)  # is: RunaiClient[ThreadedApiClient]
with ThreadedApiClient() as first, RunaiClient(first) as second:
    reveal_type(second.organizations.projects.get_project("1"))  # is: ApiFuture[Project]
reveal_type(waiting.close())  # is: None

with RunaiClient(AsyncApiClient()):  # error: misc | reportGeneralTypeIssues | __enter__
    pass


async def main() -> None:
    async with AsyncApiClient() as plain:
        reveal_type(plain)  # is: AsyncApiClient
    async with RunaiClient(AsyncApiClient()) as tasks:
        reveal_type(tasks)  # is: RunaiClient[AsyncApiClient]
    await tasks.close()
    await tasks.aclose()
    tasks.close()  # error: unused-coroutine | reportUnusedCoroutine
    tasks.aclose()  # error: unused-coroutine | reportUnusedCoroutine

    async with RunaiClient(ApiClient()):  # error: misc | reportGeneralTypeIssues | __aenter__
        pass
    await waiting.close()  # error: misc | reportGeneralTypeIssues
    await waiting.aclose()  # error: misc | reportAttributeAccessIssue | aclose
