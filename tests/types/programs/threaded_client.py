"""`ThreadedApiClient`: a call gives a future of the response."""

from __future__ import annotations

from concurrent.futures import Future, as_completed, wait
from typing import List

from runai.api_client import ApiFuture, ApiResponse, ThreadedApiClient
from runai.configuration import Configuration
from runai.models import Project
from runai.runai_client import RunaiClient

client = RunaiClient(ThreadedApiClient(Configuration.from_env(), pool_size=8))
reveal_type(client)  # is: RunaiClient[ThreadedApiClient]

future = client.organizations.projects.get_projects()
reveal_type(future)  # is: ApiFuture[GetProjects200Response]
reveal_type(future.get(timeout=30))  # is: ApiResponse[GetProjects200Response]
reveal_type(future.get().model.projects)  # is: list[Project]
reveal_type(future.result())  # is: ApiResponse[GetProjects200Response]
reveal_type(future.exception())  # is: BaseException | None
reveal_type(future.ready())  # is: bool
reveal_type(future.successful())  # is: bool
reveal_type(future.wait(5))  # is: None

# The response is inside.
print(future.model)  # error: attr-defined | reportAttributeAccessIssue | "model"
print(future.data)  # error: attr-defined | reportAttributeAccessIssue | "data"
print(future.get().model.project)  # error: attr-defined | reportAttributeAccessIssue | "project"
future.get(timeout="30")  # error: arg-type | reportArgumentType | timeout

several = [client.organizations.projects.get_project(each) for each in ("1", "2")]
reveal_type(several)  # is: list[ApiFuture[Project]]
for each in as_completed(several):
    reveal_type(each.result().model.name)  # is: str
reveal_type(wait(several).done)  # is: set[Future[ApiResponse[Project]]]


def names(calls: List[ApiFuture[Project]]) -> List[str]:
    return [call.get(60).model.name for call in calls]


def first(call: Future[ApiResponse[Project]]) -> Project:
    return call.result().model


names(several)
first(several[0])
names([future])  # error: list-item | reportArgumentType | GetProjects200Response
first(client.organizations.projects.get_project("1").get())  # error: arg-type | reportArgumentType | ApiResponse
