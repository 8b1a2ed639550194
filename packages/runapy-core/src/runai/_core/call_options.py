"""What one call may have of its own, beside the operation's arguments."""

from __future__ import annotations

from typing import (
    TYPE_CHECKING,
    Any,
    Iterable,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
    TypedDict,
    Union,
)

from runai.exceptions import ApiValueError

if TYPE_CHECKING:
    from runai._core.download import Download, Progress, Target
    from runai.configuration import Configuration

RequestTimeout = Union[float, Tuple[float, float], None]


class CallOptions(TypedDict, total=False):
    """Keywords that every operation takes.

    Keys:
        timeout: seconds for the whole call, its repetitions included, or a pair (connect, read) of
            seconds; the configuration's if it is not given or None.
        max_retries: most repetitions of this call; the configuration's if it is not given or None.
        stream_to: a path or an open binary file, to which the body of the answer goes, piece by
            piece. A path gets the file when it is whole; what was there before stays until then.
        progress: called with the bytes written so far and all there will be, the latter None if
            that is not known; goes with `stream_to`.
        extra_body: fields of the JSON body that this client does not know, by the control plane's
            names; merged into the body, and sent unchecked.
    """

    timeout: RequestTimeout
    max_retries: Optional[int]
    stream_to: Optional[Target]
    progress: Optional[Progress]
    extra_body: Optional[Mapping[str, Any]]


_NAMES = tuple(CallOptions.__annotations__)


class Limits(NamedTuple):
    """What one call may take.

    Attributes:
        connect, read: seconds.
        total: seconds for all of it, waits included; None for no limit.
        retries: most repetitions.
    """

    connect: float
    read: float
    total: Optional[float]
    retries: int


def limits(
    configuration: Configuration, timeout: RequestTimeout = None, max_retries: Optional[int] = None
) -> Limits:
    """The configuration's limits, with what one call has of its own.

    Raises:
        ApiValueError: an option has a value that cannot work.
    """
    retries = configuration.retry_max_retries if configuration.retry_enabled else 0
    found = Limits(configuration.connect_timeout, configuration.read_timeout, None, retries)
    if max_retries is not None:
        if isinstance(max_retries, bool) or not isinstance(max_retries, int) or max_retries < 0:
            raise ApiValueError(f"max_retries={max_retries!r} must be a whole number, 0 or more")
        found = found._replace(retries=max_retries)
    return found if timeout is None else _timed(found, timeout)


def download_to(
    stream_to: Optional[Target], progress: Optional[Progress], promised: Sequence[str]
) -> Optional[Download]:
    """The download that a call's options ask for; None if they ask for none.

    Raises:
        ApiTypeError, ApiValueError: an option has a value that cannot work.
    """
    if stream_to is None:
        if progress is not None:
            raise ApiValueError("progress is of a download: give stream_to as well")
        return None
    from runai._core.download import Download

    return Download(stream_to, progress, promised)


def refuse_unknown(operation: str, options: Mapping[str, Any], parameters: Iterable[str]) -> None:
    """Refuse a keyword that is neither a parameter nor an option, as Python does.

    Raises:
        TypeError: it names the nearest of both.
    """
    for name in options:
        if name not in _NAMES:
            from difflib import get_close_matches

            near = get_close_matches(name, [*parameters, *_NAMES], n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise TypeError(f"{operation}() got an unexpected keyword argument {name!r}{hint}")


def _timed(found: Limits, timeout: Any) -> Limits:
    values = timeout if isinstance(timeout, (tuple, list)) else (timeout,)
    if len(values) not in (1, 2) or not all(map(_is_duration, values)):
        raise ApiValueError(
            f"timeout={timeout!r} must be seconds for the whole call, more than 0, or a pair"
            " (connect, read)"
        )
    if len(values) == 2:
        return found._replace(connect=float(values[0]), read=float(values[1]))
    return found._replace(total=float(values[0]))


def _is_duration(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e9
