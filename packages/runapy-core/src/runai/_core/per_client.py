"""What a call returns, for type checkers: it depends on the kind of client.

An API group, a category and `RunaiClient` are generic in the client they were made with. At run
time nothing here does anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, TypeVar

if TYPE_CHECKING:
    from typing import Coroutine, Generic, overload

    from typing_extensions import Concatenate, Never, ParamSpec, TypeVar as TypeVarWithDefault

    from runai._core.group import ApiGroup, OperationCaller
    from runai.api_client import ApiClient, ApiFuture, AsyncApiClient, ThreadedApiClient
    from runai.api_response import ApiResponse

    Arguments = ParamSpec("Arguments")
    ModelT = TypeVar("ModelT")

    ClientT = TypeVarWithDefault(  # noqa: PLC0105 - one name, as users read it
        "ClientT", bound=OperationCaller, covariant=True, default=ApiClient
    )

    class per_client(Generic[Arguments, ModelT]):  # noqa: N801 - a decorator
        """Makes of a method that names the model of its answer one that returns the answer."""

        def __init__(self, method: Callable[Concatenate[Any, Arguments], ModelT]) -> None: ...

        # Only a client that is `Any` matches this; it may be of any kind, so the answer is Any.
        @overload
        def __get__(self, group: ApiGroup[Never], owner: Any) -> Callable[Arguments, Any]: ...

        @overload
        def __get__(
            self, group: ApiGroup[ApiClient], owner: Any
        ) -> Callable[Arguments, ApiResponse[ModelT]]: ...

        @overload
        def __get__(
            self, group: ApiGroup[ThreadedApiClient], owner: Any
        ) -> Callable[Arguments, ApiFuture[ModelT]]: ...

        # Not `Coroutine[Any, Any, ...]`: of that, mypy would make Any in `asyncio.gather`.
        @overload
        def __get__(
            self, group: ApiGroup[AsyncApiClient], owner: Any
        ) -> Callable[Arguments, Coroutine[None, None, ApiResponse[ModelT]]]: ...

        @overload
        def __get__(
            self, group: None, owner: Any
        ) -> Callable[Concatenate[Any, Arguments], Any]: ...

        # A client of a user's own, or one of several kinds.
        @overload
        def __get__(self, group: ApiGroup[Any], owner: Any) -> Callable[Arguments, Any]: ...

        def __get__(self, group: Any, owner: Any) -> Any: ...

else:
    ClientT = TypeVar("ClientT")

    def per_client(method: Callable[..., Any]) -> Callable[..., Any]:
        """Return the method as it is."""
        return method
