"""Where the token comes from, when it is renewed, and what a failure says."""

from __future__ import annotations

import json
import threading
import time
from typing import Any, List

import pytest

from runai._core.delivery import Timing
from runai._core.lifetime import lifetime
from runai.cliv2_config_loader import CLIv2Config
from runai.configuration import Configuration
from runai.exceptions import ApiConnectionError, AuthenticationError, UnauthorizedException


def bearer(request: Any) -> Any:
    return (request.header("Authorization") or "")[len("Bearer ") :]


def test_token_request(server: Any, settings: Any, caller: Any, wire: Any) -> None:
    caller(caller.client(Configuration(**settings)), "GET", "/x")
    (request,) = server.token_requests
    assert request.method == "POST"
    assert request.target == "/api/v1/token"
    assert json.loads(request.body) == {
        "grantType": "client_credentials",
        "clientID": "the-client",
        "clientSecret": wire.secret,
    }
    assert request.header("Content-Type") == "application/json"
    assert request.header("Authorization") is None


def test_one_token_for_many(server: Any, settings: Any, caller: Any, wire: Any) -> Any:
    arrived = threading.Event()
    grant = server.grant

    def slow(request: Any) -> Any:
        # Others have time to ask for a token of their own, should they want to.
        arrived.wait(0.3)
        return grant(request)

    server.grant = slow
    responses = caller.together(caller.client(Configuration(**settings)), 12, "GET", "/x")
    assert [each.status_code for each in responses] == [200] * 12
    assert len(server.token_requests) == 1
    assert len({bearer(each) for each in server.calls}) == 1


def test_token_is_renewed_before_it_ends(server: Any, settings: Any, caller: Any) -> None:
    clock = [time.time()]
    client = caller.client(
        Configuration(**settings, token_refresh_margin=60), _timing=Timing(wall=lambda: clock[0])
    )
    caller(client, "GET", "/1")
    clock[0] += server.lifetime - 61
    caller(client, "GET", "/2")
    assert len(server.token_requests) == 1
    clock[0] += 2
    caller(client, "GET", "/3")
    assert len(server.token_requests) == 2
    assert len({bearer(each) for each in server.calls}) == 2


def test_margin_longer_than_the_life_of_a_token(server: Any, settings: Any, caller: Any) -> None:
    server.lifetime = 30
    client = caller.client(Configuration(**settings))
    for _ in range(3):
        caller(client, "GET", "/x")
    assert len(server.token_requests) == 1


def test_failed_early_renewal_leaves_the_valid_token(
    server: Any, settings: Any, caller: Any, wire: Any
) -> None:
    clock = [time.time()]
    client = caller.client(
        Configuration(**settings, retry_enabled=False), _timing=Timing(wall=lambda: clock[0])
    )
    caller(client, "GET", "/1")
    server.grant = lambda request: wire.json({"message": "not now"}, 503)
    clock[0] += server.lifetime - 30
    caller(client, "GET", "/2")
    caller(client, "GET", "/3")
    assert len({bearer(each) for each in server.calls}) == 1
    assert len(server.token_requests) == 2
    clock[0] += 40
    with pytest.raises(AuthenticationError, match="not now"):
        caller(client, "GET", "/4")


def test_no_renewal_when_it_is_switched_off(server: Any, settings: Any, caller: Any) -> None:
    clock = [time.time()]
    client = caller.client(
        Configuration(**settings, auto_refresh_token=False), _timing=Timing(wall=lambda: clock[0])
    )
    caller(client, "GET", "/1")
    clock[0] += server.lifetime * 2
    caller(client, "GET", "/2")
    assert len(server.token_requests) == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_revoked_token_is_renewed_once(
    server: Any, settings: Any, caller: Any, wire: Any, method: Any
) -> Any:
    refused: List[str] = []

    def answer(request: Any) -> Any:
        if not refused or bearer(request) in refused:
            refused.append(bearer(request))
            return wire.json({"message": "revoked"}, 401)
        return wire.json({"ok": True})

    server.answer = answer
    response = caller(caller.client(Configuration(**settings)), method, "/x")
    assert response.data == {"ok": True}
    assert len(server.calls) == 2
    assert len(server.token_requests) == 2


