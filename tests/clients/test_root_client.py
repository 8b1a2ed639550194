"""`RunaiClient`: its categories, `options()`, deprecated calls, and how it is made and closed."""

from __future__ import annotations

import ast
import asyncio
import inspect
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

import runai._core.root_client
from runai.api_client import ApiClient, AsyncApiClient, ThreadedApiClient
from runai.configuration import Configuration
from runai.exceptions import ApiTypeError
from runai.organizations import Organizations
from runai.runai_client import RunaiClient
from runai.testing import SampleControlPlane


@pytest.fixture(scope="module")
def served() -> Iterator[SampleControlPlane]:
    with SampleControlPlane() as control_plane:
        yield control_plane


@pytest.fixture
def client(served: SampleControlPlane) -> Iterator[RunaiClient]:
    with RunaiClient(ApiClient(served.configuration())) as made:
        yield made


def test_options_of_the_client(client: RunaiClient) -> None:
    assert client.options() == [
        "ai_applications",
        "audit",
        "authentication_and_authorization",
        "datavolumes",
        "notifications",
        "organizations",
        "policies",
        "workload_assets",
        "workloads",
    ]


def test_options_of_a_category_leave_out_groups_that_are_all_deprecated(
    client: RunaiClient,
) -> None:
    options = client.organizations.options()
    assert options == sorted(options)
    assert "projects" in options
    assert "options" not in options
    deprecated = set(client.organizations.options(include_deprecated=True)) - set(options)
    assert deprecated == {"researcher_command_line_interface_deprecated"}


def test_options_of_a_group_leave_out_deprecated_operations(client: RunaiClient) -> None:
    projects = client.organizations.projects
    options = projects.options()
    assert options == sorted(options)
    assert "get_projects" in options
    assert "get_projects_0" not in options
    assert "options" not in projects.options(include_deprecated=True)
    assert "get_projects_0" in projects.options(include_deprecated=True)


def test_a_deprecated_call_warns_at_the_callers_line(client: RunaiClient) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        client.organizations.projects.get_project_0(  # pyright: ignore[reportDeprecated]
            "5e1a7c3b-6d8f-4b0e-9b4e-2f4f0a3d9c11", "1"
        )
    (warning,) = caught
    assert warning.category is DeprecationWarning
    assert warning.filename == __file__
    assert str(warning.message) == (
        "projects.get_project_0 is deprecated by the control plane; use projects.get_project"
    )


def test_a_deprecated_method_keeps_its_name_signature_and_docstring(client: RunaiClient) -> None:
    method: Any = client.organizations.projects.get_project_0  # pyright: ignore[reportDeprecated]
    assert method.__name__ == "get_project_0"
    assert "GET /v1/k8s/clusters/{clusterId}/projects/{id}" in str(method.__doc__)
    with (
        pytest.raises(TypeError, match="cluster_id"),
        pytest.warns(DeprecationWarning, match="projects"),
    ):
        method()


def test_a_group_is_made_once(client: RunaiClient) -> None:
    assert client.organizations is client.organizations
    assert client.organizations.projects is client.organizations.projects


def test_keywords_make_an_api_client(served: SampleControlPlane) -> None:
    client = RunaiClient(
        cluster_id="c",
        client_id=served.client_id,
        client_secret=served.client_secret,
        runai_base_url=served.url,
    )
    with client:
        assert client.cluster_id == "c"
        assert client.organizations.projects.get_projects().status_code == 200


def test_a_bearer_token_is_used_as_it_is(served: SampleControlPlane) -> None:
    token = served.tokens.issue()
    served.requests.clear()
    with RunaiClient(bearer_token=token, runai_base_url=served.url) as client:
        assert client.organizations.projects.get_projects().status_code == 200
    (request,) = served.requests
    assert request.headers["Authorization"] == f"Bearer {token}"


@pytest.mark.parametrize("arguments", [{}, {"cluster_id": "c"}])
def test_a_client_is_needed(arguments: dict[str, Any]) -> None:
    with pytest.raises(ApiTypeError, match="give an ApiClient"):
        RunaiClient(**arguments)


def test_a_client_and_arguments_for_one_are_too_much(served: SampleControlPlane) -> None:
    arguments: Any = {"client_id": "x"}
    with pytest.raises(ApiTypeError, match="client_id cannot be given beside api_client"):
        RunaiClient(ApiClient(served.configuration()), **arguments)


def test_the_asynchronous_client(served: SampleControlPlane) -> None:
    async def main() -> int:
        async with RunaiClient(AsyncApiClient(served.configuration())) as client:
            first, second = await asyncio.gather(
                client.organizations.projects.get_projects(),
                client.organizations.projects.get_project("1"),
            )
            return int(first.status_code + second.status_code)

    assert asyncio.run(main()) == 400


def test_type_checkers_are_told_the_arguments_of_a_configuration() -> None:
    taken = {**Configuration.__init__.__annotations__, "runai_base_url": "Required[str]"}
    del taken["return"]
    source = ast.parse(inspect.getsource(runai._core.root_client))
    told = {
        ast.unparse(field.target): ast.unparse(field.annotation)
        for node in ast.walk(source)
        if isinstance(node, ast.ClassDef) and node.name == "ConfigurationKeywords"
        for field in node.body
        if isinstance(field, ast.AnnAssign)
    }
    assert told == taken


def test_an_asynchronous_client_cannot_be_closed_by_with(served: SampleControlPlane) -> None:
    client = RunaiClient(AsyncApiClient(served.configuration()))
    # Type checkers refuse it too; not everybody uses one.
    unchecked: Any = client
    with pytest.raises(TypeError, match="async with"), unchecked:
        pass
    asyncio.run(client.aclose())


def test_a_synchronous_client_cannot_be_closed_by_async_with(served: SampleControlPlane) -> None:
    async def main() -> None:
        unchecked: Any = RunaiClient(ApiClient(served.configuration()))
        async with unchecked:
            pass

    with pytest.raises(ApiTypeError, match="need an AsyncApiClient, not ApiClient"):
        asyncio.run(main())


def test_forgetting_one_client_leaves_the_shared_one_open(served: SampleControlPlane) -> None:
    with ThreadedApiClient(served.configuration()) as shared:
        RunaiClient(shared)
        assert RunaiClient(shared).organizations.projects.get_projects().get(30).status_code == 200
        assert Organizations(shared).projects.get_projects().get(30).status_code == 200
