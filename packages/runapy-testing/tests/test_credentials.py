from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from runai.testing import ControlPlane

APPS = "/api/v1/apps"
ACCOUNTS = "/api/v1/service-accounts"
KEYS = "/api/v1/access-keys"
USER_APPS = "/api/v1/user-applications"
USERS = "/api/v1/users"
ALL_KEYS = "/api/v1/administration/access-keys"
CATEGORIES = "/api/v1/workload-categories"
NOTHING = "00000000-0000-4000-8000-000000000000"
HOLDERS = [
    (APPS, "secret", "secret"),
    (ACCOUNTS, "clientSecret", "clientSecret"),
    (KEYS, "clientSecret", "clientSecret"),
    (USER_APPS, "secret", "clientSecret"),
]


@pytest.fixture
def control_plane() -> Iterator[ControlPlane]:
    with ControlPlane() as control_plane:
        yield control_plane


def _grant(wire: Any, **fields: str) -> Any:
    return wire.send(
        "POST", "/api/v1/token", json.dumps(fields).encode(), {"Content-Type": "application/json"}
    )


def _buy(wire: Any, client_id: str, secret: str) -> Any:
    return _grant(wire, grantType="client_credentials", clientID=client_id, clientSecret=secret)


def _form(wire: Any, **fields: str) -> Any:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return wire.send("POST", "/api/v2/token", urlencode(fields).encode(), headers)


def _sign_in(wire: Any, username: str, password: str) -> Any:
    return _grant(wire, grantType="password", username=username, password=password)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _status(wire: Any, token: str, path: str = CATEGORIES) -> int:
    return int(wire.send("GET", path, None, _bearer(token)).status)


def _subject(token: str) -> Any:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sub"]


def _created(wire: Any, path: str, name: str = "deployer") -> Any:
    reply = wire.call("POST", path, {"name": name})
    assert reply.status == 201
    return reply.json()


def _user(wire: Any, email: str = "ada@example.com") -> Any:
    reply = wire.call("POST", USERS, {"email": email})
    assert reply.status == 201
    return reply.json()


@pytest.mark.parametrize(("path", "name", "again"), HOLDERS)
def test_secret(wire: Any, path: str, name: str, again: str) -> None:
    made = _created(wire, path)
    other = _created(wire, path, "other")
    assert made[name] != other[name]
    assert made["clientId"] != other["clientId"]
    bought = _buy(wire, made["clientId"], made[name])
    assert bought.status == 200
    assert _status(wire, bought.json()["accessToken"]) == 200

    shown = wire.call("GET", f"{path}/{made['id']}")
    assert shown.json()["clientId"] == made["clientId"]
    for reply in (shown, wire.call("GET", path)):
        assert made[name] not in reply.body.decode()

    assert _buy(wire, made["clientId"], other[name]).status == 401
    assert _buy(wire, other["clientId"], made[name]).status == 401


@pytest.mark.parametrize(("path", "name", "again"), HOLDERS)
def test_new_secret(wire: Any, path: str, name: str, again: str) -> None:
    made = _created(wire, path)
    token = _buy(wire, made["clientId"], made[name]).json()["accessToken"]
    reply = wire.call("POST", f"{path}/{made['id']}/secret")
    assert reply.status == 200
    secret = reply.json()[again]
    assert _buy(wire, made["clientId"], made[name]).status == 401
    assert _buy(wire, made["clientId"], secret).status == 200
    assert _status(wire, token) == 200
    assert wire.call("POST", f"{path}/{NOTHING}/secret").status == 404


@pytest.mark.parametrize(("path", "name", "again"), HOLDERS)
def test_credentials_end_with_their_record(wire: Any, path: str, name: str, again: str) -> None:
    made, other = _created(wire, path), _created(wire, path, "other")
    token = _buy(wire, made["clientId"], made[name]).json()["accessToken"]
    other_token = _buy(wire, other["clientId"], other[name]).json()["accessToken"]
    assert wire.call("DELETE", f"{path}/{made['id']}").status in (200, 202, 204)
    assert _status(wire, token) == 401
    assert _buy(wire, made["clientId"], made[name]).status == 401
    assert _status(wire, other_token) == 200


