"""The secret and the token appear in no exception, log line, repr, pickle or proxied request."""

from __future__ import annotations

import base64
import copy
import json
import logging
import pickle
import traceback
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from runai.exceptions import ApiException
from runai.testing import SampleControlPlane
from runai.testing.faults import CutBody, Drop, Fault, ProxyPage, Status, WrongJson

from .callers import Caller, Waits

PATH = "/api/v1/org-unit/projects"
SECRET = 'the+secret/"of=mine'
PASSWORD = "hunter2-in-a-body"
CLUSTER = "5e1a7c3b-6d8f-4b0e-9b4e-2f4f0a3d9c11"


@pytest.fixture
def control_plane() -> Iterator[SampleControlPlane]:
    with SampleControlPlane() as made:
        made.tokens._client_secret = SECRET
        yield made


def spellings(secret: str) -> set[str]:
    encoded = base64.b64encode(secret.encode()).decode()
    return {secret, json.dumps(secret)[1:-1], quote(secret, safe=""), repr(secret)[1:-1], encoded}


def forbidden(control_plane: SampleControlPlane) -> set[str]:
    """The secret and all tokens so far, as they may be written."""
    found = spellings(SECRET) | {PASSWORD}
    for token in control_plane.tokens._expiry:
        found |= {token, token.rpartition(".")[2]}
    return found


def everything_of(error: BaseException) -> str:
    """All that an exception says, its causes included."""
    texts: list[str] = []
    each: BaseException | None = error
    while each is not None:
        texts += [str(each), repr(each), str(each.args), str(getattr(each, "__dict__", ""))]
        each = each.__cause__ or each.__context__
    return "\n".join(
        [*texts, "".join(traceback.format_exception(type(error), error, error.__traceback__))]
    )


@pytest.mark.parametrize(
    ("scope", "fault"),
    [
        ("tokens.grant_token", Status(400, body=json.dumps({"message": SECRET}).encode())),
        ("tokens.grant_token", Status(401, body=SECRET.encode())),
        ("tokens.grant_token", Status(500, body=json.dumps({"accessToken": SECRET}).encode())),
        ("tokens.grant_token", WrongJson(b'{"clientSecret": ' + json.dumps(SECRET).encode())),
        ("tokens.grant_token", ProxyPage(502)),
        ("tokens.grant_token", Drop("during", reset=True)),
        ("tokens.grant_token", CutBody()),
        ("projects.create_project", Status(401)),
        ("projects.create_project", Status(409)),
        ("projects.create_project", Status(503)),
        ("projects.create_project", WrongJson()),
        ("projects.create_project", Drop("during", reset=True)),
        ("projects.create_project", CutBody()),
    ],
    ids=str,
)
def test_failures(
    scope: str,
    fault: Fault,
    control_plane: SampleControlPlane,
    caller: Caller,
    waits: Waits,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    control_plane.faults.add(scope, fault)
    configuration = control_plane.configuration().replace(client_secret=SECRET, debug=True)
    client = caller.client(configuration, waits)
    body = {"name": "vision", "clusterId": CLUSTER, "resources": []}
    with pytest.raises(ApiException) as caught:
        _ = caller(
            client, "POST", PATH, {"password": PASSWORD}, {"X-Password": PASSWORD}, body
        ).data
    error = caught.value
    assert control_plane.faults.applied
    shown = everything_of(error) + caplog.text
    shown += f"{client!r} {configuration!r} {client.configuration!r} {vars(client)!r}"
    # The URL that the caller gave is the caller's own.
    shown = shown.replace(f"password={PASSWORD}", "").replace(str(error.url), "")
    error.url = None
    pickled = pickle.dumps(error) + pickle.dumps(copy.deepcopy(error))
    for secret in forbidden(control_plane):
        assert secret not in shown
        assert secret.encode() not in pickled
    assert f"POST {PATH if scope.startswith('projects') else '/api/v1/token'}" in caplog.text


def test_successes(
    control_plane: SampleControlPlane, caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    configuration = control_plane.configuration().replace(client_secret=SECRET, debug=True)
    client = caller.client(configuration)
    response = caller(client, "GET", PATH, {"search": PASSWORD})
    shown = f"{caplog.text} {response!r} {client!r} {vars(client)!r} {configuration!r}"
    (token,) = control_plane.tokens._expiry
    for secret in forbidden(control_plane):
        # Libraries log the query at level DEBUG, which is theirs.
        if secret != PASSWORD:
            assert secret not in shown
            assert secret.encode() not in pickle.dumps(response)
    ours = [each.getMessage() for each in caplog.records if each.name == "runai"]
    assert len(ours) == 2
    assert not any(PASSWORD in each for each in ours)
    # Credentials go along, because the copy has to get a token of its own.
    assert token.encode() not in pickle.dumps(client)


def test_logging_is_left_alone(control_plane: SampleControlPlane, caller: Caller) -> None:
    def state() -> dict[str, Any]:
        loggers = [logging.getLogger(), *map(logging.getLogger, ("urllib3", "aiohttp", "requests"))]
        return {each.name: (each.level, each.handlers[:], each.filters[:]) for each in loggers}

    before = state()
    configuration = control_plane.configuration().replace(client_secret=SECRET, debug=True)
    caller(caller.client(configuration), "GET", PATH)
    assert state() == before
    handlers = logging.getLogger("runai").handlers
    assert [type(each) for each in handlers] == [logging.NullHandler]


def test_local_variables_show_no_secret(control_plane: SampleControlPlane, caller: Caller) -> None:
    """What a crash reporter sees that shows the local variables of every frame."""
    client = caller.client(control_plane.configuration().replace(client_secret=SECRET))
    control_plane.faults.add("projects.get_projects", Status(404))
    with pytest.raises(ApiException) as caught:
        caller(client, "GET", PATH)
    text = []
    trace = caught.value.__traceback__
    while trace is not None:
        if "runapy-core" in trace.tb_frame.f_code.co_filename:
            text += [repr(value) for value in trace.tb_frame.f_locals.values()]
        trace = trace.tb_next
    assert text
    # The frames of this package hold requests and configurations, which show neither.
    assert not any(secret in each for secret in forbidden(control_plane) for each in text)
