"""The operations that give out tokens; each takes its checked body and answers or refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

from runai.testing.answers import Answer, Refusal, json_answer
from runai.testing.faults import ClockSkew, Fault, TokenAnswer
from runai.testing.tokens import Tokens


class Issue:
    """Issuing one token, as the fault of the request has it.

    Args:
        tokens: that issue it.
        fault: of the request; those that are none of tokens change nothing.
    """

    def __init__(self, tokens: Tokens, fault: Fault | None) -> None:
        self.tokens = tokens
        self._fault = fault

    def content(self, token_name: str, lifetime_name: str) -> dict[str, Any]:
        """A new token and its lifetime in seconds, by the names of an endpoint."""
        fault = self._fault
        if not isinstance(fault, TokenAnswer):
            return {token_name: self._token(), lifetime_name: int(self.tokens.lifetime)}
        content: dict[str, Any] = {}
        if fault.token != "missing":
            content[token_name] = None if fault.token == "null" else self._odd_token(fault.token)
        if fault.expires_in is not None:
            content[lifetime_name] = fault.expires_in
        return content

    def _token(self) -> str:
        claims = self.tokens.claims()
        if isinstance(self._fault, ClockSkew):
            for name in ("iat", "exp"):
                claims[name] = int(claims[name] + self._fault.seconds)
        return self.tokens.issue_claiming(claims)

    def _odd_token(self, form: str) -> str:
        if form == "opaque":
            return self.tokens.issue_opaque()
        claims = self.tokens.claims()
        if form == "without exp":
            del claims["exp"]
        else:
            # One of three neighbours ends a group of three bytes, wherever they are: `_` and `-`.
            claims["name"] = "???>>>"
        return self.tokens.issue_claiming(claims)


TokenEndpoint = Callable[[Any, Issue], Answer]


def _token(body: Any, issue: Issue) -> Answer:
    """POST /api/v1/token."""
    content: dict[str, Any] = body or {}
    grant = content.get("grantType")
    names = {
        "client_credentials": ("clientID", "clientSecret"),
        "app_token": ("appID", "appSecret"),
    }.get(str(grant))
    if names is None or grant not in issue.tokens.grants:
        raise Refusal(400, f"The grant type {grant!r} is not given here", ["body.grantType"])
    _demand_credentials(issue.tokens, content, *names)
    return json_answer(200, issue.content("accessToken", "expiresIn"))


def _oauth2_token(body: Any, issue: Issue) -> Answer:
    """POST /api/v2/token, whose refusals are those of RFC 6749, section 5.2."""
    grant = body["grant_type"]
    if grant != "client_credentials":
        return _oauth2_error(400, "unsupported_grant_type", f"{grant} is not given here")
    if not issue.tokens.are_credentials(body.get("client_id"), body.get("client_secret")):
        return _oauth2_error(401, "invalid_client", "client_id or client_secret is wrong")
    content = issue.content("access_token", "expires_in")
    return json_answer(200, {**content, "token_type": "Bearer"})


def _application_token(body: Any, issue: Issue) -> Answer:
    """POST /v1/k8s/auth/oauth/apptoken."""
    _demand_credentials(issue.tokens, body or {}, "id", "secret")
    content = issue.content("access_token", "expires_in")
    # This endpoint says its token twice, and nothing of the lifetime.
    content.pop("expires_in", None)
    if "access_token" in content:
        content["id_token"] = content["access_token"]
    return json_answer(200, content)


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