def test_many_with_a_revoked_token_renew_it_once(
    server: Any, settings: Any, caller: Any, wire: Any
) -> None:
    client = caller.client(Configuration(**settings))
    caller(client, "GET", "/first")
    old = bearer(server.calls[0])
    server.answer = lambda request: wire.json({}, 401 if bearer(request) == old else 200)
    responses = caller.together(client, 8, "GET", "/x")
    assert [each.status_code for each in responses] == [200] * 8
    assert len(server.token_requests) == 2


def test_401_again_is_raised(server: Any, settings: Any, caller: Any, wire: Any) -> None:
    server.answer = lambda request: wire.json({"message": "who?"}, 401)
    with pytest.raises(UnauthorizedException, match="who") as caught:
        caller(caller.client(Configuration(**settings)), "GET", "/x")
    assert caught.value.attempts == len(server.calls) == 2
    assert len(server.token_requests) == 2


def test_bearer_token(server: Any, settings: Any, caller: Any, wire: Any) -> None:
    given = Configuration(bearer_token="opaque-token", runai_base_url=server.url)
    client = caller.client(given)
    caller(client, "GET", "/x")
    assert bearer(server.calls[0]) == "opaque-token"
    server.answer = lambda request: wire.json({}, 401)
    with pytest.raises(UnauthorizedException):
        caller(client, "GET", "/x")
    assert server.token_requests == []
    assert len(server.calls) == 2


def test_older_control_plane(server: Any, settings: Any, caller: Any, wire: Any) -> Any:
    grant = server.grant

    def old(request: Any) -> Any:
        asked = json.loads(request.body)
        if asked["grantType"] == "app_token":
            assert (asked["appID"], asked["appSecret"]) == ("the-client", wire.secret)
            return grant(request)
        return wire.json({"code": 400, "message": "grantType is invalid"}, 400)

    server.grant = old
    server.answer = lambda request: wire.json({}, 401)
    with pytest.raises(UnauthorizedException):
        caller(caller.client(Configuration(**settings)), "GET", "/x")
    kinds = [json.loads(each.body)["grantType"] for each in server.token_requests]
    assert kinds == ["client_credentials", "app_token", "app_token"]


@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_refused_credentials(
    server: Any, settings: Any, caller: Any, wire: Any, status: Any
) -> None:
    words = f"no {wire.secret} here"
    server.grant = lambda request: wire.json(
        {"message": words, "accessToken": "leaked", "refreshToken": "leaked"}, status
    )
    client = caller.client(Configuration(**settings))
    with pytest.raises(AuthenticationError) as caught:
        caller(client, "GET", "/x")
    error: Any = caught.value
    assert error.status == status
    assert "no *** here" in str(error)
    assert error.data == {"message": "no *** here"}
    for text in (str(error), repr(error), error.body):
        assert "leaked" not in text
        assert wire.secret not in text
        assert json.dumps(wire.secret)[1:-1] not in text
    assert server.calls == []


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"[]",
        b"{}",
        b'{"accessToken": null}',
        b'{"accessToken": ""}',
        b'{"accessToken": "a\\nb"}',
        b"",
        b'{"access_token": "leaked"}',
    ],
)
def test_answer_without_a_token(
    server: Any, settings: Any, caller: Any, wire: Any, body: Any
) -> None:
    server.grant = lambda request: wire.reply(200, body)
    with pytest.raises(AuthenticationError) as caught:
        caller(caller.client(Configuration(**settings)), "GET", "/x")
    assert "leaked" not in f"{caught.value}{caught.value.body}"


