"""What `RunaiClient` is apart from its categories, which are generated."""

from __future__ import annotations

from functools import cached_property
from typing import (
    TYPE_CHECKING,
    Any,
    Coroutine,
    Generic,
    List,
    Mapping,
    Optional,
    Type,
    TypeVar,
    Union,
    overload,
)

from runai._core.per_client import ClientT
from runai.exceptions import ApiTypeError

if TYPE_CHECKING:
    import logging
    from pathlib import Path
    from types import TracebackType
    from typing import TypedDict

    from typing_extensions import Required, Unpack

    from runai.api_client import ApiClient, AsyncApiClient, ThreadedApiClient
    from runai.hooks import OnRequest, OnResponse

    class ConfigurationKeywords(TypedDict, total=False):
        """The arguments of a `Configuration`, for type checkers."""

        client_id: Optional[str]
        client_secret: Optional[str]
        bearer_token: Optional[str]
        runai_base_url: Required[str]
        verify_ssl: bool
        ssl_ca_cert: Union[str, Path, None]
        cert_file: Union[str, Path, None]
        key_file: Union[str, Path, None]
        pool_maxsize: int
        pool_size: Optional[int]
        retry_enabled: bool
        retry_max_retries: int
        retry_backoff_factor: float
        proxy_url: Optional[str]
        proxy_headers: Optional[Mapping[str, str]]
        proxy_server_name: Optional[str]
        auto_refresh_token: bool
        token_refresh_margin: float
        debug: bool
        logger: Optional[logging.Logger]
        connect_timeout: float
        read_timeout: float
        on_request: Optional[OnRequest]
        on_response: Optional[OnResponse]


BlockingType = TypeVar("BlockingType", bound="RootClient[Union[ApiClient, ThreadedApiClient]]")
# Pyright takes a `self` of the default kind for the only one; its callers are checked all the same.
AsynchronousType = TypeVar("AsynchronousType", bound="RootClient[AsyncApiClient]")


class RootClient(Generic[ClientT]):
    """Gives each category the same client, and closes it.

    Arguments:
        api_client: an `ApiClient`, `ThreadedApiClient` or `AsyncApiClient`.
        cluster_id: kept as an attribute for the caller; no call uses it.
        configuration: in place of `api_client`, arguments of a `Configuration`, which make an
            `ApiClient`.

    Raises:
        ApiTypeError: both a client and arguments for one are given, or neither.
        ValueError: an argument is refused by `Configuration`.
    """

    @overload
    def __init__(
        self: RootClient[ApiClient],
        *,
        cluster_id: Optional[str] = None,
        **configuration: Unpack[ConfigurationKeywords],
    ) -> None: ...

    @overload
    def __init__(self, api_client: ClientT, *, cluster_id: Optional[str] = None) -> None: ...

    def __init__(
        self, api_client: Any = None, *, cluster_id: Optional[str] = None, **configuration: Any
    ) -> None:
        if api_client is None and not configuration:
            raise ApiTypeError(
                "give an ApiClient, ThreadedApiClient or AsyncApiClient, or the arguments of a"
                " Configuration"
            )
        if api_client is not None and configuration:
            raise ApiTypeError(
                f"{', '.join(sorted(configuration))} cannot be given beside api_client: they belong"
                " to its Configuration"
            )
        self.api_client: ClientT = _client_of(configuration) if api_client is None else api_client
        self.cluster_id = cluster_id

    def options(self, include_deprecated: bool = False) -> List[str]:
        """Names of the categories, sorted.

        A category counts as deprecated when every group in it is.
        """
        return [
            name
            for name in sorted(dir(type(self)))
            if isinstance(getattr(type(self), name), cached_property)
            and (include_deprecated or getattr(self, name).options())
        ]

    @overload
    def close(self: RootClient[AsyncApiClient]) -> Coroutine[None, None, None]: ...

    @overload
    def close(self) -> None: ...

    def close(self) -> Any:
        """Close the client; with an `AsyncApiClient`, a coroutine that does."""
        client: Any = self.api_client
        return client.close()

    async def aclose(
        self: RootClient[AsyncApiClient],  # pyright: ignore[reportGeneralTypeIssues]
    ) -> None:
        """Close an `AsyncApiClient`."""
        await self._asynchronous().close()

    def __enter__(self: BlockingType) -> BlockingType:
        self.api_client.__enter__()
        return self

    def __exit__(
        self,
        exception_type: Optional[Type[BaseException]],
        exception: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        client: Any = self.api_client
        client.__exit__(exception_type, exception, traceback)

    async def __aenter__(
        self: AsynchronousType,  # pyright: ignore[reportGeneralTypeIssues]
    ) -> AsynchronousType:
        await self._asynchronous().__aenter__()
        return self

    async def __aexit__(
        self,
        exception_type: Optional[Type[BaseException]],
        exception: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        await self._asynchronous().__aexit__(exception_type, exception, traceback)

    def _asynchronous(self) -> Any:
        if not hasattr(self.api_client, "__aenter__"):
            raise ApiTypeError(
                "`async with` and aclose() need an AsyncApiClient,"
                f" not {type(self.api_client).__name__}"
            )
        return self.api_client


def _client_of(configuration: Any) -> Any:
    from runai.api_client import ApiClient
    from runai.configuration import Configuration

    return ApiClient(Configuration(**configuration))
