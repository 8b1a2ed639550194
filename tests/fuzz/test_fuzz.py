"""Whatever is given, nothing is raised but what the documentation names."""

from __future__ import annotations

import asyncio
import inspect
import warnings
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from runai._core.operation import Operation
from runai.api_client import ApiClient, AsyncApiClient, ThreadedApiClient
from runai.configuration import Configuration
from runai.exceptions import ApiException, ApiValueError
from runai.organizations.api import projects_api
from runai.runai_client import RunaiClient
from runai.testing import SampleControlPlane

# The same examples in every run: a test that fails by chance is no test.
FUZZ = settings(
    derandomize=True,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

TEXT = st.text(alphabet=st.characters(codec=None), max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
ANYTHING = JSON | st.binary(max_size=20) | st.datetimes() | st.dates() | st.uuids() | st.decimals()


@pytest.fixture(scope="module")
def served() -> Iterator[SampleControlPlane]:
    with SampleControlPlane() as control_plane:
        yield control_plane


@FUZZ
@given(value=TEXT)
def test_a_path_value_stays_one_segment(value: str) -> None:
    target, refused = _prepared(projects_api._GET_PROJECT, "project_id", value)
    if refused:
        assert value in ("", ".", "..") or not _has_utf8(value)
        return
    segments = target.split("/")
    assert segments[:-1] == ["", "api", "v1", "org-unit", "projects"]
    assert unquote(segments[-1]) == value
    assert target.isascii()
    assert not set(target) & set("?# \r\n")


@FUZZ
@given(value=ANYTHING, name=st.sampled_from(["search", "limit", "filter_by", "sort_by", "offset"]))
def test_a_query_value_is_written_or_refused(value: Any, name: str) -> None:
    target, refused = _prepared(projects_api._GET_PROJECTS, name, value)
    if refused:
        assert refused.startswith(f"projects.get_projects: {name}")
        return
    path, _, query = target.partition("?")
    assert path == "/api/v1/org-unit/projects"
    assert "&" not in query
    assert query.isascii()


@FUZZ
@given(value=ANYTHING)
def test_a_body_is_written_or_refused(value: Any) -> None:
    _, refused = _prepared(projects_api._CREATE_PROJECT, "project_creation_request", value)
    assert refused.startswith("projects.create_project: project_creation_request") or not refused


@FUZZ
@given(
    name=st.sampled_from(
        sorted(inspect.signature(Configuration.__init__).parameters.keys() - {"self"})
    ),
    value=ANYTHING,
)
def test_a_configuration_is_made_or_refused(name: str, value: Any) -> None:
    working: dict[str, Any] = {
        "client_id": "id",
        "client_secret": "hunter2",
        "runai_base_url": "https://control-plane.test",
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            shown = repr(Configuration(**{**working, name: value}))
        except ValueError as refused:
            shown = str(refused)
    assert name == "client_secret" or "hunter2" not in shown


HEADER_VALUES = st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=30)


@FUZZ
@given(
    status=st.sampled_from([200, 201, 204, 206, 299, 300, 304, 400, 401, 403, 404, 418, 500, 599]),
    body=st.binary(max_size=200) | JSON.map(lambda value: repr(value).encode("utf-8", "replace")),
    content_type=st.sampled_from(
        ["application/json", "application/problem+json", "text/html", "text/csv; charset=x", ";"]
    )
    | HEADER_VALUES,
    name=st.sampled_from(["Retry-After", "X-Request-Id", "ETag", "Link"]),
    value=HEADER_VALUES,
)
def test_any_answer_is_read_or_raised(
    served: SampleControlPlane, status: int, body: bytes, content_type: str, name: str, value: str
) -> None:
    served.reset()
    headers = {"Content-Type": content_type.strip(), name: value.strip()}
    served.respond("projects.get_projects", status, headers, b"" if status in (204, 304) else body)
    for outcome in _outcomes(served):
        assert outcome is None or isinstance(outcome, ApiException), repr(outcome)
        assert served.client_secret not in f"{outcome} {outcome!r}"


def _prepared(operation: Operation, name: str, value: Any) -> tuple[str, str]:
    """The target that an argument makes, and why it is refused; one of them is empty."""
    try:
        return operation.prepare({name: value}).target, ""
    except ApiValueError as refused:
        return "", str(refused)


def _outcomes(served: SampleControlPlane) -> list[BaseException | None]:
    """What each of the clients raises."""
    settings_of_client = served.configuration().replace(retry_enabled=False)

    async def asynchronously() -> None:
        async with RunaiClient(AsyncApiClient(settings_of_client)) as client:
            _read(await client.organizations.projects.get_projects())

    def synchronously() -> None:
        with RunaiClient(ApiClient(settings_of_client)) as client:
            _read(client.organizations.projects.get_projects())

    def in_threads() -> None:
        with RunaiClient(ThreadedApiClient(settings_of_client)) as client:
            _read(client.organizations.projects.get_projects().get(60))

    found: list[BaseException | None] = []
    for call in (synchronously, in_threads, lambda: asyncio.run(asynchronously())):
        try:
            call()
        except Exception as error:  # noqa: BLE001 - the test is about all of them
            found.append(error)
        else:
            found.append(None)
    return found


def _read(response: Any) -> None:
    _ = response.data, response.text, response.model


def _has_utf8(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
