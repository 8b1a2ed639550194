"""What the three clients have in common; only their way of waiting differs."""

from __future__ import annotations

import os
from typing import (
    TYPE_CHECKING,
    Any,
    Dict,
    Generic,
    Mapping,
    NamedTuple,
    Optional,
    Protocol,
    TypeVar,
)

from runai._core.call_options import download_to, limits
from runai._core.delivery import SYSTEM_CLOCKS, Timing
from runai._core.exchange import Terms, exchange
from runai._core.headers import checked, merged
from runai._core.observation import Observer
from runai._core.retry import Backoff
from runai._core.token import token_source
from runai._core.user_agent import USER_AGENT
from runai.configuration import Configuration
from runai.exceptions import ApiTypeError

if TYPE_CHECKING:
    from runai._core.call import Call
    from runai._core.call_options import RequestTimeout
    from runai._core.download import Progress, Target
    from runai._core.effects import Steps
    from runai._core.raw_call import Pairs
    from runai.api_response import ApiResponse

DriverT = TypeVar("DriverT")
ResultT = TypeVar("ResultT")


class PreparedOperation(Protocol):
    """What `call` needs of an operation of the API."""

    def prepare(self, arguments: Mapping[str, Any]) -> Call:
        """Check and encode the arguments."""
        raise NotImplementedError


_NOT_COPIED = frozenset({"_resources", "_inherited", "_limits"})


class _Resources(NamedTuple):
    """What belongs to one process; a forked child must not share it."""

    process: int
    driver: Any
    terms: Terms


class BaseClient(Generic[DriverT, ResultT]):
    """A client, whatever its way of waiting; that decides what a call returns.

    Arguments:
        configuration: read from the environment if not given.
        timing: the clocks.
    """

    def __init__(
        self, configuration: Optional[Configuration] = None, timing: Timing = SYSTEM_CLOCKS
    ) -> None:
        if configuration is None:
            configuration = Configuration.from_env()
        if not isinstance(configuration, Configuration):
            raise ApiTypeError(
                f"configuration must be a Configuration, not {type(configuration).__name__}"
            )
        self.configuration = configuration
        self.default_headers: Dict[str, str] = {
            "Accept-Encoding": "gzip",
            "User-Agent": USER_AGENT,
        }
        self._timing = timing
        self._is_closed = False
        self._start()

    @property
    def user_agent(self) -> str:
        """The `User-Agent` header."""
        return next(
            value for name, value in self.default_headers.items() if name.lower() == "user-agent"
        )

    @user_agent.setter
    def user_agent(self, value: str) -> None:
        self.set_default_header("User-Agent", value)

    def set_default_header(self, header_name: str, header_value: str) -> None:
        """Send a header with every call; an `Authorization` replaces the token.

        Raises:
            ApiValueError: HTTP does not allow the name or the value.
        """
        name, value = checked(header_name, header_value)
        self.default_headers = merged(self.default_headers, {name: value})

    def call(
        self,
        operation: PreparedOperation,
        arguments: Mapping[str, Any],
        timeout: RequestTimeout = None,
        max_retries: Optional[int] = None,
        stream_to: Optional[Target] = None,
        progress: Optional[Progress] = None,
        extra_body: Optional[Mapping[str, Any]] = None,
    ) -> ResultT:
        """Call an operation of the API.

        Arguments:
            operation: what an API group names.
            arguments: by the names of the operation's parameters.
            timeout: seconds for the whole call, or a pair (connect, read) of seconds; None for
                those of the configuration.
            max_retries: most repetitions; None for those of the configuration.
            stream_to: a path or an open binary file, for the body of the answer.
            progress: called with the bytes written to it so far and all there will be, the latter
                None if that is not known.
            extra_body: fields of the JSON body that this client does not know, merged into it.

        Raises:
            ApiValueError: an argument is refused; nothing was sent.
            ApiException: the call failed; a future or coroutine raises it when it is asked.
            OSError: the file cannot be written; raised as an ApiException is.
        """
        call = operation.prepare(arguments)
        if extra_body:
            from runai._core.extra_body import with_extra

            call = with_extra(call, extra_body)
        return self._started(call, timeout, max_retries, stream_to, progress)

    def call_api(
        self,
        method: str,
        resource_path: str,
        query_params: Pairs = None,
        header_params: Optional[Mapping[str, Any]] = None,
        body: Any = None,
        post_params: Pairs = None,
        _request_timeout: RequestTimeout = None,
        *,
        stream_to: Optional[Target] = None,
        progress: Optional[Progress] = None,
    ) -> ResultT:
        """Call a path of the API.

        Arguments:
            method: such as "GET".
            resource_path: begins with a slash; percent-encoded.
            query_params: names and values; None is left out, a list is joined by commas.
            header_params: headers of this call alone.
            body: is sent as JSON.
            post_params: fields of a form, in place of a body.
            _request_timeout: as `timeout` of `call`.
            stream_to, progress: as those of `call`.

        Raises:
            ApiValueError: an argument is refused; nothing was sent.
            ApiException: the call failed; a future or coroutine raises it when it is asked.
            OSError: the file cannot be written; raised as an ApiException is.
        """
        from runai._core.raw_call import raw_call

        call = raw_call(method, resource_path, query_params, header_params, body, post_params)
        return self._started(call, _request_timeout, None, stream_to, progress)

    def __getstate__(self) -> Dict[str, Any]:
        # Connections, locks and the token stay where they are.
        return {name: value for name, value in self.__dict__.items() if name not in _NOT_COPIED}

    def __setstate__(self, state: Dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._start()

    def _start(self) -> None:
        self._limits = limits(self.configuration)
        self._resources = self._new_resources()

    def _new_driver(self) -> DriverT:
        raise NotImplementedError

    def _run(self, driver: DriverT, steps: Steps[ApiResponse[Any]]) -> ResultT:
        raise NotImplementedError

    def _forget_inherited(self) -> None:
        """Let go, after a fork, of connections that are the parent's and cannot be made anew."""

    def _started(
        self,
        call: Call,
        timeout: RequestTimeout,
        max_retries: Optional[int],
        stream_to: Optional[Target],
        progress: Optional[Progress],
    ) -> ResultT:
        resources = self._own_resources()
        own = self._limits
        if timeout is not None or max_retries is not None:
            own = limits(self.configuration, timeout, max_retries)
        download = None
        if stream_to is not None or progress is not None:
            download = download_to(stream_to, progress, call.media_types)
        steps = exchange(call, resources.terms, self.default_headers, own, download)
        return self._run(resources.driver, steps)

    def _own_resources(self) -> _Resources:
        if self._is_closed:
            raise RuntimeError(f"this {type(self).__name__} is closed: make a new one")
        resources = self._resources
        if resources.process != os.getpid():
            # Kept, because finalizers would act on connections that the parent still uses.
            self._inherited = resources
            self._forget_inherited()
            resources = self._resources = self._new_resources()
        return resources

    def _new_resources(self) -> _Resources:
        configuration = self.configuration
        observer = Observer.of(configuration)
        terms = Terms(
            configuration.runai_base_url,
            token_source(configuration, observer, self._timing),
            Backoff(configuration.retry_backoff_factor),
            observer,
            self._timing,
        )
        return _Resources(os.getpid(), self._new_driver(), terms)