def test_every_token_endpoint(wire: Any) -> None:
    made = _created(wire, APPS)
    identity, secret = made["clientId"], made["secret"]
    app_token = _grant(wire, grantType="app_token", appID=identity, appSecret=secret)
    form = _form(wire, grant_type="client_credentials", client_id=identity, client_secret=secret)
    body = {"id": identity, "name": "x", "secret": secret}
    old = wire.call("POST", "/v1/k8s/auth/oauth/apptoken", body)
    tokens = [
        app_token.json()["accessToken"],
        form.json()["access_token"],
        old.json()["access_token"],
    ]
    assert [_subject(token) for token in tokens] == [made["id"]] * 3
    assert [_status(wire, token) for token in tokens] == [200] * 3


@pytest.mark.parametrize(("path", "name"), [(APPS, "secret"), (ACCOUNTS, "clientSecret")])
def test_disabled(wire: Any, path: str, name: str) -> None:
    made = _created(wire, path)
    token = _buy(wire, made["clientId"], made[name]).json()["accessToken"]
    item = f"{path}/{made['id']}"
    assert wire.call("GET", item).json()["enabled"] is True
    wire.call("PATCH", item, {"enabled": False})
    assert wire.call("GET", item).json()["enabled"] is False
    assert _status(wire, token) == 401
    assert _buy(wire, made["clientId"], made[name]).status == 401
    wire.call("PATCH", item, {"enabled": True})
    assert _buy(wire, made["clientId"], made[name]).status == 200


def test_time_of_sign_in(wire: Any, control_plane: ControlPlane) -> None:
    made = _created(wire, APPS)
    item = f"{APPS}/{made['id']}"
    assert wire.call("GET", item).json()["lastLogin"] is None
    _buy(wire, made["clientId"], "wrong")
    assert wire.call("GET", item).json()["lastLogin"] is None
    _buy(wire, made["clientId"], made["secret"])
    first = wire.call("GET", item).json()["lastLogin"]
    control_plane.clock.advance(3600)
    _buy(wire, made["clientId"], made["secret"])
    assert wire.call("GET", item).json()["lastLogin"] > first


def test_tokens_expire_by_the_control_planes_clock(wire: Any, control_plane: ControlPlane) -> None:
    made = _created(wire, APPS)
    token = _buy(wire, made["clientId"], made["secret"]).json()["accessToken"]
    control_plane.clock.advance(3599)
    assert _status(wire, token) == 200
    control_plane.clock.advance(1)
    assert _status(wire, token) == 401


def test_user(wire: Any) -> None:
    made = _user(wire)
    password = made["tempPassword"]
    signed_in = _sign_in(wire, "ada@example.com", password)
    assert signed_in.status == 200
    token = signed_in.json()["accessToken"]
    assert _subject(token) == made["id"]
    form = _form(wire, grant_type="password", username="ada@example.com", password=password)
    other_token = form.json()["access_token"]
    assert [_status(wire, each) for each in (token, other_token)] == [200, 200]
    assert password not in wire.call("GET", USERS).body.decode()
    assert password not in wire.call("GET", f"{USERS}/{made['id']}").body.decode()

    assert wire.call("POST", f"{USERS}/{made['id']}/logout").status in (200, 204)
    assert [_status(wire, each) for each in (token, other_token)] == [401, 401]
    again = _sign_in(wire, "ada@example.com", password).json()["accessToken"]
    assert _status(wire, again) == 200


def test_wrong_password(wire: Any) -> None:
    password = _user(wire)["tempPassword"]
    other = _user(wire, "bob@example.com")
    for username, wrong in [
        ("ada@example.com", "wrong"),
        ("ada@example.com", other["tempPassword"]),
        ("eve@example.com", password),
    ]:
        assert _sign_in(wire, username, wrong).status == 401
        refused = _form(wire, grant_type="password", username=username, password=wrong)
        assert (refused.status, refused.json()["error"]) == (400, "invalid_grant")
    assert _grant(wire, grantType="password").status == 401
    # A user is no client, and a client no user.
    assert _buy(wire, other["id"], other["tempPassword"]).status == 401
    app = _created(wire, APPS)
    assert _sign_in(wire, app["clientId"], app["secret"]).status == 401


