"""What a program pays once, at its beginning: the same for us and the peer, and for the libraries.

Everything is imported within the operations, whose clock is running then.
"""

from __future__ import annotations

from itertools import islice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from benchmarks.worker import Operation

KEPT: list[object] = []
"""What must not be collected before memory is looked at."""

CATEGORIES = (
    "organizations",
    "workloads",
    "authentication_and_authorization",
    "workload_assets",
    "policies",
    "datavolumes",
    "audit",
    "notifications",
    "ai_applications",
)


def library_imported(_: str, library: str) -> Operation:
    """The transport library alone."""
    return lambda _: KEPT.append(__import__(library))


def names_imported(_: str) -> Operation:
    """The three names that a script begins with."""

    def operation(_: int) -> None:
        from runai.api_client import ApiClient
        from runai.configuration import Configuration
        from runai.runai_client import RunaiClient

        KEPT.extend((ApiClient, Configuration, RunaiClient))

    return operation


def client_made(url: str, kind: str) -> Operation:
    """The three names, and a client: this is where ours imports its transport library."""
    return lambda _: KEPT.append(new_client(url, kind))


def categories_touched(url: str, kind: str) -> Operation:
    """A client, and every API group of all nine categories."""

    def operation(_: int) -> None:
        client = new_client(url, kind)
        for name in CATEGORIES:
            category = getattr(client, name)
            KEPT.append([getattr(category, group) for group in category.options()])

    return operation


def categories_used(url: str, kind: str, categories: str) -> Operation:
    """A client, and one typed answer in each of some categories."""

    def operation(_: int) -> None:
        client = new_client(url, kind)
        # No further than asked for: each step of the generator touches one category more.
        for answer, model in islice(_answers(client), int(categories)):
            KEPT.append(typed(answer(), model))

    return operation


def first_typed_answer(url: str, kind: str, method: str) -> Operation:
    """The first call of a client that is there already, up to its model; it gets the token too."""
    client = new_client(url, kind)

    def operation(_: int) -> None:
        if method == "get_workspace":
            cluster = "9d4be1f0-7c52-4c0f-8a35-51c7a9f6d2e8"
            call, model = client.workloads.workspaces.get_workspace, "Workspace1"
            answer = waited_for(kind, lambda: call(cluster))
        else:
            call, model = client.organizations.projects.count_projects, "CountResponse"
            answer = waited_for(kind, call)
        KEPT.append(typed(answer, model))

    return operation


def everything_to_first_answer(url: str, kind: str, method: str) -> Operation:
    """From the first import to the first typed answer."""

    def operation(count: int) -> None:
        first_typed_answer(url, kind, method)(count)

    return operation


def new_client(url: str, kind: str) -> Any:
    """A `RunaiClient` over one of the three clients; the peer's gets its token here."""
    from runai import api_client
    from runai.configuration import Configuration
    from runai.runai_client import RunaiClient

    configuration = Configuration(
        client_id="benchmark", client_secret="nothing secret", runai_base_url=url
    )
    client = RunaiClient(getattr(api_client, kind)(configuration))
    KEPT.append(client)
    return client


def waited_for(kind: str, call: Any) -> Any:
    """What a client's method comes to."""
    if kind != "AsyncApiClient":
        result = call()
        return result.get() if kind == "ThreadedApiClient" else result
    import asyncio

    async def main() -> Any:
        return await call()

    loop = asyncio.new_event_loop()
    KEPT.append(loop)
    return loop.run_until_complete(main())


def typed(answer: Any, model: str) -> Any:
    """The model of an answer; the peer's users make it by hand."""
    # Asked of the class: asking the answer would make the model, only to drop it.
    if hasattr(type(answer), "model"):
        return answer.model
    from runai import models

    return getattr(models, model).from_dict(answer.data)


def _answers(client: Any) -> Iterator[tuple[Any, str]]:
    """One call for each category, and the model of its answer, in the order of `CATEGORIES`."""
    from datetime import datetime, timezone

    time = datetime(2026, 3, 14, tzinfo=timezone.utc)
    yield client.organizations.projects.get_projects, "GetProjects200Response"
    yield client.workloads.workloads.get_workloads, "GetWorkloads200Response"
    authn = client.authentication_and_authorization
    yield authn.access_rules.get_access_rules, "GetAccessRules200Response"
    yield client.workload_assets.compute.list_compute_assets, "ComputeListResponse"
    yield client.policies.policy.list_policies, "PolicyListResponse"
    datavolumes = client.datavolumes.datavolumes
    yield lambda: datavolumes.get_datavolumes("Originated"), "GetDatavolumes200Response"
    audit = client.audit.audit_logs
    yield lambda: audit.get_audit_logs(time, time), "GetAuditLogs200Response"
    state = client.notifications.notification_state
    yield state.get_notification_state, "NotificationState"
    yield client.ai_applications.ai_applications.list_applications, "ListApplications200Response"
