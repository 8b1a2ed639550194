from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from runai.testing import SampleControlPlane, control_plane as control_plane_module

PROJECTS = "/api/v1/org-unit/projects"


def _claims(token: str) -> Any:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def _post_token(wire: Any, content: Any) -> Any:
    headers = {"Content-Type": "application/json"}
    return wire.send("POST", "/api/v1/token", json.dumps(content).encode(), headers)


def _post_form(wire: Any, **fields: str) -> Any:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return wire.send("POST", "/api/v2/token", urlencode(fields).encode(), headers)


def _status(wire: Any, token: str) -> int:
    return int(wire.send("GET", PROJECTS, None, {"Authorization": f"Bearer {token}"}).status)


@pytest.mark.parametrize(
    ("grant", "identity", "secret"),
    [
        ("client_credentials", "clientID", "clientSecret"),
        ("app_token", "appID", "appSecret"),
    ],
)
def test_token(wire: Any, control_plane: Any, grant: str, identity: str, secret: str) -> None:
    good = {
        "grantType": grant,
        identity: control_plane.client_id,
        secret: control_plane.client_secret,
    }
    reply = _post_token(wire, good)
    assert reply.status == 200
    content = reply.json()
    assert content["expiresIn"] == 3600
    claims = _claims(content["accessToken"])
    assert claims["exp"] - claims["iat"] == 3600
    assert _status(wire, content["accessToken"]) == 200

    for wrong in ({**good, secret: "wrong"}, {**good, identity: "wrong"}, {"grantType": grant}):
        reply = _post_token(wire, wrong)
        assert reply.status == 401
        assert reply.json()["code"] == 401
        assert control_plane.client_secret not in reply.body.decode()


@pytest.mark.parametrize("content", [{}, {"grantType": "refresh_token"}, {"grantType": "bogus"}])
def test_grant_that_is_not_given(wire: Any, content: Any) -> None:
    reply = _post_token(wire, content)
    assert reply.status == 400
    assert "grantType" in reply.json()["details"]


def test_token_without_a_body(wire: Any) -> None:
    assert wire.send("POST", "/api/v1/token").status == 400


def test_oauth2_token(wire: Any, control_plane: Any) -> None:
    good = {
        "grant_type": "client_credentials",
        "client_id": control_plane.client_id,
        "client_secret": control_plane.client_secret,
    }
    reply = _post_form(wire, **good)
    assert reply.status == 200
    assert reply.json()["token_type"] == "Bearer"
    assert reply.json()["expires_in"] == 3600
    assert _status(wire, reply.json()["access_token"]) == 200

    refused = _post_form(wire, **{**good, "client_secret": "wrong"})
    assert (refused.status, refused.json()["error"]) == (401, "invalid_client")
    refused = _post_form(wire, **{**good, "grant_type": "refresh_token"})
    assert (refused.status, refused.json()["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "username and password"),
        ({"username": "ada@example.com"}, "password"),
        ({"password": "hidden"}, "username"),
    ],
)
def test_oauth2_token_without_a_parameter(wire: Any, given: dict[str, str], missing: str) -> None:
    refused = _post_form(wire, grant_type="password", **given)
    assert refused.status == 400
    assert refused.json() == {
        "error": "invalid_request",
        "error_description": f"the grant type password needs {missing}",
    }


def test_oauth2_token_by_a_grant_that_is_not_given(open_wire: Any) -> None:
    with SampleControlPlane(token_grants=["client_credentials"]) as control_plane:
        refused = _post_form(open_wire(control_plane), grant_type="password")
    assert (refused.status, refused.json()["error"]) == (400, "unsupported_grant_type")


def test_application_token(wire: Any, control_plane: Any) -> None:
    headers = {"Content-Type": "application/json"}
    content = {"id": control_plane.client_id, "name": "x", "secret": control_plane.client_secret}
    target = "/v1/k8s/auth/oauth/apptoken"
    reply = wire.send("POST", target, json.dumps(content).encode(), headers)
    assert _status(wire, reply.json()["access_token"]) == 200
    content["secret"] = "wrong"
    assert wire.send("POST", target, json.dumps(content).encode(), headers).status == 401


def test_a_control_plane_that_says_no_lifetime(open_wire: Any, tmp_path: Path) -> None:
    shipped = Path(control_plane_module.__file__).parent / "control_planes" / "2.24.json"
    document = json.loads(shipped.read_text("utf-8"))
    del document["components"]["schemas"]["TokenResponse"]["properties"]["expiresIn"]
    older = tmp_path / "older.json"
    older.write_text(json.dumps(document), encoding="utf-8")
    with SampleControlPlane("2.18", spec=older) as control_plane:
        credentials = {
            "clientID": control_plane.client_id,
            "clientSecret": control_plane.client_secret,
        }
        granted = {"grantType": "client_credentials", **credentials}
        assert list(_post_token(open_wire(control_plane), granted).json()) == ["accessToken"]


def test_tokens_expire_by_the_clock(open_wire: Any) -> None:
    now = [1_750_000_000.0]
    with SampleControlPlane(token_lifetime=60, clock=lambda: now[0]) as control_plane:
        wire = open_wire(control_plane)
        token = control_plane.tokens.issue()
        assert _claims(token)["exp"] == 1_750_000_060
        now[0] += 59.9
        assert _status(wire, token) == 200
        now[0] += 0.1
        assert _status(wire, token) == 401
        assert _status(wire, control_plane.tokens.issue()) == 200


def test_revoked_tokens(wire: Any, control_plane: Any) -> None:
    token = control_plane.tokens.issue()
    control_plane.tokens.revoke_all()
    assert _status(wire, token) == 401


def test_tokens_outlive_reset(wire: Any, control_plane: Any) -> None:
    token = control_plane.tokens.issue()
    control_plane.reset()
    assert _status(wire, token) == 200


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Bearer x.y.z", "{}"])
def test_what_is_no_token(wire: Any, control_plane: Any, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    if authorization == "{}":
        headers = {"Authorization": control_plane.tokens.issue()}
    reply = wire.send("GET", PROJECTS, None, headers)
    assert reply.status == 401
    assert reply.headers["WWW-Authenticate"] == "Bearer"
    assert reply.json()["message"] == "Unauthorized"
    assert len(control_plane.requests[0].problems) == 1


def test_scheme_in_any_case(wire: Any, control_plane: Any) -> None:
    headers = {"Authorization": f"bearer {control_plane.tokens.issue()}"}
    assert wire.send("GET", PROJECTS, None, headers).status == 200