def test_new_password(wire: Any) -> None:
    made = _user(wire)
    reply = wire.call("POST", f"{USERS}/{made['id']}/password")
    password = reply.json()["tempPassword"]
    assert _sign_in(wire, "ada@example.com", made["tempPassword"]).status == 401
    token = _sign_in(wire, "ada@example.com", password).json()["accessToken"]

    def change(current: str) -> Any:
        content = {"currentPassword": current, "newPassword": "Str0ng-enough"}
        return wire.call("POST", "/api/v1/me/password", content, _bearer(token))

    assert change("wrong").status == 400
    changed = change(password)
    assert changed.status == 200
    assert "Str0ng-enough" not in changed.body.decode()
    assert _sign_in(wire, "ada@example.com", password).status == 401
    assert _sign_in(wire, "ada@example.com", "Str0ng-enough").status == 200


def test_only_users_have_a_password(wire: Any) -> None:
    content = {"currentPassword": "x", "newPassword": "Str0ng-enough"}
    assert wire.call("POST", "/api/v1/me/password", content).status == 403


def test_access_key_of_a_user(wire: Any) -> None:
    user = _user(wire)
    token = _sign_in(wire, "ada@example.com", user["tempPassword"]).json()["accessToken"]
    made = wire.call("POST", KEYS, {"name": "laptop"}, _bearer(token)).json()
    mine = _created(wire, KEYS, "mine")
    key_token = _buy(wire, made["clientId"], made["clientSecret"]).json()["accessToken"]
    assert _subject(key_token) == user["id"]

    def names(reply: Any) -> list[str]:
        return [each["name"] for each in reply.json()["accessKeys"]]

    assert names(wire.call("GET", KEYS, None, _bearer(key_token))) == ["laptop"]
    assert names(wire.call("GET", KEYS)) == ["mine"]
    assert wire.call("GET", f"{KEYS}/{mine['id']}", None, _bearer(token)).status == 403
    assert wire.call("POST", f"{KEYS}/{made['id']}/secret").status == 403
    assert sorted(names(wire.call("GET", ALL_KEYS))) == ["laptop", "mine"]
    assert names(wire.call("GET", f"{ALL_KEYS}?createdBy=ada@example.com")) == ["laptop"]

    wire.call("POST", f"{USERS}/{user['id']}/logout")
    assert _status(wire, key_token) == 401
    key_token = _buy(wire, made["clientId"], made["clientSecret"]).json()["accessToken"]
    assert _status(wire, key_token) == 200
    wire.call("DELETE", f"{USERS}/{user['id']}")
    assert _status(wire, key_token) == 401
    assert _buy(wire, made["clientId"], made["clientSecret"]).status == 401


def test_administrator_ends_an_access_key(wire: Any) -> None:
    user = _user(wire)
    token = _sign_in(wire, "ada@example.com", user["tempPassword"]).json()["accessToken"]
    made = wire.call("POST", KEYS, {"name": "laptop"}, _bearer(token)).json()
    key_token = _buy(wire, made["clientId"], made["clientSecret"]).json()["accessToken"]
    assert wire.call("DELETE", f"{ALL_KEYS}/{made['id']}").status in (200, 202, 204)
    assert _status(wire, key_token) == 401
    assert _status(wire, token) == 200


def test_access_key_of_the_administrator_may_do_what_he_may(wire: Any) -> None:
    made = _created(wire, KEYS)
    token = _buy(wire, made["clientId"], made["clientSecret"]).json()["accessToken"]
    assert wire.call("POST", APPS, {"name": "robot"}, _bearer(token)).status == 201


def test_secrets_outlive_a_restart_and_are_not_saved(
    wire: Any, control_plane: ControlPlane, open_wire: Any
) -> None:
    made = _created(wire, APPS)
    dumped = json.dumps(control_plane.state.dump())
    assert made["secret"] not in dumped
    with ControlPlane() as restarted:
        restarted.state.restore(json.loads(dumped))
        again = open_wire(restarted)
        assert _buy(again, made["clientId"], "wrong").status == 401
        token = _buy(again, made["clientId"], made["secret"]).json()["accessToken"]
        assert _status(again, token) == 200


def test_reset_ends_what_was_created(wire: Any, control_plane: ControlPlane) -> None:
    made = _created(wire, APPS)
    token = _buy(wire, made["clientId"], made["secret"]).json()["accessToken"]
    first = control_plane.tokens.issue()
    control_plane.reset()
    assert _status(wire, token) == 401
    assert _buy(wire, made["clientId"], made["secret"]).status == 401
    assert _status(wire, first) == 200
