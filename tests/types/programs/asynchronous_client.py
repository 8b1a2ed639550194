"""`AsyncApiClient`: a call gives a coroutine, which has to be awaited."""

from __future__ import annotations

import asyncio
from typing import Any, Awaitable, Coroutine, List

from runai.api_client import ApiResponse, AsyncApiClient
from runai.configuration import Configuration
from runai.models import Project
from runai.runai_client import RunaiClient


async def main() -> None:
    async with RunaiClient(AsyncApiClient(Configuration.from_env())) as client:
        reveal_type(client)  # is: RunaiClient[AsyncApiClient]
        projects = client.organizations.projects

        listed = await projects.get_projects(limit=10)
        reveal_type(listed)  # is: ApiResponse[GetProjects200Response]
        reveal_type(listed.model.projects)  # is: list[Project]
        print(listed.model.project)  # error: attr-defined | reportAttributeAccessIssue | "project"

        # Without `await`.
        coroutine = projects.get_projects()
        reveal_type(coroutine)  # is: Coroutine[None, None, ApiResponse[GetProjects200Response]]  # error: unused-coroutine | - | await
        print(coroutine.model)  # error: attr-defined | reportAttributeAccessIssue | "model"
        print(projects.get_projects().data)  # error: attr-defined | reportAttributeAccessIssue | "data"
        projects.delete_project("1")  # error: unused-coroutine | reportUnusedCoroutine
        for _ in projects.get_projects():  # error: attr-defined | reportGeneralTypeIssues | iter
            pass

        # Side by side.
        one, nodes = await asyncio.gather(
            projects.get_project("1"), client.organizations.nodes.get_tenant_nodes()
        )
        reveal_type(one)  # is: ApiResponse[Project]
        reveal_type(nodes.model.nodes)  # is: list[Node]
        many = await asyncio.gather(*(projects.get_project(each) for each in ("1", "2")))
        reveal_type(many)  # is: list[ApiResponse[Project]]
        task = asyncio.create_task(projects.get_project("1"))
        reveal_type(task)  # is: Task[ApiResponse[Project]]
        reveal_type((await task).model.name)  # is: str
        reveal_type(await asyncio.wait_for(projects.get_project("1"), 5))  # is: ApiResponse[Project]
        for done in asyncio.as_completed([projects.get_project("1")]):
            reveal_type(await done)  # is: ApiResponse[Project]

        # The names that a user's own functions give it.
        awaited: Awaitable[ApiResponse[Project]] = projects.get_project("1")
        called: Coroutine[Any, Any, ApiResponse[Project]] = projects.get_project("1")
        print(await awaited, await called)


async def names(client: RunaiClient[AsyncApiClient], ids: List[str]) -> List[str]:
    calls = [client.organizations.projects.get_project(each) for each in ids]
    return [call.model.name for call in await asyncio.gather(*calls)]


async def one(client: RunaiClient[AsyncApiClient]) -> Project:
    return client.organizations.projects.get_project("1")  # error: return-value | reportReturnType | Coroutine


asyncio.run(main())
