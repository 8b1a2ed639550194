"""Which transport a synchronous client sends with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Union, cast

from runai.exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    import requests

    from runai._core.wire import Transport
    from runai.configuration import Configuration

    TransportChoice = Union[str, requests.Session, Transport]


def transport_of(
    choice: TransportChoice, configuration: Configuration, connections: int
) -> Transport:
    """The transport for a choice; its library is imported here.

    Arguments:
        choice: "requests", "urllib3", a `requests.Session`, or a transport.
        configuration: the client's.
        connections: most connections to keep for each host.

    Raises:
        ApiValueError: no transport has that name.
        ApiTypeError: the choice is none of these.
    """
    if choice == "requests":
        from runai._core.transports.requests_transport import RequestsTransport

        return RequestsTransport(configuration, connections)
    if choice == "urllib3":
        from runai._core.transports.urllib3_transport import Urllib3Transport

        return Urllib3Transport(configuration, connections)
    if isinstance(choice, str):
        raise ApiValueError(f'transport={choice!r} must be "requests" or "urllib3"')
    if is_session(choice):
        from runai._core.transports.requests_transport import SessionTransport

        return SessionTransport(cast("requests.Session", choice), configuration)
    if not (hasattr(choice, "send") and hasattr(choice, "close")):
        raise ApiTypeError(
            f"transport must be a name, a requests.Session or have send() and close(), which"
            f" {type(choice).__name__} has not"
        )
    return cast("Transport", choice)


def is_session(choice: Any) -> bool:
    """Whether it is a session of requests, told without importing requests."""
    return hasattr(choice, "prepare_request")
