"""A client meets a control plane of the version before: what came since is refused, and said so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from runai.api_client import ApiClient
from runai.exceptions import ApiException, NotFoundException
from runai.runai_client import RunaiClient

from .conftest import Serve
from .documents import VERSIONS

BEFORE, NEWEST = VERSIONS[-2:]
ADVICE = f"The operation exists since control plane {NEWEST}: this one may be older"


@pytest.fixture
def client(serve: Serve) -> Any:
    control_plane, _ = serve(BEFORE)
    with RunaiClient(ApiClient(control_plane.configuration())) as made:
        yield made


def new_path(client: RunaiClient[Any]) -> None:
    client.authentication_and_authorization.access_keys.get_access_keys()


def new_method(client: RunaiClient[Any]) -> None:
    client.workloads.workloads_v2.update_workload_v2("7d5e", {})


@pytest.mark.parametrize(("call", "status"), [(new_path, 404), (new_method, 405)])
def test_what_it_does_not_have(
    client: RunaiClient[Any], call: Callable[[RunaiClient[Any]], None], status: int
) -> None:
    with pytest.raises(ApiException) as caught:
        call(client)
    assert caught.value.status == status
    assert str(caught.value).endswith(f". {ADVICE}")
    # As what stands before the control plane answers: there is no resource to speak of.
    assert caught.value.data is None
    assert "/api/v" in str(caught.value.body)


def test_a_resource_that_it_does_not_have(client: RunaiClient[Any]) -> None:
    with pytest.raises(NotFoundException) as caught:
        client.organizations.projects.get_project("4711")
    assert ADVICE not in str(caught.value)
