"""A category without `RunaiClient`, on each of the three clients."""

from __future__ import annotations

from runai.api import ProjectsApi
from runai.api_client import ApiClient, ApiResponse, AsyncApiClient, ThreadedApiClient
from runai.organizations import Organizations, models
from runai.workloads import Workloads

waiting = Organizations(ApiClient())
reveal_type(waiting)  # is: Organizations[ApiClient]
reveal_type(waiting.api_client)  # is: ApiClient
reveal_type(waiting.projects.get_project("1"))  # is: ApiResponse[Project]
reveal_type(Workloads(waiting.api_client).workspaces.get_workspace("1").model)  # is: Workspace1

threads = Organizations(ThreadedApiClient())
reveal_type(threads.projects.get_project("1"))  # is: ApiFuture[Project]
reveal_type(threads.projects.get_project("1").get().model)  # is: Project

# A group alone, as scripts for earlier versions make it.
reveal_type(ProjectsApi(ApiClient()).get_project("1"))  # is: ApiResponse[Project]
reveal_type(ProjectsApi(ThreadedApiClient()).get_project("1"))  # is: ApiFuture[Project]


async def main() -> None:
    tasks = Organizations(AsyncApiClient())
    reveal_type(await tasks.projects.get_project("1"))  # is: ApiResponse[Project]
    print(tasks.projects.get_project("1").model)  # error: attr-defined | reportAttributeAccessIssue | "model"
    tasks.projects.delete_project("1")  # error: unused-coroutine | reportUnusedCoroutine
    reveal_type(await ProjectsApi(AsyncApiClient()).get_project("1"))  # is: ApiResponse[Project]


def count(organizations: Organizations) -> int:
    reveal_type(organizations)  # is: Organizations[ApiClient]
    return len(organizations.projects.get_projects().model.projects)


def newest(projects: ProjectsApi[ThreadedApiClient]) -> models.Project:
    return max(projects.get_projects().get().model.projects, key=lambda each: each.created_at)


def answer(projects: ProjectsApi) -> ApiResponse[models.Project]:
    return projects.get_project("1")


count(waiting)
newest(threads.projects)
answer(waiting.projects)
count(threads)  # error: arg-type | reportArgumentType | ThreadedApiClient
newest(waiting.projects)  # error: arg-type | reportArgumentType | ThreadedApiClient
count(Workloads(ApiClient()))  # error: arg-type | reportArgumentType | Workloads
Organizations("https://my-company.run.ai")  # error: type-var | reportArgumentType
waiting.get_projects()  # error: attr-defined | reportAttributeAccessIssue | "get_projects"
