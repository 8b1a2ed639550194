from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from runai.testing import SampleControlPlane
from runai.testing.faults import (
    ClockSkew,
    Delay,
    ExpireTokens,
    Fault,
    ProxyPage,
    RevokeToken,
    SlowBody,
    Status,
    TokenAnswer,
)

PROJECTS = "/api/v1/org-unit/projects"
JSON = {"Content-Type": "application/json"}


def _grant(wire: Any, control_plane: Any, grant: str = "client_credentials") -> Any:
    names = (
        ("clientID", "clientSecret") if grant == "client_credentials" else ("appID", "appSecret")
    )
    credentials = (control_plane.client_id, control_plane.client_secret)
    content = {"grantType": grant, **dict(zip(names, credentials))}
    return wire.send("POST", "/api/v1/token", json.dumps(content).encode(), JSON)


def _v2(wire: Any, control_plane: Any) -> Any:
    fields = {
        "grant_type": "client_credentials",
        "client_id": control_plane.client_id,
        "client_secret": control_plane.client_secret,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return wire.send("POST", "/api/v2/token", urlencode(fields).encode(), headers)


def _app_token(wire: Any, control_plane: Any) -> Any:
    content = {
        "id": control_plane.client_id,
        "name": "x",
        "secret": control_plane.client_secret,
    }
    target = "/v1/k8s/auth/oauth/apptoken"
    return wire.send("POST", target, json.dumps(content).encode(), JSON)


def _status(wire: Any, token: str) -> int:
    return int(wire.send("GET", PROJECTS, None, {"Authorization": f"Bearer {token}"}).status)


def _payload(token: str) -> str:
    return token.split(".")[1]


def _claims(token: str) -> Any:
    payload = _payload(token)
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


@pytest.mark.parametrize("fault", [RevokeToken(), Delay(0, then=RevokeToken())])
def test_revoked_token(wire: Any, control_plane: Any, fault: Fault) -> None:
    first, second = control_plane.tokens.issue(), control_plane.tokens.issue()
    control_plane.faults.add("projects.get_projects", fault, times=1)
    assert _status(wire, first) == 401
    assert control_plane.requests[0].fault == fault
    assert control_plane.requests[0].problems
    assert _status(wire, first) == 401
    assert _status(wire, second) == 200


def test_revocation_without_a_token(wire: Any, control_plane: Any) -> None:
    control_plane.faults.add("*", RevokeToken())
    assert wire.send("GET", PROJECTS).status == 401
    assert _status(wire, "of someone else") == 401


def test_expired_tokens(wire: Any, control_plane: Any) -> None:
    first, second = control_plane.tokens.issue(), control_plane.tokens.issue()
    control_plane.faults.add("projects.get_projects", ExpireTokens(), times=1)
    assert _status(wire, first) == 401
    assert _status(wire, first) == 401
    assert _status(wire, second) == 401
    assert _status(wire, control_plane.tokens.issue()) == 200


def test_tokens_end_with_a_token_request(wire: Any, control_plane: Any) -> None:
    old = control_plane.tokens.issue()
    control_plane.faults.add("tokens.grant_token", ExpireTokens(), times=1)
    new = _grant(wire, control_plane).json()["accessToken"]
    assert (_status(wire, old), _status(wire, new)) == (401, 200)


@pytest.mark.parametrize("seconds", [-7200, -30.5, 7200])
def test_clock_skew(open_wire: Any, seconds: float) -> None:
    with SampleControlPlane(token_lifetime=600, clock=lambda: 1_750_000_000) as control_plane:
        wire = open_wire(control_plane)
        control_plane.faults.add("tokens.grant_token", ClockSkew(seconds), times=1)
        answer = _grant(wire, control_plane).json()
        assert _claims(answer["accessToken"])["iat"] == int(1_750_000_000 + seconds)
        assert _claims(answer["accessToken"])["exp"] == int(1_750_000_600 + seconds)
        assert answer["expiresIn"] == 600
        assert _status(wire, answer["accessToken"]) == 200
        straight = _grant(wire, control_plane).json()
        assert _claims(straight["accessToken"])["exp"] == 1_750_000_600


@pytest.mark.parametrize("expires_in", [None, 60, 0])
@pytest.mark.parametrize("form", ["opaque", "without exp", "base64url", "null", "missing"])
def test_token_answers(wire: Any, control_plane: Any, form: Any, expires_in: int | None) -> None:
    control_plane.faults.add("tokens.grant_token", TokenAnswer(form, expires_in), times=1)
    reply = _grant(wire, control_plane)
    assert reply.status == 200
    content = reply.json()
    assert content.pop("expiresIn", None) == expires_in
    if form == "null":
        assert content == {"accessToken": None}
        return
    if form == "missing":
        assert content == {}
        return
    token = content.pop("accessToken")
    assert content == {}
    assert _status(wire, token) == 200
    if form == "opaque":
        assert "." not in token
    elif form == "without exp":
        assert "exp" not in _claims(token)
        assert "iat" in _claims(token)
    else:
        assert {"-", "_"} <= set(_payload(token))
        assert _claims(token)["exp"] - _claims(token)["iat"] == 3600


def test_base64url_whatever_the_other_claims_are(wire: Any, control_plane: Any) -> None:
    control_plane.faults.add("tokens.grant_token", TokenAnswer("base64url"))
    # The running number in the token grows by digits and shifts what is behind it.
    for _ in range(3):
        token = _grant(wire, control_plane).json()["accessToken"]
        assert {"-", "_"} <= set(_payload(token))
        for _ in range(100):
            control_plane.tokens.issue()


@pytest.mark.parametrize("scope", ["*", ["tokens.grant_token_v2", "tokens.app_token"]])
def test_other_token_endpoints(wire: Any, control_plane: Any, scope: Any) -> None:
    control_plane.faults.add(scope, TokenAnswer("opaque", 60), times=2)
    control_plane.faults.add(scope, TokenAnswer("missing"), times=2)
    # "*" is every token endpoint, and no other operation: this is not counted.
    assert _status(wire, control_plane.tokens.issue()) == 200
    second = _v2(wire, control_plane).json()
    assert (second.pop("token_type"), second.pop("expires_in")) == ("Bearer", 60)
    assert _status(wire, second["access_token"]) == 200
    third = _app_token(wire, control_plane).json()
    assert set(third) == {"access_token", "id_token"}
    assert "." not in third["access_token"]
    assert _v2(wire, control_plane).json() == {"token_type": "Bearer"}
    assert _app_token(wire, control_plane).json() == {}


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Status(401), 401),
        (Status(403), 403),
        (Status(429, {"Retry-After": "3"}), 429),
        (ProxyPage(200), 200),
        (SlowBody(500, 0.01), 200),
        (Delay(0.01), 200),
        (Delay(0.01, TokenAnswer("null")), 200),
    ],
)
def test_token_endpoint_has_the_other_faults_too(
    wire: Any, control_plane: Any, fault: Fault, status: int
) -> None:
    control_plane.faults.add("tokens.grant_token", fault, times=1)
    assert _grant(wire, control_plane).status == status
    assert control_plane.requests[0].fault == fault
    assert "accessToken" in _grant(wire, control_plane).json()


def test_odd_answers_are_for_good_credentials_alone(wire: Any, control_plane: Any) -> None:
    control_plane.faults.add("tokens.grant_token", TokenAnswer("opaque"))
    content = {"grantType": "client_credentials", "clientID": "x", "clientSecret": "y"}
    reply = wire.send("POST", "/api/v1/token", json.dumps(content).encode(), JSON)
    assert reply.status == 401


def test_old_control_planes(open_wire: Any) -> None:
    with SampleControlPlane(token_grants=("app_token",)) as control_plane:
        wire = open_wire(control_plane)
        refused = _grant(wire, control_plane)
        assert refused.status == 400
        assert "'client_credentials' is not given here" in refused.json()["message"]
        granted = _grant(wire, control_plane, "app_token")
        assert _status(wire, granted.json()["accessToken"]) == 200


@pytest.mark.parametrize("grants", [(), ("bogus",), ("app_token", "bogus"), "app_token"])
def test_what_are_no_grants(grants: Any) -> None:
    with pytest.raises(ValueError, match=r"token_grants has .*: give some of client_credentials"):
        SampleControlPlane(token_grants=grants)
