"""The access token that all calls of a client share."""

from __future__ import annotations

import copy
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, NamedTuple, Optional

from runai._core.call_options import limits
from runai._core.effects import Await, Steps
from runai._core.lifetime import lifetime
from runai._core.token_request import TokenRequest
from runai.exceptions import ApiException, ApiTimeoutError, AuthenticationError

if TYPE_CHECKING:
    from runai._core.delivery import Timing
    from runai._core.observation import Observer
    from runai._core.retry import Patience
    from runai.cliv2_config_loader import CLIv2Config
    from runai.configuration import Configuration

# After an early renewal has failed, the old token is used this long before the next try.
_PAUSE_AFTER_FAILURE = 5.0
# A waiting call looks again after this long, should the one that renews never report.
_LONGEST_WAIT = 300.0


class TokenSource:
    """Where calls get their token."""

    def at_hand(self) -> Optional[str]:
        """A token that nothing has to be done for; None where `obtain` has to be asked."""
        raise NotImplementedError

    def obtain(self, patience: Patience) -> Steps[str]:
        """Steps that give a token where none is at hand; not for sources that always have one."""
        raise NotImplementedError

    def reject(self, token: str) -> bool:
        """Say that the control plane refused a token; True if another can be had."""
        raise NotImplementedError


def token_source(configuration: Configuration, observer: Observer, timing: Timing) -> TokenSource:
    """The source that the configuration's credentials call for."""
    if configuration.cliv2 is not None:
        return CommandLineToken(configuration.cliv2)
    if configuration.bearer_token:
        return GivenToken(configuration.bearer_token)
    return RenewedToken(configuration, observer, timing)


class GivenToken(TokenSource):
    """A token that cannot be renewed."""

    def __init__(self, token: str) -> None:
        self._token = token

    def at_hand(self) -> Optional[str]:
        """The token."""
        return self._token

    def reject(self, token: str) -> bool:
        """There is no other."""
        return False


class CommandLineToken(TokenSource):
    """A token that the Run:ai command line renews, in its file."""

    def __init__(self, source: CLIv2Config) -> None:
        self._source = source

    def at_hand(self) -> Optional[str]:
        """The token that the file holds now."""
        return self._read()

    def reject(self, token: str) -> bool:
        """Whether the file holds another by now."""
        return self._read() != token

    def _read(self) -> str:
        try:
            return self._source.token
        except (OSError, ValueError) as error:
            raise AuthenticationError(reason=str(error)) from None


class _Held(NamedTuple):
    """A token, and when it is to be renewed and ends by the clock; None if that is not known."""

    token: str
    renew_at: Optional[float]
    ends_at: Optional[float]


class RenewedToken(TokenSource):
    """A token that client credentials buy, bought anew before it ends.

    One caller buys and the others wait; while the old token is valid nobody waits.
    """

    def __init__(self, configuration: Configuration, observer: Observer, timing: Timing) -> None:
        self._request = TokenRequest(configuration, observer, timing)
        self._renews = configuration.auto_refresh_token
        self._margin = configuration.token_refresh_margin
        self._timing = timing
        self._retries = limits(configuration).retries
        # Held for assignments alone, never while anything is sent.
        self._lock = threading.Lock()
        self._held: Optional[_Held] = None
        self._purchase: Optional[Future[None]] = None
        self._not_before = 0.0

    def at_hand(self) -> Optional[str]:
        """The token, unless it is time to buy another."""
        held = self._held
        if held is None or self._is_due(held, self._timing.wall()):
            return None
        return held.token

    def obtain(self, patience: Patience) -> Steps[str]:
        """The token, after buying it or waiting for whoever does.

        Raises:
            AuthenticationError: the credentials were refused, or the answer holds no token.
            ApiConnectionError: no answer came.
        """
        while True:
            at_hand = self.at_hand()
            if at_hand is not None:
                return at_hand
            held, now = self._held, self._timing.wall()
            with self._lock:
                purchase, is_mine = self._purchase, self._purchase is None
                if purchase is None:
                    purchase = self._purchase = Future()
            if is_mine:
                return (yield from self._buy(purchase, patience))
            if held is not None and self._is_valid(held, now):
                return held.token
            left = patience.left(self._timing.monotonic())
            yield Await(purchase, _LONGEST_WAIT if left is None else min(left, _LONGEST_WAIT))
            if left is not None and left < _LONGEST_WAIT and not purchase.done():
                raise ApiTimeoutError(reason="no token in time: another call is getting one")
            self._share_failure(purchase)

    def reject(self, token: str) -> bool:
        """Forget a token that the control plane refused."""
        with self._lock:
            if self._held is not None and self._held.token == token:
                self._held = None
        return self._renews

    def _buy(self, purchase: Future[None], patience: Patience) -> Steps[str]:
        held = self._held
        if held is not None and not self._is_due(held, self._timing.wall()):
            # Bought between the look and the lock.
            self._finish(purchase)
            return held.token
        try:
            token, answer = yield from self._request.steps(patience)
        except ApiException as error:
            now = self._timing.wall()
            if held is not None and self._is_valid(held, now):
                self._not_before = now + _PAUSE_AFTER_FAILURE
                self._finish(purchase)
                return held.token
            # Who gives up sooner than others says nothing about what these would get.
            is_hasty = patience.is_shorter(self._retries)
            self._finish(purchase, None if is_hasty else error)
            raise
        except BaseException:
            # Cancelled or closed: the next in line buys.
            self._finish(purchase)
            raise
        self._held = self._new(token, lifetime(token, answer, self._timing.wall()))
        self._finish(purchase)
        return token

    def _new(self, token: str, seconds: Optional[float]) -> _Held:
        if seconds is None:
            return _Held(token, None, None)
        # A margin as long as the token's life would have every call buy one.
        early = self._margin if self._margin < seconds else seconds / 2
        ends_at = self._timing.wall() + seconds
        return _Held(token, ends_at - early, ends_at)

    def _is_due(self, held: _Held, now: float) -> bool:
        if not self._renews or held.renew_at is None:
            return False
        return now >= held.renew_at and (now >= self._not_before or not self._is_valid(held, now))

    def _is_valid(self, held: _Held, now: float) -> bool:
        return held.ends_at is None or now < held.ends_at

    def _finish(self, purchase: Future[None], error: Optional[ApiException] = None) -> None:
        with self._lock:
            self._purchase = None
        if error is None:
            purchase.set_result(None)
        else:
            purchase.set_exception(error)

    def _share_failure(self, purchase: Future[None]) -> None:
        """Raise what the buyer got, so that many waiters do not ask one after the other."""
        error = purchase.exception() if purchase.done() else None
        if error is not None:
            # One exception raised in many threads would mix their tracebacks.
            raise copy.copy(error) from error.__cause__
