"""The operations that give out tokens; each takes its checked body and answers or refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from runai.testing.answers import Answer, Refusal, json_answer
from runai.testing.tokens import Tokens

TokenEndpoint = Callable[[Any, Tokens], Answer]


def _token(body: Any, tokens: Tokens) -> Answer:
    """POST /api/v1/token."""
    content: dict[str, Any] = body or {}
    grant = content.get("grantType")
    names = {
        "client_credentials": ("clientID", "clientSecret"),
        "app_token": ("appID", "appSecret"),
    }.get(str(grant))
    if names is None:
        raise Refusal(400, f"The grant type {grant!r} is not given here", ["body.grantType"])
    _demand_credentials(tokens, content, *names)
    issued = tokens.issue()
    return json_answer(200, {"accessToken": issued, "expiresIn": int(tokens.lifetime)})


def _oauth2_token(body: Any, tokens: Tokens) -> Answer:
    """POST /api/v2/token, whose refusals are those of RFC 6749, section 5.2."""
    grant = body["grant_type"]
    if grant != "client_credentials":
        return _oauth2_error(400, "unsupported_grant_type", f"{grant} is not given here")
    if not tokens.are_credentials(body.get("client_id"), body.get("client_secret")):
        return _oauth2_error(401, "invalid_client", "client_id or client_secret is wrong")
    content = {
        "access_token": tokens.issue(),
        "token_type": "Bearer",
        "expires_in": int(tokens.lifetime),
    }
    return json_answer(200, content)


def _application_token(body: Any, tokens: Tokens) -> Answer:
    """POST /v1/k8s/auth/oauth/apptoken."""
    _demand_credentials(tokens, body or {}, "id", "secret")
    issued = tokens.issue()
    return json_answer(200, {"access_token": issued, "id_token": issued})


TOKEN_ENDPOINTS: Mapping[str, TokenEndpoint] = {
    "/api/v1/token": _token,
    "/api/v2/token": _oauth2_token,
    "/v1/k8s/auth/oauth/apptoken": _application_token,
}
"""By path. None of them asks for a token, whatever the specification says."""


def _demand_credentials(tokens: Tokens, content: Any, identity: str, secret: str) -> None:
    if not tokens.are_credentials(content.get(identity), content.get(secret)):
        raise Refusal(401, f"{identity} or {secret} is wrong", [f"body.{identity}"])


def _oauth2_error(status: int, error: str, description: str) -> Answer:
    return json_answer(status, {"error": error, "error_description": description})
