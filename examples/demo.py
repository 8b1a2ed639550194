"""The three clients at work against an embedded control plane; no Run:ai installation is needed.

Each client does the same: it takes a token, pages through the projects, creates, reads and updates
one, submits a workspace in it, and deletes it. What is printed is what the control plane received
and what the client read in its answer. Exits with 1 if anything is not as it should be.
"""

import asyncio
import os
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
Conversation = Generator[Any, Answer, None]
"""Yields what a client's method returned, and is sent the answer that it came to."""


class DemoError(Exception):
    """Something is not as it should be."""


class Transcript:
    """Prints each call as the control plane and the client saw it, and compares the two."""

    def __init__(self, control_plane: ControlPlane) -> None:
        self.control_plane = control_plane
        self._first = self._shown = len(control_plane.requests)

    @property
    def requests(self) -> list[RecordedRequest]:
        """What the control plane received since this transcript began."""
        return self.control_plane.requests[self._first :]

    def show(self, operation_id: str, answer: Answer, status: int, words: str) -> None:
        """Print the requests that a call made; the last one must be the operation's."""
        *before, request = self.control_plane.requests[self._shown :]
        self._shown = len(self.control_plane.requests)
        for each in before:
            _print(each, "a token")
            expect(each.operation_id == "tokens.grant_token", f"{each.target} was not asked for")
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


def conversation(client: RunaiClient[Any], transcript: Transcript) -> Conversation:
    """What is done through every client, whatever its kind."""
    projects = client.organizations.projects

    listed: list[Any] = []
    offset: int | None = 0
    while offset is not None:
        answer = yield projects.get_projects(offset=offset, limit=2)
        page = answer.model
        names = ", ".join(project.name for project in page.projects)
        ending = "the last page" if page.next is None else f"the next page is at {page.next}"
        transcript.show("projects.get_projects", answer, 200, f"{names}; {ending}")
        listed += page.projects
        offset = page.next
    there = transcript.control_plane.total_items
    found = len({project.id for project in listed})
    expect(found == there, f"{there} projects are there, and {found} were listed")

    wanted = ProjectCreationRequest(
        name="vision", cluster_id=listed[0].cluster_id, resources=[gpu_quota(2)]
    )
    answer = yield projects.create_project(wanted)
    created = answer.model
    words = f"created {created.name!r}, id {created.id}, {gpus(created):g} GPUs"
    transcript.show("projects.create_project", answer, 201, words)
    expect(created.name == "vision", f"'vision' was to be created, not {created.name!r}")

    answer = yield projects.get_project(created.id)
    words = f"read id {answer.model.id}, phase {answer.data['status']['phase']}"
    transcript.show("projects.get_project", answer, 200, words)
    expect(answer.model.id == created.id, f"another project came: {answer.model.id}")

    change = ProjectUpdateRequest(description="twice the GPUs", resources=[gpu_quota(4)])
    answer = yield projects.update_project(created.id, change)
    words = f"updated to {answer.model.description!r}, {gpus(answer.model):g} GPUs"
    transcript.show("projects.update_project", answer, 200, words)
    expect(gpus(answer.model) == 4, f"{gpus(answer.model)} GPUs after an update to 4")

    # Where most of a body is the workload's own description, a dict of the API's names reads best.
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
    expect(submitted["name"] == "notebook", f"'notebook' was submitted, not {submitted['name']!r}")

    answer = yield projects.delete_project(created.id)
    expect(answer.status_code in (202, 204), f"a deletion was answered with {answer.status_code}")
    words = "deleted" if answer.status_code == 204 else "being deleted"
    transcript.show("projects.delete_project", answer, answer.status_code, words)


def gpu_quota(count: float) -> ResourcesNullable:
    """A quota of so many GPUs in the default node pool."""
    return ResourcesNullable(gpu=NonNullResource(deserved=count))


def gpus(project: Any) -> float:
    """How many GPUs a project deserves."""
    return sum(float(quota.gpu.deserved) for quota in project.resources)


def with_api_client(configuration: Configuration, transcript: Transcript) -> None:
    """Its calls return answers."""
    with RunaiClient(ApiClient(configuration)) as client:
        hold(conversation(client, transcript), lambda answer: answer)


def with_threaded_api_client(configuration: Configuration, transcript: Transcript) -> None:
    """Its calls return futures."""
    with RunaiClient(ThreadedApiClient(configuration)) as client:
        hold(conversation(client, transcript), lambda future: future.get(timeout=30))


def with_async_api_client(configuration: Configuration, transcript: Transcript) -> None:
    """Its calls return coroutines."""

    async def main() -> None:
        async with RunaiClient(AsyncApiClient(configuration)) as client:
            held = conversation(client, transcript)
            call = next(held)
            while call is not None:
                call = _next_call(held, await call)

    asyncio.run(main())


def hold(held: Conversation, answer_of: Callable[[Any], Answer]) -> None:
    """Hold a conversation, given how a call's result becomes an answer."""
    call = next(held)
    while call is not None:
        call = _next_call(held, answer_of(call))


def _next_call(held: Conversation, answer: Answer) -> Any:
    try:
        return held.send(answer)
    except StopIteration:
        return None


def expect(is_so: bool, otherwise: str) -> None:
    """Stop the demo unless something is so."""
    if not is_so:
        raise DemoError(otherwise)


def _print(request: RecordedRequest, words: str) -> None:
    print(f"  {request.method:<6} {request.target:<42} {request.status}  {words}")


CLIENTS = {
    "ApiClient (requests)": with_api_client,
    "ThreadedApiClient (urllib3 and threads)": with_threaded_api_client,
    "AsyncApiClient (aiohttp)": with_async_api_client,
}


def run(control_plane: ControlPlane) -> int:
    """Hold the conversation through every client; gives the exit status."""
    served = f"{len(control_plane.operation_ids)} operations at {control_plane.url}"
    print(f"Control plane {control_plane.version}, embedded: {served}")
    received: list[list[tuple[str, str, bytes]]] = []
    try:
        for name, talk in CLIENTS.items():
            print(f"\n{name}")
            transcript = Transcript(control_plane)
            talk(control_plane.configuration(), transcript)
            for each in transcript.requests:
                expect(not each.problems, f"{each.method} {each.target} has {each.problems}")
            received.append([(r.method, r.target, r.body) for r in transcript.requests])
        same = all(requests == received[0] for requests in received)
        expect(same, "the clients did not send the same requests")
    except (DemoError, OpenApiException) as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        return 1
    print(f"\nAll three sent the same {len(received[0])} requests, byte for byte.")
    return 0


def main() -> int:
    """Start a control plane, and run the demo on it."""
    # It is on this machine, whatever proxy the environment names for the world outside.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    with ControlPlane() as control_plane:
        return run(control_plane)


if __name__ == "__main__":
    sys.exit(main())
