"""What `RunaiClient` is apart from its categories, which are generated."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Coroutine, Generic, List, Optional, Type, TypeVar, overload

from runai._core.per_client import ClientT
from runai.exceptions import ApiTypeError

if TYPE_CHECKING:
    from types import TracebackType

    from runai.api_client import ApiClient, AsyncApiClient

RootClientType = TypeVar("RootClientType", bound="RootClient[Any]")


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
    def __init__(self, api_client: ClientT, *, cluster_id: Optional[str] = None) -> None: ...

    @overload
    def __init__(
        self: RootClient[ApiClient], *, cluster_id: Optional[str] = None, **configuration: Any
    ) -> None: ...

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
        self.api_client: Any = _client_of(configuration) if api_client is None else api_client
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
    def close(self: RootClient[AsyncApiClient]) -> Coroutine[Any, Any, None]: ...

    @overload
    def close(self) -> None: ...

    def close(self) -> Any:
        """Close the client; with an `AsyncApiClient`, a coroutine that does."""
        return self.api_client.close()

    async def aclose(self) -> None:
        """Close an `AsyncApiClient`."""
        await self._asynchronous().close()

    def __enter__(self: RootClientType) -> RootClientType:
        self.api_client.__enter__()
        return self

    def __exit__(
        self,
        exception_type: Optional[Type[BaseException]],
        exception: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.api_client.__exit__(exception_type, exception, traceback)

    async def __aenter__(self: RootClientType) -> RootClientType:
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


def _client_of(configuration: Any) -> ApiClient:
    from runai.api_client import ApiClient
    from runai.configuration import Configuration

    return ApiClient(Configuration(**configuration))
