"""What API groups (`client.organizations.projects`) and categories have in common."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Iterator, List, Mapping, Optional, Protocol, Tuple

from runai._core.call_options import refuse_unknown
from runai._core.per_client import ClientT

if TYPE_CHECKING:
    from runai._core.call_options import CallOptions, RequestTimeout
    from runai._core.download import Progress, Target
    from runai._core.operation import Operation


class OperationCaller(Protocol):
    """What a group needs of a client."""

    def call(
        self,
        operation: Operation,
        arguments: Mapping[str, Any],
        timeout: RequestTimeout = None,
        max_retries: Optional[int] = None,
        stream_to: Optional[Target] = None,
        progress: Optional[Progress] = None,
        extra_body: Optional[Mapping[str, Any]] = None,
    ) -> Any:
        """Call an operation: an answer, a future or a coroutine, by the client's kind."""


class ApiGroup(Generic[ClientT]):
    """The operations of one group; a client calls them.

    Arguments:
        api_client: an `ApiClient`, `ThreadedApiClient` or `AsyncApiClient`.
    """

    def __init__(self, api_client: ClientT) -> None:
        self._api_client = api_client

    def options(self, include_deprecated: bool = False) -> List[str]:
        """Names of the group's methods, sorted; deprecated ones only when asked for."""
        return [
            name
            for name, member in _public_members(type(self))
            if callable(member) and (include_deprecated or not hasattr(member, "__deprecated__"))
        ]

    def _call(
        self, operation: Operation, arguments: Mapping[str, Any], options: CallOptions
    ) -> Any:
        if options:
            refuse_unknown(operation.name, options, arguments)
        return self._api_client.call(operation, arguments, **options)


class Category(Generic[ClientT]):
    """The groups of one API category.

    Arguments:
        api_client: an `ApiClient`, `ThreadedApiClient` or `AsyncApiClient`.
    """

    def __init__(self, api_client: ClientT) -> None:
        self.api_client = api_client

    def options(self, include_deprecated: bool = False) -> List[str]:
        """Names of the category's groups, sorted.

        A group counts as deprecated when every operation in it is.
        """
        return [
            name
            for name, member in _public_members(type(self))
            if isinstance(member, cached_property)
            and (include_deprecated or getattr(self, name).options())
        ]


def _public_members(cls: type) -> Iterator[Tuple[str, Any]]:
    for name in dir(cls):
        if not name.startswith("_") and name != "options":
            yield name, getattr(cls, name)
