"""The operations that give out tokens; each takes its checked body and answers or refuses."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Callable, Optional

from runai.testing.answers import Answer, Refusal, json_answer
from runai.testing.faults import ClockSkew, Fault, TokenAnswer
from runai.testing.subjects import Subject
from runai.testing.tokens import Tokens


class Issue:
    """Issuing one token, as the fault of the request has it.

    Args:
        tokens: that issue it.
        fault: of the request; those that are none of tokens change nothing.
        known: names that this control plane's answer may have.
    """

    def __init__(self, tokens: Tokens, fault: Fault | None, known: Collection[str]) -> None:
        self.tokens = tokens
        self._fault = fault
        self._known = known

    def content(self, subject: Subject, token_name: str, lifetime_name: str) -> dict[str, Any]:
        """A new token of a subject and its lifetime in seconds, by the names of an endpoint."""
        fault = self._fault
        if not isinstance(fault, TokenAnswer):
            # Older control planes say the lifetime in the token alone.
            says_lifetime = lifetime_name in self._known
            lifetime = {lifetime_name: int(self.tokens.lifetime)} if says_lifetime else {}
            return {token_name: self._token(subject), **lifetime}
        content: dict[str, Any] = {}
        if fault.token != "missing":
            is_null = fault.token == "null"
            content[token_name] = None if is_null else self._odd_token(fault.token, subject)
        if fault.expires_in is not None:
            content[lifetime_name] = fault.expires_in
        return content

    def _token(self, subject: Subject) -> str:
        claims = self.tokens.claims(subject)
        if isinstance(self._fault, ClockSkew):
            for name in ("iat", "exp"):
                claims[name] = int(claims[name] + self._fault.seconds)
        return self.tokens.issue_claiming(claims, subject)

    def _odd_token(self, form: str, subject: Subject) -> str:
        if form == "opaque":
            return self.tokens.issue_opaque(subject)
        claims = self.tokens.claims(subject)
        if form == "without exp":
            del claims["exp"]
        else:
            # One of three neighbours ends a group of three bytes, wherever they are: `_` and `-`.
            claims["name"] = "???>>>"
        return self.tokens.issue_claiming(claims, subject)


_OAUTH2 = "/api/v2/token"
TokenEndpoint = Callable[[Any, Issue], Answer]


def _token(body: Any, issue: Issue) -> Answer:
    """POST /api/v1/token."""
    content: dict[str, Any] = body or {}
    grant = content.get("grantType")
    names = {
        "client_credentials": ("clientID", "clientSecret"),
        "app_token": ("appID", "appSecret"),
        "password": ("username", "password"),
    }.get(str(grant))
    if names is None or grant not in issue.tokens.grants:
        raise Refusal(400, f"The grant type {grant!r} is not given here", ["body.grantType"])
    sign_in = issue.tokens.sign_in_user if grant == "password" else issue.tokens.sign_in
    subject = _demanded(sign_in, content, *names)
    return json_answer(200, issue.content(subject, "accessToken", "expiresIn"))


def _oauth2_token(body: Any, issue: Issue) -> Answer:
    """POST /api/v2/token, whose refusals are those of RFC 6749, section 5.2."""
    grant = body["grant_type"]
    if grant == "client_credentials":
        subject = issue.tokens.sign_in(body.get("client_id"), body.get("client_secret"))
        if subject is None:
            return _oauth2_error(401, "invalid_client", "client_id or client_secret is wrong")
    elif grant == "password" and grant in issue.tokens.grants:
        missing = [name for name in ("username", "password") if name not in body]
        if missing:
            needed = f"the grant type password needs {' and '.join(missing)}"
            return _oauth2_error(400, "invalid_request", needed)
        subject = issue.tokens.sign_in_user(body["username"], body["password"])
        if subject is None:
            return _oauth2_error(400, "invalid_grant", "username or password is wrong")
    else:
        return _oauth2_error(400, "unsupported_grant_type", f"{grant} is not given here")
    content = issue.content(subject, "access_token", "expires_in")
    return json_answer(200, {**content, "token_type": "Bearer"})


def _application_token(body: Any, issue: Issue) -> Answer:
    """POST /v1/k8s/auth/oauth/apptoken."""
    subject = _demanded(issue.tokens.sign_in, body or {}, "id", "secret")
    content = issue.content(subject, "access_token", "expires_in")
    # This endpoint says its token twice, and nothing of the lifetime.
    content.pop("expires_in", None)
    if "access_token" in content:
        content["id_token"] = content["access_token"]
    return json_answer(200, content)


def bad_request(path: str, message: str, problems: Sequence[str]) -> Refusal:
    """The refusal of a request that the specification does not allow, in the form of its path."""
    kind = _OAuth2Refusal if path == _OAUTH2 else Refusal
    return kind(400, message, problems)


class _OAuth2Refusal(Refusal):
    def answer(self) -> Answer:
        return _oauth2_error(self.status, "invalid_request", "; ".join(self.problems))


TOKEN_ENDPOINTS: Mapping[str, TokenEndpoint] = {
    "/api/v1/token": _token,
    _OAUTH2: _oauth2_token,
    "/v1/k8s/auth/oauth/apptoken": _application_token,
}
"""By path. None of them asks for a token, whatever the specification says."""

LOGOUT = "/api/v1/logout"
"""The path that ends the life of the token that it is called with."""


def _demanded(
    sign_in: Callable[[Any, Any], Optional[Subject]], content: Any, identity: str, secret: str
) -> Subject:
    subject = sign_in(content.get(identity), content.get(secret))
    if subject is None:
        raise Refusal(401, f"{identity} or {secret} is wrong", [f"body.{identity}"])
    return subject


def _oauth2_error(status: int, error: str, description: str) -> Answer:
    return json_answer(status, {"error": error, "error_description": description})
