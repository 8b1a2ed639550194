"""The three clients at work, against an embedded control plane: no Run:ai installation is needed.

Each client does the same: it takes a token, pages through the projects, creates, reads and updates
one, submits a workspace in it, and deletes it again. What is printed is what the control plane
received and what the client read in the answer. Exits with 1 if anything is not as it should be.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Generator
from typing import Any

from runai.api_client import ApiClient, AsyncApiClient, ThreadedApiClient
from runai.api_response import ApiResponse
from runai.configuration import Configuration
from runai.exceptions import OpenApiException
from runai.models import (
    NonNullResource,
    ProjectCreationRequest,
    ProjectUpdateRequest,
    ResourcesNullable,
    WorkspaceCreationRequest,
)
from runai.runai_client import RunaiClient
from runai.testing import ControlPlane, RecordedRequest

Answer = ApiResponse[Any]
Steps = Generator[Any, Answer, None]
"""Yields what a client's method returned, and is sent the answer that it stands for."""


class DemoError(Exception):
    """Something is not as it should be."""


class Transcript:
    """Prints each step as the control plane and the client saw it, and holds one to the other."""

    def __init__(self, control_plane: ControlPlane) -> None:
        self.control_plane = control_plane
        self._shown = len(control_plane.requests)
        self._first = self._shown

    @property
    def requests(self) -> list[RecordedRequest]:
        """What the control plane received since this transcript began."""
        return self.control_plane.requests[self._first :]

    def show(self, operation_id: str, answer: Answer, status: int, words: str) -> None:
        """Print the requests that a call made; the last one must be the operation's."""
        *before, request = self.control_plane.requests[self._shown :]
        self._shown = len(self.control_plane.requests)
        for each in before:
            expect(each.operation_id == "tokens.grant_token", f"{each.target} was not asked for")
            _print(each, "took a token")
        _print(request, words)
        expect(
            request.operation_id == operation_id,
            f"{operation_id} was called, and {request.operation_id} arrived",
        )
        expect(
            answer.status_code == request.status == status,
            f"{operation_id}: {status} was expected, {request.status} sent,"
            f" {answer.status_code} received",
        )


def steps(client: RunaiClient, transcript: Transcript) -> Steps:
    """What is done through every client, whatever its kind."""
    projects = client.organizations.projects
    total = transcript.control_plane.total_items

    listed: list[Any] = []
    offset: int | None = 0
    while offset is not None:
        answer = yield projects.get_projects(offset=offset, limit=2)
        page = answer.model
        listed += page.projects
        names = ", ".join(project.name for project in page.projects)
        ending = "the last page" if page.next is None else f"the next page is at {page.next}"
        transcript.show("projects.get_projects", answer, 200, f"{names}; {ending}")
        offset = page.next
    expect(
        len({project.id for project in listed}) == total,
        f"the control plane has {total} projects, {len(listed)} were listed",
    )

    quota = ResourcesNullable(gpu=NonNullResource(deserved=2))
    wanted = ProjectCreationRequest(
        name="demo", cluster_id=listed[0].cluster_id, resources=[quota], parent_id="4500001"
    )
    answer = yield projects.create_project(wanted)
    created = answer.model
    words = f"created {created.name!r}, id {created.id}, at {created.created_at:%Y-%m-%d %H:%M}"
    transcript.show("projects.create_project", answer, 201, words)
    expect(created.name == "demo", f"the project is called {created.name!r}")

    answer = yield projects.get_project(created.id)
    words = f"read id {answer.model.id}, {answer.model.status.phase.value}"
    transcript.show("projects.get_project", answer, 200, words)
    expect(answer.model.id == created.id, f"another project came: {answer.model.id}")

    quota = ResourcesNullable(gpu=NonNullResource(deserved=4))
    change = ProjectUpdateRequest(resources=[quota], description="twice the GPUs")
    answer = yield projects.update_project(created.id, change)
    gpus = answer.model.resources[0].gpu.deserved
    words = f"updated: {answer.model.description!r}, {gpus} GPUs"
    transcript.show("projects.update_project", answer, 200, words)
    expect(gpus == 4, f"the project has {gpus} GPUs after an update to 4")

    workspace = WorkspaceCreationRequest.from_dict(
        {
            "name": "notebook",
            "projectId": created.id,
            "clusterId": created.cluster_id,
            "spec": {"image": "jupyter/scipy-notebook", "compute": {"gpuDevicesRequest": 1}},
        }
    )
    answer = yield client.workloads.workspaces.create_workspace1(workspace)
    submitted = answer.data
    words = f"submitted {submitted['name']!r}, id {submitted['workloadId']}"
    transcript.show("workspaces.create_workspace1", answer, 202, words)
    expect(submitted["name"] == "notebook", f"the workspace is called {submitted['name']!r}")

    answer = yield projects.delete_project(created.id)
    words = "deletion has begun" if answer.status_code == 202 else "deleted"
    transcript.show("projects.delete_project", answer, answer.status_code, words)
    expect(answer.data is None, f"a deletion answered with {answer.data!r}")


