"""Functions and classes of a user's own that are given a client."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Callable, List, Mapping, Union

from runai.api_client import ApiClient, ApiResponse, AsyncApiClient, ThreadedApiClient
from runai.models import Project
from runai.organizations import Organizations
from runai.runai_client import RunaiClient


def names(client: RunaiClient) -> List[str]:
    reveal_type(client)  # is: RunaiClient[ApiClient]
    return [each.name for each in client.organizations.projects.get_projects().model.projects]


def names_by_threads(client: RunaiClient[ThreadedApiClient]) -> List[str]:
    listed = client.organizations.projects.get_projects().get()
    return [each.name for each in listed.model.projects]


async def names_by_tasks(client: RunaiClient[AsyncApiClient]) -> List[str]:
    listed = await client.organizations.projects.get_projects()
    return [each.name for each in listed.model.projects]


waiting = RunaiClient(ApiClient())
threads = RunaiClient(ThreadedApiClient())
tasks = RunaiClient(AsyncApiClient())
names(waiting)
names_by_threads(threads)
names(threads)  # error: arg-type | reportArgumentType | ThreadedApiClient
names(tasks)  # error: arg-type | reportArgumentType | AsyncApiClient
names_by_threads(waiting)  # error: arg-type | reportArgumentType | ApiClient
names_by_tasks(tasks)  # error: unused-coroutine | reportUnusedCoroutine
names(ApiClient())  # error: arg-type | reportArgumentType | ApiClient


# A kind that is not known: either of two, or any. mypy checks no arguments then.
def either(client: Union[RunaiClient[ApiClient], RunaiClient[ThreadedApiClient]]) -> None:
    answer = client.organizations.projects.get_project("1")
    if isinstance(answer, ApiResponse):
        reveal_type(answer.model)  # is: Project
    else:
        reveal_type(answer)  # is: ApiFuture[Project]


def of_two(client: RunaiClient[Union[ApiClient, ThreadedApiClient]]) -> None:
    reveal_type(client.organizations.projects.get_project("1"))  # is: Any


async def of_any(client: RunaiClient[Any]) -> None:
    reveal_type(client.organizations.projects.get_project("1"))  # is: Any
    await client.organizations.projects.get_project("1")
    client.organizations.projects.get_project(1)  # error: - | reportArgumentType | str


either(waiting)
either(threads)
either(tasks)  # error: arg-type | reportArgumentType | AsyncApiClient
of_two(RunaiClient(ThreadedApiClient() if names(waiting) else ApiClient()))
of_any(tasks)  # error: unused-coroutine | reportUnusedCoroutine


# Operations are functions like others.
get: Callable[[str], ApiResponse[Project]] = waiting.organizations.projects.get_project
reveal_type([each.model.name for each in map(get, "123")])  # is: list[str]
reveal_type(partial(waiting.organizations.projects.get_project, timeout=5)("1"))  # is: ApiResponse[Project]
with ThreadPoolExecutor() as pool:
    call = pool.submit(waiting.organizations.projects.get_project, "1", timeout=5)
    reveal_type(call.result().model)  # is: Project
    pool.submit(waiting.organizations.projects.get_project, 1)  # error: arg-type | reportArgumentType | str


class Inventory:
    def __init__(self, organizations: Organizations) -> None:
        self._organizations = organizations

    def project(self, project_id: str) -> Project:
        return self._organizations.projects.get_project(project_id).model


reveal_type(Inventory(waiting.organizations).project("1"))  # is: Project
Inventory(threads.organizations)  # error: arg-type | reportArgumentType | ThreadedApiClient


# A client of a user's own.
class OwnClient(ApiClient):
    team = "vision"


reveal_type(RunaiClient(OwnClient()).organizations.projects.get_project("1"))  # is: ApiResponse[Project]
reveal_type(RunaiClient(OwnClient()).api_client.team)  # is: str
names(RunaiClient(OwnClient()))


class Recorder:
    def call(self, operation: Any, arguments: Mapping[str, Any], *others: Any, **named: Any) -> str:
        return f"{operation.name} {arguments}"


reveal_type(Organizations(Recorder()).projects.get_project("1"))  # is: Any
