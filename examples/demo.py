"""The three clients at work against an embedded control plane; no Run:ai installation is needed.

Each client does the same: it takes a token, creates projects and pages through them, submits a
training and follows it through its phases, sees another one wait for its project's quota, suspends
and resumes, and deletes what it made. Time passes on the control plane's clock alone. What is
printed is what the control plane received and what the client read in its answer. Exits with 1 if
anything is not as it should be.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Generator
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import unquote

from runai.api_client import ApiClient, AsyncApiClient, ThreadedApiClient
from runai.api_response import ApiResponse
from runai.configuration import Configuration
from runai.exceptions import OpenApiException
from runai.models import (
    NonNullResource,
    ProjectCreationRequest,
    ProjectUpdateRequest,
    ResourcesNullable,
    TrainingCreationRequest,
    WorkloadMetricType,
)
from runai.runai_client import RunaiClient
from runai.testing import ControlPlane, RecordedRequest

Answer = ApiResponse[Any]
Conversation = Generator[Any, Answer, None]
"""Yields what a client's method returned, and is sent the answer that it came to."""
Reading = Generator[Any, Answer, Any]
"""A part of a conversation, which comes to what was read."""
WIDTH = 48
"""Of the targets that are printed."""


class DemoError(Exception):
    """Something is not as it should be."""


class Transcript:
    """Prints each call as the control plane and the client saw it, and compares the two."""

    def __init__(self, control_plane: ControlPlane) -> None:
        self.control_plane = control_plane
        self._first = self._shown = len(control_plane.requests)
        self._names: dict[str, str] = {}

    @property
    def requests(self) -> list[RecordedRequest]:
        """What the control plane received since this transcript began."""
        return self.control_plane.requests[self._first :]

    def call(self, value: object, name: str) -> None:
        """Give an id or a time, which differs from client to client, a name to compare by."""
        self._names[str(value)] = name

    def comparable(self) -> list[tuple[str, str, str]]:
        """The requests, with names for what differs."""
        sent = [(each.method, unquote(each.target), each.body.decode()) for each in self.requests]
        return [(method, self._named(target), self._named(body)) for method, target, body in sent]

    def show(self, operation_id: str, answer: Answer, status: int, words: str) -> RecordedRequest:
        """Print the requests that a call made; the last one must be the operation's."""
        *before, request = self.control_plane.requests[self._shown :]
        self._shown = len(self.control_plane.requests)
        for each in before:
            self._print(each, "a token")
            expect(each.operation_id == "tokens.grant_token", f"{each.target} was not asked for")
        self._print(request, words)
        expect(
            request.operation_id == operation_id,
            f"{operation_id} was called, and {request.operation_id} arrived",
        )
        expect(
            answer.status_code == request.status == status,
            f"{operation_id}: {status} was expected, {request.status} sent,"
            f" {answer.status_code} received",
        )
        return request

    def _print(self, request: RecordedRequest, words: str) -> None:
        target = self._named(request.target)
        shown = target if len(target) <= WIDTH else f"{target[: WIDTH - 3]}..."
        print(f"  {request.method:<6} {shown:<{WIDTH}} {request.status}  {words}")

    def _named(self, text: str) -> str:
        for value, name in self._names.items():
            text = text.replace(value, name)
        return text


def conversation(client: RunaiClient[Any], transcript: Transcript) -> Conversation:
    """What is done through every client, whatever its kind."""
    answer = yield client.organizations.clusters.get_clusters()
    (cluster,) = answer.model
    transcript.show("clusters.get_clusters", answer, 200, cluster.name)

    project_ids = yield from created_projects(client, transcript, cluster.uuid)
    yield from lives_of_trainings(client, transcript, cluster.uuid, project_ids[0])

    for project_id in project_ids:
        answer = yield client.organizations.projects.delete_project(project_id)
        transcript.show("projects.delete_project", answer, 202, "deleted")
    answer = yield client.organizations.projects.get_projects()
    left = len(answer.data["projects"])
    transcript.show("projects.get_projects", answer, 200, f"{left} are left")
    expect(left == 0, f"{left} projects are left")


def created_projects(client: RunaiClient[Any], transcript: Transcript, cluster: str) -> Reading:
    """Creates three projects, pages through them, and changes a quota; comes to their ids."""
    projects = client.organizations.projects
    ids = []
    for name, count in (("vision", 2), ("speech", 1), ("robots", 1)):
        wanted = ProjectCreationRequest(name=name, cluster_id=cluster, resources=[quota(count)])
        answer = yield projects.create_project(wanted)
        created = answer.model
        words = f"created {created.name!r}, {gpus(created):g} GPUs"
        transcript.show("projects.create_project", answer, 201, words)
        transcript.call(f"projects/{created.id}", f"projects/<{name}>")
        transcript.call(f'"projectId":"{created.id}"', f'"projectId":"<{name}>"')
        ids.append(created.id)

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
    expect(
        sorted(project.id for project in listed) == sorted(ids),
        f"{len(ids)} projects are there, and {len(listed)} were listed",
    )

    change = ProjectUpdateRequest(description="twice the GPUs", resources=[quota(4)])
    answer = yield projects.update_project(ids[0], change)
    words = f"updated to {answer.model.description!r}, {gpus(answer.model):g} GPUs"
    transcript.show("projects.update_project", answer, 200, words)
    expect(gpus(answer.model) == 4, f"{gpus(answer.model)} GPUs after an update to 4")
    return ids