def with_api_client(configuration: Configuration, transcript: Transcript) -> None:
    """A call returns the answer."""
    with RunaiClient(ApiClient(configuration)) as client:
        take(steps(client, transcript), lambda answer: answer)


def with_threaded_api_client(configuration: Configuration, transcript: Transcript) -> None:
    """A call returns a future."""
    with RunaiClient(ThreadedApiClient(configuration)) as client:
        take(steps(client, transcript), lambda future: future.get(timeout=30))


def with_async_api_client(configuration: Configuration, transcript: Transcript) -> None:
    """A call returns a coroutine."""

    async def main() -> None:
        async with RunaiClient(AsyncApiClient(configuration)) as client:
            taken = steps(client, transcript)
            call = next(taken)
            while call is not None:
                answer = await call
                call = _following(taken, answer)

    asyncio.run(main())


def take(taken: Steps, answer_of: Callable[[Any], Answer]) -> None:
    """Take the steps one by one, each with the answer of the one before."""
    call = next(taken)
    while call is not None:
        call = _following(taken, answer_of(call))


def _following(taken: Steps, answer: Answer) -> Any:
    try:
        return taken.send(answer)
    except StopIteration:
        return None


def expect(is_so: bool, otherwise: str) -> None:
    """Stop the demo unless something is so."""
    if not is_so:
        raise DemoError(otherwise)


CLIENTS = {
    "ApiClient (requests)": with_api_client,
    "ThreadedApiClient (urllib3 and threads)": with_threaded_api_client,
    "AsyncApiClient (aiohttp)": with_async_api_client,
}


def run(control_plane: ControlPlane) -> int:
    """Run every client against a control plane; the exit status."""
    operations = len(control_plane.operation_ids)
    print(f"A control plane {control_plane.version} at {control_plane.url}: {operations} operations")
    sent: dict[str, list[tuple[str, str, bytes]]] = {}
    try:
        for name, use in CLIENTS.items():
            print(f"\n{name}")
            transcript = Transcript(control_plane)
            use(control_plane.configuration(), transcript)
            _refuse_problems(transcript.requests)
            sent[name] = [(each.method, each.target, each.body) for each in transcript.requests]
        first, *others = sent.values()
        expect(all(each == first for each in others), "the clients did not send the same requests")
    except (DemoError, OpenApiException) as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        return 1
    print(f"\nThe three clients sent the same {len(first)} requests, byte for byte; none was refused.")
    return 0


def _refuse_problems(requests: list[RecordedRequest]) -> None:
    for request in requests:
        expect(not request.problems, f"{request.target} was refused: {request.problems}")


def _print(request: RecordedRequest, words: str) -> None:
    print(f"  {request.method:<6} {request.target:<42} {request.status}  {words}")
    if request.method in ("POST", "PUT") and request.operation_id != "tokens.grant_token":
        print(f"         {json.dumps(json.loads(request.body))}")


def main() -> int:
    """Start a control plane and run the demo on it."""
    with ControlPlane() as control_plane:
        return run(control_plane)


if __name__ == "__main__":
    sys.exit(main())
