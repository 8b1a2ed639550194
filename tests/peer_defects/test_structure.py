"""What importing brings, what methods look like, and what a program says when it ends."""

from __future__ import annotations

import contextlib
import inspect
import json
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from runai import models
from runai.exceptions import ApiException
from runai.runai_client import RunaiClient
from runai.testing import SampleControlPlane

from ..reliability.callers import KINDS, Caller

CONTRACT = Path(__file__).parents[1] / "contract" / "peer-1.224.0.json"
OPERATIONS: dict[str, Any] = json.loads(CONTRACT.read_text())["operations"]
DEPRECATED = sorted(name for name, each in OPERATIONS.items() if each["deprecated"])


def printed(program: str, *arguments: str) -> str:
    """What a program prints, which fails where it warns or says anything else."""
    command = [sys.executable, "-W", "error", "-c", program, *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


IMPORTING = """
import gc, sys
def tracked():
    gc.collect()
    return len(gc.get_objects())
before = tracked()
from runai.api_client import ApiClient, AsyncApiClient, ThreadedApiClient
from runai.configuration import Configuration
from runai.runai_client import RunaiClient
imported, objects = list(sys.modules), tracked() - before
with RunaiClient(bearer_token="t", runai_base_url="https://a.example") as client:
    client.organizations.projects
used = list(sys.modules)
import json
print(json.dumps([imported, objects, used]))
"""


def test_importing_brings_what_is_used_and_no_more() -> None:
    """Else a program starts late, and its garbage collector walks what it never uses."""
    imported, objects, used = json.loads(printed(IMPORTING))
    libraries = {"pydantic", "pydantic_core", "aiohttp", "asyncio", "requests", "urllib3"}
    assert libraries & set(imported) == set()
    assert len(imported) < 300
    assert objects < 20_000
    packages = {name.split(".")[1] for name in used if name.startswith("runai.")}
    assert packages == {
        "_core", "api_client", "api_response", "common", "configuration", "exceptions",
        "organizations", "runai_client",
    }  # fmt: skip
    assert not {"pydantic", "aiohttp"} & set(used)


def method_of(client: Any, name: str) -> Any:
    for part in name.split("."):
        client = getattr(client, part)
    return client


@pytest.fixture
def nowhere() -> RunaiClient:
    return RunaiClient(bearer_token="none", runai_base_url="http://127.0.0.1:1")


def test_every_method_has_its_name_signature_and_docstring(nowhere: RunaiClient) -> None:
    wrong: list[str] = []
    for name, peer in OPERATIONS.items():
        method = method_of(nowhere, name)
        signature = inspect.signature(method)
        is_whole = (
            method.__name__ == name.rpartition(".")[2]
            and method.__qualname__.endswith(f"Api.{method.__name__}")
            and list(signature.parameters)[: len(peer["parameters"])] == peer["parameters"]
            and signature.return_annotation is not inspect.Signature.empty
            and all(f"{each}:" in method.__doc__ for each in peer["parameters"])
            and "Returns:" in method.__doc__
        )
        if not is_whole:
            wrong.append(name)
    assert wrong == []
    assert len(OPERATIONS) == 391


def test_every_deprecated_call_warns_at_the_callers_line(
    control_plane: SampleControlPlane, caller: Caller
) -> None:
    """Also where its arguments are then refused."""
    client: Any = RunaiClient(caller.client(control_plane.configuration()))
    assert len(DEPRECATED) > 40
    for name in DEPRECATED:
        method = method_of(client, name)
        arguments = ["1" for _ in OPERATIONS[name]["required"]]
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            with contextlib.suppress(ApiException, ValueError):
                caller.wait(method(*arguments))
        (warning,) = caught
        assert warning.category is DeprecationWarning
        assert warning.filename == __file__
        group_and_method = name.partition(".")[2]
        assert str(warning.message).startswith(f"{group_and_method} is deprecated")


def test_names_that_differ_in_capitals_are_the_models_of_their_operations(
    control_plane: SampleControlPlane, caller: Caller
) -> None:
    organizations: Any = RunaiClient(caller.client(control_plane.configuration())).organizations
    project = caller.wait(organizations.projects.get_project("1"))
    department = caller.wait(organizations.departments.get_department("1"))
    for response, model in ((project, models.Project), (department, models.Department)):
        assert type(response.model) is model
        assert model.from_dict(response.data) == response.model


FORGETTING = """
import asyncio, sys
from runai.api_client import ApiClient, AsyncApiClient, ThreadedApiClient
from runai.configuration import Configuration
from runai.runai_client import RunaiClient
kind, url, token, how = sys.argv[1:]
kinds = {"ApiClient": ApiClient, "ThreadedApiClient": ThreadedApiClient,
         "AsyncApiClient": AsyncApiClient}
client = RunaiClient(kinds[kind](Configuration(bearer_token=token, runai_base_url=url)))
def started():
    return client.organizations.projects.get_projects()
async def main():
    print((await started()).status_code)
if how != "never used":
    if kind == "AsyncApiClient":
        asyncio.run(main())
    else:
        answer = started()
        print((answer.get(30) if kind == "ThreadedApiClient" else answer).status_code)
if how == "used and deleted":
    del client
"""


@pytest.mark.parametrize("how", ["never used", "used", "used and deleted"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_program_that_closes_nothing_ends_in_silence(
    kind: str, how: str, control_plane: SampleControlPlane
) -> None:
    token = control_plane.tokens.issue()
    said = printed(FORGETTING, kind, control_plane.url, token, how)
    assert said == ("" if how == "never used" else "200\n")