def lives_of_trainings(
    client: RunaiClient[Any], transcript: Transcript, cluster: str, project: str
) -> Conversation:
    """Follows two trainings that their project has no GPUs for at once."""
    trainings = client.workloads.trainings
    begin = datetime.fromtimestamp(transcript.control_plane.clock(), timezone.utc)

    resnet = yield from submitted(client, transcript, "resnet", cluster, project)
    yield from read_workload(client, transcript, resnet, "Creating", after=0)
    for phase in ("Initializing", "Pending", "Running"):
        yield from read_workload(client, transcript, resnet, phase, after=1)
    sweep = yield from submitted(client, transcript, "sweep", cluster, project)
    yield from read_workload(client, transcript, sweep, "Pending", after=30)

    answer = yield client.workloads.workloads.get_workload_metrics(
        resnet,
        metric_type=[WorkloadMetricType.GPU_UTILIZATION],
        start=begin,
        end=begin + timedelta(seconds=30),
        number_of_samples=4,
    )
    values = [sample["value"] for sample in answer.data["measurements"][0]["values"]]
    words = f"GPU utilization {', '.join(values)}"
    request = transcript.show("workloads.get_workload_metrics", answer, 200, words)
    for parameter in ("start", "end"):
        transcript.call(request.query[parameter], f"<{parameter}>")
    expect(float(values[0]) == 0 < float(values[-1]), f"the GPUs were in use: {values}")

    answer = yield trainings.suspend_training(resnet)
    transcript.show("trainings.suspend_training", answer, 202, answer.data["message"])
    yield from read_workload(client, transcript, resnet, "Stopped", after=2)
    yield from read_workload(client, transcript, sweep, "Running", after=1)
    answer = yield trainings.delete_training(sweep)
    transcript.show("trainings.delete_training", answer, 202, "deleted")

    answer = yield trainings.resume_training(resnet)
    transcript.show("trainings.resume_training", answer, 202, answer.data["message"])
    yield from read_workload(client, transcript, resnet, "Running", after=3)
    yield from read_workload(client, transcript, resnet, "Completed", after=60)
    answer = yield client.workloads.events.get_workload_events(resnet, sort_order="asc")
    reasons = [event["reason"] for event in answer.data["events"]]
    transcript.show("events.get_workload_events", answer, 200, ", ".join(reasons))
    expect(reasons[-1] == "Completed", f"the last event is {reasons[-1]}")
    answer = yield trainings.delete_training(resnet)
    transcript.show("trainings.delete_training", answer, 202, "deleted")


def submitted(
    client: RunaiClient[Any], transcript: Transcript, name: str, cluster: str, project: str
) -> Reading:
    """Submits a training on 4 GPUs; comes to its id."""
    # Where most of a body is the workload's own description, a dict of the API's names reads best.
    training = TrainingCreationRequest.from_dict(
        {
            "name": name,
            "projectId": project,
            "clusterId": cluster,
            "spec": {"image": "my-registry/train:1", "compute": {"gpuDevicesRequest": 4}},
        }
    )
    answer = yield client.workloads.trainings.create_training1(training)
    workload_id = answer.data["workloadId"]
    transcript.call(workload_id, f"<{name}>")
    words = f"submitted {answer.data['name']!r}"
    transcript.show("trainings.create_training1", answer, 202, words)
    expect(answer.data["name"] == name, f"{name!r} was submitted, not {answer.data['name']!r}")
    return workload_id


def read_workload(
    client: RunaiClient[Any], transcript: Transcript, workload_id: str, phase: str, after: int
) -> Conversation:
    """Reads a workload, seconds later; it must be in a phase."""
    transcript.control_plane.clock.advance(after)
    answer = yield client.workloads.workloads.get_workload(workload_id)
    workload = answer.data
    message = workload["phaseMessage"]
    words = f"{workload['name']} is {workload['phase']}{': ' if message else ''}{message}"
    transcript.show("workloads.get_workload", answer, 200, words)
    expect(workload["phase"] == phase, f"{phase} was expected, it is {workload['phase']}")


def quota(count: float) -> ResourcesNullable:
    """A quota of so many GPUs in the default node pool."""
    return ResourcesNullable(gpu=NonNullResource(deserved=count))


def gpus(project: Any) -> float:
    """How many GPUs a project deserves."""
    return sum(float(part.gpu.deserved) for part in project.resources)


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


CLIENTS = {
    "ApiClient (requests)": with_api_client,
    "ThreadedApiClient (urllib3 and threads)": with_threaded_api_client,
    "AsyncApiClient (aiohttp)": with_async_api_client,
}


def run(control_plane: ControlPlane) -> int:
    """Hold the conversation through every client; gives the exit status."""
    served = f"{len(control_plane.operation_ids)} operations at {control_plane.url}"
    print(f"Control plane {control_plane.version}, embedded: {served}")
    received: list[list[tuple[str, str, str]]] = []
    try:
        for name, talk in CLIENTS.items():
            print(f"\n{name}")
            transcript = Transcript(control_plane)
            talk(control_plane.configuration(), transcript)
            for each in transcript.requests:
                expect(not each.problems, f"{each.method} {each.target} has {each.problems}")
            received.append(transcript.comparable())
        same = all(requests == received[0] for requests in received)
        expect(same, "the clients did not send the same requests")
    except (DemoError, OpenApiException) as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        return 1
    print(f"\nAll three sent the same {len(received[0])} requests, ids and times aside.")
    return 0


def main() -> int:
    """Start a control plane, and run the demo on it."""
    # It is on this machine, whatever proxy the environment names for the world outside.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    now = time.time()
    # Its time passes where the demo lets it, and not while a slow machine thinks.
    with ControlPlane(clock=lambda: now) as control_plane:
        return run(control_plane)


if __name__ == "__main__":
    sys.exit(main())
