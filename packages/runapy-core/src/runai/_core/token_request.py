"""How client credentials are exchanged for an access token."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Dict, Optional, Tuple

from runai._core.delivery import deliver
from runai._core.errors import body_text, request_id
from runai._core.observation import Observation
from runai._core.user_agent import USER_AGENT
from runai._core.wire import Answer, Request
from runai.exceptions import AuthenticationError

if TYPE_CHECKING:
    from runai._core.delivery import Delivery, Timing
    from runai._core.effects import Steps
    from runai._core.observation import Observer
    from runai._core.retry import Patience
    from runai.configuration import Configuration

_PATH = "/api/v1/token"
_SHOWN = ("code", "message", "details", "error", "error_description")
_EXCERPT_LENGTH = 200


class TokenRequest:
    """The token request of one client.

    Arguments:
        configuration: with the client credentials.
        observer: who is told of each attempt.
        timing: the clocks.
    """

    def __init__(self, configuration: Configuration, observer: Observer, timing: Timing) -> None:
        self._configuration = configuration
        self._observer = observer
        self._timing = timing
        # Control planes before 2.20 know only the second.
        self._grants = [self._client_credentials(), self._app_token()]

    def steps(self, patience: Patience) -> Steps[Tuple[str, Dict[str, Any]]]:
        """Steps that give the token, and the whole answer that it came in.

        Raises:
            AuthenticationError: the credentials were refused, or the answer holds no token.
            ApiConnectionError: no answer came.
        """
        observation = Observation(self._observer, "token", _PATH)
        delivery = yield from self._deliver(self._grants[0], patience, observation)
        if len(self._grants) > 1 and _refuses_grant(delivery.answer):
            second = yield from self._deliver(self._grants[1], patience, observation)
            if second.answer.status == 200:
                del self._grants[0]
                delivery = second
        elif delivery.answer.status == 200:
            del self._grants[1:]
        return self._token(delivery)

    def _deliver(
        self, grant: Dict[str, str], patience: Patience, observation: Observation
    ) -> Steps[Delivery]:
        body = json.dumps(grant).encode()
        request = Request(
            "POST",
            self._configuration.runai_base_url + _PATH,
            {
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
                "User-Agent": USER_AGENT,
            },
            body,
            self._configuration.connect_timeout,
            self._configuration.read_timeout,
        )
        # Two tokens do no harm, so this POST may be sent again.
        return (yield from deliver(request, True, patience, observation, self._timing))

    def _token(self, delivery: Delivery) -> Tuple[str, Dict[str, Any]]:
        answer = delivery.answer
        data = _json_object(answer)
        if answer.status != 200:
            raise self._error(delivery, answer.reason, data)
        if data is None:
            raise self._error(delivery, "the answer is no JSON object", None)
        token = data.get("accessToken")
        if (
            not isinstance(token, str)
            or not token
            or not token.isascii()
            or not token.isprintable()
        ):
            raise self._error(delivery, "the answer holds no accessToken", data)
        return token, data

    def _error(
        self, delivery: Delivery, reason: str, data: Optional[Dict[str, Any]]
    ) -> AuthenticationError:
        answer = delivery.answer
        # An answer of this endpoint can hold tokens, so only what is known to be words is kept.
        words = {key: data[key] for key in _SHOWN if key in data} if data is not None else None
        text = self._without_secret(json.dumps(words) if words is not None else body_text(answer))
        return AuthenticationError(
            answer.status,
            reason,
            body=text if words is not None else text[:_EXCERPT_LENGTH],
            data=json.loads(text) if words is not None else None,
            headers=answer.headers,
            method="POST",
            url=self._configuration.runai_base_url + _PATH,
            request_id=request_id(answer.headers),
            attempts=delivery.attempts,
        )

    def _without_secret(self, text: str) -> str:
        secret = self._configuration.client_secret or ""
        for written in {secret, json.dumps(secret)[1:-1]}:
            text = text.replace(written, "***") if written else text
        return text

    def _client_credentials(self) -> Dict[str, str]:
        return {
            "grantType": "client_credentials",
            "clientID": self._configuration.client_id or "",
            "clientSecret": self._configuration.client_secret or "",
        }

    def _app_token(self) -> Dict[str, str]:
        return {
            "grantType": "app_token",
            "appID": self._configuration.client_id or "",
            "appSecret": self._configuration.client_secret or "",
        }


def _refuses_grant(answer: Answer) -> bool:
    """Whether it may be the kind of grant that is refused, and not the credentials.

    A control plane that does not know `client_credentials` says that the request is malformed;
    one that knows it refuses wrong credentials with 401.
    """
    return answer.status in (400, 422)


def _json_object(answer: Answer) -> Optional[Dict[str, Any]]:
    try:
        data = json.loads(answer.body)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None