def test_redirect_of_the_token_request_is_not_followed(
    server: Any, settings: Any, caller: Any, wire: Any
) -> None:
    server.grant = lambda request: wire.reply(307, b"", {"Location": f"{server.url}/elsewhere"})
    with pytest.raises(AuthenticationError) as caught:
        caller(caller.client(Configuration(**settings)), "GET", "/x")
    assert caught.value.status == 307
    assert server.calls == []


def test_waiters_share_the_failure(server: Any, settings: Any, caller: Any, wire: Any) -> Any:
    arrived = threading.Event()

    def refuse(request: Any) -> Any:
        arrived.wait(0.3)
        return wire.json({"message": "wrong"}, 401)

    server.grant = refuse
    outcomes = caller.together(caller.client(Configuration(**settings)), 4, "GET", "/x")
    assert [type(each) for each in outcomes] == [AuthenticationError] * 4
    assert len({id(each) for each in outcomes}) == 4
    # A thread that comes after the refusal asks for itself, which is right.
    assert len(server.token_requests) <= 2


def test_after_a_failure_the_next_call_asks_again(
    server: Any, settings: Any, caller: Any, wire: Any
) -> None:
    grant, server.grant = server.grant, lambda request: wire.json({}, 401)
    client = caller.client(Configuration(**settings))
    with pytest.raises(AuthenticationError):
        caller(client, "GET", "/x")
    server.grant = grant
    assert caller(client, "GET", "/x").status_code == 200


def test_token_endpoint_out_of_reach(settings: Any, caller: Any) -> None:
    client = caller.client(Configuration(**settings).replace(runai_base_url="http://127.0.0.1:9"))
    with pytest.raises(ApiConnectionError, match="/api/v1/token") as caught:
        caller(client, "GET", "/x")
    assert caught.value.attempts == 4
    assert caught.value.__cause__ is not None


def test_command_line_session(server: Any, caller: Any, wire: Any, tmp_path: Any) -> Any:
    def write(token: Any) -> None:
        (tmp_path / "authentication.json").write_text(json.dumps({"accessToken": token}))

    (tmp_path / "config.json").write_text(json.dumps({"control_plane": {"url": server.url}}))
    first, second = wire.token(number=1), wire.token(number=22)
    write(first)
    client = caller.client(Configuration.from_cliv2(CLIv2Config(tmp_path)))
    caller(client, "GET", "/1")
    write(second)
    caller(client, "GET", "/2")
    assert [bearer(each) for each in server.calls] == [first, second]
    third = wire.token(number=333)

    def answer(request: Any) -> Any:
        write(third)
        return wire.json({}, 200 if bearer(request) == third else 401)

    server.answer = answer
    caller(client, "GET", "/3")
    assert [bearer(each) for each in server.calls[2:]] == [second, third]
    (tmp_path / "authentication.json").unlink()
    with pytest.raises(AuthenticationError, match="runai login"):
        caller(client, "GET", "/4")


@pytest.mark.parametrize(
    ("claims", "answer", "seconds"),
    [
        ({"exp": 1100}, {}, 100),
        ({"exp": 1100}, {"expiresIn": 5}, 100),
        ({"exp": 900}, {"expiresIn": 5}, 5),
        ({"exp": 900}, {}, None),
        ({"exp": "soon"}, {}, None),
        ({"exp": True}, {}, None),
        ({}, {"expiresIn": 5}, 5),
        ({}, {"expiresIn": -5}, None),
        ({}, {}, None),
    ],
)
def test_lifetime(wire: Any, claims: Any, answer: Any, seconds: Any) -> None:
    assert lifetime(wire.token(**claims), answer, 1000.0) == seconds


@pytest.mark.parametrize(
    "token", ["opaque", "a.b", "a.b.c", "..", "a.W10.c", "a.!!.c", "a.aaaaa.c"]
)
def test_lifetime_of_what_is_no_jwt(token: Any) -> None:
    assert lifetime(token, {"expiresIn": 7}, 1000.0) == 7
